// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/lane_gather.hpp"
#include "glebe/data/reading.hpp"
#include "glebe/physics/inputs.hpp"

#include <memory>
#include <vector>

namespace glebe {

class FileSeries;

/// The forcing of this rank's columns as float32, [block][record][row][lane], a row for every input
/// that the run uses, and the records that every model time lies between. The last lanes of the
/// last block repeat the last column.
class Forcing {
public:
  Forcing(std::vector<Input> rows, std::vector<double> record_times, std::vector<InputPoint> points,
          std::size_t n_column, std::size_t lanes);

  std::size_t n_record() const { return record_times_.size(); }
  std::size_t n_column() const { return n_column_; }
  std::size_t lanes() const { return lanes_; }
  const std::vector<Input>& rows() const { return rows_; }
  const std::vector<InputPoint>& points() const { return points_; }

  /// One input, which has a row, of one column: record i at [i * stride()].
  float* series_of(Input input, std::size_t column);
  std::size_t stride() const { return rows_.size() * lanes_; }
  /// Gives the lanes after the last column its values. Call when all is set.
  void pad_lanes();

  /// The values of some columns side by side, as many as this object has lanes or fewer
  /// [record][row][lane]; it may use `buffer`.
  const float* block(std::span<const std::size_t> columns, std::vector<float>& buffer) const {
    return gather_lanes(values_, n_record() * rows_.size(), lanes_, columns, buffer);
  }
  /// The same forcing for one of the columns alone, in one lane.
  Forcing of_column(std::size_t column) const;
  /// The forcing of some columns, which may occur more than once, in as many lanes as this object
  /// has.
  Forcing of_columns(std::span<const std::size_t> columns) const;
  /// Memory of such an object [byte].
  static double bytes(std::size_t n_row, std::size_t n_record, std::size_t n_column,
                      std::size_t lanes) {
    const std::size_t padded = (n_column + lanes - 1) / lanes * lanes;
    return static_cast<double>(padded * n_record * n_row * sizeof(float));
  }
  double bytes() const { return bytes(rows_.size(), n_record(), n_column_, lanes_); }

private:
  std::vector<Input> rows_;
  std::vector<double> record_times_;
  std::vector<InputPoint> points_;
  std::size_t n_column_;
  std::size_t lanes_;
  std::vector<float> values_;
};

/// The forcing that the settings describe, read for the columns of this rank in units of the model.
/// Values that stand for an instant are interpolated between records; means over an interval are
/// held throughout it. Gaps up to max_gap are filled linearly and counted in the log. `files` is
/// null for clear-sky forcing. Collective. Throws InputError naming file, variable, time and
/// column.
Forcing read_forcing(const Reading& reading, const FileSeries* files);

/// The first variable the forcing reads from its files, which defines grid and time.
std::string forcing_reference_variable(const ForcingSettings& settings);

} // namespace glebe
