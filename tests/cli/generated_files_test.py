# SPDX-License-Identifier: BSD-3-Clause
"""Tests that the files made from the table of settings are those that the program now makes.

The program is named by the environment variable GLEBE."""
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GLEBE = pathlib.Path(os.environ.get("GLEBE", ROOT / "build/release/glebe")).absolute()


def described(*options):
    return subprocess.run([GLEBE, "--describe", *options], capture_output=True, text=True,
                          check=True, timeout=60).stdout


def make_templates(table, folder):
    return subprocess.run([sys.executable, ROOT / "tools/make_templates.py", folder], input=table,
                          capture_output=True, text=True, timeout=60)


class GeneratedFiles(unittest.TestCase):
    def assert_current(self, name, expected):
        found = (ROOT / name).read_text(encoding="utf-8")
        difference = "".join(difflib.unified_diff(
            found.splitlines(True), expected.splitlines(True), f"{name} as it is",
            f"{name} as the program makes it", n=1))
        self.assertFalse(difference, f"run tools/update_reference.sh\n{difference}")

    def test_the_reference_is_what_the_program_prints(self):
        self.assert_current("docs/namelist_reference.md", described("--markdown"))
        self.assert_current("docs/result_reference.md", described("--results"))

    def test_the_templates_are_what_the_table_gives(self):
        with tempfile.TemporaryDirectory() as folder:
            made = make_templates(described(), folder)
            self.assertEqual(made.returncode, 0, made.stderr)
            names = {path.name for path in pathlib.Path(folder).iterdir()}
            self.assertEqual({path.name for path in (ROOT / "namelists").iterdir()}, names)
            for name in sorted(names):
                with self.subTest(template=name):
                    expected = (pathlib.Path(folder) / name).read_text(encoding="utf-8")
                    self.assert_current(f"namelists/{name}", expected)


class TableChanges(unittest.TestCase):
    """A template follows the table, or says why it cannot."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_a_comment_comes_from_the_table(self):
        table = described()
        self.assertIn("! time step;", table)
        made = make_templates(table.replace("! time step;", "! length of a step;"), self.folder)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("! length of a step;", (self.folder / "twin.nml").read_text())

    def test_a_default_comes_from_the_table(self):
        table = described()
        self.assertIn("seed = 1\n", table)
        made = make_templates(table.replace("seed = 1\n", "seed = 7\n"), self.folder)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("  seed = 7\n", (self.folder / "twin.nml").read_text())

    def test_a_key_that_is_gone_is_an_error_and_writes_nothing(self):
        for table, expected in ((described().replace("  stretch =", "  strech ="), "'stretch'"),
                                (described().replace("&soil", "&ground"), "&soil"),
                                ("", "glebe --describe")):
            made = make_templates(table, self.folder)
            self.assertEqual(made.returncode, 2)
            self.assertIn(expected, made.stderr)
            self.assertFalse(list(self.folder.iterdir()))


if __name__ == "__main__":
    unittest.main()
