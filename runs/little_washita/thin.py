#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Keep the observations of a few cells, chosen at random, and take away all others."""
import os
import sys

import numpy as np
import xarray as xr

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../python"))
from glebe_tools.command import complete, guarded, parser_of  # noqa: E402


def main(argv=None):
    parser = parser_of(__doc__, observations="the file with observations in every cell",
                       output="the file to write")
    parser.add_argument("--share", type=float, default=3.0, help="per cent of the cells kept (3)")
    parser.add_argument("--seed", type=int, default=41, help="of the choice (41)")
    args = parser.parse_args(argv)
    if not 0 < args.share <= 100:
        parser.error(f"--share {args.share:g}: must be above 0 and not above 100")

    def work():
        with xr.open_dataset(args.observations) as observed:
            n_y, n_x = observed.sizes["y"], observed.sizes["x"]
            n_kept = max(1, round(args.share / 100 * n_y * n_x))
            chosen = np.random.default_rng(args.seed).choice(n_y * n_x, n_kept, replace=False)
            kept = np.zeros(n_y * n_x, bool)
            kept[chosen] = True
            sensor = xr.DataArray(kept.reshape(n_y, n_x), dims=("y", "x"))
            thinned = observed.copy()
            for name, variable in observed.data_vars.items():
                if {"y", "x"} <= set(variable.dims):
                    thinned[name] = variable.where(sensor)
                    thinned[name].attrs = variable.attrs
            thinned["sensor"] = sensor.astype("int8")
            thinned["sensor"].attrs = {"long_name": "1 where there is a sensor"}
            with complete(args.output) as temporary:
                thinned.to_netcdf(temporary)
        print(f"{args.output}: observations in {n_kept} of {n_y * n_x} cells")
    return guarded("thin.py", work, args.observations)


if __name__ == "__main__":
    sys.exit(main())
