// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/ranks.hpp"
#include "glebe/estimation/problem/hessian.hpp"
#include "glebe/estimation/problem/prior.hpp"
#include "glebe/simulation/column_runs.hpp"

#include <cstdint>

namespace glebe {

/// The cost J(x) of docs/theory.md, its gradient and its Gauss-Newton Hessian, for controls x
/// spread over ranks like their columns. The data of columns without an observation, or whose model
/// fails at the first guess, are left out of J for good; a column that fails later makes J very
/// large there, so that the optimiser turns back. All functions are collective unless they say
/// otherwise.
class Objective {
public:
  Objective(const Ranks& ranks, const ColumnProblem& problem, const Controls& controls,
            const Coupling& coupling);

  /// J(x), by a forward run; very large where a column fails.
  double cost(Vec x);
  /// Whether gradients alone come from the adjoint, which costs the same for any number of
  /// controls, or from the tangent-linear model; blocks always come from the latter. Not
  /// collective.
  void use_adjoint(bool use) { adjoint_ = use; }
  /// dJ/dx.
  void gradient(Vec x, Vec g);
  /// J(x) and dJ/dx from one run.
  double cost_and_gradient(Vec x, Vec g);
  /// Replaces the values of H by P^T G P + B^-1 at x, unless they serve as a preconditioner only
  /// and can stay.
  void hessian(Vec x, Hessian& H);
  /// w = (P^T G P + B^-1) v where hessian() was called last, by one tangent and the adjoint.
  void hessian_product(Vec v, Vec w);

  /// Costs, gradients and Gauss-Newton blocks of some columns at x [run][k], prior included, in the
  /// scaled controls; a column may occur more than once. Not collective.
  Fit evaluate(std::span<const std::size_t> columns, const std::vector<double>& x);

  /// The Gauss-Newton block [k][k] of a column where fit_at() was called last, scaled and weighted,
  /// with the prior of its own values. Not collective.
  std::vector<double> column_block(std::size_t column, double data_weight = 1.0) const;

  /// Subtracts force^T (x - at) from J, both of which are copied: a prior with another mean, up to
  /// a constant.
  void tilt(Vec at, Vec force);
  /// Adds the gradient of the prior at x to g: of columns, fields and what is shared.
  void add_prior_gradient(Vec x, Vec g) const;

  /// The columns as they are at x: costs with prior, blocks, stream fits. The reference holds until
  /// the next call.
  const Fit& fit_at(Vec x);
  const Ranks& ranks() const { return ranks_; }
  const Controls& controls() const { return controls_; }
  const Prior& prior() const { return prior_; }
  const Coupling& coupling() const { return coupling_; }
  /// Every control belongs to one column, and no prior couples columns.
  bool separable() const { return !coupling_.any(); }
  /// Whether something is known of value k of a column: from its own data, from those of others
  /// with which it is shared, or from its neighbours. Not collective.
  bool known(std::size_t column, std::size_t k) const;
  /// Columns whose data are left out, on this rank, and leaving out one more. Not collective.
  const std::vector<char>& left_out() const { return left_out_; }
  void leave_out(std::size_t column) { left_out_[column] = 1; }
  /// Columns that have observations to be fitted. Not collective.
  const std::vector<char>& observed() const { return observed_; }
  /// Cost of each local column at the first guess. Not collective.
  const std::vector<double>& initial_cost() const { return initial_cost_; }
  /// Runs of single columns so far, on this rank, without derivatives and with them. Not
  /// collective.
  std::int64_t n_forward() const { return n_forward_; }
  std::int64_t n_tangent() const { return n_tangent_; }

private:
  enum class Derivatives { none, gradient, blocks };

  void run(Vec x, Derivatives wanted);
  std::vector<std::size_t> columns_with_data() const;
  Fit run_columns_for(std::span<const std::size_t> columns, const std::vector<double>& values,
                      Derivatives wanted) const;
  void leave_out_failed_columns();
  double total_cost(Vec x) const;

  const Ranks& ranks_;
  const ColumnProblem& problem_;
  const Controls& controls_;
  const Coupling& coupling_;
  Prior prior_;
  std::vector<Direction> directions_;
  std::vector<char> observed_;
  std::vector<char> left_out_;
  std::vector<double> initial_cost_;
  Vector tilted_at_; ///< without handle unless tilt() was called
  Vector tilt_;
  std::vector<double> x_;         ///< of the columns, where fit_ was computed
  std::vector<double> hessian_x_; ///< and where hessian() was called last
  Fit fit_;
  bool has_fit_ = false;
  Derivatives has_ = Derivatives::none;
  bool adjoint_ = false;
  std::int64_t n_forward_ = 0;
  std::int64_t n_tangent_ = 0;
};

} // namespace glebe
