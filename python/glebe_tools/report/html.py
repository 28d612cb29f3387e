# SPDX-License-Identifier: BSD-3-Clause
"""Pieces of HTML: figures with a name and a caption, tables with scopes, the page around them."""
import html
import re
from importlib import resources

from .style import COLOURS, PAGE_WIDTH, inline_svg

TEXT_WIDTH = 59  # rem: the widest the text of a page gets, see report.css


def text(value):
    """Any text as HTML."""
    return html.escape(str(value))


def number(value, shown):
    """A number as it is printed, with the file's own for machines and tests."""
    return f'<data value="{float(value)!r}">{text(shown)}</data>'


def paragraph(content, css=""):
    return f'<p class="{css}">{content}</p>' if css else f"<p>{content}</p>"


def items(pairs):
    """A list of facts: (name, content as HTML)."""
    rows = "".join(f"<div><dt>{text(name)}</dt><dd>{content}</dd></div>" for name, content in pairs)
    return f'<dl class="facts">{rows}</dl>'


def details(summary, content, css=""):
    return (f'<details{f" class={css!r}" if css else ""}><summary>{text(summary)}</summary>'
            f"{content}</details>")


def table(caption, header, groups, css=""):
    """`header`: (text, css) of each column; `groups`: (heading or None, rows); the first cell of a
    row is its heading. Cells are HTML, or (HTML, css)."""
    def cell(content, column, tag="td", extra=""):
        css_class = header[column][1]
        if isinstance(content, tuple):
            content, own = content
            css_class = f"{css_class} {own}".strip()
        return f'<{tag}{extra}{f" class={css_class!r}" if css_class else ""}>{content}</{tag}>'

    head = "".join(cell(text(name), i, "th", ' scope="col"')
                   for i, (name, _) in enumerate(header))
    body = ""
    for heading, rows in groups:
        body += "<tbody>"
        if heading:
            body += (f'<tr class="group"><th scope="rowgroup" colspan="{len(header)}">'
                     f"{text(heading)}</th></tr>")
        for row in rows:
            first, *others = row
            body += (f'<tr>{cell(first, 0, "th", " scope=row")}'
                     + "".join(cell(content, i) for i, content in enumerate(others, 1)) + "</tr>")
        body += "</tbody>"
    return (f'<div class="scroll" tabindex="0" role="region" aria-label="{text(caption)}">'
            f'<table{f" class={css!r}" if css else ""}><caption>{text(caption)}</caption>'
            f"<thead><tr>{head}</tr></thead>{body}</table></div>")


class Figures:
    """Numbers the figures of a page, and gives each identifiers of its own."""

    def __init__(self):
        self.count = 0

    def __call__(self, drawn, label, caption, css=""):
        """A figure from a matplotlib figure, with a caption; `label` is what it shows, for those
        who do not see it. Both are plain text: names and units of files occur in them."""
        self.count += 1
        key = f"f{self.count}"
        scroll = "" if "small" in css else ' class="scroll" tabindex="0" role="group" ' \
            f'aria-label="Figure {self.count}"'
        width = drawn.get_figwidth() / PAGE_WIDTH * TEXT_WIDTH
        return (f'<figure id="{key}" class="{css or "wide"}" style="--width:{width:.1f}rem">'
                f"<div{scroll}>"
                f"{inline_svg(drawn, key, label)}</div>"
                f'<figcaption><span class="label">Figure {self.count}</span> {text(caption)}'
                f"</figcaption></figure>")


def row(*figures):
    """Small figures beside each other, where there is room."""
    return f'<div class="row">{"".join(figures)}</div>'


# ---- The page -------------------------------------------------------------------------------

def variables(theme):
    return "".join(f"--{role}:{both[theme]};" for role, both in COLOURS.items())


def style():
    """The style sheet with the colours of both themes; paper is always light."""
    sheet = resources.files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    rules = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    themes = (f":root{{color-scheme:light;{variables(0)}}}"
              f"@media screen and (prefers-color-scheme:dark)"
              f"{{:root{{color-scheme:dark;{variables(1)}}}}}")
    return themes + re.sub(r"\s+", " ", rules)


def section(key, heading, content):
    return (f'<section id="{key}" aria-labelledby="{key}-heading">'
            f'<h2 id="{key}-heading">{text(heading)}</h2>{content}</section>')


def unbroken(words):
    """HTML whose words do not break at a hyphen: 'US-Wkg'."""
    return re.sub(r"[^\s<>]+-[^\s<>]+", r'<span class="unbroken">\g<0></span>', words)


def page(title, kicker, lede, sections, footer):
    """`sections`: (key, heading, content as HTML)."""
    links = "".join(f'<li><a href="#{key}">{text(heading)}</a></li>'
                    for key, heading, _ in sections)
    body = "\n".join(section(*one) for one in sections)
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{text(title)}</title>
<link rel="icon" href="data:,">
<style>{style()}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header>
<p class="kicker">{text(kicker)}</p>
<h1>{unbroken(text(title))}</h1>
<p class="lede">{lede}</p>
</header>
<nav aria-label="Sections"><ol>{links}</ol></nav>
<main id="main" tabindex="-1">
{body}
</main>
<footer>{footer}</footer>
</body>
</html>
"""
