# SPDX-License-Identifier: BSD-3-Clause
"""The order of layers and rooms, read from the includes: nothing looks upwards, nothing in a circle,
and physics knows nothing but the standard library."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Each uses itself and those before it; physics and base do not know each other.
LAYERS = ["physics", "base", "config", "grid", "data", "simulation", "estimation", "app"]
ROOMS = {"physics": ["", "laws", "columns", "run"],
         "estimation": ["algebra", "problem", "search", "uncertainty", "verdict", "design"],
         "app": ["case", "log", "output", "modes"]}
# What an outside header may be used by, beside the layers after it.
OUTSIDE = {"petsc": "base", "mpi.h": "base", "fmt": "base", "netcdf": "data", "udunits2": "data",
           "Eigen": "base", "hdf5": "data", "libdeflate": "data"}
NOT_PETSC = {"simulation", "config", "grid", "data"}
STANDARD = re.compile(r"^[a-z_]+$|^experimental/simd$|^immintrin\.h$")
GENERATED = {"glebe/version.hpp", "glebe/vectors.hpp"}  # by CMake, and above no layer
INCLUDE = re.compile(r'^#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def sources():
    return sorted(p for folder in ("include/glebe", "src") for p in (ROOT / folder).rglob("*.?pp"))


def unit(path):
    """layer, room and name of a file; main.cpp stands above all layers."""
    folder = "include/glebe" if (ROOT / "include/glebe") in path.parents else "src"
    parts = path.relative_to(ROOT / folder).parts
    if len(parts) == 1:
        return "main", "", path.stem
    return parts[0], "/".join(parts[1:-1]), path.stem


def includes(path):
    """Files of the project, and names of headers from outside."""
    own, outside = [], []
    for quoted, system in INCLUDE.findall(path.read_text(encoding="utf-8")):
        if system:
            outside.append(system)
        elif quoted not in GENERATED:
            found = [p for p in (ROOT / "include" / quoted, path.parent / quoted) if p.exists()]
            own.append(found[0].resolve())
    return own, outside


class Architecture(unittest.TestCase):
    def test_no_file_looks_upwards(self):
        for path in sources():
            layer, room, _ = unit(path)
            for used in includes(path)[0]:
                other, other_room, _ = unit(used)
                where = f"{path.relative_to(ROOT)} includes {used.relative_to(ROOT)}"
                if layer == "main":
                    continue
                self.assertLessEqual(LAYERS.index(other), LAYERS.index(layer), where)
                if {layer, other} == {"physics", "base"}:
                    self.fail(where)
                if layer == other and layer in ROOMS:
                    rooms = ROOMS[layer]
                    self.assertLessEqual(rooms.index(other_room), rooms.index(room), where)

    def test_rooms_have_no_others(self):
        for path in sources():
            layer, room, _ = unit(path)
            if layer != "main":
                self.assertIn(layer, LAYERS)
                self.assertIn(room, ROOMS.get(layer, [""]), path)

    def test_no_circles(self):
        edges = {path: includes(path)[0] for path in sources()}
        done, active = set(), []

        def visit(path):
            self.assertNotIn(path, active, " -> ".join(p.name for p in [*active, path]))
            if path in done:
                return
            active.append(path)
            for used in edges[path]:
                visit(used)
            active.pop()
            done.add(path)
        for path in edges:
            visit(path)

    def test_libraries_stay_in_their_layers(self):
        for path in sources():
            layer = unit(path)[0]
            if layer == "main":
                continue
            for header in includes(path)[1]:
                where = f"{path.relative_to(ROOT)} includes <{header}>"
                if layer == "physics":
                    self.assertRegex(header, STANDARD, where)
                for library, first in OUTSIDE.items():
                    if header.startswith(library):
                        self.assertLessEqual(LAYERS.index(first), LAYERS.index(layer), where)
                if header.startswith("petsc"):
                    self.assertNotIn(layer, NOT_PETSC, where)

    def test_every_source_is_built(self):
        listed = set(re.findall(r"^  (\S+\.cpp)$",
                                (ROOT / "src/CMakeLists.txt").read_text(encoding="utf-8"),
                                re.MULTILINE))
        there = {str(p.relative_to(ROOT / "src")) for p in (ROOT / "src").rglob("*.cpp")}
        self.assertEqual(listed, there - {"main.cpp"})


if __name__ == "__main__":
    unittest.main()
