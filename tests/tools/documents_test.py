# SPDX-License-Identifier: BSD-3-Clause
"""The documents: links lead somewhere, messages are those of the sources, site and pages agree."""
import pathlib
import re
import subprocess
import unittest
from urllib.parse import unquote

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def documents():
    names = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
                           cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return [ROOT / name for name in names]


def text_of(path):
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path):
    """Of the headings, as GitHub and the site make them."""
    found = set()
    for heading in re.findall(r"^#+ +(.*)$", text_of(path), re.MULTILINE):
        words = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower())
        found.add(words.strip().replace(" ", "-"))
    return found


def messages_of_the_sources():
    """All strings of the C++ sources, those that follow each other joined."""
    code = "\n".join(path.read_text(encoding="utf-8") for folder in ("src", "include")
                     for path in sorted((ROOT / folder).rglob("*.?pp")))
    return re.sub(r'"\s*\n\s*"', "", code)


class Documents(unittest.TestCase):
    def test_links(self):
        self.assertGreater(len(documents()), 20)
        for path in documents():
            for link in LINK.findall(text_of(path)):
                if re.match(r"[a-z]+:", link):
                    continue
                target, _, anchor = unquote(link).partition("#")
                where = f"{path.relative_to(ROOT)}: {link}"
                file = (path.parent / target).resolve() if target else path
                self.assertTrue(file.exists(), where)
                if anchor:
                    self.assertIn(anchor, anchors(file), where)

    def test_messages_of_the_questions(self):
        sources = messages_of_the_sources()
        quoted = re.findall(r"^> `(.*)`$", (ROOT / "docs/faq.md").read_text(encoding="utf-8"),
                            re.MULTILINE)
        self.assertGreater(len(quoted), 12)
        for message in quoted:
            for part in re.split(r"…|;|'|\(", message):
                self.assertTrue(part.strip(" )") in sources, f"'{part}' of {message}")

    def test_settings_that_are_named_exist(self):
        """`&group key` in any page is in the reference, which is the program's own."""
        reference = (ROOT / "docs/namelist_reference.md").read_text(encoding="utf-8")
        keys = {section.split("`", 1)[0]: set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
                for section in reference.split("## `&")[1:]}
        self.assertGreater(len(keys), 15)
        for path in documents():
            for group, key in re.findall(r"`&(\w+) (\w+)\b", text_of(path)):
                self.assertIn(key, keys.get(group, ()), f"{path.name}: &{group} {key}")

    def test_every_page_is_on_the_site(self):
        site = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
        for path in sorted((ROOT / "docs").glob("*.md")):
            self.assertTrue(f"docs/{path.name}\n" in site, path.name)

    def test_every_page_is_reached_from_the_readme(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        for path in sorted((ROOT / "docs").glob("*.md")):
            self.assertTrue(f"(docs/{path.name}" in readme, path.name)


if __name__ == "__main__":
    unittest.main()
