# SPDX-License-Identifier: BSD-3-Clause
"""Tests of `glebe-plot fit` on result files made here."""
import contextlib
import io
import os
import tempfile
import unittest
from unittest import mock

import numpy as np
import xarray as xr

import source_tree  # noqa: F401 (the package can be imported)
from glebe_tools.plot import figure_command, fit
from glebe_tools.report.residuals import residuals_of

HOURS = np.datetime64("2012-05-01T07:00", "ns") + np.arange(72) * np.timedelta64(1, "h")


def series(offset, amplitude, noise, seed):
    """Simulated and observed values, ten of the observed ones missing."""
    wave = offset + amplitude * np.sin(2 * np.pi * np.arange(72) / 24)
    observed = wave + noise * np.random.default_rng(seed).standard_normal(72)
    observed[20:30] = np.nan
    return wave, observed


def one_column():
    """Two temperatures and a withheld flux on its own time axis."""
    result = xr.Dataset(coords={"time": HOURS, "time_qh": HOURS + np.timedelta64(30, "m")},
                        attrs={"source": "Glebe"})
    for n, name in enumerate(("qh", "soil_5cm", "soil_15cm")):
        dim = "time_qh" if name == "qh" else "time"
        y, y_observed = series(*((120, 150, 25) if name == "qh" else (300, 8, 0.3)), n)
        units = "W m-2" if name == "qh" else "K"
        result[name] = (dim, y, {"units": units, "withheld": np.int32(name == "qh")})
        result[f"{name}_observed"] = (dim, y_observed, {"units": units})
    result.soil_5cm.attrs.update(long_name="Soil temperature", depth=0.05)
    result["rmse_soil_5cm"], result["bias_soil_5cm"] = 0.321, -0.0456
    return result


def grid(rows=3, columns=5):
    """A field whose misfit grows by one with the column number; one column has no data."""
    wave, _ = series(300, 8, 0, 0)
    wanted = np.arange(rows * columns, dtype=float).reshape(rows, columns)
    simulated = wave[:, None, None] + wanted
    observed = np.broadcast_to(wave[:, None, None], simulated.shape).copy()
    observed[:, 0, 0] = np.nan
    dims = ("time", "y", "x")
    return xr.Dataset({"skin": (dims, simulated, {"units": "K"}),
                       "skin_observed": (dims, observed, {"units": "K"}),
                       "rmse_skin": (("y", "x"), wanted)}, {"time": HOURS},
                      attrs={"source": "Glebe"})


