# SPDX-License-Identifier: BSD-3-Clause
"""How observations that the fit has not seen are predicted, beside what they vary by and beside
regressions on the forcing."""
import numpy as np

from ..result import grid_of, stream_title
from .html import number, paragraph, table, text
from .numbers import fixed, misfit, misfit_beside, units, whole
from .tables import stream_names

REGRESSIONS = {"1lin": "a linear regression on shortwave radiation",
               "2lin": "a linear regression on shortwave radiation and air temperature",
               "3km27": "regressions on these and humidity, one in each of 27 clusters of them"}


def values_of(result, name):
    """The finite values of a variable over all columns; none where the file lacks it."""
    if name not in result:
        return np.zeros(0)
    values = np.ravel(result[name].values)
    return values[np.isfinite(values)]


def median_of(result, name):
    values = values_of(result, name)
    return float(np.median(values)) if values.size else np.nan


def judged_streams(result):
    return [name for name in stream_names(result) if f"{name}_skill" in result]


def size_cell(value, rmse):
    """An error beside the model's; empty where it is not known."""
    return number(value, misfit_beside(value, rmse)) if np.isfinite(value) else ""


def skill_cell(skill):
    shown = number(skill, fixed(skill, 2 if skill < 0.995 else 4)) if np.isfinite(skill) else ""
    return (shown, "alarm") if skill < 0 else shown


def skill_row(result, name, regressions):
    rmse, skills = median_of(result, f"rmse_{name}"), values_of(result, f"{name}_skill")
    cells = [text(stream_title(result, name)), number(rmse, misfit(rmse)),
             size_cell(median_of(result, f"bias_{name}"), rmse),
             size_cell(median_of(result, f"{name}_observed_std"), rmse),
             skill_cell(median_of(result, f"{name}_skill")),
             *(size_cell(median_of(result, f"{name}_rmse_{one}"), rmse) for one in regressions),
             text(units(str(result[f"rmse_{name}"].attrs.get("units", ""))))]
    if grid_of(result):
        worse = int((skills < 0).sum())
        shown = number(worse, f"{whole(worse)} of {whole(skills.size)}")
        cells.append((shown, "alarm") if worse else shown)
    return cells


def skill_table(result):
    """The table with the verdicts of the file above it; empty where nothing was judged."""
    names = [name for name in judged_streams(result) if values_of(result, f"rmse_{name}").size]
    if not names:
        return ""
    regressions = [one for one in REGRESSIONS
                   if any(values_of(result, f"{name}_rmse_{one}").size for name in names)]
    told = [str(result[f"{name}_skill"].attrs["verdict"]) for name in names
            if "verdict" in result[f"{name}_skill"].attrs]
    content = "".join(paragraph(text(line[0].upper() + line[1:] + ".")) for line in told)
    if content:
        content = f'<div class="verdict">{content}</div>'
    header = [("stream", ""), ("rmse", "main"), ("bias", ""), ("observations vary by", ""),
              ("skill", ""), *((one, "") for one in regressions), ("", "units")]
    if grid_of(result):
        header.append(("columns worse than mean", ""))
    over = ", medians over columns" if grid_of(result) else ""
    content += table(f"Withheld observations{over}", header,
                     [(None, [skill_row(result, name, regressions) for name in names])])
    note = ("Skill is 1 for a perfect prediction, 0 for one as good as the observations' own mean, "
            "negative for a worse one.")
    for one in regressions:
        note += f" {one}: rmse of {REGRESSIONS[one]}."
    if regressions:
        note += " Regressions are fitted to these observations, which the model has not seen."
    return content + paragraph(note, "note")
