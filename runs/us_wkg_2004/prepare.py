#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Convert the tower's CSV to NetCDF; add turbulent heat, soil moisture, rain, the temperature of the
skin and the two halves of the record at 5 cm; print albedos.

The converter writes soil sensors only at known depths. The file gives none for its two moisture
probes, so they are added here under their numbers: SoilMoist_1 and SoilMoist_2.
"""

import pathlib
import subprocess
import sys

import pandas as pd
import xarray

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
from glebe_tools.fluxtower.formats import read_tower  # noqa: E402 (the folder must be known first)

SOURCE = "us_wkg_2004/AMF_USWkg_2004_L2_WG_V006.csv"
UTC_OFFSET = -7
LATITUDE, LONGITUDE = 31.7365, -109.9419
DRY = slice("2004-05-27T07:00", "2004-06-21T07:00")
SEASON = slice("2004-05-27T07:00", "2004-12-31T07:00")
MIDDLE = "2004-09-01T07:00"
EMISSIVITY = 0.97
MOISTURE = {
    "SoilMoist_1": ("SWC1", "Soil water by volume, upper probe, its depth not in the file"),
    "SoilMoist_2": ("SWC2", "Soil water by volume, lower probe, its depth not in the file"),
}


def on_axis(csv, column, time):
    """A column of the CSV at the stamps `time` [UTC], NaN where the tower has no value."""
    ends = csv.end - pd.Timedelta(hours=UTC_OFFSET)
    return pd.Series(csv.raw(column), index=ends).reindex(time.to_index()).to_numpy()


def require_unit(csv, column, unit):
    if csv.unit(column) != unit:
        raise SystemExit(f"prepare.py: error: column {column} has the unit '{csv.unit(column)}', "
                         f"expected '{unit}'")


def add_water(tower, csv):
    """Soil moisture [1] and rain [mm per interval] of the CSV, on the tower's time axis."""
    for name, (column, long_name) in MOISTURE.items():
        require_unit(csv, column, "%")
        tower[name] = ("time", 0.01 * on_axis(csv, column, tower.time))
        tower[name].attrs = {
            "standard_name": "volume_fraction_of_condensed_water_in_soil", "units": "1",
            "long_name": long_name, "source_columns": column, "cell_methods": "time: mean"}
    require_unit(csv, "PREC", "mm")
    tower["Rainfall"] = ("time", on_axis(csv, "PREC", tower.time))
    tower["Rainfall"].attrs = {
        "standard_name": "lwe_thickness_of_precipitation_amount", "units": "mm",
        "long_name": "Rain in the interval", "source_columns": "PREC",
        "cell_methods": "time: sum"}


def add_skin(tower):
    """Temperature of the surface [K] as the radiometers see it."""
    emitted = tower.LWup - (1 - EMISSIVITY) * tower.LWdown
    tower["Tskin"] = (emitted / (EMISSIVITY * 5.670374e-8)) ** 0.25
    tower.Tskin.attrs = {"units": "K", "long_name": "Radiometric temperature of the surface",
                         "cell_methods": "time: mean"}


def add_halves(tower, name):
    """<name>_fit until the middle of the record, <name>_check after it."""
    first = tower.time <= pd.Timestamp(MIDDLE)
    for part, where in (("fit", first), ("check", ~first)):
        tower[f"{name}_{part}"] = tower[name].where(where).assign_attrs(tower[name].attrs)


def albedo(tower):
    """Sum of SWup over sum of SWdown, of the half hours by day that have both."""
    day = (tower.SWdown > 100) & tower.SWup.notnull()
    return float(tower.SWup.where(day).sum() / tower.SWdown.where(day).sum())


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: prepare.py <folder of the data> <output.nc>")
    data, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    raw = output.with_suffix(".raw.nc")
    subprocess.run(
        [sys.executable, ROOT / "tools/fluxtower_to_netcdf.py", data / SOURCE, raw,
         "--utc-offset", str(UTC_OFFSET), "--lat", str(LATITUDE), "--lon", str(LONGITUDE),
         "--start", "2004-05-06", "--stop", "2005-01-01"],
        check=True,
    )
    with xarray.open_dataset(raw) as tower:
        tower["Qturb"] = tower.Qh + tower.Qle
        tower.Qturb.attrs = {
            "units": "W m-2",
            "long_name": "Sensible and latent heat flux together, positive upwards",
            "cell_methods": "time: mean",
        }
        add_water(tower, read_tower(data / SOURCE))
        add_skin(tower)
        add_halves(tower, "SoilTemp_5cm")
        print(f"albedo in the dry window, sum of SWup / sum of SWdown: "
              f"{albedo(tower.sel(time=DRY)):.3f}")
        months = tower.sel(time=SEASON).resample(time="MS")
        print("by month, May to December: "
              + ", ".join(f"{albedo(month):.3f}" for _, month in months))
        tower.to_netcdf(output)
    raw.unlink()


if __name__ == "__main__":
    main()
