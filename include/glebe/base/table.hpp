// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace glebe {

/// A two-dimensional array in row-major order, for values that are not used in linear algebra (see
/// DenseMatrix for those).
template <class Value>
class Table {
public:
  Table() = default;
  Table(std::size_t n_row, std::size_t n_column, const Value& value = Value{})
      : n_row_(n_row), n_column_(n_column), values_(n_row * n_column, value) {}

  std::size_t n_row() const { return n_row_; }
  std::size_t n_column() const { return n_column_; }
  Value& operator()(std::size_t row, std::size_t column) {
    return values_[row * n_column_ + column];
  }
  const Value& operator()(std::size_t row, std::size_t column) const {
    return values_[row * n_column_ + column];
  }
  std::span<Value> row(std::size_t i) {
    return std::span(values_).subspan(i * n_column_, n_column_);
  }
  std::span<const Value> row(std::size_t i) const {
    return std::span(values_).subspan(i * n_column_, n_column_);
  }

private:
  std::size_t n_row_ = 0;
  std::size_t n_column_ = 0;
  std::vector<Value> values_;
};

} // namespace glebe
