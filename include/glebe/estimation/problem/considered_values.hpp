// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/controls.hpp"

#include <cstdint>
#include <vector>

namespace glebe {

/// The considered values of one parameter in one place: one, or its knots in time.
struct ConsideredParameter {
  ParameterSlot slot;
  std::size_t first = 0; ///< among the considered values
  std::size_t count = 1;
};

/// The values that an estimate holds although they are uncertain: a Gaussian with their prior
/// standard deviations, and with time_std a random walk between knots. Different parameters are
/// independent. A change is counted in prior standard deviations.
class ConsideredValues {
public:
  /// Those of the problem with these controls. Collective.
  explicit ConsideredValues(const Controls& estimated);

  bool any() const { return size() > 0; }
  std::size_t size() const { return values_.per_column(); } ///< n
  const Controls& values() const { return values_; }
  const std::vector<ConsideredParameter>& parameters() const { return parameters_; }
  /// The number of the parameter that value j belongs to.
  std::size_t parameter_of(std::size_t j) const { return parameter_of_[j]; }
  /// L [n][n], with L L^T the covariance; zero between different parameters.
  const DenseMatrix& root() const { return root_; }

  /// The directions of the m estimated values, and then of these n. Both objects must outlive them.
  std::vector<Direction> directions_after(const Controls& estimated) const;
  /// S L [m][n] from a Gauss-Newton block of all these directions, in the units of the parameters:
  /// S is the block between scaled estimated and considered values.
  DenseMatrix cross_block(const Controls& estimated, const DenseMatrix& block) const;

  /// All values [n_value] of a column with the considered ones drawn from their Gaussian, confined
  /// to what the parameters may be, and where some are tied to reach_of_considered. Values that
  /// columns share are the same in all of them; `column` is one of this rank.
  void draw(std::uint64_t seed, std::size_t sample, std::size_t column,
            Eigen::Ref<Eigen::RowVectorXd> all_values) const;

private:
  Controls values_;
  std::vector<ConsideredParameter> parameters_;
  std::vector<std::size_t> parameter_of_;
  DenseMatrix root_;
};

} // namespace glebe
