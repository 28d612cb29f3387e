# SPDX-License-Identifier: BSD-3-Clause
"""Errors of the inputs and of the sensors as unknowns: what was wrong in a twin's data is found, its
standard deviation enters those of the other parameters, and what cannot be served is refused."""
import copy
import unittest

import numpy as np

from refusal import RefusalTest
from support import (TRUTH, GlebeTest, estimating, group_of, parameters, rewrite, site_case, weather,
                     write_series)

SHALLOW, DEEP = ("soil_temperature", 0.05), ("soil_temperature", 0.2)
FIVE, TWENTY = "soil_temperature_5cm", "soil_temperature_20cm"


def sensor(name, value, stream=FIVE):
    return {"name": name, "stream": stream, "value": value}


class Weather(GlebeTest):
    SCALES, ERRORS = np.array([0.95, 1.04]), np.array([0.8, -0.5])

    def write_wrong_weather(self):
        """A twin at two stations, and then what wrong sensors saw of their weather."""
        hours = range(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (2,)), ("station",))
        twin = self.write_truth(SHALLOW, DEEP, "longwave_up")

        def change(data):
            data.SWdown[:] = data.SWdown.values / self.SCALES
            data.Tair[:] = data.Tair.values - self.ERRORS

        rewrite(self.folder / "weather.nc", change)
        return twin

    def estimate(self, twin):
        case = estimating(twin, "thermal_conductivity", sigma=0.01)
        case["input"] = [{"name": "shortwave", "scale_std": 0.1},
                         {"name": "air_temperature", "bias_std": 1.0}]
        return case

    def test_what_the_sensors_of_the_weather_had_wrong_is_found(self):
        case = self.estimate(self.write_wrong_weather())
        run = self.run_case(case, name="found")
        # The observations are exact, but the priors pull a little.
        np.testing.assert_allclose(run.data.shortwave_scale, self.SCALES, rtol=1e-4)
        np.testing.assert_allclose(run.data.air_temperature_bias, self.ERRORS, rtol=1e-3)
        self.assert_found(run.data, {"thermal_conductivity": TRUTH["thermal_conductivity"]}, 1e-4)
        self.assertIn("shortwave_scale", run.data.control.names)
        self.assertEqual(run.data.air_temperature_bias.units, "K")
        self.assert_same_results(run.data, self.run_case(case, name="ranks", ranks=2).data)

    def test_knots_in_time_and_derivatives(self):
        self.write_weather()
        truth = {**TRUTH, "shortwave_scale": 1.05, "air_temperature_bias": -0.7}
        twin = self.write_truth(SHALLOW, DEEP, "longwave_up", truth=truth)
        case = estimating(twin, "thermal_conductivity", sigma=0.01)
        group_of(case, "shortwave_scale").update(
            value=1.0, estimate=True, lower=0.7, upper=1.3, prior_std=0.2, time="linear",
            knot_interval=24.0, time_std=0.1)
        group_of(case, "air_temperature_bias").update(
            value=0.0, estimate=True, lower=-5, upper=5, prior_std=3.0, time="steps",
            knot_interval=24.0)
        run = self.run_case(case, name="found")
        np.testing.assert_allclose(run.data.shortwave_scale, 1.05, rtol=2e-3)
        np.testing.assert_allclose(run.data.air_temperature_bias, -0.7, rtol=2e-2)
        case["run"]["mode"] = "gradient_test"
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_albedo_is_no_better_known_than_the_radiation(self):
        twin = self.write_truth(SHALLOW, DEEP)
        case = estimating(twin, "albedo")
        alone = self.run_case(case, name="alone").data
        case["input"] = [{"name": "shortwave", "scale_std": 0.03}]
        run = self.run_case(case, name="with")
        # Only (1 - albedo) shortwave_scale is seen: what the scale does not say adds to the rest.
        share = (1 - run.data.albedo) / run.data.shortwave_scale * 0.03
        np.testing.assert_allclose(run.data.albedo_std, np.hypot(alone.albedo_std, share), rtol=0.02)


