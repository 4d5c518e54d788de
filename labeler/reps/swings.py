"""Turns from side to side: every swing from one end to the other is a repetition."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy.signal import find_peaks

from labeler.catalog.spec import Movement
from labeler.core.arrays import FloatArray
from labeler.reps.course import TURN_LOWPASS_HZ, Course, arrives, course_along, leaves
from labeler.reps.spans import Span, rest_share, summit
from labeler.signals.robust import percentile
from labeler.signals.series import ClipSignals

MIN_TURN_DEG = 15.0
"""Who turns less from side to side stands still: a depth error of 3 cm at the shoulders is 10."""

MIN_SWING_RATIO = 0.4
"""A swing goes this share of the usual range, 5th to 95th percentile."""

THROW_SPEED_RATIO = 2.0
"""A throw is this many times as fast as the median swing; the specification's definition."""

THROW_HASTE_RATIO = 1.5
"""And this many times as fast for its way: one from end to end at the same tempo is at 1, for it is
faster than one from the middle only because it is longer."""

MIN_THROWS_RATIO = 0.25
"""With fewer throws among the swings, all swings count; with more, only the throws do.

A throw comes with a swing to wind up, one to come back, and at times one to turn around.
"""

STEEP_RATIOS = (0.25, 0.75)
"""The steep part of a swing, in shares of its way: noise hardly moves when it is passed."""

BEYOND_STEEP_RATIO = 1.07
"""A smooth swing (minimum jerk) has 5 % of its highest speed so much longer before and after its
steep part as that part lasts."""

MAX_OFF_RATIO = 0.05
"""An edge by speed is believed up to this share of the swing off the one by its steep part: noise
and the filter move where the speed is small, but not every swing is the smoothest one."""

SLOW_RATIO, MAX_SLOW_RATIO = 0.25, 0.25
"""A swing that is slower than this share of its highest speed for that share of its steep part
pauses there, and the steep part says nothing of its edges. Noise alone slows single steps."""

BESIDE_A_THROW = "winds up for a throw, or comes back from one"


def course_of_turns(signals: ClipSignals, movement: Movement) -> Course | None:
    """The turn of the movement's torso channel; None when too little of it was seen."""
    return course_along(signals, movement.torso_signal, TURN_LOWPASS_HZ)


def swing_spans(course: Course) -> list[Span]:
    """Swings in time, each from where it leaves one end to where it comes to rest at the other."""
    values = course.values
    usual_range = percentile(values, 95.0) - percentile(values, 5.0)
    if usual_range < MIN_TURN_DEG:
        return []
    ends = swing_ends(values, MIN_SWING_RATIO * usual_range)
    return _with_throws([_swing(course, one, other) for one, other in pairwise(ends)], course)


def swing_ends(values: FloatArray, least: float) -> list[int]:
    """Steps at which the direction turns, left and right in turn, each `least` from the next.

    They take turns by themselves: between two peaks that stand out lies a valley that does.
    """
    ends: list[int] = []
    for signed in (values, -values):
        padded = np.concatenate([[signed.min()], signed, [signed.min()]])  # the clip's edges too
        peaks, _ = find_peaks(padded, prominence=least)
        ends.extend((peaks - 1).tolist())
    return sorted(ends)


def _swing(course: Course, one: int, other: int) -> Span:
    """From one end to the other; with hardly a rest at an end it begins or stops right there."""
    fastest = float(np.abs(course.speed_per_s[one : other + 1]).max())
    left = leaves(course, one, other, fastest)
    arrived = arrives(course, int(left), other, fastest)
    first, last = summit(course.values, one), summit(course.values, other)
    start = first + rest_share(left - one, other - one) * (left - first)
    stop = last + rest_share(other - arrived, other - one) * (arrived - last)
    return Span(start, stop, stop)


def _with_throws(spans: list[Span], course: Course) -> list[Span]:
    """Throws end where their follow-through does; beside them, other swings do not count."""
    speeds = np.array([_speeds(course, span).max() for span in spans])
    ways = np.array([np.ptp(course.values[span.steps]) for span in spans])
    is_fast = speeds > THROW_SPEED_RATIO * _usual(speeds)
    is_hasty = speeds / ways > THROW_HASTE_RATIO * _usual(speeds / ways)
    is_throw = is_fast & is_hasty
    if is_throw.mean() < MIN_THROWS_RATIO:
        return _steadied(spans, course)
    return [
        _thrown(span, course) if yes else replace(span, is_clear=False, why_not=BESIDE_A_THROW)
        for span, yes in zip(spans, is_throw, strict=True)
    ]


def _steadied(spans: Sequence[Span], course: Course) -> list[Span]:
    """Swings whose edges lie where their steep parts say, or not far off; in their own time."""
    walls = [(one.stop + after.start) / 2.0 for one, after in pairwise(spans)]
    walls = [0.0, *walls, len(course.values) - 1.0]
    found = []
    for span, (least, most) in zip(spans, pairwise(walls), strict=True):
        start, stop = np.clip(_edges(span, course), least, most).tolist()
        found.append(replace(span, start=start, turn=stop, stop=stop))
    return found


def _edges(span: Span, course: Course) -> tuple[float, float]:
    """Start and stop of a swing by its speed, as near to those by its steep part as they must be.

    Of one that pauses in its steep part, those by its speed.
    """
    way, speed = course.values[span.steps], _speeds(course, span)
    if way[0] == way[-1]:
        return span.start, span.stop
    share = (way - way[0]) / (way[-1] - way[0])
    first, last = (_passes(share, ratio) for ratio in STEEP_RATIOS)
    is_slow = speed[int(first) : int(last) + 2] < SLOW_RATIO * speed.max()
    if is_slow.mean() > MAX_SLOW_RATIO:
        return span.start, span.stop
    beyond = BEYOND_STEEP_RATIO * (last - first)
    most = MAX_OFF_RATIO * (last - first + 2.0 * beyond)
    start, stop = span.steps.start + first - beyond, span.steps.start + last + beyond
    return (
        float(np.clip(span.start, start - most, start + most)),
        float(np.clip(span.stop, stop - most, stop + most)),
    )


def _passes(share: FloatArray, ratio: float) -> float:
    """Where a share of the way is passed first, between two steps."""
    at = int(np.argmax(share >= ratio))  # never the first: that is at 0
    return at - float((share[at] - ratio) / (share[at] - share[at - 1]))


def _usual(values: FloatArray) -> float:
    """The lower middle one: among throws, each has its slower wind-up."""
    return float(np.sort(values)[(len(values) - 1) // 2])


def _thrown(span: Span, course: Course) -> Span:
    """A throw: it ends where the turn first comes to a stop after its highest speed."""
    speed = course.speed_per_s[span.steps]
    peak = int(np.abs(speed).argmax())
    onwards = speed[peak:] * np.sign(speed[peak])
    stops = np.flatnonzero(onwards <= 0)
    if not stops.size:
        return span
    at = int(stops[0])  # never the first: that is the highest speed
    part = onwards[at - 1] / (onwards[at - 1] - onwards[at])
    stop = span.steps.start + peak + at - 1 + float(part)
    return replace(span, turn=stop, stop=stop)


def _speeds(course: Course, span: Span) -> FloatArray:
    return np.abs(course.speed_per_s[span.steps])
