# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the report in headless Chromium: a page loads without complaint and asks for
nothing, is legible in both themes, fits narrow screens, obeys the keyboard and prints. Skipped
(exit status 77) where there is no Chromium.
"""
import pathlib
import sys
import tempfile
import unittest

import chromium

if not chromium.program():
    print("no chromium: skipped")
    sys.exit(77)

import report_fixtures as fixtures  # noqa: E402
from glebe_tools.report.page import report  # noqa: E402

# The least ratio of luminances for text of this size (WCAG 2.2, 1.4.3).
CONTRAST = 4.5
# Of all text: the colour it is drawn in against the background of the page.
CONTRASTS = """(() => {
  const luminance = colour => {
    const c = colour.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
  };
  const paper = luminance(getComputedStyle(document.body).backgroundColor);
  const ratio = colour => {
    const [low, high] = [luminance(colour), paper].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const all = [];
  for (const e of document.querySelectorAll("svg text"))
    all.push([ratio(getComputedStyle(e).fill), e.textContent]);
  for (const e of document.querySelectorAll("p, dt, dd, th, td, figcaption, h1, h2, h3, nav a"))
    all.push([ratio(getComputedStyle(e).color), e.textContent]);
  return all;
})()"""
WITHOUT_FIGURES = ("run", "parameters", "conflicts", "shapes", "parts", "missing")
SECTIONS = """[...document.querySelectorAll("section")].map(section => [section.id,
  [...section.querySelectorAll("svg")].map(svg => {
    const box = svg.getBoundingClientRect(); return Math.min(box.width, box.height); })])"""


def setUpModule():
    folder = tempfile.TemporaryDirectory(prefix="glebe_browser_")
    unittest.addModuleCleanup(folder.cleanup)
    root = pathlib.Path(folder.name)
    results = fixtures.make_results(root)
    results["judged"] = fixtures.judged(results["grid"], root / "judged.nc")
    Browsing.pages = {}
    for name in ("site", "judged", "stations", "forward", "design", "in_time", "coupled"):
        Browsing.pages[name] = root / f"{name}.html"
        Browsing.pages[name].write_text(report(str(results[name])), encoding="utf-8")
    browser = chromium.Browser()
    unittest.addModuleCleanup(browser.__exit__)
    Browsing.browser = browser


class Browsing(unittest.TestCase):
    def assert_quiet(self, page):
        """No message in the console, no exception, no request but for the page itself."""
        browser = self.browser
        browser.evaluate("document.title")  # whatever is under way has been told by then
        for event in browser.events:
            self.assertNotIn(event["method"], ("Log.entryAdded", "Runtime.consoleAPICalled",
                                               "Runtime.exceptionThrown"), event)
            if event["method"] == "Network.requestWillBeSent":
                address = event["params"]["request"]["url"]
                self.assertTrue(address == f"file://{page}" or address.startswith("data:"),
                                address)

    def test_loads_in_every_theme_and_width(self):
        for name, page in self.pages.items():
            for scheme in ("light", "dark"):
                for width in (1280, 390):
                    with self.subTest(page=name, scheme=scheme, width=width):
                        self.browser.open(page, width=width, scheme=scheme)
                        self.assert_quiet(page)
                        self.assertLessEqual(
                            self.browser.evaluate("document.documentElement.scrollWidth"), width)
                        for section, sizes in self.browser.evaluate(SECTIONS):
                            if section not in WITHOUT_FIGURES:
                                self.assertTrue(sizes, section)
                            self.assertTrue(all(size > 60 for size in sizes), (section, sizes))

    def test_text_stands_out_in_both_themes(self):
        backgrounds = set()
        for page in self.pages.values():
            for scheme in ("light", "dark"):
                self.browser.open(page, scheme=scheme)
                contrasts = self.browser.evaluate(CONTRASTS)
                self.assertGreater(len(contrasts), 50)
                weakest = min(contrasts)
                self.assertGreaterEqual(weakest[0], CONTRAST, (page.name, scheme, weakest[1]))
                backgrounds.add((scheme, self.browser.evaluate(
                    "getComputedStyle(document.body).backgroundColor")))
        self.assertEqual(len(backgrounds), 2)

    def press(self, key, code):
        for kind in ("rawKeyDown", "char", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "char" else {}
            if kind != "char" or text:
                self.browser.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                                  windowsVirtualKeyCode=code, **text)

    def focus(self):
        return self.browser.evaluate("(e => e.className || e.id || e.tagName)"
                                     "(document.activeElement)")

    def test_keyboard(self):
        self.browser.open(self.pages["site"])
        self.press("Tab", 9)
        self.assertEqual(self.focus(), "skip")
        self.assertGreaterEqual(self.browser.evaluate(
            "document.querySelector('.skip').getBoundingClientRect().top"), 0)
        self.assertEqual(self.browser.evaluate(
            "getComputedStyle(document.activeElement).outlineStyle"), "solid")
        self.press("Enter", 13)
        self.assertEqual(self.focus(), "main")
        self.press("Tab", 9)
        self.assertEqual(self.focus(), "SUMMARY")
        self.press("Enter", 13)
        self.assertTrue(self.browser.evaluate("document.querySelector('details').open"))
        self.assertIn("&run", self.browser.evaluate("document.querySelector('pre').innerText"))

    def test_what_scrolls_can_be_reached(self):
        self.browser.open(self.pages["judged"], width=390)
        unreachable = self.browser.evaluate(
            "[...document.querySelectorAll('main *')].filter(e => e.scrollWidth > e.clientWidth + 1"
            " && getComputedStyle(e).overflowX == 'auto' && e.tabIndex != 0).length")
        self.assertEqual(unreachable, 0)

    def test_print(self):
        for page in self.pages.values():
            self.browser.open(page, media="print", scheme="dark")
            self.assertEqual(self.browser.evaluate(
                "getComputedStyle(document.querySelector('nav')).display"), "none")
            self.assertEqual(self.browser.evaluate(
                "getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
            self.assertGreaterEqual(min(self.browser.evaluate(CONTRASTS))[0], CONTRAST)
            self.assertEqual(self.browser.pdf()[:5], b"%PDF-")


if __name__ == "__main__":
    unittest.main()
