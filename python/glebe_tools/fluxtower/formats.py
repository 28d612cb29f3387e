# SPDX-License-Identifier: BSD-3-Clause
"""Reads flux-tower CSV files: AmeriFlux BASE, AmeriFlux L2 and FLUXNET2015 FULLSET."""
import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..command import InputError

# name: (standard_name, long_name, units, {format: columns in order of preference})
VARIABLES = {
    "SWdown": ("surface_downwelling_shortwave_flux_in_air", "Downward shortwave radiation",
               "W m-2", {"l2": ["Rg"], "base": ["SW_IN"], "fluxnet": ["SW_IN_F", "SW_IN_F_MDS"]}),
    "SWup": ("surface_upwelling_shortwave_flux_in_air", "Upward shortwave radiation",
             "W m-2", {"l2": ["RgOut"], "base": ["SW_OUT"], "fluxnet": ["SW_OUT"]}),
    "LWdown": ("surface_downwelling_longwave_flux_in_air", "Downward longwave radiation",
               "W m-2", {"l2": ["Rgl"], "base": ["LW_IN"], "fluxnet": ["LW_IN_F", "LW_IN_F_MDS"]}),
    "LWup": ("surface_upwelling_longwave_flux_in_air", "Upward longwave radiation",
             "W m-2", {"l2": ["RglOut"], "base": ["LW_OUT"], "fluxnet": ["LW_OUT"]}),
    "Tair": ("air_temperature", "Air temperature",
             "K", {"l2": ["TA"], "base": ["TA"], "fluxnet": ["TA_F", "TA_F_MDS"]}),
    "PSurf": ("surface_air_pressure", "Air pressure",
              "Pa", {"l2": ["PRESS"], "base": ["PA"], "fluxnet": ["PA_F", "PA"]}),
    "Wind": ("wind_speed", "Wind speed",
             "m s-1", {"l2": ["WS"], "base": ["WS"], "fluxnet": ["WS_F", "WS"]}),
    "Qh": ("surface_upward_sensible_heat_flux", "Sensible heat flux, positive upwards",
           "W m-2", {"l2": ["H"], "base": ["H"], "fluxnet": ["H_F_MDS"]}),
    "Qle": ("surface_upward_latent_heat_flux", "Latent heat flux, positive upwards",
            "W m-2", {"l2": ["LE"], "base": ["LE"], "fluxnet": ["LE_F_MDS"]}),
    "Qg": ("downward_heat_flux_in_soil", "Ground heat flux, positive into the ground",
           "W m-2", {"l2": ["FG"], "base": ["G"], "fluxnet": ["G_F_MDS"]}),
    "Rnet": ("surface_net_downward_radiative_flux", "Net radiation, positive downwards",
             "W m-2", {"l2": ["Rn"], "base": ["NETRAD"], "fluxnet": ["NETRAD"]}),
}
REQUIRED = ("SWdown", "Tair")
# kind: (unit, columns), in order of preference; FLUXNET2015 fills gaps in VPD but not in RH
HUMIDITY = {
    "l2": {"rh": ("1", ["RH"]), "vpd": ("Pa", ["VPD"]), "h2o": ("1", ["H2O"])},
    "base": {"rh": ("1", ["RH"]), "vpd": ("Pa", ["VPD"]), "h2o": ("1", ["H2O"])},
    "fluxnet": {"vpd": ("Pa", ["VPD_F", "VPD_F_MDS"]), "rh": ("1", ["RH"])},
}
# prefix: (standard_name, long_name, units, {format: pattern of its columns})
SOIL = {
    "SoilTemp": ("soil_temperature", "Soil temperature", "K",
                 {"l2": r"TS\d+", "base": r"TS(_PI)?(_F)?(_\d+){0,3}",
                  "fluxnet": r"TS_F_MDS_\d+"}),
    "SoilMoist": ("volume_fraction_of_condensed_water_in_soil", "Volumetric soil water", "1",
                  {"l2": r"SWC\d+", "base": r"SWC(_PI)?(_F)?(_\d+){0,3}",
                   "fluxnet": r"SWC_F_MDS_\d+"}),
}
FORMATS = {"l2": "AmeriFlux L2", "base": "AmeriFlux BASE", "fluxnet": "FLUXNET2015"}
# Units of BASE and FLUXNET columns by the beginning of their name, W/m2 for all others; an L2
# file carries its own.
COLUMN_UNITS = {"TA": "degC", "TS": "degC", "PA": "kPa", "VPD": "hPa", "RH": "%", "SWC": "%",
                "H2O": "mmol/mol", "WS": "m/s"}
