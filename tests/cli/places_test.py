# SPDX-License-Identifier: BSD-3-Clause
"""Files are matched by the coordinates of their cells: what was flipped, rolled, turned or put in
another order gives the same estimate, and files of other places are refused."""
import unittest

import numpy as np
import xarray as xr

from support import (TRUTH, GlebeTest, estimating, group_of, rewrite, site_case, weather,
                     write_series)

LATITUDE, LONGITUDE = np.array([30.0, 31.0, 32.0]), np.array([-1.0, 0.0, 1.0])


def grid(latitude=LATITUDE, longitude=LONGITUDE):
    return {"lat": ("lat", latitude, {"units": "degrees_north"}),
            "lon": ("lon", longitude, {"units": "degrees_east"})}


def fields():
    """2-D coordinates of a grid without coordinate variables, as of a rotated pole."""
    north, east = np.meshgrid(np.arange(3.0), np.arange(3.0), indexing="ij")
    return {"latitude": (("y", "x"), 50 + north - 0.2 * east, {"units": "degrees_north"}),
            "longitude": (("y", "x"), 8 + east + 0.3 * north, {"units": "degrees_east"})}


def roll(data):
    data = data.assign_coords(lon=data.lon.copy(data=data.lon.values % 360))
    return data.sortby("lon")


def plain_order(data):
    return data.transpose("lon", "lat", "time", missing_dims="ignore")


