// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/parameter_values.hpp"

#include "glebe/base/error.hpp"
#include "glebe/data/file_series.hpp"
#include "glebe/data/units.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// Places (horizons or knots) of the layout that a &parameter group stands for.
std::vector<std::size_t> places_of(const ParameterSettings& parameter, const SoilGrid& soil) {
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
  default:
    places.push_back(0);
  }
  return places;
}

// Converts values in place; errors name the variable.
void convert_units(const NetcdfFile& file, const std::string& variable, const std::string& from,
                   const char* to, std::vector<double>& values) {
  try {
    UnitConverter(from, to).convert(values);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", file.where(variable), error.problems().front()));
  }
}

class ParameterReader {
public:
  ParameterReader(const Ranks& ranks, const Columns& columns, ParameterValues& values)
      : ranks_(ranks), columns_(columns), values_(values) {}

  // [place][column], or [column] when one value holds for every place.
  void read(const ParameterSettings& parameter, const std::vector<std::size_t>& places) {
    const NetcdfFile file = NetcdfFile::open(ranks_, parameter.file);
    const bool per_place =
        places.size() > 1 &&
        file.variable(parameter.variable).dimensions.size() > columns_.grid().dimensions.size();
    const std::size_t leading = per_place ? places.size() : 1;
    std::vector<double> field = read_field(file, parameter.variable, columns_, leading);
    if (const auto units = file.text_attribute(parameter.variable, "units"))
      convert_units(file, parameter.variable, *units, info(parameter.name).unit, field);
    const std::size_t n = columns_.n_local();
    together(ranks_, [&] {
      for (std::size_t c = 0; c < n; ++c)
        for (std::size_t i = 0; i < places.size(); ++i)
          set(file, parameter, places[i], c, field[(per_place ? i : 0) * n + c]);
    });
  }

private:
  void set(const NetcdfFile& file, const ParameterSettings& parameter, std::size_t place,
           std::size_t column, double value) {
    const ParameterInfo& allowed = info(parameter.name);
    const double lower = parameter.estimate ? *parameter.lower : allowed.lower;
    const double upper = parameter.estimate ? *parameter.upper : allowed.upper;
    const bool excluded = allowed.lower_excluded && value <= allowed.lower;
    if (!(value >= lower && value <= upper) || excluded)
      throw InputError(fmt::format("{}: {} at {}: allowed is {} to {} {}",
                                   file.where(parameter.variable),
                                   std::isnan(value) ? "missing" : fmt::format("{:g}", value),
                                   columns_.label(column), lower, upper, allowed.unit));
    values_.at(column, values_.layout.slot(parameter.name, place)) = value;
  }

  const Ranks& ranks_;
  const Columns& columns_;
  ParameterValues& values_;
};

// The profile of initial_file at the depths of its first dimension, which become the knots.
void read_initial_profile(const Ranks& ranks, const Settings& settings, SoilGrid& soil,
                          const Columns& columns, std::vector<double>& profile) {
  const SoilSettings& from = settings.soil;
  const NetcdfFile file = NetcdfFile::open(ranks, from.initial_file);
  const auto dimensions = file.variable(from.initial_variable).dimensions;
  if (dimensions.empty() || !file.has_variable(dimensions.front().name))
    throw InputError(fmt::format("{}: its first dimension must be a depth with a coordinate "
                                 "variable of the same name",
                                 file.where(from.initial_variable)));
  const std::string axis = dimensions.front().name;
  std::vector<double> depths = file.read_all(axis);
  convert_units(file, axis, file.text_attribute(axis, "units").value_or("m"), "m", depths);
  if (!std::is_sorted(depths.begin(), depths.end(), std::less_equal<>()))
    throw InputError(fmt::format("{}: depths must increase", file.where(axis)));
  profile = read_field(file, from.initial_variable, columns, depths.size());
  const auto units = file.text_attribute(from.initial_variable, "units");
  if (!units)
    throw InputError(fmt::format("{}: has no units; add the attribute 'units'",
                                 file.where(from.initial_variable)));
  convert_units(file, from.initial_variable, *units, "K", profile);
  together(ranks, [&] {
    const ParameterInfo& allowed = info(Parameter::initial_temperature);
    for (std::size_t i = 0; i < profile.size(); ++i)
      if (!(profile[i] >= allowed.lower && profile[i] <= allowed.upper))
        throw InputError(fmt::format(
            "{}: {} at {}: allowed is {} to {} K", file.where(from.initial_variable), profile[i],
            columns.label(i % columns.n_local()), allowed.lower, allowed.upper));
  });
  soil.set_knots(std::move(depths));
}

} // namespace

ParameterValues read_parameters(const Ranks& ranks, const Settings& settings, SoilGrid& soil,
                                const Columns& columns) {
  std::vector<double> profile;
  if (settings.soil.initial == Initial::file)
    read_initial_profile(ranks, settings, soil, columns, profile);

  ParameterValues values;
  values.layout = soil.layout();
  const std::size_t n = columns.n_local();
  values.first_guess.assign(n * values.layout.size(), 0.0);
  for (std::size_t i = 0; i < profile.size(); ++i)
    values.at(i % n, values.layout.slot(Parameter::initial_temperature, i / n)) = profile[i];

  ParameterReader reader(ranks, columns, values);
  for (const ParameterSettings& parameter : settings.parameters) {
    const std::vector<std::size_t> places = places_of(parameter, soil);
    if (!parameter.file.empty()) reader.read(parameter, places);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::size_t slot = values.layout.slot(parameter.name, places[i]);
      for (std::size_t c = 0; c < n && parameter.file.empty(); ++c)
        values.at(c, slot) = parameter.value.size() > 1 ? parameter.value[i] : parameter.value[0];
      if (parameter.estimate)
        values.controls.push_back({{parameter.name, places[i]},
                                   *parameter.lower,
                                   *parameter.upper,
                                   parameter.prior_std.value_or(0.0),
                                   &parameter});
    }
  }
  std::sort(values.controls.begin(), values.controls.end(),
            [&](const Control& a, const Control& b) {
              return values.layout.slot(a.slot.parameter, a.slot.index) <
                     values.layout.slot(b.slot.parameter, b.slot.index);
            });
  return values;
}

} // namespace glebe
