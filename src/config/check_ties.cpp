// SPDX-License-Identifier: BSD-3-Clause
// Parameters that follow others.
#include "glebe/config/parameter_reference.hpp"
#include "glebe/config/parameter_use.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "check_settings.hpp"

namespace glebe {

namespace {

bool follows(const ParameterSettings& parameter) {
  return !parameter.same_as.empty() || !parameter.ratio_to.empty();
}

const char* key_of(const ParameterSettings& parameter) {
  return parameter.same_as.empty() ? "ratio_to" : "same_as";
}

// What a parameter that is the same as another has from that one.
constexpr std::array keys_of_its_own{"value",
                                     "file",
                                     "variable",
                                     "level",
                                     "lower",
                                     "upper",
                                     "prior_std",
                                     "space",
                                     "time",
                                     "knots",
                                     "knot_interval",
                                     "region_file",
                                     "region_variable",
                                     "correlation_length",
                                     "time_std",
                                     "ratio_to"};

void check_keys(const ParameterSettings& parameter, Problems& problems) {
  if (parameter.same_as.empty()) return;
  for (const char* key : keys_of_its_own)
    if (parameter.given(key))
      problems.add("{}: must not be given with same_as, by which it is that of '{}'",
                   parameter.where(key), parameter.same_as);
  if (parameter.estimate)
    problems.add("{} = .true.: must not be given with same_as: estimate '{}'",
                 parameter.where("estimate"), parameter.same_as);
}

// The places of all parameters, and which of them each follows.
class Followings {
public:
  Followings(const Settings& settings, Problems& problems) : settings_(settings) {
    for (const ParameterSettings& parameter : settings.parameters)
      for (const GivenPlace& place : places_of(parameter, settings)) places_.push_back(place);
    for (const GivenPlace& place : places_) next_.push_back(next_of(place, problems));
  }

  void check(Problems& problems) const {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (!next_[i]) continue;
      check_pair(places_[i], *next_[i], problems);
      check_circle(i, problems);
      check_time(places_[i], *next_[i], problems);
    }
  }

private:
  std::optional<ParameterSlot> next_of(const GivenPlace& place, Problems& problems) const {
    try {
      return followed(place, settings_);
    } catch (const InputError& error) {
      problems.add(error);
      return {};
    }
  }

  std::optional<std::size_t> given_at(const ParameterSlot& slot) const {
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (places_[i].slot == slot && info(slot.parameter).place != Place::knot) return i;
    return {};
  }

  std::string name_of_place(const ParameterSlot& slot) const {
    return reference_to(slot, horizon_names(settings_));
  }

  void check_pair(const GivenPlace& place, const ParameterSlot& of, Problems& problems) const {
    const ParameterSettings& group = *place.settings;
    const std::string where = group.where(key_of(group)), name = name_of_place(of);
    const ParameterUse use = use_of(of.parameter, settings_);
    if (!use.used)
      problems.add("{} = '{}': not used by this model, only with {}", where, name, use.choice);
    const ParameterInfo &row = info(place.slot.parameter), &row_of = info(of.parameter);
    if (!group.same_as.empty() && std::string_view(row.unit) != row_of.unit)
      problems.add("{} = '{}': has another unit, {} instead of {}: use ratio_to", where, name,
                   row_of.unit, row.unit);
    const ParameterSlot first = first_ratio_of(place.slot.parameter).value_or(of);
    if (group.same_as.empty() && ratio_unit(place.slot.parameter, of.parameter) !=
                                     ratio_unit(place.slot.parameter, first.parameter))
      problems.add("{} = '{}': the ratio has another unit than that to '{}' in another horizon",
                   where, name, name_of_place(first));
    if (!group.stream.empty()) problems.add("{}: a parameter of a stream follows no other", where);
  }

  // Whom the first place of a parameter follows by a ratio.
  std::optional<ParameterSlot> first_ratio_of(Parameter parameter) const {
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (places_[i].slot.parameter == parameter && !places_[i].settings->ratio_to.empty())
        return next_[i];
    return {};
  }

  // Reported once, at the first of its members.
  void check_circle(std::size_t first, Problems& problems) const {
    std::vector<std::string> names{name_of_place(places_[first].slot)};
    for (std::optional<std::size_t> i = first; i && next_[*i];) {
      i = given_at(*next_[*i]);
      if (!i || *i < first || names.size() > places_.size()) return;
      names.push_back(name_of_place(places_[*i].slot));
      if (*i != first) continue;
      const ParameterSettings& group = *places_[first].settings;
      problems.add("{}: follows itself: {}", group.where(key_of(group)), fmt::join(names, " -> "));
      return;
    }
  }

  bool varies(const ParameterSlot& slot) const {
    std::optional<std::size_t> i = given_at(slot);
    for (std::size_t n = 0; i && n <= places_.size(); ++n) {
      if (places_[*i].settings->time != TimeBasis::constant) return true;
      i = next_[*i] ? given_at(*next_[*i]) : std::nullopt;
    }
    return false;
  }

  void check_time(const GivenPlace& place, const ParameterSlot& of, Problems& problems) const {
    const ParameterSettings& group = *place.settings;
    if (!varies(of)) return;
    if (group.time != TimeBasis::constant)
      problems.add("{}: the ratio must be constant in time, because {} varies", group.where("time"),
                   name_of_place(of));
    if (info(place.slot.parameter).place == Place::knot)
      problems.add("{} = '{}': varies in time, but {} cannot", group.where(key_of(group)),
                   name_of_place(of), info(place.slot.parameter).name);
  }

  const Settings& settings_;
  std::vector<GivenPlace> places_;
  std::vector<std::optional<ParameterSlot>> next_;
};

} // namespace

void check_ties(const Settings& settings, Problems& problems) {
  if (std::ranges::none_of(settings.parameters, follows)) return;
  bool known = true;
  for (const HorizonSettings& horizon : settings.horizons) known = known && !horizon.faulty("name");
  for (const ParameterSettings& parameter : settings.parameters) {
    check_keys(parameter, problems);
    for (const char* key : {"name", "horizon", "same_as", "ratio_to", "time"})
      known = known && !parameter.faulty(key);
  }
  if (known) Followings(settings, problems).check(problems);
}

} // namespace glebe
