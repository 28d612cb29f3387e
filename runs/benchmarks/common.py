# SPDX-License-Identifier: BSD-3-Clause
"""What the benchmarks share: the forms of the surface, namelists, runs, tables."""
import pathlib
import subprocess
import sys
from typing import NamedTuple

import numpy as np
import xarray as xr

# Parameters of each form of exchange: (first guess, lower bound, upper bound).
EXCHANGE = {
    "coefficients": {"heat_transfer": (10, 0, 60), "heat_transfer_wind": (2, 0, 20)},
    "stability": {"heat_transfer": (10, 0, 60), "heat_transfer_wind": (2, 0, 20)},
    "louis": {"roughness_length": (0.05, 1e-4, 0.5), "heat_roughness": (0.13, 0.01, 1)},
}
# What can be added to each of them.
EXTRAS = {
    "canopy": {"vegetation_fraction": (0.3, 0, 0.95), "canopy_transfer": (20, 1, 100)},
    "skin": {"cover_resistance": (0.02, 0, 0.5)},
}


class Model(NamedTuple):
    """A form of exchange with extras."""
    exchange: str
    extras: tuple = ()

    @property
    def label(self):
        return " + ".join([self.exchange, *self.extras])

    @property
    def parameters(self):
        return EXCHANGE[self.exchange] | {name: limits for extra in self.extras
                                          for name, limits in EXTRAS[extra].items()}


# ---- Namelists ------------------------------------------------------------------------------

def in_fortran(value):
    if isinstance(value, bool):
        return ".true." if value else ".false."
    if isinstance(value, (list, tuple)):
        return ", ".join(map(in_fortran, value))
    return f"'{value}'" if isinstance(value, str) else f"{value:.10g}"


def group(kind, /, **keys):
    """One group of a namelist; keys that are None are left out."""
    body = ", ".join(f"{key} = {in_fortran(value)}" for key, value in keys.items()
                     if value is not None)
    return f"&{kind} {body} /"


def fixed(name, value, **keys):
    return group("parameter", name=name, value=value, **keys)


def estimated(name, limits, **keys):
    """`limits`: first guess, lower and upper bound."""
    value, lower, upper = limits
    return group("parameter", name=name, value=value, estimate=True, lower=lower, upper=upper,
                 **keys)


def surface(model, heights, **keys):
    """&surface; `heights` are wind_height (of the air temperature too) and displacement."""
    if model.exchange != "coefficients":
        keys |= {"exchange": model.exchange, **heights}
    return group("surface", **keys)


def write(path, lines):
    path.write_text("! Written by runs/benchmarks.\n" + "\n".join(lines) + "\n")


# ---- Runs -----------------------------------------------------------------------------------

class Program:
    """Runs namelists in a folder: <name>.nml gives <name>.nc and <name>.log."""

    def __init__(self, command, folder):
        self.command, self.folder = list(command), pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.settings = subprocess.run([*self.command, "--describe"], check=True, text=True,
                                       stdout=subprocess.PIPE).stdout

    def has(self, model):
        """Whether the program has this form; says so if not."""
        words = [*model.parameters, *{model.exchange} - {"coefficients"}]
        missing = [word for word in words if f"'{word}'" not in self.settings]
        if missing:
            print(f"{model.label}: left out, this program does not have {', '.join(missing)}",
                  file=sys.stderr)
        return not missing

    def run(self, name, lines):
        """The result of a namelist."""
        write(self.folder / f"{name}.nml", lines)
        done = subprocess.run([*self.command, self.folder / f"{name}.nml"], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        (self.folder / f"{name}.log").write_text(done.stdout)
        if done.returncode:
            sys.exit(f"{done.stdout}\n{name}: failed, status {done.returncode}")
        return xr.load_dataset(self.folder / f"{name}.nc")


def parameters_of(result):
    """{name: values} of the estimated parameters."""
    names = dict.fromkeys(name.split("[")[0] for name in result.control.attrs["names"].split())
    return {name: np.atleast_1d(result[name].values) for name in names}


def at_bound(result, name):
    return bool(np.any(result[f"{name}_at_bound"].values))


def text_of_parameters(result):
    """'heat_transfer 12.3, ...'; a star: at a bound."""
    return ", ".join(f"{name} {' and '.join(f'{value:.3g}' for value in values)}"
                     + "*" * at_bound(result, name)
                     for name, values in parameters_of(result).items())


# ---- Tables ---------------------------------------------------------------------------------

def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def page(path, parts):
    """Writes a page of {title: text}, and prints it."""
    text = "\n".join(f"## {title}\n\n{part}" for title, part in parts.items())
    path.write_text(text)
    print(text)


def root_mean_square(values):
    return float(np.sqrt(np.mean(np.square(np.asarray(values, float)))))
