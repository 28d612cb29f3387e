# SPDX-License-Identifier: BSD-3-Clause
"""What the end-to-end tests share: namelists and NetCDF inputs made in a temporary folder, runs of
the program as its users start it, and their results.

The environment variable GLEBE names the program, MPIEXEC the command that starts it on several
ranks (mpirun without it).
"""
import copy
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest
from typing import NamedTuple

import numpy as np
import xarray as xr

MPIEXEC = os.environ.get("MPIEXEC", "mpirun")
# Open MPI's plain transport starts a process in half the time of a search for a faster network.
QUICK_START = {"OMPI_MCA_pml": "ob1", "OMPI_ALLOW_RUN_AS_ROOT": "1",
               "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
               "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe"}
START = "2001-06-01 00:00:00"
# Without MUMPS the posterior of fields is one of samples, with errors of several per cent.
exact_fields = unittest.skipIf(os.environ.get("GLEBE_MUMPS") == "OFF", "PETSc has no MUMPS")

TRUTH = {"thermal_conductivity": 1.2, "heat_capacity": 2.0e6, "albedo": 0.25, "emissivity": 0.96,
         "heat_transfer": 15.0, "deep_temperature": 293.0}
# First guess, lower and upper bound of what a test may estimate.
GUESSES = {"thermal_conductivity": (0.8, 0.1, 4.0), "heat_capacity": (1.5e6, 0.5e6, 5e6),
           "albedo": (0.35, 0.01, 0.9), "heat_transfer": (10.0, 1.0, 60.0),
           "deep_temperature": (296.0, 270.0, 320.0), "geothermal_flux": (0.0, -50.0, 50.0),
           "heat_transfer_wind": (1.0, 0.0, 10.0), "latent_transfer": (5.0, 0.0, 40.0)}


def program():
    glebe = os.environ.get("GLEBE")
    if not glebe:
        sys.exit("GLEBE, the path of the program under test, is not set")
    return os.path.abspath(glebe)


# ---- Namelists ------------------------------------------------------------------------------

def in_fortran(value):
    if isinstance(value, bool):
        return ".true." if value else ".false."
    if isinstance(value, (list, tuple, np.ndarray)):
        return ", ".join(in_fortran(element) for element in value)
    return f"'{value}'" if isinstance(value, (str, os.PathLike)) else repr(value)


def namelist_text(groups):
    """A namelist of {group: {key: value}}; a repeated group is {group: [{key: value}, ...]}."""
    lines = []
    for name, content in groups.items():
        for group in content if isinstance(content, list) else [content]:
            keys = [f"  {key} = {in_fortran(value)}" for key, value in group.items()]
            lines += [f"&{name}", *keys, "/"]
    return "\n".join(lines) + "\n"


def parameters(values):
    return [{"name": name, "value": value} for name, value in values.items()]


def site_case(mode, *observations, truth=None, **groups):
    """Three days at a site under the weather of weather.nc; each of `observations` is a kind, or a
    kind and a depth. `groups` are added to the groups of the same name."""
    case = {"run": {"mode": mode},
            "time": {"start": "2001-06-01", "stop": "2001-06-04", "step": 3600},
            "soil": {"depth": 0.8, "nodes": 25, "stretch": 1.08},
            "forcing": {"file": "weather.nc", "stamp": "instant"}}
    for name, group in groups.items():
        case[name] = {**case.get(name, {}), **group}
    case["parameter"] = parameters(truth or TRUTH)
    if observations:
        case["observation"] = [dict(zip(("kind", "depth"), [o] if isinstance(o, str) else o))
                               for o in observations]
    if mode == "twin":
        case.setdefault("twin", {})["file"] = "observed.nc"
    return case


def estimating(case, *names, file="observed.nc", sigma=0.1, **guesses):
    """The case that estimates `names` from observations of the twin `case`."""
    case = copy.deepcopy(case)
    case["run"]["mode"] = "estimate"
    case.pop("twin", None)
    for stream in case["observation"]:
        stream.update(file=file, sigma=sigma, stamp=stream.get("stamp", "instant"))
    for group in case["parameter"]:
        if group["name"] in names:
            guess, lower, upper = guesses.get(group["name"]) or GUESSES[group["name"]]
            group.pop("file", None)
            group.update(value=guess, lower=lower, upper=upper, estimate=True)
    return case


def group_of(case, name):
    """The &parameter group of a parameter, or the &observation group of a kind."""
    return next(g for g in [*case["parameter"], *case.get("observation", [])]
                if name in (g.get("name"), g.get("kind")))


# ---- NetCDF inputs --------------------------------------------------------------------------

