# SPDX-License-Identifier: BSD-3-Clause
"""The mapping file of a table: what its columns are, how its time is made, where it stands.

An INI file with [table], [time], [site] and [columns]; see the user guide."""
import configparser
import math
import pathlib
from dataclasses import dataclass, field

from ..command import InputError
from . import units
from .clock import words_of
from .vocabulary import AT_DEPTH, DIRECTIONS, MAPPED, POSITIVE

SHIPPED = pathlib.Path(__file__).parent / "mappings"
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "whitespace": None}
STAMPS = ("start", "middle", "end", "instant")
KEYS = {
    "table": ("description", "separator", "decimal", "comment", "header", "names", "data",
              "missing", "optional"),
    "time": ("columns", "format", "utc_offset", "stamp", "interval"),
    "site": ("name", "latitude", "longitude"),
}
WORDS = ("depth", "positive", "missing", "good", "instant")


@dataclass
class Column:
    """One line of [columns]."""
    variable: str
    unit: str
    depth: float = None  # [m]
    sign: int = 1        # of the column in the output
    instant: bool = False
    missing: list = field(default_factory=list)
    good: list = field(default_factory=list)  # (column of flags, [values of it that are good])


@dataclass
class Mapping:
    """A mapping file as read; `name` is that of messages."""
    name: str
    description: str
    separator: str      # None: blanks
    comma: bool         # as decimal point
    comment: str
    header: list        # numbers of the lines with names, from 1; empty: the first that is there
    names: list         # of the columns, in place of a header
    data: int           # number of the first line of data, 0: after the header
    missing: list
    optional: bool      # columns of it may be absent
    time: list          # the columns of the time, and
    words: list         # the format of each
    utc_offset: float
    stamp: str
    interval: float     # [s]
    site: dict
    columns: dict


LONGEST_INTERVAL = 366 * 86400.0  # [s]


def shipped():
    """The names of the mappings that come with the package."""
    return sorted(path.stem for path in SHIPPED.glob("*.ini"))


def mapping_path(name):
    """The file of a mapping: a path, or the name of one that comes with the package."""
    path = pathlib.Path(name)
    if path.is_file():
        return path
    if name in shipped():
        return SHIPPED / f"{name}.ini"
    raise InputError(f"no mapping '{name}': neither a file nor one of {', '.join(shipped())}")


