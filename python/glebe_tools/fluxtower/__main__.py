# SPDX-License-Identifier: BSD-3-Clause
"""Convert a flux tower's CSV file, or any table of a station, to the NetCDF that Glebe reads.

Formats: AmeriFlux BASE, AmeriFlux L2 (the older product "with gaps") and FLUXNET2015 FULLSET
(also the AmeriFlux FLUXNET product), half-hourly or hourly, also in the zip of the download; any
other table by a mapping file (--mapping), which says what its columns are.

The output has ALMA names (SWdown, Tair, Qh, SoilTemp_5cm, ...), CF attributes, SI units, UTC time
with bounds, and fill values where the tower has none. Qh and Qle are positive upwards, the ground
heat flux Qg is positive into the ground. A soil sensor is written only when its depth is known:
from the file (L2), the mapping or --depth; so is each heat flux plate (Qg_8cm), beside Qg, the
first of them.

example:
  %(prog)s AMF_US-Wkg_BASE_HH.csv wkg.nc --utc-offset -7 --lat 31.7365 \\
      --lon -109.9419 --depth TS_1_1_1=0.05 --depth TS_1_2_1=0.15 \\
      --start 2004-05-27T07:00 --stop 2004-06-21T07:00
  %(prog)s CRNH0203-2020-AZ_Tucson_11_W.txt tucson.nc --mapping uscrn_hourly
"""
import sys

from ..command import InputError, guarded
from .conversion import Conversion
from .formats import read_tower
from .mapping import read_mapping
from .netcdf import site_of, write
from .options import parse_arguments
from .report import summary, sun_check
from .source import find_source
from .table import read_table


def read(args):
    """The tower or table of the input; completes the settings by what it says."""
    source, note = find_source(args.input, args.member)
    if args.mapping:
        tower = read_table(source, read_mapping(args.mapping), args.input_stamp)
    else:
        tower = read_tower(source, args.format)
    tower.notes += [note] if note else []
    if args.utc_offset is None:
        args.utc_offset = tower.utc_offset
    if args.utc_offset is None:
        raise InputError(f"{args.mapping} has no utc_offset; give --utc-offset, local standard "
                         "time minus UTC in hours")
    if tower.stamp and args.stamp not in (None, tower.stamp):
        raise InputError(f"--stamp {args.stamp}: column {sorted(tower.instants)[0]} has instants "
                         "at the stamps of the input; leave it out")
    args.stamp = args.stamp or tower.stamp or "end"
    return tower


def main(argv=None, program="glebe-fluxtower"):
    args = parse_arguments(argv, program, __doc__)
    return guarded(program, lambda: convert(args), errors=(InputError, OSError))


def convert(args):
    """Writes the NetCDF file, and says what came of it."""
    conversion = Conversion(read(args), args)
    axis, step, filled = write(args.output, conversion, args)
    checked = sun_check(conversion, site_of(conversion.tower, args), args.utc_offset)
    if checked:
        (conversion.warnings if checked[1] else conversion.notes).append(checked[0])
    for kind, texts in (("note", conversion.notes), ("warning", conversion.warnings)):
        for text in texts:
            print(f"{kind}: {text}", file=sys.stderr)
    print("\n".join(summary(conversion, args.output, axis, step, filled)))


if __name__ == "__main__":
    sys.exit(main())
