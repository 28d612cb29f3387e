# SPDX-License-Identifier: BSD-3-Clause
"""Bootstrap, profiles, designs and scaling by chi-square where columns are coupled."""
import unittest

import numpy as np
import xarray as xr

from support import (TRUTH, GlebeTest, estimating, exact_fields, group_of, rewrite, site_case, weather,
                     write_series)

SHAPE = (2, 3)
STREAMS = ("surface_temperature", ("soil_temperature", 0.1))
HOURS = np.arange(-6, 79)
PLACES = {"y": ("y", np.arange(2) * 1e3, {"units": "m", "axis": "Y"}),
          "x": ("x", np.arange(3) * 1e3, {"units": "m", "axis": "X"})}
NEAR = {"thermal_conductivity": (1.1, 0.1, 4.0), "albedo": (0.26, 0.01, 0.9),
        "heat_transfer": (14.9, 1.0, 60.0)}


class Coupled(GlebeTest):
    """Six columns on a grid of 1 km, the first of which has no observations of its own."""

    def setUp(self):
        super().setUp()
        write_series(self.folder / "weather.nc", HOURS, weather(HOURS, SHAPE), ["y", "x"], PLACES)

    def write_region(self, noise, *streams):
        twin = site_case("twin", *(streams or STREAMS), twin={"noise": noise})
        self.run_case(twin, name="truth")

        def blind(data):
            for stream in ("surface_temperature", "soil_temperature_10cm"):
                if stream in data:
                    data[stream][:, 0, 0] = np.nan
        rewrite(self.folder / "observed.nc", blind)
        return twin

    def shared(self, noise=0.1):
        """One conductivity for the domain, with a prior, and albedo in every column."""
        case = estimating(self.write_region(noise), "thermal_conductivity", "albedo", **NEAR)
        group_of(case, "thermal_conductivity")["space"] = "domain"
        return case

    def classes(self):
        """Conductivity by two classes, which vary in a random walk from day to day."""
        case = self.shared()
        xr.Dataset({"soil": (("y", "x"), np.array([[1, 2, 2], [1, 1, 2]], "i4"))}).to_netcdf(
            self.folder / "maps.nc")
        group_of(case, "thermal_conductivity").update(space="region", region_file="maps.nc",
                                                      region_variable="soil")
        return case

    def smooth(self):
        """A field of heat transfer, whose prior says as much as the data, beside albedo."""
        case = estimating(self.write_region(0.1), "heat_transfer", "albedo", **NEAR)
        group_of(case, "heat_transfer").update(prior_std=0.1, correlation_length=3.0)
        return case

    def agree(self, case, names):
        """Results on one rank, which those on two and three repeat to 1e-9 of themselves."""
        one = self.run_case(case)
        for ranks in (2, 3):
            other = self.run_case(case, ranks=ranks).data
            for name in names:
                np.testing.assert_allclose(other[name], one.data[name], rtol=1e-9, err_msg=name)
        return one


class Bootstrap(Coupled):
    def assert_ratios(self, data, name, tolerance):
        ratio = (data[f"{name}_bootstrap_std"] / data[f"{name}_std"]).values
        known = np.isfinite(data[f"{name}_std"].values)
        np.testing.assert_array_equal(np.isfinite(ratio), known)
        np.testing.assert_allclose(ratio[known], 1, atol=tolerance)
        return ratio

    def test_of_what_columns_share(self):
        """400 samples know a standard deviation to 1 / sqrt(800) = 3.5 %; four of that. Without
        draws of the prior means the ratio would be 0.7."""
        case = self.shared()
        group_of(case, "thermal_conductivity")["prior_std"] = 0.0026
        group_of(case, "albedo")["prior_std"] = 0.0007
        case["posterior"] = {"bootstrap": 400}
        run = self.agree(case, ["thermal_conductivity_bootstrap_std", "albedo_bootstrap_std"])
        ratio = self.assert_ratios(run.data, "thermal_conductivity", 4 / np.sqrt(800))
        self.assertEqual(len(np.unique(ratio)), 1)
        self.assert_ratios(run.data, "albedo", 4 / np.sqrt(800))
        self.assertIn("bootstrap: 400 samples, each a fit of all columns together", run.log)
        self.assertIn("(400 of 400 samples converged", run.log)

    def test_of_knots_of_classes(self):
        case = self.classes()
        group_of(case, "thermal_conductivity").update(time="steps", knot_interval=24.0,
                                                      time_std=0.003)
        case["posterior"] = {"bootstrap": 400}
        data = self.run_case(case).data
        self.assertEqual(data.thermal_conductivity_bootstrap_std.dims,
                         ("thermal_conductivity_time", "y", "x"))
        self.assert_ratios(data, "thermal_conductivity", 4 / np.sqrt(800))

    @exact_fields
    def test_of_fields(self):
        case = self.smooth()
        case["posterior"] = {"bootstrap": 400}
        data = self.agree(case, ["heat_transfer_bootstrap_std", "albedo_bootstrap_std"]).data
        for name in ("heat_transfer", "albedo"):
            self.assert_ratios(data, name, 4 / np.sqrt(800))
        prior = float((data.heat_transfer_bootstrap_std / 0.1).mean())
        self.assertTrue(0.3 < prior < 0.9, "data and prior both count")

    def test_samples_that_do_not_converge_are_counted(self):
        case = self.shared()
        case["posterior"] = {"bootstrap": 10}
        run = self.run_case(case, "-tao_max_it", "1")
        self.assertIn("(0 of 10 samples converged", run.log)
        self.assertTrue(np.isnan(run.data.thermal_conductivity_bootstrap_std).all())


