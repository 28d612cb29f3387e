# SPDX-License-Identifier: BSD-3-Clause
"""An estimate that takes the longer, the more samples its bootstrap has; it is to be interrupted."""
import numpy as np

from support import estimating, site_case, weather, write_series


def long_estimate(test):
    """The case, without a bootstrap; its inputs are made in the folder of the test."""
    hours = np.arange(-6, 79)
    write_series(test.folder / "weather.nc", hours, weather(hours, (10,)), ["station"])
    twin = site_case("twin", "surface_temperature", ("soil_temperature", 0.1), time={"step": 60},
                     twin={"noise": 0.2})
    test.run_case(twin, name="truth")
    return estimating(twin, "thermal_conductivity", "heat_capacity", "albedo")
