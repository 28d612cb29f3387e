# SPDX-License-Identifier: BSD-3-Clause
"""Tests of tools/report.py without a browser: what is in the page, and whether it is true."""
import contextlib
import io
import pathlib
import re
import shutil
import tempfile
import unittest

import numpy as np
import xarray as xr

import report_fixtures as fixtures
import report
import report_style
from parsed_page import Page, spoken


class ReportTest(unittest.TestCase):
    """With results and pages that all tests share."""

    def changed(self, name, change):
        """The page of a result after `change` has worked on its dataset."""
        result = xr.load_dataset(self.results[name])
        result = change(result)
        path = self.folder / f"changed_{name}.nc"
        result.to_netcdf(path)
        return Page(report.report(str(path)))

    def run_tool(self, *words):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = report.main([str(word) for word in words])
        return status, out.getvalue(), err.getvalue()


def setUpModule():
    folder = tempfile.TemporaryDirectory(prefix="glebe_report_")
    unittest.addModuleCleanup(folder.cleanup)
    ReportTest.folder = pathlib.Path(folder.name)
    results = ReportTest.results = fixtures.make_results(ReportTest.folder)
    for name in ("site", "grid"):
        results[f"judged_{name}"] = fixtures.judged(results[name],
                                                    ReportTest.folder / f"judged_{name}.nc")
    ReportTest.pages = {name: Page(report.report(str(path))) for name, path in results.items()}


class EveryPage(ReportTest):
    def test_is_self_contained(self):
        for page in self.pages.values():
            for tag, attributes, _ in page.elements:
                for key in ("src", "href", "xlink:href", "srcset", "data", "action"):
                    target = attributes.get(key) or "#"
                    self.assertRegex(target, r"^(#|data:)", f"<{tag} {key}>")
                self.assertNotIn(tag, ("script", "iframe", "object"))
            self.assertNotIn("@import", page.text)
            for target in re.findall(r"url\(([^)]*)\)", page.text):
                self.assertRegex(target, r"^['\"]?(#|data:)")

    def test_identifiers_are_unique_and_links_lead_somewhere(self):
        for page in self.pages.values():
            keys = [a["id"] for _, a, _ in page.elements if "id" in a]
            self.assertEqual(len(keys), len(set(keys)))
            for _, attributes, _ in page.elements:
                for key in ("href", "aria-labelledby"):
                    target = attributes.get(key, "")
                    if target.startswith("#") or key == "aria-labelledby" and target:
                        self.assertIn(target.lstrip("#"), keys)
            for target in re.findall(r"url\(#([^)]*)\)", page.text):
                self.assertIn(target, keys)

    def test_figures_are_named_and_captioned(self):
        for page in self.pages.values():
            names = [a.get("aria-label", "") for a in page.all("svg")]
            self.assertEqual(len(names), len(page.all("figure")))
            self.assertEqual(len(names), len(page.all("figcaption")))
            self.assertTrue(all(len(name) > 10 for name in names), names)
            self.assertTrue(all(a.get("role") == "img" for a in page.all("svg")))

    def test_headings_and_landmarks(self):
        for page in self.pages.values():
            levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
            self.assertEqual(levels.count(1), 1)
            self.assertEqual(levels[0], 1)
            self.assertTrue(all(b - a <= 1 for a, b in zip(levels, levels[1:])), levels)
            for landmark in ("header", "nav", "main", "footer"):
                self.assertEqual(len(page.all(landmark)), 1)
            self.assertEqual(page.all("html")[0]["lang"], "en-GB")
            links = [a["href"] for a in page.all("a")]
            self.assertEqual(links[0], "#main")
            sections = ["#" + a["id"] for a in page.all("section")]
            self.assertEqual(links[1:], sections)

    def test_tables_have_captions_and_scopes(self):
        for page in self.pages.values():
            self.assertEqual(len(page.all("caption")), len(page.all("table")))
            for attributes in page.all("th"):
                self.assertIn(attributes.get("scope"), ("col", "row", "rowgroup"))
            for _, _, inside in (e for e in page.elements if e[0] == "tr"):
                self.assertIn(inside[-1], ("thead", "tbody"))

    def test_figures_follow_the_theme(self):
        """No colour is fixed but in images and their legends, and nothing is white."""
        for page in self.pages.values():
            fixed = re.findall(r"(?:fill|stroke|color): (#[0-9a-f]+|white|black)", page.text)
            self.assertLessEqual(set(fixed), set(report_style.STATUS_COLOURS))
            self.assertEqual(len(re.findall(r"prefers-color-scheme:dark", page.text)), 1)

    def test_titles_are_text(self):
        self.assertIn("Test of site <a & b>", self.pages["site"].shown())
        self.assertIn("Test of site &lt;a &amp; b&gt;", self.pages["site"].text)


