# SPDX-License-Identifier: BSD-3-Clause
"""Grids and stations on several ranks: the same results, in their places, on any number."""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import numpy as np
import xarray as xr

from support import (TRUTH, GlebeTest, estimating, group_of, rewrite, site_case, weather,
                     write_series)

HOURS = np.arange(-6, 79)
STREAMS = ("surface_temperature", ("soil_temperature", 0.1))
ESTIMATED = ("thermal_conductivity", "heat_capacity", "albedo", "heat_transfer")
MAPPED = ("thermal_conductivity", "albedo")


class Places(GlebeTest):
    """What grids and stations have in common: a truth that differs from column to column, read from
    maps.nc, and a mask."""

    def prepare(self, dimensions, active, coordinates):
        self.active = active
        shape = active.shape
        write_series(self.folder / "weather.nc", HOURS, weather(HOURS, shape), dimensions,
                     coordinates)
        place = np.arange(active.size).reshape(shape) / active.size
        self.truth = {name: np.full(shape, value) for name, value in TRUTH.items()}
        self.truth["thermal_conductivity"] = 0.6 + 1.5 * place
        self.truth["albedo"] = 0.15 + 0.3 * np.cos(5 * place)**2
        maps = {name: (dimensions, np.where(active, self.truth[name], np.nan), {"units": unit})
                for name, unit in (("thermal_conductivity", "W m-1 K-1"), ("albedo", "%"))}
        maps["albedo"] = (dimensions, 100 * maps["albedo"][1], {"units": "%"})
        maps["land"] = (dimensions, active.astype("int8"))
        xr.Dataset(maps).to_netcdf(self.folder / "maps.nc")

    def twin(self, noise=0.0):
        case = site_case("twin", *STREAMS, twin={"noise": noise},
                         grid={"mask_file": "maps.nc", "mask_variable": "land"})
        for name in MAPPED:
            group = group_of(case, name)
            del group["value"]
            group["file"] = "maps.nc"
        return case

    def assert_agree(self, data, reference):
        """The same variables and places, and estimates that agree to 1e-9."""
        self.assertEqual(set(data.variables), set(reference.variables))
        self.assertEqual(data.sizes, reference.sizes)
        for name in reference.variables:
            self.assertEqual(data[name].dims, reference[name].dims, name)
            self.assertEqual(str(data[name].attrs), str(reference[name].attrs), name)
        for name in ESTIMATED:
            np.testing.assert_allclose(data[name], reference[name], rtol=1e-9, err_msg=name)
            np.testing.assert_allclose(data[name + "_std"], reference[name + "_std"], rtol=1e-6)
        for name in ("status", "count_surface_temperature", "albedo_at_bound",
                     "surface_temperature_observed", "cost_initial", *reference.coords):
            np.testing.assert_array_equal(data[name], reference[name], err_msg=name)
        np.testing.assert_allclose(data.cost_final, reference.cost_final, rtol=1e-9)
        np.testing.assert_allclose(data.surface_temperature, reference.surface_temperature,
                                   rtol=1e-10)

    def assert_masked(self, data):
        for name in [*ESTIMATED, "status", "cost_final", "rmse_surface_temperature",
                     "degrees_of_freedom", "heat_transfer_std"]:
            np.testing.assert_array_equal(np.isfinite(data[name]), self.active, err_msg=name)
        np.testing.assert_array_equal(np.isfinite(data.surface_temperature[5]), self.active)


