// SPDX-License-Identifier: BSD-3-Clause
// The settings of a run, typed, checked and complete: one struct per namelist group, one member per
// key. The table of settings (settings_table.hpp) has their meanings and allowed values.
#pragma once

#include "glebe/base/calendar.hpp"
#include "glebe/config/group_origin.hpp"
#include "glebe/physics/inputs.hpp"
#include "glebe/physics/laws/longwave_down.hpp"
#include "glebe/physics/model_form.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace glebe {

enum class Mode { forward, twin, estimate, design, gradient_test };
enum class ForcingSource { file, clear_sky };
enum class HumidityKind {
  specific,
  relative,
  vapour_pressure,
  vapour_pressure_deficit,
  dewpoint,
  mixing_ratio
};
/// Files whose names, units, stamps and derived quantities are known.
enum class Product { none, era5_land, era5, nldas2, gldas, cmip, clm, wrf, alma, fluxnet };
/// Since when an amount of energy is summed up: over its interval, or since the last midnight.
enum class Accumulation { interval, since_midnight };
/// The position of a time stamp in the averaging interval; instant: there is no interval; of_file:
/// as the bounds and cell methods of an input's file say.
enum class Stamp { instant, start, middle, end, of_file };
/// Which end of the column, and what is measured there.
enum class End { top, bottom };
enum class BoundaryKind { temperature, flux };
enum class Loss { gaussian, huber };
/// The columns that share a control: none, those of one class of a map, or all.
enum class Space { column, region, domain };
/// How a parameter varies in time: constant, stepwise between knots, or linearly between knots.
enum class TimeBasis { constant, steps, linear };
/// The criterion by which designs are ranked: see docs/theory.md.
enum class Criterion { largest_std, volume, degrees_of_freedom };
enum class OptimizerMethod { automatic, column_newton, bntr, bnls, bntl, bqnls, blmvm, bncg };
enum class GradientMethod { automatic, adjoint, tangent_linear };
/// Whether a run goes on from its checkpoint: automatic: where there is one.
enum class Restart { never, always, automatic };

inline constexpr std::array mode_names{"forward", "twin", "estimate", "design", "gradient_test"};
inline constexpr std::array forcing_source_names{"file", "clear_sky"};
inline constexpr std::array humidity_kind_names{"specific",        "relative",
                                                "vapour_pressure", "vapour_pressure_deficit",
                                                "dewpoint",        "mixing_ratio"};
inline constexpr std::array product_names{"none", "era5_land", "era5", "nldas2", "gldas",
                                          "cmip", "clm",       "wrf",  "alma",   "fluxnet"};
inline constexpr std::array accumulation_names{"interval", "since_midnight"};
inline constexpr std::array stamp_names{"instant", "start", "middle", "end"};
inline constexpr std::array input_stamp_names{"instant", "start", "middle", "end", "file"};
inline constexpr std::array end_names{"top", "bottom"};
inline constexpr std::array boundary_kind_names{"temperature", "flux"};
inline constexpr std::array loss_names{"gaussian", "huber"};
inline constexpr std::array space_names{"column", "region", "domain"};
inline constexpr std::array time_basis_names{"constant", "steps", "linear"};
inline constexpr std::array criterion_names{"largest_std", "volume", "degrees_of_freedom"};
inline constexpr std::array optimizer_method_names{"auto", "column_newton", "bntr",  "bnls",
                                                   "bntl", "bqnls",         "blmvm", "bncg"};
inline constexpr std::array gradient_method_names{"auto", "adjoint", "tangent_linear"};
inline constexpr std::array restart_names{"never", "always", "auto"};

/// The namelist's name of an enumerator: `name_of(mode, mode_names)`.
template <class Enum, class Names>
constexpr const char* name_of(Enum value, const Names& names) {
  return names[static_cast<std::size_t>(value)];
}

/// Knots of a parameter in time: the first of every month, or dates.
struct KnotDates {
  bool monthly = false;
  std::vector<DateTime> dates; ///< checked later, in the calendar of the forcing

  bool empty() const { return !monthly && dates.empty(); }
};

/// The time scale on which the errors of a stream are correlated: none, one in hours, or the one
/// that the residuals have, of which `hours` is zero until it is known.
struct ErrorMemory {
  bool automatic = false;
  double hours = 0;

