// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/objective.hpp"

#include "glebe/base/error.hpp"
#include "glebe/estimation/problem/column_blocks.hpp"
#include "glebe/simulation/adjoint_runs.hpp"

#include <cmath>

namespace glebe {

// The cost of a column whose model fails, relative to its cost at the first guess: large enough
// that every such step is rejected, and finite, because TAO stops at infinity.
constexpr double failure_cost = 1e6;

Objective::Objective(const Ranks& ranks, const ColumnProblem& problem, const Controls& controls,
                     const PriorCoupling& coupling)
    : ranks_(ranks), problem_(problem), controls_(controls), coupling_(coupling), prior_(controls),
      directions_(controls.directions()),
      observed_(columns_with_observations(problem.observations, controls.n_column())),
      left_out_(controls.n_column()) {
  for (std::size_t c = 0; c < left_out_.size(); ++c) left_out_[c] = !observed_[c];
}

bool Objective::is_informed(std::size_t column, std::size_t k) const {
  return !left_out_[column] || controls_.is_coupled(k);
}

bool Objective::is_informed(std::size_t column) const {
  for (std::size_t k = 0; k < controls_.per_column(); ++k)
    if (is_informed(column, k)) return true;
  return false;
}

std::vector<std::size_t> Objective::columns_with_data() const {
  std::vector<std::size_t> columns;
  for (std::size_t c = 0; c < left_out_.size(); ++c)
    if (!left_out_[c]) columns.push_back(c);
  return columns;
}

// ---- All columns at a point ---------------------------------------------------------------------

EvaluatedPoint Objective::start_at(Vec x, Derivatives wanted) {
  EvaluatedPoint point{controls_.copy_of(x), controls_.of_columns(x), wanted, {}, 0.0};
  point.columns = run(point.x_of_columns, wanted, {});
  for (std::size_t c = 0; c < controls_.n_column(); ++c)
    if (point.columns.failed[c]) leave_out(c);
  complete(point);
  first_cost_ = point.columns.cost;
  return point;
}

void Objective::set_start(std::vector<double> first_cost, std::vector<char> left_out) {
  first_cost_ = std::move(first_cost);
  left_out_ = std::move(left_out);
}

EvaluatedPoint Objective::evaluate_at(Vec x, Derivatives wanted) {
  EvaluatedPoint point{controls_.copy_of(x), controls_.of_columns(x), wanted, {}, 0.0};
  point.columns = run(point.x_of_columns, wanted, {});
  complete(point);
  return point;
}

EvaluatedPoint Objective::evaluate_at(Vec x, const RunVisitor& visit) {
  EvaluatedPoint point{controls_.copy_of(x), controls_.of_columns(x), Derivatives::blocks, {}, 0.0};
  point.columns = run(point.x_of_columns, Derivatives::blocks, visit);
  complete(point);
  return point;
}

Evaluation Objective::run(const DenseMatrix& x_of_columns, Derivatives wanted,
                          const RunVisitor& visit) {
  const std::vector<std::size_t> columns = columns_with_data();
  Evaluation found;
  agree_on_failure(ranks_, [&] {
    const DenseMatrix values = controls_.values(columns, x_of_columns(columns, Eigen::all));
    const auto visit_column = [&](std::size_t run, bool failed, const auto& streams) {
      visit(columns[run], failed, streams);
    };
    found = visit ? run_and_view_streams(problem_, columns, values, directions_, visit_column)
            : wanted == Derivatives::gradient ? run_by_adjoint(columns, values)
            : wanted == Derivatives::blocks   ? run_columns(problem_, columns, values, directions_)
                                              : run_columns(problem_, columns, values, {});
    found = found.spread(columns, controls_.n_column());
  });
  (wanted == Derivatives::none ? n_forward_ : n_tangent_) +=
      static_cast<std::int64_t>(columns.size());
  return found;
}

// The adjoint gives the gradient with respect to all values; the controls are a part of them.
Evaluation Objective::run_by_adjoint(std::span<const std::size_t> columns,
                                     const DenseMatrix& values) const {
  Evaluation found = run_columns_adjoint(problem_, columns, values);
  std::vector<std::size_t> of_controls;
  for (const Control& control : controls_.all()) of_controls.push_back(control.value);
  found.gradient = DenseMatrix(found.gradient(Eigen::all, of_controls));
  return found;
}

// Adds the costs of failures and of the prior, and sums over all columns.
void Objective::complete(EvaluatedPoint& point) const {
  Evaluation& columns = point.columns;
  for (std::size_t c = 0; c < controls_.n_column(); ++c) {
    if (left_out_[c])
      columns.cost[c] = 0.0;
    else if (columns.failed[c] && !first_cost_.empty())
      columns.cost[c] = failure_cost * (1.0 + first_cost_[c]);
    columns.cost[c] += prior_.cost(c, point.x_of_columns.row(c));
  }
  point.cost = total_cost(point);
}

double Objective::total_cost(const EvaluatedPoint& point) const {
  double cost = 0.0;
  for (const double of_column : point.columns.cost) cost += of_column;
  const double total = ranks_.sum(cost) + coupling_.cost(point.x.handle());
  if (!linear_force_.handle()) return total;
  const Vector away = controls_.make_vector();
  GLEBE_PETSC(VecWAXPY(away.handle(), -1.0, linear_at_.handle(), point.x.handle()));
  double product = 0.0;
  GLEBE_PETSC(VecDot(linear_force_.handle(), away.handle(), &product));
  return total - product;
}

void Objective::gradient(const EvaluatedPoint& point, Vec g) const {
  DenseMatrix of_columns = DenseMatrix::Zero(controls_.n_column(), controls_.per_column());
  for (std::size_t c = 0; c < controls_.n_column(); ++c) {
    for (std::size_t k = 0; k < controls_.per_column() && !left_out_[c]; ++k)
      of_columns(c, k) = controls_.scale(k) * point.columns.gradient(c, k);
    of_columns.row(c) += prior_.gradient(c, point.x_of_columns.row(c));
  }
  GLEBE_PETSC(VecZeroEntries(g));
  controls_.add_transposed(of_columns, g);
  coupling_.add_gradient(point.x.handle(), g);
  if (linear_force_.handle()) GLEBE_PETSC(VecAXPY(g, -1.0, linear_force_.handle()));
}

void Objective::add_prior_gradient(const DenseMatrix& x_of_columns, Vec x, Vec g) const {
  DenseMatrix of_columns(x_of_columns.rows(), x_of_columns.cols());
  for (std::size_t c = 0; c < controls_.n_column(); ++c)
    of_columns.row(c) = prior_.gradient(c, x_of_columns.row(c));
  controls_.add_transposed(of_columns, g);
  coupling_.add_gradient(x, g);
}

void Objective::add_linear_term(Vec at, Vec force) {
  linear_at_ = controls_.copy_of(at);
  linear_force_ = controls_.copy_of(force);
  linear_at_of_columns_ = controls_.of_columns(at);
  linear_force_of_columns_ = controls_.of_columns(force);
}

DenseMatrix Objective::data_block(const EvaluatedPoint& point, std::size_t column,
                                  double error_scale) const {
  if (left_out_[column]) return DenseMatrix::Zero(controls_.per_column(), controls_.per_column());
  return controls_.scaled_block(point.columns.gauss_newton[column]) / error_scale;
}

DenseMatrix Objective::column_block(const EvaluatedPoint& point, std::size_t column,
                                    double error_scale) const {
  DenseMatrix block = data_block(point, column, error_scale) + prior_.precision();
  hold_uninformed(block, column, [&](std::size_t c, std::size_t k) { return is_informed(c, k); });
  return block;
}

void Objective::fill(const EvaluatedPoint& point, Hessian& H) const {
  H.begin();
  for (std::size_t c = 0; c < controls_.n_column(); ++c) H.add_column(c, column_block(point, c));
  H.finish();
}

void Objective::multiply(const DenseMatrix& x_of_columns, Vec v, Vec w) {
  const DenseMatrix v_of_columns = controls_.of_columns(v);
  const std::vector<std::size_t> columns = columns_with_data();
  DenseMatrix change = DenseMatrix::Zero(columns.size(), controls_.schedule().n_value()), product;
  for (std::size_t run = 0; run < columns.size(); ++run)
    for (std::size_t k = 0; k < controls_.per_column(); ++k)
      change(run, controls_[k].value) = controls_.scale(k) * v_of_columns(columns[run], k);
  agree_on_failure(ranks_, [&] {
    product = gauss_newton_product(
        problem_, columns, controls_.values(columns, x_of_columns(columns, Eigen::all)), change);
  });
  n_tangent_ += static_cast<std::int64_t>(columns.size());
  DenseMatrix of_columns = v_of_columns * prior_.precision();
  for (std::size_t run = 0; run < columns.size(); ++run)
    for (std::size_t k = 0; k < controls_.per_column(); ++k)
      of_columns(columns[run], k) += controls_.scale(k) * product(run, controls_[k].value);
  GLEBE_PETSC(VecZeroEntries(w));
  controls_.add_transposed(of_columns, w);
  coupling_.add_product(v, w);
}

// ---- Some columns, each separately
// ---------------------------------------------------------------

Evaluation Objective::evaluate(std::span<const std::size_t> columns, const DenseMatrix& x,
                               std::size_t most_steps) {
  ColumnProblem problem = problem_;
  problem.most_steps = most_steps;
  Evaluation found = run_columns(problem, columns, controls_.values(columns, x), directions_);
  (problem.n_step() < problem.time.n_step ? n_early_ : n_tangent_) +=
      static_cast<std::int64_t>(columns.size());
  for (std::size_t run = 0; run < columns.size(); ++run) {
    const std::size_t c = columns[run];
    auto gradient = found.gradient.row(run);
    for (std::size_t k = 0; k < controls_.per_column(); ++k) gradient[k] *= controls_.scale(k);
    gradient += prior_.gradient(c, x.row(run));
    found.gauss_newton[run] = controls_.scaled_block(found.gauss_newton[run]) + prior_.precision();
    found.cost[run] += cost_besides_data(c, x.row(run));
    if (linear_force_of_columns_.size() > 0) gradient -= linear_force_of_columns_.row(c);
  }
  return found;
}

std::vector<double> Objective::costs(std::span<const std::size_t> columns, const DenseMatrix& x) {
  Evaluation found = run_columns(problem_, columns, controls_.values(columns, x), {});
  n_forward_ += static_cast<std::int64_t>(columns.size());
  for (std::size_t run = 0; run < columns.size(); ++run) {
    found.cost[run] += cost_besides_data(columns[run], x.row(run));
    if (found.failed[run]) found.cost[run] = std::numeric_limits<double>::infinity();
  }
  return found.cost;
}

// Of the prior of a column and the linear term, for separable problems.
double Objective::cost_besides_data(std::size_t column, const DenseVector& x) const {
  const double of_prior = prior_.cost(column, x);
  if (linear_force_of_columns_.size() == 0) return of_prior;
  const DenseVector away = x - DenseVector(linear_at_of_columns_.row(column));
  return of_prior - linear_force_of_columns_.row(column).dot(away);
}

} // namespace glebe
