"""Cuts a clip into repetitions: peaks of the effort, then outwards to where the body rests.

The steps are those of unsupervised repetition counting from poses: one curve from all channels,
its rhythm, its prominent peaks, boundaries where it comes to rest, and a last look at each rep.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import find_peaks

from labeler.catalog.spec import Movement, RepKind
from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.finding import Finding, Level
from labeler.core.rep import Rep
from labeler.reps.course import Course, course_of, rhythm_s
from labeler.reps.judge import Candidate, Rejected, judged
from labeler.signals.robust import percentile
from labeler.signals.series import ClipSignals

REPS_VERSION = 2
"""Raised whenever the same signals would be cut in another way."""

GENERIC_PERIOD_S = (0.8, 8.0)
"""Shortest and longest rep of a movement that was not told."""

MIN_PROMINENCE_RATIO = 0.4
"""A rep stands out by this share of the usual range, 5th to 95th percentile."""

MIN_RANGE_DEG = 25.0
"""A course that varies less, all joints together, is somebody who stands still."""

MIN_DISTANCE_RATIO = 0.5
"""Two reps are at least this share of the rhythm apart."""

REST_SPEED_RATIO = 0.05
"""At rest: slower than this share of the rep's own highest speed."""

NEAR_REST_RATIO = 0.2
"""A rep begins and ends within this share of the way from rest: a pause half-way is inside."""


TURN_RATIO = 0.1
"""Bent to within this share of the rise counts as being at the turn."""


