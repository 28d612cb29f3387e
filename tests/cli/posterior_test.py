# SPDX-License-Identifier: BSD-3-Clause
"""What &posterior adds to a result: chi-square, dependent residuals, verdicts on a grid."""
import re
import unittest

import numpy as np
import xarray as xr

from support import (GlebeTest, estimating, exact_fields, group_of, rewrite, site_case, weather,
                     write_series)

STREAMS = ("surface_temperature", ("soil_temperature", 0.1))
ESTIMATED = ("thermal_conductivity", "heat_capacity", "albedo", "heat_transfer")


class ChiSquare(GlebeTest):
    def setUp(self):
        super().setUp()
        self.case = estimating(self.write_truth(*STREAMS, twin={"noise": 0.4}), *ESTIMATED,
                               sigma=0.1)

    def test_is_the_misfit_over_the_surplus_of_values(self):
        run = self.run_case(self.case)
        data = run.data
        self.assertAlmostEqual(float(data.reduced_chi_square),
                               2 * float(data.cost_final) / (2 * 73 - 4), 9)
        # Noise of four sigma: chi-square is 16, known to sqrt(2 / 142) of itself.
        self.assertLess(abs(float(data.reduced_chi_square) / 16 - 1), 3 * np.sqrt(2 / 142))
        self.assertIn("warning: the misfit is ", run.log)

    def test_scales_the_standard_deviations(self):
        plain = self.run_case(self.case).data
        self.case["posterior"] = {"scale_by_chi_square": True}
        run = self.run_case(self.case)
        for name in ESTIMATED:
            for suffix in ("std", "std_inflated"):
                np.testing.assert_allclose(
                    run.data[f"{name}_{suffix}"],
                    plain[f"{name}_{suffix}"] * np.sqrt(plain.reduced_chi_square), rtol=1e-9)
        self.assertNotIn("warning: the misfit", run.log)
        # A prior has an error of its own, which the misfit says nothing of.
        group_of(self.case, "albedo")["prior_std"] = 1e-6
        self.assertLessEqual(float(self.run_case(self.case).data.albedo_std), 1e-6)

    def test_with_a_prior(self):
        group_of(self.case, "albedo")["prior_std"] = 0.001
        data = self.run_case(self.case).data
        prior = 0.5 * float(((data.albedo - data.albedo_prior) / 0.001)**2)
        surplus = 2 * 73 - float(data.degrees_of_freedom)
        self.assertAlmostEqual(float(data.reduced_chi_square),
                               2 * (float(data.cost_final) - prior) / surplus, 9)


class DependentResiduals(GlebeTest):
    """Half-hourly records whose errors last for hours, of which each says less than it seems."""
    RHO = 0.9

    def setUp(self):
        super().setUp()
        write_series(self.folder / "weather.nc", range(-6, 247), weather(range(-6, 247)))
        self.twin = self.write_truth(*STREAMS, time={"stop": "2001-06-11", "step": 1800})

    def add_errors(self, seed, rho):
        """Errors of 0.1 K with autocorrelation rho, on top of the truth in observed.nc."""
        rng = np.random.default_rng(seed)
        clean = self.read("observed.nc")
        n = clean.sizes["time"]

        def errors():
            noise = rng.normal(size=n)
            for k in range(1, n):
                noise[k] = rho * noise[k - 1] + np.sqrt(1 - rho**2) * noise[k]
            return 0.1 * noise
        names = ("surface_temperature", "soil_temperature_10cm")
        noisy = {name: ("time", clean[name].values + errors(), {"units": "K"}) for name in names}
        rewrite(self.folder / "observed.nc", lambda data: data.assign(noisy),
                self.folder / "noisy.nc")
        return estimating(self.twin, "thermal_conductivity", "heat_transfer", file="noisy.nc")

    def test_white_residuals_change_nothing(self):
        run = self.run_case(self.add_errors(1, 0.0))
        for name in ("thermal_conductivity", "heat_transfer"):
            np.testing.assert_allclose(run.data[f"{name}_std_inflated"], run.data[f"{name}_std"],
                                       rtol=1e-9)
        self.assertEqual(run.data.effective_count_surface_temperature, 481)
        self.assertNotIn("not independent", run.log)

    def test_dependent_residuals_are_noticed(self):
        run = self.run_case(self.add_errors(1, self.RHO))
        data = run.data
        residual = (data.surface_temperature - data.surface_temperature_observed).values
        lag_one = (residual[1:] * residual[:-1]).mean() / (residual**2).mean()
        self.assertAlmostEqual(float(data.autocorrelation_surface_temperature), lag_one, 9)
        self.assertAlmostEqual(lag_one, self.RHO, delta=0.06)
        # An autoregressive series of 481 values has 481 (1 - rho) / (1 + rho) = 25 independent ones;
        # from one series that number is known to about a third.
        self.assertTrue(15 < data.effective_count_surface_temperature < 50)
        self.assertIn("warning: residuals are not independent; the standard deviations that are "
                      "reported allow for it\n", run.log)
        for name in ("thermal_conductivity", "heat_transfer"):
            self.assertGreater(float(data[f"{name}_std_inflated"] / data[f"{name}_std"]), 2.5)
            # It is the one that log and verdict report.
            told = re.search(rf"{name}: determined, [\d.]+ \+- ([\d.]+)", data.attrs["verdict"])
            reported = float(data[f"{name}_std_inflated"])
            self.assertAlmostEqual(float(told[1]) / reported, 1, delta=0.05)
            row = next(line for line in run.log.splitlines() if re.match(rf" *{name} \[", line))
            self.assertIn(f" {reported:.3g} ", row)

    def test_inflated_intervals_hold_the_truth(self):
        """Of 40 estimates with dependent errors the naive intervals miss most, the inflated ones
        hold the truth; these are no narrower than they must be, since a daily wave is seen through
        slower errors a little better than their time says."""
        within = {"std": [], "std_inflated": []}
        for seed in range(40):
            data = self.run_case(self.add_errors(seed, self.RHO)).data
            for suffix, found in within.items():
                away = abs(float(data.heat_transfer) - 15.0) / float(data[f"heat_transfer_{suffix}"])
                found.append(away < 1.96)
        # 95 % of 40 with a standard deviation of 3.4 %.
        self.assertLess(np.mean(within["std"]), 0.75)
        self.assertGreater(np.mean(within["std_inflated"]), 0.85)

    def test_can_be_left_out(self):
        case = self.add_errors(1, self.RHO)
        case["posterior"] = {"autocorrelation": False}
        run = self.run_case(case)
        self.assertNotIn("heat_transfer_std_inflated", run.data)
        self.assertNotIn("autocorrelation", run.log)


