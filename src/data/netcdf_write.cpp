// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/ending.hpp"
#include "glebe/base/files.hpp"
#include "glebe/data/destination.hpp"
#include "glebe/data/netcdf_file.hpp"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

#include "netcdf_call.hpp"
#include "written_together.hpp"

namespace glebe {

namespace {

using Type = NetcdfFile::Type;

constexpr const char* fill_attribute = "_FillValue";

/// The dimension of the characters in the copy of a string variable.
std::string length_dimension(const std::string& variable) { return variable + "_length"; }

} // namespace

NetcdfFile NetcdfFile::create(const Ranks& ranks, const std::filesystem::path& path) {
  if (ranks.size() == 1) return create_on_root(ranks, path);
  agree_on_failure(ranks, [&] { check_destination(path); });
  NetcdfFile file(ranks, path);
  file.parallel_ = true;
  const std::filesystem::path temporary = temporary_path(ranks, path);
  file.partial_ = make_for_all(ranks, path, temporary);
  file.together_ = std::make_unique<WrittenTogether>(path, temporary);
  const int status = nc_create_par(temporary.c_str(), NC_NETCDF4 | NC_CLOBBER, ranks.comm(),
                                   MPI_INFO_NULL, &file.id_);
  if (ranks.any(status != NC_NOERR)) {
    // It may be open on some ranks, and closing it is collective.
    file.id_ = -1;
    note_abandoned_library();
  }
  agree_on_failure(ranks, [&] {
    if (status != NC_NOERR)
      throw InputError(fmt::format("{}: cannot be written: {}", path.string(),
                                   reason_of_failure(temporary, nc_strerror(status))));
  });
  return file;
}

NetcdfFile NetcdfFile::create_on_root(const Ranks& ranks, const std::filesystem::path& path) {
  agree_on_failure(ranks, [&] {
    if (ranks.is_root()) check_destination(path);
  });
  NetcdfFile file(ranks, path);
  file.on_root_ = true;
  file.in_memory_ = !ranks.is_root();
  const std::filesystem::path temporary = temporary_path(ranks, path);
  const int where = file.in_memory_ ? NC_DISKLESS : NC_NOCLOBBER;
  const int status = nc_create(temporary.c_str(), NC_NETCDF4 | where, &file.id_);
  if (!file.in_memory_ && status != NC_EEXIST) file.partial_ = PartialFile(temporary, true);
  agree_on_failure(ranks, [&] {
    if (status != NC_NOERR) {
      file.id_ = -1;
      throw InputError(fmt::format("{}: cannot be written: {}", path.string(),
                                   reason_of_failure(temporary, nc_strerror(status))));
    }
  });
  return file;
}

NetcdfFile NetcdfFile::create_in_memory(const Ranks& ranks, const std::filesystem::path& path) {
  NetcdfFile file(ranks, path);
  file.in_memory_ = true;
  const int status = nc_create(path.c_str(), NC_NETCDF4 | NC_DISKLESS, &file.id_);
  if (status != NC_NOERR) file.id_ = -1;
  agree_on_failure(ranks, [&] { check_output(status, path.string()); });
  return file;
}

void NetcdfFile::define_dimension(const std::string& name, std::size_t length) {
  if (const auto present = dimension_length(name)) {
    if (*present == length) return;
    throw RunError(fmt::format("{}: dimension '{}' has the lengths {} and {}", path_.string(), name,
                               *present, length));
  }
  // A length of zero would make it unlimited.
  if (length == 0)
    throw RunError(fmt::format("{}: dimension '{}' has no length", path_.string(), name));
  int id = 0;
  check_output(nc_def_dim(id_, name.c_str(), length, &id), path_.string());
}

void NetcdfFile::define_variable(const std::string& name, Type type,
                                 const std::vector<std::string>& dimensions,
                                 std::optional<double> fill) {
  std::vector<int> ids;
  for (const std::string& dimension : dimensions)
    check_output(nc_inq_dimid(id_, dimension.c_str(), &ids.emplace_back()),
                 fmt::format("{}: dimension '{}'", where(name), dimension));
  int id = 0;
  check_output(nc_def_var(id_, name.c_str(), int(type), int(ids.size()), ids.data(), &id),
               where(name));
  const bool of_records = std::ranges::any_of(
      dimensions, [&](const std::string& one) { return record_lengths_.contains(one); });
  // Parallel compression requires collective writing, which is always used. A library without it
  // returns an error, and the variable is not compressed.
  constexpr std::size_t worth_compressing = 16384;
  constexpr int with_shuffle = 1, deflate = 1, level = 1;
  if (of_records || volume(variable(name).shape()) >= worth_compressing) {
    store_in_chunks(name);
    static_cast<void>(nc_def_var_deflate(id_, id, with_shuffle, deflate, level));
  }
  if (fill) {
    check_output(nc_put_att_double(id_, id, fill_attribute, int(type), 1, &*fill), where(name));
  } else {
    check_output(nc_def_var_fill(id_, id, NC_NOFILL, nullptr), where(name));
  }
}

void NetcdfFile::put_attribute(const std::string& variable, const std::string& name,
                               std::string_view text) {
  check_output(nc_put_att_text(id_, variable_id(variable), name.c_str(), text.size(), text.data()),
               where(variable));
}

void NetcdfFile::put_attribute(const std::string& variable, const std::string& name, int number) {
  put_attribute(variable, name, std::vector{static_cast<double>(number)}, Type::int32);
}

void NetcdfFile::put_attribute(const std::string& variable, const std::string& name,
                               double number) {
  put_attribute(variable, name, std::vector{number});
}

void NetcdfFile::put_attribute(const std::string& variable, const std::string& name,
                               const std::vector<double>& numbers, Type type) {
  check_output(nc_put_att_double(id_, variable_id(variable), name.c_str(), int(type),
                                 numbers.size(), numbers.data()),
               where(variable));
}

void NetcdfFile::end_definitions() {
  const int status = nc_enddef(id_);
  check_written(status, path_.string());
}

// After an error the library is left as it is: it would write what it still holds, on one rank
// perhaps and on another not, and fail again or wait for ever.
void NetcdfFile::check_written(int status, const std::string& where) {
  try {
    agree_on_failure(ranks_, [&] {
      if (status != NC_NOERR)
        throw RunError(fmt::format("{}: cannot be written: {}", where,
                                   in_memory_
                                       ? nc_strerror(status)
                                       : reason_of_failure(partial_.path(), nc_strerror(status))));
    });
  } catch (const RunError&) {
    id_ = -1;
    if (!is_trial()) note_abandoned_library();
    throw;
  }
}

void NetcdfFile::write(const std::string& name, const Extent& start, const Extent& count,
                       std::span<const double> values) {
  int id = 0;
  std::vector<double> stored(values.begin(), values.end());
  agree_on_failure(ranks_, [&] {
    const VariableInfo info = variable(name);
    id = variable_id(name);
    if (!is_inside(info, start, count) || stored.size() != volume(count))
      throw RunError(fmt::format("{}: {} values do not fit the part to be written", where(name),
                                 stored.size()));
    const std::optional<double> fill = number_attribute(name, fill_attribute);
    const bool is_whole = info.type != Type::float32 && info.type != Type::float64;
    for (double& value : stored) {
      if (std::isnan(value) && fill) value = *fill;
      if (!is_whole) continue;
      if (std::isnan(value))
        throw RunError(where(name) + ": a missing value, but the variable has no fill value");
      value = std::round(value);
    }
    use_collectively(id);
  });
  const int status = put(start, count, std::as_bytes(std::span(stored)), sizeof(double),
                         [&](const Extent& first, const Extent& lengths, const void* data) {
                           return nc_put_vara_double(id_, id, first.data(), lengths.data(),
                                                     static_cast<const double*>(data));
                         });
  check_written(status, where(name));
}

int NetcdfFile::put(const Extent& start, const Extent& count, std::span<const std::byte> values,
                    std::size_t bytes_each, const PutPart& put_part) const {
  const Extent origin = values.empty() ? Extent(start.size(), 0) : start;
  if (!on_root_) return put_part(origin, count, values.data());
  if (ranks_.is_root()) {
    const int own = values.empty() ? NC_NOERR : put_part(origin, count, values.data());
    // All have the one value of a variable without dimensions.
    const int others =
        start.empty() ? NC_NOERR : put_parts_of_others(start.size(), bytes_each, put_part);
    return own != NC_NOERR ? own : others;
  }
  if (start.empty()) return NC_NOERR;
  Extent part = origin;
  part.insert(part.end(), count.begin(), count.end());
  const auto send = [&](std::span<const std::byte> bytes) {
    check_mpi(MPI_Send(bytes.data(), mpi_count(bytes.size()), MPI_BYTE, 0, 0, ranks_.comm()),
              "MPI_Send");
  };
  send(std::as_bytes(std::span(part)));
  send(values);
  return NC_NOERR;
}

// All parts are received, even if one cannot be written.
int NetcdfFile::put_parts_of_others(std::size_t n_dimension, std::size_t bytes_each,
                                    const PutPart& put_part) const {
  const auto receive = [&](int rank, std::span<std::byte> bytes) {
    check_mpi(MPI_Recv(bytes.data(), mpi_count(bytes.size()), MPI_BYTE, rank, 0, ranks_.comm(),
                       MPI_STATUS_IGNORE),
              "MPI_Recv");
  };
  int status = NC_NOERR;
  for (int rank = 1; rank < ranks_.size(); ++rank) {
    Extent part(2 * n_dimension);
    receive(rank, std::as_writable_bytes(std::span(part)));
    const auto middle = part.begin() + std::ptrdiff_t(n_dimension);
    const Extent start(part.begin(), middle), count(middle, part.end());
    std::vector<std::byte> values(volume(count) * bytes_each);
    receive(rank, values);
    if (status == NC_NOERR && !values.empty()) status = put_part(start, count, values.data());
  }
  return status;
}

void NetcdfFile::remove_attribute(const std::string& variable, const std::string& name) {
  check_output(nc_del_att(id_, variable_id(variable), name.c_str()), where(variable));
}

std::string NetcdfFile::define_free_dimension(const std::string& name, std::size_t length) {
  const auto present = dimension_length(name);
  const bool free = present ? *present == length : !has_variable(name);
  const std::string own = free ? name : fmt::format("{}_{}", name, length);
  define_dimension(own, length);
  return own;
}

std::vector<std::string> NetcdfFile::copy_variable(const NetcdfFile& from,
                                                   const std::string& name) {
  const VariableInfo info = from.variable(name);
  std::vector<std::string> dimensions;
  for (const Dimension& dimension : info.dimensions)
    dimensions.push_back(define_free_dimension(dimension.name, dimension.length));
  Type type = info.type;
  if (type == Type::string) {
    type = Type::character;
    std::size_t longest = 1;
    for (const std::string& text : from.kept_texts(name)) longest = std::max(longest, text.size());
    dimensions.push_back(define_free_dimension(length_dimension(name), longest));
  }
  define_variable(name, type, dimensions);
  return copy_attributes(from, name);
}

std::vector<std::string> NetcdfFile::copy_attributes(const NetcdfFile& from,
                                                     const std::string& name) {
  const int source = from.variable_id(name);
  const int target = variable_id(name);
  std::vector<std::string> refused;
  for (const std::string& attribute : from.attribute_names(name)) {
    int status = NC_NOERR;
    if (attribute == fill_attribute)
      status = copy_fill_value(from, name);
    else if (from.attribute_type(name, attribute) == Type::string)
      put_attribute(name, attribute, *from.text_attribute(name, attribute));
    else
      status = nc_copy_att(from.ncid(), source, attribute.c_str(), id_, target);
    if (status != NC_NOERR)
      refused.push_back(fmt::format("{}: its attribute {} cannot be copied ({})", from.where(name),
                                    attribute, nc_strerror(status)));
  }
  return refused;
}

// In a classic file the attribute may have another type than its variable, or several values.
// Returns the status of the library.
int NetcdfFile::copy_fill_value(const NetcdfFile& from, const std::string& name) {
  const int source = from.variable_id(name);
  const int target = variable_id(name);
  const VariableInfo copied = variable(name);
  if (from.variable(name).type == Type::string) return NC_NOERR; // now characters
  nc_type type = NC_NAT;
  std::size_t length = 0;
  check_input(nc_inq_att(from.ncid(), source, fill_attribute, &type, &length), from.where(name));
  if (type == int(copied.type) && length == 1)
    return nc_copy_att(from.ncid(), source, fill_attribute, id_, target);
  if (length == 0 || copied.is_text() || type == NC_CHAR || type >= NC_STRING) return NC_EBADTYPE;
  std::vector<double> numbers(length);
  check_input(nc_get_att_double(from.ncid(), source, fill_attribute, numbers.data()),
              from.where(name));
  const int status =
      nc_put_att_double(id_, target, fill_attribute, int(copied.type), 1, numbers.data());
  // Out of range: what the library may have stored instead means nothing.
  if (status != NC_NOERR) static_cast<void>(nc_del_att(id_, target, fill_attribute));
  return status;
}

void NetcdfFile::copy_values(const NetcdfFile& from, const std::string& name) {
  const VariableInfo info = from.variable(name);
  if (info.type == Type::string) return write_texts(name, from.kept_texts(name));
  Extent start(info.dimensions.size(), 0);
  Extent count = info.shape();
  if (!count.empty()) {
    const Share share = share_of(count.front(), ranks_);
    start.front() = share.count ? share.begin : 0;
    count.front() = share.count;
  }
  const std::vector<std::byte>& bytes = from.kept_values(name, start, count);
  if (is_trial()) return;
  const int target = variable_id(name);
  agree_on_failure(ranks_, [&] { use_collectively(target); });
  const int status = put(start, count, bytes, bytes_of(info.type),
                         [&](const Extent& first, const Extent& lengths, const void* data) {
                           return nc_put_vara(id_, target, first.data(), lengths.data(), data);
                         });
  check_written(status, where(name));
}

const std::vector<std::byte>& NetcdfFile::kept_values(const std::string& name, const Extent& start,
                                                      const Extent& count) const {
  if (const auto known = kept_values_.find(name); known != kept_values_.end()) return known->second;
  const int id = variable_id(name);
  std::vector<std::byte> bytes(volume(count) * bytes_of(variable(name).type));
  agree_on_failure(ranks_, [&] { use_collectively(id); });
  const int status = nc_get_vara(ncid(), id, start.data(), count.data(), bytes.data());
  agree_on_failure(ranks_, [&] { check_input(status, where(name)); });
  return kept_values_[name] = std::move(bytes);
}

const std::vector<std::string>& NetcdfFile::kept_texts(const std::string& name) const {
  const auto known = kept_texts_.find(name);
  return known != kept_texts_.end() ? known->second : kept_texts_[name] = read_texts(name);
}

void NetcdfFile::write_texts(const std::string& name, const std::vector<std::string>& texts) {
  if (is_trial()) return;
  Extent count = variable(name).shape();
  const std::size_t length = count.back();
  std::string characters;
  for (std::string text : texts) {
    text.resize(length, '\0');
    characters += text;
  }
  // The root writes them all; the others take part in the collective call with nothing.
  if (!ranks_.is_root()) {
    std::fill(count.begin(), count.end(), 0);
    characters.clear();
  }
  const int target = variable_id(name);
  agree_on_failure(ranks_, [&] { use_collectively(target); });
  const int status = put(Extent(count.size(), 0), count, std::as_bytes(std::span(characters)), 1,
                         [&](const Extent& first, const Extent& lengths, const void* data) {
                           return nc_put_vara_text(id_, target, first.data(), lengths.data(),
                                                   static_cast<const char*>(data));
                         });
  check_written(status, where(name));
}

void NetcdfFile::commit() {
  const int status = nc_close(std::exchange(id_, -1));
  check_written(status, path_.string());
  if (is_trial()) return;
  agree_on_failure(ranks_, [&] {
    if (!ranks_.is_root()) return;
    std::error_code code = flush_to_disk(partial_.path());
    if (!code) std::filesystem::rename(partial_.path(), followed(path_), code);
    if (code)
      throw RunError(fmt::format("{}: cannot be written: {}", path_.string(), code.message()));
  });
  partial_.keep();
}

} // namespace glebe
