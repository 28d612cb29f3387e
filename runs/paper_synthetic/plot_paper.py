#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draw what cases.py has run: the spread of the 50 estimates, and what each stream adds at
Kendall Grassland."""
import argparse
import pathlib
import sys

import numpy as np

from cases import HERE, PUBLISHED, RUNS, SYNTHETIC
from summarise import (SENSORS, SHORT, SOIL, STREAM_NAMES, TRUTH, kendall_labels, load,
                       published)

sys.path.insert(0, str(RUNS.parent / "python"))
from glebe_tools.report.style import (  # noqa: E402 (the folder must be known first)
    LIGHT, PAPER_WIDTH, new_figure, save)

JOINT_95 = np.sqrt(5.991)  # of chi-square with two degrees of freedom
MEGA = 1e-6
COLOURS = dict(zip(SHORT, ("fitted", "third", "withheld", "alarm")))
MARKERS = dict(zip(SHORT, "osD^"))


# ---- The spread of 50 estimates -------------------------------------------------------------

def ellipse(result):
    """95 % of estimates at the truth, for errors of 0.1 K: the Cramer-Rao bound."""
    std = [float(result[f"{name}_std"][0]) for name in SOIL]
    correlation = result.correlation[..., 0].values[:2, :2]
    root = np.linalg.cholesky(correlation * np.outer(std, std))
    angle = np.linspace(0, 2 * np.pi, 200)
    centre = np.array([[TRUTH[name]] for name in SOIL])
    return centre + JOINT_95 * root @ [np.cos(angle), np.sin(angle)]


def draw_spread(axes, output, case):
    clean, noisy = (load(output, f"{case}_{observed}") for observed in ("clean", "noisy"))
    conductivity, capacity = ellipse(clean)
    axes.plot(conductivity, MEGA * capacity, color=LIGHT["fitted"], linewidth=0.8,
              label="Cramér–Rao bound, 95 %, 0.1 K")
    axes.scatter(noisy[SOIL[0]], MEGA * noisy[SOIL[1]], s=14, facecolor="none", linewidth=0.8,
                 edgecolor=LIGHT["fitted"], label="Glebe, noise of 0.1 K")
    paper = published(PUBLISHED[case], SYNTHETIC)
    if paper:
        axes.scatter(paper[SOIL[0]], MEGA * paper[SOIL[1]], s=14, marker="x", linewidth=0.9,
                     color=LIGHT["withheld"], label="paper, no noise")
    axes.scatter(clean[SOIL[0]], MEGA * clean[SOIL[1]], s=70, marker="+", linewidth=1.2,
                 color=LIGHT["ink"], label="Glebe, no noise (all 50)", zorder=3)
    axes.set_title(f"{SENSORS[case]}, 50 starts")
    axes.set_xlabel("thermal conductivity [W m⁻¹ K⁻¹]")
    axes.set_ylabel("heat capacity [10⁶ J m⁻³ K⁻¹]")
    axes.grid(True)


def spread(output):
    figure = new_figure(3.5, PAPER_WIDTH)
    panels = figure.subplots(1, 2)
    for axes, case in zip(panels, PUBLISHED):
        draw_spread(axes, output, case)
    panels[0].legend(loc="lower right")
    return figure


# ---- What each stream adds ------------------------------------------------------------------

def draw_parameter(axes, results, name, scale, title):
    """Estimates with their standard deviations; a cross at a bound."""
    for row, result in enumerate(results):
        std = result.get(f"{name}_std_inflated", result[f"{name}_std"])
        axes.errorbar(scale * result[name], row, xerr=np.nan_to_num(scale * std), linewidth=1.1,
                      fmt="x" if result[f"{name}_at_bound"] else "o", markersize=4,
                      color=LIGHT["fitted"])
    axes.set_title(title)
    axes.set_xlim(left=0)


def draw_misfits(axes, results):
    """Relative to the standard deviation of the observations; filled where they are fitted."""
    for kind, stream in STREAM_NAMES.items():
        scale = float(results[0][f"{stream}_observed"].std())
        misfits = [float(result[f"rmse_{stream}"]) / scale for result in results]
        fitted = [not result[f"rmse_{stream}"].withheld for result in results]
        colour = LIGHT[COLOURS[kind]]
        axes.scatter(misfits, range(len(results)), s=22, marker=MARKERS[kind], edgecolor=colour,
                     facecolor=[colour if one else "none" for one in fitted], linewidth=1)
        axes.scatter([], [], s=22, marker=MARKERS[kind], color=colour, label=SHORT[kind])
    axes.set_title("rmse / std of the observations\n(open: withheld, filled: fitted)")
    axes.set_xlim(left=0)


def streams(output):
    labels = kendall_labels()
    results = [load(output, name) for name in labels]
    figure = new_figure(3.9, PAPER_WIDTH + 1.8)
    panels = figure.subplots(1, 3, sharey=True, width_ratios=[1, 1, 1.6])
    draw_parameter(panels[0], results, SOIL[0], 1, "conductivity\n[W m⁻¹ K⁻¹]")
    draw_parameter(panels[1], results, SOIL[1], MEGA, "heat capacity\n[10⁶ J m⁻³ K⁻¹]")
    draw_misfits(panels[2], results)
    panels[0].set_yticks(range(len(labels)), labels.values())
    panels[0].invert_yaxis()
    for axes in panels:
        axes.grid(True)
        axes.tick_params(axis="y", length=0)
    panels[2].legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=HERE / "output",
                        help="the output folder of cases.py")
    folder = parser.parse_args(argv).folder
    figures = {"starts": spread(folder / "synthetic")}
    if (folder / "us_wkg/us_wkg_0.nc").exists():
        figures["streams"] = streams(folder / "us_wkg")
    for name, figure in figures.items():
        save(figure, str(folder / f"{name}.png"))
        print(folder / f"{name}.png")


if __name__ == "__main__":
    main()