def read_mapping(name):
    path = mapping_path(name)
    parser = configparser.ConfigParser(delimiters=("=",), comment_prefixes=("#",),
                                       interpolation=None, empty_lines_in_values=False)
    parser.optionxform = str
    try:
        parser.read_string(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8: {error.reason} at byte {error.start}") from None
    except configparser.Error as error:
        raise InputError(" ".join(str(error).split())) from None
    check_keys(parser, path)
    group = {name: dict(parser[name]) if name in parser else {} for name in KEYS}
    columns = parser["columns"] if "columns" in parser else {}
    if not columns:
        raise InputError(f"{path}: [columns] has no line such as 'TA = Tair, degC'")
    return Mapping(path.name, **table_of(group["table"], path), **time_of(group["time"], path),
                   site=group["site"],
                   columns={key: column_of(text, f"{path.name}, [columns] {key}")
                            for key, text in columns.items()})


def check_keys(parser, path):
    for section in parser.sections():
        if section not in (*KEYS, "columns"):
            raise InputError(f"{path}: unknown group [{section}]; known: [table], [time], [site], "
                             "[columns]")
        for key in parser[section] if section != "columns" else ():
            if key not in KEYS[section]:
                raise InputError(f"{path}: [{section}] has no key '{key}'; it has "
                                 f"{', '.join(KEYS[section])}")


def choice(group, key, choices, default, path):
    word = group.get(key, default)
    if word not in choices:
        raise InputError(f"{path}: {key} = {word}; allowed: {', '.join(choices)}")
    return word


def counts(text, key, path):
    try:
        numbers = [int(word) for word in text.split()]
        if all(number > 0 for number in numbers):
            return numbers
    except ValueError:
        pass
    raise InputError(f"{path}: {key} = {text}; expected numbers of lines, the first is 1")


def table_of(group, path):
    header, names = group.get("header", ""), group.get("names", "").split()
    if names and header:
        raise InputError(f"{path}: give header (lines with names) or names, not both")
    return {
        "description": group.get("description", "table"),
        "separator": SEPARATORS[choice(group, "separator", SEPARATORS, "comma", path)],
        "comma": choice(group, "decimal", ("point", "comma"), "point", path) == "comma",
        "comment": group.get("comment", ""), "names": names,
        "header": counts(header, "header", path),
        "data": (counts(group.get("data", ""), "data", path) or [0])[0],
        "missing": [word.strip() for word in group.get("missing", "").split(",") if word.strip()],
        "optional": choice(group, "optional", ("yes", "no"), "no", path) == "yes"}


def time_of(group, path):
    for key in ("columns", "format", "interval"):
        if not group.get(key):
            raise InputError(f"{path}: [time] needs {key}, such as columns = Date, Clock; "
                             "format = %Y-%m-%d, %H:%M; interval = 30 min")
    columns = [name.strip() for name in group["columns"].split(",")]
    offset = group.get("utc_offset")
    try:
        offset = None if offset is None else float(offset)
    except ValueError:
        offset = math.nan
    if offset is not None and not -12 <= offset <= 14:
        raise InputError(f"{path}: [time] utc_offset = {group['utc_offset']}; expected hours "
                         "between -12 and 14")
    interval = units.quantity(group["interval"], "s", f"{path}: [time] interval")
    if not 0 < interval <= LONGEST_INTERVAL:
        raise InputError(f"{path}: [time] interval = {group['interval']}; it must be positive, and "
                         "a year at most")
    return {"time": columns, "words": words_of(group["format"], columns, f"{path}: [time]"),
            "utc_offset": offset, "interval": interval,
            "stamp": choice(group, "stamp", STAMPS, None, path) if "stamp" in group else None}


def column_of(text, where):
    """'Tair, degC' or 'Qg, W/m2, depth 8 cm, positive into ground' as a Column."""
    variable, *rest = [part.strip() for part in text.split(",")]
    if variable not in MAPPED:
        raise InputError(f"{where}: no variable '{variable}'{units.near(variable, MAPPED)}; known: "
                         f"{', '.join(MAPPED)}")
    if not rest or not rest[0]:
        raise InputError(f"{where}: the unit is missing, as in '{variable}, UNIT'")
    column = Column(variable, rest[0])
    units.conversion(column.unit, MAPPED[variable][2], f"{where}: it", 1.0)
    for part in rest[1:]:
        word, _, value = part.partition(" ")
        add_word(column, word, value.strip(), where)
    if variable == "Qg" and not any(part.startswith("positive") for part in rest):
        raise InputError(f"{where}: the sign of a ground heat flux must be given: positive into "
                         "ground, or positive out of ground")
    return column


def add_word(column, word, value, where):
    """One of the parts after the unit."""
    if word not in WORDS or (word == "instant") == bool(value):
        raise InputError(f"{where}: '{f'{word} {value}'.strip()}' is none of depth D UNIT, "
                         "positive DIRECTION, missing VALUES, good COLUMN VALUES, instant")
    if word == "depth":
        if column.variable not in AT_DEPTH:
            raise InputError(f"{where}: {column.variable} has no depth")
        column.depth = round(units.quantity(value, "m", f"{where}, depth"), 9)
        if not 0 < column.depth < 50:
            raise InputError(f"{where}: depth {value}; it must be between 0 and 50 m")
    elif word == "positive":
        if column.variable not in POSITIVE or value not in DIRECTIONS:
            raise InputError(f"{where}: 'positive {value}'; allowed for fluxes: "
                             f"{', '.join(DIRECTIONS)}")
        column.sign = 1 if DIRECTIONS[value] == POSITIVE[column.variable] else -1
    elif word == "missing":
        column.missing = value.split()
    elif word == "good":
        flag, *good = value.split()
        if not good:
            raise InputError(f"{where}: 'good {flag}' has no value, as in 'good {flag} 0'")
        column.good.append((flag, good))
    else:
        column.instant = True
