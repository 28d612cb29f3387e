# SPDX-License-Identifier: BSD-3-Clause
"""Columns between sensors: driven by what is measured at their ends. The data are those of a wave
that goes down into a half-space, T = T_m + A exp(-z/d) sin(w t - z/d) with d = sqrt(2 D / w), whose
heat flux is known as well."""
import unittest

import numpy as np

from support import GlebeTest, namelist_text, write_series

CONDUCTIVITY, CAPACITY = 0.9, 1.8e6
MEAN, AMPLITUDE, FREQUENCY = 290.0, 9.0, 2 * np.pi / 86400
DAMPING = np.sqrt(2 * CONDUCTIVITY / CAPACITY / FREQUENCY)
TOP, MIDDLE, BOTTOM = 0.05, 0.15, 0.40
HOURS = np.arange(0, 96.001, 1 / 6)


def temperature(z, hours=HOURS):
    phase = FREQUENCY * 3600 * np.asarray(hours) - z / DAMPING
    return MEAN + AMPLITUDE * np.exp(-z / DAMPING) * np.sin(phase)


def heat_flux(z, hours=HOURS):
    """-lambda dT/dz."""
    phase = FREQUENCY * 3600 * np.asarray(hours) - z / DAMPING
    return (CONDUCTIVITY * AMPLITUDE / DAMPING * np.exp(-z / DAMPING)
            * (np.sin(phase) + np.cos(phase)))


class SensorTest(GlebeTest):
    def setUp(self):
        super().setUp()
        self.write_sensors()

    def write_sensors(self, top_error=0.0, **options):
        write_series(self.folder / "sensors.nc", HOURS, {
            "T_top": (temperature(TOP) + top_error, "K"),
            "T_middle": (temperature(MIDDLE), "K"),
            "T_bottom": (temperature(BOTTOM) - 273.15, "degC"),
            "G_top": (heat_flux(TOP), "W m-2"), "G_bottom": (heat_flux(BOTTOM), "W m-2")}, **options)

    def case(self, mode="estimate", top="T_top", bottom="T_bottom", estimate=("heat_capacity",)):
        def end(name, variable, depth):
            kind = "flux" if variable.startswith("G") else "temperature"
            return {"end": name, "kind": kind, "depth": depth, "file": "sensors.nc",
                    "variable": variable, "stamp": "instant"}
        knots = np.linspace(TOP, BOTTOM, 15)
        parameters = [{"name": "thermal_conductivity", "value": CONDUCTIVITY},
                      {"name": "heat_capacity", "value": CAPACITY},
                      {"name": "initial_temperature", "depth": list(map(float, knots)),
                       "value": list(map(float, temperature(knots, 0.0)))}]
        bounds = {"thermal_conductivity": (0.6, 0.1, 4.0), "heat_capacity": (1.2e6, 5e5, 5e6)}
        for parameter in parameters:
            if parameter["name"] in estimate:
                guess, lower, upper = bounds[parameter["name"]]
                parameter.update(value=guess, lower=lower, upper=upper, estimate=True)
        return {"run": {"mode": mode},
                "time": {"start": "2001-06-01", "stop": "2001-06-05", "step": 600},
                "soil": {"nodes": 36, "initial": "profile"},
                "boundary": [end("top", top, TOP), end("bottom", bottom, BOTTOM)],
                "observation": [{"kind": "soil_temperature", "depth": MIDDLE, "file": "sensors.nc",
                                 "variable": "T_middle", "stamp": "instant", "sigma": 0.01}],
                "parameter": parameters}