# unit: (factor, offset, SI unit)
CONVERSIONS = {"degC": (1, 273.15, "K"), "kPa": (1e3, 0, "Pa"), "hPa": (100, 0, "Pa"),
               "Pa": (1, 0, "Pa"), "%": (0.01, 0, "1"), "mmol/mol": (1e-3, 0, "1"),
               "m/s": (1, 0, "m s-1"), "W/m2": (1, 0, "W m-2"), "cm": (0.01, 0, "m")}
SPELLINGS = {"deg C": "degC", "C": "degC", "mmol mol-1": "mmol/mol", "m s-1": "m/s",
             "W m-2": "W/m2"}
MISSING_BELOW = -6998.0  # -6999 (not measured), -9999 (missing) and their decimal variants
BYTE_ORDER_MARKS = "\ufeff\xef\xbb\xbf"


@dataclass
class Tower:
    """A CSV file as read: interval starts and ends in local standard time, one row each."""
    format: str  # "l2", "base" or "fluxnet"
    start: pd.DatetimeIndex
    end: pd.DatetimeIndex
    data: pd.DataFrame
    units: dict = field(default_factory=dict)
    site: dict = field(default_factory=dict)

    def raw(self, column):
        """The column as float64, NaN where missing."""
        numbers = pd.to_numeric(self.data[column], errors="coerce")
        wrong = (numbers.isna() & self.data[column].notna()).to_numpy()
        if wrong.any():
            row = wrong.argmax()
            raise InputError(f"column {column}, interval ending {self.end[row]}: "
                             f"'{self.data[column].iloc[row]}' is not a number")
        return numbers.where(numbers > MISSING_BELOW).to_numpy(float)

    def values(self, column, units):
        """The column as float64 in the SI unit `units`, NaN where missing."""
        unit = self.unit(column)
        factor, offset, converted = CONVERSIONS.get(unit, (1, 0, None))
        if converted != units:
            known = [name for name, row in CONVERSIONS.items() if row[2] == units]
            raise InputError(f"column {column} has the unit '{unit}'; expected "
                             f"{' or '.join(known)}")
        return self.raw(column) * factor + offset

    def unit(self, column):
        """The unit of a column, in one spelling."""
        if self.format == "l2":
            return SPELLINGS.get(self.units[column], self.units[column])
        prefixes = [name for name in COLUMN_UNITS if re.match(rf"{name}(_|$)", column)]
        return COLUMN_UNITS[prefixes[0]] if prefixes else "W/m2"

    def matching(self, pattern):
        """The columns with data whose whole name matches, the shortest names first."""
        columns = [name for name in self.data if re.fullmatch(pattern, name)]
        return [name for name in sorted(columns, key=lambda name: (len(name), name))
                if np.isfinite(self.raw(name)).any()]

    def find(self, names):
        """The first of `names` with data, or None; BASE names may carry qualifiers."""
        qualifiers = r"(_PI)?(_F)?(_\d+){0,3}" if self.format == "base" else ""
        return next((column for name in names for column in self.matching(name + qualifiers)),
                    None)


def detect_format(path):
    """The format of a file and the line, counted from 0, that holds its column names."""
    with open(path, encoding="latin-1") as lines:
        for number, line in zip(range(100), lines):
            names = [name.strip() for name in line.lstrip(BYTE_ORDER_MARKS).split(",")]
            if names[0] == "YEAR" and "DTIME" in names:
                return "l2", number
            if {"TIMESTAMP_START", "TIMESTAMP_END"} <= set(names):
                fluxnet = any(re.fullmatch(r"\w+_F(_MDS(_\d+)?)?_QC", name) for name in names)
                return ("fluxnet" if fluxnet else "base"), number
    raise InputError(f"{path}: unknown format: no line begins with YEAR and has DTIME (AmeriFlux "
                     "L2) or has TIMESTAMP_START and TIMESTAMP_END (AmeriFlux BASE, FLUXNET2015; "
                     "daily and coarser files cannot be used)")


