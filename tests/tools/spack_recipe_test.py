# SPDX-License-Identifier: BSD-3-Clause
"""Tests that the Spack recipe asks for what the build looks for, and for nothing else."""
import ast
import glob
import os
import re
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
RECIPE = os.path.join(ROOT, "spack/spack_repo/glebe/packages/glebe/package.py")

# what CMake looks for (in lower case, without "include" or "library"): the Spack package
FOUND_AS = {"mpi": "mpi", "fmt": "fmt", "pkgconfig": "pkgconfig", "petsc": "petsc",
            "netcdf": "netcdf-c", "netcdf_par": "netcdf-c", "udunits": "udunits", "hdf5": "hdf5",
            "gtest": "googletest", "eigen3": "eigen", "python3": "python"}
# parts of other dependencies and of the build itself, for which CMake does not look
NOT_SOUGHT = {"cmake", "hdf5"}


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def cmake_text():
    """All CMakeLists.txt files and what they include, without comments."""
    files = ["CMakeLists.txt"] + [os.path.relpath(name, ROOT)
                                  for name in glob.glob(os.path.join(ROOT, "cmake", "*.cmake"))] + [os.path.relpath(name, ROOT)
                                  for folder in ("tests", "src", "python")
                                  for name in glob.glob(os.path.join(ROOT, folder, "**",
                                                                     "CMakeLists.txt"),
                                                        recursive=True)]
    return "\n".join(re.sub(r"#.*", "", read(name)) for name in files)


def sought():
    """The Spack packages behind every find_package, find_path, find_library, pkg_*_module."""
    calls = re.findall(r"\b(?:find_(?:package|path|library)|pkg_(?:search|check)_modules?)\s*"
                       r"\(\s*(\w+)", cmake_text(), re.IGNORECASE)
    names = {re.sub(r"_(include(_dirs?)?|library|libraries)$", "", name.lower()) for name in calls}
    return {name: FOUND_AS.get(name) for name in names}


class SpackRecipe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tree = ast.parse(read(RECIPE), RECIPE)
        cls.package = next(n for n in cls.tree.body if isinstance(n, ast.ClassDef))
        cls.calls = [n.value for n in cls.package.body
                     if isinstance(n, ast.Expr) and isinstance(n.value, ast.Call)]
        cls.specs, cls.types = {}, {}
        for call in cls.calls:
            if call.func.id == "depends_on":
                spec, words = call.args[0].value, {k.arg: k.value.value for k in call.keywords}
                name = re.match(r"[\w-]+", spec)[0]
                kind = words.get("type", "link") + words.get("when", "")
                cls.specs.setdefault(name, spec)  # the first has the versions
                cls.types.setdefault(name, set()).add(kind)

    def test_layout_is_package_api_2(self):
        text = read("spack/spack_repo/glebe/repo.yaml")
        self.assertRegex(text, r"(?m)^repo:\n  namespace: glebe\n  api: v2\.\d+$")
        imports = {n.module for n in self.tree.body if isinstance(n, ast.ImportFrom)}
        self.assertLessEqual({"spack.package", "spack_repo.builtin.build_systems.cmake"}, imports)
        self.assertEqual((self.package.name, self.package.bases[0].id), ("Glebe", "CMakePackage"))

    def test_every_sought_package_is_a_dependency(self):
        for name, package in sought().items():
            self.assertIsNotNone(package, f"CMake looks for {name}, unknown to this test")
            self.assertIn(package, self.specs, f"CMake looks for {name}")

    def test_every_dependency_is_sought(self):
        languages = re.search(r"project\([^)]*?LANGUAGES((?:\s+(?:C|CXX|Fortran)\b)+)",
                              cmake_text())[1].split()
        wanted = set(sought().values()) | {name.lower() for name in languages} | NOT_SOUGHT
        extra = {name for name in self.specs if not name.startswith("py")} - wanted
        self.assertEqual(extra, set())

    def test_test_dependencies_are_not_linked(self):
        self.assertEqual(self.types["googletest"], {"test"})
        for name in ("mpi", "petsc", "netcdf-c", "hdf5", "udunits", "fmt", "eigen"):
            self.assertEqual({kind for kind in self.types[name] if "+" not in kind}, {"link"})

    def test_the_tools_have_what_they_import(self):
        project = read("python/pyproject.toml")
        wanted = ast.literal_eval(re.search(r"(?m)^dependencies = (.*)$", project)[1])
        specs = {"py-" + name.lower().replace(">=", "@") + (":" if ">=" in name else "")
                 for name in wanted}
        specs.add("python@" + re.search(r'requires-python = ">=(.*)"', project)[1] + ":")
        found = {call.args[0].value for call in self.calls if call.func.id == "depends_on"
                 and any(k.arg == "when" and k.value.value == "+tools" for k in call.keywords)}
        self.assertEqual(found, specs)
        for name in (re.match(r"[\w-]+", spec)[0] for spec in found):
            self.assertEqual(self.types[name], {"run+tools", "test"})

    def test_parallel_real_libraries(self):
        for name in ("petsc", "netcdf-c", "hdf5"):
            self.assertIn("+mpi", self.specs[name])
        self.assertIn("~complex", self.specs["petsc"])

    def test_petsc_releases_are_those_that_cmake_takes(self):
        text = read("cmake/check_petsc.cmake")
        least = re.search(r"PETSC_VERSION VERSION_LESS ([\d.]+)", text)[1]
        newest = re.search(r"petsc_newest_tested ([\d.]+)", text)[1]
        self.assertTrue(self.specs["petsc"].startswith(f"petsc@{least}:{newest}+"))

    def test_cmake_version_is_the_same(self):
        needed = re.search(r"cmake_minimum_required\(VERSION ([\d.]+)", cmake_text())[1]
        self.assertEqual(self.specs["cmake"], f"cmake@{needed}:")

    def test_the_options_set_exist(self):
        defined = re.findall(r'self\.define(?:_from_variant)?\("(\w+)"', read(RECIPE))
        options = re.findall(r"option\((\w+)|set\((\w+) \S+ CACHE", cmake_text())
        self.assertTrue(defined)
        self.assertLessEqual(set(defined), {name for pair in options for name in pair})

    def test_the_source_is_this_checkout(self):
        assign = next(n for n in self.package.body if isinstance(n, ast.Assign))
        scope = {"__file__": RECIPE, "Path": __import__("pathlib").Path}
        source = eval(compile(ast.Expression(assign.value), RECIPE, "eval"), scope)
        self.assertEqual(source, f"file://{ROOT}")


if __name__ == "__main__":
    unittest.main()
