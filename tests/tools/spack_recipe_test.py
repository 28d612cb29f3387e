# SPDX-License-Identifier: BSD-3-Clause
"""Tests that the Spack recipe asks for what the build looks for, and for nothing else."""
import ast
import re
import unittest

import spack_stand_in
from source_tree import ROOT

# what CMake looks for (in lower case, without "include" or "library"): the Spack package
FOUND_AS = {"mpi": "mpi", "fmt": "fmt", "pkgconfig": "pkgconfig", "petsc": "petsc",
            "petsc_configuration": "petsc", "netcdf": "netcdf-c", "netcdf_par": "netcdf-c",
            "netcdf_own": "netcdf-c",
            "udunits": "udunits", "libdeflate": "libdeflate", "hdf5": "hdf5", "gtest": "googletest", "eigen3": "eigen"}
LANGUAGES = {"C": "c", "CXX": "cxx", "Fortran": "fortran"}
# What stands in the text of Spack's specs: name, versions, variants.
SPEC = re.compile(r"(?P<name>[\w-]+)(?:@(?P<versions>[\d.:]+))?(?P<variants>(?:[+~]\w+)*)$")
# Its versions have numbers that tell nothing, and change with the year.
BY_YEAR = {"py-xarray"}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


ONLY_TO_COMPARE = {"adolc"}  # in tests/bench/peers, which nobody installs


def cmake_text():
    """All CMakeLists.txt files and what they include, without comments."""
    files = [ROOT / "CMakeLists.txt", *(ROOT / "cmake").glob("*.cmake"), *(
        path for folder in ("tests", "src", "python") for path in (ROOT / folder).rglob(
            "CMakeLists.txt"))]
    return "\n".join(re.sub(r"#.*", "", path.read_text(encoding="utf-8")) for path in files)


def sought():
    """The Spack packages behind every find_package, find_path, find_library, pkg_*_module."""
    calls = re.findall(r"\b(?:find_(?:package|path|library|file)|pkg_(?:search|check)_modules?)\s*"
                       r"\(\s*(\w+)", cmake_text(), re.IGNORECASE)
    names = {re.sub(r"_(include(_dirs?)?|library|libraries)$", "", name.lower()) for name in calls}
    return {name: FOUND_AS.get(name) for name in names - ONLY_TO_COMPARE}


