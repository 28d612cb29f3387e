# SPDX-License-Identifier: BSD-3-Clause
"""What goes wrong while a run goes on, on one rank and on two: a full disk, a folder or an input that
is gone, a rank without memory. The run ends soon and with the right status, says why, leaves no half
of a file and the earlier result as it was, and loses nothing that it has computed.

faults.cpp, loaded before the program's libraries, makes things go wrong."""
import errno
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

import numpy as np
import xarray as xr

from refusal import EARLIER
from support import GlebeTest, estimating, site_case, weather, write_series

HOURS = np.arange(-6, 79)
SOON = 60  # s: what takes longer hangs
STREAMS = ("surface_temperature", ("soil_temperature", 0.1))
COMPILER = os.environ.get("CXX") or shutil.which("c++")


def setUpModule():
    """The library of faults, the inputs and the case, once for all tests."""
    if not COMPILER:
        raise unittest.SkipTest("there is no compiler for faults.cpp")
    shared = tempfile.TemporaryDirectory(prefix="glebe_test_")
    unittest.addModuleCleanup(shared.cleanup)
    FaultTest.inputs = pathlib.Path(shared.name)
    FaultTest.faults = FaultTest.inputs / "faults.so"
    source = pathlib.Path(__file__).with_name("faults.cpp")
    subprocess.run([COMPILER, "-shared", "-fPIC", source, "-o", FaultTest.faults, "-ldl"],
                   check=True)
    write_series(FaultTest.inputs / "weather.nc", HOURS, weather(HOURS, (30,)), ["station"],
                 {"station": ("station", np.arange(30.0) / 7)})
    twin = GlebeTest("run")
    twin.folder = FaultTest.inputs
    twin.run_case(site_case("twin", *STREAMS), name="truth")
    FaultTest.case = estimating(site_case("twin", *STREAMS), "albedo")
    FaultTest.case["run"].update(output="out/result.nc", series=True)


class FaultTest(GlebeTest):
    """An estimate on 30 stations with its series, whose result goes to a folder of its own."""

    def setUp(self):
        super().setUp()
        for name in ("weather.nc", "observed.nc"):
            shutil.copy(self.inputs / name, self.folder)
        for name in ("out", "elsewhere", "kept"):
            (self.folder / name).mkdir()
        (self.folder / "out/result.nc").write_bytes(EARLIER)
        self.write_case(self.case)

    def faulty(self, *options, ranks=1, **faults):
        """Runs the case with faults: its status and all that it says."""
        settings = {f"FAULT_{name.upper()}": str(value) for name, value in faults.items()}
        preload = {"LD_PRELOAD": str(self.faults)} if faults else {}
        done = subprocess.run(self.command("case.nml", *options, ranks=ranks), cwd=self.folder,
                              env={**os.environ, "OMPI_MCA_pml": "ob1", **preload, **settings,
                                   "TMPDIR": str(self.folder / "elsewhere")},
                              capture_output=True, text=True, timeout=SOON, check=False)
        self.assertEqual(list(self.folder.rglob("*.partial")), [], done.stderr)
        return done

    def assert_failed(self, done, *words, status=1):
        self.assertEqual(done.returncode, status, f"{done.stdout}\n{done.stderr}")
        said = [line for line in done.stderr.splitlines() if line.startswith("glebe: error:")]
        self.assertEqual(len(said), 1, done.stderr)
        for word in words:
            self.assertIn(word, said[0])
        return said[0]

    def assert_estimate(self, path):
        with xr.open_dataset(path, decode_times=False) as result:
            np.testing.assert_allclose(result.albedo, 0.25, rtol=1e-6)
            np.testing.assert_array_equal(result.station, np.arange(30.0) / 7)
            self.assertTrue(np.isfinite(result.surface_temperature).all())

    def elsewhere(self):
        return list((self.folder / "elsewhere").glob("glebe_*"))

    def assert_rescued(self, said):
        """The result is complete where the message says, and nothing else is there."""
        (other,) = self.elsewhere()
        self.assertIn(f"written instead: {other}", said)
        self.assert_estimate(other)
        other.unlink()