  bool any() const { return automatic || hours > 0; }
};

struct RunSettings : GroupOrigin {
  std::string title;
  Mode mode = Mode::forward;
  std::filesystem::path output;
  int seed = 1;
  bool series = true;
  std::optional<double> memory_limit; ///< [GB] per rank
};

struct TimeSettings : GroupOrigin {
  DateTime start; ///< checked later, in the calendar of the forcing
  DateTime stop;
  double step = 0; ///< [s]
  Scheme scheme = Scheme::sdirk2;
};

struct SoilSettings : GroupOrigin {
  double top = 0;   ///< [m], that of a boundary at the top where there is one
  double depth = 0; ///< [m], always set; the last of node_depths if these are given
  int nodes = 51;
  double stretch = 1;
  std::vector<double> node_depths; ///< [m], empty unless given
  Properties properties = Properties::constant;
  ConductivityModel conductivity_model = ConductivityModel::cote_konrad;
  FreezingModel freezing_model = FreezingModel::power;
  FrozenConductivity frozen_conductivity = FrozenConductivity::geometric;
  Bottom bottom = Bottom::temperature;
  Initial initial = Initial::uniform;
  std::filesystem::path initial_file;
  std::string initial_variable;
  double spinup_tolerance = 0.001; ///< [K]
  int spinup_max_cycles = 200;
};

struct HorizonSettings : GroupOrigin {
  double bottom = 0; ///< [m]
  std::string name;
};

struct SurfaceSettings : GroupOrigin {
  Longwave longwave = Longwave::absorbed;
  Turbulence turbulence = Turbulence::combined;
  SnowConductivity snow_conductivity = SnowConductivity::constant;

  bool snow_by_density() const { return snow_conductivity != SnowConductivity::constant; }
  Exchange exchange = Exchange::coefficients;
  HeatRoughness heat_roughness_model = HeatRoughness::zeng_dickinson;
  Evaporation evaporation = Evaporation::coefficient;
  double wind_height = 2.0;  ///< [m]
  double air_height = 0.0;   ///< [m]; that of the wind unless it is given
  double displacement = 0.0; ///< [m]
  double porosity = 0.43;    ///< of the uppermost soil
  double retention_b = 4.9;  ///< likewise
  double air_entry = 0.218;  ///< likewise [m]
};

struct GridSettings : GroupOrigin {
  std::filesystem::path mask_file; ///< empty: no mask
  std::string mask_variable;
};

/// Where the columns are, if their files do not tell.
struct SiteSettings : GroupOrigin {
  std::optional<double> latitude;  ///< [degrees north]
  std::optional<double> longitude; ///< [degrees east]
};

struct ForcingSettings : GroupOrigin {
  ForcingSource source = ForcingSource::file;
  Product product = Product::none;
  std::vector<std::filesystem::path> file;
  PerInput<std::string> variable;           ///< names in the files; empty: not read
  PerInput<std::optional<double>> constant; ///< replaces the variable [unit of the input]
  LongwaveModel longwave_model = LongwaveModel::none;
  Cloud cloud = Cloud::crawford_duchon; ///< for longwave_model
  HumidityKind humidity_kind = HumidityKind::specific;
  std::string wind_east;
  std::string wind_north;
  Stamp stamp = Stamp::instant;
  std::optional<double> interval; ///< [s]
  std::vector<std::string> level; ///< of those variables that have its dimension
  double max_gap = 2;             ///< [h]
  double shortwave_peak = 800;    ///< [W m-2]
  double sunrise = 6;             ///< [h]
  double sunset = 18;             ///< [h]

  bool has_wind_components() const { return !wind_east.empty() || !wind_north.empty(); }
  /// Whether the longwave radiation comes from the other inputs.
  bool models_longwave() const { return longwave_model != LongwaveModel::none; }
  /// Whether a variable or a constant is given for an input.
  bool has(Input input) const { return !variable[input].empty() || constant[input].has_value(); }
};

