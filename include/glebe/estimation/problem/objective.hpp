// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/ranks.hpp"
#include "glebe/estimation/problem/hessian.hpp"
#include "glebe/estimation/problem/prior.hpp"
#include "glebe/simulation/column_runs.hpp"
#include "glebe/simulation/stream_runs.hpp"

#include <cstdint>
#include <limits>

namespace glebe {

/// The derivatives to be computed together with the cost: none; the gradient by the adjoint, whose
/// cost does not depend on the number of controls; or the gradient and the Gauss-Newton blocks by
/// the tangent-linear model.
enum class Derivatives { none, gradient, blocks };

/// J at one point x, with the contributions of this rank's columns.
struct EvaluatedPoint {
  Vector x;
  DenseMatrix x_of_columns; ///< [column][k], scaled
  Derivatives derivatives;  ///< those that were computed
  /// [column]: the cost includes the column's own prior; derivatives are without prior, in the
  /// units of the parameters. Columns that are left out contribute only their prior.
  Evaluation columns;
  double cost; ///< J, the same on all ranks
};

/// The cost J(x) of docs/theory.md, its gradient and its Gauss-Newton Hessian, for controls x
/// distributed over ranks like their columns. A column without observations, or whose model fails
/// at the first guess, is left out: its data never contribute to J. Where the model of another
/// column fails, J is very large, so that the optimiser rejects the point.
class Objective {
public:
  Objective(const Ranks& ranks, const ColumnProblem& problem, const Controls& controls,
            const PriorCoupling& coupling);

  /// Evaluates the first point, and leaves out the columns whose model fails there. Collective.
  EvaluatedPoint start_at(Vec x, Derivatives wanted);
  /// Evaluates any point. Collective.
  EvaluatedPoint evaluate_at(Vec x, Derivatives wanted);
  /// Evaluates a point with blocks, and shows what every stream says of each column with data, by
  /// the number of the column: see run_and_view_streams(). Collective.
  EvaluatedPoint evaluate_at(Vec x, const RunVisitor& visit);
  /// dJ/dx at a point that was evaluated with derivatives. Collective.
  void gradient(const EvaluatedPoint& point, Vec g) const;
  /// Replaces the values of H by P^T G P + B^-1 at a point that was evaluated with blocks.
  /// Collective.
  void fill(const EvaluatedPoint& point, Hessian& H) const;
  /// w = (P^T G P + B^-1) v at x [column][k], by one tangent-linear and one adjoint run.
  /// Collective.
  void multiply(const DenseMatrix& x_of_columns, Vec v, Vec w);

  /// Costs, gradients and Gauss-Newton blocks of some columns at x [run][k], scaled, each with the
  /// column's own prior; of the observations in the first `most_steps` steps. A column may occur
  /// more than once. For separable problems. Not collective.
  Evaluation evaluate(std::span<const std::size_t> columns, const DenseMatrix& x,
                      std::size_t most_steps = std::numeric_limits<std::size_t>::max());
  /// The same costs alone [run], of the whole window; infinite where the model fails.
  std::vector<double> costs(std::span<const std::size_t> columns, const DenseMatrix& x);

  /// The Gauss-Newton block G of a column's data at a point, scaled [k][k], divided by
  /// `error_scale`, the factor by which the error variances are multiplied; zero for a column that
  /// is left out. Not collective.
  DenseMatrix data_block(const EvaluatedPoint& point, std::size_t column,
                         double error_scale = 1.0) const;
  /// The same plus the prior precision of the column's own values; see hold_uninformed().
  DenseMatrix column_block(const EvaluatedPoint& point, std::size_t column,
                           double error_scale = 1.0) const;

  /// Subtracts force^T (x - at) from J. This shifts the mean of the prior, up to a constant in J.
  /// Both vectors are copied. Collective.
  void add_linear_term(Vec at, Vec force);
  /// Adds the gradient of the whole prior at x to g. Collective.
  void add_prior_gradient(const DenseMatrix& x_of_columns, Vec x, Vec g) const;

  const Ranks& ranks() const { return ranks_; }
  const ColumnProblem& problem() const { return problem_; }
  const Controls& controls() const { return controls_; }
  const Prior& prior() const { return prior_; }
  const PriorCoupling& coupling() const { return coupling_; }
  /// Every control belongs to one column, and no prior couples columns.
  bool separable() const { return !coupling_.couples_columns(); }
  /// Whether data inform value k of a column: its own data, or those of other columns if the value
  /// is shared or a field.
  bool is_informed(std::size_t column, std::size_t k) const;
  /// Whether data inform any value of a column.
  bool is_informed(std::size_t column) const;
  /// [column]: whether its data are left out; leave_out() leaves out one more.
  const std::vector<char>& left_out() const { return left_out_; }
  void leave_out(std::size_t column) { left_out_[column] = 1; }
  /// [column]: whether it has observations to be fitted.
  const std::vector<char>& observed() const { return observed_; }
  /// The columns whose data are not left out, ascending.
  std::vector<std::size_t> columns_with_data() const;
  /// Runs of single columns on this rank so far, without and with derivatives.
  std::int64_t n_forward() const { return n_forward_; }
  std::int64_t n_tangent() const { return n_tangent_; }
  /// Those with derivatives over a first part of the window, which the others do not count.
  std::int64_t n_early() const { return n_early_; }

  /// What a search that is gone on with has to know of its start, in place of start_at(): the costs
  /// of the columns there, and which of them it left out. Not collective.
  void set_start(std::vector<double> first_cost, std::vector<char> left_out);
  const std::vector<double>& first_cost() const { return first_cost_; }
  /// Counts from these numbers of runs on, of which the root has those of all ranks.
  void set_runs(std::int64_t n_forward, std::int64_t n_tangent) {
    n_forward_ = ranks_.is_root() ? n_forward : 0;
    n_tangent_ = ranks_.is_root() ? n_tangent : 0;
  }

private:
  Evaluation run(const DenseMatrix& x_of_columns, Derivatives wanted, const RunVisitor& visit);
  Evaluation run_by_adjoint(std::span<const std::size_t> columns, const DenseMatrix& values) const;
  void complete(EvaluatedPoint& point) const;
  double total_cost(const EvaluatedPoint& point) const;
  double cost_besides_data(std::size_t column, const DenseVector& x) const;

  const Ranks& ranks_;
  const ColumnProblem& problem_;
  const Controls& controls_;
  const PriorCoupling& coupling_;
  Prior prior_;
  std::vector<Direction> directions_;
  std::vector<char> observed_;
  std::vector<char> left_out_;
  std::vector<double> first_cost_; ///< [column]; empty before start_at()
  Vector linear_at_;               ///< empty unless add_linear_term() was called
  Vector linear_force_;
  DenseMatrix linear_at_of_columns_, linear_force_of_columns_; ///< for evaluate()
  std::int64_t n_forward_ = 0;
  std::int64_t n_tangent_ = 0;
  std::int64_t n_early_ = 0;
};

} // namespace glebe
