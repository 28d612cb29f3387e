#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write the namelist templates, one per use, with the comments of Glebe's own table of settings.

The table comes from `glebe --describe` on standard input; template_contents.py says which groups
and keys each template shows and with what example values. A key that the table does not have is an
error.

example:
  glebe --describe | make_templates.py namelists
"""
import argparse
import pathlib
import sys
import textwrap

from template_contents import TEMPLATES

WIDTH = 100


class TableError(Exception):
    """The table of settings and the contents of the templates do not fit together."""


def read_table(text):
    """{group: (meaning, {key: (comment, default)})} from what `glebe --describe` prints."""
    table, comment, keys = {}, [], None
    for line in map(str.strip, text.splitlines()):
        if line.startswith("!"):
            comment.append(line.lstrip("! "))
        elif line.startswith("&"):
            keys = {}
            table[line[1:]] = (" ".join(comment), keys)
            comment = []
        elif "=" in line and keys is not None:
            key, _, default = map(str.strip, line.partition("="))
            keys[key] = (" ".join(comment), default)
            comment = []
        elif line == "":
            comment = []
    if not table:
        raise TableError("standard input is not what glebe --describe prints")
    return table


def comment_lines(text, indent=""):
    return textwrap.wrap(text, WIDTH, initial_indent=f"{indent}! ",
                         subsequent_indent=f"{indent}! ", break_long_words=False,
                         break_on_hyphens=False)


class Template:
    """One namelist, in which every group and key is explained where it first occurs."""

    def __init__(self, table, purpose):
        self.table = table
        self.lines = comment_lines(purpose)
        self.explained = set()

    def add(self, group, values):
        if group not in self.table:
            raise TableError(f"no group &{group} in the table of settings")
        meaning, keys = self.table[group]
        for key in values:
            if key not in keys:
                raise TableError(f"no key '{key}' in &{group} of the table of settings")
        values = {key: keys[key][1] if value is None else value for key, value in values.items()}
        new = [key for key in values if (group, key) not in self.explained]
        if group not in self.explained:
            self.lines += ["", *comment_lines(meaning)]
        line = f"&{group} " + ", ".join(f"{k} = {v}" for k, v in values.items()) + " /"
        if not new and len(line) <= WIDTH:
            self.lines.append(line)
        else:
            self.lines.append(f"&{group}")
            for key, value in values.items():
                if key in new:
                    self.lines += comment_lines(keys[key][0], "  ")
                self.lines.append(f"  {key} = {value}")
            self.lines.append("/")
        self.explained.update([group, *((group, key) for key in values)])

    def text(self):
        return "\n".join(self.lines) + "\n"


def make_templates(table):
    """{file name: text of the template}."""
    texts = {}
    for name, (purpose, groups) in TEMPLATES.items():
        template = Template(table, purpose)
        for group, values in groups:
            template.add(group, values)
        texts[name] = template.text()
    return texts


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where the templates are written")
    folder = parser.parse_args(argv).folder
    try:
        texts = make_templates(read_table(sys.stdin.read()))
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except (TableError, OSError) as error:
        print(f"make_templates.py: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
