# SPDX-License-Identifier: BSD-3-Clause
"""Parameters that follow others: the same as another one, or a ratio to it, given or estimated."""
import copy
import unittest

import numpy as np

from refusal import RefusalTest, line_of
from support import TRUTH, GlebeTest, estimating, parameters, site_case, weather, write_series

NODES = [0.0, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.37, 0.45, 0.55, 0.65,
         0.8]
HORIZONS = [{"name": "upper", "bottom": 0.2}, {"name": "lower", "bottom": 0.8}]
STREAMS = ("surface_temperature", ("soil_temperature", 0.08), ("soil_temperature", 0.3))
CONDUCTIVITY, CAPACITY = "thermal_conductivity", "heat_capacity"
OTHERS = {name: value for name, value in TRUTH.items() if name not in (CONDUCTIVITY, CAPACITY)}


def estimate(value, lower, upper, **more):
    return {"value": value, "lower": lower, "upper": upper, "estimate": True, **more}


def soil(name, horizon, **what):
    return {"name": name, "horizon": horizon, **what}


class TwoHorizons(GlebeTest):
    """Estimates over two horizons from a twin of one, or of two."""

    def write_twin(self, ratio=1.0, noise=0.1):
        self.write_weather()
        self.twin = site_case("twin", *STREAMS, twin={"noise": noise})
        self.twin["soil"] = {"node_depths": NODES}
        self.twin["horizon"] = HORIZONS
        self.twin["parameter"] = [soil(CONDUCTIVITY, "upper", value=1.2),
                                  soil(CONDUCTIVITY, "lower", value=1.2 * ratio),
                                  {"name": CAPACITY, "value": 2.0e6}, *parameters(OTHERS)]
        self.run_case(self.twin, name="truth")

    def case(self, *groups, mode="estimate", free=("albedo",), horizons=True):
        case = copy.deepcopy(self.twin)
        if not horizons:
            del case["horizon"]
        case["parameter"] = [*groups, *parameters(OTHERS)]
        case = estimating(case, *free)
        case["run"]["mode"] = mode
        return case

    def test_the_same_is_one_horizon(self):
        self.write_twin()
        free = estimate(0.8, 0.1, 4.0)
        one = self.run_case(self.case({"name": CONDUCTIVITY, **free},
                                      {"name": CAPACITY, "value": 2.0e6}, horizons=False),
                            name="one").data
        two = self.run_case(self.case(soil(CONDUCTIVITY, "upper", **free),
                                      soil(CONDUCTIVITY, "lower",
                                           same_as="thermal_conductivity(upper)"),
                                      {"name": CAPACITY, "value": 2.0e6}), name="two")
        self.assertEqual(two.data.control.names.split(), ["thermal_conductivity[upper]", "albedo"])
        for name in (CONDUCTIVITY, CONDUCTIVITY + "_std", CONDUCTIVITY + "_std_inflated",
                     CONDUCTIVITY + "_verdict", CONDUCTIVITY + "_at_bound"):
            found = two.data[name].values
            np.testing.assert_array_equal(found, found[0], err_msg=name)
            # Horizons are added up in another order: rounding, and the end of the search.
            np.testing.assert_allclose(found[0], one[name], rtol=1e-9, err_msg=name)
        np.testing.assert_allclose(two.data.correlation, one.correlation, atol=1e-9)
        np.testing.assert_allclose(two.data.cost_final, one.cost_final, rtol=1e-12)
        self.assertEqual(two.data[CONDUCTIVITY].follows, "lower: thermal_conductivity(upper)")
        self.assertIn("thermal_conductivity[lower] [W m-1 K-1]: ", two.log)
        self.assertEqual(two.log.count("follows thermal_conductivity(upper)\n"), 2)
        self.assertIn("thermal_conductivity[lower]: follows thermal_conductivity(upper)\n",
                      two.data.attrs["verdict"])
        self.assertNotIn("thermal_conductivity_ratio", two.data)

    def test_a_ratio_of_one_is_the_same(self):
        self.write_twin()
        upper = soil(CONDUCTIVITY, "upper", **estimate(0.8, 0.1, 4.0))
        rest = {"name": CAPACITY, "value": 2.0e6}
        same, ratio = (self.run_case(self.case(upper, soil(CONDUCTIVITY, "lower", **tie), rest),
                                     name=name).data
                       for name, tie in (("same", {"same_as": "thermal_conductivity(upper)"}),
                                         ("ratio", {"ratio_to": "thermal_conductivity(upper)",
                                                    "value": 1.0})))
        self.assert_same_results(same, ratio, [CONDUCTIVITY, "albedo", "cost_final", "albedo_std",
                                               "correlation", "soil_temperature_8cm"])
        np.testing.assert_array_equal(ratio.thermal_conductivity_ratio, [np.nan, 1.0])
        self.assertEqual(ratio.thermal_conductivity_ratio.estimated, 0)
        # Propagated by another way.
        np.testing.assert_allclose(ratio.thermal_conductivity_std, same.thermal_conductivity_std,
                                   rtol=1e-12)

    def estimate_ratio(self, **prior):
        return self.run_case(self.case(
            soil(CONDUCTIVITY, "upper", **estimate(0.8, 0.1, 4.0)),
            soil(CONDUCTIVITY, "lower", ratio_to="thermal_conductivity(upper)",
                 **estimate(1.0, 0.2, 2.0, **prior)),
            {"name": CAPACITY, "value": 2.0e6}), name="ratio")

    def test_an_estimated_ratio_is_another_pair_of_coordinates(self):
        self.write_twin(ratio=0.6)
        run = self.estimate_ratio()
        apart = self.run_case(self.case(soil(CONDUCTIVITY, "upper", **estimate(0.8, 0.1, 4.0)),
                                        soil(CONDUCTIVITY, "lower", **estimate(0.8, 0.1, 4.0)),
                                        {"name": CAPACITY, "value": 2.0e6})).data
        # Without a prior the same minimum, and by the exact Jacobian the same covariance there.
        for name in (CONDUCTIVITY, "albedo"):
            np.testing.assert_allclose(run.data[name], apart[name], rtol=1e-6)
            np.testing.assert_allclose(run.data[name + "_std"], apart[name + "_std"], rtol=1e-5)
            np.testing.assert_allclose(run.data[name + "_std_inflated"],
                                       apart[name + "_std_inflated"], rtol=1e-5)
        upper, lower = run.data[CONDUCTIVITY].values
        self.assertEqual(run.data.control.names.split(),
                         ["thermal_conductivity[upper]", "thermal_conductivity_ratio[lower]",
                          "albedo"])
        np.testing.assert_allclose(run.data.thermal_conductivity_ratio, [np.nan, lower / upper])
        np.testing.assert_array_equal(run.data.thermal_conductivity_ratio_prior, [np.nan, 1.0])
        np.testing.assert_allclose(run.data.thermal_conductivity_prior, 0.8)
        self.assertEqual(run.data.thermal_conductivity_ratio.units, "1")
        std = run.data.thermal_conductivity_std.values
        ratio_std = run.data.thermal_conductivity_ratio_std.values[1]
        relative = np.array([std[0] / upper, ratio_std * upper / lower])
        correlation = run.data.correlation.values[0, 1]
        np.testing.assert_allclose(
            (std[1] / lower)**2, relative @ [[1, correlation], [correlation, 1]] @ relative,
            rtol=1e-9)
        self.assertIn("thermal_conductivity_ratio[lower]: determined, ", run.data.attrs["verdict"])
        self.assertIn("follows thermal_conductivity(upper), by a ratio that is estimated\n",
                      run.log)

    def test_the_prior_is_that_of_the_ratio(self):
        self.write_twin(ratio=0.6)
        data = self.estimate_ratio(prior_std=1e-5).data
        np.testing.assert_allclose(data.thermal_conductivity_ratio[1], 1.0, atol=1e-3)
        np.testing.assert_allclose(data.thermal_conductivity_ratio_std[1], 1e-5, rtol=1e-3)

    def test_a_fixed_ratio_may_be_uncertain(self):
        """Its error moves the follower directly and with the estimates: as in fits with others."""
        self.write_twin(ratio=0.6)
        std, step = 0.03, 0.01

        def fit(ratio, name, **prior):
            return self.run_case(self.case(
                soil(CONDUCTIVITY, "upper", **estimate(0.8, 0.1, 4.0)),
                soil(CONDUCTIVITY, "lower", ratio_to="thermal_conductivity(upper)", value=ratio,
                     **prior),
                {"name": CAPACITY, "value": 2.0e6}), name=name)

        known, run = fit(0.6, "known").data, fit(0.6, "uncertain", prior_std=std)
        self.assertEqual(run.data.considered.names, "thermal_conductivity_ratio[lower]")
        self.assertIn("follows thermal_conductivity(upper), by an uncertain ratio\n", run.log)
        np.testing.assert_array_equal(run.data[CONDUCTIVITY], known[CONDUCTIVITY])
        more, less = fit(0.6 + step, "more").data, fit(0.6 - step, "less").data
        for name in (CONDUCTIVITY, "albedo"):
            change = (more[name] - less[name]) / (2 * step) * std
            expected = np.hypot(known[name + "_std"], change)
            # The considered analysis takes Gauss-Newton blocks.
            np.testing.assert_allclose(run.data[name + "_std"], expected, rtol=0.03, err_msg=name)
        self.assertGreater(float(run.data.thermal_conductivity_std[1]),
                           1.5 * float(known.thermal_conductivity_std[1]))

    def test_profile_and_bootstrap_are_of_the_ratio(self):
        self.write_twin(ratio=0.6)
        case = self.case(soil(CONDUCTIVITY, "upper", value=1.2),
                         soil(CONDUCTIVITY, "lower", ratio_to="thermal_conductivity(upper)",
                              **estimate(0.8, 0.2, 2.0)),
                         {"name": CAPACITY, "value": 2.0e6})
        case["posterior"] = {"profile": CONDUCTIVITY, "bootstrap": 40}
        data = self.run_case(case).data
        ratio, std = (float(data["thermal_conductivity_ratio" + s][1]) for s in ("", "_std"))
        np.testing.assert_allclose(data.thermal_conductivity_ratio_profile_value[:, 1],
                                   ratio + std * np.linspace(-3, 3, 13), rtol=1e-6)
        self.assertTrue(np.isnan(data.thermal_conductivity_profile_value).all())
        # 40 samples: the standard deviation of a standard deviation is a tenth; four of these.
        self.assertLess(abs(data.thermal_conductivity_ratio_bootstrap_std[1] / std - 1), 0.45)

    def test_a_tied_forward_run_is_that_of_the_products(self):
        self.write_twin()
        ties = [soil(CONDUCTIVITY, "upper", value=1.5),
                soil(CONDUCTIVITY, "lower", ratio_to="thermal_conductivity(upper)", value=0.5),
                soil(CAPACITY, "lower", value=2.5e6),
                soil(CAPACITY, "upper", same_as="heat_capacity(lower)")]
        values = [soil(CONDUCTIVITY, "upper", value=1.5), soil(CONDUCTIVITY, "lower", value=0.75),
                  {"name": CAPACITY, "value": 2.5e6}]
        tied, plain = (self.run_case(self.case(*groups, mode="forward", free=()), name=name).data
                       for name, groups in (("tied", ties), ("plain", values)))
        self.assert_same_results(tied, plain, list(plain.data_vars))

    def test_designs(self):
        self.write_twin()
        case = self.case(soil(CONDUCTIVITY, "upper", **estimate(1.2, 0.1, 4.0)),
                         soil(CONDUCTIVITY, "lower", ratio_to="thermal_conductivity(upper)",
                              **estimate(1.0, 0.2, 2.0)),
                         soil(CAPACITY, "upper", **estimate(2e6, 1e6, 4e6)),
                         soil(CAPACITY, "lower", same_as="heat_capacity(upper)"), mode="design")
        case["design"] = {"days": 3}
        data = self.run_case(case).data
        self.assertGreater(data.thermal_conductivity_ratio_std[0, 1], 0)
        self.assertEqual(data.heat_capacity_std[0, 0], data.heat_capacity_std[0, 1])
        self.assertIn("thermal_conductivity_ratio", data.criterion.parameters.split())


