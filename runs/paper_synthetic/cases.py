#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Run the source paper's cases and those that go beyond it, all made from a few namelists.

The 50 starts of a case are 50 columns of one run. They are the paper's own where GLEBE_DATA has
paper/trials_*.csv, otherwise as many random ones from its ranges. Cases whose data are absent are
left out. Namelists, logs and results go into the output folder.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import xarray as xr

import namelists

HERE = pathlib.Path(__file__).resolve().parent
RUNS = HERE.parent
N_START = 50
UNITS = {"thermal_conductivity": "W m-1 K-1", "heat_capacity": "J m-3 K-1", "albedo": "1",
         "emissivity": "1", "heat_transfer": "W m-2 K-1", "bowen_ratio": "1",
         "deep_temperature": "K"}

# What the paper estimates, {parameter: (column of its table, range of its starts)}.
SYNTHETIC = {"thermal_conductivity": ("conductivity", 0.47, 0.8),
             "heat_capacity": ("heat_capacity", 2e6, 2.5e6), "albedo": ("albedo", 0.05, 0.5),
             "heat_transfer": ("h", 5, 20), "bowen_ratio": ("bowen_ratio", 0.5, 5),
             "deep_temperature": ("deep_temperature", 290, 303)}
PHOENIX = {"heat_transfer": ("h_combined", 5, 31),
           **{name: SYNTHETIC[name] for name in ("thermal_conductivity", "heat_capacity",
                                                 "deep_temperature")}}
STREAMS = {"0cm": (0,), "5cm": (0.05,), "0_5cm": (0, 0.05), "5_15cm": (0.05, 0.15)}
FROM_STARTS = ("5cm", "0_5cm", "5_15cm")
PUBLISHED = {"5cm": "trials_one_depth.csv", "0_5cm": "trials_two_depths.csv"}
NOISE = {"clean": 0.0, "noisy": 0.1}  # [K]

# Kendall Grassland. Errors: the misfit that remains, times the square root of 13, because of the
# residuals one half hour in 13 is independent of the others.
SOIL_SIGMA = {"SoilTemp_5cm": 8.0, "SoilTemp_15cm": 3.0}
ADDED = {"longwave_up": 30.0, "ground_heat_flux": 60.0, "turbulent_heat": 180.0,
         "net_radiation": 45.0}
# First guess of the profile [K] at depths [m]: the sensors' first values, and below them the warm
# half of the year over a mean of 293 K.
PROFILE = {0.0: 287.0, 0.05: 289.5, 0.15: 294.0, 0.5: 296.0, 1.0: 295.0, 2.0: 293.0}


def added_streams():
    """{case: kinds fitted beside the two depths}: one after the other, then each alone."""
    kinds = list(ADDED)
    steps = {f"us_wkg_{i}": kinds[:i] for i in range(len(kinds) + 1)}
    return {**steps, **{f"us_wkg_{kind}": [kind] for kind in kinds[1:]}}


# ---- Inputs ---------------------------------------------------------------------------------

def data_file(name):
    """A file in GLEBE_DATA, or None."""
    path = pathlib.Path(os.environ.get("GLEBE_DATA", "/nonexistent")) / name
    return path if path.exists() else None


def write_starts(path, sought, trials, which="start"):
    """The starts, or ends, on the dimension `start`; the emissivity too, which puts twins on it."""
    published = data_file(f"paper/{trials}")
    if published:
        table = pd.read_csv(published)
        values = {name: table[f"{which}_{column}"] for name, (column, *_) in sought.items()}
    else:
        print(f"{trials} is not in GLEBE_DATA: random starts from the paper's ranges")
        random = np.random.default_rng(1)
        values = {name: random.uniform(*limits, N_START)
                  for name, (_, *limits) in sought.items()}
    values["emissivity"] = np.full(N_START, 0.95)
    xr.Dataset({name: ("start", np.asarray(value), {"units": UNITS[name]})
                for name, value in values.items()}).to_netcdf(path)


