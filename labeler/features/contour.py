"""How far the back leaves its standing shape, where enough of its outline was seen."""

import math

import numpy as np

from labeler.core.clip import View
from labeler.core.units import Unit
from labeler.features.registry import Role, feature
from labeler.features.rep_signals import RepSignals
from labeler.signals.contour import SEEN_MIN_RATIO

SEEN_MIN_FRAMES_RATIO = 0.7
"""With the back in view in less of the rep than this, its largest bend may have been missed."""

SIDE_ONLY = (View.SIDE,)
"""From anywhere else the outline is that of a flank."""

SOURCE = "in-house: outline of the back in the mask, against the athlete's own standing back"
WHEN = "where the back was in view in seven tenths of the rep; clothing that hangs loose hides it"


@feature(
    unit=Unit.DEGREE,
    needs=("back_tangent_deg", "back_seen_ratio"),
    views=SIDE_ONLY,
    source=SOURCE,
    when=WHEN,
)
def back_tangent_change_deg(rep: RepSignals) -> float:
    """Furthest that the upper back bends forward against the lower, beyond how they stand."""
    return _furthest(rep, "back_tangent_deg")


@feature(
    unit=Unit.RATIO,
    needs=("back_sag_ratio", "back_seen_ratio"),
    views=SIDE_ONLY,
    source=SOURCE,
    when=WHEN,
)
def back_sag_change_ratio(rep: RepSignals) -> float:
    """Most that the back is further off its own chord than standing, in trunk lengths."""
    return _furthest(rep, "back_sag_ratio")


@feature(
    unit=Unit.RATIO,
    needs=("back_seen_ratio",),
    views=SIDE_ONLY,
    source="in-house: frames in which seven tenths of the stations along the back were seen",
    role=Role.QUALITY,
)
def contour_seen_ratio(rep: RepSignals) -> float:
    """Share of frames in which the outline of the back can be used; NaN where it has none."""
    seen = rep["back_seen_ratio"]
    return float(np.mean(seen >= SEEN_MIN_RATIO)) if np.isfinite(seen).any() else math.nan


def _furthest(rep: RepSignals, name: str) -> float:
    """Largest value of a signal that is 0 standing; NaN where too little of the rep was seen."""
    known = rep[name][np.isfinite(rep[name])]
    is_enough = known.size and contour_seen_ratio(rep) >= SEEN_MIN_FRAMES_RATIO
    return float(known.max()) if is_enough else math.nan
