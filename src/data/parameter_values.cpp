// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/parameter_values.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/text.hpp"
#include "glebe/config/forms.hpp"
#include "glebe/config/parameter_reference.hpp"
#include "glebe/config/parameter_use.hpp"
#include "glebe/config/sensors.hpp"
#include "glebe/config/settings_table.hpp"
#include "glebe/data/file_series.hpp"
#include "glebe/data/knots.hpp"
#include "glebe/data/units.hpp"

#include <algorithm>
#include <cmath>

#include "parameter_followers.hpp"

namespace glebe {

namespace {

// The places (horizons, knots in depth or a stream) of a &parameter group.
std::vector<std::size_t> places_of(const ParameterSettings& parameter, const Settings& settings,
                                   const SoilGrid& soil) {
  std::vector<std::size_t> places;
  switch (info(parameter.name).place) {
  case Place::horizon:
    for (std::size_t h = 0; h < soil.horizon_names().size(); ++h)
      if (parameter.horizon.empty() || parameter.horizon == soil.horizon_names()[h])
        places.push_back(h);
    break;
  case Place::knot:
    for (const double depth : parameter.depth) {
      const auto& knots = soil.knots();
      places.push_back(
          static_cast<std::size_t>(std::find(knots.begin(), knots.end(), depth) - knots.begin()));
    }
    break;
  case Place::stream:
    places.push_back(stream_number(settings, parameter.stream).value());
    break;
  default:
    places.push_back(0);
  }
  return places;
}

// Converts values in place; errors name the variable. The offset of a unit does not apply to
// differences.
void convert_units(const NetcdfFile& file, const std::string& variable, const std::string& from,
                   const char* to, std::vector<double>& values, bool differences = false) {
  with_location(file.where(variable), [&] {
    const UnitConverter convert(from, to);
    convert.convert(values);
    const double offset = differences ? convert(0.0) : 0.0;
    for (double& value : values) value -= offset;
  });
}

// The depths of a coordinate [m], which may be heights that are positive upwards.
std::vector<double> depths_of(const NetcdfFile& file, const std::string& axis) {
  std::vector<double> depths = file.read_all(axis);
  convert_units(file, axis, file.units(axis), "m", depths);
  const bool upwards = lower(file.text_attribute(axis, "positive").value_or("")) == "up";
  for (double& depth : depths) depth = upwards ? 0.0 - depth : depth;
  const bool below = std::ranges::all_of(depths, [](double depth) { return depth >= 0.0; });
  if (!below || std::ranges::adjacent_find(depths, std::greater_equal<>()) != depths.end())
    throw InputError(fmt::format("{}: must be depths that increase from 0; heights need the "
                                 "attribute positive = 'up', from the top downwards",
                                 file.where(axis)));
  return depths;
}

// Places in the soil are in the order of the column, from the top.
void check_order(const NetcdfFile& file, const std::string& dimension) {
  if (!file.has_variable(dimension) || file.variable(dimension).is_text()) return;
  const auto units = file.text_attribute(dimension, "units");
  if (units && convertible(*units, "m")) static_cast<void>(depths_of(file, dimension));
}

class ParameterReader {
public:
  ParameterReader(const Ranks& ranks, const Settings& settings, const Columns& columns,
                  const Log& log, ParameterValues& values)
      : ranks_(ranks), settings_(settings), columns_(columns), log_(log), values_(values) {}

