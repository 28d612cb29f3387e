# SPDX-License-Identifier: BSD-3-Clause
"""Residuals (simulated minus observed) of one stream over all columns, in bounded memory."""
from typing import NamedTuple

import numpy as np

from .numbers import RESOLVED, is_rounding
from ..result import grid_of, long_name, time_dimension, times

READ = 10_000_000  # values at a time: chunks hold whole maps, and each read inflates them all
SLAB = 1_000_000   # values worked on at a time
HALF_BINS = 20    # on either side of zero, within four root mean squares
LONGEST_LAG = 72  # hours


class Residuals(NamedTuple):
    """What the residuals of a stream look like, all columns together."""
    title: str
    units: str
    time: np.ndarray
    mean: np.ndarray      # over columns, at each time
    spread: np.ndarray    # standard deviation over columns; None for a single column
    edges: np.ndarray
    counts: np.ndarray    # the outermost bins hold what lies beyond them
    count: int
    overall_mean: float
    overall_std: float
    lags: np.ndarray      # hours; empty where the stamps are not evenly spaced
    autocorrelation: np.ndarray

    @property
    def is_rounding(self):
        return is_rounding(self.overall_mean, self.overall_std)

    @property
    def memory(self):
        """The first lag [h] at which the autocorrelation is below 1/e; NaN when there is none."""
        below = np.flatnonzero(self.autocorrelation < np.exp(-1))
        return float(self.lags[below[0]]) if below.size else np.nan


def error_memory(result, stream):
    """The memory of the errors of a stream in the fit [h], the same in all columns; 0 without."""
    memory = result.get(f"{stream}_error_memory")
    return 0.0 if memory is None else float(np.nan_to_num(memory.max()))


def slabs(result, stream):
    """The differences [time][column] of a stream in parts of the grid, and the part done."""
    simulated, observed = result[stream], result[f"{stream}_observed"]
    time = time_dimension(simulated, stream)
    grid = [dim for dim in grid_of(result) if dim in simulated.dims]
    if not grid:
        yield (simulated.values - observed.values).reshape(-1, 1), 1.0
        return
    n_row = result.sizes[grid[0]]
    per_row = max(1, simulated.size // n_row)
    rows, read = max(1, SLAB // per_row), max(1, READ // per_row)
    for first in range(0, n_row, read):
        part = {grid[0]: slice(first, first + read)}
        difference = (simulated.isel(part).transpose(time, *grid).values
                      - observed.isel(part).transpose(time, *grid).values)
        for row in range(0, difference.shape[1], rows):
            some = difference[:, row:row + rows]
            yield some.reshape(some.shape[0], -1), min(1.0, (first + row + rows) / n_row)


def spacing(time):
    """Hours between stamps, or None where they are not evenly spaced."""
    if time.size < 3:
        return None
    steps = np.diff(time) / np.timedelta64(1, "s")
    step = np.median(steps)
    return step / 3600 if step > 0 and np.abs(steps - step).max() < 1e-3 * step else None


def lagged_products(differences, n_lag):
    """Sums over columns of e(t) e(t + lag) and of the pairs present, each column's own mean
    taken off."""
    present = np.isfinite(differences)
    count = present.sum(axis=0)
    mean = np.where(present, differences, 0).sum(axis=0) / np.maximum(count, 1)
    deviations = np.where(present, differences - mean, 0)
    size = 2 ** int(np.ceil(np.log2(2 * differences.shape[0])))

    def correlated(values):
        transformed = np.fft.rfft(values, size, axis=0)
        return np.fft.irfft(np.abs(transformed)**2, size, axis=0)[:n_lag].sum(axis=1)

    return correlated(deviations), np.rint(correlated(present.astype(float)))


def global_scale(result, stream):
    """The root mean square over all columns, from the file's own numbers where it has them."""
    rms, count = result.get(f"rmse_{stream}"), result.get(f"count_{stream}")
    if rms is not None and count is not None and float(count.sum()) > 0:
        return float(np.sqrt((rms**2 * count).sum() / count.sum()))
    total = number = 0.0
    for part, _ in slabs(result, stream):
        total += np.nansum(part**2)
        number += np.isfinite(part).sum()
    return float(np.sqrt(total / number)) if number else 0.0


def residuals_of(result, stream, progress=None):
    """Reads the stream once, part by part; `progress` is told the part done. None without a value
    to compare."""
    time = times(result, time_dimension(result[stream], stream))
    scale = global_scale(result, stream)
    exact = not np.isfinite(scale) or is_rounding(scale)
    if exact:
        scale = RESOLVED / 4
    edges = np.linspace(-4 * scale, 4 * scale, 2 * HALF_BINS + 1)
    step = spacing(time)
    n_lag = 0 if step is None else min(time.size // 3, int(LONGEST_LAG / step)) + 1
    number, total, squares = np.zeros((3, time.size))
    counts, products, pairs, columns = np.zeros(2 * HALF_BINS, int), 0.0, 0.0, 0
    for part, done in slabs(result, stream):
        present = np.isfinite(part)
        filled = np.where(present, part, 0)
        number += present.sum(axis=1)
        total += filled.sum(axis=1)
        squares += (filled**2).sum(axis=1)
        columns += int(present.any(axis=0).sum())
        counts += np.histogram(np.clip(part[present], edges[0], edges[-1]), edges)[0]
        if n_lag:
            one, other = lagged_products(part, n_lag)
            products, pairs = products + one, pairs + other
        if progress:
            progress(done)
    if not number.sum():
        return None
    with np.errstate(all="ignore"):
        mean = total / number
        spread = np.sqrt(np.maximum(squares / number - mean**2, 0))
        covariance = np.divide(products, pairs) if n_lag else np.zeros(0)
    overall = total.sum() / number.sum()
    usable = n_lag and covariance[0] > 0 and not exact
    return Residuals(
        long_name(result, stream), str(result[stream].attrs.get("units", "")), time, mean,
        spread if columns > 1 else None, edges, counts, int(number.sum()), float(overall),
        float(np.sqrt(max(squares.sum() / number.sum() - overall**2, 0))),
        np.arange(n_lag) * step if usable else np.zeros(0),
        covariance / covariance[0] if usable else np.zeros(0))
