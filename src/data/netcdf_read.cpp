// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/text.hpp"
#include "glebe/data/netcdf_file.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "netcdf_call.hpp"

namespace glebe {

namespace {

using Type = NetcdfFile::Type;

bool is_float(Type type) { return type == Type::float32 || type == Type::float64; }

/// The conversion of a variable's stored numbers to values (CF conventions, sections 2.5 and 8.1).
class Packing {
public:
  Packing(const NetcdfFile& file, const NetcdfFile::VariableInfo& variable)
      : scale_(file.number_attribute(variable.name, "scale_factor").value_or(1)),
        offset_(file.number_attribute(variable.name, "add_offset").value_or(0)),
        single_(variable.type == Type::float32) {
    const bool packed = file.number_attribute(variable.name, "scale_factor") ||
                        file.number_attribute(variable.name, "add_offset");
    set_signedness(lower(file.text_attribute(variable.name, "_Unsigned").value_or("")),
                   variable.type);

    const auto numbers = [&](const char* attribute) {
      std::vector<double> list = file.number_attributes(variable.name, attribute);
      for (double& number : list) number = as_stored(number);
      return list;
    };
    missing_ = numbers("missing_value");
    const std::vector<double> fill = numbers("_FillValue");
    if (!fill.empty())
      missing_.push_back(fill.front());
    else if (const auto number = default_fill(variable.type))
      missing_.push_back(*number);

    const std::vector<double> range = numbers("valid_range");
    if (!range.empty() && range.size() != 2)
      throw InputError(fmt::format("{}: its attribute valid_range has {} numbers, it needs 2",
                                   file.where(variable.name), range.size()));
    const std::vector<double> least = numbers("valid_min");
    const std::vector<double> greatest = numbers("valid_max");
    if (!least.empty()) least_ = least.front();
    if (!greatest.empty()) greatest_ = greatest.front();
    if (!range.empty()) {
      least_ = range[0];
      greatest_ = range[1];
    }
    // The limits are packed like the data, unless they are stored in the wider unpacked type.
    limits_unpacked_ = packed && !is_float(variable.type) && limits_are_floating(file, variable);
  }

  void unpack(std::vector<double>& values) const {
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    for (double& value : values) {
      const double stored = as_stored(value);
      const double unpacked = stored * scale_ + offset_;
      const double limited = limits_unpacked_ ? unpacked : stored;
      const bool absent = std::find(missing_.begin(), missing_.end(), stored) != missing_.end() ||
                          limited < least_ || limited > greatest_;
      value = absent ? missing : unpacked;
    }
  }

private:
  void set_signedness(const std::string& unsigned_text, Type type) {
    const auto span_of = [](Type t) {
      switch (t) {
      case Type::byte:
      case Type::uint8:
        return 256.0;
      case Type::int16:
      case Type::uint16:
        return 65536.0;
      case Type::int32:
      case Type::uint32:
        return 4294967296.0;
      default:
        return 0.0;
      }
    };
    const bool stored_unsigned =
        type == Type::uint8 || type == Type::uint16 || type == Type::uint32;
    if (unsigned_text == "true" && !stored_unsigned)
      wrap_below_ = 0;
    else if (unsigned_text == "false" && stored_unsigned)
      wrap_above_ = span_of(type) / 2;
    span_ = span_of(type);
  }

  /// A number converted to the type and signedness of the variable.
  double as_stored(double number) const {
    if (number < wrap_below_) return number + span_;
    if (number >= wrap_above_) return number - span_;
    // Otherwise attributes of type double would not be equal to single-precision data.
    return single_ ? static_cast<double>(static_cast<float>(number)) : number;
  }

