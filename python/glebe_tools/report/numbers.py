# SPDX-License-Identifier: BSD-3-Clause
"""Numbers as a paper prints them: uncertainties to two significant digits, estimates to match."""
import math
import re
from typing import NamedTuple

MINUS, TIMES, PLUS_MINUS = "−", "×", "±"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# From here on, and below the other, powers of ten are easier to read than zeros.
LARGE, SMALL = 1e5, 1e-3
# Streams are temperatures of some 300 K and fluxes of up to 1000 W m-2, whose double precision
# ends at 1e-13: smaller differences are rounding, as where a twin without noise is fitted.
ROUNDING = 1e-12
RESOLVED = 0.01  # what good sensors resolve [K or W m-2]: the scale on which rounding is drawn


class Rounded(NamedTuple):
    """An estimate and its standard deviation in the same unit: 1.589, 0.020, exponent 6."""
    value: str
    std: str
    exponent: int

    @property
    def text(self):
        pair = f"{self.value} {PLUS_MINUS} {self.std}" if self.std else self.value
        if not self.exponent:
            return pair
        return f"({pair}) {power(self.exponent)}" if self.std else f"{pair} {power(self.exponent)}"


def quantity(number, unit):
    """A printed number with its unit, never parted at the end of a line."""
    return f"{number}\u00a0{units(unit)}".strip().replace(" ", "\u00a0")


def superscript(number):
    return str(number).translate(SUPERSCRIPTS)


def power(exponent):
    return f"{TIMES} 10{superscript(exponent)}" if exponent else ""


def units(text):
    """'W m-2 K-1' as 'W m⁻² K⁻¹'; nothing for a dimensionless quantity."""
    if text in ("", "1"):
        return ""
    return re.sub(r"(?<=[A-Za-z])(-?\d+)", lambda match: superscript(match.group(1)), text)


def unit_in_print(unit, exponent=0):
    """'10⁶ J m⁻³ K⁻¹': what numbers without their power of ten are multiplied with."""
    return f"{f'10{superscript(exponent)} ' if exponent else ''}{units(unit)}".strip()


def decimals_for(number, digits):
    """How many decimals show `digits` significant digits of a number, after rounding it to them:
    0.0996 to two digits is 0.10, not 0.100."""
    if number == 0 or not math.isfinite(number):
        return digits - 1
    exponent = math.floor(math.log10(abs(float(f"{abs(number):.{digits - 1}e}"))))
    return digits - 1 - exponent


def fixed(number, decimals):
    """With a true minus sign; negative `decimals` round to tens, hundreds, ..."""
    if not math.isfinite(number):
        return "–" if math.isnan(number) else ("∞" if number > 0 else f"{MINUS}∞")
    text = f"{round(number, decimals):.{max(decimals, 0)}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def common_exponent(*numbers):
    """The power of ten, a multiple of three, that is best taken out of numbers of one quantity."""
    finite = [abs(number) for number in numbers if math.isfinite(number) and number != 0]
    if not finite:
        return 0
    largest = max(finite)
    if SMALL <= largest < LARGE:
        return 0
    return 3 * math.floor(math.log10(largest) / 3)


def says_something(value, std):
    """Whether a standard deviation limits an estimate: it is there, and not a thousand times it."""
    return std > 0 and (value == 0 or std < 1000 * abs(value))


def exponent_of(value, std):
    """The power of ten for an estimate with its standard deviation."""
    return common_exponent(value, std) if says_something(value, std) else common_exponent(value)


def with_uncertainty(value, std, exponent=None):
    """An estimate with its standard deviation. Where the latter is missing (at a bound) or says
    that nothing is known (a thousand times the estimate), the estimate has three digits."""
    if exponent is None:
        exponent = exponent_of(value, std)
    scale = 10.0**exponent
    scaled, scaled_std = value / scale, std / scale
    decimals = (decimals_for(scaled_std, 2) if says_something(value, std)
                else decimals_for(scaled, 3))
    if not math.isfinite(scaled_std):
        return Rounded(fixed(scaled, decimals), "", exponent)
    if scaled_std >= LARGE:
        return Rounded(fixed(scaled, decimals), plain(scaled_std, 2), exponent)
    return Rounded(fixed(scaled, decimals), fixed(scaled_std, decimals_for(scaled_std, 2)),
                   exponent)


def measured(number, digits=3):
    """One number to a number of significant digits, all of them shown: 1.50."""
    if not math.isfinite(number):
        return fixed(number, 0)
    exponent = common_exponent(number)
    scaled = number / 10.0**exponent
    return f"{fixed(scaled, decimals_for(scaled, digits))} {power(exponent)}".strip()


def beside(number, other, digits=3):
    """A number to be read against another one of its kind: as many decimals as that one has to
    a number of digits, or one more where it has none or the number would vanish."""
    exponent = common_exponent(other)
    if not math.isfinite(number) or not math.isfinite(other) or other == 0:
        return measured(number, 2)
    scale = 10.0**exponent
    decimals = max(1, decimals_for(other / scale, digits))
    return f"{fixed(number / scale, decimals)} {power(exponent)}".strip()


def is_rounding(*differences):
    """Whether differences of streams are rounding, all of them."""
    return all(abs(difference) < ROUNDING for difference in differences)


def misfit(rmse, digits=3):
    """A size of differences, or that it is rounding: '0.321', '< 10⁻¹²'."""
    return f"< 10{superscript(-12)}" if is_rounding(rmse) else measured(rmse, digits)


def misfit_beside(number, rmse):
    """Another difference, to be read against the rmse."""
    if is_rounding(number) and (number != 0 or is_rounding(rmse)):
        return misfit(number)
    return beside(number, rmse)


def plain(number, digits=3):
    """One number to a number of significant digits, without digits that say nothing:
    0.5, 296, 1.5 × 10⁶."""
    if not math.isfinite(number):
        return fixed(number, 0)
    exponent = common_exponent(number)
    scaled = number / 10.0**exponent
    text = fixed(scaled, decimals_for(scaled, digits))
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text} {power(exponent)}".strip()


def given(number, exponent=0):
    """A number that a person has chosen (a bound, a first guess), as it was written."""
    return f"{number / 10.0**exponent:.6g}".replace("-", MINUS)


def correlation(r):
    """Two decimals, or four where two would say 1: what is missing from 1 is what matters."""
    text = fixed(r, 2 if abs(r) < 0.995 else 4)
    return text.replace("1.0000", "1") if abs(r) >= 0.99995 else text


def span(low, middle, high, unit):
    """'1.60 to 2.42, median 2.00 × 10⁶ J m⁻³ K⁻¹': as many decimals as tell them apart."""
    exponent = common_exponent(max(abs(low), abs(high)))
    scaled = [number / 10.0**exponent for number in (low, middle, high)]
    decimals = decimals_for(scaled[2] - scaled[0], 3)
    if not exponent and all(number % 1 == 0 for number in scaled):
        decimals = 0  # counts
    low, middle, high = (fixed(number, decimals) for number in scaled)
    return f"{low} to {high}, median " + quantity(f"{middle} {power(exponent)}".strip(), unit)


def whole(number):
    """A count with thin spaces between thousands."""
    return f"{int(number):,}".replace(",", "\u202f")


def duration(seconds):
    """A duration in words: '25 days', '30 min', '119 h'."""
    for size, name in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0 and (size != 86400 or seconds >= 2 * size):
            return f"{seconds // size:g} {name}"
    return f"{seconds:g} s"
