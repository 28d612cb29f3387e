# SPDX-License-Identifier: BSD-3-Clause
"""Checkpoints: a run that was interrupted goes on where it was and ends as if nothing had happened;
what is not its own is refused."""
import copy
import os
import resource
import signal
import struct
import subprocess
import unittest

import numpy as np

from support import (QUICK_START, TRUTH, GlebeTest, estimating, group_of, rewrite, site_case, weather,
                     write_series)

STREAMS = ("surface_temperature", ("soil_temperature", 0.1))
ESTIMATED = ("thermal_conductivity", "heat_capacity", "albedo", "heat_transfer")
FILE = "state.h5"
AUTO = ("--set", "checkpoint.restart=auto")
INTERRUPTED = 3


def checksum(content):
    total, length = 0xcbf29ce484222325, len(content)
    content += b"\0" * (-length % 8)
    for (word,) in struct.iter_unpack("<Q", content):
        total = ((total ^ word) * 0x100000001b3) % 2**64
        total ^= total >> 32
    return f"{total:016x} of {length} bytes"


def sealed(content):
    """A checkpoint of this content, with the right checksum."""
    head = f"Glebe checkpoint 1\nchecksum {checksum(content[512:])}\n".encode()
    return head.ljust(512, b"\0") + content[512:]


class CheckpointTest(GlebeTest):
    def kept(self, case, **keys):
        case = copy.deepcopy(case)
        case["checkpoint"] = {"file": FILE, **keys}
        return case

    def interrupt(self, case, number, line, *options, ranks=1):
        """Starts a run and sends it a signal when a line of its log begins with `line`: its status,
        log and errors."""
        command = self.command(self.write_case(case), *options, ranks=ranks)
        (self.folder / "case.nc").unlink(missing_ok=True)
        with subprocess.Popen(command, cwd=self.folder, env={**os.environ, **QUICK_START},
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
            log = []
            for text in run.stdout:
                log.append(text)
                if number and text.strip().startswith(line):
                    run.send_signal(number)
                    number = None
            errors = run.stderr.read()
            status = run.wait()
        self.assertIsNone(number, f"no line began with '{line}': {''.join(log)}{errors}")
        self.assertEqual(list(self.folder.rglob("case.nc*")), [], "a result of an interrupted run")
        return status, "".join(log), errors

    def assert_same(self, found, whole):
        self.assertEqual(set(found.variables), set(whole.variables))
        self.assert_same_results(found, whole, list(whole.variables))
        self.assertEqual(found.verdict, whole.verdict)
        self.assertEqual(found.cost_history.outcome, whole.cost_history.outcome)


class Stations(CheckpointTest):
    """Stations, short steps and many nodes, so that there is time to interrupt between iterations."""

    def setUp(self):
        super().setUp()
        hours = np.arange(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (10,)), ["station"])
        twin = site_case("twin", *STREAMS, time={"step": 20}, twin={"noise": 0.2},
                         soil={"nodes": 80, "stretch": 1.02})
        self.run_case(twin, name="truth")
        self.case = estimating(twin, *ESTIMATED)
        self.case["run"]["series"] = False
        self.case["optimizer"] = {"starts": 2}

    def test_signals_and_kill(self):
        self.case["posterior"] = {"bootstrap": 4, "profile": "albedo", "profile_points": 3}
        whole = self.run_case(self.case, name="whole").data
        case = self.kept(self.case)
        for number, line, ranks in ((signal.SIGTERM, "1 ", 1), (signal.SIGUSR1, "3 ", 2)):
            status, log, errors = self.interrupt(case, number, line, *AUTO, ranks=ranks)
            self.assertEqual(status, INTERRUPTED, log + errors)
            self.assertRegex(errors, r"(?m)^glebe: interrupted at iteration [0-9]+ \(search 1\); "
                                     r"what was done is in '.*state.h5': run again")
        status, log, _ = self.interrupt(case, signal.SIGKILL, "6 ", *AUTO)
        self.assertEqual(status, -signal.SIGKILL)
        self.assertIn("restart from iteration", log)
        # After the search: in the posterior, the profile or the bootstrap.
        status, log, errors = self.interrupt(case, signal.SIGINT, "CONVERGED", *AUTO)
        self.assertEqual(status, INTERRUPTED, log + errors)
        self.assertRegex(log, "restart from iteration [4-9]")
        self.assertNotRegex(log, "(?m)^ +[0-3] ")
        for ranks in (3, 1):
            rest = self.run_case(case, *AUTO, ranks=ranks)
            self.assert_same(rest.data, whole)
        self.assertIn("profile of albedo: from the checkpoint", rest.log)
        self.assertIn("bootstrap: goes on with the samples", rest.log)
        # Another analysis of the same search is made anew.
        more = ("--set", "posterior.bootstrap=6")
        again = self.run_case(case, *AUTO, *more)
        self.assertIn("nothing is used: posterior.bootstrap = 4; now 6", again.log)
        self.assert_same(again.data, self.run_case(self.case, *more, name="whole").data)

    def test_nothing_is_kept(self):
        status, _, errors = self.interrupt(self.case, signal.SIGTERM, "1 ")
        self.assertEqual(status, INTERRUPTED)
        self.assertIn("nothing is kept, because &checkpoint names no file", errors)

    def test_parts_of_the_window(self):
        self.case["optimizer"] = {"starts": 1}
        self.case["split"] = {"parts": 2}
        whole = self.run_case(self.case, name="whole").data
        case = self.kept(self.case)
        status, _, errors = self.interrupt(case, signal.SIGTERM, "parts: 2", *AUTO)
        self.assertEqual(status, INTERRUPTED, errors)
        self.assert_same(self.run_case(case, *AUTO, ranks=2).data, whole)

    def test_more_iterations(self):
        """A search that has used all its iterations goes on when it is allowed more."""
        whole = self.run_case(self.case, name="whole").data
        case = self.kept(self.case, interval=3)
        few = self.run_case(case, "--set", "optimizer.max_iterations=4").data
        self.assertTrue((few.status == 1).any())
        self.assert_same(self.run_case(case, *AUTO, ranks=2).data, whole)
        # By the clock alone, only the end of the search is kept.
        case["checkpoint"] = {"file": "late.h5", "minutes": 10}
        status, _, _ = self.interrupt(case, signal.SIGKILL, "3 ")
        self.assertEqual(status, -signal.SIGKILL)
        self.assertFalse((self.folder / "late.h5").exists())


