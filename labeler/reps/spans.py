"""Places of a repetition on the even clock, and what they are as frames of the clip."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.rep import Rep
from labeler.reps.course import Course
from labeler.signals.gaps import TIME_EPS_S
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
    """Start, turn and end of a candidate, in steps of its course, and whether it stands out.

    Each lies between two steps where that is where it was found: the same movement is then cut at
    the same moments, wherever a camera's frames happen to fall.
    """

    start: float
    turn: float
    stop: float
    is_clear: bool = True
    """Stands out as far as repetitions do; the others are looked at for their reasons only."""
    why_not: str | None = None
    """Why it is no repetition, where the way it was cut tells."""

    @property
    def steps(self) -> slice:
        """The steps of the course from its start to its end, both included."""
        return slice(round(self.start), round(self.stop) + 1)


def middle_of_stretch(values: FloatArray, before: int, peak: int, after: int) -> float:
    """Middle of the stretch around a peak in which the body is almost as far as it goes.

    The very highest step of a flat top is a matter of noise: two cameras put it further apart.
    """
    rise = values[peak] - max(values[before], values[after])
    missing = values[peak] - TURN_RATIO * rise - values
    is_off = missing > 0
    left, right = np.flatnonzero(is_off[before:peak]), np.flatnonzero(is_off[peak : after + 1])
    first = before + int(left[-1]) if left.size else peak
    last = peak + int(right[0]) if right.size else peak
    return (_root(missing, first, first + 1) + _root(missing, last, last - 1)) / 2


def summit(values: FloatArray, peak: int) -> float:
    """Where a peak is highest, between the steps by a parabola; an edge is its own summit."""
    if not 0 < peak < len(values) - 1:
        return float(peak)
    before, top, after = values[peak - 1 : peak + 2]
    bend = before - 2.0 * top + after
    return peak + (float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend else 0.0)


def _root(values: FloatArray, out: int, inside: int) -> float:
    """Where a line from a step above zero to its neighbour meets zero; a step not above is it."""
    if not values[out] > 0:
        return float(out)
    return out + (inside - out) * float(values[out] / (values[out] - values[inside]))


def met(spans: Sequence[Span], course: Course) -> list[Span]:
    """Spans that meet in the middle of the least bent stretch where there is no rest between."""
    found = list(spans)
    for place, (one, after) in enumerate(pairwise(spans)):
        share = rest_share(after.start - one.stop, after.turn - one.turn)
        if share < 1.0:
            turn, turn_after = round(one.turn), round(after.turn)
            least = turn + int(np.argmin(course.values[turn : turn_after + 1]))
            middle = middle_of_stretch(-course.values, turn, least, turn_after)
            found[place] = replace(found[place], stop=middle + share * (one.stop - middle))
            found[place + 1] = replace(
                found[place + 1], start=middle + share * (after.start - middle)
            )
    return found


def rest_share(rest: float, period: float) -> float:
    """1 for a rest, 0 for none, and between half of the least rest and all of it what lies between.

    A yes or no would leap: a hair's breadth of noise could move an edge by a tenth of a period.
    """
    return float(np.clip(2.0 * rest / (NO_REST_RATIO * period) - 1.0, 0.0, 1.0))


def rep_of(span: Span, course: Course, signals: ClipSignals) -> Rep | None:
    """The span in seconds, with the frames then in sight; None when too few are left."""
    times = signals.times
    steps = np.arange(len(course.times_s))
    start_s, turn_s, stop_s = (
        float(np.interp(step, steps, course.times_s)) for step in (span.start, span.turn, span.stop)
    )
    start, turn, end = (in_sight(times.pts_s, at_s) for at_s in (start_s, turn_s, stop_s))
    is_open = end == signals.n_frames - 1  # the clip ends first: its last frame belongs to the rep
    stop = end + 1 if is_open else end
    turn = min(turn, stop - 1)
    if turn < start:
        return None
    return Rep(start, turn, stop, start_s, turn_s, times.duration_s if is_open else stop_s)


def in_sight(pts_s: FloatArray, at_s: float) -> int:
    """The frame that a player shows at a moment: the last one that has begun."""
    return max(int(np.searchsorted(pts_s, at_s + TIME_EPS_S, side="right")) - 1, 0)
