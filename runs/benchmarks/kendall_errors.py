# SPDX-License-Identifier: BSD-3-Clause
"""Kendall Grassland: what errors of weather and sensors that are unknowns cost the estimates."""
from common import Model, at_bound, estimated, group, table
from kendall_runs import (DRY, FLUXES, SOIL, UNITS, atmosphere, bounds, column,
                          flux_streams, soil_parameters)

STABILITY = Model("stability")
ALBEDO = {"albedo": (0.2, 0.02, 0.6)}
# {what is not quite known: (keys of both sensors of temperature, {input: keys})}
SENSORS = {"depth_std": 0.005}, {"bias_std": 0.2}
INPUTS = ({"shortwave": {"scale_std": 0.03}}, {"air_temperature": {"bias_std": 0.5}},
          {"longwave": {"bias_std": 10}})
ERRORS = {"nothing": ({}, {}),
          "depth of both sensors, 5 mm": (SENSORS[0], {}),
          "both sensors, 0.2 K": (SENSORS[1], {}),
          "shortwave radiation, 3 %": ({}, INPUTS[0]),
          "air temperature, 0.5 K": ({}, INPUTS[1]),
          "longwave radiation, 10 W m⁻²": ({}, INPUTS[2]),
          "all of these": (SENSORS[0] | SENSORS[1], INPUTS[0] | INPUTS[1] | INPUTS[2])}
FITTED = {"two depths": (), "two depths and all fluxes": tuple(FLUXES)}


def estimate(program, name, tower, errors, fitted):
    """The albedo is estimated too: what is absorbed is then not known better than the sun."""
    sensors, inputs = errors
    air = [line for line in atmosphere(STABILITY, 0.2) if "'albedo'" not in line]
    return program.run(name, [
        *column(name, "estimate", tower, bounds(DRY), **sensors), *soil_parameters(),
        *flux_streams(fitted), *air,
        *(group("input", name=one, **keys) for one, keys in inputs.items()),
        *(estimated(*item) for item in (ALBEDO | STABILITY.parameters).items())])


def with_std(result, name):
    unit = UNITS.get(name, 1)
    value, std = float(result[name]) / unit, float(result[f"{name}_std_inflated"]) / unit
    return f"{value:.3g}*" if at_bound(result, name) else f"{value:.3g} ± {std:.2g}"


def errors_table(program, tower):
    """Estimates and their standard deviations, allowing for residuals that depend on each other."""
    names = [*SOIL, *ALBEDO, "heat_transfer"]
    rows = []
    for i, (label, fitted) in enumerate(FITTED.items()):
        for k, (unknown, errors) in enumerate(ERRORS.items()):
            result = estimate(program, f"errors_{i}_{k}", tower, errors, fitted)
            rows.append([label, unknown, *(with_std(result, name) for name in names)])
    return table(["fitted", "not quite known", "conductivity", "heat capacity [1e6]", "albedo",
                  "heat_transfer"], rows)
