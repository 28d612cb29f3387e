# SPDX-License-Identifier: BSD-3-Clause
"""Wet, freezing and covered soils as their users run them: what a twin has, an estimate finds."""
import unittest

import numpy as np

from support import GlebeTest, estimating, namelist_text, write_series

SURFACE = {"albedo": 0.2, "emissivity": 0.96, "heat_transfer": 15.0, "deep_temperature": 275.5}
WET = {"water_content": 0.28, "porosity": 0.45, "solid_conductivity": 3.4}
# The clear sky of a winter, near 0 degC.
WINTER = {"source": "clear_sky", "shortwave_peak": 420.0, "sunrise": 8.0, "sunset": 16.5,
          "longwave_constant": 215.0, "air_temperature_constant": 271.5}


class SoilTest(GlebeTest):
    def winter(self, mode, soil, parameters, *observations, **groups):
        case = {"run": {"mode": mode},
                "time": {"start": "2001-11-01", "stop": "2001-11-08", "step": 3600},
                "soil": {"depth": 1.0, "nodes": 26, "stretch": 1.09, **soil},
                "forcing": dict(WINTER),
                "observation": [dict(zip(("kind", "depth"), one)) for one in observations],
                "parameter": [{"name": name, "value": value}
                              for name, value in {**SURFACE, **parameters}.items()]}
        for name, group in groups.items():
            case[name] = {**case.get(name, {}), **group} if isinstance(group, dict) else group
        if mode == "twin":
            case["twin"] = {"file": "observed.nc"}
        return case

    def assert_recovered(self, twin, truth, guesses, relative=1e-4):
        self.run_case(twin, name="truth")
        result = self.run_case(estimating(twin, *guesses, sigma=0.01, **guesses), name="found").data
        self.assertEqual(int(result.status), 0)
        self.assert_found(result, {name: truth[name] for name in guesses}, relative)
        return result


SNOW_HOURS = np.arange(-6, 180, 3.0)
DEPTHS = (("soil_temperature", 0.02), ("soil_temperature", 0.10), ("soil_temperature", 0.25))


