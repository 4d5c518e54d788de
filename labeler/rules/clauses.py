"""One comparison of a rule: its margin, the band in which nobody can tell, and how two combine.

Score, `low` and `high` are margins in limits: the margin as measured, and the least and the most
that it may be. A clause that was not measured may be anything, so that its answer is never taken
for a pass.
"""

import math
import re
from dataclasses import dataclass

from labeler.core.units import Unit
from labeler.rules.thresholds import Limit

PER_CENT = 100.0

SIDES = re.compile(r"\{(\w+)\|(\w+)\}")
"""Two words for one number, such as ``{ahead|behind}``: the first on the limit's side of 0."""


@dataclass(frozen=True, slots=True)
class Clause:
    """How far beyond its limit (at least 0) or short of it, in limits, and in words.

    `score` is NaN where it was not measured and minus infinity where it does not count.
    """

    score: float
    low: float
    high: float
    words: str

    @property
    def is_known(self) -> bool:
        """Whether it was measured, or could not hold whatever the rest is."""
        return not math.isnan(self.score)

    @property
    def holds(self) -> bool:
        """Whether it is beyond its limit by more than the uncertainty."""
        return self.low >= 0

    @property
    def is_possible(self) -> bool:
        """Whether it is beyond its limit, or may be."""
        return self.high >= 0

    def __and__(self, other: "Clause") -> "Clause":
        """Both must hold: as strong as the weaker one; one that fails settles it."""
        known = [one for one in (self, other) if one.is_known]
        if len(known) < 2:  # what was measured settles it only by failing
            failed = [one for one in known if not one.is_possible]
            return failed[0] if failed else _UNKNOWN
        return Clause(
            min(self.score, other.score),
            min(self.low, other.low),
            min(self.high, other.high),
            f"{self.words} and {other.words}",
        )


_UNKNOWN = Clause(math.nan, -math.inf, math.inf, "")


def above(limit: Limit, value: float, words: str, *, error: float = math.nan) -> Clause:
    """`value` must reach `limit`.

    Parameters
    ----------
    words : str
        What it is, with ``{}`` for the number: as `_told` fills it in.
    error : float
        Uncertainty of this very value; NaN stands for what the limit says about all of them, which
        also holds where a coach has set it.
    """
    return _clause(limit, value, words, margin=value - limit.value, error=error)


def below(limit: Limit, value: float, words: str, *, error: float = math.nan) -> Clause:
    """`value` must not exceed `limit`; the rest as in `above`."""
    return _clause(limit, value, words, margin=limit.value - value, error=error)


def _clause(limit: Limit, value: float, words: str, *, margin: float, error: float) -> Clause:
    if not limit.is_used:
        return Clause(-math.inf, -math.inf, -math.inf, "")
    if math.isnan(margin):
        return _UNKNOWN
    band = limit.uncertainty if math.isnan(error) or limit.is_band_fixed else error
    if math.isnan(band):  # nobody knows how sure it is: no answer may be built on it
        band = math.inf
    one = abs(limit.value)
    said = _told(limit, value, words, band)
    return Clause(margin / one, (margin - band) / one, (margin + band) / one, said)


def _told(limit: Limit, value: float, words: str, band: float) -> str:
    """The words with their number, the limit and its band.

    A share is told in per cent where the words say so. With a pair of `SIDES` numbers have no sign.
    """
    scale = PER_CENT if limit.unit is Unit.RATIO and "%" in words else 1.0
    number, least, side = scale * value, scale * limit.value, ""
    if sides := SIDES.search(words):
        is_other = number * least < 0
        words = words.replace(sides[0], sides[2 if is_other else 1])
        side = f" {sides[1]}" if is_other else ""
        number, least = abs(number), abs(least)
    width = f"{float(f'{scale * band:.2g}'):g}"  # two digits, and never as a power of ten
    if math.isinf(band):
        width = "unknown"
    whose = f"; {limit.band_words}" if limit.band_words else ""
    return f"{words.format(number)} (limit {least:g} ± {width}{side}{whose})"