class OnAGrid(GlebeTest):
    """An estimate of a field on 3 x 3 cells from a twin whose cells all differ."""

    DIMENSIONS = ("lat", "lon")
    COORDINATES = staticmethod(grid)
    NAMES = ("heat_capacity", "reduced_chi_square")

    def setUp(self):
        super().setUp()
        shape = (3,) * len(self.DIMENSIONS)
        self.write_weather(dimensions=self.DIMENSIONS, coordinates=self.COORDINATES(),
                           shape=shape)
        cell = np.arange(np.prod(shape)).reshape(shape)
        xr.Dataset({"thermal_conductivity": (self.DIMENSIONS, 0.8 + 0.1 * cell,
                                             {"units": "W m-1 K-1"}),
                    "mask": (self.DIMENSIONS, (cell != 1).astype(float)),
                    "soil_class": (self.DIMENSIONS, cell // 3)},
                   self.COORDINATES()).to_netcdf(self.folder / "fields.nc")
        truth = site_case("twin", ("soil_temperature", 0.05))
        self.of_fields(truth)
        self.run_case(truth, name="truth")
        self.case = estimating(truth, "heat_capacity")
        self.of_fields(self.case)
        self.case["grid"] = {"mask_file": "fields.nc", "mask_variable": "mask"}
        self.plain = self.run_case(self.case)

    def write_weather(self, shape=(), **options):
        hours = range(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, shape), **options)

    @staticmethod
    def of_fields(case):
        group = group_of(case, "thermal_conductivity")
        group.pop("value", None)
        group["file"] = "fields.nc"

    def assert_same_estimate(self, name, change, word, ranks=1):
        kept = (self.folder / name).read_bytes()
        rewrite(self.folder / name, change)
        try:
            found = self.run_case(self.case, name="odd", ranks=ranks)
        finally:
            (self.folder / name).write_bytes(kept)
        for variable in self.NAMES:
            np.testing.assert_array_equal(found.data[variable], self.plain.data[variable],
                                          err_msg=f"{name}: {variable}")
        self.assertIn(word, found.log)

    def assert_refused(self, name, change, *words):
        kept = (self.folder / name).read_bytes()
        rewrite(self.folder / name, change)
        done = self.glebe(self.write_case(self.case, "refused"))
        (self.folder / name).write_bytes(kept)
        self.assertEqual(done.returncode, 2, done.stdout)
        for word in words:
            self.assertIn(word, done.stderr)


class LatitudeLongitude(OnAGrid):
    def test_other_orders(self):
        for name in ("observed.nc", "fields.nc"):
            for change, word in ((lambda data: data.isel(lat=slice(None, None, -1)), "flipped"),
                                 (roll, "rolled"),
                                 (plain_order, "dimensions in another order"),
                                 (lambda data: data.isel(lat=[1, 0, 2]), "another order")):
                with self.subTest(file=name, word=word):
                    self.assert_same_estimate(name, change, word)

    def test_on_two_ranks(self):
        self.assert_same_estimate("observed.nc", lambda data: roll(
            data.isel(lat=slice(None, None, -1))), "flipped", ranks=2)

    def test_other_places(self):
        def moved(data):
            return data.assign_coords(lat=data.lat + 5)
        for name in ("observed.nc", "fields.nc"):
            with self.subTest(file=name):
                self.assert_refused(name, moved, name, "35 to 37", "30 to 32")

    def test_a_mask_with_an_undeclared_fill(self):
        self.assert_refused("fields.nc", lambda data: data.assign(
            mask=data.mask.copy(data=data.mask.values - 9999)), "'mask'", "-9998")

    def test_files_without_coordinates(self):
        found = None
        rewrite(self.folder / "observed.nc", lambda data: data.drop_vars(["lat", "lon"]))
        found = self.run_case(self.case, name="bare")
        self.assertIn("warning: observed.nc or weather.nc has no coordinates", found.log)
        np.testing.assert_array_equal(found.data.heat_capacity, self.plain.data.heat_capacity)

    def test_a_second_file_of_another_order(self):
        """Each of several files is read by its own coordinates, units and reference time."""
        with xr.open_dataset(self.folder / "observed.nc", decode_cf=False) as file:
            data = file.load()
        stream = "soil_temperature_5cm"
        data[["lat", "lon", stream]].isel(time=slice(None, 40)).to_netcdf(self.folder / "o1.nc")
        second = data[["lat", "lon", stream]].isel(time=slice(40, None), lat=slice(None, None, -1))
        second.to_netcdf(self.folder / "o2.nc")
        group_of(self.case, "soil_temperature")["file"] = ["o2.nc", "o1.nc"]
        found = self.run_case(self.case, name="two")
        np.testing.assert_array_equal(found.data.heat_capacity, self.plain.data.heat_capacity)

    def test_regions(self):
        for group in self.case["parameter"]:
            if group["name"] == "heat_capacity":
                group.update(space="region", region_file="fields.nc", region_variable="soil_class")
        self.plain = self.run_case(self.case, name="regions")
        self.assert_same_estimate("fields.nc", lambda data: data.isel(lat=slice(None, None, -1)),
                                  "flipped")


class TwoDimensionalCoordinates(OnAGrid):
    DIMENSIONS = ("y", "x")
    COORDINATES = staticmethod(fields)

    def test_other_orders(self):
        for change, word in (
                (lambda data: data.isel(y=slice(None, None, -1)), "flipped"),
                (lambda data: data.transpose("x", "y", "time", missing_dims="ignore"),
                 "dimensions in another order"),
                (lambda data: data.transpose("time", "x", "y", missing_dims="ignore").rename(
                    x="north", y="east"), "")):
            with self.subTest(word=word):
                self.assert_same_estimate("observed.nc", change, word)

    def test_other_places(self):
        self.assert_refused("observed.nc", lambda data: data.assign_coords(
            latitude=data.latitude + 0.5), "other places", "latitude")


class Stations(OnAGrid):
    DIMENSIONS = ("station",)

    @staticmethod
    def COORDINATES():
        return {"lat": ("station", [10.0, 20.0, 30.0], {"units": "degrees_north"}),
                "lon": ("station", [1.0, 2.0, 3.0], {"units": "degrees_east"}),
                "station_name": ("station", np.array(["alpha", "beta", "gamma"]),
                                 {"cf_role": "timeseries_id"})}

    def test_another_order(self):
        for drop in ([], ["station_name"]):
            with self.subTest(without=drop):
                self.assert_same_estimate(
                    "observed.nc",
                    lambda data: data.isel(station=[2, 0, 1]).drop_vars(drop, errors="ignore"),
                    "rolled by")

    def test_another_order_by_names_alone(self):
        data = xr.load_dataset(self.folder / "observed.nc", decode_times=False)
        data.isel(station=[2, 0, 1]).drop_vars(["lat", "lon"]).to_netcdf(
            self.folder / "observed.nc")
        found = self.run_case(self.case, name="odd").data
        np.testing.assert_array_equal(found.heat_capacity, self.plain.data.heat_capacity)

    def test_numbers_of_stations_decide_nothing(self):
        """The index that other programs add is the same in any order."""
        number = {"station": ("station", [0, 1, 2])}
        rewrite(self.folder / "weather.nc", lambda data: data.assign_coords(number))
        for drop in ([], ["station_name"]):
            with self.subTest(without=drop):
                self.assert_same_estimate(
                    "observed.nc", lambda data: data.isel(station=[2, 0, 1]).drop_vars(
                        drop, errors="ignore").assign_coords(number), "rolled by")

    def test_a_grid_with_a_dimension_of_one_cell(self):
        """Forcing on (tile = 1, station) and observations on (station)."""
        rewrite(self.folder / "weather.nc", lambda data: data.map(
            lambda v: v.expand_dims("tile", 1) if "time" in v.dims else v, keep_attrs=True))
        self.NAMES = ()
        self.assert_same_estimate("observed.nc", lambda data: data.isel(station=[2, 0, 1]),
                                  "rolled by", ranks=2)
        found = self.read("odd.nc")
        self.assertEqual(found.heat_capacity.dims, ("tile", "station"))
        np.testing.assert_array_equal(found.heat_capacity[0], self.plain.data.heat_capacity)

    def test_stations_close_to_each_other(self):
        near = {"lat": ("station", [10.0, 10.004, 10.008], {"units": "degrees_north"}),
                "lon": ("station", [1.0, 1.0, 1.0], {"units": "degrees_east"})}
        rewrite(self.folder / "weather.nc", lambda data: data.assign_coords(near))
        rewrite(self.folder / "fields.nc", lambda data: data.assign_coords(near))
        self.assert_same_estimate(
            "observed.nc", lambda data: data.assign_coords(near).drop_vars("station_name").isel(
                station=[2, 1, 0]), "flipped")

    def test_unknown_positions_decide_nothing(self):
        def unknown(data):
            data = data.drop_vars("station_name").isel(station=[2, 1, 0])
            return data.assign_coords(lat=data.lat * np.nan)
        kept = (self.folder / "observed.nc").read_bytes()
        rewrite(self.folder / "observed.nc", unknown)
        self.assertIn("no coordinates of its cells", self.run_case(self.case, name="odd").log)
        (self.folder / "observed.nc").write_bytes(kept)

    def test_other_stations(self):
        self.assert_refused("observed.nc", lambda data: data.assign_coords(
            lat=data.lat + 1, station_name=("station", np.array(["a", "b", "c"]))), "other places")
        self.assert_refused("observed.nc", lambda data: data.drop_vars(["lat", "lon"]).assign_coords(
            station_name=("station", np.array(["a", "b", "c"]))), "other stations", "'alpha'")


class Places(GlebeTest):
    """Fields with a value for each place in the soil."""

    def test_horizons_in_any_dimension(self):
        self.write_weather(shape=(3,), dimensions=("station",))
        case = site_case("forward", ("soil_temperature", 0.05))
        case["horizon"] = [{"bottom": 0.3, "name": "a"}, {"bottom": 0.5, "name": "b"},
                           {"bottom": 0.8, "name": "c"}]
        field = np.linspace(0.8, 1.6, 9).reshape(3, 3)
        group_of(case, "thermal_conductivity").pop("value")
        group_of(case, "thermal_conductivity")["file"] = "fields.nc"
        results = []
        for dimensions, values in ((("layer", "station"), field), (("station", "layer"), field.T)):
            xr.Dataset({"thermal_conductivity": (dimensions, values, {"units": "W m-1 K-1"})},
                       {"layer": ("layer", [0.15, 0.4, 0.65], {"units": "m"})}).to_netcdf(
                           self.folder / "fields.nc")
            results.append(self.run_case(case).data)
        self.assert_same_results(results[0], results[1], ["soil_temperature_5cm"])
        rewrite(self.folder / "fields.nc", lambda data: data.isel(layer=slice(None, None, -1)))
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 2)
        self.assertIn("depths that increase", done.stderr)

    def write_weather(self, shape, **options):
        hours = range(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, shape), **options)


