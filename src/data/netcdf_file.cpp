// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/netcdf_file.hpp"

#include "glebe/base/ending.hpp"
#include "glebe/base/files.hpp"
#include "glebe/base/text.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "netcdf_call.hpp"
#include "read_handle.hpp"
#include "written_together.hpp"

namespace glebe {

static_assert(int(NetcdfFile::Type::byte) == NC_BYTE &&
              int(NetcdfFile::Type::float64) == NC_DOUBLE &&
              int(NetcdfFile::Type::uint8) == NC_UBYTE &&
              int(NetcdfFile::Type::string) == NC_STRING);

namespace {

enum class Format : std::int64_t { classic, hdf5 };

/// The NetCDF format of a file, from its first bytes. Throws InputError.
Format inspect(const std::filesystem::path& path) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(path, code);
  if (status.type() == std::filesystem::file_type::not_found)
    throw InputError(fmt::format("{}: no such file", path.string()));
  if (const std::string found = what_else(path); !found.empty())
    throw InputError(fmt::format("{}: is {}, a NetCDF file is needed", path.string(), found));
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    throw InputError(fmt::format("{}: cannot be opened ({})", path.string(), std::strerror(errno)));

  constexpr std::string_view hdf5_signature = "\x89HDF\r\n\x1a\n";
  std::array<char, 8> bytes{};
  // HDF5 allows a user block before its signature, of 512 bytes times a power of two.
  for (std::streamoff offset = 0; offset <= 65536; offset = offset ? 2 * offset : 512) {
    stream.seekg(offset);
    if (!stream.read(bytes.data(), bytes.size())) break;
    const std::string_view head(bytes.data(), bytes.size());
    if (head == hdf5_signature) return Format::hdf5;
    if (offset == 0 && head.starts_with("CDF")) return Format::classic;
  }
  throw InputError(fmt::format("{}: is not a NetCDF file", path.string()));
}

/// Throws InputError when a classic file is shorter than its header requires: the library would
/// read zeros beyond the end.
void check_length(int id, const std::filesystem::path& path) {
  const std::uintmax_t needed = classic_size(id, path.string());
  const std::uintmax_t found = std::filesystem::file_size(path);
  if (found < needed)
    throw InputError(fmt::format("{}: is truncated (its header and variables take {} bytes, the "
                                 "file has {})",
                                 path.string(), needed, found));
}

} // namespace

std::vector<std::size_t> NetcdfFile::VariableInfo::shape() const {
  std::vector<std::size_t> lengths;
  for (const Dimension& dimension : dimensions) lengths.push_back(dimension.length);
  return lengths;
}

NetcdfFile NetcdfFile::open(const Ranks& ranks, const std::filesystem::path& path) {
  Format format = Format::classic;
  agree_on_failure(ranks, [&] {
    if (ranks.is_root()) format = inspect(path);
  });
  format = Format{ranks.max(ranks.is_root() ? std::int64_t(format) : 0)};

  // Not by MPI-IO: an error of one rank would leave the others waiting, and Open MPI locks a
  // semaphore named after the file, for which every run on the same computer waits if one is killed
  // in the wrong moment.
  NetcdfFile file(ranks, path);
  file.input_ = std::make_unique<ReadHandle>(path);
  const int status = file.input_->open();
  agree_on_failure(ranks, [&] {
    if (status != NC_NOERR)
      throw InputError(fmt::format("{}: cannot be read as NetCDF, it may be truncated or damaged "
                                   "({})",
                                   path.string(), nc_strerror(status)));
    if (format == Format::classic) check_length(file.ncid(), path);
  });
  return file;
}

void NetcdfFile::close_until_needed() const {
  if (input_) input_->close();
}

NetcdfFile::NetcdfFile(const Ranks& ranks, std::filesystem::path path)
    : ranks_(ranks), path_(std::move(path)) {}

NetcdfFile::NetcdfFile(NetcdfFile&& other) noexcept
    : ranks_(other.ranks_), path_(std::move(other.path_)), partial_(std::move(other.partial_)),
      together_(std::move(other.together_)), kept_values_(std::move(other.kept_values_)),
      kept_texts_(std::move(other.kept_texts_)), input_(std::move(other.input_)),
      record_lengths_(std::move(other.record_lengths_)), id_(std::exchange(other.id_, -1)),
      parallel_(other.parallel_), in_memory_(other.in_memory_), on_root_(other.on_root_) {}

