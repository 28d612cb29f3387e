# SPDX-License-Identifier: BSD-3-Clause
"""What a report says where bounds limit an estimate, and of parameters held at uncertain values."""
import dataclasses
import unittest

import matplotlib.figure
import numpy as np

import report_fixtures as fixtures
from glebe_tools.estimates import entries
from glebe_tools.report.page import report
from glebe_tools.report.parameters import draw_whiskers
from parsed_page import Page, spoken

support = fixtures.support


class Uncertainty(support.GlebeTest):
    def setUp(self):
        super().setUp()
        self.twin = self.write_truth("surface_temperature", ("soil_temperature", 0.1))

    def page_of(self, case):
        run = self.run_case(case)
        return run.data, Page(report(str(self.folder / "case.nc")))

    def row_after(self, page, heading, nth):
        return [row for row in page.rows if row and row[0][0] == heading][nth]

    def test_intervals_at_a_bound(self):
        case = support.estimating(self.twin, "thermal_conductivity", "heat_capacity",
                                  heat_capacity=(3e6, 2.2e6, 6e6))
        data, page = self.page_of(case)
        self.assertIn("68 % intervals", page.shown())
        _, low, high, unit = self.row_after(page, "heat capacity", 1)
        for (shown, value), name in ((low, "lower"), (high, "upper")):
            self.assertEqual(float(value), float(data[f"heat_capacity_{name}"]))
            self.assertAlmostEqual(spoken(shown), float(value) / 1e6, delta=0.01)
        self.assertIn("10⁶", unit[0])

    def test_whiskers_have_the_deviation_that_is_reported(self):
        case = support.estimating(self.twin, "albedo")
        self.run_case(case)
        entry = entries(self.read("case.nc"), estimated=True)[0]
        entry = dataclasses.replace(entry, std=np.array(0.01), std_inflated=np.array(0.05))
        axes = matplotlib.figure.Figure().subplots()
        self.assertIn("± 0.05", draw_whiskers(axes, 0, entry))
        reach = [np.ptp(line.get_xdata()) * (entry.upper - entry.lower)
                 for line in axes.lines if len(line.get_xdata()) == 2]
        np.testing.assert_allclose(sorted(reach), (0.1, 0.2))

    def test_parts_of_considered_parameters(self):
        case = support.estimating(self.twin, "thermal_conductivity", "heat_transfer")
        support.group_of(case, "albedo")["prior_std"] = 0.02
        support.group_of(case, "emissivity")["prior_std"] = 0.01
        data, page = self.page_of(case)
        self.assertIn("albedo ± 0.02", page.shown())
        cells = self.row_after(page, "heat transfer", 1)[1:]
        for cell, share in zip(cells, data.heat_transfer_considered_share.values):
            self.assertEqual(float(cell[1]), float(share))
            self.assertEqual(cell[0], f"{100 * float(share):.0f} %")

    def test_nothing_of_both_without_them(self):
        case = support.estimating(self.twin, "thermal_conductivity", "heat_transfer")
        page = self.page_of(case)[1]
        for words in ("68 % intervals", "held at uncertain values"):
            self.assertNotIn(words, page.shown())


if __name__ == "__main__":
    unittest.main()
