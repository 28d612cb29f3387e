# SPDX-License-Identifier: BSD-3-Clause
"""Texts from outside that are shown in a terminal: their control characters are shown, not sent."""
import unittest

import numpy as np

from support import GlebeTest, estimating, site_case, weather, write_series

RED = "\x1b[31m"


class Terminal(GlebeTest):
    def assert_shown(self, done, status):
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, status, said)
        self.assertIn("\\x1b[31m", said)
        self.assertNotIn("\x1b", said)
        return said

    def test_names_of_files_that_a_pattern_finds(self):
        hours = np.arange(-6, 79)
        name = f"weather{RED}.nc"
        write_series(self.folder / name, hours, weather(hours, (2,)), ["station"])
        twin = site_case("twin", "surface_temperature", forcing={"file": "weather*.nc"})
        self.run_case(twin, name="truth")
        case = self.write_case(estimating(twin, "albedo"))
        said = self.assert_shown(self.glebe(case), 0)
        self.assertIn("no coordinates of its cells", said)
        (self.folder / name).write_bytes(b"no file of NetCDF")
        self.assert_shown(self.glebe(case), 2)

    def test_words_of_the_command_line(self):
        self.write_weather()
        case = self.write_case(site_case("forward", "surface_temperature"))
        self.assertIn("was not used", self.assert_shown(self.glebe(case, f"-a{RED}"), 0))
        self.assert_shown(self.glebe(f"{RED}.nml"), 2)


if __name__ == "__main__":
    unittest.main()
