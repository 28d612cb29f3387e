// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/considered.hpp"

#include "glebe/estimation/uncertainty/covariance.hpp"
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"
#include "glebe/simulation/column_runs.hpp"

#include <algorithm>

#include "hessian_solver.hpp"

namespace glebe {

DenseMatrix ConsideredEffect::gain(const std::vector<std::size_t>& free) const {
  DenseMatrix result = DenseMatrix::Zero(cross.rows(), cross.cols());
  const DenseMatrix P = covariance_of(hessian, free).matrix;
  result(free, Eigen::all) = -(P(free, free) * cross(free, Eigen::all));
  return result;
}

DenseMatrix with_considered(const DenseMatrix& covariance, const DenseMatrix& gain) {
  return gain.size() == 0 ? covariance : DenseMatrix(covariance + gain * gain.transpose());
}

ConsideredEffect ConsideredEffect::of_column(const ConsideredValues& considered,
                                             DenseMatrix hessian, DenseMatrix cross) {
  ConsideredEffect effect{std::move(hessian), std::move(cross)};
  for (std::size_t j = 0; j < considered.size(); ++j)
    effect.parameter.push_back(considered.parameter_of(j));
  return effect;
}

ConsideredEffect ConsideredEffect::of_coupled_column(const ConsideredValues& considered,
                                                     DenseMatrix hessian, const DenseMatrix& gain) {
  ConsideredEffect effect{hessian, -(hessian * gain)};
  for (std::size_t s = 0; s < considered.values().n_shared(); ++s)
    effect.parameter.push_back(considered.parameter_of(considered.values().value_of_shared(s)));
  return effect;
}

DenseMatrix coupled_gain(const GaussianProblem& problem, const ConsideredValues& considered,
                         const DenseMatrix& cross) {
  const Controls &controls = problem.controls, &values = considered.values();
  const std::size_t n_column = controls.n_column();
  const auto m = Eigen::Index(controls.per_column());
  const HessianSolver solver(problem);
  DenseMatrix gain = DenseMatrix::Zero(cross.rows(), Eigen::Index(values.n_shared()));
  for (std::size_t s = 0; s < values.n_shared(); ++s) {
    const auto j = values.value_of_shared(s);
    DenseMatrix of_columns = DenseMatrix::Zero(n_column, m);
    for (std::size_t c = 0; c < n_column; ++c)
      if (values.number(c, j) - values.first_shared() == s)
        of_columns.row(c) = -cross.col(j).segment(c * m, m).transpose();
    const Vector right = controls.make_vector();
    controls.add_transposed(of_columns, right.handle());
    const DenseMatrix change = controls.of_columns(solver.solve(right.handle()).handle());
    for (std::size_t c = 0; c < n_column; ++c)
      gain.col(s).segment(c * m, m) = change.row(c).transpose();
  }
  return gain;
}

Considered::Considered(const SolvedPoint& solved)
    : values_(solved.controls()), m_(Eigen::Index(solved.controls().per_column())),
      is_coupled_(!solved.objective.separable()) {
  if (!any()) return;
  find_cross_blocks(solved);
  find_gain(solved);
}

// Some columns at a time, to limit the memory of their blocks.
void Considered::find_cross_blocks(const SolvedPoint& solved) {
  constexpr std::size_t columns_at_a_time = 1024;
  const Controls& controls = solved.controls();
  cross_ = DenseMatrix::Zero(Eigen::Index(controls.n_column()) * m_, Eigen::Index(values_.size()));
  const std::vector<std::size_t> with_data = solved.objective.columns_with_data();
  const std::vector<Direction> directions = values_.directions_after(controls);
  agree_on_failure(solved.objective.ranks(), [&] {
    for (std::size_t first = 0; first < with_data.size(); first += columns_at_a_time) {
      const auto columns = std::span(with_data).subspan(
          first, std::min(columns_at_a_time, with_data.size() - first));
      const DenseMatrix x = solved.point.x_of_columns(columns, Eigen::all);
      const Evaluation found =
          run_columns(solved.problem(), columns, controls.values(columns, x), directions);
      for (std::size_t run = 0; run < columns.size(); ++run)
        if (!found.failed[run])
          cross_.middleRows(columns[run] * m_, m_) =
              values_.cross_block(controls, found.gauss_newton[run]);
    }
  });
}

void Considered::find_gain(const SolvedPoint& solved) {
  if (is_coupled_) {
    const std::vector<double> as_minimised(solved.controls().n_column(), 1.0);
    gain_ = coupled_gain(gaussian_at(solved.objective, solved.point, as_minimised,
                                     free_controls(solved.objective, solved.point)));
    return;
  }
  gain_ = DenseMatrix::Zero(cross_.rows(), cross_.cols());
  for (const std::size_t c : solved.objective.columns_with_data())
    gain_.middleRows(c * m_, m_) = effect(solved, c).gain(solved.posterior.free(c));
}

DenseMatrix Considered::coupled_gain(const GaussianProblem& problem) const {
  return any() ? glebe::coupled_gain(problem, values_, cross_) : DenseMatrix();
}

DenseMatrix Considered::gain(std::size_t column) const {
  return any() ? DenseMatrix(gain_.middleRows(column * m_, m_)) : DenseMatrix();
}

ConsideredEffect Considered::effect(const SolvedPoint& solved, std::size_t column) const {
  if (!any()) return {};
  const double scale = is_coupled_ ? solved.posterior.error_scale[column] : 1.0;
  const DenseMatrix hessian = solved.objective.data_block(solved.point, column, scale) +
                              solved.posterior.precision_without_data[column];
  if (is_coupled_) return ConsideredEffect::of_coupled_column(values_, hessian, gain(column));
  return ConsideredEffect::of_column(values_, hessian, cross_.middleRows(column * m_, m_));
}

DenseMatrix Considered::changes(std::size_t column) const {
  if (!is_coupled_) return values_.root();
  const Controls& shared = values_.values();
  DenseMatrix result =
      DenseMatrix::Zero(Eigen::Index(values_.size()), Eigen::Index(shared.n_shared()));
  for (std::size_t j = 0; j < values_.size(); ++j)
    result.col(Eigen::Index(shared.number(column, j) - shared.first_shared())) =
        values_.root().col(Eigen::Index(j));
  return result;
}

DenseMatrix Considered::variances(std::size_t column) const {
  DenseMatrix result = DenseMatrix::Zero(values_.parameters().size(), m_);
  const DenseMatrix found = gain(column);
  for (Eigen::Index r = 0; r < found.cols(); ++r) {
    const auto change = static_cast<std::size_t>(r);
    const std::size_t j = is_coupled_ ? values_.values().value_of_shared(change) : change;
    result.row(values_.parameter_of(j)) += found.col(r).cwiseAbs2().transpose();
  }
  return result;
}

} // namespace glebe
