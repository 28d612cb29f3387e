# SPDX-License-Identifier: BSD-3-Clause
"""Reads container/Dockerfile and container/glebe.def into the same stages: what they copy and run."""
import pathlib
import re
import shlex
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Copy(NamedTuple):
    stage: str  # of which it is copied; empty: the sources
    source: str
    target: str


class Stage(NamedTuple):
    name: str
    base: str
    steps: list  # of Copy and str, commands of a shell
    environment: dict
    checks: list  # commands that are run in the finished stage


def joined(text):
    """Lines without comments, those that go on joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return re.sub(r"\\\n\s*", " ", "\n".join(lines)).splitlines()


def dockerfile(path=ROOT / "container" / "Dockerfile"):
    stages = []
    for line in joined(path.read_text(encoding="utf-8")):
        if not line.strip():
            continue
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            base, *name = rest.split(" AS ")
            stages.append(Stage(name[0] if name else "final", base, [], {}, []))
        elif word == "COPY":
            found = re.match(r"(?:--from=(\S+) )?(\S+) (\S+)$", rest)
            stages[-1].steps.append(Copy(found[1] or "", found[2], found[3]))
        elif word == "RUN":
            stages[-1].steps.append(rest)
        elif word == "ENV":
            stages[-1].environment.update(pair.split("=", 1) for pair in shlex.split(rest))
        elif word not in ("WORKDIR", "CMD"):
            raise ValueError(f"{path}: {word}")
    return stages


def definition(path=ROOT / "container" / "glebe.def"):
    stages, section, of = [], "", ""
    for line in joined(path.read_text(encoding="utf-8")):
        words = line.split()
        if not words:
            continue
        if words[0].startswith("%"):
            section, of = words[0], words[2] if words[1:2] == ["from"] else ""
        elif words[0] == "Bootstrap:":
            stages.append(Stage("", "", [], {}, []))
            section = ""
        elif words[0] in ("From:", "Stage:"):
            field = {"From:": "base", "Stage:": "name"}[words[0]]
            stages[-1] = stages[-1]._replace(**{field: words[1]})
        elif section == "%files":
            stages[-1].steps.append(Copy(of, *words))
        elif section == "%post":
            stages[-1].steps.append(line.strip())
        elif section == "%environment":
            stages[-1].environment.update(w.split("=", 1) for w in shlex.split(line)[1:])
        elif section == "%test":
            stages[-1].checks.append(line.strip())
        elif section not in ("%runscript", "%labels"):
            raise ValueError(f"{path}: {line}")
    return stages
