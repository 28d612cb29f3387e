// SPDX-License-Identifier: BSD-3-Clause
// The names of all variables of a result file except parameters, streams and the coordinates of the
// input. The writers take them from here, and so do the checks that a stream has a different name.
#pragma once

#include "glebe/physics/vocabulary.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace glebe {

/// A variable of a result: an axis, or a field of numbers or flags.
enum class Result {
  time,
  interval_end,
  horizon,
  knot,
  control,
  control_column,
  stage,
  profile_point,
  iteration,
  row_cell,
  considered,
  considered_std,
  design,
  design_days,
  design_rank,
  design_depth,
  cost_history,
  lower_bound,
  upper_bound,
  correlation,
  averaging_kernel,
  correlation_with_cell,
  degrees_of_freedom,
  condition_number,
  reduced_chi_square,
  cost_initial,
  cost_final,
  iterations,
  status,
  starts_converged,
  distinct_minima,
  cost_spread,
  stage_cost,
  stage_iterations,
  stage_estimate,
  criterion,
  rank,
  best_design,
  part,
  from_part,
  part_start,
  part_end,
  part_rms_z
};

struct ResultInfo {
  const char* name;
  const char* unit; ///< empty for flags, and if it depends on the run
  const char* long_name;
  const char* shape; ///< dimensions; `grid` stands for those of the input
  const char* modes;
  const char* when; ///< when it is there, and what else is to be known
};

/// Indexed by Result.
inline constexpr std::array result_table{
    ResultInfo{"time", "", "time (UTC)", "time", "forward, twin, estimate",
               "with series; the first stream's stamps as in its file, other stamps have the axis "
               "`time_<s>`; bounds of means in time_bnds"},
    ResultInfo{"nv", "", "start and end of an interval", "", "forward, twin, estimate, design",
               "a dimension without variable"},
    ResultInfo{"horizon", "m", "depth of the horizon's lower end", "horizon",
               "forward, twin, estimate, design",
               "with several horizons; bounds in horizon_bnds, names in the attribute names"},
    ResultInfo{"knot", "m", "depth of the knots of the initial profile", "knot",
               "forward, twin, estimate, design", "with an initial profile"},
    ResultInfo{"control", "1", "number of the estimated parameter", "control", "estimate",
               "names and units in the attributes names and element_units"},
    ResultInfo{"control_column", "1", "number of the estimated parameter", "control_column",
               "estimate", "the second dimension of matrices"},
    ResultInfo{"stage", "1", "number of the stage", "stage", "estimate",
               "with &stages; what is freed in the attribute freed"},
    ResultInfo{"profile_point", "1", "number of the value in a profile", "profile_point",
               "estimate", "with &posterior profile"},
    ResultInfo{"iteration", "1", "iteration", "iteration", "estimate", ""},
    ResultInfo{"row_cell", "1", "cell whose correlations these are, counted row by row from 0",
               "row_cell", "estimate", "with &posterior rows"},
    ResultInfo{
        "considered", "1", "number of the considered parameter", "considered", "estimate",
        "with considered parameters; names and units in the attributes names and element_units"},
    ResultInfo{"considered_std", "",
               "standard deviation of the considered parameter, in its own unit", "considered",
               "estimate",
               "with considered parameters; units in the attribute element_units of considered"},
    ResultInfo{"design", "1", "number of the design", "design", "design",
               "names in the attribute names"},
    ResultInfo{"design_days", "d", "length of the window used", "design", "design", ""},
    ResultInfo{"design_rank", "1",
               "rank by the median of the criterion over columns, 1 is the best", "design",
               "design", ""},
    ResultInfo{"design_depth", "m", "depth of the candidate sensor", "design", "design",
               "of further sensors: design_depth_2, ..."},
    ResultInfo{"cost_history", "1", "cost of all columns together after each iteration",
               "iteration", "estimate", "attributes method and outcome"},
    ResultInfo{"lower_bound", "", "lower bound of the estimated parameter, in its own unit",
               "control", "estimate", "units in the attribute element_units of control"},
    ResultInfo{"upper_bound", "", "upper bound of the estimated parameter, in its own unit",
               "control", "estimate", "units in the attribute element_units of control"},
    ResultInfo{"correlation", "1", "posterior correlation", "control, control_column, grid",
               "estimate", ""},
    ResultInfo{"averaging_kernel", "1",
               "averaging kernel: change of the estimate (row) per change of the truth (column), "
               "each relative to the width of its bounds",
               "control, control_column, grid", "estimate", ""},
    ResultInfo{"correlation_with_cell", "1",
               "posterior correlation of a parameter of another cell (control) with one of this "
               "cell (control_column)",
               "row_cell, control, control_column, grid", "estimate", "with &posterior rows"},
    ResultInfo{"degrees_of_freedom", "1", "degrees of freedom for signal", "grid",
               "estimate, design",
               "the trace of the averaging kernel: the number of parameters that the data "
               "determine; in a design also by design"},
    ResultInfo{"condition_number", "1",
               "condition number of the Hessian, controls relative to the width of their bounds",
               "grid", "estimate, design",
               "1e8 and more: some combination is hardly determined; in a design also by design"},
    ResultInfo{"reduced_chi_square", "1",
               "twice the cost of the data over their number less the degrees of freedom", "grid",
               "estimate", "1 when sigma is right; of all columns in the attribute of_all_columns"},
    ResultInfo{"cost_initial", "1", "cost at the first guess", "grid", "estimate", ""},
    ResultInfo{"cost_final", "1", "cost at the estimate", "grid", "estimate", ""},
    ResultInfo{"iterations", "1", "iterations of the optimiser", "grid", "estimate", ""},
    ResultInfo{"status", "", "outcome", "grid", "estimate",
               "never missing where there is a column; inferred: without observations here, but "
               "estimated through neighbours or shared values"},
    ResultInfo{"starts_converged", "1", "number of starts that converged", "grid", "estimate",
               "with several starts"},
    ResultInfo{"distinct_minima", "1", "number of different minima they found", "grid", "estimate",
               "with several starts"},
    ResultInfo{"cost_spread", "1", "range of the costs at these minima", "grid", "estimate",
               "with several starts"},
    ResultInfo{"stage_cost", "1", "cost of all columns together after the stage", "stage",
               "estimate", "with &stages"},
    ResultInfo{"stage_iterations", "1", "iterations of the optimiser in the stage", "stage",
               "estimate", "with &stages"},
    ResultInfo{"stage_estimate", "",
               "estimated parameter (control) after the stage, in its own unit",
               "stage, control, grid", "estimate",
               "with &stages; units in the attribute element_units of control"},
    ResultInfo{"criterion", "1", "criterion of the ranking", "design, grid", "design",
               "attributes criterion and parameters"},
    ResultInfo{"rank", "1", "rank of the design in this column, 1 is the best", "design, grid",
               "design", ""},
    ResultInfo{"best_design", "1", "number of the best design, counted from 0", "grid", "design",
               ""},
    ResultInfo{"part", "1", "number of the part of the window, counted from 1", "part", "estimate",
               "with &split"},
    ResultInfo{"from_part", "1", "number of the part that it is compared with or predicted from",
               "from_part", "estimate", "with &split"},
    ResultInfo{"part_start", "", "start of the part (UTC)", "part", "estimate", "with &split"},
    ResultInfo{"part_end", "", "end of the part (UTC)", "part", "estimate", "with &split"},
    ResultInfo{"part_rms_z", "1",
               "root mean square of the z-scores between parts, over parameters and pairs", "grid",
               "estimate", "with &split"},
};
constexpr const ResultInfo& info(Result result) {
  return result_table[static_cast<std::size_t>(result)];
}
inline std::string name_of(Result result) { return info(result).name; }

