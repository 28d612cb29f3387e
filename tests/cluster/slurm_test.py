# SPDX-License-Identifier: BSD-3-Clause
"""The job scripts of runs/cluster on a Slurm that this test starts: slurm_test.py [Jobs | TimeLimit].

TimeLimit waits for Slurm's own time limits, which are minutes long; Jobs sends the same signal sooner.
"""
import os
import pathlib
import sys
import tempfile
import time
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "cli"))
from local_slurm import LocalSlurm, cannot_start, missing  # noqa: E402
from long_estimate import lengthen, long_estimate  # noqa: E402
from support import MPIEXEC, QUICK_START, GlebeTest, program  # noqa: E402

SCRIPTS = TESTS.parent / "runs" / "cluster"
RANKS = ("--ntasks-per-node=2",)
SKIPPED = 77


class SlurmTest(GlebeTest):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.place.cleanup)
        os.environ.update(QUICK_START, GLEBE=program(), GLEBE_LAUNCHER=f"{MPIEXEC} -n 2")
        cls.slurm = LocalSlurm(cls.place.name)
        cls.addClassCleanup(cls.slurm.stop)
        cls.slurm.run()

    def setUp(self):
        super().setUp()
        self.case = long_estimate(self)

    def submit(self, script, *words, options=()):
        return self.slurm.submit("--output=job.out", *RANKS, *options, str(SCRIPTS / script), *words,
                                 cwd=self.folder)

    def log(self, name="job.out"):
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def state(self, job):
        return self.slurm.job(job)["JobState"]

    def wait_for_end(self, job, seconds=120):
        self.slurm.wait(lambda: self.state(job) in ("COMPLETED", "FAILED", "TIMEOUT", "CANCELLED"),
                        f"the end of job {job}", seconds)
        self.assertEqual(self.state(job), "COMPLETED", self.log())

    def assert_same_as_alone(self, whole):
        """The result is that of a run that nobody has interrupted, bit for bit."""
        self.assert_same_results(self.read("case.nc"), whole, list(whole.variables))


class Jobs(SlurmTest):
    def test_array(self):
        self.write_case(self.case)
        (self.folder / "regions.txt").write_text(
            "run.output=north.nc\nrun.output=south.nc parameter(albedo).upper=0.5\n", encoding="utf-8")
        job = self.slurm.submit("--array=1-2", "--output=region_%a.out", *RANKS,
                                str(SCRIPTS / "slurm_array.sh"), "case.nml", "regions.txt",
                                cwd=self.folder)
        for name in ("north", "south"):
            self.slurm.wait((self.folder / f"{name}.nc").exists, f"{name}.nc of job {job}")
        self.assertIn("parameter(albedo).upper=0.5", self.read("south.nc").attrs["history"])

    def test_chain(self):
        """Twice the signal that Slurm sends before the end of a job's time."""
        whole = lengthen(self, self.case, seconds=5)
        self.case["checkpoint"] = {"file": "state.h5"}
        self.write_case(self.case)
        job = self.submit("slurm_chain.sh", "case.nml")
        for cut in (1, 2):
            self.slurm.wait(lambda n=cut: self.log().count("method:") >= n, "the search")
            self.slurm.command("scancel", "--batch", "--signal=USR1", job)
            self.slurm.wait(lambda n=cut: self.slurm.job(job)["Restarts"] == str(n), "the next job")
        self.wait_for_end(job)
        self.assertEqual(self.log().count("back into the queue"), 2, self.log())
        self.assert_same_as_alone(whole)

    def test_job(self):
        self.write_case(self.case)
        self.wait_for_end(self.submit("slurm_job.sh", "case.nml", "--set", "time.step=120"))
        self.assertTrue((self.folder / "case.nc").exists())

    def test_wrong_namelist_ends_the_chain(self):
        self.write_case({"run": {"mode": "estimte"}})
        job = self.submit("slurm_chain.sh", "case.nml")
        self.slurm.wait(lambda: self.state(job) == "FAILED", "the failure")
        self.assertEqual(self.slurm.job(job)["ExitCode"], "2:0", self.log())


class TimeLimit(SlurmTest):
    def test_cut_three_times(self):
        """Jobs of two minutes, told after 90 s, for an estimate that takes longer than three of them."""
        whole = lengthen(self, self.case, seconds=290)
        self.case["checkpoint"] = {"file": "state.h5"}
        self.write_case(self.case)
        started = time.monotonic()
        job = self.submit("slurm_chain.sh", "case.nml",
                          options=("--time=2", "--signal=B:USR1@30"))
        self.wait_for_end(job, seconds=3600)
        print(f"{self.slurm.job(job)['Restarts']} times cut by the time limit, "
              f"{time.monotonic() - started:.0f} s\n{self.log()}")
        self.assertGreaterEqual(int(self.slurm.job(job)["Restarts"]), 3)
        self.assert_same_as_alone(whole)


if __name__ == "__main__":
    reason = missing() or cannot_start()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    unittest.main()
