# SPDX-License-Identifier: BSD-3-Clause
"""The sections of a report: each returns (key, heading, HTML), or None where there is nothing to
show."""
import re

import numpy as np

from ..estimates import control_labels, courses, entries, flag_counts, matrix, with_data
from ..result import (column_count, grid_of, in_steps, is_design, is_withheld, mode, streams_of,
                      temperatures_first)
from .design_sections import design_facts, design_lede
from .html import details, items, number, paragraph, row, text, unbroken
from .numbers import PLUS_MINUS, correlation, duration, plain, power, units, whole
from .parameters import (MANY, correlation_height, correlation_width, draw_correlation, draw_cost,
                         draw_counts, draw_course, draw_estimates, draw_excess, drawable,
                         estimates_height, excess)
from .style import SMALL, new_figure
from .tables import grid_table, pooled, site_table, stream_names, values_table, verdict_table
from .uncertainty import intervals, shares
from .warned import warnings


# ---- What was run ---------------------------------------------------------------------------

def window(result):
    """'27 May 2004 07:00 to 21 Jun 2004 07:00 UTC, 25 days in steps of 30 min'."""
    start, end = (str(result.attrs.get(f"time_coverage_{which}", "")) for which in ("start", "end"))
    if not start or not end:
        return "see the namelist"
    content = unbroken(text(f"{start.replace('T', ' ')[:16]} to {end.replace('T', ' ')[:16]} UTC"))
    try:
        seconds = (np.datetime64(end) - np.datetime64(start)) / np.timedelta64(1, "s")
        content += f", {duration(seconds)}"
    except ValueError:  # a day that only its own calendar has
        pass
    step = re.fullmatch(r"PT([\d.e+]+)S", str(result.attrs.get("time_coverage_resolution", "")))
    return content + (f" in steps of {duration(float(step.group(1)))}" if step else "")


def columns(result):
    active, cells = column_count(result)
    if not grid_of(result):
        return "one"
    shape = " × ".join(f"{result.sizes[dim]} {dim}" for dim in grid_of(result))
    return f"{whole(active)} of {whole(cells)} cells ({text(shape)})"


def data_cost(result):
    """(final cost, cost per value that was fitted), over all columns."""
    final = float(result["cost_final"].sum())
    fitted = sum(pooled(result, name)[0] for name in stream_names(result)
                 if not is_withheld(result, name))
    return final, 2 * final / fitted if fitted else np.nan


def search_facts(result):
    history = result.get("cost_history")
    facts = []
    if history is not None:
        facts += [("Method", text(history.attrs.get("method", ""))),
                  ("Outcome", f"{text(history.attrs.get('outcome', ''))} after "
                              f"{history.size - 1} iterations")]
    final, per_value = data_cost(result)
    initial = float(result["cost_initial"].sum())
    facts.append(("Cost", f"{number(initial, plain(initial, 4))} at the first guess, "
                          f"{number(final, plain(final, 5))} at the estimate"))
    if np.isfinite(per_value):
        facts.append(("Twice the cost per fitted value", f"{plain(per_value)} (1 where the errors "
                                                         "are as the namelist says)"))
    return facts


def what_was_run(result, path):
    attributes = result.attrs
    history = str(attributes.get("history", "")).split("\n")[-1]
    made = re.match(r"(\S+Z) (.*)", history)
    facts = [("Mode", text(mode(result))), ("Window", window(result)),
             ("Columns", columns(result))]
    if "cost_final" in result:
        facts += search_facts(result)
    if is_design(result):
        facts += design_facts(result)
    defaults = str(attributes.get("parameters_by_default", ""))
    if defaults:
        facts.append(("Taken by default", text(in_print(defaults))))
    if attributes.get("modelled_inputs"):
        facts.append(("Not measured", text(str(attributes["modelled_inputs"]))))
    facts += warnings(attributes)
    facts.append(("Program", text(attributes["source"])))
    if made:
        facts.append(("Run", f"{text(made.group(1).replace('T', ' ').replace('Z', ' UTC'))}, "
                             f"<code>{text(made.group(2))}</code>"))
    facts.append(("Result file", f"<code>{text(path)}</code>"))
    content = items(facts)
    if attributes.get("namelist"):
        content += details("Namelist", f"<pre tabindex=\"0\">{text(attributes['namelist'])}</pre>")
    return "run", "What was run", content


# ---- Parameters -----------------------------------------------------------------------------

