#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write the West Phoenix window of the source paper as NetCDF: forcing and observations.

The window is 2012-05-01 00:00 local standard time (UTC-7) plus 150 h. The input folder holds
phoenix/paper_window_150h_hourly.csv and the tower file it was taken from.

The tower's rows are half-hour means whose stamps are the END of the half hour. The hourly rows are
every second of them: not hourly means, and not instants. This script checks that before it writes.
"""
import os
import sys
from datetime import datetime, timezone

import numpy as np
import pandas as pd
import xarray as xr

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../python"))
from glebe_tools.command import InputError, complete, parser_of  # noqa: E402

SITE = {"latitude": (33.4839, "degrees_north"), "longitude": (-112.1426, "degrees_east")}
START, STOP = pd.Timestamp("2012-05-01T07:00"), pd.Timestamp("2012-05-07T13:00")
HALF_HOUR = pd.Timedelta("30min")

# name: (column of the hourly file, standard_name, long_name, units)
VARIABLES = {
    "SWdown": ("SWdown_Wm2", "surface_downwelling_shortwave_flux_in_air",
               "Downward shortwave radiation", "W m-2"),
    "SWup": ("SWup_Wm2", "surface_upwelling_shortwave_flux_in_air",
             "Upward shortwave radiation", "W m-2"),
    "LWdown": ("LWdown_Wm2", "surface_downwelling_longwave_flux_in_air",
               "Downward longwave radiation", "W m-2"),
    "LWup": ("LWup_Wm2", "surface_upwelling_longwave_flux_in_air",
             "Upward longwave radiation", "W m-2"),
    "Tair": ("Tair_K", "air_temperature", "Air temperature", "K"),
    "Qair": ("Qair_kgkg", "specific_humidity", "Specific humidity", "kg kg-1"),
    "PSurf": ("PSurf_Pa", "surface_air_pressure", "Air pressure", "Pa"),
    "Wind": ("Wind_ms", "wind_speed", "Wind speed", "m s-1"),
    "Qh": ("Qh_Wm2", "surface_upward_sensible_heat_flux",
           "Sensible heat flux, positive upwards", "W m-2"),
    "Qle": ("Qle_Wm2", "surface_upward_latent_heat_flux",
            "Latent heat flux, positive upwards", "W m-2"),
    "SoilTemp_2cm": ("Tsoil_2cm_K", "soil_temperature", "Soil temperature at 2 cm", "K"),
}
TOWER_FLAGS = "measured filled_from_observations filled_from_reanalysis missing"
# name: (column, column of flags, depth [m], standard deviation of reading it off the figure [K])
DIGITISED = {"SoilTemp_5cm": ("Tsoil_5cm_K_digitised", "flag_T5", 0.05, 0.07),
             "SoilTemp_15cm": ("Tsoil_15cm_K_digitised", "flag_T15", 0.15, 0.09)}
MEAN = "mean of the half hour that ends at the stamp"


def read_tower(path):
    """The tower's half hours, with wind speed in place of the components."""
    with xr.open_dataset(path) as tower:
        names = [name for name in VARIABLES if name in tower]
        table = tower[names + [f"{name}_qc" for name in names]].to_dataframe()
        table["Wind"] = np.hypot(tower.Wind_E, tower.Wind_N).values
        table["Wind_qc"] = np.maximum(tower.Wind_E_qc, tower.Wind_N_qc).values
        table["SoilTemp_2cm"] = tower.SoilTemp.values
        table["SoilTemp_2cm_qc"] = tower.SoilTemp_qc.values
    return table


def check_hourly(hourly, tower):
    """Every hourly value is the tower's value of the same stamp, to the digits it was written in.

    At night the tower has no upward shortwave radiation and the hourly file has 0."""
    same_stamp = tower.reindex(hourly.index)
    for name, (column, *_) in VARIABLES.items():
        reference = same_stamp[name]
        if name == "SWup":
            reference = reference.fillna(0)
        largest = (hourly[column] - reference).abs().max(skipna=False)
        if not largest <= 1e-5 * reference.abs().max():
            raise InputError(f"{column} differs from the tower's half-hour means of the same "
                             f"stamps by up to {largest:g}")


