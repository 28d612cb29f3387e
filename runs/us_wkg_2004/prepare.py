#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Convert the tower's CSV to NetCDF and add the turbulent heat flux, Qh + Qle."""

import pathlib
import subprocess
import sys

import xarray

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "fluxtower_to_netcdf.py"
SOURCE = "us_wkg_2004/AMF_USWkg_2004_L2_WG_V006.csv"


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: prepare.py <folder of the data> <output.nc>")
    data, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    raw = output.with_suffix(".raw.nc")
    subprocess.run(
        [sys.executable, TOOL, data / SOURCE, raw, "--utc-offset", "-7",
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
        dry = tower.sel(time=slice("2004-05-27T07:00", "2004-06-21T07:00"))
        day = dry.SWdown > 100
        albedo = float(dry.SWup.where(day).sum() / dry.SWdown.where(day).sum())
        print(f"albedo in the dry window, sum of SWup / sum of SWdown: {albedo:.3f}")
        tower.to_netcdf(output)
    raw.unlink()


if __name__ == "__main__":
    main()
