# SPDX-License-Identifier: BSD-3-Clause
"""What modes estimate and gradient_test, --check and --describe do with the inputs of a site."""
import re
import unittest

import numpy as np

from support import TRUTH, GlebeTest, estimating, parameters, site_case


class Estimate(GlebeTest):
    ESTIMATED = ("thermal_conductivity", "heat_capacity", "albedo", "heat_transfer",
                 "deep_temperature")

    def test_recovers_the_truth_of_a_twin(self):
        case = self.write_truth("surface_temperature", ("soil_temperature", 0.1))
        run = self.run_case(estimating(case, *self.ESTIMATED))
        data = run.data
        self.assert_found(data, TRUTH)
        self.assertEqual(data.status, 0)
        self.assertEqual(data.status.flag_meanings.split()[0], "converged")
        self.assertGreater(data.cost_initial, 1e3)
        self.assertLess(data.cost_final, 1e-6)
        self.assertEqual(data.control.names.split(), list(self.ESTIMATED))
        for name in self.ESTIMATED:
            self.assertEqual(data[name].estimated, 1)
            self.assertEqual(data[name + "_at_bound"], 0)
            self.assertGreater(data[name + "_std"], 0)
            self.assertEqual(data[name + "_prior"].units, data[name].units)
        self.assertEqual(data.emissivity.estimated, 0)
        for name in ("surface_temperature", "soil_temperature_10cm"):
            self.assertEqual(data["count_" + name], 73)
            self.assertLess(data["rmse_" + name], 1e-5)
            np.testing.assert_allclose(data[name], data[name + "_observed"], atol=1e-5)
        # Five numbers determined by the data alone: five degrees of freedom, kernel of ones.
        self.assertAlmostEqual(float(data.degrees_of_freedom), 5, 6)
        np.testing.assert_allclose(data.averaging_kernel, np.eye(5), atol=1e-6)
        np.testing.assert_allclose(np.diag(data.correlation), 1, atol=1e-12)
        self.assertIn("thermal_conductivity [W m-1 K-1]", run.log)

    def test_without_series(self):
        case = estimating(self.write_truth("surface_temperature"), "albedo", "heat_transfer")
        case["run"]["series"] = False
        data = self.run_case(case).data
        self.assert_found(data, TRUTH)
        self.assertNotIn("surface_temperature_observed", data)

    def test_horizons(self):
        horizons = [{"name": "litter", "bottom": 0.1}, {"name": "mineral", "bottom": 0.8}]
        truth = {"litter": (0.4, 1.2e6), "mineral": (1.5, 2.4e6)}
        case = site_case("twin", "surface_temperature",
                         *(("soil_temperature", z) for z in (0.05, 0.15, 0.3)))
        case["horizon"] = horizons
        rest = {k: v for k, v in TRUTH.items() if k not in ("thermal_conductivity",
                                                            "heat_capacity")}
        soil = [{"name": name, "horizon": horizon, "value": truth[horizon][i]}
                for horizon in truth
                for i, name in enumerate(("thermal_conductivity", "heat_capacity"))]
        case["parameter"] = soil + parameters(rest)
        self.write_weather()
        self.run_case(case, name="truth")
        data = self.run_case(estimating(case, "thermal_conductivity", "heat_capacity", "albedo",
                                        "heat_transfer")).data
        self.assertEqual(data.thermal_conductivity.dims, ("horizon",))
        self.assertEqual(data.horizon.names, "litter mineral")
        np.testing.assert_array_equal(data.horizon, [0.1, 0.8])
        self.assert_found(data, {"thermal_conductivity": [0.4, 1.5],
                                 "heat_capacity": [1.2e6, 2.4e6], "albedo": TRUTH["albedo"]})

    def test_initial_profile(self):
        self.write_weather()
        case = site_case("twin", *(("soil_temperature", z) for z in (0.05, 0.2, 0.5)),
                         soil={"initial": "profile"})
        knots = {"name": "initial_temperature", "depth": [0.0, 0.1, 0.3, 0.8]}
        case["parameter"].append({**knots, "value": [300.0, 297.0, 295.0, 293.0]})
        self.run_case(case, name="truth")
        case = estimating(case, "heat_capacity")
        case["parameter"][-1] = {**knots, "value": 294.0, "lower": 270.0, "upper": 330.0,
                                 "estimate": True}
        data = self.run_case(case).data
        self.assert_found(data, {"initial_temperature": [300, 297, 295, 293],
                                 "heat_capacity": 2e6})
        np.testing.assert_array_equal(data.knot, knots["depth"])

    def test_flux_at_the_bottom(self):
        truth = {**TRUTH, "geothermal_flux": 12.0}
        case = self.write_truth("surface_temperature", ("soil_temperature", 0.7), truth=truth,
                                soil={"bottom": "flux"})
        run = self.run_case(estimating(case, "geothermal_flux", "thermal_conductivity",
                                       "heat_transfer"))
        self.assert_found(run.data, truth)

    def test_humidity_and_wind(self):
        truth = {**TRUTH, "latent_transfer": 8.0, "heat_transfer_wind": 2.5}
        case = self.write_truth("surface_temperature", "latent_heat", truth=truth,
                                surface={"turbulence": "humidity"},
                                forcing={"wind_east": "Wind_E", "wind_north": "Wind_N"})
        run = self.run_case(estimating(case, "latent_transfer", "heat_transfer_wind",
                                       "heat_transfer", "albedo"))
        self.assert_found(run.data, truth)