class HeldByABound(GlebeTest):
    """Two depths tell the diffusivity, and the lower bound of the heat capacity is above the truth."""
    NAMES = ("thermal_conductivity", "heat_capacity", "deep_temperature")

    def setUp(self):
        super().setUp()
        self.twin = self.write_truth(("soil_temperature", 0.05), ("soil_temperature", 0.15),
                                     twin={"noise": 0.05})

    def estimate(self, lower, **posterior):
        case = estimating(self.twin, *self.NAMES, sigma=0.05,
                          heat_capacity=(3e6, lower, 5e6))
        case["posterior"] = posterior
        return self.run_case(case)

    def test_conditional_is_not_determined(self):
        free = self.estimate(0.5e6)
        self.assertEqual(free.data.thermal_conductivity_verdict, 0)
        held = self.estimate(2.2e6)
        self.assertEqual(held.data.heat_capacity_at_bound, 1)
        self.assertEqual(held.data.thermal_conductivity_verdict, 7)
        told = re.search(r"thermal_conductivity: conditional, [\d.]+ W m-1 K-1 given "
                         r"heat_capacity = 2.2e\+06 J m-3 K-1, its lower bound; free, at most "
                         r"\+- ([\d.]+) W m-1 K-1; 68 % from", held.log)
        # The estimate without the bound is many plain standard deviations away, and within what
        # is told: a linear step from the bound goes a little too far here.
        away = abs(float(held.data.thermal_conductivity) - float(free.data.thermal_conductivity))
        self.assertGreater(away, 10 * float(held.data.thermal_conductivity_std_inflated))
        self.assertGreater(float(told[1]), 0.8 * away)
        self.assertLess(float(told[1]), 2 * away)

    def test_no_number_is_nan(self):
        log = self.estimate(2.2e6, bootstrap=20, profile=["heat_capacity", "thermal_conductivity"],
                            profile_points=5).log
        self.assertIn("no linear standard deviation, at its bound", log)
        self.assertNotRegex(log, r"\bnan\b")


def twin_of_six(test, surface_only=None):
    """A noisy twin of 2 x 3 columns, of which the first sees nothing."""
    hours = np.arange(-6, 79)
    write_series(test.folder / "weather.nc", hours, weather(hours, (2, 3)), ["y", "x"])
    twin = site_case("twin", *STREAMS, twin={"noise": 0.1})
    test.run_case(twin, name="truth")

    def blind(data):
        data.surface_temperature[:, 0, 0] = np.nan
        data.soil_temperature_10cm[:, 0, 0] = np.nan
        if surface_only:
            data.soil_temperature_10cm[:, surface_only[0], surface_only[1]] = np.nan
    rewrite(test.folder / "observed.nc", blind)
    return twin


