# SPDX-License-Identifier: BSD-3-Clause
"""Parameters that are held at uncertain values: what they add to the posterior of the others."""
import copy
import unittest

import numpy as np
import xarray as xr

from support import (TRUTH, GlebeTest, estimating, group_of, site_case, weather,
                     write_series)

STREAMS = ("surface_temperature", ("soil_temperature", 0.1))
ESTIMATED = ("thermal_conductivity", "heat_capacity", "heat_transfer")
CONSIDERED = {"albedo": 0.02, "emissivity": 0.01}
SIGMA = 0.1
HOURS = np.arange(-6, 79)


def considering(case, **stds):
    """The case with these prior standard deviations of parameters that it does not estimate."""
    case = copy.deepcopy(case)
    for name, std in stds.items():
        group_of(case, name)["prior_std"] = std
    return case


def changed(case, name, value):
    case = copy.deepcopy(case)
    group_of(case, name)["value"] = value
    return case


class OneSite(GlebeTest):
    def setUp(self):
        super().setUp()
        self.twin = self.write_truth(*STREAMS)
        self.case = estimating(self.twin, *ESTIMATED, sigma=SIGMA)

    def sensitivity(self, names):
        """d(all observations)/d(parameter) over sigma, by central differences of forward runs."""
        columns = []
        for name in names:
            step = 1e-4 * TRUTH[name]
            series = []
            for sign in (1, -1):
                case = changed(self.twin, name, TRUTH[name] + sign * step)
                case["twin"]["file"] = "moved.nc"
                self.run_case(case, name="moved_case")
                data = self.read("moved.nc")
                series.append(np.concatenate([data[s].values for s in
                                              ("surface_temperature", "soil_temperature_10cm")]))
            columns.append((series[0] - series[1]) / (2 * step * SIGMA))
        return np.array(columns).T

    def test_posterior_is_that_of_dense_matrices(self):
        data = self.run_case(considering(self.case, **CONSIDERED)).data
        S, S_c = self.sensitivity(ESTIMATED), self.sensitivity(CONSIDERED)
        P = np.linalg.inv(S.T @ S)
        K = P @ S.T @ S_c @ np.diag(list(CONSIDERED.values()))
        total = P + K @ K.T
        std = np.sqrt(np.diag(total))
        for k, name in enumerate(ESTIMATED):
            self.assertAlmostEqual(float(data[f"{name}_std"]) / std[k], 1, delta=1e-5, msg=name)
            np.testing.assert_allclose(data[f"{name}_considered_share"], K[k]**2 / total[k, k],
                                       rtol=1e-4, atol=1e-8)
        order = [data.control.attrs["names"].split().index(name) for name in ESTIMATED]
        correlation = data.correlation.values[np.ix_(order, order)]
        np.testing.assert_allclose(correlation, total / np.outer(std, std), atol=1e-5)
        self.assertEqual(data.considered.attrs["names"], "albedo emissivity")
        # On two ranks one has no column.
        self.assert_same_results(
            data, self.run_case(considering(self.case, **CONSIDERED), ranks=2).data)
        np.testing.assert_allclose(data.considered_std, list(CONSIDERED.values()))

    def test_the_estimate_and_its_cost_stay(self):
        plain, considered = (self.run_case(c).data for c in
                             (self.case, considering(self.case, **CONSIDERED)))
        names = [n for n in plain.data_vars if not n.startswith("correlation") and
                 not n.endswith(("_std", "_std_inflated", "_lower", "_upper", "_verdict"))]
        self.assert_same_results(plain, considered, names)
        for name in ESTIMATED:
            self.assertGreater(float(considered[f"{name}_std"]), float(plain[f"{name}_std"]))

    def test_words_say_who_is_to_blame(self):
        run = self.run_case(considering(self.case, albedo=0.02))
        share = 100 * float(run.data.heat_transfer_considered_share[0])
        self.assertGreater(share, 50)
        self.assertIn(f"{share:.0f} % of the variance from albedo, held at 0.25 +- 0.02",
                      run.data.attrs["verdict"])
        self.assertIn("considered, held at uncertain values: albedo +- 0.02", run.log)

    def test_bootstrap_draws_them(self):
        """The standard deviation of 600 samples is known to 2.9 %."""
        case = considering(self.case, **CONSIDERED)
        case["posterior"] = {"bootstrap": 600}
        data = self.run_case(case).data
        for name in ESTIMATED:
            ratio = float(data[f"{name}_bootstrap_std"] / data[f"{name}_std"])
            self.assertAlmostEqual(ratio, 1, delta=0.1, msg=name)

    def test_dependent_residuals_inflate_only_the_part_of_the_data(self):
        """Held at a wrong albedo, the model leaves a daily wave in the residuals."""
        case = changed(self.case, "albedo", TRUTH["albedo"] + 0.03)
        plain = self.run_case(case).data
        data = self.run_case(considering(case, albedo=0.02)).data
        for name in ESTIMATED:
            added = [float(data[name + s])**2 - float(plain[name + s])**2
                     for s in ("_std", "_std_inflated")]
            self.assertGreater(float(plain[name + "_std_inflated"]),
                               1.2 * float(plain[name + "_std"]))
            self.assertAlmostEqual(added[1] / added[0], 1, delta=1e-6)

    def test_knots_in_time_are_a_random_walk(self):
        """Against estimates with one knot moved after the other."""
        std, step_std, knots = 0.02, 0.01, 4
        case = considering(self.case, albedo=std)
        group_of(case, "albedo").update(value=[0.25] * knots, time="linear", knot_interval=24,
                                        time_std=step_std)
        data = self.run_case(case).data
        precision = np.eye(knots) / std**2
        for j in range(1, knots):
            precision[np.ix_([j - 1, j], [j - 1, j])] += np.array([[1, -1], [-1, 1]]) / step_std**2
        gain = np.empty((len(ESTIMATED), knots))
        for j in range(knots):
            ends = []
            for sign in (1, -1):
                values = [0.25] * knots
                values[j] += sign * 1e-3
                moved = self.run_case(changed(case, "albedo", values)).data
                ends.append(np.array([float(moved[name]) for name in ESTIMATED]))
            gain[:, j] = (ends[0] - ends[1]) / 2e-3
        added = np.diag(gain @ np.linalg.inv(precision) @ gain.T)
        for k, name in enumerate(ESTIMATED):
            share = float(data[f"{name}_considered_share"][0])
            self.assertAlmostEqual(share * float(data[f"{name}_std"])**2 / added[k], 1, delta=2e-3)

    def test_a_design_considers_them(self):
        """The prediction at the truth is the posterior of a twin without noise."""
        data = self.run_case(considering(self.case, **CONSIDERED)).data
        case = considering(self.case, **CONSIDERED)
        case["run"]["mode"] = "design"
        case["design"] = {"name": "both"}
        for name in ESTIMATED:
            group_of(case, name)["value"] = TRUTH[name]
        run = self.run_case(case)
        self.assertIn("held at uncertain values: albedo +- 0.02, emissivity +- 0.01", run.log)
        for name in ESTIMATED:
            ratio = float(run.data[f"{name}_std"][0]) / float(data[f"{name}_std"])
            self.assertAlmostEqual(ratio, 1, delta=1e-4, msg=name)


