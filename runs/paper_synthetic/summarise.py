#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write the tables of what cases.py has run, Glebe's numbers beside the paper's, in Markdown.

Reads the results and logs, and the paper's numbers where GLEBE_DATA has them.
"""
import argparse
import pathlib
import re
import sys

import numpy as np
import pandas as pd
import xarray as xr

from cases import (ADDED, FROM_STARTS, HERE, NOISE, PHOENIX, PUBLISHED, RUNS, STREAMS, SYNTHETIC,
                   added_streams, data_file)

sys.path.insert(0, str(RUNS.parent / "python"))
from glebe_tools.report.numbers import (  # noqa: E402 (the folder must be known first)
    correlation, decimals_for, fixed, plain, with_uncertainty)

TOGETHER = "heat_transfer * (1 + 1/bowen_ratio)"
TRUTH = {"thermal_conductivity": 0.8, "heat_capacity": 2.2e6, "albedo": 0.2,
         "deep_temperature": 293.0, TOGETHER: 25.0}
SENSORS = {"0cm": "surface", "5cm": "5 cm", "0_5cm": "surface and 5 cm", "5_15cm": "5 and 15 cm"}
SOIL = ("thermal_conductivity", "heat_capacity")
STREAM_NAMES = {"longwave_up": "longwave_up", "ground_heat_flux": "ground_heat_flux_0cm",
                "turbulent_heat": "turbulent_heat", "net_radiation": "net_radiation"}
SHORT = {"longwave_up": "longwave up", "ground_heat_flux": "ground heat flux",
         "turbulent_heat": "H + LE", "net_radiation": "net radiation"}


# ---- Results --------------------------------------------------------------------------------

def load(output, name):
    """A result, or None where its case was left out."""
    path = output / f"{name}.nc"
    return xr.load_dataset(path) if path.exists() else None


def together(values):
    """With the one combination of heat_transfer and bowen_ratio that acts."""
    return {**values, TOGETHER: values["heat_transfer"] * (1 + 1 / values["bowen_ratio"])}


def estimates(result, names):
    values = {name: result[name].values for name in names}
    return together(values) if "bowen_ratio" in values else values


def published(file, sought):
    """The paper's final values, or None."""
    path = data_file(f"paper/{file}")
    if not path:
        return None
    table = pd.read_csv(path)
    values = {name: table[f"final_{column}"].values for name, (column, *_) in sought.items()}
    return together(values) if "bowen_ratio" in values else values


def worst(values):
    """The largest error of any trial, relative to the truth."""
    return max(np.abs(values[name] / truth - 1).max() for name, truth in TRUTH.items())


def misfit(result, cost):
    """The greatest rms misfit [K] of any trial, by its initial or final cost."""
    counts = [variable for name, variable in result.items() if name.startswith("count_")]
    return float(0.1 * np.sqrt(2 * result[f"cost_{cost}"] / sum(counts)).max())


def cost_of_search(output, name):
    """(seconds of the search, ranks) by the log."""
    log = (output / f"{name}.log").read_text()
    return (float(re.search(r"with derivatives in ([\d.]+) s$", log, re.M)[1]),
            int(re.search(r"^columns: .* on (\d+) rank", log, re.M)[1]))


def verdict(result, name):
    """'determined', 'in combination', ... of a single column."""
    variable = result[f"{name}_verdict"]
    return variable.flag_meanings.split()[int(variable)].replace("_", " ")


def relative_std(result, name):
    return float((result[f"{name}_std"] / result[name]).median())


# ---- Tables ---------------------------------------------------------------------------------

def spread(values):
    """Mean and standard deviation of the trials; where they agree, by how much they do."""
    mean, deviation = values.mean(), values.std(ddof=1)
    if deviation > 1e-4 * abs(mean):
        return with_uncertainty(mean, deviation).text
    return f"{plain(mean, 5)}, all within {np.ptp(values) / abs(mean):.0e}"


def percent(number):
    """To two digits; errors that do not matter by their size alone."""
    if number < 1e-5:
        return f"{100 * number:.0e} %"
    return f"{fixed(100 * number, decimals_for(100 * number, 2))} %"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def trials(output):
    """50 starts of the synthetic case."""
    rows = []
    names = (*SOIL, TOGETHER)
    for case in FROM_STARTS:
        paper = published(PUBLISHED[case], SYNTHETIC) if case in PUBLISHED else None
        if paper:
            ends = load(output, f"{case}_ends")
            rows.append([SENSORS[case], 0, "paper", *(spread(paper[name]) for name in names),
                         percent(worst(paper)), f"{misfit(ends, 'initial'):.2g}", "–", "–"])
        for observed, noise in NOISE.items():
            result = load(output, f"{case}_{observed}")
            found = estimates(result, SYNTHETIC)
            iterations = result.iterations.values
            rows.append([SENSORS[case], f"{noise:g}", "Glebe",
                         *(spread(found[name]) for name in names), percent(worst(found)),
                         f"{misfit(result, 'final'):.2g}",
                         f"{np.median(iterations):.0f}, {iterations.max():.0f}",
                         f"{cost_of_search(output, f'{case}_{observed}')[0]:.2f}"])
    ranks = cost_of_search(output, "5cm_clean")[1]
    return table(["sensors", "noise [K]", "", "conductivity", "heat capacity", "h (1 + 1/B)",
                  "largest error", "largest rms misfit [K]", "iterations: median, most",
                  f"all 50 [s], {ranks} rank" + "s" * (ranks > 1)], rows)