  std::optional<double> default_fill(Type type) const {
    switch (type) {
    case Type::int16:
      return as_stored(NC_FILL_SHORT);
    case Type::int32:
      return as_stored(NC_FILL_INT);
    case Type::float32:
    case Type::float64:
      return NetcdfFile::default_fill;
    case Type::uint16:
      return as_stored(NC_FILL_USHORT);
    case Type::uint32:
      return as_stored(NC_FILL_UINT);
    case Type::int64:
      return static_cast<double>(NC_FILL_INT64);
    case Type::uint64:
      return static_cast<double>(NC_FILL_UINT64);
    default:
      return std::nullopt; // all values of a byte are data, because flags may use them
    }
  }

  static bool limits_are_floating(const NetcdfFile& file,
                                  const NetcdfFile::VariableInfo& variable) {
    for (const char* attribute : {"valid_range", "valid_min", "valid_max"})
      if (const auto type = file.attribute_type(variable.name, attribute); type && is_float(*type))
        return true;
    return false;
  }

  static constexpr double infinity = std::numeric_limits<double>::infinity();

  double scale_;
  double offset_;
  bool single_;
  bool limits_unpacked_ = false;
  double wrap_below_ = -infinity;
  double wrap_above_ = infinity;
  double span_ = 0;
  double least_ = -infinity;
  double greatest_ = infinity;
  std::vector<double> missing_;
};

} // namespace

std::vector<double> NetcdfFile::read(const std::string& name, const Extent& start,
                                     const Extent& count) const {
  int id = 0;
  std::optional<Packing> packing;
  agree_on_failure(ranks_, [&] {
    const VariableInfo info = variable(name);
    if (info.is_text()) throw InputError(where(name) + ": holds text, numbers are needed");
    if (!is_inside(info, start, count))
      throw InputError(fmt::format("{}: the part from ({}) of size ({}) is not inside its shape "
                                   "({})",
                                   where(name), fmt::join(start, ", "), fmt::join(count, ", "),
                                   fmt::join(info.shape(), ", ")));
    id = variable_id(name);
    packing.emplace(*this, info);
    use_collectively(id);
  });
  std::vector<double> values(volume(count));
  const Extent origin = values.empty() ? Extent(start.size(), 0) : start;
  const int status = nc_get_vara_double(ncid(), id, origin.data(), count.data(), values.data());
  agree_on_failure(ranks_, [&] { check_input(status, where(name)); });
  packing->unpack(values);
  return values;
}

std::vector<double> NetcdfFile::read_all(const std::string& name) const {
  const Extent shape = variable(name).shape();
  return read(name, Extent(shape.size(), 0), shape);
}

std::vector<std::string> NetcdfFile::read_texts(const std::string& name) const {
  std::vector<std::string> texts;
  // Not a collective read, because HDF5 has none for strings.
  agree_on_failure(ranks_, [&] {
    const VariableInfo info = variable(name);
    const int id = variable_id(name);
    Extent shape = info.shape();
    if (!info.is_text()) throw InputError(where(name) + ": holds numbers, text is needed");
    if (parallel_) check_input(nc_var_par_access(ncid(), id, NC_INDEPENDENT), where(name));
    if (info.type == Type::string) {
      std::vector<char*> strings(volume(shape));
      if (strings.empty()) return;
      check_input(nc_get_var_string(ncid(), id, strings.data()), where(name));
      for (const char* string : strings) texts.push_back(printable(trimmed(string ? string : "")));
      check_input(nc_free_string(strings.size(), strings.data()), where(name));
      return;
    }
    std::string characters(volume(shape), '\0');
    if (characters.empty()) return;
    check_input(nc_get_var_text(ncid(), id, characters.data()), where(name));
    const std::size_t length = shape.empty() ? 1 : shape.back();
    for (std::size_t begin = 0; begin < characters.size(); begin += length) {
      const std::string text = characters.substr(begin, length);
      texts.push_back(printable(trimmed(std::string_view(text).substr(0, text.find('\0')))));
    }
  });
  return texts;
}

void NetcdfFile::use_collectively(int variable) const {
  if (parallel_) check_input(nc_var_par_access(ncid(), variable, NC_COLLECTIVE), path_.string());
}

} // namespace glebe
