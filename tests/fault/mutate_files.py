# SPDX-License-Identifier: BSD-3-Clause
"""Damaged files of every format that the program reads: what it makes of them.

    GLEBE=build/release/glebe tests/fault/mutate_files.py [count] [--seed n] [--keep folder]

A small case of each format (NetCDF-3, NetCDF-4, namelist, checkpoint, the table of a converter) is
made once; each mutant is one of its files with bytes changed, cut off, zeroed or repeated, or with
an attribute, a value or a dimension that is wrong. Each is run under a limit of time and memory. It
must be refused with a message (status 1 or 2), or run, and then its estimates are finite unless the
status of the column says why not. Anything else is a crash: its files are kept, and the end is 1.
Whether NetCDF itself crashes on such a file is told apart, by opening it with nothing but NetCDF.
"""
import argparse
import collections
import contextlib
import io
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

import netCDF4
import numpy as np
import xarray as xr

sys.path[:0] = [str(pathlib.Path(__file__).parents[1] / folder) for folder in ("cli", "tools")]
# pylint: disable=wrong-import-position
import source_tree  # noqa: E402,F401 (the package can be imported)
import fluxtower_tables as tables  # noqa: E402
import support  # noqa: E402
from glebe_tools.fluxtower.__main__ import main as convert  # noqa: E402

SECONDS, BYTES = 60, 8 << 30
HOURS = np.arange(-2, 27)
WORDS = ("furlongs", "", "seconds since 1e18", "days since 2001-02-30", "K K", "-1", "nan", "\x1b[2J",
         "hours since 2001-06-01 00:00:00 +99:99", "noleap", "W m-2", "x" * 5000)
NUMBERS = (0.0, -1.0, np.nan, np.inf, 1e30, -9999.0, 1e-300, 1e18)


# ---- The cases that are sound --------------------------------------------------------------------

class Maker(support.GlebeTest):
    """Makes the cases, each in a folder with its namelist case.nml."""

    def runTest(self):
        pass

    def estimate(self, folder, file_format="NETCDF4", **groups):
        self.folder = folder
        folder.mkdir()
        support.write_series(folder / "weather.nc", HOURS, support.weather(HOURS),
                             file_format=file_format)
        window = {"time": {"start": "2001-06-01", "stop": "2001-06-02", "step": 3600}}
        twin = support.site_case("twin", ("soil_temperature", 0.1), **window)
        self.run_case(twin, name="truth")
        if file_format != "NETCDF4":
            support.rewrite(folder / "observed.nc", lambda data: None, folder / "copy.nc")
            xr.load_dataset(folder / "copy.nc", decode_cf=False).to_netcdf(
                folder / "observed.nc", format=file_format)
        case = {**support.estimating(twin, "albedo", "heat_transfer"), **groups}
        self.write_case(case)
        return case


def restart_value(text):
    """`restart` is a logical, or one of several words."""
    row = next(line for line in text.splitlines() if line.strip().startswith("restart ="))
    return True if ".false." in row else "required"


def make_cases(folder):
    """{format: (folder, files that are mutated)}."""
    maker = Maker()
    maker.estimate(folder / "netcdf4")
    maker.estimate(folder / "netcdf3", "NETCDF3_CLASSIC")
    maker.estimate(folder / "namelist")
    checkpoint = {"file": "saved.h5", "interval": 1}
    case = maker.estimate(folder / "checkpoint", checkpoint=checkpoint)
    maker.run_case(case)
    case["checkpoint"]["restart"] = restart_value(maker.glebe("--describe").stdout)
    maker.write_case(case)
    (folder / "table").mkdir()
    text, mapping = tables.plain()
    (folder / "table" / "table.csv").write_text(text)
    (folder / "table" / "mapping.ini").write_text(mapping)
    series = ["weather.nc", "observed.nc"]
    return {"netcdf4": series, "netcdf3": series, "namelist": ["case.nml"],
            "checkpoint": ["saved.h5"], "table": ["table.csv", "mapping.ini"]}


# ---- Mutations -----------------------------------------------------------------------------------

def place_in(data, chance):
    """Headers and the places that they lead to are most of what can go wrong."""
    return chance.randrange(min(len(data), 4096) if chance.random() < 0.6 else len(data))


def flipped(data, chance):
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        data[place_in(data, chance)] ^= 1 << chance.randrange(8)
    return data


def overwritten(data, chance):
    for _ in range(chance.choice((1, 2, 4))):
        data[place_in(data, chance)] = chance.choice((0, 255, 127, 128, ord("'"), ord("/"), 10))
    return data


def cut(data, chance):
    return data[:place_in(data, chance)]


def blanked(data, chance):
    begin, size = place_in(data, chance), chance.choice((4, 8, 64, 512))
    data[begin:begin + size] = bytes([chance.choice((0, 255))]) * len(data[begin:begin + size])
    return data


def repeated(data, chance):
    begin, size = place_in(data, chance), chance.choice((1, 8, 100))
    return data[:begin] + data[begin:begin + size] * 2 + data[begin + size:]


BYTES_CHANGED = (flipped, overwritten, cut, blanked, repeated)


def change_bytes(path, chance):
    how = chance.choice(BYTES_CHANGED)
    path.write_bytes(bytes(how(bytearray(path.read_bytes()), chance)))
    return how.__name__