class Profile(Coupled):
    def test_of_a_class(self):
        """Half the squared distance in standard deviations, but for what is not linear: a per cent
        per standard deviation."""
        case = self.classes()
        case["posterior"] = {"profile": "thermal_conductivity", "profile_points": 7}
        run = self.agree(case, ["thermal_conductivity_profile_value",
                                "thermal_conductivity_profile_cost"])
        data = run.data
        cost = data.thermal_conductivity_profile_cost
        self.assertEqual(cost.dims, ("profile_point", "y", "x"))
        away = ((data.thermal_conductivity_profile_value - data.thermal_conductivity)
                / data.thermal_conductivity_std)
        np.testing.assert_allclose(away[:, 0, 0], np.arange(-3, 4), atol=1e-9)
        rise = cost - data.cost_history[-1].item()
        np.testing.assert_allclose(rise, 0.5 * away**2, rtol=0.03, atol=1e-7)
        # The first column has the profile of its class, observed in others.
        np.testing.assert_array_equal(cost[:, 0, 0], cost[:, 1, 1])
        self.assertGreater(abs(cost[:, 0, 0] - cost[:, 0, 1]).max().item(), 1e-3)
        self.assertRegex(run.log, r"thermal_conductivity +(0\.9|1\.0)\d+ +(0\.9|1\.0)\d+ ")

    def test_by_every_method(self):
        case = self.shared()
        case["posterior"] = {"profile": "thermal_conductivity", "profile_points": 3}
        costs = []
        for method in ("bntr", "bnls", "bntl", "bqnls"):
            case["optimizer"] = {"method": method, "max_iterations": 300}
            data = self.run_case(case).data
            costs.append(data.thermal_conductivity_profile_cost.values[:, 0, 0])
        for cost in costs[1:]:
            np.testing.assert_allclose(cost, costs[0], rtol=1e-8)

    def test_only_of_what_is_shared(self):
        case = self.shared()
        case["posterior"] = {"profile": ["thermal_conductivity", "albedo"], "bootstrap": 10,
                             "scale_by_chi_square": True}
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.count("glebe:"), 1)
        for words in ("profile = 'albedo': has a value in every column", "space = 'domain' of",
                      "bootstrap is possible for all"):
            self.assertIn(words, done.stderr)


class ChiSquare(Coupled):
    def test_of_all_columns_scales_all(self):
        case = self.shared(noise=0.4)
        plain = self.run_case(case).data
        surplus = 5 * 2 * 73 - float(plain.degrees_of_freedom.sum())
        chi_square = plain.reduced_chi_square.attrs["of_all_columns"]
        self.assertAlmostEqual(chi_square / (2 * float(plain.cost_final.sum()) / surplus), 1, 9)
        # Noise of four sigma: 16, known to sqrt(2 / 724) of itself.
        self.assertLess(abs(chi_square / 16 - 1), 4 * np.sqrt(2 / 724))
        case["posterior"] = {"scale_by_chi_square": True, "bootstrap": 200}
        run = self.run_case(case)
        for name in ("thermal_conductivity", "albedo"):
            np.testing.assert_allclose(run.data[f"{name}_std"],
                                       plain[f"{name}_std"] * np.sqrt(chi_square), rtol=1e-9)
        self.assertIn(" of all columns, by which the standard deviations are scaled", run.log)
        # The noise of the samples is scaled like that of the data; 4 / sqrt(400).
        ratio = run.data.albedo_bootstrap_std / run.data.albedo_std
        np.testing.assert_allclose(ratio.values[np.isfinite(ratio)], 1, atol=0.2)


