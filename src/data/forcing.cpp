// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/forcing.hpp"

namespace glebe {

namespace {

// All tracks of a forcing with something done to each.
template <class Change>
Forcing changed(const Forcing& forcing, Change change) {
  std::vector<InputTrack> tracks;
  for (const InputTrack& track : forcing.tracks()) tracks.push_back(change(track));
  std::optional<WaterTrack> water = forcing.water();
  if (water) water->track = change(water->track);
  return Forcing(std::move(tracks), std::move(water));
}

} // namespace

Forcing Forcing::of_column(std::size_t column) const {
  return changed(*this, [&](const InputTrack& track) { return track.of_column(column); });
}

Forcing Forcing::of_columns(std::span<const std::size_t> columns) const {
  return changed(*this, [&](const InputTrack& track) { return track.of_columns(columns); });
}

double Forcing::bytes() const {
  double sum = water_ ? water_->track.bytes() : 0.0;
  for (const InputTrack& track : tracks_) sum += track.bytes();
  return sum;
}

} // namespace glebe
