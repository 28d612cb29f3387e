// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/forcing.hpp"

namespace glebe {

Forcing Forcing::of_column(std::size_t column) const {
  std::vector<InputTrack> one;
  for (const InputTrack& track : tracks_) one.push_back(track.of_column(column));
  return Forcing(std::move(one));
}

Forcing Forcing::of_columns(std::span<const std::size_t> columns) const {
  std::vector<InputTrack> some;
  for (const InputTrack& track : tracks_) some.push_back(track.of_columns(columns));
  return Forcing(std::move(some));
}

double Forcing::bytes() const {
  double sum = 0.0;
  for (const InputTrack& track : tracks_) sum += track.bytes();
  return sum;
}

} // namespace glebe