class Rows(Coupled):
    @exact_fields
    def test_of_fields(self):
        """The nearer a cell, the stronger its correlation; with itself they are those of its own
        posterior; and that of two cells does not depend on which of them was asked for."""
        case = self.smooth()
        case["posterior"] = {"rows": [0, 1, 1, 2]}
        data = self.agree(case, ["correlation_with_cell"]).data
        rows = data.correlation_with_cell.transpose("row_cell", "control", "control_column", "y",
                                                    "x").values
        cells = [(0, 1), (1, 2)]
        np.testing.assert_array_equal(data.row_cell, [1, 5])
        for row, (y, x) in enumerate(cells):
            np.testing.assert_allclose(rows[row, :, :, y, x], data.correlation.values[:, :, y, x],
                                       rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(rows[0, :, :, 1, 2], rows[1, :, :, 0, 1].T, rtol=1e-6, atol=1e-8)
        names = data.control.attrs["names"].split()
        field = rows[0, names.index("heat_transfer"), names.index("heat_transfer")]
        self.assertTrue(np.all(field[1] < field[0]))
        self.assertTrue(field[0, 1] > field[0, 0] > 0.01)

    def test_refusals(self):
        case = self.smooth()
        for rows, told in (([0, 3], "x = 3 is not on the grid, whose numbers are 0 to 2"),
                           ([1], "1 numbers are given, but a cell of this grid needs 2")):
            case["posterior"] = {"rows": rows}
            done = self.glebe(self.write_case(case))
            self.assertEqual(done.returncode, 2)
            self.assertIn(told, done.stderr)
        group_of(case, "heat_transfer").pop("correlation_length")
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 2)
        self.assertIn("rows: nothing couples columns", done.stderr)


class Designs(Coupled):
    """A design predicts at the truth what the estimate of a clean twin then has at the same
    point: all of it, up to the estimate's own convergence."""

    def predict(self, case):
        """The case as a design: of both streams, of the surface alone, and of its first day."""
        case["run"]["mode"] = "design"
        for stream in case["observation"]:
            del stream["file"]
        for group in case["parameter"]:
            group["value"] = TRUTH[group["name"]]
        case["design"] = [{"name": "both"},
                          {"name": "surface", "streams": "surface_temperature", "days": [1.0, 3.0]}]
        return self.agree(case, ["albedo_std", "criterion", "degrees_of_freedom"])

    def estimate_everywhere(self, make, *streams):
        """The posterior of a clean twin whose columns all have observations."""
        self.write_region = lambda noise: self.clean_twin(streams or STREAMS)
        case = make()
        for group in case["parameter"]:
            if group.get("prior_std"):
                group["value"] = TRUTH[group["name"]]  # else the prior would pull the estimate away
        case["optimizer"] = {"gradient_tolerance": 1e-10}
        return case, self.run_case(case, name="estimate").data

    def clean_twin(self, streams):
        twin = site_case("twin", *streams)
        self.run_case(twin, name="truth")
        return twin

    def compare(self, make, *names):
        case, both = self.estimate_everywhere(make)
        surface = self.estimate_everywhere(make, STREAMS[0])[1]
        run = self.predict(case)
        self.assertEqual(list(run.data.design_days), [3, 1, 3])
        for name in names:
            for design, found in ((0, both), (2, surface)):
                np.testing.assert_allclose(run.data[f"{name}_std"][design], found[f"{name}_std"],
                                           rtol=1e-5, err_msg=name)
            # One day knows less than three, one stream less than two.
            std = run.data[f"{name}_std"].mean(("y", "x"))
            self.assertTrue(std[1] > std[2] > std[0])
        np.testing.assert_array_equal(run.data.design_rank, [1, 3, 2])
        return run

    def test_of_what_columns_share(self):
        run = self.compare(self.shared, "thermal_conductivity", "albedo")
        self.assertEqual(np.unique(run.data.thermal_conductivity_std[0]).size, 1)

    @exact_fields
    def test_of_fields(self):
        self.compare(self.smooth, "heat_transfer", "albedo")


if __name__ == "__main__":
    unittest.main()
