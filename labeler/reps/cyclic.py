"""Repetitions that go down and come back: peaks of the effort, then outwards to where it rests."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import find_peaks

from labeler.catalog.spec import Movement, RestAt
from labeler.core.arrays import FloatArray, IntArray
from labeler.reps.course import REST_SPEED_RATIO, Course, arrives, leaves, rhythm_s
from labeler.reps.spans import Span, met, middle_of_stretch
from labeler.signals.robust import percentile

GENERIC_PERIOD_S = (0.8, 8.0)
"""Shortest and longest rep of a movement that was not told."""

MIN_PROMINENCE_RATIO = 0.4
"""A rep stands out by this share of the usual range, 5th to 95th percentile."""

LOOK_PROMINENCE_RATIO = 0.15
"""What stands out by this share of the usual range is looked at, and turned down in words."""

MIN_DISTANCE_RATIO = 0.5
"""Two reps are at least this share of the rhythm apart."""

DEAD_STOP_S = 0.5
"""Who rests at the bottom for longer pulls anew from there; a bounce or a touch is shorter."""


@dataclass(frozen=True, slots=True)
class Around:
    """A peak with the least bent step before and after it."""

    before: int
    peak: int
    after: int
    is_clear: bool


def cyclic_spans(course: Course, movement: Movement | None, min_range: float) -> list[Span]:
    """Candidates in time; none when the course varies less than `min_range` in its own unit."""
    spans = [
        _span(course, around, rests_at_turn=_rests_at_turn(movement))
        for around in _efforts(course, movement, min_range)
    ]
    return met(spans, course)


def _rests_at_turn(movement: Movement | None) -> bool:
    """Whether the deepest point is where the movement rests, as with a load on the floor."""
    return movement is not None and movement.rest_at is RestAt.BOTTOM


def _efforts(course: Course, movement: Movement | None, min_range: float) -> list[Around]:
    """Peaks of the course that may be repetitions, the clip's edges included."""
    values = course.values
    usual_range = percentile(values, 95.0) - percentile(values, 5.0)
    if usual_range < min_range:
        return []
    rest = values.min()
    padded = np.concatenate([[rest], values, [rest]])  # a clip may begin or end bent
    peaks, found = find_peaks(padded, prominence=LOOK_PROMINENCE_RATIO * usual_range)
    heights, prominences = padded[peaks] - rest, found["prominences"]
    is_own = prominences >= MIN_PROMINENCE_RATIO * heights  # no rest between: one effort, one peak
    clear = is_own & (prominences >= MIN_PROMINENCE_RATIO * usual_range)
    apart = _least_apart(course, movement)
    kept = _far_apart(peaks[is_own] - 1, values, apart)
    return _valleys(values, kept, set((peaks[clear] - 1).tolist()))


def _least_apart(course: Course, movement: Movement | None) -> float:
    """Steps that lie at least between two reps."""
    period_s = GENERIC_PERIOD_S if movement is None else movement.period_s
    apart_s = MIN_DISTANCE_RATIO * (rhythm_s(course, period_s) or period_s[0])
    return apart_s / course.step_s


def _far_apart(peaks: IntArray, values: FloatArray, apart: float) -> list[int]:
    """Peaks without those that lie too near to a higher one, or with no valley before it.

    Of two that are exactly as high, on a flat top, SciPy lets both stand out.
    """
    rest = float(values.min())
    kept: list[int] = []
    for peak in peaks[np.argsort(-values[peaks], kind="stable")].tolist():
        low = values[peak] - MIN_PROMINENCE_RATIO * (values[peak] - rest)
        if all(
            abs(peak - other) >= apart and values[min(peak, other) : max(peak, other)].min() <= low
            for other in kept
        ):
            kept.append(peak)
    return sorted(kept)


def _valleys(values: FloatArray, peaks: list[int], clear: set[int]) -> list[Around]:
    """Each peak with the least bent step before and after it."""
    between = [a + int(np.argmin(values[a : b + 1])) for a, b in pairwise(peaks)]
    first = int(np.argmin(values[: peaks[0] + 1]))
    final = peaks[-1] + int(np.argmin(values[peaks[-1] :]))
    edges = pairwise([first, *between, final])
    return [Around(a, peak, b, peak in clear) for (a, b), peak in zip(edges, peaks, strict=True)]


def _span(course: Course, around: Around, *, rests_at_turn: bool) -> Span:
    """Where a rep leaves rest last, turns, and comes to rest first."""
    before, peak, after = around.before, around.peak, around.after
    fastest = float(np.abs(course.speed_per_s[before : after + 1]).max())
    start = leaves(course, before, peak, fastest)
    stop = arrives(course, peak, after, fastest)
    turn = middle_of_stretch(course.values, before, peak, after)
    if rests_at_turn:
        turn = _pull(course, before, turn, int(stop)) or turn
    return Span(start, turn, stop, around.is_clear)


def _pull(course: Course, before: int, turn: float, stop: int) -> float | None:
    """Where rest on the floor ends and the pull begins; None for a touch and go, or no pull."""
    speed = np.abs(course.speed_per_s[before : stop + 1])
    moves = np.flatnonzero(speed >= REST_SPEED_RATIO * speed.max())
    earlier, later = moves[moves < turn - before], moves[moves > turn - before]
    if not later.size:
        return None
    first = before + int(earlier[-1]) + 1 if earlier.size else before
    last = before + int(later[0]) - 1
    return float(last) if (last - first) * course.step_s > DEAD_STOP_S else None