def write_air(path):
    """240 h of air whose temperature and humidity vary, by 3 K and 0.5 g/kg."""
    hours = np.arange(-6, 247)
    day = 2 * np.pi * hours / 24
    slow = np.sin(0.37 * day) * np.cos(0.11 * day)  # so that no two days agree
    fields = {"SWdown": (np.maximum(0, -np.cos(day)) * (880 - 60 * slow), "W m-2"),
              "LWdown": (330 + 25 * slow - 10 * np.cos(day - 0.7), "W m-2"),
              "Tair": (294 + 3 * slow - 3 * np.cos(day - 0.6), "K"),
              "Qair": (0.008 + 0.0005 * np.cos(0.6 * day), "kg kg-1"),
              "PSurf": (96500 + 400 * slow, "Pa")}
    since = {"units": "hours since 2000-01-01", "calendar": "standard"}
    xr.Dataset({name: ("time", values, {"units": units})
                for name, (values, units) in fields.items()},
               {"time": ("time", hours, since)}).to_netcdf(path)


# ---- Namelists ------------------------------------------------------------------------------

def observe(groups, depths, **keys):
    """Replaces the &observation groups by temperatures at these depths."""
    groups[:] = [group for group in groups if group[0] != "observation"]
    for depth in depths:
        kind = {"kind": "soil_temperature", "depth": depth} if depth else \
            {"kind": "surface_temperature"}
        groups.append(("observation", {}))
        namelists.put(groups[-1][1], **kind, **keys)


def start_from_file(groups, names, file="starts.nc"):
    for name in names:
        namelists.put(namelists.named(groups, name), value=None, file=file)


def estimate(depths, observed):
    """Like two_depths.nml, from other depths and observations."""
    groups = namelists.read(HERE / "two_depths.nml")
    namelists.change(groups, optimizer={"method": "column_newton"})
    observe(groups, depths, file=f"observed_{observed}.nc", sigma=0.1, stamp="instant")
    return groups


def synthetic(case):
    """The paper's controls from 50 starts, without noise and each with noise of its own. Then, from
    one start without noise, what the data can tell: with the initial temperature in place of the
    Bowen ratio, which they cannot tell, and with the Bowen ratio."""
    write_starts(case.output / "starts.nc", SYNTHETIC, "trials_two_depths.csv")
    for observed, noise in NOISE.items():
        groups = namelists.read(HERE / "twin.nml")
        start_from_file(groups, ["emissivity"])
        namelists.change(groups, twin={"file": f"observed_{observed}.nc", "noise": noise})
        case.run(f"twin_{observed}", groups)
        for name in FROM_STARTS:
            groups = estimate(STREAMS[name], observed)
            start_from_file(groups, ["emissivity", *SYNTHETIC])
            case.run(f"{name}_{observed}", groups)
    groups = namelists.read(HERE / "twin.nml")
    namelists.change(groups, twin={"file": "observed_once.nc"})
    case.run("twin_once", groups)
    case.run("bowen", estimate(STREAMS["0_5cm"], "once"))
    for name, trials in PUBLISHED.items():
        if data_file(f"paper/{trials}"):  # its first cost is the misfit where the paper stopped
            write_starts(case.output / f"ends_{name}.nc", SYNTHETIC, trials, "final")
            groups = estimate(STREAMS[name], "clean")
            start_from_file(groups, ["emissivity", *SYNTHETIC], f"ends_{name}.nc")
            case.run(f"{name}_ends", groups)
    for name, depths in STREAMS.items():
        groups = estimate(depths, "once")
        namelists.put(namelists.named(groups, "bowen_ratio"), estimate=None, value=1.5)
        namelists.put(namelists.named(groups, "initial_temperature"), estimate=True, lower=270,
                      upper=320)
        case.run(f"{name}_told", groups)


def humidity(case):
    """The humidity form in varying air: sensible and latent heat apart."""
    write_air(case.output / "air.nc")

    def physics(groups):
        namelists.change(groups, time={"stop": "2000-01-11", "scheme": "sdirk2"},
                         surface={"longwave": "absorbed", "turbulence": "humidity"})
        groups[:] = [("forcing", {}) if name == "forcing" else (name, keys)
                     for name, keys in groups]
        namelists.change(groups, forcing={"file": "air.nc", "stamp": "instant"})
        namelists.put(namelists.named(groups, "bowen_ratio"), name="latent_transfer", value=8)
        return groups

    twin = physics(namelists.read(HERE / "twin.nml"))
    namelists.change(twin, twin={"file": "observed_humidity.nc", "noise": 0.1})
    case.run("twin_humidity", twin)
    groups = physics(estimate(STREAMS["0_5cm"], "humidity"))
    namelists.put(namelists.named(groups, "latent_transfer"), value=5, lower=0, upper=40)
    case.run("humidity", groups)