class Estimates(ReportTest):
    def assert_shown(self, cell, value, digits=None):
        """A cell holds the file's number, and shows it to within half of its last digit."""
        shown, kept = cell
        self.assertEqual(float(kept), float(value))
        text = shown.replace("±", "").replace("−", "-").strip()
        last = 10.0 ** -(len(text.split(".")[1]) if "." in text else 0)
        scale = 10.0 ** (3 * round(np.log10(abs(float(value) / spoken(text))) / 3))
        self.assertLessEqual(abs(float(text) * scale - float(value)), 0.5001 * last * scale)
        if digits:
            self.assertEqual(len(text.replace(".", "").lstrip("0")), digits, text)

    def test_site_table_is_the_file(self):
        result, page = xr.load_dataset(self.results["site"]), self.pages["site"]
        names = result.control.attrs["names"].split()
        for name in fixtures.ESTIMATED:
            cells = [c for c in page.row(name.replace("_", " "))[1:] if c[1] is not None]
            i = names.index(name)
            self.assert_shown(cells[0], result[name])
            self.assert_shown(cells[1], result[f"{name}_std"], 2)
            self.assert_shown(cells[2], result[f"{name}_std_inflated"], 2)
            for cell, value in zip(cells[3:], (result[f"{name}_prior"], result.lower_bound[i],
                                               result.upper_bound[i])):
                self.assertEqual(float(cell[1]), float(value))
            shown, std = cells[0][0], cells[1][0].replace("± ", "")
            self.assertEqual(len(shown.partition(".")[2]), len(std.partition(".")[2]))
        self.assertEqual(float(page.row("albedo")[1][1]), float(result.albedo))

    def test_grid_table_is_the_file(self):
        result, page = xr.load_dataset(self.results["grid"]), self.pages["grid"]
        for name in fixtures.ESTIMATED:
            cells = [c for c in page.row(name.replace("_", " "))[1:] if c[1] is not None]
            values = result[name].values[np.isfinite(result[name].values)]
            self.assertEqual(values.size, 19)
            for cell, share in zip(cells, (0.5, 0.05, 0.95)):
                self.assertAlmostEqual(float(cell[1]) / np.quantile(values, share), 1, 12)
            self.assertAlmostEqual(
                float(cells[3][1]) / np.nanmedian(result[f"{name}_std"].values), 1, 12)

    def test_streams(self):
        result = xr.load_dataset(self.results["grid"])
        for stream, heading, role in (
                ("soil_temperature_5cm", "soil temperature, 5 cm", "fitted"),
                ("net_radiation", "net downward radiation", "held back")):
            difference = (result[stream] - result[f"{stream}_observed"]).values
            (_, (shown, _), *cells) = self.pages["grid"].row(heading)
            self.assertEqual(shown, role)
            difference = difference[:, np.isfinite(result.cost_final.values)]
            for cell, value in zip(cells, (np.isfinite(difference).sum(),
                                           np.sqrt(np.nanmean(difference**2)),
                                           np.nanmean(difference))):
                # Sums in another order; the mean is small beside what it is the mean of.
                self.assertAlmostEqual(float(cell[1]), value, delta=1e-9 * (1 + abs(value)))

    def test_every_section_has_its_figure(self):
        wanted = {"site": {"estimates": 1, "knowledge": 1, "fit": 2, "residuals": 6,
                           "withheld": 3, "convergence": 2},
                  "grid": {"estimates": 1, "knowledge": 1, "fit": 2, "residuals": 6,
                           "withheld": 3, "convergence": 3, "maps": 13},
                  "stations": {"estimates": 1, "knowledge": 1, "maps": 8},
                  "forward": {"simulated": 9}}
        for name, sections in wanted.items():
            parts = re.split(r'<section id="(\w+)"', self.pages[name].text)
            figures = {key: part.count("<svg") for key, part in zip(parts[1::2], parts[2::2])}
            for section, count in sections.items():
                with self.subTest(page=name, section=section):
                    self.assertGreaterEqual(figures.get(section, 0), count)

    def test_status_of_columns(self):
        self.assertIn("19 converged, 1 no observation", self.pages["grid"].shown())
        self.assertIn("1 of the columns did not converge", self.pages["grid"].shown())
        self.assertNotIn("did not converge", self.pages["site"].shown())

    def test_verdict(self):
        bare = self.changed("site", lambda result: result.drop_vars(
            [name for name in result if name.endswith("_verdict")]).assign_attrs(verdict=""))
        self.assertNotIn('class="verdict"', bare.text)
        for name in ("judged_site", "judged_grid"):
            page = self.pages[name]
            told = [data for data, inside in page.words if inside[-2:] == ["div", "p"]]
            self.assertIn("heat_transfer: determined.", told)
            self.assertIn("heat_capacity < 4e6 & more: determined only in combination.", told)
        rows = [row for row in self.pages["judged_grid"].rows if row
                and row[0][0] == "heat capacity" and len(row) == 4]
        self.assertEqual([cell[1] for cell in rows[0][1:]], ["0.0", "19.0", "0.0"])
        self.assertIn("Map of heat capacity: in combination 19",
                      [a["aria-label"] for a in self.pages["judged_grid"].all("svg")])


class OtherFiles(ReportTest):
    def test_forward_run(self):
        page = self.pages["forward"]
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
        patience, report.Progress.PATIENCE = report.Progress.PATIENCE, 0.0
        self.addCleanup(setattr, report.Progress, "PATIENCE", patience)
        err = io.StringIO()
        progress = report.Progress(err)
        out.write_text(report.report(str(wide), progress), encoding="utf-8")
        self.assertLess(out.stat().st_size, 6e6)
        self.assertIn("report.py: maps: 100 %", err.getvalue())
        page = Page(out.read_text(encoding="utf-8"))
        self.assertGreaterEqual(page.text.count("<svg"), 15)


class Mistakes(ReportTest):
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
        self.assertIn("cannot be written", err)

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
