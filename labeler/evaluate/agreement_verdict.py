"""What a κ comes to: a word for it, and whether a model may learn from such labels."""

import math
from enum import StrEnum

from labeler.evaluate.draws import Estimate

MIN_KAPPA_TO_LEARN = 0.2
"""Below this a fault is not ready for a model (movement-science.md §6.2)."""

MIN_KAPPA_WITHOUT_WARNING = 0.4
"""Below this a model may learn the fault, with a warning (movement-science.md §6.2)."""

MIN_OVERLAPS_FOR_VERDICT = 16
"""Reps rated by two that a verdict needs.

From here on the standard error of κ is at most one band of 0.2 when raters agree on 80 % of the
reps and half of those have the fault: sqrt(0.8 · 0.2 / n) / (1 - 0.5) <= 0.2.
"""

MIN_OVERLAP_RATIO = 0.2
"""Share of the reps that two or more raters should rate (movement-science.md §6.2)."""

HIGH_PABAK = 0.6
"""From here on raters say the same of four reps in five: a low κ then tells of rarity."""

BANDS = (
    (0.0, "poor"),
    (0.2, "slight"),
    (0.4, "fair"),
    (0.6, "moderate"),
    (0.8, "substantial"),
    (math.inf, "almost perfect"),
)
"""Words for a κ up to each limit (Landis & Koch 1977, Biometrics 33:159)."""


class Gate(StrEnum):
    """Whether a model may learn a fault from these raters."""

    NOT_READY = "not_ready"
    WARN = "warn"
    READY = "ready"
    CANNOT_TELL = "cannot_tell"


def band(kappa: float) -> str:
    """The word of Landis and Koch for a κ; empty for NaN."""
    if math.isnan(kappa):
        return ""
    if kappa < 0:
        return BANDS[0][1]
    return next(word for limit, word in BANDS[1:] if kappa <= limit)


def gate(kappa: Estimate, n_overlaps: int) -> Gate:
    """Read a fault's κ, unless it is not defined or rests on too few reps."""
    if math.isnan(kappa.value) or n_overlaps < MIN_OVERLAPS_FOR_VERDICT:
        return Gate.CANNOT_TELL
    if kappa.value < MIN_KAPPA_TO_LEARN:
        return Gate.NOT_READY
    return Gate.WARN if kappa.value < MIN_KAPPA_WITHOUT_WARNING else Gate.READY
