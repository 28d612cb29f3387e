# SPDX-License-Identifier: BSD-3-Clause
"""Series whose every value is believable but which cannot be right are warned of, in the log, by
--check and in the result; series that are right are not."""
import copy
import unittest

import numpy as np

from support import GlebeTest, estimating, rewrite, site_case, weather, write_series

EQUATOR = {"latitude": 0.0, "longitude": 0.0}  # where the sun of the weather stands
RISES = "falls when the sun rises"


def warnings(log):
    return [line.removeprefix("warning: ") for line in log.splitlines()
            if line.startswith("warning: ")]


class WrongSeries(GlebeTest):
    def check(self, case):
        done = self.glebe("--check", self.write_case(case))
        self.assertEqual(done.returncode, 0, done.stderr)
        return warnings(done.stdout)

    def assert_one(self, found, *parts):
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def case(self, site=EQUATOR, **forcing):
        if not (self.folder / "weather.nc").exists():
            self.write_weather()
        return site_case("forward", ("soil_temperature", 0.05), site=site, forcing=forcing)

    def test_series_that_are_right(self):
        run = self.run_case(self.case(wind_east="Wind_E", wind_north="Wind_N"))
        self.assertEqual(warnings(run.log), [])
        self.assertNotIn("input_warnings", run.data.attrs)
        case = self.case()
        del case["site"]
        log = self.run_case(case).log
        self.assertEqual(warnings(log), [])
        self.assertEqual(log.count("are not compared with the sun"), 1)

    def test_local_time(self):
        run = self.run_case(self.case({"latitude": 10.0, "longitude": -105.0}))
        self.assert_one(warnings(run.log), "forcing shortwave (SWdown)", "before solar noon",
                        "local, not UTC (add 7 hours)")
        self.assertEqual(run.data.attrs["input_warnings"], warnings(run.log)[0])

    def test_stamps_of_the_other_end(self):
        # Means over the hour that begins at the stamp.
        hours = np.arange(-6, 79)
        start = {name: (np.asarray(values), units)
                 for name, (values, units) in weather(hours + 0.5).items()}
        write_series(self.folder / "weather.nc", hours, start)
        self.assertEqual(self.check(self.case(stamp="start")), [])
        self.assert_one(self.check(self.case(stamp="end")), "those of 'start', not 'end'",
                        "add 1 hour")
        self.assert_one(self.check(self.case(stamp="instant")), "those of 'start', not 'instant'")

    def test_columns_on_any_number_of_ranks(self):
        hours = np.arange(-6, 79)
        coordinates = {"lat": (("station",), [0.0, 5.0, 8.0, -4.0, 2.0],
                               {"units": "degrees_north"}),
                       "lon": (("station",), [0.0, 15.0, 14.0, 2.0, 1.0],
                               {"units": "degrees_east"})}
        write_series(self.folder / "weather.nc", hours, weather(hours, (5,)), ("station",),
                     coordinates)
        case = site_case("forward", ("soil_temperature", 0.05))
        texts = [self.run_case(case, ranks=n).data.attrs["input_warnings"] for n in (1, 2, 3)]
        self.assertIn("in 2 of 5 columns", texts[0])
        self.assertIn("after solar noon", texts[0])
        self.assertEqual(texts[1:], texts[:1] * 2)

    def test_means_and_extremes(self):
        self.case()
        for variable, factor, text in (("SWdown", 0.001, "never above 20 W m-2"),
                                       ("LWdown", 0.3, "sigma T^4"),
                                       ("Tair", 0.0, "does not change")):
            def change(data, variable=variable, factor=factor):
                data[variable][:] = data[variable] * factor + (290 if factor == 0 else 0)
            rewrite(self.folder / "weather.nc", change, self.folder / "changed.nc")
            self.assert_one(self.check(self.case(file="changed.nc")), text)

    def test_signs(self):
        kinds = ("net_radiation", "turbulent_heat", ("ground_heat_flux", 0.05))
        self.case()
        twin = site_case("twin", *kinds, site=EQUATOR)
        self.run_case(twin, name="truth")
        case = estimating(twin, "albedo", sigma=10)
        self.assertEqual(self.check(case), [])
        for name, sign in (("net_radiation", "downwards"), ("turbulent_heat", "upwards"),
                           ("ground_heat_flux_5cm", "downwards")):
            def turn(data, name=name):
                data[name][:] = -data[name]
            rewrite(self.folder / "observed.nc", turn, self.folder / "turned.nc")
            turned = copy.deepcopy(case)
            for stream in turned["observation"]:
                stream["file"] = "turned.nc"
            self.assert_one(self.check(turned), f"observations {name}", RISES, sign)


if __name__ == "__main__":
    unittest.main()