class ManyTwins(GlebeTest):
    """A grid of columns under the same weather, whose true albedo and emissivity are not those at
    which the estimate holds them."""
    N = 800

    def setUp(self):
        super().setUp()
        fields = {name: (np.repeat(values[:, None], self.N, 1), units)
                  for name, (values, units) in weather(HOURS).items()}
        write_series(self.folder / "weather.nc", HOURS, fields, ["cell"])
        random = np.random.default_rng(5)
        truth = {name: ("cell", TRUTH[name] + std * random.standard_normal(self.N), {"units": "1"})
                 for name, std in CONSIDERED.items()}
        xr.Dataset(truth).to_netcdf(self.folder / "truth_fields.nc")
        twin = site_case("twin", *STREAMS, twin={"noise": SIGMA})
        drawn = copy.deepcopy(twin)
        for name in CONSIDERED:
            group_of(drawn, name).pop("value")
            group_of(drawn, name)["file"] = "truth_fields.nc"
        self.run_case(drawn, name="truth")
        self.case = considering(estimating(twin, *ESTIMATED, sigma=SIGMA), **CONSIDERED)
        self.case["run"]["series"] = False

    def test_errors_are_as_large_as_the_posterior_says(self):
        """The root mean square of 800 standardised errors is known to 2.5 %, and the part of them
        below one to 1.6 %."""
        data = self.run_case(self.case).data
        for name in ESTIMATED:
            z = (data[name] - TRUTH[name]) / data[f"{name}_std"]
            self.assertAlmostEqual(float(np.sqrt((z**2).mean())), 1, delta=0.08, msg=name)
            self.assertAlmostEqual(float((abs(z) < 1).mean()), 0.683, delta=0.05, msg=name)

    def test_any_number_of_ranks(self):
        first = self.run_case(self.case).data
        for ranks in (2, 3):
            self.assert_same_results(first, self.run_case(self.case, ranks=ranks).data)


