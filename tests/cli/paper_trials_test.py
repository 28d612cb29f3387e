# SPDX-License-Identifier: BSD-3-Clause
"""The synthetic case of Huang, Heaney and van Reeuwijk (arXiv:2505.02979) from the 50 first guesses
that they published. Needs paper/trials_*.csv in the folder that GLEBE_DATA names."""
import os
import pathlib
import sys
import unittest

import pandas as pd

from support import GlebeTest

DATA = pathlib.Path(os.environ.get("GLEBE_DATA", "/nonexistent")) / "paper"
RUNS = pathlib.Path(__file__).resolve().parents[2] / "runs/paper_synthetic"

# The columns with the first guesses.
CONTROLS = {"thermal_conductivity": "start_conductivity", "heat_capacity": "start_heat_capacity",
            "albedo": "start_albedo", "heat_transfer": "start_h",
            "bowen_ratio": "start_bowen_ratio", "deep_temperature": "start_deep_temperature"}
# heat_transfer and bowen_ratio act only together, as h (1 + 1/bowen_ratio).
TRUTH = {"thermal_conductivity": 0.8, "heat_capacity": 2.2e6, "albedo": 0.2,
         "deep_temperature": 293.0, "together": 25.0}


class PaperTrials(GlebeTest):
    def setUp(self):
        super().setUp()
        (self.folder / "output").mkdir()
        (self.folder / "twin.nml").write_text((RUNS / "twin.nml").read_text())
        done = self.glebe("twin.nml")
        self.assertEqual(done.returncode, 0, done.stderr)

    def trial(self, text, guesses):
        """One run of the namelist `text` with other first guesses: its result."""
        for name, start in CONTROLS.items():
            head, rest = text.split(f"name = '{name}', estimate = .true., value = ")
            text = f"{head}name = '{name}', estimate = .true., value = {guesses[start]}" + \
                rest[rest.index(","):]
        (self.folder / "trial.nml").write_text(text)
        done = self.glebe("trial.nml")
        self.assertEqual(done.returncode, 0, f"{done.stdout}\n{done.stderr}")
        return self.read("output/two_depths.nc")

    def trials(self, file, text):
        """A table of all trials: largest relative error, iterations, status."""
        rows = []
        for _, guesses in pd.read_csv(DATA / file).iterrows():
            result = self.trial(text, guesses)
            together = result.heat_transfer * (1 + 1 / result.bowen_ratio)
            found = {**result.data_vars, "together": together}
            rows.append({**{name: abs(float(found[name]) / truth - 1)
                            for name, truth in TRUTH.items()},
                         "iterations": int(result.iterations), "status": int(result.status),
                         "cost_final": float(result.cost_final)})
        table = pd.DataFrame(rows)
        table["error"] = table[list(TRUTH)].max(axis=1)
        print(f"\n{file}: {len(table)} trials, {(table.error < 1e-3).sum()} within 0.1 % of the "
              f"truth, {(table.status == 0).sum()} converged\n"
              f"{table.describe().loc[['min', '50%', 'max']].to_string()}", file=sys.stderr)
        return table

    def test_two_depths(self):
        table = self.trials("trials_two_depths.csv", (RUNS / "two_depths.nml").read_text())
        self.assertEqual(len(table), 50)
        self.assertTrue((table.status == 0).all())
        self.assertLess(table.error.max(), 1e-3)
        self.assertLessEqual(table.iterations.max(), 15)

    def test_one_depth(self):
        text = (RUNS / "two_depths.nml").read_text()
        begin = text.index("&observation\n  kind = 'surface_temperature'")
        text = text[:begin] + text[text.index("&observation", begin + 1):]
        table = self.trials("trials_one_depth.csv", text)
        self.assertEqual(len(table), 50)
        self.assertLess(table.error.max(), 1e-3)


if __name__ == "__main__":
    if not DATA.is_dir():
        print("skipped: GLEBE_DATA, the folder with paper/trials_two_depths.csv, is not set")
        sys.exit(77)
    unittest.main()