def estimates(result, figures):
    estimated, held = entries(result, estimated=True), entries(result, estimated=False)
    if not estimated:
        return ("parameters", "Parameters", values_table(held)) if held else None
    several = bool(grid_of(result))
    content = grid_table(result, estimated, held) if several else site_table(estimated, held)
    in_time, single = courses(estimated)
    if drawable(single):
        figure = new_figure(estimates_height(single))
        draw_estimates(figure.subplots(), single)
        names = ", ".join(entry.label for entry in drawable(single))
        caption = ("Each estimate between its lower (left) and upper (right) bound, with one "
                   "(thick) and two (thin) standard deviations. The upright stroke is the first "
                   "guess.")
        if several:
            caption = ("The estimates of all columns between the lower (left) and upper (right) "
                       "bound: median (dot), the middle half (thick) and nine tenths (thin) of "
                       "the columns. The upright stroke is the first guess.")
        content += figures(figure, f"Estimates within their bounds: {names}", caption)
    content += "".join(course_figure(result, course, figures) for course in in_time)
    return "estimates", "Estimates", content


def course_figure(result, course, figures):
    figure = new_figure(1.9)
    draw_course(figure.subplots(), course, in_steps(result, course.entries[0].parameter))
    values = course.values("value")
    bands = ("median of the columns, and where half (dark) and nine tenths (pale) of them lie"
             if values.ndim > 1 else "with one standard deviation (dark)"
             + (", and allowing for residuals that are not independent (pale)"
                if course.values("std_inflated") is not None else ""))
    label = f"{course.label} in the course of time, from {np.nanmin(values):.4g} to " \
            f"{np.nanmax(values):.4g} {course.entries[0].units}"
    return figures(figure, label, f"{course.label[0].upper() + course.label[1:]} in the "
                   f"course of time: {bands}. Dashed: the first guess.")


def strongest(values, names):
    """The pair with the largest correlation in absolute value: (r, name, name)."""
    lower = np.tril(np.abs(values), -1)
    if not np.isfinite(lower).any() or len(names) < 2:
        return None
    i, j = np.unravel_index(np.nanargmax(np.where(np.isfinite(lower), lower, -1)), lower.shape)
    return values[i, j], names[j], names[i]


def median_of(result, name):
    """Over the columns with data."""
    if name not in result:
        return np.nan
    values = result[name].values[with_data(result)]
    values = values[np.isfinite(values)]
    return float(np.median(values)) if values.size else np.nan


def in_print(line):
    """A line of the verdict with the signs of print: '1.589 +- 0.020)e+06 J m-3' in a log."""
    line = re.sub(r"(?<=[\d)])e([+-]\d\d)\b", lambda found: f" {power(int(found.group(1)))}",
                  line.replace("+-", PLUS_MINUS))
    return re.sub(r"(?<=[ \d])(?:W|J|K|m|s|kg)(?: (?:m|s|K|kg)-\d)+",
                  lambda found: units(found.group()), line)


def verdict_text(result):
    """The file's verdict, sentence by sentence, and for several columns the numbers of each."""
    content, told = "", str(result.attrs.get("verdict", "")).strip()
    if told:
        lines = [line.strip() for line in re.split(r"\n+", told) if line.strip()]
        shown = "".join(paragraph(text(in_print(line))) for line in lines)
        content += f'<div class="verdict">{shown}</div>'
    judged = [e for e in entries(result, estimated=True) if e.verdict is not None]
    several = len(np.unique(np.concatenate([np.ravel(e.verdict) for e in judged]))) > 1 \
        if judged else False
    if judged and (grid_of(result) and several or not told):
        content += verdict_table(result, judged)
    return content + intervals(result) + shares(result)


def what_the_data_tell(result, figures):
    names = control_labels(result)
    values = matrix(result, "correlation")
    content, several = verdict_text(result), bool(grid_of(result))
    freedom, condition = median_of(result, "degrees_of_freedom"), median_of(result,
                                                                             "condition_number")
    inferred = several and int((np.isfinite(result["status"].values) & ~with_data(result)).sum())
    of = ("Median of the columns with observations: " if inferred else "Median of the columns: "
          ) if several else ""
    facts = []
    if np.isfinite(freedom):
        facts.append(f"{of}{number(freedom, plain(freedom))} degrees of freedom for signal, out of "
                     f"{len(names)} parameters.")
    if np.isfinite(condition):
        facts.append(f"Condition number of the Hessian {number(condition, plain(condition, 2))}.")
    pair = strongest(values, names) if values is not None else None
    if pair:
        side = "the same side" if pair[0] > 0 else "opposite sides"
        facts.append(f"Most strongly tied are {text(pair[1])} and {text(pair[2])}, which err to "
                     f"{side}: correlation {correlation(pair[0])}.")
    if facts:
        content += paragraph(" ".join(facts))
    if values is not None and len(names) > 1:
        figure = new_figure(correlation_height(names), correlation_width(names))
        draw_correlation(figure.subplots(), values, names)
        caption = ("Posterior correlation of the errors of the estimates"
                   + (f", median over the columns{' with observations' * bool(inferred)}"
                      if several else "")
                   + ". The stronger the correlation, the stronger the colour: blue where "
                     "both err to the same side, orange where to opposite sides. "
                   + ("A dash: at a bound." if len(names) <= MANY else
                      "In brackets: how many values the parameter has, in the order of time."))
        label = "Correlation matrix of " + ", ".join(names)
        if pair:
            label += f"; the largest is {correlation(pair[0])} between {pair[1]} and {pair[2]}"
        content += figures(figure, label, caption, "medium")
    return ("knowledge", "What the data tell", content) if content else None


