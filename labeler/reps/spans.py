"""Places of a repetition on the even clock, and what they are as frames of the clip."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.rep import Rep
from labeler.reps.course import Course
from labeler.signals.series import ClipSignals

NO_REST_RATIO = 0.1
"""Quiet for less than this share of a period between two reps is no rest: they follow each other.

The smoothest movement there is (minimum jerk) is slower than 5 % of its highest speed for 6 % of
its period about each end.
"""

TURN_RATIO = 0.1
"""Within this share of the rise from the furthest step counts as being at the turn."""


@dataclass(frozen=True, slots=True)
class Span:
    """Start, turn and end of a candidate, in steps of its course, and whether it stands out."""

    start: int
    turn: int
    stop: int
    is_clear: bool = True
    """Stands out as far as repetitions do; the others are looked at for their reasons only."""
    why_not: str | None = None
    """Why it is no repetition, where the way it was cut tells."""


def middle_of_stretch(values: FloatArray, before: int, peak: int, after: int) -> int:
    """Middle of the stretch around a peak in which the body is almost as far as it goes.

    The very highest step of a flat top is a matter of noise: two cameras put it further apart.
    """
    rise = values[peak] - max(values[before], values[after])
    is_left = values < values[peak] - TURN_RATIO * rise
    left, right = np.flatnonzero(is_left[before:peak]), np.flatnonzero(is_left[peak : after + 1])
    first = before + int(left[-1]) + 1 if left.size else peak
    last = peak + int(right[0]) - 1 if right.size else peak
    return round((first + last) / 2)


def met(spans: Sequence[Span], course: Course) -> list[Span]:
    """Spans that meet in the middle of the least bent stretch where there is no rest between."""
    found = list(spans)
    for place, (one, after) in enumerate(pairwise(spans)):
        if after.start - one.stop < NO_REST_RATIO * (after.turn - one.turn):
            least = one.turn + int(np.argmin(course.values[one.turn : after.turn + 1]))
            middle = middle_of_stretch(-course.values, one.turn, least, after.turn)
            found[place] = replace(found[place], stop=middle)
            found[place + 1] = replace(found[place + 1], start=middle)
    return found


def rep_of(span: Span, course: Course, signals: ClipSignals) -> Rep | None:
    """Steps of the even clock as frames with their own times; None when too few are left."""
    times = signals.times
    start, turn, end = (
        _nearest(times.pts_s, course.times_s[step]) for step in (span.start, span.turn, span.stop)
    )
    is_open = end == signals.n_frames - 1  # the clip ends first: its last frame belongs to the rep
    stop = end + 1 if is_open else end
    turn = min(turn, stop - 1)
    if turn < start:
        return None
    start_s, turn_s, stop_s = (times.boundary_s(frame) for frame in (start, turn, stop))
    return Rep(start, turn, stop, start_s, turn_s, stop_s)


def _nearest(pts_s: FloatArray, at_s: float) -> int:
    """The frame whose time is nearest."""
    after = int(np.searchsorted(pts_s, at_s))
    if after == 0 or after == len(pts_s):
        return min(after, len(pts_s) - 1)
    return after - 1 if at_s - pts_s[after - 1] <= pts_s[after] - at_s else after
