# SPDX-License-Identifier: BSD-3-Clause
"""The measured water content as files have it: a variable for each depth, or one with levels."""
import unittest

import numpy as np

from refusal import line_of
from support import GlebeTest, estimating, namelist_text, site_case, weather, write_series

HOURS = np.arange(-6, 79)
DEPTHS = np.array([0.05, 0.125, 0.3])  # [m]
SOIL = {"albedo": 0.25, "emissivity": 0.96, "heat_transfer": 15.0, "deep_temperature": 293.0,
        "porosity": 0.45, "solid_conductivity": 3.4}
STREAMS = (("soil_temperature", 0.05), ("soil_temperature", 0.2))


def water(shape=()):
    """Water contents [depth][hour, *shape] that differ in every place."""
    place = np.arange(max(1, int(np.prod(shape))))
    hours = HOURS[:, None]
    return [(mean + 0.05 * np.sin(hours / 11 + i) + 0.01 * place).reshape(len(HOURS), *shape)
            for i, mean in enumerate((0.2, 0.25, 0.32))]


class MoistureTest(GlebeTest):
    shape, dimensions = (), ()

    def setUp(self):
        super().setUp()
        write_series(self.folder / "weather.nc", HOURS, weather(HOURS, self.shape),
                     self.dimensions)
        write_series(self.folder / "sensors.nc", HOURS,
                     {f"w{i}": (values, "1") for i, values in enumerate(water(self.shape))},
                     self.dimensions)

    def case(self, mode="forward", **moisture):
        moisture = {"file": "sensors.nc", "variable": ["w0", "w1", "w2"], "depths": DEPTHS,
                    "stamp": "instant"} if not moisture else {"stamp": "instant", **moisture}
        return site_case(mode, *STREAMS, truth=SOIL, soil={"properties": "moist"},
                         moisture=moisture)

    def write_levels(self, coordinates, order=(0, 1, 2), axis=-1, name="levels.nc", hours=None):
        """One variable with a dimension `level`: the sensors in this order along this axis."""
        values = water(self.shape)
        stacked = np.stack([values[i] for i in order], axis)
        dimensions = list(self.dimensions)
        dimensions.insert(axis - 1 if axis > 0 else len(dimensions) + 1 + axis, "level")
        chosen = slice(None) if hours is None else hours
        write_series(self.folder / name, HOURS[chosen], {"water": (stacked[chosen], "1")},
                     dimensions, coordinates)


