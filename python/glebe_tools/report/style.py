# SPDX-License-Identifier: BSD-3-Clause
"""One look for every figure: on paper in the colours below, on a page in those of its theme.

A figure is drawn in the light colours. In an inline SVG each of them becomes a CSS variable with
that colour as fallback, so that a page can turn its figures dark; text stays text in the font of
the page. Colours are told apart by people with any kind of colour vision, and by lightness alone.
"""
import html
import io
import re

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as mdates
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter

from ..command import complete, format_of

# role: (light, dark). No two light colours may be equal: they stand for their roles.
COLOURS = {
    "ink": ("#1c2326", "#e9ebe6"),
    "muted": ("#5b666b", "#a3adae"),
    "rule": ("#c9cdc8", "#3d474b"),
    "faint": ("#e6e8e2", "#293135"),
    "paper": ("#fdfcf9", "#14191c"),
    "observed": ("#8b9499", "#8a959a"),
    "fitted": ("#0b6396", "#62b6e8"),
    "withheld": ("#b85410", "#f0a05c"),
    "third": ("#1b7f6b", "#5fcbb1"),
    "alarm": ("#a8324a", "#f08aa0"),
}
LIGHT = {role: light for role, (light, _) in COLOURS.items()}
# For images, whose colours cannot follow the theme: visible on light and on dark.
STATUS_COLOURS = ("#4f97c4", "#dd8f45", "#9aa3a6", "#c4566d", "#57b3a0", "#8d7cc0", "#c9b458",
                  "#7a5c45")

PAGE_WIDTH = 9.2  # inches that become the width of the page's text
SMALL = PAGE_WIDTH * 0.48  # of a figure that stands beside another one
PAPER_WIDTH = 7.2

matplotlib.rcParams.update({
    "font.size": 8.5, "font.family": "DejaVu Sans", "axes.linewidth": 0.7, "figure.dpi": 200,
    "axes.edgecolor": LIGHT["rule"], "axes.labelcolor": LIGHT["muted"], "axes.labelsize": 8,
    "axes.titlecolor": LIGHT["ink"], "axes.titlesize": 8.5, "axes.titlelocation": "left",
    "axes.titlepad": 7, "axes.facecolor": "none", "axes.spines.top": False,
    "axes.spines.right": False, "figure.facecolor": "none", "text.color": LIGHT["ink"],
    "xtick.color": LIGHT["rule"], "ytick.color": LIGHT["rule"],
    "xtick.labelcolor": LIGHT["muted"], "ytick.labelcolor": LIGHT["muted"],
    "xtick.labelsize": 8, "ytick.labelsize": 8, "xtick.major.size": 3, "ytick.major.size": 3,
    "xtick.major.width": 0.7, "ytick.major.width": 0.7, "legend.frameon": False,
    "legend.fontsize": 8, "lines.solid_capstyle": "round", "lines.solid_joinstyle": "round",
    "grid.color": LIGHT["faint"], "grid.linewidth": 0.6, "axes.axisbelow": True,
    "svg.fonttype": "none", "svg.hashsalt": "glebe", "path.simplify_threshold": 0.3,
    "axes.unicode_minus": True, "axes.formatter.useoffset": False,
    "axes.formatter.limits": (-4, 6)})


def new_figure(height, width=PAGE_WIDTH):
    """An empty figure for a page or a paper, whose parts make room for each other."""
    return Figure(figsize=(width, height), layout="constrained")


def placed_figure(height, width=PAGE_WIDTH):
    """An empty figure whose parts are put where they are told."""
    return Figure(figsize=(width, height))


def horizontal_grid(axes):
    axes.grid(True, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.yaxis.get_offset_text().set_color(LIGHT["muted"])
    axes.spines["left"].set_visible(False)


def time_axis(axes):
    locator = mdates.AutoDateLocator(minticks=3, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
    axes.xaxis.get_offset_text().set_color(LIGHT["muted"])
    axes.margins(x=0.005)


# ---- Saving ---------------------------------------------------------------------------------

def as_plain_text(figure):
    """Dollars in names and units of files are dollars, not the ends of a formula, which could be a
    wrong one, and control characters have no glyph. The labels that axes make for themselves are
    formulas."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            formatter = axis.get_major_formatter()
            if isinstance(formatter, FixedFormatter):
                formatter.seq = [str(label).replace("$", r"\$") for label in formatter.seq]
    for words in figure.findobj(Text):
        words.set_text(re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", "\N{REPLACEMENT CHARACTER}",
                              words.get_text()))
        if "$" in words.get_text() and not words.get_text().startswith(r"$\mathdefault{"):
            words.set_parse_math(False)


def save(figure, path, *inputs):
    """Writes a figure in the format of the file's ending, on white; an older file is replaced only
    by a complete one, and none of the inputs is."""
    as_plain_text(figure)
    with complete(path, *inputs) as temporary:
        figure.savefig(temporary, format=format_of(path), facecolor="white", bbox_inches="tight",
                       pad_inches=0.08)


def themed(svg):
    """The light colours of a figure as variables of the page."""
    for role, light in LIGHT.items():
        svg = svg.replace(light, f"var(--{role}, {light})")
    return svg


def with_own_names(svg, key):
    """Identifiers that no other figure of the page has."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", svg)
    return re.sub(r'xlink:href="#([^"]+)"', rf'href="#{key}-\1"', svg)


def in_font_of_page(svg):
    """Text keeps its size, and takes its typeface from the page."""
    def sized(match):
        weight = " font-weight: 600;" if "bold" in match.group(1) else ""
        return f"font-size: {match.group(2)}px;{weight}"

    return re.sub(r"font: ([^;\"]*?)(\d[\d.]*)px [^;\"]*;?", sized, svg)


def without_idle_precision(svg):
    """Positions to a hundredth of a point, and no strokes that are not seen."""
    def shorter(match):
        return re.sub(r"(\.\d\d)\d+", r"\1", match.group())

    svg = re.sub(r";? ?stroke: #000000; stroke-opacity: 0", "", svg)
    return re.sub(r'\b(?:d|x|y)="[^"]*"', shorter, svg)


def inline_svg(figure, key, label):
    """The figure as an <svg> element of a page, named `label` for those who cannot see it."""
    as_plain_text(figure)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg"):]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.S)
    view = re.search(r'viewBox="([^"]+)"', svg).group(1)
    opening = f'<svg viewBox="{view}" role="img" aria-label="{html.escape(label)}">'
    svg = re.sub(r"<svg[^>]*>", lambda found: opening, svg, count=1)
    svg = svg.replace("xlink:href=\"data:", "href=\"data:")
    svg = re.sub(r"\s*\n\s*", "\n", with_own_names(without_idle_precision(svg), key))
    return themed(in_font_of_page(svg)).strip()
