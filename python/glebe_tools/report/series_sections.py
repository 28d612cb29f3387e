# SPDX-License-Identifier: BSD-3-Clause
"""The sections of a report that show series, their residuals and maps."""
import numpy as np

from ..result import choose_column, grid_of, place, series_of, simulated_only
from .html import paragraph, row, text
from .maps import (all_fields, draw_map, draw_stations, fit_fields, geometry, map_height,
                   parameter_fields, varies, verdict_fields)
from .numbers import misfit, misfit_beside, plain, quantity, span, whole
from .residuals import error_memory, residuals_of
from .sections import ordered_streams
from .series import (draw_autocorrelation, draw_difference, draw_histogram, draw_mean_day,
                     draw_residual_time, draw_scatter, draw_series, thinning)
from .skill import skill_table
from .style import SMALL, new_figure, placed_figure
from .tables import stream_names, stream_table


def lower_first(words):
    return words[:1].lower() + words[1:]


def upper_first(words):
    return words[:1].upper() + words[1:]


def heading(stream):
    return f"<h3>{text(upper_first(stream.title))}</h3>"


def numbers_of(series):
    return (f"rmse {quantity(misfit(series.rmse), series.units)}, "
            f"bias {quantity(misfit_beside(series.bias, series.rmse), series.units)}")


def series_figure(series, figures, verb):
    figure = new_figure(2.55)
    panel, strip = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    draw_series(panel, series)
    draw_difference(strip, series)
    panel.tick_params(labelbottom=False)
    what = lower_first(series.title)
    return figures(figure, f"Observed and {verb} {what} against time; {numbers_of(series)}",
                   f"Observed and {verb} {what}, and their difference: "
                   f"{numbers_of(series)}.")


def which_column(result, column):
    where = place(result, column)
    return f"The column shown ({where}) has the median misfit to the first stream." if where else ""


def observed_and_fitted(result, figures):
    fitted, held = ordered_streams(result)
    content = stream_table(result) if stream_names(result) else ""
    if fitted:
        column = choose_column(result, fitted + held)
        note = which_column(result, column)
        content += paragraph(text(note), "note") if note else ""
        content += "".join(series_figure(series_of(result, name, column), figures, "fitted")
                           for name in fitted)
    elif content:
        content += paragraph("The run did not store series (<code>series = .false.</code> in "
                             "<code>&amp;run</code>).", "note")
    return ("fit", "Observed and fitted", content) if content else None


def simulated(result, figures):
    """A run without observations: what it simulated."""
    names = simulated_only(result)
    if not names:
        return None
    column = choose_column(result, names)
    where = place(result, column)
    content = paragraph(text(f"One column of many: {where}."), "note") if where else ""
    for name in names:
        series = series_of(result, name, column)
        figure = new_figure(1.7)
        draw_series(figure.subplots(), series)
        what = lower_first(series.title)
        content += figures(figure, f"Simulated {what} against time, from "
                           f"{np.nanmin(series.simulated):.4g} to "
                           f"{np.nanmax(series.simulated):.4g} {series.units}",
                           f"Simulated {what}.")
    return "simulated", "Simulated", content


# ---- Residuals ------------------------------------------------------------------------------

def memory_in_words(residuals, allowed):
    """`allowed`: the memory of the errors that the fit allows for [h]."""
    if not residuals.lags.size and residuals.is_rounding:
        return "They are the rounding of the numbers, so that no autocorrelation is shown."
    if not residuals.lags.size:
        return "Their stamps are not evenly spaced, so that no autocorrelation is shown."
    if np.isfinite(residuals.memory):
        lag = quantity(plain(residuals.memory, 2), "h")
        if residuals.memory <= residuals.lags[1]:
            return f"It is below 1/e from the first lag ({lag}) on."
        said = f"It falls below 1/e at {lag}: values closer than that are not independent"
    else:
        said = "It stays above 1/e as far as shown: the values are far from independent"
    if allowed > 0:
        return f"{said}; the fit allows for errors that last {quantity(plain(allowed, 3), 'h')}."
    return f"{said}, and standard deviations that take them for it are too small."


def residual_figures(residuals, figures, allowed):
    what, unit = lower_first(residuals.title), residuals.units
    figure = new_figure(1.75)
    draw_residual_time(figure.subplots(), residuals)
    content = figures(figure, f"Simulated minus observed {what} against time",
                      f"Residuals of {what}, {whole(residuals.count)} values: mean "
                      f"{quantity(misfit(residuals.overall_mean, 2), unit)}, standard "
                      f"deviation {quantity(misfit(residuals.overall_std), unit)}.")
    figure = new_figure(2.2, SMALL)
    draw_histogram(figure.subplots(), residuals)
    small = [figures(figure, f"Histogram of the residuals of {what} beside a normal distribution",
                     "Their distribution beside the normal one of the same mean and standard "
                     "deviation (line). The outermost bars hold all that lies beyond.", "small")]
    if residuals.lags.size:
        figure = new_figure(2.2, SMALL)
        draw_autocorrelation(figure.subplots(), residuals)
        small.append(figures(figure, f"Autocorrelation of the residuals of {what} against lag",
                             "Their autocorrelation; the band would hold 95 % of independent "
                             f"values. {memory_in_words(residuals, allowed)}", "small"))
    else:
        content += paragraph(memory_in_words(residuals, allowed), "note")
    return content + row(*small)