  // Reads a field [place][column], or [column] for all places.
  void read(const ParameterSettings& parameter, const std::vector<std::size_t>& places) {
    const NetcdfFile file = NetcdfFile::open(ranks_, parameter.file);
    std::optional<std::size_t> position;
    if (places.size() > 1)
      position = place_position(file, parameter.variable, places.size(), columns_.grid());
    const bool per_place = position.has_value();
    if (per_place) check_order(file, file.variable(parameter.variable).dimensions[*position].name);
    std::vector<double> field = read_field(file, parameter.variable, columns_, log_, position,
                                           parse_levels(parameter.level));
    const std::string unit = unit_in(parameter, places.front());
    convert_units(file, parameter.variable, file.units(parameter.variable), unit.c_str(), field,
                  is_difference(parameter.name));
    const std::size_t n = columns_.n_local();
    agree_on_failure(ranks_, [&] {
      for (std::size_t c = 0; c < n; ++c)
        for (std::size_t i = 0; i < places.size(); ++i)
          set(file, parameter, {parameter.name, places[i]}, c, field[(per_place ? i : 0) * n + c]);
    });
  }

private:
  // Of a ratio to another parameter, the unit of the ratio.
  std::string unit_in(const ParameterSettings& parameter, std::size_t place) const {
    const auto follower = std::ranges::find(values_.followers, &parameter, &Follower::settings);
    return follower == values_.followers.end()
               ? unit_of({parameter.name, place}, settings_.observations)
               : ratio_unit(parameter.name, follower->of.parameter);
  }

  void set(const NetcdfFile& file, const ParameterSettings& parameter, const ParameterSlot& slot,
           std::size_t column, double value) {
    const ParameterInfo& row = info(parameter.name);
    const bool is_ratio = !parameter.ratio_to.empty(); // of which any number may be right
    const Range allowed =
        is_ratio ? Range{.lower = -no_limit, .upper = no_limit} : allowed_range(row);
    const double lower = parameter.estimate ? *parameter.lower : allowed.lower;
    const double upper = parameter.estimate ? *parameter.upper : allowed.upper;
    if (!(value >= lower && value <= upper) || !allowed.contains(value))
      throw InputError(
          fmt::format("{}: {} at {}: allowed is {} to {} {}", file.where(parameter.variable),
                      std::isnan(value) ? "missing" : fmt::format("{:g}", value),
                      columns_.label(column), lower, upper, unit_in(parameter, slot.index)));
    values_.first_guess(column, values_.schedule.layout.position(slot.parameter, slot.index)) =
        value;
  }

