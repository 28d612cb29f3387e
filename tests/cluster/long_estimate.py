# SPDX-License-Identifier: BSD-3-Clause
"""An estimate that takes the longer, the more samples its bootstrap has; it is to be interrupted."""
import time

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


def lengthen(test, case, seconds):
    """Gives the case so many samples that two ranks of this machine need more than `seconds`; the
    result of that run, which nobody has interrupted."""
    samples, taken = 100, 0
    while taken < seconds:
        samples *= 2
        case["posterior"] = {"bootstrap": samples}
        started = time.monotonic()
        whole = test.run_case(case, name="whole", ranks=2).data
        taken = time.monotonic() - started
    return whole
