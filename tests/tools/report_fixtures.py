# SPDX-License-Identifier: BSD-3-Clause
"""Results for the tests of the report, made by the program itself: a site with a withheld stream,
a grid of 4 x 5 columns of which one has no observations, stations, a forward run, designs, a
parameter in time, a smooth field known in a part of the grid."""
import pathlib

import numpy as np
import xarray as xr

import source_tree  # noqa: F401 (support can be imported)
import support

STREAMS = (("soil_temperature", 0.05), ("soil_temperature", 0.15), "net_radiation")
ESTIMATED = ("thermal_conductivity", "heat_capacity", "heat_transfer", "deep_temperature")
HOURS = np.arange(-6, 79)


class Maker(support.GlebeTest):
    """Runs the program in a folder that outlives a test."""

    def runTest(self):
        pass

    def estimate(self, name, shape=(), dimensions=(), coordinates=None, change=None):
        """A twin and the estimate from it; `change` may alter the observations in between."""
        support.write_series(self.folder / "weather.nc", HOURS, support.weather(HOURS, shape),
                             dimensions, coordinates)
        twin = support.site_case("twin", *STREAMS, twin={"noise": [0.1, 0.1, 5.0]})
        self.run_case(twin, name=f"{name}_truth")
        if change:
            support.rewrite(self.folder / "observed.nc", change)
        case = support.estimating(twin, *ESTIMATED)
        case["run"]["title"] = f"Test of {name} <a & b>"
        support.group_of(case, "net_radiation").update(withhold=True, sigma=5.0)
        self.run_case(case, name=name)
        return self.folder / f"{name}.nc"

    def design(self, name, shape=(), dimensions=(), coordinates=None):
        """A second thermometer at three depths for one, two or three days."""
        support.write_series(self.folder / "weather.nc", HOURS, support.weather(HOURS, shape),
                             dimensions, coordinates)
        case = support.site_case("design", STREAMS[0])
        case["run"]["title"] = f"Test of {name} <a & b>"
        group = support.group_of(case, "soil_temperature")
        group.update(sigma=0.1, stamp="instant")
        days = [1.0, 2.0, 3.0]
        case["design"] = [
            {"name": "alone", "streams": "soil_temperature_5cm", "days": days},
            {"name": "second thermometer", "streams": "soil_temperature_5cm",
             "depths": [0.0, 0.1, 0.3], "sigma": 0.1, "days": days}]
        case["ranking"] = {"parameters": list(ESTIMATED[:2])}
        for parameter in ESTIMATED:
            _, lower, upper = support.GUESSES[parameter]
            support.group_of(case, parameter).update(estimate=True, lower=lower, upper=upper)
        self.run_case(case, name=name)
        return self.folder / f"{name}.nc"

    def split(self, name, shape=(), dimensions=(), coordinates=None):
        """Three days, each by itself too."""
        support.write_series(self.folder / "weather.nc", HOURS, support.weather(HOURS, shape),
                             dimensions, coordinates)
        twin = support.site_case("twin", *STREAMS, twin={"noise": [0.1, 0.1, 5.0]})
        self.run_case(twin, name=f"{name}_truth")
        case = support.estimating(twin, *ESTIMATED)
        case["split"] = {"parts": 3}
        support.group_of(case, "net_radiation").update(withhold=True, sigma=5.0)
        self.run_case(case, name=name)
        return self.folder / f"{name}.nc"

    def in_time(self, name):
        """Ten values of heat_transfer, eight hours each."""
        support.write_series(self.folder / "weather.nc", HOURS, support.weather(HOURS))
        twin = support.site_case("twin", *STREAMS[:2], twin={"noise": 0.1})
        self.run_case(twin, name=f"{name}_truth")
        case = support.estimating(twin, *ESTIMATED[:3])
        support.group_of(case, "heat_transfer").update(time="steps", knot_interval=8.0,
                                                       time_std=2.0)
        self.run_case(case, name=name)
        return self.folder / f"{name}.nc"

    def coupled(self, name, shape, dimensions, coordinates):
        """A smooth conductivity on a grid with observations in its first and last columns only."""
        support.write_series(self.folder / "weather.nc", HOURS, support.weather(HOURS, shape),
                             dimensions, coordinates)
        twin = support.site_case("twin", *STREAMS[:2], twin={"noise": 0.1})
        self.run_case(twin, name=f"{name}_truth")
        support.rewrite(self.folder / "observed.nc", blind_inside)
        case = support.estimating(twin, "thermal_conductivity", "albedo")
        support.group_of(case, "albedo")["prior_std"] = 0.1
        support.group_of(case, "thermal_conductivity").update(prior_std=0.3,
                                                              correlation_length=4.0)
        self.run_case(case, name=name)
        return self.folder / f"{name}.nc"


def blind_inside(data):
    for stream in ("soil_temperature_5cm", "soil_temperature_15cm"):
        data[stream][:, :, 1:4] = np.nan


def blind(data):
    for stream in ("soil_temperature_5cm", "soil_temperature_15cm"):
        data[stream][:, 2, 3] = np.nan


def make_results(folder):
    """{name: path} of all results in a folder."""
    maker = Maker()
    maker.folder = pathlib.Path(folder)
    y = ("y", np.arange(4) * 1000.0, {"units": "m"})
    x = ("x", np.arange(5) * 1000.0, {"units": "m"})
    grid = (4, 5), ("y", "x"), {"y": y, "x": x}
    return {
        "site": maker.estimate("site"),
        "grid": maker.estimate("grid", *grid, blind),
        "stations": maker.estimate("stations", (3,), ("station",)),
        "forward": maker.folder / "site_truth.nc",
        "design": maker.design("design"),
        "design_grid": maker.design("design_grid", *grid),
        "in_time": maker.in_time("in_time"),
        "split": maker.split("split"),
        "split_grid": maker.split("split_grid", *grid),
        "coupled": maker.coupled("coupled", *grid),
    }


def judged(path, to):
    """A copy of a result with verdicts, as an estimate writes them."""
    result = xr.load_dataset(path)
    result.attrs["verdict"] = ("heat_transfer: determined.\n"
                               "heat_capacity < 4e6 & more: determined only in combination.")
    for n, name in enumerate(ESTIMATED):
        codes = np.where(np.isfinite(result[name]), n % 3, np.nan)
        result[f"{name}_verdict"] = (result[name].dims, codes, {
            "flag_values": np.array([0, 1, 2], "i1"),
            "flag_meanings": "determined in_combination not_determined"})
    result.to_netcdf(to)
    return to


def wide_grid(path, to, size=164):
    """A copy of a gridded result without series, repeated until it is wide."""
    result = xr.load_dataset(path)
    result = result.drop_vars([name for name in result.variables
                               if any(str(dim).startswith("time") for dim in result[name].dims)])
    noise = np.random.default_rng(1).normal(1, 0.05, (size, size))
    wide = xr.Dataset(attrs=result.attrs)
    for name, variable in result.variables.items():
        if variable.dims[-2:] != ("y", "x"):
            if name not in ("y", "x"):
                wide[name] = variable
            continue
        repeats = [1] * (variable.ndim - 2) + [-(-size // n) for n in variable.shape[-2:]]
        values = np.tile(variable.values, repeats)[..., :size, :size]
        if "flag_values" not in variable.attrs:
            values = values * noise
        wide[name] = (variable.dims, values, variable.attrs)
    wide = wide.assign_coords(y=("y", np.arange(size) * 1000.0, {"units": "m"}),
                              x=("x", np.arange(size) * 1000.0, {"units": "m"}))
    wide.to_netcdf(to)
    return to