def dataset(table, hourly, what):
    """The variables on the stamps of `table`; digitised temperatures where the hour is full."""
    stamps = table.index
    origin = pd.Timestamp("2012-05-01")
    seconds = (stamps - origin).total_seconds().to_numpy()
    result = xr.Dataset()
    result["time"] = ("time", seconds, {
        "standard_name": "time", "long_name": "end of the averaging half hour", "axis": "T",
        "units": f"seconds since {origin:%Y-%m-%d %H:%M:%S}", "calendar": "standard",
        "bounds": "time_bnds"})
    result["time_bnds"] = (("time", "bounds"),
                           np.stack([seconds - HALF_HOUR.total_seconds(), seconds], axis=1))
    for name, (value, units) in SITE.items():
        result[name] = ((), value, {"standard_name": name, "units": units})
    for name, (_, standard, long_name, units) in VARIABLES.items():
        attributes = {"standard_name": standard, "long_name": long_name, "units": units,
                      "cell_methods": "time: mean", "comment": MEAN}
        if name == "SWup":
            attributes["comment"] += "; 0 where the tower has no value at night"
        add(result, name, table[name], table[f"{name}_qc"], np.arange(4), TOWER_FLAGS, attributes)
    result["Qturb"] = ("time", (table["Qh"] + table["Qle"]).to_numpy("float32"), {
        "units": "W m-2", "cell_methods": "time: mean", "comment": MEAN,
        "long_name": "Sensible and latent heat flux together, positive upwards"})
    result.SoilTemp_2cm.attrs |= {"depth": 0.02, "depth_units": "m"}
    for name, (column, flags, depth, error) in DIGITISED.items():
        add(result, name, hourly[column].reindex(stamps), hourly[flags].reindex(stamps),
            np.arange(3), "read_directly interpolated curve_partly_hidden",
            {"standard_name": "soil_temperature", "units": "K", "cell_methods": "time: point",
             "long_name": f"Soil temperature at {depth * 100:g} cm, read off a figure",
             "depth": depth, "depth_units": "m", "reading_error": error,
             "comment": "value of the drawn curve at the full hour of the stamp; whether the "
                        "curve joins instants or half-hour means is not known; reading_error is "
                        "the root-mean-square error of the reading [K]"})
    result.attrs = {
        "Conventions": "CF-1.10", "featureType": "timeSeries",
        "title": f"US-WestPhoenix, window of arXiv:2505.02979, {what}",
        "time_stamp": "the end of the averaging half hour, UTC",
        "source": "Lipson et al. (2022), doi:10.5281/zenodo.5517550; soil temperature at 5 and "
                  "15 cm digitised from arXiv:2505.02979",
        "license": "CC-BY-4.0",
        "history": f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ} prepare.py"}
    return result


def add(result, name, values, flags, flag_values, flag_meanings, attributes):
    """One variable and its quality flags; no value, no flag."""
    result[name] = ("time", values.to_numpy("float32"),
                    attributes | {"ancillary_variables": f"{name}_qc"})
    result[f"{name}_qc"] = ("time", flags.where(values.notna(), -1).to_numpy("int8"), {
        "standard_name": "quality_flag", "long_name": f"quality of {name}",
        "flag_values": flag_values.astype("int8"), "flag_meanings": flag_meanings})


def write(result, path):
    """Under another name first, so that a file of this name is complete."""
    encoding = {name: {"_FillValue": None} for name in result.variables}
    for name in result:
        if name.endswith("_qc"):
            encoding[name] = {"_FillValue": np.int8(-1)}
        elif result[name].dtype == np.float32:
            encoding[name] = {"_FillValue": np.float32(-9999)}
        if result[name].dims == ("time",):
            result[name].encoding["coordinates"] = "latitude longitude"
    with complete(path) as temporary:
        result.to_netcdf(temporary, format="NETCDF4", engine="netcdf4", encoding=encoding)
    print(f"{path}: {result.sizes['time']} stamps")


def main(argv=None):
    parser = parser_of(__doc__, data="the folder GLEBE_DATA",
                       output="the hourly NetCDF file to write (151 stamps)")
    parser.add_argument("--half-hourly", metavar="FILE",
                        help="also write all half hours of the window and one beyond either end")
    args = parser.parse_args(argv)
    try:
        folder = os.path.join(args.data, "phoenix")
        hourly = pd.read_csv(os.path.join(folder, "paper_window_150h_hourly.csv"),
                             parse_dates=["time_utc"]).set_index("time_utc")
        tower = read_tower(os.path.join(folder, "US-WestPhoenix_clean_observations_v1.nc"))
        check_hourly(hourly, tower)
        night = tower.SWup.isna() & (tower.SWdown <= 0)
        tower.loc[night, "SWup"] = 0
        write(dataset(tower.loc[hourly.index], hourly,
                      "every second of the tower's half hours"), args.output)
        if args.half_hourly:
            write(dataset(tower.loc[START:STOP + HALF_HOUR], hourly, "half-hourly"),
                  args.half_hourly)
    except (InputError, OSError, KeyError) as error:
        print(f"prepare.py: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