class OtherModes(GlebeTest):
    def test_gradient_test(self):
        cases = {"bowen": ({"bowen_ratio": 2.0}, {}, {}),
                 "humidity": ({"latent_transfer": 8.0, "heat_transfer_wind": 2.0},
                              {"wind_east": "Wind_E", "wind_north": "Wind_N"},
                              {"bottom": "flux", "stretch": 1.0})}
        for form, (more, forcing, soil) in cases.items():
            truth = {**TRUTH, **more, **({"geothermal_flux": 5.0} if soil else {})}
            case = self.write_truth("surface_temperature", ("ground_heat_flux", 0.05),
                                    "latent_heat", truth=truth, forcing=forcing, soil=soil,
                                    surface={"turbulence": form, "longwave": "full"})
            case = estimating(case, *truth, emissivity=(0.9, 0.5, 1.0), bowen_ratio=(1, 0.2, 9))
            case["run"]["mode"] = "gradient_test"
            (self.folder / "case.nc").unlink(missing_ok=True)
            done = self.glebe(self.write_case(case))
            with self.subTest(form=form, output=done.stdout):
                self.assertEqual(done.returncode, 0, done.stderr)
                slopes = [float(x) for x in re.findall(r"e-0\d +\S+ +(\S+)$", done.stdout, re.M)]
                self.assertGreaterEqual(sum(abs(s - 2) < 0.05 for s in slopes), 3)
                self.assertFalse((self.folder / "case.nc").exists())

    def test_check_computes_nothing(self):
        case = self.write_truth("surface_temperature")
        self.write_case(estimating(case, "albedo"), "estimate")
        self.write_case(site_case("forward"), "forward")
        for name in ("truth", "estimate", "forward"):
            before = {p: p.stat().st_mtime_ns for p in self.folder.iterdir()}
            done = self.glebe("--check", f"{name}.nml", ranks=2)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout.count(f"{name}.nml: no problem found"), 1)
            self.assertNotIn("iteration", done.stdout)
            self.assertIn("would run: mode '", done.stdout)
            self.assertEqual("evaluation of all columns" in done.stdout, name == "estimate")
            self.assertEqual({p: p.stat().st_mtime_ns for p in self.folder.iterdir()}, before)

    def test_describe_is_a_namelist(self):
        """With its required keys filled in, the output of --describe runs."""
        text = self.glebe("--describe").stdout
        sky = {"source": "'clear_sky'", "longwave_constant": "320",
               "air_temperature_constant": "295"}
        for group, keys in {"run": {"mode": "'forward'"},
                            "time": {"start": "'2001-06-01'", "stop": "'2001-06-02'",
                                     "step": "3600"},
                            "soil": {"depth": "1.0"}, "horizon": {"bottom": "1", "name": "'all'"},
                            "forcing": sky, "observation": {"kind": "'surface_temperature'"},
                            "parameter": {"name": "'albedo'", "value": "0.25"}}.items():
            begin = text.index(f"\n&{group}\n")
            end = text.index("\n/", begin)
            filled = text[begin:end]
            for key, value in keys.items():
                filled, count = re.subn(rf"(?m)^  {key} =.*$", f"  {key} = {value}", filled)
                self.assertEqual(count, 1, f"&{group} {key}")
            text = text[:begin] + filled + text[end:]
        for name, value in TRUTH.items():
            if name != "albedo":
                text += f"&parameter name = '{name}', value = {value} /\n"
        (self.folder / "described.nml").write_text(text)
        done = self.glebe("described.nml")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.read("described.nc").surface_temperature.shape, (25,))

    def test_help_and_version(self):
        for word, expected in (("--help", "usage:"), ("-h", "usage:"), ("--version", "glebe ")):
            done = self.glebe(word, ranks=2)
            self.assertEqual((done.returncode, done.stdout.count(expected)), (0, 1))


if __name__ == "__main__":
    unittest.main()
