# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the report on results that lack something or are large, and of its command."""
import contextlib
import io
import shutil
import unittest
from collections import Counter

import numpy as np
import xarray as xr

import report_case
import report_fixtures as fixtures
from file_limit import files_of_at_most
from glebe_tools.report.__main__ import Progress, main
from glebe_tools.report.page import report
from parsed_page import Page
from report_markup import (MARKUP, with_empty_texts, with_markup_everywhere,
                           with_markup_in_dimensions_too)

setUpModule = report_case.make_results


class OtherFiles(report_case.ReportTest):
    def test_forward_run(self):
        page = Page(report(str(self.results["forward"])))
        truth = xr.load_dataset(self.results["forward"])
        self.assertEqual([a["id"] for a in page.all("section")], ["run", "parameters", "simulated"])
        self.assertEqual(float(page.row("albedo")[1][1]), float(truth.albedo))
        self.assertIn("nothing was estimated", page.shown())

    def test_without_series(self):
        streams = ("soil_temperature_5cm", "soil_temperature_15cm", "net_radiation")
        page = self.changed("grid", lambda result: result.drop_vars(
            [*streams, *(f"{name}_observed" for name in streams)]))
        self.assertIn("The run did not store series", page.shown())
        self.assertNotIn("residuals", [a["id"] for a in page.all("section")])
        self.assertEqual(page.row("net radiation")[1][0], "held back")

    def test_of_an_older_version(self):
        def older(result):
            for name in ("mode", "time_coverage_start", "time_coverage_end"):
                result.attrs.pop(name)
            return result.drop_vars(["cost_history", "lower_bound", "upper_bound", "correlation"])
        page = self.changed("site", older)
        self.assertIn("see the namelist", page.shown())
        self.assertTrue(page.row("heat transfer"))

    def test_inputs_that_look_wrong_or_are_modelled(self):
        def add(result):
            result.attrs["input_warnings"] = "forcing wind: still < 0.1\nforcing pressure: odd"
            result.attrs["modelled_inputs"] = "longwave: parameterised by prata"
            return result
        shown = Page(report(str(self.results["site"]))).shown()
        self.assertNotIn("Inputs to look at", shown)
        self.assertNotIn("Not measured", shown)
        page = self.changed("site", add)
        self.assertRegex(page.shown(), "Inputs to look at\\s*forcing wind: still < 0.1"
                                       "\\s*forcing pressure: odd")
        self.assertRegex(page.shown(), "Not measured\\s*longwave: parameterised by prata")

    def test_every_warning_of_the_log_once(self):
        def add(result):
            result.attrs["input_warnings"] = "forcing wind: still < 0.1"
            result.attrs["warnings"] = "forcing wind: still < 0.1\nresiduals < 3 are odd"
            return result
        shown = self.changed("site", add).shown()
        self.assertEqual(shown.count("still < 0.1"), 1)
        self.assertRegex(shown, "Warnings\\s*residuals < 3 are odd")

    def test_parameters_by_default(self):
        def defaulting(result):
            result.attrs["parameters_by_default"] = "dry_conductivity = 0.25 W m-1 K-1"
            return result
        self.assertNotIn("Taken by default", Page(report(str(self.results["site"]))).shown())
        page = self.changed("site", defaulting)
        self.assertRegex(page.shown(), "Taken by default\\s*dry_conductivity = 0.25")

    def test_of_few_observations(self):
        """Lags without a pair of values, and a stream held back that does not vary."""
        def few(result):
            for name in ("soil_temperature_5cm", "soil_temperature_15cm"):
                result[f"{name}_observed"].values[3:] = np.nan
            result["net_radiation_observed"].values[:] = 100.0
            return result
        page = self.changed("site", few)
        self.assertIn("Predicted against observed.", page.shown())
        self.assertNotRegex(page.shown(), r"\bnan\b")

    def test_at_a_bound(self):
        def stuck(result):
            result["heat_transfer_at_bound"].values[()] = 2
            for name in ("heat_transfer_std", "heat_transfer_std_inflated"):
                result[name].values[()] = np.nan
            result["correlation"].values[2, :] = result["correlation"].values[:, 2] = np.nan
            return result
        row = self.changed("site", stuck).row("heat transfer")
        self.assertEqual(row[-1][0], "at its upper bound")
        self.assertNotIn("±", " ".join(cell for cell, _ in row))

    def test_wide_grid_stays_small(self):
        wide = fixtures.wide_grid(self.results["judged_grid"], self.folder / "wide.nc")
        out = self.folder / "wide.html"
        err = io.StringIO()
        progress = Progress("glebe-report", err)
        progress.PATIENCE = 0.0
        out.write_text(report(str(wide), progress), encoding="utf-8")
        self.assertLess(out.stat().st_size, 6e6)
        self.assertIn("glebe-report: maps: 100 %", err.getvalue())
        page = Page(out.read_text(encoding="utf-8"))
        self.assertGreaterEqual(page.text.count("<svg"), 15)