class Verdicts(GlebeTest):
    def test_of_a_region(self):
        """Six columns, of which one sees nothing, one only its surface, and four both depths."""
        twin = twin_of_six(self, surface_only=(1, 2))
        case = estimating(twin, "thermal_conductivity", "heat_capacity", "heat_transfer")
        one, two = (self.run_case(case, ranks=ranks) for ranks in (1, 2))
        by_column = [name for name in one.data.data_vars if "y" in one.data[name].dims]
        self.assert_same_results(one.data, two.data, by_column)
        self.assertEqual(one.data.attrs["verdict"], two.data.attrs["verdict"])
        codes = one.data.thermal_conductivity_verdict.values
        np.testing.assert_array_equal(codes, [[6, 0, 0], [0, 0, 1]])
        meanings = one.data.thermal_conductivity_verdict.flag_meanings.split()
        self.assertEqual(meanings, ["determined", "in_combination", "not_determined",
                                    "at_lower_bound", "at_upper_bound", "several_minima",
                                    "not_estimated", "conditional"])
        lines = one.data.attrs["verdict"].splitlines()
        self.assertEqual(lines[0], "thermal_conductivity: determined in 4, in combination in 1 of "
                                   "6 columns")
        self.assertEqual(lines[-1], "in 1 column: thermal_conductivity and heat_capacity known "
                                    "only in combination: add a ground heat flux, a longer window "
                                    "or depths farther apart")

    def test_at_a_bound(self):
        case = estimating(self.write_truth(*STREAMS), "albedo", "heat_transfer")
        group_of(case, "heat_transfer").update(lower=16.0, value=20.0)
        run = self.run_case(case)
        self.assertEqual(run.data.heat_transfer_verdict, 3)
        told = re.search(r"heat_transfer at its lower bound, 16 W m-2 K-1; 68 % from 16 to (\S+) "
                         "within the bounds, which", run.log)
        self.assertAlmostEqual(float(told[1]), float(run.data.heat_transfer_upper), delta=0.005)
        self.assertRegex(run.log, r"the data contradict by [\d.]+ standard deviations: check time "
                                  "stamps and units of the forcing")

    def test_limits_are_settings(self):
        case = estimating(self.write_truth(*STREAMS, twin={"noise": 0.1}), *ESTIMATED)
        self.assertEqual(self.run_case(case).data.albedo_verdict, 0)
        case["posterior"] = {"precision": 1e-6, "correlation_limit": 0.1}
        self.assertEqual(self.run_case(case).data.albedo_verdict, 1)
        case["posterior"] = {"precision": 1e-6, "correlation_limit": 1.0, "std_limit": 1e-6}
        run = self.run_case(case)
        self.assertEqual(run.data.albedo_verdict, 2)
        self.assertTrue(re.search("albedo: not determined, standard deviation", run.log))


