#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write US-Hn1 (Hanford, sagebrush, 2016) as NetCDF: weather, and observations in two halves.

The tower has no longwave radiation. It is computed as in Crawford and Duchon (1999, J. Appl.
Meteorol. 38, 474): a clear sky by Brutsaert (1975, Water Resour. Res. 11, 742), 1.24 (e / T)^(1/7)
sigma T^4 with e in hPa; clouds by the day's shortwave radiation over that of a clear day,
(0.75 + 2e-5 z) of that above the atmosphere (FAO-56, equation 37); between the noons along a line.

Qturb_closed is H + LE times one factor, by which the means of the record balance (net radiation and
heat flux at 5 cm; what the soil above stores averages out).
"""
import pathlib
import sys

import numpy as np
import pandas as pd

from halves import in_columns

FOLDER = "us_hn1_2016"
LATITUDE, LONGITUDE, ELEVATION = 46.41, -119.28, 120
UTC_OFFSET = pd.Timedelta("-8h")
SIGMA, SOLAR_CONSTANT, ZERO = 5.670374419e-8, 1361.0, 273.15
WEATHER = {"SWdown": "W m-2", "LWdown": "W m-2", "Tair": "K", "Qair": "kg kg-1", "PSurf": "Pa",
           "Wind": "m s-1", "Water": "1"}
OBSERVED = {"SoilTemp_15cm": "K", "Qg_5cm": "W m-2", "Rnet": "W m-2", "Qturb": "W m-2",
            "Qturb_closed": "W m-2"}


def read(folder):
    """A table in SI units; its stamps are the ends of the half hours in UTC."""
    csv = [pd.read_csv(folder / f"US-Hn1_2016_{name}.csv", index_col=0, parse_dates=True)
           for name in ("forcings", "fluxes")]
    csv = csv[0].join(csv[1])
    vapour, pressure = 1e3 * csv.eair, 1e3 * csv.PA
    return pd.DataFrame({
        "SWdown": csv.Rg, "Tair": csv.Tair + ZERO, "Wind": csv.WS_x, "PSurf": pressure,
        "Qair": 0.622 * vapour / (pressure - 0.378 * vapour), "vapour": vapour,
        "Water": csv.SWC_15cm,
        "SoilTemp_15cm": csv.TS_15cm + ZERO, "Qg_5cm": csv.G_5cm, "Rnet": csv.NETRAD,
        "Qturb": csv.H + csv.LE}).set_index((csv.index - UTC_OFFSET).rename("time"))


def above_atmosphere(times):
    """Shortwave radiation on a horizontal plane above the atmosphere [W m-2]."""
    day = 2 * np.pi * (times.dayofyear.to_numpy() - 1) / 365
    declination = 0.006918 - 0.399912 * np.cos(day) + 0.070257 * np.sin(day) \
        - 0.006758 * np.cos(2 * day) + 0.000907 * np.sin(2 * day)
    hour = times.hour.to_numpy() + times.minute.to_numpy() / 60 + LONGITUDE / 15 - 12
    cosine = np.sin(np.radians(LATITUDE)) * np.sin(declination) \
        + np.cos(np.radians(LATITUDE)) * np.cos(declination) * np.cos(np.pi / 12 * hour)
    return SOLAR_CONSTANT * (1 + 0.033 * np.cos(day)) * np.maximum(cosine, 0)


def clearness(table):
    """The day's shortwave radiation over that of a clear day; between noons along a line."""
    middle = table.index - pd.Timedelta("15min")
    clear = (0.75 + 2e-5 * ELEVATION) * pd.Series(above_atmosphere(middle), table.index)
    day = (middle + UTC_OFFSET).floor("D")
    ratio = (table.SWdown.groupby(day).sum() / clear.groupby(day).sum()).clip(0, 1)
    noons = ratio.index - UTC_OFFSET + pd.Timedelta("12h")
    return np.interp(middle.astype("int64"), noons.astype("int64"), ratio)


def longwave(table):
    clear = 1.24 * (table.vapour / 100 / table.Tair) ** (1 / 7)
    cloud = 1 - clearness(table)
    return (cloud + (1 - cloud) * clear) * SIGMA * table.Tair**4


def closure(table):
    """Net radiation minus ground heat flux over turbulent heat, of the means."""
    known = table[["Rnet", "Qg_5cm", "Qturb"]].dropna().mean()
    return (known.Rnet - known.Qg_5cm) / known.Qturb


def dataset(table):
    table["LWdown"] = longwave(table)
    table["Qturb_closed"] = closure(table) * table.Qturb
    result = in_columns(table[list(WEATHER)], table[list(OBSERVED)], WEATHER | OBSERVED)
    result.attrs = {"title": "US-Hn1, June to December 2016; longwave radiation is computed",
                    "time_stamp": "the end of the averaging half hour, UTC",
                    "source": "AmeriFlux US-Hn1, by way of pnnl/JAX-CanVeg, CC-BY-4.0"}
    return result


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: prepare_hanford.py <folder of the data> <output.nc>")
    data, output = map(pathlib.Path, sys.argv[1:])
    dataset(read(data / FOLDER)).to_netcdf(output)


if __name__ == "__main__":
    main()
