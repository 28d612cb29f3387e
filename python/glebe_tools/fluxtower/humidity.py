# SPDX-License-Identifier: BSD-3-Clause
"""The humidity of the air from what a tower measures."""
import numpy as np

KINDS = {"rh": "RH", "vpd": "VPD", "h2o": "H2O", "e": "VapourPressure"}  # option: variable


def saturation_pressure(temperature):
    """Pa over water at `temperature` [K], after Bolton (1980), within 0.1 % of the tables above
    -20 degC."""
    celsius = temperature - 273.15
    return 611.2 * np.exp(17.67 * celsius / (243.5 + celsius))


def vapour_pressure(kind, humidity, temperature, pressure=None):
    """Pa from relative humidity [1], deficit [Pa], mole fraction in moist air [1], which needs
    the air pressure [Pa], or itself."""
    if kind == "RH":
        return np.clip(humidity, 0, 1) * saturation_pressure(temperature)
    if kind == "VPD":
        return np.clip(saturation_pressure(temperature) - humidity, 0, None)
    return humidity * pressure if kind == "H2O" else humidity


def specific_humidity(kind, humidity, temperature, pressure):
    """kg kg-1 from a humidity as vapour_pressure() has it, temperature [K] and pressure [Pa]."""
    vapour = vapour_pressure(kind, humidity, temperature, pressure)
    return 0.622 * vapour / (pressure - 0.378 * vapour)
