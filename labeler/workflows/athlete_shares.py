"""How often: shares with intervals, one after the other in time, and whether they change."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Z_95: Final = 1.959963984540054
"""Half the width of a 95 % interval, in standard deviations of a normal distribution."""

MIN_TREND_REPS: Final = 8
"""Of a set of eight a mean is spoken of; with fewer at either end no change is told."""


@dataclass(frozen=True, slots=True)
class Share:
    """Repetitions with a fault among those that could be judged.

    Parameters
    ----------
    n_present, n : int
        With the fault, and judged either way.
    left_out : Mapping[str, int]
        Those that count for nothing, by why: never taken for absent.
    """

    n_present: int
    n: int
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """0 to 1; NaN where none could be judged."""
        return self.n_present / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """95 % score interval (Wilson 1927) in 0 to 1; NaN where none could be judged."""
        return wilson(self.n_present, self.n)

    @property
    def words(self) -> str:
        """``25 % (7 to 59 %), 2 of 8``, or that none could be judged."""
        if not self.n:
            return "none judged"
        low, high = self.interval
        range_ = f"{100 * low:.0f} to {100 * high:.0f} %"
        return f"{100 * self.ratio:.0f} % ({range_}), {self.n_present} of {self.n}"

    def as_dict(self) -> dict[str, Any]:
        """Plain values; None where none could be judged."""
        low, high = self.interval
        return {
            "n_present": self.n_present,
            "n": self.n,
            "ratio": _told(self.ratio),
            "low": _told(low),
            "high": _told(high),
            "left_out": dict(self.left_out),
        }


def wilson(n_present: int, n: int) -> tuple[float, float]:
    """95 % score interval of a share (Wilson 1927), 0 to 1; NaN of none."""
    if n == 0:
        return math.nan, math.nan
    share, z2 = n_present / n, Z_95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def change(first: Share, last: Share) -> tuple[float, float, float]:
    """Last less first with a 95 % interval of both score intervals (Newcombe 1998); NaN of none.

    In -1 to 1.
    """
    (low1, high1), (low2, high2) = first.interval, last.interval
    p1, p2 = first.ratio, last.ratio
    low = p2 - p1 - math.hypot(p2 - low2, high1 - p1)
    high = p2 - p1 + math.hypot(high2 - p2, p1 - low1)
    return p2 - p1, low, high


def trend_words(names: Sequence[str], shares: Sequence[Share]) -> str:
    """Whether a fault became rarer from the first period with judged repetitions to the last."""
    known = [(name, one) for name, one in zip(names, shares, strict=True) if one.n]
    if len(known) < 2:
        return "One period only: nothing can be said about a change."
    (before, first), (after, last) = known[0], known[-1]
    if min(first.n, last.n) < MIN_TREND_REPS:
        return (
            f"Too few repetitions to speak of a change: {first.n} in {before}, {last.n} in "
            f"{after}; {MIN_TREND_REPS} in each are needed."
        )
    points, low, high = (100 * value for value in change(first, last))
    range_ = f"{points:+.0f} points ({low:+.0f} to {high:+.0f})"
    if low <= 0 <= high:
        return f"No change is shown from {before} to {after}: {range_}."
    return f"{'Rarer' if points < 0 else 'More frequent'} in {after} than in {before}: {range_}."


def _told(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None
