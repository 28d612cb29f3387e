// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/input_hash.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstdint>

namespace glebe {

namespace {

class Hash {
public:
  void add(std::uint64_t bits) {
    state_ = (state_ ^ bits) * 0x9e3779b97f4a7c15U;
    state_ ^= state_ >> 32;
  }
  void add(double value) { add(std::isnan(value) ? missing : std::bit_cast<std::uint64_t>(value)); }
  void add(float value) {
    add(std::isnan(value) ? missing : std::uint64_t{std::bit_cast<std::uint32_t>(value)});
  }
  void add(const std::vector<double>& values) {
    add(std::uint64_t{values.size()});
    for (const double value : values) add(value);
  }
  std::uint64_t value() const { return state_; }

private:
  static constexpr std::uint64_t missing = 0x7ff8000000000001U;
  std::uint64_t state_ = 0x243f6a8885a308d3U;
};

// The hash of what is the same on all ranks, and of columns in any order, each with its number.
class HashOfAll {
public:
  explicit HashOfAll(const Ranks& ranks) : ranks_(ranks) {}

  void add_common(const Hash& hash) {
    if (ranks_.is_root()) add(hash);
  }
  void add_column(std::size_t number, Hash hash) {
    hash.add(std::uint64_t{number});
    add(hash);
  }
  // Collective. The halves of the hashes are summed, so that no sum overflows.
  std::string text() const { return fmt::format("{:x}.{:x}", ranks_.sum(low_), ranks_.sum(high_)); }

private:
  void add(const Hash& hash) {
    low_ += static_cast<std::int64_t>(hash.value() & 0xffffffffU);
    high_ += static_cast<std::int64_t>(hash.value() >> 32);
  }

  const Ranks& ranks_;
  std::int64_t low_ = 0;
  std::int64_t high_ = 0;
};

// Calls add(hash, column) for the columns of this rank.
template <class Add>
void add_columns(const InputData& data, HashOfAll& all, Add add) {
  for (std::size_t c = 0; c < data.columns.n_local(); ++c) {
    Hash hash;
    add(hash, c);
    all.add_column(data.columns.first() + c, hash);
  }
}

std::string hash_of_cells(const Ranks& ranks, const InputData& data) {
  HashOfAll all(ranks);
  Hash grid;
  for (const HorizontalDimension& dimension : data.columns.grid().dimensions)
    grid.add(std::uint64_t{dimension.length});
  all.add_common(grid);
  const std::vector<std::size_t>& cells = data.columns.cells();
  add_columns(data, all, [&](Hash& hash, std::size_t c) {
    hash.add(std::uint64_t{cells[c]});
    if (!data.geometry) return;
    hash.add(data.geometry->area(cells[c]));
    for (std::size_t d = 0; d < data.columns.grid().dimensions.size(); ++d)
      if (const auto next = data.geometry->neighbour(cells[c], d, 1))
        hash.add(data.geometry->distance(cells[c], *next));
  });
  return all.text();
}

void add_track(const InputTrack& track, std::size_t column, Hash& hash) {
  for (std::size_t row = 0; row < track.rows().size(); ++row) {
    const float* series = track.series_of(row, column);
    for (std::size_t i = 0; i < track.n_record(); ++i) hash.add(series[i * track.stride()]);
  }
}

void add_times(const InputTrack& track, Hash& hash) {
  for (const Input input : track.rows()) hash.add(static_cast<std::uint64_t>(input));
  hash.add(track.record_times());
  hash.add(static_cast<std::uint64_t>(track.stamp()));
  hash.add(track.interval());
  for (const InputPoint& point : track.points()) {
    hash.add(static_cast<std::uint64_t>(point.record));
    hash.add(point.weight);
  }
}

std::string hash_of_forcing(const Ranks& ranks, const InputData& data) {
  HashOfAll all(ranks);
  Hash common;
  const auto& water = data.forcing.water();
  for (const InputTrack& track : data.forcing.tracks()) add_times(track, common);
  if (water) add_times(water->track, common);
  if (water) common.add(water->depths);
  all.add_common(common);
  add_columns(data, all, [&](Hash& hash, std::size_t c) {
    for (const InputTrack& track : data.forcing.tracks()) add_track(track, c, hash);
    if (water) add_track(water->track, c, hash);
  });
  return all.text();
}

std::string hash_of_observations(const Ranks& ranks, const InputData& data) {
  const Observations& observations = data.observations;
  HashOfAll all(ranks);
  Hash common;
  for (const Stream& stream : observations.streams) {
    common.add(stream.times);
    for (const TimeInterval& interval : stream.intervals) {
      common.add(interval.begin);
      common.add(interval.end);
    }
  }
  all.add_common(common);
  add_columns(data, all, [&](Hash& hash, std::size_t c) {
    for (std::size_t s = 0; s < observations.streams.size(); ++s) {
      const Stream& stream = observations.streams[s];
      for (std::size_t i = 0; i < stream.times.size() && !stream.value.empty(); ++i) {
        const std::size_t at = observations.position(s, c, i);
        hash.add(stream.value[at]);
        hash.add(stream.inverse_sigma[at]);
      }
    }
  });
  return all.text();
}

std::string hash_of_parameters(const Ranks& ranks, const InputData& data) {
  const ParameterValues& parameters = data.parameters;
  HashOfAll all(ranks);
  Hash common;
  common.add(data.soil.depths());
  common.add(data.soil.knots());
  for (const std::vector<double>& times : parameters.knot_time) common.add(times);
  for (const Control& control : parameters.controls) {
    common.add(std::uint64_t{control.value});
    for (const double one : {control.lower, control.upper, control.prior_std,
                             control.correlation_length, control.time_std})
      common.add(one);
  }
  for (const Control& control : parameters.considered) {
    common.add(std::uint64_t{control.value});
    common.add(control.prior_std);
  }
  all.add_common(common);
  add_columns(data, all, [&](Hash& hash, std::size_t c) {
    for (const double value : parameters.first_guess.row(Eigen::Index(c))) hash.add(value);
    for (const RegionMap& map : parameters.regions)
      hash.add(static_cast<std::uint64_t>(map.value[static_cast<std::size_t>(map.of_column[c])]));
  });
  return all.text();
}

} // namespace

std::vector<std::pair<std::string, std::string>> input_hashes(const Ranks& ranks,
                                                              const InputData& data) {
  return {
      {"the columns, cells of the grid,", hash_of_cells(ranks, data)},
      {"the values of inputs", hash_of_forcing(ranks, data)},
      {"the observations", hash_of_observations(ranks, data)},
      {"the values of parameters, with their bounds and priors,", hash_of_parameters(ranks, data)}};
}

} // namespace glebe
