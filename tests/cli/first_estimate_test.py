# SPDX-License-Identifier: BSD-3-Clause
"""The estimate from the record that the repository holds: what a newcomer sees first."""
import pathlib
import shutil
import unittest

from support import GlebeTest

RUN = pathlib.Path(__file__).resolve().parents[2] / "runs" / "first_estimate"


class FirstEstimate(GlebeTest):
    def setUp(self):
        super().setUp()
        for name in ("estimate.nml", "west_phoenix.nc"):
            shutil.copy(RUN / name, self.folder)
        (self.folder / "output").mkdir()

    def estimate(self, *options, ranks=1):
        done = self.glebe("estimate.nml", *options, ranks=ranks)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return self.read("output/estimate.nc"), done.stdout

    def test_what_the_readme_says(self):
        """Values to the digits in which they are printed there; errors to half of the last digit."""
        data, log = self.estimate()
        for name, value, tolerance in (
                ("thermal_conductivity", 0.384, 5e-4), ("heat_capacity", 2.55e6, 5e3),
                ("heat_transfer", 8.57, 5e-3), ("heat_transfer_wind", 1.197, 5e-4)):
            self.assertAlmostEqual(float(data[name]), value, delta=tolerance, msg=name)
        self.assertAlmostEqual(float(data.thermal_conductivity_std_inflated), 0.029, delta=5e-4)
        self.assertIn("withheld turbulent_heat: rmse 28.8", log)
        self.assertIn("skill 0.911; 1lin 33.3, 2lin 32.2", log)
        self.assertIn("thermal_conductivity: determined", log)
        self.assertIn("initial_temperature[2 m] = 288.9 K: 3.7 prior_std below its prior", log)

    def test_ranks(self):
        alone, _ = self.estimate()
        shared, _ = self.estimate(ranks=2)
        self.assert_same_results(alone, shared, list(alone.variables))

    def test_one_half_predicts_the_other(self):
        """The turbulent heat of each half, from the soil thermometer of the other."""
        data, _ = self.estimate("--set", "split.parts=2")
        for part in (0, 1):
            skill = float(data.turbulent_heat_part_skill[part, 1 - part])
            self.assertGreater(skill, 0.85)  # the regression on sun and air that has seen it: 0.87


if __name__ == "__main__":
    unittest.main()
