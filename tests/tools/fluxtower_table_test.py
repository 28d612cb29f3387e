# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the converter on tables with a mapping, on zips, plates, humidity and the sun."""
import contextlib
import io
import os
import tempfile
import unittest
import zipfile

import numpy as np
import pandas as pd
import xarray as xr

import source_tree  # noqa: F401 (the package can be imported)
import fluxtower_tables as tables
from fluxtower_files import SUN, base_text, fluxnet_text, l2_text, stamped_text
from glebe_tools.command import InputError
from glebe_tools.fluxtower import clock, sun, units
from glebe_tools.fluxtower.__main__ import main


class Converter(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.output = self.path("out.nc")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def run_tool(self, source, *options):
        """Exit status, standard output and standard error."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main([source, self.output, *options])
            except SystemExit as stop:  # argparse
                status = stop.code
        return status, out.getvalue(), err.getvalue()

    def convert(self, source, *options):
        status, self.out, self.err = self.run_tool(source, *options)
        self.assertEqual(status, 0, self.err)
        return xr.load_dataset(self.output)

    def table(self, text, mapping, *options):
        return self.convert(self.write("t.csv", text), "--mapping",
                            self.write("t.ini", mapping), *options)

    def refused(self, text, mapping, expected, *options):
        status, _, err = self.run_tool(self.write("t.csv", text), "--mapping",
                                       self.write("t.ini", mapping), *options)
        self.assertEqual(status, 2)
        self.assertIn(expected, err)
        self.assertFalse(os.path.exists(self.output))


class Tables(Converter):
    def plain(self):
        return self.table(*tables.plain())

    def test_plain_values(self):
        result = self.plain()
        self.assertEqual(result.time.values[0], np.datetime64("2012-05-01T08:00"))
        self.assertEqual(result.time_bnds.values[0, 0], np.datetime64("2012-05-01T07:00"))
        np.testing.assert_allclose(result.SWdown, SUN, rtol=1e-6)
        self.assertAlmostEqual(float(result.Tair[0]), 283.15, 4)
        self.assertAlmostEqual(float(result.SoilMoist_5cm[0]), 0.12, 6)
        self.assertEqual((result.Qg_8cm.depth, result.Qg.depth), (0.08, 0.08))
        self.assertEqual(np.flatnonzero(np.isnan(result.Wind)).tolist(), [23])
        self.assertEqual((float(result.latitude), str(result.station_name.values)),
                         (31.5, "Somewhere"))

    def test_the_same_weather_in_any_table_is_the_same(self):
        expected = self.plain()
        for name in ("toa5", "semicolons", "blanks"):
            with self.subTest(name):
                result = self.table(*getattr(tables, name)())
                self.assertEqual(set(result), set(expected))
                np.testing.assert_array_equal(result.time, expected.time)
                for variable in tables.WEATHER.keys() & set(expected):
                    # other units: the last digit of single precision may differ
                    np.testing.assert_allclose(result[variable], expected[variable],
                                               rtol=2e-7 if name == "blanks" else 0, err_msg=name)

    def test_a_column_of_instants_keeps_the_stamps(self):
        text, mapping = tables.plain()
        mapping = mapping.replace("SoilTemp, degC,", "SoilTemp, degC, instant,")
        result = self.table(text, mapping.replace("stamp = end", "stamp = start"))
        self.assertEqual(result.time.values[0], np.datetime64("2012-05-01T08:00"))
        self.assertEqual(result.time_bnds.values[0, 0], np.datetime64("2012-05-01T08:00"))
        self.assertEqual((result.SoilTemp_5cm.cell_methods, result.Tair.cell_methods),
                         ("time: point", "time: mean"))
        os.remove(self.output)
        self.refused(text, mapping, "--stamp start: column SoilTemp", "--stamp", "start")

    def test_a_table_of_instants_has_no_bounds(self):
        text, mapping = tables.plain()
        result = self.table(text, mapping, "--input-stamp", "instant")
        self.assertEqual(result.time.values[0], np.datetime64("2012-05-01T08:00"))
        self.assertNotIn("time_bnds", result)
        self.assertEqual(result.Tair.cell_methods, "time: point")

    def test_what_was_not_used_and_what_was_derived_is_listed(self):
        text, mapping = tables.toa5()
        self.table(text, mapping)
        self.assertIn("not used (1 columns): RECORD", self.out)
        self.convert(self.write("b.csv", base_text(CO2=400, FC=-9999)), "--utc-offset", "-7")
        self.assertIn("Qair is derived from RH_1_1_1, TA_1_1_1, PA", self.out)
        self.assertIn("CO2", self.out.split("not used")[1].split("without numbers")[0])
        self.assertIn("FC", self.out.split("without numbers")[1])

    def test_errors_name_the_place(self):
        text, mapping = tables.plain()
        lines = text.splitlines(keepends=True)
        columns = mapping.index("[columns]")
        cases = (
            (text, mapping.replace("\nTair =", "\nTaire ="), "'Taire' is not in"),
            (text, mapping.replace("\nTair =", "\nTaire ="), "near: Tair"),
            (text, mapping.replace("= Tair,", "= Tare,"), "no variable 'Tare'; near: Tair"),
            (text, mapping.replace("Tair, degC", "Tair, degR"), "[columns] Tair: it has the unit "
             "'degR'; expected K or degC or degF"),
            (text, mapping.replace("Tair, degC", "Tair"), "the unit is missing"),
            (text, mapping.replace("degC, depth 5 cm", "degC"), "column SoilTemp: its depth is not "
             "known; give --depth SoilTemp=METRES"),
            (text, mapping.replace("depth 5 cm", "depth 5"), "the unit ''; expected m"),
            (text, mapping.replace(", positive into ground", ""), "the sign of a ground heat flux"),
            (text, mapping.replace("into ground", "down"), "positive down'"),
            (text, mapping.replace("Wind, m/s", "Wind, m/s, at 2 m"), "'at 2 m' is none of"),
            ("".join(lines[:8] + lines[7:]), mapping, "t.csv, line 9: the time stamp 2012-05-01 "
             "07:00:00 is repeated (line 8)"),
            ("".join([lines[0], lines[2], lines[1], *lines[3:]]), mapping, "line 3: the time stamp "
             "2012-05-01 01:00:00 is after 2012-05-01 02:00:00, which is later (line 2)"),
            (text.replace("10.6848", "1O.6848"), mapping, "line 3, column Tair: '1O.6848' is not a "
             "number"),
            (text.replace("10.6848", "inf"), mapping, "'inf' is not a number"),
            (text.replace("-05-01 03:00", "-05-31 03:60"), mapping, "line 4, column Time: "),
            (text.replace(",2.5000", "", 1), mapping, "line 2: 7 cells, expected 8"),
            (text, mapping.replace("utc_offset = -7\n", ""), "give --utc-offset"),
            (text, mapping.replace("stamp = end\n", ""), "--input-stamp"),
            (text, mapping.replace("stamp = end", "stamp = hour"), "allowed: start, middle"),
            (text, mapping.replace("60 min", "60"), "the unit ''; expected s or min"),
            (text, mapping.replace("missing =", "missed ="), "has no key 'missed'"),
            (text, mapping.replace("[site]", "[place]"), "unknown group [place]"),
            (text, mapping[:columns], "[columns] has no line"),
            (text, mapping.replace("= 31.5", "= Nord"), "neither a number nor a column"),
            (text.replace("Tair", "RH", 1), mapping.replace("Tair = Tair, degC\n", ""),
             "2 columns have the name 'RH'"),
        )
        for data, description, expected in cases:
            with self.subTest(expected):
                self.refused(data, description, expected)

    def test_values_that_are_not_possible_are_named(self):
        text, mapping = tables.plain()
        self.table(text, mapping.replace("RH, %", "RH, fraction"))
        self.assertIn("warning: RH: 24 values of RH are not between 0 and 1.5", self.err)

    def test_a_depth_can_be_given_as_an_option(self):
        text, mapping = tables.plain()
        result = self.table(text, mapping.replace("degC, depth 5 cm", "degC"), "--depth",
                            "SoilTemp=0.1")
        self.assertEqual(result.SoilTemp_10cm.depth, 0.1)

    def test_options_of_towers_and_tables_exclude_each_other(self):
        text, mapping = tables.plain()
        self.refused(text, mapping, "cannot be used with --mapping", "--ground-flux", "out")
        status, _, err = self.run_tool(self.path("t.csv"))
        self.assertEqual((status, "--utc-offset is required" in err), (2, True))

    def test_the_time_of_several_columns(self):
        for cells, words, expected in (
                (("2012", "122", "2400"), ("%Y", "%j", "%H%M"), "2012-05-02 00:00"),
                (("2012", "122", "5"), ("%Y", "%j", "%H%M"), "2012-05-01 00:05"),
                (("2012", "122", "1.5"), ("%Y", "%j", "hours"), "2012-05-01 01:30"),
                (("2003", "127.04167"), ("%Y", "days"), "2003-05-07 01:00"),
                (("31.12.2012 24:00",), ("%d.%m.%Y %H:%M",), "2013-01-01 00:00"),
                (("1 May 2012", "1:05 PM"), ("%d %b %Y", "%I:%M %p"), "2012-05-01 13:05")):
            self.assertEqual(f"{clock.moment(cells, words):%Y-%m-%d %H:%M}", expected)
        for cells, words in ((("2012", "x"), ("%Y", "hours")), (("2012-13-01",), ("%Y-%m-%d",))):
            with self.assertRaises(ValueError):
                clock.moment(cells, words)
        with self.assertRaisesRegex(InputError, "2 columns need 2 formats"):
            clock.words_of("%Y %H", ["a", "b"], "m.ini")

    def test_an_open_quote_swallows_no_lines(self):
        text, mapping = tables.toa5()
        self.refused(text.replace('"2012-05-01 09:00:00"', '"2012-05-01 09:00:00'), mapping,
                     "line 13: 1 cells, expected 9")

    def test_an_interval_shorter_than_the_steps_is_noted(self):
        text, mapping = tables.plain()
        result = self.table(text, mapping.replace("60 min", "30 min"))
        self.assertIn("at least 3600 s apart, but the interval of t.ini is 1800 s", self.err)
        self.assertEqual(result.sizes["time"], 47)

    def test_energy_in_an_interval(self):
        factor, _ = units.conversion("MJ m-2", "W m-2", "x", 1800.0)
        self.assertAlmostEqual(factor, 1e6 / 1800, 9)
        factor, offset = units.conversion("degF", "K", "x")
        self.assertAlmostEqual(212 * factor + offset, 373.15, 10)
        with self.assertRaisesRegex(InputError, "x has the unit 'degC'; expected Pa"):
            units.conversion("degC", "Pa", "x")


class Networks(Converter):
    def test_uscrn(self):
        expected = self.table(*tables.plain())
        source = self.write("CRNH0203-2012-AZ_Somewhere.txt", tables.uscrn())
        result = self.convert(source, "--mapping", "uscrn_hourly")
        np.testing.assert_array_equal(result.time, expected.time)
        for name in ("Tair", "SoilTemp_5cm", "SoilMoist_5cm", "RH"):
            np.testing.assert_array_equal(result[name], expected[name], name)
        self.assertEqual(np.flatnonzero(np.isnan(result.SWdown)).tolist(), [12])  # flag 3
        self.assertIn("SOLARAD: 1 values taken as missing", self.err)
        self.assertEqual((float(result.latitude), float(result.longitude)), (32.24, -111.17))
        self.assertAlmostEqual(float(result.Tskin[0]), 303.15, 4)
        self.assertNotIn("SoilTemp_10cm", result)
        self.assertIn("humidity_kind = 'relative', pressure_constant", self.err)

    def test_uscrn_subhourly(self):
        row = ("3816 20200101 {:04} 20191231 {} 2.623 -88.33 37.01 {} 0.0 {} {} 4.1 R 0 70 0 {} "
               "5.5 1234 0 2.50 0")
        text = "\n".join([row.format(5, 1805, 3.5, 0.0, 0, "0.250"),
                          row.format(10, 1810, 4.5, -99999.0, 0, "-99.000")])
        result = self.convert(self.write("s.txt", text + "\n"), "--mapping", "uscrn_subhourly")
        np.testing.assert_allclose(result.Tair, [276.65, 277.65], rtol=1e-7)
        self.assertEqual(np.isnan(result.SWdown).values.tolist(), [False, True])
        self.assertEqual(np.isnan(result.SoilMoist_5cm).values.tolist(), [False, True])
        self.assertEqual(result.time.values[1], np.datetime64("2020-01-01T00:10"))

    def test_scan(self):
        expected = self.table(*tables.plain())
        source = self.write("scan.csv", tables.scan())
        options = ["--mapping", "scan", "--utc-offset", "-7"]
        result = self.convert(source, *options, "--input-stamp", "end")
        for name, own in (("SWdown", "SWdown"), ("Tair", "Tair"), ("Wind", "Wind"), ("RH", "RH"),
                          ("SoilTemp_5cm", "SoilTemp_5p08cm"),
                          ("SoilMoist_5cm", "SoilMoist_5p08cm")):
            np.testing.assert_allclose(result[own], expected[name], rtol=2e-7, err_msg=name)
        self.assertEqual(result.SoilTemp_5p08cm.depth, 0.0508)
        self.assertEqual(result.SoilTemp_5p08cm.cell_methods, "time: point")
        status, _, err = self.run_tool(source, *options)
        self.assertEqual((status, "give --input-stamp" in err), (2, True))

    def test_a_mapping_can_be_printed(self):
        status, out, _ = self.run_tool("x", "--print-mapping", "scan")
        self.assertEqual((status, "[columns]" in out), (0, True))
        status, _, err = self.run_tool("x", "--mapping", "scam")
        self.assertEqual((status, "scan, uscrn_hourly" in err), (2, True))


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
