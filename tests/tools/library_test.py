# SPDX-License-Identifier: BSD-3-Clause
"""An installation in the hands of others: after it was moved, the installed example is built with
find_package and with pkg-config; headers give the library's vectors whatever the compiler is told,
or say what it must be told; another user runs the commands with a nearly empty environment.

The environment variable GLEBE_BUILD names the folder of the build; CMAKE, CXX and PKG_CONFIG name
programs.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import spack_stand_in
from source_tree import ROOT

NOBODY = 65534
AS_NOBODY = {"user": NOBODY, "group": NOBODY, "extra_groups": []}  # for root only
EMPTY = {"PATH": "/usr/bin:/bin"}  # all that Open MPI needs to start
VECTORS = """#include <glebe/physics/real.hpp>
static_assert(sizeof(glebe::Lanes) == LANES * sizeof(double));
static_assert(alignof(glebe::Lanes) == sizeof(glebe::Lanes));
static_assert(sizeof(glebe::Mask<glebe::Lanes>) == SIZE_OF_MASK);
"""


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], text=True, capture_output=True,
                          check=False, timeout=300, **options)
    if done.returncode:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="glebe_library_")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.folder.chmod(0o755)
        cls.first = cls.folder / "first"
        run(os.environ["CMAKE"], "--install", os.environ["GLEBE_BUILD"], "--prefix", cls.first)
        cls.moved = cls.folder / "elsewhere" / "glebe"
        cls.moved.parent.mkdir()
        cls.first.rename(cls.moved)
        cls.example = cls.folder / "example"
        shutil.copytree(cls.moved / "share/doc/glebe/examples/one_column", cls.example)
        folders = [next(cls.moved.glob("lib*/**/glebe.pc")).parent]
        if "PETSC_DIR" in os.environ:
            petsc = pathlib.Path(os.environ["PETSC_DIR"])
            folders += [petsc / os.environ.get("PETSC_ARCH", "") / "lib/pkgconfig"]
        folders += filter(None, [os.environ.get("PKG_CONFIG_PATH")])
        cls.environment = {**os.environ, "PKG_CONFIG_PATH": os.pathsep.join(map(str, folders))}

    def flags(self, *options, package="glebe"):
        return run(os.environ["PKG_CONFIG"], *options, package, env=self.environment).split()

    # ---- Programs that use the library ----------------------------------------------------------
    def test_the_example_with_cmake_and_with_make(self):
        build = self.folder / "build"
        run(os.environ["CMAKE"], "-S", self.example, "-B", build, "-DCMAKE_BUILD_TYPE=Release",
            f"-DCMAKE_PREFIX_PATH={self.moved}")
        run(os.environ["CMAKE"], "--build", build)
        run("make", "-C", self.example, "CXXFLAGS=-O1 -Wall -Wextra -Werror",
            env=self.environment)
        said = run(build / "one_column", env=EMPTY)
        self.assertEqual(run(self.example / "one_column", env=self.library_path()), said)
        version = run(self.moved / "bin/glebe", "--version", env=EMPTY).split()[1]
        self.assertTrue(said.startswith(f"Glebe {version}, which runs "), said)
        error = re.search(r"largest error .*: (\S+) K", said)[1]
        self.assertTrue(0 < float(error) < 0.01, said)
        self.assertEqual(self.flags("--modversion"), [version])

    def library_path(self):
        """pkg-config does not tell where shared libraries are to be looked for."""
        folders = [self.flags("--variable=libdir", package=package)[0]
                   for package in ("glebe", "PETSc")]
        return {"LD_LIBRARY_PATH": ":".join(folders)}

    def test_no_file_names_a_folder_that_is_gone(self):
        texts = [path for kind in ("*.hpp", "*.cmake", "*.pc") for path in self.moved.rglob(kind)]
        self.assertGreater(len(texts), 100)
        for path in texts:
            text = path.read_text(encoding="utf-8")
            for gone in (self.first, ROOT, os.environ["GLEBE_BUILD"]):
                self.assertNotIn(str(gone), text, path)

    def test_no_library_is_named_by_its_file_that_pkg_config_knows(self):
        text = next(self.moved.glob("lib*/**/glebe.pc")).read_text(encoding="utf-8")
        for path in map(pathlib.Path, re.findall(r"(?<=\s)/\S+", text)):
            self.assertTrue(path.is_file(), path)
            for module in ("ompi-c", "mpich", "hdf5-openmpi", "hdf5-mpich", "hdf5", "udunits"):
                known = self.known_flags(module)
                self.assertFalse({f"-L{path.parent}", f"-l{path.stem[3:]}"} <= set(known), path)

    def known_flags(self, module):
        """Where a module's library is and what it is called; nothing where there is no module."""
        words = [os.environ["PKG_CONFIG"], "--libs", module]
        environment = {**self.environment, "PKG_CONFIG_ALLOW_SYSTEM_LIBS": "1"}
        return subprocess.run(words, text=True, capture_output=True, check=False,
                              env=environment).stdout.split()

    def test_what_the_spack_recipe_checks(self):
        for name in spack_stand_in.Recorded().package.sanity_check_is_file:
            self.assertTrue((self.moved / name).is_file(), name)

    def test_headers_need_nothing_of_the_sources(self):
        headers = sorted((self.moved / "include").rglob("*.hpp"), reverse=True)
        source = "".join(f'#include "{path}"\n' for path in headers)
        self.assertEqual(self.compiles(source, *self.flags("--cflags"), "-Wall", "-Wextra"), "")

    # ---- Compilers that are told something else -------------------------------------------------
    def compiles(self, source, *flags):
        """Errors of the compiler on a source."""
        done = subprocess.run([os.environ["CXX"], "-std=c++20", "-fsyntax-only", "-x", "c++", "-",
                               *flags], input=source, text=True, capture_output=True, check=False)
        self.assertEqual(done.returncode == 0, done.stderr == "", done.stderr)
        return done.stderr

    def is_clang(self):
        """Clang is refused where it may use AVX-512."""
        return "__clang__" in run(os.environ["CXX"], "-dM", "-E", "-x", "c++", "/dev/null")

    def lanes(self):
        """How many lanes the library has, by the flags that it asks for; the bytes of a mask."""
        flags = self.flags("--cflags")
        if "-mavx512f" in flags:
            return 8, 1
        return (4, 32) if "-mavx" in flags else (2, 16)

    @unittest.skipUnless(os.uname().machine == "x86_64", "other processors have one kind of vector")
    def test_vectors_do_not_depend_on_the_compiler(self):
        lanes, mask = self.lanes()
        sizes = f"-DLANES={lanes}", f"-DSIZE_OF_MASK={mask}"
        for more in ((), ("-march=x86-64-v4", "-mfma")):
            errors = self.compiles(VECTORS, *self.flags("--cflags"), *more, *sizes)
            if more and self.is_clang():
                self.assertIn("Clang chooses wrongly", errors)
            else:
                self.assertEqual(errors, "")
        if lanes > 2:
            others = [flag for flag in self.flags("--cflags") if not flag.startswith("-m")]
            errors = self.compiles(VECTORS, "-march=x86-64", *others, *sizes)
            self.assertIn("Compile with -mavx", errors)

    # ---- Other users ----------------------------------------------------------------------------
    def nobody_has_python(self):
        """Not so where it lies in the folder of a user."""
        first_line = (self.moved / "bin/glebe-plot").read_text(encoding="utf-8").splitlines()[0]
        python = first_line.removeprefix("#!").split()[0]
        return subprocess.run(["test", "-x", python], check=False, **AS_NOBODY).returncode == 0

    def test_another_user_with_nothing_in_the_environment(self):
        work = self.folder / "work"
        work.mkdir()
        shutil.copy(self.moved / "share/glebe/namelists/twin.nml", work)
        who = {}
        if os.getuid() == 0 and self.nobody_has_python():
            os.chown(work, NOBODY, NOBODY)
            who = AS_NOBODY

        def as_other(name, *words):
            return run(self.moved / "bin" / name, *words, cwd=work, env=EMPTY, **who)
        self.assertRegex(as_other("glebe", "--version"), r"^glebe [\d.]+\n")
        self.assertIn("written: twin_observed.nc", as_other("glebe", "twin.nml"))
        self.assertTrue((work / "twin_observed.nc").exists())
        as_other("glebe-report", "twin_truth.nc", "-o", "page.html")
        self.assertIn("Synthetic site", (work / "page.html").read_text(encoding="utf-8"))
        for name in ("glebe-plot", "glebe-fluxtower"):
            self.assertTrue(as_other(name, "--help").startswith(f"usage: {name}"))


if __name__ == "__main__":
    unittest.main()
