// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace glebe::bench {

inline constexpr std::array<const char*, 3> weather_names{"SWdown", "LWdown", "Tair"};

/// How hourly weather on a square grid is stored.
struct WeatherForm {
  std::string name; ///< of the files
  std::size_t side;
  std::size_t n_file;
  std::size_t hours_of_file;
  bool compressed; ///< shuffled and deflated, in chunks of a day; otherwise neither, nor chunked

  std::size_t hours() const { return n_file * hours_of_file; }
  /// Of the values, as they are in memory [byte].
  double bytes() const {
    return static_cast<double>(weather_names.size() * hours() * side * side * sizeof(float));
  }
};

/// Writes three variables [time][y][x] in single precision to new files in a folder, and returns
/// their paths. Without Glebe's own output, and by one process. Throws RunError.
std::vector<std::filesystem::path> write_weather(const std::filesystem::path& folder,
                                                 const WeatherForm& form);

/// Throws RunError unless a status of NetCDF is good.
void check_weather(int status, const std::filesystem::path& path);

} // namespace glebe::bench