# ---- Convergence ----------------------------------------------------------------------------

def convergence(result, figures):
    content, history = "", result.get("cost_history")
    counts = flag_counts(result["status"]) if "status" in result else {}
    if counts and grid_of(result):
        content += paragraph("Columns: " + ", ".join(
            f"{whole(n)} {text(meaning)}" for meaning, n in counts.items()) + ".")
    shown = []
    if history is not None:
        figure = new_figure(2.4, SMALL)
        draw_cost(figure.subplots(), history.values)
        shown.append(figures(
            figure, f"Cost from {history.values[0]:.4g} at the first guess to "
            f"{history.values[-1]:.4g} after {history.size - 1} iterations",
            "Cost after each iteration"
            + (", the sum over all columns." if grid_of(result) else "."), "small"))
        if np.isfinite(excess(history.values)).sum() > 1:
            figure = new_figure(2.4, SMALL)
            draw_excess(figure.subplots(), history.values)
            shown.append(figures(
                figure, "Excess of the cost over its final value after each iteration",
                "What is still to be gained: the cost above where it ends. Steps that grow "
                "downwards mean that the search closes in ever faster.", "small"))
    iterations = result["iterations"].values if "iterations" in result else np.zeros(0)
    iterations = np.unique(iterations[np.isfinite(iterations)])
    if grid_of(result) and iterations.size > 1:
        figure = new_figure(2.4, SMALL)
        draw_counts(figure.subplots(), result["iterations"].values, "iterations")
        shown.append(figures(figure, "Number of columns by iterations they needed",
                             "Columns by the number of iterations they took.", "small"))
    if shown:
        content += row(*shown)
    return ("convergence", "Convergence", content) if content else None


# ---- The sentence at the top ----------------------------------------------------------------

def counted(n, one, many):
    words = "zero one two three four five six seven eight nine ten eleven twelve".split()
    return f"{words[n] if n < len(words) else whole(n)} {one if n == 1 else many}"


def lede(result):
    if is_design(result):
        return design_lede(result)
    if "cost_final" not in result:
        return text(f"A {mode(result)} run of the model: nothing was estimated.")
    estimated = entries(result, estimated=True)
    names = stream_names(result)
    held = sum(is_withheld(result, name) for name in names)
    in_time, single = courses(estimated)
    sentence = counted(len(single) + len(in_time), "parameter", "parameters")
    if in_time:
        sentence += f" ({counted(len(in_time), 'of them varies', 'of them vary')} in time)"
    sentence += f" estimated from {counted(len(names) - held, 'stream', 'streams')} of observations"
    counts = flag_counts(result["status"]) if "status" in result else {}
    no_model = counts.pop("model_failed", 0)
    inferred = counts.pop("inferred", 0)
    if inferred:
        sentence += (f" in {whole(sum(counts.values()))} of {whole(column_count(result)[0])} "
                     f"columns; in the {whole(inferred)} others they are inferred from these")
    elif grid_of(result):
        sentence += f" in each of {whole(column_count(result)[0])} columns"
    if held:
        sentence += f"; {counted(held, 'more was', 'more were')} held back to test the outcome"
    failed = sum(counts.values()) - counts.get("converged", 0)
    if failed:
        sentence += (f". {whole(failed)} of the columns did not converge" if grid_of(result)
                     else ". The optimiser did not converge")
    if no_model:
        sentence += f". In {whole(no_model)} of the columns the model failed at the first guess"
    return text(sentence[0].upper() + sentence[1:] + ".")


def ordered_streams(result):
    """(fitted, held back): the streams whose series are in the file."""
    if not any(f"{name}_observed" in result for name in result.data_vars):
        return [], []
    names = temperatures_first(result, streams_of(result))
    return ([n for n in names if not is_withheld(result, n)],
            [n for n in names if is_withheld(result, n)])
