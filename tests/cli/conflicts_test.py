# SPDX-License-Identifier: BSD-3-Clause
"""Conflicts between estimates, what was known and what was measured, and their causes in the order
of what the residuals show; the same in the log and in the result."""
import re
import unittest

import numpy as np

from support import (GlebeTest, TRUTH, estimating, group_of, rewrite, site_case, weather,
                     write_series)

SOIL = ("soil_temperature", 0.05), ("soil_temperature", 0.15)
FIVE, FIFTEEN = "soil_temperature_5cm", "soil_temperature_15cm"
SHAPES = ("offset", "drift", "lag", "depth", "amplitude", "exchange")


def conflicts_in(log):
    """The lines below 'conflicts:'."""
    found = re.search(r"^conflicts:\n((?:  .*\n)*)", log, re.M)
    return [line.strip() for line in found.group(1).splitlines()] if found else []


class ConflictTest(GlebeTest):
    def told(self, case, **options):
        """Run and conflicts, which log and result tell alike."""
        run = self.run_case(case, **options)
        lines = conflicts_in(run.log)
        self.assertEqual(lines, [line for line in run.data.attrs.get("conflicts", "").split("\n")
                                 if line])
        logged = re.findall(r"^warning: (.*)$", run.log, re.M)
        self.assertEqual([line for line in run.data.attrs.get("warnings", "").split("\n") if line],
                         [line for line in logged if "option -" not in line])
        return run, "\n".join(lines)

    def parts(self, run, stream):
        return {shape: float(run.data[f"{stream}_misfit_{shape}"]) for shape in SHAPES}


class Shapes(ConflictTest):
    """The observations of a twin are changed, and all that the model could adapt is held."""

    def changed(self, change, **held):
        twin = self.write_truth(*SOIL)
        rewrite(self.folder / "observed.nc", change)
        case = estimating(twin, "deep_temperature", deep_temperature=(294.5, 280.0, 310.0))
        for name, value in held.items():
            group_of(case, name)["value"] = value
        group_of(case, "deep_temperature")["prior_std"] = 0.1
        return self.told(case)

    def test_a_perfect_model_has_no_conflicts(self):
        twin = self.write_truth(*SOIL)
        run, lines = self.told(estimating(twin, "thermal_conductivity", "heat_capacity"))
        self.assertEqual(lines, "")
        self.assertNotIn("conflicts", run.data.attrs)
        self.assertIn(f"{FIVE}_misfit_lag", run.data)

    def test_time_stamps(self):
        def late(data):
            data["time"] = ("time", data.time.values - 3600.0, data.time.attrs)
        run, lines = self.changed(late)
        self.assertAlmostEqual(float(run.data[f"{FIVE}_model_lag"]), 3600.0, delta=240.0)
        parts = self.parts(run, FIVE)
        self.assertGreater(parts["lag"], 0.8)
        self.assertLess(parts["exchange"] + parts["amplitude"], 0.1)
        self.assertRegex(lines, f"residuals of {FIVE}.* has the shape of a lag")

    def test_depth(self):
        twin = self.write_truth(("soil_temperature", 0.06), ("soil_temperature", 0.15))
        case = estimating(twin, "deep_temperature", deep_temperature=(294.5, 280.0, 310.0))
        group_of(case, "soil_temperature").update(depth=0.05, variable="soil_temperature_6cm")
        run, lines = self.told(case)
        self.assertGreater(self.parts(run, FIVE)["depth"], 0.8)
        self.assertRegex(lines, r"another depth of the sensor \(deeper, by (0.9|1.0|1.1) cm")

    def test_exchange_and_what_follows_for_a_bound(self):
        """Too weak an exchange is told from a wrong depth, and nobody is sent to dig."""
        run, lines = self.changed(lambda data: None, heat_transfer=13.0)
        parts = self.parts(run, FIVE)
        self.assertGreater(parts["exchange"] + parts["offset"] + parts["drift"], 0.85)
        self.assertGreater(parts["exchange"], parts["depth"] + parts["lag"])
        self.assertRegex(lines, "deep_temperature = .*: .* prior_std (above|below) its prior, "
                                r"294.5 \+- 0.1 K.*; likely, in the order of the residuals: ")
        self.assertNotIn("the depth of", lines)


