// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/input_track.hpp"

#include <algorithm>

namespace glebe {

InputTrack::InputTrack(std::vector<Input> rows, std::vector<double> record_times,
                       std::vector<InputPoint> points, std::size_t n_column, std::size_t lanes)
    : rows_(std::move(rows)), record_times_(std::move(record_times)), points_(std::move(points)),
      n_column_(n_column), lanes_(lanes),
      values_((n_column + lanes - 1) / lanes * lanes * record_times_.size() * rows_.size()) {}

std::size_t InputTrack::row_of(Input input) const {
  return std::size_t(std::find(rows_.begin(), rows_.end(), input) - rows_.begin());
}

void InputTrack::pad_lanes() {
  if (n_column_ == 0) return;
  const std::size_t padded = (n_column_ + lanes_ - 1) / lanes_ * lanes_;
  for (std::size_t row = 0; row < rows_.size(); ++row)
    for (std::size_t column = n_column_; column < padded; ++column) {
      const float* last = series_of(row, n_column_ - 1);
      float* lane = series_of(row, column);
      for (std::size_t i = 0; i < n_record(); ++i) lane[i * stride()] = last[i * stride()];
    }
}

InputTrack InputTrack::of_column(std::size_t column) const {
  InputTrack one(rows_, record_times_, points_, 1, 1);
  const float* values = values_.data() + column / lanes_ * n_record() * rows_.size() * lanes_;
  for (std::size_t i = 0; i < one.values_.size(); ++i)
    one.values_[i] = values[i * lanes_ + column % lanes_];
  return one;
}

InputTrack InputTrack::of_columns(std::span<const std::size_t> columns) const {
  InputTrack many(rows_, record_times_, points_, columns.size(), lanes_);
  const std::size_t n_row = n_record() * rows_.size();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t from = columns[i] / lanes_ * n_row * lanes_ + columns[i] % lanes_;
    const std::size_t to = i / lanes_ * n_row * lanes_ + i % lanes_;
    for (std::size_t row = 0; row < n_row; ++row)
      many.values_[to + row * lanes_] = values_[from + row * lanes_];
  }
  many.pad_lanes();
  return many;
}

} // namespace glebe
