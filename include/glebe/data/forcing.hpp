// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/input_track.hpp"
#include "glebe/data/reading.hpp"

#include <optional>
#include <vector>

namespace glebe {

class InputFiles;

/// The measured water content: a row for each depth, its points those of the steps' middles.
struct WaterTrack {
  InputTrack track;
  std::vector<double> depths; ///< [m], increasing
};

/// What drives this rank's columns: tracks of inputs, each with its own records.
class Forcing {
public:
  /// Of at least one track, all of the same columns in the same lanes.
  explicit Forcing(std::vector<InputTrack> tracks, std::optional<WaterTrack> water = {})
      : tracks_(std::move(tracks)), water_(std::move(water)) {}

  const std::vector<InputTrack>& tracks() const { return tracks_; }
  const std::optional<WaterTrack>& water() const { return water_; }
  std::size_t n_column() const { return tracks_.front().n_column(); }
  /// The same forcing for one of the columns alone, in one lane.
  Forcing of_column(std::size_t column) const;
  /// The forcing of some columns, which may occur more than once, in as many lanes as this object
  /// has.
  Forcing of_columns(std::span<const std::size_t> columns) const;
  /// Memory of this object [byte].
  double bytes() const;

private:
  std::vector<InputTrack> tracks_;
  std::optional<WaterTrack> water_;
};

/// The forcing that the settings describe, read for the columns of this rank in units of the model.
/// Values that stand for an instant are interpolated between records; means over an interval are
/// held throughout it. Gaps up to max_gap are filled linearly and counted in the log. Collective.
/// Throws InputError naming file, variable, time and column.
Forcing read_forcing(const Reading& reading, InputFiles& files);

} // namespace glebe
