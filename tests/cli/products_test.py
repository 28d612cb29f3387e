# SPDX-License-Identifier: BSD-3-Clause
"""Files with the names, units, stamps and dimensions of each product of &forcing, made from one
weather of five days on 2 x 3 cells, give what the same weather gives in plain form."""
import unittest

import netCDF4
import numpy as np
import xarray as xr

from support import TRUTH, GlebeTest, rewrite, saturation_over_water, site_case, weather

DAYS = 5
HOURS = np.arange(-24.0, 24 * DAYS + 1)
SHAPE = (2, 3)
STATES = {"Tair": "air_temperature", "Qair": "humidity", "PSurf": "pressure"}
LATITUDE, LONGITUDE = np.array([40.0, 40.25]), np.array([-100.0, -99.75, -99.5])
START = "2001-06-01"
# Weather in single precision (3e-5 W m-2 or K) and humidity made from something else.
TOLERANCE = 1e-3


def dewpoint(vapour):
    """The temperature whose saturation pressure is `vapour`, by bisection [K]."""
    low, high = np.full_like(vapour, 230.0), np.full_like(vapour, 320.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        below = saturation_over_water(middle) < vapour
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return low


def latlon(latitude=LATITUDE, longitude=LONGITUDE, names=("latitude", "longitude")):
    return {names[0]: (names[0], latitude, {"units": "degrees_north"}),
            names[1]: (names[1], longitude, {"units": "degrees_east"})}


class Products(GlebeTest):
    def setUp(self):
        super().setUp()
        self.air = {name: values for name, (values, _) in weather(HOURS, SHAPE).items()}
        q, p = self.air["Qair"], self.air["PSurf"]
        self.air["Wind"] = np.hypot(self.air["Wind_E"], self.air["Wind_N"])
        self.air["vapour"] = q * p / (0.622 + 0.378 * q)

    def case(self, calendar_stop="2001-06-06", **forcing):
        case = site_case("forward", ("soil_temperature", 0.05),
                         truth={**TRUTH, "latent_transfer": 8.0, "heat_transfer_wind": 2.0},
                         surface={"turbulence": "humidity"})
        case["time"] = {"start": START, "stop": calendar_stop, "step": 3600}
        case["forcing"] = forcing
        return case

    def write(self, data, coordinates, dimensions, name="product.nc", time="time", hours=HOURS,
              units=f"hours since {START}", calendar="standard", **time_attributes):
        """{variable: (values, units, attributes)} over time and `dimensions`."""
        arrays = {n: ((time, *dimensions), values, {"units": unit, **more})
                  for n, (values, unit, more) in data.items()}
        axis = xr.Variable(time, hours, {"units": units, "calendar": calendar, **time_attributes})
        xr.Dataset(arrays, {time: axis, **coordinates}).to_netcdf(self.folder / name)

    def plain(self, means=None, **forcing):
        """The result of the plain form; `means` is the stamp of the radiation."""
        units = {"SWdown": "W m-2", "LWdown": "W m-2", "Tair": "K", "Qair": "kg kg-1",
                 "PSurf": "Pa", "Wind": "m s-1"}
        self.write({name: (self.air[name], unit, {}) for name, unit in units.items()},
                   latlon(), ("latitude", "longitude"), name="plain.nc")
        case = self.case(file="plain.nc", wind="Wind", **{"stamp": "instant", **forcing})
        if means:
            case["input"] = [{"name": name, "stamp": means} for name in ("shortwave", "longwave")]
        return self.run_case(case, name="as_plain").data

    def assert_agrees(self, product, plain, groups=None, calendar_stop="2001-06-06", **forcing):
        case = self.case(calendar_stop, product=product, **{"file": "product.nc", **forcing})
        case.update(groups or {})
        found = self.run_case(case, name="found")
        for name in ("soil_temperature_5cm", "surface_temperature"):
            np.testing.assert_allclose(found.data[name].values, plain[name].values, rtol=0,
                                       atol=TOLERANCE, err_msg=product)
        return found

    def era5(self, radiation, time="valid_time"):
        return {"ssrd": (radiation(self.air["SWdown"]), "J m**-2", {}),
                "strd": (radiation(self.air["LWdown"]), "J m**-2", {}),
                "t2m": (self.air["Tair"], "K", {}), "d2m": (dewpoint(self.air["vapour"]), "K", {}),
                "sp": (self.air["PSurf"], "Pa", {}), "u10": (self.air["Wind_E"], "m s**-1", {}),
                "v10": (self.air["Wind_N"], "m s**-1", {})}

    def test_era5_land(self):
        def since_midnight(mean):
            sums = np.empty_like(mean)
            for i, hour in enumerate(HOURS % 24):
                sums[i] = 3600 * mean[i] + (sums[i - 1] if hour != 1 and i > 0 else 0)
            return sums
        # Latitudes of the reanalyses descend, and members and versions are scalars.
        data = self.era5(since_midnight)
        self.write(data, {**latlon(), "number": 0, "expver": "0001"}, ("latitude", "longitude"),
                   time="valid_time", units="seconds since 1970-01-01",
                   calendar="proleptic_gregorian", hours=(HOURS + 11474 * 24) * 3600)
        plain = self.plain("end")
        self.assert_agrees("era5_land", plain)
        rewrite(self.folder / "product.nc", lambda data: data.isel(latitude=slice(None, None, -1)))
        flipped = self.run_case(self.case(product="era5_land", file="product.nc"), name="down")
        np.testing.assert_allclose(flipped.data.soil_temperature_5cm[:, ::-1],
                                   plain.soil_temperature_5cm, rtol=0, atol=TOLERANCE)

    def test_era5_with_two_versions(self):
        data = {}
        final = (HOURS < 60)[:, None, None]
        for name, (values, unit, more) in self.era5(lambda mean: 3600 * mean).items():
            data[name] = (np.stack([np.where(final, values, np.nan),
                                    np.where(final, np.nan, values)], 1), unit, more)
        self.write(data, {**latlon(), "expver": ("expver", [1, 5])},
                   ("expver", "latitude", "longitude"), units="hours since 1900-01-01",
                   calendar="gregorian", hours=(HOURS + 37041 * 24).astype("int32"))
        self.assert_agrees("era5", self.plain("end"))

    def nldas2(self):
        methods = {"cell_methods": "time: point"}
        return {"SWdown": (self.air["SWdown"], "W m-2", methods),
                "LWdown": (self.air["LWdown"], "W m-2", methods),
                "Tair": (self.air["Tair"], "K", methods),
                "Qair": (self.air["Qair"], "kg kg-1", methods),
                "PSurf": (self.air["PSurf"], "Pa", methods),
                "Wind_E": (self.air["Wind_E"], "m s-1", methods),
                "Wind_N": (self.air["Wind_N"], "m s-1", methods)}

    def test_nldas2(self):
        self.write(self.nldas2(), latlon(names=("lat", "lon")), ("lat", "lon"))
        self.assert_agrees("nldas2", self.plain())

    def test_gldas(self):
        three = HOURS % 3 == 0
        mean = {}
        for name in ("SWdown", "LWdown"):
            sums = np.cumsum(self.air[name], 0)
            mean[name] = (sums - np.concatenate([0 * sums[:3], sums[:-3]]))[three] / 3
        state = {name: self.air[name][three] for name in ("Tair", "Qair", "PSurf", "Wind")}
        self.write({"SWdown_f_tavg": (mean["SWdown"], "W m-2", {}),
                    "LWdown_f_tavg": (mean["LWdown"], "W m-2", {}),
                    "Tair_f_inst": (state["Tair"], "K", {}),
                    "Qair_f_inst": (state["Qair"], "kg kg-1", {}),
                    "Psurf_f_inst": (state["PSurf"], "Pa", {}),
                    "Wind_f_inst": (state["Wind"], "m s-1", {})},
                   latlon(names=("lat", "lon")), ("lat", "lon"), hours=HOURS[three])
        self.air = {**state, **mean}
        plain_hours = HOURS[three]
        units = {"SWdown": "W m-2", "LWdown": "W m-2", "Tair": "K", "Qair": "kg kg-1",
                 "PSurf": "Pa", "Wind": "m s-1"}
        self.write({name: (self.air[name], unit, {}) for name, unit in units.items()}, latlon(),
                   ("latitude", "longitude"), name="plain.nc", hours=plain_hours)
        case = self.case(file="plain.nc", wind="Wind", stamp="instant")
        case["input"] = [{"name": name, "stamp": "end"} for name in ("shortwave", "longwave")]
        self.assert_agrees("gldas", self.run_case(case, name="as_plain").data)

    def cmip(self, calendar="noleap"):
        """One variable, one file: means with bounds at the middle, instants with a scalar height."""
        edges = {"bounds": "time_bnds"}
        for name, key, unit, instant in (
                ("rsds", "SWdown", "W m-2", False), ("rlds", "LWdown", "W m-2", False),
                ("tas", "Tair", "K", True), ("huss", "Qair", "1", True), ("ps", "PSurf", "Pa", True),
                ("sfcWind", "Wind", "m s-1", True)):
            shift = 0.0 if instant else -0.5
            method = "area: mean time: point" if instant else "area: time: mean"
            self.write({name: (self.air[key], unit, {"cell_methods": method})},
                       {**latlon(names=("lat", "lon")),
                        "height": ((), 2.0, {"units": "m", "positive": "up"})}, ("lat", "lon"),
                       name=f"{name}_3hr.nc", hours=(HOURS + shift) / 24,
                       units=f"days since {START}", calendar=calendar,
                       **({} if instant else edges))
            if not instant:
                def bound(data):
                    t = data.time.values
                    data["time_bnds"] = (("time", "bnds"), np.stack([t - 0.5 / 24, t + 0.5 / 24], 1))
                rewrite(self.folder / f"{name}_3hr.nc", bound)
        names = {"shortwave": "rsds", "longwave": "rlds", "air_temperature": "tas",
                 "humidity": "huss", "pressure": "ps", "wind": "sfcWind"}
        return {"input": [{"name": name, "file": f"{variable}_3hr.nc"}
                          for name, variable in names.items()]}

    def test_cmip(self):
        plain = self.plain("end")
        for calendar in ("noleap", "360_day", "proleptic_gregorian"):
            groups = self.cmip(calendar)
            case = self.case(product="cmip")
            case.update(groups)
            found = self.run_case(case, name="found").data
            np.testing.assert_allclose(found.soil_temperature_5cm, plain.soil_temperature_5cm,
                                       rtol=0, atol=TOLERANCE, err_msg=calendar)
            self.assertEqual(found.time.attrs["calendar"], calendar)

    def test_clm(self):
        names = {"FSDS": ("SWdown", "W/m**2"), "FLDS": ("LWdown", "W/m**2"), "TBOT": ("Tair", "K"),
                 "QBOT": ("Qair", "kg/kg"), "PSRF": ("PSurf", "Pa"), "WIND": ("Wind", "m/s")}
        north, east = np.meshgrid(LATITUDE, LONGITUDE % 360, indexing="ij")
        self.write({name: (self.air[key], unit, {}) for name, (key, unit) in names.items()},
                   {"LATIXY": (("lat", "lon"), north, {"units": "degrees_north"}),
                    "LONGXY": (("lat", "lon"), east, {"units": "degrees_east"})}, ("lat", "lon"),
                   hours=HOURS / 24, units=f"days since {START} 00:00:00", calendar="noleap")
        self.assert_agrees("clm", self.plain(stamp="start"), stamp="start")

    def test_wrf(self):
        with netCDF4.Dataset(self.folder / "product.nc", "w") as file:
            for name, length in (("Time", None), ("DateStrLen", 19), ("south_north", 2),
                                 ("west_east", 3)):
                file.createDimension(name, length)
            times = file.createVariable("Times", "S1", ("Time", "DateStrLen"))
            stamps = np.datetime64(f"{START}T00:00:00") + HOURS.astype("timedelta64[h]")
            times[:] = netCDF4.stringtochar(np.array([str(t).replace("T", "_") for t in stamps], "S19"))
            north, east = np.meshgrid(LATITUDE, LONGITUDE, indexing="ij")
            q = self.air["Qair"]
            for name, values, unit in (
                    ("XLAT", np.broadcast_to(north, self.air["Tair"].shape), "degree_north"),
                    ("XLONG", np.broadcast_to(east, self.air["Tair"].shape), "degree_east"),
                    ("SWDOWN", self.air["SWdown"], "W m-2"), ("GLW", self.air["LWdown"], "W m-2"),
                    ("T2", self.air["Tair"], "K"), ("Q2", q / (1 - q), "kg kg-1"),
                    ("PSFC", self.air["PSurf"], "Pa"), ("U10", self.air["Wind_E"], "m s-1"),
                    ("V10", self.air["Wind_N"], "m s-1")):
                variable = file.createVariable(name, "f4", ("Time", "south_north", "west_east"))
                variable.setncatts({"units": unit, "coordinates": "XLONG XLAT XTIME"})
                variable[:] = values
        found = self.assert_agrees("wrf", self.plain()).data
        np.testing.assert_allclose(found.latitude, north, rtol=0, atol=1e-5)
        np.testing.assert_allclose(found.longitude, east, rtol=0, atol=1e-5)

    def test_alma(self):
        names = {name: (self.air[name], unit, {}) for name, unit in
                 {"SWdown": "W/m^2", "LWdown": "W/m^2", "Tair": "K", "Qair": "kg/kg", "PSurf": "Pa",
                  "Wind": "m/s"}.items()}
        self.write(names, {"nav_lat": (("y", "x"), np.repeat(LATITUDE[:, None], 3, 1),
                                       {"units": "degrees_north"}),
                           "nav_lon": (("y", "x"), np.repeat(LONGITUDE[None], 2, 0),
                                       {"units": "degrees_east"})}, ("y", "x"),
                   units=f"seconds since {START}", hours=HOURS * 3600)
        self.assert_agrees("alma", self.plain(stamp="end"), stamp="end")

    def test_fluxnet(self):
        deficit = saturation_over_water(self.air["Tair"]) - self.air["vapour"]
        self.write({"SW_IN_F": (self.air["SWdown"], "W m-2", {}),
                    "LW_IN_F": (self.air["LWdown"], "W m-2", {}),
                    "TA_F": (self.air["Tair"] - 273.15, "degC", {}),
                    "VPD_F": (deficit / 100, "hPa", {}), "PA_F": (self.air["PSurf"] / 1e3, "kPa", {}),
                    "WS_F": (self.air["Wind"], "m s-1", {})}, latlon(), ("latitude", "longitude"))
        self.assert_agrees("fluxnet", self.plain(stamp="start"), stamp="start")

    def test_a_preset_can_be_overridden(self):
        data = self.nldas2()
        data["other"] = data.pop("Tair")
        self.write(data, latlon(names=("lat", "lon")), ("lat", "lon"))
        self.assert_agrees("nldas2", self.plain(stamp="end"), air_temperature="other", stamp="end")


if __name__ == "__main__":
    unittest.main()
