# SPDX-License-Identifier: BSD-3-Clause
"""The sections of a report on designs (mode = 'design'), each as in sections.py: which of
them would tell most, what each would tell of every parameter, and what no design can say."""
import numpy as np

from ..command import InputError
from ..estimates import entries, flag_names, in_words
from ..result import grid_of
from .design import (counted_parameters, depths_of, design_figure, groups_of, measured,
                     parameters_of, sensors_of)
from .html import number, paragraph, row, table, text
from .maps import Field, draw_map, geometry, map_height
from .numbers import plain, quantity, units, whole
from .style import PAGE_WIDTH, SMALL, STATUS_COLOURS, placed_figure
from .tables import values_table

MOST_ROWS = 12
DOUBTS = ("in combination", "not determined")


class Designs:
    """The designs of a file, best first, medians over the columns."""

    def __init__(self, result):
        grid = grid_of(result)
        self.result = result
        self.order = np.argsort(result["design_rank"].values)
        self.groups = [group.replace("_", " ") for group in groups_of(result)]
        self.days, self.depths = result["design_days"].values, depths_of(result)
        self.criterion = result["criterion"].median(grid).values
        self.found = parameters_of(result)
        self.counted = counted_parameters(result, self.found)
        self.best = int(self.order[0])

    def depth_text(self, design):
        depths = self.depths[design][np.isfinite(self.depths[design])]
        return " and ".join(f"{depth:g}" for depth in depths)

    def name(self, design):
        """'second thermometer at 30 cm for 10 days'."""
        depth = self.depth_text(design)
        where = f" at {depth} cm" if depth else ""
        days = f"{self.days[design]:.4g}"
        return f"{self.groups[design]}{where} for {days} {'day' if days == '1' else 'days'}"

    def std(self, parameter, design):
        """'1.7 %' or '0.14 K'."""
        values, unit = measured(*self.found[parameter])
        if not np.isfinite(values[design]):
            return "unknown"
        return quantity(plain(values[design], 2), "%" if unit.startswith("%") else unit)

    def doubtful(self, design):
        """{verdict: parameters of which some column would have it}."""
        doubts = {doubt: [] for doubt in DOUBTS}
        for name, codes, meanings in verdicts(self.result):
            for code, meaning in meanings.items():
                if meaning in doubts and (codes[design] == code).any():
                    doubts[meaning].append(name)
        return {doubt: names for doubt, names in doubts.items() if names}


def verdicts(result):
    """(name, codes [design][column], {code: meaning}) of every estimated value."""
    for name in map(str, result.data_vars):
        if not name.endswith("_verdict"):
            continue
        parameter, variable = name.removesuffix("_verdict"), result[name]
        leading = [str(dim) for dim in variable.dims[1:] if dim not in grid_of(result)]
        count = int(np.prod([result.sizes[dim] for dim in leading], dtype=int))
        codes = variable.values.astype(float).reshape(result.sizes["design"], count, -1)
        labels = [label for label in parameters_of(result) if label.split("[")[0] == parameter]
        shown = [i for i in range(count) if np.isfinite(
            result[f"{parameter}_std"].values.reshape(codes.shape)[:, i]).any()]
        for label, i in zip(labels, shown):
            yield in_words(label), codes[:, i], flag_names(variable)


def design_facts(result):
    designs = Designs(result)
    lengths = ", ".join(f"{length:.4g}" for length in np.unique(designs.days))
    return [("Designs", f"{whole(len(designs.groups))} in "
                        f"{len(dict.fromkeys(designs.groups))} groups"),
            ("Lengths tried", f"{lengths} days"),
            ("Ranked by", f"{text(criterion_in_words(result))} of "
                          f"{text(', '.join(map(in_words, designs.counted)))}")]


def criterion_in_words(result):
    return {"largest_std": "the largest relative standard deviation",
            "mean_std": "the mean relative standard deviation"}.get(
        str(result["criterion"].attrs.get("criterion", "")),
        str(result["criterion"].attrs.get("criterion", "criterion")).replace("_", " "))


def design_lede(result):
    designs = Designs(result)
    told = ", ".join(f"{in_words(name)} to {designs.std(name, designs.best)}"
                     for name in designs.counted[:3])
    over = ", in the median of the columns" if grid_of(result) else ""
    return text(f"Of {whole(len(designs.groups))} designs the one that would tell most is "
                f"{designs.name(designs.best)}: {told}{over}. Nothing was measured or fitted.")


# ---- The ranking ----------------------------------------------------------------------------

def shown_designs(designs):
    """The best, and the best of every group that is not among them."""
    shown = [int(d) for d in designs.order[:MOST_ROWS]]
    for group in dict.fromkeys(designs.groups):
        first = next(int(d) for d in designs.order if designs.groups[d] == group)
        if first not in shown:
            shown.append(first)
    return sorted(shown, key=lambda d: designs.result["design_rank"].values[d])


