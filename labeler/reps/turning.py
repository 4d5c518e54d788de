"""Frames that people look for when they cut by hand: where the body is furthest, and nearest."""

import numpy as np
from scipy.signal import find_peaks

from labeler.catalog.spec import Movement, RepKind
from labeler.reps.course import COURSE_LOWPASS_HZ, Course, course_along, course_of
from labeler.reps.holds import REACH
from labeler.reps.spans import in_sight, middle_of_stretch
from labeler.reps.swings import course_of_turns
from labeler.signals.series import ClipSignals

FRAME_EPS = 1e-6
"""Of a frame: what rounding may take from a whole number."""

MIN_PROMINENCE_RATIO = 0.1
"""An extremum that stands out less than this share of the clip's whole range is a tremble."""


def furthest_frame(
    signals: ClipSignals, movement: Movement | None, start_frame: int, stop_frame: int
) -> int | None:
    """The turn of the frames from `start_frame` to before `stop_frame`; None where none is seen.

    It goes by the same curve as the search for repetitions: the body bent furthest, the arms
    reaching furthest, or, of turns from side to side, the end away from the start.
    """
    course = _course(signals, movement)
    if course is None:
        return None
    times_s = signals.times.pts_s[start_frame:stop_frame]
    values = np.interp(times_s, course.times_s, course.values)
    if movement is not None and movement.rep_kind is RepKind.ALTERNATING:
        values = np.abs(values - values[0])
    turn = middle_of_stretch(values, 0, int(np.argmax(values)), len(values) - 1)
    return start_frame + int(turn + FRAME_EPS)


def extreme_frames(signals: ClipSignals, movement: Movement | None) -> tuple[list[int], list[int]]:
    """Frames in which the body is furthest, and those in which it is nearest, each in time.

    Of turns from side to side every end is both. Nothing where too little was seen.
    """
    course = _course(signals, movement)
    if course is None:
        return [], []
    least = MIN_PROMINENCE_RATIO * float(np.ptp(course.values)) or None
    pts_s = signals.times.pts_s
    high, low = (
        [in_sight(pts_s, at_s) for at_s in course.times_s[find_peaks(signed, prominence=least)[0]]]
        for signed in (course.values, -course.values)
    )
    if movement is not None and movement.rep_kind is RepKind.ALTERNATING:
        high = low = sorted({*high, *low})
    return high, low


def _course(signals: ClipSignals, movement: Movement | None) -> Course | None:
    if movement is not None and movement.rep_kind is RepKind.ALTERNATING:
        return course_of_turns(signals, movement)
    if movement is not None and movement.rep_kind is RepKind.HOLD:
        return course_along(signals, REACH, COURSE_LOWPASS_HZ)
    return course_of(signals)
