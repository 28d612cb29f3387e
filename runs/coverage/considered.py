# SPDX-License-Identifier: BSD-3-Clause
"""How often one standard deviation contains the truth when parameters are held at wrong values,
considered or taken as known. Prints the table of docs/theory.md.

Usage: considered.py <program and its launcher>"""
import pathlib
import re
import subprocess
import sys

import numpy as np
import xarray as xr

HERE = pathlib.Path(__file__).parent
OUTPUT = HERE / "output"
TWINS = 4000
TRUTH = {"thermal_conductivity": 1.2, "heat_capacity": 2e6, "heat_transfer": 15.0}
# Value at which it is held, the standard deviation of its error, unit.
HELD = {"albedo": (0.25, 0.02, "1"), "emissivity": (0.96, 0.01, "1"),
        "deep_temperature": (293.0, 0.3, "K")}


def run(command, namelist):
    subprocess.run([*command, namelist], cwd=HERE, check=True, stdout=subprocess.DEVNULL)
    return xr.load_dataset(OUTPUT / "considered.nc") if "estimate" in namelist else None


def as_if_known(command):
    text = (HERE / "considered_estimate.nml").read_text(encoding="utf-8")
    made = HERE / "considered_made_estimate.nml"
    made.write_text(re.sub(r", prior_std = \S+", "", text), encoding="utf-8")
    try:
        return run(command, made.name)
    finally:
        made.unlink()


def report(label, data):
    cells = []
    for name, truth in TRUTH.items():
        z = (data[name].values - truth) / data[f"{name}_std"].values
        cells.append(f"{100 * np.mean(np.abs(z) < 1):.1f} % (rms {np.sqrt(np.mean(z**2)):.2f})")
    print(f"| {label} | " + " | ".join(cells) + " |", flush=True)


def main(command):
    OUTPUT.mkdir(exist_ok=True)
    random = np.random.default_rng(2)
    xr.Dataset({name: ("twin", value + std * random.standard_normal(TWINS), {"units": unit})
                for name, (value, std, unit) in HELD.items()}).to_netcdf(
                    OUTPUT / "considered_truth.nc")
    run(command, "considered_twin.nml")
    print(f"{TWINS} twins; within one standard deviation, and rms of the standardised errors")
    print("| | " + " | ".join(name.replace("_", " ") for name in TRUTH) + " |")
    print("|---|---|---|---|")
    report("taken as known", as_if_known(command))
    data = run(command, "considered_estimate.nml")
    report("considered", data)
    names = data.considered.attrs["names"].split()
    for name in TRUTH:
        shares = np.median(data[f"{name}_considered_share"].values, axis=-1)
        print(f"{name}: of the variance " +
              ", ".join(f"{100 * s:.0f} % from {n}" for s, n in zip(shares, names)))


if __name__ == "__main__":
    main(sys.argv[1:] or ["glebe"])
