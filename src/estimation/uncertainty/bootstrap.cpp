// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/bootstrap.hpp"

#include "glebe/estimation/algebra/dense.hpp"
#include "glebe/estimation/search/lane_searches.hpp"
#include "glebe/simulation/stream_runs.hpp"

#include <cmath>
#include <limits>

#include "bootstrap_noise.hpp"

namespace glebe {

namespace {

// So many samples share one copy of the forcing and of the observations of a column.
constexpr std::size_t samples_at_a_time = 128;

// The fitted streams of one column as the model at the estimate sees them, and how to add noise.
class Samples {
public:
  Samples(const ColumnProblem& problem, const Objective& objective, const ParameterValues& values,
          std::size_t column, const double* x, double noise, const BootstrapPlan& plan)
      : problem_(problem), objective_(objective), values_(values), column_(column), x_(x),
        noise_(noise), plan_(plan) {
    const std::vector<std::size_t> columns{column};
    parameters_ = objective.controls().values(columns, x);
    view_streams(problem, columns, parameters_, {}, {},
                 [&](std::size_t, bool, const std::vector<StreamView>& streams) {
                   for (const StreamView& stream : streams) residuals_.push_back(stream.residual);
                 });
  }

  /// Estimates samples [first, first + n) and hands over the controls of those that converge.
  template <class Action>
  void estimate(std::size_t first, std::size_t n, Action action) const {
    const Ranks alone(MPI_COMM_SELF);
    const Observations observations = noisy(first, n);
    const Forcing forcing = problem_.forcing.repeated(column_, n);
    const ColumnProblem copies{problem_.form, problem_.spin_up, problem_.soil, problem_.schedule,
                               problem_.time, forcing,          observations};
    const Controls controls(alone, with_prior_means(first, n));
    const Columns columns(alone, HorizontalGrid{{{"sample", n}}});
    const Coupling none(alone, columns, controls, std::nullopt);
    Objective objective(alone, copies, controls, none);
    const std::size_t m = controls.per_column();
    std::vector<LaneSearch> searches;
    for (std::size_t i = 0; i < n; ++i)
      searches.push_back({i, {}, LevenbergMarquardt(std::vector<double>(x_, x_ + m))});
    run_searches(objective, searches, near_minimum);
    for (const LaneSearch& search : searches)
      if (search.iteration.state() == LevenbergMarquardt::State::converged)
        action(search.iteration.x());
  }

private:
  double normal(std::size_t sample, std::size_t a, std::size_t b) const {
    return bootstrap_normal(plan_, column_, sample, a, b);
  }

  Observations noisy(std::size_t first, std::size_t n) const {
    const Observations& observed = problem_.observations;
    Observations result;
    result.lanes = observed.lanes;
    for (std::size_t s = 0; s < observed.streams.size(); ++s) {
      if (!observed.streams[s].fitted()) continue;
      const Stream& from = observed.streams[s];
      Stream stream;
      stream.settings = from.settings;
      stream.times = from.times;
      stream.intervals = from.intervals;
      stream.interval = from.interval;
      const std::size_t n_time = stream.times.size(), lanes = result.lanes;
      const std::size_t size = (n + lanes - 1) / lanes * n_time * lanes;
      stream.value.assign(size, std::nan(""));
      stream.inverse_sigma.assign(size, 0.0F);
      result.streams.push_back(std::move(stream));
      result.schedules.push_back(observed.schedules[s]);
      Stream& to = result.streams.back();
      for (std::size_t k = 0; k < n_time; ++k) {
        const std::size_t source = observed.position(s, column_, k);
        const float inverse_sigma = from.inverse_sigma[source];
        if (!(inverse_sigma > 0.0F)) continue;
        for (std::size_t i = 0; i < n; ++i) {
          const std::size_t place = result.position(result.streams.size() - 1, i, k);
          to.inverse_sigma[place] = inverse_sigma;
          to.value[place] =
              from.value[source] +
              (residuals_[s][k] + noise_ * normal(first + i, s, k)) / double(inverse_sigma);
        }
      }
    }
    return result;
  }

  // The first guess is the mean of the prior; the searches start from the estimate all the same.
  ParameterValues with_prior_means(std::size_t first, std::size_t n) const {
    ParameterValues result = values_;
    const std::size_t n_slot = parameters_.size();
    result.first_guess.clear();
    for (std::size_t i = 0; i < n; ++i)
      result.first_guess.insert(result.first_guess.end(), parameters_.begin(), parameters_.end());
    const std::size_t n_stream = problem_.observations.streams.size(), m = result.controls.size();
    // A sample with the covariance B: eigenvectors of B^-1 over roots of its eigenvalues.
    const EigenSystem prior = eigen_system(objective_.prior().precision(), m);
    for (std::size_t e = 0; e < m; ++e) {
      if (prior.values[e] <= std::numeric_limits<double>::epsilon() * prior.values.back()) continue;
      for (std::size_t i = 0; i < n; ++i) {
        const double amount = normal(first + i, n_stream, e) / std::sqrt(prior.values[e]);
        for (std::size_t k = 0; k < m; ++k)
          result.first_guess[i * n_slot + result.controls[k].value] +=
              objective_.controls().scale(k) * prior.vectors[e * m + k] * amount;
      }
    }
    return result;
  }

  const ColumnProblem& problem_;
  const Objective& objective_;
  const ParameterValues& values_;
  std::size_t column_;
  const double* x_;
  double noise_; ///< in standard deviations of the observations
  const BootstrapPlan& plan_;
  std::vector<double> parameters_;
  std::vector<std::vector<double>> residuals_;
};

} // namespace

Bootstrap bootstrap(const Ranks& ranks, const ColumnProblem& problem, const Objective& objective,
                    const ParameterValues& values, Vec x, const Posterior& posterior,
                    const BootstrapPlan& plan) {
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  const std::vector<double> none(n_column * m, std::nan(""));
  Bootstrap result{none, none, std::vector<double>(n_column, std::nan(""))};
  const ReadArray x_local(x);
  const auto run_column = [&](std::size_t c) {
    const double* best = x_local.data() + c * m;
    const Samples samples(problem, objective, values, c, best, std::sqrt(posterior.error_scale[c]),
                          plan);
    double count = 0.0;
    std::vector<double> sum(m, 0.0), squares(m, 0.0);
    const auto n_sample = static_cast<std::size_t>(plan.n_sample);
    for (std::size_t first = 0; first < n_sample; first += samples_at_a_time)
      samples.estimate(first, std::min(samples_at_a_time, n_sample - first),
                       [&](const std::vector<double>& found) {
                         count += 1.0;
                         for (std::size_t k = 0; k < m; ++k) {
                           const double d = found[k] - best[k];
                           sum[k] += d;
                           squares[k] += d * d;
                         }
                       });
    result.converged[c] = count;
    if (count < 2.0) return;
    for (std::size_t k = 0; k < m; ++k) {
      // Searches start from the estimate and stay there along a flat direction.
      if (posterior.std[c * m + k] > controls.scale(k)) continue;
      const double mean = sum[k] / count;
      result.bias[c * m + k] = controls.scale(k) * mean;
      result.std[c * m + k] =
          controls.scale(k) *
          std::sqrt(std::max(0.0, squares[k] - count * mean * mean) / (count - 1.0));
    }
  };
  agree_on_failure(ranks, [&] {
    for (std::size_t c = 0; c < n_column; ++c)
      if (!objective.left_out()[c]) run_column(c);
  });
  return result;
}

} // namespace glebe
