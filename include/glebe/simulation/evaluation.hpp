// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/base/table.hpp"

#include <cstddef>
#include <vector>

namespace glebe {

/// How well the model fits one stream in one column: differences model minus observation.
struct StreamFit {
  double count = 0.0;
  double sum = 0.0;            ///< of differences [unit of the stream]
  double sum_of_squares = 0.0; ///< of differences [unit^2]
};

/// What running columns has given: for each run the cost, its gradient and Gauss-Newton block with
/// respect to the directions, and the fit to every stream.
struct Evaluation {
  /// Of so many runs, all zero; `has_blocks`: with Gauss-Newton blocks.
  Evaluation(std::size_t n_run, std::size_t n_direction, std::size_t n_stream,
             bool has_blocks = true)
      : cost(n_run), gradient(DenseMatrix::Zero(Eigen::Index(n_run), Eigen::Index(n_direction))),
        gauss_newton(has_blocks ? DenseBlocks(n_run, n_direction) : DenseBlocks()), failed(n_run),
        stream(n_run, n_stream) {}
  Evaluation() : Evaluation(0, 0, 0) {}

  std::size_t n_run() const { return cost.size(); }
  std::size_t n_direction() const { return static_cast<std::size_t>(gradient.cols()); }
  /// These runs in the places `columns` of `n_column`; zero elsewhere.
  Evaluation spread(const std::vector<std::size_t>& columns, std::size_t n_column) const;

  std::vector<double> cost; ///< [run]
  DenseMatrix gradient;     ///< [run][direction]
  DenseBlocks gauss_newton; ///< [run], symmetric; none where they were not asked for
  std::vector<char> failed; ///< [run] the model had no solution
  Table<StreamFit> stream;  ///< [run][stream]
};

inline Evaluation Evaluation::spread(const std::vector<std::size_t>& columns,
                                     std::size_t n_column) const {
  const bool has_blocks = gauss_newton.size() > 0;
  Evaluation result(n_column, n_direction(), stream.n_column(), has_blocks);
  for (std::size_t run = 0; run < columns.size(); ++run) {
    const std::size_t c = columns[run];
    result.cost[c] = cost[run];
    result.gradient.row(Eigen::Index(c)) = gradient.row(Eigen::Index(run));
    if (has_blocks) result.gauss_newton[c] = gauss_newton[run];
    result.failed[c] = failed[run];
    for (std::size_t s = 0; s < stream.n_column(); ++s) result.stream(c, s) = stream(run, s);
  }
  return result;
}

} // namespace glebe
