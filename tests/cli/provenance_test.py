# SPDX-License-Identifier: BSD-3-Clause
"""What a result says of the program and the call that made it, and the program of itself."""
import os
import pathlib
import re
import shlex
import subprocess
import unittest

import netCDF4

from support import GlebeTest, site_case

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARIES = ["PETSc", "MPI", "netCDF", "HDF5", "UDUNITS", "fmt", "Eigen"]


def libraries_in(parts):
    """libdeflate may be left out of a build."""
    return LIBRARIES + [name for name in ("libdeflate",) if name in parts]


class Version(GlebeTest):
    def version(self):
        lines = self.glebe("--version").stdout.splitlines()
        return lines[0], dict(line.split(maxsplit=1) for line in lines[1:])

    def test_the_program_tells_what_it_is(self):
        first, parts = self.version()
        self.assertRegex(first, r"^glebe \d+\.\d+\.\d+$")
        self.assertEqual(list(parts), ["commit", *libraries_in(parts), "compiler", "processor"])
        self.assertEqual(parts["netCDF"].split(".")[0], "4")
        self.assertRegex(parts["HDF5"], r"^1\.\d+\.\d+$")
        self.assertRegex(parts["UDUNITS"], r"^(2\.\d.*|unknown)$")
        self.assertRegex(parts["compiler"], r"^(GCC|Clang) \d+\.")
        self.assertRegex(parts["processor"], r"\d+ lanes$")

    def test_a_result_tells_the_same(self):
        self.write_weather()
        self.run_case(site_case("forward"))
        first, parts = self.version()
        with netCDF4.Dataset(self.folder / "case.nc") as file:
            self.assertEqual(f"glebe {file.glebe_version}", first)
            self.assertEqual(file.glebe_commit, parts["commit"])
            self.assertEqual(file.libraries, "; ".join(f"{x} {parts[x]}" for x in libraries_in(parts)))
            self.assertEqual(file.compiler, f"{parts['compiler']}; {parts['processor']}")
            self.assertEqual(file.source,
                             f"Glebe {file.glebe_version} (commit {file.glebe_commit})")


class History(GlebeTest):
    def setUp(self):
        super().setUp()
        self.write_weather()

    def attributes(self, name="case.nc"):
        with netCDF4.Dataset(self.folder / name) as file:
            return {key: file.getncattr(key) for key in file.ncattrs()}

    def test_the_call_can_be_repeated(self):
        words = ["--set", "run.title=two words", "--set=soil.nodes=30"]
        for ranks, said in ((1, "1 rank"), (2, "2 ranks")):
            self.run_case(site_case("forward"), *words, "-tao_max_it", "7", ranks=ranks)
            date, line = self.attributes()["history"].split(" ", 1)
            self.assertRegex(date, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            call, comment = line.split(" # ")
            self.assertEqual(comment, said)
            self.assertEqual(shlex.split(call),
                             ["glebe", "case.nml", "--set", "run.title=two words", "--set",
                              "soil.nodes=30", "-tao_max_it", "7"])

    def test_options_from_elsewhere(self):
        (self.folder / ".petscrc").write_text("-from_file 1\n")
        self.run_case(site_case("forward"), "-of_the_call", "2",
                      env={"PETSC_OPTIONS": "-from_environment 3"})
        options = self.attributes()["petsc_options"].split()
        for name, value in (("-from_file", "1"), ("-of_the_call", "2"), ("-from_environment", "3")):
            self.assertEqual(options[options.index(name) + 1], value)
        self.assertNotIn("-from_environment", self.attributes()["history"])


class Commit(GlebeTest):
    """cmake/write_commit.cmake, in folders that are a repository, an archive, or neither."""

    def written(self, archival=None):
        if archival is not None:
            (self.folder / ".git_archival.txt").write_text(archival)
        output = self.folder / "commit.cpp"
        subprocess.run(["cmake", "-D", f"SOURCE={self.folder}", "-D", f"OUTPUT={output}", "-P",
                        ROOT / "cmake/write_commit.cmake"], check=True, capture_output=True)
        return re.search(r'commit = "(.*)"', output.read_text()).group(1), output.stat().st_mtime_ns

    def test_without_git(self):
        self.assertEqual(self.written()[0], "unknown")
        self.assertEqual(self.written((ROOT / ".git_archival.txt").read_text())[0], "unknown")
        found, time = self.written("commit: 0123456789abcdef0123456789abcdef01234567\n")
        self.assertEqual(found, "0123456789ab")
        self.assertEqual(self.written(), (found, time), "written again without a change")

    def test_with_git(self):
        def git(*words):
            identity = ["-c", "user.name=x", "-c", "user.email=x", "-c", "commit.gpgsign=false"]
            return subprocess.run(["git", "-C", self.folder, *identity, *words], check=True,
                                  capture_output=True, text=True, env=environment).stdout.strip()

        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        git("init")
        (self.folder / "file").write_text("1\n")
        git("add", "file")
        git("commit", "-m", "x")
        git("tag", "v1")
        commit = git("rev-parse", "--short=12", "HEAD")
        self.assertEqual(self.written()[0], commit)
        (self.folder / "file").write_text("2\n")
        self.assertEqual(self.written()[0], commit + "-dirty")

    def test_an_archive_is_told_its_commit(self):
        def git(*words):
            return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True,
                                  check=True).stdout

        if not (ROOT / ".git").exists():
            self.skipTest("the sources are no git repository")
        archive = git("archive", "HEAD", ".git_archival.txt")
        self.assertIn(f"commit: {git('rev-parse', 'HEAD')}", archive)


if __name__ == "__main__":
    unittest.main()
