#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""How often the intervals of an estimate hold the truth: thousands of twins side by side, which differ
in their noise alone. Prints a table with a row for each case of CASES, the shares of the twins within 1
and 1.96 standard deviations of each parameter, and writes it to <folder>/table.md."""

import argparse
import math
import pathlib
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import xarray

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "paper_synthetic"))
import namelists  # noqa: E402 (the folder must be known first)

TRUTH = {"thermal_conductivity": 1.0, "heat_capacity": 2.0e6, "albedo": 0.25, "heat_transfer": 15.0,
         "deep_temperature": 293.0, "initial_temperature": (297.0, 294.0)}
EMISSIVITY = 0.96
ONE_STD, MOST = 1.0, 1.959964  # half widths of the intervals, of 68.27 and 95 %


class Case(NamedTuple):
    """A row of the table. `twin` and `estimate` change the groups of twin.nml and estimate.nml, as
    namelists.read() gives them; `std` is the suffix of the standard deviation that is tried. With
    `alone` every twin is estimated in a run of its own, as a site would be: a tenth as many."""
    name: str
    twin: Callable = lambda groups: None
    estimate: Callable = lambda groups: None
    std: str = "std"
    alone: bool = False

    def count(self, n_twin):
        return n_twin // 10 if self.alone else n_twin


def memory(hours):
    """A change of all streams: errors with this memory, or 'auto'."""
    return lambda groups: namelists.change(groups, observation={"error_memory": hours})


CASES = [
    Case("independent errors"),
    Case("errors of 12 h, known", memory(12), memory(12)),
    Case("errors of 12 h, found (auto)", memory(12), memory("auto")),
    Case("errors of 12 h, found (auto) in each twin alone", memory(12), memory("auto"), alone=True),
    Case("errors of 12 h, taken as independent", memory(12)),
    Case("the same, inflated", memory(12), std="std_inflated"),
]


def write_grid(path, n_twin):
    xarray.Dataset({"emissivity": ("twin", np.full(n_twin, EMISSIVITY), {"units": "1"})}
                   ).to_netcdf(path)


def run(mode, change, folder, glebe):
    groups = namelists.read(HERE / f"{mode}.nml")
    change(groups)
    namelists.write(groups, folder / f"{mode}.nml")
    subprocess.run([*glebe, folder / f"{mode}.nml"], check=True, stdout=subprocess.DEVNULL)


def estimates(change, folder, glebe):
    run("estimate", change, folder, glebe)
    return load(folder / "estimate.nc")


def load(path):
    with xarray.open_dataset(path, decode_times=False) as data:
        return data.load()


def run_case(case, folder, glebe, n_twin):
    """The estimates of a case as a dataset of so many twins."""
    folder.mkdir(parents=True, exist_ok=True)
    write_grid(folder / "twins.nc", n_twin)
    run("twin", case.twin, folder, glebe)
    if not case.alone:
        return estimates(case.estimate, folder, glebe)
    observed, single = load(folder / "observed.nc"), folder / "single"
    single.mkdir(exist_ok=True)
    write_grid(single / "twins.nc", 1)
    results = []
    for i in range(n_twin):
        observed.isel(twin=slice(i, i + 1)).to_netcdf(single / "observed.nc")
        results.append(estimates(case.estimate, single, glebe))
    return xarray.concat(results, "twin", data_vars="minimal", coords="minimal", compat="override")


def shares(data, std="std", truth=None):
    """{parameter: [shares of the twins whose interval holds the truth, of 68 and of 95 %]}; a
    parameter at several depths has a row for each. Twins without a standard deviation do not count,
    and those that did not converge."""
    converged = data.status.values == 0
    found = {}
    for name, values in (truth or TRUTH).items():
        several = isinstance(values, tuple)
        for i, value in enumerate(values if several else (values,)):
            estimate, deviation = data[name], data[f"{name}_{std}"]
            if several:
                estimate, deviation = estimate[i], deviation[i]
            away = np.abs((estimate.values - value) / deviation.values)[converged]
            away = away[np.isfinite(away)]
            found[f"{name}[{i}]" if several else name] = [float((away < z).mean())
                                                          for z in (ONE_STD, MOST)]
    return found


def sampling_error(share, n_twin):
    """The standard deviation of a share of so many independent twins."""
    return math.sqrt(share * (1 - share) / n_twin)


def table(rows):
    """One row for each case, with the shares in per cent of both intervals."""
    parameters = list(rows[0][1])
    lines = ["| case | " + " | ".join(f"`{name}`" for name in parameters) + " |",
             "|---|" + "---|" * len(parameters)]
    for name, found in rows:
        cells = [f"{100 * one:.1f}, {100 * most:.1f}" for one, most in found.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="where runs are made")
    parser.add_argument("glebe", nargs="+", help="the command that takes a namelist")
    parser.add_argument("--twins", type=int, default=4000, help="number of twins [%(default)s]")
    parser.add_argument("--cases", default="", help="only those with this in their names")
    options = parser.parse_args()
    rows = []
    for i, case in enumerate(CASES):
        if options.cases in case.name:
            n_twin = case.count(options.twins)
            data = run_case(case, options.folder / f"case_{i}", options.glebe, n_twin)
            error = 100 * sampling_error(0.683, n_twin)
            rows.append((f"{case.name} ({n_twin} twins, +- {error:.1f})", shares(data, case.std)))
    text = table(rows)
    print(text)
    (options.folder / "table.md").write_text(text + "\n")


if __name__ == "__main__":
    main()
