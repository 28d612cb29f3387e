# SPDX-License-Identifier: BSD-3-Clause
"""Settings from the command line: --set group.key=value."""
import unittest

from support import GlebeTest, estimating, group_of, site_case

ESTIMATED = ("thermal_conductivity", "heat_capacity")
STREAMS = (("soil_temperature", 0.05), ("soil_temperature", 0.15))


class Overrides(GlebeTest):
    def assert_refused(self, message, *words, ranks=1):
        done = self.glebe(*words, ranks=ranks)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertEqual(done.stderr.splitlines()[0], f"glebe: error: {message}")
        self.assertEqual(done.stderr.count("glebe: error"), 1)

    def forward(self, **changes):
        case = site_case("forward", *STREAMS)
        case["soil"].update(changes)
        group_of(case, "albedo")["value"] = changes.pop("albedo", 0.25)
        return case

    def test_same_as_in_the_namelist(self):
        self.write_weather()
        case = self.forward(nodes=31)
        group_of(case, "albedo")["value"] = 0.3
        expected = self.run_case(case, name="expected")
        options = ("--set", "soil.nodes=31", "-log_no_such_option",
                   "--set=parameter(albedo).value=0.3")
        found = self.run_case(self.forward(), *options, ranks=2)
        self.assert_same_results(expected.data, found.data)
        # PETSc does not see it, and nothing else is hidden from PETSc.
        self.assertIn("option -log_no_such_option was not used", found.log)
        self.assertNotIn("set was not used", found.log)
        self.assertTrue(found.data.history.endswith(
            "glebe case.nml --set soil.nodes=31 --set 'parameter(albedo).value=0.3' "
            "-log_no_such_option # 2 ranks"), found.data.history)
        # The namelist in the result says the same without options.
        (self.folder / "again.nml").write_text(found.data.namelist)
        self.assertEqual(self.glebe("again.nml").returncode, 0)
        self.assert_same_results(expected.data, self.read("again.nc"))

    def test_before_the_namelist_and_with_check(self):
        self.write_weather()
        name = self.write_case(self.forward())
        done = self.glebe("--set", "run.output=other.nc", name)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "other.nc").exists())
        self.assertFalse((self.folder / "case.nc").exists())
        done = self.glebe("--check", "--set", "soil.nodes=31", name)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("soil: 31 nodes", done.stdout)
        for words in (("--check", name), (name,)):
            self.assert_refused("--set soil.nodes=2: &soil nodes = 2: must be 3 to 10000",
                                *words, "--set", "soil.nodes=2", ranks=2)
        self.assert_refused("--set : must be group.key=value or group(name).key=value",
                            name, "--set")
        self.assert_refused("--set parameter(albdo).value=0.2: no &parameter is called 'albdo' "
                            "(did you mean 'albedo'?)", name, "--set", "parameter(albdo).value=0.2")

    def test_later_problems_name_the_option(self):
        self.write_weather()
        done = self.glebe(self.write_case(self.forward()), "--set", "time.stop=2001-06-01T00:20")
        self.assertEqual(done.returncode, 2)
        self.assertIn("&time step = 3600 s: the window of 1200 s", done.stderr)
        self.assert_refused("--set time.step=5000: &time step = 5000 s: the window of 259200 s "
                            "must be a whole number of steps",
                            "case.nml", "--set", "time.step=5000")

    def test_restart_notices(self):
        case = estimating(self.write_truth(*STREAMS, twin={"noise": 0.05}), *ESTIMATED)
        case["checkpoint"] = {"file": "state.h5"}
        change = ("--set", "observation(soil_temperature_5cm).sigma=0.3")
        whole = self.run_case(case, *change)
        again = ("--set", "checkpoint.restart=T")
        rest = self.run_case(case, *change, *again, "--set", "optimizer.max_iterations=50")
        self.assertIn("restart from iteration", rest.log)
        self.assert_found(rest.data, {name: whole.data[name] for name in ESTIMATED}, 1e-6)
        for words in (again, (*again, "--set", "observation(soil_temperature_5cm).sigma=0.2")):
            done = self.glebe("case.nml", *words)
            self.assertEqual(done.returncode, 2)
            self.assertIn("belongs to another problem", done.stderr)


if __name__ == "__main__":
    unittest.main()
