# SPDX-License-Identifier: BSD-3-Clause
"""What every mode writes, on every kind of grid, follows the CF conventions (cf_rules.py, itself
tested by cf_rules_test.py), is described in docs/result_reference.md, and is opened by other
programs."""
import pathlib
import re
import shutil
import subprocess
import unittest
import warnings

import netCDF4
import numpy as np
import xarray as xr

from cf_rules import check
from support import GlebeTest, estimating, group_of, parameters, site_case, weather, write_series

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOURS = np.arange(-6, 55)


def reference():
    """{variable: (dimensions, unit, modes)} and the attributes of the page."""
    text = (ROOT / "docs/result_reference.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| (?:`([^`]*)`)? ?\| ([^|]*) \| ([^|]*) \| .* \|$", text,
                      re.M)
    attributes = re.findall(r"^\| `(\w+)` \| [^|]* \| [^|]* \|$", text, re.M)
    rows = {name: (shape, unit.strip(), modes) for name, shape, unit, modes in rows}
    return rows, set(attributes)


def pattern(name, streams):
    """What a name of the reference stands for."""
    stream = "(?:" + "|".join(sorted(streams, key=len, reverse=True)) + ")" if streams else "$^"
    parameter = r"(?P<p>[a-z]\w*?)"
    return re.compile(re.escape(name).replace("<p>", parameter).replace("<s>", stream) + "$")


