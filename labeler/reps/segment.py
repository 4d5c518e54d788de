"""Cuts a clip into repetitions: peaks of the effort, then outwards to where the body rests.

The steps are those of unsupervised repetition counting from poses: one curve from all channels,
its rhythm, its prominent peaks, boundaries where it comes to rest, and a last look at each rep.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from labeler.catalog.spec import Movement, RepKind
from labeler.core.finding import Finding, Level
from labeler.core.rep import Rep
from labeler.reps.candidate import Candidate
from labeler.reps.course import Course, course_of
from labeler.reps.cyclic import cyclic_spans
from labeler.reps.holds import find_holds
from labeler.reps.judge import Rejected, frames_seen, judged
from labeler.reps.setup import feet_legs, hands_legs
from labeler.reps.spans import Span, rep_of
from labeler.reps.swings import course_of_turns, swing_spans
from labeler.signals.series import ClipSignals

REPS_VERSION = 8
"""Raised whenever the same signals would be cut in another way; every cut says which made it."""

MIN_RANGE_DEG = 25.0
"""A course that varies less, all joints together, is somebody who stands still."""


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
    """Cut a clip into repetitions, each with the frame in which it goes furthest.

    Parameters
    ----------
    signals : ClipSignals
        Of any length, with any gaps: too little to go by gives no reps and a finding.
    movement : Movement | None
        None is a movement not told: cyclic, from standing, with a period of 0.8 to 8 s. A movement
        that is free, or only labelled by hand, is not cut.

    Notes
    -----
    Cyclic movements: from rest down, deepest, back to rest. A clip may begin with the body bent, as
    before a first pull from the floor: that rep starts at or shortly before its turn, and says so
    in its reasons. A last descent from which nobody comes back within the clip is no rep: the load
    is put down. Where the movement rests at the bottom, a rest there of more than half a second
    belongs to the way down, so that the turn is where the pull begins.

    Alternating turns: from one end to the other; the turn is the far end. Holds: stretches with the
    arms pressed out, or presses out and back; the turn is where the arms reach furthest.
    """
    if movement is not None and not (
        movement.is_supported and movement.rep_kind is not RepKind.FREE
    ):
        return RepSearch(findings=(_by_hand(movement),))
    if movement is None or movement.rep_kind is RepKind.CYCLIC:
        return _cyclic(signals, movement)
    if movement.rep_kind is RepKind.ALTERNATING:
        return _alternating(signals, movement)
    return _held(signals, movement)


def _cyclic(signals: ClipSignals, movement: Movement | None) -> RepSearch:
    course = course_of(signals)
    if course is None:
        return _nothing("too little of the body was seen")
    spans = cyclic_spans(course, movement, MIN_RANGE_DEG)
    if not spans:
        return _nothing("nothing moves up and down far enough")
    return _search(_candidates(spans, course, signals), signals, movement, RepKind.CYCLIC)


def _alternating(signals: ClipSignals, movement: Movement) -> RepSearch:
    course = course_of_turns(signals, movement)
    if course is None:
        return _nothing("turns of the trunk are not seen; film from the front or at 45°")
    spans = swing_spans(course)
    if not spans:
        return _nothing("nothing turns from side to side far enough")
    return _search(_candidates(spans, course, signals), signals, movement, RepKind.ALTERNATING)


def _held(signals: ClipSignals, movement: Movement) -> RepSearch:
    found = find_holds(signals, movement)
    if found is None:
        return _nothing("the wrists are not seen in space")
    if not found.holds and not found.presses and not found.lost:
        return _nothing("the arms are not pressed out")
    presses, holds, lost = (
        _candidates(spans, found.course, signals)
        for spans in (found.presses, found.holds, found.lost)
    )
    cut = _search(presses, signals, movement, RepKind.CYCLIC)
    held = _search(holds, signals, movement, RepKind.HOLD)
    reps = sorted((*held.reps, *cut.reps), key=lambda rep: rep.start_frame)
    neither = [Rejected(one.rep, one.why_not) for one in lost if one.why_not]
    rejected = (*held.rejected, *cut.rejected, *neither)
    return RepSearch(tuple(reps), rejected, () if reps else held.findings or cut.findings)


def _search(
    candidates: Sequence[Candidate],
    signals: ClipSignals,
    movement: Movement | None,
    kind: RepKind,
) -> RepSearch:
    """The candidates that are reps, and the others with their reasons."""
    reps, rejected = judged(candidates, signals, frames_seen(signals, movement), kind=kind)
    if not reps:
        return RepSearch((), rejected, _nothing("no candidate looks like a repetition").findings)
    return RepSearch(reps, rejected)


def _candidates(spans: Sequence[Span], course: Course, signals: ClipSignals) -> list[Candidate]:
    """Spans as candidates; those of hardly a frame are left out."""
    found = ((span, rep_of(span, course, signals)) for span in spans)
    return [
        Candidate(
            rep=rep,
            bend=course.values[span.steps],
            channels=course.channels[span.steps],
            turn=round(span.turn) - span.steps.start,
            is_clear=span.is_clear,
            why_not=span.why_not,
            hands_legs=hands_legs(rep, signals),
            feet_legs=feet_legs(rep, signals),
        )
        for span, rep in found
        if rep is not None
    ]


def _by_hand(movement: Movement) -> Finding:
    return Finding(
        code="manual_reps",
        message=f"{movement.name}: its repetitions are not cut automatically.",
        level=Level.INFO,
        hint="Cut each repetition by hand on the Label page: Shift+I.",
    )


def _nothing(reason: str) -> RepSearch:
    finding = Finding(
        code="no_reps",
        message=f"No repetition was found: {reason}.",
        hint="Check the movement and the view of this clip, or mark the repetitions by hand.",
    )
    return RepSearch(findings=(finding,))