class Derivatives(GlebeTest):
    """Mode gradient_test: tangents against the complex step, and the slope of Taylor's remainder."""

    def check(self, *groups, drop=(), **more):
        if not (self.folder / "weather.nc").exists():
            self.write_weather()
            twin = site_case("twin", *STREAMS)
            twin["forcing"].update(wind_east="Wind_E", wind_north="Wind_N")
            self.run_case(twin, name="truth")
            self.twin = twin
        case = copy.deepcopy(self.twin)
        case["horizon"] = HORIZONS
        for name, group in more.items():
            case[name] = {**case.get(name, {}), **group}
        mine = {group["name"] for group in groups}
        case["parameter"] = [*groups, *(p for p in case["parameter"]
                                        if p["name"] not in mine and p["name"] not in drop)]
        case = estimating(case)
        case["run"]["mode"] = "gradient_test"
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_in_time(self):
        """A constant ratio to what varies, one that varies to a constant, and a chain of both."""
        log = self.check(
            {"name": "heat_transfer", **estimate(10.0, 1.0, 60.0), "time": "linear",
             "knot_interval": 24},
            {"name": "heat_transfer_wind", "ratio_to": "heat_transfer", **estimate(0.1, 0.0, 1.0)},
            soil(CONDUCTIVITY, "upper", **estimate(0.8, 0.1, 4.0)),
            soil(CONDUCTIVITY, "lower", ratio_to="thermal_conductivity(upper)", time="steps",
                 knot_interval=36, **estimate(1.1, 0.5, 2.0)),
            soil(CAPACITY, "upper", ratio_to="thermal_conductivity", **estimate(2e6, 1e6, 4e6)),
            soil(CAPACITY, "lower", ratio_to="thermal_conductivity", **estimate(2e6, 1e6, 4e6)))
        for name in ("heat_transfer_wind_ratio ", "thermal_conductivity_ratio[lower][2001-06-01] ",
                     "heat_capacity_ratio[upper] ", "heat_transfer[2001-06-02] "):
            self.assertIn("\n" + name, log)

    def test_initial_profile_and_moist_soil(self):
        self.check(
            {"name": "initial_temperature", "depth": [0.0, 0.2], "same_as": "deep_temperature"},
            {"name": "initial_temperature", "depth": 0.5, "ratio_to": "deep_temperature",
             **estimate(1.01, 0.9, 1.1)},
            {"name": "deep_temperature", **estimate(293.0, 270.0, 320.0)},
            soil("porosity", "upper", **estimate(0.45, 0.3, 0.6)),
            soil("porosity", "lower", same_as="porosity(upper)"),
            {"name": "water_content", "ratio_to": "porosity", **estimate(0.5, 0.1, 0.9)},
            drop=(CONDUCTIVITY, CAPACITY),
            soil={"properties": "moist", "initial": "profile"})


