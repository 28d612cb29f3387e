# SPDX-License-Identifier: BSD-3-Clause
"""A check of the time: on clear days shortwave radiation is symmetric about solar noon."""
import numpy as np

TOLERANCE = 20.0  # [min]: less than a wrong stamp of half-hourly means, more than a horizon does
CAUSE = 10.0      # [min]: how near the shift is to that of a cause
CLEAR = 0.8       # of the clearest day's transmission
DAY = 1440.0      # [min]


def solar(days):
    """(declination [rad], equation of time [min]) at days since 1 January, after Spencer (1971)."""
    angle = 2 * np.pi * days / 365
    declination = (0.006918 - 0.399912 * np.cos(angle) + 0.070257 * np.sin(angle)
                   - 0.006758 * np.cos(2 * angle) + 0.000907 * np.sin(2 * angle)
                   - 0.002697 * np.cos(3 * angle) + 0.00148 * np.sin(3 * angle))
    equation = 229.18 * (0.000075 + 0.001868 * np.cos(angle) - 0.032077 * np.sin(angle)
                         - 0.014615 * np.cos(2 * angle) - 0.040849 * np.sin(2 * angle))
    return declination, equation


def extraterrestrial(latitude, declination):
    """The day's sum of the sun's elevation above the horizon, relative; latitude in degrees."""
    phi = np.radians(latitude)
    sunset = np.arccos(np.clip(-np.tan(phi) * np.tan(declination), -1, 1))
    return (sunset * np.sin(phi) * np.sin(declination)
            + np.cos(phi) * np.cos(declination) * np.sin(sunset))


def noon_error(time, shortwave, latitude, longitude):
    """(minutes by which the centroid of clear days is after solar noon: the median; the range of
    the middle half of the days; their number), or None without one.

    time: middles of the intervals, UTC (DatetimeIndex); shortwave [W m-2]. The centroid is that
    on the circle of the day, so any shift is found."""
    step = (time[1] - time[0]).total_seconds() / 60
    days = np.asarray(time.dayofyear - 1)
    declination, equation = solar(days)
    minutes = np.asarray(time.hour * 60 + time.minute + time.second / 60)
    apparent = minutes + 4 * longitude + equation  # solar noon is at 720
    whole = time.asi8 // 60_000_000_000 + (4 * longitude + equation)
    _, day = np.unique(np.floor(whole / DAY), return_inverse=True)
    complete = np.bincount(day, np.isfinite(shortwave)) * step >= DAY - step / 2
    light = np.where(np.isfinite(shortwave), np.clip(shortwave, 0, None), 0)
    angle = 2 * np.pi * (apparent - DAY / 2) / DAY
    x, y, total = (np.bincount(day, light * part)
                   for part in (np.cos(angle), np.sin(angle), np.ones(len(light))))
    possible = np.bincount(day, extraterrestrial(latitude, declination)) / np.bincount(day)
    use = complete & (possible > 0.1) & (total * step / 60 > 500)
    transmission = np.divide(total, possible, out=np.zeros_like(total), where=use)
    if not use.any():
        return None
    clear = use & (transmission >= CLEAR * np.quantile(transmission[use], 0.98))
    shifts = np.arctan2(y[clear], x[clear]) * DAY / (2 * np.pi)
    lower, middle, upper = np.percentile(shifts, [25, 50, 75])
    return float(middle), float(upper - lower), int(clear.sum())


def verdict(minutes, spread, days, step):
    """(the text of a note, whether it is a warning); step: of the intervals [min]."""
    side = "after" if minutes > 0 else "before"
    text = (f"the centroid of shortwave is {abs(minutes):.0f} min {side} solar noon "
            f"({days} clear days)")
    if spread > TOLERANCE:
        return f"{text}, but days differ by {spread:.0f} min (shade?): no check of the time", False
    if abs(minutes) <= TOLERANCE:
        return text, False
    causes = []
    hours = round(minutes / 60)
    if hours and abs(minutes - 60 * hours) <= CAUSE:
        causes.append(f"the UTC offset should be {abs(hours)} h "
                      f"{'more' if hours > 0 else 'less'} (daylight saving time?)")
    for part, words in ((1, "the start of an interval for its end or the reverse"),
                        (0.5, "half an interval (instants or middles taken for means)")):
        if abs(abs(minutes) - part * step) <= min(CAUSE, step / 4):
            causes.append(f"a stamp takes {words}")
    causes = causes or ["a wrong longitude or clock, or shade in one half of the day"]
    return f"{text}; likely: {', or '.join(causes)}", True
