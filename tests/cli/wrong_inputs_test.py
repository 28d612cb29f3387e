# SPDX-License-Identifier: BSD-3-Clause
"""Every mistake a user makes is answered with status 2 and one message that names the culprit, and
leaves no trace: no result, no half-written file, and earlier results as they were. Here: the
command line, the namelist and the files to be written."""
import unittest

from refusal import RefusalTest, line_of
from support import group_of, site_case


class WrongInputs(RefusalTest):
    # The command line

    def test_no_argument(self):
        for ranks in (1, 2):
            done = self.glebe(ranks=ranks)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stderr.count("a namelist is needed; see glebe --help"), 1)

    def test_unknown_option(self):
        done = self.glebe("--chekc", self.write_case(self.case))
        self.assertEqual(done.returncode, 2)
        self.assertIn("'--chekc'", done.stderr)
        self.assertFalse((self.folder / "result.nc").exists())

    def test_second_namelist(self):
        done = self.glebe(self.write_case(self.case), "other.nml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("other.nml", done.stderr)
        # A value of an option is not one.
        self.assertEqual(self.glebe("case.nml", "-tao_max_it", "3").returncode, 0)

    def test_check_without_namelist(self):
        done = self.glebe("--check")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--check", done.stderr)

    def test_missing_namelist(self):
        for ranks in (1, 2):
            done = self.glebe("absent.nml", ranks=ranks)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stderr.count("absent.nml"), 1)

    # The namelist

    def test_misspelt_key(self):
        self.case["soil"]["dephts"] = 1.0
        self.assert_refused(line_of(self.case, "dephts"), "&soil dephts", "'depth'", ranks=(1, 2),
                            earlier=False)

    def test_misspelt_group(self):
        self.case["forcings"] = {"stamp": "start"}
        self.assert_refused(line_of(self.case, "&forcings"), "forcings", "'forcing'")

    def test_unknown_mode(self):
        self.case["run"]["mode"] = "estimat"
        self.assert_refused(line_of(self.case, "mode"), "&run mode", "'estimate'", "'twin'")

    def test_lower_above_upper(self):
        group_of(self.case, "albedo").update(lower=0.5, upper=0.2, value=0.3)
        self.assert_refused(line_of(self.case, "lower"), "lower = 0.5", "upper = 0.2")

    def test_first_guess_outside_bounds(self):
        group_of(self.case, "albedo").update(lower=0.1, upper=0.2, value=0.3)
        line = int(line_of(self.case, "lower").split(":")[1]) - 1  # value comes just before
        self.assert_refused(f"case.nml:{line}", "value = 0.3", "0.1", "0.2")

    def test_date_not_in_the_calendar(self):
        self.case["time"]["start"] = "2001-05-32"
        self.assert_refused(line_of(self.case, "start"), "&time start")

    def test_stop_before_start(self):
        self.case["time"]["stop"] = "2001-05-01"
        self.assert_refused(line_of(self.case, "stop ="), "&time stop", "start")

    def test_part_of_a_step(self):
        self.case["time"]["step"] = 7000
        self.assert_refused(line_of(self.case, "step ="), "&time step", "whole number")

    def test_unset_environment_variable(self):
        self.case["forcing"]["file"] = "${GLEBE_TEST_UNSET}/weather.nc"
        self.assert_refused(line_of(self.case, "weather.nc"), "GLEBE_TEST_UNSET")

    def test_all_problems_at_once(self):
        self.case["soil"]["nodes"] = 1
        self.case["time"]["scheme"] = "euler"
        group_of(self.case, "soil_temperature")["depth"] = 5.0
        del group_of(self.case, "albedo")["upper"]
        self.assert_refused(line_of(self.case, "nodes = 1"), line_of(self.case, "scheme = 'euler'"),
                            line_of(self.case, "depth = 5.0"), "&parameter upper", ranks=(1, 2))

    def test_restart_without_checkpoint(self):
        self.case["checkpoint"] = {"restart": True}
        self.assert_refused(line_of(self.case, "&checkpoint"), "file")
        self.case["checkpoint"] = {"restart": True, "file": "state.h5"}
        self.assert_refused("state.h5", ranks=(1, 2))

    def test_checkpoint_that_is_none(self):
        (self.folder / "state.h5").write_text("not a checkpoint")
        self.case["checkpoint"] = {"restart": True, "file": "state.h5"}
        self.assert_refused("state.h5: not a checkpoint", ranks=(1, 2))

    # What would be lost

    def test_output_folder_missing(self):
        self.case["run"]["output"] = "absent/result.nc"
        self.assert_refused("absent", ranks=(1, 2), earlier=False)
        # A long run must not find out at its end.
        self.assert_refused("absent", options=["--check"], earlier=False)

    def test_output_is_a_folder(self):
        (self.folder / "results").mkdir()
        self.case["run"]["output"] = "results"
        self.assert_refused("results", "folder", options=["--check"])

    def test_checkpoint_folder_missing(self):
        # Before the first checkpoint, whenever that may come.
        self.case["checkpoint"] = {"file": "absent/state.h5", "interval": 1000}
        self.assert_refused("absent")

    def test_more_memory_than_allowed(self):
        self.case["run"]["memory_limit"] = 1e-6
        self.assert_refused("&run memory_limit", "GB per rank are needed", ranks=(1, 2))

    def test_output_over_an_input(self):
        for name in ("weather.nc", "soil.nc", "case.nml"):
            self.write_inputs()
            self.case["run"]["output"] = name
            with self.subTest(name=name):
                self.assert_refused(line_of(self.case, "output"), "&run output", name,
                                    earlier=False)

    def test_twin_over_its_inputs(self):
        for name in ("weather.nc", "result.nc"):
            self.write_inputs()
            self.case = site_case("twin", "surface_temperature", run={"output": "result.nc"})
            self.case["twin"]["file"] = name
            with self.subTest(name=name):
                self.assert_refused("case.nml:", "&twin file", name)

    def test_stream_with_a_name_of_the_result(self):
        for name in ("time", "albedo", "albedo_std", "status"):
            group_of(self.case, "soil_temperature").update(name=name,
                                                           variable="soil_temperature_5cm")
            with self.subTest(name=name):
                self.assert_refused("case.nml:", "&observation name", f"'{name}'")


if __name__ == "__main__":
    unittest.main()
