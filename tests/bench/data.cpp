// SPDX-License-Identifier: BSD-3-Clause
// Reading gridded weather as a run does, beside what the same bytes cost when NetCDF hands them
// over as they are, and when the system does. The files are in the page cache.
#include "glebe/base/error.hpp"
#include "glebe/data/forcing.hpp"
#include "glebe/data/input_files.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/grid/soil_grid.hpp"
#include "glebe/simulation/lane_width.hpp"

#include <netcdf.h>

#include <cmath>
#include <fcntl.h>
#include <unistd.h>

#include "bench.hpp"
#include "weather_files.hpp"

namespace glebe::bench {

namespace {

constexpr DateTime start{.year = 2001};

void check(bool good, const std::filesystem::path& path) {
  if (!good) throw RunError(path.string() + ": cannot be read");
}

/// A part [first, last) of some bytes or records, one for each rank.
struct Share {
  std::uint64_t first, last;
  Share(const Ranks& ranks, std::uint64_t n) {
    const auto n_rank = static_cast<std::uint64_t>(ranks.size());
    const auto rank = static_cast<std::uint64_t>(ranks.rank());
    first = n * rank / n_rank;
    last = n * (rank + 1) / n_rank;
  }
};

class WeatherCase {
public:
  WeatherCase(const Ranks& ranks, const std::filesystem::path& folder, WeatherForm form)
      : ranks_(ranks), form_(std::move(form)),
        columns_(ranks, HorizontalGrid{{{"y", form_.side}, {"x", form_.side}}}) {
    agree_on_failure(ranks, [&] {
      if (ranks.is_root()) write_weather(folder, form_);
    });
    for (std::size_t f = 0; f < form_.n_file; ++f)
      paths_.push_back(folder / fmt::format("{}_{:04}.nc", form_.name, f));
    for (const auto& path : paths_) bytes_ += std::filesystem::file_size(path);
  }

  const WeatherForm& form() const { return form_; }
  const Columns& columns() const { return columns_; }
  double bytes_of_files() const { return static_cast<double>(bytes_); }

  /// An equal share of the bytes of every file.
  void read_with_system() const {
    agree_on_failure(ranks_, [&] { read_share(); });
  }

  /// The part of the grid that holds a rank's columns, of all variables, without conversion, some
  /// days at a time, and every file opened once.
  void read_with_netcdf() const {
    agree_on_failure(ranks_, [&] { read_box(); });
  }
  /// FileSeries alone: unpacked, for the rank's columns.
  void read_series() const {
    const Log silent(false);
    const FileSeries files(ranks_, paths_, weather_names[0], start, silent);
    const Columns columns(ranks_, horizontal_grid(files.first_file(), weather_names[0]));
    for (const char* name : weather_names)
      for (const auto& range : files.ranges(name, 0, form_.hours(), columns))
        static_cast<void>(files.read<float>(name, range, columns));
  }

  /// From opening the files to the forcing in the memory of the model, as at the start of a run.
  void read_as_a_run() const {
    Settings settings;
    settings.time.start = start;
    settings.forcing.source = ForcingSource::file;
    settings.forcing.file = paths_;
    settings.forcing.variable[Input::shortwave] = weather_names[0];
    settings.forcing.variable[Input::longwave] = weather_names[1];
    settings.forcing.variable[Input::air_temperature] = weather_names[2];
    settings.forcing.stamp = Stamp::instant;
    with_reading(settings, [](const Reading& reading, InputFiles& files) {
      const Forcing forcing = read_forcing(reading, files);
      keep(forcing.bytes());
    });
  }

  /// The last variable, as a stream of observations; a third of the bytes.
  void read_as_observations() const {
    Settings settings;
    settings.time.start = start;
    ObservationSettings stream;
    stream.name = "soil";
    stream.depth = 0.1;
    stream.file = paths_;
    stream.variable = weather_names[2];
    stream.sigma = 1.0;
    settings.observations = {stream};
    const SoilGrid soil(stretched_nodes(1.0, 11, 1.0));
    with_reading(settings, [&](const Reading& reading, InputFiles& files) {
      const Observations read = read_observations(reading, soil.view(), files);
      keep(read.streams.front().value[0]);
    });
  }

private:
  void read_share() const {
    std::vector<char> buffer(std::size_t{4} << 20);
    for (const auto& path : paths_) {
      const Share share(ranks_, std::filesystem::file_size(path));
      const int file = open(path.c_str(), O_RDONLY);
      check(file >= 0, path);
      ssize_t got = 1;
      for (std::uint64_t at = share.first; at < share.last && got > 0;
           at += static_cast<std::uint64_t>(got))
        got = pread(file, buffer.data(), std::min<std::uint64_t>(buffer.size(), share.last - at),
                    static_cast<off_t>(at));
      close(file);
      check(got > 0, path);
    }
  }

