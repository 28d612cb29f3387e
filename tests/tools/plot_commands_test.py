# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the command that draws one figure of the report, and of the numbers and statistics
behind them."""
import contextlib
import io
import math
import pathlib
import tempfile
import unittest
from unittest import mock

import numpy as np
import xarray as xr

import report_fixtures as fixtures
from file_limit import files_of_at_most
from glebe_tools.plot.__main__ import main
from glebe_tools.report import numbers
from glebe_tools.report import residuals as report_residuals

MAGIC = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}


def setUpModule():
    folder = tempfile.TemporaryDirectory(prefix="glebe_plots_")
    unittest.addModuleCleanup(folder.cleanup)
    Commands.folder = pathlib.Path(folder.name)
    Commands.results = fixtures.make_results(Commands.folder)


class Commands(unittest.TestCase):
    def plot(self, command, result, *options):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main([command, str(self.results[result]), *options])
        return status, err.getvalue()

    def assert_drawn(self, command, result, *options, kinds=("png",)):
        for kind in kinds:
            output = self.folder / f"{command}_{result}.{kind}"
            with self.subTest(command=command, result=result, kind=kind):
                self.assertEqual(self.plot(command, result, "-o", str(output), *options), (0, ""))
                self.assertTrue(output.read_bytes().startswith(MAGIC[kind]))

    def test_every_command_draws_what_there_is(self):
        for result in ("site", "grid", "stations"):
            for command in ("fit", "residuals", "withheld", "estimates", "correlation", "cost"):
                self.assert_drawn(command, result, kinds=MAGIC if result == "site" else ["png"])

    def test_maps(self):
        self.assert_drawn("maps", "grid", kinds=MAGIC)
        self.assert_drawn("maps", "grid", "--fields", "status,heat_transfer_std")
        self.assert_drawn("maps", "stations")

    def test_mistakes(self):
        for command, result, options, expected in (
                ("maps", "site", (), "no grid"),
                ("maps", "design_grid", (), "not an estimate"),
                ("maps", "grid", ("--fields", "heat"), "no field heat; the file has "),
                ("residuals", "site", ("--streams", "x"), "no stream x; the file has "),
                ("withheld", "grid", ("--column", "4,0"), "y 0..3, x 0..4"),
                ("withheld", "grid", ("--streams", "soil_temperature_5cm", "--column", "2,3"),
                 "nothing to compare"),
                ("cost", "forward", (), "no variable cost_history"),
                ("correlation", "forward", (), "no correlation"),
                ("estimates", "forward", (), "no estimated parameter"),
                ("fit", "forward", (), "no streams")):
            with self.subTest(command=command, options=options):
                output = self.folder / "refused.png"
                status, err = self.plot(command, result, "-o", str(output), *options)
                self.assertEqual(status, 2)
                self.assertIn(f"glebe-plot {command}: error: {self.results[result]}: ", err)
                self.assertIn(expected, err)
                self.assertEqual(list(self.folder.glob("refused*")), [])

    def test_no_space(self):
        with files_of_at_most(1000):
            status, err = self.plot("cost", "site", "-o", str(self.folder / "none.png"))
        self.assertEqual(status, 1)
        self.assertIn("none.png: cannot be written (File too large)", err)
        self.assertEqual(list(self.folder.glob("none*")), [])


class Numbers(unittest.TestCase):
    def test_estimates_match_their_uncertainties(self):
        for value, std, expected in (
                (0.44416, 0.00732, "0.4442 ± 0.0073"), (288.41, 0.0635, "288.410 ± 0.064"),
                (1.58925e6, 2.03e4, "(1.589 ± 0.020) × 10⁶"), (0.5, 0.0996, "0.50 ± 0.10"),
                (-12.26, 3.21, "−12.3 ± 3.2"), (4712.0, 231.0, "4710 ± 230"),
                (2.5e-5, 1.2e-6, "(25.0 ± 1.2) × 10⁻⁶"), (0.0, 0.25, "0.00 ± 0.25"),
                (12.34, math.nan, "12.3"), (25.1, 312345.0, "25.1 ± 310 × 10³"),
                (-0.0004, 0.02, "0.000 ± 0.020"), (12.3, 631.0, "10 ± 630")):
            with self.subTest(value=value, std=std):
                self.assertEqual(numbers.with_uncertainty(value, std).text, expected)

    def test_units(self):
        self.assertEqual(numbers.units("W m-1 K-1"), "W m⁻¹ K⁻¹")
        self.assertEqual(numbers.units("J m-3 K-1"), "J m⁻³ K⁻¹")
        self.assertEqual(numbers.units("1"), "")

    def test_correlations(self):
        for r, expected in ((0.981, "0.98"), (-0.5, "−0.50"), (-0.001, "0.00"), (0.9994, "0.9994"),
                            (-0.99602, "−0.9960"), (1.0, "1"), (-1.0, "−1"), (0.99999, "1")):
            self.assertEqual(numbers.correlation(r), expected)

    def test_single_numbers(self):
        for number, plain, measured in ((1.5, "1.5", "1.50"), (296, "296", "296"),
                                        (2.0e6, "2 × 10⁶", "2.00 × 10⁶"), (-0.126, "−0.126",
                                                                            "−0.126"),
                                        (0, "0", "0.00"), (math.nan, "–", "–")):
            self.assertEqual(numbers.plain(number), plain)
            self.assertEqual(numbers.measured(number), measured)
        self.assertEqual(numbers.duration(25 * 86400), "25 days")
        self.assertEqual(numbers.duration(119 * 3600), "119 h")
        self.assertEqual(numbers.duration(1800), "30 min")
        self.assertEqual(numbers.duration(45), "45 s")
        self.assertEqual(numbers.span(1.603e6, 1.999e6, 2.42e6, "J m-3 K-1"),
                         "1.603 to 2.420, median 1.999\u00a0×\u00a010⁶\u00a0J\u00a0m⁻³\u00a0K⁻¹")


class Residuals(unittest.TestCase):
    """Against sums written out."""

    def dataset(self, shape=(6, 4), hours=96):
        generator = np.random.default_rng(3)
        time = np.datetime64("2020-01-01", "ns") + np.arange(hours) * np.timedelta64(1, "h")
        noise = generator.standard_normal((hours, *shape))
        observed = np.cumsum(noise, axis=0) * 0.2
        observed[generator.random(observed.shape) < 0.2] = np.nan
        observed[:, 1, 1] = np.nan
        dims = ("time", "y", "x")
        return xr.Dataset({"s": (dims, np.full(observed.shape, 0.3), {"units": "K"}),
                           "s_observed": (dims, observed), "status": (dims[1:], np.zeros(shape))},
                          {"time": time}, {"source": "Glebe"})

    def test_autocorrelation_and_moments(self):
        data = self.dataset()
        found = report_residuals.residuals_of(data, "s")
        residual = (data.s - data.s_observed).values.reshape(96, -1)
        products, pairs = np.zeros(found.lags.size), np.zeros(found.lags.size)
        for column in residual.T:
            deviation = column - np.nanmean(column) if np.isfinite(column).any() else column
            for lag in range(found.lags.size):
                product = deviation[:96 - lag] * deviation[lag:]
                products[lag] += np.nansum(product)
                pairs[lag] += np.isfinite(product).sum()
        expected = products / pairs
        # Transforms of 256 values: a few hundred roundings.
        np.testing.assert_allclose(found.autocorrelation, expected / expected[0], atol=1e-12)
        self.assertEqual(found.count, np.isfinite(residual).sum())
        self.assertEqual(found.counts.sum(), found.count)
        self.assertAlmostEqual(found.overall_mean, np.nanmean(residual), 12)
        self.assertAlmostEqual(found.overall_std, np.nanstd(residual), 12)
        np.testing.assert_allclose(found.mean, np.nanmean(residual, axis=1), atol=1e-12)
        np.testing.assert_allclose(found.spread, np.nanstd(residual, axis=1), atol=1e-12)

    def test_parts_of_the_grid_make_the_whole(self):
        data, told = self.dataset(), []
        whole = report_residuals.residuals_of(data, "s")
        with mock.patch.object(report_residuals, "SLAB", 96 * 4 * 2):
            parts = report_residuals.residuals_of(data, "s", told.append)
        self.assertEqual(told, [1 / 3, 2 / 3, 1.0])
        np.testing.assert_array_equal(parts.counts, whole.counts)
        np.testing.assert_allclose(parts.autocorrelation, whole.autocorrelation, atol=1e-13)
        np.testing.assert_allclose(parts.mean, whole.mean, atol=1e-13)

    def test_uneven_stamps_have_no_autocorrelation(self):
        data = self.dataset().isel(time=[*range(40), *range(43, 96)])
        self.assertEqual(report_residuals.residuals_of(data, "s").lags.size, 0)

    def test_nothing_to_compare(self):
        data = self.dataset()
        data["s_observed"][:] = np.nan
        self.assertIsNone(report_residuals.residuals_of(data, "s"))


if __name__ == "__main__":
    unittest.main()
