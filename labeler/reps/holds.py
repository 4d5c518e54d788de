"""Anti-rotation: stretches with the arms held out, and presses out and back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from labeler.catalog.spec import Movement
from labeler.core.arrays import BoolArray, FloatArray
from labeler.reps.course import COURSE_LOWPASS_HZ, Course, course_along
from labeler.reps.cyclic import cyclic_spans
from labeler.reps.spans import Span
from labeler.signals.clean import runs
from labeler.signals.robust import median, percentile
from labeler.signals.series import ClipSignals

REACH = "wrist_reach_ratio"

MIN_HOLD_S = 3.0
"""A shorter stay with the arms out is the turn of a press."""

OUT_RATIO = 0.7
"""Pressed out: the wrists are further from the shoulders than this share of their furthest."""

FURTHEST_PERCENT = 99.0
"""Which percentile of the reach stands for its furthest: single frames may leap."""

NEAREST_PERCENT = 5.0
"""And of the reach with the hands at the chest."""

MIN_REACH_RATIO = 0.5
"""Arms pressed out reach at least this far, in trunk lengths: an arm is about one trunk long."""

MAX_GIVE_RATIO = 0.1
"""Held: the arms stay within this of where they usually are in the stretch, in trunk lengths. By
the way they have come, not by their speed: in a reach towards the camera that is mostly noise."""

MAX_FLICKER_S = 0.5
"""A hold that gives for less than this goes on: that it gives is what is looked for."""

ARRIVED_RATIO = 0.74
"""Arms arrive by so much later than at nine tenths of their way as they got there from half of it:
a smooth press (minimum jerk) is slower than 5 % of its highest speed from then on. Its fast part is
seen well, its slow end is lost in noise."""

MIN_PRESS_RATIO = 0.15
"""A reach that varies less, in trunk lengths, is no press."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What the arms do: stretches held, presses beside them, and what is neither.

    Parameters
    ----------
    course : Course
        The reach, about its mean.
    lost : list[Span]
        Each with its reason in `why_not`: too short a hold, or a press that a hold does not leave
        room for.
    """

    course: Course
    holds: list[Span]
    presses: list[Span]
    lost: list[Span]


def find_holds(signals: ClipSignals, movement: Movement) -> Reached | None:
    """The reach of the arms, and what it is cut into; None when it is not seen."""
    course = course_along(signals, REACH, COURSE_LOWPASS_HZ)
    if course is None:
        return None
    stretches = [one for one in _stretches(course) if _length_s(one, course) >= MAX_FLICKER_S]
    holds = [one for one in stretches if _length_s(one, course) >= MIN_HOLD_S]
    pressed = [
        replace(span, why_not=_why_no_press(span, holds))
        for span in cyclic_spans(course, movement, MIN_PRESS_RATIO)
        if not _is_one_of(span, holds)
        and not (_is_one_of(span, stretches) and _meets(span, holds))  # told as too short a hold
    ]
    presses = [span for span in pressed if span.why_not is None]
    short = [
        replace(one, why_not=f"held for {_length_s(one, course):.1f} s, less than {MIN_HOLD_S:g}")
        for one in stretches
        if _length_s(one, course) < MIN_HOLD_S and not _meets(one, pressed)
    ]
    lost = [*short, *(span for span in pressed if span.why_not is not None)]
    return Reached(course, holds, presses, sorted(lost, key=lambda one: one.start))


def _why_no_press(span: Span, holds: Sequence[Span]) -> str | None:
    """Why a candidate is no press where there are holds; None where it is one."""
    if _meets(span, holds):
        return "a press that runs into a hold"
    if holds and not span.is_clear:
        return "too small for a press beside a hold: there the arms rest, and tremble"
    return None


def _is_one_of(span: Span, stretches: Sequence[Span]) -> bool:
    """Whether a candidate reaches furthest in a stretch that is kept: it is that stretch."""
    return any(one.start <= span.turn <= one.stop for one in stretches)


def _meets(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.stop and other.start < span.stop for other in others)


def _length_s(span: Span, course: Course) -> float:
    return (span.stop - span.start) * course.step_s


def _stretches(course: Course) -> list[Span]:
    """With the arms out and kept there, however long; the step in their middle as the turn."""
    reach = course.channels[:, 0]
    furthest = percentile(reach, FURTHEST_PERCENT)
    if furthest < MIN_REACH_RATIO:
        return []
    smooth = course.values + reach.mean()
    chest, last = percentile(smooth, NEAREST_PERCENT), len(smooth) - 1
    found: list[Span] = []
    for out in runs(smooth > OUT_RATIO * furthest, course.times_s):
        usual = median(smooth[out])
        kept = _kept(smooth, out, course)
        if not kept:
            continue
        edges = [[float(one.start), float(one.stop - 1)] for one in kept]
        edges[0][0] = _arrival(smooth, kept[0].start, (chest, usual))
        edges[-1][1] = last - _arrival(smooth[::-1], last + 1 - kept[-1].stop, (chest, usual))
        found.extend(Span(start, (start + stop) / 2.0, stop) for start, stop in edges)
    return found


def _kept(smooth: FloatArray, out: slice, course: Course) -> list[slice]:
    """Where the arms, out all along, stay about where they usually are in that stretch."""
    is_kept = np.zeros(len(smooth), dtype=bool)
    is_near = np.abs(smooth[out] - median(smooth[out])) < MAX_GIVE_RATIO
    is_kept[out] = _without_flicker(is_near, course)
    return list(runs(is_kept, course.times_s))


def _arrival(reach: FloatArray, first: int, ends: tuple[float, float]) -> float:
    """Where the press out ends, of arms kept from step `first` on; there where no press is seen.

    `ends` are the reach at the chest and in the hold.
    """
    chest, usual = ends
    way = usual - chest
    is_before = np.flatnonzero(reach[:first] < usual - 0.5 * way)
    if way < MIN_PRESS_RATIO or not is_before.size:
        return float(first)
    begun = int(is_before[-1])
    half, ninth = (_reaches(reach, begun, usual - part * way) for part in (0.5, 0.1))
    return ninth + ARRIVED_RATIO * (ninth - half)


def _reaches(reach: FloatArray, begun: int, level: float) -> float:
    """First step after `begun`, where it is below, at which the reach is at a level."""
    at = begun + int(np.argmax(reach[begun:] >= level))
    return at - float((reach[at] - level) / (reach[at] - reach[at - 1]))


def _without_flicker(is_kept: BoolArray, course: Course) -> BoolArray:
    """Kept, with short moments off it in between."""
    bridged = is_kept.copy()
    for run in runs(~is_kept, course.times_s[: len(is_kept)]):
        is_inside = run.start > 0 and run.stop < len(is_kept)
        if is_inside and (run.stop - run.start) * course.step_s < MAX_FLICKER_S:
            bridged[run] = True
    return bridged
