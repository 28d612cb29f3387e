// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/objective.hpp"

#include "glebe/base/error.hpp"
#include "glebe/estimation/problem/column_blocks.hpp"
#include "glebe/simulation/adjoint_runs.hpp"

#include <cmath>

namespace glebe {

// What a column costs where its model fails, relative to its cost at the first guess: enough to
// turn any step back, and finite, because TAO gives up at infinity.
constexpr double failure_cost = 1e6;

// Those rows of values [column][m] that belong to `columns`.
static std::vector<double> rows_of(const std::vector<double>& values,
                                   std::span<const std::size_t> columns, std::size_t m) {
  std::vector<double> rows;
  for (const std::size_t c : columns)
    rows.insert(rows.end(), values.begin() + std::ptrdiff_t(c * m),
                values.begin() + std::ptrdiff_t((c + 1) * m));
  return rows;
}

Objective::Objective(const Ranks& ranks, const ColumnProblem& problem, const Controls& controls,
                     const Coupling& coupling)
    : ranks_(ranks), problem_(problem), controls_(controls), coupling_(coupling), prior_(controls),
      directions_(controls.directions()),
      observed_(columns_with_observations(problem.observations, controls.n_column())),
      left_out_(controls.n_column()), initial_cost_(controls.n_column(), std::nan("")) {
  for (std::size_t c = 0; c < left_out_.size(); ++c) left_out_[c] = !observed_[c];
}

bool Objective::known(std::size_t column, std::size_t k) const {
  return !left_out_[column] || controls_.shared(k) ||
         controls_.controls()[k].correlation_length > 0.0;
}

double Objective::cost(Vec x) {
  run(x, Derivatives::none);
  return total_cost(x);
}

void Objective::gradient(Vec x, Vec g) { cost_and_gradient(x, g); }

double Objective::cost_and_gradient(Vec x, Vec g) {
  run(x, Derivatives::gradient);
  const std::size_t m = controls_.per_column();
  std::vector<double> of_columns(controls_.n_column() * m, 0.0);
  for (std::size_t c = 0; c < controls_.n_column(); ++c) {
    double* const of_column = of_columns.data() + c * m;
    for (std::size_t k = 0; k < m && !left_out_[c]; ++k)
      of_column[k] = controls_.scale(k) * fit_.gradient[c * m + k];
    double cost = 0.0;
    prior_.add(c, x_.data() + c * m, cost, of_column);
  }
  GLEBE_PETSC(VecZeroEntries(g));
  controls_.add_transposed(of_columns, g);
  coupling_.add_gradient(x, g);
  if (tilt_.handle()) GLEBE_PETSC(VecAXPY(g, -1.0, tilt_.handle()));
  return total_cost(x);
}

void Objective::add_prior_gradient(Vec x, Vec g) const {
  const std::size_t m = controls_.per_column();
  const std::vector<double> x_of_columns = controls_.of_columns(x);
  std::vector<double> of_columns(x_of_columns.size(), 0.0);
  double cost = 0.0;
  for (std::size_t c = 0; c < controls_.n_column(); ++c)
    prior_.add(c, x_of_columns.data() + c * m, cost, of_columns.data() + c * m);
  controls_.add_transposed(of_columns, g);
  coupling_.add_gradient(x, g);
}

void Objective::tilt(Vec at, Vec force) {
  tilted_at_ = controls_.make_vector();
  tilt_ = controls_.make_vector();
  GLEBE_PETSC(VecCopy(at, tilted_at_.handle()));
  GLEBE_PETSC(VecCopy(force, tilt_.handle()));
}

std::vector<double> Objective::column_block(std::size_t column, double data_weight) const {
  const std::size_t m = controls_.per_column();
  std::vector<double> block(m * m, 0.0);
  if (!left_out_[column]) block = controls_.scaled_block(fit_.gauss_newton, column);
  for (std::size_t i = 0; i < m * m; ++i) block[i] = data_weight * block[i] + prior_.precision()[i];
  hold_unknown(block, m, column, [&](std::size_t c, std::size_t k) { return known(c, k); });
  return block;
}

void Objective::hessian(Vec x, Hessian& H) {
  hessian_x_ = controls_.of_columns(x);
  if (H.can_stay()) return H.stay();
  run(x, Derivatives::blocks);
  H.begin();
  for (std::size_t c = 0; c < controls_.n_column(); ++c) H.add_column(c, column_block(c));
  H.finish();
}

void Objective::hessian_product(Vec v, Vec w) {
  const std::size_t m = controls_.per_column(), n_value = controls_.schedule().n_value();
  const std::vector<double> v_of_columns = controls_.of_columns(v);
  const std::vector<std::size_t> columns = columns_with_data();
  const auto value = [&](std::size_t k) { return controls_.controls()[k].value; };
  std::vector<double> change(columns.size() * n_value, 0.0), seen;
  for (std::size_t run = 0; run < columns.size(); ++run)
    for (std::size_t k = 0; k < m; ++k)
      change[run * n_value + value(k)] = controls_.scale(k) * v_of_columns[columns[run] * m + k];
  agree_on_failure(ranks_, [&] {
    seen = gauss_newton_product(problem_, columns,
                                controls_.values(columns, rows_of(hessian_x_, columns, m).data()),
                                change);
  });
  n_tangent_ += static_cast<std::int64_t>(columns.size());

  std::vector<double> product(v_of_columns.size(), 0.0);
  for (std::size_t run = 0; run < columns.size(); ++run)
    for (std::size_t k = 0; k < m; ++k)
      product[columns[run] * m + k] = controls_.scale(k) * seen[run * n_value + value(k)];
  for (std::size_t c = 0; c < controls_.n_column(); ++c)
    for (std::size_t k = 0; k < m; ++k)
      for (std::size_t j = 0; j < m; ++j)
        product[c * m + k] += prior_.precision()[k * m + j] * v_of_columns[c * m + j];
  GLEBE_PETSC(VecZeroEntries(w));
  controls_.add_transposed(product, w);
  coupling_.add_product(v, w);
}

Fit Objective::evaluate(std::span<const std::size_t> columns, const std::vector<double>& x) {
  Fit fit = run_columns(problem_, columns, controls_.values(columns, x.data()), directions_);
  n_tangent_ += static_cast<std::int64_t>(columns.size());
  const std::size_t m = controls_.per_column();
  for (std::size_t run = 0; run < columns.size(); ++run) {
    const std::vector<double> block = controls_.scaled_block(fit.gauss_newton, run);
    std::copy(block.begin(), block.end(), fit.gauss_newton.begin() + std::ptrdiff_t(run * m * m));
    for (std::size_t k = 0; k < m; ++k) fit.gradient[run * m + k] *= controls_.scale(k);
    prior_.add(columns[run], x.data() + run * m, fit.cost[run], &fit.gradient[run * m],
               &fit.gauss_newton[run * m * m]);
    double& first = initial_cost_[columns[run]];
    if (std::isnan(first)) first = fit.cost[run];
  }
  return fit;
}

const Fit& Objective::fit_at(Vec x) {
  run(x, Derivatives::blocks);
  return fit_;
}

// The gradient of the adjoint is that of all values, of which the controls move some.
Fit Objective::run_columns_for(std::span<const std::size_t> columns,
                               const std::vector<double>& values, Derivatives wanted) const {
  if (wanted == Derivatives::none) return run_columns(problem_, columns, values, {});
  if (wanted == Derivatives::blocks || !adjoint_)
    return run_columns(problem_, columns, values, directions_);
  const Fit all = run_columns_adjoint(problem_, columns, values);
  const std::size_t m = controls_.per_column();
  Fit fit(columns.size(), m, all.n_stream);
  fit.cost = all.cost;
  fit.failed = all.failed;
  fit.stream = all.stream;
  for (std::size_t i = 0; i < columns.size() * m; ++i)
    fit.gradient[i] = all.gradient[i / m * all.n_direction + controls_.controls()[i % m].value];
  return fit;
}

// Computes fit_ at x unless it is there already.
void Objective::run(Vec x, Derivatives wanted) {
  if (wanted == Derivatives::gradient && !adjoint_) wanted = Derivatives::blocks; // come with it
  std::vector<double> now = controls_.of_columns(x);
  const bool is_known = has_fit_ && now == x_ && has_ >= wanted;
  if (!ranks_.any(!is_known)) return;
  const std::size_t m = controls_.per_column();
  const std::vector<std::size_t> columns = columns_with_data();
  agree_on_failure(ranks_, [&] {
    fit_ =
        run_columns_for(columns, controls_.values(columns, rows_of(now, columns, m).data()), wanted)
            .spread(columns, controls_.n_column());
  });
  if (!has_fit_) leave_out_failed_columns();
  for (std::size_t c = 0; c < controls_.n_column(); ++c) {
    if (left_out_[c])
      fit_.cost[c] = 0.0;
    else if (fit_.failed[c] && !std::isnan(initial_cost_[c]))
      fit_.cost[c] = failure_cost * (1.0 + initial_cost_[c]);
    prior_.add(c, now.data() + c * m, fit_.cost[c]);
    if (std::isnan(initial_cost_[c])) initial_cost_[c] = fit_.cost[c];
  }
  x_ = std::move(now);
  has_fit_ = true;
  has_ = wanted;
  (wanted == Derivatives::none ? n_forward_ : n_tangent_) +=
      static_cast<std::int64_t>(columns.size());
}

std::vector<std::size_t> Objective::columns_with_data() const {
  std::vector<std::size_t> columns;
  for (std::size_t c = 0; c < left_out_.size(); ++c)
    if (!left_out_[c]) columns.push_back(c);
  return columns;
}

void Objective::leave_out_failed_columns() {
  for (std::size_t c = 0; c < controls_.n_column(); ++c)
    if (fit_.failed[c]) left_out_[c] = 1;
}

double Objective::total_cost(Vec x) const {
  double cost = 0.0;
  for (const double of_column : fit_.cost) cost += of_column;
  double total = ranks_.sum(cost) + coupling_.cost(x);
  if (!tilt_.handle()) return total;
  const Vector away = controls_.make_vector();
  GLEBE_PETSC(VecWAXPY(away.handle(), -1.0, tilted_at_.handle(), x));
  double product = 0.0;
  GLEBE_PETSC(VecDot(tilt_.handle(), away.handle(), &product));
  return total - product;
}

} // namespace glebe
