#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""US-Hn1, why the heat capacity of summer and autumn differs: both halves with parts of the record
left out and with other soils and surfaces, and the daily wave between plate and thermometer.

Reads tower.nc (prepare_hanford.py); writes namelists, results, and hanford_halves.md beside it.
"""
import pathlib
import sys

import numpy as np
import xarray as xr

import hanford
from common import Model, Program, at_bound, estimated, group, page, table
from half_windows import FORMS, observed, of_record, whole_record
from halves import OPTIMIZER

START, MIDDLE, RAIN, SNOW, STOP = ("2016-06-01T07:30", "2016-09-16T07:30", "2016-10-09T08:00",
                                   "2016-12-05T08:00", "2017-01-01T08:00")
SUMMER, AUTUMN, NO_SNOW = (START, MIDDLE), (MIDDLE, STOP), (MIDDLE, SNOW)
STABILITY, SKIN = Model("stability"), Model("stability", ("skin",))
TEMPERATURE, FLUX = hanford.NAMES[:2]
WATER = ["&moisture file = 'record.nc', variable = 'Water', depths = 0.15, stamp = 'end' /",
         estimated("dry_conductivity", (0.2, 0.02, 5)),
         estimated("solid_conductivity", (3, 0.3, 30), prior_std=2),
         estimated("solid_heat_capacity", (2.1e6, 0.3e6, 9e6), prior_std=0.5e6)]


def column(model, soil=None):
    above = of_record(hanford.above(hanford.Case(hanford.NAMES, model)))
    return (soil or hanford.soil()) + observed(hanford.STREAMS, hanford.NAMES) + above


def moist(properties):
    first, *others = hanford.soil()[:-2]
    return column(STABILITY, [first.replace("bottom", f"properties = '{properties}', bottom"),
                              *others, *WATER])


def below_plate():
    """The measured flux as the top of the column, and the thermometer alone."""
    soil = [line.replace("depth = 0,", "depth = 0.05,").replace("&soil", "&soil top = 0.05,")
            for line in hanford.soil()]
    top = f"&boundary end = 'top', kind = 'flux', depth = 0.05, file = 'record.nc', " \
        f"variable = '{FLUX}', stamp = 'end' /"
    return [*soil, top, *observed({TEMPERATURE: hanford.STREAMS[TEMPERATURE]}, (TEMPERATURE,))]


def covered(time):
    """A skin that is another one from this time on."""
    knots = estimated("cover_resistance", (0.02, 0, 3), time="steps", knots=[MIDDLE, time])
    return [knots if "'cover_resistance'" in line else line for line in column(SKIN)]


def until_snow(program, name):
    """All streams by stability, this one only until the snow."""
    record = xr.load_dataset(program.folder / "record.nc")
    record[name] = record[name].where(record.time <= np.datetime64(SNOW))
    record.to_netcdf(program.folder / "until_snow.nc")
    return [line.replace("'record.nc'", "'until_snow.nc'") for line in column(STABILITY)]


def fit(program, name, lines, window):
    return program.run(name, [
        group("run", mode="estimate", output=f"{name}.nc", series=False),
        group("time", start=window[0], stop=window[1], step=1800), *lines, OPTIMIZER])


def settings(program):
    """(what, column of summer, column of autumn, autumn)."""
    for model in (*FORMS, SKIN):
        yield model.label, column(model), column(model), AUTUMN
        yield f"{model.label}, to 5 December", column(model), column(model), NO_SNOW
    for time in (SNOW, RAIN):
        yield f"{SKIN.label}, another from {time[:10]}", column(SKIN), covered(time), AUTUMN
    for kind in ("moist", "freezing"):
        yield f"stability, {kind} soil (solids, dry)", moist(kind), moist(kind), AUTUMN
    yield "no surface: G at 5 cm as the top", below_plate(), below_plate(), AUTUMN
    for name in hanford.NAMES:
        yield f"{name} to 5 December", column(STABILITY), until_snow(program, name), AUTUMN


def compared(results, *names):
    """[summer, autumn, z] of the first of these parameters that was estimated."""
    name = next(name for name in names if f"{name}_std" in results[0])
    scale = 1e6 if "capacity" in name else 1
    values, errors = np.array([[float(one[name + end]) / scale for one in results]
                               for end in ("", "_std_inflated")])
    z = (values[1] - values[0]) / np.hypot(*errors)
    return [*(f"{value:.2f}" + ("*" if at_bound(one, name) else f" ± {error:.2f}")
              for value, error, one in zip(values, errors, results)), f"{z:+.1f}"]


def halves_table(program):
    rows = []
    for number, (what, *columns, autumn) in enumerate(settings(program)):
        results = [fit(program, f"why_{number}_{half}", lines, window) for half, (lines, window)
                   in enumerate(zip(columns, (SUMMER, autumn)))]
        rows.append([what, *compared(results, "heat_capacity", "solid_heat_capacity"),
                     *compared(results, "thermal_conductivity", "dry_conductivity"),
                     " ".join(f"{float(one.cost_history[-1]):.0f}" for one in results),
                     " ".join(f"{value:.2f}" for one in results
                              for value in np.ravel(one.get("cover_resistance", [])))])
    return table(["", "capacity, summer", "autumn", "z", "conductivity, summer", "autumn", "z",
                  "costs", "covers"], rows)


def wave(blocks):
    """Conductivity and capacity [1e6] by the daily wave, from the flux at 5 cm to 15 cm."""
    ratio = sum(t * np.conj(g) for t, g in blocks) / sum(abs(g) ** 2 for _, g in blocks)
    damping = 0.1 / (-np.angle(ratio) - np.pi / 4)
    conductivity = damping * np.exp(-0.1 / damping) / np.sqrt(2) / abs(ratio)
    return np.array([conductivity, conductivity * 2 * 86400 / (2 * np.pi * damping**2) / 1e6])


def wave_table(folder):
    """With the standard deviation of a jackknife over blocks of five days."""
    record, rows = xr.load_dataset(folder / "record.nc").to_dataframe(), []
    taper = (np.hanning(240) * np.exp(-2j * np.pi * np.arange(240) / 48))[:, None]
    for start, stop in (SUMMER, AUTUMN, (MIDDLE, RAIN), (RAIN, SNOW), (SNOW, STOP)):
        part = record.loc[start:stop]
        mean, noon = part.mean(), part.between_time("18:00", "21:30").mean()
        swing = part[FLUX].groupby(part.index.floor("D")).agg(np.ptp).median()
        values = part[[TEMPERATURE, FLUX]].to_numpy()[:len(part) // 240 * 240].reshape(-1, 240, 2)
        blocks = list(((values - values.mean(1, keepdims=True)) * taper).sum(1))
        spread = np.sqrt(len(blocks) - 1) * np.std(
            [wave(blocks[:i] + blocks[i + 1:]) for i in range(len(blocks))], axis=0)
        rows.append([start[:10], stop[:10],
                     *(f"{a:.2f} ± {b:.2f}" for a, b in zip(wave(blocks), spread)),
                     f"{mean.Water:.3f}", f"{mean.Tair - 273.15:.1f}",
                     f"{mean[TEMPERATURE] - 273.15:.1f}", f"{swing:.0f}",
                     f"{noon.Rnet / noon.SWdown:.2f}"])
    return table(["from", "to", "conductivity", "capacity [1e6]", "water", "air [°C]",
                  "15 cm [°C]", "daily range of G", "net / shortwave at noon"], rows)


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: hanford_halves.py <folder with tower.nc> <command of glebe ...>")
    program = Program(sys.argv[2:], pathlib.Path(sys.argv[1]))
    whole_record(program.folder)
    page(program.folder / "hanford_halves.md", {
        "Hanford: the daily wave": wave_table(program.folder),
        "Hanford: capacity [1e6] and conductivity (*: at a bound)": halves_table(program)})


if __name__ == "__main__":
    main()