@dataclass(frozen=True, slots=True)
class RepSearch:
    """What was found, what was looked at and turned down, and why there may be nothing.

    Parameters
    ----------
    reps : tuple[Rep, ...]
        In time, without overlap.
    rejected : tuple[Rejected, ...]
        Candidates that are no rep, each with its reason in words.
    findings : tuple[Finding, ...]
        ``manual_reps`` or ``no_reps`` when there is none.
    """

    reps: tuple[Rep, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    findings: tuple[Finding, ...] = ()


def find_reps(signals: ClipSignals, movement: Movement | None) -> RepSearch:
    """Cut a clip into repetitions; each turns where the body is bent most.

    Parameters
    ----------
    signals : ClipSignals
        Of any length, with any gaps: too little to go by gives no reps and a finding.
    movement : Movement | None
        None is a movement not told: cyclic, from standing, with a period of 0.8 to 8 s. A
        movement that is not cyclic, or only labelled by hand, is not cut.

    Notes
    -----
    A clip may begin with the body bent, as before a first pull from the floor: that rep starts at
    or shortly before its turn, and says so in its reasons. A last descent from which nobody comes
    back within the clip is no rep: the load is put down.
    """
    if movement is not None and not (movement.is_supported and movement.rep_kind is RepKind.CYCLIC):
        return RepSearch(findings=(_by_hand(movement),))
    course = course_of(signals)
    if course is None:
        return RepSearch(findings=(_none("too little of the body was seen"),))
    peaks = _peaks(course, movement)
    if not peaks:
        return RepSearch(findings=(_none("nothing moves up and down far enough"),))
    cut = [
        _candidate(signals, course, _span(course, *around)) for around in _valleys(course, peaks)
    ]
    reps, rejected = judged([one for one in cut if one is not None], signals, movement)
    findings = () if reps else (_none("no candidate looks like a repetition"),)
    return RepSearch(reps, rejected, findings)


def _peaks(course: Course, movement: Movement | None) -> list[int]:
    """Steps at which the body is bent most."""
    usual_range = percentile(course.values, 95.0) - percentile(course.values, 5.0)
    if usual_range < MIN_RANGE_DEG:
        return []
    period_s = GENERIC_PERIOD_S if movement is None else movement.period_s
    apart_s = MIN_DISTANCE_RATIO * (rhythm_s(course, period_s) or period_s[0])
    from_rest = np.concatenate([[course.values.min()], course.values])  # may begin bent
    prominence = MIN_PROMINENCE_RATIO * usual_range
    peaks, _ = find_peaks(
        from_rest, prominence=prominence, distance=max(1.0, apart_s / course.step_s)
    )
    return _one_per_effort(course.values, [int(peak) - 1 for peak in peaks], prominence)


def _one_per_effort(values: FloatArray, peaks: list[int], prominence: float) -> list[int]:
    """Peaks without those that follow another with no rest between, as at both ends of a hold."""
    kept = peaks[:1]
    for peak in peaks[1:]:
        if values[kept[-1] : peak].min() <= values[peak] - prominence:
            kept.append(peak)
    return kept


def _valleys(course: Course, peaks: list[int]) -> list[tuple[int, int, int]]:
    """Each peak with the least bent step before and after it."""
    between = [a + int(np.argmin(course.values[a : b + 1])) for a, b in pairwise(peaks)]
    first = int(np.argmin(course.values[: peaks[0] + 1]))
    final = peaks[-1] + int(np.argmin(course.values[peaks[-1] :]))
    edges = [first, *between, final]
    return [(a, peak, b) for (a, b), peak in zip(pairwise(edges), peaks, strict=True)]


def _span(course: Course, before: int, peak: int, after: int) -> tuple[int, int, int]:
    """Start, turn and end of a rep: where it leaves rest last and comes to rest first."""
    fastest = float(np.abs(course.speed_per_s[before : after + 1]).max())
    is_quiet = np.abs(course.speed_per_s) < REST_SPEED_RATIO * fastest
    down = _near_rest(course.values[before : peak + 1]) & is_quiet[before : peak + 1]
    up = _near_rest(course.values[peak : after + 1]) & is_quiet[peak : after + 1]
    start = before + int(np.flatnonzero(down)[-1]) if down.any() else before
    stop = peak + int(np.flatnonzero(up)[0]) if up.any() else after
    return (start, _middle_of_turn(course.values, before, peak, after), stop)


def _middle_of_turn(values: FloatArray, before: int, peak: int, after: int) -> int:
    """Middle of the stretch in which the body is bent almost as far as it goes.

    The very highest step of a flat top is a matter of noise: two cameras put it further apart.
    """
    rise = values[peak] - max(values[before], values[after])
    is_left = values < values[peak] - TURN_RATIO * rise
    left, right = np.flatnonzero(is_left[before:peak]), np.flatnonzero(is_left[peak : after + 1])
    first = before + int(left[-1]) + 1 if left.size else peak
    last = peak + int(right[0]) - 1 if right.size else peak
    return round((first + last) / 2)


def _near_rest(values: FloatArray) -> BoolArray:
    """Steps within the first part of the way from the least to the most bent one."""
    return np.asarray(values <= values.min() + NEAR_REST_RATIO * np.ptp(values))


def _candidate(
    signals: ClipSignals, course: Course, span: tuple[int, int, int]
) -> Candidate | None:
    """Steps of the even clock to frames and their own times; None when too few frames are left."""
    pts_s = signals.times.pts_s
    start, turn, end = (int(np.abs(pts_s - course.times_s[step]).argmin()) for step in span)
    is_open = end == signals.n_frames - 1  # the clip ends first: its last frame belongs to the rep
    stop = end + 1 if is_open else end
    if turn >= stop:
        return None
    rep = Rep(
        start_frame=start,
        turn_frame=turn,
        stop_frame=stop,
        start_s=signals.times.boundary_s(start),
        turn_s=signals.times.boundary_s(turn),
        stop_s=signals.times.boundary_s(stop),
    )
    return Candidate(rep, course.values[span[0] : span[2] + 1])


def _by_hand(movement: Movement) -> Finding:
    return Finding(
        code="manual_reps",
        message=f"{movement.name}: its repetitions are not cut automatically.",
        level=Level.INFO,
        hint="Cut each repetition by hand on the Label page: Shift+I.",
    )


def _none(reason: str) -> Finding:
    return Finding(
        code="no_reps",
        message=f"No repetition was found: {reason}.",
        hint="Check the movement and the view of this clip, or mark the repetitions by hand.",
    )