NetcdfFile& NetcdfFile::operator=(NetcdfFile&& other) noexcept {
  std::swap(ranks_, other.ranks_);
  std::swap(path_, other.path_);
  std::swap(partial_, other.partial_);
  std::swap(together_, other.together_);
  std::swap(kept_values_, other.kept_values_);
  std::swap(kept_texts_, other.kept_texts_);
  std::swap(input_, other.input_);
  std::swap(record_lengths_, other.record_lengths_);
  std::swap(id_, other.id_);
  std::swap(parallel_, other.parallel_);
  std::swap(in_memory_, other.in_memory_);
  std::swap(on_root_, other.on_root_);
  return *this;
}

NetcdfFile::~NetcdfFile() { close(); }

int NetcdfFile::ncid() const { return input_ ? input_->id() : id_; }

void NetcdfFile::close() noexcept {
  // Asked on all ranks alike, whether they have the file or not.
  if (const bool closes = !parallel_ || can_clean_up(); closes && id_ >= 0)
    static_cast<void>(nc_close(id_));
  id_ = -1;
  partial_.remove();
}

std::string NetcdfFile::where(const std::string& variable) const {
  return variable.empty() ? path_.string()
                          : fmt::format("{}: variable '{}'", path_.string(), variable);
}

std::vector<std::string> NetcdfFile::variable_names() const {
  return answer(input_.get(), &Answers::variable_names, std::string(),
                [&]() -> std::vector<std::string> {
                  int n = 0;
                  check_input(nc_inq_nvars(ncid(), &n), path_.string());
                  std::vector<std::string> names;
                  for (int id = 0; id < n; ++id) {
                    std::array<char, NC_MAX_NAME + 1> name{};
                    check_input(nc_inq_varname(ncid(), id, name.data()), path_.string());
                    names.emplace_back(name.data());
                  }
                  return names;
                });
}

bool NetcdfFile::has_variable(const std::string& name) const {
  return answer(input_.get(), &Answers::has_variable, name, [&]() -> bool {
    int id = 0;
    return nc_inq_varid(ncid(), name.c_str(), &id) == NC_NOERR;
  });
}

int NetcdfFile::variable_id(const std::string& name) const {
  if (name.empty()) return NC_GLOBAL;
  int id = 0;
  const int status = nc_inq_varid(ncid(), name.c_str(), &id);
  if (status == NC_ENOTVAR) {
    const std::vector<std::string> names = variable_names();
    std::string hint = did_you_mean(name, names);
    if (hint.empty()) hint = fmt::format("; it has: {}", fmt::join(names, ", "));
    throw InputError(fmt::format("{}: no variable '{}'{}", path_.string(), name, hint));
  }
  check_input(status, where(name));
  return id;
}

NetcdfFile::VariableInfo NetcdfFile::variable(const std::string& name) const {
  return answer(input_.get(), &Answers::variable, name, [&]() -> VariableInfo {
    const int id = variable_id(name);
    nc_type type = NC_NAT;
    int n = 0;
    check_input(nc_inq_var(ncid(), id, nullptr, &type, &n, nullptr, nullptr), where(name));
    if (is_user_defined(name))
      throw InputError(where(name) + ": has a user-defined type, a number or text is needed");
    std::vector<int> ids(static_cast<std::size_t>(n));
    check_input(nc_inq_vardimid(ncid(), id, ids.data()), where(name));
    VariableInfo info{name, {}, Type{type}};
    for (const int dimension : ids) {
      std::array<char, NC_MAX_NAME + 1> dimension_name{};
      std::size_t length = 0;
      check_input(nc_inq_dim(ncid(), dimension, dimension_name.data(), &length), where(name));
      if (const auto records = record_lengths_.find(dimension_name.data());
          records != record_lengths_.end())
        length = records->second;
      info.dimensions.push_back({dimension_name.data(), length});
      if (const std::string& found = info.dimensions.back().name; printable(found) != found)
        throw InputError(fmt::format("{}: control characters in the name of its dimension '{}'",
                                     where(name), found));
    }
    return info;
  });
}

bool NetcdfFile::is_user_defined(const std::string& name) const {
  return answer(input_.get(), &Answers::is_user_defined, name, [&]() -> bool {
    nc_type type = NC_NAT;
    check_input(nc_inq_vartype(ncid(), variable_id(name), &type), where(name));
    return type < NC_BYTE || type > NC_STRING;
  });
}

std::vector<std::size_t> NetcdfFile::chunk_lengths(const std::string& name) const {
  std::vector<std::size_t> lengths(variable(name).dimensions.size());
  int storage = NC_CONTIGUOUS;
  // For classic files, which have no chunks, this call returns an error.
  if (lengths.empty() ||
      nc_inq_var_chunking(ncid(), variable_id(name), &storage, lengths.data()) != NC_NOERR ||
      storage != NC_CHUNKED)
    return {};
  return lengths;
}

