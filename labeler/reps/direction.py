"""Which way a repetition turns."""

from enum import StrEnum

import numpy as np

from labeler.core.rep import Rep
from labeler.signals.robust import median
from labeler.signals.series import ClipSignals

TURN_SIGNALS = ("thorax_axial_deg", "pelvis_axial_deg")
"""What tells it, the first that is known: + is a turn to the athlete's left."""

MIN_TURN_DEG = 5.0
"""Who turns less between start and turn has no direction: noise in depth alone makes as much."""

END_S = 0.1
"""The angles at start and turn are medians of this long."""


class Direction(StrEnum):
    """Seen from the athlete."""

    LEFT = "left"
    RIGHT = "right"


def turn_direction(signals: ClipSignals, rep: Rep) -> Direction | None:
    """The way the trunk turns from the start of a repetition to its turning point.

    None where the turn is not seen, or is smaller than 5 degrees, as in a squat.
    """
    times_s = signals.times.pts_s[rep.start_frame : rep.turn_frame + 1]
    is_start, is_end = times_s <= times_s[0] + END_S, times_s >= times_s[-1] - END_S
    for name in TURN_SIGNALS:
        angle_deg = signals[name][rep.start_frame : rep.turn_frame + 1]
        turned_deg = median(angle_deg[is_end]) - median(angle_deg[is_start])
        if np.isfinite(turned_deg):
            if abs(turned_deg) < MIN_TURN_DEG:
                return None
            return Direction.LEFT if turned_deg > 0 else Direction.RIGHT
    return None
