# SPDX-License-Identifier: BSD-3-Clause
"""Errors that last, &observation error_memory, from twin to verdict: the posterior against
generalised least squares in NumPy, ranks and methods, the memory found, designs, the bootstrap, and
how often intervals hold the truth (runs/coverage)."""
import pathlib
import re
import sys
import unittest

import numpy as np

from refusal import RefusalTest, line_of
from support import (TRUTH, GlebeTest, estimating, group_of, program, rewrite, site_case, weather,
                     write_series)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "runs/coverage"))
import coverage  # noqa: E402 (the folder must be known first)

STREAMS = ("surface_temperature", ("soil_temperature", 0.1))
NAMES = ("surface_temperature", "soil_temperature_10cm")
ESTIMATED = ("thermal_conductivity", "heat_capacity", "albedo", "heat_transfer")
DAYS, SIGMA = 10, 0.5


class LastingErrors(GlebeTest):
    """Ten days of hourly values, errors of 0.5 K that last for 12 and 5 h."""
    MEMORY = (12.0, 5.0)

    def twin(self, memory=MEMORY, shape=(), noise=SIGMA, step=3600):
        hours = range(-6, 24 * DAYS + 7)
        write_series(self.folder / "weather.nc", hours, weather(hours, shape), ["y", "x"][:len(shape)])
        case = site_case("twin", *STREAMS, twin={"noise": noise},
                         time={"stop": f"2001-06-{1 + DAYS:02d}", "step": step})
        for stream, hours in zip(case["observation"], memory):
            stream["error_memory"] = hours
        self.run_case(case, name="truth")
        return case

    @staticmethod
    def with_memory(case, *memory):
        for stream, hours in zip(case["observation"], memory):
            stream["error_memory"] = hours
        return case


class Posterior(LastingErrors):
    def test_is_that_of_generalised_least_squares(self):
        """With gaps and a sigma that varies. The sensitivities are differences of runs, whose
        truncation leaves 1e-6."""
        twin = self.twin()
        rng = np.random.default_rng(4)
        sigma = {name: rng.uniform(0.3, 0.8, 24 * DAYS + 1) for name in NAMES}

        def spoil(data):
            for name in NAMES:
                data[name].values[rng.random(24 * DAYS + 1) < 0.2] = np.nan
                data[f"{name}_sigma"] = ("time", sigma[name], {"units": "K"})
        rewrite(self.folder / "observed.nc", spoil, self.folder / "gaps.nc")
        case = estimating(twin, *ESTIMATED, file="gaps.nc")
        for stream, name in zip(case["observation"], NAMES):
            del stream["sigma"]
            stream["sigma_variable"] = f"{name}_sigma"
        data = self.run_case(case).data
        self.assertEqual(data.status, 0)
        found = {name: float(data[name]) for name in ESTIMATED}

        def model(**changed):
            forward = site_case("forward", *STREAMS, truth={**TRUTH, **found, **changed},
                                time=twin["time"])
            result = self.run_case(forward, name="moved").data
            return {name: result[name].values for name in NAMES}
        H, gradient, cost = 0.0, 0.0, 0.0
        observed = self.read("gaps.nc")
        base = model()
        moved = {name: (model(**{name: found[name] * 1.001}), model(**{name: found[name] * 0.999}))
                 for name in ESTIMATED}
        for stream, memory in zip(NAMES, self.MEMORY):
            there = np.isfinite(observed[stream].values)
            hours = np.arange(24 * DAYS + 1)[there]
            std = sigma[stream].astype("float32").astype(float)[there]
            R = np.exp(-np.abs(hours[:, None] - hours) / memory) * std[:, None] * std
            S = np.stack([(up[stream] - down[stream])[there] / (0.002 * found[name])
                          for name, (up, down) in moved.items()], axis=1)
            r = (base[stream] - observed[stream].values)[there]
            H = H + S.T @ np.linalg.solve(R, S)
            gradient = gradient + S.T @ np.linalg.solve(R, r)
            cost += 0.5 * r @ np.linalg.solve(R, r)
        covariance = np.linalg.inv(H)
        std = np.sqrt(np.diag(covariance))
        for i, name in enumerate(ESTIMATED):
            self.assertAlmostEqual(float(data[f"{name}_std"]) / std[i], 1.0, delta=1e-5)
        # At the minimum the Newton step that is left is nothing beside the standard deviation.
        self.assertLess(np.abs(covariance @ gradient / std).max(), 1e-4)
        self.assertAlmostEqual(float(data.cost_final) / cost, 1.0, delta=1e-6)
        surplus = sum(int(data[f"count_{name}"]) for name in NAMES) - len(ESTIMATED)
        self.assertAlmostEqual(float(data.reduced_chi_square), 2 * float(data.cost_final) / surplus, 9)
        np.testing.assert_allclose(data.correlation.values, covariance / np.outer(std, std), atol=1e-4)

    def test_is_the_same_by_every_method_and_on_all_ranks(self):
        twin = self.twin(shape=(2, 3))
        observed = self.read("observed.nc")
        self.run_case(twin, ranks=3, name="truth")
        self.assert_same_results(self.read("observed.nc"), observed)
        case = self.with_memory(estimating(twin, *ESTIMATED, sigma=SIGMA), "auto", "auto")
        case["posterior"] = {"bootstrap": 8}
        one = self.run_case(case).data
        for ranks in (2, 3):
            self.assert_same_results(self.run_case(case, ranks=ranks).data, one)
        del case["posterior"]
        for gradient in ("tangent_linear", "adjoint"):
            case["optimizer"] = {"method": "bntr", "gradient": gradient, "gradient_tolerance": 1e-11}
            together = self.run_case(case).data
            for name in ESTIMATED:
                np.testing.assert_allclose(together[name], one[name], rtol=1e-6)
                np.testing.assert_allclose(together[f"{name}_std"], one[f"{name}_std"], rtol=1e-5)

    def test_gradient_test(self):
        case = estimating(self.twin(), *ESTIMATED, sigma=SIGMA)
        case["run"]["mode"] = "gradient_test"
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_bootstrap_draws_errors_that_last(self):
        """From 300 samples a standard deviation is known to 4 %. Independent noise would scatter
        estimates less: the deep temperature by a third."""
        case = estimating(self.twin(memory=(12.0, 12.0)), *ESTIMATED, "deep_temperature", sigma=SIGMA)
        case["posterior"] = {"bootstrap": 300}
        data = self.run_case(case).data
        for name in (*ESTIMATED, "deep_temperature"):
            self.assertAlmostEqual(float(data[f"{name}_bootstrap_std"] / data[f"{name}_std"]), 1.0,
                                   delta=0.13)