class OverColumns(GlebeTest):
    """A grid of six columns, on one to three ranks."""

    def setUp(self):
        super().setUp()
        hours = np.arange(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (2, 3)), ("y", "x"))
        twin = site_case("twin", *STREAMS, twin={"noise": 0.05})
        twin["horizon"] = HORIZONS
        self.run_case(twin, name="truth")
        self.twin = twin

    def case(self, **space):
        case = copy.deepcopy(self.twin)
        case["parameter"] = [soil(CONDUCTIVITY, "upper", **estimate(0.9, 0.1, 4.0)),
                             soil(CONDUCTIVITY, "lower", ratio_to="thermal_conductivity(upper)",
                                  **estimate(0.8, 0.2, 2.0, **space)),
                             soil(CAPACITY, "upper", **estimate(1.8e6, 1e6, 4e6)),
                             soil(CAPACITY, "lower", same_as="heat_capacity(upper)"),
                             *parameters(OTHERS)]
        return estimating(case, sigma=0.05)

    def test_ranks_change_no_bit(self):
        one, *others = (self.run_case(self.case(), ranks=n, name=f"ranks_{n}").data
                        for n in (1, 2, 3))
        for other in others:
            self.assert_same_results(one, other)
        np.testing.assert_allclose(
            one.thermal_conductivity[1], one.thermal_conductivity_ratio[1]
            * one.thermal_conductivity[0], rtol=1e-15)

    def test_a_ratio_for_the_domain(self):
        """One ratio for all columns to a value in each of them, by both kinds of gradient."""
        one, two = (self.run_case(self.case(space="domain"), ranks=n, name=f"ranks_{n}").data
                    for n in (1, 2))
        case = self.case(space="domain")
        case["optimizer"] = {"gradient": "adjoint"}
        adjoint = self.run_case(case, name="adjoint").data
        ratio = one.thermal_conductivity_ratio[1].values
        np.testing.assert_array_equal(ratio, ratio[0, 0])
        np.testing.assert_allclose(ratio, 1.0,
                                   atol=5 * float(one.thermal_conductivity_ratio_std[1].max()))
        for other in (two, adjoint):
            for name in (CONDUCTIVITY, CONDUCTIVITY + "_ratio", CAPACITY):
                np.testing.assert_allclose(other[name], one[name], rtol=1e-6, err_msg=name)
                np.testing.assert_allclose(other[name + "_std"], one[name + "_std"], rtol=1e-6)


