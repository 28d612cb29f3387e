# SPDX-License-Identifier: BSD-3-Clause
"""Stamps that are a little off, in another number type, or on axes of their own: they are read as
what they are meant to be, or refused."""
import unittest

import numpy as np
import xarray as xr

from refusal import RefusalTest
from support import GlebeTest, estimating, rewrite, site_case, weather, write_series

HOURS = np.arange(-6, 79)


def with_times(change, kind="float64", units=None):
    """A change of a dataset's times, which are in hours."""
    def work(data):
        values = np.asarray(change(data.time.values.astype(float))).astype(kind)
        return data.assign_coords(time=("time", values, {**data.time.attrs,
                                                         **({"units": units} if units else {})}))
    return work


class Stamps(GlebeTest):
    def setUp(self):
        super().setUp()
        self.write_weather()
        stream = ("soil_temperature", 0.05)
        case = site_case("twin", stream, forcing={"stamp": "end"})
        case["observation"][0]["stamp"] = "end"
        self.run_case(case, name="truth")
        self.case = estimating(case, "thermal_conductivity", "heat_capacity")
        self.plain = self.run_case(self.case)

    def assert_same_estimate(self, log, word="moved by up to"):
        found = self.run_case(self.case, name="odd")
        for name in ("thermal_conductivity", "heat_capacity", "reduced_chi_square"):
            np.testing.assert_array_equal(found.data[name], self.plain.data[name], err_msg=name)
        self.assertEqual(word in found.log, log, found.log)

    def test_axes_that_are_off_by_a_little(self):
        noise = np.random.default_rng(1)
        for what, change, said in (
                ("2 ms early", lambda t: t - 0.002 / 3600, False),
                ("a logger's second", lambda t: t + 1 / 3600, True),
                ("jitter", lambda t: t + noise.uniform(-40, 40, len(t)) / 3600, True)):
            for name in ("weather.nc", "observed.nc"):
                with self.subTest(what=what, file=name):
                    kept = (self.folder / name).read_bytes()
                    scale = 3600 if name == "observed.nc" else 1  # which is in seconds
                    rewrite(self.folder / name, with_times(lambda t: scale * change(t / scale)))
                    self.assert_same_estimate(said)
                    (self.folder / name).write_bytes(kept)

    def test_the_gregorian_calendars_agree(self):
        def other(data):
            data.time.attrs["calendar"] = "proleptic_gregorian"
        rewrite(self.folder / "observed.nc", other)
        self.assert_same_estimate(False)

    def test_single_precision_days(self):
        days = 11109  # from 1971-01-01 to 2001-06-01
        rewrite(self.folder / "weather.nc", with_times(
            lambda t: days + t / 24, "float32", "days since 1971-01-01"))
        self.assert_same_estimate(True)

    def test_gaps_do_not_matter(self):
        """A month without records between them is a whole number of intervals."""
        rewrite(self.folder / "weather.nc", with_times(
            lambda t: np.where(t < 0, t - 720, t) + 1 / 3600))
        self.assert_same_estimate(True)


