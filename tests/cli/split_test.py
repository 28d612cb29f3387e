# SPDX-License-Identifier: BSD-3-Clause
"""A window in parts: their estimates as those of separate runs, z-scores, and predictions of each
part from the other against runs and regressions made here."""
import unittest

import numpy as np

from support import (GlebeTest, TRUTH, estimating, group_of, rewrite, site_case, weather,
                     write_series)

HOURS = 288
STREAMS = (("soil_temperature", 0.05), ("soil_temperature", 0.15), ("ground_heat_flux", 0.0))
FITTED, FLUX = "soil_temperature_5cm", "ground_heat_flux_0cm"
ESTIMATED = ("thermal_conductivity", "heat_capacity")
# Humidity is an input of this model, and so of the regressions.
HUMID = {**{name: value for name, value in TRUTH.items()}, "latent_transfer": 8.0}
WINDOWS = (("2001-06-01", "2001-06-07"), ("2001-06-07", "2001-06-13"))


def with_constant(x):
    return np.column_stack([np.ones(len(x)), x])


def linear(train, target, x, y):
    """Observed less predicted in `target` by a regression fitted in `train`."""
    slope = np.linalg.lstsq(with_constant(x[train]), y[train], rcond=None)[0]
    return y[target] - with_constant(x[target]) @ slope


def distances(points, centres):
    return ((points[:, None, :] - centres[None, :, :])**2).sum(axis=2)


def clustered(train, target, x, y, number=27):
    """The same by regressions in clusters: k-means from the point nearest to the mean and points
    farthest from those before."""
    mean, std = x[train].mean(axis=0), x[train].std(axis=0)
    points, others = (x[train] - mean) / std, (x[target] - mean) / std
    centres = points[[np.argmin((points**2).sum(axis=1))]]
    while len(centres) < number:
        centres = np.vstack([centres, points[distances(points, centres).min(axis=1).argmax()]])
    nearest = None
    while nearest is None or (distances(points, centres).argmin(axis=1) != nearest).any():
        nearest = distances(points, centres).argmin(axis=1)
        centres = np.array([points[nearest == i].mean(axis=0) if (nearest == i).any() else centre
                            for i, centre in enumerate(centres)])
    error = np.zeros(len(others))
    found = distances(others, centres).argmin(axis=1)
    for i in set(found):
        p, v = points[nearest == i], y[train][nearest == i]
        centre = p.mean(axis=0) if len(p) else 0
        slope = (np.linalg.lstsq(p - centre, v - v.mean(), rcond=1e-8)[0] if len(p) >= 5
                 else np.zeros(3))
        error[found == i] = (y[target][found == i] - (v if len(p) else y[train]).mean()
                             - (others[found == i] - centre) @ slope)
    return error


def rms(values):
    return np.sqrt(np.mean(np.square(values)))