def weather(hours, shape=()):
    """{variable: (values [hour, *shape], units)} of fair weather, a little different everywhere."""
    hours = np.asarray(hours, float)
    place = np.arange(max(1, int(np.prod(shape))))
    day = 2 * np.pi * (hours[:, None] / 24)
    passing = np.sin(0.37 * day) * np.cos(0.11 * day)  # a slow change, so that no two days agree
    sun = np.maximum(0, -np.cos(day)) * (880 - 60 * passing) * (1 - 0.01 * place)
    fields = {"SWdown": (sun, "W m-2"),
              "LWdown": (330 + 25 * passing - 10 * np.cos(day - 0.7) + 0 * place, "W m-2"),
              "Tair": (294 + 3 * passing - 6 * np.cos(day - 0.6) + 0.2 * place, "K"),
              "Qair": (0.008 + 0.002 * np.cos(0.6 * day) + 0 * place, "kg kg-1"),
              "PSurf": (96500 + 400 * passing + 0 * place, "Pa"),
              "Wind_E": (3 + 2 * np.sin(0.5 * day) + 0 * place, "m s-1"),
              "Wind_N": (-1 + 1.5 * np.cos(0.8 * day) + 0 * place, "m s-1")}
    return {name: (values.reshape(len(hours), *shape), units)
            for name, (values, units) in fields.items()}


def saturation_over_water(T):
    """Flatau, Walko and Cotton (1992) over water [Pa]."""
    fit = [0.209339997e-15, -0.373208410e-12, 0.892344772e-10, 0.196237241e-7, 0.305903558e-5,
           0.264461437e-3, 0.143064234e-1, 0.444007856, 6.11213476]
    return 100 * np.polyval(fit, T - 273.15)


def write_series(path, hours, variables, dimensions=(), coordinates=None, since=START,
                 calendar="standard", file_format="NETCDF4"):
    """Writes {variable: (values [time, *dimensions], units)}, times in hours since `since`."""
    time = xr.Variable("time", np.asarray(hours, float),
                       {"units": f"hours since {since}", "calendar": calendar})
    data = {name: (("time", *dimensions), values, {"units": units} if units else {})
            for name, (values, units) in variables.items()}
    dataset = xr.Dataset(data, {"time": time, **(coordinates or {})})
    encoding = {name: {"_FillValue": -9999.0} for name in data}
    dataset.to_netcdf(path, format=file_format, encoding={**encoding, "time": {"_FillValue": None}})


def rewrite(path, change, to=None):
    """Writes `path` anew (or as `to`) after `change` has worked on its dataset."""
    with xr.open_dataset(path, decode_cf=False) as file:
        dataset = file.load()
    dataset = change(dataset) or dataset
    dataset.to_netcdf(to or path)


# ---- Runs -----------------------------------------------------------------------------------

class Run(NamedTuple):
    data: xr.Dataset  # the result, times as numbers
    log: str


class GlebeTest(unittest.TestCase):
    """A test in a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="glebe_test_")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def command(self, *words, ranks=1):
        start = [*shlex.split(MPIEXEC), "-n", str(ranks)]
        return [*(start if ranks > 1 else []), program(), *map(str, words)]

    def glebe(self, *words, ranks=1, folder=None, env=None):
        """Runs the program in the test's folder: its status, standard output and error."""
        return subprocess.run(self.command(*words, ranks=ranks), cwd=folder or self.folder,
                              env={**os.environ, **QUICK_START, **(env or {})},
                              capture_output=True, text=True, timeout=600, check=False)

    def write_case(self, case, name="case"):
        (self.folder / f"{name}.nml").write_text(namelist_text(case))
        return f"{name}.nml"

    def run_case(self, case, *options, ranks=1, name="case", env=None):
        """Runs a case that must succeed, without `output`: its result is <name>.nc."""
        done = self.glebe(self.write_case(case, name), *options, ranks=ranks, env=env)
        self.assertEqual(done.returncode, 0, f"{done.stdout}\n{done.stderr}")
        self.assertEqual(done.stderr, "")
        self.assertEqual(list(self.folder.rglob("*.partial")), [])
        return Run(self.read(f"{name}.nc"), done.stdout)

    def when_logged(self, name, line, action, ranks=1, env=None):
        """Runs a case, and calls action(process) when a line of its log begins with `line`."""
        command = self.command(name, ranks=ranks)
        with subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.PIPE,
                              env={**os.environ, **QUICK_START, **(env or {})}) as run:
            log = []
            for text in run.stdout:
                log.append(text)
                if action and text.startswith(line):
                    action(run)
                    action = None
            errors = run.stderr.read()
        self.assertIsNone(action, f"no line began with '{line}': {''.join(log)}{errors}")
        return subprocess.CompletedProcess(command, run.returncode, "".join(log), errors)

    def read(self, name):
        return xr.load_dataset(self.folder / name, decode_times=False)

    def write_weather(self, hours=range(-6, 79), name="weather.nc", **options):
        write_series(self.folder / name, hours, weather(hours), **options)

    def write_truth(self, *observations, **options):
        """Runs the twin that the estimates of a test start from; its case."""
        if not (self.folder / "weather.nc").exists():
            self.write_weather()
        case = site_case("twin", *observations, **options)
        self.run_case(case, name="truth")
        return case

    def assert_found(self, result, truth, relative=1e-6):
        for name, value in truth.items():
            np.testing.assert_allclose(result[name], value, rtol=relative, err_msg=name)

    def assert_same_results(self, first, second, names=None):
        """Bit for bit."""
        names = names or list(first.data_vars)
        self.assertTrue(names)
        for name in names:
            np.testing.assert_array_equal(first[name], second[name], err_msg=name)
