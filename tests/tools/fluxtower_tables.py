# SPDX-License-Identifier: BSD-3-Clause
"""The weather of fluxtower_files as tables of loggers and networks, and mappings of them."""
import numpy as np

from fluxtower_files import SUN

TIMES = np.datetime64("2012-05-01T00:00", "m") + 60 * np.arange(1, 25)  # ends of hours, UTC-7
# name: (hourly values, unit in the plain table); four numbers behind the point are exact in text
WEATHER = {
    "SWdown": (SUN, "W/m2"), "Tair": (np.linspace(10, 25.75, 24).round(4), "degC"),
    "RH": (np.linspace(80, 40, 24).round(2), "%"), "Wind": ([2.5] * 23 + [np.nan], "m/s"),
    "Qg": ((0.2 * SUN).round(3), "W/m2"), "SoilTemp": (np.linspace(15, 21, 24).round(3), "degC"),
    "SoilMoist": (np.linspace(0.12, 0.1, 24).round(4), "m3/m3"),
}
EXTRA = {"Qg": ", depth 8 cm, positive into ground", "SoilTemp": ", depth 5 cm",
         "SoilMoist": ", depth 5 cm"}
PLAIN_TIME = """
[time]
columns = Time
format = %Y-%m-%d %H:%M
utc_offset = -7
stamp = end
interval = 60 min
"""
SITE = """
[site]
name = Somewhere
latitude = 31.5
longitude = -109.5
"""


def columns_of(units=None, **extra):
    """[columns] of tables whose columns have the names of the variables."""
    units = {name: unit for name, (_, unit) in WEATHER.items()} | (units or {})
    extra = EXTRA | extra
    return "\n[columns]\n" + "".join(f"{name} = {name}, {units[name]}{extra.get(name, '')}\n"
                                     for name in WEATHER)


def rows_of(missing, form="{:.4f}", values=None):
    """[cells of one hour] as text."""
    values = values or {name: column for name, (column, _) in WEATHER.items()}
    return [[missing if np.isnan(column[n]) else form.format(column[n])
             for column in values.values()] for n in range(24)]


def plain():
    """(text, mapping) of a table with one line of names."""
    lines = [",".join(["Time", *WEATHER])]
    lines += [",".join([str(time).replace("T", " "), *cells])
              for time, cells in zip(TIMES, rows_of("-9999"))]
    return "\n".join(lines) + "\n", "[table]\nmissing = -9999\n" + PLAIN_TIME + SITE + columns_of()


def toa5():
    """A Campbell logger's file: four lines of header, quotes, NAN."""
    top = ['"TOA5","Station","CR1000","1","os","prog","2","Table1"',
           ",".join(f'"{name}"' for name in ["TIMESTAMP", "RECORD", *WEATHER]),
           ",".join(f'"{unit}"' for unit in ["TS", "RN", *(u for _, u in WEATHER.values())]),
           ",".join(['""', '""', *['"Avg"'] * len(WEATHER)])]
    lines = [f'"{str(time).replace("T", " ")}:00",{n},' + ",".join(cells)
             for n, (time, cells) in enumerate(zip(TIMES, rows_of('"NAN"')))]
    time = PLAIN_TIME.replace("Time", "TIMESTAMP").replace("%H:%M", "%H:%M:%S")
    return ("\n".join(top + lines) + "\n",
            "[table]\nheader = 2\ndata = 5\n" + time + SITE + columns_of())


