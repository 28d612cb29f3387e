# SPDX-License-Identifier: BSD-3-Clause
"""The tables of docs/field_guide.md are those that runs/field_guide makes."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from support import QUICK_START, GlebeTest, program

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Half of the last digit that is printed, 1.3 % of the smallest number with one decimal, twice.
TOLERANCE = 0.05


def rows(text):
    """{name of a row and its place: its numbers} of all tables."""
    tables = [line.strip("| \n").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return [(cells[0], [float(n) for n in re.findall(r"\d+\.?\d*", " ".join(cells[1:]))])
            for cells in tables if not cells[0].startswith(("---", "instruments"))]


class FieldGuide(GlebeTest):
    def test_tables(self):
        """The run in a copy of the two folders that it reads."""
        for name in ("field_guide", "first_estimate"):
            shutil.copytree(ROOT / "runs" / name, self.folder / "runs" / name,
                            ignore=shutil.ignore_patterns("output"))
        (self.folder / "tools").symlink_to(ROOT / "tools")
        (self.folder / "python").symlink_to(ROOT / "python")
        done = subprocess.run(["runs/field_guide/run.sh"], cwd=self.folder, capture_output=True,
                              text=True, check=False, timeout=300,
                              env={**os.environ, **QUICK_START, "GLEBE": program()})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        made = rows((self.folder / "runs/field_guide/output/tables.md").read_text(encoding="utf-8"))
        written = rows((ROOT / "docs" / "field_guide.md").read_text(encoding="utf-8"))
        self.assertEqual([name for name, _ in made], [name for name, _ in written])
        self.assertEqual(len(made), 29)
        for (name, found), (_, said) in zip(made, written):
            self.assertEqual(len(found), len(said), name)
            for one, other in zip(found, said):
                self.assertAlmostEqual(one, other, delta=TOLERANCE * other, msg=name)


if __name__ == "__main__":
    unittest.main()
