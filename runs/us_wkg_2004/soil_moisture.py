#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Conductivity and heat capacity of the upper 15 cm from the ground heat flux, and how they depend on
the tower's soil moisture. The measured flux drives the surface, the sensor at 15 cm the bottom, and the
sensor at 5 cm is fitted; no weather, no energy balance. Prints a table of all fits with their verdicts
and a table by month."""

import pathlib
import subprocess
import sys

import numpy as np
import xarray

MONTHLY = "time = 'steps', knots = 'monthly'"
NAMELIST = """! Written by soil_moisture.py.
&run title = 'Kendall, {name}', mode = 'estimate', output = 'flux_{name}.nc' /
&time start = '2004-05-07T07:00', stop = '2004-12-30T07:00', step = 1800 /
&soil nodes = 16, initial = 'profile', properties = '{properties}' /
&boundary end = 'bottom', depth = 0.15, file = 'tower.nc', variable = 'SoilTemp_15cm', stamp = 'end' /
! What the two sensors differ by, more than conduction explains.
&parameter name = 'bottom_offset', value = 0, estimate = .true., lower = -8, upper = 8, prior_std = 2
           {offset} /
"""
PROFILE = """&parameter name = 'initial_temperature', depth = {depths}, value = 295, estimate = .true.
           lower = 250, upper = 330, prior_std = 10 /
"""
FLUX = PROFILE.format(depths="0, 0.05, 0.15") + """\
&boundary end = 'top', kind = 'flux', depth = 0, file = 'tower.nc', variable = 'Qg', stamp = 'end' /
&observation kind = 'soil_temperature', depth = 0, name = 'skin', file = 'tower.nc', variable = 'Tskin'
             stamp = 'end', withhold = .true. /
"""
SKIN = PROFILE.format(depths="0, 0.05, 0.15") + """\
&boundary end = 'top', depth = 0, file = 'tower.nc', variable = 'Tskin', stamp = 'end' /
&parameter name = 'top_offset', value = 0, estimate = .true., lower = -8, upper = 8, prior_std = 2
           time = 'steps', knots = 'monthly' /
&observation kind = 'ground_heat_flux', depth = 0, name = 'flux', file = 'tower.nc', variable = 'Qg'
             stamp = 'end', sigma = 20 /
"""
SENSOR = PROFILE.format(depths="0.05, 0.15") + """\
&boundary end = 'top', depth = 0.05, file = 'tower.nc', variable = 'SoilTemp_5cm', stamp = 'end' /
&observation kind = 'ground_heat_flux', depth = 0.05, name = 'flux', file = 'tower.nc', variable = 'Qg'
             stamp = 'end', sigma = 20 /
"""
WHOLE = """&observation kind = 'soil_temperature', depth = 0.05, name = 'fit', sigma = 1.5
             file = 'tower.nc', variable = 'SoilTemp_5cm', stamp = 'end' /
"""
HALVES = """&observation kind = 'soil_temperature', depth = 0.05, name = 'fit', sigma = 1.5
             file = 'tower.nc', variable = 'SoilTemp_5cm_fit', stamp = 'end' /
&observation kind = 'soil_temperature', depth = 0.05, name = 'check', withhold = .true.
             file = 'tower.nc', variable = 'SoilTemp_5cm_check', stamp = 'end' /
"""
CONSTANT_SOIL = """&parameter name = 'thermal_conductivity', value = 0.5, estimate = .true., lower = 0.05, upper = 3
           {time} /
&parameter name = 'heat_capacity', value = 1.5e6, estimate = .true., lower = 0.3e6, upper = 4e6
           {time} /
"""
MOIST_SOIL = """&moisture file = 'tower.nc', variable = {probes}, depths = {depths}, stamp = 'end' /
&parameter name = 'dry_conductivity', value = 0.25, prior_std = 0.1
           estimate = .true., lower = 0.03, upper = 1 /