def semicolons():
    """Decimal commas; names in two lines, date and clock with 24:00, upward heat flux, comments."""
    names = "\n".join(";".join([first, second, *parts]) + ";" for first, second, parts in (
        ("Datum", "Zeit", list(WEATHER)), ("", "", [f"[{unit}]" for _, unit in WEATHER.values()])))
    values = {name: np.asarray(column) * (-1 if name == "Qg" else 1)
              for name, (column, _) in WEATHER.items()}
    lines = []
    for time, cells in zip(TIMES, rows_of("n.v.", values=values)):
        day, clock = str(time - 60).split("T")  # 24:00 ends its day
        clock = f"{int(clock[:2]) + 1:02}:00"
        lines.append(";".join([".".join(reversed(day.split("-"))), clock,
                               *(cell.replace(".", ",") for cell in cells)]).replace(
                                   "n,v,", "n.v.") + ";")
    mapping = ("[table]\nseparator = semicolon\ndecimal = comma\ncomment = %\nheader = 2 3\n"
               "missing = n.v.\n"
               + PLAIN_TIME.replace("= Time", "= Datum, Zeit").replace("%Y-%m-%d", "%d.%m.%Y,")
               + SITE + columns_of(Qg=", depth 80 mm, positive out of ground"))
    for name, (_, unit) in WEATHER.items():
        mapping = mapping.replace(f"\n{name} = ", f"\n{name} [{unit}] = ")
    return "% a comment\n" + names + "\n% another\n" + "\n".join(lines) + "\n", mapping


def blanks():
    """Year, day of the year and hhmm without zeros, in other units."""
    factors = {"SWdown": 0.0036, "Wind": 3.6 / 1.852, "SoilMoist": 100}
    values = {name: np.asarray(column) * factors.get(name, 1)
              for name, (column, _) in WEATHER.items()}
    values["Tair"], values["SoilTemp"] = (1.8 * values[n] + 32 for n in ("Tair", "SoilTemp"))
    lines = ["   ".join(["Year", "Day", "hhmm", *WEATHER])]
    for n, cells in enumerate(rows_of("-6999", "{:.12g}", values)):
        clock = 2400 if n == 23 else 100 * (n + 1)  # 0 h is that of the day that begins
        lines.append("  ".join(["2012", "122", str(clock), *cells]))
    time = PLAIN_TIME.replace("= Time", "= Year, Day, hhmm").replace("%Y-%m-%d %H:%M",
                                                                      "%Y, %j, %H%M")
    units = {"SWdown": "MJ/m2", "Tair": "degF", "SoilTemp": "\u00b0F", "Wind": "knots",
             "SoilMoist": "pct"}
    return ("\n".join(lines) + "\n", "[table]\nseparator = whitespace\nmissing = -6999\n" + time
            + SITE + columns_of(units))


def uscrn():
    """The hourly product: UTC, fields by blanks in their fixed order."""
    lines = []
    for n, time in enumerate(TIMES):
        utc, local = (str(t).replace("-", "").replace(":", "").split("T")
                      for t in (time + 420, time))
        row = [value[n] for value, _ in WEATHER.values()]
        flag = 3 if n == 12 else 0
        lines.append(" ".join(map(str, [
            "53131", *utc, *local, "2.623", "-111.17", "32.24", -9999.0, f"{row[1]:.4f}", -9999.0,
            -9999.0, 0.0, row[0], flag, row[0], 0, row[0], 0, "C" if n == 5 else "R", 30.0, 0,
            -9999.0, 0, -9999.0, 0,
            f"{row[2]:.2f}", 0, f"{row[6]:.4f}", "-99.000", "-99.000", "-99.000", "-99.000",
            f"{row[5]:.3f}", -9999.0, -9999.0, -9999.0, -9999.0])))
    return "\n".join(lines) + "\n"


def scan():
    """An hourly report; its soil sensors are instants."""
    names = ["Date", "Air Temperature Observed (degF)", "Relative Humidity (pct)",
             "Solar Radiation Average (watt/m2)", "Wind Speed Average (mph)",
             "Precipitation Increment (in)",
             "Soil Temperature Observed -2in (degF) Start of Hour Values",
             "Soil Moisture Percent -2in (pct) Start of Hour Values"]
    lines = ["#---- WARNING ----", "#", "# Reporting Frequency: Hourly", "#", ",".join(names)]
    sun, air, humid, wind, _, soil, moist = (np.asarray(v) for v, _ in WEATHER.values())
    for n, time in enumerate(TIMES):
        cells = [f"{value:.12g}" if np.isfinite(value) else "" for value in (
            1.8 * air[n] + 32, humid[n], sun[n], wind[n] / 0.44704, 0, 1.8 * soil[n] + 32,
            100 * moist[n])]
        lines.append(",".join([str(time).replace("T", " "), *cells]))
    return "\n".join(lines) + "\n"
