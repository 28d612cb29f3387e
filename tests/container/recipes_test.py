# SPDX-License-Identifier: BSD-3-Clause
"""The two container recipes do the same, with files that are there, and with the packages that the
program needs."""
import os
import re
import shutil
import subprocess
import unittest

from recipes import ROOT, Copy, definition, dockerfile

INSTALL = ROOT / "tools" / "install_packages.sh"


def commands(stage):
    """Without what only removes files."""
    return [command.strip() for step in stage.steps if isinstance(step, str)
            for command in step.split("&&") if not command.strip().startswith("rm ")]


class Recipes(unittest.TestCase):
    def test_both_do_the_same(self):
        docker, apptainer = dockerfile(), definition()
        self.assertEqual([s.base for s in docker], [s.base for s in apptainer])
        for one, other in zip(docker, apptainer):
            self.assertEqual(one.name, other.name)
            self.assertEqual({s for s in one.steps if isinstance(s, Copy)},
                             {s for s in other.steps if isinstance(s, Copy)})
            self.assertEqual(one.environment, other.environment)
            self.assertEqual(sorted(commands(one)), sorted(commands(other) + other.checks))

    def test_files_are_there(self):
        for stage in dockerfile():
            for step in stage.steps:
                if isinstance(step, Copy) and not step.stage:
                    self.assertTrue((ROOT / step.source).exists(), step)
        script = ROOT / "container" / "build.sh"
        self.assertTrue(os.access(script, os.X_OK))
        options = re.findall(r"-D(GLEBE_\w+)=", script.read_text(encoding="utf-8"))
        cmake = "".join(p.read_text(encoding="utf-8") for p in
                        [ROOT / "CMakeLists.txt", *(ROOT / "cmake").glob("*.cmake")])
        self.assertGreater(len(options), 2)
        for option in options:
            self.assertRegex(cmake, rf"(option|set)\({option} ")

    @unittest.skipUnless(shutil.which("dpkg-query") and "GLEBE" in os.environ, "not a Debian")
    def test_packages_hold_the_libraries_of_the_program(self):
        """Each library that the program asks for is of a package that the last stage installs."""
        needed = subprocess.run(["readelf", "-d", os.environ["GLEBE"]], capture_output=True, text=True,
                                check=True).stdout
        names = re.findall(r"NEEDED.*\[(\S+)\]", needed)
        where = dict(re.findall(r"(\S+) => (\S+)", subprocess.run(
            ["ldd", os.environ["GLEBE"]], capture_output=True, text=True, check=True).stdout))
        run = re.search(r"^  run\)\n(.*?);;", INSTALL.read_text(encoding="utf-8"),
                        re.MULTILINE | re.DOTALL)[1]
        always = {"libc6", "libgcc-s1", "libstdc++6", "libopenmpi3"}  # the last of openmpi-bin
        for name in names:
            if name not in where or name.startswith("libglebe"):
                continue
            package = subprocess.run(["dpkg", "-S", os.path.realpath(where[name])],
                                     capture_output=True, text=True, check=False).stdout.split(":")[0]
            if not package:
                continue  # not from Debian: another PETSc
            self.assertTrue(package in always or package in run.split() or
                            package in run.replace("(", " ").split(), f"{name} is of {package}")


if __name__ == "__main__":
    unittest.main()
