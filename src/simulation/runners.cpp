// SPDX-License-Identifier: BSD-3-Clause
// The kind of column that a problem needs: the linear one where the properties of the soil are
// constant, the general one with its law elsewhere.
#include "glebe/simulation/runners.hpp"

#include "glebe/physics/columns/modal_column.hpp"
#include "glebe/physics/laws/constant_soil.hpp"

#include "general_runners.hpp"
#include "linear_runners.hpp"

namespace glebe {

// What suits does not depend on the law, of those that do not depend on temperature.
bool runs_in_modes(const ColumnProblem& problem) {
  return problem.form.soil.properties != Properties::freezing &&
         ModalColumn<ConstantSoil<double>>::suits(problem.form, problem.soil.view(),
                                                  problem.schedule);
}

template <class Real>
std::unique_ptr<BlockRunner<Real>> make_block_runner(const ColumnProblem& problem,
                                                     std::span<const Direction> directions) {
  switch (problem.form.soil.properties) {
  case Properties::moist:
    return make_moist_runner<Real>(problem, directions);
  case Properties::freezing:
    return make_freezing_runner<Real>(problem, directions);
  case Properties::constant:
    break;
  }
  if (problem.form.soil.water_flows) return make_constant_runner<Real>(problem, directions);
  return make_linear_runner<Real>(problem, directions);
}

template <class Real>
std::unique_ptr<AdjointRunner<Real>> make_adjoint_runner(const ColumnProblem& problem, double bytes,
                                                         bool with_change) {
  switch (problem.form.soil.properties) {
  case Properties::moist:
    return make_moist_adjoint_runner<Real>(problem, bytes, with_change);
  case Properties::freezing:
    return make_freezing_adjoint_runner<Real>(problem, bytes, with_change);
  case Properties::constant:
    break;
  }
  if (problem.form.soil.water_flows)
    return make_constant_adjoint_runner<Real>(problem, bytes, with_change);
  return make_linear_adjoint_runner<Real>(problem, bytes, with_change);
}

template std::unique_ptr<BlockRunner<Complex>> make_block_runner(const ColumnProblem&,
                                                                 std::span<const Direction>);
template std::unique_ptr<BlockRunner<Lanes>> make_block_runner(const ColumnProblem&,
                                                               std::span<const Direction>);
template std::unique_ptr<AdjointRunner<Lanes>> make_adjoint_runner(const ColumnProblem&, double,
                                                                   bool);

} // namespace glebe