class VaryingParameters(GlebeTest):
    def test_in_time(self):
        """Three daily values of heat_transfer, which a random walk ties together."""
        twin = self.write_truth(*STREAMS, twin={"noise": 0.1})
        case = estimating(twin, "albedo", "heat_transfer")
        group_of(case, "heat_transfer").update(time="steps", knot_interval=24.0, time_std=0.3)
        case["posterior"] = {"profile": "heat_transfer", "profile_points": 5, "bootstrap": 1500}
        data = self.run_case(case).data
        self.assertEqual(data.heat_transfer_verdict.dims, ("heat_transfer_time",))
        np.testing.assert_array_equal(data.heat_transfer_verdict, [0, 0, 0])
        for day in ("01", "02", "03"):
            self.assertIn(f"heat_transfer[2001-06-{day}]: determined, ", data.attrs["verdict"])
        self.assertEqual(data.heat_transfer_profile_cost.dims,
                         ("profile_point", "heat_transfer_time"))
        away = (data.heat_transfer_profile_value - data.heat_transfer) / data.heat_transfer_std
        rise = data.heat_transfer_profile_cost - data.cost_final
        np.testing.assert_allclose(rise, 0.5 * away**2, rtol=0.05, atol=1e-3)
        # 1,500 samples know a standard deviation to 1.8 %; the walk is drawn like the noise.
        ratio = (data.heat_transfer_bootstrap_std / data.heat_transfer_std).values
        np.testing.assert_allclose(ratio, 1, atol=0.07)

    @exact_fields
    def test_inferred_from_neighbours(self):
        """A conductivity known in the outer columns of two rows of five, 10 km apart: those between
        learn it from them, and know it less well."""
        hours = np.arange(-6, 79)
        axes = {"y": ("y", [0.0, 10e3], {"units": "m"}),
                "x": ("x", np.arange(5) * 10e3, {"units": "m"})}
        write_series(self.folder / "weather.nc", hours, weather(hours, (2, 5)), ["y", "x"], axes)
        twin = site_case("twin", *STREAMS, twin={"noise": 0.1})
        self.run_case(twin, name="truth")

        def blind(data):
            data.surface_temperature[:, :, 1:4] = np.nan
            data.soil_temperature_10cm[:, :, 1:4] = np.nan
        rewrite(self.folder / "observed.nc", blind)
        case = estimating(twin, "thermal_conductivity", "albedo")
        group_of(case, "thermal_conductivity").update(prior_std=0.3, correlation_length=20.0)
        group_of(case, "albedo")["prior_std"] = 0.1
        one, two = (self.run_case(case, ranks=ranks) for ranks in (1, 2))
        self.assertEqual(one.data.attrs["verdict"], two.data.attrs["verdict"])
        np.testing.assert_array_equal(one.data.status, [[0, 4, 4, 4, 0]] * 2)
        std = one.data.thermal_conductivity_std.values
        self.assertGreater(std[:, 1:4].min(), 10 * std[:, [0, 4]].max())
        self.assertTrue(np.all(std[:, 2] > std[:, [1, 3]].max(axis=1)), "known least in the middle")
        told = re.search("thermal_conductivity: inferred from neighbours in 6 columns without "
                         r"observations, median standard deviation (\S+) W m-1 K-1; "
                         r"(\S+) W m-1 K-1 in the 4 observed", one.data.attrs["verdict"])
        self.assertTrue(told, one.data.attrs["verdict"])
        # Of an even number the upper one of the two in the middle.
        for shown, values in zip(told.groups(), (std[:, 1:4], std[:, [0, 4]])):
            self.assertEqual(shown, f"{np.sort(values, axis=None)[values.size // 2]:.2g}")
        self.assertNotIn("albedo: inferred", one.data.attrs["verdict"])

    def test_many_classes_are_summed_up_in_the_log(self):
        """Of fifteen classes twelve have a row, and a summary speaks of all."""
        hours = np.arange(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (3, 5)), ["y", "x"])
        twin = site_case("twin", *STREAMS, twin={"noise": 0.1})
        self.run_case(twin, name="truth")
        classes = xr.Dataset({"kind": (("y", "x"), np.arange(15, dtype="i4").reshape(3, 5))})
        classes.to_netcdf(self.folder / "classes.nc")
        case = estimating(twin, "albedo")
        group_of(case, "albedo").update(space="region", region_file="classes.nc",
                                        region_variable="kind")
        run = self.run_case(case)
        rows = [line for line in run.log.splitlines() if line.startswith("albedo (class ")]
        self.assertEqual([int(re.search(r"class (\d+)", row).group(1)) for row in rows],
                         [0, 1, 3, 4, 5, 6, 8, 9, 10, 11, 13, 14])
        values = np.sort(run.data.albedo.values, axis=None)
        self.assertIn("  albedo [1]: 12 of 15 values are shown, the result file has all\n"
                      f"  least {values[0]:.4g}, median {values[7]:.4g}, largest {values[-1]:.4g}; "
                      "std: least ", run.log)
        self.assertIn("; 0 not determined, 0 at a bound in some column\n", run.log)

    def test_shared_by_the_domain(self):
        """One conductivity for six columns, one of which has no observations of its own: it has
        the conductivity that all share, and no albedo."""
        twin = twin_of_six(self)
        case = estimating(twin, "thermal_conductivity", "albedo")
        group_of(case, "thermal_conductivity")["space"] = "domain"
        case["optimizer"] = {"gradient_tolerance": 1e-5}
        one, two = (self.run_case(case, ranks=ranks) for ranks in (1, 2))
        self.assertEqual(one.data.attrs["verdict"], two.data.attrs["verdict"])
        np.testing.assert_array_equal(one.data.thermal_conductivity_verdict, np.zeros((2, 3)))
        np.testing.assert_array_equal(one.data.albedo_verdict, [[6, 0, 0], [0, 0, 0]])
        std = f"{float(one.data.thermal_conductivity_std[0, 0]):.2g}"
        self.assertEqual(one.data.attrs["verdict"].splitlines(), [
            "thermal_conductivity: determined in 6 of 6 columns",
            "thermal_conductivity: inferred from the value they share in 1 column without "
            f"observations, median standard deviation {std} W m-1 K-1; {std} W m-1 K-1 in the 5 "
            "observed",
            "albedo: determined in 5, not estimated in 1 of 6 columns"])
        # White noise leaves nothing to allow for: the column's block with what is known beside it
        # gives back the coupled posterior.
        np.testing.assert_allclose(one.data.albedo_std_inflated, one.data.albedo_std, rtol=1e-6)
        self.assertEqual(int(np.isfinite(one.data.reduced_chi_square).sum()), 5)


if __name__ == "__main__":
    unittest.main()
