// SPDX-License-Identifier: BSD-3-Clause
// The rows of the groups of settings, and what they are written with.
#pragma once

#include "glebe/config/settings_table.hpp"

namespace glebe {

template <class Group>
using Fields = std::vector<Field<Group>>;

Fields<RunSettings> run_fields();
Fields<TimeSettings> time_fields();
Fields<SoilSettings> soil_fields();
Fields<HorizonSettings> horizon_fields();
Fields<SurfaceSettings> surface_fields();
Fields<GridSettings> grid_fields();
Fields<SiteSettings> site_fields();
Fields<ForcingSettings> forcing_fields();
Fields<InputSettings> input_fields();
Fields<BoundarySettings> boundary_fields();
Fields<MoistureSettings> moisture_fields();
Fields<ParameterSettings> parameter_fields();
Fields<ObservationSettings> observation_fields();
Fields<OptimizerSettings> optimizer_fields();
Fields<StagesSettings> stages_fields();
Fields<SplitSettings> split_fields();
Fields<PosteriorSettings> posterior_fields();
Fields<DesignSettings> design_fields();
Fields<RankingSettings> ranking_fields();
Fields<TwinSettings> twin_fields();
Fields<CheckpointSettings> checkpoint_fields();

template <class Group, class Enum, class Names>
Choice<Group> choice(Enum Group::*member, const Names& names) {
  return {{names.begin(), names.end()},
          [member](Group& group, std::size_t i) { group.*member = static_cast<Enum>(i); },
          [member](const Group& group) { return static_cast<std::size_t>(group.*member); }};
}
/// The same for a key that was a logical once: .false. is the first name, .true. the second.
template <class Group, class Enum, class Names>
Choice<Group> choice_or_logical(Enum Group::*member, const Names& names) {
  Choice<Group> result = choice(member, names);
  result.or_logical = true;
  return result;
}

/// Rows that the groups of series from files share.
template <class Group>
Field<Group> interval_field() {
  return {"interval",
          &Group::interval,
          "s",
          Default::Kind::absent,
          Range{.lower = 1e-3, .upper = 1e10},
          "length of the averaging interval; without it, the spacing of the time axis"};
}
template <class Group>
Field<Group> level_field() {
  return {
      "level",
      &Group::level,
      "",
      Default::Kind::absent,
      Range{},
      "of dimensions that are neither time nor horizontal, what is read: 'height(1)', the first "
      "along height, or 'height = 2', where its coordinate is 2"};
}
template <class Group>
Field<Group> max_gap_field(const char* otherwise) {
  return {"max_gap",
          &Group::max_gap,
          "h",
          otherwise,
          Range{.lower = 0, .upper = 1e7},
          "longest gap that is filled by interpolation"};
}

template <class Info, std::size_t n>
std::vector<std::string> names_in(const std::array<Info, n>& table) {
  std::vector<std::string> names;
  for (const Info& row : table) names.emplace_back(row.name);
  return names;
}

inline constexpr auto required = Default::Kind::required;
inline constexpr auto absent = Default::Kind::absent;

inline constexpr Range any{};
inline constexpr Range positive{.lower = 0, .lower_excluded = true};
inline constexpr Range not_negative{.lower = 0};
inline constexpr Range at_least_one{.lower = 1};
inline constexpr Range hour_of_day{.lower = 0, .upper = 24};
constexpr Range between(double lower, double upper) { return {.lower = lower, .upper = upper}; }
// What nobody means: numbers beyond these are slips, or leave the range in which squares and
// quotients of them can be computed.
inline constexpr Range a_depth = between(0, 1e4);      ///< [m]
inline constexpr Range a_height = between(1e-3, 1e4);  ///< [m]
inline constexpr Range an_error = between(1e-9, 1e9);  ///< a standard deviation [K, W m-2 or m]
inline constexpr Range a_prior = between(1e-15, 1e12); ///< one in the unit of any parameter
inline constexpr Range a_memory = between(0, 1e7);     ///< [h]

} // namespace glebe
