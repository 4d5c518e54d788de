"""Where a stretch that a person has cut turns: the frame in which the body is furthest."""

import numpy as np

from labeler.catalog.spec import Movement, RepKind
from labeler.reps.course import COURSE_LOWPASS_HZ, Course, course_along, course_of
from labeler.reps.holds import REACH
from labeler.reps.spans import middle_of_stretch
from labeler.reps.swings import course_of_turns
from labeler.signals.series import ClipSignals

FRAME_EPS = 1e-6
"""Of a frame: what rounding may take from a whole number."""


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


def _course(signals: ClipSignals, movement: Movement | None) -> Course | None:
    if movement is not None and movement.rep_kind is RepKind.ALTERNATING:
        return course_of_turns(signals, movement)
    if movement is not None and movement.rep_kind is RepKind.HOLD:
        return course_along(signals, REACH, COURSE_LOWPASS_HZ)
    return course_of(signals)
