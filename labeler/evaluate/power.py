"""How many athletes it takes to tell a difference from chance."""

import math
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import FloatArray

Z_SUM = 2.8
"""1.96 + 0.84: two-sided at 5 % with a power of 80 %, for a difference within athletes."""

PUBLISHED_SD = 0.21
"""Spread between athletes of the difference in balanced accuracy, measured on UI-PRMD (§6.6 of the
domain); stands in where too few athletes can be rated here."""

MIN_GROUPS_FOR_SD = 3
"""Fewer athletes than this give no spread worth the name."""


@dataclass(frozen=True, slots=True)
class Settling:
    """How many athletes (or sets) would settle a difference, if it stayed as it is.

    Parameters
    ----------
    n_groups : int
        Those who are there now.
    n_rated : int
        Those of them with reps of both kinds: the spread rests on these.
    sd : float
        Spread between them of the difference.
    is_measured : bool
        Whether `sd` was measured here; otherwise it is `PUBLISHED_SD`.
    n_needed : int | None
        How many it takes in all; None where the difference is 0 or not known.
    """

    n_groups: int
    n_rated: int
    sd: float
    is_measured: bool
    n_needed: int | None

    @property
    def n_more(self) -> int | None:
        """How many more; None where no number would do."""
        return None if self.n_needed is None else max(0, self.n_needed - self.n_groups)


def settling(value: float, by_group: FloatArray, *, n_groups: int) -> Settling:
    """Athletes needed to tell `value` from 0: (2.8 sd / value)², from §6.6 of the domain.

    Parameters
    ----------
    value : float
        The difference; NaN is not known.
    by_group : FloatArray
        The same difference of each athlete who can be rated, shape (n_rated,).
    """
    is_measured = by_group.size >= MIN_GROUPS_FOR_SD
    sd = float(np.std(by_group, ddof=1)) if is_measured else PUBLISHED_SD
    n_needed = None if math.isnan(value) or value == 0 else math.ceil((Z_SUM * sd / value) ** 2)
    return Settling(n_groups, int(by_group.size), sd, is_measured, n_needed)
