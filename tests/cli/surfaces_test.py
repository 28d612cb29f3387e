# SPDX-License-Identifier: BSD-3-Clause
"""Stability, roughness, leaves and resistances as their users run them: what a twin has, an
estimate finds."""
import re
import unittest

import numpy as np

from support import GlebeTest, estimating, namelist_text, rewrite

SOIL = {"thermal_conductivity": 0.9, "heat_capacity": 2.0e6, "deep_temperature": 293.0,
        "albedo": 0.2, "emissivity": 0.96}
COEFFICIENTS = {"heat_transfer": 7.0, "heat_transfer_wind": 2.0}
# A clear day of a dry summer, whose nights are stable.
SUMMER = {"source": "clear_sky", "shortwave_peak": 900.0, "sunrise": 5.0, "sunset": 19.0,
          "longwave_constant": 310.0, "air_temperature_constant": 298.0, "wind_constant": 2.0,
          "pressure_constant": 9e4, "humidity_constant": 0.008}
DEPTHS = (("soil_temperature", 0.02), ("soil_temperature", 0.10))


class SurfaceTest(GlebeTest):
    def summer(self, mode, surface, parameters, *observations, **groups):
        case = {"run": {"mode": mode},
                "time": {"start": "2004-06-01", "stop": "2004-06-04", "step": 1800},
                "soil": {"depth": 0.8, "nodes": 26, "stretch": 1.08},
                "surface": surface, "forcing": dict(SUMMER),
                "observation": [dict(zip(("kind", "depth"), one)) for one in observations],
                "parameter": [{"name": name, "value": value}
                              for name, value in {**SOIL, **parameters}.items()]}
        for name, group in groups.items():
            case[name] = {**case.get(name, {}), **group} if isinstance(group, dict) else group
        if mode == "twin":
            case["twin"] = {"file": "observed.nc"}
        return case

    def assert_recovered(self, surface, truth, guesses, *observations):
        twin = self.summer("twin", surface, truth, *observations)
        self.run_case(twin, name="truth")
        result = self.run_case(estimating(twin, *guesses, sigma=0.01, **guesses),
                               name="found").data
        self.assertEqual(int(result.status), 0)
        self.assert_found(result, {**SOIL, **truth, **{name: {**SOIL, **truth}[name]
                                                       for name in guesses}}, 1e-4)


STABLE = {"exchange": "stability", "wind_height": 3.0}
LOUIS = {"exchange": "louis", "wind_height": 4.0, "air_height": 2.0}
HUMID = {"turbulence": "humidity"}
CONDUCTIVITY = {"thermal_conductivity": (0.5, 0.1, 3.0)}


