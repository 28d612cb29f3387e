# SPDX-License-Identifier: BSD-3-Clause
"""What decides an estimate: errors and flags of the observations, losses, bounds, priors and
optimisers."""
import copy
import unittest

import numpy as np

from support import TRUTH, GlebeTest, estimating, group_of, rewrite, site_case

STREAMS = ("surface_temperature", ("soil_temperature", 0.1))
ESTIMATED = ("thermal_conductivity", "heat_capacity", "albedo", "heat_transfer")


class Observations(GlebeTest):
    def setUp(self):
        super().setUp()
        self.case = estimating(self.write_truth(*STREAMS, twin={"noise": 0.2}), *ESTIMATED)

    def add(self, **variables):
        rewrite(self.folder / "observed.nc", lambda data: data.assign(variables))

    def test_sigma_from_a_variable(self):
        plain = self.run_case(self.case).data
        n = np.arange(73)
        uneven = np.where(n < 36, 0.05, 0.8)
        self.add(error=("time", np.full(73, 0.18), {"units": "degF"}),
                 uneven=("time", uneven, {"units": "K"}))
        for stream in self.case["observation"]:
            del stream["sigma"]
            stream["sigma_variable"] = "error"
        # 0.18 degF of error are 0.1 K; sigma is kept in single precision.
        same = self.run_case(self.case).data
        self.assert_found(same, {name: plain[name] for name in ESTIMATED}, 1e-6)
        for stream in self.case["observation"]:
            stream["sigma_variable"] = "uneven"
        data = self.run_case(self.case).data
        misfit = data.surface_temperature - data.surface_temperature_observed
        misfit_10 = data.soil_temperature_10cm - data.soil_temperature_10cm_observed
        cost = 0.5 * float(((misfit / uneven)**2 + (misfit_10 / uneven)**2).sum())
        self.assertAlmostEqual(float(data.cost_final) / cost, 1, 6)
        self.assertGreater(abs(float(data.albedo / plain.albedo) - 1), 1e-4)

    def test_cost_and_fit_statistics(self):
        data = self.run_case(self.case).data
        cost = 0.0
        for name in ("surface_temperature", "soil_temperature_10cm"):
            misfit = (data[name] - data[name + "_observed"]).values
            cost += 0.5 * float(((misfit / 0.1)**2).sum())
            self.assertAlmostEqual(float(data["rmse_" + name]), np.sqrt((misfit**2).mean()), 9)
            self.assertAlmostEqual(float(data["bias_" + name]), misfit.mean(), 9)
        self.assertAlmostEqual(float(data.cost_final) / cost, 1, 6)

    def test_missing_and_flagged_values(self):
        """Values that are missing, or whose flags are not accepted, are as good as not there."""
        n = np.arange(73)
        bad = (n % 7 == 3) | (n > 60)
        original = self.read("observed.nc")
        rewrite(self.folder / "observed.nc", lambda d: d.isel(time=~bad), self.folder / "short.nc")
        for stream in self.case["observation"]:
            stream["file"] = "short.nc"
        short = self.run_case(self.case).data

        with_gaps = {name: ("time", np.where(bad, np.nan, original[name]), {"units": "K"})
                     for name in ("surface_temperature", "soil_temperature_10cm")}
        wrong = {name: ("time", np.where(bad, 333.0, original[name]), {"units": "K"})
                 for name in with_gaps}
        quality = ("time", np.where(bad, np.where(n > 66, 1, -127), np.where(n % 2, 0, 3))
                   .astype("int8"), {"_FillValue": np.int8(-127)})
        for stream in self.case["observation"]:
            stream["file"] = "observed.nc"
        self.add(**with_gaps)
        results = [self.run_case(self.case).data]
        self.add(**wrong, quality=quality)
        for stream in self.case["observation"]:
            stream.update(qc_variable="quality", qc_accept=[0, 3])
        results.append(self.run_case(self.case).data)
        for data in results:
            self.assertEqual(data.count_surface_temperature, (~bad).sum())
            self.assert_same_results(data, short, [*ESTIMATED, "cost_final"])
        for stream in self.case["observation"]:
            stream["qc_accept"] = [0, 1, 3]
        self.assertGreater(self.run_case(self.case).data.cost_final, 10 * short.cost_final)

    def test_withheld_stream_has_no_influence(self):
        without = self.run_case(self.case).data
        self.add(net_radiation=("time", np.full(73, 100.0), {"units": "W m-2"}))
        self.case["observation"].append({"kind": "net_radiation", "file": "observed.nc",
                                         "stamp": "instant", "withhold": True})
        run = self.run_case(self.case)
        self.assert_same_results(without, run.data, list(without.data_vars))
        self.assertEqual(run.data.net_radiation.withheld, 1)
        misfit = run.data.net_radiation - 100.0
        self.assertAlmostEqual(float(run.data.rmse_net_radiation / np.sqrt((misfit**2).mean())), 1)
        self.assertRegex(run.log, r"net_radiation .*\(withheld\)")

    def test_huber_bears_outliers(self):
        clean = self.run_case(self.case).data
        values = self.read("observed.nc").surface_temperature.values.copy()
        values[[12, 37, 59]] += [25, 30, 20]
        self.add(surface_temperature=("time", values, {"units": "K"}))
        errors = {}
        for loss in ("gaussian", "huber"):
            for stream in self.case["observation"]:
                stream["loss"] = loss
            data = self.run_case(self.case).data
            self.assertEqual(data.status, 0)
            errors[loss] = [abs(float(data[name] / clean[name]) - 1) for name in ESTIMATED]
        self.assertGreater(max(errors["gaussian"]), 0.1)
        self.assertLess(max(errors["huber"]), 0.2 * max(errors["gaussian"]))


