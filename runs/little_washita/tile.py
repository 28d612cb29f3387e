#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Repeat the grid of a NetCDF file N times in y and N times in x: more columns to scale with.

Variables on y and x are repeated, the coordinates y and x go on with their spacing, and all else
is copied. However large the file, no more than one chunk of one gridded variable is in memory.
"""
import os
import sys
from datetime import datetime, timezone

import netCDF4
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../python"))
from glebe_tools.command import InputError, complete, guarded, parser_of  # noqa: E402

AXES = ("y", "x")
RECORDS_PER_CHUNK = 24
CELLS_PER_CHUNK = 256


def continued(name, coordinate, times):
    """The coordinate `times` over, each copy shifted by the width of the one before."""
    steps = np.diff(coordinate)
    if steps.size == 0:
        raise InputError(f"{name}: one value has no spacing to go on with")
    step = (coordinate[-1] - coordinate[0]) / steps.size
    if step == 0 or not np.allclose(steps, step, rtol=1e-4, atol=0):
        raise InputError(f"{name}: not equally spaced")
    width = step * coordinate.size
    return np.concatenate([coordinate + i * width for i in range(times)])


def chunk_shape(variable):
    """The first dimension in pieces of a day of hours, y and x as long as in the source up to a
    limit: then every piece that is written fills whole chunks."""
    return [min(n, CELLS_PER_CHUNK) if dim in AXES else
            min(n, RECORDS_PER_CHUNK) if i == 0 else n
            for i, (dim, n) in enumerate(zip(variable.dimensions, variable.shape))]


def define(source, target, times):
    """Dimensions, variables and attributes of the repeated file; no values yet."""
    for name, dimension in source.dimensions.items():
        target.createDimension(name, len(dimension) * (times if name in AXES else 1))
    for name, variable in source.variables.items():
        gridded = set(AXES) <= set(variable.dimensions)
        fill = getattr(variable, "_FillValue", None)
        created = target.createVariable(
            name, variable.dtype, variable.dimensions, contiguous=not gridded,
            chunksizes=chunk_shape(variable) if gridded else None,
            fill_value=False if fill is None else fill)
        created.setncatts({key: variable.getncattr(key) for key in variable.ncattrs()
                           if key != "_FillValue"})
        created.set_auto_maskandscale(False)
        variable.set_auto_maskandscale(False)
    target.setncatts({key: source.getncattr(key) for key in source.ncattrs()})
    history = (f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ} tile.py {times} x {times}\n"
               + getattr(source, "history", ""))
    target.setncattr("history", history.rstrip())


def pieces(variable):
    """Index tuples that cover the variable chunk by chunk."""
    ranges = [[slice(i, min(i + chunk, n)) for i in range(0, n, chunk)]
              for n, chunk in zip(variable.shape, chunk_shape(variable))]
    counts = [len(r) for r in ranges]
    for index in np.ndindex(*counts):
        yield tuple(r[i] for r, i in zip(ranges, index))


def shifted(piece, variable, shift):
    """The piece of the copy number `shift[dimension]`."""
    return tuple(slice(s.start + n * shift.get(dim, 0), s.stop + n * shift.get(dim, 0))
                 for s, dim, n in zip(piece, variable.dimensions, variable.shape))


def copy(name, source, target, times):
    variable, repeated = source.variables[name], target.variables[name]
    if set(AXES) <= set(variable.dimensions):
        for piece in pieces(variable):
            values = variable[piece]
            for j in range(times):
                for i in range(times):
                    repeated[shifted(piece, variable, {"y": j, "x": i})] = values
    elif variable.dimensions in (("y",), ("x",)):
        repeated[:] = continued(name, variable[:], times)
    elif set(AXES) & set(variable.dimensions):
        raise InputError(f"{name}: has the dimensions {', '.join(variable.dimensions)}; y and x "
                         "must come together")
    else:
        repeated[...] = variable[...]


def tile(source_path, target_path, times):
    """Writes the repeated file; it is complete once it has its name."""
    with netCDF4.Dataset(source_path) as source, complete(target_path) as temporary, \
            netCDF4.Dataset(temporary, "w", format="NETCDF4") as target:
        missing = [name for name in AXES if name not in source.dimensions]
        if missing:
            raise InputError(f"no dimension {' and '.join(missing)}")
        target.set_fill_off()
        define(source, target, times)
        for name in source.variables:
            copy(name, source, target, times)


def main(argv=None):
    parser = parser_of(__doc__, input="the file to repeat", output="the file to write")
    parser.add_argument("times", metavar="N", type=int, help="copies in each direction")
    args = parser.parse_args(argv)

    def work():
        if args.times < 1:
            raise InputError(f"N = {args.times}: at least 1 copy")
        tile(args.input, args.output, args.times)
        with netCDF4.Dataset(args.output) as result:
            print(f"{args.output}: " + " x ".join(f"{len(result.dimensions[d])} {d}" for d in AXES))
    return guarded("tile.py", work, args.input, (InputError, OSError))


if __name__ == "__main__":
    sys.exit(main())
