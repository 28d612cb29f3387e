# SPDX-License-Identifier: BSD-3-Clause
"""The job scripts of runs/cluster for PBS, with a stand-in for its qsub: what PBS sets is set here.

It shows the words that reach the program, the signal before the end of the time, and the chain of jobs.
It cannot show that a PBS accepts the scripts' directives.
"""
import os
import pathlib
import subprocess
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "cli"))
from long_estimate import lengthen, long_estimate  # noqa: E402
from support import MPIEXEC, QUICK_START, GlebeTest, program  # noqa: E402

SCRIPTS = TESTS.parent / "runs" / "cluster"
QSUB = """#!/bin/sh
printf '%s\\n' "$@" > submitted
"""


class Pbs(GlebeTest):
    def setUp(self):
        super().setUp()
        self.case = long_estimate(self)
        qsub = self.folder / "qsub"
        qsub.write_text(QSUB, encoding="utf-8")
        qsub.chmod(0o755)

    def job(self, script, **variables):
        return subprocess.run(
            [str(SCRIPTS / script)], cwd="/", capture_output=True, text=True, timeout=120, check=False,
            env={**os.environ, **QUICK_START, "GLEBE": program(), "GLEBE_LAUNCHER": f"{MPIEXEC} -n 2",
                 "PBS_O_WORKDIR": str(self.folder), "PATH": f"{self.folder}:{os.environ['PATH']}",
                 **variables})

    def submitted(self):
        """The variables and the script of the job that was submitted, if one was."""
        path = self.folder / "submitted"
        if not path.exists():
            return None
        option, variables, script = path.read_text(encoding="utf-8").splitlines()
        path.unlink()
        self.assertEqual((option, script), ("-v", "pbs_chain.sh"))
        return dict(word.split("=", 1) for word in variables.split(","))

    def test_job(self):
        self.assertEqual(self.job("pbs_job.sh").returncode, 1)
        done = self.job("pbs_job.sh", CASE=self.write_case(self.case))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "case.nc").exists())

    def test_array(self):
        (self.folder / "regions.txt").write_text(
            "run.output=north.nc\nrun.output=south.nc parameter(albedo).upper=0.5\n", encoding="utf-8")
        words = {"CASE": self.write_case(self.case), "REGIONS": "regions.txt"}
        self.assertEqual(self.job("pbs_array.sh", **words, PBS_ARRAY_INDEX="2").returncode, 0)
        self.assertIn("parameter(albedo).upper=0.5", self.read("south.nc").attrs["history"])
        beyond = self.job("pbs_array.sh", **words, PBS_ARRAY_INDEX="3")
        self.assertEqual((beyond.returncode, beyond.stderr), (2, "regions.txt has no line 3\n"))

    def test_time_is_over(self):
        """The program is told before the end, and the next job goes on to the answer of one alone."""
        whole = lengthen(self, self.case, seconds=5)
        self.case["checkpoint"] = {"file": "state.h5"}
        name = self.write_case(self.case)
        first = self.job("pbs_chain.sh", CASE=name, RUN_SECONDS="2", GLEBE_MOST_JOBS="1")
        self.assertEqual((first.returncode, self.submitted()), (3, None), first.stderr)
        second = self.job("pbs_chain.sh", CASE=name, RUN_SECONDS="100")
        self.assertEqual((second.returncode, self.submitted()), (0, None), second.stderr)
        self.assertIn("restart from", second.stdout)
        self.assert_same_results(self.read("case.nc"), whole, list(whole.variables))

    def test_chain(self):
        """Each interrupted job submits the next with its own settings, but not without end."""
        program_cut = self.folder / "cut"
        program_cut.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
        program_cut.chmod(0o755)
        variables = {"CASE": "case.nml", "GLEBE": str(program_cut), "GLEBE_LAUNCHER": "env A=1",
                     "GLEBE_MOST_JOBS": "3", "RUN_SECONDS": "77"}
        for job in (2, 3):
            done = self.job("pbs_chain.sh", **variables)
            submitted = self.submitted()
            self.assertEqual((done.returncode, submitted),
                             (0, {**variables, "CHAIN_JOB": str(job)}), done.stderr)
            variables = submitted
        last = self.job("pbs_chain.sh", **variables)
        self.assertEqual((last.returncode, self.submitted()), (3, None), last.stderr)

    def test_chain_of_a_wrong_namelist(self):
        done = self.job("pbs_chain.sh", CASE=self.write_case({"run": {"mode": "estimte"}}))
        self.assertEqual((done.returncode, self.submitted()), (2, None), done.stderr)


if __name__ == "__main__":
    unittest.main()
