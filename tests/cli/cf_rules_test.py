# SPDX-License-Identifier: BSD-3-Clause
"""Each rule of cf_rules.py is seen to fail: on a good file with one thing changed."""
import pathlib
import tempfile
import unittest

import netCDF4
import numpy as np

from cf_rules import RULES, check


def write_good(path, change=None):
    """Series at two stations, in horizons, with flags. `change` is made before it is closed."""
    with netCDF4.Dataset(path, "w") as file:
        for name, length in (("time", None), ("depth", 2), ("station", 2), ("nv", 2), ("x", 2)):
            file.createDimension(name, length)
        file.setncatts({"Conventions": "CF-1.10", "source": "a test", "featureType": "timeSeries",
                        "history": "2001-01-01T00:00:00Z made"})

        def add(name, kind, dimensions, values, fill_value=None, **attributes):
            variable = file.createVariable(name, kind, dimensions, fill_value=fill_value)
            variable.setncatts(attributes)
            variable[:] = values

        place = {"coordinates": "lat lon id", "grid_mapping": "crs"}
        add("time", "f8", ("time",), [1, 2, 3], units="seconds since 2001-01-01",
            calendar="standard", standard_name="time", axis="T", bounds="time_bnds")
        add("time_bnds", "f8", ("time", "nv"), [[0, 1], [1, 2], [2, 3]])
        add("depth", "f8", ("depth",), [0.1, 0.5], units="m", standard_name="depth",
            positive="down", axis="Z", bounds="depth_bnds")
        add("depth_bnds", "f8", ("depth", "nv"), [[0, 0.1], [0.1, 0.5]])
        add("x", "f8", ("x",), [0, 1], units="m", standard_name="projection_x_coordinate")
        add("lat", "f8", ("station",), [45, 46], units="degrees_north", standard_name="latitude")
        add("lon", "f8", ("station",), [9, 9.5], units="degrees_east", standard_name="longitude")
        file.createDimension("id_length", 3)
        ids = netCDF4.stringtochar(np.array(["one", "two"], "S3"))
        add("id", "S1", ("station", "id_length"), ids, cf_role="timeseries_id")
        add("crs", "i4", (), 0, grid_mapping_name="latitude_longitude")
        add("series", "f4", ("time", "station"), np.full((3, 2), 290.0), np.float32(9e36),
            units="K", standard_name="surface_temperature", cell_methods="time: mean",
            long_name="series", **place)
        add("albedo", "f8", ("depth", "station"), np.full((2, 2), 0.2), units="1",
            standard_name="surface_albedo", ancillary_variables="status", long_name="albedo",
            **place)
        add("status", "i1", ("station",), [0, 1], np.int8(-127), flag_values=np.array([0, 1], "i1"),
            flag_meanings="good bad", long_name="status", **place)
        if change:
            change(file)


def put(variable, **attributes):
    return lambda file: file[variable].setncatts(attributes)


def put_global(**attributes):
    return lambda file: file.setncatts(attributes)


def remove(variable, attribute):
    return lambda file: file[variable].delncattr(attribute)


def values(variable, numbers):
    def change(file):
        file[variable][:] = numbers
    return change


def new(name, kind, dimensions, **attributes):
    def change(file):
        file.createVariable(name, kind, dimensions).setncatts(attributes)
    return change


def two_of_an_axis(file):
    file["x"].axis = "T"
    file.createVariable("doubled", "f8", ("time", "x")).units = "1"


BREACHES = {
    "names_2_3": [new("two words", "f8", (), units="1", long_name="x", coordinates="lat lon"),
                  put("albedo", **{"of-all": 1.0}), new("Albedo", "f8", (), units="1")],
    "dimensions_2_4": [new("turned", "f8", ("station", "depth", "time"), units="1"),
                       new("square", "f8", ("station", "station"), units="1")],
    "missing_2_5_1": [values("time", [1, np.nan, 3]), values("lat", [45, np.nan]),
                      put("depth", missing_value=-1.0)],
    "attribute_types_appendix_a": [put("albedo", valid_range=np.array([0, 1], "i4")),
                                   put("status", flag_values=np.array([0, 1], "i4")),
                                   put("series", long_name=1)],
    "conventions_2_6": [put_global(Conventions="none"), put_global(history="made"),
                        lambda file: file.delncattr("source")],
    "units_3_1": [remove("albedo", "units"), put("series", units="degC^b"),
                  put("series", units="K or W m-2")],
    "long_names_3_2": [new("bare", "f8", ("station",), units="1", coordinates="lat lon")],
    "standard_names_3_3": [put("albedo", standard_name="soil_albedo_of_mine"),
                           put("albedo", standard_name="surface_albedo error"),
                           put("series", units="W m-2")],
    "ancillary_variables_3_4": [put("albedo", ancillary_variables="albedo_std")],
    "flags_3_5": [values("status", [0, 7]), put("status", flag_meanings="good bad worse")],
    "coordinates_4": [put("lat", units="degrees"), put("lon", units="m"),
                      put("depth", positive="up"), put("depth", axis="D"),
                      put("time", calendar="mine"), remove("time", "standard_name")],
    "axes_5": [values("time", [1, 3, 2]), two_of_an_axis],
    "auxiliary_coordinates_5": [put("series", coordinates="lat lon height"),
                                put("series", coordinates="lat lon depth_bnds"),
                                put("lat", coordinates="lat")],
    "grid_mappings_5_6": [put("series", grid_mapping="other"),
                          put("series", grid_mapping="lat: lon"),
                          new("map", "f8", ("x",), units="1", coordinates="lat lon")],
    "bounds_7_1": [put("time", bounds="limits"), values("depth_bnds", [[0, 0.05], [0.1, 0.5]]),
                   put("depth", bounds="time_bnds")],
    "cell_methods_7_3": [put("series", cell_methods="time mean"),
                         put("series", cell_methods="day: mean"),
                         put("series", cell_methods="time: average"), remove("time", "bounds")],
    "features_9": [put_global(featureType="grid"), put("series", coordinates="lat"),
                   put("id", cf_role="station_id"), put("lat", cf_role="timeseries_id")],
}


class Rules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "file.nc"

    def test_a_good_file(self):
        write_good(self.path)
        self.assertEqual(check(self.path), [])

    def test_each_rule_is_broken(self):
        self.assertEqual(set(BREACHES), {rule.__name__ for rule in RULES})
        for rule, changes in BREACHES.items():
            for i, change in enumerate(changes):
                with self.subTest(rule=rule, change=i):
                    write_good(self.path, change)
                    self.assertIn(rule, [name for name, _ in check(self.path)])

    def test_fill_value_of_coordinates(self):
        with netCDF4.Dataset(self.path, "w") as file:
            file.createDimension("x", 2)
            file.createVariable("x", "f8", ("x",), fill_value=-1.0)[:] = [0, 1]
        self.assertIn("missing_2_5_1", [name for name, _ in check(self.path)])


if __name__ == "__main__":
    unittest.main()