class Refusals(RefusalTest):
    def refuse(self, *words, text, **groups):
        for name, group in groups.items():
            self.case[name] = group
        self.assert_refused(line_of(self.case, text), *words, earlier=False)

    def tie(self, *ties, words, text, **groups):
        self.case["horizon"] = HORIZONS
        self.case["parameter"] = [*ties, *(p for p in self.case["parameter"]
                                           if p["name"] not in {t["name"] for t in ties})]
        self.refuse(*words, text=text, **groups)

    def test_unknown(self):
        self.tie(soil(CONDUCTIVITY, "upper", value=1.0),
                 soil(CONDUCTIVITY, "lower", same_as="thermal_conductivty(upper)"),
                 words=["&parameter same_as = 'thermal_conductivty': no such parameter",
                        "'thermal_conductivity'"], text="same_as")
        self.setUp()
        self.tie(soil(CONDUCTIVITY, "upper", value=1.0),
                 soil(CONDUCTIVITY, "lower", ratio_to="thermal_conductivity(uper)", value=1.0),
                 words=["no such horizon", "'upper'"], text="ratio_to")

    def test_ambiguous(self):
        self.tie({"name": "heat_transfer", "ratio_to": CONDUCTIVITY, "value": 10.0},
                 words=["a value in each of 2 horizons", "thermal_conductivity(upper)"],
                 text="ratio_to")

    def test_not_used(self):
        self.tie({"name": "heat_transfer", "ratio_to": "latent_transfer", "value": 10.0},
                 words=["'latent_transfer': not used by this model"], text="ratio_to")

    def test_circle(self):
        self.tie(soil(CONDUCTIVITY, "upper", same_as="thermal_conductivity(lower)"),
                 soil(CONDUCTIVITY, "lower", ratio_to="thermal_conductivity(upper)", value=0.5),
                 words=["follows itself: thermal_conductivity(upper) -> "
                        "thermal_conductivity(lower) -> thermal_conductivity(upper)"],
                 text="same_as")
        self.setUp()
        self.tie({"name": CONDUCTIVITY, "ratio_to": CONDUCTIVITY, "value": 1.0},
                 words=["thermal_conductivity(upper) -> thermal_conductivity(upper)"],
                 text="ratio_to")

    def test_units(self):
        self.tie({"name": CONDUCTIVITY, "same_as": CAPACITY},
                 words=["'heat_capacity(upper)': has another unit, J m-3 K-1 instead of W m-1 K-1"],
                 text="same_as")

    def test_own_keys(self):
        self.tie({"name": "emissivity", "same_as": "albedo", "value": 0.9},
                 words=["&parameter value: must not be given with same_as"], text="value = 0.9")

    def test_both_vary(self):
        self.tie({"name": "heat_transfer", "value": 10.0, "time": "steps", "knot_interval": 24},
                 {"name": "heat_transfer_wind", "ratio_to": "heat_transfer", "value": 0.1,
                  "time": "linear", "knot_interval": 12},
                 words=["the ratio must be constant in time, because heat_transfer varies"],
                 text="time = 'linear'")

    def test_range_at_the_bounds(self):
        self.tie({"name": "emissivity", "ratio_to": "albedo", **estimate(1.0, 0.5, 2.0)},
                 words=["emissivity would be 0.005 to 1.8 at ", "must be > 0 and <= 1"],
                 text="ratio_to")

    def test_range_of_an_uncertain_ratio(self):
        self.tie({"name": "emissivity", "ratio_to": "albedo", "value": 1.0, "prior_std": 0.1},
                 words=["emissivity would be 0.007 to 1.17 at ",
                        "and within 3 prior_std of what is held"], text="ratio_to")

    def test_sensors(self):
        self.tie({"name": "emissivity", "same_as": "sensor_bias"},
                 words=["'sensor_bias': belongs to a stream, and no other follows it"],
                 text="same_as")
        self.setUp()
        self.tie({"name": "sensor_bias", "stream": "soil_temperature_5cm", "value": 0.1,
                  "ratio_to": "albedo"},
                 words=["a parameter of a stream follows no other"], text="ratio_to")

    def test_initial_state_of_a_part(self):
        self.tie({"name": "initial_temperature", "depth": 0.1, "same_as": "deep_temperature"},
                 words=["is that of its part, and follows no other parameter"], text="parts",
                 soil={**self.case["soil"], "initial": "profile"}, split={"parts": 2})

    def test_missing_value(self):
        self.tie({"name": "emissivity", "ratio_to": "albedo"},
                 words=["value or file is required"], text="&parameter")


if __name__ == "__main__":
    unittest.main()
