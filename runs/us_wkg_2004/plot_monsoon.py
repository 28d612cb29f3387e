#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draw conductivity and heat transfer in time beside the tower's soil moisture and rain.

Prints a table by month: the estimates, the water, the misfit of either thermometer, and the
diffusivity that the delay of the daily wave between the two gives without any model of the surface.
Standard deviations allow for residuals that are not independent.
"""
import os
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../python"))
from glebe_tools.command import InputError, complete, format_of, guarded, parser_of  # noqa: E402

MONTHLY, FINE, WATER, RAIN, LOWER = "#1f3b57", "#c8562b", "#2f6db2", "#8fb3d9", "#8a8a8a"
PARAMETERS = {"thermal_conductivity": "Thermal conductivity\n[W m⁻¹ K⁻¹]",
              "heat_transfer": "Heat transfer\n[W m⁻² K⁻¹]"}
SENSORS = {"soil_temperature_5cm": 0.05, "soil_temperature_15cm": 0.15}
DAY = pd.Timedelta(days=1)


def course(result, name):
    """Estimate and standard deviation at the knots, a frame on their times. The standard deviation
    is the one that allows for residuals that are not independent; here they are far from it."""
    time = f"{name}_time"
    if result[name].dims != (time,):
        raise InputError(f"{name}: expected the dimension {time}, found {result[name].dims}")
    std = result[f"{name}_std_inflated"].values
    return pd.DataFrame({"value": result[name].values, "std": std}, index=result[time].to_index())


def by_day(tower, window):
    """Daily means of soil moisture [%] and sums of rain [mm], days of Arizona."""
    tower = tower.sel(time=slice(*window))
    midnight = pd.Timedelta(hours=7)
    frame = pd.DataFrame({"upper": 100 * tower.SoilMoist_1, "lower": 100 * tower.SoilMoist_2,
                          "rain": tower.Rainfall}, index=tower.time.to_index())
    # Stamps are interval ends: the one at midnight belongs to the day before.
    days = frame.resample(DAY, offset=midnight, closed="right", label="left")
    return days.agg({"upper": "mean", "lower": "mean", "rain": "sum"})


def phase_diffusivity(upper, lower, dt):
    """[m2 s-1] from the delay of the daily wave between two depths; all other waves that fit into
    the window, and its trend, are taken out first."""
    k = np.arange(upper.size)
    wave = np.exp(-2j * np.pi * k * dt / 86400)
    amplitude = [((series - np.polyval(np.polyfit(k, series, 2), k)) * wave).mean()
                 for series in (upper, lower)]
    depth = SENSORS["soil_temperature_15cm"] - SENSORS["soil_temperature_5cm"]
    return np.pi / 86400 * (depth / np.angle(amplitude[1] / amplitude[0])) ** 2


def daily_waves(result):
    """Diffusivity by the daily wave [1e-6 m2 s-1] of every whole five days, on their middles."""
    time = result.time.to_index()
    dt = (time[1] - time[0]).total_seconds()
    observed = [result[f"{name}_observed"].values for name in SENSORS]
    if any(np.isnan(series).any() for series in observed):
        raise InputError("the soil temperatures have gaps; the daily wave needs whole days")
    n = round(5 * 86400 / dt)
    starts = range(0, time.size - n + 1, n)
    return pd.Series([1e6 * phase_diffusivity(*(s[i:i + n] for s in observed), dt)
                      for i in starts], index=[time[i] + 2.5 * DAY for i in starts])


def table(result, days, waves):
    """Prints a line per month; returns the columns."""
    courses = {name: course(result, name) for name in PARAMETERS}
    knots = courses["thermal_conductivity"].index
    end = result.time.to_index()[-1]
    edges = knots.append(pd.DatetimeIndex([end]))

    def mean(series, how="mean"):
        cells = pd.cut(series.index, edges, right=False, labels=knots)
        return series.groupby(cells, observed=False).agg(how)

    residuals = {name: (result[name] - result[f"{name}_observed"]).to_series()
                 for name in SENSORS}
    rows = pd.DataFrame({
        "lambda": courses["thermal_conductivity"]["value"],
        "std": courses["thermal_conductivity"]["std"],
        "h": courses["heat_transfer"]["value"], "std_h": courses["heat_transfer"]["std"],
        "upper": mean(days.upper), "lower": mean(days.lower), "rain": mean(days.rain, "sum"),
        "diff": courses["thermal_conductivity"]["value"] / float(result.heat_capacity) * 1e6,
        "wave": mean(waves),
        **{f"rmse_{i}": np.sqrt(mean(r**2)) for i, r in enumerate(residuals.values())},
        **{f"bias_{i}": mean(r) for i, r in enumerate(residuals.values())}})
    print("from        lambda    std      h    std   soil water [%]  rain  lambda/C   wave"
          "    5 cm        15 cm")
    print("                                         upper lower     [mm]  [1e-6 m2 s-1]"
          "    rmse bias   rmse bias [K]")
    for start, r in rows.iterrows():
        print(f"{start:%Y-%m-%d} {r['lambda']:8.3f} {r['std']:6.3f} {r.h:6.1f} {r.std_h:6.1f}"
              f" {r.upper:8.1f} {r.lower:5.1f} {r.rain:8.1f} {r['diff']:8.2f} {r.wave:7.2f}"
              f" {r.rmse_0:7.2f} {r.bias_0:+5.2f} {r.rmse_1:6.2f} {r.bias_1:+5.2f}")
    return rows


def correlations(fine, days, waves):
    """Prints how the courses go with soil moisture and with one another, at whole five days."""
    middles = waves.index
    frame = pd.DataFrame({name: np.interp(middles, course(fine, name).index,
                                          course(fine, name)["value"]) for name in PARAMETERS},
                         index=middles)
    frame["phase diffusivity"] = waves.values
    for probe in ("upper", "lower"):
        frame[f"{probe} probe"] = [days[probe][m - 2.5 * DAY:m + 2.4 * DAY].mean()
                                   for m in middles]
    autumn = middles >= "2004-11-01"
    for label, part in (("all", frame), ("before November", frame[~autumn])):
        print(f"correlation over the {len(part)} windows of five days, {label}:")
        print(part.corr().round(2).iloc[:3].to_string())


def residual_memory(result):
    """Prints the time over which residuals forget [h], by their autocorrelation."""
    dt = float(np.diff(result.time.values[:2])[0] / np.timedelta64(1, "h"))
    for name in SENSORS:
        r = (result[name] - result[f"{name}_observed"]).values
        r = r - r.mean()
        n = r.size
        power = np.abs(np.fft.rfft(r, 2 * n)) ** 2
        rho = np.fft.irfft(power)[:n] / np.sum(r**2)
        rows = [f"{hours} h {rho[round(hours / dt)]:+.2f}" for hours in (0.5, 6, 12, 24, 72, 240)]
        print(f"autocorrelation of the residuals, {name}: {', '.join(rows)}")


def draw_course(panel, name, label, monthly, fine):
    """The line by five days with a band, the steps by month with bars: one standard deviation."""
    line, steps = course(fine, name), course(monthly, name)
    panel.fill_between(line.index, line["value"] - line["std"], line["value"] + line["std"],
                       color=FINE, alpha=0.25, linewidth=0)
    panel.plot(line.index, line["value"], color=FINE, linewidth=1.1, label="5 days")
    edges = steps.index.append(monthly.time.to_index()[-1:])
    panel.stairs(steps["value"], mdates.date2num(edges), color=MONTHLY, linewidth=1.4,
                 baseline=None, label="monthly")
    panel.errorbar(edges[:-1] + np.diff(edges) / 2, steps["value"], steps["std"], fmt="none",
                   color=MONTHLY, elinewidth=0.9, capsize=2)
    panel.set_ylabel(label)


def draw(monthly, fine, days, waves, path):
    """Four panels above one another, on one time axis."""
    plt.rcParams.update({"font.size": 8, "axes.linewidth": 0.6, "font.family": "DejaVu Sans",
                         "xtick.major.width": 0.6, "ytick.major.width": 0.6})
    figure, panels = plt.subplots(4, 1, figsize=(7.2, 7.0), sharex=True, layout="constrained",
                                  height_ratios=[1.2, 1.2, 0.9, 1])
    for panel, (name, label) in zip(panels, PARAMETERS.items()):
        draw_course(panel, name, label, monthly, fine)
        panel.set_ylim(bottom=0)
    panels[0].legend(frameon=False, loc="upper left", ncols=2)
    panels[2].plot(waves.index, waves, color=LOWER, linewidth=1.1, marker=".", markersize=4,
                   label="by the delay of the daily wave, 5 to 15 cm")
    line = course(fine, "thermal_conductivity")
    panels[2].plot(line.index, 1e6 * line["value"] / float(fine.heat_capacity), color=FINE,
                   linewidth=1.1, label="by the estimate, 5 days")
    panels[2].set_ylabel("Diffusivity\n[10⁻⁶ m² s⁻¹]")
    panels[2].set_ylim(0, 0.8)
    panels[2].legend(frameon=False, loc="upper left", ncols=2)
    water = panels[3]
    water.plot(days.index + DAY / 2, days.upper, color=WATER, linewidth=1.1, label="upper probe")
    water.plot(days.index + DAY / 2, days.lower, color=LOWER, linewidth=1.1, label="lower probe")
    water.set_ylabel("Soil water [% of volume]")
    water.set_ylim(0, 26)
    water.legend(frameon=False, loc="center", bbox_to_anchor=(0.78, 0.62), ncols=2)
    rain = water.twinx()
    rain.bar(days.index + DAY / 2, days.rain, width=0.9, color=RAIN)
    rain.set_ylim(60, 0)  # from the top downwards, clear of the lines
    rain.set_yticks([0, 10, 20, 30])
    rain.set_ylabel("Rain [mm per day]", loc="top")
    for panel, letter in zip(panels, "abcd"):
        panel.set_title(f"({letter})", loc="right", fontsize=8)
        panel.grid(axis="x", color="0.9", linewidth=0.5)
        panel.set_axisbelow(True)
    end = monthly.time.to_index()[-1]
    water.set_xlim(monthly.time.to_index()[0], end)
    water.xaxis.set_major_locator(mdates.MonthLocator())
    water.xaxis.set_major_formatter(mdates.ConciseDateFormatter(water.xaxis.get_major_locator()))
    with complete(path) as temporary:
        figure.savefig(temporary, format=format_of(path), dpi=200)
    plt.close(figure)


def main(argv=None):
    parser = parser_of(__doc__, monthly="the result of monsoon.nml",
                       fine="the result of monsoon_5_days.nml",
                       tower="the tower's file, by prepare.py")
    parser.add_argument("-o", "--output", default="monsoon.png", help="the figure (monsoon.png)")
    args = parser.parse_args(argv)

    def work():
        with xr.open_dataset(args.monthly) as monthly, xr.open_dataset(args.fine) as fine, \
                xr.open_dataset(args.tower) as tower:
            times = monthly.time_bnds.values
            days = by_day(tower, (times[0, 0] + np.timedelta64(1, "s"), times[-1, 1]))
            waves = daily_waves(monthly)
            table(monthly, days, waves)
            correlations(fine, days, waves)
            residual_memory(monthly)
            draw(monthly, fine, days, waves, args.output)
        print(f"written: {args.output}")
    return guarded("plot_monsoon.py", work)


if __name__ == "__main__":
    sys.exit(main())
