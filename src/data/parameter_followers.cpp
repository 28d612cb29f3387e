// SPDX-License-Identifier: BSD-3-Clause
#include "parameter_followers.hpp"

#include "glebe/base/error.hpp"
#include "glebe/config/forms.hpp"
#include "glebe/config/parameter_reference.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

const Follower* find_follower(const std::vector<Follower>& followers, const ParameterSlot& slot) {
  const auto found = std::ranges::find(followers, slot, &Follower::slot);
  return found == followers.end() ? nullptr : &*found;
}

// Followers such that whom each follows stands before it.
std::vector<const Follower*> in_order(const std::vector<Follower>& followers) {
  std::vector<const Follower*> order;
  const auto is_placed = [&](const ParameterSlot& slot) {
    return !find_follower(followers, slot) ||
           std::ranges::any_of(order, [&](const Follower* one) { return one->slot == slot; });
  };
  while (order.size() < followers.size())
    for (const Follower& one : followers)
      if (is_placed(one.of) && !is_placed(one.slot)) order.push_back(&one);
  return order;
}

// The ties of one follower: of its slot, and of its knots, which are its own ratio's or those of
// the one that it follows.
void add_ties(const Follower& one, const ParameterSchedule& schedule, Ties& ties) {
  const auto position = [&](const ParameterSlot& slot) {
    return schedule.layout.position(slot.parameter, slot.index);
  };
  const std::size_t slot = position(one.slot), of = position(one.of);
  const std::size_t ratio = one.has_ratio() ? slot : Tie::same;
  const VaryingSlot* varying = schedule.find(one.slot);
  const VaryingSlot* varying_of = schedule.find(one.of);
  ties.push_back({slot, of, ratio});
  for (std::size_t j = 0; varying && j < varying->n_knot; ++j)
    ties.push_back({varying->first + j, varying_of ? varying_of->first + j : of,
                    varying_of ? ratio : varying->first + j});
}

struct Interval {
  double least, most;
};

Interval product(const Interval& a, const Interval& b) {
  const auto [least, most] =
      std::minmax({a.least * b.least, a.least * b.most, a.most * b.least, a.most * b.most});
  return {least, most};
}

// What a considered value may be.
Interval around(const Control& considered, double value) {
  const double reach = reach_of_considered * considered.prior_std;
  if (considered.is_ratio()) return {value - reach, value + reach};
  const ParameterInfo& row = info(considered.slot.parameter);
  // Zero itself is no conductivity.
  const double least = row.lower_excluded ? row.lower + 1e-3 * considered.prior_std : row.lower;
  return {std::max(value - reach, std::min(value, least)),
          std::min(value + reach, std::max(value, row.upper))};
}

// The values that a column can have at the bounds of what is estimated or considered [n_value].
class ReachableValues {
public:
  explicit ReachableValues(const ParameterValues& values) : values_(values) {}

  std::vector<Interval> of(std::size_t column) const {
    std::vector<Interval> given;
    for (Eigen::Index i = 0; i < values_.first_guess.cols(); ++i) {
      const double value = values_.first_guess(Eigen::Index(column), i);
      given.push_back({value, value});
    }
    for (const Control& control : values_.controls)
      given[control.value] = {control.lower, control.upper};
    for (const Control& control : values_.considered)
      given[control.value] = around(control, given[control.value].least);
    std::vector<Interval> reached = given;
    for (const auto& [value, of, ratio] : values_.schedule.ties)
      reached[value] = ratio == Tie::same ? reached[of] : product(given[ratio], reached[of]);
    return reached;
  }

private:
  const ParameterValues& values_;
};

Interval allowed_for(Parameter parameter, const SurfaceForm& surface) {
  const ParameterInfo& row = info(parameter);
  if (parameter == Parameter::roughness_length)
    return {row.lower, std::min({row.upper, surface.wind_height, surface.air_height})};
  return {row.lower, row.upper};
}

bool is_allowed(Parameter parameter, const Interval& found, const Interval& allowed) {
  const ParameterInfo& row = info(parameter);
  if (parameter == Parameter::bowen_ratio && found.least <= 0.0 && found.most >= 0.0) return false;
  const bool above =
      row.lower_excluded ? found.least > allowed.least : found.least >= allowed.least;
  const bool below = parameter == Parameter::roughness_length ? found.most < allowed.most
                                                              : found.most <= allowed.most;
  return above && below; // not for NaN
}

class FollowerChecks {
public:
  FollowerChecks(const Settings& settings, const ParameterValues& values)
      : values_(values), horizons_(horizon_names(settings)), surface_(surface_form(settings)),
        has_water_(settings.soil.properties != Properties::constant && !settings.has_moisture()) {}

