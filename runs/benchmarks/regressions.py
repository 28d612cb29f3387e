# SPDX-License-Identifier: BSD-3-Clause
"""Linear regressions of a flux on the weather of the same time, and scores.

The three of PLUMBER (Best et al. 2015, doi:10.1175/JHM-D-14-0158.1): 1lin on shortwave radiation,
2lin on shortwave radiation and air temperature, 3km27 on these and humidity, with a regression in
each of 27 clusters. They are trained on the observed flux, and do not know the time before.
"""
import numpy as np

INPUTS = {"1lin": ("SWdown",), "2lin": ("SWdown", "Tair"), "3km27": ("SWdown", "Tair", "Qair")}
CLUSTERS = {"1lin": 1, "2lin": 1, "3km27": 27}


def squared_distances(points, centres):
    return ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)


def spread_centres(points, number, random):
    """First centres far from each other: each is drawn by its squared distance to those before."""
    centres = points[random.integers(len(points))][None, :]
    while len(centres) < number:
        weight = squared_distances(points, centres).min(axis=1)
        drawn = random.choice(len(points), p=weight / weight.sum())
        centres = np.vstack([centres, points[drawn]])
    return centres


def k_means(points, number, rounds=200):
    """The centres of Lloyd's algorithm, [number, points.shape[1]]."""
    centres = spread_centres(points, number, np.random.default_rng(1))
    for _ in range(rounds):
        nearest = squared_distances(points, centres).argmin(axis=1)
        moved = np.array([points[nearest == i].mean(axis=0) if (nearest == i).any() else centre
                          for i, centre in enumerate(centres)])
        if np.allclose(moved, centres, atol=1e-6):
            break
        centres = moved
    return centres


def with_constant(inputs):
    return np.column_stack([inputs, np.ones(len(inputs))])


def fit(inputs, values):
    return np.linalg.lstsq(with_constant(inputs), values, rcond=None)[0]


class Regression:
    """One of INPUTS, trained on the times at which `weather` and `target` have values.

    weather: a table with the columns SWdown, Tair, Qair; target: a series on the same times."""

    def __init__(self, kind, weather, target):
        self.columns = list(INPUTS[kind])
        known = weather[self.columns].notna().all(axis=1) & target.notna()
        inputs = weather.loc[known, self.columns].to_numpy(float)
        self.mean, self.scale = inputs.mean(axis=0), inputs.std(axis=0)
        inputs = (inputs - self.mean) / self.scale
        self.centres = k_means(inputs, CLUSTERS[kind])
        nearest = squared_distances(inputs, self.centres).argmin(axis=1)
        values = target[known].to_numpy(float)
        self.coefficients = [
            fit(inputs[nearest == i], values[nearest == i]) for i in range(len(self.centres))]

    def predict(self, weather):
        inputs = (weather[self.columns].to_numpy(float) - self.mean) / self.scale
        result = np.full(len(inputs), np.nan)
        known = np.isfinite(inputs).all(axis=1)
        nearest = squared_distances(inputs[known], self.centres).argmin(axis=1)
        rows = with_constant(inputs[known])
        result[known] = np.einsum("ij,ij->i", rows, np.array(self.coefficients)[nearest])
        return result


def scores(model, observed, night=None):
    """Of model minus observed where both have values; night: the bias at these times."""
    error = np.asarray(model, float) - np.asarray(observed, float)
    known = np.isfinite(error)
    result = {"mae": np.abs(error[known]).mean(), "rmse": np.sqrt((error[known] ** 2).mean()),
              "bias": error[known].mean(), "count": int(known.sum())}
    if night is not None:
        result["night"] = error[known & np.asarray(night)].mean()
    return result
