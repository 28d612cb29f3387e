# SPDX-License-Identifier: BSD-3-Clause
"""Files that are damaged, or hold something else than they should, are refused with status 2, by
file and variable."""
import unittest

import numpy as np

from refusal import RefusalTest, line_of
from support import group_of, weather, write_series


class WrongData(RefusalTest):
    # The forcing

    def test_missing_file(self):
        self.case["forcing"]["file"] = "absent.nc"
        self.assert_refused("absent.nc", "no such file", ranks=(1, 2), earlier=False)

    def test_missing_variable(self):
        self.case["forcing"]["air_temperature"] = "Tari"
        self.assert_refused("weather.nc", "'Tari'", "'Tair'", ranks=(1, 2))

    def test_no_longwave_radiation(self):
        self.edit("weather.nc", lambda data: data.drop_vars("LWdown"))
        self.assert_refused("weather.nc", "'LWdown'", "longwave_model", "longwave_constant",
                            "net_radiation", "longwave_bias")

    def test_wrong_units(self):
        self.edit("weather.nc", lambda data: data.Tair.attrs.update(units="W m-2"))
        self.assert_refused("weather.nc", "'Tair'", "'W m-2'", "'K'")

    def test_missing_units(self):
        self.edit("weather.nc", lambda data: data.LWdown.attrs.pop("units") and None)
        self.assert_refused("weather.nc", "'LWdown'", "units")

    def test_window_outside_the_data(self):
        self.case["time"]["stop"] = "2001-06-10"
        self.assert_refused("weather.nc", "2001-06-04", "2001-06-10", ranks=(1, 2))

    def test_long_gap(self):
        def cut(data):
            data.SWdown[30:36] = -9999.0
        self.edit("weather.nc", cut)
        self.assert_refused("weather.nc", "'SWdown'", "2001-06-02T00:00", "2001-06-02T05:00",
                            "max_gap", ranks=(1, 2))

    def test_implausible_value(self):
        def in_celsius(data):
            data.Tair[:] = data.Tair - 273.15
        self.edit("weather.nc", in_celsius)
        self.assert_refused("weather.nc", "air_temperature", "units", ranks=(1, 2))

    def test_steps_longer_than_the_means(self):
        self.case["forcing"]["stamp"] = "start"
        self.case["time"]["step"] = 7200
        self.assert_refused("weather.nc", "3600", "7200")

    def test_not_netcdf(self):
        (self.folder / "weather.nc").write_text("time, temperature\n0, 293\n")
        self.assert_refused("weather.nc", "not a NetCDF file", ranks=(1, 2))

    def test_truncated_file(self):
        for file_format in ("NETCDF4", "NETCDF3_64BIT"):
            self.write_weather(file_format=file_format)
            whole = (self.folder / "weather.nc").read_bytes()
            (self.folder / "weather.nc").write_bytes(whole[:len(whole) // 2])
            with self.subTest(file_format=file_format):
                self.assert_refused("weather.nc", "truncated", ranks=(1, 2))

    def test_empty_mask(self):
        write_series(self.folder / "mask.nc", [0], {"mask": ([0.0], None)})
        self.case["grid"] = {"mask_file": "mask.nc", "mask_variable": "mask"}
        self.assert_refused("mask", "no column", ranks=(1, 2))

    # The observations

    def test_no_observation_in_the_window(self):
        self.write_soil({"soil_temperature_5cm": (np.full(73, 293.0), "K")},
                        np.arange(1000, 1073))
        self.assert_refused("case.nml", "no observation", "2001-06-01", "2001-06-04", ranks=(1, 2))

    def test_all_observations_missing(self):
        self.write_soil({"soil_temperature_5cm": (np.full(73, np.nan), "K")})
        self.assert_refused("case.nml", "no observation")

    def test_observation_variable(self):
        group_of(self.case, "soil_temperature")["variable"] = "soil_temperature_5mc"
        self.assert_refused("soil.nc", "'soil_temperature_5mc'", "'soil_temperature_5cm'")

    def test_observation_units(self):
        for units in ("Pa", "degrees of frost"):
            self.write_soil({"soil_temperature_5cm": (np.full(73, 293.0), units)})
            self.assert_refused("soil.nc", "'soil_temperature_5cm'", f"'{units}'", "'K'")

    def test_observations_on_another_grid(self):
        hours = range(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (3,)), dimensions=["x"])
        self.write_soil({"soil_temperature_5cm": (np.full((73, 4), 293.0), "K")}, dimensions=["x"])
        self.assert_refused("soil.nc", "'soil_temperature_5cm'", "(x = 4)", "(x = 3)", ranks=(1, 2))

    def test_all_problems_at_once(self):
        """Three bad files are three problems, and so are three bad variables."""
        for name in ("weather.nc", "soil.nc"):
            (self.folder / name).unlink()
        group_of(self.case, "emissivity").pop("value")
        group_of(self.case, "emissivity")["file"] = "maps.nc"
        for options in ([], ["--check"]):
            said = self.assert_refused("weather.nc: no such file", "soil.nc: no such file",
                                       "maps.nc: no such file", ranks=(1, 2), options=options)
            self.assertEqual(said.count("no such file"), 3)
        self.write_inputs()
        del group_of(self.case, "emissivity")["file"]
        group_of(self.case, "emissivity")["value"] = 0.96
        self.edit("weather.nc", lambda data: [data[name].attrs.update(units="furlong")
                                              for name in ("SWdown", "Tair")] and data)
        self.edit("soil.nc", lambda data: data.soil_temperature_5cm.attrs.update(units="furlong"))
        self.assert_refused("'SWdown'", "'Tair'", "'soil_temperature_5cm'", ranks=(1, 2))

    def test_interval_longer_than_spacing(self):
        group_of(self.case, "soil_temperature").update(stamp="end", interval=7200)
        self.assert_refused(line_of(self.case, "interval"), "&observation interval", "7200")

    def test_missing_companions(self):
        for key in ("sigma_variable", "qc_variable"):
            self.case["observation"] = [{"kind": "soil_temperature", "depth": 0.05,
                                         "file": "soil.nc", "stamp": "instant", key: "absent"}]
            if key == "qc_variable":
                self.case["observation"][0]["sigma"] = 0.1
            with self.subTest(key=key):
                self.assert_refused("soil.nc", "'absent'")

    # Parameters from files

    def test_parameter_file(self):
        hours = np.arange(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (3,)), ["x"])
        self.write_soil({"soil_temperature_5cm": (np.full((73, 3), 293.0), "K")}, dimensions=["x"])
        group = group_of(self.case, "heat_capacity")
        del group["value"]
        group.update(file="maps.nc", variable="C")
        for values, words in (([2e6, np.nan, 2e6], ["missing", "x=1"]),
                              ([2e6, 2e6, -1.0], ["-1", "x=2"]), ([2e6, 2e6], ["(x = 2)", "(x = 3)"])):
            write_series(self.folder / "maps.nc", [0], {"other": ([0.0], None)})
            self.edit("maps.nc", lambda data: data.assign(
                C=("x", np.array(values), {"units": "J m-3 K-1"})))
            with self.subTest(values=values):
                self.assert_refused("maps.nc", "'C'", *words, ranks=(1, 2))

    # How parameters vary in space and time

    def estimate_on_a_grid(self, **keys):
        """The case on 2 x 3 columns; heat_capacity is estimated as `keys` say."""
        hours = np.arange(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (2, 3)), ["y", "x"])
        self.write_soil({"soil_temperature_5cm": (np.full((73, 2, 3), 293.0), "K")},
                        dimensions=["y", "x"])
        write_series(self.folder / "maps.nc", [0], {"other": ([0.0], None)})
        self.vary(lower=1e6, upper=3e6, estimate=True, **keys)

    def vary(self, **keys):
        group_of(self.case, "heat_capacity").update(keys)

    def test_region_maps(self):
        self.estimate_on_a_grid(space="region", region_file="maps.nc", region_variable="soil")
        for values, words in (([[1, 1, 2], [2, np.nan, 1]], ["missing", "y=1, x=1", "class"]),
                              ([[1, 1, 2], [2, 1, 1.5]], ["1.5", "y=1, x=2", "whole"]),
                              ([[1, 1], [2, 2]], ["(b = 2, a = 2)", "(y = 2, x = 3)"])):
            write_series(self.folder / "maps.nc", [0], {"other": ([0.0], None)})
            self.edit("maps.nc", lambda data: data.assign(soil=(("a", "b"), np.array(values))))
            with self.subTest(values=values):
                self.assert_refused("maps.nc", "'soil'", *words, ranks=(1, 2))
        self.vary(region_variable="soli")
        self.assert_refused("maps.nc", "'soli'", "'soil'")
        self.vary(region_file="absent.nc")
        self.assert_refused("absent.nc", "no such file", ranks=(1, 2))

    def test_flag_meanings(self):
        self.estimate_on_a_grid(space="region", region_file="maps.nc", region_variable="soil")
        for meanings, words in (("sand loam", ["2 flag_meanings", "3 flag_values"]),
                                ("sand loam sand", ["flag_meanings", "'sand' twice"])):
            attributes = {"flag_values": np.array([1, 2, 3], "i4"), "flag_meanings": meanings}
            write_series(self.folder / "maps.nc", [0], {"other": ([0.0], None)})
            self.edit("maps.nc", lambda data: data.assign(
                soil=(("y", "x"), np.ones((2, 3), "i4"), attributes)))
            with self.subTest(meanings=meanings):
                self.assert_refused("maps.nc", "'soil'", *words, ranks=(1, 2))

    def test_smoothness_needs_a_grid(self):
        self.vary(lower=1e6, upper=3e6, estimate=True, prior_std=5e5, correlation_length=10.0)
        for options in ([], ["--check"]):
            self.assert_refused(line_of(self.case, "correlation_length"),
                                "two horizontal dimensions", "one site", options=options)

    def test_knots(self):
        self.vary(time="steps", knots=["2001-06-01", "2001-06-05"])
        self.assert_refused(line_of(self.case, "knots ="), "2001-06-05", "used in no step",
                            ranks=(1, 2))
        self.vary(knots=["2001-06-01", "2001-06-31"])
        self.assert_refused(line_of(self.case, "knots ="), "2001-06-31", "30 days")
        self.vary(knots=["2001-06-01", "2001-06-02"], value=[2e6, 2e6, 2e6])
        self.assert_refused(line_of(self.case, "value = 2000000.0, "), "3 values for 2 knots")
        self.vary(knots="monthly")
        self.assert_refused(line_of(self.case, "value = 2000000.0, "), "3 values for 1 knot,")


if __name__ == "__main__":
    unittest.main()
