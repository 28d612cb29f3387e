# SPDX-License-Identifier: BSD-3-Clause
"""The table and the mapping of a converter, changed at random for so many seconds: each must be
converted, or refused with a message. Prints how many were; ends with 1 after anything else.

    tests/fuzz/fuzz_converters.py [seconds] [seed]
"""
import contextlib
import io
import os
import pathlib
import random
import sys
import tempfile
import time
import traceback
import warnings

sys.path[:0] = [str(pathlib.Path(__file__).parents[1] / "tools")]
# pylint: disable=wrong-import-position
import source_tree  # noqa: E402,F401 (the package can be imported)
import fluxtower_tables as tables  # noqa: E402
from glebe_tools.fluxtower.__main__ import main as convert  # noqa: E402

SEEDS = [getattr(tables, name)() for name in ("plain", "toa5", "semicolons", "blanks")]
PIECES = ("[", "]", "=", ",", "%", "%Y", "%(x)s", "\n", "\0", "é", "'", '"', ";", "-9999", "1e999",
          "nan", "-1", "99999999999999999999", "depth", "degC", "cm", "instant", "utc_offset",
          "[time]", "[columns]", "[table]", "missing =", "interval = 0 min", "interval = 1e9 h",
          "header = 1000000000", "utc_offset = 1e9", "format = %s", "2012-02-30", "\x1b", "\ufeff")


def changed(text, chance):
    for _ in range(chance.choice((1, 1, 2, 5))):
        lines = text.split("\n")
        n, kind = chance.randrange(len(lines)), chance.randrange(6)
        at = chance.randrange(len(text) + 1)
        if kind == 0:
            text = text[:at] + chance.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + chance.choice((1, 1, 5, 50)):]
        elif kind == 2:
            text = "\n".join(lines[:n] + lines[n + 1:])
        elif kind == 3:
            text = "\n".join(lines[:n + 1] + lines[n:])
        elif kind == 4:
            text = text[:at] + chr(chance.randrange(256)) + text[at + 1:]
        else:
            key = lines[n].split("=")[0]
            text = "\n".join([*lines[:n], f"{key}= {chance.choice(PIECES)}", *lines[n + 1:]])
    return text


def outcome(folder, table, mapping):
    """'converted' or 'refused', or what went wrong."""
    paths = [os.path.join(folder, name) for name in ("t.csv", "t.ini", "out.nc")]
    for path, text in zip(paths, (table, mapping)):
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    if os.path.exists(paths[2]):
        os.remove(paths[2])
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = convert([paths[0], paths[2], "--mapping", paths[1]])
    except SystemExit as end:
        status = end.code
    except Exception:  # pylint: disable=broad-except
        return traceback.format_exc()
    if status == 0:
        return "converted" if os.path.exists(paths[2]) else "status 0 without a file"
    if status == 2 and "error: " in said.getvalue():
        return "refused"
    return f"status {status}: {said.getvalue()}"


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    warnings.simplefilter("ignore")
    end, counts, crashes = time.monotonic() + seconds, {"converted": 0, "refused": 0}, {}
    with tempfile.TemporaryDirectory(prefix="glebe_fuzz_") as folder:
        while time.monotonic() < end:
            table, mapping = chance.choice(SEEDS)
            if chance.random() < 0.7:
                mapping = changed(mapping, chance)
            else:
                table = changed(table, chance)
            found = outcome(folder, table, mapping)
            if found in counts:
                counts[found] += 1
            else:
                crashes.setdefault(found.strip().split("\n")[-1], (found, table, mapping))
    print(f"converters: {sum(counts.values()) + len(crashes)} executions, "
          f"{counts['converted']} converted, {counts['refused']} refused, "
          f"{len(crashes) or 'no'} different crash{'es' * (len(crashes) > 1)}")
    for found, _, mapping in crashes.values():
        print(found, mapping, sep="\n", file=sys.stderr)
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
