# SPDX-License-Identifier: BSD-3-Clause
"""Estimates at or near their bounds: their 68 % intervals within them."""
import copy
import re
import unittest

import numpy as np
import xarray as xr

from support import TRUTH, GlebeTest, estimating, group_of, site_case, weather, write_series

STREAMS = ("surface_temperature", ("soil_temperature", 0.1))
ESTIMATED = ("thermal_conductivity", "heat_capacity")
HOURS = np.arange(-6, 79)
SIGMA = 0.5


class Twins(GlebeTest):
    """A grid of columns under the same weather, with the true heat capacity of each given in
    standard deviations above TRUTH, the lower bound of the estimate."""

    def setUp(self):
        super().setUp()
        self.write_weather()
        alone = site_case("twin", *STREAMS)
        self.run_case(alone, name="truth")
        data = self.run_case(estimating(alone, *ESTIMATED, sigma=SIGMA)).data
        self.std = {name: float(data[f"{name}_std"]) for name in ESTIMATED}

    def estimates(self, above, upper=np.inf, lower_conductivity=0.1, ranks=1, share=1):
        """Estimates with noise for true capacities `above` the lower bound. So many columns, one
        after the other, `share` their heat capacity."""
        n = len(above)
        fields = {name: (np.repeat(values[:, None], n, 1), units)
                  for name, (values, units) in weather(HOURS).items()}
        write_series(self.folder / "weather.nc", HOURS, fields, ["cell"])
        lower, std = TRUTH["heat_capacity"], self.std["heat_capacity"]
        xr.Dataset({"heat_capacity": ("cell", lower + std * np.asarray(above),
                                       {"units": "J m-3 K-1"}),
                    "part": ("cell", np.arange(n, dtype="i4") // share)}).to_netcdf(
            self.folder / "fields.nc")
        twin = site_case("twin", *STREAMS, twin={"noise": SIGMA})
        drawn = copy.deepcopy(twin)
        group_of(drawn, "heat_capacity").pop("value")
        group_of(drawn, "heat_capacity")["file"] = "fields.nc"
        self.run_case(drawn, name="truth")
        top = min(lower + upper * std, 6e6)
        case = estimating(twin, *ESTIMATED, sigma=SIGMA,
                          heat_capacity=(lower + 0.4 * (top - lower), lower, top),
                          thermal_conductivity=(1.0, lower_conductivity, 4.0))
        case["run"]["series"] = False
        case["posterior"] = {"autocorrelation": False}
        if share > 1:
            group_of(case, "heat_capacity").update(space="region", region_file="fields.nc",
                                                   region_variable="part")
        return self.run_case(case, ranks=ranks)

    def covered(self, data, name, truth):
        return float(((data[f"{name}_lower"] <= truth) & (truth <= data[f"{name}_upper"])).mean())

    def test_truths_anywhere_within_the_bounds(self):
        """Truths as likely everywhere between bounds 3 standard deviations apart: the interval of
        each estimate covers 68.3 % of them. Of 1,600, known to 1.2 %."""
        above = np.random.default_rng(1).uniform(0, 3, 1600)
        data = self.estimates(above, upper=3).data
        truth = {"heat_capacity": TRUTH["heat_capacity"] + self.std["heat_capacity"] * above,
                 "thermal_conductivity": TRUTH["thermal_conductivity"]}
        at_bound = data.heat_capacity_at_bound > 0
        self.assertGreater(float(at_bound.mean()), 0.15)
        for name in ESTIMATED:
            self.assertAlmostEqual(self.covered(data, name, truth[name]), 0.683, delta=0.037,
                                   msg=name)
        # What the intervals without the bounds would have been is much wider.
        width = (data.heat_capacity_upper - data.heat_capacity_lower) / self.std["heat_capacity"]
        self.assertLess(float(width.mean()), 1.6)

    def test_truths_at_and_near_a_bound(self):
        """The interval of each estimate covers every truth alike. Of 1,000, known to 1.5 %."""
        for above in (0, 0.5, 1.5):
            data = self.estimates(np.full(1000, above)).data
            truth = TRUTH["heat_capacity"] + self.std["heat_capacity"] * above
            with self.subTest(above=above):
                share = self.covered(data, "heat_capacity", truth)
                self.assertAlmostEqual(share, 0.683, delta=0.045)

    def test_far_from_bounds_it_is_one_standard_deviation(self):
        data = self.estimates(np.full(16, 12.0)).data
        for name in ESTIMATED:
            np.testing.assert_allclose(data[f"{name}_upper"], data[name] + data[f"{name}_std"],
                                       rtol=1e-12)
            np.testing.assert_allclose(data[f"{name}_lower"], data[name] - data[f"{name}_std"],
                                       rtol=1e-12)

    def test_any_number_of_ranks(self):
        above = np.linspace(-2, 4, 40)
        first = self.estimates(above, upper=3).data
        for ranks in (2, 3):
            self.assert_same_results(first, self.estimates(above, upper=3, ranks=ranks).data)

    def test_truths_at_and_near_a_bound_that_columns_share(self):
        """Pairs of columns share their heat capacity, and one search finds all. Of 500, known to
        2.1 %."""
        for above in (0, 0.5):
            with self.subTest(above=above):
                pair = above / np.sqrt(2)  # in the standard deviations of one column
                data = self.estimates(np.full(1000, pair), share=2).data
                truth = TRUTH["heat_capacity"] + self.std["heat_capacity"] * pair
                first = data.isel(cell=slice(0, None, 2))
                other = data.isel(cell=slice(1, None, 2))
                np.testing.assert_array_equal(first.heat_capacity, other.heat_capacity)
                np.testing.assert_allclose(first.heat_capacity_upper, other.heat_capacity_upper,
                                           rtol=1e-6)
                self.assertGreater(float((first.heat_capacity_at_bound > 0).mean()), 0.25)
                self.assertAlmostEqual(self.covered(first, "heat_capacity", truth), 0.683,
                                       delta=0.063)
                self.assertAlmostEqual(
                    self.covered(data, "thermal_conductivity", TRUTH["thermal_conductivity"]),
                    0.683, delta=0.045)

    def test_bounds_of_many_columns_that_all_are_wrong(self):
        """Conductivity is one value of all columns, and the bound of each heat capacity is 5 % too
        high: together they move it by far more than its standard deviation. It has one interval and
        one verdict, and they tell where it would be without the bounds."""
        self.estimates(np.zeros(40))
        twin = site_case("twin", *STREAMS)

        def shared(lower):
            case = estimating(twin, *ESTIMATED, sigma=SIGMA,
                              heat_capacity=(1.3 * lower, lower, 3 * lower))
            group_of(case, "thermal_conductivity")["space"] = "domain"
            return self.run_case(case).data
        free, data = shared(0.5 * TRUTH["heat_capacity"]), shared(1.05 * TRUTH["heat_capacity"])
        self.assertTrue((data.heat_capacity_at_bound > 0).all())
        self.assertGreater(float(abs(data.thermal_conductivity - free.thermal_conductivity)[0]),
                           float(free.thermal_conductivity_std[0]))
        for name in ESTIMATED:
            lower, upper = data[f"{name}_lower"], data[f"{name}_upper"]
            self.assertTrue(((lower <= data[name]) & (data[name] <= upper)).all(), name)
        for name in ("lower", "upper", "verdict"):
            self.assertEqual(np.unique(data[f"thermal_conductivity_{name}"]).size, 1, name)
        # To first order at the bounds, hence to a part of the standard deviation.
        np.testing.assert_allclose(data.thermal_conductivity_lower, free.thermal_conductivity_lower,
                                   atol=0.3 * float(free.thermal_conductivity_std[0]))
        code = int(data.thermal_conductivity_verdict[0])
        flags = data.thermal_conductivity_verdict
        self.assertEqual(dict(zip(flags.flag_values, flags.flag_meanings.split()))[code],
                         "conditional")

    def test_a_column_that_shares_its_values_with_no_other(self):
        """It is the same problem, solved by other means: to the tolerance of the searches."""
        self.estimates([0.0])
        bound = TRUTH["heat_capacity"] + 3 * self.std["heat_capacity"]
        case = estimating(site_case("twin", *STREAMS), *ESTIMATED, sigma=SIGMA,
                          heat_capacity=(1.5 * bound, bound, 3 * bound))
        group_of(case, "emissivity")["prior_std"] = 0.01  # considered
        found = []
        for space in ("column", "domain"):
            for name in (*ESTIMATED, "emissivity"):
                group_of(case, name)["space"] = space
            found.append(self.run_case(case, name=space).data)
        own, shared = found
        self.assertEqual(float(own.heat_capacity_at_bound), 1)
        for name in ESTIMATED:
            for end in ("lower", "upper"):
                np.testing.assert_allclose(shared[f"{name}_{end}"], own[f"{name}_{end}"],
                                           rtol=1e-5)
            np.testing.assert_array_equal(shared[f"{name}_verdict"], own[f"{name}_verdict"])


class Words(GlebeTest):
    def test_of_a_bound_and_of_what_it_makes_known(self):
        """One depth cannot tell conductivity and heat capacity apart: a bound of one makes the
        other look known."""
        twin = self.write_truth(("soil_temperature", 0.1))
        run = self.run_case(estimating(twin, *ESTIMATED, heat_capacity=(3e6, 2.2e6, 6e6)))
        data, words = run.data, run.data.attrs["verdict"]
        self.assertEqual(float(data.heat_capacity_lower), 2.2e6)
        self.assertGreater(float(data.heat_capacity_upper), 2.2e6)
        number = r"(\d\S*)"
        told = re.search(r"heat_capacity at its lower bound, 2.2e\+06 J m-3 K-1; 68 % from "
                         rf"2.2e\+06 to {number} within the bounds", words)
        self.assertAlmostEqual(float(told[1]), float(data.heat_capacity_upper), delta=1e3)
        told = re.search("thermal_conductivity: conditional, .* given heat_capacity = 2.2e.06 J "
                         r"m-3 K-1, its lower bound; free, at most \+- \S+ W m-1 K-1; 68 % from "
                         f"{number} to {number} within the bounds", words)
        for text, end in zip(told.groups(), ("lower", "upper")):
            self.assertAlmostEqual(float(text), float(data[f"thermal_conductivity_{end}"]),
                                   delta=2e-3)
        # Conductivity can only be larger than at the bound: it is tied to the heat capacity.
        away = float(data.thermal_conductivity_upper - data.thermal_conductivity)
        below = float(data.thermal_conductivity - data.thermal_conductivity_lower)
        self.assertGreater(away, 1.05 * below)
        self.assertIn("68 % intervals within the bounds:", run.log)
        # On two ranks one has no column.
        case = estimating(twin, *ESTIMATED, heat_capacity=(3e6, 2.2e6, 6e6))
        self.assert_same_results(data, self.run_case(case, ranks=2).data)


if __name__ == "__main__":
    unittest.main()