class SplitWindow(GlebeTest):
    def write_records(self, shape=()):
        hours = range(-6, HOURS + 7)
        write_series(self.folder / "weather.nc", hours, weather(hours, shape),
                     ["station"] if shape else [])

    def estimate(self, **changes):
        """The estimate of a record of twelve days with noise in two parts, the flux withheld."""
        twin = self.write_truth(*STREAMS, truth=HUMID, time={"stop": WINDOWS[1][1]},
                                surface={"turbulence": "humidity"}, twin={"noise": [0.1, 0.1, 8.0]})
        case = estimating(twin, *ESTIMATED)
        group_of(case, "ground_heat_flux").update(withhold=True, sigma=10.0)
        case["split"] = {"parts": 2}
        case["soil"]["initial"] = "spinup"
        for name, group in changes.items():
            case.setdefault(name, {}).update(group)
        return case

    def test_parts_are_runs_of_their_own(self):
        self.write_records()
        case = self.estimate()
        run = self.run_case(case)
        whole = {**case}
        del whole["split"]
        alone = self.run_case(whole, name="alone")
        self.assert_same_results(alone.data, run.data)  # the whole window is as without a split
        parts = [self.run_case(whole, "--set", f"time.start={start}", "--set", f"time.stop={stop}",
                               name=f"part_{i}").data for i, (start, stop) in enumerate(WINDOWS)]
        squares = []
        for name in ESTIMATED:
            estimates = [float(part[name]) for part in parts]
            std = [float(part[f"{name}_std_inflated"]) for part in parts]
            np.testing.assert_array_equal(run.data[f"{name}_part"], estimates)
            np.testing.assert_array_equal(run.data[f"{name}_part_std"], std)
            z = (estimates[0] - estimates[1]) / np.hypot(*std)
            np.testing.assert_allclose(run.data[f"{name}_part_z"], [[np.nan, z], [-z, np.nan]],
                                       rtol=1e-12)
            squares.append(z**2)
        self.assertAlmostEqual(float(run.data["part_rms_z"]), np.sqrt(np.mean(squares)), 12)
        self.assertIn(f"rms z-score: {np.sqrt(np.mean(squares)):.2f} over 2 parameters", run.log)
        np.testing.assert_array_equal(run.data["part_start"], [0, 3600 * HOURS / 2])
        np.testing.assert_array_equal(run.data["part_end"], [3600 * HOURS / 2, 3600 * HOURS])
        np.testing.assert_array_equal(run.data["part"], [1, 2])
        for i, part in enumerate(parts):  # each part by itself
            for stream in FITTED, FLUX:
                self.assertEqual(float(run.data[f"{stream}_part_rmse"][i, i]),
                                 float(part[f"rmse_{stream}"]))
            self.assertEqual(float(run.data[f"{FLUX}_part_rmse_1lin"][i, i]),
                             float(part[f"{FLUX}_rmse_1lin"]))
        # Part 1 by the parameters of part 2: a model run with these.
        forward = {**whole, "run": {"mode": "forward"}}
        values = [word for name in ESTIMATED for word in
                  ("--set", f"parameter({name}).value={float(parts[1][name])!r}",
                   "--set", f"parameter({name}).estimate=F")]
        simulated = self.run_case(forward, *values, "--set", f"time.stop={WINDOWS[0][1]}",
                                  name="forward").data
        for stream in FITTED, FLUX:
            observed = parts[0][f"{stream}_observed"].values
            error = np.interp(parts[0]["time"], simulated["time"], simulated[stream]) - observed
            for what, expected in (("rmse", rms(error)), ("bias", error.mean()),
                                   ("skill", 1 - np.mean(error**2) / observed.var())):
                np.testing.assert_allclose(run.data[f"{stream}_part_{what}"][0, 1], expected,
                                           rtol=1e-7)
        self.assertRegex(run.log, rf"part 1 from the other, {FLUX} \(withheld\): rmse .* \(from "
                         "itself .*\), bias .* W m-2, skill .*; 1lin .*, 2lin .*, 3km27 ")

    def test_regressions_of_other_parts(self):
        self.write_records()
        data = self.run_case(self.estimate()).data
        hours = data["time"].values / 3600
        inputs = weather(hours)
        x = np.column_stack([inputs[name][0] for name in ("SWdown", "Tair", "Qair")])
        x = x.astype(np.float32).astype(float)  # as the program holds its inputs
        y = data[f"{FLUX}_observed"].values
        parts = [np.flatnonzero(hours <= HOURS / 2), np.flatnonzero(hours >= HOURS / 2)]
        for target, train in ((0, 0), (0, 1), (1, 0)):
            for kind, error in (
                    ("1lin", linear(parts[train], parts[target], x[:, :1], y)),
                    ("2lin", linear(parts[train], parts[target], x[:, :2], y)),
                    ("3km27", clustered(parts[train], parts[target], x, y))):
                np.testing.assert_allclose(data[f"{FLUX}_part_rmse_{kind}"][target, train],
                                           rms(error), rtol=1e-5,
                                           err_msg=f"{kind} {target} {train}")
        every = np.arange(len(y))
        np.testing.assert_allclose(data[f"{FLUX}_rmse_3km27"], rms(clustered(every, every, x, y)),
                                   rtol=1e-5)
        self.assertLess(float(data[f"{FLUX}_rmse_3km27"]), float(data[f"{FLUX}_rmse_2lin"]))

    def test_columns_on_any_number_of_ranks(self):
        self.write_records((5,))
        case = self.estimate()
        runs = [self.run_case(case, ranks=ranks) for ranks in (1, 2, 3)]
        names = [str(name) for name in runs[0].data.data_vars if "part" in str(name)]
        self.assertIn(f"{FLUX}_part_rmse_3km27", names)
        self.assertEqual(runs[0].data["thermal_conductivity_part_z"].dims,
                         ("part", "from_part", "station"))
        lines = [[line for line in run.log.splitlines() if "part" in line] for run in runs]
        for run, told in zip(runs[1:], lines[1:]):
            self.assert_same_results(runs[0].data, run.data, names)
            self.assertEqual([line for line in told if "wall" not in line],
                             [line for line in lines[0] if "wall" not in line])
        z = np.concatenate([runs[0].data[f"{name}_part_z"][0, 1] for name in ESTIMATED])
        self.assertIn(f"rms z-score: {rms(z):.2f} over 2 parameters", runs[0].log)

    def test_bounds_are_left_out(self):
        self.write_records()
        case = self.estimate()
        group_of(case, "heat_capacity").update(value=2.5e6, lower=2.4e6)
        run = self.run_case(case)
        self.assertTrue(np.isnan(run.data["heat_capacity_part_z"]).all())
        self.assertRegex(run.log,
                         r"heat_capacity \[J m-3 K-1\] +-  2.4e\+06 \(at its lower bound\)")
        self.assertIn("not compared, at a bound or given one in too many parts: ", run.log)

    def test_initial_state_is_of_each_part(self):
        self.write_records()
        case = self.estimate()
        case["soil"]["initial"] = "profile"
        case["parameter"].append({"name": "initial_temperature", "depth": [0.0, 0.4],
                                  "value": 293.0, "estimate": True, "lower": 270.0,
                                  "upper": 320.0})
        run = self.run_case(case)
        self.assertNotIn("initial_temperature_part", run.data)
        self.assertIn("not compared: the initial state, which is each part's own", run.log)
        # Its own initial state: with almost the same parameters each part is predicted as well as
        # it is fitted, although it does not begin as the other one does.
        rmse = run.data[f"{FITTED}_part_rmse"].values
        np.testing.assert_allclose(rmse[[0, 1], [1, 0]], rmse.diagonal(), rtol=0.02)
        self.assertLess(rmse.max(), 0.3)

    def test_parts_draw_random_numbers_of_their_own(self):
        """Two days that are the same: their estimates differ only by what is drawn."""
        hours = np.arange(-24, 73)
        write_series(self.folder / "weather.nc", hours, weather(hours % 24, (8,)), ["station"])
        twin = self.write_truth(*STREAMS[:2], time={"stop": "2001-06-03"}, twin={"noise": 0.1})

        def repeat(data):
            for name in (FITTED, "soil_temperature_15cm"):
                data[name].values[:] = data[name].values[np.arange(49) % 24]
        rewrite(self.folder / "observed.nc", repeat)
        case = estimating(twin, *ESTIMATED)
        case["soil"]["initial"] = "spinup"
        case["split"] = {"parts": 2}
        for starts in (1, 3):
            # Too few iterations to come from wherever a search starts to the same minimum.
            case["optimizer"] = {"starts": starts, "max_iterations": 2}
            found = self.run_case(case).data["thermal_conductivity_part"].values
            same = found[0] == found[1]
            self.assertEqual(same.all(), starts == 1, found)

    def test_parts_without_a_solution(self):
        """The spin-up repeats a part more often than the whole window: it may not converge."""
        self.write_records()
        case = self.estimate(soil={"spinup_max_cycles": 6})
        run = self.run_case(case, "--set", "split.parts=12")
        self.assertIn("no estimate, ", run.log)
        self.assertTrue(np.isfinite(run.data["thermal_conductivity"]))
        missing = np.isnan(run.data["thermal_conductivity_part"].values)
        self.assertTrue(0 < missing.sum() < 12)
        either = missing[:, None] | missing[None, :]
        for name in f"{FITTED}_part_rmse", f"{FITTED}_part_rmse_1lin":
            self.assertTrue(np.isnan(run.data[name].values[either]).all())
        self.assertTrue(np.isnan(run.data["thermal_conductivity_part_z"].values[either]).all())
        self.assertTrue(np.isfinite(run.data[f"{FITTED}_part_rmse"].values[~either]).all())

    def test_what_cannot_be_split(self):
        self.write_records()
        name = self.write_case(self.estimate())
        origin = "--set split.parts=3: &split parts = 3: "
        for options, message in (
                (["run.mode=forward"], "needs mode = 'estimate', not 'forward'"),
                (["parameter(albedo).time=steps", "parameter(albedo).knot_interval=24"],
                 "albedo (--set parameter(albedo).time=steps) varies in time"),
                (["time.stop=2001-06-03T23:00"],
                 "the window of 2.95833 days gives parts shorter than a day"),
                (["soil.initial=file", "soil.initial_file=weather.nc",
                  "soil.initial_variable=Tair"], "the state in &soil initial_file")):
            words = [word for one in ["split.parts=3", *options] for word in ("--set", one)]
            for check in (["--check"], []):
                done = self.glebe(*check, name, *words)
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertIn(origin + message, done.stderr)
        # A part without observations.
        data = self.read("observed.nc").isel(time=slice(0, 100))
        data.to_netcdf(self.folder / "observed.nc")
        done = self.glebe("--check", name)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("no observation to be fitted lies in part 2, 2001-06-07T00:00:00 to "
                      "2001-06-13T00:00:00", done.stderr)


if __name__ == "__main__":
    unittest.main()
