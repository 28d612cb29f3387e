// SPDX-License-Identifier: BSD-3-Clause
#include "noisy_problem.hpp"

#include "glebe/base/random.hpp"
#include "glebe/estimation/algebra/dense.hpp"
#include "glebe/simulation/error_memory.hpp"
#include "glebe/simulation/stream_runs.hpp"

#include <cmath>

namespace glebe {

NoiseFreeData::NoiseFreeData(const SolvedPoint& solved, const ConsideredValues& considered,
                             const BootstrapPlan& plan)
    : solved_(solved), considered_(considered), plan_(plan),
      residuals_(solved.controls().n_column()),
      prior_root_(root_of(solved.objective.prior().precision())) {
  const auto& streams = solved.problem().observations.streams;
  for (std::size_t s = 0; s < streams.size(); ++s)
    if (streams[s].fitted()) fitted_.push_back(s);
  const std::vector<std::size_t> columns = solved.objective.columns_with_data();
  const DenseMatrix x = solved.point.x_of_columns(columns, Eigen::all);
  view_streams(solved.problem(), columns, solved.controls().values(columns, x), {}, {},
               [&](std::size_t run, bool, const std::vector<StreamView>& views) {
                 for (const std::size_t s : fitted_)
                   residuals_[columns[run]].push_back(views[s].residual);
               });
}

// A standard normal random number of one member: for observation b of stream a, or, if a is the
// number of streams, for component b of the prior noise.
double NoiseFreeData::normal(const SampledColumn& member, std::size_t a, std::size_t b) const {
  const std::uint64_t seed =
      random_bits({plan_.seed, solved_.controls().cell(member.column), member.sample});
  return random_normal(seed, a, b, 0);
}

Observations NoiseFreeData::noisy(const std::vector<SampledColumn>& members) const {
  const Observations& observed = solved_.problem().observations;
  Observations result;
  result.lanes = observed.lanes;
  for (std::size_t i = 0; i < fitted_.size(); ++i) {
    const std::size_t s = fitted_[i];
    const Stream& from = observed.streams[s];
    result.schedules.push_back(observed.schedules[s]);
    Stream& to = result.streams.emplace_back(from.without_values());
    to.allocate(members.size(), result.lanes);
    for (std::size_t member = 0; member < members.size(); ++member) {
      const std::size_t column = members[member].column;
      if (residuals_[column].empty()) continue; // left out
      const double noise = std::sqrt(solved_.posterior.error_scale[column]);
      LastingNoise error(from.error_memory());
      for (std::size_t k = 0; k < from.times.size(); ++k) {
        const std::size_t source = observed.position(s, column, k);
        const float inverse_sigma = from.inverse_sigma[source];
        if (!(inverse_sigma > 0.0F)) continue;
        const std::size_t position = result.position(i, member, k);
        to.inverse_sigma[position] = inverse_sigma;
        to.value[position] = from.value[source] +
                             (residuals_[column][i][k] +
                              noise * error.next(from.middle(k), normal(members[member], s, k))) /
                                 double(inverse_sigma);
      }
    }
  }
  return result;
}

DenseMatrix NoiseFreeData::prior_noise(const std::vector<SampledColumn>& members) const {
  const std::size_t n_stream = solved_.problem().n_stream();
  DenseMatrix noise(members.size(), prior_root_.rows());
  DenseVector numbers(prior_root_.rows());
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (Eigen::Index e = 0; e < numbers.size(); ++e)
      numbers[e] = normal(members[i], n_stream, static_cast<std::size_t>(e));
    noise.row(i) = prior_root_ * numbers;
  }
  return noise;
}

DenseMatrix NoiseFreeData::values_with_considered(const std::vector<SampledColumn>& members) const {
  std::vector<std::size_t> columns;
  for (const SampledColumn& member : members) columns.push_back(member.column);
  DenseMatrix values = solved_.controls().first_guess()(columns, Eigen::all);
  if (considered_.any())
    for (std::size_t i = 0; i < members.size(); ++i)
      considered_.draw(plan_.seed, members[i].sample, members[i].column,
                       values.row(Eigen::Index(i)));
  return values;
}

NoisyProblem::OneRank::OneRank(const SolvedPoint& solved,
                               const std::vector<std::size_t>& of_columns, DenseMatrix values)
    : columns(ranks, HorizontalGrid{{{"sample", of_columns.size()}}}),
      forcing(solved.problem().forcing.of_columns(of_columns)),
      controls(solved.controls().of_some(ranks, of_columns).with_first_guess(std::move(values))),
      coupling(ranks, columns, controls, std::nullopt) {}

NoisyProblem::NoisyProblem(const SolvedPoint& solved, const NoiseFreeData& data,
                           const std::vector<SampledColumn>& members)
    : observations_(data.noisy(members)) {
  std::vector<std::size_t> columns;
  for (const SampledColumn& member : members) columns.push_back(member.column);
  start_ = solved.point.x_of_columns(columns, Eigen::all);
  one_rank_ = std::make_unique<OneRank>(solved, columns, data.values_with_considered(members));
  problem_.emplace(solved.problem().with(one_rank_->forcing, observations_));
  objective_.emplace(one_rank_->ranks, *problem_, one_rank_->controls, one_rank_->coupling);

  DenseMatrix force = data.prior_noise(members);
  for (std::size_t i = 0; i < members.size(); ++i)
    force.row(i) += objective_->prior().gradient(i, start_.row(i));
  objective_->add_linear_term(one_rank_->controls.from_columns(start_).handle(),
                              one_rank_->controls.from_columns(force).handle());
}

NoisyProblem::NoisyProblem(const SolvedPoint& solved, const NoiseFreeData& data,
                           const BootstrapPlan& plan, std::size_t sample)
    : start_(solved.point.x_of_columns) {
  std::vector<SampledColumn> members;
  for (std::size_t c = 0; c < solved.controls().n_column(); ++c) members.push_back({c, sample});
  controls_.emplace(solved.controls().with_first_guess(data.values_with_considered(members)));
  const Controls& controls = *controls_;
  agree_on_failure(solved.objective.ranks(), [&] { observations_ = data.noisy(members); });
  problem_.emplace(solved.problem().with(solved.problem().forcing, observations_));
  objective_.emplace(solved.objective.ranks(), *problem_, controls, solved.objective.coupling());
  for (std::size_t c = 0; c < controls.n_column(); ++c)
    if (solved.objective.left_out()[c]) objective_->leave_out(c);

  const Vector force = controls.make_vector();
  controls.add_transposed(data.prior_noise(members), force.handle());
  objective_->coupling().add_noise(force.handle(), plan.seed, sample);
  objective_->add_prior_gradient(start_, solved.point.x.handle(), force.handle());
  objective_->add_linear_term(solved.point.x.handle(), force.handle());
}

} // namespace glebe
