# SPDX-License-Identifier: BSD-3-Clause
"""Runs at the ends of what users may ask for: more ranks than columns and cores, one observation, a
thousand nodes, a million steps, a thousand files, a hundred thousand stations and their report.

GLEBE names the program, MPIEXEC the starter of MPI."""
import pathlib
import resource
import subprocess
import sys
import unittest

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cli"))

from support import (GlebeTest, estimating, rewrite, site_case, weather,  # noqa: E402
                     write_series)

STREAMS = ("surface_temperature", ("soil_temperature", 0.1))


class Extremes(GlebeTest):
    def forward(self, name="case", **options):
        case = site_case("forward", "surface_temperature", **options)
        return self.run_case(case, name=name).data["surface_temperature"].values

    def test_more_ranks_than_columns_and_cores(self):
        truth = self.write_truth(*STREAMS, twin={"noise": 1.0})
        case = estimating(truth, "thermal_conductivity", "albedo")
        one, eight = self.run_case(case), self.run_case(case, ranks=8, name="eight")
        self.assert_same_results(one.data, eight.data)

    def test_one_observation(self):
        truth = self.write_truth("surface_temperature")

        def keep_one(data):
            data["surface_temperature"][np.arange(data.sizes["time"]) != 36] = np.nan
        rewrite(self.folder / "observed.nc", keep_one)
        case = estimating(truth, "albedo")
        case["posterior"] = {"bootstrap": 5, "profile": "albedo"}
        result = self.run_case(case)
        self.assertEqual(result.data["count_surface_temperature"], 1)
        np.testing.assert_allclose(result.data["albedo"], 0.25, atol=1e-5)
        self.assertNotRegex(result.log, r"(?i)\bnan\b|\binf\b")

    def test_a_thousand_nodes(self):
        self.write_weather()
        many, few = (self.forward(name, soil={"nodes": nodes, "stretch": 1.0})
                     for name, nodes in (("many", 1000), ("few", 250)))
        # The error of the coarser grid is of second order: 3 mm between nodes.
        np.testing.assert_allclose(many, few, atol=0.02)

    def test_a_million_steps(self):
        self.write_weather()
        window = {"start": "2001-06-01", "stop": "2001-06-04"}
        many = self.forward("many", time={**window, "step": 0.2592})
        few = self.forward("few", time={**window, "step": 259.2})
        self.assertEqual(len(many), 1000001)
        # The first steps see that the column begins at one temperature.
        np.testing.assert_allclose(many[20000::1000], few[20:], atol=0.02)  # [K]

    def test_a_thousand_files(self):
        """More than a process may have open: one is open at a time."""
        hours = np.arange(-6, 1094)
        self.write_weather(hours)
        for i, hour in enumerate(hours):
            write_series(self.folder / f"hour_{i:04}.nc", [hour], weather([hour]),
                         file_format="NETCDF3_CLASSIC")
        window = {"time": {"start": "2001-06-01", "stop": "2001-07-15", "step": 3600}}
        one = self.forward("one", **window)
        case = site_case("forward", "surface_temperature", **window,
                         forcing={"file": "hour_*.nc"})
        files = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, files[1]))
        try:
            many = self.run_case(case, name="many").data["surface_temperature"].values
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, files)
        np.testing.assert_array_equal(one, many)


class ManyStations(GlebeTest):
    def prepare(self, stations):
        """An estimate at so many stations from all hours of three days."""
        hours = np.arange(-6, 79)
        same = {name: (np.repeat(values[:, None], stations, axis=1), units)
                for name, (values, units) in weather(hours).items()}
        write_series(self.folder / "weather.nc", hours, same, ("station",))
        truth = site_case("twin", *STREAMS)
        self.run_case(truth, name="truth")
        return estimating(truth, "thermal_conductivity", "heat_capacity", "albedo")

    def test_a_hundred_thousand_stations(self):
        case = self.prepare(100000)
        case["run"]["series"] = False
        self.run_case(case)
        subprocess.run([sys.executable, ROOT / "tools/report.py", "case.nc", "-o", "report.html"],
                       cwd=self.folder, check=True)
        self.assertLess((self.folder / "report.html").stat().st_size, 10e6)


if __name__ == "__main__":
    unittest.main()
