// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/column_newton.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"

#include <petsc/private/taoimpl.h>

#include <algorithm>
#include <cmath>
#include <exception>

namespace glebe {

namespace {

// One search: a column from one start.
struct Search {
  std::size_t column;
  LevenbergMarquardt iteration;
};

struct ColumnNewton {
  Objective* objective = nullptr;
  MultiStart starts;
  std::vector<Search> searches; ///< by column, then by start
  ColumnOutcome outcome;
  ColumnProgress progress;
  std::exception_ptr failure;
};

ColumnNewton& data_of(Tao tao) { return *static_cast<ColumnNewton*>(tao->data); }

using State = LevenbergMarquardt::State;

std::vector<Search> make_searches(const Objective& objective, const MultiStart& starts,
                                  const double* first_guess) {
  const std::size_t m = objective.controls().per_column();
  std::vector<Search> searches;
  for (std::size_t column = 0; column < objective.controls().n_column(); ++column) {
    if (objective.left_out()[column]) continue;
    for (int start = 0; start < starts.n_start; ++start) {
      std::vector<double> x(first_guess + column * m, first_guess + (column + 1) * m);
      if (start > 0)
        for (std::size_t k = 0; k < m; ++k)
          x[k] = random_uniform(
              {starts.seed, starts.first_column + column, static_cast<std::uint64_t>(start), k});
      searches.push_back({column, LevenbergMarquardt(std::move(x))});
    }
  }
  return searches;
}

// One trial point for every active search.
void advance(ColumnNewton& self, const LevenbergMarquardt::Tolerances& tolerances) {
  std::vector<Search*> active;
  std::vector<std::size_t> columns;
  std::vector<double> x;
  for (Search& search : self.searches)
    if (search.iteration.active()) {
      active.push_back(&search);
      columns.push_back(search.column);
      x.insert(x.end(), search.iteration.trial().begin(), search.iteration.trial().end());
    }
  const Fit fit = self.objective->evaluate(columns, x);
  const std::size_t m = fit.n_direction;
  for (std::size_t run = 0; run < active.size(); ++run)
    active[run]->iteration.tell(
        fit.failed[run], fit.cost[run], std::span(fit.gradient).subspan(run * m, m),
        std::span(fit.gauss_newton).subspan(run * m * m, m * m), tolerances);
}

// The search with the least cost of a column; one that failed at its start is none.
const Search* best_of(std::span<const Search> searches) {
  const Search* best = nullptr;
  for (const Search& search : searches)
    if (search.iteration.state() != State::failed &&
        (!best || search.iteration.cost() < best->iteration.cost()))
      best = &search;
  return best;
}

// Minima are the same when the data prefer neither: costs within 1e-3 (half a unit would be one
// standard deviation). Points of one flat valley, such as all h (1 + 1/bowen_ratio) = const, count
// as one, which a distance between them could not see.
int count_distinct_minima(std::span<const Search> searches) {
  constexpr double same_cost = 1e-3, same_ratio = 1e-6;
  std::vector<double> costs;
  for (const Search& search : searches)
    if (search.iteration.state() == State::converged) costs.push_back(search.iteration.cost());
  std::sort(costs.begin(), costs.end());
  int distinct = costs.empty() ? 0 : 1;
  for (std::size_t i = 1; i < costs.size(); ++i)
    distinct += costs[i] - costs[i - 1] > same_cost + same_ratio * costs[i];
  return distinct;
}

// The searches of every column, in turn.
template <class Action>
void for_each_column(const std::vector<Search>& searches, Action action) {
  for (std::size_t i = 0; i < searches.size();) {
    std::size_t end = i;
    while (end < searches.size() && searches[end].column == searches[i].column) ++end;
    action(searches[i].column, std::span(searches).subspan(i, end - i));
    i = end;
  }
}

// Best points to x; total cost and projected gradient norm over all ranks, and the progress.
struct Summary {
  double cost = 0.0;
  double gradient_norm = 0.0;
};

Summary summarise(const Ranks& ranks, ColumnNewton& self, double* x, int iteration, double runs,
                  double seconds) {
  std::vector<double> costs, squared_gradients;
  for_each_column(self.searches, [&](std::size_t column, std::span<const Search> searches) {
    const Search* best = best_of(searches);
    if (!best) return;
    std::copy(best->iteration.x().begin(), best->iteration.x().end(),
              x + column * best->iteration.x().size());
    costs.push_back(best->iteration.cost());
    squared_gradients.push_back(best->iteration.gradient_norm() * best->iteration.gradient_norm());
  });
  double active = 0.0, converged = 0.0, ended = 0.0, iterations = 0.0;
  for (const Search& search : self.searches) {
    const State state = search.iteration.state();
    active += state == State::active;
    ended += state == State::failed || state == State::stalled;
    if (state != State::converged) continue;
    converged += 1.0;
    iterations += search.iteration.iterations();
  }
  const auto total = ranks.sum({active, converged, ended, iterations, runs});
  ColumnProgress& progress = self.progress;
  progress.active = std::llround(total[0]);
  progress.converged = std::llround(total[1]);
  progress.failed = std::llround(total[2]);
  progress.rate = total[4] * self.starts.steps_per_run / seconds;
  const double typical = total[3] / std::max(total[1], 1.0);
  const double runs_left = total[0] * std::max(1.0, typical - iteration);
  progress.seconds_left =
      total[1] > 0.0 ? runs_left * self.starts.steps_per_run / progress.rate : -1.0;
  // The history of the cost is a result, and the same on any number of ranks.
  return {reproducible_sum(ranks, costs), std::sqrt(reproducible_sum(ranks, squared_gradients))};
}

void record_outcome(ColumnNewton& self) {
  const std::size_t n = self.objective->controls().n_column();
  self.outcome = {std::vector<State>(n, State::failed), std::vector<int>(n, 0),
                  std::vector<int>(n, 0), std::vector<int>(n, 0), std::vector<double>(n, 0.0)};
  for_each_column(self.searches, [&](std::size_t column, std::span<const Search> searches) {
    const Search* best = best_of(searches);
    if (!best) return self.objective->leave_out(column);
    self.outcome.state[column] = best->iteration.state();
    self.outcome.iterations[column] = best->iteration.iterations();
    self.outcome.distinct_minima[column] = count_distinct_minima(searches);
    for (const Search& search : searches) {
      if (search.iteration.state() != State::converged) continue;
      ++self.outcome.starts_converged[column];
      self.outcome.cost_spread[column] = std::max(self.outcome.cost_spread[column],
                                                  search.iteration.cost() - best->iteration.cost());
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
  const Ranks ranks(PetscObjectComm(reinterpret_cast<PetscObject>(tao)));
  self.searches = make_searches(*self.objective, self.starts, ReadArray(tao->solution).data());
  const LevenbergMarquardt::Tolerances tolerances{tao->gatol, tao->gttol,
                                                  static_cast<int>(tao->max_it)};
  for (tao->niter = 0;; ++tao->niter) {
    const double started = MPI_Wtime();
    const auto running =
        std::count_if(self.searches.begin(), self.searches.end(),
                      [](const Search& search) { return search.iteration.active(); });
    agree_on_failure(ranks, [&] { advance(self, tolerances); });
    const Summary summary =
        summarise(ranks, self, WriteArray(tao->solution).data(), static_cast<int>(tao->niter),
                  static_cast<double>(running), MPI_Wtime() - started);
    GLEBE_PETSC(TaoLogConvergenceHistory(tao, summary.cost, summary.gradient_norm, 0.0, 0));
    GLEBE_PETSC(TaoMonitor(tao, tao->niter, summary.cost, summary.gradient_norm, 0.0, 1.0));
    // Every column has tolerances of its own; a test of the user's is honoured beside them.
    if (tao->ops->convergencetest && tao->ops->convergencetest != TaoDefaultConvergenceTest)
      GLEBE_PETSC((*tao->ops->convergencetest)(tao, tao->cnvP));
    if (tao->reason != TAO_CONTINUE_ITERATING || self.progress.active == 0) break;
  }
  record_outcome(self);
  if (tao->reason != TAO_CONTINUE_ITERATING) return;
  const auto& states = self.outcome.state;
  const bool stalled = std::find(states.begin(), states.end(), State::stalled) != states.end();
  tao->reason = ranks.any(stalled) ? TAO_DIVERGED_MAXITS : TAO_CONVERGED_GTTOL;
}

// No exception may pass through TAO, which is C: it waits in the data of the method.
PetscErrorCode solve(Tao tao) {
  try {
    iterate(tao);
    return 0;
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

void register_column_newton() { GLEBE_PETSC(TaoRegister(column_newton_type, create)); }

void set_columns(Tao tao, Objective& objective, const MultiStart& starts) {
  data_of(tao).objective = &objective;
  data_of(tao).starts = starts;
}

void rethrow_column_failure(Tao tao) {
  if (data_of(tao).failure) std::rethrow_exception(data_of(tao).failure);
}

const ColumnOutcome& column_outcome(Tao tao) { return data_of(tao).outcome; }
const ColumnProgress& column_progress(Tao tao) { return data_of(tao).progress; }

} // namespace glebe
