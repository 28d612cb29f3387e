# SPDX-License-Identifier: BSD-3-Clause
"""A record in two halves, of which one is fitted and predicts the other, and reverse.

The halves are the two columns of one run over the whole record: same weather, other observations.
<variable>_own has a column's own half, to be fitted, <variable>_other the other half, withheld.
"""
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from common import Model, group, table, text_of_parameters
from regressions import INPUTS, Regression, scores


# A fit of a year's half hours gains nothing beyond this: six digits of the cost.
OPTIMIZER = group("optimizer", gradient_tolerance=1e-4)


class Stream(NamedTuple):
    kind: str
    sigma: float | None  # where it is fitted; None: never
    label: str
    depth: float | None = None


class Case(NamedTuple):
    """What is fitted, and by what."""
    fitted: tuple
    model: Model
    setting: str = ""

    @property
    def label(self):
        return self.model.label + (f", {self.setting}" if self.setting else "")


# ---- Inputs ---------------------------------------------------------------------------------

def in_columns(weather, observed, units):
    """A dataset on time and half of two tables; the weather is the same in both columns."""
    times = weather.index
    first = (times < times[0] + (times[-1] - times[0]) / 2)[:, None]
    own = np.hstack([first, ~first])
    dims = ("time", "half")
    result = xr.Dataset(coords={"time": times.to_numpy()})
    for name in weather:
        result[name] = dims, np.repeat(weather[[name]].to_numpy(), 2, axis=1), {
            "units": units[name]}
    for name in observed:
        values, attributes = observed[[name]].to_numpy(), {"units": units[name]}
        result[f"{name}_own"] = dims, np.where(own, values, np.nan), attributes
        result[f"{name}_other"] = dims, np.where(own, np.nan, values), attributes
    return result


def observations(streams, fitted):
    """The streams to be fitted, and all streams of the other half, withheld."""
    lines = []
    for variable, stream in streams.items():
        common = {"kind": stream.kind, "depth": stream.depth, "file": "tower.nc", "stamp": "end"}
        own, other = f"{variable}_own", f"{variable}_other"
        if variable in fitted:
            lines.append(group("observation", name=own, variable=own, sigma=stream.sigma, **common))
        lines.append(group("observation", name=other, variable=other, withhold=True, **common))
    return lines


# ---- Results --------------------------------------------------------------------------------

def residuals(result, variable):
    """Model minus observed, each half predicted by the other's parameters."""
    error = result[f"{variable}_other"] - result[f"{variable}_other_observed"]
    return pd.concat([error.isel(half=half).to_series().dropna() for half in (0, 1)]).sort_index()


def by_regression(kind, weather, tower, variable):
    """The same by a regression on the weather of the time."""
    parts = []
    for half in (0, 1):
        own, other = (tower[f"{variable}_{part}"].isel(half=half).to_series()
                      for part in ("own", "other"))
        parts.append((Regression(kind, weather, own).predict(weather) - other).dropna())
    return pd.concat(parts)


# ---- Tables ---------------------------------------------------------------------------------


def text_of(error):
    found = scores(error, 0)
    return f"{found['mae']:.2f} / {found['rmse']:.2f} ({found['bias']:+.1f})"


def names_of(streams, fitted):
    if len(fitted) == sum(stream.sigma is not None for stream in streams.values()):
        return "all"
    return " and ".join(streams[name].label.split(" [")[0] for name in fitted)


def predictions_table(streams, cases, weather, tower):
    """MAE / RMSE (bias) of what was predicted; italics: fitted to this stream in the other half."""
    rows = []
    for case, result in cases.items():
        texts = [text_of(residuals(result, variable)) for variable in streams]
        rows.append([names_of(streams, case.fitted), case.label, *(
            f"*{text}*" if variable in case.fitted else text
            for variable, text in zip(streams, texts))])
    for kind in INPUTS:
        rows.append(["each alone", kind, *(
            f"*{text_of(by_regression(kind, weather, tower, variable))}*"
            for variable in streams)])
    return table(["fitted", "model", *(stream.label for stream in streams.values())], rows)


def mean_day_table(streams, cases, utc_offset):
    """Mean residual of the predicted halves in three hours of the local day."""
    rows = []
    for case, result in cases.items():
        for variable, stream in streams.items():
            error = residuals(result, variable)
            hour = (error.index + utc_offset - pd.Timedelta("15min")).hour
            rows.append([names_of(streams, case.fitted), case.label, stream.label,
                         *(f"{mean:+.1f}" for mean in error.groupby(hour // 3).mean())])
    return table(["fitted", "model", "stream", *(f"{3 * i} to {3 * i + 3} h" for i in range(8))],
                 rows)


def months_table(streams, cases):
    """MAE of the predicted halves by month."""
    months, rows = range(1, 13), []
    for case, result in cases.items():
        for variable, stream in streams.items():
            error = residuals(result, variable).abs()
            mean = error.groupby(error.index.month).mean().reindex(months)
            rows.append([names_of(streams, case.fitted), case.label, stream.label,
                         *("–" if np.isnan(value) else f"{value:.1f}" for value in mean)])
    return table(["fitted", "model", "stream", *months], rows)


def estimates_table(streams, cases):
    rows = [[names_of(streams, case.fitted), case.label, half + 1,
             text_of_parameters(result.isel(half=half))]
            for case, result in cases.items() for half in (0, 1)]
    return table(["fitted", "model", "half", "estimates (*: at a bound)"], rows)