class Levels(MoistureTest):
    def assert_as_sensors(self, coordinates, order=(0, 1, 2), files="levels.nc", **keys):
        if files == "levels.nc":
            self.write_levels(coordinates, order)
        sensors = self.run_case(self.case(), name="sensors_result").data
        levels = self.run_case(self.case(file=files, variable="water", level="level", **keys),
                               name="levels_result").data
        self.assert_same_results(sensors, levels)

    def test_depths_of_the_coordinate(self):
        self.assert_as_sensors({"level": ("level", DEPTHS, {"units": "m", "positive": "down"})})

    def test_centimetres_from_below(self):
        self.assert_as_sensors({"level": ("level", 100 * DEPTHS[::-1], {"units": "cm"})},
                               (2, 1, 0))

    def test_heights(self):
        self.assert_as_sensors({"level": ("level", -DEPTHS, {"units": "m", "positive": "up"})})

    def test_middles_of_layers(self):
        bounds = np.array([[0, 10], [10, 15], [25, 35]], float)
        self.assert_as_sensors({"level": ("level", bounds[:, 1],
                                          {"units": "cm", "bounds": "layers"}),
                                "layers": (("level", "end"), bounds)})

    def test_a_coordinate_of_another_name(self):
        self.write_levels({"level": ("level", [1, 2, 3]),
                           "soil_depth": ("level", DEPTHS, {"units": "m"})})
        self.assert_as_sensors(None, files=["levels.nc"])

    def test_depths_that_the_file_does_not_say(self):
        self.assert_as_sensors(None, (2, 0, 1), depths=DEPTHS[[2, 0, 1]])
        self.assert_as_sensors({"level": ("level", [1, 2, 3], {"units": "1"})}, depths=DEPTHS)

    def test_some_of_the_levels(self):
        self.write_levels({"level": ("level", np.float32(DEPTHS), {"units": "m"})})
        two = self.run_case(self.case(file="levels.nc", variable="water", level="level",
                                      depths=DEPTHS[[0, 2]]), name="two").data
        sensors = self.run_case(self.case(file="sensors.nc", variable=["w0", "w2"],
                                          depths=DEPTHS[[0, 2]]), name="sensors_result").data
        self.assert_same_results(two, sensors)

    def test_several_files(self):
        coordinate = {"level": ("level", DEPTHS, {"units": "m"})}
        self.write_levels(coordinate, name="first.nc", hours=slice(0, 40))
        self.write_levels(coordinate, name="second.nc", hours=slice(40, None))
        self.assert_as_sensors(None, files=["first.nc", "second.nc"])
        self.write_levels({"level": ("level", DEPTHS + 0.01, {"units": "m"})}, name="second.nc",
                          hours=slice(40, None))
        self.refused(["second.nc", "'water'", "its levels differ from those of", "first.nc"],
                     file=["first.nc", "second.nc"])

    # What is refused

    def refused(self, words, coordinates=None, **keys):
        if coordinates is not None:
            self.write_levels(coordinates)
        case = self.case(**{"file": "levels.nc", "variable": "water", "level": "level", **keys})
        (self.folder / "case.nml").write_text(namelist_text(case))
        done = self.glebe("case.nml", "--check")
        self.assertEqual(done.returncode, 2, done.stdout)
        for word in words:
            self.assertIn(word, done.stderr)
        return case

    def test_no_such_dimension(self):
        self.refused(["levels.nc: variable 'water': has no dimension 'levle' (did you mean "
                      "'level'?); it has: time, level"], {}, level="levle")
        self.refused(["its dimension 'time' is time, not one of levels"], {}, level="time")

    def test_no_depths(self):
        self.refused(["levels.nc: variable 'water': its dimension 'level' has no coordinate "
                      "variable; give the depths of its 3 levels in &moisture depths"], {})

    def test_depths_and_levels_that_differ_in_number(self):
        case = self.refused(["&moisture depths: 2 depths for the 3 levels of dimension 'level'"],
                            {}, depths=DEPTHS[:2])
        self.refused([line_of(case, "depths = ")], {}, depths=DEPTHS[:2])

    def test_units_that_are_no_length(self):
        self.refused(["levels.nc: variable 'level': has the unit 'hPa', levels need a length"],
                     {"level": ("level", DEPTHS, {"units": "hPa"})})
        self.refused(["levels.nc: variable 'level': has no units"], {"level": ("level", DEPTHS)})

    def test_levels_above_the_surface(self):
        for attributes in {"positive": "up"}, {}:
            values = DEPTHS if attributes else -DEPTHS
            self.refused(["variable 'level': level 1 is at", "below the surface"],
                         {"level": ("level", values, {"units": "m", **attributes})})

    def test_a_depth_without_a_level(self):
        self.refused(["&moisture depths = 0.2: ", "'water' has no level there; its levels are at "
                      "0.05, 0.125, 0.3 m"], {"level": ("level", DEPTHS, {"units": "m"})},
                     depths=[0.05, 0.2])

    def test_two_levels_at_one_depth(self):
        self.refused(["two levels of dimension 'level' are at 0.05 m"],
                     {"level": ("level", [0.05, 0.05, 0.3], {"units": "m"})})

    def test_bounds_of_another_shape(self):
        self.refused(["variable 'layers': has the shape (4), bounds of 'level' have the shape "
                      "(3, 2)"],
                     {"level": ("level", DEPTHS, {"units": "m", "bounds": "layers"}),
                      "layers": ("edge", [0.0, 0.1, 0.2, 0.4])})

    def test_several_variables(self):
        self.refused(["&moisture variable: 2 variables: must be one, whose levels"],
                     variable=["a", "b"])

    def test_a_missing_value_is_named_by_its_level(self):
        self.write_levels({"level": ("level", DEPTHS, {"units": "m"})})
        values = np.stack(water(), -1)
        values[20:60, 1] = -9999.0
        write_series(self.folder / "gap.nc", HOURS, {"water": (values, "1")}, ("level",),
                     {"level": ("level", DEPTHS, {"units": "m"})})
        self.refused(["gap.nc: variable 'water', level 2: missing from 2001-06-01T14:00"],
                     file="gap.nc")


class Held(MoistureTest):
    """Six steps have the water of their middle."""

    def test_the_middle_holds(self):
        middles = {hour: hour - hour % 6 + 3 for hour in HOURS}
        held = [series[[np.searchsorted(HOURS, min(middles[h], HOURS[-1])) for h in HOURS]]
                for series in water()]
        write_series(self.folder / "held.nc", HOURS,
                     {f"w{i}": (values, "1") for i, values in enumerate(held)})
        wanted = self.run_case(self.case(file="held.nc", variable=["w0", "w1", "w2"],
                                         depths=DEPTHS, stamp="start"), name="wanted").data
        case = self.case()
        case["moisture"]["hold"] = 6
        self.assert_same_results(wanted, self.run_case(case, name="result").data)

    def test_a_part_of_a_step(self):
        case = self.case()
        case["moisture"]["hold"] = 2.5
        (self.folder / "case.nml").write_text(namelist_text(case))
        done = self.glebe("case.nml", "--check")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("&moisture hold = 2.5: must be a multiple of &time step, 1 h", done.stderr)


class LevelsOfAGrid(MoistureTest):
    shape, dimensions = (2, 3), ("y", "x")

    def test_the_estimate_is_the_same_to_the_last_bit(self):
        twin = self.case("twin")
        self.run_case(twin, name="truth")
        guess = {"solid_conductivity": (2.0, 1.0, 7.0), "albedo": (0.35, 0.01, 0.9)}
        expected = self.run_case(estimating(twin, *guess, **guess), name="expected").data
        self.assert_found(expected, {name: SOIL[name] for name in guess}, 1e-4)
        for axis in 1, 2, 3:
            self.write_levels({"level": ("level", 100 * DEPTHS[::-1], {"units": "cm"})},
                              (2, 1, 0), axis)
            twin["moisture"] = {"file": "levels.nc", "variable": "water", "level": "level",
                                "stamp": "instant"}
            for ranks in (1, 2) if axis == 2 else (1,):
                found = self.run_case(estimating(twin, *guess, **guess), name="found",
                                      ranks=ranks).data
                self.assert_same_results(expected, found)


if __name__ == "__main__":
    unittest.main()
