# SPDX-License-Identifier: BSD-3-Clause
"""The variables of Glebe from the columns of a tower: humidity, soil sensors, signs, notes on what
is missing or doubtful."""
import difflib

import numpy as np

from ..command import InputError
from .formats import HUMIDITY, REQUIRED, SOIL, VARIABLES

DAYLIGHT = 200.0  # W m-2: above it the ground heat flux is expected to go down


def specific_humidity(kind, humidity, temperature, pressure):
    """kg kg-1 from relative humidity [1], deficit [Pa] or mole fraction in moist air [1].

    Saturation over water after Bolton (1980), within 0.1 % of the tables above -20 degC."""
    celsius = temperature - 273.15
    saturation = 611.2 * np.exp(17.67 * celsius / (243.5 + celsius))
    if kind == "rh":
        vapour = np.clip(humidity, 0, 1) * saturation
    elif kind == "vpd":
        vapour = np.clip(saturation - humidity, 0, None)
    else:
        vapour = humidity * pressure
    return 0.622 * vapour / (pressure - 0.378 * vapour)


class Conversion:
    """Collects the output variables: name -> (values, attributes, flags or None)."""

    def __init__(self, tower, args):
        self.tower, self.args = tower, args
        self.variables, self.notes = {}, []
        for option in list(args.variable.values()) + list(args.depth):
            if option not in tower.data:
                near = difflib.get_close_matches(option, map(str, tower.data), 3, 0.5)
                raise InputError(f"column {option} is not in the file"
                                 + (f"; near: {', '.join(near)}" if near else ""))
        self.add_atmosphere()
        self.add_humidity()
        for prefix in SOIL:
            self.add_soil(prefix)
        self.check_ground_flux()

    def add(self, name, column, attributes, values=None, flags=None):
        standard, long_name, units = attributes
        if values is None:
            values, flags = self.tower.values(column, units), self.flags(column)
        described = {"standard_name": standard, "long_name": long_name, "units": units,
                     "source_columns": column}
        if column in self.args.depth:
            described["depth"] = self.args.depth[column]
        self.variables[name] = (values, described, flags)

    def flags(self, column):
        """The quality flags that FLUXNET2015 gives beside a column."""
        name = f"{column}_QC"
        return self.tower.raw(name) if name in self.tower.data else None

    def add_atmosphere(self):
        for name, (*attributes, columns) in VARIABLES.items():
            names = columns[self.tower.format]
            column = self.args.variable.get(name) or self.tower.find(names)
            if column:
                self.add(name, column, attributes)
            elif name in REQUIRED:
                raise InputError(f"no data for {name}: looked for column {' or '.join(names)}; "
                                 f"choose another with --variable {name}=COLUMN")
            else:
                self.notes.append(f"{name}: no data in the file")
        if self.args.ground_flux == "out" and "Qg" in self.variables:
            np.negative(self.variables["Qg"][0], out=self.variables["Qg"][0])

    def add_humidity(self):
        choices = HUMIDITY[self.tower.format]
        kinds = choices if self.args.humidity == "auto" else [self.args.humidity]
        column = None
        for kind in kinds:
            unit, names = choices.get(kind, ("1", []))
            column = self.tower.find(names)
            if column:
                break
        if column is None or "PSurf" not in self.variables:
            self.notes.append("Qair: needs air pressure and one of relative humidity, vapour "
                              "pressure deficit and water mole fraction")
            return
        temperature, pressure = self.variables["Tair"], self.variables["PSurf"]
        values = specific_humidity(kind, self.tower.values(column, unit), temperature[0],
                                   pressure[0])
        flags = [self.flags(column), temperature[2], pressure[2]]
        sources = " ".join([column, temperature[1]["source_columns"],
                            pressure[1]["source_columns"]])
        worst = None if any(flag is None for flag in flags) else np.max(flags, axis=0)
        self.add("Qair", sources, ("specific_humidity", "Specific humidity", "kg kg-1"), values,
                 worst)

    def add_soil(self, prefix):
        *attributes, patterns = SOIL[prefix]
        for column in self.tower.matching(patterns[self.tower.format]):
            depth = self.args.depth.get(column) or self.depth_in_file(column)
            if depth is None:
                self.notes.append(f"{column}: not written, its depth is not known; give "
                                  f"--depth {column}=METRES")
                continue
            stem = f"{prefix}_{depth * 100:g}cm".replace(".", "p")
            same = sum(name == stem or name.startswith(stem + "_") for name in self.variables)
            name = f"{stem}_{same + 1}" if same else stem
            self.add(name, column, attributes)
            self.variables[name][1]["depth"] = depth

    def depth_in_file(self, column):
        """The sensor depth [m] that L2 repeats in every row (TS1 -> TSdepth1), or None."""
        name = column.rstrip("0123456789")
        name = name + "depth" + column[len(name):]
        if self.tower.format != "l2" or name not in self.tower.data:
            return None
        depths = np.unique(self.tower.values(name, "m"))
        depths = np.abs(depths[np.isfinite(depths)])
        if len(depths) > 1:
            raise InputError(f"{name}: the sensor's depth changes ({depths} m); give "
                             f"--depth {column}=METRES and choose a window with --start, --stop")
        return round(float(depths[0]), 6) if len(depths) else None

    def check_ground_flux(self):
        """By day the ground takes up part of what radiation and turbulence leave over."""
        if not {"Qg", "Rnet", "Qh", "Qle"} <= set(self.variables):
            return
        value = {name: row[0] for name, row in self.variables.items()}
        left = value["Rnet"] - value["Qh"] - value["Qle"]
        day = (value["SWdown"] > DAYLIGHT) & np.isfinite(left) & np.isfinite(value["Qg"])
        if day.sum() < 24:
            return
        left, ground = left[day].mean(), value["Qg"][day].mean()
        text = f"daytime means: Qg {ground:.1f}, Rnet - Qh - Qle {left:.1f} W m-2"
        if left * ground < 0:
            other = "out" if self.args.ground_flux == "into" else "into"
            text += f"; the signs contradict: is the ground heat flux positive {other}? " \
                    f"(--ground-flux {other})"
        self.notes.append(text)