/// A result for an estimated parameter, named by the parameter and a suffix.
enum class ParameterResult {
  prior,
  std,
  at_bound,
  std_inflated,
  verdict,
  profile_value,
  profile_cost,
  bootstrap_std,
  part,
  part_std,
  part_z,
  lower,
  upper,
  considered_share
};

/// Stands for the unit of the parameter, or of the stream, that a result is for.
inline constexpr const char of_parameter[] = "(parameter)", of_stream[] = "(stream)";

struct ParameterResultInfo {
  const char* suffix;
  const char* unit;
  const char* long_name; ///< with {} for that of the parameter
  const char* shape;     ///< `p` stands for the dimensions of the parameter
  const char* modes;
  const char* when;
};

/// Indexed by ParameterResult.
inline constexpr std::array parameter_result_table{
    ParameterResultInfo{"_prior", of_parameter, "first guess of {}", "p", "estimate",
                        "of estimated parameters"},
    ParameterResultInfo{"_std", of_parameter, "posterior standard deviation of {}", "p",
                        "estimate, design",
                        "residuals taken as independent, with what considered parameters add; "
                        "missing at a bound; in a design by design, as predicted"},
    ParameterResultInfo{"_at_bound", "", "where the estimate of {} lies in its range", "p",
                        "estimate", ""},
    ParameterResultInfo{
        "_std_inflated", of_parameter,
        "standard deviation, allowing for autocorrelated residuals, of {}", "p", "estimate",
        "the one that log, verdict and report use; without &posterior autocorrelation = .false."},
    ParameterResultInfo{"_verdict", "", "what the data say of {}", "p", "estimate, design",
                        "in a design by design"},
    ParameterResultInfo{"_profile_value", of_parameter, "values in the profile of {}",
                        "profile_point, p", "estimate", "with &posterior profile"},
    ParameterResultInfo{"_profile_cost", "1", "least cost at given {}", "profile_point, p",
                        "estimate", "with &posterior profile"},
    ParameterResultInfo{"_bootstrap_std", of_parameter,
                        "standard deviation over bootstrap samples of {}", "p", "estimate",
                        "with &posterior bootstrap"},
    ParameterResultInfo{"_part", of_parameter, "estimate from one part of the window of {}",
                        "part, p", "estimate", "with &split"},
    ParameterResultInfo{"_part_std", of_parameter,
                        "standard deviation to report of that estimate of {}", "part, p",
                        "estimate", "with &split"},
    ParameterResultInfo{"_part_z", "1",
                        "difference between the estimates of part and from_part over the root of "
                        "their variances' sum, {}",
                        "part, from_part, p", "estimate",
                        "with &split; missing where there is nothing to compare"},
    ParameterResultInfo{"_lower", of_parameter,
                        "lower end of the 68 % interval within the bounds of {}", "p", "estimate",
                        "one-sided at a bound"},
    ParameterResultInfo{"_upper", of_parameter,
                        "upper end of the 68 % interval within the bounds of {}", "p", "estimate",
                        "one-sided at a bound"},
    ParameterResultInfo{"_considered_share", "1",
                        "part of the variance that a considered parameter adds to {}",
                        "considered, p", "estimate", "with considered parameters"},
};
constexpr const ParameterResultInfo& info(ParameterResult result) {
  return parameter_result_table[static_cast<std::size_t>(result)];
}
/// The suffix of the ratio of a parameter to one that it follows.
inline constexpr std::string_view ratio_suffix = "_ratio";
/// "thermal_conductivity", or of such a ratio "thermal_conductivity_ratio", of a parameter by its
/// name in the results.
inline std::string quantity_name(const std::string& parameter, bool is_ratio) {
  return is_ratio ? parameter + std::string(ratio_suffix) : parameter;
}
/// "thermal_conductivity_std", of a quantity by its name in the results.
inline std::string name_of(ParameterResult result, const std::string& quantity) {
  return quantity + info(result).suffix;
}