class BoundsAndPriors(GlebeTest):
    def test_estimate_at_its_bound(self):
        twin = self.write_truth(*STREAMS)
        for bound, value, flag in (("upper", 0.2, 2), ("lower", 0.3, 1)):
            case = estimating(twin, "albedo", "heat_transfer")
            albedo = group_of(case, "albedo")
            albedo.update({bound: value, "value": 0.15 if bound == "upper" else 0.5})
            run = self.run_case(case)
            with self.subTest(bound=bound):
                self.assertAlmostEqual(float(run.data.albedo), value, 12)
                self.assertEqual(run.data.albedo_at_bound, flag)
                self.assertEqual(run.data.albedo_at_bound.flag_meanings.split()[flag],
                                 f"at_{bound}_bound")
                self.assertTrue(np.isnan(run.data.albedo_std))
                self.assertEqual(run.data.heat_transfer_at_bound, 0)
                self.assertGreater(run.data.heat_transfer_std, 0)
                self.assertIn(f"at its {bound} bound", run.log)

    def test_prior(self):
        """One parameter in a nearly linear model: the estimate is the mean of first guess and
        data, weighted by their inverse variances."""
        twin = self.write_truth(("soil_temperature", 0.5))
        alone = estimating(twin, "deep_temperature", sigma=2.0)
        data = self.run_case(alone).data
        self.assert_found(data, TRUTH)
        std = float(data.deep_temperature_std)
        self.assertTrue(0.05 < std < 5, std)
        guess = group_of(alone, "deep_temperature")["value"]
        for prior_std in (0.5 * std, std, 3 * std):
            case = copy.deepcopy(alone)
            group_of(case, "deep_temperature")["prior_std"] = prior_std
            data = self.run_case(case).data
            weight = std**-2 / (std**-2 + prior_std**-2)
            expected = guess + weight * (TRUTH["deep_temperature"] - guess)
            with self.subTest(prior_std=prior_std):
                self.assertAlmostEqual(float(data.deep_temperature), expected, 2)
                np.testing.assert_allclose(data.deep_temperature_std, np.sqrt(weight) * std,
                                           rtol=1e-2)
                np.testing.assert_allclose(data.degrees_of_freedom, weight, rtol=1e-2)
                np.testing.assert_allclose(data.averaging_kernel, [[weight]], rtol=1e-2)

    def test_firm_prior(self):
        case = estimating(self.write_truth(*STREAMS), "albedo", "heat_transfer")
        group_of(case, "albedo")["prior_std"] = 1e-9
        data = self.run_case(case).data
        self.assertAlmostEqual(float(data.albedo), 0.35, 9)
        self.assertGreater(abs(float(data.heat_transfer) - TRUTH["heat_transfer"]), 0.1)

    def test_prior_makes_the_bowen_ratio_definite(self):
        """Only h (1 + 1/bowen_ratio) acts; a prior on the ratio settles the rest."""
        twin = self.write_truth(*STREAMS, truth={**TRUTH, "bowen_ratio": 2.0},
                                surface={"turbulence": "bowen"})
        case = estimating(twin, "heat_transfer", "bowen_ratio", bowen_ratio=(2.0, 0.1, 20.0))
        group_of(case, "bowen_ratio")["prior_std"] = 0.1
        data = self.run_case(case).data
        self.assert_found(data, {"heat_transfer": 15.0, "bowen_ratio": 2.0}, 1e-5)
        # The data add nothing to what is known of the ratio, and the two go together.
        np.testing.assert_allclose(data.bowen_ratio_std, 0.1, rtol=1e-3)
        self.assertGreater(float(data.correlation[0, 1]), 0.98)