class Writing(FaultTest):
    def test_full_disk(self):
        """After some bytes: of the beginning of the file, of a variable, of the end."""
        for ranks, after in ((1, 0), (1, 60000), (2, 0), (2, 60000)):
            with self.subTest(ranks=ranks, after=after):
                done = self.faulty(ranks=ranks, file="/out/", after=after, error=errno.ENOSPC)
                said = self.assert_failed(done, "out/result.nc", "No space left on device")
                self.assertIn("albedo", done.stdout)
                self.assert_rescued(said)
                self.assertEqual((self.folder / "out/result.nc").read_bytes(), EARLIER)

    def test_both_outputs_of_a_twin(self):
        """What one cannot be written for may not hold for the other."""
        case = site_case("twin", *STREAMS)
        case["run"]["output"] = "out/result.nc"
        case["twin"]["file"] = "kept/observed.nc"
        self.write_case(case)
        done = self.faulty(file="/out/", after=0, error=errno.ENOSPC)
        said = self.assert_failed(done, "out/result.nc", "No space left on device")
        (other,) = self.elsewhere()
        self.assertIn(f"written instead: {other}", said)
        self.assertIn("written: kept/observed.nc", done.stdout)
        for path in (other, self.folder / "kept/observed.nc"):
            self.assertTrue(np.isfinite(xr.load_dataset(path).surface_temperature).all())
        other.unlink()
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                done = self.faulty("--set", "twin.file=out/observed.nc", ranks=ranks, file="/out/",
                                   after=1000, error=errno.ENOSPC)
                said = self.assert_failed(done, "out/result.nc", "out/observed.nc")
                self.assertEqual(len(self.elsewhere()), 2)
                for path in self.elsewhere():
                    self.assertIn(f"written instead: {path}", said)
                    path.unlink()

    def test_no_space_anywhere(self):
        done = self.faulty(ranks=2, file="result.nc.", after=1000, error=errno.EDQUOT)
        said = self.assert_failed(done, "Disk quota exceeded", "nor could it be written elsewhere")
        (kept,) = (self.folder / "out").glob("glebe_*_checkpoint.h5")
        self.assertIn(f"what was done is in '{kept}'", said)
        self.assertEqual(self.elsewhere(), [])
        self.assertEqual(list(self.folder.glob("glebe_*")), [])

    def test_limit_of_file_sizes(self):
        def limited(*words):
            own = {"PMIX_MCA_gds": "hash"}  # MPI's own files would be too large, too
            return subprocess.run(["sh", "-c", 'ulimit -f 64 && exec "$@"', "sh",
                                   *self.command("case.nml", *words)],
                                  cwd=self.folder, env={**os.environ, **own}, capture_output=True,
                                  text=True, timeout=SOON, check=False)
        if limited("--check").returncode == -signal.SIGXFSZ:
            self.skipTest("files of this MPI are too large, so that no program starts")
        done = limited()
        self.assert_failed(done, "File too large", "nor could it be written elsewhere")
        self.assertEqual(list(self.folder.rglob("*.partial")), [])

    def test_folder_gone(self):
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                done = self.faulty(ranks=ranks, line="verdict", command="rm -r out")
                self.assert_rescued(self.assert_failed(done, "folder", "out"))
                (self.folder / "out").mkdir()

    def test_something_else_at_its_place(self):
        done = self.faulty(line="verdict", command="rm out/result.nc; mkdir out/result.nc")
        self.assert_rescued(self.assert_failed(done, "it is a folder"))


class WhileItRuns(FaultTest):
    def test_inputs_gone_or_replaced(self):
        for ranks, command in ((1, "rm weather.nc observed.nc"), (2, "echo no > weather.nc")):
            with self.subTest(ranks=ranks):
                done = self.faulty(ranks=ranks, line="verdict", command=command)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assert_estimate(self.folder / "out/result.nc")
                shutil.copy(self.inputs / "weather.nc", self.folder)
                shutil.copy(self.inputs / "observed.nc", self.folder)

    def test_another_run_was_faster(self):
        done = self.faulty(line="verdict", command="echo other > out/result.nc")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("something else while this run went on"), 1)
        self.assert_estimate(self.folder / "out/result.nc")

    def test_no_place_for_checkpoints(self):
        self.write_case({**self.case, "checkpoint": {"file": "kept/checkpoint.h5"}})
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                done = self.faulty(ranks=ranks, line="iteration", command="rm -r kept")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stdout.count("warning: no checkpoint could be written"), 1)
                self.assertIn("kept is gone; it will be tried again", done.stdout)
                self.assert_estimate(self.folder / "out/result.nc")
                (self.folder / "kept").mkdir(exist_ok=True)

    def test_rank_without_memory(self):
        done = self.faulty(ranks=2, rank=1, new=12000)
        self.assert_failed(done, "out of memory in the part '")
        self.assertEqual((self.folder / "out/result.nc").read_bytes(), EARLIER)

    def test_no_memory_for_words(self):
        """Of a few bytes, such as those of a message."""
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                done = self.faulty(ranks=ranks, new=30, new_after="iteration")
                self.assert_failed(done, "out of memory in the part '")


