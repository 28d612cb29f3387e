// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/objective.hpp"

#include "glebe/base/error.hpp"

#include <cmath>
#include <limits>

namespace glebe {

Objective::Objective(const Ranks& ranks, const ColumnProblem& problem, const Controls& controls)
    : ranks_(ranks), problem_(problem), controls_(controls), prior_(controls),
      slots_(controls.slots()), left_out_(controls.n_column(), 0) {}

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
    fit_ = run_columns(problem_, controls_.parameters(now.data()),
                       with_tangents ? std::span<const ParameterSlot>(slots_)
                                     : std::span<const ParameterSlot>());
  });
  if (!has_fit_) leave_out_hopeless_columns();
  const std::vector<double> prior = prior_.cost(now.data());
  for (std::size_t c = 0; c < controls_.n_column(); ++c) fit_.cost[c] += prior[c];
  if (!has_fit_) initial_cost_ = fit_.cost;
  x_ = std::move(now);
  has_fit_ = true;
  has_tangents_ = with_tangents;
  ++(with_tangents ? n_tangent_ : n_forward_);
}

void Objective::leave_out_hopeless_columns() {
  for (std::size_t c = 0; c < controls_.n_column(); ++c) {
    double n_observation = 0.0;
    for (std::size_t s = 0; s < fit_.n_stream; ++s)
      if (problem_.observations.streams[s].fitted())
        n_observation += fit_.stream[c * fit_.n_stream + s].count;
    left_out_[c] = fit_.failed[c] || n_observation == 0.0;
  }
}

double Objective::total_cost() const {
  double cost = 0.0;
  for (std::size_t c = 0; c < controls_.n_column(); ++c) {
    if (left_out_[c]) continue;
    cost += fit_.failed[c] ? std::numeric_limits<double>::infinity() : fit_.cost[c];
  }
  return ranks_.sum(cost);
}

} // namespace glebe
