# SPDX-License-Identifier: BSD-3-Clause
"""Interrupts runs at random moments and lets others go on: python3 interrupt.py [runs] [seed].

Each run has its form (column_newton, several starts, bntr, a bootstrap), its number of ranks, a
signal and a moment, all drawn; it is interrupted up to three times, on 1 to 3 ranks, and must then
end as the run that nobody has interrupted. Needs GLEBE, the path of the program; MPIEXEC as the
tests of tests/cli do. Prints a table, and fails if any run ends otherwise.
"""
import collections
import copy
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from support import (QUICK_START, GlebeTest, estimating, group_of, site_case,  # noqa: E402
                     weather, write_series)

STREAMS = ("surface_temperature", ("soil_temperature", 0.1))
ESTIMATED = ("thermal_conductivity", "heat_capacity", "albedo", "heat_transfer")
SIGNALS = ("SIGTERM", "SIGUSR1", "SIGINT", "SIGKILL")
STOPPED = 3


class Trials(GlebeTest):
    def runTest(self):
        """Makes a folder that is removed in the end."""

    def prepare(self):
        self.setUp()
        hours = np.arange(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (9,)), ["station"])
        twin = site_case("twin", *STREAMS, time={"step": 60}, twin={"noise": 0.2})
        self.run_case(twin, name="truth")
        plain = estimating(twin, *ESTIMATED)
        plain["checkpoint"] = {"file": "state.h5", "restart": "auto"}
        self.cases = {}
        for form in ("column_newton", "starts", "bntr", "bootstrap"):
            case = self.cases[form] = copy.deepcopy(plain)
            if form == "starts":
                case["optimizer"] = {"starts": 3}
            if form == "bootstrap":
                case["posterior"] = {"bootstrap": 6}
            if form == "bntr":
                group_of(case, "albedo")["space"] = "domain"
        self.whole, self.seconds = {}, {}
        for form, case in self.cases.items():
            (self.folder / "state.h5").unlink(missing_ok=True)
            started = time.monotonic()
            self.whole[form] = self.run_case(case, name="whole").data
            self.seconds[form] = time.monotonic() - started

    def interrupted(self, case, ranks, number, seconds):
        """The status of a run that gets the signal after so many seconds; 0 if it was faster."""
        with subprocess.Popen(self.command(self.write_case(case), ranks=ranks), cwd=self.folder,
                              env={**os.environ, **QUICK_START}, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True) as run:
            try:
                run.wait(seconds)
            except subprocess.TimeoutExpired:
                self.send(run.pid, ranks, number)
            errors = run.communicate(timeout=120)[1]
        # What a process that was killed was writing stays, and is of no use.
        left = list(self.folder.glob("*.partial"))
        if run.returncode == STOPPED:
            self.assertEqual(left, [])
        for path in left:
            path.unlink()
        return run.returncode, errors

    @staticmethod
    def send(pid, ranks, number):
        """To mpirun, which tells its processes; but one of these is killed without being told."""
        if ranks > 1 and number == signal.SIGKILL:
            found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True,
                                   text=True, check=False).stdout.split()
            pid = int(random.choice(found)) if found else pid
        os.kill(pid, number)

    def differs(self, form, data):
        whole = self.whole[form]
        if form == "bntr":
            exact = ("status",)
            close = all(np.allclose(data[n], whole[n], rtol=1e-5) for n in ESTIMATED)
        else:
            exact, close = whole.variables, True
        same = all(np.array_equal(data[n], whole[n], equal_nan=data[n].dtype.kind == "f")
                   for n in exact)
        return not (same and close)

    def trial(self):
        form = random.choice(list(self.cases))
        case = self.cases[form]
        for name in ("state.h5", "case.nc"):
            (self.folder / name).unlink(missing_ok=True)
        log = []
        for _ in range(random.randint(1, 3)):
            ranks, name = random.randint(1, 3), random.choice(SIGNALS)
            moment = random.uniform(0.05, 1.0) * self.seconds[form]
            status, errors = self.interrupted(case, ranks, getattr(signal, name), moment)
            log.append((name, ranks, round(moment, 2), status, errors.strip().splitlines()[:1]))
        run = self.run_case(case, ranks=random.randint(1, 3))
        return form, log, self.differs(form, run.data), "restart from" in run.log


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    random.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    trials = Trials()
    trials.prepare()
    table, bad = collections.Counter(), 0
    for i in range(count):
        form, log, differs, went_on = trials.trial()
        bad += differs
        table[form, "runs"] += 1
        table[form, "interruptions"] += len(log)
        table[form, "in time"] += sum(status != 0 for *_, status, _ in log)
        table[form, "status 3"] += sum(status == STOPPED for *_, status, _ in log)
        table[form, "went on"] += went_on
        table[form, "the same"] += not differs
        print(i + 1, form, log, "DIFFERS" if differs else "the same", flush=True)
    heads = ("runs", "interruptions", "in time", "status 3", "went on", "the same")
    print(f"{'':16}" + "".join(f"{head:>15}" for head in heads))
    for form in trials.cases:
        print(f"{form:16}" + "".join(f"{table[form, head]:15}" for head in heads))
    trials.doCleanups()
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
