# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of the report share: results that the program has made, and pages on them after a
change."""
import pathlib
import tempfile
import unittest

import xarray as xr

import report_fixtures as fixtures
from glebe_tools.report.page import report
from parsed_page import Page


class ReportTest(unittest.TestCase):
    """With results that all tests of a module share."""

    def changed(self, name, change):
        """The page of a result after `change` has worked on its dataset."""
        result = xr.load_dataset(self.results[name])
        result = change(result)
        path = self.folder / f"changed_{name}.nc"
        result.to_netcdf(path)
        return Page(report(str(path)))


def make_results():
    """Before the tests of a module."""
    folder = tempfile.TemporaryDirectory(prefix="glebe_report_")
    unittest.addModuleCleanup(folder.cleanup)
    ReportTest.folder = pathlib.Path(folder.name)
    results = ReportTest.results = fixtures.make_results(ReportTest.folder)
    for name in ("site", "grid"):
        results[f"judged_{name}"] = fixtures.judged(results[name],
                                                    ReportTest.folder / f"judged_{name}.nc")
