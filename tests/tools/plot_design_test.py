# SPDX-License-Identifier: BSD-3-Clause
"""Tests of `glebe-plot design` on results made here."""
import argparse
import contextlib
import io
import itertools
import pathlib
import tempfile
import unittest

import numpy as np
import xarray as xr

import source_tree  # noqa: F401 (the package can be imported)
from glebe_tools.plot import design

MAGIC = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}


def result(designs, grid=()):
    """Designs are (name, depths, days); uncertainty falls with the number of sensors and days."""
    n, shape = len(designs), tuple(size for _, size in grid)
    dims = tuple(dim for dim, _ in grid)
    data = xr.Dataset(attrs={"source": "Glebe test", "title": "Designs"})
    data["design"] = ("design", np.arange(n), {"names": " ".join(
        f"{name}:a+b:{days}d" for name, _, days in designs)})
    data["design_days"] = ("design", np.array([days for *_, days in designs], float))
    for i in range(max(len(depths) for _, depths, _ in designs)):
        name = "design_depth" if i == 0 else f"design_depth_{i + 1}"
        data[name] = ("design", [d[i] if i < len(d) else np.nan for _, d, _ in designs])
    std = np.array([0.1 / (1 + sum(depths)) / np.sqrt(days) for _, depths, days in designs])
    std = np.broadcast_to(std.reshape(-1, *(1 for _ in shape)), (n, *shape))
    for name, value, unit in (("thermal_conductivity", 0.8, "W m-1 K-1"),
                              ("deep_temperature", 293.0, "K")):
        data[name] = (dims, np.full(shape, value), {"units": unit})
        data[f"{name}_std"] = (("design", *dims), std, {"units": unit})
    data["criterion"] = (("design", *dims), std, {"parameters": "thermal_conductivity"})
    data["best_design"] = (dims, np.zeros(shape))
    return data


CURVES = [("alone", (), days) for days in (2, 10)] + \
    [("second", (depth,), days) for depth in (0.02, 0.1, 0.3) for days in (2, 10)]
PAIRS = [("two", pair, 5) for pair in itertools.combinations((0.02, 0.1, 0.3), 2)]
LISTED = [("tower", (), 5), ("tower_and_plate", (), 5)]


class PlotDesign(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "designs.nc"

    def plot(self, data, *options):
        data.to_netcdf(self.file)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = design.main([str(self.file), *options])
        return status, err.getvalue()

    def figure(self, data, *options):
        wanted = argparse.Namespace(parameters=[*options] or None)
        return design.draw(data, wanted)

    def test_draws_all_kinds_in_all_formats(self):
        for designs in (CURVES, PAIRS, LISTED):
            for kind, magic in MAGIC.items():
                output = self.file.with_suffix(f".{kind}")
                with self.subTest(designs=designs[0][0], kind=kind):
                    self.assertEqual(self.plot(result(designs), "-o", str(output)), (0, ""))
                    self.assertTrue(output.read_bytes().startswith(magic))

    def test_curves_carry_the_numbers_of_the_file(self):
        data = result(CURVES, [("y", 2), ("x", 3)])
        axes = self.figure(data).axes[0]
        curves = [line for line in axes.lines if len(line.get_xdata()) == 3]
        self.assertEqual(len(curves), 2)
        np.testing.assert_allclose(curves[0].get_xdata(), [2, 10, 30])
        expected = 100 * data.thermal_conductivity_std.values[[2, 4, 6], 0, 0] / 0.8
        np.testing.assert_allclose(curves[0].get_ydata(), expected)

    def test_pairs_stand_below_the_diagonal(self):
        axes = self.figure(result(PAIRS)).axes[0]
        table = np.ma.filled(axes.images[0].get_array(), np.nan)
        np.testing.assert_array_equal(np.isfinite(table),
                                      [[False] * 3, [True, False, False], [True, True, False]])

    def test_a_row_for_each_design(self):
        """Designs without candidates: a row for each, and in it a point for each length."""
        listed = [(name, (), days) for name in ("tower", "tower_and_plate") for days in (3, 10, 30)]
        axes = self.figure(result(listed)).axes[0]
        self.assertEqual([label.get_text() for label in axes.get_yticklabels()],
                         ["tower", "tower and plate"])
        points = [line for line in axes.lines if line.get_linestyle() == "None"]
        self.assertEqual([line.get_label() for line in points], ["3 days", "10 days", "30 days"])
        for line, days in zip(points, (3, 10, 30)):
            np.testing.assert_allclose(line.get_xdata(), 100 * 0.1 / np.sqrt(days) / 0.8)
            np.testing.assert_array_equal(line.get_ydata(), [0, 1])

    def test_parameters_are_chosen(self):
        title = self.figure(result(CURVES)).axes[0].get_title(loc="left")
        self.assertEqual(title, "thermal conductivity, std [% of the value]")
        figure = self.figure(result(CURVES), "deep_temperature")
        self.assertEqual(figure.axes[0].get_title(loc="left"),
                         "deep temperature, std [K]")
        status, message = self.plot(result(CURVES), "--parameters", "albedo")
        self.assertEqual(status, 2)
        self.assertIn("no parameter albedo; the file has ", message)

    def test_other_results_are_refused(self):
        other, many = result(CURVES).drop_vars("criterion"), result([("many", (0.1, 0.2, 0.3), 5)])
        for data, expected in ((other, "not the result of a design"),
                               (many, "more than two candidate")):
            status, message = self.plot(data)
            self.assertEqual(status, 2)
            self.assertIn(expected, message)


if __name__ == "__main__":
    unittest.main()
