// SPDX-License-Identifier: BSD-3-Clause
#include "weather_files.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"

#include <netcdf.h>

#include <cmath>
#include <numbers>
#include <numeric>

namespace glebe::bench {

namespace {

constexpr std::array<const char*, 3> units{"W m-2", "W m-2", "K"};

// A daily course with noise in steps of 1/16, as of sensors: it shrinks to a third.
float value_at(std::size_t variable, std::size_t hour, std::size_t cell) {
  const double day = std::sin(2.0 * std::numbers::pi * double(hour) / 24.0);
  const double noise = random_uniform({variable, hour, cell});
  return static_cast<float>(std::round(16.0 * (280.0 + 10.0 * day + noise)) / 16.0);
}

class WeatherFile {
public:
  WeatherFile(std::filesystem::path path, const WeatherForm& form)
      : path_(std::move(path)), form_(form) {
    call(nc_create(path_.c_str(), NC_NETCDF4 | NC_CLOBBER, &file_));
  }

  void write(std::size_t first_hour) {
    define();
    std::vector<double> times(form_.hours_of_file);
    std::iota(times.begin(), times.end(), double(first_hour));
    call(nc_put_var_double(file_, time_, times.data()));
    const std::size_t n_cell = form_.side * form_.side, chunk = chunk_lengths()[0];
    std::vector<float> records(chunk * n_cell);
    for (std::size_t v = 0; v < variables_.size(); ++v)
      for (std::size_t hour = 0; hour < form_.hours_of_file; hour += chunk) {
        for (std::size_t i = 0; i < records.size(); ++i)
          records[i] = value_at(v, first_hour + hour + i / n_cell, i % n_cell);
        const std::array<std::size_t, 3> start{hour, 0, 0}, count = chunk_lengths();
        call(nc_put_vara_float(file_, variables_[v], start.data(), count.data(), records.data()));
      }
    call(nc_close(file_));
  }

private:
  void call(int status) const { check_weather(status, path_); }
  std::array<std::size_t, 3> chunk_lengths() const { return {24, form_.side, form_.side}; }
  void put_text(int variable, const char* name, const std::string& text) const {
    call(nc_put_att_text(file_, variable, name, text.size(), text.c_str()));
  }

  void define() {
    std::array<int, 3> dimensions{};
    call(nc_def_dim(file_, "time", form_.hours_of_file, &dimensions[0]));
    call(nc_def_dim(file_, "y", form_.side, &dimensions[1]));
    call(nc_def_dim(file_, "x", form_.side, &dimensions[2]));
    call(nc_def_var(file_, "time", NC_DOUBLE, 1, dimensions.data(), &time_));
    put_text(time_, "units", "hours since 2001-01-01");
    put_text(time_, "calendar", "noleap");
    const std::array<std::size_t, 3> chunks = chunk_lengths();
    for (std::size_t v = 0; v < variables_.size(); ++v) {
      call(nc_def_var(file_, weather_names[v], NC_FLOAT, 3, dimensions.data(), &variables_[v]));
      call(nc_def_var_chunking(file_, variables_[v], form_.compressed ? NC_CHUNKED : NC_CONTIGUOUS,
                               chunks.data()));
      if (form_.compressed) call(nc_def_var_deflate(file_, variables_[v], 1, 1, 1));
      put_text(variables_[v], "units", units[v]);
    }
    call(nc_enddef(file_));
  }

  std::filesystem::path path_;
  const WeatherForm& form_;
  int file_ = 0, time_ = 0;
  std::array<int, weather_names.size()> variables_{};
};

} // namespace

void check_weather(int status, const std::filesystem::path& path) {
  if (status != NC_NOERR) throw RunError(path.string() + ": " + nc_strerror(status));
}

std::vector<std::filesystem::path> write_weather(const std::filesystem::path& folder,
                                                 const WeatherForm& form) {
  std::vector<std::filesystem::path> paths;
  for (std::size_t f = 0; f < form.n_file; ++f) {
    paths.push_back(folder / fmt::format("{}_{:04}.nc", form.name, f));
    WeatherFile(paths.back(), form).write(f * form.hours_of_file);
  }
  return paths;
}

} // namespace glebe::bench
