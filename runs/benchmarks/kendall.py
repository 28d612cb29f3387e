#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Kendall Grassland: conductivity and capacity from two depths, against those from the flux plates.

Reads tower.nc in the folder; writes namelists, results, and kendall.md there.
"""
import pathlib
import sys

import numpy as np
import pandas as pd

from common import Program, at_bound, page, root_mean_square, table
from kendall_errors import errors_table
from kendall_runs import (CASES, COMPARED, CONSIDERED, DRY, FIFTEEN, FIVE, FLUXES, FORMS, LABELS, MIDNIGHT,
                          SOIL, STREAMS, UNITS, WINDOWS, bounds, estimate, halves, read_tower,
                          reference, rows_of, run_case, score, series)
from regressions import INPUTS, Regression, scores


# ---- Tables ---------------------------------------------------------------------------------

def references_table(references):
    rows = [[window, *(value_of(result, name) for name in SOIL),
             in_pair(float(result[f"rmse_{stream}"]) for stream in (FIVE, FIFTEEN))]
            for window, result in references.items()]
    return table(["window", "conductivity", "heat capacity [1e6]", "rmse at 5 / 15 cm [K]"], rows)


def log_errors(results, references, name):
    return [np.log(float(results[window]["whole"][name]) / float(references[window][name]))
            for window in WINDOWS]


def log_halves(results, name):
    return [np.log(float(found["halves"][0][name]) / float(found["halves"][1][name]))
            for found in results.values()]


def mean(results, function):
    return float(np.mean([function(found["whole"]) for found in results.values()]))


def mean_score(results, variable, tower, fitted):
    """Means over the windows: rmse, for turbulent heat the bias at night too; fitted: italic."""
    found = [score(result["whole"], variable, tower) for result in results.values()]
    rmse, night = (np.mean([item[key] for item in found]) for key in ("rmse", "night"))
    kind = COMPARED[variable][0]
    text = f"{rmse:.0f} ({night:+.0f})" if kind == "turbulent_heat" else f"{rmse:.0f}"
    return f"*{text}*" if kind in fitted else text


def fitted_names(fitted):
    if len(fitted) == len(FLUXES):
        return "two depths and all fluxes"
    return " and ".join(["two depths", *(LABELS[kind] for kind in fitted)])


def in_pair(values):
    return " / ".join(f"{value:.2f}" for value in values)


def case_row(fitted, model, results, references, tower):
    return [fitted_names(fitted), model.label,
            in_pair(root_mean_square(log_errors(results, references, name)) for name in SOIL),
            in_pair(mean(results, lambda found, s=stream: float(found[f"rmse_{s}"]))
                    for stream in (FIVE, FIFTEEN)),
            *(mean_score(results, variable, tower, fitted)
              for variable in ("LWup", "Qg", "Qturb", "Qclosed")),
            in_pair(root_mean_square(log_halves(results, name)) for name in SOIL)]


def cases_table(cases, references, tower):
    head = ["fitted", "model", "rms ln ratio to the reference: conductivity / capacity",
            "rmse at 5 / 15 cm [K]", "longwave up", "G", "H + LE (night bias)",
            "H + LE, closed (night bias)", "rms ln ratio of halves: conductivity / capacity"]
    return table(head, [case_row(*case, results, references, tower)
                        for case, results in cases.items()])


def value_of(result, name):
    return f"{float(result[name]) / UNITS[name]:.2f}" + "*" * at_bound(result, name)


def windows_table(cases, references):
    found = {"reference": references} | {
        f"{model.label}, {fitted_names(fitted)}": {window: results[window]["whole"]
                                                   for window in WINDOWS}
        for (fitted, model), results in cases.items()}
    rows = [[label, name.replace("_", " "),
             *(value_of(results[window], name) for window in WINDOWS)]
            for label, results in found.items() for name in SOIL]
    return table(["model", "", *WINDOWS], rows)


def predicted(results, kind, tower):
    """Simulated and observed values of all halves, each by the other half's parameters."""
    pairs = [series(result, STREAMS[kind], tower) for found in results.values()
             for result in found["predictions"]]
    return pd.concat([pair[0] for pair in pairs]), pd.concat([pair[1] for pair in pairs])


