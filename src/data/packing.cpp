// SPDX-License-Identifier: BSD-3-Clause
#include "packing.hpp"

#include "glebe/base/text.hpp"

#include <cstdint>

#include "netcdf_call.hpp"

namespace glebe {

namespace {

using Type = NetcdfFile::Type;

bool is_float(Type type) { return type == Type::float32 || type == Type::float64; }

bool limits_are_floating(const NetcdfFile& file, const std::string& variable) {
  for (const char* attribute : {"valid_range", "valid_min", "valid_max"})
    if (const auto type = file.attribute_type(variable, attribute); type && is_float(*type))
      return true;
  return false;
}

// How many different numbers a type of integers has.
double span_of(Type type) {
  switch (type) {
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
}

} // namespace

Packing::Packing(const NetcdfFile& file, const NetcdfFile::VariableInfo& variable)
    : type_(variable.type), scale_(1), offset_(0) {
  const auto scale = file.number_attribute(variable.name, "scale_factor");
  const auto offset = file.number_attribute(variable.name, "add_offset");
  scale_ = scale.value_or(1);
  offset_ = offset.value_or(0);
  set_signedness(lower(file.text_attribute(variable.name, "_Unsigned").value_or("")));
  missing_ = numbers(file, variable.name, "missing_value");
  const std::vector<double> fill = numbers(file, variable.name, "_FillValue");
  if (!fill.empty())
    missing_.push_back(fill.front());
  else if (const auto number = default_fill())
    missing_.push_back(*number);
  set_limits(file, variable.name, scale || offset);
}

void Packing::set_limits(const NetcdfFile& file, const std::string& variable, bool packed) {
  const std::vector<double> range = numbers(file, variable, "valid_range");
  if (!range.empty() && range.size() != 2)
    throw InputError(fmt::format("{}: its attribute valid_range has {} numbers, it needs 2",
                                 file.where(variable), range.size()));
  const std::vector<double> least = numbers(file, variable, "valid_min");
  const std::vector<double> greatest = numbers(file, variable, "valid_max");
  if (!least.empty()) least_ = least.front();
  if (!greatest.empty()) greatest_ = greatest.front();
  if (!range.empty()) {
    least_ = range[0];
    greatest_ = range[1];
  }
  // The limits are packed like the data, unless they are stored in the wider unpacked type.
  limits_unpacked_ = packed && !is_float(type_) && limits_are_floating(file, variable);
}

void Packing::set_signedness(const std::string& unsigned_text) {
  const bool stored_unsigned =
      type_ == Type::uint8 || type_ == Type::uint16 || type_ == Type::uint32;
  if (unsigned_text == "true" && !stored_unsigned)
    wrap_below_ = 0;
  else if (unsigned_text == "false" && stored_unsigned)
    wrap_above_ = span_of(type_) / 2;
  span_ = span_of(type_);
}

std::vector<double> Packing::numbers(const NetcdfFile& file, const std::string& variable,
                                     const char* attribute) const {
  std::vector<double> list = file.number_attributes(variable, attribute);
  for (double& number : list) number = as_stored(number);
  return list;
}

// Both results are computed for every number, so that loops over numbers have no branch.
inline double Packing::with_signedness(double number) const {
  const double raised = number + span_, lowered = number - span_;
  return number < wrap_below_ ? raised : number >= wrap_above_ ? lowered : number;
}

// A number converted to the type and signedness of the variable: attributes of type double would
// otherwise not be equal to single-precision data.
double Packing::as_stored(double number) const {
  if (number < wrap_below_ || number >= wrap_above_) return with_signedness(number);
  return type_ == Type::float32 ? static_cast<double>(static_cast<float>(number)) : number;
}

std::optional<double> Packing::default_fill() const {
  switch (type_) {
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

std::size_t Packing::bytes_of_number() const { return bytes_of(type_); }

bool Packing::stores_floats() const {
  return type_ == Type::float32 && scale_ == 1.0 && offset_ == 0.0 && least_ == -infinity &&
         greatest_ == infinity;
}

void Packing::mark_missing(std::span<float> values) const {
  constexpr float missing = std::numeric_limits<float>::quiet_NaN();
  for (const double absent : missing_) {
    const auto number = static_cast<float>(absent);
    if (static_cast<double>(number) != absent) continue; // equal to none of them
    for (float& value : values) value = value == number ? missing : value;
  }
}

// A loop for each question, without branches: so the compiler turns all of them into vectors.
template <class Stored>
void Packing::unpack_numbers(const Stored* stored, std::size_t count, double* values) const {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  const auto number = [&](std::size_t i) {
    return with_signedness(static_cast<double>(stored[i]));
  };
  for (std::size_t i = 0; i < count; ++i) values[i] = number(i) * scale_ + offset_;
  if (least_ > -infinity || greatest_ < infinity)
    for (std::size_t i = 0; i < count; ++i) {
      const double limited = limits_unpacked_ ? values[i] : number(i);
      values[i] = limited < least_ || limited > greatest_ ? missing : values[i];
    }
  for (const double absent : missing_)
    for (std::size_t i = 0; i < count; ++i) values[i] = number(i) == absent ? missing : values[i];
}

void Packing::unpack(const std::byte* stored, std::size_t first, std::size_t count,
                     double* values) const {
  const auto as = [&]<class Stored>(Stored) {
    unpack_numbers(reinterpret_cast<const Stored*>(stored) + first, count, values);
  };
  switch (type_) {
  case Type::byte:
    return as(std::int8_t{});
  case Type::int16:
    return as(std::int16_t{});
  case Type::int32:
    return as(std::int32_t{});
  case Type::float32:
    return as(float{});
  case Type::float64:
    return as(double{});
  case Type::uint8:
    return as(std::uint8_t{});
  case Type::uint16:
    return as(std::uint16_t{});
  case Type::uint32:
    return as(std::uint32_t{});
  case Type::int64:
    return as(std::int64_t{});
  case Type::uint64:
    return as(std::uint64_t{});
  case Type::character:
  case Type::string:
    break;
  }
  throw RunError("text is not unpacked");
}

} // namespace glebe
