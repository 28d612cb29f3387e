# SPDX-License-Identifier: BSD-3-Clause
"""The observed energy balance of a surface, and what it leaves of a comparison with fluxes."""
from typing import NamedTuple

import numpy as np

from ..result import choose_column, series_of, which_of_kind
from .html import number, paragraph, table, text
from .numbers import fixed, misfit, misfit_beside, whole
from .series_sections import which_column

RADIATION, GROUND, TOGETHER = "net_radiation", "ground_heat_flux", "turbulent_heat"
APART = ("sensible_heat", "latent_heat")
LEAST = 5.0  # W m-2 of H + LE, below which a ratio of them says nothing


class Balance(NamedTuple):
    """Series with the same times, in W m-2: net radiation, ground heat flux, and the turbulent
    fluxes, together or apart."""
    radiation: np.ndarray
    ground: np.ndarray
    turbulent: list
    time: np.ndarray
    column: dict

    @property
    def sum_of_turbulent(self):
        return sum(series.observed for series in self.turbulent)

    @property
    def missing(self):
        return self.radiation - self.ground - self.sum_of_turbulent

    def closed(self, series):
        """The observed flux if all that is missing had its share, by the Bowen ratio."""
        together = self.sum_of_turbulent
        if len(self.turbulent) == 1:
            return self.radiation - self.ground
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(np.abs(together) > LEAST, series.observed / together, np.nan)
        return share * (self.radiation - self.ground)


def balance_of(result):
    """The balance of the column that the report shows; None where a flux is not observed."""
    names = [which_of_kind(result, kind) for kind in (RADIATION, GROUND)]
    together = which_of_kind(result, TOGETHER)
    names += [together] if together else [which_of_kind(result, kind) for kind in APART]
    if None in names:
        return None
    column = choose_column(result, names)
    radiation, ground, *turbulent = (series_of(result, name, column) for name in names)
    if any(not np.array_equal(one.time, radiation.time) for one in (ground, *turbulent)):
        return None
    return Balance(radiation.observed, ground.observed, turbulent, radiation.time, column)


def hours_table(balance):
    """Means by the hour of the day."""
    hour = (balance.time - balance.time.astype("datetime64[D]")) // np.timedelta64(1, "h")
    known = np.isfinite(balance.missing)
    rows = []
    for h in np.unique(hour[known]):
        here = known & (hour == h)
        means = [float(np.mean(values[here])) for values in (
            balance.radiation, balance.ground, balance.sum_of_turbulent, balance.missing)]
        rows.append([f"{int(h):02d} h", number(here.sum(), whole(here.sum())),
                     *[number(mean, fixed(mean, 0)) for mean in means]])
    header = [("hour", ""), ("values", ""), ("net radiation", ""), ("ground", ""),
              ("H + LE", ""), ("missing", "main")]
    return table("Observed balance by the hour of the stamp (UTC), W m⁻²", header, [(None, rows)])


def skill(simulated, observed):
    """(rmse, bias) of simulated minus observed."""
    difference = simulated - observed
    return float(np.sqrt(np.nanmean(difference**2))), float(np.nanmean(difference))


def skill_table(balance):
    rows = []
    for series in balance.turbulent:
        for label, observed in (("raw", series.observed), ("closed", balance.closed(series))):
            if not np.isfinite(series.simulated - observed).any():
                continue
            rmse, bias = skill(series.simulated, observed)
            rows.append([text(series.title), label, number(rmse, misfit(rmse)),
                         number(bias, misfit_beside(bias, rmse))])
    header = [("flux", ""), ("observed", "words"), ("rmse", "main"), ("bias", "")]
    return table("Simulated minus observed, W m⁻², raw and closed by the Bowen ratio", header,
                 [(None, rows)])


def by_day_and_night(result):
    """What the run has found of the ratio, and what is missing by day and by night."""
    found = {name: result.attrs.get(f"closure_{name}") for name in
             ("ratio", "ratio_day", "missing_day", "missing_night")}
    said = []
    for name, when in (("ratio", ""), ("ratio_day", " by day")):
        if found[name] is not None:
            said.append(f"H + LE is {number(found[name], fixed(found[name], 2))} of net radiation "
                        f"less ground heat flux{when}")
    for name, when in (("missing_day", "by day"), ("missing_night", "by night")):
        if found[name] is not None:
            said.append(f"{number(found[name], fixed(found[name], 0))} W m⁻² are missing {when}")
    return paragraph("; ".join(said) + ".") if said else ""


def closure(result):
    """The section, where net radiation, ground heat flux and turbulent fluxes are observed."""
    balance = balance_of(result)
    if balance is None or not np.isfinite(balance.missing).any():
        return None
    content = paragraph(
        f"On average {np.nanmean(balance.missing):.0f} W m⁻² of the observed balance are missing. "
        "The model closes its balance: it cannot meet net radiation, ground heat flux and H + LE "
        "at once where the observations do not. " + text(which_column(result, balance.column)))
    content += by_day_and_night(result) + skill_table(balance) + hours_table(balance)
    return "closure", "Observed balance", content