class Sensors(GlebeTest):
    def wrong_sensors(self, **options):
        """A twin whose sensors are not where they are said to be, and are wrong."""
        self.write_weather()
        case = site_case("twin", SHALLOW, DEEP, "surface_temperature", **options)
        case["parameter"] += [sensor("sensor_depth", 0.056), sensor("sensor_bias", 0.4),
                              sensor("sensor_bias", -0.3, TWENTY)]
        self.run_case(case, name="truth")
        return case

    def estimate(self, twin, *names, sigma=0.01, **errors):
        case = estimating(twin, *names, sigma=sigma)
        case["parameter"] = [one for one in case["parameter"] if "stream" not in one]
        for stream, error in zip(case["observation"], errors.values()):
            stream.update(error)
        return case

    ERRORS = {"five": {"depth_std": 0.01, "bias_std": 1.0}, "twenty": {"bias_std": 1.0}}

    def test_depth_and_errors_of_sensors_are_found(self):
        case = self.estimate(self.wrong_sensors(), "thermal_conductivity", **self.ERRORS)
        run = self.run_case(case, name="found")
        result = run.data
        np.testing.assert_allclose(result[f"sensor_depth_{FIVE}"], 0.056, atol=2e-5)
        np.testing.assert_allclose(result[f"sensor_bias_{FIVE}"], 0.4, atol=2e-3)
        np.testing.assert_allclose(result[f"sensor_bias_{TWENTY}"], -0.3, atol=2e-3)
        self.assertEqual(result[f"sensor_depth_{FIVE}"].units, "m")
        self.assertEqual(result[f"sensor_bias_{FIVE}_std"].units, "K")
        self.assertNotIn(f"sensor_depth_{TWENTY}", result)
        self.assertEqual(result.control.names.split()[-3:],
                         [f"sensor_depth_{FIVE}", f"sensor_bias_{FIVE}", f"sensor_bias_{TWENTY}"])
        self.assertRegex(run.log, rf"sensor_bias_{FIVE}: determined, 0.40.* K")
        for ranks in 2, 3:
            self.assert_same_results(result, self.run_case(case, name="ranks", ranks=ranks).data)

    def test_derivatives_in_every_column(self):
        twin = self.wrong_sensors()
        for soil in "constant", "freezing":
            case = self.estimate(twin, "albedo", **self.ERRORS)
            if soil == "freezing":
                case["soil"]["properties"] = soil
                case["parameter"] = parameters({"water_content": 0.2}) + [
                    one for one in case["parameter"]
                    if one["name"] not in ("thermal_conductivity", "heat_capacity")]
            case["parameter"].append({**sensor("sensor_bias", 0.1, "surface_temperature"),
                                      "estimate": True, "lower": -2, "upper": 2, "time": "linear",
                                      "knot_interval": 24.0})
            case["run"]["mode"] = "gradient_test"
            done = self.glebe(self.write_case(case))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_methods_for_all_columns_together_agree(self):
        case = self.estimate(self.wrong_sensors(), "thermal_conductivity", **self.ERRORS)
        by_column = self.run_case(case, name="newton").data
        for gradient in "tangent_linear", "adjoint":
            case["optimizer"] = {"method": "bntr", "gradient": gradient}
            result = self.run_case(case, name=gradient).data
            for name in f"sensor_depth_{FIVE}", f"sensor_bias_{TWENTY}", "thermal_conductivity":
                np.testing.assert_allclose(result[name], by_column[name], rtol=1e-5)

    def test_what_is_said_again_changes_no_bit(self):
        self.write_weather()
        plain = site_case("forward", SHALLOW, DEEP, ("ground_heat_flux", 0.08))
        said = copy.deepcopy(plain)
        said["parameter"] += [sensor("sensor_depth", 0.05), sensor("sensor_bias", 0.0, TWENTY),
                              {"name": "sensor_depth", "stream": "ground_heat_flux_8cm"}]
        a, b = (self.run_case(case, name=name).data for case, name in ((plain, "a"), (said, "b")))
        self.assert_same_results(a, b, [FIVE, TWENTY, "ground_heat_flux_8cm"])
        self.assertEqual(float(b["sensor_depth_ground_heat_flux_8cm"]), 0.08)

    def test_their_uncertainty_is_that_of_the_soil_too(self):
        twin = self.write_truth(SHALLOW, DEEP)
        names = "thermal_conductivity", "heat_capacity"

        def stds(name, **errors):
            result = self.run_case(self.estimate(twin, *names, sigma=0.1, **errors), name=name).data
            return np.array([float(result[f"{one}_std"]) for one in names])

        alone = stds("alone")
        known = stds("known", five={"depth_std": 1e-7}, twenty={"depth_std": 1e-7})
        unknown = stds("unknown", five={"depth_std": 0.005}, twenty={"depth_std": 0.005})
        np.testing.assert_allclose(known, alone, rtol=1e-5)
        self.assertTrue((unknown > 2 * alone).all(), (unknown, alone))

    def test_designs_know_of_them(self):
        self.write_weather()
        case = site_case("design", SHALLOW, DEEP)
        for stream in case["observation"]:
            stream["sigma"] = 0.1
        for name in "thermal_conductivity", "heat_capacity":
            low, high = {"thermal_conductivity": (0.1, 4), "heat_capacity": (5e5, 5e6)}[name]
            group_of(case, name).update(estimate=True, lower=low, upper=high)
        case["design"] = [{"name": "both"}]
        alone = self.run_case(case, name="alone").data
        case["observation"][0]["depth_std"] = 0.005
        result = self.run_case(case, name="with").data
        self.assertGreater(float(result.heat_capacity_std[0]), 2 * float(alone.heat_capacity_std[0]))
        self.assertIn(f"sensor_depth_{FIVE}_std", result)

    def test_errors_from_a_file_are_differences(self):
        hours = range(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (2,)), ("station",))
        case = site_case("forward", SHALLOW)
        plain = self.run_case(case, name="plain").data
        write_series(self.folder / "errors.nc", [0], {"bias": ([[0.5, -0.25]], "degC")}, ("station",))
        rewrite(self.folder / "errors.nc", lambda data: data.isel(time=0, drop=True))
        case["parameter"].append({"name": "sensor_bias", "stream": FIVE, "file": "errors.nc",
                                  "variable": "bias"})
        result = self.run_case(case, name="biased").data
        difference = result[FIVE].values - plain[FIVE].values
        np.testing.assert_allclose(difference, np.broadcast_to([0.5, -0.25], difference.shape),
                                   atol=1e-12)


