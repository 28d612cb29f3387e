# SPDX-License-Identifier: BSD-3-Clause
"""What a report says of parameters that were held at uncertain values, and of intervals that bounds
limit."""
import numpy as np

from ..estimates import entries, in_words
from .html import number, paragraph, table, text
from .numbers import fixed


def considered_shares(result):
    """[considered parameter][estimated entry] medians over the columns of the part of the variance,
    with the names of the first and the entries; None where nothing was considered."""
    if "considered" not in result.variables:
        return None
    names = [in_words(name) for name in str(result["considered"].attrs["names"]).split()]
    found, shares = [], []
    for entry in entries(result, estimated=True):
        variable = result.get(f"{entry.parameter}_considered_share")
        if variable is None or entry.time is not None:
            continue
        index = [i for i, other in enumerate(entries(result, estimated=True))
                 if other.parameter == entry.parameter and other.time is None]
        place = next(i for i, j in enumerate(index)
                     if entries(result, estimated=True)[j].place == entry.place)
        values = variable.values.reshape(len(names), len(index), -1)[:, place]
        if np.isfinite(values).any():
            found.append(entry)
            shares.append(np.nanmedian(values, axis=-1))
    return names, found, np.array(shares)
