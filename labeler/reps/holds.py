"""Anti-rotation: stretches with the arms held out, and presses out and back."""

import numpy as np

from labeler.catalog.spec import Movement
from labeler.core.arrays import BoolArray
from labeler.reps.course import COURSE_LOWPASS_HZ, REST_SPEED_RATIO, Course, course_along
from labeler.reps.cyclic import cyclic_spans
from labeler.reps.spans import Span
from labeler.signals.clean import runs
from labeler.signals.robust import percentile
from labeler.signals.series import ClipSignals

REACH = "wrist_reach_ratio"

MIN_HOLD_S = 3.0
"""A shorter stay with the arms out is the turn of a press."""

OUT_RATIO = 0.7
"""Pressed out: the wrists are further from the shoulders than this share of their furthest."""

FURTHEST_PERCENT = 99.0
"""Which percentile of the reach stands for its furthest: single frames may leap."""

MIN_REACH_RATIO = 0.5
"""Arms pressed out reach at least this far, in trunk lengths: an arm is about one trunk long."""

HOLD_LOWPASS_HZ = 1.0
"""Of the speed that tells a hold from a press: a press takes a second or two."""

STILL_PER_S = 0.05
"""Slower than this, in trunk lengths per second, is still: 2.5 cm/s; in a clip of one hold alone
a share of the highest speed would be a share of the noise."""

MAX_FLICKER_S = 0.5
"""A hold that gives for less than this goes on: that it gives is what is looked for."""

MIN_PRESS_RATIO = 0.15
"""A reach that varies less, in trunk lengths, is no press."""


def find_holds(
    signals: ClipSignals, movement: Movement
) -> tuple[Course, list[Span], list[Span]] | None:
    """The reach of the arms, stretches held, and presses beside them; None when it is not seen."""
    course = course_along(signals, REACH, COURSE_LOWPASS_HZ)
    slow = course_along(signals, REACH, HOLD_LOWPASS_HZ)
    if course is None or slow is None:
        return None
    holds = _holds(course, slow)
    presses = [
        span
        for span in cyclic_spans(course, movement, MIN_PRESS_RATIO)
        if not any(span.start < hold.stop and hold.start < span.stop for hold in holds)
    ]
    return course, holds, presses


def _holds(course: Course, slow: Course) -> list[Span]:
    """Stretches with the arms out and still, and the step in their middle as the turn."""
    reach = course.channels[:, 0]
    furthest = percentile(reach, FURTHEST_PERCENT)
    if furthest < MIN_REACH_RATIO:
        return []
    speed = np.abs(slow.speed_per_s)
    is_still = speed < max(REST_SPEED_RATIO * speed.max(), STILL_PER_S)
    is_out = reach > OUT_RATIO * furthest
    is_held = _without_flicker(is_still & is_out, is_out, course)
    held = runs(is_held, course.times_s)
    spans = [Span(run.start, (run.start + run.stop) // 2, run.stop - 1) for run in held]
    return [one for one in spans if (one.stop - one.start) * course.step_s >= MIN_HOLD_S]


def _without_flicker(is_held: BoolArray, is_out: BoolArray, course: Course) -> BoolArray:
    """Held, with short moments of movement in between as long as the arms stay out."""
    bridged = is_held.copy()
    for run in runs(~is_held, course.times_s):
        is_inside = run.start > 0 and run.stop < len(is_held)
        is_short = (run.stop - run.start) * course.step_s < MAX_FLICKER_S
        if is_inside and is_short and is_out[run].all():
            bridged[run] = True
    return bridged
