# SPDX-License-Identifier: BSD-3-Clause
"""Radiation that is known otherwise than by its two measured parts: longwave radiation with an error
that is estimated, and net radiation in place of both."""
import copy
import unittest

import numpy as np

from support import (TRUTH, GlebeTest, estimating, group_of, parameters, rewrite, site_case, weather,
                     write_series)

STREAMS = ("soil_temperature", 0.02), ("soil_temperature", 0.1)
PARTS = ("albedo", "emissivity")


class LongwaveBias(GlebeTest):
    GUESS = {"longwave_bias": (0.0, -60.0, 60.0), "thermal_conductivity": (0.8, 0.1, 4.0)}

    def estimate(self, twin):
        """The case that estimates the error and a parameter of the soil beside it."""
        case = estimating(twin, "thermal_conductivity", sigma=0.01, **self.GUESS)
        value, lower, upper = self.GUESS["longwave_bias"]
        case["parameter"].append({"name": "longwave_bias", "value": value, "estimate": True,
                                  "lower": lower, "upper": upper, "prior_std": 30.0})
        return case

    def test_what_was_taken_off_the_input_is_found_in_every_column(self):
        hours = range(-6, 79)
        errors = np.array([15.0, -8.0])
        write_series(self.folder / "weather.nc", hours, weather(hours, (2,)), ("station",))
        twin = self.write_truth(*STREAMS)

        def change(data):
            data.LWdown[:] = data.LWdown.values - errors

        rewrite(self.folder / "weather.nc", change)
        run = self.run_case(self.estimate(twin), name="found")
        # The observations are exact, but a prior of 30 W m-2 pulls a little.
        np.testing.assert_allclose(run.data.longwave_bias, errors, rtol=1e-4)
        self.assert_found(run.data, {"thermal_conductivity": TRUTH["thermal_conductivity"]}, 1e-4)

    def test_knots_in_time_and_derivatives(self):
        truth = {**TRUTH, "longwave_bias": 15.0}
        twin = self.write_truth(*STREAMS, truth=truth)
        case = self.estimate(twin)
        case["parameter"] = [one for one in case["parameter"]
                             if one["name"] != "longwave_bias" or "estimate" in one]
        group_of(case, "longwave_bias").update(time="linear", knot_interval=24.0, time_std=10.0)
        run = self.run_case(case, name="found")
        np.testing.assert_allclose(run.data.longwave_bias, 15.0, rtol=1e-3)
        self.assertIn("it takes up every constant error of the heat fluxes", run.log)
        case["run"]["mode"] = "gradient_test"
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class NetRadiation(GlebeTest):
    def forward(self, scheme, step):
        """A run with both parts of the radiation, at every step."""
        case = site_case("forward", *STREAMS, time={"scheme": scheme, "step": step},
                         surface={"turbulence": "humidity"},
                         truth={**TRUTH, "latent_transfer": 8.0})
        return case, self.run_case(case, name="parts").data

    def given_net(self, case, result, name="measured.nc"):
        """The same case under what the run had as net radiation, and a file of that."""
        step = case["time"]["step"] / 3600.0
        hours = np.arange(0, 72 + step / 2, step)
        fields = {key: (np.interp(hours, range(-6, 79), values), units)
                  for key, (values, units) in
                  {key: (values, units) for key, (values, units) in weather(range(-6, 79)).items()
                   if key in ("Tair", "Qair", "PSurf")}.items()}
        fields["Rn"] = (result.net_radiation.values, "W m-2")
        write_series(self.folder / name, hours, fields)
        case = copy.deepcopy(case)
        case["forcing"] = {"file": name, "stamp": "instant", "net_radiation": "Rn"}
        case["parameter"] = [one for one in case["parameter"] if one["name"] not in PARTS]
        return case

    def differences(self, scheme, step):
        """Of temperatures by both ways [K]: the largest, and that of a usual hour after the first day."""
        case, parts = self.forward(scheme, step)
        net = self.run_case(self.given_net(case, parts), name="net").data
        self.assertNotIn("longwave_up", net)
        self.assertNotIn("radiometric_temperature", net)
        difference = np.array([net[name] - parts[name]
                               for name in ("soil_temperature_2cm", "surface_temperature")])
        settled = difference[:, difference.shape[1] // 3:]
        return np.abs(difference).max(), np.sqrt(np.mean(settled**2))

    def test_gives_the_temperatures_that_it_came_from(self):
        self.write_weather()
        # Stages at the ends of the steps only, where net radiation is known: what is left is forcing in
        # single precision, 3e-5 W m-2 of 500, over the 14 W m-2 K-1 of the air at the least.
        self.assertLess(self.differences("crank_nicolson", 1800)[0], 1e-5)
        # A stage within the step sees net radiation linear between the ends: second order in the step
        # where it is smooth, and 1.5 behind the kinks of hourly weather and the start. It is 7e-4 K
        # here, and a third of that at half the step.
        coarse, fine = self.differences("sdirk2", 1800)[1], self.differences("sdirk2", 900)[1]
        self.assertLess(coarse, 2e-3)
        self.assertLess(fine, coarse / 2**1.5)

    def test_estimates_and_derivatives(self):
        self.write_weather()
        case, parts = self.forward("sdirk2", 3600)
        twin = self.given_net(case, parts)
        twin["run"]["mode"], twin["twin"] = "twin", {"file": "observed.nc"}
        self.run_case(twin, name="truth")
        estimated = "thermal_conductivity", "heat_transfer"
        linear = estimating(twin, *estimated)
        self.assert_found(self.run_case(linear, name="found").data,
                          {name: TRUTH[name] for name in estimated})
        freezing = copy.deepcopy(linear)
        freezing["soil"]["properties"] = "freezing"
        freezing["parameter"] = parameters({"water_content": 0.2}) + [
            one for one in freezing["parameter"]
            if one["name"] not in ("thermal_conductivity", "heat_capacity")]
        for soil in linear, freezing:
            soil["run"]["mode"] = "gradient_test"
            done = self.glebe(self.write_case(soil))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