/// Where one input comes from, if not from where &forcing says: what is not given is as there.
struct InputSettings : GroupOrigin {
  std::string name; ///< an input of &forcing, wind_east or wind_north
  std::vector<std::filesystem::path> file;
  std::string variable;
  Stamp stamp = Stamp::instant;
  std::optional<double> interval; ///< [s]
  std::vector<std::string> level;
  Accumulation accumulation = Accumulation::interval;
  std::optional<double> bias_std;  ///< of a constant error, which is then estimated
  std::optional<double> scale_std; ///< of a factor, which is then estimated
};

/// What makes a group an &input.
inline constexpr std::array input_keys{"name", "file", "stamp", "interval", "level"};

/// What every &boundary must give.
inline constexpr std::array boundary_keys{"end", "depth", "file", "variable", "stamp"};

struct BoundarySettings : GroupOrigin {
  End end = End::top;
  BoundaryKind kind = BoundaryKind::temperature;
  double depth = 0; ///< [m]
  std::vector<std::filesystem::path> file;
  std::string variable;
  Stamp stamp = Stamp::instant;
  std::optional<double> interval; ///< [s]
  std::vector<std::string> level;
  double max_gap = 2;        ///< [h]
  std::optional<double> std; ///< of a constant error, which is then estimated [K or W m-2]

  Input input() const {
    if (end == End::top)
      return kind == BoundaryKind::temperature ? Input::top_temperature : Input::top_heat_flux;
    return kind == BoundaryKind::temperature ? Input::bottom_temperature : Input::bottom_heat_flux;
  }
  /// The parameter that is its constant error.
  Parameter offset() const {
    if (end == End::top)
      return kind == BoundaryKind::temperature ? Parameter::top_offset : Parameter::top_flux_offset;
    return kind == BoundaryKind::temperature ? Parameter::bottom_offset
                                             : Parameter::bottom_flux_offset;
  }
};

struct ObservationSettings : GroupOrigin {
  ObservationKind kind = ObservationKind::soil_temperature;
  std::string name;            ///< always set, unique
  std::optional<double> depth; ///< [m], set only for the kinds that have one
  std::vector<std::filesystem::path> file;
  std::string variable; ///< always set
  std::optional<double> sigma;
  std::string sigma_variable;
  std::string qc_variable;
  std::vector<int> qc_accept;
  Stamp stamp = Stamp::instant;
  std::optional<double> interval; ///< [s]
  std::vector<std::string> level;
  Loss loss = Loss::gaussian;
  double huber_threshold = 1.345; ///< [sigma]
  bool withhold = false;
  std::optional<double> depth_std; ///< of the error of its depth, which is then estimated [m]
  std::optional<double> bias_std;  ///< of a constant error, which is then estimated
  ErrorMemory error_memory;
};

/// What &moisture has no default for.
inline constexpr std::array moisture_keys{"file", "variable", "level", "depths", "stamp"};

struct MoistureSettings : GroupOrigin {
  std::vector<std::filesystem::path> file;
  std::vector<std::string> variable; ///< one for each depth, or one that has levels
  std::string level;                 ///< the dimension of levels; empty: none
  std::vector<double> depths;        ///< [m], increasing; of some levels, in any order, or empty
  Stamp stamp = Stamp::instant;
  std::optional<double> interval; ///< [s]
  double max_gap = 24;            ///< [h]
  double hold = 0;                ///< [h] a multiple of the step, or 0: one
};

struct ParameterSettings : GroupOrigin {
  Parameter name = Parameter::thermal_conductivity;
  std::string horizon;        ///< empty: every horizon
  std::vector<double> depth;  ///< [m], knots of initial_temperature, else empty
  std::vector<double> value;  ///< one, or one per knot in depth or time; empty when from `file`
  std::filesystem::path file; ///< empty when `value` is given
  std::string variable;       ///< always set
  std::vector<std::string> level;
  bool estimate = false;
  std::optional<double> lower; ///< set where `estimate` is
  std::optional<double> upper; ///< set where `estimate` is
  std::optional<double> prior_std;
  Space space = Space::column;
  std::filesystem::path region_file; ///< both set for Space::region, else empty
  std::string region_variable;
  std::optional<double> correlation_length; ///< [km], for Space::column with prior_std alone
  TimeBasis time = TimeBasis::constant;
  KnotDates knots;                     ///< either knots or
  std::optional<double> knot_interval; ///< an interval [h]; neither if the parameter is constant
  std::optional<double> time_std;      ///< of the change from one knot to the next
  std::string stream;                  ///< the &observation whose sensor it belongs to
  std::string same_as;                 ///< the parameter whose value it has
  std::string ratio_to;                ///< the parameter of which it is so many times the value

