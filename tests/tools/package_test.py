# SPDX-License-Identifier: BSD-3-Clause
"""The Python package: no library imports a command, nothing imports in a circle or looks for
modules in folders of its own, pyproject.toml says what it needs and is called, and its commands can
be called in tools/."""
import ast
import importlib
import re
import subprocess
import sys
import unittest

from source_tree import ROOT

SOURCE = ROOT / "python"
PROJECT = (SOURCE / "pyproject.toml").read_text(encoding="utf-8")
FIGURES = ("fit", "residuals", "withheld", "estimates", "correlation", "cost", "maps", "design")
CALLABLE = ["report.py", "fluxtower_to_netcdf.py", *(f"plot_{figure}.py" for figure in FIGURES)]


def module_name(path):
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): ast.parse(path.read_text(encoding="utf-8"), str(path))
           for path in sorted((SOURCE / "glebe_tools").rglob("*.py"))}
PACKAGES = {module_name(path.parent / "__init__.py")
            for path in (SOURCE / "glebe_tools").rglob("__init__.py")}


def is_command(name):
    """What a person calls: the main module of a package, and each figure of glebe-plot."""
    return name.endswith(".__main__") or name.startswith("glebe_tools.plot.")


def imports(name):
    """The full names of what a module imports, with `from x import y` as x and, if y is one, as
    the module x.y."""
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = name.split(".")[:None if name in PACKAGES else -1]
            base = base[:len(base) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            inner = [f"{module}.{alias.name}" for alias in node.names]
            modules = [one for one in inner if one in MODULES]
            yield from modules or [module]


def option(key):
    """The text of a key in pyproject.toml."""
    return re.search(rf"(?m)^{key} = (.*?)$", PROJECT)[1]


class Architecture(unittest.TestCase):
    def test_everything_imported_is_there(self):
        own = [used for name in MODULES for used in imports(name) if used.startswith("glebe_tools")]
        self.assertGreater(len(own), 50)
        self.assertLessEqual(set(own), set(MODULES))

    def test_no_library_imports_a_command(self):
        self.assertGreater(sum(map(is_command, MODULES)), 10)
        for name in MODULES:
            if not is_command(name):
                for used in imports(name):
                    self.assertFalse(is_command(used), f"{name} imports {used}")

    def test_no_circles(self):
        done, active = set(), []

        def visit(name):
            self.assertNotIn(name, active, " -> ".join([*active, name]))
            if name in done or name not in MODULES:
                return
            active.append(name)
            for used in imports(name):
                visit(used)
            active.pop()
            done.add(name)
        for name in MODULES:
            visit(name)

    def test_modules_are_found_by_their_package_alone(self):
        for path in (SOURCE / "glebe_tools").rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            self.assertFalse(re.search(r"sys\.path|from sys import|addsitedir", text), path)

    def test_files_are_short(self):
        for path in (SOURCE / "glebe_tools").rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            self.assertLessEqual(len(lines), 300, path.name)
            self.assertLessEqual(max(map(len, lines)), 100, path.name)


class Project(unittest.TestCase):
    def test_version_is_that_of_cmake(self):
        cmake = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
        version = re.search(r"project\(glebe VERSION (\S+)", cmake)[1]
        self.assertEqual(re.match(r'"(.*?)"', option("version"))[1], version)

    def test_licence_is_that_of_the_project(self):
        citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
        licence = re.search(r"(?m)^license: (\S+)$", citation)[1]
        self.assertEqual(re.match(r'\{text = "(.*)"\}', option("license"))[1], licence)
        self.assertIn("BSD 3-Clause", (ROOT / "LICENSE").read_text(encoding="utf-8"))

    @unittest.skipUnless(hasattr(sys, "stdlib_module_names"), "Python before 3.10")
    def test_dependencies_are_what_is_imported(self):
        used = {module.split(".")[0] for name in MODULES for module in imports(name)}
        used -= {*sys.stdlib_module_names, "glebe_tools"}
        named = {re.match(r"\w+", text)[0] for text in ast.literal_eval(option("dependencies"))}
        self.assertEqual(named, used)

    def test_entry_points_lead_to_functions(self):
        found = re.findall(r'(?m)^(glebe-\w+) = "(.*):(.*)"$', PROJECT)
        self.assertEqual([name for name, *_ in found],
                         ["glebe-fluxtower", "glebe-plot", "glebe-report"])
        for _, module, function in found:
            self.assertTrue(callable(getattr(importlib.import_module(module), function)))

    def test_every_figure_can_be_plotted(self):
        from glebe_tools.plot.__main__ import FIGURES as figures
        self.assertEqual(tuple(figure.kind for figure in figures), FIGURES)
        modules = {f"glebe_tools.plot.{figure}" for figure in FIGURES}
        helpers = {"glebe_tools.plot.__main__", "glebe_tools.plot.figure_command"}
        self.assertEqual({name for name in MODULES if name.startswith("glebe_tools.plot.")},
                         modules | helpers)


class SourceTree(unittest.TestCase):
    def test_commands_can_be_called_by_their_old_names(self):
        for name in CALLABLE:
            with self.subTest(command=name):
                words = ["/nowhere.csv", "out.nc", "--utc-offset", "0"] if "flux" in name else [
                    "/nowhere.nc"]
                done = subprocess.run([sys.executable, ROOT / "tools" / name, *words], text=True,
                                      capture_output=True, check=False, timeout=60)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(f"{name}: error: ", done.stderr)
                self.assertIn("/nowhere.", done.stderr)

    def test_nothing_else_of_the_package_is_in_tools(self):
        package = [path.name for path in (ROOT / "tools").glob("*.py")
                   if "glebe_tools" in path.read_text(encoding="utf-8")]
        self.assertEqual(sorted(package), sorted(CALLABLE))


if __name__ == "__main__":
    unittest.main()
