// SPDX-License-Identifier: BSD-3-Clause
#include "settings_fields.hpp"

namespace glebe {

const SettingsTable& settings_table() {
  static const SettingsTable table{
      GroupTable<RunSettings>{"run", &Settings::run, true, "What the program does.", run_fields()},
      GroupTable<TimeSettings>{"time", &Settings::time, true, "The simulated time and its steps.",
                               time_fields()},
      GroupTable<SoilSettings>{"soil", &Settings::soil, true,
                               "The soil column: its nodes, its lower end and its first state.",
                               soil_fields()},
      GroupTable<HorizonSettings>{"horizon", &Settings::horizons, false,
                                  "A layer of soil with its own properties, from the top "
                                  "downwards; without any, the column is one horizon named soil.",
                                  horizon_fields()},
      GroupTable<SurfaceSettings>{"surface", &Settings::surface, false,
                                  "The form of the surface energy balance.", surface_fields()},
      GroupTable<GridSettings>{"grid", &Settings::grid, false,
                               "Which columns of the grid take part.", grid_fields()},
      GroupTable<SiteSettings>{"site", &Settings::site, false,
                               "Where the columns are, if the file of the grid does not tell: "
                               "for where the sun stands.",
                               site_fields()},
      GroupTable<ForcingSettings>{"forcing", &Settings::forcing, false,
                                  "The weather that drives the surface; required unless the top "
                                  "of the column is measured.",
                                  forcing_fields()},
      GroupTable<InputSettings>{"input", &Settings::inputs, false,
                                "An input of &forcing with a file, variable, stamp or level of its "
                                "own; what is not given is as in &forcing. A group "
                                "without a key is none.",
                                input_fields()},
      GroupTable<BoundarySettings>{"boundary", &Settings::boundaries, false,
                                   "What is measured at the top or at the bottom of the column, "
                                   "which begins or ends there; at most one for each. A group "
                                   "without its required keys is none.",
                                   boundary_fields()},
      GroupTable<MoistureSettings>{"moisture", &Settings::moisture, false,
                                   "The measured water content of the soil, in place of the "
                                   "parameter water_content. Without its required keys it is none.",
                                   moisture_fields()},
      GroupTable<ParameterSettings>{
          "parameter", &Settings::parameters, false,
          "A parameter of the model: fixed, read from a file, or estimated.", parameter_fields()},
      GroupTable<ObservationSettings>{
          "observation", &Settings::observations, false,
          "A stream of observations: simulated, and compared with a file where one is given.",
          observation_fields()},
      GroupTable<OptimizerSettings>{"optimizer", &Settings::optimizer, false,
                                    "How the cost is minimised.", optimizer_fields()},
      GroupTable<StagesSettings>{"stages", &Settings::stages, false,
                                 "An estimate in steps: each frees more parameters and starts "
                                 "from the estimate of the last.",
                                 stages_fields()},
      GroupTable<SplitSettings>{"split", &Settings::split, false,
                                "The window in parts: each is estimated by itself too, and "
                                "predicted from the others.",
                                split_fields()},
      GroupTable<PosteriorSettings>{"posterior", &Settings::posterior, false,
                                    "The analysis of the uncertainty of an estimate.",
                                    posterior_fields()},
      GroupTable<DesignSettings>{"design", &Settings::designs, false,
                                 "Candidate observations for mode = 'design', or several that "
                                 "differ in depth and length.",
                                 design_fields()},
      GroupTable<RankingSettings>{"ranking", &Settings::ranking, false,
                                  "How candidate observations are ranked.", ranking_fields()},
      GroupTable<TwinSettings>{"twin", &Settings::twin, false,
                               "Synthetic observations; required for mode = 'twin'.",
                               twin_fields()},
      GroupTable<CheckpointSettings>{"checkpoint", &Settings::checkpoint, false,
                                     "Checkpoints of an estimate, from which it can be restarted.",
                                     checkpoint_fields()}};
  return table;
}

} // namespace glebe