  /// Whether its estimate couples columns.
  bool couples_columns() const {
    return estimate && (space != Space::column || correlation_length.has_value());
  }
};

/// Estimates in steps: each frees more parameters, and starts from the last.
struct StagesSettings : GroupOrigin {
  std::vector<std::string> free; ///< [stage] names of parameters, separated by blanks
};

/// The window in parts, each estimated by itself and predicted by the others.
struct SplitSettings : GroupOrigin {
  int parts = 1;
};

struct OptimizerSettings : GroupOrigin {
  OptimizerMethod method = OptimizerMethod::automatic;
  GradientMethod gradient = GradientMethod::automatic;
  int max_iterations = 100;
  double gradient_tolerance = 1e-8;
  int starts = 1;             ///< per column
  double early_part = 0.0625; ///< of the window, over which searches of columns begin
};

struct PosteriorSettings : GroupOrigin {
  bool scale_by_chi_square = false;
  bool autocorrelation = true;
  double precision = 0.1;
  double correlation_limit = 0.95;
  double std_limit = 0.7;
  std::vector<std::string> profile; ///< names of parameters
  int profile_points = 13;
  double profile_range = 3; ///< [standard deviations]
  int bootstrap = 0;        ///< samples; 0: none
  std::vector<int> rows;    ///< cells by their numbers along the horizontal dimensions
};

struct DesignSettings : GroupOrigin {
  std::string name;
  std::vector<std::string> streams; ///< names of observations; empty: all, unless depths are given
  std::vector<double> depths;       ///< [m] of candidate sensors
  ObservationKind kind = ObservationKind::soil_temperature;
  std::optional<double> sigma;
  double error_memory = 0;  ///< of the candidates [h]
  int sensors = 1;          ///< candidates used at a time
  std::vector<double> days; ///< lengths of the window [d]; empty: all of it
  DateTime start;           ///< first instant used, if given
};

struct RankingSettings : GroupOrigin {
  Criterion criterion = Criterion::largest_std;
  std::vector<std::string> parameters; ///< names; empty: all that are estimated
};

struct TwinSettings : GroupOrigin {
  std::vector<double> noise; ///< one for all streams, or one per stream
  std::filesystem::path file;
};

struct CheckpointSettings : GroupOrigin {
  std::filesystem::path file;    ///< empty: no checkpoints
  int interval = 1;              ///< iterations
  std::optional<double> minutes; ///< wall time
  Restart restart = Restart::never;
};

struct Settings {
  std::string file;                   ///< the namelist, as named by the user
  std::string text;                   ///< the text of the namelist
  std::vector<std::string> overrides; ///< group.key=value, as given on the command line
  RunSettings run;
  TimeSettings time;
  SoilSettings soil;
  std::vector<HorizonSettings> horizons; ///< from the top; one named `soil` when none is given
  SurfaceSettings surface;
  GridSettings grid;
  SiteSettings site;
  ForcingSettings forcing;
  std::vector<InputSettings> inputs;
  std::vector<BoundarySettings> boundaries;
  MoistureSettings moisture;
  std::vector<ObservationSettings> observations;
  std::vector<ParameterSettings> parameters;
  OptimizerSettings optimizer;
  StagesSettings stages;
  SplitSettings split;
  PosteriorSettings posterior;
  std::vector<DesignSettings> designs;
  RankingSettings ranking;
  TwinSettings twin;
  CheckpointSettings checkpoint;

  /// What is measured at an end of the column; null where nothing is.
  const BoundarySettings* boundary_at(End end) const {
    for (const BoundarySettings& boundary : boundaries)
      if (boundary.end == end) return &boundary;
    return nullptr;
  }
  /// Whether the surface drives the column: it does unless the column begins below it.
  bool has_surface() const { return !boundary_at(End::top); }
  /// Whether the water content is measured.
  bool has_moisture() const { return moisture.line() > 0; }
};

} // namespace glebe