class Residuals(LastingErrors):
    def test_what_the_memory_explains_is_not_counted_twice(self):
        twin = self.twin()
        run = self.run_case(estimating(twin, *ESTIMATED, sigma=SIGMA))
        data = run.data
        self.assertNotIn("not independent", run.log)
        for name in ESTIMATED:
            np.testing.assert_allclose(data[f"{name}_std_inflated"], data[f"{name}_std"], rtol=1e-9)
        for name in NAMES:
            self.assertEqual(data[f"effective_count_{name}"], 24 * DAYS + 1)
            self.assertLess(abs(float(data[f"autocorrelation_{name}"])), 0.2)
        self.assertAlmostEqual(float(data.reduced_chi_square), 1.0, delta=3 * np.sqrt(2 / 482))
        case = self.with_memory(estimating(twin, *ESTIMATED, sigma=SIGMA), 0.0, 0.0)
        naive = self.run_case(case)
        self.assertIn("not independent", naive.log)
        self.assertNotIn("surface_temperature_error_memory", naive.data)
        # A memory too short leaves something over.
        short = self.run_case(self.with_memory(case, 2.0, 1.0))
        self.assertIn("residuals of surface_temperature beyond their memory of 2 h", short.log)

    def test_the_memory_found_is_that_of_the_twin(self):
        """One series of ten days has some twenty pieces of 12 h, which tell to a third; what auto
        finds gives the result of a namelist with that number, to the last bit."""
        twin = self.twin()
        case = self.with_memory(estimating(twin, *ESTIMATED, sigma=SIGMA), "auto", "auto")
        run = self.run_case(case)
        self.assertIn("fitted again with errors of this memory", run.log)
        said = [float(re.search(rf"error memory of {name}: ([\d.]+) h", run.log)[1])
                for name in NAMES]
        for name, hours, truth in zip(NAMES, said, self.MEMORY):
            self.assertEqual(float(run.data[f"{name}_error_memory"]), hours)
            self.assertEqual(run.data[f"{name}_error_memory"].attrs["units"], "h")
            self.assertTrue(0.5 < hours / truth < 2, hours)
        self.assert_same_results(run.data, self.run_case(self.with_memory(case, *said)).data)

    def test_independent_errors_have_none(self):
        case = estimating(self.twin(memory=(0.0, 0.0)), *ESTIMATED, sigma=SIGMA)
        plain = self.run_case(case).data
        run = self.run_case(self.with_memory(case, "auto", "auto"))
        self.assertIn("error memory of surface_temperature: none", run.log)
        self.assertNotIn("fitted again", run.log)
        self.assertEqual(run.data.surface_temperature_error_memory, 0)
        self.assert_same_results(plain, run.data)

    def test_a_bias_is_told(self):
        """A sensor that is off by 3 K all the time, beside one that is right and weighs more."""
        twin = self.twin(memory=(0.0, 0.0), noise=0.01)

        def warm(data):
            data.soil_temperature_10cm.values[:] += 3.0
        rewrite(self.folder / "observed.nc", warm)
        case = self.with_memory(estimating(twin, "albedo", sigma=0.01), 0.0, "auto")
        case["observation"][1]["sigma"] = 3.0
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 0)
        self.assertIn("the residuals of soil_temperature_10cm do not forget within the window",
                      done.stdout)


    def test_a_daily_wave_is_no_memory(self):
        """A misfit that changes smoothly, as that of a model does, looks like a long memory at the
        distance of an hour, and would be fitted by its small changes from hour to hour."""
        twin = self.twin(memory=(0.0, 0.0), noise=0.05)

        def wave(data):
            day = 2 * np.pi * np.arange(24 * DAYS + 1) / 24
            data.surface_temperature.values[:] += 2 * np.sin(2 * day) + np.cos(3 * day)
        rewrite(self.folder / "observed.nc", wave)
        case = self.with_memory(estimating(twin, *ESTIMATED, sigma=SIGMA), 0.0, 0.0)
        plain = self.run_case(case).data
        self.with_memory(case, "auto", 0.0)
        found = self.run_case(case)
        self.assertRegex(found.log, r"warning: error memory of surface_temperature: none is used\. "
                                    r"The most likely one, [\d.]+ h, leaves an autocorrelation of 0\.")
        self.assertEqual(found.data.surface_temperature_error_memory, 0)
        self.assert_same_results(plain, found.data)
        given = self.run_case(self.with_memory(case, 24.0, 0.0))
        self.assertIn("warning: the residuals of surface_temperature are no errors with the memory "
                      "given", given.log)
        self.assertNotIn("no errors with the memory", found.log)