class Large(FaultTest):
    """A result above 100 MB, which all ranks write together: the failure of one rank, which the
    others never hear of within the library, ends the run, and the result is made from what was
    kept before."""

    stations = 36000
    streams = ("surface_temperature", *(("soil_temperature", depth) for depth in (.05, .1, .2, .4)))

    def setUp(self):
        super().setUp()
        same = {name: (np.repeat(values[:, None], self.stations, axis=1), units)
                for name, (values, units) in weather(HOURS).items()}
        write_series(self.folder / "weather.nc", HOURS, same, ("station",))
        twin = site_case("twin", *self.streams)
        self.run_case(twin, name="truth")
        self.case = estimating(twin, "albedo")
        self.case["run"].update(output="out/result.nc", series=True)
        self.write_case(self.case)

    def fail_while_all_write(self, rank, after):
        """What was kept."""
        done = self.faulty(ranks=2, rank=rank, file="/out/result.nc.", after=after,
                           error=errno.EIO)
        self.assert_failed(done, f"rank {rank} of 2", "out/result.nc", "Input/output error")
        self.assertEqual((self.folder / "out/result.nc").read_bytes(), EARLIER)
        (kept,) = (self.folder / "out").glob("glebe_*_checkpoint.h5")
        self.assertIn(f"--set checkpoint.file={kept} ", done.stdout)
        return kept

    def test_rank_that_cannot_open_the_file(self):
        """As where a file system is not there on every computer, or none in the temporary folder,
        where MPI keeps some too: the root writes for it."""
        for place in ("/out/result.nc.", "_room"):
            with self.subTest(place=place):
                done = self.faulty(ranks=2, rank=1, open=place, error=errno.EACCES)
                self.assertEqual(done.returncode, 0, done.stderr)
                with xr.open_dataset(self.folder / "out/result.nc") as result:
                    np.testing.assert_allclose(result.albedo, 0.25, rtol=1e-6)
                for folder in ("out", "elsewhere"):
                    self.assertEqual(list((self.folder / folder).glob("glebe_*")), [])
                (self.folder / "out/result.nc").write_bytes(EARLIER)

    def test_rank_that_fails_while_all_write(self):
        self.fail_while_all_write(rank=0, after=1000000).unlink()  # a part of the values
        kept = self.fail_while_all_write(rank=1, after=0)  # what only the library knows of
        again = self.faulty("--set", f"checkpoint.file={kept}", "--set",
                            "checkpoint.restart=always", ranks=1)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("restart from iteration 5 of the checkpoint (search 1)", again.stdout)
        kept.unlink()
        whole = self.faulty("--set", "run.output=out/whole.nc", ranks=2)
        self.assertEqual(whole.returncode, 0, whole.stderr)
        with (xr.open_dataset(self.folder / "out/result.nc") as result,
              xr.open_dataset(self.folder / "out/whole.nc") as expected):
            self.assert_same_results(result, expected)
        self.assertEqual(list((self.folder / "out").glob("glebe_*")), [])


class Files(FaultTest):
    def test_pipes(self):
        for name, status in (("weather.nc", 2), ("case.nml", 2)):
            (self.folder / name).unlink()
            os.mkfifo(self.folder / name)
            for ranks in (1, 2):
                with self.subTest(name=name, ranks=ranks):
                    self.assert_failed(self.faulty(ranks=ranks), f"{name}: ", "is a pipe",
                                       status=status)

    def test_links(self):
        """A result goes where a link of its name leads, also to what is not there yet."""
        (self.folder / "out/result.nc").unlink()
        (self.folder / "out/result.nc").symlink_to("../kept/real.nc")
        self.assertEqual(self.faulty().returncode, 0)
        self.assertTrue((self.folder / "out/result.nc").is_symlink())
        self.assert_estimate(self.folder / "kept/real.nc")

    def test_what_dead_runs_left(self):
        host = socket.gethostname().split(".")[0][:32]
        dead = self.folder / f"out/result.nc.{host}.4194999.0123abcd.partial"
        others = [self.folder / f"out/{name}.partial" for name in
                  (f"result.nc.{host}.{os.getpid()}.0123abcd", "result.nc.elsewhere.4194999.0",
                   f"other.nc.{host}.4194999.0")]
        for path in (dead, *others):
            path.write_bytes(b"")
        self.assertEqual(self.glebe("case.nml").returncode, 0)
        self.assertFalse(dead.exists())
        for path in others:
            path.unlink()


if __name__ == "__main__":
    unittest.main()
