# SPDX-License-Identifier: BSD-3-Clause
"""Small files of flux towers for the tests of the converter, the same weather in each format."""
import numpy as np

# A day of hand-made weather: the sun is up in hours 6 to 18 and all else is constant.
HOURS = np.arange(24) + 0.5
SUN = np.where(abs(HOURS - 12) < 6, 900 * np.cos(np.pi * (HOURS - 12) / 12), 0).round(3)

# 25 degC, 40 % and 90 kPa by hand: the tables give 31.69 hPa for saturation over water at 25 degC,
# so e = 12.676 hPa and q = 0.622 * 12.676 / (900 - 0.378 * 12.676) = 0.0088074. The tolerance
# is 0.1 % of the saturation pressure, which in the deficit form is 0.25 % of e.
HUMIDITY, HUMIDITY_TOLERANCE = 0.0088074, 2.2e-5
DEFICIT = 31.69 * 0.6  # hPa
MOLE_FRACTION = 12.676 / 900 * 1000  # mmol/mol

L2_HEADER = """Sitename: Somewhere
Location: Latitude: 31.5  Longitude: -109.5  Elevation (masl): 1400
A line, with commas, before the names
"""


def l2_text(first_day=127, year=2003, rows=24, stamps=None):
    """Hourly AmeriFlux L2; stamps: [(YEAR, DTIME, DOY, HRMIN)] in place of regular ones."""
    lines = ["YEAR, GAP, DTIME, DOY, HRMIN, TA, WS, H, LE, FG, TS1, TSdepth1, TS2, TSdepth2, "
             "SWC1, RH, PRESS, VPD, Rn, Rg, RgOut, Rgl, RglOut, H2O",
             "YEAR, GAP, DTIME, DOY, HRMIN, deg C, m/s, W/m2, W/m2, W/m2, deg C, cm, deg C, cm, "
             "%, %, kPa, kPa, W/m2, W/m2, W/m2, W/m2, W/m2, mmol/mol",
             ",".join(["100.0"] * 24)]
    for n in range(rows if stamps is None else len(stamps)):
        day, hour = divmod(n + 1, 24)
        when = (year, first_day + (n + 1) / 24, first_day + day, hour * 100)
        y, dtime, doy, hrmin = stamps[n] if stamps else when
        sun = SUN[n % 24]
        ta = -9999 if n == 3 else 25
        lines.append(f"{y},0,{dtime:.5f},{doy},{hrmin},{ta},2.5,{0.3 * sun},-6999,{0.2 * sun},"
                     f"{20 + n % 24 / 10},5,18,15,10,40,90,{DEFICIT / 10},{0.5 * sun},{sun},"
                     f"-6999,300,-9999,{MOLE_FRACTION}")
    return L2_HEADER + "\n".join(lines) + "\n"


def stamped_text(columns, rows=24, step=60, top=""):
    """BASE or FLUXNET: TIMESTAMP_START, TIMESTAMP_END and {name: value or list} from 1 May."""
    origin = np.datetime64("2012-05-01T00:00", "m")
    digits = [str(origin + n * step).translate(str.maketrans("", "", "-T:"))
              for n in range(rows + 1)]
    table = {name: np.broadcast_to(value, rows) for name, value in columns.items()}
    lines = [",".join(["TIMESTAMP_START", "TIMESTAMP_END", *table])]
    lines += [",".join([digits[n], digits[n + 1], *(f"{v[n]}" for v in table.values())])
              for n in range(rows)]
    return top + "\n".join(lines) + "\n"


def base_text(**extra):
    columns = {"SW_IN_1_1_1": SUN, "LW_IN": 310, "TA_1_1_1": 25, "TA_1_2_1": 30, "PA": 90,
               "RH_1_1_1": 40, "WS": [3] * 23 + [-9999], "G_1_1_1": -0.2 * SUN,
               "NETRAD": 0.5 * SUN, "H": 0.3 * SUN, "LE": 0.05 * SUN, "TS_1_1_1": 21,
               "TS_1_2_1": 19, "SWC_1_1_1": 12, **extra}
    return stamped_text(columns, top="# Site: XX-Tst\n# Version: 1-5\n")


def fluxnet_text(**extra):
    columns = {"SW_IN_F": SUN, "SW_IN_F_QC": 0, "LW_IN_F": 310, "LW_IN_F_QC": 2, "TA_F": 25,
               "TA_F_QC": [0] * 20 + [2] * 4, "PA_F": 90, "PA_F_QC": 0, "VPD_F": DEFICIT,
               "VPD_F_QC": [1] + [0] * 23, "RH": -9999, "WS_F": 3, "WS_F_QC": 0,
               "H_F_MDS": 0.3 * SUN, "H_F_MDS_QC": [-9999] + [3] * 23, "TS_F_MDS_1": 21,
               "TS_F_MDS_1_QC": 1, "NETRAD": -9999.0, **extra}
    return stamped_text(columns)