class Designs(LastingErrors):
    def design(self, memory, step=3600, **candidate):
        case = site_case("design", *STREAMS, time={"stop": f"2001-06-{1 + DAYS:02d}", "step": step})
        for stream, hours in zip(case["observation"], memory):
            stream.update(sigma=SIGMA, error_memory=hours)
        for name in ESTIMATED:
            group_of(case, name).update(estimate=True, lower=TRUTH[name] / 5, upper=4 * TRUTH[name])
        if TRUTH["albedo"] * 4 >= 1:
            group_of(case, "albedo")["upper"] = 0.9
        case["design"] = [{"name": "both"},
                          {"name": "first", "streams": "surface_temperature", "depths": 0.1,
                           "sigma": SIGMA, **candidate}]
        return self.run_case(case, name="design").data

    def test_predicts_what_the_twin_then_has(self):
        """Without noise the estimate is the truth, at which the design was made; the candidate is
        the same sensor as the stream."""
        twin = self.twin(noise=0.0)
        predicted = self.design(self.MEMORY, error_memory=self.MEMORY[1])
        found = self.run_case(estimating(twin, *ESTIMATED, sigma=SIGMA)).data
        for name in ESTIMATED:
            for design in (0, 1):
                self.assertAlmostEqual(float(predicted[f"{name}_std"][design] / found[f"{name}_std"]),
                                       1, delta=1e-5)

    def test_more_samples_of_the_same_hour_do_not_help(self):
        """Independent errors: twice as many values are worth sqrt(2). Errors that last for a day:
        the hours between are known already."""
        self.twin()
        for memory, least, most in ((0.0, 1.35, 1.45), (24.0, 0.98, 1.1)):
            few, many = (self.design((memory, memory), step, error_memory=memory)
                         for step in (3600, 1800))
            for name in ("thermal_conductivity", "albedo", "heat_transfer"):
                for design in (0, 1):
                    gain = float(few[f"{name}_std"][design] / many[f"{name}_std"][design])
                    self.assertTrue(least < gain < most, f"{name}, {memory} h: {gain}")


class Refusals(RefusalTest):
    def test_huber(self):
        self.case["observation"][0].update(error_memory=6.0, loss="huber")
        self.assert_refused(line_of(self.case, "error_memory"), "loss = 'huber'", "'gaussian'")

    def test_auto_in_a_twin(self):
        self.case["observation"][0]["error_memory"] = "auto"
        self.case["run"]["mode"] = "twin"
        self.case["twin"] = {"file": "twin.nc"}
        self.assert_refused(line_of(self.case, "error_memory"), "mode = 'estimate'")


class Coverage(GlebeTest):
    """The table of runs/coverage with fewer twins: shares of 300 have a standard deviation of 2.7
    and 1.3 %, of which three and a half are allowed to the twelve that must be right."""

    def test_intervals_hold_the_truth(self):
        n = 300
        cases = {case.name: case for case in coverage.CASES}
        for i, name in enumerate(("errors of 12 h, known", "errors of 12 h, found (auto)",
                                  "errors of 12 h, taken as independent")):
            data = coverage.run_case(cases[name], self.folder / str(i), [program()], n)
            for parameter, found in coverage.shares(data).items():
                with self.subTest(case=name, parameter=parameter):
                    if "independent" in name:
                        continue
                    for share, expected in zip(found, (0.6827, 0.95)):
                        self.assertAlmostEqual(share, expected,
                                               delta=3.5 * coverage.sampling_error(expected, n))
        naive = coverage.shares(data)
        self.assertLess(naive["deep_temperature"][0], 0.5)


if __name__ == "__main__":
    unittest.main()
