# SPDX-License-Identifier: BSD-3-Clause
"""The program and the Python tools as users have them: installed by `cmake --install` and moved
elsewhere, the tools also by pip where there is one. They run without the source tree and do what
they do in it; the page of the manual can be read and the shell completes words.

The environment variable GLEBE_BUILD names the folder of the build, CMAKE the program cmake;
GLEBE_DOCS is 0 where it installs no documentation.
"""
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import report_fixtures as fixtures
from source_tree import ROOT

COMMANDS = ("glebe-fluxtower", "glebe-plot", "glebe-report")
HAS_PIP = all(importlib.util.find_spec(name) for name in ("pip", "setuptools", "wheel"))


def run(*words, **environment):
    """What a command has printed; it must succeed."""
    done = subprocess.run([str(word) for word in words], cwd=Tools.folder, text=True, timeout=300,
                          env={**os.environ, **environment}, capture_output=True, check=False)
    if done.returncode:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def setUpModule():
    folder = tempfile.TemporaryDirectory(prefix="glebe_install_")
    unittest.addModuleCleanup(folder.cleanup)
    Tools.folder = pathlib.Path(folder.name)
    maker = fixtures.Maker()
    maker.folder = Tools.folder
    Tools.result = maker.estimate("site")


class Tools(unittest.TestCase):
    """With a result that the program has made."""

    @classmethod
    def setUpClass(cls):
        prefix = cls.folder / "prefix"
        run(os.environ["CMAKE"], "--install", os.environ["GLEBE_BUILD"], "--prefix", prefix)
        cls.moved = cls.folder / "moved"
        prefix.rename(cls.moved)

    def assert_works(self, commands, **environment):
        """The commands in a folder explain themselves, report and draw."""
        for name in COMMANDS:
            said = run(commands / name, "--help", **environment)
            self.assertTrue(said.startswith(f"usage: {name} "), said)
        page, expected, figure = (self.folder / name for name in ("a.html", "b.html", "a.png"))
        run(commands / "glebe-report", self.result, "-o", page, **environment)
        run(sys.executable, ROOT / "tools/report.py", self.result, "-o", expected)
        self.assertEqual(page.read_text(encoding="utf-8").replace("by glebe-report of", "by X of"),
                         expected.read_text(encoding="utf-8").replace("by report.py of", "by X of"))
        run(commands / "glebe-plot", "fit", self.result, "-o", figure, **environment)
        self.assertTrue(figure.read_bytes().startswith(b"\x89PNG"))

    def test_installed_by_cmake(self):
        self.assert_works(self.moved / "bin")
        source = ROOT / "python/glebe_tools"
        expected = {str(path.relative_to(source)) for kind in ("*.py", "*.css", "*.ini")
                    for path in source.rglob(kind)}
        package = self.moved / "share/glebe/python/glebe_tools"
        found = {str(path.relative_to(package)) for path in package.rglob("*")
                 if path.is_file() and path.suffix != ".pyc"}
        self.assertEqual(found, expected)

    def test_the_program_and_what_comes_with_it(self):
        self.assertEqual(run(self.moved / "bin/glebe", "--version"),
                         run(os.environ["GLEBE"], "--version"))
        for name in ("LICENSE", "CITATION.cff"):
            self.assertTrue((self.moved / "share/doc/glebe" / name).is_file(), name)

    @unittest.skipIf(os.environ.get("GLEBE_DOCS") == "0", "built with GLEBE_DOCS=OFF")
    def test_the_documentation(self):
        self.assertTrue((self.moved / "share/doc/glebe/user_guide.md").is_file())

    @unittest.skipUnless(shutil.which("readelf"), "no readelf")
    def test_the_program_looks_for_libraries_beside_itself(self):
        dynamic = run("readelf", "--dynamic", self.moved / "bin/glebe")
        path = re.search(r"R(?:UN)?PATH\)\s.*\[(.*)\]", dynamic)[1].split(":")
        self.assertRegex(path[0], r"^\$ORIGIN/\.\./lib")

    def test_the_page_of_the_manual(self):
        page = self.moved / "share/man/man1/glebe.1"
        text = page.read_text(encoding="utf-8").replace("\\-", "-")
        for option in re.findall(r"--[a-z]+", run(self.moved / "bin/glebe", "--help")):
            self.assertIn(option, text)
        for words in (["groff", "-man", "-Tutf8", "-ww", "-z"], ["man", "--warnings", "-l"]):
            if shutil.which(words[0]):
                done = subprocess.run(
                    [*words, str(page)], check=True, capture_output=True, text=True,
                    env={**os.environ, "MANROFFOPT": "-ww", "LC_ALL": "C.UTF-8"})
                self.assertEqual(done.stderr, "", words)

    def completed(self, *words):
        """What bash offers for the last word."""
        script = self.moved / "share/bash-completion/completions/glebe"
        line = " ".join(f"'{word}'" for word in (self.moved / "bin/glebe", *words))
        return run("bash", "-c", f"source '{script}'; COMP_WORDS=({line}); "
                   f"COMP_CWORD={len(words)}; compopt() {{ :; }}; _glebe; "
                   "printf '%s\\n' \"${COMPREPLY[@]}\"").split()

    def test_the_shell_completes_words(self):
        self.assertEqual(self.completed("--ch"), ["--check"])
        self.assertEqual(self.completed("--set", "soil.de"), ["soil.depth="])
        self.assertEqual(self.completed("--describe", ""), ["--markdown", "--results"])

    @unittest.skipUnless(HAS_PIP, "no pip, setuptools and wheel")
    def test_installed_by_pip(self):
        source, target = self.folder / "source", self.folder / "target"
        shutil.copytree(ROOT / "python", source)  # pip leaves files behind
        run(sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation",
            "--no-index", "--no-deps", "--target", target, source)
        others = [path for path in [os.environ.get("PYTHONPATH")] if path]
        self.assert_works(target / "bin", PYTHONPATH=os.pathsep.join([str(target), *others]))


if __name__ == "__main__":
    unittest.main()
