// SPDX-License-Identifier: BSD-3-Clause
// Noisy copies of a solved problem, of which a bootstrap is made.
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

/// The fitted observations as the model at the estimate sees them, and how to add noise.
class NoiseFreeData {
public:
  /// Not collective.
  NoiseFreeData(const SolvedPoint& solved, const BootstrapPlan& plan);

  /// Observations with one column for each of `members`, in as many lanes as those of the problem.
  Observations noisy(const std::vector<SampledColumn>& members) const;
  /// A sample of the Gaussian with the covariance B^-1 of the prior that columns have by themselves
  /// [member][k].
  DenseMatrix prior_noise(const std::vector<SampledColumn>& members) const;

private:
  double normal(const SampledColumn& member, std::size_t a, std::size_t b) const;

  const SolvedPoint& solved_;
  const BootstrapPlan& plan_;
  std::vector<std::size_t> fitted_; ///< numbers of the fitted streams
  /// (model - observation) / sigma [column][fitted stream][observation], for columns with data.
  std::vector<std::vector<std::vector<double>>> residuals_;
  DenseMatrix prior_root_; ///< R with R R^T = B^-1
};

/// A problem of its own for some samples of some columns, ready to be minimised. With a mean e
/// about the estimate x the prior is, up to a constant, that about its own mean with the linear
/// term B^-1 (x + e) - B^-1 mean, and B^-1 e has the covariance B^-1: so that no system with B^-1
/// need be solved, nor B exist.
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
  // Of samples of single columns: what the objective refers to.
  struct OneRank {
    OneRank(const SolvedPoint& solved, const std::vector<std::size_t>& of_columns);
    Ranks ranks{MPI_COMM_SELF};
    Columns columns;
    Forcing forcing;
    Controls controls;
    PriorCoupling coupling;
  };

  DenseMatrix start_;
  Observations observations_;
  std::unique_ptr<OneRank> one_rank_;
  std::optional<ColumnProblem> problem_;
  std::optional<Objective> objective_;
};

} // namespace glebe