def by_regression(regression, variable, tower):
    """The same by a regression on the observed flux of the other half."""
    simulated, observed = [], []
    for window in WINDOWS:
        parts = [rows_of(tower, part) for part in halves(bounds(window))]
        for known, asked in (parts, parts[::-1]):
            trained = Regression(regression, known, known[variable])
            simulated.append(trained.predict(asked))
            observed.append(asked[variable])
    return np.concatenate(simulated), pd.concat(observed)


def text_of(score_):
    return f"{score_['mae']:.1f} / {score_['rmse']:.1f}"


def predictions_table(cases, tower):
    rows = []
    for (fitted, model), results in cases.items():
        row = [fitted_names(fitted), model.label]
        for variable, (kind, _) in COMPARED.items():
            simulated, observed = predicted(results, kind, tower)
            text = text_of(scores(simulated, observed[variable]))
            row.append(f"*{text}*" if kind in fitted else text)
        rows.append(row)
    for regression in INPUTS:
        rows.append(["the flux itself", regression, *(
            f"*{text_of(scores(*by_regression(regression, variable, tower)))}*"
            for variable in COMPARED)])
    return table(["fitted", "model", *(label for _, label in COMPARED.values())], rows)


def with_std(result, name):
    value, reported, inflated = (float(result[name + kind]) / UNITS[name]
                                 for kind in ("", "_std", "_std_inflated"))
    return f"{value:.3f} ± {reported:.3f} ({inflated:.3f})"


def apart(one, other, name, suffix):
    """Difference of two estimates over its standard deviation."""
    std = np.hypot(float(one[name + suffix]), float(other[name + suffix]))
    return abs(float(one[name]) - float(other[name])) / std


def flux_table(program, tower):
    """Two depths against two depths and G, in the dry window."""
    rows = []
    for i, (considered, groups) in enumerate(CONSIDERED.items()):
        for model in filter(program.has, FORMS):
            alone, flux = (
                estimate(program, f"flux_{i}_{model.exchange}_{len(fitted)}", tower, bounds(DRY),
                         model, fitted, groups) for fitted in ((), ("ground_heat_flux",)))
            rows += [[considered, model.label, name.replace("_", " "), with_std(alone, name),
                      with_std(flux, name), f"{apart(alone, flux, name, '_std'):.1f}",
                      f"{apart(alone, flux, name, '_std_inflated'):.1f}"] for name in SOIL]
    return table(["considered", "model", "", "two depths", "two depths and G",
                  "apart, in standard deviations", "in inflated ones"], rows)


def closure_table(tower):
    """The tower's own balance by the hour [W m-2]."""
    def by_hour(rows):
        terms = rows[["Rnet", "Qg", "Qh", "Qle"]].dropna()
        hour = (terms.index - MIDNIGHT - pd.Timedelta("15min")).hour
        result = terms.groupby(hour).mean()
        result["rest"] = result.Rnet - result.Qg - result.Qh - result.Qle
        return result
    dry = by_hour(rows_of(tower, bounds(DRY)))
    every = by_hour(pd.concat([rows_of(tower, bounds(window)) for window in WINDOWS]))
    rows = [[hour, *(f"{dry.loc[hour, name]:.0f}" for name in dry),
             *(f"{every.loc[hour, name]:.0f}" for name in ("Rnet", "rest"))] for hour in dry.index]
    return table(["hour", "net radiation", "G", "H", "LE", "missing", "all windows: net radiation",
                  "all windows: missing"], rows)


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: kendall.py <folder with tower.nc> <command of glebe ...>")
    folder = pathlib.Path(sys.argv[1])
    program, tower = Program(sys.argv[2:], folder), read_tower(folder / "tower.nc")
    references = {window: reference(program, f"reference_{i}", tower, bounds(window))
                  for i, window in enumerate(WINDOWS)}
    cases = {case: run_case(program, tower, number, *case) for number, case in enumerate(CASES)
             if program.has(case[1])}
    page(folder / "kendall.md", {
        "Kendall: reference": references_table(references),
        "Kendall: five windows": cases_table(cases, references, tower),
        "Kendall: estimates by window": windows_table(cases, references),
        "Kendall: one half predicts the other, MAE / RMSE [W m-2]": predictions_table(cases, tower),
        "Kendall: two depths, and G beside them": flux_table(program, tower),
        "Kendall: what the errors of the inputs cost": errors_table(program, tower),
        "Kendall: closure of the tower": closure_table(tower)})


if __name__ == "__main__":
    main()
