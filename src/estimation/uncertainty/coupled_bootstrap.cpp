// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/algebra/dense.hpp"
#include "glebe/estimation/search/optimise.hpp"
#include "glebe/estimation/uncertainty/bootstrap.hpp"
#include "glebe/simulation/stream_runs.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "bootstrap_noise.hpp"

namespace glebe {

namespace {

// The fitted streams of all columns of this rank as the model at the estimate sees them, and a copy
// with the noise of one sample.
class NoisyCopy {
public:
  NoisyCopy(const ColumnProblem& problem, const Objective& objective,
            const std::vector<double>& x_of_columns, const Posterior& posterior,
            const BootstrapPlan& plan)
      : posterior_(posterior), plan_(plan) {
    const Observations& observed = problem.observations;
    clean_.lanes = observed.lanes;
    for (std::size_t s = 0; s < observed.streams.size(); ++s) {
      if (!observed.streams[s].fitted()) continue;
      numbers_.push_back(s);
      clean_.streams.push_back(observed.streams[s]);
      clean_.schedules.push_back(observed.schedules[s]);
    }
    const Controls& controls = objective.controls();
    const std::size_t m = controls.per_column();
    std::vector<double> x;
    for (std::size_t c = 0; c < controls.n_column(); ++c) {
      if (objective.left_out()[c]) continue;
      columns_.push_back(c);
      x.insert(x.end(), x_of_columns.begin() + std::ptrdiff_t(c * m),
               x_of_columns.begin() + std::ptrdiff_t((c + 1) * m));
    }
    view_streams(problem, columns_, controls.values(columns_, x.data()), {}, {},
                 [&](std::size_t run, bool, const std::vector<StreamView>& streams) {
                   add_residuals(columns_[run], streams);
                 });
    noisy_ = clean_;
  }

  const Observations& observations() const { return noisy_; }

  void draw(std::size_t sample) {
    for (const std::size_t c : columns_) {
      const double noise = std::sqrt(posterior_.error_scale[c]);
      for_each_value(c, [&](std::size_t i, std::size_t k, std::size_t place) {
        const Stream& clean = clean_.streams[i];
        noisy_.streams[i].value[place] =
            clean.value[place] + noise * bootstrap_normal(plan_, c, sample, numbers_[i], k) /
                                     double(clean.inverse_sigma[place]);
      });
    }
  }

private:
  template <class Action>
  void for_each_value(std::size_t column, Action action) const {
    for (std::size_t i = 0; i < clean_.streams.size(); ++i)
      for (std::size_t k = 0; k < clean_.streams[i].times.size(); ++k) {
        const std::size_t place = clean_.position(i, column, k);
        if (clean_.streams[i].inverse_sigma[place] > 0.0F) action(i, k, place);
      }
  }

  // From what was observed to what the model at the estimate would have observed.
  void add_residuals(std::size_t column, const std::vector<StreamView>& streams) {
    for_each_value(column, [&](std::size_t i, std::size_t k, std::size_t place) {
      Stream& stream = clean_.streams[i];
      stream.value[place] += streams[numbers_[i]].residual[k] / double(stream.inverse_sigma[place]);
    });
  }

  const Posterior& posterior_;
  const BootstrapPlan& plan_;
  std::vector<std::size_t> numbers_; ///< of the fitted streams among all
  std::vector<std::size_t> columns_; ///< those not left out
  Observations clean_;
  Observations noisy_;
};

// Adds to z a sample of the Gaussian with the covariance B^-1 of the whole prior. With a mean e
// about the estimate the prior is, up to a constant, the one about the estimate tilted by B^-1 e,
// which has that covariance; so that no system with B^-1 need be solved, nor B exist.
void add_prior_noise(const Objective& objective, Vec z, const BootstrapPlan& plan,
                     std::size_t sample, std::size_t n_stream) {
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column();
  const EigenSystem prior = eigen_system(objective.prior().precision(), m);
  std::vector<double> of_columns(controls.n_column() * m, 0.0);
  for (std::size_t c = 0; c < controls.n_column(); ++c)
    for (std::size_t e = 0; e < m; ++e) {
      if (prior.values[e] <= 0.0) continue;
      const double amount =
          bootstrap_normal(plan, c, sample, n_stream, e) * std::sqrt(prior.values[e]);
      for (std::size_t k = 0; k < m; ++k)
        of_columns[c * m + k] += prior.vectors[e * m + k] * amount;
    }
  controls.add_transposed(of_columns, z);
  objective.coupling().add_noise(z, plan.seed, sample);
}

// Of the gradient, absolute and relative to its start: an estimate then is right to about as much
// of its standard deviation, in units of the width of its bounds.
constexpr double bootstrap_tolerance = 1e-8;
constexpr int most_iterations = 60;

// Sums over samples of what the estimates differ from the original one.
class Spread {
public:
  Spread(const Controls& controls, Vec x)
      : controls_(controls), x_(x), sum_(controls.make_vector()), squares_(controls.make_vector()) {
  }

