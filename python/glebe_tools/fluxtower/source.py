# SPDX-License-Identifier: BSD-3-Clause
"""The file to read: a text, or one of those in a zip as AmeriFlux and FLUXNET hand them out."""
import io
import os
import re
import zipfile
from dataclasses import dataclass

from ..command import InputError
from .units import near

# AMF_US-Wkg_BASE_HH_18-5.csv, FLX_US-Wkg_FLUXNET2015_FULLSET_HH_2004-2014_1-4.csv
KINDS = ("BASE", "FULLSET", "FLUXMET", "FLUXNET", "SUBSET")
TOWER = re.compile(rf"_({'|'.join(KINDS)})_(HH|HR)[_.]")
TEXTS = (".csv", ".txt", ".dat")


@dataclass
class Source:
    """A text file: `path`, or `member` of the zip of that name."""
    path: str
    member: str = ""

    def __str__(self):
        return f"{self.path}: {self.member}" if self.member else str(self.path)

    def name(self):
        return os.path.basename(self.member or self.path)

    def bytes(self):
        if not self.member:
            with open(self.path, "rb") as file:
                return file.read()
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(self.member)

    def text(self):
        """A stream of the text, in an encoding that no byte contradicts."""
        if not self.member:
            return open(self.path, encoding="latin-1", newline=None)
        return io.TextIOWrapper(io.BytesIO(self.bytes()), encoding="latin-1")

    def lines(self):
        """The lines of the text: UTF-8, or Latin-1 where it is not that."""
        data = self.bytes()
        try:
            return data.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            return data.decode("latin-1").splitlines()


def find_source(path, member=None):
    """(Source, note or None): a zip's half-hourly file before its hourly one, or `member`."""
    if not zipfile.is_zipfile(path):
        if member:
            raise InputError(f"{path}: not a zip, --member cannot be used")
        return Source(path), None
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(TEXTS)]
    if member:
        chosen = [name for name in names if member in (name, os.path.basename(name))]
        if not chosen:
            raise InputError(f"{path}: --member {member} is not in the zip, which has "
                             f"{', '.join(names) or 'no CSV file'}{near(member, names)}")
        return Source(path, chosen[0]), None
    towers = sorted((name for name in names if TOWER.search(os.path.basename(name))), key=rank)
    found = towers or names
    if not found or (len(found) > 1 and not towers):
        raise InputError(f"{path}: the zip has {', '.join(names) or 'no CSV file'}; expected "
                         "..._BASE_HH_... or ..._FULLSET_HH_... (or HR); choose one with --member")
    note = f"read {found[0]} of the zip"
    if len(found) > 1:
        note += f", not {', '.join(found[1:])}; choose with --member"
    return Source(path, found[0]), note


def rank(name):
    """Half-hourly before hourly, a full set before a part of one."""
    kind, step = TOWER.search(os.path.basename(name)).groups()
    return step, KINDS.index(kind), name