class Searches(CheckpointTest):
    """All that a search can be, stopped after few iterations."""

    def assert_goes_on(self, case, few, exactly=True):
        whole = self.run_case(case, name="whole").data
        case = self.kept(case)
        part = self.run_case(case, "--set", f"optimizer.max_iterations={few}").data
        self.assertTrue((part.status == 1).all())
        rest = self.run_case(case, *AUTO)
        self.assertIn("restart from iteration", rest.log)
        self.assertTrue((rest.data.status == 0).all())
        if exactly:
            self.assert_same(rest.data, whole)
        again = self.run_case(case, *AUTO)
        self.assert_same(again.data, rest.data)
        return rest.data, whole

    def test_methods_for_all_columns(self):
        case = estimating(self.write_truth(*STREAMS, twin={"noise": 0.2}), *ESTIMATED)
        group_of(case, "albedo")["space"] = "domain"
        for method in ("bntr", "bqnls", "blmvm"):
            case["optimizer"] = {"method": method, "gradient_tolerance": 1e-7,
                                 "max_iterations": 500}
            # The trust region is kept; what quasi-Newton methods know of the curvature is not.
            rest, whole = self.assert_goes_on(case, 3, exactly=method == "bntr")
            self.assert_found(rest, {name: whole[name] for name in ESTIMATED}, 1e-4)
            self.assertEqual(rest.cost_initial, whole.cost_initial)
            self.assertEqual(rest.cost_history.outcome, whole.cost_history.outcome)
            (self.folder / FILE).unlink()

    def test_stages_and_memory(self):
        case = estimating(self.write_truth(*STREAMS, twin={"noise": 0.2}), *ESTIMATED)
        case["stages"] = {"free": "albedo"}
        for stream in case["observation"]:
            stream["error_memory"] = "auto"
        whole = self.run_case(case, name="whole").data
        case = self.kept(case)
        for few in (1, 2, 4):
            self.run_case(case, *AUTO, "--set", f"optimizer.max_iterations={few}")
        self.assert_same(self.run_case(case, *AUTO).data, whole)

    def test_prior_stays_the_first_guess(self):
        case = estimating(self.write_truth(*STREAMS), *ESTIMATED)
        for name in ESTIMATED:
            group = group_of(case, name)
            group["prior_std"] = 0.02 * (group["upper"] - group["lower"])
        data, _ = self.assert_goes_on(case, 2)
        self.assertGreater(abs(float(data.albedo) - TRUTH["albedo"]), 1e-6)