def shortened(names, most=3):
    if len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def ranking_table(designs):
    result, rows = designs.result, []
    best = result["best_design"].values
    for design in shown_designs(designs):
        rank = whole(result["design_rank"].values[design])
        cells = [text(f"{rank}. {designs.groups[design]}"), text(designs.depth_text(design) or "–"),
                 number(designs.days[design], f"{designs.days[design]:.4g}"),
                 number(designs.criterion[design], plain(designs.criterion[design], 3))]
        for name in designs.counted:
            values, _ = measured(*designs.found[name])
            cells.append(number(values[design], plain(values[design], 2)))
        if grid_of(result):
            cells.append(number((best == design).sum(), whole((best == design).sum())))
        doubts = designs.doubtful(design)
        cells.append((text("; ".join(f"{doubt}: {shortened(names)}"
                                     for doubt, names in doubts.items())), "wrap"))
        rows.append(cells)
    header = [("design", "name"), ("depth [cm]", ""), ("days", ""), ("criterion", "")]
    for name in designs.counted:
        unit = measured(*designs.found[name])[1]
        header.append((f"std of {in_words(name)} [{'%' if unit.startswith('%') else units(unit)}]",
                       "narrow"))
    if grid_of(result):
        header.append(("best in columns", "narrow"))
    header.append(("in doubt", "words"))
    left = len(designs.groups) - len(rows)
    over = f"; {whole(left)} more are in the file" if left else ""
    return table(f"Designs by rank, the best first{over}", header, [(None, rows)])


def ranking(result, figures):
    designs = Designs(result)
    content = ranking_table(designs)
    try:
        sensors_of(result)
    except InputError as error:
        content += paragraph(text(str(error).capitalize() + "."), "note")
    else:
        content += design_part(designs, designs.counted, figures)
    if len(grid_of(result)) == 2:
        content += best_map(designs, figures)
    return "ranking", "Ranking", content


def design_part(designs, wanted, figures):
    """A figure for each parameter wanted."""
    result = designs.result
    how = {0: "for every design", 1: "against the depth of the candidate sensor; colours tell the "
           "lengths of the window apart, strokes the designs",
           2: "for both depths of two candidate sensors, in the longest window"}[sensors_of(result)]
    over = ", medians over the columns" if grid_of(result) else ""
    shown = []
    for name in wanted:
        figure = design_figure(result, designs.found, [name], SMALL)
        words = in_words(name)
        shown.append(figures(figure, f"Predicted standard deviation of {words}",
                             f"{words[0].upper() + words[1:]}: predicted standard deviation "
                             f"{how}{over}.", "small"))
        how = "as above" if sensors_of(result) == 1 else how
    return row(*shown)


def best_map(designs, figures):
    """Where which design is the best, while the eye can tell them apart."""
    result = designs.result
    best = result["best_design"].values
    occurring = [int(d) for d in np.unique(best[np.isfinite(best)])]
    if len(occurring) < 2:
        return paragraph("The same design is the best in every column.", "note")
    if len(occurring) > len(STATUS_COLOURS):
        return paragraph(f"In different columns {len(occurring)} different designs are the best: "
                         "see <code>best_design</code> in the file.", "note")
    flags = {design: designs.name(design) for design in occurring}
    field = Field("best_design", "best design", "", best, flags, None)
    where, width = geometry(result), PAGE_WIDTH * 0.6
    figure = placed_figure(map_height(width, where), width)
    draw_map(figure, field, where)
    counts = "; ".join(f"{name} in {whole((best == design).sum())}"
                       for design, name in flags.items())
    return figures(figure, f"Map of the best design: {counts}",
                   f"The best design of every column: {counts}.", "medium")


# ---- What each would tell -------------------------------------------------------------------

def verdict_sentence(name, codes, meanings, designs):
    """'determined by 24 of 27 designs, best to 0.9 % by ...'."""
    known = next((code for code, meaning in meanings.items() if meaning == "determined"), None)
    count = int((codes == known).all(axis=1).sum())
    total = len(codes)
    label = next(label for label in designs.found if in_words(label) == name)
    std = designs.found[label][0]
    best = int(np.nanargmin(std))
    how_many = "all" if count == total else "none" if count == 0 else whole(count)
    where = " in every column" if grid_of(designs.result) else ""
    return (f"{name}: determined{where} by {how_many} of the {whole(total)} designs; best known "
            f"with {designs.name(best)}, to {designs.std(label, best)}.")


def would_tell(result, figures):
    designs = Designs(result)
    lines = [verdict_sentence(*one, designs) for one in verdicts(result)]
    shown = "".join(paragraph(text(line[0].upper() + line[1:])) for line in lines)
    content = f'<div class="verdict">{shown}</div>'
    content += verdict_counts(result)
    others = [name for name in designs.found if name not in designs.counted]
    try:
        if others:
            content += design_part(designs, others, figures)
    except InputError:
        pass  # the ranking has said so
    return "knowledge", "What each would tell", content


def verdict_counts(result):
    each = list(verdicts(result))
    meanings = each[0][2]
    codes = [code for code in meanings if any((one == code).any() for _, one, _ in each)]
    rows = [[text(name), *(number((one == code).sum(), whole((one == code).sum()))
                           for code in codes)] for name, one, _ in each]
    header = [("parameter", ""), *((meanings[code], "") for code in codes)]
    what = "Designs times columns" if grid_of(result) else "Designs"
    return table(f"{what} by verdict", header, [(None, rows)])


# ---- What is missing ------------------------------------------------------------------------

def missing(result):
    content = paragraph(
        "No data were fitted: there are no residuals, no series, no fluxes held back and no search "
        "to be shown. A design says how far errors of the stated size would carry into the "
        "parameters, at the values below, if the model were right and the errors independent. "
        "Where they are not, as in half-hourly records, what is found will be less certain than "
        "predicted here.")
    return "missing", "What no design can say", content + values_table(entries(result))
