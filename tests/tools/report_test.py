# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the report without a browser: what is in the page, and whether it is true."""
import re
import unittest
from types import SimpleNamespace

import numpy as np
import xarray as xr

import report_case
import report_fixtures as fixtures
from glebe_tools.estimates import courses, entries
from glebe_tools.report.page import report
from glebe_tools.report.parameters import draw_course
from glebe_tools.report.series_sections import memory_in_words
from glebe_tools.report.style import STATUS_COLOURS, new_figure
from glebe_tools.result import in_steps
from parsed_page import Page, spoken


def setUpModule():
    report_case.make_results()
    PageTest.pages = {name: Page(report(str(path))) for name, path in PageTest.results.items()}


class PageTest(report_case.ReportTest):
    """With the page of every result."""


class EveryPage(PageTest):
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
            self.assertLessEqual(set(fixed), set(STATUS_COLOURS))
            self.assertEqual(len(re.findall(r"prefers-color-scheme:dark", page.text)), 1)

    def test_titles_are_text(self):
        self.assertIn("Test of site <a & b>", self.pages["site"].shown())
        self.assertIn("Test of site &lt;a &amp; b&gt;", self.pages["site"].text)


class Estimates(PageTest):
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
            self.assert_shown(cells[1], result[f"{name}_std_inflated"], 2)
            self.assert_shown(cells[2], result[f"{name}_std"], 2)
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
                float(cells[3][1]) / np.nanmedian(result[f"{name}_std_inflated"].values), 1, 12)

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

    def test_withheld_observations(self):
        """Over a grid the medians and the columns that are worse than their own mean."""
        suffixes = ("observed_std", "skill", "rmse_1lin", "rmse_2lin")
        names = ["rmse_net_radiation", "bias_net_radiation",
                 *(f"net_radiation_{suffix}" for suffix in suffixes)]

        def row_of(page):
            return next(row for row in page.rows if row and "radiation" in row[0][0]
                        and len(row) > 7)

        for name in ("site", "grid"):
            result, page = xr.load_dataset(self.results[name]), self.pages[name]
            kept = [float(cell[1]) for cell in row_of(page)[1:] if cell[1] is not None]
            np.testing.assert_allclose(kept[:6], [np.nanmedian(result[n].values) for n in names],
                                       rtol=1e-12)
            self.assertEqual(kept[6:], [0.0] if name == "grid" else [])
            self.assertNotIn("not to be trusted", page.shown())

        def wrong(result):
            result["net_radiation_skill"].values.flat[:3] = -0.5
            result["net_radiation_skill"].attrs["verdict"] = "net radiation: not to be trusted"
            return result.drop_vars("net_radiation_rmse_2lin")

        page = self.changed("grid", wrong)
        self.assertEqual(row_of(page)[-1], ("3 of 19", "3.0"))
        self.assertIn("Net radiation: not to be trusted.", page.shown())
        self.assertNotIn("2lin", [cell[0] for row in page.rows for cell in row])
        bare = self.changed("site", lambda result: result.drop_dims("time"))  # series = .false.
        self.assertEqual(len(row_of(bare)), len(row_of(self.pages["site"])))

    def test_closure(self):
        """A flux of a half: what is missing is told, and each flux is compared raw and closed."""
        def with_balance(result):
            parts = {"ground_heat_flux_0cm": 0.3, "sensible_heat": 0.25, "latent_heat": 0.1}
            for name, part in parts.items():
                for end in "", "_observed":
                    result[name + end] = part * result["net_radiation" + end]
                    result[name + end].attrs = {"units": "W m-2", "long_name": f"test {name}"}
            return result

        self.assertNotIn('id="closure"', report(str(self.results["site"])))
        page = self.changed("site", with_balance)
        result = xr.load_dataset(self.results["site"])
        simulated, observed = result.net_radiation.values, result.net_radiation_observed.values
        missing = np.nanmean(0.35 * observed)
        self.assertIn(f"On average {missing:.0f} W m⁻²", page.shown())
        _, (kind, _), (rmse, _), _ = page.row("test sensible_heat")
        self.assertEqual(kind, "raw")
        self.assertAlmostEqual(
            float(rmse), 0.25 * np.sqrt(np.nanmean((simulated - observed)**2)), delta=0.01)

    def test_parts_of_the_window(self):
        """Estimates and z-scores of every part, and predictions of each from the others."""
        for name in ("split", "split_grid"):
            result, page = xr.load_dataset(self.results[name]), self.pages[name]
            self.assertIn("part 2 from 2001-06-02 00:00 to 2001-06-03 00:00", page.shown())
            cells = next(row for row in page.rows if row and row[0][0] == "thermal conductivity"
                         and len(row) > 5 and "not compared" not in str(row)
                         and float(row[1][1]) == np.nanmedian(
                             result.thermal_conductivity_part[0].values))
            kept = [float(value) for _, value in cells if value is not None]
            z = result.thermal_conductivity_part_z.values
            pairs = np.concatenate([np.ravel(z[i, j]) for i, j in ((1, 0), (2, 0), (2, 1))])
            self.assertAlmostEqual(kept[-1], np.sqrt(np.nanmean(pairs**2)), 12)
            flux = [row for row in page.rows if row and "radiation, withheld" in row[0][0]]
            self.assertEqual([row[1][0] for row in flux], ["1", "2", "3"])
            rmse = result.net_radiation_part_rmse.values
            own = [float(row[3][1]) for row in flux]
            np.testing.assert_allclose(own, [np.nanmedian(rmse[i, i]) for i in range(3)])
            others = [np.nanmedian(np.sqrt(np.mean(np.delete(rmse[i], i, axis=0)**2, axis=0)))
                      for i in range(3)]
            np.testing.assert_allclose([float(row[2][1]) for row in flux], others)
        self.assertNotIn("Parts of the window", self.pages["site"].shown())

    def test_conflicts_are_told_in_the_words_of_the_file(self):
        self.assertIn("None was found between the estimates", self.pages["site"].shown())
        told = "heat_capacity = 5e+05 J m-3 K-1: at its lower bound\nfrost: T < 0 degC & snow"
        page = self.changed("site", lambda result: result.assign_attrs(conflicts=told))
        said = [data for data, inside in page.words if inside[-2:] == ["div", "p"]]
        self.assertIn("frost: T < 0 degC & snow", said)
        self.assertIn("conflicts", [a["id"] for a in page.all("section")])
        self.assertNotIn("None was found", page.shown())

    def test_shapes_of_residuals_are_the_file(self):
        for name, median in (("site", np.ravel), ("grid", np.nanmedian)):
            result, page = xr.load_dataset(self.results[name]), self.pages[name]
            row = next(row for row in page.rows if len(row) == 10
                       and row[0][0] == "soil temperature, 5 cm")
            self.assertEqual(row[1][0], "fitted")
            for cell, what in zip(row[2:], ("offset", "drift", "lag", "depth", "amplitude",
                                            "exchange")):
                value = float(median(result[f"soil_temperature_5cm_misfit_{what}"].values))
                self.assertEqual(float(cell[1]), value)
                self.assertEqual(cell[0], f"{round(100 * value)} %")
            lag = float(median(result.soil_temperature_5cm_model_lag.values)) / 60
            self.assertAlmostEqual(float(row[8][1]), lag, 12)

    def test_every_section_has_its_figure(self):
        wanted = {"site": {"estimates": 1, "knowledge": 1, "fit": 2, "residuals": 6,
                           "withheld": 3, "convergence": 2},
                  "grid": {"estimates": 1, "knowledge": 1, "fit": 2, "residuals": 6,
                           "withheld": 3, "convergence": 3, "maps": 13},
                  "stations": {"estimates": 1, "knowledge": 1, "maps": 8},
                  "forward": {"simulated": 9},
                  "design": {"ranking": 2, "knowledge": 2},
                  "design_grid": {"ranking": 2, "knowledge": 2},
                  "in_time": {"estimates": 2, "knowledge": 1, "fit": 2, "convergence": 2},
                  "coupled": {"estimates": 1, "maps": 5, "convergence": 2}}
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


