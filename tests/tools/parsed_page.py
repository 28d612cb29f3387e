# SPDX-License-Identifier: BSD-3-Clause
"""A page of the report taken apart: its elements, texts and tables."""
import html.parser
import re

VOID = {"meta", "link", "br", "hr", "img", "input"}
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


class Page(html.parser.HTMLParser):
    """The page's elements; a tag that is not closed where it should be is an error."""

    def __init__(self, text):
        super().__init__()
        self.text, self.open, self.elements, self.words, self.rows = text, [], [], [], []
        self.feed(text)
        self.close()
        if self.open:
            raise AssertionError(f"never closed: {self.open}")

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes), list(self.open)))
        if tag == "tr":
            self.rows.append([])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes), list(self.open)))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            raise AssertionError(f"</{tag}> closes {self.open[-1:]} at {self.getpos()}")
        self.open.pop()

    def handle_data(self, data):
        self.words.append((data, list(self.open)))
        if "tr" in self.open and data.strip():
            value = self.elements[-1][1].get("value") if self.open[-1] == "data" else None
            self.rows[-1].append((data.strip(), value))

    def all(self, tag):
        return [attributes for name, attributes, _ in self.elements if name == tag]

    def row(self, heading):
        """Cells (as shown, the file's own number or None) of the first row with this heading."""
        return next(row for row in self.rows if row and row[0][0] == heading)

    def shown(self):
        return " ".join(data for data, inside in self.words if "style" not in inside)


def spoken(text):
    """A printed number as a number."""
    text = text.replace("−", "-").replace("±", "").replace("\u202f", "").strip()
    match = re.fullmatch(r"(\S+) × 10(\S+)", text)
    if match:
        return float(match.group(1)) * 10 ** int(match.group(2).translate(SUPERSCRIPTS))
    return float(text)
