// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/ranks.hpp"
#include "glebe/estimation/problem/hessian.hpp"
#include "glebe/estimation/problem/prior.hpp"
#include "glebe/simulation/column_runs.hpp"

#include <cstdint>

namespace glebe {

/// What is wanted of the model at a point beside the cost: nothing; the gradient, by the adjoint,
/// which costs the same for any number of controls; or gradient and Gauss-Newton blocks, by the
/// tangent-linear model.
enum class Derivatives { none, gradient, blocks };

/// J at one point x, and what it is made of on this rank.
struct EvaluatedPoint {
  Vector x;
  DenseMatrix x_of_columns; ///< [column][k], scaled
  Derivatives derivatives;  ///< that were asked for
  /// [column]: cost with the column's own prior; derivatives without prior, in the units of the
  /// parameters. Columns that are left out have none but the prior.
  Evaluation columns;
  double cost; ///< J, the same on all ranks
};

/// The cost J(x) of docs/theory.md, its gradient and its Gauss-Newton Hessian, for controls x
/// spread over ranks like their columns. The data of columns without an observation, or whose model
/// fails at the first guess, are left out of J for good; a column that fails later makes J very
/// large there, so that the optimiser turns back.
class Objective {
public:
  Objective(const Ranks& ranks, const ColumnProblem& problem, const Controls& controls,
            const PriorCoupling& coupling);

  /// Evaluates the first point and leaves out the columns whose model fails there. Collective.
  EvaluatedPoint start_at(Vec x, Derivatives wanted);
  /// Evaluates any point. Collective.
  EvaluatedPoint evaluate_at(Vec x, Derivatives wanted);
  /// dJ/dx at a point that was evaluated with derivatives. Collective.
  void gradient(const EvaluatedPoint& point, Vec g) const;
  /// Replaces the values of H by P^T G P + B^-1 at a point that was evaluated with blocks.
  /// Collective.
  void fill(const EvaluatedPoint& point, Hessian& H) const;
  /// w = (P^T G P + B^-1) v at x [column][k], by one tangent and the adjoint. Collective.
  void multiply(const DenseMatrix& x_of_columns, Vec v, Vec w);

  /// Costs, gradients and Gauss-Newton blocks of some columns at x [run][k], in the scaled
  /// controls, what columns have by themselves of the prior included; a column may occur more than
  /// once. Not collective.
  Evaluation evaluate(std::span<const std::size_t> columns, const DenseMatrix& x);

  /// What the data of a column tell at a point, scaled [k][k]: its Gauss-Newton block divided by
  /// `error_scale`, the squared factor of its errors; zero for a column that is left out. Not
  /// collective.
  DenseMatrix data_block(const EvaluatedPoint& point, std::size_t column,
                         double error_scale = 1.0) const;
  /// The same with the prior of the column's own values, and values that nothing is told of held.
  DenseMatrix column_block(const EvaluatedPoint& point, std::size_t column,
                           double error_scale = 1.0) const;

  /// Subtracts force^T (x - at) from J, which gives the prior another mean, up to a constant. Both
  /// are copied. Collective.
  void add_linear_term(Vec at, Vec force);
  /// Adds the gradient of the prior at x to g: of columns, fields and what is shared. Collective.
  void add_prior_gradient(const DenseMatrix& x_of_columns, Vec x, Vec g) const;

  const Ranks& ranks() const { return ranks_; }
  const ColumnProblem& problem() const { return problem_; }
  const Controls& controls() const { return controls_; }
  const Prior& prior() const { return prior_; }
  const PriorCoupling& coupling() const { return coupling_; }
  /// Every control belongs to one column, and no prior couples columns.
  bool separable() const { return !coupling_.couples_columns(); }
  /// Whether something is told of value k of a column: by its own data, by those of others with
  /// which it is shared, or by its neighbours.
  bool is_informed(std::size_t column, std::size_t k) const;
  /// Whether something is told of any value of a column.
  bool is_informed(std::size_t column) const;
  /// Columns whose data are left out, on this rank, and leaving out one more.
  const std::vector<char>& left_out() const { return left_out_; }
  void leave_out(std::size_t column) { left_out_[column] = 1; }
  /// Columns that have observations to be fitted.
  const std::vector<char>& observed() const { return observed_; }
  /// The columns whose data are not left out, ascending.
  std::vector<std::size_t> columns_with_data() const;
  /// Runs of single columns so far, on this rank, without derivatives and with them.
  std::int64_t n_forward() const { return n_forward_; }
  std::int64_t n_tangent() const { return n_tangent_; }

private:
  Evaluation run(const DenseMatrix& x_of_columns, Derivatives wanted);
  Evaluation run_by_adjoint(std::span<const std::size_t> columns, const DenseMatrix& values) const;
  void complete(EvaluatedPoint& point) const;
  double total_cost(const EvaluatedPoint& point) const;

  const Ranks& ranks_;
  const ColumnProblem& problem_;
  const Controls& controls_;
  const PriorCoupling& coupling_;
  Prior prior_;
  std::vector<Direction> directions_;
  std::vector<char> observed_;
  std::vector<char> left_out_;
  std::vector<double> first_cost_; ///< [column], known after start_at()
  Vector linear_at_;               ///< without handle unless add_linear_term() was called
  Vector linear_force_;
  DenseMatrix linear_at_of_columns_, linear_force_of_columns_; ///< of separable problems
  std::int64_t n_forward_ = 0;
  std::int64_t n_tangent_ = 0;
};

} // namespace glebe