class Designs(PageTest):
    def test_table_is_the_file(self):
        result, page = xr.load_dataset(self.results["design"]), self.pages["design"]
        order = np.argsort(result.design_rank.values)
        rows = [row for row in page.rows if row and re.match(r"\d+\. ", row[0][0])]
        self.assertEqual(len(rows), 12)
        for rank, (design, row) in enumerate(zip(order, rows), 1):
            group = result.design.attrs["names"].split()[design].split(":")[0].replace("_", " ")
            self.assertEqual(row[0][0], f"{rank}. {group}")
            numbers = [float(kept) for _, kept in row if kept is not None]
            expected = [result.design_days[design], result.criterion[design]]
            expected += [100 * result[f"{name}_std"][design] / result[name]
                         for name in fixtures.ESTIMATED[:2]]
            np.testing.assert_allclose(numbers, expected, rtol=1e-12)

    def test_says_what_is_best_and_what_is_missing(self):
        for name in ("design", "design_grid"):
            result, page = xr.load_dataset(self.results[name]), self.pages[name]
            sections = [a["id"] for a in page.all("section")]
            self.assertEqual(sections, ["run", "ranking", "knowledge", "missing"])
            best = int(np.argmin(result.design_rank.values))
            depth = 100 * float(result.design_depth[best])
            self.assertIn(f"Of 12 designs the one that would tell most is second thermometer at "
                          f"{depth:g} cm for {float(result.design_days[best]):g} days: thermal "
                          "conductivity to ", page.shown())
            self.assertIn("Nothing was measured or fitted.", page.shown())
            self.assertIn("No data were fitted", page.shown())

    def test_verdict_in_words(self):
        result, page = xr.load_dataset(self.results["design"]), self.pages["design"]
        for parameter in fixtures.ESTIMATED:
            known = int((result[f"{parameter}_verdict"] == 0).sum())
            best = int(np.argmin(result[f"{parameter}_std"].values))
            how_many = {12: "all", 0: "none"}.get(known, str(known))
            words = parameter.replace("_", " ")
            self.assertIn(f"{words[0].upper()}{words[1:]}: determined by {how_many} of the 12 "
                          "designs; best known with ", page.shown())
            days = f" for {float(result.design_days[best]):g} days?, to "
            self.assertRegex(page.shown(), f"{words[1:]}: determined [^.]*{days}")
        on_grid = self.pages["design_grid"].shown()
        self.assertIn("determined in every column by ", on_grid)

    def test_best_design_is_mapped_where_it_differs(self):
        def differing(result):
            result["best_design"].values[:2] = 3
            result["best_design"].values[2:] = 5
            return result
        shown = [a["aria-label"] for a in self.changed("design_grid", differing).all("svg")]
        self.assertIn("Map of the best design: second thermometer at 0 cm for 1 day in 10; second "
                      "thermometer at 0 cm for 3 days in 10", shown)

    def test_three_sensors_have_a_table_and_no_figure(self):
        def three(result):
            for n, name in enumerate(("design_depth_2", "design_depth_3")):
                result[name] = result.design_depth + 0.1 * (n + 1)
            return result
        page = self.changed("design", three)
        self.assertIn("more than two candidate sensors cannot be drawn", page.shown())
        self.assertEqual(len(page.all("svg")), 0)