  const Ranks& ranks_;
  const Settings& settings_;
  const Columns& columns_;
  const Log& log_;
  ParameterValues& values_;
};

// Reads the profile from initial_file; the depths of its first dimension become the knots.
void read_initial_profile(const Ranks& ranks, const Settings& settings, SoilGrid& soil,
                          const Columns& columns, const Log& log, std::vector<double>& profile) {
  const SoilSettings& from = settings.soil;
  const NetcdfFile file = NetcdfFile::open(ranks, from.initial_file);
  const auto dimensions = file.variable(from.initial_variable).dimensions;
  if (dimensions.empty() || !file.has_variable(dimensions.front().name))
    throw InputError(fmt::format("{}: its first dimension must be a depth with a coordinate "
                                 "variable of the same name",
                                 file.where(from.initial_variable)));
  std::vector<double> depths = depths_of(file, dimensions.front().name);
  profile = read_field(file, from.initial_variable, columns, log, std::size_t{0});
  convert_units(file, from.initial_variable, file.units(from.initial_variable), "K", profile);
  agree_on_failure(ranks, [&] {
    const ParameterInfo& allowed = info(Parameter::initial_temperature);
    for (std::size_t i = 0; i < profile.size(); ++i)
      if (!(profile[i] >= allowed.lower && profile[i] <= allowed.upper))
        throw InputError(fmt::format(
            "{}: {} at {}: allowed is {} to {} K", file.where(from.initial_variable), profile[i],
            columns.label(i % columns.n_local()), allowed.lower, allowed.upper));
  });
  soil.set_knots(std::move(depths));
}

// All given parameters in the order of the layout.
std::vector<Given> given_parameters(const Settings& settings, const SoilGrid& soil,
                                    const ParameterLayout& layout) {
  std::vector<Given> all;
  for (const ParameterSettings& parameter : settings.parameters) {
    const std::vector<std::size_t> places = places_of(parameter, settings, soil);
    for (std::size_t i = 0; i < places.size(); ++i)
      all.push_back({{parameter.name, places[i]}, i, &parameter});
  }
  std::sort(all.begin(), all.end(), [&](const Given& a, const Given& b) {
    return layout.position(a.slot.parameter, a.slot.index) <
           layout.position(b.slot.parameter, b.slot.index);
  });
  return all;
}

void check_value_count(const ParameterSettings& parameter, const std::vector<double>& knots,
                       const ModelTime& time) {
  const std::size_t count = parameter.value.size();
  if (count > 1 && count != knots.size())
    throw InputError(fmt::format("{}: {} values for {} knot{}, {} to {}: must be one, or one for "
                                 "each",
                                 parameter.where("value"), count, knots.size(),
                                 knots.size() == 1 ? "" : "s", time.text(knots.front()),
                                 time.text(knots.back())));
}

void make_schedule(const std::vector<Given>& all, const ModelTime& time, ParameterValues& values) {
  for (const Given& given : all) {
    const ParameterSettings* from = knots_given_by(given.slot, all, values.followers);
    if (!from) continue;
    KnotSchedule knots = make_knots(*from, time);
    if (from == given.settings) check_value_count(*given.settings, knots.time, time);
    values.schedule.varying.push_back(
        {given.slot, values.schedule.n_value(), knots.time.size(), std::move(knots.at_step)});
    values.knot_time.push_back(std::move(knots.time));
  }
}

// The default values of parameters that are not given; NaN if there is none, so that nothing can
// use them. A sensor is where its stream says.
DenseMatrix default_values(std::size_t n_column, const ParameterSchedule& schedule,
                           const Settings& settings) {
  const SoilForm soil = soil_form(settings);
  const SurfaceForm surface = surface_form(settings);
  DenseMatrix values = DenseMatrix::Zero(n_column, schedule.n_value());
  for (std::size_t p = 0; p < parameter_count; ++p)
    for (std::size_t i = 0; i < schedule.layout.count(Parameter(p)); ++i)
      values.col(Eigen::Index(schedule.layout.position(Parameter(p), i)))
          .setConstant(default_value(Parameter(p), soil, surface));
  for (std::size_t s = 0; s < schedule.layout.n_stream; ++s)
    values.col(Eigen::Index(schedule.layout.position(Parameter::sensor_depth, s)))
        .setConstant(settings.observations[s].depth.value_or(0.0));
  return values;
}

// Sets the slots of parameters without a file, and the knots of those that vary.
void set_values(const std::vector<Given>& all, std::size_t n_column, ParameterValues& values) {
  for (const Given& given : all) {
    // What is the same as another has no value of its own.
    const std::vector<double> list =
        given.settings->same_as.empty() ? given.settings->value : std::vector<double>{1.0};
    const std::size_t slot =
        values.schedule.layout.position(given.slot.parameter, given.slot.index);
    const VaryingSlot* varying = values.schedule.find(given.slot);
    const auto value_of = [&](std::size_t i) { return list.size() > 1 ? list[i] : list[0]; };
    for (std::size_t c = 0; c < n_column; ++c) {
      if (!list.empty()) values.first_guess(c, slot) = value_of(varying ? 0 : given.number);
      for (std::size_t j = 0; varying && j < varying->n_knot; ++j)
        values.first_guess(c, varying->first + j) =
            list.empty() ? values.first_guess(c, slot) : value_of(j);
    }
  }
}

// The index of the region map of a parameter. The map is read unless another parameter uses it too.
int region_index(const Ranks& ranks, const ParameterSettings& parameter, const Columns& columns,
                 const Log& log, std::vector<RegionMap>& regions) {
  auto found = std::find_if(regions.begin(), regions.end(), [&](const RegionMap& map) {
    return map.file == parameter.region_file && map.variable == parameter.region_variable;
  });
  if (found == regions.end())
    found = regions.insert(regions.end(), read_regions(ranks, parameter, columns, log));
  return static_cast<int>(found - regions.begin());
}

void check_grid_has_distances(const ParameterSettings& parameter, const HorizontalGrid& grid) {
  const std::size_t n = grid.dimensions.size();
  if (parameter.correlation_length && n != 2)
    throw InputError(fmt::format("{}: needs a grid of two horizontal dimensions; the run has {}",
                                 parameter.where("correlation_length"),
                                 n == 0 ? "one site" : "a list of stations"));
}

// Adds the controls of a parameter in one place, estimated or considered: one, or one for every
// knot in time.
void add_controls(const Ranks& ranks, const Given& given, const Columns& columns, const Log& log,
                  ParameterValues& values, std::vector<Control>& controls) {
  const ParameterSettings& parameter = *given.settings;
  check_grid_has_distances(parameter, columns.grid());
  Control control;
  control.slot = given.slot;
  control.lower = parameter.estimate ? *parameter.lower : 0.0;
  control.upper = parameter.estimate ? *parameter.upper : *parameter.prior_std;
  control.prior_std = parameter.prior_std.value_or(0.0);
  control.space = parameter.space;
  if (parameter.space == Space::region)
    control.region = region_index(ranks, parameter, columns, log, values.regions);
  control.correlation_length = 1e3 * parameter.correlation_length.value_or(0.0);
  control.time_std = parameter.time_std.value_or(0.0);
  control.settings = &parameter;
  for (const Follower& follower : values.followers)
    if (follower.slot == given.slot)
      control.ratio_unit = ratio_unit(given.slot.parameter, follower.of.parameter);
  // A ratio may be constant to a parameter that varies.
  const bool varies = parameter.time != TimeBasis::constant;
  const VaryingSlot* varying = varies ? values.schedule.find(given.slot) : nullptr;
  const std::size_t first =
      varying ? varying->first
              : values.schedule.layout.position(given.slot.parameter, given.slot.index);
  for (std::size_t j = 0; j < (varying ? varying->n_knot : 1); ++j) {
    control.value = first + j;
    control.knot = j;
    controls.push_back(control);
  }
}

} // namespace

ParameterValues read_parameters(const Ranks& ranks, const Settings& settings, const ModelTime& time,
                                SoilGrid& soil, const Columns& columns, const Log& log) {
  std::vector<double> profile;
  if (settings.soil.initial == Initial::file)
    read_initial_profile(ranks, settings, soil, columns, log, profile);

  ParameterValues values;
  values.schedule.layout = soil.layout();
  values.schedule.layout.n_stream = sensor_count(settings);
  const std::vector<Given> all = given_parameters(settings, soil, values.schedule.layout);
  values.followers = followers_of(all, settings);
  make_schedule(all, time, values);
  values.schedule.ties = make_ties(values);
  const std::size_t n = columns.n_local();
  values.cells = columns.cells();
  values.first_guess = default_values(n, values.schedule, settings);
  for (std::size_t i = 0; i < profile.size(); ++i)
    values.first_guess(
        i % n, values.schedule.layout.position(Parameter::initial_temperature, i / n)) = profile[i];

  ParameterReader reader(ranks, settings, columns, log, values);
  for (const ParameterSettings& parameter : settings.parameters)
    if (!parameter.file.empty()) reader.read(parameter, places_of(parameter, settings, soil));
  set_values(all, n, values);

  for (const Given& given : all)
    if (given.settings->estimate || is_considered(*given.settings))
      add_controls(ranks, given, columns, log, values,
                   given.settings->estimate ? values.controls : values.considered);
  for (std::vector<Control>* controls : {&values.controls, &values.considered})
    std::ranges::sort(*controls, {}, &Control::value);
  check_followers(ranks, settings, columns, values);
  return values;
}

} // namespace glebe
