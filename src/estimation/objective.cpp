// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/objective.hpp"

#include "glebe/base/error.hpp"

#include <cmath>

namespace glebe {

// What a column costs where its model fails, relative to its cost at the first guess: enough to
// turn any step back, and finite, because TAO gives up at infinity.
constexpr double failure_cost = 1e6;

Objective::Objective(const Ranks& ranks, const ColumnProblem& problem, const Controls& controls)
    : ranks_(ranks), problem_(problem), controls_(controls), prior_(controls),
      slots_(controls.slots()),
      observed_(columns_with_observations(problem.observations, controls.n_column())),
      left_out_(controls.n_column()), initial_cost_(controls.n_column(), std::nan("")) {
  for (std::size_t c = 0; c < left_out_.size(); ++c) left_out_[c] = !observed_[c];
}

double Objective::cost(Vec x) {
  run(x, false);
  return total_cost();
}

void Objective::gradient(Vec x, Vec g) { cost_and_gradient(x, g); }

double Objective::cost_and_gradient(Vec x, Vec g) {
  run(x, true);
  const ReadArray x_local(x);
  WriteArray g_local(g);
  std::fill(g_local.data(), g_local.data() + controls_.n_local(), 0.0);
  controls_.add_gradient(fit_.gradient, g_local.data());
  prior_.add_gradient(x_local.data(), g_local.data());
  const std::size_t m = controls_.per_column();
  for (std::size_t i = 0; i < controls_.n_local(); ++i)
    if (left_out_[i / m]) g_local[i] = 0.0;
  return total_cost();
}

void Objective::hessian(Vec x, Mat H) {
  run(x, true);
  PetscInt first = 0;
  GLEBE_PETSC(MatGetOwnershipRange(H, &first, nullptr));
  const std::size_t m = controls_.per_column();
  std::vector<PetscInt> rows(m);
  for (std::size_t column = 0; column < controls_.n_column(); ++column) {
    std::vector<double> block = controls_.scaled_block(fit_.gauss_newton, column);
    for (std::size_t k = 0; k < m; ++k) {
      rows[k] = first + static_cast<PetscInt>(column * m + k);
      block[k * m + k] += prior_.inverse_variance()[column * m + k];
    }
    if (left_out_[column])
      for (std::size_t i = 0; i < m * m; ++i) block[i] = i % (m + 1) == 0 ? 1.0 : 0.0;
    GLEBE_PETSC(MatSetValues(H, static_cast<PetscInt>(m), rows.data(), static_cast<PetscInt>(m),
                             rows.data(), block.data(), INSERT_VALUES));
  }
  GLEBE_PETSC(MatAssemblyBegin(H, MAT_FINAL_ASSEMBLY));
  GLEBE_PETSC(MatAssemblyEnd(H, MAT_FINAL_ASSEMBLY));
}

Vector Objective::make_controls() const {
  return make_vector(ranks_.comm(), static_cast<PetscInt>(controls_.n_local()));
}

Matrix Objective::make_hessian() const {
  const auto n = static_cast<PetscInt>(controls_.n_local());
  const auto m = static_cast<PetscInt>(controls_.per_column());
  Matrix H;
  GLEBE_PETSC(MatCreateAIJ(ranks_.comm(), n, n, PETSC_DETERMINE, PETSC_DETERMINE, m, nullptr, 0,
                           nullptr, H.slot()));
  GLEBE_PETSC(MatSetOption(H.handle(), MAT_SYMMETRIC, PETSC_TRUE));
  return H;
}

Fit Objective::evaluate(std::span<const std::size_t> columns, const std::vector<double>& x) {
  Fit fit = run_columns(problem_, columns, controls_.parameters(columns, x.data()), slots_);
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
  run(x, true);
  return fit_;
}

// Computes fit_ at x unless it is there already.
void Objective::run(Vec x, bool with_tangents) {
  const ReadArray x_local(x);
  std::vector<double> now(x_local.data(), x_local.data() + controls_.n_local());
  const bool known = has_fit_ && now == x_ && (has_tangents_ || !with_tangents);
  if (!ranks_.any(!known)) return;
  together(ranks_, [&] {
    fit_ = run_columns(
        problem_, all_columns(controls_.n_column()), controls_.parameters(now.data()),
        with_tangents ? std::span<const ParameterSlot>(slots_) : std::span<const ParameterSlot>());
  });
  if (!has_fit_) leave_out_failed_columns();
  const std::vector<double> prior = prior_.cost(now.data());
  for (std::size_t c = 0; c < controls_.n_column(); ++c) fit_.cost[c] += prior[c];
  for (std::size_t c = 0; c < initial_cost_.size(); ++c)
    if (std::isnan(initial_cost_[c])) initial_cost_[c] = fit_.cost[c];
  x_ = std::move(now);
  has_fit_ = true;
  has_tangents_ = with_tangents;
  (with_tangents ? n_tangent_ : n_forward_) += static_cast<std::int64_t>(fit_.cost.size());
}

void Objective::leave_out_failed_columns() {
  for (std::size_t c = 0; c < controls_.n_column(); ++c)
    if (fit_.failed[c]) left_out_[c] = 1;
}

double Objective::total_cost() const {
  double cost = 0.0;
  for (std::size_t c = 0; c < controls_.n_column(); ++c) {
    if (left_out_[c]) continue;
    cost += fit_.failed[c] ? failure_cost * (1.0 + initial_cost_[c]) : fit_.cost[c];
  }
  return ranks_.sum(cost);
}

} // namespace glebe
