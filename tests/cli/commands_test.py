# SPDX-License-Identifier: BSD-3-Clause
"""Every shell command of the README and the user guide, run as it stands there, in a folder with the
files that it names. What builds or installs the program is not run, but must exist."""
import os
import pathlib
import re
import shlex
import shutil
import stat
import subprocess
import sys
import unittest
import zipfile

import numpy as np

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "tools"))
import fluxtower_files  # noqa: E402
import fluxtower_tables  # noqa: E402
from support import (MPIEXEC, QUICK_START, GlebeTest, estimating, program, site_case,  # noqa: E402
                     weather, write_series)

ROOT = TESTS.parent
DOCUMENTS = ("README.md", "docs/user_guide.md")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```fortran\n(.*?)^```", re.MULTILINE | re.DOTALL)
BUILDING = re.compile(r"tools/(demo|test|install_packages|docs|release)\.sh|cmake |spack |pip |apt")
TOOLS = {"glebe-report": "report.py", "glebe-fluxtower": "fluxtower_to_netcdf.py"}
HOURS_BEFORE = 1115 * 24  # from the weather's first hour to 20 June 2004


def commands(name):
    """Blocks of a document as they are written, without those that build."""
    found = []
    for block in BLOCK.findall((ROOT / name).read_text(encoding="utf-8")):
        lines = [line for line in block.splitlines() if line.strip()]
        if any(BUILDING.match(line) for line in lines):
            for line in lines:
                for path in re.findall(r"(?<!\S)(?:tools|spack)/\S+", line):
                    if not (ROOT / path).exists():
                        raise AssertionError(f"{name}: {path} does not exist")
            lines = [line for line in lines if line.startswith(("glebe", "mpirun", "srun"))]
        if lines:
            found.append("\n".join(lines))
    return found


class Commands(GlebeTest):
    def setUp(self):
        super().setUp()
        (self.folder / "bin").mkdir()
        for folder in ("build/release", "glebe/bin"):  # of the sources; of an installation at home
            (self.folder / folder).mkdir(parents=True)
            (self.folder / folder / "glebe").symlink_to(program())
        self.script("glebe", f'exec {program()} "$@"')
        launcher, *options = shlex.split(MPIEXEC)
        self.script("mpirun", f'exec {shutil.which(launcher)} {shlex.join(options)} "$@"')
        self.script("srun", 'exec "$@"')
        for name, tool in TOOLS.items():
            self.script(name, f'exec {sys.executable} {ROOT / "tools" / tool} "$@"')
        self.write_case_of_the_guide()
        self.write_towers()
        guide = (ROOT / "docs" / "user_guide.md").read_text(encoding="utf-8")
        for name, text in EXAMPLE.findall(guide):
            (self.folder / name).write_text(text, encoding="utf-8")

    def script(self, name, command):
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def write_case_of_the_guide(self):
        """case.nml, with the stream, the parameter and the dates that commands name."""
        hours = HOURS_BEFORE + np.arange(-6, 60)
        write_series(self.folder / "weather.nc", hours, weather(hours))
        twin = site_case("twin", ("soil_temperature", 0.05), ("soil_temperature", 0.2),
                         time={"start": "2004-06-20", "stop": "2004-06-22"}, twin={"noise": 0.2})
        self.run_case(twin, name="truth")
        case = estimating(twin, "thermal_conductivity", "heat_capacity")
        self.write_case(case)

    def write_towers(self):
        files = {"AMF_USWkg_2004_L2_WG_V006.csv": fluxtower_files.l2_text(first_day=150, year=2004),
                 "station.dat": fluxtower_tables.toa5()[0],
                 "station.ini": fluxtower_tables.toa5()[1],
                 "CRNH0203-2020-AZ_Tucson_11_W.txt": fluxtower_tables.uscrn(),
                 "scan.csv": fluxtower_tables.scan()}
        for name, text in files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        with zipfile.ZipFile(self.folder / "AMF_US-Wkg_BASE-BADM_18-5.zip", "w") as archive:
            archive.writestr("AMF_US-Wkg_BASE_HH_18-5.csv",
                             fluxtower_files.base_text(G_2_1_1=-0.2 * fluxtower_files.SUN))

    def test_all(self):
        path = f"{self.folder}/bin:{os.environ['PATH']}"
        done = []
        for name in DOCUMENTS:
            for block in commands(name):
                with self.subTest(document=name, command=block):
                    run = subprocess.run(["bash", "-e", "-c", block], cwd=self.folder, text=True,
                                         capture_output=True, check=False, timeout=120,
                                         env={**os.environ, **QUICK_START, "PATH": path,
                                              "HOME": str(self.folder)})
                    self.assertEqual(run.returncode, 0, run.stdout[-800:] + run.stderr)
                done.append(block)
        self.assertGreater(len(done), 7)
        for made in ("site_estimate.html", "page.html", "tower.nc", "station.nc", "tucson.nc",
                     "scan.nc", "wide.nc", "sigma_0.2.nc"):
            self.assertTrue((self.folder / made).exists(), made)


if __name__ == "__main__":
    unittest.main()