def west_phoenix(case):
    """The paper's real case from its 50 starts: the forcing is repeated for each."""
    if not data_file("phoenix"):
        print("west_phoenix: skipped, GLEBE_DATA with phoenix/ is not there")
        return
    prepare("west_phoenix", case.output / "window.nc")
    write_starts(case.output / "starts.nc", PHOENIX, "trials_west_phoenix.csv")
    with xr.open_dataset(case.output / "window.nc", decode_times=False) as window:
        names = ["SWdown", "LWdown", "Tair"]
        repeated = window[names].expand_dims(start=N_START).transpose("time", "start")
        repeated.to_netcdf(case.output / "forcing.nc")
    groups = namelists.read(RUNS / "west_phoenix/estimate.nml")
    namelists.change(groups, forcing={"file": "forcing.nc"}, observation={"file": "window.nc"})
    start_from_file(groups, PHOENIX)
    case.run("west_phoenix", groups)


def tower():
    """The namelist of Kendall Grassland as it stands."""
    groups = namelists.read(RUNS / "us_wkg_2004/estimate.nml")
    namelists.change(groups, forcing={"file": "tower.nc"}, observation={"file": "tower.nc"})
    return groups


def deep_tower(kinds, profile_std):
    """The same, in a column that reaches below the wave of the weeks, with a profile known to
    `profile_std` [K]; `kinds` are fitted beside the two depths."""
    groups = tower()
    namelists.change(groups, soil={"depth": 3.0, "nodes": 81, "stretch": 1.04, "bottom": "flux"})
    namelists.put(namelists.named(groups, "deep_temperature"), name="geothermal_flux", value=0.0,
                  estimate=None, lower=None, upper=None)
    namelists.put(namelists.named(groups, "initial_temperature"), depth=list(PROFILE),
                  value=list(PROFILE.values()), prior_std=profile_std)
    for variable, sigma in SOIL_SIGMA.items():
        namelists.put(namelists.named(groups, variable), sigma=sigma)
    for kind in kinds:
        namelists.put(namelists.named(groups, kind), withhold=None, sigma=ADDED[kind])
    groups.append(("posterior", {"autocorrelation": ".false."}))  # it is in sigma
    return groups


def us_wkg(case):
    """Kendall Grassland: what each stream adds to two depths."""
    if not data_file("us_wkg_2004"):
        print("us_wkg: skipped, GLEBE_DATA with us_wkg_2004/ is not there")
        return
    prepare("us_wkg_2004", case.output / "tower.nc")
    case.run("us_wkg_shallow", tower())
    case.run("us_wkg_loose", deep_tower([], 2.0))
    for name, kinds in added_streams().items():
        case.run(name, deep_tower(kinds, 1.0))


# ---- Running --------------------------------------------------------------------------------

def prepare(run, path):
    subprocess.run([sys.executable, RUNS / run / "prepare.py", os.environ["GLEBE_DATA"], path],
                   check=True, stdout=subprocess.DEVNULL)


class Case:
    """Runs namelists in a folder."""

    def __init__(self, output, command):
        self.output, self.command = output, command
        output.mkdir(parents=True, exist_ok=True)

    def run(self, name, groups):
        """Runs <name>.nml: the result is <name>.nc, the log <name>.log."""
        namelists.change(groups, run={"output": f"{name}.nc"})
        namelists.write(groups, self.output / f"{name}.nml")
        begin = time.perf_counter()
        done = subprocess.run([*self.command, f"{name}.nml"], cwd=self.output, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        (self.output / f"{name}.log").write_text(done.stdout)
        if done.returncode:
            sys.exit(f"{done.stdout}\ncases.py: {name}: failed, status {done.returncode}")
        print(f"{name:24} {time.perf_counter() - begin:6.2f} s")


CASES = {"synthetic": synthetic, "humidity": humidity, "west_phoenix": west_phoenix,
         "us_wkg": us_wkg}


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", choices=[[], *CASES], help="all unless named")
    parser.add_argument("--output", type=pathlib.Path, default=HERE / "output")
    parser.add_argument("--ranks", type=int, default=1)
    args = parser.parse_args(argv)
    glebe = os.path.abspath(os.environ.get("GLEBE", RUNS.parent / "build/release/glebe"))
    start = [os.environ.get("MPIEXEC", "mpirun"), "-n", str(args.ranks)] if args.ranks > 1 else []
    for name in args.cases or CASES:
        CASES[name](Case(args.output / name, [*start, glebe]))


if __name__ == "__main__":
    main()
