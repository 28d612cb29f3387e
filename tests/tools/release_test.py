# SPDX-License-Identifier: BSD-3-Clause
"""tools/release.sh in a repository of its own: it refuses what does not fit together, makes the
same archive twice, tells its checksum to the Spack recipe, and CMake finds in the archive what it
reads.

The environment variable CMAKE names the program cmake.
"""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from source_tree import ROOT

VERSION = re.search(r"project\(glebe VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
ARCHIVE = f"build/glebe-{VERSION}.tar.gz"
RECIPE = "spack/spack_repo/glebe/packages/glebe/package.py"


def git(folder, *words):
    settings = ("user.name=test", "user.email=test@example.org", "commit.gpgsign=false")
    options = [word for setting in settings for word in ("-c", setting)]
    return subprocess.run(["git", "-C", folder, *options, *words], text=True, check=True,
                          capture_output=True).stdout


@unittest.skipUnless((ROOT / ".git").exists() and shutil.which("git"), "not a git repository")
class Release(unittest.TestCase):
    """The files as they are now, with a date in the changelog, in one commit."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="glebe_release_")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():  # not those that were removed and are still listed
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.folder / name)
        git(self.folder, "init", "--quiet")
        self.edit("CHANGELOG.md", rf"## \[{re.escape(VERSION)}\] - .*",
                  f"## [{VERSION}] - 2030-01-31")
        self.commit()

    def edit(self, name, pattern, text):
        path = self.folder / name
        changed, n = re.subn(pattern, text, path.read_text(encoding="utf-8"), count=1)
        self.assertEqual(n, 1, f"{name} has no {pattern}")
        path.write_text(changed, encoding="utf-8")

    def commit(self):
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--message", "A state")

    def release(self, version=VERSION):
        done = subprocess.run([self.folder / "tools/release.sh", version], text=True, check=False,
                              capture_output=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def assert_refused(self, *messages, version=VERSION):
        status, _, errors = self.release(version)
        self.assertEqual(status, 1)
        for message in messages:
            self.assertIn(message, errors)
        self.assertFalse((self.folder / "build").exists())

    def test_another_version_in_a_file(self):
        for name, pattern in (("CMakeLists.txt", r"(?<=glebe VERSION )\S+"),
                              ("CITATION.cff", r"(?m)(?<=^version: ).*"),
                              ("python/pyproject.toml", r'(?m)(?<=^version = ")[\d.]+'),
                              ("share/man/glebe.1", r'(?<="Glebe )[\d.]+'),
                              ("docs/installing.md", r"(?<=glebe-)[\d.]+(?=\.tar)")):
            self.edit(name, pattern, "9.8.7")
        self.edit("CHANGELOG.md", "2030-01-31", "Unreleased")
        self.commit()
        self.assert_refused(*(f"{name}: the version is 9.8.7" for name in (
            "CMakeLists.txt", "CITATION.cff", "python/pyproject.toml", "share/man/glebe.1",
            "docs/installing.md")), "CHANGELOG.md: the version is missing")

    def test_a_version_that_no_file_has(self):
        self.assert_refused(f"CMakeLists.txt: the version is {VERSION}", version="9.8.7")

    def test_what_is_not_committed(self):
        self.edit("README.md", "# Glebe", "# Glebe!")
        (self.folder / "src/forgotten.cpp").touch()
        self.assert_refused("README.md", "src/forgotten.cpp")

    def test_the_archive(self):
        status, said, errors = self.release()
        self.assertEqual((status, errors), (0, ""))
        first = (self.folder / ARCHIVE).read_bytes()
        line = f'    version("{VERSION}", sha256="{hashlib.sha256(first).hexdigest()}")\n'
        self.assertTrue(said.endswith(line), said)
        self.assertEqual((self.folder / RECIPE).read_text(encoding="utf-8").count(line), 1)
        # Once more, with the recipe changed, by another mask of permissions.
        self.addCleanup(os.umask, os.umask(0o077))
        self.assertEqual(self.release()[:2], (0, said))
        self.assertEqual((self.folder / ARCHIVE).read_bytes(), first)
        self.assert_configures()

    def assert_configures(self):
        shutil.unpack_archive(self.folder / ARCHIVE, self.folder / "unpacked")
        source = self.folder / f"unpacked/glebe-{VERSION}"
        done = subprocess.run([os.environ["CMAKE"], "-S", source, "-B", self.folder / "configured",
                               "-DGLEBE_TESTS=OFF"], text=True, check=False, capture_output=True,
                              timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