class Outputs(GlebeTest):
    """Short runs; `seen` keeps which rows of the reference they have shown."""

    def setUp(self):
        super().setUp()
        self.rows, self.attributes = reference()
        self.seen = set()

    def assert_conforms(self, name):
        path = self.folder / name
        self.assertEqual(check(path), [], name)
        self.assert_opens(path)
        self.assert_described(path)

    def assert_opens(self, path):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with xr.open_dataset(path, decode_coords="all") as data:
                data.load()
        if shutil.which("ncdump"):
            done = subprocess.run(["ncdump", "-t", path], capture_output=True)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
        if shutil.which("cdo"):
            done = subprocess.run(["cdo", "-s", "sinfon", path], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            # CDO knows one time axis and one more axis beside the place, and skips the rest.
            skips = (r"Unsupported dimension >\w*time\w*<|"
                     r"skipped variable (correlation|averaging_kernel|stage_estimate|\w*part\w*)")
            warned = [line for line in done.stderr.splitlines()
                      if "arning" in line and not re.search(skips, line)]
            self.assertEqual(warned, [], path)

    def assert_described(self, path):
        with netCDF4.Dataset(path) as file:
            streams = [name for name, variable in file.variables.items()
                       if "cell_methods" in variable.ncattrs() and not name.endswith("_observed")]
            streams += [name[5:] for name in file.variables if name.startswith("rmse_")]
            self.assertLessEqual(set(file.ncattrs()), self.attributes, path)
            for name, variable in file.variables.items():
                if name in self.carried or name.endswith("_bnds"):
                    continue
                self.assertLessEqual(set(variable.ncattrs()), self.attributes, name)
                self.assert_variable(file, variable, streams)

    def assert_variable(self, file, variable, streams):
        name, mode = variable.name, file.mode
        grid = [d for d in variable.dimensions if d in self.grid]
        rows = [row for row in self.rows if pattern(row, streams).match(name)]
        exact = [row for row in rows if "<p>" not in row] or rows
        self.assertTrue(exact, f"{name} is not in docs/result_reference.md")
        row = max(exact, key=len)
        self.seen.add(row)
        shape, unit, modes = self.rows[row]
        self.assertIn(mode, modes, name)
        if unit and not unit.startswith("(") and not unit.startswith("seconds"):
            self.assertEqual(variable.units, unit, name)
        allowed = [*filter(None, shape.split(", "))]
        places = [d for d in variable.dimensions if d not in grid]
        known = {"p": ("horizon", "knot"), "time": ("time",)}
        if mode == "design":
            places = [d for d in places if d != "design" or "design" in allowed]
        for dimension in places:
            fits = any(dimension == a or dimension in known.get(a, ()) or
                       (a in ("p", "<p>_time") and dimension.endswith("_time")) or
                       (a in ("time", "time_<s>") and dimension.startswith("time_"))
                       for a in allowed)
            self.assertTrue(fits, f"{name}: {dimension} is not among the dimensions '{shape}'")
        self.assertFalse(grid and not {"grid", "p"} & set(allowed), name)

    carried, grid = (), ()


class Modes(Outputs):
    """At a site, with all that a result may have."""

    def setUp(self):
        super().setUp()
        self.write_weather(HOURS)
        site = {"latitude": 45.0, "longitude": 9.0}
        self.case = site_case("twin", ("soil_temperature", 0.05), "surface_temperature",
                              ("ground_heat_flux", 0.02), site=site, time={"stop": "2001-06-03"})
        self.case["observation"][2].update(stamp="end", interval=3600)
        self.case["twin"]["noise"] = [0.1, 0.1, 1.0]
        self.case["horizon"] = [{"name": "upper", "bottom": 0.2}, {"name": "lower", "bottom": 0.8}]
        self.run_case(self.case)

    def estimate(self, *names, **groups):
        case = estimating(self.case, *(names or ("thermal_conductivity", "albedo")))
        case["observation"][2]["sigma"] = 1.0
        case["run"]["series"] = True
        for name, group in groups.items():
            case[name] = group
        return case

    def test_all_modes(self):
        self.assert_conforms("case.nc")
        self.assert_conforms("observed.nc")
        with netCDF4.Dataset(self.folder / "case.nc") as file:
            self.assertEqual(file.featureType, "timeSeries")
            self.assertTrue(file.dimensions["time"].isunlimited())
            self.assertEqual(file["soil_temperature_5cm"].chunking(), [49])
            self.assertEqual(file["depth_soil_temperature_5cm"][:], 0.05)
        self.run_case(self.estimate(
            posterior={"profile": "albedo", "profile_points": 3, "bootstrap": 4},
            split={"parts": 2}, optimizer={"starts": 2}), name="full")
        self.assert_conforms("full.nc")
        staged = self.estimate("heat_capacity", "albedo", stages={"free": "albedo"})
        staged["observation"][0]["withhold"] = True
        staged["observation"][1]["error_memory"] = 2.0
        group_of(staged, "heat_transfer").update(estimate=False, prior_std=0.5)
        self.run_case(staged, name="staged")
        self.assert_conforms("staged.nc")
        with netCDF4.Dataset(self.folder / "staged.nc") as file:
            self.assertEqual(file["control"].element_units, "J m-3 K-1; J m-3 K-1; 1")
        tied = self.estimate("albedo")
        group_of(tied, "albedo").update(time="linear", knot_interval=24)
        tied["parameter"][0] = {"name": "thermal_conductivity", "horizon": "upper", "value": 1.2}
        tied["parameter"] += [{"name": "thermal_conductivity", "horizon": "lower", "value": 0.9,
                               "ratio_to": "thermal_conductivity(upper)", "estimate": True,
                               "lower": 0.5, "upper": 2.0},
                              {"name": "initial_temperature", "depth": [0.0, 0.8],
                               "value": [293.0, 293.0]}]
        tied["soil"]["initial"] = "profile"
        self.run_case(tied, name="tied")
        self.assert_conforms("tied.nc")
        design = {**self.estimate("albedo", "thermal_conductivity"),
                  "design": [{"depths": [0.1, 0.2, 0.3], "sensors": 2, "sigma": 0.1,
                              "streams": "surface_temperature"}]}
        design["run"] = {"mode": "design"}
        design["observation"] = [{"kind": "surface_temperature", "sigma": 0.1, "stamp": "instant"}]
        self.run_case(design, name="design")
        self.assert_conforms("design.nc")
        # `nv` is a dimension alone, rows are of coupled estimates, and regressions in clusters need
        # humidity, which no run here has.
        self.assertEqual(set(self.rows) - self.seen,
                         {"nv", "row_cell", "correlation_with_cell", "<s>_rmse_3km27",
                          "<s>_part_rmse_3km27"})


NORTH = {"units": "degrees_north", "standard_name": "latitude"}
EAST = {"units": "degrees_east", "standard_name": "longitude"}


def lambert():
    x, y = np.meshgrid([0.0, 1e4, 2e4], [0.0, 1e4])
    return ("y", "x"), {
        "y": ("y", [0.0, 1e4], {"units": "m", "standard_name": "projection_y_coordinate"}),
        "x": ("x", [0.0, 1e4, 2e4], {"units": "m", "standard_name": "projection_x_coordinate"}),
        "lat": (("y", "x"), 45 + y / 1.1e5, NORTH),
        "lon": (("y", "x"), 9 + x / 8e4, EAST),
        "crs": ((), 0, {"grid_mapping_name": "lambert_conformal_conic", "standard_parallel": 45.0,
                        "longitude_of_central_meridian": 9.0,
                        "latitude_of_projection_origin": 45.0})}


def rotated():
    dimensions, found = lambert()
    coordinates = {"rlat": ("rlat", [0.0, 0.1],
                            {"units": "degrees", "standard_name": "grid_latitude"}),
                   "rlon": ("rlon", [0.0, 0.1, 0.2],
                            {"units": "degrees", "standard_name": "grid_longitude"}),
                   "crs": ((), 0, {"grid_mapping_name": "rotated_latitude_longitude",
                                   "grid_north_pole_latitude": 39.25,
                                   "grid_north_pole_longitude": -162.0})}
    for name in ("lat", "lon"):
        _, values, attributes = found[name]
        coordinates[name] = (("rlat", "rlon"), values, attributes)
    return ("rlat", "rlon"), coordinates


def degrees():
    return ("lat", "lon"), {
        "lat": ("lat", [44.0, 45.0], {**NORTH, "bounds": "lat_bnds"}),
        "lon": ("lon", [9.0, 10.0, 11.0], EAST),
        "lat_bnds": (("lat", "nv"), [[43.5, 44.5], [44.5, 45.5]])}


def stations():
    return ("station",), {
        "lat": ("station", [44.0, 45.0, 46.0], NORTH),
        "lon": ("station", [9.0, 10.0, 11.0], EAST),
        "height": ((), 2.0, {"units": "m", "standard_name": "height", "positive": "up"}),
        "site": ("station", np.array(["one", "two", "three"], object),
                 {"cf_role": "timeseries_id"}),
        "name": ("station", np.array(["Ä one", "two", "three"], object), {"long_name": "name"})}


class Grids(Outputs):
    KINDS = {"lambert": lambert, "rotated": rotated, "degrees": degrees, "stations": stations}

    def write_grid(self, kind):
        self.grid, coordinates = self.KINDS[kind]()
        shape = tuple(len(coordinates[d][1]) if d in coordinates else 3 for d in self.grid)
        write_series(self.folder / "weather.nc", HOURS, weather(HOURS, shape), self.grid,
                     {name: one for name, one in coordinates.items() if name != "name"})
        self.carried = list(coordinates)
        with netCDF4.Dataset(self.folder / "weather.nc", "a") as file:
            if "name" in coordinates:  # which nothing refers to
                file.createVariable("name", str, self.grid)[:] = coordinates["name"][1]
            others = [c for c in coordinates if c not in (*self.grid, "crs", "lat_bnds", "name")]
            for name in ("SWdown", "LWdown", "Tair"):
                if others:
                    file[name].coordinates = " ".join(others)
                if "crs" in coordinates:
                    file[name].grid_mapping = "crs"

    def test_twins_and_estimates(self):
        for kind in self.KINDS:
            with self.subTest(grid=kind):
                self.write_grid(kind)
                case = site_case("twin", "surface_temperature", time={"stop": "2001-06-03"})
                self.run_case(case, ranks=2)
                self.assert_conforms("case.nc")
                self.assert_conforms("observed.nc")
                case = estimating(case, "albedo")
                case["run"]["series"] = True
                self.run_case(case, name="found", ranks=2 if kind == "degrees" else 1)
                self.assert_conforms("found.nc")
                with netCDF4.Dataset(self.folder / "case.nc") as file:
                    self.assertEqual("featureType" in file.ncattrs(), kind == "stations")
                    self.assertEqual("height" in file.variables, False)
                    if kind == "stations":
                        self.assertEqual(file["albedo"].coordinates, "lat lon site name")

    def test_rows_of_a_coupled_estimate(self):
        self.write_grid("degrees")
        case = site_case("twin", "surface_temperature", time={"stop": "2001-06-02"})
        self.run_case(case)
        case = estimating(case, "albedo")
        group_of(case, "albedo").update(correlation_length=200.0, prior_std=0.1)
        case["posterior"] = {"rows": [0, 1]}
        self.run_case(case)
        self.assert_conforms("case.nc")
        self.assertLessEqual({"row_cell", "correlation_with_cell"}, self.seen)


class OtherPrograms(Outputs):
    """CDO and NCO, where they are installed."""

    def setUp(self):
        super().setUp()
        write_series(self.folder / "weather.nc", HOURS, weather(HOURS, (2, 3)), ("lat", "lon"),
                     {name: one for name, one in degrees()[1].items() if name != "lat_bnds"})
        self.run_case(site_case("forward", time={"stop": "2001-06-03"}))

    def said(self, *command):
        if not shutil.which(command[0]):
            self.skipTest(f"{command[0]} is not installed")
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("arning", done.stderr)
        return done.stdout

    def test_cdo(self):
        self.assertIn("gridtype  = lonlat", self.said("cdo", "-s", "griddes", "-selname,albedo",
                                                      "case.nc"))
        self.said("cdo", "-s", "sinfon", "case.nc")
        self.said("cdo", "-s", "remapbil,r36x18", "-selname,albedo", "case.nc", "map.nc")
        self.said("cdo", "-s", "timmean", "-selname,surface_temperature", "case.nc", "mean.nc")
        with netCDF4.Dataset(self.folder / "mean.nc") as mean, \
                netCDF4.Dataset(self.folder / "case.nc") as file:
            np.testing.assert_allclose(mean["surface_temperature"][0],
                                       file["surface_temperature"][:].mean(0), rtol=1e-6)

    def test_nco(self):
        self.said("ncra", "-O", "case.nc", "mean.nc")
        self.said("ncks", "-O", "-d", "time,0,3", "case.nc", "part.nc")
        self.said("ncrcat", "-O", "part.nc", "part.nc", "twice.nc")
        with netCDF4.Dataset(self.folder / "twice.nc") as file:
            self.assertEqual(len(file.dimensions["time"]), 8)


if __name__ == "__main__":
    unittest.main()
