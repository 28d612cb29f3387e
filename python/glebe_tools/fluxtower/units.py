# SPDX-License-Identifier: BSD-3-Clause
"""Units of measured columns and their conversion to SI."""
import difflib
import re

from ..command import InputError

# SI unit: [(factor, offset, its spellings, the usual one first)]
UNITS = {
    "K": [(1, 0, "K kelvin"), (1, 273.15, "degC C celsius degreescelsius deg_C"),
          (5 / 9, 459.67 * 5 / 9, "degF F fahrenheit degreesfahrenheit deg_F")],
    "Pa": [(1, 0, "Pa"), (100, 0, "hPa mbar mb millibar"), (1e3, 0, "kPa"), (1e5, 0, "bar"),
           (133.322387415, 0, "mmHg torr"), (3386.389, 0, "inHg inch_Hg"), (101325, 0, "atm")],
    "W m-2": [(1, 0, "W/m2 Wm-2 watt/m2 watts/m2"), (1e3, 0, "kW/m2 kWm-2"),
              (1e6 / 3600, 0, "MJ/m2/h MJm-2h-1"), (4.184e4 / 60, 0, "cal/cm2/min ly/min")],
    "m s-1": [(1, 0, "m/s ms-1"), (1 / 3.6, 0, "km/h kmh-1 kph"), (0.44704, 0, "mph mi/h miles/h"),
              (1852 / 3600, 0, "knots kn kt knot"), (0.3048, 0, "ft/s"), (0.01, 0, "cm/s")],
    "1": [(1, 0, "1 fraction m3/m3 m3m-3 cm3/cm3"), (0.01, 0, "% pct percent vol% %vol")],
    "kg kg-1": [(1, 0, "kg/kg kgkg-1"), (1e-3, 0, "g/kg gkg-1")],
    "mol mol-1": [(1, 0, "mol/mol molmol-1"), (1e-3, 0, "mmol/mol mmolmol-1")],
    "m": [(1, 0, "m metre meter"), (0.01, 0, "cm"), (1e-3, 0, "mm"), (0.0254, 0, "in inch inches"),
          (0.3048, 0, "ft feet foot")],
    "s": [(1, 0, "s sec second seconds"), (60, 0, "min minute minutes"),
          (3600, 0, "h hour hours"), (86400, 0, "d day days")],
}
# An amount of energy in an averaging interval [J m-2]
PER_INTERVAL = [(1, "J/m2 Jm-2"), (1e3, "kJ/m2 kJm-2"), (1e6, "MJ/m2 MJm-2"), (3600, "Wh/m2"),
                (3.6e6, "kWh/m2"), (4.184e4, "langley ly cal/cm2")]


def plain(unit):
    """A spelling without what differs between loggers."""
    for old, new in ((" ", ""), ("^", ""), ("\u00b2", "2"), ("\u00b3", "3"), ("\u00b0", "deg")):
        unit = unit.replace(old, new)
    return unit.lower()


def rows(si, interval=None):
    """(factor, offset, spellings) of a quantity with the SI unit `si`; sums over an interval of
    that many seconds are among those of a heat flux."""
    sums = [(factor / interval, 0, names) for factor, names in PER_INTERVAL] if interval else []
    return UNITS[si] + (sums if si == "W m-2" else [])


def conversion(unit, si, where, interval=None):
    """(factor, offset) with which `unit` becomes `si`; an error names `where` it was found."""
    found = {plain(name): (factor, offset)
             for factor, offset, names in rows(si, interval) for name in names.split()}
    if plain(unit) in found:
        return found[plain(unit)]
    usual = [names.split()[0] for *_, names in rows(si, interval)]
    raise InputError(f"{where} has the unit '{unit}'; expected {' or '.join(usual)}")


def quantity(text, si, where):
    """A text such as '5 cm' in the SI unit; a number alone is an error."""
    found = re.fullmatch(r"\s*([-+]?(?:\d+\.?\d*|\.\d+))\s*(.*?)\s*", text)
    if not found:
        raise InputError(f"{where}: '{text}' does not begin with a number")
    factor, offset = conversion(found[2], si, f"{where}: '{text}'")
    return float(found[1]) * factor + offset


def near(name, names):
    """'; near: ...' for a message about an unknown name, or nothing."""
    close = difflib.get_close_matches(name, [str(known) for known in names], 3, 0.5)
    return f"; near: {', '.join(close)}" if close else ""