class Grid(Places):
    ACTIVE = np.array([[0, 1, 1, 0, 1], [1, 1, 0, 0, 1], [1, 0, 1, 1, 1]], bool)
    SPARSE = np.array([[0, 0, 0, 0, 0], [0, 1, 0, 1, 1], [1, 0, 0, 1, 0]], bool)

    def prepare_grid(self, active):
        lat = np.array([[40.0 + y + 0.1 * x for x in range(5)] for y in range(3)])
        self.coordinates = {
            "y": ("y", [0.0, 1e3, 2e3], {"units": "m", "axis": "Y"}),
            "x": ("x", np.arange(5) * 1e3, {"units": "m", "axis": "X"}),
            "lat": (("y", "x"), lat, {"units": "degrees_north", "standard_name": "latitude"}),
            "lon": (("y", "x"), (lat - 100).astype("float32"), {"units": "degrees_east"})}
        self.prepare(("y", "x"), active, self.coordinates)

    def test_estimates_agree(self):
        self.prepare_grid(self.ACTIVE)
        truth = self.run_case(self.twin(noise=0.1), name="truth").data
        observed = self.read("observed.nc")
        for ranks in (2, 3, 7):
            self.assert_same_results(
                self.run_case(self.twin(noise=0.1), ranks=ranks, name="truth").data, truth)
            self.assert_same_results(self.read("observed.nc"), observed)
        case = estimating(self.twin(), *ESTIMATED)
        reference = self.run_case(case).data
        self.assert_masked(reference)
        np.testing.assert_array_equal(reference.status.values[self.ACTIVE], 0)
        for ranks in (2, 3, 7):
            run = self.run_case(case, ranks=ranks)
            self.assertIn(f"columns: 10 of 15 cells on {ranks} ranks", run.log)
            with self.subTest(ranks=ranks):
                self.assert_same_results(run.data, reference)
        # TAO's own methods move all columns together, and add up in the order of the ranks.
        case["optimizer"] = {"method": "bntr"}
        one, three = (self.run_case(case, ranks=ranks).data for ranks in (1, 3))
        self.assert_agree(three, one)
        # Noise of 0.1 K, as sigma says, leaves every truth within five standard deviations.
        for name in ESTIMATED:
            error = abs(reference[name] - self.truth[name]) / reference[name + "_std"]
            self.assertTrue(0.1 < float(error.max()) < 5, f"{name}: {error.values}")

    def test_more_ranks_than_columns(self):
        self.prepare_grid(self.SPARSE)
        self.run_case(self.twin(), ranks=7, name="truth")
        case = estimating(self.twin(), *ESTIMATED)
        reference = self.run_case(case).data
        self.assert_masked(reference)
        for name in ESTIMATED:
            np.testing.assert_allclose(reference[name].values[self.SPARSE],
                                       self.truth[name][self.SPARSE], rtol=1e-5)
        data = self.run_case(case, ranks=7).data
        self.assert_masked(data)
        self.assert_same_results(data, reference)

    def test_coordinates_are_copied(self):
        self.prepare_grid(self.ACTIVE)
        self.run_case(self.twin(), ranks=3, name="truth")
        estimated = self.run_case(estimating(self.twin(), *ESTIMATED), ranks=2).data
        for data in (self.read("truth.nc"), self.read("observed.nc"), estimated):
            for name, (dimensions, values, attributes) in self.coordinates.items():
                self.assertEqual(data[name].dims, tuple(np.atleast_1d(dimensions)))
                np.testing.assert_array_equal(data[name], values)
                self.assertEqual(data[name].attrs, attributes)
                self.assertIn(name, data.surface_temperature.coords)
            self.assertEqual(data.lon.dtype, np.float32)
            self.assertEqual(data.surface_temperature.dims, ("time", "y", "x"))

    def test_column_without_observations(self):
        self.prepare_grid(self.ACTIVE)
        self.run_case(self.twin(), name="truth")

        def blind(data):
            for name in ("surface_temperature", "soil_temperature_10cm"):
                data[name][:, 1, 4] = np.nan
            data.surface_temperature[:, 2, 0] = np.nan  # one stream is left
        rewrite(self.folder / "observed.nc", blind)
        case = estimating(self.twin(), "albedo", "heat_transfer")
        for ranks in (1, 2, 7):
            run = self.run_case(case, ranks=ranks)
            data = run.data
            with self.subTest(ranks=ranks):
                meanings = data.status.flag_meanings.split()
                status = {(y, x): meanings[int(data.status[y, x])]
                          for y, x in zip(*np.nonzero(self.ACTIVE))}
                self.assertEqual(status.pop((1, 4)), "no_observation")
                self.assertEqual(set(status.values()), {"converged"})
                for name in ("albedo", "albedo_std", "cost_final", "condition_number"):
                    self.assertTrue(np.isnan(data[name][1, 4]), name)
                    self.assertTrue(np.isfinite(data[name][2, 0]), name)
                self.assertEqual(data.count_surface_temperature[2, 0], 0)
                self.assertTrue(np.isnan(data.rmse_surface_temperature[2, 0]))
                self.assertEqual(data.count_soil_temperature_10cm[2, 0], 73)
                for y, x in status:
                    self.assertAlmostEqual(float(data.albedo[y, x]), self.truth["albedo"][y, x], 5)
                self.assertIn("1 of the columns left out", run.log)


