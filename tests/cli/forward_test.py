# SPDX-License-Identifier: BSD-3-Clause
"""Modes forward and twin at a site: fluxes, times, conservation, first states, and noise."""
import re
import unittest

import numpy as np
import pandas as pd
import xarray as xr

from support import TRUTH, GlebeTest, estimating, group_of, site_case, weather

SIGMA = 5.670374419e-8
FLUXES = {"longwave_up": "surface_upwelling_longwave_flux_in_air",
          "ground_heat_flux": "downward_heat_flux_in_soil",
          "sensible_heat": "surface_upward_sensible_heat_flux",
          "latent_heat": "surface_upward_latent_heat_flux",
          "net_radiation": "surface_net_downward_radiative_flux"}


class Forward(GlebeTest):
    def test_surface_fluxes(self):
        self.write_weather()
        truth = {**TRUTH, "bowen_ratio": 2.0}
        case = site_case("forward", ("soil_temperature", 0.05), truth=truth,
                         surface={"turbulence": "bowen"}, run={"title": "A site"})
        data = self.run_case(case).data
        for name, standard_name in {**FLUXES, "surface_temperature": "surface_temperature",
                                    "soil_temperature_5cm": "soil_temperature"}.items():
            self.assertEqual(data[name].standard_name, standard_name)
            self.assertEqual(data[name].units, "K" if "temperature" in name else "W m-2")
            self.assertEqual(data[name].shape, (73,))
            self.assertEqual(data[name].cell_methods, "time: point")
            self.assertTrue(np.isfinite(data[name]).all(), name)
        self.assertEqual(data.soil_temperature_5cm.depth, 0.05)
        self.assertEqual(data.Conventions, "CF-1.10")
        self.assertEqual(data.title, "A site")
        self.assertIn("'forward'", data.namelist)
        self.assert_found(data, truth, 1e-15)

        turbulent = data.sensible_heat + data.latent_heat
        np.testing.assert_allclose(data.turbulent_heat, turbulent, atol=1e-10)
        np.testing.assert_allclose(data.net_radiation, data.ground_heat_flux + turbulent,
                                   atol=1e-10)

        # The fluxes by hand from the surface temperature; the program keeps forcing in single
        # precision, which is 3e-5 in 400.
        air = {name: values for name, (values, _) in weather(range(73)).items()}
        T = data.surface_temperature.values
        longwave_up = 0.96 * SIGMA * T**4 + 0.04 * air["LWdown"]
        np.testing.assert_allclose(data.longwave_up, longwave_up, atol=1e-3)
        np.testing.assert_allclose(data.net_radiation,
                                   0.75 * air["SWdown"] + air["LWdown"] - longwave_up, atol=1e-3)
        np.testing.assert_allclose(data.sensible_heat, 15 * (T - air["Tair"]), atol=1e-3)
        np.testing.assert_allclose(data.latent_heat, data.sensible_heat / 2, rtol=1e-12)

    def test_times_for_xarray(self):
        self.write_weather()
        case = site_case("forward", "surface_temperature", "net_radiation")
        group_of(case, "net_radiation").update(stamp="end", interval=7200, name="Rn")
        means = self.run_case(case).data.Rn.values
        with xr.open_dataset(self.folder / "case.nc", decode_times=True) as data:
            start, stop = pd.Timestamp("2001-06-01"), pd.Timestamp("2001-06-04")
            self.assertEqual(data.time.values[0], start)
            self.assertEqual(data.time.values[-1], stop)
            axis = data.Rn.dims[0]
            self.assertEqual(data[axis].values[0], start + pd.Timedelta("2h"))
            self.assertEqual(data.Rn.cell_methods, "time_Rn: mean")
            bounds = data[data[axis].attrs.get("bounds") or data[axis].encoding["bounds"]]
            np.testing.assert_array_equal(bounds[:, 1], data[axis])
            np.testing.assert_array_equal(bounds[1:, 0], data[axis][:-1])
        # Means of the fluxes at instants, by the trapezoidal rule, are much the same.
        instants = self.run_case(site_case("forward")).data.net_radiation.values
        trapezoid = (instants[:-2:2] + 2 * instants[1:-1:2] + instants[2::2]) / 4
        self.assertLess(abs(means - trapezoid).mean(), 0.05 * instants.std())

    def test_heat_is_conserved(self):
        """The soil warms by what enters at the surface and from below: exact for backward Euler."""
        self.write_weather()
        nodes = np.array([0, 0.02, 0.05, 0.1, 0.2, 0.4])
        truth = {**TRUTH, "geothermal_flux": 7.0}
        case = site_case("forward", *(("soil_temperature", z) for z in nodes), truth=truth,
                         time={"scheme": "backward_euler"}, soil={"bottom": "flux"})
        case["soil"] = {"node_depths": nodes, "bottom": "flux"}
        data = self.run_case(case).data
        thickness = np.zeros(6)
        thickness[:-1] += np.diff(nodes) / 2
        thickness[1:] += np.diff(nodes) / 2
        heat = sum(2e6 * dz * data[f"soil_temperature_{round(100 * z)}cm"].values
                   for dz, z in zip(thickness, nodes))
        gained = 3600 * (data.ground_heat_flux.values[1:] + 7.0)
        np.testing.assert_allclose(np.diff(heat), gained, atol=1e-6 * abs(gained).max())

    def test_compares_with_observations(self):
        case = self.write_truth(("soil_temperature", 0.05))
        case = {**estimating(case), "run": {"mode": "forward"}}
        line = re.search(r"soil_temperature_5cm +73 +(\S+) +(\S+) K", self.run_case(case).log)
        self.assertLess(float(line[1]), 1e-10)

    def test_spin_up_is_a_long_repetition(self):
        sky = {"source": "clear_sky", "longwave_constant": 320, "air_temperature_constant": 295}
        case = site_case("forward", ("soil_temperature", 0.1), ("soil_temperature", 0.5),
                         time={"stop": "2001-06-02"},
                         soil={"initial": "spinup", "spinup_tolerance": 1e-7})
        case["forcing"] = sky
        spun_up = self.run_case(case).data
        case["soil"]["initial"] = "uniform"
        case["time"]["stop"] = "2001-10-01"
        long = self.run_case(case).data
        for name in ("surface_temperature", "soil_temperature_10cm", "soil_temperature_50cm"):
            np.testing.assert_allclose(spun_up[name], long[name][-25:], atol=1e-4)
            self.assertLess(abs(spun_up[name][0] - spun_up[name][-1]), 1e-5)

    def test_spin_up_that_is_given_up(self):
        self.write_weather()
        case = site_case("forward", soil={"initial": "spinup", "spinup_max_cycles": 2})
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "spin-?up")
        self.assertIn("2 cycles", done.stderr)
        self.assertEqual(list(self.folder.glob("case.nc*")), [])

    def test_initial_profile_from_a_file(self):
        self.write_weather()
        depths, profile = [0.0, 0.2, 0.8], [299.0, 296.0, 293.0]
        case = site_case("forward", ("soil_temperature", 0.1), soil={"initial": "profile"})
        case["parameter"].append({"name": "initial_temperature", "depth": depths,
                                  "value": profile})
        given = self.run_case(case).data
        self.assertAlmostEqual(float(given.soil_temperature_10cm[0]), 297.5, 9)
        xr.Dataset({"T": ("level", np.array(profile) - 273.15, {"units": "degC"})},
                   {"level": ("level", np.array(depths) * 100, {"units": "cm"})}
                   ).to_netcdf(self.folder / "start.nc")
        case["parameter"].pop()
        case["soil"].update(initial="file", initial_file="start.nc", initial_variable="T")
        read = self.run_case(case).data
        np.testing.assert_allclose(read.soil_temperature_10cm, given.soil_temperature_10cm,
                                   atol=1e-9)


