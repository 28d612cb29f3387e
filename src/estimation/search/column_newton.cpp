// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/column_newton.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"
#include "glebe/base/wall_time.hpp"
#include "glebe/estimation/search/early_start.hpp"

#include <petsc/private/taoimpl.h>

#include <algorithm>
#include <cmath>
#include <exception>

namespace glebe {

namespace {

struct ColumnNewton {
  Objective* objective = nullptr;
  MultiStart starts;
  std::vector<LaneSearch> searches; ///< by column, then by start
  ColumnOutcome outcome;
  ColumnProgress progress;
  SearchPoint point;
  std::optional<KeptSearches> kept;
  std::exception_ptr failure;
};

ColumnNewton& data_of(Tao tao) { return *static_cast<ColumnNewton*>(tao->data); }

using State = LevenbergMarquardt::State;

std::vector<LaneSearch> make_searches(const Objective& objective, const MultiStart& starts,
                                      const DenseMatrix& first_guess) {
  std::vector<LaneSearch> searches;
  for (const std::size_t column : objective.columns_with_data())
    for (int start = 0; start < starts.n_start; ++start) {
      DenseVector x = first_guess.row(column);
      for (Eigen::Index k = 0; start > 0 && k < x.size(); ++k)
        x[k] = random_uniform({starts.seed, objective.controls().cell(column),
                               static_cast<std::uint64_t>(start), static_cast<std::uint64_t>(k)});
      searches.push_back({column, {}, LevenbergMarquardt(std::move(x))});
    }
  return searches;
}

// ---- Rows of searches -----------------------------------------------------------------------

// The row of a column begins with whether it has searches at all.
std::size_t record_begin(std::size_t start, std::size_t m) {
  return 1 + start * LevenbergMarquardt::record_size(m);
}

DenseMatrix rows_of(const ColumnNewton& self) {
  const Controls& controls = self.objective->controls();
  const std::size_t m = controls.per_column(), size = LevenbergMarquardt::record_size(m);
  const auto n_start = static_cast<std::size_t>(self.starts.n_start);
  DenseMatrix rows =
      DenseMatrix::Zero(Eigen::Index(controls.n_column()), Eigen::Index(record_begin(n_start, m)));
  for (std::size_t i = 0; i < self.searches.size(); ++i) {
    auto row = rows.row(Eigen::Index(self.searches[i].column));
    row[0] = 1.0;
    self.searches[i].iteration.save({row.data() + record_begin(i % n_start, m), size});
  }
  return rows;
}

void restore(ColumnNewton& self, const LevenbergMarquardt::Tolerances& tolerances) {
  const std::size_t m = self.objective->controls().per_column();
  const auto n_start = static_cast<std::size_t>(self.starts.n_start);
  const DenseMatrix& rows = self.kept->of_columns;
  if (static_cast<std::size_t>(rows.cols()) != record_begin(n_start, m))
    throw InputError("the checkpoint has another number of searches or controls");
  for (std::size_t i = 0; i < self.searches.size(); ++i) {
    LaneSearch& search = self.searches[i];
    const auto row = rows.row(Eigen::Index(search.column));
    if (row[0] != 1.0)
      throw InputError("the checkpoint has no search of a column that has observations");
    search.iteration = LevenbergMarquardt::restored(
        {row.data() + record_begin(i % n_start, m), LevenbergMarquardt::record_size(m)}, m);
    search.iteration.extend(tolerances);
  }
}

// ---- The best of several starts -----------------------------------------------------------------

// The search of a column with the lowest cost; null if all failed at their starts.
const LaneSearch* best_of(std::span<const LaneSearch> searches) {
  const LaneSearch* best = nullptr;
  for (const LaneSearch& search : searches)
    if (search.iteration.state() != State::failed &&
        (!best || search.iteration.cost() < best->iteration.cost()))
      best = &search;
  return best;
}

// Two minima count as one if their costs differ by less than 1e-3, which the data cannot
// distinguish (0.5 would be one standard deviation). Costs are compared, not points, because a flat
// valley such as h (1 + 1/bowen_ratio) = const is one minimum.
int count_distinct_minima(std::span<const LaneSearch> searches) {
  constexpr double same_cost = 1e-3, same_ratio = 1e-6;
  std::vector<double> costs;
  for (const LaneSearch& search : searches)
    if (search.iteration.state() == State::converged) costs.push_back(search.iteration.cost());
  std::sort(costs.begin(), costs.end());
  int distinct = costs.empty() ? 0 : 1;
  for (std::size_t i = 1; i < costs.size(); ++i)
    distinct += costs[i] - costs[i - 1] > same_cost + same_ratio * costs[i];
  return distinct;
}

// Calls action(column, searches) for every column.
template <class Action>
void for_each_column(const std::vector<LaneSearch>& searches, Action action) {
  for (std::size_t i = 0; i < searches.size();) {
    std::size_t end = i;
    while (end < searches.size() && searches[end].column == searches[i].column) ++end;
    action(searches[i].column, std::span(searches).subspan(i, end - i));
    i = end;
  }
}

// Cost and norm of the projected gradient over all columns and ranks.
struct Totals {
  double cost = 0.0;
  double gradient_norm = 0.0;
};

// Writes the best points to x [column][k].
Totals collect_best(const Ranks& ranks, const std::vector<LaneSearch>& searches,
                    Eigen::Map<DenseMatrix> x) {
  std::vector<double> costs, squared_gradients;
  for_each_column(searches, [&](std::size_t column, std::span<const LaneSearch> of_column) {
    const LaneSearch* best = best_of(of_column);
    if (!best) return;
    x.row(column) = best->iteration.x();
    costs.push_back(best->iteration.cost());
    squared_gradients.push_back(best->iteration.gradient_norm() * best->iteration.gradient_norm());
  });
  // The cost history is a result and must be the same for any number of ranks.
  return {reproducible_sum(ranks, costs), std::sqrt(reproducible_sum(ranks, squared_gradients))};
}

// The progress after `n_run` searches were advanced in `seconds`.
ColumnProgress progress_of(const Ranks& ranks, const ColumnNewton& self, PetscInt iteration,
                           std::size_t n_run, double seconds) {
  double active = 0.0, converged = 0.0, ended = 0.0, iterations = 0.0;
  for (const LaneSearch& search : self.searches) {
    const State state = search.iteration.state();
    active += state == State::active;
    ended += state == State::failed || state == State::stalled;
    if (state != State::converged) continue;
    converged += 1.0;
    iterations += search.iteration.iterations();
  }
  const auto total = ranks.sum(
      std::vector<double>{active, converged, ended, iterations, static_cast<double>(n_run)});
  ColumnProgress progress;
  progress.active = std::llround(total[0]);
  progress.converged = std::llround(total[1]);
  progress.failed = std::llround(total[2]);
  progress.rate = total[4] * self.starts.steps_per_run / seconds;
  if (total[1] == 0.0) return progress;
  const double typical = total[3] / total[1];
  const double runs_left = total[0] * std::max(1.0, typical - static_cast<double>(iteration));
  progress.seconds_left = runs_left * self.starts.steps_per_run / progress.rate;
  return progress;
}

void record_outcome(ColumnNewton& self) {
  self.outcome = ColumnOutcome(self.objective->controls().n_column());
  for_each_column(self.searches, [&](std::size_t column, std::span<const LaneSearch> searches) {
    const LaneSearch* best = best_of(searches);
    if (!best) return self.objective->leave_out(column);
    ColumnOutcome& outcome = self.outcome;
    outcome.state[column] = best->iteration.state();
    outcome.iterations[column] = best->iteration.iterations();
    outcome.distinct_minima[column] = count_distinct_minima(searches);
    outcome.first_cost[column] = searches.front().iteration.first_cost();
    for (const LaneSearch& search : searches) {
      if (search.iteration.state() != State::converged) continue;
      ++outcome.starts_converged[column];
      outcome.cost_spread[column] =
          std::max(outcome.cost_spread[column], search.iteration.cost() - best->iteration.cost());
    }
  });
}

PetscErrorCode set_up(Tao tao) {
  PetscFunctionBegin;
  if (!tao->gradient) PetscCall(VecDuplicate(tao->solution, &tao->gradient));
  PetscFunctionReturn(0);
}

void iterate(Tao tao) {
  ColumnNewton& self = data_of(tao);
  const Controls& controls = self.objective->controls();
  const Ranks ranks(PetscObjectComm(reinterpret_cast<PetscObject>(tao)));
  self.searches = make_searches(*self.objective, self.starts, controls.of_columns(tao->solution));
  const LevenbergMarquardt::Tolerances tolerances{tao->gatol, tao->gttol,
                                                  static_cast<int>(tao->max_it)};
  // Searches that are gone on with stand where they stood after an iteration.
  bool restored = self.kept.has_value();
  agree_on_failure(ranks, [&] {
    if (restored)
      restore(self, tolerances);
    else if (const std::size_t n = early_steps(*self.objective, self.starts.early_part); n > 0)
      begin_early(*self.objective, self.searches, n);
  });
  for (tao->niter = restored ? self.kept->iteration : 0;; ++tao->niter, restored = false) {
    const double started = wall_time();
    std::size_t n_run = 0;
    agree_on_failure(ranks, [&] {
      if (restored) return;
      n_run = advance_searches(*self.objective, self.searches, tolerances);
      n_run += begin_again(*self.objective, self.searches, tolerances);
    });
    Totals totals;
    {
      WriteArray x(tao->solution);
      totals = collect_best(ranks, self.searches,
                            {x.data(), static_cast<Eigen::Index>(controls.n_column()),
                             static_cast<Eigen::Index>(controls.per_column())});
    }
    self.progress = progress_of(ranks, self, tao->niter, n_run, wall_time() - started);
    GLEBE_PETSC(TaoLogConvergenceHistory(tao, totals.cost, totals.gradient_norm, 0.0, 0));
    GLEBE_PETSC(TaoMonitor(tao, tao->niter, totals.cost, totals.gradient_norm, 0.0, 1.0));
    // The convergence of columns is tested separately; a test that the user gave to TAO counts too.
    if (tao->ops->convergencetest && tao->ops->convergencetest != TaoDefaultConvergenceTest)
      GLEBE_PETSC((*tao->ops->convergencetest)(tao, tao->cnvP));
    const bool last = tao->reason != TAO_CONTINUE_ITERATING || self.progress.active == 0;
    if (self.point && !restored)
      self.point(static_cast<int>(tao->niter), last, [&] { return rows_of(self); });
    if (last) break;
  }
  record_outcome(self);
  if (tao->reason != TAO_CONTINUE_ITERATING) return;
  const auto& states = self.outcome.state;
  const bool stalled = std::find(states.begin(), states.end(), State::stalled) != states.end();
  tao->reason = ranks.any(stalled) ? TAO_DIVERGED_MAXITS : TAO_CONVERGED_GTTOL;
}

// An exception must not pass through TAO, which is C: it is kept for rethrow_column_failure().
PetscErrorCode solve(Tao tao) {
  try {
    iterate(tao);
    return {};
  } catch (...) {
    data_of(tao).failure = std::current_exception();
    return PETSC_ERR_LIB;
  }
}

PetscErrorCode view(Tao tao, PetscViewer viewer) {
  PetscFunctionBegin;
  const ColumnNewton& self = data_of(tao);
  PetscBool ascii = PETSC_FALSE;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (ascii && self.objective) {
    PetscCall(PetscViewerASCIIPrintf(viewer, "  Levenberg-Marquardt by column, %d start(s) each\n",
                                     self.starts.n_start));
    PetscCall(PetscViewerASCIIPrintf(viewer,
                                     "  searches active %lld, converged %lld, failed %lld\n",
                                     static_cast<long long>(self.progress.active),
                                     static_cast<long long>(self.progress.converged),
                                     static_cast<long long>(self.progress.failed)));
  }
  PetscFunctionReturn(0);
}

PetscErrorCode destroy(Tao tao) {
  PetscFunctionBegin;
  delete &data_of(tao);
  tao->data = nullptr;
  PetscFunctionReturn(0);
}

PetscErrorCode create(Tao tao) {
  PetscFunctionBegin;
  tao->ops->setup = set_up;
  tao->ops->solve = solve;
  tao->ops->view = view;
  tao->ops->destroy = destroy;
  tao->data = new ColumnNewton;
  PetscFunctionReturn(0);
}

} // namespace

ColumnOutcome::ColumnOutcome(std::size_t n)
    : state(n, State::failed), iterations(n, 0), starts_converged(n, 0), distinct_minima(n, 0),
      cost_spread(n, 0.0), first_cost(n, std::nan("")) {}

void register_column_newton() { GLEBE_PETSC(TaoRegister(column_newton_type, create)); }

void set_columns(Tao tao, Objective& objective, const MultiStart& starts, SearchPoint point,
                 std::optional<KeptSearches> kept) {
  ColumnNewton& self = data_of(tao);
  self.objective = &objective;
  self.starts = starts;
  self.point = std::move(point);
  self.kept = std::move(kept);
}

void rethrow_column_failure(Tao tao) {
  if (data_of(tao).failure) std::rethrow_exception(data_of(tao).failure);
}

const ColumnOutcome& column_outcome(Tao tao) { return data_of(tao).outcome; }
const ColumnProgress& column_progress(Tao tao) { return data_of(tao).progress; }

} // namespace glebe
