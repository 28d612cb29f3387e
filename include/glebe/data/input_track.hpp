// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/large_array.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/data/lane_gather.hpp"
#include "glebe/physics/inputs.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace glebe {

/// Inputs of this rank's columns that share their records, as float32 [block][record][row][lane],
/// and the records that every model time lies between. The last lanes of the last block repeat the
/// last column.
class InputTrack {
public:
  InputTrack(std::vector<Input> rows, std::vector<double> record_times,
             std::vector<InputPoint> points, std::size_t n_column, std::size_t lanes);

  std::size_t n_record() const { return record_times_.size(); }
  std::size_t n_column() const { return n_column_; }
  std::size_t lanes() const { return lanes_; }
  const std::vector<Input>& rows() const { return rows_; }
  /// The stamps of the records [s].
  const std::vector<double>& record_times() const { return record_times_; }
  const std::vector<InputPoint>& points() const { return points_; }
  /// What the stamps stand for; instants unless it is set. `interval` [s] of a mean.
  Stamp stamp() const { return stamp_; }
  double interval() const { return interval_; }
  void set_meaning(Stamp stamp, double interval) {
    stamp_ = stamp;
    interval_ = interval;
  }

  /// One input, which has a row, of one column: record i at [i * stride()].
  float* series_of(Input input, std::size_t column) { return series_of(row_of(input), column); }
  /// That of one row.
  float* series_of(std::size_t row, std::size_t column) {
    return values_.data() + position(row, column);
  }
  const float* series_of(std::size_t row, std::size_t column) const {
    return values_.data() + position(row, column);
  }
  std::size_t row_of(Input input) const;
  std::size_t stride() const { return rows_.size() * lanes_; }
  /// Gives the lanes after the last column its values. Call when all is set.
  void pad_lanes();

  /// The values of some columns side by side, as many as this object has lanes or fewer
  /// [record][row][lane]; it may use `buffer`.
  const float* block(std::span<const std::size_t> columns, std::vector<float>& buffer) const {
    return gather_lanes(values_, n_record() * rows_.size(), lanes_, columns, buffer);
  }
  /// The same for one of the columns alone, in one lane.
  InputTrack of_column(std::size_t column) const;
  /// That of some columns, which may occur more than once, in as many lanes as this object
  /// has.
  InputTrack of_columns(std::span<const std::size_t> columns) const;
  /// Memory of such an object [byte].
  static double bytes(std::size_t n_row, std::size_t n_record, std::size_t n_column,
                      std::size_t lanes) {
    const std::size_t padded = (n_column + lanes - 1) / lanes * lanes;
    return static_cast<double>(padded * n_record * n_row * sizeof(float));
  }
  double bytes() const { return bytes(rows_.size(), n_record(), n_column_, lanes_); }

private:
  /// Of the first record.
  std::size_t position(std::size_t row, std::size_t column) const {
    return (column / lanes_ * n_record() * rows_.size() + row) * lanes_ + column % lanes_;
  }

  std::vector<Input> rows_;
  std::vector<double> record_times_;
  std::vector<InputPoint> points_;
  Stamp stamp_ = Stamp::instant;
  double interval_ = 0.0;
  std::size_t n_column_;
  std::size_t lanes_;
  LargeArray<float> values_;
};

} // namespace glebe
