"""Descent, hold and ascent of one repetition."""

from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.signals.lowpass import speed_per_s

HOLD_SPEED_RATIO = 0.05
"""Held: slower than this share of the rep's highest speed."""

MIN_HOLD_S = 0.15
"""Every turn is slow for a moment; only longer than this it is a hold."""


@dataclass(frozen=True, slots=True)
class Phases:
    """Where the descent of a rep ends and its ascent begins, in seconds; equal without a hold."""

    descent_stop_s: float
    ascent_start_s: float

    @property
    def hold_s(self) -> float:
        """How long the body stays at the turn."""
        return self.ascent_start_s - self.descent_stop_s


def phases_of(values: FloatArray, times_s: FloatArray, turn: int) -> Phases:
    """Phases of a rep from the signal that leads it.

    Parameters
    ----------
    values, times_s : FloatArray
        Shape (n_frames,): the signal within the rep, and when. Unseen frames end a hold.
    turn : int
        The turning point, counted from the rep's first frame.
    """
    turn_s = float(times_s[turn])
    speed = np.abs(speed_per_s(values, times_s))
    known = speed[np.isfinite(speed)]
    if not known.size:
        return Phases(turn_s, turn_s)
    is_held = speed < HOLD_SPEED_RATIO * known.max()
    moves = np.flatnonzero(~is_held)
    before, after = moves[moves <= turn], moves[moves >= turn]
    start_s = float(times_s[before[-1]]) if before.size else float(times_s[0])
    stop_s = float(times_s[after[0]]) if after.size else float(times_s[-1])
    if stop_s - start_s <= MIN_HOLD_S:
        return Phases(turn_s, turn_s)
    return Phases(start_s, stop_s)
