# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the converter on zips, several heat flux plates, humidity without pressure, and of the
check of the time by the sun."""
import unittest
import zipfile

import numpy as np
import pandas as pd
import xarray as xr

import fluxtower_tables as tables
from fluxtower_case import Converter
from fluxtower_files import SUN, base_text, fluxnet_text, l2_text, stamped_text
from glebe_tools.fluxtower import sun


class Zips(Converter):
    def zipped(self, **files):
        with zipfile.ZipFile(self.path("a.zip"), "w") as archive:
            for name, text in files.items():
                archive.writestr(name.replace("__", "."), text)
        return self.path("a.zip")

    def test_the_half_hourly_file_is_taken(self):
        half = stamped_text({"SW_IN": 0, "TA": 5}, rows=48, step=30)
        source = self.zipped(**{"AMF_XX_BASE_HR_1-5.csv": base_text(), "README.txt": "none",
                                "AMF_XX_BASE_HH_1-5.csv": half, "AMF_XX_BADM.xlsx": "x"})
        self.assertEqual(self.convert(source, "--utc-offset", "-7").sizes["time"], 48)
        self.assertIn("read AMF_XX_BASE_HH_1-5.csv of the zip, not AMF_XX_BASE_HR_1-5.csv; choose "
                      "with --member", self.err)
        result = self.convert(source, "--utc-offset", "-7", "--member", "AMF_XX_BASE_HR_1-5.csv")
        self.assertEqual(result.sizes["time"], 24)

    def test_a_zip_gives_what_its_file_gives(self):
        expected = self.convert(self.write("f.csv", fluxnet_text()), "--utc-offset", "-7")
        source = self.zipped(**{"FLX_XX_FLUXNET2015_ERAI_HH_2012_1-4.csv": "TIMESTAMP_START\n",
                                "FLX_XX_FLUXNET2015_FULLSET_DD_2012_1-4.csv": "TIMESTAMP\n",
                                "FLX_XX_FLUXNET2015_FULLSET_HH_2012_1-4.csv": fluxnet_text()})
        xr.testing.assert_equal(self.convert(source, "--utc-offset", "-7"), expected)

    def test_errors(self):
        source = self.zipped(**{"one.csv": "a", "two.csv": "b"})
        for options, expected in (([], "choose one with --member"),
                                  (["--member", "tow.csv"], "near: two.csv")):
            status, _, err = self.run_tool(source, "--utc-offset", "0", *options)
            self.assertEqual((status, expected in err), (2, True), err)


class Plates(Converter):
    def test_every_plate_with_a_depth_is_written(self):
        source = self.write("b.csv", base_text(G_1_1_1=0.2 * SUN, G_2_1_1=0.3 * SUN, G_3_1_1=40))
        result = self.convert(source, "--utc-offset", "-7", "--depth", "G_1_1_1=0.08", "--depth",
                              "G_2_1_1=0.08")
        np.testing.assert_array_equal(result.Qg, result.Qg_8cm)
        np.testing.assert_allclose(result.Qg_8cm_2, 0.3 * SUN, rtol=1e-6)
        self.assertEqual(result.Qg.source_columns, "G_1_1_1")
        self.assertIn("G_3_1_1: not written, its depth is not known; give --depth G_3_1_1=METRES",
                      self.err)
        self.assertIn("Qg is G_1_1_1 alone, one of 3 plates", self.err)
        result = self.convert(source, "--utc-offset", "-7", "--variable", "Qg=G_2_1_1",
                              "--ground-flux", "out", "--depth", "G_2_1_1=0.05")
        np.testing.assert_allclose(result.Qg, -0.3 * SUN, rtol=1e-6)
        np.testing.assert_array_equal(result.Qg, result.Qg_5cm)


class Humidity(Converter):
    def test_without_pressure(self):
        text = base_text(PA=-9999)
        result = self.convert(self.write("b.csv", text), "--utc-offset", "-7")
        np.testing.assert_allclose(result.RH, 0.4, rtol=1e-6)
        self.assertEqual(result.RH.units, "1")
        self.assertNotIn("Qair", result)
        text = fluxnet_text(PA_F=-9999)
        result = self.convert(self.write("f.csv", text), "--utc-offset", "-7")
        # 12.676 hPa: see fluxtower_files; Bolton's formula is within 0.25 % of it
        np.testing.assert_allclose(result.VapourPressure, 1267.6, rtol=0.0025)
        self.assertEqual(result.VapourPressure.source_columns, "VPD_F TA_F")
        result = self.convert(self.write("l.csv", l2_text().replace(",90,", ",-9999,")),
                              "--utc-offset", "-7", "--humidity", "h2o")
        self.assertFalse({"Qair", "RH", "VapourPressure"} & set(result))
        self.assertIn("H2O needs air pressure", self.err)


class Sun(Converter):
    def clear_days(self, longitude, shift):
        """(middles of half hours UTC, shortwave) of ten days, by the elevation of the sun; the
        data are `shift` minutes late."""
        time = pd.date_range("2012-05-01T00:15", periods=480, freq="30min")
        true = time - pd.Timedelta(minutes=shift)
        declination, equation = sun.solar(true.dayofyear.to_numpy() - 1)
        hour = np.pi * ((true.hour * 60 + true.minute + 4 * longitude + equation) / 720 - 1)
        phi = np.radians(40)
        up = np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.cos(hour)
        light = 1000 * np.clip(up, 0, None).to_numpy()
        light[100:144] *= 0.3  # a cloudy day
        return time, light

    def test_shifts_are_found(self):
        for longitude in (-110, 0, 150):
            for shift in (0, 30, -60, 420, -600):
                minutes, spread, days = sun.noon_error(*self.clear_days(longitude, shift), 40,
                                                       longitude)
                self.assertAlmostEqual(minutes, shift, delta=2)
                self.assertLess(spread, 5)
                self.assertGreaterEqual(days, 7)

    def test_equation_of_time(self):
        # the almanac of 2012: -14.2 min on 11 February, 3.7 on 14 May, 16.4 on 3 November
        for day, minutes in ((41, -14.2), (134, 3.7), (307, 16.4)):
            self.assertAlmostEqual(sun.solar(day)[1], minutes, delta=0.3)

    def test_causes(self):
        for minutes, step, expected in ((5, 30, None), (58, 30, "offset should be 1 h more"),
                                        (-420, 30, "offset should be 7 h less"),
                                        (-30, 30, "the start of an interval for its end"),
                                        (31, 60, "half an interval"),
                                        (45, 10, "longitude")):
            text, warning = sun.verdict(minutes, 2, 9, step)
            self.assertEqual(warning, expected is not None)
            self.assertIn(expected or "clear days", text)
        text, warning = sun.verdict(60, 40, 9, 30)
        self.assertEqual((warning, "no check of the time" in text), (False, True))

    def test_the_command_warns(self):
        time, light = self.clear_days(-110, 0)
        stamps = time - pd.Timedelta(hours=6) + pd.Timedelta(minutes=15)
        text = "Time,SW\n" + "".join(f"{t:%Y-%m-%d %H:%M},{v:.3f}\n" for t, v in zip(stamps, light))
        mapping = (tables.PLAIN_TIME.replace("60 min", "30 min")
                   + tables.SITE.replace("-109.5", "-110") + "[columns]\nSW = SWdown, W/m2\n")
        self.table(text, mapping)
        self.assertIn("warning: the centroid of shortwave is 60 min after", self.err)
        self.table(text, mapping, "--utc-offset", "-6")
        self.assertNotIn("warning", self.err)
        self.assertIn("solar noon", self.err)


if __name__ == "__main__":
    unittest.main()