class Masked(Places):
    def estimate(self, active, ranks=1):
        """With three starts, a bootstrap and considered values drawn, from the same observations;
        two columns of three classes share the considered emissivity."""
        xr.Dataset({"land": ("station", np.array(active, "int8"))}).to_netcdf(
            self.folder / "mask.nc")
        case = estimating(self.twin(), "albedo", "heat_transfer")
        case["grid"] = {"mask_file": "mask.nc", "mask_variable": "land"}
        case["optimizer"] = {"starts": 3}
        case["posterior"] = {"bootstrap": 4}
        group_of(case, "heat_capacity")["prior_std"] = 1e5
        group_of(case, "emissivity").update(prior_std=0.02, space="region",
                                            region_file="classes.nc", region_variable="class")
        return self.run_case(case, ranks=ranks, name=f"masked_{ranks}").data

    def test_a_mask_leaves_other_columns_as_they_are(self):
        """Random numbers belong to the cell: those of starts, noise and considered values."""
        self.prepare(("station",), np.ones(6, bool), {})
        xr.Dataset({"class": ("station", np.array([7, 1, 3, 3, 1, 3], "int32"))}).to_netcdf(
            self.folder / "classes.nc")
        self.run_case(self.twin(noise=0.1), name="truth")
        whole = self.estimate([1, 1, 1, 1, 1, 1])
        self.assertGreater(float(abs(whole.albedo_bootstrap_std).max()), 0)
        for ranks in (1, 2):
            part = self.estimate([0, 1, 1, 0, 1, 1], ranks)
            left = [1, 2, 4, 5]
            for name in whole.data_vars:
                if "station" in whole[name].dims:
                    np.testing.assert_array_equal(part[name].isel(station=left),
                                                  whole[name].isel(station=left), err_msg=name)
            self.assertTrue(np.isnan(part.albedo[[0, 3]]).all())


class OneSite(GlebeTest):
    def test_more_ranks_than_columns(self):
        """With the four fluxes of a tower, whose balance all ranks sum up."""
        streams = [("soil_temperature", 0.05), "net_radiation", ("ground_heat_flux", 0.0),
                   "turbulent_heat"]
        case = estimating(self.write_truth(*streams), "albedo", "heat_capacity")
        one = self.run_case(case)
        self.assertIn("observed balance", one.log)
        three = self.run_case(case, ranks=3, name="three")
        self.assert_same_results(one.data, three.data, ["albedo", "heat_capacity", "cost_final"])


class Launchers(GlebeTest):
    """Processes that a launcher of another MPI has started know nothing of each other."""

    def run_alone(self, **env):
        self.write_weather()
        return self.glebe(self.write_case(site_case("forward", "surface_temperature")), env=env)

    def test_of_another_mpi(self):
        done = self.run_alone(PMI_SIZE="2")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"2 processes were started \(PMI_SIZE = 2\), but for MPI "
                         r"\(.+\) this one is alone")
        self.assertFalse((self.folder / "case.nc").exists())

    def test_of_slurm(self):
        done = self.run_alone(SLURM_STEP_NUM_TASKS="4")
        self.assertEqual(done.returncode, 0)
        self.assertIn("4 processes were started (SLURM_STEP_NUM_TASKS = 4)", done.stdout)

    def test_one_process(self):
        done = self.run_alone(PMI_SIZE="1", SLURM_STEP_NUM_TASKS="4")
        self.assertNotIn("processes were started", done.stdout + done.stderr)