class Soils(SoilTest):
    def test_moist_soil_is_found(self):
        for model, shape in ("cote_konrad", 2.2), ("lu", 0.5), ("balland_arp", 0.47):
            truth = {**WET, "kersten_shape": shape}
            twin = self.winter("twin", {"properties": "moist", "conductivity_model": model}, truth,
                               *DEPTHS, ("ground_heat_flux", 0.05))
            self.assert_recovered(twin, truth, {"solid_conductivity": (2.0, 1.0, 7.0),
                                                "water_content": (0.2, 0.05, 0.44)})

    def test_freezing_soil_is_found(self):
        for model, names in (("power", {"freezing_a": (0.04, 0.03, 0.005, 0.12)}),
                             ("van_genuchten", {"retention_alpha": (1.5, 1.0, 0.3, 5.0)}),
                             ("linear", {"freezing_window": (0.6, 0.9, 0.2, 3.0)})):
            truth = {**WET, **{name: values[0] for name, values in names.items()}}
            twin = self.winter("twin", {"properties": "freezing", "freezing_model": model}, truth,
                               *DEPTHS)
            guesses = {"water_content": (0.2, 0.08, 0.44), "solid_conductivity": (2.0, 1.0, 7.0),
                       **{name: values[1:] for name, values in names.items()}}
            self.assert_recovered(twin, truth, guesses)

    def test_the_adjoint_finds_what_tangents_find(self):
        """Of moist, of freezing, and of covered soil with a flow of water."""
        for soil, more, name in (({"properties": "moist"}, {}, "solid_conductivity"),
                                 ({"properties": "freezing"}, {}, "water_content"),
                                 ({}, {"water_flux": 1e-7, "cover_resistance": 0.05},
                                  "cover_resistance")):
            wet = WET if soil else {"thermal_conductivity": 1.2, "heat_capacity": 2e6}
            twin = self.winter("twin", soil, {**wet, **more}, *DEPTHS)
            self.run_case(twin, name="truth")
            guesses = {"albedo": (0.3, 0.05, 0.6),
                       name: {"solid_conductivity": (2.0, 1.0, 7.0), "water_content": (0.2, 0.08, 0.44),
                              "cover_resistance": (0.02, 0.0, 0.3)}[name]}
            case = estimating(twin, *guesses, sigma=0.01, **guesses)
            found = {}
            for gradient in "tangent_linear", "adjoint":
                case["optimizer"] = {"method": "bqnls", "gradient": gradient,
                                     "gradient_tolerance": 1e-7}
                run = self.run_case(case, name=gradient)
                self.assertEqual(": by the adjoint" in run.log, gradient == "adjoint")
                found[gradient] = run.data
            with self.subTest(soil=soil):
                for parameter in guesses:
                    np.testing.assert_allclose(found["adjoint"][parameter],
                                               found["tangent_linear"][parameter], rtol=1e-6)

    def test_defaults_are_told(self):
        told = ("dry_conductivity = 0.25 W m-1 K-1, kersten_shape = 1.9, "
                "solid_heat_capacity = 2.1e+06 J m-3 K-1")
        data, log = self.run_case(self.winter("forward", {"properties": "moist"}, WET, *DEPTHS))
        self.assertIn(f"taken by default: {told}\n", log)
        self.assertEqual(data.attrs["parameters_by_default"], told)
        given = {"dry_conductivity": 0.25, "kersten_shape": 1.9, "solid_heat_capacity": 2.1e6}
        data, log = self.run_case(self.winter("forward", {"properties": "moist"},
                                              {**WET, **given}, *DEPTHS))
        self.assertNotIn("taken by default", log)
        self.assertNotIn("parameters_by_default", data.attrs)

    def test_a_flow_of_water_is_found(self):
        truth = {"thermal_conductivity": 1.1, "heat_capacity": 2.3e6, "water_flux": 1.5e-6}
        twin = self.winter("twin", {}, truth, *DEPTHS)
        self.assert_recovered(twin, truth, {"thermal_conductivity": (0.7, 0.2, 4.0),
                                            "water_flux": (0.0, -1e-5, 1e-5)}, 1e-3)

    def test_cover_and_snow_are_found(self):
        truth = {"thermal_conductivity": 1.1, "heat_capacity": 2.3e6, "cover_resistance": 0.03,
                 "snow_conductivity": 0.22}
        twin = self.winter("twin", {}, truth, *DEPTHS, ("surface_temperature",),
                           forcing={"snow_depth_constant": 0.08})
        self.assert_recovered(twin, truth, {"snow_conductivity": (0.1, 0.03, 0.6),
                                            "thermal_conductivity": (0.7, 0.2, 4.0)})

    def test_snow_of_a_density_is_snow_of_its_conductivity(self):
        soil = {"thermal_conductivity": 1.1, "heat_capacity": 2.3e6}
        snow = {"snow_depth_constant": 0.08}
        for model, density, conductivity in (("jordan", 300.0, 0.301161835),
                                             ("sturm", 300.0, 0.12597),
                                             ("sturm", 100.0, 0.0464),
                                             ("fsm", 400.0, 0.426217888)):
            constant = self.run_case(self.winter(
                "forward", {}, {**soil, "snow_conductivity": conductivity}, *DEPTHS,
                forcing=snow), name="constant").data
            by_density = self.run_case(self.winter(
                "forward", {}, soil, *DEPTHS, surface={"snow_conductivity_model": model},
                forcing={**snow, "snow_density_constant": density}), name="by_density").data
            self.assertNotIn("snow_conductivity", by_density)
            for depth in "2cm", "10cm", "25cm":
                np.testing.assert_allclose(by_density[f"soil_temperature_{depth}"],
                                           constant[f"soil_temperature_{depth}"], atol=1e-5)

    def snowfall(self, density, **groups):
        """A case of snow that falls after two days, with densities [record] from a file."""
        depth = np.where(SNOW_HOURS < 48, 0.0, 0.1)
        shortwave = np.maximum(0, -300 * np.cos(2 * np.pi * SNOW_HOURS / 24))
        write_series(self.folder / "weather.nc", SNOW_HOURS, {
            "SWdown": (shortwave, "W m-2"), "LWdown": (0 * depth + 215, "W m-2"),
            "Tair": (0 * depth + 271.5, "K"), "depth": (100 * depth, "cm"),
            "density": (density, "g cm-3")}, since="2001-11-01")
        case = self.winter("forward", {}, {"thermal_conductivity": 1.1, "heat_capacity": 2.3e6},
                           *DEPTHS, surface={"snow_conductivity_model": "sturm"}, **groups)
        case["forcing"] = {"file": "weather.nc", "stamp": "instant", "snow_depth": "depth",
                           "snow_density": "density"}
        return case

    def test_only_snow_needs_a_density(self):
        density = 0.3 + 0 * SNOW_HOURS
        everywhere = self.run_case(self.snowfall(density), name="everywhere").data
        for absent in 0.0, -9999.0:
            bare = np.where(SNOW_HOURS < 48, absent, density)
            self.assert_same_results(
                everywhere, self.run_case(self.snowfall(bare), name="where_snow_lies").data)
        constant = self.snowfall(density)
        del constant["surface"], constant["forcing"]["snow_density"]
        constant["parameter"].append({"name": "snow_conductivity", "value": 0.12597})
        constant = self.run_case(constant, name="constant").data
        np.testing.assert_allclose(everywhere.soil_temperature_2cm, constant.soil_temperature_2cm,
                                   atol=1e-5)

    def test_a_density_that_is_wrong(self):
        for values, words in ((np.where(SNOW_HOURS < 90, 0.3, 300.0),
                               "snow_density = 300000 kg m-3 at 2001-11-04T18:00"),
                              (np.where(abs(SNOW_HOURS - 90) < 9, -9999.0, 0.3),
                               "'density': missing from 2001-11-04T12:00:00 to ")):
            case = self.snowfall(values)
            done = self.glebe(self.write_case(case), "--check")
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn(words, done.stderr)

    def test_a_cover_is_warmer_at_its_skin_by_the_flux_through_it(self):
        parameters = {"thermal_conductivity": 1.1, "heat_capacity": 2.3e6,
                      "cover_resistance": 0.05}
        case = self.winter("forward", {}, parameters, ("surface_temperature",),
                           ("soil_temperature", 0.0), ("ground_heat_flux", 0.0))
        result = self.run_case(case).data
        np.testing.assert_allclose(result.surface_temperature - result.soil_temperature_0cm,
                                   0.05 * result.ground_heat_flux_0cm, atol=2e-4)

    def test_measured_water_is_that_of_the_parameter_where_it_is_constant(self):
        hours = np.arange(-6, 180, 3.0)
        write_series(self.folder / "water.nc", hours, {
            "upper": (np.full(hours.shape, 28.0), "percent"),
            "lower": (np.full(hours.shape, 0.28), "1")}, since="2001-11-01")
        soil = {"properties": "freezing"}
        constant = self.run_case(self.winter("forward", soil, WET, *DEPTHS), name="constant").data
        dry = {name: value for name, value in WET.items() if name != "water_content"}
        case = self.winter("forward", soil, dry, *DEPTHS,
                           moisture={"file": "water.nc", "variable": ["upper", "lower"],
                                     "depths": [0.05, 0.3], "stamp": "instant"})
        measured = self.run_case(case, name="measured").data
        for depth in "2cm", "10cm", "25cm":
            np.testing.assert_allclose(measured[f"soil_temperature_{depth}"],
                                       constant[f"soil_temperature_{depth}"], atol=1e-5)

    def test_ranks_change_no_bit(self):
        twin = self.winter("twin", {"properties": "freezing"}, WET, *DEPTHS)
        self.run_case(twin, name="truth")
        case = estimating(twin, "water_content", "solid_conductivity",
                          water_content=(0.2, 0.08, 0.44), solid_conductivity=(2.0, 1.0, 7.0))
        one = self.run_case(case, name="one").data
        two = self.run_case(case, name="two", ranks=2).data
        self.assert_same_results(one, two)

    def test_derivatives(self):
        twin = self.winter("twin", {"properties": "freezing"}, {**WET, "cover_resistance": 0.03},
                           *DEPTHS, forcing={"snow_depth_constant": 0.05})
        twin["parameter"].append({"name": "snow_conductivity", "value": 0.2})
        self.run_case(twin, name="truth")
        case = estimating(twin, "water_content", "cover_resistance", "snow_conductivity",
                          water_content=(0.26, 0.08, 0.44), cover_resistance=(0.04, 0.0, 0.2),
                          snow_conductivity=(0.25, 0.05, 0.6))
        # At this point no node begins to freeze along the largest steps; at steps below 1e-5 the
        # remainder is lost in the rounding of latent heat.
        case["run"].update(mode="gradient_test", seed=6)
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Refusals(SoilTest):
    def refused(self, message, soil, parameters, **groups):
        case = self.winter("forward", soil, parameters, ("soil_temperature", 0.1), **groups)
        (self.folder / "case.nml").write_text(namelist_text(case))
        done = self.glebe("case.nml", "--check")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(message, done.stderr)

    def test_a_parameter_of_another_soil(self):
        self.refused("not used by this model, only with &soil properties = 'freezing' and "
                     "freezing_model = 'power'", {"properties": "moist"},
                     {**WET, "freezing_a": 0.05})
        self.refused("only with &soil properties = 'constant'", {"properties": "moist"},
                     {**WET, "heat_capacity": 2e6})

    def test_more_water_than_pores(self):
        self.refused("more water than horizon 'soil' has pores, porosity = 0.25",
                     {"properties": "moist"}, {**WET, "porosity": 0.25})

    def test_no_water(self):
        self.refused("water_content is missing", {"properties": "moist"}, {"porosity": 0.4})

    def test_sensors_of_water(self):
        moisture = {"file": "water.nc", "variable": "w", "depths": [0.05, 0.3], "stamp": "end"}
        self.refused("1 variables for 2 depths", {"properties": "moist"}, {}, moisture=moisture)
        self.refused("must increase", {"properties": "moist"}, {},
                     moisture={**moisture, "variable": ["a", "b"], "depths": [0.3, 0.05]})
        self.refused("&moisture: not used with &soil properties = 'constant'", {},
                     {"thermal_conductivity": 1.0, "heat_capacity": 2e6}, moisture=moisture)

    def test_snow_without_its_conductivity(self):
        self.refused("snow_conductivity is missing, needed with &forcing snow_depth", {},
                     {"thermal_conductivity": 1.0, "heat_capacity": 2e6},
                     forcing={"snow_depth_constant": 0.1})

    def test_snow_whose_density_tells_its_conductivity(self):
        soil = {"thermal_conductivity": 1.0, "heat_capacity": 2e6}
        snow = {"snow_depth_constant": 0.1, "snow_density_constant": 200.0}
        jordan = {"snow_conductivity_model": "jordan"}
        self.refused("'snow_conductivity': not used by this model, only with &forcing snow_depth "
                     "and &surface snow_conductivity_model = 'constant'", {},
                     {**soil, "snow_conductivity": 0.2}, forcing=snow, surface=jordan)
        for key in snow:
            given = {name: value for name, value in snow.items() if name != key}
            self.refused(f"&forcing: {key} is required for snow_conductivity_model = 'jordan', "
                         "'sturm' or 'fsm'", {}, soil, forcing=given, surface=jordan)
        self.refused("&forcing snow_density_constant: not used with &surface "
                     "snow_conductivity_model = 'constant'", {},
                     {**soil, "snow_conductivity": 0.2}, forcing=snow)
        self.refused("snow_density_constant = 0.2: must be 10 to 950 kg m-3", {}, soil,
                     forcing={**snow, "snow_density_constant": 0.2}, surface=jordan)


if __name__ == "__main__":
    unittest.main()