class Markup(report_case.ReportTest):
    """Markup in any text that a file can carry is shown, and does nothing: a page has the elements
    of that of the file without it."""

    def page_of(self, name, markup, change=with_markup_everywhere):
        result = change(xr.load_dataset(self.results[name], decode_cf=False), markup)
        path = self.folder / f"markup_{name}.nc"
        result.to_netcdf(path)
        return Page(report(str(path)))

    def assert_harmless(self, name, change=with_markup_everywhere):
        page, plain = self.page_of(name, MARKUP, change), self.page_of(name, "harmless", change)
        # Words with a hyphen stand in a span.
        tags, expected = (Counter(tag for tag, *_ in one.elements if tag != "span")
                          for one in (page, plain))
        self.assertEqual(tags, expected)
        for tag, attributes, _ in page.elements:
            self.assertFalse({"onload", "onerror"} & set(attributes), f"{tag} {attributes}")
        return page

    def test_in_attributes_of_a_site(self):
        shown = self.assert_harmless("site").shown()
        for one in MARKUP.split("\x1b")[0].split():
            self.assertIn(one, shown)

    def test_in_attributes_and_dimensions_of_a_grid(self):
        self.assert_harmless("grid", with_markup_in_dimensions_too)

    def test_in_attributes_of_designs(self):
        self.assert_harmless("design")

    def test_in_the_name_of_the_file(self):
        path = self.folder / "<img src=x onerror=alert(1)>.nc"
        shutil.copy(self.results["forward"], path)
        page = Page(report(str(path)))
        self.assertEqual(page.all("img"), [])
        self.assertIn(path.name, page.shown())

    def test_empty_texts(self):
        """Nothing where a name is expected is no reason to fail."""
        for name in ("site", "forward"):
            self.assertTrue(self.page_of(name, "", with_empty_texts).all("section"))


class Command(report_case.ReportTest):
    def run_tool(self, *words):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main([str(word) for word in words])
        return status, out.getvalue(), err.getvalue()

    def assert_refused(self, path, *expected):
        output = self.folder / "refused.html"
        status, out, err = self.run_tool(path, "-o", output)
        self.assertEqual((status, out), (2, ""))
        for words in (str(path), *expected):
            self.assertIn(words, err)
        self.assertEqual(list(self.folder.glob("refused*")), [])

    def test_no_such_file(self):
        self.assert_refused(self.folder / "nothing.nc", "no such file")
        self.assert_refused(self.folder, "is a folder")

    def test_not_netcdf(self):
        text = self.folder / "text.nc"
        text.write_text("not a NetCDF file")
        self.assert_refused(text, "cannot be read as NetCDF")

    def test_not_of_glebe(self):
        other = self.folder / "other.nc"
        xr.Dataset({"a": 1.0}, attrs={"source": "Noah"}).to_netcdf(other)
        self.assert_refused(other, "not a result of Glebe", "'Noah'")
        xr.Dataset({"a": 1.0}).to_netcdf(other)
        self.assert_refused(other, "'source' is missing")

    def test_output_that_cannot_be_written(self):
        status, _, err = self.run_tool(self.results["site"], "-o", self.folder / "no" / "page.html")
        self.assertEqual(status, 2)
        self.assertIn("cannot be written, there is no folder", err)

    def test_no_space(self):
        """What was asked for is right, but fails."""
        with files_of_at_most(4096):
            status, _, err = self.run_tool(self.results["site"], "-o", self.folder / "page.html")
        self.assertEqual(status, 1)
        self.assertIn("page.html: cannot be written (File too large)", err)
        self.assertEqual(list(self.folder.glob("page.html*")), [])

    def test_output_over_the_result(self):
        copy = shutil.copy(self.results["site"], self.folder / "over.nc")
        other = self.folder / "link_to_over.nc"
        other.symlink_to(copy)
        before = copy.read_bytes()
        status, _, err = self.run_tool(copy, "-o", other)
        self.assertEqual(status, 2)
        self.assertIn("would overwrite the input", err)
        self.assertEqual(copy.read_bytes(), before)
        status, _, err = self.run_tool(copy, "-o", "/dev/null")
        self.assertEqual(status, 2)
        self.assertIn("not a regular file", err)

    def test_default_output_lies_beside_the_result(self):
        copy = self.folder / "copy.nc"
        shutil.copy(self.results["site"], copy)
        status, out, err = self.run_tool(copy)
        self.assertEqual((status, err), (0, ""))
        self.assertIn("copy.html", out)
        self.assertEqual(sorted(p.name for p in self.folder.glob("copy*")),
                         ["copy.html", "copy.nc"])


if __name__ == "__main__":
    unittest.main()
