// SPDX-License-Identifier: BSD-3-Clause
#include "kept_search.hpp"

#include "glebe/base/error.hpp"

#include <cmath>

namespace glebe {

namespace {

enum Number {
  converged,
  iteration,
  inner_iterations,
  seconds,
  gradient_norm,
  first_gradient_norm,
  trust,
  n_forward,
  n_tangent,
  n_number
};

[[noreturn]] void refuse(const KeptPart& part, const char* what) {
  throw InputError(fmt::format("the checkpoint cannot be gone on with: {}: {}", part.name, what));
}

} // namespace

KeptPart part_of(const std::string& name, const SearchRecord& record, DenseMatrix of_columns) {
  std::vector<double> numbers(n_number);
  numbers[converged] = record.converged;
  numbers[iteration] = record.iteration;
  numbers[inner_iterations] = record.inner_iterations;
  numbers[seconds] = record.seconds;
  numbers[gradient_norm] = record.gradient_norm;
  numbers[first_gradient_norm] = record.first_gradient_norm;
  numbers[trust] = record.trust;
  numbers[n_forward] = record.n_forward;
  numbers[n_tangent] = record.n_tangent;
  numbers.insert(numbers.end(), record.costs.begin(), record.costs.end());
  return {name, record.method + '\n' + record.reason, std::move(numbers), std::move(of_columns)};
}

SearchRecord record_of(const KeptPart& part, const std::string& method) {
  const std::size_t end = part.words.find('\n');
  if (end == std::string::npos || part.numbers.size() <= n_number)
    refuse(part, "it is not a search");
  for (const double number : part.numbers)
    if (!std::isfinite(number)) refuse(part, "its numbers are not finite");
  SearchRecord record;
  record.method = part.words.substr(0, end);
  record.reason = part.words.substr(end + 1);
  if (record.method != method)
    throw InputError(fmt::format("the checkpoint is of a search by {}; this one is by {}",
                                 record.method, method));
  const std::vector<double>& numbers = part.numbers;
  record.converged = numbers[converged] != 0.0;
  record.costs.assign(numbers.begin() + n_number, numbers.end());
  // One cost before the first iteration, and one after each.
  if (numbers[iteration] != static_cast<double>(record.costs.size()) - 1.0)
    refuse(part, "its number of iterations");
  record.iteration = static_cast<int>(numbers[iteration]);
  record.inner_iterations = static_cast<int>(std::clamp(numbers[inner_iterations], 0.0, 1e9));
  record.seconds = numbers[seconds];
  record.gradient_norm = numbers[gradient_norm];
  record.first_gradient_norm = numbers[first_gradient_norm];
  record.trust = numbers[trust];
  record.n_forward = numbers[n_forward];
  record.n_tangent = numbers[n_tangent];
  return record;
}

DenseMatrix columns_of(const Objective& objective, Vec x) {
  const Controls& controls = objective.controls();
  const auto m = static_cast<Eigen::Index>(controls.per_column());
  DenseMatrix rows(Eigen::Index(controls.n_column()), m + 2);
  rows.leftCols(m) = controls.of_columns(x);
  for (std::size_t c = 0; c < controls.n_column(); ++c) {
    rows(Eigen::Index(c), m) = objective.first_cost()[c];
    rows(Eigen::Index(c), m + 1) = objective.left_out()[c];
  }
  return rows;
}

Vector restored_x(const DenseMatrix& of_columns, Objective& objective) {
  const Controls& controls = objective.controls();
  const auto m = static_cast<Eigen::Index>(controls.per_column());
  std::vector<double> first_cost;
  std::vector<char> left_out;
  agree_on_failure(objective.ranks(), [&] {
    if (of_columns.cols() != m + 2)
      throw InputError("the checkpoint has another number of controls");
    if (!of_columns.allFinite()) throw InputError("the checkpoint has numbers that are not finite");
    const auto x = of_columns.leftCols(m).array();
    if ((x < 0.0).any() || (x > 1.0).any())
      throw InputError("the checkpoint has controls that are not within their bounds");
    for (Eigen::Index c = 0; c < of_columns.rows(); ++c) {
      first_cost.push_back(of_columns(c, m));
      left_out.push_back(of_columns(c, m + 1) != 0.0);
    }
  });
  objective.set_start(std::move(first_cost), std::move(left_out));
  return controls.from_columns(of_columns.leftCols(m));
}

} // namespace glebe
