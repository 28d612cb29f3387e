# SPDX-License-Identifier: BSD-3-Clause
"""Reads any table of text by a mapping file."""
import csv
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..command import InputError
from . import units
from .clock import moment
from .mapping import Mapping
from .tower import Tower

# The start of an interval, in intervals from its stamp
START = {"start": 0.0, "middle": -0.5, "end": -1.0, "instant": -1.0}


@dataclass
class Table(Tower):
    """A table as read: cells as text; `lines` are the numbers of the rows' lines in the file."""
    mapping: Mapping = None
    lines: list = None
    source: str = ""
    kind = "Station"
    required = ()
    needs_depths = True

    def label(self):
        return f"{self.mapping.description} ({self.mapping.name})"

    def cells(self, column):
        """The column's cells, and which of them are missing."""
        spec = self.mapping.columns.get(column)
        cells = self.data[column]
        listed = self.mapping.missing + (spec.missing if spec else [])
        missing = (cells.str.lower().isin(["", "nan"]) | cells.isin(listed)).to_numpy()
        return cells, missing, {float(text) for text in listed if is_number(text)}

    def raw(self, column):
        """The column as float64, NaN where missing or where its flag is not good."""
        cells, missing, numbers = self.cells(column)
        texts = np.where(missing, "nan", cells)
        if self.mapping.comma:  # a point would be that of thousands
            texts = [text.replace(".", "_").replace(",", ".") for text in texts]
        values = np.array([float(text) if is_number(text) else np.inf for text in texts])
        if np.isinf(values).any():
            row = np.isinf(values).argmax()
            raise InputError(f"{self.source}, line {self.lines[row]}, column {column}: "
                             f"'{cells.iloc[row]}' is not a number; should it be among the missing "
                             f"values of {self.mapping.name}?")
        values[np.isin(values, list(numbers)) | self.bad(column)] = np.nan
        return values

    def bad(self, column):
        """Whether a flag of the column is not good, in each row."""
        wrong = np.zeros(len(self.data), bool)
        for flag, good in self.mapping.columns[column].good:
            wrong |= ~self.data[flag].isin(good).to_numpy()
        return wrong

    def values(self, column, si):
        """The column as float64 in the SI unit `si` with the sign of the output."""
        spec = self.mapping.columns[column]
        factor, offset = units.conversion(spec.unit, si, f"column {column}", self.mapping.interval)
        self.used.update([column, *(flag for flag, _ in spec.good)])
        if self.bad(column).any():
            rules = " or ".join(f"{flag} is not {' or '.join(good)}" for flag, good in spec.good)
            self.notes.append(f"{column}: {self.bad(column).sum()} values taken as missing, where "
                              f"{rules}")
        values = self.raw(column) * factor + offset
        return -values if spec.sign < 0 else values

    def columns(self, name):
        return [column for column, spec in self.mapping.columns.items()
                if spec.variable == name and column in self.data and self.has_data(column)]

    def depth(self, column):
        return self.mapping.columns[column].depth

    def other_sign(self, direction):
        return f"is 'positive' of the ground heat flux right in {self.mapping.name}?"

    def flags(self, column):
        return None

    def numbers_in(self, column):
        cells, missing, numbers = self.cells(column)
        return any(is_number(cell) and float(cell) not in numbers
                   for cell in cells[~missing].str.replace(",", ".", regex=False))


def is_number(text):
    """float() also takes 1_000 for a number."""
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def read_table(source, mapping, stamp=None):
    """The Table of a Source; `stamp` replaces that of the mapping."""
    stamp = stamp or mapping.stamp
    if stamp is None:
        raise InputError(f"{mapping.name} does not say what a stamp of {source} is; give "
                         "--input-stamp start, middle, end or instant")
    lines, names, rows = read_rows(source, mapping)
    require_columns(source, mapping, names)
    data = pd.DataFrame(rows, columns=names, dtype=str)
    times = read_times(source, mapping, data, lines)
    length = pd.Timedelta(seconds=mapping.interval)
    start = times + START[stamp] * length
    table = Table("table", start, start + length, data, mapping=mapping, lines=lines,
                  source=str(source), utc_offset=mapping.utc_offset)
    table.used.update(mapping.time)
    table.site = read_site(table)
    table.instants = frozenset(name for name, spec in mapping.columns.items()
                               if (spec.instant or stamp == "instant") and name in data)
    table.stamp = stamp if table.instants else None
    require_order(table, times)
    return table


