"""Fills short gaps of landmarks from what is known on both sides, all gaps in one go."""

from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray, IntArray
from labeler.core.clip import FrameTimes

CURVED_GAP_S = 0.15
"""Gaps up to here are filled along a curve, longer ones along a line."""

MAX_GAP_S = 0.4
"""Longer gaps stay NaN."""

TIME_EPS_S = 1e-6
"""Sums of time stamps differ in their last digits."""


def fill_gaps(points: FloatArray, times: FrameTimes) -> FloatArray:
    """Landmarks with short gaps filled; a copy.

    A gap is as long as its missing frames: from the last known frame to the next, less one frame.
    Gaps up to `CURVED_GAP_S` follow a monotone cubic, up to `MAX_GAP_S` a line; nothing is
    continued beyond the first or the last known frame.

    Parameters
    ----------
    points : FloatArray
        Shape (n_frames, n_landmarks, n_coordinates); all coordinates of a point are NaN, or none.
    """
    filled = points.copy()
    is_known = np.isfinite(points[..., 0])
    gappy = np.flatnonzero(is_known.any(axis=0) & ~is_known.all(axis=0))
    if len(points) < 3 or not len(gappy):
        return filled
    known = _Known(points.take(gappy, axis=1), times.pts_s)
    gap_s = known.gap_lengths_s(times.frame_s)
    is_curved = gap_s <= CURVED_GAP_S + TIME_EPS_S
    is_line = ~is_curved & (gap_s <= MAX_GAP_S + TIME_EPS_S)
    for is_chosen, along in ((is_line, _line), (is_curved, _curve)):
        rows, columns = np.nonzero(is_chosen)
        before, after = known.before[rows, columns], known.after[rows, columns]
        filled[rows, gappy[columns]] = along(known, rows, columns, before, after)
    return filled


def gap_lengths_s(points: FloatArray, times: FrameTimes) -> FloatArray:
    """How long the gap is that an unknown point lies in; shape (n_frames, n_landmarks).

    NaN where a point is known, and before the first or after the last that is.
    """
    return _Known(points, times.pts_s).gap_lengths_s(times.frame_s)


@dataclass(frozen=True)
class _Stretch:
    """Stretches between two known points: their time, and change per second; shapes (n, ...).

    `is_known`, of shape (n, 1), is False where there is no such stretch; its numbers then mean
    nothing.
    """

    step_s: FloatArray
    slope: FloatArray
    is_known: BoolArray


class _Known:
    """Points with, for every frame and landmark, the last frame up to it and the next from it on.

    Where there is none: -1 before, n_frames after.
    """

    def __init__(self, points: FloatArray, pts_s: FloatArray) -> None:
        n_frames = len(points)
        frames = np.arange(n_frames)[:, None]
        self.points, self.pts_s = points, pts_s
        self.is_known = np.isfinite(points[..., 0])
        self.before = np.maximum.accumulate(np.where(self.is_known, frames, -1))
        self.after = np.minimum.accumulate(np.where(self.is_known, frames, n_frames)[::-1])[::-1]

    def gap_lengths_s(self, frame_s: float) -> FloatArray:
        """See the function of that name."""
        is_inside = ~self.is_known & (self.before >= 0) & (self.after < len(self.points))
        found = np.full(self.is_known.shape, np.nan)
        last, following = self.before[is_inside], self.after[is_inside]
        found[is_inside] = self.pts_s[following] - self.pts_s[last] - frame_s
        return found

    def stretch(self, columns: IntArray, start: IntArray, stop: IntArray) -> _Stretch:
        """From one known frame of each landmark to another."""
        last = len(self.points) - 1
        is_known = (start >= 0) & (stop <= last)
        start, stop = np.maximum(start, 0), np.minimum(stop, last)
        step_s = (self.pts_s[stop] - self.pts_s[start])[:, None]
        step_s = np.where(is_known[:, None], step_s, 1.0)
        slope = (self.points[stop, columns] - self.points[start, columns]) / step_s
        return _Stretch(step_s, slope, is_known[:, None])

    def beside(
        self, columns: IntArray, before: IntArray, after: IntArray
    ) -> tuple[_Stretch, _Stretch]:
        """The stretches next to those from `before` to `after`, on either side."""
        last = len(self.points) - 1
        earlier = np.where(before > 0, self.before[before - 1, columns], -1)
        later = np.where(after < last, self.after[np.minimum(after + 1, last), columns], last + 1)
        return self.stretch(columns, earlier, before), self.stretch(columns, after, later)


def _line(
    known: _Known, rows: IntArray, columns: IntArray, before: IntArray, after: IntArray
) -> FloatArray:
    """On the straight way from the last known point to the next."""
    since_s = (known.pts_s[rows] - known.pts_s[before])[:, None]
    return known.points[before, columns] + since_s * known.stretch(columns, before, after).slope


def _curve(
    known: _Known, rows: IntArray, columns: IntArray, before: IntArray, after: IntArray
) -> FloatArray:
    """On the monotone cubic through all known points of the landmark (Fritsch and Butland 1984).

    Between two points it depends on them and on one more point to either side.
    """
    own = known.stretch(columns, before, after)
    earlier, later = known.beside(columns, before, after)
    begin = np.where(
        earlier.is_known, _inner_slope(earlier, own), _outer_slope(own, later, later.is_known)
    )
    end = np.where(
        later.is_known, _inner_slope(own, later), _outer_slope(own, earlier, earlier.is_known)
    )
    share = (known.pts_s[rows] - known.pts_s[before])[:, None] / own.step_s
    rest = 1.0 - share
    bulge_s = own.step_s * share * rest
    ways = share**2 * (3.0 - 2.0 * share) * own.step_s * own.slope
    bulge = bulge_s * (rest * begin - share * end)
    filled: FloatArray = known.points[before, columns] + ways + bulge
    return filled


def _inner_slope(one: _Stretch, two: _Stretch) -> FloatArray:
    """Where two stretches meet: their weighted harmonic mean, 0 at a summit."""
    weights = (two.step_s * 2.0 + one.step_s, two.step_s + one.step_s * 2.0)
    with np.errstate(divide="ignore", invalid="ignore"):  # taken only where neither is 0
        mean = (weights[0] + weights[1]) / (weights[0] / one.slope + weights[1] / two.slope)
    return np.where(one.slope * two.slope > 0, mean, 0.0)


def _outer_slope(own: _Stretch, next_one: _Stretch, has_next: BoolArray) -> FloatArray:
    """At the first or last known point: of a parabola, kept from leaving the way it goes."""
    reach_s = own.step_s + next_one.step_s
    with np.errstate(divide="ignore", invalid="ignore"):  # taken only where there is a next one
        bent = ((own.step_s + reach_s) * own.slope - own.step_s * next_one.slope) / reach_s
    bent = np.where(np.sign(bent) == np.sign(own.slope), bent, 0.0)
    turns = np.sign(own.slope) != np.sign(next_one.slope)
    bent = np.where(turns & (np.abs(bent) > 3.0 * np.abs(own.slope)), 3.0 * own.slope, bent)
    return np.where(has_next, bent, own.slope)
