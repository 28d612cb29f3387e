# SPDX-License-Identifier: BSD-3-Clause
"""The variables of Glebe from the columns of a tower or table: humidity, sensors at depths, signs,
notes on what is missing or doubtful."""
import numpy as np

from ..command import InputError
from . import humidity
from .units import near
from .vocabulary import AT_DEPTH, HUMIDITY, LIMITS, PREFERRED, TABLE_ONLY, VARIABLES

DAYLIGHT = 200.0  # W m-2: above it the ground heat flux is expected to go down


class Conversion:
    """Collects the output variables: name -> (values, attributes, flags or None)."""

    def __init__(self, tower, args):
        self.tower, self.args = tower, args
        self.variables, self.derived = {}, []
        self.notes, self.warnings = tower.notes, []
        for option in list(args.variable.values()) + list(args.depth):
            if option not in tower.data:
                raise InputError(f"column {option} is not in the file{near(option, tower.data)}")
        self.add_atmosphere()
        self.add_humidity()
        for prefix in AT_DEPTH:
            self.add_at_depths(prefix)
        if not self.variables:
            raise InputError("no variable has data")
        self.note_instants()
        self.check_limits()
        self.check_ground_flux()

    def add(self, name, column, attributes):
        """A variable that a column has."""
        standard, long_name, units, _ = attributes
        described = {"standard_name": standard, "long_name": long_name, "units": units,
                     "source_columns": column}
        depth = self.args.depth.get(column)
        if depth is None:
            depth = self.tower.depth(column)
        if depth is not None:
            described["depth"] = depth
        values = self.tower.values(column, units)
        if name.startswith("Qg") and self.args.ground_flux == "out":
            values = -values
        if column in self.tower.instants:
            described["cell_methods"] = "time: point"
        self.variables[name] = (values, described, self.tower.flags(column))

    def derive(self, name, attributes, values, columns, flags, method):
        """A variable computed from several columns; its flag is the worst of theirs."""
        standard, long_name, units, _ = attributes
        described = {"standard_name": standard, "long_name": long_name, "units": units,
                     "source_columns": " ".join(columns)}
        if set(columns) & self.tower.instants:
            described["cell_methods"] = "time: point"
        worst = None if any(flag is None for flag in flags) else np.max(flags, axis=0)
        self.variables[name] = (values, described, worst)
        self.derived.append(f"{name} is derived from {', '.join(columns)} ({method})")

    def add_atmosphere(self):
        absent = []
        for name, attributes in (VARIABLES | TABLE_ONLY).items():
            columns = self.tower.columns(name)
            column = self.args.variable.get(name) or next(iter(columns), None)
            if column:
                self.add(name, column, attributes)
            elif name in self.tower.required:
                raise InputError(f"no data for {name}: {self.tower.looked_for(name)}; "
                                 f"choose another with --variable {name}=COLUMN")
            elif name in VARIABLES:
                absent.append(name)
        if absent:
            self.notes.append(f"no data in the file for {', '.join(absent)}")

    def add_humidity(self):
        """Qair where there is air pressure; else what Glebe reads with pressure_constant."""
        if "Qair" in self.variables:
            return
        first = PREFERRED.get(self.tower.format, "RH")
        kinds = [first, *(kind for kind in HUMIDITY if kind != first)]
        if self.args.humidity != "auto":
            kinds = [humidity.KINDS[self.args.humidity]]
        found = [(kind, column) for kind in kinds for column in self.tower.columns(kind)[:1]]
        if not found:
            self.notes.append("Qair: no relative humidity, vapour pressure or its deficit, or "
                              "water mole fraction in the file")
            return
        kind, column = found[0]
        if "PSurf" in self.variables and ("Tair" in self.variables or kind not in ("RH", "VPD")):
            self.add_specific_humidity(kind, column)
        elif kind in ("RH", "VapourPressure"):
            self.add(kind, column, HUMIDITY[kind])
            self.note_humidity(kind)
        elif kind == "VPD" and "Tair" in self.variables:
            temperature = self.variables["Tair"]
            values = humidity.vapour_pressure(
                kind, self.tower.values(column, "Pa"), temperature[0])
            self.derive("VapourPressure", HUMIDITY["VapourPressure"], values,
                        [column, temperature[1]["source_columns"]],
                        [self.tower.flags(column), temperature[2]], "saturation by Bolton 1980")
            self.note_humidity("VapourPressure")
        else:
            self.notes.append(f"Qair: {column} needs air pressure, which the file has not")

    def note_humidity(self, name):
        kind = {"RH": "relative", "VapourPressure": "vapour_pressure"}[name]
        lacking = "temperature" if "PSurf" in self.variables else "pressure"
        self.notes.append(f"Qair: not written, there is no air {lacking}; {name} is, for &forcing "
                          f"humidity = '{name}', humidity_kind = '{kind}', pressure_constant = ...")

    def add_specific_humidity(self, kind, column):
        values = self.tower.values(column, HUMIDITY[kind][2])
        pressure, temperature = self.variables["PSurf"], self.variables.get("Tair")
        used = [temperature, pressure] if kind in ("RH", "VPD") else [pressure]
        result = humidity.specific_humidity(kind, values, temperature and temperature[0],
                                            pressure[0])
        self.derive("Qair", TABLE_ONLY["Qair"], result,
                    [column, *(row[1]["source_columns"] for row in used)],
                    [self.tower.flags(column), *(row[2] for row in used)],
                    "by definition" if len(used) == 1 else "saturation by Bolton 1980")

    def add_at_depths(self, prefix):
        columns = self.tower.columns(prefix)
        if prefix == "Qg" and "Qg" in self.variables:
            self.note_plates(columns)
        for column in columns:
            depth = self.args.depth.get(column)
            if depth is None:
                depth = self.tower.depth(column)
            if depth is None:
                self.refuse(prefix, column)
                continue
            stem = f"{prefix}_{depth * 100:.6g}cm".replace(".", "p")
            same = sum(name == stem or name.startswith(stem + "_") for name in self.variables)
            self.add(f"{stem}_{same + 1}" if same else stem, column, AT_DEPTH[prefix])

    def refuse(self, prefix, column):
        """A sensor whose depth nobody has given."""
        text = f"its depth is not known; give --depth {column}=METRES"
        if self.tower.needs_depths and prefix != "Qg":
            raise InputError(f"column {column}: {text}, or 'depth D UNIT' in "
                             f"{self.tower.mapping.name}")
        only = self.variables["Qg"][1]["source_columns"] if prefix == "Qg" else None
        self.notes.append(f"{column}: written without a depth as Qg only, {text}"
                          if column == only else f"{column}: not written, {text}")

    def note_plates(self, columns):
        if len(columns) > 1:
            taken = self.variables["Qg"][1]["source_columns"]
            self.notes.append(f"Qg is {taken} alone, one of {len(columns)} plates (not their "
                              "mean); choose with --variable Qg=COLUMN")

    def note_instants(self):
        names = [name for name, row in self.variables.items() if "cell_methods" in row[1]]
        if names:
            self.notes.append(f"instants at the stamps, for stamp = 'instant': {', '.join(names)}")
        mixed = [name for name in ("Tair", "Qair", "RH", "Wind") if name in names]
        if mixed and "SWdown" in self.variables and "SWdown" not in names:
            self.warnings.append(f"{', '.join(mixed)} are instants, SWdown are means: &forcing has "
                                 "one stamp for all, with which one kind is half an interval off")

    def check_limits(self):
        """Values that are not possible show a wrong unit or a missing value not named as such."""
        for name, (values, attributes, _) in self.variables.items():
            low, high = LIMITS.get(name.partition("_")[0], (-np.inf, np.inf))
            count = np.sum((values < low) | (values > high))
            if count:
                self.warnings.append(
                    f"{name}: {count} values of {attributes['source_columns']} are not between "
                    f"{low:g} and {high:g} {attributes['units']} (see the range printed below), "
                    "which Glebe refuses; is its unit right, are all missing values named?")

    def check_ground_flux(self):
        """By day the ground takes up part of what radiation and turbulence leave over."""
        if not {"SWdown", "Qg", "Rnet", "Qh", "Qle"} <= set(self.variables):
            return
        value = {name: row[0] for name, row in self.variables.items()}
        left = value["Rnet"] - value["Qh"] - value["Qle"]
        day = (value["SWdown"] > DAYLIGHT) & np.isfinite(left) & np.isfinite(value["Qg"])
        if day.sum() < 24:
            return
        left, ground = left[day].mean(), value["Qg"][day].mean()
        text = f"daytime means: Qg {ground:.1f}, Rnet - Qh - Qle {left:.1f} W m-2"
        if left * ground < 0:
            self.warnings.append(f"{text}; the signs contradict: "
                                 f"{self.tower.other_sign(self.args.ground_flux)}")
        else:
            self.notes.append(text)