std::optional<std::size_t> NetcdfFile::dimension_length(const std::string& name) const {
  if (const auto records = record_lengths_.find(name); records != record_lengths_.end())
    return records->second;
  int id = 0;
  if (nc_inq_dimid(ncid(), name.c_str(), &id) != NC_NOERR) return std::nullopt;
  std::size_t length = 0;
  check_input(nc_inq_dimlen(ncid(), id, &length), path_.string());
  return length;
}

std::vector<std::string> NetcdfFile::attribute_names(const std::string& variable) const {
  const int id = variable_id(variable);
  int n = 0;
  if (id == NC_GLOBAL)
    check_input(nc_inq_natts(ncid(), &n), path_.string());
  else
    check_input(nc_inq_varnatts(ncid(), id, &n), where(variable));
  std::vector<std::string> names;
  for (int i = 0; i < n; ++i) {
    std::array<char, NC_MAX_NAME + 1> name{};
    check_input(nc_inq_attname(ncid(), id, i, name.data()), where(variable));
    names.emplace_back(name.data());
  }
  return names;
}

std::optional<NetcdfFile::Type> NetcdfFile::attribute_type(const std::string& variable,
                                                           const std::string& name) const {
  const int id = variable_id(variable);
  nc_type type = NC_NAT;
  const int status = nc_inq_atttype(ncid(), id, name.c_str(), &type);
  if (status == NC_ENOTATT) return std::nullopt;
  check_input(status, where(variable));
  return Type{type};
}

std::optional<std::string> NetcdfFile::text_attribute(const std::string& variable,
                                                      const std::string& name) const {
  return answer(
      input_.get(), &Answers::text_attribute, std::pair(variable, name),
      [&]() -> std::optional<std::string> {
        const int id = variable_id(variable);
        nc_type type = NC_NAT;
        std::size_t length = 0;
        const int status = nc_inq_att(ncid(), id, name.c_str(), &type, &length);
        if (status == NC_ENOTATT) return std::nullopt;
        check_input(status, where(variable));
        std::string text;
        if (type == NC_CHAR) {
          text.resize(length);
          check_input(nc_get_att_text(ncid(), id, name.c_str(), text.data()), where(variable));
          text.resize(std::min(text.find('\0'), text.size()));
        } else if (type == NC_STRING) {
          std::vector<char*> strings(length);
          check_input(nc_get_att_string(ncid(), id, name.c_str(), strings.data()), where(variable));
          for (const char* string : strings)
            if (string) text.append(text.empty() ? "" : " ").append(string);
          check_input(nc_free_string(length, strings.data()), where(variable));
        } else {
          text = fmt::format("{}", fmt::join(number_attributes(variable, name), " "));
        }
        return printable(trimmed(text));
      });
}

std::string NetcdfFile::units(const std::string& variable) const {
  if (auto units = text_attribute(variable, "units")) return *units;
  throw InputError(where(variable) + ": has no units; add the attribute 'units'");
}

std::vector<double> NetcdfFile::number_attributes(const std::string& variable,
                                                  const std::string& name) const {
  const int id = variable_id(variable);
  nc_type type = NC_NAT;
  std::size_t length = 0;
  const int status = nc_inq_att(ncid(), id, name.c_str(), &type, &length);
  if (status == NC_ENOTATT) return {};
  check_input(status, where(variable));
  if (type == NC_CHAR || type == NC_STRING) {
    const std::string text = text_attribute(variable, name).value_or("");
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
      throw InputError(fmt::format("{}: its attribute {} is the text '{}', a number is needed",
                                   where(variable), name, text));
    return {number};
  }
  std::vector<double> numbers(length);
  check_input(nc_get_att_double(ncid(), id, name.c_str(), numbers.data()), where(variable));
  return numbers;
}

std::optional<double> NetcdfFile::number_attribute(const std::string& variable,
                                                   const std::string& name) const {
  const std::vector<double> numbers = number_attributes(variable, name);
  return numbers.empty() ? std::nullopt : std::optional{numbers.front()};
}

std::vector<std::string> NetcdfFile::coordinate_names(const std::string& variable) const {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (name != variable && has_variable(name) && std::ranges::find(names, name) == names.end())
      names.push_back(name);
  };
  for (const Dimension& dimension : this->variable(variable).dimensions) add(dimension.name);
  for (const char* attribute : {"coordinates", "grid_mapping"}) {
    std::istringstream words(text_attribute(variable, attribute).value_or(""));
    // The extended form of grid_mapping, "crs: x y", has colons.
    for (std::string word; words >> word;) add(word.substr(0, word.find(':')));
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    if (const auto bounds = text_attribute(names[i], "bounds")) add(*bounds);
  return names;
}

} // namespace glebe