class CoupledColumns(GlebeTest):
    SHAPE = (2, 3)

    def setUp(self):
        super().setUp()
        places = {"y": ("y", np.arange(2) * 1e3, {"units": "m", "axis": "Y"}),
                  "x": ("x", np.arange(3) * 1e3, {"units": "m", "axis": "X"})}
        write_series(self.folder / "weather.nc", HOURS, weather(HOURS, self.SHAPE), ["y", "x"],
                     places)
        self.twin = site_case("twin", *STREAMS)
        self.run_case(self.twin, name="truth")

    def assert_like_refits(self, case, names):
        """The variance that an error of the albedo in all columns adds is the square of how far
        estimates with a moved albedo have moved."""
        given = self.run_case(case).data
        held = considering(case, albedo=0.02)
        group_of(held, "albedo")["space"] = "domain"
        data = self.run_case(held).data
        low, high = (self.run_case(changed(case, "albedo", 0.25 + step)).data
                     for step in (-1e-3, 1e-3))
        for name in names:
            moved = 0.02 * (high[name] - low[name]) / 2e-3
            expected = np.sqrt(given[f"{name}_std"]**2 + moved**2)
            np.testing.assert_allclose(data[f"{name}_std"], expected, rtol=1e-3, err_msg=name)
            np.testing.assert_allclose(data[f"{name}_considered_share"][0],
                                       (moved / expected)**2, rtol=1e-2, atol=1e-5)
        for ranks in (2, 3):
            other = self.run_case(held, ranks=ranks).data
            for name in names:
                np.testing.assert_allclose(other[f"{name}_std"], data[f"{name}_std"], rtol=1e-7)
        return held, data

    def test_shared_values(self):
        case = estimating(self.twin, *ESTIMATED, sigma=SIGMA)
        group_of(case, "thermal_conductivity")["space"] = "domain"
        held, data = self.assert_like_refits(case, ESTIMATED)
        held["run"]["mode"] = "design"
        held["design"] = {"name": "both"}
        for name in ESTIMATED:
            group_of(held, name)["value"] = TRUTH[name]
        design = self.run_case(held).data
        for name in ESTIMATED:
            np.testing.assert_allclose(design[f"{name}_std"][0], data[f"{name}_std"], rtol=1e-4)

    def test_fields(self):
        case = estimating(self.twin, "thermal_conductivity", "heat_transfer", sigma=SIGMA)
        group_of(case, "heat_transfer").update(value=15.0, prior_std=0.1, correlation_length=3.0)
        self.assert_like_refits(case, ("thermal_conductivity", "heat_transfer"))

    def test_an_error_of_each_column_is_refused(self):
        case = considering(estimating(self.twin, *ESTIMATED), albedo=0.02)
        group_of(case, "thermal_conductivity")["space"] = "domain"
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 2)
        self.assertIn("with space = 'domain' or 'region'", done.stderr)

    def test_a_held_field_is_refused(self):
        case = considering(estimating(self.twin, *ESTIMATED), albedo=0.02)
        group_of(case, "albedo")["correlation_length"] = 3.0
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 2)
        self.assertIn("correlation_length: needs estimate = .true.", done.stderr)


if __name__ == "__main__":
    unittest.main()
