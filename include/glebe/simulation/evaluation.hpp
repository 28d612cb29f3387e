// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace glebe {

/// How well the model fits one stream in one column: differences model minus observation.
struct StreamFit {
  double count = 0.0;
  double sum = 0.0;            ///< of differences [unit of the stream]
  double sum_of_squares = 0.0; ///< of differences [unit^2]
};

/// The outcome of running all columns of this rank: per column the cost, its gradient and
/// Gauss-Newton block with respect to the directions, and the fit to every stream.
struct Fit {
  Fit() = default;
  Fit(std::size_t columns, std::size_t directions, std::size_t streams)
      : n_direction(directions), n_stream(streams), cost(columns), gradient(columns * directions),
        gauss_newton(columns * directions * directions), failed(columns),
        stream(columns * streams) {}

  /// The runs of this fit in the places `columns` of `n_column`; zero elsewhere.
  Fit spread(const std::vector<std::size_t>& columns, std::size_t n_column) const;

  std::size_t n_direction = 0;
  std::size_t n_stream = 0;
  std::vector<double> cost;         ///< [column]
  std::vector<double> gradient;     ///< [column][direction]
  std::vector<double> gauss_newton; ///< [column][direction][direction], symmetric
  std::vector<char> failed;         ///< [column] the model had no solution
  std::vector<StreamFit> stream;    ///< [column][stream]
};

inline Fit Fit::spread(const std::vector<std::size_t>& columns, std::size_t n_column) const {
  Fit result(n_column, n_direction, n_stream);
  const auto copy = [&](const auto& from, auto& to, std::size_t width) {
    for (std::size_t run = 0; run < columns.size(); ++run)
      std::copy_n(from.begin() + std::ptrdiff_t(run * width), width,
                  to.begin() + std::ptrdiff_t(columns[run] * width));
  };
  copy(cost, result.cost, 1);
  copy(gradient, result.gradient, n_direction);
  copy(gauss_newton, result.gauss_newton, n_direction * n_direction);
  copy(failed, result.failed, 1);
  copy(stream, result.stream, n_stream);
  return result;
}

} // namespace glebe
