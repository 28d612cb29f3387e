// SPDX-License-Identifier: BSD-3-Clause
#include "settings_fields.hpp"

namespace glebe {

Fields<ParameterSettings> parameter_fields() {
  using G = ParameterSettings;
  return {
      {"name", choice(&G::name, names_in(parameter_table)), "", required, any, "which parameter"},
      {"horizon", &G::horizon, "", "''", any,
       "the horizon it belongs to, for a parameter of the soil; empty: every horizon"},
      {"depth", &G::depth, "m", absent, a_depth,
       "depths of the knots, increasing; required for initial_temperature"},
      {"value", &G::value, "", absent, any,
       "value in the parameter's unit, or the first guess: one, or one per knot in depth or in "
       "time; this or file is required"},
      {"file", &G::file, "", absent, any,
       "file with a value for each column, the same at all times"},
      {"variable", &G::variable, "", "''", any, "its variable; empty: the parameter's name"},
      level_field<G>(),
      {"estimate", &G::estimate, "", ".false.", any, "estimate it"},
      {"lower", &G::lower, "", absent, any,
       "smallest value allowed, in the parameter's unit; required with estimate"},
      {"upper", &G::upper, "", absent, any,
       "largest value allowed, in the parameter's unit; required with estimate"},
      {"prior_std", &G::prior_std, "", absent, a_prior,
       "standard deviation of the first guess, in the parameter's unit; without it, no prior. "
       "Without "
       "estimate: the parameter is held, and is uncertain by this in the posterior of the others"},
      {"space", choice(&G::space, space_names), "", "'column'", any,
       "how the estimate varies in space: a value for each column, for each class of a map, or "
       "one for all columns"},
      {"region_file", &G::region_file, "", absent, any,
       "file of that map; required for space = 'region'"},
      {"region_variable", &G::region_variable, "", "''", any,
       "its variable, whole numbers on the grid of the run, named by flag_values and "
       "flag_meanings; required for space = 'region'"},
      {"correlation_length", &G::correlation_length, "km", absent, between(1e-6, 1e6),
       "distance over which deviations from the first guess are correlated; needs prior_std, "
       "space = 'column' and a grid of two dimensions"},
      {"time", choice(&G::time, time_basis_names), "", "'constant'", any,
       "how it varies in time: not at all, in steps from knot to knot, or along lines between "
       "knots"},
      {"knots", &G::knots, "", absent, any,
       "times of the knots, increasing; or 'monthly', the first of every month; this or "
       "knot_interval is required unless time = 'constant'"},
      {"knot_interval", &G::knot_interval, "h", absent, between(1e-6, 1e7),
       "time between knots, from the start of the window"},
      {"time_std", &G::time_std, "", absent, a_prior,
       "standard deviation of its change from one knot to the next, in the parameter's unit; "
       "without it, knots are independent"},
      {"stream", &G::stream, "", "''", any,
       "name of the &observation whose sensor it belongs to, for sensor_depth and sensor_bias"},
      {"same_as", &G::same_as, "", "''", any,
       "it has the value of another parameter: 'thermal_conductivity', or, of a horizon, "
       "'thermal_conductivity(upper)'; in place of value"},
      {"ratio_to", &G::ratio_to, "", "''", any,
       "the parameter, written as in same_as, of which it is a multiple: value, lower, upper and "
       "prior_std are those of the ratio"},
  };
}

Fields<ObservationSettings> observation_fields() {
  using G = ObservationSettings;
  return {
      {"kind", choice(&G::kind, names_in(observation_kind_table)), "", required, any,
       "what is observed"},
      {"name", &G::name, "", "''", any,
       "name of the stream in the result; empty: made from kind and depth"},
      {"depth", &G::depth, "m", absent, a_depth,
       "depth; required for soil_temperature and ground_heat_flux"},
      {"file", &G::file, "", absent, any,
       "one or several files, or a pattern of their names ('ts_*.nc')"},
      {"variable", &G::variable, "", "''", any, "variable; empty: the stream's name"},
      {"sigma", &G::sigma, "", absent, an_error,
       "standard deviation of its error (K or W m-2); this or sigma_variable is required "
       "where the stream is fitted"},
      {"sigma_variable", &G::sigma_variable, "", "''", any, "variable of that standard deviation"},
      {"qc_variable", &G::qc_variable, "", "''", any, "variable of the quality flags"},
      {"qc_accept", &G::qc_accept, "", "0", any, "the flags that are accepted"},
      {"stamp", choice(&G::stamp, stamp_names), "", absent, any,
       "what a time stamp names: an instant, or the start, middle or end of an averaging "
       "interval; required with file"},
      interval_field<G>(),
      level_field<G>(),
      {"loss", choice(&G::loss, loss_names), "", "'gaussian'", any,
       "loss function of the misfit; huber reduces the weight of outliers"},
      {"huber_threshold", &G::huber_threshold, "sigma", "1.345", between(1e-6, 1e6),
       "misfit above which the huber loss is linear"},
      {"withhold", &G::withhold, "", ".false.", any, "compare with the model, but do not fit"},
      {"depth_std", &G::depth_std, "m", absent, an_error,
       "standard deviation of the error of its depth, which is estimated then"},
      {"bias_std", &G::bias_std, "", absent, an_error,
       "standard deviation of a constant error (K or W m-2), which is estimated then"},
      {"error_memory", &G::error_memory, "h", "0", a_memory,
       "time after which the correlation of its errors, exp(-distance / error_memory), has fallen "
       "to 1/e; 0: they are independent; 'auto', for mode = 'estimate': as the residuals of a fit "
       "with independent errors show"},
  };
}

Fields<OptimizerSettings> optimizer_fields() {
  using G = OptimizerSettings;
  return {
      {"method", choice(&G::method, optimizer_method_names), "", "'auto'", any,
       "column_newton fits every column separately; the others are TAO's bound-constrained methods "
       "for all columns together; auto is column_newton, or bntr if space or correlation_length "
       "couples columns"},
      {"gradient", choice(&G::gradient, gradient_method_names), "", "'auto'", any,
       "how methods for all columns together compute gradients and products with the Hessian: the "
       "adjoint is cheaper for many controls per column, the tangent-linear for few; auto uses the "
       "cheaper one"},
      {"max_iterations", &G::max_iterations, "", "100", between(1, 1e6),
       "largest number of iterations"},
      {"gradient_tolerance", &G::gradient_tolerance, "1", "1e-8", between(1e-16, 1),
       "norm of the gradient, relative to that at the first guess, at which the fit has "
       "converged"},
      {"starts", &G::starts, "", "1", between(1, 10000),
       "searches per column, by column_newton alone: the first from the first guess, the others "
       "from points uniform within the bounds; the best is kept"},
      {"early_part", &G::early_part, "1", "0.0625", between(0, 0.25),
       "part of the window, at least 5 days, over which the searches of column_newton begin, "
       "where it has four times as many days, starts = 1 and no estimate varies in time; a "
       "search costs less, and of several minima may find another; 0: none"},
  };
}

Fields<StagesSettings> stages_fields() {
  using G = StagesSettings;
  return {
      {"free", &G::free, "", absent, any,
       "for each stage, names of parameters, separated by blanks, that are estimated from it on; "
       "those not named are estimated in a last stage"},
  };
}

Fields<SplitSettings> split_fields() {
  using G = SplitSettings;
  return {
      {"parts", &G::parts, "", "1", between(1, 12), "number of parts of equal length"},
  };
}

Fields<PosteriorSettings> posterior_fields() {
  using G = PosteriorSettings;
  return {
      {"scale_by_chi_square", &G::scale_by_chi_square, "", ".false.", any,
       "take the errors of the observations from the misfit: the weight of the data is divided by "
       "the reduced chi-square of the column, or of all columns where they are coupled"},
      {"autocorrelation", &G::autocorrelation, "", ".true.", any,
       "analyse the autocorrelation of the residuals; costs one more run"},
      {"precision", &G::precision, "1", "0.1", between(0, 1),
       "verdict: a parameter is determined, whatever its correlations, if its standard deviation "
       "is "
       "below this fraction of its estimate, or, if the parameter can be zero, of the standard "
       "deviation of its bounds; 0.1 is about the error of a direct measurement"},
      {"correlation_limit", &G::correlation_limit, "1", "0.95", between(0, 1),
       "verdict: multiple correlation with the other parameters above which a parameter is known "
       "only in combination; at 0.95 its standard deviation would be a third if they were known"},
      {"std_limit", &G::std_limit, "1", "0.7", between(0, 1),
       "verdict: a parameter is not determined if its standard deviation is above this fraction of "
       "that without data (from prior, bounds, or its own size); at 0.7 the data have as much "
       "information as the prior"},
      {"profile", &G::profile, "", absent, any,
       "names of the parameters whose profile likelihood is computed; where columns are coupled, "
       "of those that they share"},
      {"profile_points", &G::profile_points, "", "13", between(3, 1001),
       "values of the parameter in a profile"},
      {"profile_range", &G::profile_range, "1", "3", between(1e-3, 1e3),
       "half the width of a profile, in standard deviations"},
      {"bootstrap", &G::bootstrap, "", "0", between(0, 1e6),
       "samples of the parametric bootstrap for every column; 0: none"},
      {"rows", &G::rows, "", absent, not_negative,
       "cells whose correlations with all others are written, where columns are coupled: their "
       "numbers along the horizontal dimensions from 0, as messages give them, cell after cell"},
  };
}

Fields<DesignSettings> design_fields() {
  using G = DesignSettings;
  return {
      {"name", &G::name, "", "''", any, "name in the table; empty: made from its number"},
      {"streams", &G::streams, "", absent, any,
       "names of the &observation groups that it uses; without it all of them, or, with depths, "
       "none"},
      {"depths", &G::depths, "m", absent, a_depth,
       "depths of candidate sensors, each tried in turn beside the streams"},
      {"kind", choice(&G::kind, names_in(observation_kind_table)), "", "'soil_temperature'", any,
       "what the candidate sensors observe"},
      {"sigma", &G::sigma, "", absent, an_error,
       "standard deviation of their errors (K or W m-2); required with depths"},
      {"error_memory", &G::error_memory, "h", "0", a_memory,
       "time after which the correlation of their errors has fallen to 1/e; 0: they are "
       "independent"},
      {"sensors", &G::sensors, "", "1", between(1, 4),
       "number of candidate sensors used at a time: every choice of so many depths is tried"},
      {"days", &G::days, "d", absent, between(1e-6, 1e6),
       "lengths of the window, each tried in turn; without it, to its end"},
      {"start", &G::start, "", absent, any,
       "first instant used (ISO 8601, UTC); without it, the start of the window"},
  };
}

Fields<RankingSettings> ranking_fields() {
  using G = RankingSettings;
  return {
      {"criterion", choice(&G::criterion, criterion_names), "", "'largest_std'", any,
       "what decides: the largest relative standard deviation, the geometric mean of the relative "
       "standard deviations with their correlations, or the degrees of freedom for signal"},
      {"parameters", &G::parameters, "", absent, any,
       "names of the parameters that count; without it, all that are estimated"},
  };
}

Fields<TwinSettings> twin_fields() {
  using G = TwinSettings;
  return {
      {"noise", &G::noise, "", "0", between(0, 1e9),
       "standard deviation of the noise added, in each stream's unit: one for all, or one "
       "per stream"},
      {"file", &G::file, "", absent, any,
       "file of the synthetic observations; required for mode = 'twin'"},
  };
}

Fields<CheckpointSettings> checkpoint_fields() {
  using G = CheckpointSettings;
  return {
      {"file", &G::file, "", "''", any, "checkpoint file; empty: none is written"},
      {"interval", &G::interval, "", "1", at_least_one,
       "iterations between two checkpoints; with minutes and without this, only the time counts"},
      {"minutes", &G::minutes, "min", absent, positive,
       "wall time after which the next iteration writes a checkpoint, whatever the interval"},
      {"restart", choice_or_logical(&G::restart, restart_names), "", "'never'", any,
       "go on from the checkpoint file: always (or .true.), which needs the file; auto, where "
       "there is one, and otherwise from the beginning"},
  };
}

} // namespace glebe
