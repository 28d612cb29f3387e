# SPDX-License-Identifier: BSD-3-Clause
"""Signals to the modes that keep nothing: they end soon with status 3, in words, and leave no half of
a file."""
import signal
import unittest

import numpy as np

from support import GlebeTest, estimating, site_case, weather, write_series


class Signals(GlebeTest):
    def setUp(self):
        super().setUp()
        hours = np.arange(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (80,)), ["station"])

    def assert_stopped(self, case, number, ranks=1):
        """While the model runs: its many nodes take time."""
        case["time"]["step"] = 60
        case["soil"].update(nodes=1500, stretch=1.0)
        done = self.when_logged(self.write_case(case), "soil:",
                                lambda run: run.send_signal(number), ranks)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertEqual(done.stderr.count("glebe: interrupted; nothing is kept: only mode = "
                                           "'estimate' has checkpoints"), 1, done.stderr)
        self.assertNotIn("error", done.stderr)
        self.assertEqual([path.name for path in self.folder.glob("*.nc*")], ["weather.nc"])

    def test_forward(self):
        for number, ranks in ((signal.SIGTERM, 1), (signal.SIGINT, 1), (signal.SIGUSR1, 2)):
            with self.subTest(number=number, ranks=ranks):
                self.assert_stopped(site_case("forward", "surface_temperature"), number, ranks)

    def test_twin(self):
        self.assert_stopped(site_case("twin", "surface_temperature"), signal.SIGTERM)

    def test_design(self):
        case = estimating(site_case("design", "surface_temperature"), "albedo")
        case["run"]["mode"] = "design"
        case["design"] = {"streams": "surface_temperature"}
        for key in ("file", "stamp"):
            del case["observation"][0][key]
        for number, ranks in ((signal.SIGTERM, 1), (signal.SIGUSR1, 2)):
            with self.subTest(number=number, ranks=ranks):
                self.assert_stopped(case, number, ranks)


if __name__ == "__main__":
    unittest.main()