def change_attribute(file, chance):
    variable = file.variables[chance.choice(list(file.variables))]
    name = chance.choice([*variable.ncattrs(), "units", "calendar", "scale_factor", "add_offset",
                          "valid_max", "missing_value", "bounds", "cell_methods"])
    if name == "_FillValue":
        name = "missing_value"
    if chance.random() < 0.3 and name in variable.ncattrs():
        variable.delncattr(name)
    else:
        variable.setncattr(name, chance.choice((*WORDS, *NUMBERS)))


def change_value(file, chance):
    variable = file.variables[chance.choice(list(file.variables))]
    variable.set_auto_maskandscale(False)
    if variable.size and variable.dtype.kind in "fiu":
        values = variable[...]
        at = np.array([chance.randrange(values.size) for _ in range(chance.choice((1, 1, 500)))])
        number = chance.choice(NUMBERS)
        if variable.dtype.kind in "iu":
            number = chance.choice((0, -1, np.iinfo(variable.dtype).max))
        values.reshape(-1)[at] = np.asarray(number).astype(variable.dtype)
        variable[...] = values


def change_name(file, chance):
    old = chance.choice([*file.variables, *file.dimensions])
    rename = file.renameVariable if old in file.variables else file.renameDimension
    rename(old, chance.choice(("renamed", old.upper() + "_", "time_", "y")))


def change_meaning(path, chance):
    """By NetCDF, so that the file is sound and what it says is not."""
    how = chance.choice((change_attribute, change_attribute, change_value, change_value,
                         change_name))
    with netCDF4.Dataset(path, "a") as file:
        how(file, chance)
    return how.__name__


def mutate(form, path, chance):
    with np.errstate(all="ignore"):
        if form.startswith("netcdf") and chance.random() < 0.4:
            return change_meaning(path, chance)
        return change_bytes(path, chance)


# ---- Runs ----------------------------------------------------------------------------------------

def limited():
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def crashes_netcdf(path):
    """Whether NetCDF alone does not survive reading it."""
    code = ("import netCDF4, sys\n"
            "with netCDF4.Dataset(sys.argv[1]) as file:\n"
            "    for one in file.variables.values():\n        one[...]\n")
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, timeout=SECONDS,
                          check=False)
    return done.returncode < 0


def is_finite(path):
    with xr.open_dataset(path, decode_times=False) as result:
        known = [np.isfinite(result[name].values).all() for name in ("albedo", "cost_final")]
        return all(known) or int(result["status"]) != 0


def run_program(folder):
    """(class, what was said)."""
    try:
        done = subprocess.run([support.program(), "case.nml"], cwd=folder, capture_output=True,
                              text=True, errors="replace", timeout=SECONDS, preexec_fn=limited,
                              check=False)
    except subprocess.TimeoutExpired:
        return "hang", f"no end after {SECONDS} s"
    said = done.stdout + done.stderr
    if done.returncode in (1, 2) and "glebe: error: " in done.stderr:
        bare = "bad_alloc" in said or "std::" in said
        return ("crash" if bare else "refused"), said
    if done.returncode != 0:
        return "crash", f"status {done.returncode}\n{said}"
    if not is_finite(folder / "case.nc"):
        return "crash", f"not finite\n{said}"
    return ("warned" if "warning: " in said else "ran"), said


def run_converter(folder):
    def too_long(*_):
        raise TimeoutError

    said = io.StringIO()
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS)
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            status = convert([str(folder / "table.csv"), str(folder / "out.nc"), "--mapping",
                              str(folder / "mapping.ini")])
    except TimeoutError:
        return "hang", f"no end after {SECONDS} s"
    except SystemExit as end:
        status = end.code
    except Exception as error:  # pylint: disable=broad-except
        return "crash", f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    text = said.getvalue()
    if status:
        return ("refused" if "error: " in text else "crash"), text
    return ("warned" if "warning: " in text else "ran"), text


def try_one(number, seed, made, form, files, keep):
    """The class of one mutant."""
    chance = random.Random(f"{seed} {number}")
    folder = made / f"mutant_{number}"
    shutil.copytree(made / form, folder)
    name = chance.choice(files)
    how = mutate(form, folder / name, chance)
    found, said = run_converter(folder) if form == "table" else run_program(folder)
    if found in ("crash", "hang"):
        if form.startswith("netcdf") and crashes_netcdf(folder / name):
            found = "crash of NetCDF"
        print(f"{number} {form} {name} {how}: {found}: {said.strip()[-600:]}", flush=True)
        if keep:
            shutil.copytree(folder, keep / folder.name, dirs_exist_ok=True)
    shutil.rmtree(folder)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("count", nargs="?", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one mutant")
    parser.add_argument("--keep", type=pathlib.Path, help="where files of crashes are copied to")
    args = parser.parse_args()
    counts = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory(prefix="glebe_mutants_") as folder:
        made = pathlib.Path(folder)
        cases = list(make_cases(made).items())
        for number in range(args.count):
            form, files = cases[number % len(cases)]
            if args.only is None or number == args.only:
                counts[form][try_one(number, args.seed, made, form, files, args.keep)] += 1
    bad = 0
    for form, found in counts.items():
        bad += found["crash"] + found["hang"]
        print(f"{form}: {sum(found.values())} mutants: "
              + ", ".join(f"{n} {what}" for what, n in sorted(found.items())))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
