# SPDX-License-Identifier: BSD-3-Clause
"""What is said of observations that were not fitted: beside their own mean, and beside regressions
on the forcing."""
import unittest

import numpy as np

from support import GlebeTest, estimating, group_of, site_case, weather, write_series

STREAMS = (("soil_temperature", 0.05), ("soil_temperature", 0.15), ("ground_heat_flux", 0.0))
FLUX = "ground_heat_flux_0cm"
ESTIMATED = ("thermal_conductivity", "heat_capacity")
NAMES = [f"{FLUX}_{what}" for what in ("observed_std", "skill", "rmse_1lin", "rmse_2lin")]
UNTRUE = ("ground heat flux: worse than its own mean; conductivity and heat capacity are not to be "
          "trusted for fluxes")


def regression_rmse(y, *inputs):
    x = np.column_stack([np.ones_like(y), *inputs])
    return np.sqrt(np.mean((y - x @ np.linalg.lstsq(x, y, rcond=None)[0])**2))


def withholding(case, *names, **changes):
    """The estimate of `names` without the flux; `changes` are other values of parameters."""
    case = estimating(case, *names)
    group_of(case, "ground_heat_flux").update(withhold=True, sigma=10.0)
    for name, value in changes.items():
        group_of(case, name)["value"] = value
    return case


class Withheld(GlebeTest):
    def test_perfect_model(self):
        twin = self.write_truth(*STREAMS)
        run = self.run_case(withholding(twin, *ESTIMATED))
        y = run.data[f"{FLUX}_observed"].values
        inputs = weather(np.arange(73))
        sun, air = (inputs[name][0].ravel() for name in ("SWdown", "Tair"))
        self.assertGreater(float(run.data[f"{FLUX}_skill"]), 0.9999)
        self.assertNotIn("verdict", run.data[f"{FLUX}_skill"].attrs)
        expected = [y.std(), regression_rmse(y, sun), regression_rmse(y, sun, air)]
        found = [float(run.data[f"{FLUX}_{what}"])
                 for what in ("observed_std", "rmse_1lin", "rmse_2lin")]
        np.testing.assert_allclose(found, expected, rtol=1e-6)  # inputs are in single precision
        self.assertRegex(run.log, f"withheld {FLUX}: rmse .*, bias .* W m-2; observations vary by "
                         f"{y.std():.3g}: skill 1; 1lin {found[1]:.3g}, 2lin {found[2]:.3g}\n")
        self.assertNotIn("not to be trusted", run.log)
        for stream in STREAMS[:2]:  # only what was withheld is judged
            self.assertNotIn(f"soil_temperature_{100 * stream[1]:g}cm_skill", run.data)

    def test_wrong_model_is_worse_than_the_mean(self):
        twin = self.write_truth(*STREAMS)
        wrong = {"thermal_conductivity": 4.0, "heat_capacity": 5e6, "albedo": 0.02,
                 "heat_transfer": 1.0}
        run = self.run_case(withholding(twin, "deep_temperature", **wrong))
        skill = run.data[f"{FLUX}_skill"]
        misfit = (run.data[FLUX] - run.data[f"{FLUX}_observed"]).values
        self.assertAlmostEqual(
            float(skill), 1 - np.mean(misfit**2) / run.data[f"{FLUX}_observed"].values.var(), 9)
        self.assertLess(float(skill), 0)
        self.assertEqual(skill.verdict, UNTRUE)
        self.assertIn(UNTRUE, run.log)
        self.assertIn(": worse than their own mean; 1lin ", run.log)
        # In a forward run nothing was fitted: all streams are judged.
        case = site_case("forward", *STREAMS, truth={**{g["name"]: g["value"]
                                                        for g in twin["parameter"]}, **wrong})
        for stream in case["observation"]:
            stream.update(file="observed.nc", stamp="instant", sigma=1.0)
        log = self.run_case(case).log
        self.assertIn(UNTRUE, log)
        for stream in (FLUX, "soil_temperature_5cm", "soil_temperature_15cm"):
            self.assertIn(f"not fitted {stream}: rmse ", log)

    def test_columns_on_any_number_of_ranks(self):
        hours = np.arange(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (5,)), ["station"])
        twin = self.write_truth(*STREAMS, twin={"noise": [0.1, 0.1, 5.0]})
        case = withholding(twin, *ESTIMATED)
        one, three = (self.run_case(case, ranks=ranks) for ranks in (1, 3))
        self.assert_same_results(one.data, three.data, NAMES)
        medians = {name: np.median(one.data[name].values) for name in NAMES}
        for run in one, three:
            self.assertRegex(
                run.log, f"withheld {FLUX}, median of 5 columns: .*: skill "
                f"{medians[f'{FLUX}_skill']:.3g}, 0 of 5 columns worse than their own mean; 1lin "
                f"{medians[f'{FLUX}_rmse_1lin']:.3g}, 2lin")


if __name__ == "__main__":
    unittest.main()