class AxesOfTheirOwn(GlebeTest):
    def test_every_variable_has_its_own_times(self):
        """Half-hourly temperature beside hourly radiation is that of the hours, interpolated."""
        self.write_weather()
        case = site_case("forward", ("soil_temperature", 0.05))
        plain = self.run_case(case).data
        with xr.open_dataset(self.folder / "weather.nc", decode_cf=False) as file:
            data = file.load()
        half = np.arange(-6, 78.25, 0.5)
        air = np.interp(half, data.time.values, data.Tair.values)
        data = data.drop_vars("Tair").assign(Tair=(("time_of_air",), air, {"units": "K"}))
        data = data.assign_coords(time_of_air=("time_of_air", half, data.time.attrs))
        data.to_netcdf(self.folder / "weather.nc")
        other = self.run_case(case, name="other").data
        # The air is kept in single precision, 3e-5 K.
        np.testing.assert_allclose(other.soil_temperature_5cm, plain.soil_temperature_5cm,
                                   atol=1e-4, rtol=0)

    def test_input_groups_and_patterns(self):
        """One variable, one file, one stamp; files by pattern in the order of their times."""
        self.write_weather()
        case = site_case("forward", ("soil_temperature", 0.05), forcing={"stamp": "end"})
        plain = self.run_case(case).data
        all_of_it = weather(HOURS)
        for name, part in (("b", HOURS < 30), ("a", HOURS >= 30)):
            write_series(self.folder / f"sun_{name}.nc", HOURS[part] - 1,
                         {"rsds": (all_of_it["SWdown"][0][part], "W m-2")})
        case["input"] = [{"name": "shortwave", "file": "sun_?.nc", "variable": "rsds",
                          "stamp": "start"}]
        rewrite(self.folder / "weather.nc", lambda data: data.drop_vars("SWdown"))
        self.assert_same_results(self.run_case(case, name="other").data, plain,
                                 ["soil_temperature_5cm", "surface_temperature"])
        units = all_of_it["SWdown"][0]
        part = HOURS >= 30
        write_series(self.folder / "sun_a.nc", HOURS[part] - 1,
                     {"rsds": (units[part] / 1000, "kW m-2")}, since="2001-06-01 00:00:00")
        np.testing.assert_allclose(
            self.run_case(case, name="units").data.soil_temperature_5cm,
            plain.soil_temperature_5cm, atol=1e-4, rtol=0)

    def test_levels(self):
        self.write_weather()
        case = site_case("forward", ("soil_temperature", 0.05))
        plain = self.run_case(case).data
        names = ["soil_temperature_5cm", "surface_temperature"]

        def stack(data):
            both = xr.concat([data.Tair + 20, data.Tair], "height").transpose("time", "height")
            data["Tair"] = both.assign_attrs(units="K")
            data["PSurf"] = data.PSurf.expand_dims("ensemble", 1).assign_attrs(units="Pa")
            return data.assign_coords(height=("height", [10.0, 2.0], {"units": "m"}))
        rewrite(self.folder / "weather.nc", stack)
        for level in ("height(2)", "height = 2"):
            with self.subTest(level=level):
                case["forcing"]["level"] = level
                self.assert_same_results(self.run_case(case, name="level").data, plain, names)
        del case["forcing"]["level"]
        done = self.glebe(self.write_case(case, "none"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("dimension 'height' of length 2", done.stderr)


class SumsSinceMidnight(GlebeTest):
    def test_the_first_record_may_belong_to_the_day_before(self):
        """The sum at 0 h is over the last hour before the window, and not needed."""
        hours = np.arange(0, 73)
        write_series(self.folder / "weather.nc", hours, weather(hours))
        case = site_case("forward", ("soil_temperature", 0.05), forcing={"stamp": "end"})
        plain = self.run_case(case).data

        def sums(data):
            values = 3600 * data.SWdown.values
            for i in range(1, len(values)):
                values[i] += values[i - 1] if hours[i] % 24 != 1 else 0
            data["SWdown"] = ("time", values, {"units": "J m-2"})
        rewrite(self.folder / "weather.nc", sums)
        case["input"] = [{"name": "shortwave", "accumulation": "since_midnight"}]
        found = self.run_case(case, name="sums").data
        np.testing.assert_allclose(found.surface_temperature, plain.surface_temperature, atol=1e-3,
                                   rtol=0)  # sums of a day in single precision


class Refused(RefusalTest):
    def test_irregular_means(self):
        self.edit("weather.nc", with_times(lambda t: t + 0.3 * np.sin(t)))
        self.case["forcing"]["stamp"] = "end"
        self.assert_refused("weather.nc", "irregular", "stamp = 'end'")
        self.case["forcing"]["stamp"] = "instant"
        self.assertEqual(self.glebe("--check", self.write_case(self.case)).returncode, 0)

    def test_amounts_need_an_interval(self):
        def joules(data):
            data["SWdown"] = (data.SWdown * 3600).assign_attrs(units="J m-2")
        self.edit("weather.nc", joules)
        self.assert_refused("weather.nc", "SWdown", "J m-2", "interval is not known")

    def test_bounds_against_the_stamp(self):
        def bound(data):
            data.time.attrs["bounds"] = "time_bounds"
            t = data.time.values
            data["time_bounds"] = (("time", "nv"), np.stack([t, t + 1], 1))
        self.edit("weather.nc", bound)
        self.case["forcing"]["stamp"] = "end"
        self.assert_refused("bounds of 'time'", "stamp = 'end'")
        self.case["forcing"]["stamp"] = "file"
        self.assertEqual(self.glebe("--check", self.write_case(self.case)).returncode, 0)

    def test_bounds_that_do_not_hold_their_stamps(self):
        """One of them is shifted: which, only the sun can tell."""
        def bound(data):
            data.time.attrs["bounds"] = "time_bounds"
            t = data.time.values
            data["time_bounds"] = (("time", "nv"), np.stack([t - 3, t - 2], 1))
        self.edit("weather.nc", bound)
        self.case["forcing"]["stamp"] = "end"
        done = self.glebe("--check", self.write_case(self.case))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("warning: weather.nc: the bounds of 'time' are not used", done.stdout)

    def test_extremes_are_no_means(self):
        def extreme(data):
            data.Tair.attrs["cell_methods"] = "area: mean time: maximum"
        self.edit("weather.nc", extreme)
        self.assert_refused("'Tair'", "the maximum over time")

    def test_bounds_of_another_length(self):
        def bound(data):
            data.time.attrs["bounds"] = "time_bounds"
            t = data.time.values
            data["time_bounds"] = (("time", "nv"), np.stack([t - 0.5, t], 1))
        self.edit("weather.nc", bound)
        self.case["forcing"].update(stamp="end", interval=3600)
        self.assert_refused("bounds of 'time'", "interval = 3600")

    def test_means_over_intervals_of_two_lengths(self):
        self.case["forcing"]["stamp"] = "end"
        self.edit("weather.nc", lambda data: data.isel(
            time=[*range(40), *range(42, data.sizes["time"], 3)]))
        self.assert_refused("3600 s apart, but 10800 s")
        self.write_inputs()
        self.case["forcing"]["interval"] = 7200
        self.assert_refused("overlap")

    def test_fractions_of_something_else(self):
        self.case["surface"] = {"turbulence": "humidity"}
        self.case["parameter"].append({"name": "latent_transfer", "value": 8.0})
        self.edit("weather.nc", lambda data: data.Qair.attrs.update(units="mmol/mol"))
        self.assert_refused("'Qair'", "molar fraction")

    def test_levels_are_not_stations(self):
        self.write_soil({"soil_temperature_5cm": (np.full((73, 4), 293.0), "K")},
                        dimensions=["levgrnd"])
        self.assert_refused("soil.nc", "'levgrnd' of length 4", "level = ")

    def test_no_stamp_in_the_file(self):
        self.case["forcing"]["stamp"] = "file"
        self.assert_refused("cell_methods", "give its stamp")

    def test_not_a_sum_since_midnight(self):
        self.case["forcing"]["stamp"] = "end"
        self.case["input"] = [{"name": "shortwave", "accumulation": "since_midnight"}]
        self.edit("weather.nc", lambda data: data.SWdown.attrs.update(units="kJ m-2"))
        self.assert_refused("SWdown", "is not a sum since midnight")

    def test_patterns_names_and_levels(self):
        self.case["input"] = [{"name": "shortwave", "file": "none_*.nc"}]
        self.assert_refused("&input file = 'none_*.nc'", "no file has such a name")
        self.case["input"] = [{"name": "shortwav"}]
        self.assert_refused("&input name = 'shortwav'", "did you mean 'shortwave'")
        self.case["input"] = [{"name": "shortwave"}, {"name": "shortwave"}]
        self.assert_refused("already given at")
        self.case["forcing"]["level"] = "hight = 2"
        self.case["input"] = []
        self.assert_refused("&forcing level = 'hight = 2'", "no variable of the forcing")
        del self.case["forcing"]["level"]
        self.case["input"] = [{"name": "shortwave", "level": "height"}]
        self.assert_refused("&input level = 'height'", "height(1)")

    def test_parameters_need_units(self):
        self.edit("weather.nc", lambda data: data.assign(thermal_conductivity=((), 1.2)))
        conductivity = next(group for group in self.case["parameter"]
                            if group["name"] == "thermal_conductivity")
        del conductivity["value"]
        conductivity["file"] = "weather.nc"
        self.assert_refused("thermal_conductivity", "has no units")


if __name__ == "__main__":
    unittest.main()
