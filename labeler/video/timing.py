"""When each frame is shown: one policy for timestamps that are missing or run backwards."""

from fractions import Fraction

import numpy as np

from labeler.core.clip import FrameTimes

PROXY_TIME_BASE = Fraction(1, 90_000)
"""Seconds per tick in the proxy: the usual video clock; all common rates fit within half a tick."""


class PtsClock:
    """Turns the container's timestamps into seconds since the first frame.

    A frame without a timestamp comes one nominal frame after the one before it. A frame that is
    not later than the one before it would never be seen in a player, and is dropped.

    Parameters
    ----------
    time_base : Fraction
        Seconds per unit of the container's timestamps.
    nominal_frame_s : Fraction
        What a frame lasts where the container does not say.
    """

    def __init__(self, time_base: Fraction, nominal_frame_s: Fraction) -> None:
        self._time_base = time_base
        self._nominal_s = nominal_frame_s
        self._first_s: Fraction | None = None
        self._seen_s: list[Fraction] = []
        self.n_dropped = 0
        self.n_guessed = 0

    def tick(self, pts: int | None) -> Fraction | None:
        """Seconds since the first frame, exactly; None says to drop this frame."""
        at_s = self._guess() if pts is None else pts * self._time_base
        if self._first_s is None:
            self._first_s = at_s
        since_first_s = at_s - self._first_s
        if self._seen_s and since_first_s - self._seen_s[-1] < PROXY_TIME_BASE:
            self.n_dropped += 1
            return None
        self._seen_s.append(since_first_s)
        return since_first_s

    @property
    def n_frames(self) -> int:
        """Frames kept so far."""
        return len(self._seen_s)

    def times(self) -> FrameTimes:
        """All frames so far."""
        return FrameTimes(
            np.array([float(at_s) for at_s in self._seen_s]), float(self._first_s or 0)
        )

    def _guess(self) -> Fraction:
        self.n_guessed += 1
        if self._first_s is None:
            return Fraction(0)
        return self._first_s + self._seen_s[-1] + self._nominal_s
