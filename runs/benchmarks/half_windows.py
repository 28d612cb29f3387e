#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Whether standard deviations can be believed: every record in two halves by &split, the z-scores
between the estimates of the halves, and the prediction of each half from the other.

Reads <folder>/<site>/tower.nc of kendall, west_phoenix and hanford, those that are there; writes
namelists and results beside them, and <folder>/half_windows.md.
"""
import pathlib
import sys
from typing import NamedTuple

import numpy as np
import xarray as xr

import hanford
import kendall_runs as kendall
import west_phoenix
from common import Model, Program, group, page, root_mean_square, table
from halves import OPTIMIZER

SPLIT = group("split", parts=2)
FORMS = [Model("coefficients"), Model("stability"), Model("louis")]


class Halves(NamedTuple):
    site: str
    fitted: str
    model: Model
    result: xr.Dataset


# ---- Runs -----------------------------------------------------------------------------------

def kendall_cases(program, tower):
    for number, (fitted, model) in enumerate(kendall.CASES):
        if not program.has(model):
            continue
        for i, window in enumerate(kendall.WINDOWS):
            yield Halves("Kendall", kendall.in_words(fitted), model, kendall.estimate(
                program, f"halves_{number}_window_{i}", tower, kendall.bounds(window), model, fitted,
                [SPLIT]))


def whole_record(folder):
    """Writes record.nc, where tower.nc has each half in a column of its own."""
    tower = xr.load_dataset(folder / "tower.nc")
    record = tower.isel(half=0)
    for name in [str(name) for name in tower if str(name).endswith("_own")]:
        variable = name.removesuffix("_own")
        record[variable] = record[name].fillna(record[f"{variable}_other"]).assign_attrs(
            tower[name].attrs)
        record = record.drop_vars([name, f"{variable}_other"])
    record.to_netcdf(folder / "record.nc")


def observed(streams, fitted):
    """All streams of the record; what is not fitted is withheld."""
    return [group("observation", name=variable, variable=variable, kind=stream.kind,
                  depth=stream.depth, file="record.nc", stamp="end",
                  **({"sigma": stream.sigma} if variable in fitted else {"withhold": True}))
            for variable, stream in streams.items()]


def of_record(lines):
    return [line.replace("'tower.nc'", "'record.nc'") for line in lines]


def hanford_cases(program):
    whole_record(program.folder)
    for number, model in enumerate(FORMS):
        case = hanford.Case(hanford.NAMES, model)
        yield Halves("Hanford", "all", model, program.run(f"halves_{number}", [
            group("run", mode="estimate", output=f"halves_{number}.nc", series=False),
            group("time", start="2016-06-01T07:30", stop="2017-01-01T08:00", step=1800),
            *hanford.soil(), OPTIMIZER, SPLIT, *observed(hanford.STREAMS, case.fitted),
            *of_record(hanford.above(case))]))


def phoenix_cases(program):
    whole_record(program.folder)
    for number, model in enumerate(FORMS):
        fitted = tuple(west_phoenix.STREAMS)
        yield Halves("West Phoenix", "all", model, program.run(f"halves_{number}", [
            group("run", mode="estimate", output=f"halves_{number}.nc", series=False),
            group("time", start="2011-12-16T18:00", stop="2013-01-01T06:30", step=1800),
            group("soil", node_depths=west_phoenix.NODES, bottom="flux", initial="spinup",
                  spinup_tolerance=0.01),
            group("parameter", name="geothermal_flux", value=0),
            group("parameter", name="deep_temperature", value=300), *west_phoenix.soil(False),
            OPTIMIZER, SPLIT, *observed(west_phoenix.STREAMS, fitted),
            *of_record(west_phoenix.above(model, False, 0.17))]))


# ---- Tables ---------------------------------------------------------------------------------

def z_scores(result):
    """{parameter: |z| between the halves}, of those that can be compared."""
    found = {}
    for name in [str(name) for name in result if str(name).endswith("_part_z")]:
        z = np.abs(np.ravel(result[name].isel(part=1, from_part=0).values))
        if np.isfinite(z).any():
            found[name.removesuffix("_part_z")] = z[np.isfinite(z)]
    return found


def z_row(labels, z):
    return [*labels, z.size, f"{root_mean_square(z):.2f}", f"{z.max():.1f}"] if z.size else None


def z_table(cases):
    """By site and parameter, and all of a site together."""
    rows = []
    for site in dict.fromkeys(case.site for case in cases):
        found = [z_scores(case.result) for case in cases if case.site == site]
        names = dict.fromkeys(name for one in found for name in one)
        for name in names:
            z = np.concatenate([one[name] for one in found if name in one])
            rows.append(z_row([site, name.replace("_", " ")], z))
        rows.append(z_row([site, "**all**"], np.concatenate(
            [z for one in found for z in one.values()])))
    return table(["site", "parameter", "pairs", "rms z", "largest"], rows)


def predictions_table(cases):
    """rmse of a half with the parameters of the other, over that with its own; by 1lin and 2lin of
    the other half."""
    rows = []
    for site, fitted, model in dict.fromkeys(case[:3] for case in cases):
        results = [case.result for case in cases if case[:3] == (site, fitted, model)]
        for name in [str(name).removesuffix("_part_rmse") for name in results[0]
                     if str(name).endswith("_part_rmse")]:
            other, own = (root_mean_square([one[f"{name}_part_rmse"].values[pair]
                                            for one in results]) for pair in
                          (([0, 1], [1, 0]), ([0, 1], [0, 1])))
            linear = [root_mean_square([one[f"{name}_part_rmse_{kind}"].values[[0, 1], [1, 0]]
                                        for one in results]) for kind in ("1lin", "2lin")]
            rows.append([site, fitted, model.label, name.replace("_", " "), f"{other:.3g}",
                         f"{own:.3g}", *(f"{value:.3g}" for value in linear)])
    return table(["site", "fitted", "model", "stream", "rmse from the other half",
                  "with its own parameters", "1lin", "2lin"], rows)


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: half_windows.py <folder with the sites> <command of glebe ...>")
    folder, cases = pathlib.Path(sys.argv[1]), []
    for site, run in (("kendall", lambda program: kendall_cases(
            program, kendall.read_tower(program.folder / "tower.nc"))),
                      ("hanford", hanford_cases), ("west_phoenix", phoenix_cases)):
        if (folder / site / "tower.nc").exists():
            cases += run(Program(sys.argv[2:], folder / site))
    page(folder / "half_windows.md", {
        "Halves: z-scores between their estimates": z_table(cases),
        "Halves: each from the other": predictions_table(cases)})


if __name__ == "__main__":
    main()
