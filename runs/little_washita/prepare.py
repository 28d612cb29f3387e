#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write the Little Washita forcing as Glebe reads it, and the true parameters of a twin on it.

The soil is that of the data; its wetness is not in the data and is made up here, so are the
albedo and the roughness of each land cover.
"""
import os
import sys
from datetime import datetime, timezone

import numpy as np
import xarray as xr

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../python"))
from glebe_tools.command import InputError, complete, guarded, parser_of  # noqa: E402

SOURCE = os.path.join("little_washita", "little_washita_nldas_120h.nc")
RECORDS_PER_CHUNK = 24

# name: standard_name, units
FORCING = {
    "SWdown": ("surface_downwelling_shortwave_flux_in_air", "W m-2"),
    "LWdown": ("surface_downwelling_longwave_flux_in_air", "W m-2"),
    "Tair": ("air_temperature", "K"),
    "Qair": ("specific_humidity", "kg kg-1"),
    "PSurf": ("surface_air_pressure", "Pa"),
    "Wind_E": ("eastward_wind", "m s-1"),
    "Wind_N": ("northward_wind", "m s-1"),
}
# IGBP class: albedo, roughness length [m]; the size usual in land-surface models
LAND_COVER = {3: (0.14, 0.50), 9: (0.20, 0.15), 10: (0.21, 0.10), 12: (0.18, 0.07)}

LAND_COVER_NAMES = {3: "forest", 9: "savanna", 10: "grassland", 12: "cropland"}

# name: long_name, units
TRUTH = {
    "thermal_conductivity": ("soil thermal conductivity", "W m-1 K-1"),
    "heat_capacity": ("soil volumetric heat capacity", "J m-3 K-1"),
    "albedo": ("surface albedo", "1"),
    "heat_transfer": ("surface heat transfer coefficient", "W m-2 K-1"),
    "deep_temperature": ("soil temperature at the bottom", "K"),
    "relative_saturation": ("soil water over porosity", "1"),
}


def porosity(sand):
    """Of a soil with `sand` per cent of sand (Cosby et al. 1984)."""
    return 0.489 - 0.00126 * sand


def thermal_conductivity(sand, clay, saturation):
    """[W m-1 K-1] of unfrozen soil: solids of Farouki (1981), dry soil and Kersten number of
    Johansen (1975). `sand` and `clay` in per cent, `saturation` from 0 to 1."""
    pores = porosity(sand)
    solids = (8.80 * sand + 2.92 * clay) / (sand + clay)
    saturated = solids ** (1 - pores) * 0.57**pores
    bulk_density = 2700 * (1 - pores)
    dry = (0.135 * bulk_density + 64.7) / (2700 - 0.947 * bulk_density)
    kersten = np.log10(np.maximum(saturation, 0.1)) + 1
    return kersten * saturated + (1 - kersten) * dry


def heat_capacity(sand, clay, saturation):
    """[J m-3 K-1] of the solids (Farouki 1981) and the water between them."""
    pores = porosity(sand)
    solids = (2.128 * sand + 2.385 * clay) / (sand + clay) * 1e6
    return (1 - pores) * solids + pores * saturation * 4.188e6


def heat_transfer(air_density, wind, roughness):
    """[W m-2 K-1] of neutral air between the surface and 10 m; the roughness length for heat is a
    tenth of that for momentum."""
    momentum, heat = np.log(10 / roughness), np.log(10 / (0.1 * roughness))
    return air_density * 1004.64 * 0.4**2 * wind / (momentum * heat)


def per_cent(data, name):
    """Sand or clay, which the file holds as fractions without saying so."""
    fraction = data[name].astype(float)
    low, high = float(fraction.min(skipna=False)), float(fraction.max(skipna=False))
    if not 0 < low <= high < 1:
        raise InputError(f"{name}: found {low:g} to {high:g}, expected fractions between 0 and 1")
    return 100 * fraction


def across(coordinate):
    """Position within the domain from 0 to 1, from cell edge to cell edge."""
    n = coordinate.size
    return xr.DataArray((np.arange(n) + 0.5) / n, dims=coordinate.dims)


def by_land_cover(landcover, column):
    unknown = sorted(set(np.unique(landcover).tolist()) - set(LAND_COVER))
    if unknown:
        raise InputError(f"landcover: no albedo and roughness for the classes {unknown}")
    return xr.apply_ufunc(np.vectorize(lambda c: LAND_COVER[c][column], otypes=[float]), landcover)


def truth_of(data):
    """The parameters of the twin, [y][x]."""
    sand, clay = per_cent(data, "sand"), per_cent(data, "clay")
    x, y = across(data.x), across(data.y)
    saturation = 0.4 + 0.2 * np.sin(2 * np.pi * x) * np.cos(2 * np.pi * y)
    air_temperature = data.Tair.astype(float).mean("time")
    air_density = data.PSurf.astype(float).mean("time") / (287.04 * air_temperature)
    wind = np.hypot(data.Wind_E.astype(float), data.Wind_N.astype(float)).mean("time")
    fields = {
        "thermal_conductivity": thermal_conductivity(sand, clay, saturation),
        "heat_capacity": heat_capacity(sand, clay, saturation),
        "albedo": by_land_cover(data.landcover, 0),
        "heat_transfer": heat_transfer(air_density, wind, by_land_cover(data.landcover, 1)),
        "deep_temperature": air_temperature + 1.5 * (0.5 - y),  # warmer in the south
        "relative_saturation": saturation,
    }
    truth = xr.Dataset(coords={"y": data.y, "x": data.x})
    for name, (long_name, units) in TRUTH.items():
        truth[name] = fields[name].transpose("y", "x")
        truth[name].attrs = {"long_name": long_name, "units": units}
    classes = sorted(LAND_COVER_NAMES)
    truth["land_cover"] = data.landcover.transpose("y", "x").astype("int32")
    truth["land_cover"].attrs = {
        "long_name": "land cover, IGBP classes", "flag_values": np.array(classes, "int32"),
        "flag_meanings": " ".join(LAND_COVER_NAMES[c] for c in classes)}
    truth.attrs = {"title": "Little Washita, true parameters of the twin",
                   "comment": "soil from sand and clay as in CLM; wetness, albedo and roughness "
                              "of the land cover made up: see prepare.py"}
    return truth


def forcing_of(data):
    """The weather, [time][y][x], as it is in the source."""
    forcing = data[list(FORCING)].astype("float32")
    for name, (standard_name, units) in FORCING.items():
        found = data[name].attrs.get("units")
        if found != units:
            raise InputError(f"{name}: found units {found!r}, expected {units!r}")
        if not bool(np.isfinite(data[name]).all()):
            raise InputError(f"{name}: has missing values")
        forcing[name].attrs = {"standard_name": standard_name, "units": units,
                               "long_name": data[name].attrs["long_name"],
                               "cell_methods": "time: point"}
    forcing.attrs = {"title": "Little Washita, Oklahoma: NLDAS forcing, 120 h, 1 km",
                     "source": "NLDAS (NASA/NOAA, public), from the test data of ParFlow",
                     "comment": "near 34.75 N 98.14 W; stamps are taken as instants, though "
                                "LWdown is constant over three hours"}
    return forcing


def write(result, path):
    """Uncompressed, a day of the whole grid in a chunk; complete once it has its name."""
    result = result.copy()
    for name in ("x", "y"):
        result[name].attrs.update(axis=name.upper())
    result.attrs |= {"Conventions": "CF-1.10",
                     "history": f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ} prepare.py"}
    encoding = {name: {"_FillValue": None} for name in result.variables}
    for name, variable in result.data_vars.items():
        chunk = [min(RECORDS_PER_CHUNK, n) if dim == "time" else n
                 for dim, n in variable.sizes.items()]
        fill = -9999 if variable.dtype.kind == "i" else -9999.0
        encoding[name] = {"_FillValue": fill, "chunksizes": chunk, "zlib": False}
    if "time" in result:
        result.time.attrs = {"standard_name": "time", "axis": "T"}
        encoding["time"] = {"units": "hours since 1998-10-01 00:00:00", "calendar": "standard",
                            "dtype": "float64", "_FillValue": None}
    with complete(path) as temporary:
        result.to_netcdf(temporary, format="NETCDF4", engine="netcdf4", encoding=encoding)
    print(f"{path}: {', '.join(f'{n} {dim}' for dim, n in result.sizes.items())}")


def main(argv=None):
    parser = parser_of(__doc__, data="the folder GLEBE_DATA", forcing="the forcing file to write",
                       truth="the file of true parameters to write")
    args = parser.parse_args(argv)

    def work():
        with xr.open_dataset(os.path.join(args.data, SOURCE)) as data:
            forcing, truth = forcing_of(data), truth_of(data)
            write(forcing, args.forcing)
            write(truth, args.truth)
        for name in TRUTH:
            field = truth[name]
            print(f"  {name:<21} {float(field.min()):>11.6g} to {float(field.max()):<11.6g} "
                  f"{field.attrs['units']}")
    return guarded("prepare.py", work)


if __name__ == "__main__":
    sys.exit(main())