class Surfaces(SurfaceTest):
    def test_coefficients_under_stability_are_found(self):
        self.assert_recovered(STABLE, COEFFICIENTS,
                              {**CONDUCTIVITY, "heat_transfer": (10.0, 1.0, 50.0)}, *DEPTHS)

    def test_roughness_is_found(self):
        for surface, a in ((LOUIS, 0.13), ({**LOUIS, "heat_roughness_model": "constant"}, 4.0)):
            truth = {"roughness_length": 0.02, "heat_roughness": a}
            self.assert_recovered(surface, truth,
                                  {**CONDUCTIVITY, "heat_roughness": (0.7 * a, 0.1 * a, 5 * a)},
                                  *DEPTHS)

    def test_leaves_are_found(self):
        truth = {**COEFFICIENTS, "vegetation_fraction": 0.4, "canopy_transfer": 30.0}
        self.assert_recovered(STABLE, truth,
                              {**CONDUCTIVITY, "vegetation_fraction": (0.2, 0.0, 1.0),
                               "canopy_transfer": (20.0, 5.0, 90.0)},
                              *DEPTHS, ("longwave_up",), ("sensible_heat",))

    def test_resistances_are_found_from_latent_heat(self):
        forcing = {"surface_moisture_constant": 0.12}
        for evaporation, name, guess in (("resistance", "surface_resistance", (100.0, 0.0, 5e3)),
                                         ("dry_layer", "dry_layer", (0.03, 1e-3, 0.1))):
            surface = {**HUMID, **STABLE, "evaporation": evaporation}
            truth = {**COEFFICIENTS, name: 300.0 if name == "surface_resistance" else 0.012}
            twin = self.summer("twin", surface, truth, *DEPTHS, ("latent_heat",),
                               forcing=forcing if evaporation == "dry_layer" else {})
            self.run_case(twin, name="truth")
            result = self.run_case(estimating(twin, name, sigma=0.01, **{name: guess}),
                                   name="found").data
            self.assert_found(result, {name: truth[name]}, 1e-4)

    def test_a_resistance_without_latent_heat_is_no_resistance(self):
        surface = {**HUMID, **STABLE, "evaporation": "resistance"}
        twin = self.summer("twin", surface, {**COEFFICIENTS, "surface_resistance": 300.0}, *DEPTHS)
        self.run_case(twin, name="truth")
        guess = {"surface_resistance": (100.0, 0.0, 5e3)}
        _, log = self.run_case(estimating(twin, *guess, sigma=0.01, **guess), name="found")
        self.assertRegex(log, "surface_resistance: determined.*; without latent heat as data it only "
                              "takes up what differs between day and night")

    def test_what_is_neutral_changes_no_bit(self):
        plain = self.run_case(self.summer("forward", HUMID, {**COEFFICIENTS, "latent_transfer": 5.0},
                                          *DEPTHS, ("longwave_up",), ("latent_heat",)),
                              name="plain").data
        for name, surface, neutral in (
                ("stable", {**HUMID, **STABLE}, {"stability": 0.0}),
                ("leaves", HUMID, {"vegetation_fraction": 0.0, "canopy_transfer": 20.0}),
                ("cover", HUMID, {"cover_resistance": 0.0}),
                ("sky", HUMID, {"longwave_bias": 0.0})):
            parameters = {**COEFFICIENTS, "latent_transfer": 5.0, **neutral}
            other = self.run_case(self.summer("forward", surface, parameters, *DEPTHS,
                                              ("longwave_up",), ("latent_heat",)), name=name).data
            for variable in ("soil_temperature_2cm", "longwave_up", "latent_heat"):
                np.testing.assert_array_equal(other[variable], plain[variable])

    def test_ranks_and_derivatives(self):
        surface = {**HUMID, **LOUIS, "evaporation": "sellers"}
        truth = {"roughness_length": 0.02, "vegetation_fraction": 0.3, "canopy_transfer": 20.0,
                 "cover_resistance": 0.02}
        twin = self.summer("twin", surface, truth, *DEPTHS, ("longwave_up",), ("latent_heat",),
                           forcing={"surface_moisture_constant": 0.15})
        self.run_case(twin, name="truth")
        guesses = {"roughness_length": (0.05, 0.001, 0.3), "vegetation_fraction": (0.2, 0.0, 1.0),
                   "cover_resistance": (0.01, 0.0, 0.2)}
        case = estimating(twin, *guesses, **guesses)
        self.assert_same_results(self.run_case(case, name="one").data,
                                 self.run_case(case, name="two", ranks=2).data)
        case["run"]["mode"] = "gradient_test"
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_both_roughnesses_are_not_separable(self):
        truth = {"roughness_length": 0.02, "heat_roughness": 0.2}
        twin = self.summer("twin", LOUIS, truth, *DEPTHS)
        self.run_case(twin, name="truth")
        guesses = {"roughness_length": (0.03, 0.001, 0.3), "heat_roughness": (0.15, 0.02, 1.0)}
        _, log = self.run_case(estimating(twin, *guesses, sigma=0.3, **guesses), name="found")
        self.assertRegex(log, "roughness_length and heat_roughness.*(not separable|enter only)")