def residual_section(result, figures, progress):
    fitted, _ = ordered_streams(result)
    content = ""
    for name in fitted:
        residuals = residuals_of(result, name, lambda done, name=name:
                                 progress(f"residuals of {name}", done))
        if residuals is not None:
            content += heading(residuals) + residual_figures(residuals, figures,
                                                             error_memory(result, name))
    if not content:
        return None
    if grid_of(result):
        content = paragraph("Over all columns together.", "note") + content
    return "residuals", "Residuals", content


# ---- Held back ------------------------------------------------------------------------------

def correlation_in_words(one, other):
    """', correlation 0.987'; nothing where one of the series does not vary."""
    if one.size < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return ""
    return f", correlation {np.corrcoef(one, other)[0, 1]:.3f}"


def held_back(result, figures):
    fitted, held = ordered_streams(result)
    judged = skill_table(result)
    if not held and not judged:
        return None
    content = paragraph("The fit has not seen these observations: they test what the estimate is "
                        "worth.") + judged
    column = choose_column(result, fitted + held) if held else {}
    if where := which_column(result, column):
        content += paragraph(text(where), "note")
    for name in held:
        series = series_of(result, name, column)
        both = np.isfinite(series.simulated) & np.isfinite(series.observed)
        if not both.any():
            content += paragraph(f"{text(series.title)}: no observation in this column.", "note")
            continue
        what, few = lower_first(series.title), thinning(series)
        content += heading(series) + series_figure(series, figures, "predicted")
        figure = new_figure(2.6, SMALL)
        draw_scatter(figure.subplots(), series)
        tied = correlation_in_words(series.simulated[both], series.observed[both])
        scatter = figures(figure, f"Predicted against observed {what}{tied}",
                          f"Predicted against observed{tied}. On the line both agree."
                          + (f" One of {few} points is shown." if few > 1 else ""), "small")
        figure = new_figure(2.6, SMALL)
        draw_mean_day(figure.subplots(), series)
        day = figures(figure, f"Mean day of observed and predicted {what}",
                      "The mean course of the day over the window: observed (broad, pale) and "
                      "predicted.", "small")
        content += row(scatter, day)
    return "withheld", "Held back", content


# ---- Maps -----------------------------------------------------------------------------------

def map_figure(field, where, figures):
    figure = placed_figure(map_height(SMALL, where), SMALL)
    draw_map(figure, field, where)
    finite = field.values[np.isfinite(field.values)]
    if field.flags is None:
        said = span(finite.min(), np.median(finite), finite.max(), field.units)
    else:
        said = ", ".join(f"{meaning} {whole((finite == code).sum())}"
                         for code, meaning in field.flags.items() if (finite == code).any())
    return figures(figure, f"Map of {field.title}: {said}",
                   f"{upper_first(field.title)}: {said}.", "small")


def station_figure(field, std, figures):
    figure = new_figure(1.8)
    draw_stations(figure.subplots(), field, std)
    return figures(figure, f"{field.title} of every station",
                   f"{upper_first(field.title)}"
                   + (", with one standard deviation." if std is not None else "."))


def station_content(result, figures):
    shown = [(estimate, std) for estimate, std in parameter_fields(result)]
    shown += [(field, None) for field in (*verdict_fields(result), *fit_fields(result))]
    return "".join(station_figure(field, std, figures) for field, std in shown if varies(field))


def all_determined(field):
    """Nothing to be seen in the map of a verdict."""
    found = np.unique(field.values[np.isfinite(field.values)])
    return (field.flags is not None and len(found) == 1
            and field.flags.get(int(found[0])) == "determined")


def maps(result, figures, progress):
    grid = grid_of(result)
    if not grid or "status" not in result:
        return None
    if len(grid) == 1:
        return "maps", "Every station", station_content(result, figures)
    where, content = geometry(result), ""
    total = sum(1 for _ in all_fields(result))
    done = 0
    same = []

    def drawn(fields):
        nonlocal done
        shown = []
        for field in fields:
            done += 1
            if field is None:
                continue
            progress("maps", min(1.0, done / total))
            if varies(field) and not all_determined(field):
                shown.append(map_figure(field, where, figures))
            else:
                same.append(f"{field.title} (determined)" if all_determined(field)
                            else field.title)
        return row(*shown) if shown else ""

    content += "<h3>Estimates and their standard deviations</h3>"
    content += "".join(drawn(pair) for pair in parameter_fields(result))
    judged = drawn(verdict_fields(result))
    content += f"<h3>Verdict</h3>{judged}" if judged else ""
    content += "<h3>Fit</h3>" + drawn(fit_fields(result))
    if same:
        content += paragraph(f"The same in every column, and not shown: {text(', '.join(same))}.",
                             "note")
    return "maps", "Maps", content
