// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/considered_values.hpp"

#include "glebe/base/random.hpp"
#include "glebe/estimation/algebra/dense.hpp"
#include "glebe/estimation/problem/prior.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// What a shared value belongs to: its number among those that are shared, or the class of its map
// as the file gives it. Neither depends on which classes have columns.
std::uint64_t shared_owner(const Controls& values, std::size_t column, std::size_t j) {
  const int region = values[j].region;
  if (region < 0) {
    std::uint64_t before = 0;
    for (std::size_t k = 0; k < j; ++k) before += values.shared(k);
    return before;
  }
  const RegionMap& map = values.regions()[static_cast<std::size_t>(region)];
  return static_cast<std::uint64_t>(map.value[static_cast<std::size_t>(map.of_column[column])]);
}

} // namespace

ConsideredValues::ConsideredValues(const Controls& estimated)
    : values_(estimated.considered()), root_(DenseMatrix::Zero(size(), size())) {
  for (std::size_t j = 0; j < size(); ++j) {
    const ParameterSlot slot = values_[j].slot;
    if (parameters_.empty() || !(parameters_.back().slot == slot))
      parameters_.push_back({slot, j, 0});
    ++parameters_.back().count;
    parameter_of_.push_back(parameters_.size() - 1);
  }
  // Each parameter by itself, so that eigenvectors of equal eigenvalues do not mix them.
  const DenseMatrix precision = precision_of_values(values_);
  for (const auto& [slot, first, count] : parameters_) {
    const auto i = Eigen::Index(first), n = Eigen::Index(count);
    root_.block(i, i, n, n) = root_of(inverse_above_rounding(precision.block(i, i, n, n)));
  }
}

std::vector<Direction> ConsideredValues::directions_after(const Controls& estimated) const {
  std::vector<Direction> all = estimated.directions();
  for (const Direction& direction : values_.directions()) all.push_back(direction);
  return all;
}

DenseMatrix ConsideredValues::cross_block(const Controls& estimated,
                                          const DenseMatrix& block) const {
  const std::size_t m = estimated.per_column();
  DenseMatrix S(m, size());
  for (std::size_t k = 0; k < m; ++k)
    for (std::size_t j = 0; j < size(); ++j)
      S(k, j) = estimated.scale(k) * block(k, m + j) * values_.scale(j);
  return S * root_;
}

void ConsideredValues::draw(std::uint64_t seed, std::size_t sample, std::size_t column,
                            Eigen::Ref<Eigen::RowVectorXd> all_values) const {
  // Numbers of shared values, and of columns, which are not those of shared values.
  constexpr std::uint64_t key = 0x636f6e7369646572U;
  DenseVector normal(size());
  for (std::size_t j = 0; j < size(); ++j) {
    const bool shared = values_.shared(j);
    const std::uint64_t owner = shared ? shared_owner(values_, column, j) : values_.cell(column);
    normal[Eigen::Index(j)] =
        random_normal(random_bits({seed, key, shared, owner, sample}), j, 0, 0);
  }
  const DenseVector change = root_ * normal;
  for (std::size_t j = 0; j < size(); ++j) {
    const ParameterInfo& allowed = info(values_[j].slot.parameter);
    double& value = all_values[Eigen::Index(values_[j].value)];
    // Products of values are possible to this distance.
    const double most = values_.schedule().ties.empty() ? no_limit : reach_of_considered;
    value += values_.scale(j) * std::clamp(change[Eigen::Index(j)], -most, most);
    if (values_[j].is_ratio()) continue;
    // A conductivity may be small, but not zero.
    const double least =
        allowed.lower_excluded ? allowed.lower + 1e-3 * std::abs(values_.scale(j)) : allowed.lower;
    value = std::clamp(value, least, allowed.upper);
  }
}

} // namespace glebe
