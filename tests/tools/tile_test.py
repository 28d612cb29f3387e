# SPDX-License-Identifier: BSD-3-Clause
"""Tests of what runs/little_washita computes in Python: tile.py, the soil of prepare.py against
numbers worked out by hand, and the shares that compare.py counts."""
import contextlib
import io
import os
import sys
import tempfile
import unittest

import netCDF4
import numpy as np
import xarray as xr

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
sys.path.insert(0, os.path.join(ROOT, "runs/little_washita"))
import compare
import prepare
import tile


def quietly(function, *arguments):
    """(result, standard output, standard error) of a main function."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        result = function([str(argument) for argument in arguments])
    return result, out.getvalue(), err.getvalue()


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)


class Tile(InFolder):
    def source(self, y=(500.0, 1500.0), x=(10.0, 7.0, 4.0), n_time=50):
        """A small grid; time is longer than a chunk and does not divide by it."""
        values = np.arange(n_time * len(y) * len(x), dtype="f4")
        data = xr.Dataset(
            {"Tair": (("time", "y", "x"), values.reshape(n_time, len(y), len(x)), {"units": "K"}),
             "landcover": (("y", "x"), np.arange(len(y) * len(x), dtype="i2").reshape(-1, len(x))),
             "height": ((), 2.5)},
            {"time": np.arange(n_time), "y": list(y), "x": list(x)}, {"history": "made"})
        encoding = {"Tair": {"_FillValue": np.float32(0)}}  # the first value is missing
        data.to_netcdf(self.path("in.nc"), encoding=encoding)

    def tiled(self, n):
        status, out, err = quietly(tile.main, self.path("in.nc"), self.path("out.nc"), n)
        self.assertEqual((status, err), (0, ""), out)
        with xr.open_dataset(self.path("out.nc"), mask_and_scale=False) as result:
            return result.load()

    def refused(self, n, *words):
        status, _, err = quietly(tile.main, self.path("in.nc"), self.path("out.nc"), n)
        self.assertEqual(status, 2)
        for word in words:
            self.assertIn(word, err)
        self.assertEqual(os.listdir(self.folder), ["in.nc"])

    def test_values_repeat_in_both_directions(self):
        self.source()
        with xr.open_dataset(self.path("in.nc"), mask_and_scale=False) as data:
            once = data.load()
        result = self.tiled(3)
        for name in ("Tair", "landcover"):
            repeats = (1,) * (once[name].ndim - 2) + (3, 3)
            np.testing.assert_array_equal(result[name], np.tile(once[name], repeats))
            self.assertEqual(result[name].dtype, once[name].dtype)
            self.assertEqual(result[name].attrs, once[name].attrs)  # the fill value too
        np.testing.assert_array_equal(result.time, once.time)
        self.assertEqual(float(result.height), 2.5)
        self.assertTrue(result.attrs["history"].endswith("made"))

    def test_coordinates_go_on_with_the_cell_size(self):
        self.source()
        result = self.tiled(2)
        np.testing.assert_array_equal(result.y, [500, 1500, 2500, 3500])
        np.testing.assert_array_equal(result.x, [10, 7, 4, 1, -2, -5])

    def test_grid_larger_than_a_chunk(self):
        self.source(x=np.arange(tile.CELLS_PER_CHUNK + 3.0), n_time=2)
        result = self.tiled(2)
        first, second = np.split(result.Tair.values, 2, axis=2)
        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(result.Tair[0, 0, :5], np.arange(5))

    def test_refuses_uneven_coordinates(self):
        self.source(x=(1.0, 2.0, 4.0))
        self.refused(2, "x: not equally spaced")

    def test_refuses_no_copies_and_no_grid(self):
        self.source()
        self.refused(0, "N = 0")
        with netCDF4.Dataset(self.path("in.nc"), "w") as station:
            station.createDimension("time", 3)
        self.refused(2, "no dimension y and x")


class Soil(unittest.TestCase):
    """The soil of the data: 16 per cent sand, 26 per cent clay, so that the porosity is 0.46884
    and the bulk density 2700 x 0.53116 = 1434.13 kg m-3."""

    def test_conductivity_at_a_relative_saturation_of_0_4(self):
        # solids (140.8 + 75.92) / 42 = 5.16; saturated 5.16^0.53116 x 0.57^0.46884 = 1.8369;
        # dry (193.608 + 64.7) / (2700 - 1358.12) = 0.19250; Kersten number 0.60206
        self.assertAlmostEqual(float(prepare.thermal_conductivity(16, 26, 0.4)), 1.1825, delta=2e-4)

    def test_conductivity_of_dry_and_of_saturated_soil(self):
        for saturation in (0, 0.05, 0.1):
            self.assertAlmostEqual(float(prepare.thermal_conductivity(16, 26, saturation)), 0.19250,
                                   delta=1e-5)
        self.assertAlmostEqual(float(prepare.thermal_conductivity(16, 26, 1.0)), 1.8369, delta=2e-4)

    def test_heat_capacity(self):
        # solids (34.048 + 62.01) / 42 = 2.287095 MJ m-3 K-1, times 0.53116 = 1.214813;
        # water 0.46884 x 0.4 x 4.188 = 0.785401
        self.assertAlmostEqual(prepare.heat_capacity(16, 26, 0.4) / 1e6, 2.000214, delta=1e-6)
        self.assertAlmostEqual(prepare.heat_capacity(16, 26, 0.0) / 1e6, 1.214813, delta=1e-6)

    def test_heat_transfer(self):
        # roughness 0.1 m: ln 100 x ln 1000 = 4.60517 x 6.90776 = 31.8114
        self.assertAlmostEqual(float(prepare.heat_transfer(1.2, 4.0, 0.1)),
                               1.2 * 1004.64 * 0.16 * 4.0 / 31.8114, delta=1e-3)

    def test_fractions_become_per_cent_and_per_cent_is_refused(self):
        data = xr.Dataset({"sand": ("x", [0.1, 0.4]), "clay": ("x", [10.0, 40.0])})
        np.testing.assert_allclose(prepare.per_cent(data, "sand"), [10, 40])
        with self.assertRaisesRegex(prepare.InputError, "clay: found 10 to 40"):
            prepare.per_cent(data, "clay")


class Compare(InFolder):
    def files(self, errors, status):
        """One parameter in a row of columns, `errors` standard deviations from its truth."""
        errors = np.atleast_2d(np.asarray(errors, dtype=float))
        coordinates = {"y": [500.0], "x": 1000.0 * np.arange(errors.size)}
        truth = np.full(errors.shape, 0.2)
        cells = ("y", "x")
        xr.Dataset({"albedo": (cells, truth)}, coordinates).to_netcdf(self.path("truth.nc"))
        xr.Dataset({"albedo": (cells, truth + 0.01 * errors),
                    "albedo_std": (cells, np.full(errors.shape, 0.01)),
                    "cost_initial": (cells, np.where(np.isnan(errors), np.nan, 5.0)),
                    "status": (cells, np.broadcast_to(status, errors.shape).astype("i1"))},
                   coordinates).to_netcdf(self.path("estimate.nc"))

    def compared(self):
        return quietly(compare.main, self.path("truth.nc"), self.path("estimate.nc"))

    def test_shares_bias_and_map(self):
        self.files([0.5, -0.5, 1.5, 2.5, np.nan], 0)  # the last column is masked
        status, out, err = self.compared()
        self.assertEqual((status, err), (0, ""))
        self.assertIn("4 of 4 columns converged", out)
        self.assertRegex(out, r"albedo +\+0.01 +0\.015 +50\.00 % +75\.00 % +100\.00 %")
        self.assertGreater(os.path.getsize(self.path("estimate.png")), 10000)

    def test_an_estimate_far_from_the_truth_fails(self):
        self.files([0.5, -0.5, 1.5, 3.5], 0)
        status, out, err = self.compared()
        self.assertEqual(status, 1, out)
        self.assertIn("75.00 % within three", err)

    def test_a_column_that_did_not_converge_is_outside(self):
        self.files([0.5, -0.5, 0.1, 0.1], [0, 0, 0, 1])
        status, out, _ = self.compared()
        self.assertEqual(status, 1)
        self.assertIn("3 of 4 columns converged", out)


if __name__ == "__main__":
    unittest.main()
