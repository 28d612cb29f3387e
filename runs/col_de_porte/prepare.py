#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Convert the records of Col de Porte: forcing, snow and soil temperatures of 2001-02 and 2005-06,
temperatures and water of 2015-16. What is to be fitted and what is to be predicted are variables of
their own: <name>_fit until the middle of the record, <name>_check after it."""

import pathlib
import sys

import numpy as np
import pandas as pd
import xarray

MISSING = -9999.0
SITE = {"latitude": ((), 45.30, {"units": "degrees_north", "standard_name": "latitude"}),
        "longitude": ((), 5.77, {"units": "degrees_east", "standard_name": "longitude"})}
FORCING = {"Tair": "K", "SWdown": "W m-2", "LWdown": "W m-2", "Wind": "m s-1", "RH": "percent",
           "PSurf": "Pa"}
# Names of the forcing in the file of 2001-02, which has no pressure.
FORCING_2001 = {"SWdown": ("SW", "W m-2"), "LWdown": ("LW", "W m-2"), "Tair": ("Tair", "degC"),
                "RH": ("RH", "percent"), "Wind": ("Ws", "m s-1"), "SnowDepth": ("Snow_depth", "cm"),
                "Tskin": ("Surface_temperature", "K")}


def read_csv(path):
    table = pd.read_csv(path, parse_dates=["time_utc"], index_col="time_utc")
    return table.where(table != MISSING)


def dataset(columns):
    """{name: (series, units)} of one time axis."""
    index = next(iter(columns.values()))[0].index
    data = xarray.Dataset(coords={"time": index.rename("time"), **SITE})
    for name, (series, units) in columns.items():
        data[name] = ("time", series.to_numpy(float), {"units": units, "cell_methods": "time: mean"})
    return data


def halves(columns, name, middle):
    """Replaces a series by its two halves."""
    series, units = columns.pop(name)
    columns[f"{name}_fit"] = (series.where(series.index < middle), units)
    columns[f"{name}_check"] = (series.where(series.index >= middle), units)


def soil_columns(table, depths):
    return {f"Ts_{depth}cm": (table[f"Soil_temperature_{depth}cm"], "K") for depth in depths}


def winter_2001(data):
    table = read_csv(data / "cdp_2001_09_to_2002_04_hourly.csv")
    columns = soil_columns(table, (10, 20, 50))
    for name, (source, units) in FORCING_2001.items():
        columns[name] = (table[source], units)
    top = columns["Ts_10cm"]  # drives the column of some runs, is fitted by others
    for name in "Ts_10cm", "Ts_20cm":
        halves(columns, name, "2002-01-01")
    columns["Ts_10cm"] = top
    return dataset(columns)


def winter_2005(data):
    table = read_csv(data / "cdp_2005_10_to_2006_06_hourly.csv")
    columns = soil_columns(table, (10, 20, 50))
    for name, units in FORCING.items():
        columns[name] = (table[name], units)
    columns["SnowDepth"] = (table.Snow_depth.interpolate(), "cm")
    columns["Tskin"] = (table.Surface_temperature, "K")
    for name in "Ts_10cm", "Ts_20cm":
        halves(columns, name, "2006-03-01")
    return dataset(columns)


def soil_2015(data):
    with xarray.open_dataset(data / "cdp_soil_2015_11_to_2016_06_hourly.nc") as source:
        table = source.to_dataframe()
    mean = {}
    for depth in 5, 10, 20, 30:
        for kind, name, units in ("temperature", "Ts", "K"), ("moisture", "w", "1"):
            replicates = [c for c in table.columns
                          if c.startswith(f"Soil_{kind}_{depth}cm_")]
            values = table[replicates]
            if kind == "moisture":
                values = values.where(values >= 0.02)
            mean[f"{name}_{depth}cm"] = (values.mean(axis=1), units)
    for i in 1, 2, 3:
        mean[f"plate_{i}"] = (table[f"Ground_flux_{i}"], "W m-2")
    for name in "Ts_10cm", "Ts_20cm":
        halves(mean, name, "2016-05-01")
    return dataset(mean)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: prepare.py <folder of the data> <folder of the output>")
    data, output = pathlib.Path(sys.argv[1]) / "col_de_porte", pathlib.Path(sys.argv[2])
    for name, make in (("winter_2001", winter_2001), ("winter_2005", winter_2005),
                       ("soil_2015", soil_2015)):
        made = make(data)
        made.to_netcdf(output / f"{name}.nc",
                       encoding={v: {"_FillValue": MISSING} for v in made.data_vars})
        gaps = {v: int(np.isnan(made[v]).sum()) for v in made.data_vars if made[v].isnull().any()}
        print(f"{name}.nc: {made.sizes['time']} hours, missing: {gaps}")


if __name__ == "__main__":
    main()
