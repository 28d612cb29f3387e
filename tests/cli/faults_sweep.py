# SPDX-License-Identifier: BSD-3-Clause
"""Faults at many places of a run, more than a test has time for: memory that ends at objects of many
sizes, writing that fails after any number of bytes, on one rank of one or two; with checkpoints.
Counts what came of them; exits with 1 if a run hung, left half of a file, ended with another status
than 0 or 1, said nothing of its failure, or harmed the earlier result.

usage: GLEBE=build/release/glebe python3 tests/cli/faults_sweep.py [number of runs] [seed]"""
import collections
import errno
import random
import subprocess
import sys
import unittest

import faults_test
from refusal import EARLIER

ERRORS = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG, errno.EROFS)


def random_fault(chance):
    """The options of one run of FaultTest.faulty()."""
    ranks = chance.choice((1, 2))
    fault = {"ranks": ranks}
    if ranks == 2:
        fault["rank"] = chance.choice((0, 1))
    if chance.random() < 0.5:
        return {**fault, "new": int(10 ** chance.uniform(3, 5))}
    where = chance.choice(("/out/", "result.nc.", "/kept/" if ranks == 1 else "/out/"))
    return {**fault, "file": where, "after": int(10 ** chance.uniform(0, 5.3)),
            "error": chance.choice(ERRORS)}


class Sweep(faults_test.FaultTest):
    def outcome(self, fault):
        """What came of one fault, in words that begin with 'FAULT' if it should not have been."""
        try:
            done = self.faulty(**fault)
        except subprocess.TimeoutExpired:
            return "FAULT: hung"
        said = [line for line in done.stderr.splitlines() if line.startswith("glebe: error:")]
        if done.returncode == 0:
            self.assert_estimate(self.folder / "out/result.nc")
            warned = "warning: no checkpoint" in done.stdout
            return "done, with warnings" if warned else "done"
        if done.returncode != 1 or not said:
            return f"FAULT: status {done.returncode}, {len(said)} messages"
        if (self.folder / "out/result.nc").read_bytes() != EARLIER:
            return "FAULT: the earlier result is harmed"
        if self.elsewhere():
            self.assert_rescued(said[0])
            return "failed, written elsewhere"
        return f"failed: {'out of memory' if 'memory' in said[0] else 'writing'}"

    def runTest(self):
        chance = random.Random(SEED)
        counts = collections.Counter()
        for number in range(RUNS):
            fault = random_fault(chance)
            self.write_case({**self.case, "checkpoint": {"file": "kept/checkpoint.h5"}})
            (self.folder / "out/result.nc").write_bytes(EARLIER)
            outcome = self.outcome(fault)
            counts[outcome] += 1
            if outcome.startswith("FAULT"):
                print(f"run {number}: {outcome}: {fault}", flush=True)
        for outcome, count in sorted(counts.items()):
            print(f"{count:6d} {outcome}")
        self.assertFalse([one for one in counts if one.startswith("FAULT")])


if __name__ == "__main__":
    RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    faults_test.setUpModule()
    result = unittest.TextTestRunner().run(Sweep())
    unittest.doModuleCleanups()
    sys.exit(not result.wasSuccessful())
