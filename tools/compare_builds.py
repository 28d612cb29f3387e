#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compares two builds of the program on everything that the tests and runs of this checkout do: for
each run of the program both are run on the same inputs, and every variable, attribute and dimension
of every NetCDF file that they leave behind must be the same to the last bit, exit status included.

    tools/compare_builds.py [--within R] OLD NEW [COMMAND ...]

OLD and NEW are the programs. With R, values may differ by R times the largest of their variable: for
a change that rounds differently on purpose. Each COMMAND is a test (tests/cli/x_test.py) or a script of runs/ with its
arguments ("runs/x/run.sh 3"); without one, all tests of tests/cli and all runs on two ranks. What
the programs print is not compared.
"""
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
IGNORED = {"history", "source"}  # when a file was made, and by which version


# ---- In place of the program, or of mpirun -----------------------------------------------------

def run(program, words):
    """Runs the command with the stand-in for the program replaced by `program`."""
    command = [program if os.path.basename(w) == "glebe" else w for w in words]
    return subprocess.run(command, capture_output=True, check=False)


def files_of(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob("*.nc") if p.is_file()}


def attributes(item):
    return {name: repr(item.getncattr(name)) for name in item.ncattrs() if name not in IGNORED}


def relative_difference(x, y):
    """Largest difference over the largest value; infinite where only one is missing."""
    import numpy
    if x.dtype.kind not in "fiu" or x.dtype != y.dtype or x.shape != y.shape:
        return float("inf")
    x, y = x.astype("f8").ravel(), y.astype("f8").ravel()
    there = numpy.isfinite(x)
    if not (there == numpy.isfinite(y)).all() or not there.any():
        return float("inf")
    return numpy.abs(x - y)[there].max() / max(numpy.abs(x[there]).max(), 1e-300)


def compare_files(old, new, within):
    """Number of variables compared, and the differences."""
    import netCDF4
    try:
        with netCDF4.Dataset(old) as a, netCDF4.Dataset(new) as b:
            differences = []
            if attributes(a) != attributes(b):
                differences.append("global attributes")
            if {k: len(v) for k, v in a.dimensions.items()} != {
                    k: len(v) for k, v in b.dimensions.items()}:
                differences.append("dimensions")
            for name in {**a.variables, **b.variables}:
                if name not in a.variables or name not in b.variables:
                    differences.append(f"{name} is in one only")
                    continue
                u, v = a.variables[name], b.variables[name]
                for one in (u, v):
                    one.set_auto_maskandscale(False)
                if attributes(u) != attributes(v) or u.dimensions != v.dimensions:
                    differences.append(f"{name}: attributes or dimensions")
                x, y = u[...], v[...]
                if x.dtype == object or y.dtype == object:
                    same = x.tolist() == y.tolist()
                else:
                    same = x.dtype == y.dtype and x.tobytes() == y.tobytes()
                if not same and (by := relative_difference(x, y)) > within:
                    differences.append(f"{name}: values by {by:.1g}" if within
                                       else f"{name}: values")
            return len(a.variables), differences
    except OSError as error:  # a file that a test has damaged on purpose
        same = open(old, "rb").read() == open(new, "rb").read()
        return 0, [] if same else [str(error)]


def compare_folders(old, new, names, within):
    """Files and variables compared, and the differences."""
    there, now = files_of(old), files_of(new)
    differences = [f"{name} is written by one only" for name in there ^ now]
    files = sorted(there & now & names)
    n_variable = 0
    for name in files:
        n, found = compare_files(old / name, new / name, within)
        n_variable += n
        differences += [f"{name}: {difference}" for difference in found]
    return len(files), n_variable, differences


class Places:
    """Copies of the folder in which the program is to run, in which the old one runs first."""

    def __init__(self, program, words):
        self.program, self.words = program, words
        # A test may run the program beside its inputs, anywhere within its own temporary folder.
        self.work = pathlib.Path.cwd()
        self.here = next((p for p in [self.work, *self.work.parents]
                          if p.name.startswith("glebe_test_")), self.work)
        self.inputs = tempfile.TemporaryDirectory(prefix="glebe_inputs_")
        self.pristine = pathlib.Path(self.inputs.name) / self.here.name
        shutil.copytree(self.here, self.pristine, symlinks=True)

    def run_old(self, folder):
        copy = pathlib.Path(folder) / self.here.name
        shutil.copytree(self.pristine, copy, symlinks=True)
        os.chdir(copy / self.work.relative_to(self.here))
        done = run(self.program, self.words)
        os.chdir(self.work)
        return copy, done


def stand_in(words):
    """Runs both programs and notes how they differ; what the new one leaves behind stays. Where
    they do, the old one is run five times more: what differs between its own runs (MUMPS decides by the
    clock on several ranks) says nothing."""
    settings = json.loads(os.environ["GLEBE_COMPARE"])
    within = settings["within"]
    places = Places(settings["old"], words)
    here = places.here
    before = {name: (here / name).stat().st_mtime_ns for name in files_of(here)}
    with tempfile.TemporaryDirectory(prefix="glebe_old_") as folder:
        copy, old = places.run_old(f"{folder}/0")
        new = run(settings["new"], words)
        changed = {name for name in files_of(here)
                   if before.get(name) != (here / name).stat().st_mtime_ns}
        n_file, n_variable, differences = compare_folders(copy, here, changed,
                                                          within)
        if old.returncode != new.returncode:
            differences.append(f"exit status {old.returncode} and {new.returncode}")
        by_chance = set()
        for again in range(1, 6) if differences else ():
            other, _ = places.run_old(f"{folder}/{again}")
            by_chance |= set(compare_folders(copy, other, changed, within)[2])
    note = {"command": " ".join(words[-3:]), "files": n_file, "variables": n_variable,
            "differences": [d for d in differences if d not in by_chance],
            "by_chance": len(by_chance.intersection(differences))}
    with open(settings["notes"], "a", encoding="utf-8") as notes:
        notes.write(json.dumps(note) + "\n")
    sys.stdout.buffer.write(new.stdout)
    sys.stderr.buffer.write(new.stderr)
    return new.returncode


# ---- The comparison ----------------------------------------------------------------------------

def all_commands():
    tests = sorted((ROOT / "tests/cli").glob("*_test.py"))
    runs = sorted((ROOT / "runs").glob("*/run*.sh"))
    return [str(p) for p in tests] + [f"{p} 2" for p in runs]


def find_python():
    """The Python that has what the tests import."""
    for candidate in (os.environ.get("GLEBE_PYTHON"), sys.executable, "/usr/bin/python3"):
        if candidate and subprocess.run([candidate, "-c", "import xarray, netCDF4, matplotlib"],
                                        capture_output=True, check=False).returncode == 0:
            return candidate
    sys.exit("compare_builds.py: no Python with xarray, netCDF4 and matplotlib; see GLEBE_PYTHON")


def compare(old, new, commands, within):
    python = find_python()
    with tempfile.TemporaryDirectory(prefix="glebe_compare_") as folder:
        for name in ("glebe", "mpirun"):
            script = pathlib.Path(folder) / name
            script.write_text(f"#!/bin/sh\nexec {python} {__file__} --as {name} \"$@\"\n")
            script.chmod(0o755)
        notes = pathlib.Path(folder) / "notes"
        notes.touch()
        environment = {
            **os.environ, "GLEBE": f"{folder}/glebe", "MPIEXEC": f"{folder}/mpirun",
            "GLEBE_PYTHON": python,
            "PATH": f"{folder}:{os.environ['PATH']}",
            "GLEBE_COMPARE": json.dumps({"old": old, "new": new, "notes": str(notes), "within": within,
                                         "mpirun": shutil.which("mpirun")})}
        failed = False
        for command in commands:
            words = shlex.split(command)
            words = [python, *words] if words[0].endswith(".py") else words
            offset = notes.stat().st_size
            done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True,
                                  check=False)
            with open(notes, encoding="utf-8") as file:
                file.seek(offset)
                found = [json.loads(line) for line in file]
            differences = [(n["command"], d) for n in found for d in n["differences"]]
            chance = sum(n["by_chance"] for n in found)
            print(f"{'ok' if not differences else 'DIFFERENT':9s} {command}: {len(found)} runs, "
                  f"{sum(n['files'] for n in found)} files, {sum(n['variables'] for n in found)} "
                  f"variables{f', {chance} of which OLD does not repeat either' if chance else ''}"
                  f"{'' if done.returncode == 0 else f'; it ends with {done.returncode}'}",
                  flush=True)
            if done.returncode != 0:
                print("\n".join("    " + line for line in done.stderr.splitlines()[-8:]))
            for run_of, difference in differences[:20]:
                print(f"    {run_of}: {difference}")
            failed = failed or bool(differences)
    return 1 if failed else 0


def main(words):
    if words[:2] == ["--as", "glebe"]:
        return stand_in(["glebe", *words[2:]])
    if words[:2] == ["--as", "mpirun"]:
        real = json.loads(os.environ["GLEBE_COMPARE"])["mpirun"]
        return stand_in([real, *words[2:]])
    within = 0.0
    if words[:1] == ["--within"] and len(words) > 1:
        within, words = float(words[1]), words[2:]
    if len(words) < 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    old, new = (os.path.abspath(word) for word in words[:2])
    for program in (old, new):
        if not os.access(program, os.X_OK):
            print(f"compare_builds.py: no program {program}", file=sys.stderr)
            return 2
    return compare(old, new, words[2:] or all_commands(), within)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