class SpackRecipe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.recipe = spack_stand_in.Recorded()
        cls.dependencies = []  # (parts of the spec, types, conditions)
        for (spec,), options in cls.recipe.of("depends_on"):
            kinds = options.get("type", ("build", "link"))
            cls.dependencies.append((SPEC.match(spec).groupdict(),
                                     {kinds} if isinstance(kinds, str) else set(kinds),
                                     options["when"]))

    def named(self, name):
        return [entry for entry in self.dependencies if entry[0]["name"] == name]

    def names(self, when=None):
        return {spec["name"] for spec, _, condition in self.dependencies
                if when is None or condition == when}

    # ---- The package ----------------------------------------------------------------------------
    def test_layout_is_package_api_2(self):
        text = read("spack/spack_repo/glebe/repo.yaml")
        self.assertRegex(text, r"(?m)^repo:\n  namespace: glebe\n  api: v2\.\d+$")
        self.assertEqual(self.recipe.package.__bases__[0].__name__, "CMakePackage")

    def test_where_it_comes_from(self):
        package, text = self.recipe.package, spack_stand_in.RECIPE.read_text(encoding="utf-8")
        owner = re.search(r'(?m)^OWNER = "(\S+)"$', text)[1]
        self.assertEqual(package.homepage, f"https://github.com/{owner}/glebe")
        self.assertEqual(package.git, f"{package.homepage}.git")
        self.assertNotIn(f"github.com/{owner}", text)  # named once
        self.assertNotIn("file:", text)
        self.assertEqual(self.recipe.of("license")[0][0], ("BSD-3-Clause",))

    def test_versions(self):
        version = re.search(r"project\(glebe VERSION (\S+)", read("CMakeLists.txt"))[1]
        branches, releases = [], {}
        for (name,), options in self.recipe.of("version"):
            if "branch" in options:
                branches.append((name, options["branch"]))
            else:
                releases[name] = options["sha256"]
        self.assertEqual(branches, [("main", "main")])
        self.assertIn(version, releases)
        for name, checksum in releases.items():
            self.assertRegex(checksum, "^[0-9a-f]{64}$", name)
        newest = max(releases, key=lambda name: [int(part) for part in name.split(".")])
        self.assertTrue(self.recipe.package.url.endswith(f"/v{newest}/glebe-{newest}.tar.gz"))

    def test_the_environment_builds_this_checkout(self):
        text = read("spack/spack.yaml")
        self.assertIn("glebe: spack_repo/glebe\n", text)
        self.assertTrue((ROOT / "spack/spack_repo/glebe/repo.yaml").is_file())
        self.assertIn("      spec: glebe@main\n      path: ..\n", text)

    # ---- Variants -------------------------------------------------------------------------------
    def test_every_variant_is_an_option_of_cmake(self):
        variants = {words[0] for words, _ in self.recipe.of("variant")}
        used = {str(value).removeprefix("variant ") for value in self.recipe.defined.values()
                if str(value).startswith("variant ")}
        self.assertEqual(used, variants)
        for _, options in self.recipe.of("variant"):
            self.assertIsInstance(options["default"], bool)
            self.assertTrue(options["description"])

    def test_the_options_exist(self):
        options = re.findall(r"option\((\w+)|set\((\w+) \S+ CACHE", cmake_text())
        self.assertLessEqual(set(self.recipe.defined), {name for pair in options for name in pair})

    def test_conditions_name_variants(self):
        variants = {words[0] for words, _ in self.recipe.of("variant")}
        for _, options in self.recipe.of("depends_on"):
            self.assertLessEqual(set(re.findall(r"\w+", options["when"])), variants)

    # ---- Dependencies ---------------------------------------------------------------------------
    def test_every_sought_package_is_a_dependency(self):
        for name, package in sought().items():
            self.assertIsNotNone(package, f"CMake looks for {name}, unknown to this test")
            self.assertIn(package, self.names(), f"CMake looks for {name}")

    def test_every_dependency_is_sought(self):
        languages = re.search(r"project\([^)]*?LANGUAGES((?:\s+(?:C|CXX|Fortran)\b)+)",
                              cmake_text())[1].split()
        languages += re.findall(r"\bcheck_language\((\w+)\)", cmake_text())
        wanted = {*sought().values(), *(LANGUAGES[name] for name in languages), "cmake"}
        self.assertEqual({name for name in self.names() if not name.startswith("py")}, wanted)

    def test_versions_have_both_ends(self):
        for spec, *_ in self.dependencies:
            versions, name = spec["versions"], spec["name"]
            if name in {*LANGUAGES.values(), "mpi", "pkgconfig", "cmake"} | BY_YEAR or (
                    versions is None and len(self.named(name)) > 1):
                continue
            self.assertIsNotNone(versions, name)
            self.assertRegex(versions, r"^[\d.]+(:[\d.]+)?$", name)

    def test_what_is_only_for_tests(self):
        imported = set()
        for path in (ROOT / "tests").rglob("*.py"):
            imported |= set(re.findall(r"(?m)^ *(?:import|from) (\w+)",
                                       path.read_text(encoding="utf-8")))
        python = {name for name in self.names("+tests") if name.startswith("py-")}
        self.assertLessEqual({"py-cftime", "py-numpy", "py-xarray"}, python)
        for name in python:
            self.assertIn(name[3:].replace("netcdf4", "netCDF4"), imported | {"pandas"}, name)
        for name in ("fortran", "googletest"):
            self.assertEqual([when for *_, when in self.named(name)], ["+tests"], name)
        for name in ("mpi", "petsc", "netcdf-c", "hdf5", "udunits", "fmt", "eigen"):
            self.assertEqual(self.named(name)[0][1:], ({"build", "link"}, ""), name)

    def test_the_tools_have_what_they_import(self):
        project = read("python/pyproject.toml")
        wanted = ast.literal_eval(re.search(r"(?m)^dependencies = (.*)$", project)[1])
        least = {}
        for text in [*wanted, "python>=" + re.search(r'requires-python = ">=(.*)"', project)[1]]:
            name, _, version = text.lower().partition(">=")
            least[name if name == "python" else f"py-{name}"] = version
        found = [entry for entry in self.dependencies if entry[2] == "+python"]
        self.assertEqual({spec["name"] for spec, *_ in found}, set(least))
        for spec, kinds, _ in found:
            self.assertEqual(kinds, {"run"})
            self.assertTrue((spec["versions"] or "").startswith(least[spec["name"]]), spec)

    def test_parallel_real_libraries(self):
        for name in ("petsc", "netcdf-c", "hdf5"):
            self.assertIn("+mpi", self.named(name)[0][0]["variants"])
        self.assertIn("~complex", self.named("petsc")[0][0]["variants"])

    def test_releases_are_those_that_cmake_takes(self):
        text = read("cmake/check_petsc.cmake")
        least = re.search(r"PETSC_VERSION VERSION_LESS ([\d.]+)", text)[1]
        newest = re.search(r"petsc_newest_tested ([\d.]+)", text)[1]
        self.assertEqual(self.named("petsc")[0][0]["versions"], f"{least}:{newest}")
        needed = re.search(r"cmake_minimum_required\(VERSION ([\d.]+)", read("CMakeLists.txt"))[1]
        self.assertEqual(self.named("cmake")[0][0]["versions"], f"{needed}:")
        eigen = re.search(r"find_package\(Eigen3 ([\d.]+)", cmake_text())[1]
        self.assertTrue(self.named("eigen")[0][0]["versions"].startswith(f"{eigen}:"))

    def test_the_compiler_is_that_of_the_documentation(self):
        words = [words[0] for words, _ in self.recipe.of("conflicts")]
        newest_refused = int(re.search(r"%gcc@:(\d+)", " ".join(words))[1])
        for page in ("CONTRIBUTING.md", "docs/installing.md"):
            self.assertIn(f"GCC {newest_refused + 1} or later", read(page).replace("\n", " "), page)


if __name__ == "__main__":
    unittest.main()