class MeasuredEnds(SensorTest):
    def test_between_two_temperatures_the_diffusivity_is_found(self):
        result = self.run_case(self.case()).data
        self.assertEqual(int(result.status), 0)
        np.testing.assert_allclose(result.heat_capacity, CAPACITY, rtol=3e-3)

    def test_a_heat_flux_gives_conductivity_and_capacity(self):
        for bottom in "T_bottom", "G_bottom":
            case = self.case(top="G_top", bottom=bottom,
                             estimate=("thermal_conductivity", "heat_capacity"))
            result = self.run_case(case).data
            np.testing.assert_allclose(result.heat_capacity, CAPACITY, rtol=1e-2, err_msg=bottom)
            np.testing.assert_allclose(result.thermal_conductivity, CONDUCTIVITY, rtol=1e-2,
                                       err_msg=bottom)

    def test_withheld_without_weather(self):
        """Without a surface there is no radiation for a regression; the skill is there."""
        case = self.case()
        case["observation"].append({"kind": "ground_heat_flux", "depth": TOP, "file": "sensors.nc",
                                    "variable": "G_top", "stamp": "instant", "withhold": True})
        run = self.run_case(case)
        self.assertGreater(run.data.ground_heat_flux_5cm_skill, 0.98)
        for regression in "1lin", "2lin":
            self.assertNotIn(f"ground_heat_flux_5cm_rmse_{regression}", run.data)
            self.assertNotIn(regression, run.log)

    def test_a_constant_error_of_an_end_is_found(self):
        self.write_sensors(top_error=0.4)
        case = self.case()
        case["boundary"][0]["std"] = 0.5
        result = self.run_case(case).data
        np.testing.assert_allclose(result.top_offset, -0.4, atol=0.01)
        np.testing.assert_allclose(result.heat_capacity, CAPACITY, rtol=5e-3)

    def test_forward_writes_the_profile_and_the_flux_at_the_top(self):
        case = self.case("forward", estimate=())
        case["observation"] = [{"kind": "soil_temperature", "depth": MIDDLE},
                               {"kind": "ground_heat_flux", "depth": TOP}]
        result = self.run_case(case).data
        hours = result.time.values / 3600
        np.testing.assert_allclose(result.soil_temperature_15cm, temperature(MIDDLE, hours),
                                   atol=0.02)
        # The flux goes on along the line through the first two midpoints: second order in depth.
        np.testing.assert_allclose(result.ground_heat_flux_5cm[12:], heat_flux(TOP, hours)[12:],
                                   atol=1.0)
        self.assertNotIn("surface_temperature", result)

    def test_derivatives(self):
        case = self.case("gradient_test", top="G_top",
                         estimate=("thermal_conductivity", "heat_capacity"))
        case["boundary"][0]["std"] = 2.0
        case["boundary"][1]["std"] = 0.5
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("top_flux_offset", done.stdout)
        self.assertIn("bottom_offset", done.stdout)

    def test_ranks_change_no_bit(self):
        case = self.case()
        for name, sigma in ("T_top", 0.05), ("T_bottom", 0.1):
            case["boundary"][name == "T_bottom"]["std"] = sigma
        one = self.run_case(case, name="one").data
        two = self.run_case(case, name="two", ranks=2).data
        self.assert_same_results(one, two)

    def test_gaps_up_to_max_gap_are_filled(self):
        missing = temperature(TOP)
        missing[100:110] = np.nan
        write_series(self.folder / "sensors.nc", HOURS, {
            "T_top": (missing, "K"), "T_middle": (temperature(MIDDLE), "K"),
            "T_bottom": (temperature(BOTTOM), "K")})
        log = self.run_case(self.case()).log
        self.assertIn("boundary T_top: 10 missing values filled linearly", log)
        case = self.case()
        case["boundary"][0]["max_gap"] = 1
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 2)
        self.assertIn("gaps up to max_gap = 1 h are filled", done.stderr)


class Refusals(SensorTest):
    """What does not go with measured ends is refused, and said why."""

    def refused(self, message, **groups):
        case = self.case()
        for name, group in groups.items():
            case[name] = case.get(name, []) + group if isinstance(group, list) else group
        (self.folder / "case.nml").write_text(namelist_text(case))
        done = self.glebe("case.nml", "--check")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(message, done.stderr)

    def test_forcing(self):
        self.refused("&forcing: not used, since the top of the column is measured",
                     forcing={"source": "clear_sky", "longwave_constant": 300.0,
                              "air_temperature_constant": 290.0})

    def test_a_surface_parameter(self):
        self.refused("'albedo': not used by this model, only with the energy balance of the surface",
                     parameter=[{"name": "albedo", "value": 0.2}])

    def test_an_observation_of_the_surface(self):
        self.refused("'longwave_up': is of the surface",
                     observation=[{"kind": "longwave_up"}])

    def test_an_observation_above_the_top(self):
        self.refused("must be within the soil, 0.05 to 0.4 m",
                     observation=[{"kind": "soil_temperature", "depth": 0.02}])

    def test_another_top(self):
        self.refused("the column begins at 0.02 m", soil={"top": 0.02, "initial": "profile"})

    def test_an_end_twice(self):
        self.refused("'top': given twice", boundary=[self.case()["boundary"][0]])


if __name__ == "__main__":
    unittest.main()