class Optimisers(GlebeTest):
    def test_several_starts(self):
        case = estimating(self.write_truth(*STREAMS, twin={"noise": 0.2}), *ESTIMATED)
        one = self.run_case(case).data
        case["optimizer"] = {"starts": 12}
        several, again = (self.run_case(case, ranks=ranks) for ranks in (1, 2))
        self.assertIn("starts: 12 of 12 converged; several minima in 0 of 1 columns", several.log)
        self.assertEqual(several.data.starts_converged, 12)
        self.assertEqual(several.data.distinct_minima, 1)
        self.assertAlmostEqual(float(several.data.cost_final / one.cost_final), 1, 9)
        self.assert_same_results(several.data, again.data)
        case["optimizer"]["method"] = "bntr"
        self.assertEqual(self.glebe(self.write_case(case)).returncode, 2)

    def test_all_methods_reach_the_same_minimum(self):
        case = estimating(self.write_truth(*STREAMS, twin={"noise": 0.2}), *ESTIMATED)
        case["optimizer"] = {"method": "bntr"}
        reference = self.run_case(case).data
        self.assertEqual(reference.status, 0)
        for method in ("column_newton", "bnls", "bntl", "bqnls", "blmvm", "bncg"):
            case["optimizer"] = {"method": method, "max_iterations": 2000,
                                 "gradient_tolerance": 1e-7}
            data = self.run_case(case).data
            with self.subTest(method=method, iterations=float(data.iterations)):
                self.assertEqual(data.status, 0)
                self.assertAlmostEqual(float(data.cost_final / reference.cost_final), 1, 8)
                self.assert_found(data, {name: reference[name] for name in ESTIMATED}, 1e-4)

    def test_options_of_the_command_line(self):
        case = estimating(self.write_truth(*STREAMS), *ESTIMATED)
        run = self.run_case(case, "-tao_max_it", "1")
        self.assertEqual(run.data.iterations, 1)
        self.assertEqual(run.data.status, 1)
        self.assertEqual(run.data.status.flag_meanings.split()[1], "not_converged")
        self.assertIn("warning: the optimiser did not converge", run.log)
        case["optimizer"] = {"max_iterations": 2}
        self.assertEqual(self.run_case(case).data.iterations, 2)
        self.assertGreater(self.run_case(case, "-tao_max_it", "50").data.iterations, 2)
        self.assertIn("CONVERGED", self.run_case(case, "-tao_type", "blmvm", "-tao_max_it", "1000",
                                                 "-tao_converged_reason").log)


if __name__ == "__main__":
    unittest.main()