def told(output):
    """What one noise-free twin says of the uncertainty for errors of 0.1 K."""
    rows = []
    for case in STREAMS:
        result = load(output, f"{case}_told")
        rows.append([SENSORS[case], *(percent(relative_std(result, name)) for name in SOIL),
                     correlation(float(result.correlation[0, 1])),
                     " / ".join(verdict(result, name) for name in SOIL)])
    return table(["sensors", "std of conductivity", "std of heat capacity", "correlation",
                  "verdict"], rows)


def noisy(output):
    """The scatter of 50 noisy twins against what each of them says of itself."""
    rows = []
    for case in FROM_STARTS:
        result = load(output, f"{case}_noisy")
        row = [SENSORS[case]]
        for name in SOIL:
            row += [percent(float(result[name].std(ddof=1)) / TRUTH[name]),
                    percent(relative_std(result, name))]
        rows.append(row)
    return table(["sensors", "conductivity: scatter", "std", "heat capacity: scatter", "std"], rows)


def turbulence(synthetic, humidity):
    """What is said of sensible and latent heat: by the Bowen ratio, and by humidity."""
    bowen, humid = load(synthetic, "bowen"), load(humidity, "humidity")
    rows = [["Bowen ratio", "heat_transfer", "none", verdict(bowen, "heat_transfer")],
            ["Bowen ratio", "bowen_ratio", "none", verdict(bowen, "bowen_ratio")]]
    for name in ("heat_transfer", "latent_transfer"):
        rows.append(["humidity, 240 h", name, percent(relative_std(humid, name)),
                     verdict(humid, name)])
    said = bowen.attrs["verdict"].splitlines()[0]
    return table(["form", "parameter", "std", "verdict"], rows) + f"\n> {said}\n"


def phoenix(output):
    """West Phoenix from the paper's 50 starts."""
    result = load(output, "west_phoenix")
    if not result:
        return "Left out: the data are not there.\n"
    paper = published("trials_west_phoenix.csv", PHOENIX)
    found = estimates(result, PHOENIX)
    iterations = result.iterations.values
    seconds, ranks = cost_of_search(output, "west_phoenix")
    rows = [[name, spread(paper[name]) if paper else "–", spread(found[name]),
             with_uncertainty(float(found[name].mean()),
                              float(result[f"{name}_std_inflated"].mean())).text]
            for name in PHOENIX]
    return table(["", "paper: 50 trials", "Glebe: 50 trials", "Glebe: estimate ± std"], rows) + (
        f"\n50 searches in {seconds:.2f} s on {ranks} rank{'s' * (ranks > 1)}, "
        f"{np.median(iterations):.0f} iterations (median), {iterations.max():.0f} at most.\n")


def kendall_labels():
    """{case: what it fits}: streams one by one on top of the others, then each alone."""
    labels = {"us_wkg_shallow": "two depths, column of 0.6 m",
              "us_wkg_loose": "two depths, profile to 2 K"}
    for name, kinds in added_streams().items():
        alone = name.endswith(tuple(ADDED))
        labels[name] = ("two depths and " if alone else "+ ") + SHORT[kinds[-1]] if kinds else \
            "two depths"
    return labels


def kendall_row(result, std):
    soil = [with_uncertainty(float(result[name]), float(result[name + std]), exponent).text
            for name, exponent in zip(SOIL, (0, 6))]
    fluxes = []
    for stream in STREAM_NAMES.values():
        rmse, bias = (float(result[f"{kind}_{stream}"]) for kind in ("rmse", "bias"))
        text = f"{rmse:.0f} ({round(bias):+d})"
        fluxes.append(text if result[f"rmse_{stream}"].withheld else f"*{text}*")
    return [*soil, correlation(float(result.correlation[0, 1])),
            f"{float(result.degrees_of_freedom):.1f} of {result.sizes['control']}",
            "<br>".join(verdict(result, name) for name in SOIL), *fluxes]


def kendall(output):
    """US-Wkg: what each stream adds to two depths."""
    first = load(output, "us_wkg_0")
    if not first:
        return "Left out: the data are not there.\n"
    scale = [f"{float(first[f'{stream}_observed'].std()):.0f}" for stream in STREAM_NAMES.values()]
    rows = [["(std of the observations)", *[""] * 5, *scale]]
    for name, label in kendall_labels().items():
        std = "_std_inflated" if name == "us_wkg_shallow" else "_std"
        rows.append([label, *kendall_row(load(output, name), std)])
    return table(["fitted", "conductivity", "heat capacity", "correlation", "degrees of freedom",
                  "verdict on the two", *SHORT.values()], rows)


def summary(output):
    """All tables as one page."""
    synthetic, humidity = output / "synthetic", output / "humidity"
    parts = {"50 starts": trials(synthetic), "Scatter of noisy twins": noisy(synthetic),
             "What the data tell": told(synthetic),
             "Sensible and latent heat": turbulence(synthetic, humidity),
             "West Phoenix": phoenix(output / "west_phoenix"),
             "Kendall Grassland": kendall(output / "us_wkg")}
    return "\n".join(f"## {title}\n\n{text}" for title, text in parts.items())


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=HERE / "output",
                        help="the output folder of cases.py")
    args = parser.parse_args(argv)
    text = summary(args.folder)
    (args.folder / "results.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
