// SPDX-License-Identifier: BSD-3-Clause
// Small dense matrices by Eigen. Vector instructions are off (EIGEN_DONT_VECTORIZE), because with
// them the order of a sum would depend on the alignment of the memory.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

namespace glebe {

/// Row-major, so that the numbers of one column of soil (a row of the matrix) are contiguous.
using DenseMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using DenseVector = Eigen::VectorXd;
/// A row of a DenseMatrix, or any contiguous numbers, for reading.
using DenseRow = Eigen::Ref<const Eigen::RowVectorXd>;

/// Square matrices of the same order in contiguous memory, one for every column of soil.
class DenseBlocks {
public:
  DenseBlocks() = default;
  DenseBlocks(std::size_t count, std::size_t order, double value = 0.0)
      : order_(order), values_(count * order * order, value) {}

  std::size_t order() const { return order_; }
  std::size_t size() const { return order_ == 0 ? 0 : values_.size() / (order_ * order_); }
  Eigen::Map<DenseMatrix> operator[](std::size_t i) {
    return {values_.data() + i * order_ * order_, index(), index()};
  }
  Eigen::Map<const DenseMatrix> operator[](std::size_t i) const {
    return {values_.data() + i * order_ * order_, index(), index()};
  }

private:
  Eigen::Index index() const { return static_cast<Eigen::Index>(order_); }

  std::size_t order_ = 0;
  std::vector<double> values_;
};

} // namespace glebe
