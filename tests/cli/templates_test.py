# SPDX-License-Identifier: BSD-3-Clause
"""Runs every template of namelists/ and the worked example of the user guide as a user would.

The inputs that the templates name are made here, small. The program is named by the environment
variable GLEBE."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import numpy as np
import xarray as xr

ROOT = pathlib.Path(__file__).resolve().parents[2]
GLEBE = pathlib.Path(os.environ.get("GLEBE", ROOT / "build/release/glebe")).absolute()
TEMPLATES = sorted((ROOT / "namelists").glob("*.nml"))
GUIDE = ROOT / "docs/user_guide.md"
# files that no other template writes: see make_inputs
INPUTS = {"tower.nc", "land.nc", "forcing_01.nc", "forcing_02.nc", "surface_temperature.nc",
          "forcing_2004.nc", "surface_temperature_2004.nc"}


def window(namelist):
    """First and last instant of a namelist."""
    return [np.datetime64(re.search(rf"^\s*{key}\s*=\s*'([^']+)'", namelist, re.M)[1], "ns")
            for key in ("start", "stop")]


def stamps(first, last, minutes):
    return np.arange(first, last + np.timedelta64(1, "s"), np.timedelta64(minutes, "m"))


def daily_wave(times, mean, amplitude, lag_hours=0):
    """A daily cycle that is highest at 12 h UTC and `lag_hours`."""
    hours = (times - times[0].astype("datetime64[D]")) / np.timedelta64(1, "h")
    return mean + amplitude * np.cos(2 * np.pi * (hours - 12 - lag_hours) / 24)


def variable(times, values, units, shape=()):
    """A time series, the same in every cell of a grid of `shape`."""
    values = np.broadcast_to(values.reshape(-1, *(1 for _ in shape)), (len(times), *shape))
    return (("time", "y", "x")[:1 + len(shape)], values.astype("float32"), {"units": units})


def weather(times, shape=()):
    sun = np.clip(daily_wave(times, 100, 600), 0, None)
    columns = {"SWdown": (sun, "W m-2"), "LWdown": (daily_wave(times, 320, 20, 3), "W m-2"),
               "Tair": (daily_wave(times, 294, 7, 3), "K"),
               "Qair": (daily_wave(times, 0.008, 0.001), "kg kg-1"),
               "PSurf": (daily_wave(times, 9.5e4, 100), "Pa"),
               "Wind": (daily_wave(times, 3, 1.5), "m s-1")}
    return xr.Dataset({name: variable(times, *column, shape) for name, column in columns.items()},
                      coords={"time": times})


def make_inputs(folder):
    """Writes the files that the templates name, for the windows that they name."""
    first, last = window((folder / "estimate_site.nml").read_text())
    ends = stamps(first + np.timedelta64(30, "m"), last, 30)
    tower = weather(ends)
    for name, mean, amplitude, lag, units in (("SoilTemp_5cm", 296, 8, 3, "K"),
                                              ("SoilTemp_15cm", 296, 4, 6, "K"),
                                              ("SoilTemp_30cm", 296, 1.5, 10, "K"),
                                              ("Rnet", 120, 300, 0, "W m-2")):
        tower[name] = variable(ends, daily_wave(ends, mean, amplitude, lag), units)
    tower.to_netcdf(folder / "tower.nc")

    first, last = window((folder / "estimate_grid.nml").read_text())
    shape, middle = (2, 3), first + (last - first) / 2
    hour = np.timedelta64(1, "h")
    weather(stamps(first, middle, 60), shape).to_netcdf(folder / "forcing_01.nc")
    weather(stamps(middle + hour, last, 60), shape).to_netcdf(folder / "forcing_02.nc")
    times = stamps(first + 6 * hour, last, 360)
    skin = variable(times, daily_wave(times, 297, 12, 1), "K", shape)
    flags = np.zeros((len(times), *shape), "int8")
    flags[::5] = 3
    xr.Dataset({"LST": skin, "LST_error": variable(times, np.full(len(times), 1.5), "K", shape),
                "LST_qc": (("time", "y", "x"), flags)},
               coords={"time": times}).to_netcdf(folder / "surface_temperature.nc")
    land = np.ones(shape, "int8")
    land[1, 2] = 0
    classes = {"flag_values": np.array([1, 4], "int8"), "flag_meanings": "sand loam"}
    xr.Dataset({"land": (("y", "x"), land),
                "soil_class": (("y", "x"), np.array([[1, 1, 4], [4, 1, 1]], "int8"), classes),
                "albedo": (("y", "x"), np.full(shape, 0.25), {"units": "1"})}
               ).to_netcdf(folder / "land.nc")

    first, last = window((folder / "estimate_in_time.nml").read_text())
    weather(stamps(first, last, 60), shape).to_netcdf(folder / "forcing_2004.nc")
    times = stamps(first + 6 * hour, last, 360)
    xr.Dataset({"LST": variable(times, daily_wave(times, 297, 12, 1), "K", shape)},
               coords={"time": times}).to_netcdf(folder / "surface_temperature_2004.nc")


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def glebe(self, *arguments):
        return subprocess.run([GLEBE, *arguments], cwd=self.folder, capture_output=True, text=True,
                              timeout=300)

    def run_case(self, name):
        done = self.glebe(name)
        self.assertEqual(done.returncode, 0, f"{name}\n{done.stdout}{done.stderr}")
        self.assertNotIn("did not converge", done.stdout)
        return done.stdout


class Templates(InFolder):
    def setUp(self):
        super().setUp()
        for path in TEMPLATES:
            shutil.copy(path, self.folder)

    def test_the_reader_accepts_them_but_for_files_that_do_not_exist(self):
        for path in TEMPLATES:
            with self.subTest(template=path.name):
                done = self.glebe("--check", path.name)
                if done.returncode == 0:
                    continue
                self.assertEqual(done.returncode, 2, done.stderr)
                for line in done.stderr.splitlines():
                    self.assertRegex(line, r"^glebe: error: \w+\.nc: no such file$")

    def test_forward_writes_all_fluxes(self):
        make_inputs(self.folder)
        self.run_case("forward.nml")
        with xr.open_dataset(self.folder / "forward_result.nc") as result:
            closure = (result.net_radiation - result.sensible_heat - result.latent_heat
                       - result.ground_heat_flux)
            self.assertLess(float(abs(closure).max()), 1e-9)
            self.assertEqual(result.sizes["horizon"], 2)
            self.assertTrue(bool(np.isfinite(result.soil_temperature_50cm).all()))

    def test_twin_and_gradient_test_follow_each_other(self):
        self.run_case("twin.nml")
        report = self.run_case("gradient_test.nml")
        self.assertRegex(report, r"slope 2 \+- 0\.05 over [3-9] successive decades")

    def test_design(self):
        """A second thermometer far from the first tells more than one beside it, and more days
        more than few."""
        report = self.run_case("design.nml")
        self.assertRegex(report, r"rank  criterion +lambda +C ")
        with xr.open_dataset(self.folder / "design_result.nc") as result:
            std = result.thermal_conductivity_std.values
            names = [label.split(":")[0] for label in result.design.attrs["names"].split()]
            self.assertEqual(len(names), 3 * (1 + 7 + 1))
            alone, best = std[names.index("5_cm_alone")], std[int(result.best_design)]
            self.assertGreater(alone, 5 * best)
            self.assertEqual(result.design_days[int(result.best_design)], 10)

    def test_site_estimate(self):
        make_inputs(self.folder)
        self.run_case("estimate_site.nml")
        with xr.open_dataset(self.folder / "estimate_site_result.nc") as result:
            self.assertEqual(int(result.status), 0)
            self.assertLess(float(result.cost_final), 0.5 * float(result.cost_initial))
            self.assertEqual(result.net_radiation.withheld, 1)

    def test_estimate_between_sensors(self):
        make_inputs(self.folder)
        self.run_case("estimate_between_sensors.nml")
        with xr.open_dataset(self.folder / "estimate_between_sensors_result.nc") as result:
            self.assertEqual(int(result.status), 0)
            self.assertIn("top_offset", result)
            self.assertNotIn("albedo", result)

    def test_grid_estimate_and_restart(self):
        make_inputs(self.folder)
        self.run_case("estimate_grid.nml")
        with xr.open_dataset(self.folder / "estimate_grid_result.nc") as result:
            status = result.status.values
            self.assertTrue(np.isnan(status[1, 2]))
            self.assertEqual(np.count_nonzero(status == 0), 5)
            np.testing.assert_array_equal(result.albedo.values[0], 0.25)
            first = result.heat_transfer.values
        path = self.folder / "estimate_grid.nml"
        path.write_text(path.read_text().replace("restart = 'never'", "restart = 'auto'"))
        self.assertIn("restart from iteration", self.run_case("estimate_grid.nml"))
        with xr.open_dataset(self.folder / "estimate_grid_result.nc") as result:
            np.testing.assert_allclose(result.heat_transfer.values, first, rtol=1e-3)

    def test_estimate_in_time_reads_its_regions_and_knots(self):
        make_inputs(self.folder)
        done = self.glebe("--check", "estimate_in_time.nml")
        self.assertEqual(done.returncode, 0, done.stderr)
        with xr.open_dataset(self.folder / "land.nc") as file:
            land = file.load()
        land.soil_class[0, 1] = -1
        land.soil_class.attrs["missing_value"] = np.int8(-1)
        land.to_netcdf(self.folder / "land.nc")
        done = self.glebe("--check", "estimate_in_time.nml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("variable 'soil_class': missing at column y=0, x=1", done.stderr)

    def test_each_input_is_made_here_or_by_a_template(self):
        named, written = set(), set()
        for path in TEMPLATES:
            text = re.sub(r"!.*", "", path.read_text())
            named.update(re.findall(r"'(\w+\.nc)'", text))
            written.update(re.findall(r"output = '(\w+\.nc)'", text))
            written.update(re.findall(r"&twin\s+file = '(\w+\.nc)'", text))
        self.assertEqual(named - written, INPUTS)


class UserGuide(InFolder):
    def test_the_worked_example_finds_the_truth(self):
        examples = dict(re.findall(r"<!-- example: (\S+) -->\n+```\w*\n(.*?)```",
                                   GUIDE.read_text(encoding="utf-8"), re.S))
        self.assertEqual(list(examples), ["site_twin.nml", "site_estimate.nml"])
        for name, text in examples.items():
            (self.folder / name).write_text(text)
            self.run_case(name)
        with xr.open_dataset(self.folder / "site_truth.nc") as truth, \
                xr.open_dataset(self.folder / "site_estimate.nc") as result:
            for name in result.control.attrs["names"].split():
                off = abs(float(result[name]) - float(truth[name])) / float(result[f"{name}_std"])
                self.assertLess(off, 4, f"{name} is {off:.1f} standard deviations off")
            # The noise is 0.2 K in 240 values, whose rmse has a standard deviation of 5 %.
            self.assertLess(abs(float(result.rmse_soil_temperature_5cm) / 0.2 - 1), 0.2)


if __name__ == "__main__":
    unittest.main()
