// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <cstring>

#include "netcdf_call.hpp"

namespace glebe {

namespace {

std::uintmax_t padded(std::uintmax_t bytes) { return (bytes + 3) / 4 * 4; }

/// The sizes of the parts of a classic file, by the NetCDF format specification.
class ClassicHeader {
public:
  ClassicHeader(int file, const std::string& path) : file_(file), path_(path) {
    int format = 0;
    check_input(nc_inq_format(file, &format), path);
    count_bytes_ = format == NC_FORMAT_CDF5 ? 8 : 4;
    offset_bytes_ = format == NC_FORMAT_CLASSIC ? 4 : 8;
    check_input(nc_inq(file, &n_dimension_, &n_variable_, nullptr, &record_dimension_), path);
  }

  std::uintmax_t size() const {
    constexpr std::uintmax_t magic = 4;
    std::uintmax_t total = magic + count_bytes_ + 2 * list_start() + attributes(NC_GLOBAL);
    for (int id = 0; id < n_dimension_; ++id) {
      check_input(nc_inq_dimname(file_, id, name_.data()), path_);
      total += name() + count_bytes_;
    }
    for (int id = 0; id < n_variable_; ++id) {
      int n = 0;
      check_input(nc_inq_var(file_, id, name_.data(), nullptr, &n, nullptr, nullptr), path_);
      total += name() + (std::uintmax_t(n) + 2) * count_bytes_ + type_bytes + offset_bytes_;
      total += attributes(id);
    }
    return total;
  }

  /// The bytes of all values; records are padded unless there is only one record variable.
  std::uintmax_t data() const {
    std::uintmax_t total = 0;
    std::uintmax_t record = 0;
    std::uintmax_t unpadded_record = 0;
    int n_record_variable = 0;
    for (int id = 0; id < n_variable_; ++id) {
      nc_type type = NC_NAT;
      int n = 0;
      check_input(nc_inq_var(file_, id, nullptr, &type, &n, nullptr, nullptr), path_);
      std::vector<int> dimensions(static_cast<std::size_t>(n));
      check_input(nc_inq_vardimid(file_, id, dimensions.data()), path_);
      std::uintmax_t bytes = bytes_of(NetcdfFile::Type{type});
      bool has_records = false;
      for (const int dimension : dimensions) {
        if (dimension == record_dimension_)
          has_records = true;
        else
          bytes *= length(dimension);
      }
      if (has_records) {
        ++n_record_variable;
        record += padded(bytes);
        unpadded_record += bytes;
      } else {
        total += padded(bytes);
      }
    }
    if (n_record_variable == 0) return total;
    return total + length(record_dimension_) * (n_record_variable == 1 ? unpadded_record : record);
  }

private:
  static constexpr std::uintmax_t type_bytes = 4;

  std::uintmax_t list_start() const { return 4 + count_bytes_; }
  std::uintmax_t name() const { return count_bytes_ + padded(std::strlen(name_.data())); }
  std::uintmax_t length(int dimension) const {
    std::size_t n = 0;
    check_input(nc_inq_dimlen(file_, dimension, &n), path_);
    return n;
  }
  std::uintmax_t attributes(int variable) const {
    int n = 0;
    check_input(variable == NC_GLOBAL ? nc_inq_natts(file_, &n)
                                      : nc_inq_varnatts(file_, variable, &n),
                path_);
    // These calls overwrite name_, the name of the variable, which the caller has already counted.
    std::uintmax_t total = list_start();
    for (int i = 0; i < n; ++i) {
      nc_type type = NC_NAT;
      std::size_t length = 0;
      check_input(nc_inq_attname(file_, variable, i, name_.data()), path_);
      check_input(nc_inq_att(file_, variable, name_.data(), &type, &length), path_);
      total +=
          name() + type_bytes + count_bytes_ + padded(length * bytes_of(NetcdfFile::Type{type}));
    }
    return total;
  }

  int file_;
  std::string path_;
  std::uintmax_t count_bytes_ = 4;
  std::uintmax_t offset_bytes_ = 4;
  int n_dimension_ = 0;
  int n_variable_ = 0;
  int record_dimension_ = -1;
  mutable std::array<char, NC_MAX_NAME + 1> name_{};
};

} // namespace

std::uintmax_t classic_size(int file, const std::string& path) {
  const ClassicHeader header(file, path);
  // The padding of the very last variable need not be in the file.
  return header.size() + header.data() - 3;
}

} // namespace glebe
