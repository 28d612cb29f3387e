# SPDX-License-Identifier: BSD-3-Clause
"""A small estimate that is right but for what a test does to it, and how it must be refused."""
import numpy as np

from support import GlebeTest, estimating, namelist_text, rewrite, site_case, write_series

EARLIER = b"an earlier result"


def line_of(case, text):
    """`case.nml:<line>` of the first line of the namelist with `text`."""
    lines = namelist_text(case).splitlines()
    return "case.nml:" + str(1 + next(n for n, line in enumerate(lines) if text in line))


class RefusalTest(GlebeTest):
    def setUp(self):
        super().setUp()
        self.write_inputs()
        stream = ("soil_temperature", 0.05)
        self.case = estimating(site_case("twin", stream), "albedo", file="soil.nc")
        self.case["run"]["output"] = "result.nc"

    def write_inputs(self):
        self.write_weather()
        hours = np.arange(0, 73)
        self.write_soil({"soil_temperature_5cm": (293 + 3 * np.sin(hours / 4), "K")}, hours)

    def write_soil(self, variables, hours=np.arange(0, 73), **options):
        write_series(self.folder / "soil.nc", hours, variables, **options)

    def edit(self, name, change):
        rewrite(self.folder / name, change)

    def listing(self):
        return {str(path): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def assert_refused(self, *words, ranks=(1,), options=(), earlier=True):
        """Runs the case; `words` must be in what it says on standard error."""
        self.write_case(self.case)
        if earlier:
            (self.folder / "result.nc").write_bytes(EARLIER)
        for n in ranks:
            before = self.listing()
            done = self.glebe(*options, "case.nml", ranks=n)
            with self.subTest(ranks=n, error=done.stderr):
                self.assertEqual(done.returncode, 2)
                said = [line for line in done.stderr.splitlines() if line.startswith("glebe:")]
                self.assertTrue(said)
                self.assertEqual(len(said), len(set(said)), "printed once")
                for word in words:
                    self.assertIn(word, "\n".join(said))
                self.assertEqual(self.listing(), before)
        return done.stderr
