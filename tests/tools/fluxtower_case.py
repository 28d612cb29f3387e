# SPDX-License-Identifier: BSD-3-Clause
"""What tests of the converter share: a folder, and the command in it."""
import contextlib
import io
import os
import tempfile
import unittest

import xarray as xr

import source_tree  # noqa: F401 (the package can be imported)
from glebe_tools.fluxtower.__main__ import main


class Converter(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.output = self.path("out.nc")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def run_tool(self, source, *options):
        """Exit status, standard output and standard error."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main([source, self.output, *options])
            except SystemExit as stop:  # argparse
                status = stop.code
        return status, out.getvalue(), err.getvalue()

    def convert(self, source, *options):
        status, self.out, self.err = self.run_tool(source, *options)
        self.assertEqual(status, 0, self.err)
        return xr.load_dataset(self.output)

    def table(self, text, mapping, *options):
        return self.convert(self.write("t.csv", text), "--mapping",
                            self.write("t.ini", mapping), *options)

    def refused(self, text, mapping, expected, *options):
        status, _, err = self.run_tool(self.write("t.csv", text), "--mapping",
                                       self.write("t.ini", mapping), *options)
        self.assertEqual(status, 2)
        self.assertIn(expected, err)
        self.assertFalse(os.path.exists(self.output))
