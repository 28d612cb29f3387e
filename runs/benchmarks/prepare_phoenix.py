#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write the record of West Phoenix as NetCDF: weather without gaps, observations in two halves.

Gaps of the weather: up to two hours along a line, longer ones with the mean of the same half hour
of the day within seven days, or as many more as it takes. What the regressions use of the weather
is also written with its gaps: <name>_measured. Observations are left as they are.
"""
import pathlib
import sys

import numpy as np
import pandas as pd
import xarray as xr

from halves import in_columns

SOURCE = "phoenix/US-WestPhoenix_clean_observations_v1.nc"
WEATHER = {"SWdown": "W m-2", "LWdown": "W m-2", "Tair": "K", "Qair": "kg kg-1", "PSurf": "Pa",
           "Wind": "m s-1"}
REGRESSED = ("SWdown", "Tair", "Qair")
OBSERVED = {"LWup": "W m-2", "Qh": "W m-2", "Qle": "W m-2", "Qturb": "W m-2", "SoilTemp_2cm": "K"}
SHORT_GAP = 4  # half hours
PER_DAY = 48


def read(path):
    """A table of weather and observations; the stamps are the ends of the half hours."""
    with xr.open_dataset(path) as tower:
        table = tower[["SWdown", "LWdown", "Tair", "Qair", "PSurf", "SWup", "LWup", "Qh",
                       "Qle"]].to_dataframe().astype(float)
        table["Wind"] = np.hypot(tower.Wind_E, tower.Wind_N).values
        table["SoilTemp_2cm"] = tower.SoilTemp.values
    table["Qturb"] = table.Qh + table.Qle
    return table


def lengths_of_gaps(series):
    """The length of the gap to which each value belongs, 0 where there is one."""
    missing = series.isna()
    run = (missing != missing.shift()).cumsum()
    return missing.groupby(run).transform("sum")


def mean_days(series, days):
    """For each time the mean of the same half hour of the day, `days` before to `days` after."""
    padded = np.full(-(-len(series) // PER_DAY) * PER_DAY, np.nan)
    padded[:len(series)] = series
    by_day = pd.DataFrame(padded.reshape(-1, PER_DAY))
    mean = by_day.rolling(2 * days + 1, center=True, min_periods=3).mean()
    return pd.Series(mean.to_numpy().ravel()[:len(series)], series.index)


def fill(series):
    along_line = series.interpolate().where(lengths_of_gaps(series) <= SHORT_GAP)
    filled, days = series.combine_first(along_line), 7
    while filled.isna().any() and days < 200:
        filled = filled.combine_first(mean_days(series, days))
        days *= 2
    return filled


def albedo(table):
    """Sum of SWup over sum of SWdown by day."""
    day = (table.SWdown > 100) & table.SWup.notna()
    return table.SWup[day].sum() / table.SWdown[day].sum()


def dataset(table):
    weather = pd.DataFrame({name: fill(table[name]) for name in WEATHER})
    result = in_columns(weather, table[list(OBSERVED)], WEATHER | OBSERVED)
    for name in REGRESSED:
        result[f"{name}_measured"] = ("time", table[name].to_numpy(), {"units": WEATHER[name]})
    result.attrs = {"title": "US-WestPhoenix, whole record", "albedo": albedo(table),
                    "time_stamp": "the end of the averaging half hour, UTC",
                    "source": "Lipson et al. (2022), doi:10.5281/zenodo.5517550"}
    return result


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: prepare_phoenix.py <folder of the data> <output.nc>")
    data, output = map(pathlib.Path, sys.argv[1:])
    table = read(data / SOURCE)
    for name in WEATHER:
        missing = table[name].isna()
        print(f"{name}: {missing.mean():.1%} missing, longest gap "
              f"{lengths_of_gaps(table[name]).max() / 2:g} h")
    dataset(table).to_netcdf(output)


if __name__ == "__main__":
    main()
