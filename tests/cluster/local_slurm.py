# SPDX-License-Identifier: BSD-3-Clause
"""A Slurm of one computer, in a folder, for as long as a test takes."""
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import tempfile
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol")
CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
KillWait=30
MinJobAge=3600
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE OverSubscribe=FORCE:4 State=UP
"""


def missing():
    """What of Slurm is not here, in words; empty if it can be started."""
    absent = [name for name in PROGRAMS if not shutil.which(name, path=search_path())]
    if absent:
        return f"Slurm is not here ({', '.join(absent)}; Debian: slurmctld slurmd slurm-client munge)"
    return "" if os.geteuid() == 0 else "Slurm is started by root alone"


def cannot_start():
    """Why Slurm, which is here, does not start on this computer; empty if it does."""
    with tempfile.TemporaryDirectory() as folder:
        slurm = LocalSlurm(folder)
        try:
            slurm.run(seconds=20)
        except RuntimeError as error:
            return f"Slurm does not start here: {error}"
        finally:
            slurm.stop()
    return ""


def search_path():
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class LocalSlurm:
    """run() starts it, stop() ends all its processes."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.processes = []
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        configuration = self.folder / "slurm.conf"
        configuration.write_text(CONFIGURATION.format(
            host=socket.gethostname().split(".")[0], user="root", folder=self.folder,
            ports=free_ports(2), cpus=os.cpu_count()), encoding="utf-8")
        self.environment = {**os.environ, "SLURM_CONF": str(configuration), "PATH": search_path()}

    def run(self, seconds=60):
        """Returns when jobs can be submitted."""
        self.start_munge()
        self.wait((self.folder / "munge.socket").exists, "the socket of munge", seconds)
        self.start("slurmctld", "-D", "-i")
        self.start("slurmd", "-D")
        self.wait(lambda: "idle" in self.command("sinfo", "-h", "-o", "%T", check=False),
                  "an idle node", seconds)

    def start_munge(self):
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(64))
        key.chmod(0o600)
        self.start("munged", "--foreground", "--force", *(
            f"--{option}={self.folder}/munge.{name}" for option, name in
            (("key-file", "key"), ("socket", "socket"), ("pid-file", "pid"), ("log-file", "log"),
             ("seed-file", "seed"))))

    def start(self, *words):
        with open(self.folder / f"{words[0]}.out", "wb") as output:
            self.processes.append(subprocess.Popen(
                words, env=self.environment, stdout=output, stderr=subprocess.STDOUT))

    def command(self, *words, cwd=None, check=True):
        done = subprocess.run(words, env=self.environment, cwd=cwd, text=True, timeout=60,
                              capture_output=True, check=False)
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def submit(self, *words, cwd):
        """The number of the job."""
        return self.command("sbatch", "--parsable", *words, cwd=cwd).strip()

    def job(self, number):
        """What scontrol says of a job: JobState, Restarts, ExitCode, ..."""
        words = self.command("scontrol", "--oneliner", "show", "job", number).split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def wait(self, condition, what, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError(f"{what}: not seen in {seconds} s; {self.last_words()}")
            time.sleep(0.2)

    def last_words(self):
        return "; ".join(f"{path.name}: {path.read_text(errors='replace')[-600:]}"
                         for path in sorted(self.folder.glob("*.log")))

    def stop(self):
        subprocess.run(["scancel", "--full", "--signal=KILL", "--state=RUNNING"], timeout=30,
                       env=self.environment, check=False, capture_output=True)
        for process in reversed(self.processes):
            process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
