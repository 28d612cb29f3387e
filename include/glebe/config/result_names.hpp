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
};

/// Indexed by Result.
inline constexpr std::array result_table{
    ResultInfo{"time", "", "time (UTC)"},
    ResultInfo{"nv", "", "start and end of an interval"},
    ResultInfo{"horizon", "m", "depth of the horizon's bottom"},
    ResultInfo{"knot", "m", "depth of the knots of the initial profile"},
    ResultInfo{"control", "1", "number of the estimated parameter"},
    ResultInfo{"control_column", "1", "number of the estimated parameter"},
    ResultInfo{"stage", "1", "number of the stage"},
    ResultInfo{"profile_point", "1", "number of the value in a profile"},
    ResultInfo{"iteration", "1", "iteration"},
    ResultInfo{"row_cell", "1", "cell whose correlations these are, counted row by row from 0"},
    ResultInfo{"considered", "1", "number of the considered parameter"},
    ResultInfo{"considered_std", "",
               "standard deviation of the considered parameter, in its own unit"},
    ResultInfo{"design", "1", "number of the design"},
    ResultInfo{"design_days", "d", "length of the window used"},
    ResultInfo{"design_rank", "1",
               "rank by the median of the criterion over columns, 1 is the best"},
    ResultInfo{"design_depth", "m", "depth of the candidate sensor"},
    ResultInfo{"cost_history", "1", "cost of all columns together after each iteration"},
    ResultInfo{"lower_bound", "", "lower bound of the estimated parameter, in its own unit"},
    ResultInfo{"upper_bound", "", "upper bound of the estimated parameter, in its own unit"},
    ResultInfo{"correlation", "1", "posterior correlation"},
    ResultInfo{"averaging_kernel", "1",
               "averaging kernel: change of the estimate (row) per change of the truth (column), "
               "each relative to the width of its bounds"},
    ResultInfo{"correlation_with_cell", "1",
               "posterior correlation of a parameter of another cell (control) with one of this "
               "cell (control_column)"},
    ResultInfo{"degrees_of_freedom", "1", "degrees of freedom for signal"},
    ResultInfo{"condition_number", "1",
               "condition number of the Hessian, controls relative to the width of their bounds"},
    ResultInfo{"reduced_chi_square", "1",
               "twice the cost of the data over their number less the degrees of freedom"},
    ResultInfo{"cost_initial", "1", "cost at the first guess"},
    ResultInfo{"cost_final", "1", "cost at the estimate"},
    ResultInfo{"iterations", "1", "iterations of the optimiser"},
    ResultInfo{"status", "", "outcome"},
    ResultInfo{"starts_converged", "1", "number of starts that converged"},
    ResultInfo{"distinct_minima", "1", "number of different minima they found"},
    ResultInfo{"cost_spread", "1", "range of the costs at these minima"},
    ResultInfo{"stage_cost", "1", "cost of all columns together after the stage"},
    ResultInfo{"stage_iterations", "1", "iterations of the optimiser in the stage"},
    ResultInfo{"stage_estimate", "",
               "estimated parameter (control) after the stage, in its own unit"},
    ResultInfo{"criterion", "1", "criterion of the ranking"},
    ResultInfo{"rank", "1", "rank of the design in this column, 1 is the best"},
    ResultInfo{"best_design", "1", "number of the best design, counted from 0"},
    ResultInfo{"part", "1", "number of the part of the window, counted from 1"},
    ResultInfo{"from_part", "1", "number of the part that it is compared with or predicted from"},
    ResultInfo{"part_start", "", "start of the part (UTC)"},
    ResultInfo{"part_end", "", "end of the part (UTC)"},
    ResultInfo{"part_rms_z", "1",
               "root mean square of the z-scores between parts, over parameters and pairs"},
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

struct ParameterResultInfo {
  const char* suffix;
  const char* long_name; ///< with {} for that of the parameter
};

/// Indexed by ParameterResult.
inline constexpr std::array parameter_result_table{
    ParameterResultInfo{"_prior", "first guess of {}"},
    ParameterResultInfo{"_std", "posterior standard deviation of {}"},
    ParameterResultInfo{"_at_bound", "where the estimate of {} lies in its range"},
    ParameterResultInfo{"_std_inflated",
                        "standard deviation, allowing for autocorrelated residuals, of {}"},
    ParameterResultInfo{"_verdict", "what the data say of {}"},
    ParameterResultInfo{"_profile_value", "values in the profile of {}"},
    ParameterResultInfo{"_profile_cost", "least cost at given {}"},
    ParameterResultInfo{"_bootstrap_std", "standard deviation over bootstrap samples of {}"},
    ParameterResultInfo{"_part", "estimate from one part of the window of {}"},
    ParameterResultInfo{"_part_std", "standard deviation to report of that estimate of {}"},
    ParameterResultInfo{"_part_z",
                        "difference between the estimates of part and from_part over the root of "
                        "their variances' sum, {}"},
    ParameterResultInfo{"_lower", "lower end of the 68 % interval within the bounds of {}"},
    ParameterResultInfo{"_upper", "upper end of the 68 % interval within the bounds of {}"},
    ParameterResultInfo{"_considered_share",
                        "part of the variance that a considered parameter adds to {}"},
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
  const char* long_name; ///< with {} for the stream's name
};

/// Indexed by StreamResult.
inline constexpr std::array stream_result_table{
    StreamResultInfo{"rmse_", "", "root mean square of model minus observation, {}"},
    StreamResultInfo{"bias_", "", "mean of model minus observation, {}"},
    StreamResultInfo{"count_", "", "number of observations, {}"},
    StreamResultInfo{"autocorrelation_", "",
                     "autocorrelation of the residuals from one value to the next, {}"},
    StreamResultInfo{"effective_count_", "", "number of independent values, {}"},
    StreamResultInfo{"", "_error_memory",
                     "time scale on which errors are correlated, found from the residuals where it "
                     "was not given, {}"},
    StreamResultInfo{"", "_observed", "observed {}"},
    StreamResultInfo{"time_", "", "time of {}"},
    StreamResultInfo{"", "_observed_std", "standard deviation of the observations, {}"},
    StreamResultInfo{"", "_skill",
                     "1 less the mean square of model minus observation over the observations' "
                     "variance, {}"},
    StreamResultInfo{"", "_rmse_1lin",
                     "root mean square left by a regression on shortwave radiation, {}"},
    StreamResultInfo{"", "_rmse_2lin",
                     "root mean square left by a regression on shortwave radiation and air "
                     "temperature, {}"},
    StreamResultInfo{"", "_rmse_3km27",
                     "root mean square left by regressions on shortwave radiation, air temperature "
                     "and humidity in 27 clusters of them, {}"},
    StreamResultInfo{"", "_part_rmse",
                     "root mean square of model minus observation in a part, with the parameters "
                     "of from_part, {}"},
    StreamResultInfo{"", "_part_bias",
                     "mean of model minus observation in a part, with the parameters of from_part, "
                     "{}"},
    StreamResultInfo{"", "_part_skill",
                     "1 less the mean square of model minus observation over the observations' "
                     "variance in a part, with the parameters of from_part, {}"},
    StreamResultInfo{"", "_part_rmse_1lin",
                     "root mean square left in a part by a regression on shortwave radiation "
                     "fitted in from_part, {}"},
    StreamResultInfo{"", "_part_rmse_2lin",
                     "root mean square left in a part by a regression on shortwave radiation and "
                     "air temperature fitted in from_part, {}"},
    StreamResultInfo{"", "_part_rmse_3km27",
                     "root mean square left in a part by regressions on shortwave radiation, air "
                     "temperature and humidity in 27 clusters of them, fitted in from_part, {}"},
    StreamResultInfo{"", "_misfit_offset", "part of the squared misfit that is constant, {}"},
    StreamResultInfo{"", "_misfit_drift", "part of the squared misfit that is linear in time, {}"},
    StreamResultInfo{"", "_misfit_lag",
                     "part of the squared misfit that is daily and has the shape of a lag, {}"},
    StreamResultInfo{"", "_misfit_depth",
                     "part of the squared misfit that is daily and has the shape of another depth "
                     "in the soil, {}"},
    StreamResultInfo{"", "_misfit_amplitude",
                     "part of the squared misfit that is daily and has the shape of an amplitude, "
                     "{}"},
    StreamResultInfo{"", "_misfit_exchange",
                     "part of the squared misfit that is daily and has the shape of another "
                     "exchange with the air, {}"},
    StreamResultInfo{"", "_model_lag", "lag of the model's mean day behind the observed one, {}"},
    StreamResultInfo{"", "_model_amplitude",
                     "ratio of the model's mean day to the observed one, {}"},
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