  void check_ranges(std::size_t column, const std::string& label) const {
    const std::vector<Interval> reached = ReachableValues(values_).of(column);
    for (const Follower& one : values_.followers) {
      const Interval allowed = allowed_for(one.slot.parameter, surface_);
      const VaryingSlot* varying = values_.schedule.find(one.slot);
      const std::size_t first = varying ? varying->first : position(one.slot);
      for (std::size_t j = 0; j < (varying ? varying->n_knot : 1); ++j)
        if (!is_allowed(one.slot.parameter, reached[first + j], allowed))
          throw InputError(complaint(one, reached[first + j], allowed, label));
    }
  }

  // Water fills no more than the pores, as they are at first.
  void check_pores(std::size_t column, const std::string& label) const {
    if (!has_water_) return;
    const Eigen::RowVectorXd given = values_.first_guess.row(Eigen::Index(column));
    Eigen::RowVectorXd now = given;
    tie(values_.schedule.ties, given.data(), now.data());
    for (const Follower& one : values_.followers) {
      const ParameterSlot water{Parameter::water_content, one.slot.index};
      const ParameterSlot pores{Parameter::porosity, one.slot.index};
      if (one.slot != water && one.slot != pores) continue;
      const double most = now[Eigen::Index(position(water))],
                   n = now[Eigen::Index(position(pores))];
      if (most > n)
        throw InputError(fmt::format("{}: {} = {:g} at {}: more water than {} = {:g}", where(one),
                                     reference_to(water, horizons_), most, label,
                                     reference_to(pores, horizons_), n));
    }
  }

private:
  std::size_t position(const ParameterSlot& slot) const {
    return values_.schedule.layout.position(slot.parameter, slot.index);
  }
  static std::string where(const Follower& one) {
    return one.settings->where(one.has_ratio() ? "ratio_to" : "same_as");
  }

  std::string complaint(const Follower& one, const Interval& found, const Interval& allowed,
                        const std::string& label) const {
    const ParameterInfo& row = info(one.slot.parameter);
    const std::string unit = std::string_view(row.unit) == "1" ? "" : fmt::format(" {}", row.unit);
    return fmt::format("{} = '{}': {} would be {:g} to {:g}{} at {}, at the bounds of what is "
                       "estimated{}: must be {} {:g} and {} {:g}{}",
                       where(one), reference_to(one.of, horizons_),
                       reference_to(one.slot, horizons_), found.least, found.most, unit, label,
                       considered_in_words(), row.lower_excluded ? ">" : ">=", allowed.least,
                       one.slot.parameter == Parameter::roughness_length ? "<" : "<=", allowed.most,
                       one.slot.parameter == Parameter::bowen_ratio ? ", and never 0" : "");
  }

  std::string considered_in_words() const {
    return values_.considered.empty()
               ? ""
               : fmt::format(" and within {:g} prior_std of what is held", reach_of_considered);
  }

  const ParameterValues& values_;
  const std::vector<std::string> horizons_;
  const SurfaceForm surface_;
  bool has_water_;
};

} // namespace

DenseMatrix tied_values(const ParameterSchedule& schedule, DenseMatrix given) {
  if (schedule.ties.empty()) return given;
  DenseMatrix values = given;
  for (Eigen::Index i = 0; i < given.rows(); ++i)
    tie(schedule.ties, given.row(i).data(), values.row(i).data());
  return values;
}

std::vector<Follower> followers_of(const std::vector<Given>& all, const Settings& settings) {
  std::vector<Follower> followers;
  for (const Given& given : all)
    if (const auto of = followed({given.slot, given.settings}, settings))
      followers.push_back({given.slot, *of, given.settings});
  return followers;
}

const ParameterSettings* knots_given_by(const ParameterSlot& slot, const std::vector<Given>& all,
                                        const std::vector<Follower>& followers) {
  ParameterSlot at = slot;
  for (;;) {
    const auto given = std::ranges::find(all, at, &Given::slot);
    if (given != all.end() && given->settings->time != TimeBasis::constant) return given->settings;
    const Follower* follower = find_follower(followers, at);
    if (!follower) return nullptr;
    at = follower->of;
  }
}

Ties make_ties(const ParameterValues& values) {
  Ties ties;
  for (const Follower* one : in_order(values.followers)) add_ties(*one, values.schedule, ties);
  return ties;
}

void check_followers(const Ranks& ranks, const Settings& settings, const Columns& columns,
                     const ParameterValues& values) {
  if (values.followers.empty()) return;
  const FollowerChecks checks(settings, values);
  agree_on_failure(ranks, [&] {
    for (std::size_t c = 0; c < columns.n_local(); ++c) {
      checks.check_ranges(c, columns.label(c));
      checks.check_pores(c, columns.label(c));
    }
  });
}

} // namespace glebe