class PlotFit(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "result.nc")

    def run_tool(self, result, *options):
        """Exit status, standard output, standard error, and the figure that was saved."""
        result.to_netcdf(self.file)
        figures, out, err = [], io.StringIO(), io.StringIO()
        save = figure_command.save

        def keep(figure, path, *inputs):
            figures.append(figure)
            save(figure, path, *inputs)

        with mock.patch.object(figure_command, "save", keep), \
                contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = fit.main([self.file, *options])
        return status, out.getvalue(), err.getvalue(), figures[0] if figures else None

    def titles(self, figure):
        """Of the panels; every second axes is the strip below one."""
        return [axes.get_title("left") for axes in figure.axes[::2]]

    def test_draws_every_stream_temperatures_first(self):
        status, _, _, figure = self.run_tool(one_column())
        self.assertEqual(status, 0)
        titles = self.titles(figure)
        self.assertEqual(len(figure.axes), 6)
        self.assertTrue(titles[0].startswith("Soil temperature, 5 cm"))
        self.assertIn("rmse 0.321, bias −0.046 K", titles[0])
        self.assertTrue(titles[2].startswith("qh"))
        with open(self.file.replace(".nc", "_fit.png"), "rb") as png:
            self.assertEqual(png.read(8), b"\x89PNG\r\n\x1a\n")
        self.assertEqual(sorted(os.listdir(os.path.dirname(self.file))),
                         ["result.nc", "result_fit.png"])

    def test_statistics_come_from_the_series_where_the_file_has_none(self):
        result = one_column()
        difference = (result.soil_15cm - result.soil_15cm_observed).values
        expected = np.sqrt(np.nanmean(difference**2))
        *_, figure = self.run_tool(result, "--streams", "soil_15cm")
        self.assertIn(f"rmse {expected:#.3g}", self.titles(figure)[0])

    def test_lines_are_simulated_observed_and_their_difference(self):
        result = one_column()
        *_, figure = self.run_tool(result, "--streams", "soil_5cm")
        panel, strip = figure.axes
        observed, simulated = panel.get_lines()
        np.testing.assert_allclose(simulated.get_ydata(), result.soil_5cm)
        np.testing.assert_allclose(observed.get_ydata(), result.soil_5cm_observed)
        np.testing.assert_allclose(strip.get_lines()[1].get_ydata(),
                                   result.soil_5cm - result.soil_5cm_observed)

    def test_rounding_is_said_and_not_drawn(self):
        result = one_column()
        rounding = 5.7e-14 * np.sign(np.sin(np.arange(72)))
        result["soil_5cm_observed"] = result.soil_5cm + rounding
        result["rmse_soil_5cm"], result["bias_soil_5cm"] = 2.53e-14, -1.1e-15
        *_, figure = self.run_tool(result, "--streams", "soil_5cm")
        title, strip = self.titles(figure)[0], figure.axes[1]
        self.assertTrue(title.endswith("rmse < 10⁻¹² K"), title)
        self.assertIn("< 10⁻¹² K, rounding", strip.get_title("left"))
        low, high = strip.get_ylim()
        self.assertGreater(high - low, 0.01)
        self.assertEqual(strip.yaxis.get_offset_text().get_text(), "")
        # What is larger is no rounding, though it is small.
        result["soil_5cm_observed"] = result.soil_5cm + 100 * rounding
        result["rmse_soil_5cm"] = 5.7e-12
        *_, figure = self.run_tool(result, "--streams", "soil_5cm")
        self.assertIn("rmse 5.70 × 10⁻¹², bias", self.titles(figure)[0])
        self.assertNotIn("rounding", figure.axes[1].get_title("left"))

    def test_residuals_that_are_rounding(self):
        result = one_column()
        result["soil_5cm_observed"] = result.soil_5cm + 5.7e-14
        result = result.drop_vars("rmse_soil_5cm")
        found = residuals_of(result, "soil_5cm")
        self.assertTrue(found.is_rounding)
        self.assertEqual(found.lags.size, 0)
        self.assertEqual((found.edges[0], found.edges[-1]), (-0.01, 0.01))
        self.assertFalse(residuals_of(one_column(), "soil_5cm").is_rounding)

    def test_marks_withheld_streams_only(self):
        *_, figure = self.run_tool(one_column())
        self.assertEqual([t.endswith("[withheld]") for t in self.titles(figure)],
                         [False, False, True])
        labels = [line.get_label() for line in figure.axes[4].get_lines()]
        self.assertEqual(labels, ["observed", "predicted"])

    def test_grid_draws_the_column_with_the_median_misfit(self):
        *_, figure = self.run_tool(grid())
        # the fourteen columns with data have misfits 1 to 14; the lower median is 7
        self.assertIn("rmse 7.00,", self.titles(figure)[0])
        self.assertIn("y 1, x 2", [text.get_text() for text in figure.texts])

    def test_grid_draws_the_column_asked_for(self):
        *_, figure = self.run_tool(grid(), "--column", "2,4")
        self.assertIn("rmse 14.0,", self.titles(figure)[0])

    def test_errors_name_what_is_wrong(self):
        for result, options, expected in (
                (one_column(), ["--streams", "soil_6cm"], "no stream soil_6cm"),
                (one_column(), ["--column", "1,1"], "no horizontal dimensions"),
                (grid(), ["--column", "3,0"], "y 0..2, x 0..4"),
                (grid().drop_vars("skin_observed"), [], "no streams")):
            status, _, err, _ = self.run_tool(result, *options)
            self.assertEqual(status, 2)
            self.assertIn(expected, err)
            self.assertFalse(os.path.exists(self.file.replace(".nc", "_fit.png")))


if __name__ == "__main__":
    unittest.main()