class InTime(PageTest):
    def test_one_row_and_a_figure_for_all_knots(self):
        result, page = xr.load_dataset(self.results["in_time"]), self.pages["in_time"]
        values = result.heat_transfer.values
        row = page.row(f"heat transfer, {values.size} knots in time")
        numbers = [float(kept) for _, kept in row if kept is not None]
        self.assertEqual(numbers[:2], [values.min(), values.max()])
        self.assertEqual(numbers[2], np.median(result.heat_transfer_std_inflated.values))
        self.assertIn("Three parameters (one of them varies in time) estimated", page.shown())
        label = f"heat transfer in the course of time, from {values.min():.4g} to "
        self.assertTrue(any(a["aria-label"].startswith(label) for a in page.all("svg")))
        self.assertEqual([r for r in page.rows if r and "2001-06-0" in r[0][0]], [])

    def test_figure_carries_the_numbers_of_the_file(self):
        result = xr.open_dataset(self.results["in_time"])
        (course,), _ = courses(entries(result, estimated=True))
        axes = new_figure(2).subplots()
        draw_course(axes, course, steps=False)
        line = next(line for line in axes.lines if line.get_linestyle() == "-")
        np.testing.assert_array_equal(line.get_ydata(), result.heat_transfer.values)
        np.testing.assert_array_equal(line.get_xdata(), result.heat_transfer_time.values)
        self.assertTrue(in_steps(result, "heat_transfer"))
        self.assertFalse(in_steps(result, "heat_capacity"))


class Coupled(PageTest):
    def test_inferred_columns_are_no_failures(self):
        result, page = xr.load_dataset(self.results["coupled"]), self.pages["coupled"]
        self.assertIn("in 8 of 20 columns; in the 12 others they are inferred from these.",
                      page.shown())
        self.assertNotIn("did not converge", page.shown())
        observed = result.status.values == 0
        plain, inflated = (result[f"thermal_conductivity_{name}"].values
                           for name in ("std", "std_inflated"))
        std = np.where(np.isfinite(inflated), inflated, plain)  # the one that is reported
        numbers = [float(kept) for _, kept in page.row("thermal conductivity") if kept is not None]
        self.assertEqual(numbers[3:5], [np.median(std[observed]), np.median(std[~observed])])
        self.assertIn("inferred from neighbours in 12 columns", page.shown())
        freedom = np.median(result.degrees_of_freedom.values[observed])
        self.assertIn("Median of the columns with observations:", page.shown())
        self.assertIn(repr(float(freedom)), page.text)


class Memory(unittest.TestCase):
    def test_what_the_fit_allows_for_is_no_fault(self):
        for memory in (3.0, np.nan):
            residuals = SimpleNamespace(lags=np.arange(8.0), memory=memory)
            self.assertIn("are too small", memory_in_words(residuals, 0.0))
            said = memory_in_words(residuals, 12.4)
            self.assertIn("the fit allows for errors that last 12.4\u00a0h", said)
            self.assertNotIn("are too small", said)


if __name__ == "__main__":
    unittest.main()
