# SPDX-License-Identifier: BSD-3-Clause
"""The sections of a report: each returns (key, heading, HTML), or None where there is nothing to
show."""
import re

import numpy as np

from glebe_estimates import control_names, entries, flag_counts, in_words, matrix
from glebe_result import column_count, grid_of, is_withheld, mode, streams_of, temperatures_first
from report_html import details, items, number, paragraph, row, text
from report_numbers import correlation, duration, plain, whole
from report_parameters import (correlation_height, correlation_width, draw_correlation, draw_cost,
                               draw_counts, draw_estimates, draw_excess, drawable,
                               estimates_height, excess)
from report_style import PAGE_WIDTH, new_figure
from report_tables import (grid_table, pooled, site_table, stream_names, values_table,
                           verdict_table)

SMALL = PAGE_WIDTH * 0.48  # a figure that stands beside another one


# ---- What was run ---------------------------------------------------------------------------

def window(result):
    """'27 May 2004 07:00 to 21 Jun 2004 07:00 UTC, 25 days in steps of 30 min'."""
    start, end = (str(result.attrs.get(f"time_coverage_{which}", "")) for which in ("start", "end"))
    if not start or not end:
        return "see the namelist"
    content = f"{text(start.replace('T', ' ')[:16])} to {text(end.replace('T', ' ')[:16])} UTC"
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
    content = (grid_table if several else site_table)(estimated, held)
    if drawable(estimated):
        figure = new_figure(estimates_height(estimated))
        draw_estimates(figure.subplots(), estimated)
        names = ", ".join(entry.label for entry in drawable(estimated))
        caption = ("Each estimate between its lower (left) and upper (right) bound, with one "
                   "(thick) and two (thin) standard deviations. The upright stroke is the first "
                   "guess.")
        if several:
            caption = ("The estimates of all columns between the lower (left) and upper (right) "
                       "bound: median (dot), the middle half (thick) and nine tenths (thin) of "
                       "the columns. The upright stroke is the first guess.")
        content += figures(figure, f"Estimates within their bounds: {names}", caption)
    return "estimates", "Estimates", content


def strongest(values, names):
    """The pair with the largest correlation in absolute value: (r, name, name)."""
    lower = np.tril(np.abs(values), -1)
    if not np.isfinite(lower).any() or len(names) < 2:
        return None
    i, j = np.unravel_index(np.nanargmax(np.where(np.isfinite(lower), lower, -1)), lower.shape)
    return values[i, j], names[j], names[i]


def median_of(result, name):
    values = result[name].values[np.isfinite(result[name].values)] if name in result else []
    return float(np.median(values)) if len(values) else np.nan


def verdict_text(result):
    """The file's verdict, sentence by sentence, and for several columns the numbers of each."""
    content, told = "", str(result.attrs.get("verdict", "")).strip()
    if told:
        lines = [line.strip() for line in re.split(r"\n+", told) if line.strip()]
        content += f'<div class="verdict">{"".join(paragraph(text(line)) for line in lines)}</div>'
    judged = [e for e in entries(result, estimated=True) if e.verdict is not None]
    if judged and (grid_of(result) or not told):
        content += verdict_table(result, judged)
    return content


def what_the_data_tell(result, figures):
    names = [in_words(name) for name in control_names(result)]
    values = matrix(result, "correlation")
    content, several = verdict_text(result), bool(grid_of(result))
    freedom, condition = median_of(result, "degrees_of_freedom"), median_of(result,
                                                                             "condition_number")
    facts, of = [], "Median of the columns: " if several else ""
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
                   + (", median over the columns" if several else "")
                   + ". The stronger the correlation, the stronger the colour: blue where "
                     "both err to the same side, orange where to opposite sides. A dash: at a "
                     "bound.")
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
    if grid_of(result) and "iterations" in result:
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
    if "cost_final" not in result:
        return text(f"A {mode(result)} run of the model: nothing was estimated.")
    estimated = entries(result, estimated=True)
    names = stream_names(result)
    held = sum(is_withheld(result, name) for name in names)
    sentence = (f"{counted(len(estimated), 'parameter', 'parameters')} "
                f"estimated from {counted(len(names) - held, 'stream', 'streams')} of observations")
    if grid_of(result):
        sentence += f" in each of {whole(column_count(result)[0])} columns"
    if held:
        sentence += f"; {counted(held, 'more was', 'more were')} held back to test the outcome"
    counts = flag_counts(result["status"]) if "status" in result else {}
    failed = sum(counts.values()) - counts.get("converged", 0)
    if failed:
        sentence += (f". {whole(failed)} of the columns did not converge" if grid_of(result)
                     else ". The optimiser did not converge")
    return text(sentence[0].upper() + sentence[1:] + ".")


def ordered_streams(result):
    """(fitted, held back): the streams whose series are in the file."""
    if not any(f"{name}_observed" in result for name in result.data_vars):
        return [], []
    names = temperatures_first(result, streams_of(result))
    return ([n for n in names if not is_withheld(result, n)],
            [n for n in names if is_withheld(result, n)])