/// A result for a stream, named by a prefix, the stream and a suffix.
enum class StreamResult {
  rmse,
  bias,
  count,
  autocorrelation,
  effective_count,
  error_memory,
  observed,
  time,
  depth,
  observed_std,
  skill,
  rmse_1lin,
  rmse_2lin,
  rmse_3km27,
  part_rmse,
  part_bias,
  part_skill,
  part_rmse_1lin,
  part_rmse_2lin,
  part_rmse_3km27,
  misfit_offset,
  misfit_drift,
  misfit_lag,
  misfit_depth,
  misfit_amplitude,
  misfit_exchange,
  model_lag,
  model_amplitude
};

struct StreamResultInfo {
  const char* prefix;
  const char* suffix;
  const char* unit;
  const char* long_name; ///< with {} for the stream's name
  const char* shape;
  const char* modes;
  const char* when;
};

/// Indexed by StreamResult.
inline constexpr std::array stream_result_table{
    StreamResultInfo{"rmse_", "", of_stream, "root mean square of model minus observation, {}",
                     "grid", "estimate", "attribute withheld is 1 or 0"},
    StreamResultInfo{"bias_", "", of_stream, "mean of model minus observation, {}", "grid",
                     "estimate", ""},
    StreamResultInfo{"count_", "", "1", "number of observations, {}", "grid", "estimate", ""},
    StreamResultInfo{"autocorrelation_", "", "1",
                     "autocorrelation of the residuals from one value to the next, {}", "grid",
                     "estimate", "with error_memory of the whitened residuals"},
    StreamResultInfo{"effective_count_", "", "1", "number of independent values, {}", "grid",
                     "estimate", ""},
    StreamResultInfo{"", "_error_memory", "h",
                     "time scale on which errors are correlated, found from the residuals where it "
                     "was not given, {}",
                     "grid", "estimate", "of fitted streams with error_memory; 0: none found"},
    StreamResultInfo{"", "_observed", of_stream, "observed {}", "time, grid", "estimate",
                     "as far as used: missing where absent or rejected"},
    StreamResultInfo{"time_", "", "seconds since the start", "time of {}", "time_<s>",
                     "forward, twin, estimate", "of streams whose stamps are not those of time"},
    StreamResultInfo{"depth_", "", "m", "depth of {}", "", "forward, twin, estimate",
                     "of streams in the soil, with series"},
    StreamResultInfo{"", "_observed_std", of_stream, "standard deviation of the observations, {}",
                     "grid", "estimate", "of withheld streams"},
    StreamResultInfo{"", "_skill", "1",
                     "1 less the mean square of model minus observation over the observations' "
                     "variance, {}",
                     "grid", "estimate",
                     "of withheld streams; attribute verdict where it is worse than the mean"},
    StreamResultInfo{"", "_rmse_1lin", of_stream,
                     "root mean square left by a regression on shortwave radiation, {}", "grid",
                     "estimate", "of withheld streams"},
    StreamResultInfo{"", "_rmse_2lin", of_stream,
                     "root mean square left by a regression on shortwave radiation and air "
                     "temperature, {}",
                     "grid", "estimate", "of withheld streams"},
    StreamResultInfo{"", "_rmse_3km27", of_stream,
                     "root mean square left by regressions on shortwave radiation, air temperature "
                     "and humidity in 27 clusters of them, {}",
                     "grid", "estimate", "of withheld streams"},
    StreamResultInfo{"", "_part_rmse", of_stream,
                     "root mean square of model minus observation in a part, with the parameters "
                     "of from_part, {}",
                     "part, from_part, grid", "estimate",
                     "with &split; on the diagonal of the part itself"},
    StreamResultInfo{"", "_part_bias", of_stream,
                     "mean of model minus observation in a part, with the parameters of from_part, "
                     "{}",
                     "part, from_part, grid", "estimate", "with &split"},
    StreamResultInfo{"", "_part_skill", "1",
                     "1 less the mean square of model minus observation over the observations' "
                     "variance in a part, with the parameters of from_part, {}",
                     "part, from_part, grid", "estimate", "with &split"},
    StreamResultInfo{"", "_part_rmse_1lin", of_stream,
                     "root mean square left in a part by a regression on shortwave radiation "
                     "fitted in from_part, {}",
                     "part, from_part, grid", "estimate", "with &split"},
    StreamResultInfo{"", "_part_rmse_2lin", of_stream,
                     "root mean square left in a part by a regression on shortwave radiation and "
                     "air temperature fitted in from_part, {}",
                     "part, from_part, grid", "estimate", "with &split"},
    StreamResultInfo{"", "_part_rmse_3km27", of_stream,
                     "root mean square left in a part by regressions on shortwave radiation, air "
                     "temperature and humidity in 27 clusters of them, fitted in from_part, {}",
                     "part, from_part, grid", "estimate", "with &split"},
    StreamResultInfo{"", "_misfit_offset", "1", "part of the squared misfit that is constant, {}",
                     "grid", "estimate", "0 to 1; missing where it cannot be told"},
    StreamResultInfo{"", "_misfit_drift", "1",
                     "part of the squared misfit that is linear in time, {}", "grid", "estimate",
                     "0 to 1; missing where it cannot be told"},
    StreamResultInfo{"", "_misfit_lag", "1",
                     "part of the squared misfit that is daily and has the shape of a lag, {}",
                     "grid", "estimate", "0 to 1; missing where it cannot be told"},
    StreamResultInfo{"", "_misfit_depth", "1",
                     "part of the squared misfit that is daily and has the shape of another depth "
                     "in the soil, {}",
                     "grid", "estimate", "0 to 1; missing where it cannot be told"},
    StreamResultInfo{"", "_misfit_amplitude", "1",
                     "part of the squared misfit that is daily and has the shape of an amplitude, "
                     "{}",
                     "grid", "estimate", "0 to 1; missing where it cannot be told"},
    StreamResultInfo{"", "_misfit_exchange", "1",
                     "part of the squared misfit that is daily and has the shape of another "
                     "exchange with the air, {}",
                     "grid", "estimate", "0 to 1; missing where it cannot be told"},
    StreamResultInfo{"", "_model_lag", "s",
                     "lag of the model's mean day behind the observed one, {}", "grid", "estimate",
                     ""},
    StreamResultInfo{"", "_model_amplitude", "1",
                     "ratio of the model's mean day to the observed one, {}", "grid", "estimate",
                     ""},
};
constexpr const StreamResultInfo& info(StreamResult result) {
  return stream_result_table[static_cast<std::size_t>(result)];
}
/// "rmse_soil_temperature_5cm".
inline std::string name_of(StreamResult result, const std::string& stream) {
  return info(result).prefix + stream + info(result).suffix;
}

/// The suffixes of the bounds of a time axis and of the axis of a parameter's knots in time.
inline constexpr std::string_view bounds_suffix = "_bnds";
inline constexpr std::string_view knot_time_suffix = "_time";

/// Whether a variable of a result may have this name, so that no stream can have it.
bool is_result_name(std::string_view name);

} // namespace glebe