class Refusals(RefusalTest):
    def test_errors_that_an_input_does_not_have(self):
        self.case["input"] = [{"name": "shortwave", "bias_std": 3.0},
                              {"name": "air_temperature", "scale_std": 0.1}]
        self.assert_refused("&input bias_std: only for longwave and air_temperature; for shortwave "
                            "give scale_std",
                            "&input scale_std: only for shortwave; for air_temperature give bias_std")

    def test_shortwave_radiation_that_is_not_an_input(self):
        self.case["forcing"]["net_radiation"] = "Rnet"
        self.case["input"] = [{"name": "shortwave", "scale_std": 0.1}]
        self.assert_refused("'shortwave_scale': not used by this model, only with shortwave and "
                            "longwave radiation, not with &forcing net_radiation")

    def test_twice(self):
        self.case["input"] = [{"name": "longwave", "bias_std": 3.0}]
        self.case["parameter"] += [{"name": "longwave_bias", "value": 0}, sensor("sensor_bias", 0.1)]
        self.case["observation"][0]["bias_std"] = 0.5
        self.assert_refused("'longwave_bias': given twice",
                            f"'sensor_bias': given twice for stream '{FIVE}'")

    def test_streams(self):
        self.case["parameter"] += [{"name": "sensor_bias", "value": 0.1},
                                   sensor("sensor_bias", 0.1, "soil_temperature_6cm"),
                                   {"name": "emissivity", "value": 0.9, "stream": FIVE}]
        self.assert_refused("&parameter stream: required for sensor_bias",
                            "&parameter stream = 'soil_temperature_6cm': no such &observation (did "
                            f"you mean '{FIVE}'?)",
                            "&parameter stream: emissivity does not belong to a stream")

    def test_depths(self):
        self.case["observation"].append({"kind": "longwave_up", "depth_std": 0.01})
        self.case["parameter"].append(sensor("sensor_depth", 0.9))
        self.assert_refused("&observation depth_std: kind = 'longwave_up' has no depth",
                            "&parameter value = 0.9: must be within the soil, 0 to 0.8 m")

    def test_streams_that_are_not_fitted(self):
        self.case["observation"].append(
            {"kind": "longwave_up", "file": "soil.nc", "variable": "soil_temperature_5cm",
             "stamp": "instant", "withhold": True, "bias_std": 4.0})
        self.case["observation"].append({"kind": "sensible_heat", "bias_std": 4.0})
        self.assert_refused("sensor_bias cannot be estimated from stream 'longwave_up', which is "
                            "withheld",
                            "sensor_bias cannot be estimated from stream 'sensible_heat', which has "
                            "no file")

    def test_names_of_results(self):
        self.case["observation"][0]["name"] = "soil_std"
        self.case["observation"][0]["bias_std"] = 0.3
        self.case["observation"].append({"kind": "longwave_up", "name": "sensor_bias_x"})
        self.assert_refused("&observation stream = 'soil_std': the name of a stream whose sensor has "
                            "parameters must not end with '_std'",
                            "'sensor_bias_x': is the name of another variable of the result")


if __name__ == "__main__":
    unittest.main()
