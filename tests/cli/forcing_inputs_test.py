# SPDX-License-Identifier: BSD-3-Clause
"""The same weather and observations written in another way give the same answer: units, stamps,
humidity, wind, several files, gaps, calendars, file formats, paths."""
import unittest

import numpy as np

from support import (TRUTH, GlebeTest, estimating, group_of, rewrite, saturation_over_water,
                     site_case, weather, write_series)

# Forcing is kept in single precision (3e-5 W m-2 or K): what a change of that size does to a
# temperature [K].
SINGLE = 1e-4


class Forcing(GlebeTest):
    HOURS = np.arange(-6, 79)
    WET = {**TRUTH, "latent_transfer": 8.0}

    def wet_case(self, **forcing):
        return site_case("forward", ("soil_temperature", 0.05), truth=self.WET,
                         surface={"turbulence": "humidity"}, forcing=forcing)

    def forward(self, case, name="case", **options):
        return self.run_case(case, name=name, **options).data

    def assert_close(self, first, second, tolerance=SINGLE):
        for name in ("surface_temperature", "soil_temperature_5cm"):
            np.testing.assert_allclose(first[name], second[name], rtol=0, atol=tolerance)

    def test_units(self):
        self.write_weather()
        si = self.forward(self.wet_case(stamp="end"))
        variables = weather(self.HOURS)
        other = {"SWdown": (variables["SWdown"][0] * 3600, "J m-2"),
                 "LWdown": (variables["LWdown"][0] * 3.6e-3, "MJ m-2"),
                 "Tair": (variables["Tair"][0] - 273.15, "degC"),
                 "Qair": (variables["Qair"][0] * 1000, "g kg-1"),
                 "PSurf": (variables["PSurf"][0] / 100, "hPa")}
        write_series(self.folder / "weather.nc", self.HOURS, other)
        self.assert_close(self.forward(self.wet_case(stamp="end")), si)

    def test_file_formats_and_packing(self):
        self.write_weather()
        plain = self.forward(self.wet_case())
        for file_format in ("NETCDF3_CLASSIC", "NETCDF3_64BIT", "NETCDF4_CLASSIC"):
            self.write_weather(file_format=file_format)
            self.assert_same_results(self.forward(self.wet_case()), plain)

        def pack(data):
            packed = np.round((data.Tair - 290) / 0.001)
            data["Tair"] = packed.astype("int16").assign_attrs(
                units="K", scale_factor=0.001, add_offset=290.0)
        rewrite(self.folder / "weather.nc", pack)
        self.assert_close(self.forward(self.wet_case()), plain, 1e-3)

    def test_stamps(self):
        """Hourly means named by the start, middle or end of the hour."""
        results = []
        for shift, stamp in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
            write_series(self.folder / "weather.nc", self.HOURS + shift, weather(self.HOURS))
            results.append(self.forward(self.wet_case(stamp=stamp)))
        self.assert_same_results(results[0], results[1])
        self.assert_same_results(results[0], results[2])
        # The last file with the wrong stamp is an hour late, and that matters.
        late = self.forward(self.wet_case(stamp="start"))
        self.assertGreater(abs(late.surface_temperature - results[0].surface_temperature).max(), 2)

    def test_humidity(self):
        self.write_weather()
        specific = self.forward(self.wet_case())
        air = {name: values for name, (values, _) in weather(self.HOURS).items()}
        vapour = air["Qair"] * air["PSurf"] / (0.622 + 0.378 * air["Qair"])
        relative = vapour / saturation_over_water(air["Tair"])
        for kind, values, units in (("vapour_pressure", vapour / 100, "hPa"),
                                    ("relative", relative, "1"), ("relative", 100 * relative, "%")):
            write_series(self.folder / "weather.nc", self.HOURS,
                         {**weather(self.HOURS), "moisture": (values, units)})
            with self.subTest(kind=kind, units=units):
                self.assert_close(specific, self.forward(
                    self.wet_case(humidity="moisture", humidity_kind=kind)))

    def test_wind(self):
        truth = {**TRUTH, "heat_transfer_wind": 3.0}
        variables = weather(self.HOURS)
        speed = np.hypot(variables["Wind_E"][0], variables["Wind_N"][0])
        write_series(self.folder / "weather.nc", self.HOURS,
                     {**variables, "Wind": (speed * 3.6, "km h-1")})
        stream = ("soil_temperature", 0.05)
        components = self.forward(site_case("forward", stream, truth=truth, forcing={
            "wind_east": "Wind_E", "wind_north": "Wind_N"}))
        self.assert_close(components, self.forward(
            site_case("forward", stream, truth=truth, forcing={"wind": "Wind"})))
        calm = self.forward(site_case("forward", stream, truth=truth,
                                      forcing={"wind_constant": 0.0}))
        self.assert_close(calm, self.forward(site_case("forward", stream)), 1e-12)
        windy = abs(components.surface_temperature - calm.surface_temperature)
        self.assertGreater(windy.max(), 1)

    def test_constants_in_place_of_variables(self):
        hours = self.HOURS
        variables = weather(hours)
        for name, value in (("LWdown", 340.0), ("Tair", 296.5), ("Qair", 0.009),
                            ("PSurf", 96000.0)):
            variables[name] = (np.full(len(hours), value), variables[name][1])
        write_series(self.folder / "weather.nc", hours, variables)
        from_file = self.forward(self.wet_case())
        constants = self.wet_case(longwave_constant=340.0, air_temperature_constant=296.5,
                                  humidity_constant=0.009, pressure_constant=96000.0)
        self.assert_same_results(self.forward(constants), from_file)

    def test_longwave_from_the_weather(self):
        """As if the file had what the model says, also where no equation needs humidity."""
        air = {name: values for name, (values, _) in weather(self.HOURS).items()}
        e = air["Qair"] * air["PSurf"] / (0.622 + 0.378 * air["Qair"]) / 100
        water = 46.5 * e / air["Tair"]
        clear = 1 - (1 + water) * np.exp(-np.sqrt(1.2 + 3 * water))
        # Noon is at 12 UTC; an overcast sky takes all of the sun and shines like a black body.
        for cloud, sun, emissivity in (("none", 1.0, clear), ("crawford_duchon", 0.0, 1.0),
                                       ("tva", 0.0, 1.17 * clear)):
            variables = weather(self.HOURS)
            variables["SWdown"] = (sun * air["SWdown"], "W m-2")
            variables["LWdown"] = (emissivity * 5.670374419e-8 * air["Tair"]**4, "W m-2")
            write_series(self.folder / "weather.nc", self.HOURS, variables)
            stream = ("soil_temperature", 0.05)
            given = self.forward(site_case("forward", stream))
            del variables["LWdown"]
            write_series(self.folder / "weather.nc", self.HOURS, variables)
            case = site_case("forward", stream, site={"latitude": 0.0, "longitude": 0.0},
                             forcing={"longwave_model": "prata", "cloud": cloud})
            with self.subTest(cloud=cloud):
                run = self.run_case(case)
                self.assert_close(run.data, given)
                self.assertIn("longwave: parameterised by prata", run.log)
                self.assertIn("parameterised by prata", run.data.attrs["modelled_inputs"])
        del case["site"]
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 2)
        self.assertIn("latitude and longitude are not known", done.stderr)

    def test_several_files(self):
        self.write_weather()
        one = self.forward(self.wet_case())
        parts = []
        for first, last in ((-6, 10), (11, 40), (41, 78)):
            parts.append(f"part{len(parts)}.nc")
            hours = np.arange(first, last + 1)
            # Each part counts its hours from a day of its own.
            write_series(self.folder / parts[-1], hours + 24 * len(parts), weather(hours),
                         since=f"2001-05-{32 - len(parts)} 00:00:00")
        self.assert_same_results(self.forward(self.wet_case(file=parts)), one)
        # Their order is that of their times; but they must not overlap.
        self.assert_same_results(self.forward(self.wet_case(file=parts[::-1])), one)
        self.assert_same_results(self.forward(self.wet_case(file="part?.nc")), one)
        done = self.glebe(self.write_case(self.wet_case(file=[*parts, "weather.nc"])))
        self.assertEqual(done.returncode, 2)
        self.assertIn("begins before", done.stderr)

    def test_short_gaps(self):
        """Two missing values, and one missing record, are filled linearly, and said."""
        variables = weather(self.HOURS)
        for name in variables:
            values = variables[name][0]
            values[31] = (values[30] + values[32]) / 2
        variables["SWdown"][0][50:52] = np.linspace(*variables["SWdown"][0][[49, 52]], 4)[1:-1]
        write_series(self.folder / "weather.nc", self.HOURS, variables)
        by_hand = self.forward(self.wet_case())
        variables["SWdown"][0][50:52] = np.nan
        keep = np.arange(len(self.HOURS)) != 31
        write_series(self.folder / "weather.nc", self.HOURS[keep],
                     {name: (values[keep], units) for name, (values, units) in variables.items()})
        run = self.run_case(self.wet_case())
        self.assert_close(run.data, by_hand)
        self.assertIn("forcing SWdown: 3 missing values", run.log)
        self.assertIn("forcing Tair: 1 missing values", run.log)

    def test_noleap_calendar(self):
        """From 28 February 2004 to 2 March is two days where no year has a 29th."""
        hours = np.arange(-6, 60)
        write_series(self.folder / "weather.nc", hours, weather(hours), calendar="noleap",
                     since="2004-02-28 00:00:00")
        when = {"start": "2004-02-28", "stop": "2004-03-02"}
        case = site_case("twin", "surface_temperature", ("soil_temperature", 0.1), time=when)
        data = self.run_case(case).data
        self.assertEqual(data.time.calendar, "noleap")
        self.assertEqual(data.time[-1], 48 * 3600)
        self.assert_found(self.run_case(estimating(case, "albedo", "heat_capacity")).data, TRUTH)
        # The same records from the 28th in a calendar with leap days, for comparison.
        write_series(self.folder / "weather.nc", hours, weather(hours),
                     since="2004-02-28 00:00:00")
        case["time"]["stop"] = "2004-03-01"
        self.assert_same_results(self.run_case(case).data, data, ["surface_temperature"])
        write_series(self.folder / "weather.nc", hours, weather(hours), calendar="noleap",
                     since="2004-02-28 00:00:00")
        case["time"]["start"] = "2004-02-29"
        done = self.glebe(self.write_case(case))
        self.assertEqual(done.returncode, 2)
        self.assertIn("&time start", done.stderr)

    def test_paths(self):
        """Relative to the folder of the namelist, from wherever the program is started."""
        for folder in ("project/input", "project/output", "elsewhere"):
            (self.folder / folder).mkdir(parents=True)
        self.write_weather(name="project/input/weather.nc")
        case = self.wet_case(file="${GLEBE_TEST_INPUT}/weather.nc")
        case["run"]["output"] = "output/${GLEBE_TEST_NAME}.nc"
        self.write_case(case, "project/case")
        done = self.glebe("../project/case.nml", folder=self.folder / "elsewhere", ranks=2,
                          env={"GLEBE_TEST_INPUT": "input", "GLEBE_TEST_NAME": "soil"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "project/output/soil.nc").exists())
        done = self.glebe("../project/case.nml", folder=self.folder / "elsewhere",
                          env={"GLEBE_TEST_INPUT": str(self.folder / "project/input"),
                               "GLEBE_TEST_NAME": "again"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_same_results(self.read("project/output/soil.nc"),
                                 self.read("project/output/again.nc"))


class ObservationInputs(GlebeTest):
    ESTIMATED = ("thermal_conductivity", "albedo", "heat_transfer")

    def observed_means(self):
        """A twin's hourly means, stamped at their ends; the case to estimate from them."""
        self.write_weather()
        case = site_case("twin", "surface_temperature", "net_radiation")
        for stream in case["observation"]:
            stream.update(stamp="end", interval=3600)
        self.run_case(case, name="truth")
        return estimating(case, *self.ESTIMATED, sigma=0.5)

    def test_stamps(self):
        case = self.observed_means()
        results = []
        for shift, stamp in ((0, "end"), (-1800, "middle"), (-1800, "start")):
            def move(data, seconds=shift):
                moved = {name: data[name] + seconds for name in data.coords if "time" in name}
                return data.assign_coords({name: values.assign_attrs(data[name].attrs)
                                           for name, values in moved.items()})
            rewrite(self.folder / "observed.nc", move)
            for stream in case["observation"]:
                stream["stamp"] = stamp
            results.append(self.run_case(case).data)
        names = [*self.ESTIMATED, "cost_final", "count_net_radiation"]
        self.assertEqual(results[0].count_net_radiation, 72)
        self.assert_found(results[0], TRUTH)
        self.assert_same_results(results[0], results[1], names)
        self.assert_same_results(results[0], results[2], names)
        # Means taken for instants are something else.
        for stream in case["observation"]:
            stream.pop("interval")
            stream["stamp"] = "instant"
        wrong = self.run_case(case).data
        self.assertGreater(float(wrong.cost_final), 100 * float(results[0].cost_final) + 100)

    def test_units(self):
        case = estimating(self.write_truth("surface_temperature", ("soil_temperature", 0.05)),
                          *self.ESTIMATED)
        si = self.run_case(case).data

        def to_celsius(data):
            data.surface_temperature[:] -= 273.15
            data.surface_temperature.attrs["units"] = "degree_Celsius"
        rewrite(self.folder / "observed.nc", to_celsius)
        celsius = self.run_case(case).data
        self.assert_found(celsius, {name: si[name] for name in self.ESTIMATED}, 1e-8)

    def test_several_files_with_other_times(self):
        """Observations of every third hour, in two files, with records outside the window."""
        case = self.write_truth(("soil_temperature", 0.05), "surface_temperature")
        with_all = self.read("observed.nc")
        hours = np.arange(-6, 84, 3)
        files = []
        for part in (hours[:9], hours[9:]):
            inside = np.isin(part, np.arange(73))
            series = {}
            for name in ("soil_temperature_5cm", "surface_temperature"):
                values = np.full(len(part), 250.0)  # nonsense outside the window
                values[inside] = with_all[name].values[part[inside]]
                series[name] = (values, "K")
            files.append(f"observed{len(files)}.nc")
            write_series(self.folder / files[-1], part, series, file_format="NETCDF3_64BIT")
        data = self.run_case(estimating(case, *self.ESTIMATED, file=files)).data
        self.assertEqual(data.count_surface_temperature, 25)
        self.assert_found(data, TRUTH)

    def test_variable_of_another_name(self):
        case = self.write_truth("surface_temperature")
        rewrite(self.folder / "observed.nc", lambda d: d.rename(surface_temperature="skin"))
        case = estimating(case, "albedo", "heat_transfer")
        group_of(case, "surface_temperature").update(variable="skin", name="radiometer")
        data = self.run_case(case).data
        self.assert_found(data, TRUTH)
        self.assertIn("rmse_radiometer", data)


if __name__ == "__main__":
    unittest.main()
