# SPDX-License-Identifier: BSD-3-Clause
"""A tower's data as read: columns with units, on intervals in the time of the file."""
import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..command import InputError
from . import units
from .vocabulary import FORMATS, candidates

# Units of BASE and FLUXNET columns by the beginning of their name, W/m2 for all others; an L2
# file carries its own.
COLUMN_UNITS = {"TA": "degC", "TS": "degC", "PA": "kPa", "VPD": "hPa", "RH": "%", "SWC": "%",
                "H2O": "mmol/mol", "WS": "m/s"}
QUALIFIERS = r"(_PI)?(_F)?((_\d+){0,3}|(_\d+){2}_A)"  # of BASE: position or mean of replicates
TIMES = {"TIMESTAMP_START", "TIMESTAMP_END", "YEAR", "DTIME", "DOY", "HRMIN"}
MISSING_BELOW = -6998.0  # -6999 (not measured), -9999 (missing) and their decimal variants


@dataclass
class Tower:
    """A CSV file as read: interval starts and ends in local standard time, one row each."""
    format: str  # "l2", "base" or "fluxnet"
    start: pd.DatetimeIndex
    end: pd.DatetimeIndex
    data: pd.DataFrame
    units: dict = field(default_factory=dict)
    site: dict = field(default_factory=dict)
    used: set = field(default_factory=set)  # columns that went into a variable
    utc_offset: float = None  # [h], where the file says it
    stamp: str = None         # what the file's stamps are, where the output must keep it
    notes: list = field(default_factory=list)
    kind = "Flux tower"
    required = ("SWdown", "Tair")
    needs_depths = False      # a soil sensor without a depth is an error, not left out
    instants = frozenset()    # columns that are no means over the interval

    def label(self):
        return f"{FORMATS[self.format]} file"

    def raw(self, column):
        """The column as float64, NaN where missing."""
        numbers = pd.to_numeric(self.data[column], errors="coerce")
        wrong = (numbers.isna() & self.data[column].notna()).to_numpy()
        if wrong.any():
            row = wrong.argmax()
            raise InputError(f"column {column}, interval ending {self.end[row]}: "
                             f"'{self.data[column].iloc[row]}' is not a number")
        return numbers.where(numbers > MISSING_BELOW).to_numpy(float)

    def values(self, column, si):
        """The column as float64 in the SI unit `si`, NaN where missing; it counts as used."""
        factor, offset = units.conversion(self.unit(column), si, f"column {column}")
        self.used.add(column)
        return self.raw(column) * factor + offset

    def unit(self, column):
        """The unit of a column as the file or its format has it."""
        if self.format == "l2":
            return self.units[column]
        prefixes = [name for name in COLUMN_UNITS if re.match(rf"{name}(_|$)", column)]
        return COLUMN_UNITS[prefixes[0]] if prefixes else "W/m2"

    def columns(self, name):
        """The columns with data that have the variable `name`, in order of preference."""
        qualifiers = QUALIFIERS if self.format == "base" else ""
        return [column for pattern in candidates(name, self.format)
                for column in self.matching(pattern + qualifiers)]

    def matching(self, pattern):
        """The columns with data whose whole name matches, the shortest names first."""
        columns = [name for name in self.data if re.fullmatch(pattern, name)]
        return [name for name in sorted(columns, key=lambda name: (len(name), name))
                if self.has_data(name)]

    def has_data(self, column):
        return bool(np.isfinite(self.raw(column)).any())

    def looked_for(self, name):
        """What an error says of a variable that is not there."""
        return "looked for column " + " or ".join(candidates(name, self.format))

    def other_sign(self, direction):
        """What to do when the ground heat flux has the wrong one."""
        other = "out" if direction != "out" else "into"
        return f"is the ground heat flux positive {other}? (--ground-flux {other})"

    def flags(self, column):
        """The quality flags that FLUXNET2015 gives beside a column, or None."""
        name = f"{column}_QC"
        if name not in self.data:
            return None
        self.used.add(name)
        return self.raw(name)

    def depth(self, column):
        """The sensor depth [m] that L2 repeats in every row (TS1 -> TSdepth1), or None."""
        name = column.rstrip("0123456789")
        name = name + "depth" + column[len(name):]
        if self.format != "l2" or name not in self.data:
            return None
        depths = np.unique(self.values(name, "m"))
        depths = np.abs(depths[np.isfinite(depths)])
        if len(depths) > 1:
            raise InputError(f"{name}: the sensor's depth changes ({depths} m); give "
                             f"--depth {column}=METRES and choose a window with --start, --stop")
        return round(float(depths[0]), 6) if len(depths) else None

    def unused(self):
        """(columns that have data but went into no variable, columns without a number)."""
        left = [name for name in self.data if name not in self.used and name not in TIMES]
        empty = [name for name in left if not self.numbers_in(name)]
        return [name for name in left if name not in empty], empty

    def numbers_in(self, column):
        numbers = pd.to_numeric(self.data[column], errors="coerce")
        return bool((numbers > MISSING_BELOW).any())