class Closure(SurfaceTest):
    """The observed balance of a twin closes; that of a tower which measures less does not."""

    FLUXES = ("net_radiation",), ("ground_heat_flux", 0.0), ("turbulent_heat",)

    def estimate(self, share):
        """The log of an estimate where this share of the turbulent heat was measured."""
        def change(data):
            data.turbulent_heat[:] = share * data.turbulent_heat.values

        twin = self.summer("twin", STABLE, COEFFICIENTS, *DEPTHS, *self.FLUXES)
        self.run_case(twin, name="truth")
        rewrite(self.folder / "observed.nc", change)
        case = estimating(twin, "heat_transfer", heat_transfer=(10.0, 1.0, 50.0))
        for stream in case["observation"][2:]:
            stream["withhold"] = True
            del stream["sigma"]
        return self.run_case(case, name="found")[1]

    def test_a_twin_closes(self):
        log = self.estimate(1.0)
        lines = [line.split() for line in log.splitlines() if re.match(r"\d\d:00 to", line)]
        self.assertEqual(len(lines), 24)
        for line in lines:
            self.assertAlmostEqual(float(line[-1]), 0.0, delta=0.3)  # a sum of rounded numbers
        self.assertNotIn("do not close", log)

    def test_what_is_missing_is_told_by_hour_and_as_a_factor(self):
        log = self.estimate(0.8)
        self.assertIn("closed by the Bowen ratio, H + LE is 1.25 times what was measured", log)

    def test_a_balance_needs_all_of_its_fluxes(self):
        self.FLUXES = self.FLUXES[1:]
        self.assertNotIn("observed balance", self.estimate(1.0))


class Refusals(SurfaceTest):
    def refused(self, message, surface, parameters, **groups):
        case = self.summer("forward", surface, parameters, ("soil_temperature", 0.1), **groups)
        (self.folder / "case.nml").write_text(namelist_text(case))
        done = self.glebe("case.nml", "--check")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(message, done.stderr)

    def test_keys_without_effect(self):
        self.refused("&surface wind_height: not used, only with exchange = 'stability' or 'louis'",
                     {"wind_height": 3.0}, COEFFICIENTS)
        self.refused("&surface air_height: not used, only with exchange = 'louis'",
                     {**STABLE, "air_height": 2.0}, COEFFICIENTS)
        self.refused("&surface evaporation: not used, only with turbulence = 'humidity'",
                     {"evaporation": "sellers"}, COEFFICIENTS)

    def test_parameters_of_another_form(self):
        self.refused("'roughness_length': not used by this model, only with &surface exchange = "
                     "'louis'", {}, {**COEFFICIENTS, "roughness_length": 0.02})
        self.refused("'heat_transfer': not used by this model, only with &surface exchange = "
                     "'coefficients' or 'stability'", LOUIS,
                     {"roughness_length": 0.02, "heat_transfer": 5.0})
        self.refused("canopy_transfer is missing, needed with the parameter vegetation_fraction",
                     {}, {**COEFFICIENTS, "vegetation_fraction": 0.3})

    def test_heights(self):
        self.refused("&surface displacement = 5: must be less than wind_height = 3",
                     {**STABLE, "displacement": 5.0}, COEFFICIENTS)
        self.refused("roughness_length must be less than the heights of wind and air over the "
                     "displacement, 2 m", LOUIS, {"roughness_length": 2.5})

    def test_inputs_that_a_form_needs(self):
        no_wind = {key: value for key, value in SUMMER.items() if key != "wind_constant"}
        case = self.summer("forward", STABLE, {"heat_transfer": 5.0}, ("soil_temperature", 0.1))
        case["forcing"] = no_wind
        (self.folder / "case.nml").write_text(namelist_text(case))
        done = self.glebe("case.nml", "--check")
        self.assertEqual(done.returncode, 2)
        self.assertIn("wind_constant is required for", done.stderr)


if __name__ == "__main__":
    unittest.main()