class Temperatures(ConflictTest):
    def test_colder_than_anything_is_no_reason_for_wider_bounds(self):
        """Nothing is measured below 15 cm: the soil there has to cool what the model does not."""
        def cooling(data):
            data[FIFTEEN].values[:] -= 0.08 * np.arange(data.time.size)

        twin = self.write_truth(*SOIL)
        rewrite(self.folder / "observed.nc", cooling)
        case = estimating(twin, "heat_transfer")
        case["soil"]["initial"] = "profile"
        case["parameter"].append({"name": "initial_temperature", "depth": [0.15, 0.7],
                                  "value": 293.0, "estimate": True, "lower": 250.0, "upper": 310.0,
                                  "prior_std": 3.0})
        run, lines = self.told(case)
        self.assertLess(run.data.initial_temperature[-1], 280.0)
        self.assertRegex(run.log, r"initial_temperature\[0.7 m\]: determined, .* K; but 1\d K "
                                  "colder than anything measured in the window: not to be "
                                  r"believed; but \d(\.\d)? prior_std from its prior")
        self.assertRegex(lines, r"initial_temperature\[0.7 m\] = 2\d\d(\.\d+)? K: [\d.]+ prior_std "
                                r"below its prior, 293 \+- 3 K, \d+(\.\d)? K colder than anything "
                                r"measured in the window \(2\d\d.\d to \d\d\d.\d K\).*; it "
                                "takes up what is wrong elsewhere: leave its bounds, and hold it "
                                "by a prior_std, a thermometer at its depth")
        self.assertNotIn("widen", run.log)

    def test_within_what_was_measured_the_bounds_may_be_wider(self):
        twin = self.write_truth(*SOIL)
        case = estimating(twin, "deep_temperature", deep_temperature=(296.0, 295.0, 310.0))
        run, lines = self.told(case)
        self.assertIn("widen the bounds", run.log)
        self.assertRegex(lines, "deep_temperature = 295 K: at its lower bound")


class Winter(ConflictTest):
    def cooled(self, kelvin, **groups):
        hours = np.arange(-6, 79)
        series = weather(hours)
        series["Tair"] = series["Tair"][0] - kelvin, "K"
        write_series(self.folder / "weather.nc", hours, series)
        truth = {**TRUTH, "deep_temperature": TRUTH["deep_temperature"] - kelvin}
        twin = site_case("twin", *SOIL, truth=truth, **groups)
        self.run_case(twin, name="truth")
        return self.told(estimating(twin, "albedo"))[1]

    def test_summer(self):
        self.assertNotRegex(self.cooled(0.0), "frost|snow")

    def test_frost_and_snow(self):
        lines = self.cooled(25.0)
        self.assertRegex(lines, r"frost in the soil is possible, and the model has none \(&soil "
                                fr"properties = 'constant'\): {FIVE} is below 0 degC in \d+ % of "
                                "its values")
        self.assertRegex(lines, r"snow is possible, and the model has none \(no &forcing "
                                r"snow_depth, no cover_resistance\): the daily mean of the air "
                                "temperature is below 0 degC on [34] of [34] days")


class Balance(ConflictTest):
    """A tower that measures four fifths of the turbulent heat, and has its plate in the soil."""
    FLUXES = "net_radiation", ("ground_heat_flux", 0.05), "turbulent_heat"

    def test_ratio_and_what_is_missing(self):
        def lossy(data):
            data.turbulent_heat.values[:] *= 0.8

        twin = self.write_truth(*SOIL, *self.FLUXES)
        rewrite(self.folder / "observed.nc", lossy)
        case = estimating(twin, "albedo")
        for stream in case["observation"][2:]:
            stream.update(withhold=True, sigma=10.0)
        run, lines = self.told(case)
        radiation, ground, turbulent = (
            run.data[f"{name}_observed"].values for name in
            ("net_radiation", "ground_heat_flux_5cm", "turbulent_heat"))
        missing, day = radiation - ground - turbulent, radiation >= 0
        attributes = run.data.attrs
        for name, expected in (
                ("ratio", turbulent.sum() / (radiation - ground).sum()),
                ("ratio_day", turbulent[day].sum() / (radiation - ground)[day].sum()),
                ("missing_day", missing[day].mean()), ("missing_night", missing[~day].mean())):
            self.assertAlmostEqual(float(attributes[f"closure_{name}"]) / expected, 1, 9)
        self.assertIn(f"H + LE is {attributes['closure_ratio']:.2f} of Rn - G "
                      f"({attributes['closure_ratio_day']:.2f} by day); "
                      f"{attributes['closure_missing_day']:.0f} W m-2 missing by day", lines)
        self.assertIn("heat stored in the 5 cm of soil above the plate", lines)


class Ranks(ConflictTest):
    def test_same_words_and_numbers_on_any_number(self):
        shape, dimensions = (3, 4), ("y", "x")
        hours = np.arange(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, shape), dimensions)
        twin = site_case("twin", *SOIL, twin={"noise": 0.1})
        self.run_case(twin, name="truth")

        def colder(data):
            data[FIFTEEN].values[:] -= 4.0

        rewrite(self.folder / "observed.nc", colder)
        case = estimating(twin, "thermal_conductivity", "deep_temperature")
        group_of(case, "deep_temperature")["prior_std"] = 0.2
        runs = [self.told(case, ranks=n, name=f"on_{n}") for n in (1, 2, 3)]
        self.assertRegex(runs[0][1], r"deep_temperature: more than 3 prior_std from its prior "
                                     r"\(farthest -\d+\) in 12 of 12 columns")
        names = [name for name in runs[0][0].data.data_vars if re.search("_misfit_|_model_", name)]
        self.assertEqual(len(names), 16)
        for run, lines in runs[1:]:
            self.assertEqual(lines, runs[0][1])
            self.assert_same_results(run.data, runs[0][0].data, names)


if __name__ == "__main__":
    unittest.main()
