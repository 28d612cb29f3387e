// SPDX-License-Identifier: BSD-3-Clause
// Reading a year of gridded forcing as a run does, beside what the same bytes cost when NetCDF
// hands them over as they are, and when the system does. The file is in the page cache.
#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"
#include "glebe/data/forcing.hpp"
#include "glebe/data/input_files.hpp"
#include "glebe/simulation/lane_width.hpp"

#include <netcdf.h>

#include <array>
#include <cmath>
#include <fcntl.h>
#include <numeric>
#include <unistd.h>

#include "bench.hpp"

namespace glebe::bench {

namespace {

constexpr std::size_t hours = 8760;
constexpr std::array<const char*, 3> names{"SWdown", "LWdown", "Tair"};
constexpr std::array<const char*, 3> units{"W m-2", "W m-2", "K"};

void check(bool good, const std::filesystem::path& path) {
  if (!good) throw RunError(path.string() + ": cannot be written or read");
}
void check(int status, const std::filesystem::path& path) {
  if (status != NC_NOERR) throw RunError(path.string() + ": " + nc_strerror(status));
}

// Three variables [time][y][x] in single precision, neither chunked nor compressed, so that its
// bytes are those of the values. By one rank, without Glebe's own output, which may do either.
void write_file(const std::filesystem::path& path, std::size_t side) {
  int file = 0, time = 0;
  const auto call = [&](int status) { check(status, path); };
  const auto put_text = [&](int variable, const char* name, const std::string& text) {
    call(nc_put_att_text(file, variable, name, text.size(), text.c_str()));
  };
  std::array<int, 3> dimensions{}, variables{};
  call(nc_create(path.c_str(), NC_NETCDF4 | NC_CLOBBER, &file));
  call(nc_def_dim(file, "time", hours, &dimensions[0]));
  call(nc_def_dim(file, "y", side, &dimensions[1]));
  call(nc_def_dim(file, "x", side, &dimensions[2]));
  call(nc_def_var(file, "time", NC_DOUBLE, 1, dimensions.data(), &time));
  put_text(time, "units", "hours since 2001-01-01");
  put_text(time, "calendar", "noleap");
  for (std::size_t v = 0; v < names.size(); ++v) {
    call(nc_def_var(file, names[v], NC_FLOAT, 3, dimensions.data(), &variables[v]));
    call(nc_def_var_chunking(file, variables[v], NC_CONTIGUOUS, nullptr));
    put_text(variables[v], "units", units[v]);
  }
  call(nc_enddef(file));
  std::vector<double> times(hours);
  std::iota(times.begin(), times.end(), 0.0);
  call(nc_put_var_double(file, time, times.data()));
  std::vector<float> record(side * side);
  for (std::size_t v = 0; v < names.size(); ++v)
    for (std::size_t hour = 0; hour < hours; ++hour) {
      for (std::size_t i = 0; i < record.size(); ++i)
        record[i] = static_cast<float>(250.0 + 50.0 * random_uniform({v, hour, i}));
      const std::array<std::size_t, 3> start{hour, 0, 0}, count{1, side, side};
      call(nc_put_vara_float(file, variables[v], start.data(), count.data(), record.data()));
    }
  call(nc_close(file));
}

Settings reading_settings(const std::filesystem::path& path) {
  Settings settings;
  settings.time.start = {.year = 2001};
  settings.forcing.source = ForcingSource::file;
  settings.forcing.file = {path};
  settings.forcing.variable[Input::shortwave] = names[0];
  settings.forcing.variable[Input::longwave] = names[1];
  settings.forcing.variable[Input::air_temperature] = names[2];
  settings.forcing.stamp = Stamp::instant;
  return settings;
}

// From opening the file to the forcing in the memory of the model, as at the start of a run.
Forcing read_as_a_run(const Ranks& ranks, const Settings& settings) {
  const Log silent(false);
  InputFiles files(ranks, settings.time.start, silent);
  const FileSeries& series = files.series(settings.forcing.file, names[0]);
  const Columns columns(ranks, horizontal_grid(series.first_file(), names[0]));
  const ModelTime time{series.calendar(), settings.time.start, 3600.0, hours - 1, Scheme::sdirk2};
  MemoryBudget unlimited(ranks, silent, std::nullopt, "");
  return read_forcing({ranks, settings, time, columns, lane_width(), unlimited, silent}, files);
}

// FileSeries alone: unpacked, in double precision, for the rank's columns.
void read_series(const Ranks& ranks, const Settings& settings) {
  const Log silent(false);
  const FileSeries files(ranks, settings.forcing.file, names[0], settings.time.start, silent);
  const Columns columns(ranks, horizontal_grid(files.first_file(), names[0]));
  for (const char* name : names)
    for (const auto& range : files.ranges(name, 0, hours, columns))
      static_cast<void>(files.read(name, range, columns));
}

// The part of the grid that holds a rank's columns, of all variables, without conversion.
void read_with_netcdf(const std::filesystem::path& path, const Hyperslab& box,
                      std::vector<float>& values) {
  int file = 0, variable = 0;
  check(nc_open(path.c_str(), NC_NOWRITE, &file), path);
  const std::array<std::size_t, 3> start{0, box.start[0], box.start[1]};
  const std::array<std::size_t, 3> count{hours, box.count[0], box.count[1]};
  values.resize(hours * box.size());
  for (const char* name : names) {
    check(nc_inq_varid(file, name, &variable), path);
    check(nc_get_vara_float(file, variable, start.data(), count.data(), values.data()), path);
  }
  check(nc_close(file), path);
}

// An equal share of the bytes of the file.
void read_with_system(const Ranks& ranks, const std::filesystem::path& path, std::uint64_t size) {
  std::vector<char> buffer(std::size_t{4} << 20);
  const int file = open(path.c_str(), O_RDONLY);
  check(file >= 0, path);
  const auto n_rank = static_cast<std::uint64_t>(ranks.size());
  const auto rank = static_cast<std::uint64_t>(ranks.rank());
  const std::uint64_t end = size * (rank + 1) / n_rank;
  ssize_t got = 1;
  for (std::uint64_t at = size * rank / n_rank; at < end && got > 0;
       at += static_cast<std::uint64_t>(got))
    got = pread(file, buffer.data(), std::min<std::uint64_t>(buffer.size(), end - at),
                static_cast<off_t>(at));
  close(file);
  check(got > 0 || size < n_rank, path);
}

} // namespace

void data(Report& report) {
  const Ranks ranks;
  const TemporaryFolder folder(ranks);
  const std::filesystem::path path = folder / "forcing.nc";
  const double wanted = 1e6 * double(option("-bench_megabytes", 200));
  const double per_cell = double(names.size() * hours * sizeof(float));
  const auto side =
      static_cast<std::size_t>(std::max(1.0, std::round(std::sqrt(wanted / per_cell))));
  agree_on_failure(ranks, [&] {
    if (ranks.is_root()) write_file(path, side);
  });
  const double bytes = per_cell * double(side * side);
  const std::uint64_t size = std::filesystem::file_size(path);
  const Columns columns(ranks, HorizontalGrid{{{"y", side}, {"x", side}}});
  const Settings settings = reading_settings(path);

  const auto together_read = [&](auto read) {
    return [&, read] { agree_on_failure(ranks, read); };
  };
  const auto system_read = together_read([&] { read_with_system(ranks, path, size); });
  std::vector<float> values;
  const auto netcdf_read =
      together_read([&] { read_with_netcdf(path, columns.bounding_box(), values); });
  system_read(); // into the page cache
  netcdf_read(); // and the buffer into memory

  std::vector<double> by_system, by_netcdf, by_series, by_glebe, ratio;
  const auto rate = [&](double n_byte, const auto& read) {
    return n_byte / time(ranks, read) / 1e9;
  };
  for (std::int64_t n = option("-bench_repetitions", 5); n > 0; --n) {
    by_system.push_back(rate(double(size), system_read));
    by_netcdf.push_back(rate(bytes, netcdf_read));
    by_series.push_back(rate(bytes, [&] { read_series(ranks, settings); }));
    by_glebe.push_back(rate(bytes, [&] { read_as_a_run(ranks, settings); }));
    ratio.push_back(by_glebe.back() / by_netcdf.back());
  }
  Figures figures{{"megabytes", bytes / 1e6}, {"columns", double(side * side)}};
  add_spread(figures, "system_gb_per_s", by_system);
  add_spread(figures, "netcdf_gb_per_s", by_netcdf);
  add_spread(figures, "series_gb_per_s", by_series);
  add_spread(figures, "glebe_gb_per_s", by_glebe);
  add_spread(figures, "glebe_to_netcdf", ratio);
  report.add("data", figures);
}

} // namespace glebe::bench
