# SPDX-License-Identifier: BSD-3-Clause
"""Times from the words of a table: a column with a format, or several such as year, day, hour."""
import re
from datetime import datetime, timedelta

from ..command import InputError

NUMBERS = {"hours": (3600, 0), "days": (86400, 1)}  # word: (seconds, what the first one is)


def words_of(form, columns, where):
    """The format's part for each column; an error says what is wrong."""
    words = [form] if len(columns) == 1 else [word.strip() for word in form.split(",")]
    if len(words) != len(columns):
        raise InputError(f"{where}: {len(columns)} columns need {len(columns)} formats with a "
                         f"comma between them, '{form}' has {len(words)}")
    if "%z" in form or "%Z" in form:
        raise InputError(f"{where}: %z is not known; give utc_offset, and the zone as plain text")
    for word in words:
        if "%" not in word and word not in NUMBERS:
            raise InputError(f"{where}: '{word}' is no format such as %Y-%m-%d or %H%M, nor "
                             "hours (a number) nor days (day of the year, 1.0 is 1 January, 0 h)")
    try:  # of nothing, which no format matches
        datetime.strptime("", " ".join(word for word in words if word not in NUMBERS))
    except re.error:
        raise InputError(f"{where}: '{form}' has a part of the date or the time twice") from None
    except ValueError:
        pass
    return words


def moment(cells, words):
    """The time of one row; ValueError where it is none. 24:00 is the end of its day."""
    text, form, seconds = [], [], 0.0
    for cell, word in zip(cells, words):
        if word in NUMBERS:
            length, first = NUMBERS[word]
            seconds += (float(cell) - first) * length
            continue
        text.append(cell.zfill(4) if word == "%H%M" else cell)
        form.append(word)
    text, form = " ".join(text), " ".join(form)
    try:
        time = datetime.strptime(text, form)
    except ValueError:
        midnight = re.sub(r"\b24(:?)00(?!\d)", r"00\g<1>00", text)
        if midnight == text:
            raise
        time = datetime.strptime(midnight, form) + timedelta(days=1)
    return time + timedelta(seconds=round(seconds))