class Twin(GlebeTest):
    def twin(self, seed, ranks=1):
        case = site_case("twin", ("soil_temperature", 0.05), "longwave_up",
                         time={"stop": "2001-06-15"}, run={"seed": seed},
                         twin={"noise": [0.5, 4.0]})
        case["forcing"] = {"source": "clear_sky", "longwave_constant": 320,
                           "air_temperature_constant": 295}
        truth = self.run_case(case, ranks=ranks).data
        observed = self.read("observed.nc")
        return {name: (observed[name] - truth[name]).values
                for name in ("soil_temperature_5cm", "longwave_up")}

    def test_noise(self):
        noise = self.twin(seed=7)
        n = 14 * 24 + 1
        for name, std in (("soil_temperature_5cm", 0.5), ("longwave_up", 4.0)):
            self.assertEqual(len(noise[name]), n)
            # Four standard errors of a mean, a standard deviation and a correlation.
            self.assertLess(abs(noise[name].mean()), 4 * std / np.sqrt(n))
            self.assertLess(abs(noise[name].std() / std - 1), 4 / np.sqrt(2 * n))
            lagged = np.corrcoef(noise[name][1:], noise[name][:-1])[0, 1]
            self.assertLess(abs(lagged), 4 / np.sqrt(n))
        across = np.corrcoef(noise["soil_temperature_5cm"], noise["longwave_up"])[0, 1]
        self.assertLess(abs(across), 4 / np.sqrt(n))

        again, other, spread = self.twin(seed=7), self.twin(seed=8), self.twin(seed=7, ranks=3)
        for name, values in noise.items():
            np.testing.assert_array_equal(values, again[name])
            np.testing.assert_array_equal(values, spread[name])
            self.assertLess(abs(np.corrcoef(values, other[name])[0, 1]), 4 / np.sqrt(n))


if __name__ == "__main__":
    unittest.main()