&parameter name = 'solid_conductivity', value = 4, prior_std = 2
           estimate = .true., lower = 0.3, upper = 12 /
&parameter name = 'kersten_shape', value = 3.55, prior_std = 2     ! sand
           estimate = .true., lower = 0.3, upper = 30 /
&parameter name = 'solid_heat_capacity', value = 2.1e6, prior_std = 0.3e6
           estimate = .true., lower = 0.5e6, upper = 4e6 /
&parameter name = 'porosity', value = 0.40{porosity} /
"""
BOTH = {"probes": "'SoilMoist_1', 'SoilMoist_2'", "depths": "0.05, 0.15", "porosity": ""}
UPPER = {"probes": "'SoilMoist_1'", "depths": "0.05", "porosity": ""}
LOWER = {"probes": "'SoilMoist_2'", "depths": "0.15", "porosity": ""}
FREE = {**BOTH, "porosity": ", estimate = .true., lower = 0.22, upper = 0.7, prior_std = 0.05"}

ONE, STEPS = CONSTANT_SOIL.format(time=""), CONSTANT_SOIL.format(time=MONTHLY)

# name: (top, offset of the lower sensor in time, observations at 5 cm, soil)
CASES = {
    "constant": (FLUX, MONTHLY, WHOLE, ONE),
    "by_month": (FLUX, MONTHLY, WHOLE, STEPS),
    "moist_both": (FLUX, MONTHLY, WHOLE, MOIST_SOIL.format(**BOTH)),
    "moist_upper": (FLUX, MONTHLY, WHOLE, MOIST_SOIL.format(**UPPER)),
    "moist_lower": (FLUX, MONTHLY, WHOLE, MOIST_SOIL.format(**LOWER)),
    "moist_porosity": (FLUX, MONTHLY, WHOLE, MOIST_SOIL.format(**FREE)),
    "half_constant": (FLUX, "", HALVES, ONE),
    "half_moist_both": (FLUX, "", HALVES, MOIST_SOIL.format(**BOTH)),
    "half_moist_upper": (FLUX, "", HALVES, MOIST_SOIL.format(**UPPER)),
    "by_month_skin": (SKIN, MONTHLY, WHOLE, STEPS),
    "by_month_sensor": (SENSOR, MONTHLY, "", STEPS),
}
SOIL = ("thermal_conductivity", "heat_capacity", "dry_conductivity", "solid_conductivity", "kersten_shape",
        "solid_heat_capacity", "porosity")


def estimate(glebe, folder, name):
    top, offset, observations, soil = CASES[name]
    properties = "moist" if "&moisture" in soil else "constant"
    path = folder / f"flux_{name}.nml"
    path.write_text(NAMELIST.format(name=name, properties=properties, offset=offset)
                    + top + observations + soil)
    subprocess.run([*glebe, path], check=True, stdout=subprocess.DEVNULL)
    return xarray.load_dataset(path.with_suffix(".nc"))


def rmse(result, stream):
    return f"{float(result[f'rmse_{stream}']):.2f}" if f"rmse_{stream}" in result else ""


def table_of_fits(results):
    print("| fit | 5 cm, fitted [K] | 5 cm, predicted [K] | skin, withheld [K] | flux [W m-2] |\n"
          "|---|---|---|---|---|")
    for name, result in results.items():
        print(f"| {name} | {rmse(result, 'fit')} | {rmse(result, 'check')} | "
              f"{rmse(result, 'skin')} | {rmse(result, 'flux')} |")
    for name, result in results.items():
        print(f"\n{name}:")
        for parameter in SOIL:
            if parameter in result and result[parameter].ndim == 0 and \
                    result[parameter].attrs["estimated"]:
                print(f"  {parameter} {float(result[parameter]):.5g} +- "
                      f"{float(result[parameter + '_std_inflated']):.2g}")
        print("\n".join(f"  verdict: {line}" for line in result.attrs["verdict"].splitlines()
                        if any(parameter in line for parameter in SOIL)))


def moist(result, water):
    """Conductivity [W m-1 K-1] and heat capacity [J m-3 K-1] at a water content, by Cote and Konrad."""
    n, k = float(result.porosity), float(result.kersten_shape)
    dry, solid = float(result.dry_conductivity), float(result.solid_conductivity)
    S = water / n
    kersten = k * S / (1 + (k - 1) * S)
    return (dry + kersten * (solid ** (1 - n) * 0.57**n - dry),
            (1 - n) * float(result.solid_heat_capacity) + 4.188e6 * water)


def by_month(results, tower):
    """A dictionary of columns: months, water, and the properties from every fit, means of 0 to 15 cm."""
    window = slice("2004-05-07T07:30", "2004-12-30T07:00")
    tower = tower.sel(time=window)
    depth = np.arange(0.005, 0.15, 0.01)
    weight = xarray.DataArray(np.clip((depth - 0.05) / 0.10, 0, 1), dims="depth")
    profile = tower.SoilMoist_1 * (1 - weight) + tower.SoilMoist_2 * weight
    months = "time.month"
    steps = results["by_month"]
    columns = {  # the knots of the steps are months, too
        "month": np.arange(5, 13),
        "upper": tower.SoilMoist_1.groupby(months).mean().values,
        "lower": tower.SoilMoist_2.groupby(months).mean().values,
        "mean": profile.mean("depth").groupby(months).mean().values}
    for key, name in (("lambda", "thermal_conductivity"), ("C", "heat_capacity")):
        columns[key] = steps[name].values
        columns[f"{key}_std"] = steps[f"{name}_std_inflated"].values
        columns[f"{key}_skin"] = results["by_month_skin"][name].values
    for label, water in (("both", profile), ("upper", tower.SoilMoist_1)):
        for key, value in zip(("lambda", "C"), moist(results[f"moist_{label}"], water)):
            value = value.mean("depth") if "depth" in value.dims else value
            columns[f"{key}_{label}"] = value.groupby(months).mean().values
    return columns


def table_by_month(columns):
    print("\n| month | water, upper, lower, mean of 0 to 15 cm [%] | lambda | C [1e6] | D [1e-6] | "
          "moist, both probes | moist, upper | from the skin |\n|---|---|---|---|---|---|---|---|")
    for i, month in enumerate(columns["month"]):
        c = {key: values[i] for key, values in columns.items()}
        print(f"| {month} | {100 * c['upper']:.1f}, {100 * c['lower']:.1f}, {100 * c['mean']:.1f} | "
              f"{c['lambda']:.2f} +- {c['lambda_std']:.2f} | {c['C'] / 1e6:.2f} +- {c['C_std'] / 1e6:.2f} | "
              f"{1e6 * c['lambda'] / c['C']:.2f} | {c['lambda_both']:.2f}, {c['C_both'] / 1e6:.2f} | "
              f"{c['lambda_upper']:.2f}, {c['C_upper'] / 1e6:.2f} | "
              f"{c['lambda_skin']:.2f}, {c['C_skin'] / 1e6:.2f} |")
    for key in "lambda", "C":
        for label in "both", "upper":
            r = np.corrcoef(columns[key], columns[f"{key}_{label}"])[0, 1]
            print(f"correlation of {key} by month with the moist fit, {label}: {r:.2f}; without December "
                  f"{np.corrcoef(columns[key][:-1], columns[f'{key}_{label}'][:-1])[0, 1]:.2f}")


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: soil_moisture.py <folder with tower.nc> <command of glebe ...>")
    folder, glebe = pathlib.Path(sys.argv[1]), sys.argv[2:]
    results = {name: estimate(glebe, folder, name) for name in CASES}
    table_of_fits(results)
    with xarray.open_dataset(folder / "tower.nc") as tower:
        table_by_month(by_month(results, tower))


if __name__ == "__main__":
    main()