def read_rows(source, mapping):
    """(numbers of lines, names, cells) of the rows of data."""
    numbered = [(number, line) for number, line in enumerate(source.lines(), 1) if line.strip()
                and not (mapping.comment and line.startswith(mapping.comment))]
    split = [(number, cells) for (number, _), cells in zip(numbered, split_lines(
        [line for _, line in numbered], mapping.separator))]
    header = [] if mapping.names else mapping.header or [number for number, _ in split[:1]]
    named = [cells for number, cells in split if number in header]
    if len(named) != len(header) or not (named or mapping.names):
        raise InputError(f"{source}: no line {' or '.join(map(str, header)) or 1} with names of "
                         "columns")
    names = mapping.names or [" ".join(filter(None, parts)) for parts in zip(*named)]
    first = mapping.data or max(header, default=0) + 1
    rows = [(number, cells) for number, cells in split if number >= first]
    for number, cells in rows:
        if len(cells) != len(names):
            raise InputError(f"{source}, line {number}: {len(cells)} cells, expected {len(names)} "
                             "as there are names of columns (separator, first line of data?)")
    if len(rows) < 2:
        raise InputError(f"{source}: {len(rows)} rows of data, at least 2 are needed")
    return [number for number, _ in rows], names, [cells for _, cells in rows]


def split_lines(lines, separator):
    if separator is None:
        return [line.split() for line in lines]
    # line by line, so that a quote left open cannot swallow those that follow
    return [[cell.strip() for cell in next(csv.reader([line], delimiter=separator,
                                                      skipinitialspace=True))]
            for line in lines]


def require_columns(source, mapping, names):
    """All columns of the mapping are there, once; those of variables may be optional."""
    present = [column for column in mapping.columns if column in names]
    wanted = [*mapping.time, *(present if mapping.optional and present else mapping.columns)]
    wanted += [flag for column in wanted if column in mapping.columns
               for flag, _ in mapping.columns[column].good]
    for name in wanted:
        if name not in names:
            alone = f", which has only '{names[0]}': separator?" if len(names) == 1 else ""
            raise InputError(f"{mapping.name}: column '{name}' is not in {source}"
                             f"{alone or units.near(name, names)}")
    for name in wanted:
        if names.count(name) > 1:
            raise InputError(f"{source}: {names.count(name)} columns have the name '{name}'")


def read_times(source, mapping, data, lines):
    times = []
    for number, *cells in zip(lines, *(data[name] for name in mapping.time)):
        try:
            times.append(moment(cells, mapping.words))
            if not 1700 < times[-1].year < 2200:
                raise ValueError
        except (ValueError, OverflowError):
            raise InputError(f"{source}, line {number}, column {', '.join(mapping.time)}: "
                             f"'{' '.join(cells)}' is no time of the format "
                             f"'{' '.join(mapping.words)}'") from None
    return pd.DatetimeIndex(times)


def require_order(table, times):
    """Stamps increase; an error names the lines. A note where they are far apart."""
    steps = np.diff(times.asi8) / 1e9
    wrong = steps <= 0
    if wrong.any():
        row = wrong.argmax()
        before, after = times[row], times[row + 1]
        what = "repeated" if before == after else f"after {before}, which is later"
        raise InputError(f"{table.source}, line {table.lines[row + 1]}: the time stamp {after} is "
                         f"{what} (line {table.lines[row]})")
    if steps.min() > table.mapping.interval:
        table.notes.append(f"the time stamps are at least {steps.min():g} s apart, but the "
                           f"interval of {table.mapping.name} is {table.mapping.interval:g} s: "
                           "what is between is missing in the output")


def read_site(table):
    """Name, latitude and longitude; the last two are numbers or columns with a constant."""
    site = {"site_name": table.mapping.site["name"]} if "name" in table.mapping.site else {}
    for key, low, high in (("latitude", -90, 90), ("longitude", -180, 360)):
        text = table.mapping.site.get(key)
        if text is None:
            continue
        if text in table.data:
            found = sorted(set(table.data[text]))
            table.used.add(text)
            if len(found) != 1:
                raise InputError(f"{table.source}: column {text} has {len(found)} values, the site "
                                 f"one {key}")
            text = found[0]
        if not is_number(text) or not low <= float(text) <= high:
            raise InputError(f"{table.mapping.name}: {key} = {text} is neither a number between "
                             f"{low} and {high} nor a column of the table")
        site[key] = float(text)
    return site