class Stations(Places):
    def test_stations(self):
        active = np.array([1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1], bool)
        coordinates = {"station": ("station", np.arange(11) + 100, {"long_name": "number"})}
        self.prepare(("station",), active, coordinates)
        self.run_case(self.twin(noise=0.1), ranks=2, name="truth")
        case = estimating(self.twin(), *ESTIMATED)
        reference = self.run_case(case).data
        self.assert_masked(reference)
        np.testing.assert_array_equal(reference.station, np.arange(11) + 100)
        for ranks in (2, 3, 7):
            with self.subTest(ranks=ranks):
                self.assert_same_results(self.run_case(case, ranks=ranks).data, reference)

    def test_each_station_is_a_site(self):
        """A station gets what a run of its own data alone gives: columns are independent."""
        active = np.ones(3, bool)
        self.prepare(("station",), active, {})
        self.run_case(self.twin(noise=0.1), name="truth")
        together = self.run_case(estimating(self.twin(), *ESTIMATED)).data
        for name in ("weather.nc", "observed.nc"):
            rewrite(self.folder / name, lambda data: data.isel(station=1))
        case = estimating(site_case("twin", *STREAMS), *ESTIMATED)
        alone = self.run_case(case).data
        for name in ESTIMATED:
            np.testing.assert_array_equal(alone[name], together[name][1], err_msg=name)
        np.testing.assert_array_equal(alone.cost_final, together.cost_final[1])

    def estimate_with_an_impossible_station(self, *estimated, **albedo):
        """Three stations, the middle one with fluxes that feed on themselves (a bowen ratio between
        -1 and 0 turns their sum round): {ranks: (result, log)}."""
        self.prepare(("station",), np.ones(3, bool), {})
        case = site_case("twin", *STREAMS, truth={**TRUTH, "bowen_ratio": 2.0},
                         surface={"turbulence": "bowen"})
        self.run_case(case, name="truth")
        xr.Dataset({"bowen_ratio": ("station", [2.0, -0.4, 2.0], {"units": "1"})}).to_netcdf(
            self.folder / "ratio.nc")
        case = estimating(case, *estimated)
        del group_of(case, "bowen_ratio")["value"]
        group_of(case, "bowen_ratio")["file"] = "ratio.nc"
        group_of(case, "albedo").update(albedo)
        return {ranks: self.run_case(case, ranks=ranks) for ranks in (1, 3)}

    def assert_failed_in_the_middle(self, run):
        self.assertEqual(run.data.status.flag_meanings.split()[int(run.data.status[1])],
                         "model_failed")
        self.assertRegex(run.log, "warning: 1 of the columns .*: in 1 of them the model failed")

    def assert_others_found(self, data, *estimated):
        np.testing.assert_array_equal(data.status[[0, 2]], 0)
        for name in estimated:
            np.testing.assert_allclose(data[name][[0, 2]], TRUTH[name], rtol=1e-6)

    def test_station_without_solution_at_first_guess(self):
        estimated = ("albedo", "thermal_conductivity")
        for ranks, run in self.estimate_with_an_impossible_station(*estimated).items():
            with self.subTest(ranks=ranks):
                self.assert_failed_in_the_middle(run)
                self.assertTrue(np.isnan(run.data.albedo[1]))
                self.assert_others_found(run.data, *estimated)

    def test_station_without_solution_that_shares_a_value(self):
        """It has observations, and what it shares is known from the others."""
        runs = self.estimate_with_an_impossible_station("albedo", "thermal_conductivity",
                                                        space="domain")
        for ranks, run in runs.items():
            with self.subTest(ranks=ranks):
                self.assert_failed_in_the_middle(run)
                self.assertIn("without observations or, in 1, whose model failed", run.log)
                np.testing.assert_allclose(run.data.albedo, TRUTH["albedo"], rtol=1e-5)
                self.assertTrue(np.isnan(run.data.thermal_conductivity[1]))

    def test_station_that_loses_its_solution(self):
        """It must not take the others with it."""
        for run in self.estimate_with_an_impossible_station("albedo").values():
            self.assert_others_found(run.data, "albedo")

    def test_sites_of_length_one(self):
        """Forcing on dimensions of length one, observations without any."""
        write_series(self.folder / "weather.nc", HOURS, weather(HOURS, (1, 1)), ("y", "x"))
        self.run_case(site_case("twin", *STREAMS), name="truth")
        observed = self.read("observed.nc")
        self.assertEqual(observed.surface_temperature.shape, (73, 1, 1))
        rewrite(self.folder / "observed.nc", lambda data: data.isel(y=0, x=0))
        data = self.run_case(estimating(site_case("twin", *STREAMS), *ESTIMATED), ranks=2).data
        self.assertEqual(data.albedo.shape, (1, 1))
        self.assert_found(data, {name: [[TRUTH[name]]] for name in ESTIMATED})


@unittest.skipUnless(os.environ.get("GLEBE_DATA"), "GLEBE_DATA is not set")
class Region(GlebeTest):
    """The region of runs/little_washita: real weather, 1681 columns, every variable of its results.
    """
    RUN = pathlib.Path(__file__).resolve().parents[2] / "runs/little_washita"

    def test_every_variable_is_the_same(self):
        output = self.folder / "output"
        output.mkdir()
        subprocess.run([sys.executable, self.RUN / "prepare.py", os.environ["GLEBE_DATA"],
                        output / "forcing.nc", output / "truth.nc"], check=True,
                       capture_output=True)
        for name in ("twin.nml", "estimate.nml"):
            shutil.copy(self.RUN / name, self.folder)
        results = {}
        for ranks in (1, 2, 3):
            for name in ("twin.nml", "estimate.nml"):
                done = self.glebe(name, ranks=ranks)
                self.assertEqual(done.returncode, 0, done.stderr)
            results[ranks] = {name: self.read(f"output/{name}.nc")
                              for name in ("twin", "observations", "estimate")}
        for ranks in (2, 3):
            for name, reference in results[1].items():
                with self.subTest(ranks=ranks, result=name):
                    self.assertEqual(set(results[ranks][name].variables), set(reference.variables))
                    self.assert_same_results(results[ranks][name], reference,
                                             list(reference.variables))


if __name__ == "__main__":
    unittest.main()
