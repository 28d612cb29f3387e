// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/error.hpp"
#include "glebe/data/netcdf_file.hpp"

#include <netcdf.h>
#include <netcdf_meta.h>
#include <netcdf_par.h>

#include <cstdint>
#include <string>

#if !NC_HAS_PARALLEL4
#error "Glebe needs a NetCDF-C library built with parallel NetCDF-4 (MPI) support"
#endif

namespace glebe {

/// For errors in the contents of an input file or in the path of an output: throws InputError.
inline void check_input(int status, const std::string& where) {
  if (status != NC_NOERR) throw InputError(fmt::format("{}: {}", where, nc_strerror(status)));
}

/// For failures of writing after the input was accepted: throws RunError.
inline void check_output(int status, const std::string& where) {
  if (status != NC_NOERR) throw RunError(fmt::format("{}: {}", where, nc_strerror(status)));
}

/// The number of values in a hyperslab; 1 for a variable without dimensions.
inline std::size_t volume(const NetcdfFile::Extent& count) {
  std::size_t product = 1;
  for (const std::size_t n : count) product *= n;
  return product;
}

/// The size of the chunks of variables with records, one megabyte of doubles: what HDF5's cache has
/// room for many times.
inline constexpr std::size_t values_per_chunk = std::size_t{1} << 17;

/// Whether a hyperslab lies inside a variable. This is checked before every collective call: if the
/// library returned an error on one rank, the others would wait for it.
inline bool is_inside(const NetcdfFile::VariableInfo& variable, const NetcdfFile::Extent& start,
                      const NetcdfFile::Extent& count) {
  const std::size_t n = variable.dimensions.size();
  if (start.size() != n || count.size() != n) return false;
  if (volume(count) == 0) return true;
  for (std::size_t d = 0; d < n; ++d) {
    const std::size_t length = variable.dimensions[d].length;
    if (start[d] > length || count[d] > length - start[d]) return false;
  }
  return true;
}

/// The bytes of one value, in memory and on disk.
inline std::size_t bytes_of(NetcdfFile::Type type) {
  using Type = NetcdfFile::Type;
  switch (type) {
  case Type::int16:
  case Type::uint16:
    return 2;
  case Type::int32:
  case Type::uint32:
  case Type::float32:
    return 4;
  case Type::float64:
  case Type::int64:
  case Type::uint64:
    return 8;
  default:
    return 1;
  }
}

/// The smallest possible length in bytes of a complete classic (CDF-1, -2 or -5) file, by the
/// header of an open one. Throws InputError.
std::uintmax_t classic_size(int file, const std::string& path);

/// This rank's part of [0, length), which is divided almost equally between the ranks.
struct Share {
  std::size_t begin;
  std::size_t count;
};
inline Share share_of(std::size_t length, const Ranks& ranks) {
  const auto size = static_cast<std::size_t>(ranks.size());
  const auto rank = static_cast<std::size_t>(ranks.rank());
  const std::size_t begin = length * rank / size;
  return {begin, length * (rank + 1) / size - begin};
}

} // namespace glebe
