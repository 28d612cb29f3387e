# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the converter on tables with a mapping: loggers, networks, units, times, errors."""
import os
import pathlib
import re
import unittest

import numpy as np

import fluxtower_tables as tables
from fluxtower_case import Converter
from fluxtower_files import SUN, base_text
from glebe_tools.command import InputError
from glebe_tools.fluxtower import clock, units
from glebe_tools.fluxtower.mapping import read_mapping


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
            (text, mapping.replace("= 31.5", "= Nord"), "neither a number between -90"),
            (text, mapping.replace("= 31.5", "= 131.5"), "neither a number between -90"),
            (text, mapping.replace("[table]", "[table]\ndecimal = comma"),
             "'0.0000' is not a number"),
            (text, mapping.replace("[table]", "[table]\nseparator = tab"), "separator?"),
            (text.replace("2012-05-01 0", "1600-05-01 0"), mapping, "is no time of the format"),
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
        for twice in "%Y %Y-%m-%d", "%Y-%m-%d %H:%M:%x":
            with self.assertRaisesRegex(InputError, "the date or the time twice"):
                clock.words_of(twice, ["a"], "m.ini")

    def test_an_open_quote_swallows_no_lines(self):
        text, mapping = tables.toa5()
        self.refused(text.replace('"2012-05-01 09:00:00"', '"2012-05-01 09:00:00'), mapping,
                     "line 13: 1 cells, expected 9")

    def test_an_interval_shorter_than_the_steps_is_noted(self):
        text, mapping = tables.plain()
        result = self.table(text, mapping.replace("60 min", "30 min"))
        self.assertIn("at least 3600 s apart, but the interval of t.ini is 1800 s", self.err)
        self.assertEqual(result.sizes["time"], 47)

    def test_the_mapping_of_the_guide_can_be_read(self):
        guide = pathlib.Path(__file__).parents[2] / "docs/user_guide.md"
        text = re.search(r"```ini\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)[1]
        mapping = read_mapping(self.write("guide.ini", text))
        self.assertEqual([mapping.columns[f"shf_Avg({n})"].sign for n in (1, 2)], [1, -1])
        self.assertEqual((mapping.header, mapping.data, mapping.interval), ([2], 5, 1800))

    def test_a_mapping_in_another_encoding_is_named(self):
        text, mapping = tables.plain()
        latin = pathlib.Path(self.path("latin.ini"))
        latin.write_bytes(("# Präzision\n" + mapping).encode("latin-1"))
        status, _, err = self.run_tool(self.write("t.csv", text), "--mapping", str(latin))
        self.assertEqual(status, 2)
        self.assertIn(f"{latin}: is not UTF-8: invalid continuation byte at byte 4", err)

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
        self.assertEqual(np.flatnonzero(np.isnan(result.Tskin)).tolist(), [5])  # no infrared
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
        self.assertIn("warning: Tair, RH are instants, SWdown are means", self.err)
        self.assertEqual(result.SoilTemp_5p08cm.cell_methods, "time: point")
        status, _, err = self.run_tool(source, *options)
        self.assertEqual((status, "give --input-stamp" in err), (2, True))

    def test_a_mapping_can_be_printed(self):
        status, out, _ = self.run_tool("x", "--print-mapping", "scan")
        self.assertEqual((status, "[columns]" in out), (0, True))
        status, _, err = self.run_tool("x", "--mapping", "scam")
        self.assertEqual((status, "scan, uscrn_hourly" in err), (2, True))


if __name__ == "__main__":
    unittest.main()
