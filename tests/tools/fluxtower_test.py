# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the converter of flux-tower data on small files made here, and on a real one."""
import contextlib
import glob
import io
import os
import tempfile
import unittest

import numpy as np
import xarray as xr

import source_tree  # noqa: F401 (the package can be imported)
from file_limit import files_of_at_most
from fluxtower_files import (HUMIDITY, HUMIDITY_TOLERANCE, SUN, base_text, fluxnet_text, l2_text,
                             stamped_text)
from glebe_tools.fluxtower.__main__ import main


class FluxTower(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.output = os.path.join(self.folder, "tower.nc")

    def run_tool(self, text, *options, offset="-7"):
        """Exit status and standard error."""
        source = os.path.join(self.folder, "tower.csv")
        with open(source, "w", encoding="latin-1") as file:
            file.write(text)
        err = io.StringIO()
        with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
            try:
                status = main([source, self.output, "--utc-offset", offset, *options])
            except SystemExit as stop:  # argparse
                status = stop.code
        return status, err.getvalue()

    def convert(self, text, *options):
        status, err = self.run_tool(text, *options)
        self.assertEqual(status, 0, err)
        result = xr.load_dataset(self.output)
        self.assertEqual(sorted(os.listdir(self.folder)), ["tower.csv", "tower.nc"])
        return result

    def test_the_three_formats_agree(self):
        results = {"l2": self.convert(l2_text(122, 2012)), "base": self.convert(base_text()),
                   "fluxnet": self.convert(fluxnet_text())}
        for name, result in results.items():
            with self.subTest(name):
                self.assertEqual(result.time.values[0], np.datetime64("2012-05-01T08:00"))
                np.testing.assert_allclose(result.SWdown, SUN, rtol=1e-6)
                np.testing.assert_allclose(result.Qh, 0.3 * SUN, rtol=1e-6, atol=1e-6)
                self.assertAlmostEqual(float(result.Tair[10]), 298.15, 3)
                self.assertAlmostEqual(float(result.PSurf[10]), 90000, 1)
                self.assertAlmostEqual(float(result.Qair[10]), HUMIDITY,
                                       delta=HUMIDITY_TOLERANCE)
                self.assertEqual(result.Qair.units, "kg kg-1")
                self.assertEqual(result.Tair.cell_methods, "time: mean")
                self.assertEqual(result.attrs["Conventions"], "CF-1.10")

    def test_humidity_from_each_source(self):
        for kind in ("rh", "vpd", "h2o"):
            result = self.convert(l2_text(), "--humidity", kind)
            self.assertAlmostEqual(float(result.Qair[10]), HUMIDITY, msg=kind,
                                   delta=HUMIDITY_TOLERANCE)

    def test_stamps_and_bounds(self):
        for stamp, minutes in (("start", 0), ("middle", 30), ("end", 60)):
            result = self.convert(base_text(), "--stamp", stamp)
            expected = np.datetime64("2012-05-01T07:00") + np.timedelta64(minutes, "m")
            self.assertEqual(result.time.values[0], expected)
            self.assertIn(stamp, result.attrs["time_stamp"])
            self.assertEqual(result.time_bnds.values[0, 0], np.datetime64("2012-05-01T07:00"))
            self.assertTrue((result.time_bnds.values[:-1, 1] == result.time_bnds.values[1:, 0])
                            .all())

    def test_utc_offset_shifts_the_time(self):
        status, _ = self.run_tool(base_text(), offset="5.5")
        self.assertEqual(status, 0)
        self.assertEqual(xr.load_dataset(self.output).time.values[0],
                         np.datetime64("2012-04-30T19:30"))

    def test_missing_values_are_masked_and_empty_columns_left_out(self):
        result = self.convert(l2_text())
        self.assertEqual(np.flatnonzero(np.isnan(result.Tair)).tolist(), [3])
        self.assertTrue(np.isnan(result.Qair[3]))
        for name in ("Qle", "SWup", "LWup"):
            self.assertNotIn(name, result)
        self.assertEqual(result.SWdown.encoding["_FillValue"], -9999)

    def test_absent_rows_become_missing(self):
        lines = base_text().splitlines(keepends=True)
        result = self.convert("".join(lines[:8] + lines[10:]))
        self.assertEqual(result.sizes["time"], 24)
        self.assertEqual(np.flatnonzero(np.isnan(result.LWdown)).tolist(), [5, 6])

    def test_window(self):
        result = self.convert(base_text(), "--start", "2012-05-01T09:30", "--stop",
                              "2012-05-01T12:00:00Z")
        self.assertEqual([str(t)[11:16] for t in result.time.values], ["11:00", "12:00"])

    def test_depths(self):
        result = self.convert(l2_text(), "--depth", "SWC1=0.025")
        self.assertEqual((result.SoilTemp_5cm.depth, result.SoilTemp_15cm.depth), (0.05, 0.15))
        self.assertAlmostEqual(float(result.SoilMoist_2p5cm[0]), 0.10, 6)
        result = self.convert(base_text(), "--depth", "TS_1_1_1=0.05", "--depth", "TS_1_2_1=0.05")
        self.assertEqual((float(result.SoilTemp_5cm[0]), float(result.SoilTemp_5cm_2[0])),
                         (np.float32(294.15), np.float32(292.15)))
        status, err = self.run_tool(fluxnet_text())
        self.assertEqual(status, 0)
        self.assertIn("--depth TS_F_MDS_1=METRES", err)
        self.assertNotIn("SoilTemp", " ".join(xr.load_dataset(self.output)))

    def test_quality_flags(self):
        result = self.convert(fluxnet_text(), "--depth", "TS_F_MDS_1=0.05")
        self.assertEqual(result.Tair.ancillary_variables, "Tair_qc")
        self.assertEqual(result.Tair_qc[19:21].values.tolist(), [0, 2])
        self.assertEqual(result.Qair_qc[[0, 1, 23]].values.tolist(), [1, 0, 2])
        self.assertTrue((result.SoilTemp_5cm_qc == 1).all())
        self.assertTrue(np.isnan(result.Qh_qc[0]))
        self.assertEqual(len(result.Qh_qc.flag_meanings.split()), len(result.Qh_qc.flag_values))

    def test_columns_can_be_chosen(self):
        result = self.convert(base_text(), "--variable", "Tair=TA_1_2_1")
        self.assertAlmostEqual(float(result.Tair[0]), 303.15, 3)
        self.assertEqual(result.Tair.source_columns, "TA_1_2_1")

    def test_ground_flux_sign(self):
        # Rnet - H - LE is 0.15 SUN and G is -0.2 SUN; two days make enough daylight to judge
        columns = {"SW_IN": np.tile(SUN, 3), "TA": 25, "NETRAD": np.tile(0.5 * SUN, 3),
                   "H": np.tile(0.3 * SUN, 3), "LE": np.tile(0.05 * SUN, 3),
                   "G": np.tile(-0.2 * SUN, 3)}
        text = stamped_text(columns, rows=72)
        _, err = self.run_tool(text)
        self.assertIn("signs contradict", err)
        _, err = self.run_tool(text, "--ground-flux", "out")
        self.assertNotIn("contradict", err)
        np.testing.assert_allclose(xr.load_dataset(self.output).Qg, columns["G"] * -1, rtol=1e-6)

    def test_year_end_in_every_spelling(self):
        before = [(2003, 365 + hour / 24, 365, hour * 100) for hour in (22, 23)]
        for last in ((2003, 366.0, 365, 2400), (2003, 366.0, 366, 0), (2004, 1.0, 1, 0),
                     (2003, 1.0, 1, 0), (2004, 366.0, 366, 2400)):
            after = [(2004, 1 + 1 / 24, 1, 100)]
            with self.subTest(last):
                result = self.convert(l2_text(stamps=before + [last] + after))
                expected = np.datetime64("2004-01-01T05:00") + np.arange(4) * np.timedelta64(1, "h")
                np.testing.assert_array_equal(result.time.values, expected)

    def test_site(self):
        result = self.convert(l2_text())
        self.assertEqual((float(result.latitude), float(result.longitude)), (31.5, -109.5))
        self.assertEqual(str(result.station_name.values), "Somewhere")
        result = self.convert(base_text(), "--lat", "33.5", "--lon", "-112.1", "--site", "Here")
        self.assertEqual((float(result.latitude), str(result.station_name.values)),
                         (33.5, "Here"))

    def test_errors_say_what_to_do_and_leave_nothing_behind(self):
        l2, base = l2_text(), base_text()
        cases = (
            ("a,b\n1,2\n", [], "unknown format"),
            ("TIMESTAMP,TA_F\n20120501,3\n", [], "unknown format"),
            (base.replace("SW_IN_1_1_1", "PPFD"), [], "--variable SWdown=COLUMN"),
            (base, ["--variable", "Tair=TA_1_9_1"], "near: TA_1_"),
            (base, ["--depth", "TS_7_7_7=0.05"], "TS_7_7_7 is not in the file"),
            (base, ["--depth", "TS_1_1_1=deep"], "not a number"),
            (base, ["--format", "l2"], "the format is base, not l2"),
            (base, ["--start", "2013-01-01"], "no data between"),
            (base, ["--start", "soon"], "not an ISO 8601 time"),
            (base.replace("20120501", "2012-05-01"), [], "YYYYMMDDhhmm"),
            (base.replace(",310,", ",31O,", 1), [], "'31O' is not a number"),
            (l2.replace("deg C", "deg R"), [], "unit 'deg R'"),
            (l2.replace(",127,300,", ",127,330,"), [], "do not make a time"),
            ("".join(l2.splitlines(keepends=True)[:6]), [], "at least 2"),
        )
        for text, options, expected in cases:
            with self.subTest(expected):
                status, err = self.run_tool(text, *options)
                self.assertEqual(status, 2)
                self.assertIn(expected, err)
                self.assertEqual(os.listdir(self.folder), ["tower.csv"])

    def test_repeated_stamps_are_an_error(self):
        lines = base_text().splitlines(keepends=True)
        status, err = self.run_tool("".join(lines[:8] + lines[7:]))
        self.assertEqual(status, 2)
        self.assertIn("is followed by", err)

    def test_bad_offset(self):
        for offset in ("-19", "MST"):
            status, err = self.run_tool(base_text(), offset=offset)
            self.assertEqual(status, 2)
            self.assertIn("--utc-offset", err)

    def test_output_over_the_input(self):
        with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as file:
            file.write(base_text())
        self.addCleanup(os.remove, file.name)
        err = io.StringIO()
        with contextlib.redirect_stderr(err):
            self.assertEqual(main([file.name, file.name, "--utc-offset", "0"]), 2)
        self.assertIn("would overwrite the input", err.getvalue())
        with open(file.name, encoding="utf-8") as again:
            self.assertEqual(again.read(), base_text())

    def test_no_space(self):
        with files_of_at_most(3000):
            status, err = self.run_tool(base_text())
        self.assertEqual(status, 1)
        self.assertIn(f"{self.output}: cannot be written (", err)
        self.assertEqual(os.listdir(self.folder), ["tower.csv"])

    def test_missing_file(self):
        err = io.StringIO()
        with contextlib.redirect_stderr(err):
            self.assertEqual(main(["/nowhere.csv", self.output, "--utc-offset", "0"]), 2)
        self.assertIn("/nowhere.csv", err.getvalue())


class RealTower(unittest.TestCase):
    """The Kendall Grassland file of 2004, where GLEBE_DATA names a folder with it."""

    @classmethod
    def setUpClass(cls):
        found = glob.glob(os.path.join(os.environ.get("GLEBE_DATA", "/nonexistent"),
                                       "us_wkg_2004/AMF_USWkg_2004_L2*.csv"))
        if not found:
            raise unittest.SkipTest("GLEBE_DATA has no us_wkg_2004")
        with tempfile.TemporaryDirectory() as folder:
            output = os.path.join(folder, "wkg.nc")
            with contextlib.redirect_stdout(io.StringIO()), \
                    contextlib.redirect_stderr(io.StringIO()) as err:
                status = main([found[0], output, "--utc-offset", "-7"])
            assert status == 0, err.getvalue()
            cls.notes, cls.data = err.getvalue(), xr.load_dataset(output)

    def test_time_is_regular(self):
        steps = np.diff(self.data.time.values)
        self.assertTrue((steps == np.timedelta64(30, "m")).all())
        self.assertEqual(str(self.data.time.values[-1])[:16], "2005-01-01T06:30")

    def test_the_sun_is_highest_at_solar_noon(self):
        # Solar noon is 19:20 UTC minus the equation of time (+4 min in May, -6 min in July).
        # With end stamps the middle of the sunlit intervals is 15 min before their stamps.
        june = self.data.SWdown.sel(time=slice("2004-05-28T07:15", "2004-06-21T07:15"))
        hour = (june.time - np.timedelta64(7, "h")).dt
        local = (hour.hour + hour.minute / 60 - 0.25) % 24
        centre = float((june * local).sum() / june.sum())
        self.assertAlmostEqual(centre, 12 + (109.9419 - 105) / 15, delta=0.12)

    def test_ground_heat_flux_goes_down_by_day(self):
        d = self.data.where(self.data.SWdown > 200)
        left = (d.Rnet - d.Qh - d.Qle).where(np.isfinite(d.Qg))
        self.assertGreater(float(left.mean()), 50)
        self.assertGreater(float(d.Qg.mean()), 30)
        self.assertGreater(float(xr.corr(left, d.Qg)), 0.7)
        self.assertNotIn("contradict", self.notes)

    def test_net_radiation_is_the_sum_of_its_terms(self):
        d = self.data.sel(time=slice("2004-05-27", "2004-06-21"))
        sum_of_terms = d.SWdown - d.SWup + d.LWdown - d.LWup
        self.assertLess(float(abs(sum_of_terms - d.Rnet).max()), 0.02)

    def test_plausible_ranges(self):
        for name, low, high in (("Tair", 255, 320), ("Qair", 0, 0.025), ("PSurf", 8e4, 9e4),
                                ("SoilTemp_5cm", 270, 335), ("SoilTemp_15cm", 272, 325)):
            self.assertGreater(float(self.data[name].min()), low, name)
            self.assertLess(float(self.data[name].max()), high, name)


if __name__ == "__main__":
    unittest.main()
