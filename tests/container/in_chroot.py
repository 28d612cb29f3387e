#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Does what the container recipes do, in folders: in_chroot.py BASE FOLDER [Dockerfile | glebe.def].

For where no daemon is allowed. BASE is a Debian 12 (debootstrap --variant=minbase bookworm BASE); every
stage becomes a folder in FOLDER. As root. Needs 3 GB and, for the build, some ten minutes.
"""
import os
import pathlib
import shutil
import subprocess
import sys

from recipes import ROOT, Copy, definition, dockerfile

LEFT_OUT = [path for pattern in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
            for path in ROOT.glob(pattern)]


def copy(step, stages, root):
    source = (stages[step.stage] if step.stage else ROOT) / step.source.lstrip("/")
    target = root / step.target.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True,
                        ignore=lambda folder, names: [
                            name for name in names if pathlib.Path(folder) / name in LEFT_OUT])
    else:
        shutil.copy2(source, target)


def run(command, root, environment):
    print(f"==== {command}", flush=True)
    settings = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
                "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    for name, value in environment.items():
        settings[name] = value.replace("$PATH", settings["PATH"])
    subprocess.run(["chroot", str(root), "/bin/bash", "-c", command], env=settings, check=True)


def make(stages, base, folder):
    """The folder of the last stage."""
    roots = {}
    for stage in stages:
        if stage.base != "debian:12":
            raise ValueError(stage.base)
        root = roots[stage.name] = folder / stage.name
        subprocess.run(["cp", "-a", str(base), str(root)], check=True)
        shutil.copy2("/etc/resolv.conf", root / "etc")
        for place in ("proc", "dev"):
            subprocess.run(["mount", "--rbind", f"/{place}", str(root / place)], check=True)
        for step in stage.steps:
            if isinstance(step, Copy):
                copy(step, roots, root)
            else:
                run(step, root, stage.environment)
        for check in stage.checks:
            run(check, root, stage.environment)
    return root


def main():
    if len(sys.argv) not in (3, 4) or os.geteuid() != 0:
        sys.exit(__doc__)
    if "MOUNTS_OF_ITS_OWN" not in os.environ:  # which go when it ends
        os.environ["MOUNTS_OF_ITS_OWN"] = "1"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])
    base, folder = map(pathlib.Path, sys.argv[1:3])
    which = sys.argv[3] if len(sys.argv) > 3 else "Dockerfile"
    folder.mkdir(parents=True, exist_ok=True)
    stages = {"Dockerfile": dockerfile, "glebe.def": definition}[which]()
    root = make(stages, base, folder)
    print(f"{which}: done, {root}")


if __name__ == "__main__":
    main()
