# SPDX-License-Identifier: BSD-3-Clause
"""Outputs: they replace no input, whatever it is called; what can fail in them is found before
anything is computed; they keep what their input says about its grid."""
import os
import shutil
import subprocess
import unittest
from unittest import mock

import netCDF4
import numpy as np

from refusal import EARLIER, RefusalTest, line_of
from support import GlebeTest, site_case, weather, write_series

HOURS = np.arange(-6, 79)


class NothingIsOverwritten(RefusalTest):
    """tests/unit/output_paths_test.cpp has more spellings."""

    def test_another_spelling_of_an_input(self):
        (self.folder / "here").symlink_to(".")
        os.link(self.folder / "soil.nc", self.folder / "second_name.nc")
        for path, ranks in (("${GLEBE_TEST_FOLDER}/here/soil.nc", (1, 2)),
                            ("second_name.nc", (1,))):
            self.case["run"]["output"] = path
            with mock.patch.dict(os.environ, GLEBE_TEST_FOLDER=str(self.folder)), \
                    self.subTest(path=path):
                self.assert_refused(line_of(self.case, "output ="), "&run output",
                                    "would overwrite", ranks=ranks, earlier=False)

    def test_the_default(self):
        del self.case["run"]["output"]
        self.write_case(self.case, "soil")
        done = self.glebe("soil.nml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("&run output = 'soil.nc': would overwrite", done.stderr)

    def test_a_twin_reads_no_observations(self):
        self.case = site_case("twin", "surface_temperature", run={"output": "result.nc"})
        self.case["observation"][0].update(file="observed.nc", stamp="instant", sigma=1.0)
        self.write_case(self.case)
        (self.folder / "observed.nc").write_bytes(EARLIER)
        self.assertEqual(self.glebe("case.nml").returncode, 0)
        self.assertIn("surface_temperature", self.read("observed.nc"))


class Destinations(RefusalTest):
    def test_what_is_no_file(self):
        os.mkfifo(self.folder / "pipe")
        self.case["run"]["output"] = "pipe"
        self.case["checkpoint"] = {"file": "/dev/null"}
        said = self.assert_refused("case.nml:", "&run output", "&checkpoint file",
                                   options=["--check"], earlier=False)
        self.assertEqual(said.count("not a regular file"), 2)
        self.case["run"]["output"] = "/proc/result.nc"
        self.case["checkpoint"] = {"file": "."}
        self.assert_refused("no file can be made in the folder /proc", "is a folder", earlier=False)

    def test_parent_of_a_linked_folder(self):
        """`link/..` is the parent of the folder that the link leads to, not that of the link."""
        (self.folder / "real/deep").mkdir(parents=True)
        (self.folder / "link").symlink_to("real/deep")
        shutil.move(self.folder / "soil.nc", self.folder / "real/soil.nc")
        self.case["observation"][0]["file"] = "link/../soil.nc"
        self.case["run"]["output"] = "link/../result.nc"
        self.write_case(self.case)
        done = self.glebe("case.nml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "real/result.nc").exists())
        self.assertFalse((self.folder / "result.nc").exists())

    def test_runs_side_by_side(self):
        self.write_case(self.case)
        runs = [subprocess.Popen(self.command("case.nml"), cwd=self.folder,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                for _ in range(2)]
        for run in runs:
            _, error = run.communicate(timeout=600)
            self.assertEqual(run.returncode, 0, error)
        self.assertEqual(list(self.folder.rglob("*.partial")), [])
        self.assertIn("albedo", self.read("result.nc"))

    def test_no_space(self):
        """On a file system of 64 kB, which takes a name space of its own."""
        small = self.folder / "small"
        small.mkdir()
        own = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
               f'mount -t tmpfs -o size=64k small {small} && "$@"', "sh"]
        if subprocess.run([*own, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no file system can be mounted here")
        write_series(self.folder / "weather.nc", HOURS, weather(HOURS, (60,)), ["station"])
        self.write_case(site_case("forward", run={"output": "small/result.nc"}))
        done = subprocess.run([*own, *self.command("case.nml")], cwd=self.folder,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("&run output = 'small/result.nc': the values take", done.stderr)
        self.assertIn("its file system has 0.06", done.stderr)


class NamesOfTheGrid(RefusalTest):
    def on_stations(self, dimension):
        write_series(self.folder / "weather.nc", HOURS, weather(HOURS, (2,)), [dimension])
        self.write_soil({"soil_temperature_5cm": (np.full((73, 2), 293.0), "K")},
                        dimensions=[dimension])

    def test_dimension_with_a_name_of_the_result(self):
        for name, ranks in (("control", (1, 2)), ("iteration", (1,)), ("albedo_std", (1,))):
            self.on_stations(name)
            with self.subTest(name=name):
                self.assert_refused("weather.nc: variable", f"dimension '{name}'", "ncrename",
                                    ranks=ranks,
                                    options=["--check"] if name == "iteration" else [])

    def test_only_names_that_the_result_has(self):
        self.on_stations("control")
        self.case = site_case("forward", run={"output": "result.nc"})
        self.write_case(self.case)
        done = self.glebe("case.nml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read("result.nc").albedo.dims, ("control",))
        self.on_stations("nv")  # of the bounds of means, which this run has not
        self.assertEqual(self.glebe("case.nml").returncode, 0)
        self.case["observation"] = [{"kind": "latent_heat", "stamp": "end"}]
        self.assert_refused("weather.nc: variable", "dimension 'nv'")

    def test_series_without_times(self):
        self.case["run"]["series"] = True
        self.write_soil({"late": (np.full(73, 293.0), "K")}, np.arange(1000, 1073))
        (self.folder / "late.nc").write_bytes((self.folder / "soil.nc").read_bytes())
        self.write_inputs()
        self.case["observation"].append({"kind": "soil_temperature", "depth": 0.2, "sigma": 0.1,
                                         "file": "late.nc", "variable": "late",
                                         "stamp": "instant"})
        self.assert_refused("case.nml:", "'soil_temperature_20cm'", "its series")

    def test_no_station(self):
        with netCDF4.Dataset(self.folder / "weather.nc", "a") as file:
            file.createDimension("station", None)
            file.createVariable("none", "f8", ("time", "station")).units = "K"
        self.case["forcing"].update(shortwave="none")
        self.assert_refused("weather.nc", "'none'", "'station' has no length", ranks=(1, 2))


def add_grid(path):
    """Adds to the weather of three stations all that a file may say of them, and more."""
    with netCDF4.Dataset(path, "a") as file:
        place = np.arange(3.0)
        file.createDimension("nv", 4)
        file.createDimension("letters", 6)
        file.createDimension("level", 2)
        file.createDimension("none", None)

        def add(name, kind, dimensions, values, **attributes):
            fill = attributes.pop("_FillValue", None)
            variable = file.createVariable(name, kind, dimensions, fill_value=fill)
            variable.setncatts(attributes)
            variable[:] = values
            return variable

        add("lat", "f8", ("station",), 40 + place, units="degrees_north", bounds="lat_corners",
            _FillValue=-1.0)
        add("lat_corners", "f8", ("station", "nv"), 40 + place[:, None] + np.arange(4) / 8)
        add("lon", "f4", ("station",), place, units="degrees_east", bounds="absent")
        add("crs", "i4", (), 7, grid_mapping_name="latitude_longitude", earth_radius=6371e3)
        add("id", str, ("station",), np.array(["a", "Zürich", "c c"], object),
            cf_role="timeseries_id")
        letters = netCDF4.stringtochar(np.array(["one", "two", "three"], "S6"))
        add("label", "S1", ("station", "letters"), letters, long_name="name of the station")
        # What cannot be carried over
        add("albedo", "f8", ("station",), place / 10)
        add("layer_depth", "f8", ("level", "station"), np.ones((2, 3)))
        add("empty", "f8", ("station", "none"), np.zeros((3, 0)))
        kind = file.createEnumType("u1", "kind", {"bare": 0, "grass": 1})
        add("cover", kind, ("station",), np.array([0, 1, 1], "u1"))
        pair = file.createCompoundType(np.dtype([("a", "f4"), ("b", "f4")]), "pair")
        add("corner", pair, ("station",), np.zeros(3, [("a", "f4"), ("b", "f4")]))
        list_type = file.createVLType("f4", "list")
        file.createVariable("many", list_type, ("station",))
        for variable in ("SWdown", "LWdown", "Tair"):
            file[variable].coordinates = ("lat lon label albedo layer_depth empty cover corner many")
            file[variable].grid_mapping = "crs: lat lon"


class WhatIsKept(GlebeTest):
    LEFT_OUT = ("albedo", "layer_depth", "cover", "corner", "many")

    def setUp(self):
        super().setUp()
        write_series(self.folder / "weather.nc", HOURS, weather(HOURS, (3,)), ["station"])
        add_grid(self.folder / "weather.nc")

    def assert_kept(self, name):
        """What the result keeps of weather.nc, and how its variables refer to it."""
        with netCDF4.Dataset(self.folder / "weather.nc") as given, \
                netCDF4.Dataset(self.folder / name) as result:
            for variable in ("lat", "lat_corners", "lon", "crs"):
                np.testing.assert_array_equal(result[variable][:], given[variable][:])
                self.assertEqual(result[variable].dtype, given[variable].dtype)
            self.assertEqual(result["lat"].ncattrs(), given["lat"].ncattrs())
            self.assertNotIn("bounds", result["lon"].ncattrs())
            self.assertEqual(result["crs"].earth_radius, 6371e3)
            for variable, texts in (("id", ["a", "Zürich", "c c"]),
                                    ("label", ["one", "two", "three"])):
                rows = [b"".join(row.compressed()) for row in result[variable][:]]
                self.assertEqual([row.rstrip(b"\0").decode() for row in rows], texts)
            self.assertEqual(result["id"].cf_role, "timeseries_id")
            for own in ("surface_temperature", "albedo"):
                self.assertEqual(result[own].coordinates, "lat lon label id")
                self.assertEqual(result[own].grid_mapping, "crs: lat lon")
            self.assertNotIn("coordinates", result["lat_corners"].ncattrs())
            for left_out in ("layer_depth", "empty", "cover", "corner", "many"):
                self.assertNotIn(left_out, result.variables)
            np.testing.assert_array_equal(result["albedo"][:], 0.25)

    def test_forward_and_twin(self):
        results = {}
        for ranks in (1, 2):
            result = self.run_case(site_case("twin", "surface_temperature"), ranks=ranks)
            results[ranks] = result.data
            for name in self.LEFT_OUT:
                self.assertEqual(result.log.count(f"variable '{name}': not carried over"), 1, name)
            self.assert_kept("case.nc")
            self.assert_kept("observed.nc")
        self.assert_same_results(results[1], results[2])
        # The twin's file is a grid like any other, its strings now being characters.
        case = site_case("estimate", "surface_temperature")
        case["observation"][0].update(file="observed.nc", stamp="instant", sigma=0.1)
        case["parameter"][2].update(value=0.3, lower=0.0, upper=0.9, estimate=True)
        case["forcing"]["file"] = "weather.nc"
        checked = self.glebe("--check", self.write_case(case, "again"), ranks=2)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn("variable 'albedo': not carried over", checked.stdout)

    def test_fill_value_of_another_type(self):
        """As files of other libraries have it."""
        path = self.folder / "weather.nc"
        fields = {name: values for name, values in weather(HOURS, (3,)).items()}
        write_series(path, HOURS, fields, ["station"], file_format="NETCDF3_64BIT")
        with netCDF4.Dataset(path, "a") as file:
            for name, kind in (("height", "i2"), ("code", "i2"), ("size", "f4")):
                file.createVariable(name, kind, ("station",))[:] = [1, 2, 3]
            file["height"].XFillValue = np.float64(-9)
            file["code"].XFillValue = "none"
            file["size"].XFillValue = np.float64(1e300)
            for variable in ("SWdown", "LWdown", "Tair"):
                file[variable].coordinates = "height code size"
        path.write_bytes(path.read_bytes().replace(b"XFillValue", b"_FillValue"))
        result = self.run_case(site_case("forward"))
        for name in ("code", "size"):
            self.assertIn(f"variable '{name}': its attribute _FillValue cannot be copied",
                          result.log)
        with netCDF4.Dataset(self.folder / "case.nc") as file:
            self.assertEqual(file["height"].getncattr("_FillValue"), -9)
            for name in ("height", "code", "size"):
                np.testing.assert_array_equal(file[name][:], [1, 2, 3])
                self.assertEqual("_FillValue" in file[name].ncattrs(), name == "height")


if __name__ == "__main__":
    unittest.main()