  void read_box() const {
    constexpr std::size_t hours_at_a_time = 120;
    const Hyperslab& box = columns_.bounding_box();
    std::vector<float> values(hours_at_a_time * box.size());
    for (const auto& path : paths_) {
      int file = 0, variable = 0;
      check_weather(nc_open(path.c_str(), NC_NOWRITE, &file), path);
      for (const char* name : weather_names) {
        check_weather(nc_inq_varid(file, name, &variable), path);
        for (std::size_t hour = 0; hour < form_.hours_of_file; hour += hours_at_a_time) {
          const std::size_t n = std::min(hours_at_a_time, form_.hours_of_file - hour);
          const std::array<std::size_t, 3> from{hour, box.start[0], box.start[1]};
          const std::array<std::size_t, 3> count{n, box.count[0], box.count[1]};
          check_weather(nc_get_vara_float(file, variable, from.data(), count.data(), values.data()),
                        path);
        }
      }
      check_weather(nc_close(file), path);
    }
  }

  template <class Work>
  void with_reading(const Settings& settings, Work work) const {
    const Log silent(false);
    InputFiles files(ranks_, settings, silent);
    const FileSeries& series = files.series(paths_, weather_names[2]);
    const Columns columns(ranks_, horizontal_grid(series.first_file(), weather_names[2]));
    const ModelTime time{series.calendar(), start, 3600.0, form_.hours() - 1, Scheme::sdirk2};
    MemoryBudget unlimited(ranks_, silent, std::nullopt, "");
    work({ranks_, settings, time, columns, lane_width(), unlimited, silent}, files);
  }

  const Ranks& ranks_;
  WeatherForm form_;
  Columns columns_;
  std::vector<std::filesystem::path> paths_;
  std::uintmax_t bytes_ = 0;
};

void measure(Report& report, const Ranks& ranks, const WeatherCase& weather) {
  std::vector<double> by_system, by_netcdf, by_series, by_glebe, observed, ratio;
  const auto rate = [&](double n_byte, auto read) {
    return n_byte / time(ranks, [&] { (weather.*read)(); }) / 1e9;
  };
  const double bytes = weather.form().bytes();
  rate(bytes, &WeatherCase::read_with_system); // into the page cache
  for (std::int64_t n = option("-bench_repetitions", 5); n > 0; --n) {
    by_system.push_back(rate(weather.bytes_of_files(), &WeatherCase::read_with_system));
    by_netcdf.push_back(rate(bytes, &WeatherCase::read_with_netcdf));
    by_series.push_back(rate(bytes, &WeatherCase::read_series));
    by_glebe.push_back(rate(bytes, &WeatherCase::read_as_a_run));
    observed.push_back(
        rate(bytes / double(weather_names.size()), &WeatherCase::read_as_observations));
    ratio.push_back(by_glebe.back() / by_netcdf.back());
  }
  Figures figures{{"megabytes", bytes / 1e6},
                  {"megabytes_of_files", weather.bytes_of_files() / 1e6},
                  {"files", double(weather.form().n_file)},
                  {"columns", double(weather.columns().n_active())}};
  add_spread(figures, "system_gb_per_s", by_system);
  add_spread(figures, "netcdf_gb_per_s", by_netcdf);
  add_spread(figures, "series_gb_per_s", by_series);
  add_spread(figures, "glebe_gb_per_s", by_glebe);
  add_spread(figures, "observations_gb_per_s", observed);
  add_spread(figures, "glebe_to_netcdf", ratio);
  report.add("data." + weather.form().name, figures);
}

} // namespace

void data(Report& report) {
  const Ranks ranks;
  constexpr std::size_t hours_of_year = 8760, days = 1100;
  const double wanted = 1e6 * double(option("-bench_megabytes", 200));
  const WeatherForm one_cell{"", 1, 1, hours_of_year, false};
  const auto side =
      static_cast<std::size_t>(std::max(1.0, std::round(std::sqrt(wanted / one_cell.bytes()))));
  const std::string wanted_forms =
      "," + option("-bench_files", std::string("plain,plain_daily,compressed,compressed_daily")) +
      ",";
  for (const bool compressed : {false, true})
    for (const bool daily : {false, true}) {
      const std::string name =
          std::string(compressed ? "compressed" : "plain") + (daily ? "_daily" : "");
      if (wanted_forms.find("," + name + ",") == std::string::npos) continue;
      const TemporaryFolder folder(ranks);
      measure(report, ranks,
              {ranks,
               folder / "",
               {name, side, daily ? days : 1, daily ? 24 : hours_of_year, compressed}});
    }
}

} // namespace glebe::bench
