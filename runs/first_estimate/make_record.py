#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Cut the record of the first estimate out of the published one: make_record.py <published.nc> <record.nc>.

The values are those of the file at doi:10.5281/zenodo.5517550 (US-WestPhoenix, version 1). Added are
the sum of the turbulent fluxes and, from the description of the site, position and heights.
"""
import sys

import numpy as np
import xarray as xr

START, STOP = "2012-09-27T07:00", "2012-10-27T07:00"  # midnight in Phoenix; without rain, without gaps
WEATHER = ["SWdown", "LWdown", "Tair", "Qair", "PSurf", "Wind_N", "Wind_E"]
OBSERVED = ["SoilTemp", "SWup", "LWup", "Qh", "Qle"]
CITED = {
    "title": "West Phoenix, Arizona: 30 days of a flux tower in a suburb",
    "source": "cut out of US-WestPhoenix_clean_observations_v1.nc, doi:10.5281/zenodo.5517550",
    "license": "CC-BY-4.0, https://creativecommons.org/licenses/by/4.0/",
    "references": "Lipson et al. (2022), Harmonized gap-filled datasets from 20 urban flux tower sites, "
                  "doi:10.5194/essd-14-5157-2022; Chow (2017), doi:10.6073/pasta/fed17d67583eda16c439216ca40b0669; "
                  "Chow et al. (2014), doi:10.1002/joc.3947",
    "changes": "30 of 383 days, without quality flags; Qturb is Qh + Qle; position and height were added",
    "comment": "times are the ends of half hours, UTC; soil temperature is that of 2 cm",
}
PLACE = {"latitude": (33.4839, "degrees_north"), "longitude": (-112.1426, "degrees_east"),
         "height": (22.1, "m")}


def cut(published):
    stamps = slice(np.datetime64(START) + np.timedelta64(30, "m"), np.datetime64(STOP))
    record = published[WEATHER + OBSERVED].sel(time=stamps)
    record["Qturb"] = record.Qh + record.Qle
    record.Qturb.attrs = {"long_name": "sum of sensible and latent heat flux (positive upward)",
                          "units": "W/m2"}
    for variable in record.data_vars.values():
        variable.attrs.pop("ancillary_variables", None)
        variable.encoding = {"zlib": True, "dtype": "float32"}
    record.time.attrs.update(standard_name="time", axis="T")
    record.time.encoding = {"units": f"minutes since {START.replace('T', ' ')}:00", "dtype": "int32",
                            "calendar": "standard"}
    for name, (value, units) in PLACE.items():
        record[name] = ((), value, {"units": units, "standard_name": name})
        record[name].encoding = {"_FillValue": None}
    record.height.attrs["long_name"] = "height of the sensors above the ground"
    record.attrs = {"Conventions": "CF-1.9", **CITED}
    return record


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: make_record.py <US-WestPhoenix_clean_observations_v1.nc> <record.nc>")
    with xr.open_dataset(sys.argv[1]) as published:
        cut(published).to_netcdf(sys.argv[2])


if __name__ == "__main__":
    main()
