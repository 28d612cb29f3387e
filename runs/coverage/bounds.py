# SPDX-License-Identifier: BSD-3-Clause
"""How often the 68 % intervals of estimates contain the truth, for truths at, near and away from a
bound, and anywhere within the bounds. Prints the table of docs/theory.md.

Usage: bounds.py <program and its launcher>"""
import pathlib
import subprocess
import sys

import numpy as np
import xarray as xr

HERE = pathlib.Path(__file__).parent
OUTPUT = HERE / "output"
TWINS = 4000
LOWER = 2e6
TRUTH = {"thermal_conductivity": 1.2, "heat_transfer": 15.0}


def run(command, namelist):
    subprocess.run([*command, namelist], cwd=HERE, check=True, stdout=subprocess.DEVNULL)


def estimates(command, capacities, lower, upper, share=1):
    """The result for these true capacities, with these bounds. So many twins, one after the other,
    `share` their heat capacity."""
    xr.Dataset({"heat_capacity": ("twin", capacities, {"units": "J m-3 K-1"}),
                "part": ("twin", np.arange(capacities.size, dtype="i4") // share)}).to_netcdf(
        OUTPUT / "bounds_truth.nc")
    run(command, "bounds_twin.nml")
    text = (HERE / "bounds_estimate.nml").read_text(encoding="utf-8")
    for key, value in (("VALUE", lower + 0.4 * (upper - lower)), ("LOWER", lower),
                       ("UPPER", upper)):
        text = text.replace(f"= {key}", f"= {value!r}")
    if share > 1:
        by_part = ("space = 'region', region_file = 'output/bounds_truth.nc', "
                   "region_variable = 'part', name = 'heat_capacity'")
        text = text.replace("name = 'heat_capacity'", by_part)
    made = HERE / "bounds_made.nml"
    made.write_text(text, encoding="utf-8")
    try:
        run(command, made.name)
    finally:
        made.unlink()
    return xr.load_dataset(OUTPUT / "bounds.nc")


def coverage(data, name, truth):
    return 100 * float(((data[f"{name}_lower"] <= truth) & (truth <= data[f"{name}_upper"])).mean())


def report(label, data, capacities):
    at = 100 * float((data.heat_capacity_at_bound > 0).mean())
    shares = [coverage(data, "heat_capacity", capacities),
              *(coverage(data, name, value) for name, value in TRUTH.items())]
    print(f"| {label} | {at:.0f} % | " + " | ".join(f"{share:.1f} %" for share in shares) + " |",
          flush=True)


def main(command):
    OUTPUT.mkdir(exist_ok=True)
    free = estimates(command, np.full(1, LOWER), 0.2e6, 8e6)
    std = float(free.heat_capacity_std)
    print(f"{TWINS} twins each; one standard deviation is {std / LOWER:.1%} of the heat capacity, "
          f"correlations {np.round(free.correlation.values.reshape(3, 3)[1], 2)}")
    print("| true heat capacity | at a bound | heat capacity | conductivity | heat transfer |")
    print("|---|---|---|---|---|")
    above = 3 * np.random.default_rng(1).random(TWINS)
    capacities = LOWER + std * above
    report("anywhere between bounds 3 std apart",
           estimates(command, capacities, LOWER, LOWER + 3 * std), capacities)
    for distance in (0, 0.5, 1, 1.5, 2, 3, 6):
        capacities = np.full(TWINS, LOWER + distance * std)
        report(f"{distance:g} std above the lower bound",
               estimates(command, capacities, LOWER, LOWER + 20 * std), capacities)
    std /= np.sqrt(2)
    for distance in (0, 0.5, 1.5, 3):
        capacities = np.full(TWINS, LOWER + distance * std)
        report(f"{distance:g} std above it, shared by pairs, which are fitted together",
               estimates(command, capacities, LOWER, LOWER + 20 * std, share=2), capacities)


if __name__ == "__main__":
    main(sys.argv[1:] or ["glebe"])