class Refusals(CheckpointTest):
    def setUp(self):
        super().setUp()
        self.case = self.kept(estimating(self.write_truth(*STREAMS, twin={"noise": 0.2}),
                                         *ESTIMATED), restart="auto")
        for name in ESTIMATED:
            group_of(self.case, name)["prior_std"] = 1e6
        rewrite(self.folder / "weather.nc", lambda data: data, self.folder / "other.nc")

    def warm(self, file, name):
        def by_a_little(data):
            data[name].values[20] += 0.01
        rewrite(self.folder / file, by_a_little)

    def assert_refused(self, case, *words):
        done = self.glebe(self.write_case(case, "changed"))
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_check(self):
        """What a run would do with the checkpoint is said without a run."""
        def check(*options, status=0):
            done = self.glebe("--check", self.write_case(self.case), *options)
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
            return done.stdout + done.stderr
        self.assertIn("no checkpoint state.h5 to go on from: from the beginning", check())
        self.assertFalse((self.folder / FILE).exists())
        self.assertIn("state.h5: ", check("--set", "checkpoint.restart=always", status=2))
        self.run_case(self.case, "--set", "optimizer.max_iterations=2")
        self.assertIn("would go on from iteration 2 of search 1 of the checkpoint state.h5",
                      check("--set", "optimizer.max_iterations=3"))
        self.run_case(self.case)
        self.assertRegex(check(), "would go on from iteration [3-9] of search 1 of")
        together = ("--set", "optimizer.method=bntr", "--set", "checkpoint.file=other.h5")
        self.run_case(self.case, *together)
        self.assertIn("would go on from the end of search 1 of", check(*together))
        self.assertNotIn("would go on", check("--set", "checkpoint.restart=never"))
        samples = ("--set", "posterior.bootstrap=2")
        self.run_case(self.case, *samples)
        self.assertIn("would go on from 'bootstrap' of the checkpoint", check(*samples))
        self.assertIn("nothing is used: posterior.bootstrap = 2; now 3",
                      check("--set", "posterior.bootstrap=3"))
        self.assertRegex(check("--set", "soil.nodes=26", status=2),
                         "state.h5: belongs to another problem: .*soil.nodes = 25; now 26")

    def test_texts_of_a_checkpoint_drive_no_terminal(self):
        self.run_case(self.case, "--set", "posterior.bootstrap=2")
        content = (self.folder / FILE).read_bytes()
        changed = content.replace(b"posterior.bootstrap=2", b"posterior.bootstrap=\x1b")
        self.assertNotEqual(content, changed)
        (self.folder / FILE).write_bytes(sealed(changed))
        log = self.run_case(self.case).log
        self.assertIn("nothing is used: posterior.bootstrap = \\x1b; now", log)
        self.assertNotIn("\x1b", log)

    def test_other_problems(self):
        run = self.run_case(self.case)
        self.assertIn("no checkpoint state.h5 to go on from: from the beginning", run.log)
        other = "state.h5: belongs to another problem: "

        for group, key, value, words in (
                ("time", "stop", "2001-06-03", "time.stop = 2001-06-04 0 s; now 2001-06-03 0 s"),
                ("time", "step", 1800, "time.step = 3600; now 1800"),
                ("time", "scheme", "crank_nicolson", "time.scheme = 'sdirk2'; now"),
                ("soil", "nodes", 26, "soil.nodes = 25; now 26"),
                ("optimizer", "gradient_tolerance", 1e-9,
                 "optimizer.gradient_tolerance = 1e-08; now 1e-09")):
            case = copy.deepcopy(self.case)
            case.setdefault(group, {})[key] = value
            self.assert_refused(case, other, words)
        for name, key, value, words in (
                ("soil_temperature", "sigma", 0.3,
                 "observation(soil_temperature_10cm).sigma = 0.1; now 0.3"),
                ("albedo", "prior_std", 2e6, "parameter(albedo).prior_std = 1000000; now 2000000"),
                ("albedo", "upper", 0.8, "parameter(albedo).upper = 0.9; now 0.8"),
                ("emissivity", "value", 0.95, "parameter(emissivity).value = 0.96; now 0.95")):
            case = copy.deepcopy(self.case)
            group_of(case, name)[key] = value
            self.assert_refused(case, other, words, "parameters" if "parameter(" in words else "")
        self.warm("other.nc", "Tair")
        case = copy.deepcopy(self.case)
        case["forcing"]["file"] = "other.nc"
        self.assert_refused(case, other + "the values of inputs differ")
        self.warm("observed.nc", "surface_temperature")
        self.assert_refused(self.case, other + "the observations differ")

    def test_the_same_problem(self):
        """Files of other names with the same content, and what only the run has."""
        whole = self.run_case(self.case).data
        self.case["forcing"]["file"] = "other.nc"
        self.case["run"].update(title="again", series=True)
        self.case["checkpoint"]["restart"] = True
        for options in ((), ("-tao_monitor",), ("--set", "checkpoint.restart=T")):
            run = self.run_case(self.case, *options, name="again")
            self.assertIn("restart from iteration", run.log)
            self.assert_same(run.data, whole)
        done = self.glebe("again.nml", "-tao_gatol", "1e-3")
        self.assertEqual(done.returncode, 2)
        self.assertIn("option -tao_gatol = not given; now 1e-3", done.stderr)

    def test_damage(self):
        cost = float(self.run_case(self.case).data.cost_final)
        path = self.folder / FILE
        good = path.read_bytes()
        self.assertEqual(sealed(good), good)
        for bad in (good[:-9], good[:700], good[:-5] + b"!" + good[-4:], good + b"\0",
                    good[:30] + b"?" + good[31:]):
            path.write_bytes(bad)
            self.assert_refused(self.case, "state.h5: damaged or changed")
        # A search has started, cost, ..., growth, and its controls.
        begin = good.index(struct.pack("<2d", 1, cost)) + 8 * 8
        for value in (np.nan, 1e30, -3.0):
            path.write_bytes(sealed(good[:begin] + struct.pack("<d", value) + good[begin + 8:]))
            self.assert_refused(self.case, "controls are not within their bounds")
        path.write_bytes(good)
        self.run_case(self.case)
        path.unlink()
        self.case["checkpoint"]["restart"] = "always"
        self.assert_refused(self.case, "state.h5: no such checkpoint")

    def test_masks(self):
        hours = np.arange(-6, 79)
        for file in ("weather.nc", "other.nc"):
            write_series(self.folder / file, hours, weather(hours, (3,)), ["station"])
        self.case["grid"] = {"mask_file": "mask.nc", "mask_variable": "land"}
        for mask, words in (([1, 0, 1], None), ([1, 1, 0], "the columns, cells of the grid, differ"),
                            ([1, 1, 1], "of 2 columns; this one has 3")):
            write_series(self.folder / "mask.nc", [0], {"land": (np.array([mask], float), "1")},
                         ["station"])
            rewrite(self.folder / "mask.nc", lambda data: data.isel(time=0, drop=True))
            if words:
                self.assert_refused(self.case, "belongs to another problem", words)
            else:
                self.run_case(self.case)

    def during_a_run(self, line, action):
        """Runs case.nml, and does something when a line of its log begins so."""
        log = []
        # Python ignores the signal that a file has become too large, and so does the run.
        with subprocess.Popen(self.command("case.nml"), cwd=self.folder, text=True,
                              env={**os.environ, **QUICK_START}, stdout=subprocess.PIPE,
                              restore_signals=False) as run:
            for text in run.stdout:
                log.append(text)
                if text.startswith(line):
                    action(run.pid)
        return run, "".join(log)

    def test_a_checkpoint_that_cannot_be_written(self):
        """The search is well without it."""
        case = copy.deepcopy(self.case)
        case["checkpoint"]["file"] = "state/state.h5"
        (self.folder / "state").mkdir()
        del case["checkpoint"]["restart"]
        self.write_case(case)
        run, log = self.during_a_run("columns:", lambda pid: (self.folder / "state").rmdir())
        self.assertEqual(run.returncode, 0)
        self.assertIn("warning: no checkpoint could be written to state/state.h5: its folder state "
                      "is gone; it will be tried again", log)
        self.assertTrue((self.folder / "case.nc").exists())

    def test_no_space(self):
        """A file that may not grow as large as the checkpoint, whose numbers the library first
        holds back: what it cannot write must not take the place of a good one."""
        case = copy.deepcopy(self.case)
        case["optimizer"] = {"starts": 150}
        case["run"]["series"] = False
        self.run_case(case)
        size = (self.folder / FILE).stat().st_size
        self.assertGreater(size, 50000)
        limit = size - 4096
        (self.folder / FILE).unlink()
        # Once the run has begun: what MPI starts with needs larger files.
        run, log = self.during_a_run("columns:", lambda pid: resource.prlimit(
            pid, resource.RLIMIT_FSIZE, (limit, limit)))
        self.assertEqual(run.returncode, 0, log)
        self.assertEqual(log.count("no checkpoint could be written to state.h5: File too large; it "
                                   "will be tried again"), 1, log)
        self.assertEqual(list(self.folder.glob(FILE + "*")), [])


if __name__ == "__main__":
    unittest.main()