  void add(Vec found) {
    ++count_;
    const ReadArray from(x_), to(found);
    WriteArray sum(sum_.handle()), squares(squares_.handle());
    for (std::size_t i = 0; i < controls_.n_local(); ++i) {
      const double d = to[i] - from[i];
      sum[i] += d;
      squares[i] += d * d;
    }
  }

  Bootstrap result(const Objective& objective, const Posterior& posterior) const {
    const std::size_t m = controls_.per_column(), n_column = controls_.n_column();
    const std::vector<double> none(n_column * m, std::nan(""));
    const double count = count_;
    Bootstrap result{none, none, std::vector<double>(n_column, count)};
    const std::vector<double> sum = controls_.of_columns(sum_.handle());
    const std::vector<double> squares = controls_.of_columns(squares_.handle());
    if (count_ < 2) return result;
    for (std::size_t i = 0; i < n_column * m; ++i) {
      const double scale = controls_.scale(i % m), mean = sum[i] / count;
      if (!objective.known(i / m, i % m) || posterior.std[i] > scale) continue;
      result.bias[i] = scale * mean;
      result.std[i] =
          scale * std::sqrt(std::max(0.0, squares[i] - count * mean * mean) / (count - 1.0));
    }
    return result;
  }

private:
  const Controls& controls_;
  Vec x_;
  Vector sum_;
  Vector squares_;
  int count_ = 0;
};

Vector copy_of(const Controls& controls, Vec x) {
  Vector copy = controls.make_vector();
  GLEBE_PETSC(VecCopy(x, copy.handle()));
  return copy;
}

} // namespace

Bootstrap coupled_bootstrap(const ColumnProblem& problem, Objective& objective, Vec x,
                            const Posterior& posterior, const BootstrapPlan& plan,
                            const OptimizerSettings& settings, const Log& log) {
  const Ranks& ranks = objective.ranks();
  const Controls& controls = objective.controls();
  const std::vector<double> x_of_columns = controls.of_columns(x);
  std::optional<NoisyCopy> copy;
  agree_on_failure(ranks, [&] { copy.emplace(problem, objective, x_of_columns, posterior, plan); });
  const ColumnProblem noisy{problem.form, problem.spin_up, problem.soil,        problem.schedule,
                            problem.time, problem.forcing, copy->observations()};
  const Vector force = controls.make_vector();
  objective.add_prior_gradient(x, force.handle());
  OptimizerSettings again = settings;
  again.gradient_tolerance = bootstrap_tolerance;
  again.max_iterations = std::max(settings.max_iterations, most_iterations);
  Spread spread(controls, x);
  for (int sample = 0; sample < plan.n_sample; ++sample) {
    const auto number = static_cast<std::size_t>(sample);
    copy->draw(number);
    Objective refit(ranks, noisy, controls, objective.coupling());
    for (std::size_t c = 0; c < controls.n_column(); ++c)
      if (objective.left_out()[c]) refit.leave_out(c);
    const Vector tilt = copy_of(controls, force.handle());
    add_prior_noise(objective, tilt.handle(), plan, number, problem.observations.streams.size());
    refit.tilt(x, tilt.handle());
    const Minimisation found = minimise(refit, copy_of(controls, x), again, {}, Log(false), {},
                                        Refit{{}, bootstrap_tolerance});
    if (found.converged) spread.add(found.x.handle());
    if (sample == 0)
      log.info("bootstrap: {} samples, each a fit of all columns together; the first took {:.2g} s",
               plan.n_sample, found.seconds);
    if (problem.progress) problem.progress->show((sample + 1.0) / plan.n_sample);
  }
  return spread.result(objective, posterior);
}

} // namespace glebe