def read_tower(path, wanted="auto"):
    """Reads a file of the format `wanted` ("auto": whichever it has)."""
    found, header = detect_format(path)
    if wanted not in ("auto", found) and "l2" in (wanted, found):
        raise InputError(f"{path}: the format is {found}, not {wanted}")
    options = {"encoding": "latin-1", "skipinitialspace": True, "low_memory": False}
    try:
        if found == "l2":
            return read_l2(path, header, options)
        return read_stamped(path, header, found if wanted == "auto" else wanted, options)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{path}: {error}") from None


def read_stamped(path, header, form, options):
    """AmeriFlux BASE and FLUXNET2015: every row says when its interval starts and ends."""
    data = pd.read_csv(path, skiprows=header, **options)
    data.columns = [str(name).strip(BYTE_ORDER_MARKS + " ") for name in data.columns]
    require_rows(path, data)
    stamps = []
    for name in ("TIMESTAMP_START", "TIMESTAMP_END"):
        try:
            times = pd.to_datetime(data[name].astype(str), format="%Y%m%d%H%M")
        except ValueError:
            raise InputError(f"{path}: {name} must be YYYYMMDDhhmm, found "
                             f"'{data[name].iloc[0]}' in the first row") from None
        stamps.append(pd.DatetimeIndex(times))
    return Tower(form, *stamps, data)


def read_l2(path, header, options):
    """AmeriFlux L2: a text, names, units, completeness; a stamp is the end of its interval."""
    with open(path, encoding="latin-1") as lines:
        top = [line.rstrip("\r\n") for _, line in zip(range(header + 2), lines)]
    names, units = ([word.strip() for word in line.split(",")] for line in top[header:])
    data = pd.read_csv(path, skiprows=header + 3, names=names, index_col=False, **options)
    require_rows(path, data)
    end = l2_stamps(path, data)
    site = {}
    for key, pattern in (("latitude", r"Latitude:\s*([-+.\d]+)"),
                         ("longitude", r"Longitude:\s*([-+.\d]+)"),
                         ("site_name", r"Sitename:\s*(.*\S)")):
        match = re.search(pattern, "\n".join(top[:header]))
        if match:
            site[key] = match[1] if key == "site_name" else float(match[1])
    return Tower("l2", end - pd.Series(end).diff().median(), end, data,
                 dict(zip(names, units)), site)


def require_rows(path, data):
    """A time step is the difference of two stamps."""
    if len(data) < 2:
        raise InputError(f"{path}: {len(data)} rows of data, at least 2 are needed")


def l2_stamps(path, data):
    """Stamps from YEAR and DTIME (1.0 is 1 January, 0 h), checked against HRMIN."""
    for name in ("YEAR", "DTIME", "HRMIN"):
        if name not in data:
            raise InputError(f"{path}: column {name} is missing")
        data[name] = pd.to_numeric(data[name], errors="coerce")
    minutes = ((data.DTIME - 1) * 1440).round()
    clock = data.HRMIN // 100 * 60 + data.HRMIN % 100  # 2400 is the midnight that ends a day
    wrong = (minutes % 1440 != clock % 1440) | data.YEAR.isna()
    if wrong.any():
        row = wrong.to_numpy().argmax()
        raise InputError(f"{path}: data row {row + 1}: YEAR {data.YEAR[row]:g}, DTIME "
                         f"{data.DTIME[row]:g} and HRMIN {data.HRMIN[row]:g} do not make a time")
    minutes, year = minutes.to_numpy("int64"), data.YEAR.to_numpy("int64")
    # The last interval of a year ends in the next; files differ in whether YEAR and DTIME step
    # over together there.
    stamps = year_start(year) + minutes
    for row in 1 + np.flatnonzero(np.abs(np.diff(stamps)) > 300 * 1440):
        for shift in (-1, 1):
            shifted = year_start(year[row] + shift) + minutes[row]
            if 0 < shifted - stamps[row - 1] <= 1440:
                stamps[row] = shifted
    return pd.DatetimeIndex(stamps.astype("datetime64[m]").astype("datetime64[ns]"))


def year_start(year):
    """Minutes from 1970 to 1 January of `year`, a number or an array."""
    start = (np.asarray(year, dtype="int64") - 1970).astype("datetime64[Y]")
    return start.astype("datetime64[m]").astype("int64")