class OneTower(GlebeTest):
    def test_drives_every_sensor(self):
        """Forcing without horizontal dimensions, and observations at three stations."""
        self.write_weather()
        stream = ("soil_temperature", 0.05)
        self.run_case(site_case("twin", stream), name="truth")
        rewrite(self.folder / "observed.nc", lambda data: xr.concat(
            [data.soil_temperature_5cm + i for i in (0, 1, 2)], "station").assign_attrs(
                units="K").to_dataset(name="soil_temperature_5cm").transpose(
                    "time", "station").assign_coords(time=data.time))
        case = estimating(site_case("twin", stream), "deep_temperature")
        found = self.run_case(case)
        self.assertIn("columns: 3 of 3 cells", found.log)
        self.assertAlmostEqual(float(found.data.deep_temperature[0]), TRUTH["deep_temperature"], 4)
        self.assertEqual(len(set(found.data.deep_temperature.values)), 3)

    def test_far_away(self):
        self.write_weather(coordinates={"lat": ((), 30.0, {"units": "degrees_north"}),
                                        "lon": ((), 5.0, {"units": "degrees_east"})})
        stream = ("soil_temperature", 0.05)
        self.run_case(site_case("twin", stream), name="truth")
        case = estimating(site_case("twin", stream), "albedo")

        def move(by):
            def work(data):
                for name in ("lat", "lon"):
                    data.coords[name] = data.coords.get(name, xr.DataArray(30.0))
                data["lat"] = ((), 30.0 + by, {"units": "degrees_north"})
                data["lon"] = ((), 5.0, {"units": "degrees_east"})
                return data
            return work
        rewrite(self.folder / "observed.nc", move(0.1))
        self.assertIn("is of another place", self.run_case(case, name="near").log)
        rewrite(self.folder / "observed.nc", move(3.0))
        done = self.glebe(self.write_case(case, "far"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("other places", done.stderr)


del OnAGrid

if __name__ == "__main__":
    unittest.main()
