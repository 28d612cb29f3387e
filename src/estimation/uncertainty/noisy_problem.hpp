// SPDX-License-Identifier: BSD-3-Clause
// Noisy copies of a solved problem: the samples of a bootstrap.
#pragma once

#include "glebe/estimation/uncertainty/bootstrap.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace glebe {

/// A sample of one column.
struct SampledColumn {
  std::size_t column;
  std::size_t sample;
};

/// The model equivalents of the fitted observations at the estimate, to which noise is added.
class NoiseFreeData {
public:
  /// Not collective.
  NoiseFreeData(const SolvedPoint& solved, const ConsideredValues& considered,
                const BootstrapPlan& plan);

  /// Observations with one column for each of `members`, in as many lanes as those of the problem.
  Observations noisy(const std::vector<SampledColumn>& members) const;
  /// A sample, for each member, of the Gaussian with the covariance B^-1 of a column's own prior
  /// [member][k].
  DenseMatrix prior_noise(const std::vector<SampledColumn>& members) const;
  /// The values with which each member is fitted: those given, but for the considered ones, which
  /// are drawn [member][n_value].
  DenseMatrix values_with_considered(const std::vector<SampledColumn>& members) const;

private:
  double normal(const SampledColumn& member, std::size_t a, std::size_t b) const;

  const SolvedPoint& solved_;
  const ConsideredValues& considered_;
  const BootstrapPlan& plan_;
  std::vector<std::size_t> fitted_; ///< numbers of the fitted streams
  /// (model - observation) / sigma [column][fitted stream][observation], for columns with data.
  std::vector<std::vector<std::vector<double>>> residuals_;
  DenseMatrix prior_root_; ///< R with R R^T = B^-1
};

/// An objective for some samples of some columns, ready to be minimised. A sample has the prior
/// mean x + e, where x is the estimate. Up to a constant, this prior is the original one with the
/// linear term B^-1 (x - mean) + B^-1 e. Since B^-1 e has the covariance B^-1, it can be drawn
/// without solving a system with B^-1, even if B does not exist.
class NoisyProblem {
public:
  /// Samples of single columns of a separable problem, on this rank alone.
  NoisyProblem(const SolvedPoint& solved, const NoiseFreeData& data,
               const std::vector<SampledColumn>& members);
  /// One sample of all columns of a coupled problem. Collective.
  NoisyProblem(const SolvedPoint& solved, const NoiseFreeData& data, const BootstrapPlan& plan,
               std::size_t sample);
  NoisyProblem(const NoisyProblem&) = delete;
  NoisyProblem& operator=(const NoisyProblem&) = delete;

  Objective& objective() { return *objective_; }
  /// The estimate, from which its minimisation starts [member][k].
  const DenseMatrix& start() const { return start_; }

private:
  // The objects to which the objective of single columns refers.
  struct OneRank {
    OneRank(const SolvedPoint& solved, const std::vector<std::size_t>& of_columns,
            DenseMatrix values);
    Ranks ranks{MPI_COMM_SELF};
    Columns columns;
    Forcing forcing;
    Controls controls;
    PriorCoupling coupling;
  };

  DenseMatrix start_;
  Observations observations_;
  std::unique_ptr<OneRank> one_rank_;
  std::optional<Controls> controls_; ///< of all columns, where their considered values are drawn
  std::optional<ColumnProblem> problem_;
  std::optional<Objective> objective_;
};

} // namespace glebe
