"""The moment of a fault: the frame in which a rater sees it, kept as the time of that frame.

The player names a frame, commands and tables name seconds; the journal keeps the frame's own time
on the clock of the file, so that it stays right whatever is told about slow motion later.
"""

from typing import Final

from labeler.core.clip import Clip, FrameTimes
from labeler.core.errors import UsageError
from labeler.core.label import Answer, FaultId, has_moment
from labeler.core.rep import Rep, RepId
from labeler.store.dataset import Dataset
from labeler.workflows.acting import Sender
from labeler.workflows.looping import USUAL_MARGIN_S
from labeler.workflows.operations import AnswerOp

MOMENT_MARGIN_S: Final = USUAL_MARGIN_S
"""How far outside its repetition a moment may lie, in real seconds: as far as a loop usually shows,
for a fault may be there while the athlete still sets up."""

RATE_IT_HINT: Final = "Rate it 1 to 3, or leave the moment away."


def stamped_s(op: AnswerOp, dataset: Dataset, clip: Clip, sender: Sender) -> float | None:
    """When the frame is shown that an answer names, in seconds of the file; None without one.

    What was said already may be said again, also where the repetition has been moved since.

    Raises
    ------
    UsageError
        If the fault is not there, or the frame not in the repetition or near it.
    """
    if op.moment_frame is None:
        return None
    _require_fault(op.answer)
    times = dataset.clips.stored_times(clip.clip_id)
    if op.moment_frame >= times.n_frames:
        raise UsageError(
            f"moment: expected a frame up to {times.n_frames - 1}, got {op.moment_frame}.",
            hint="Choose a frame of the clip.",
        )
    at_s = times.boundary_s(op.moment_frame)
    if at_s * clip.time_scale != _known_s(op.rep_id, op.fault, dataset, clip, sender):
        require_near(dataset, clip, op.rep_id, at_s * clip.time_scale)
    return at_s


def frame_at(dataset: Dataset, clip: Clip, moment_s: float) -> int:
    """The frame nearest to a moment, in real seconds since the clip's first frame.

    The nearest, because people type fewer digits than a time stamp has.

    Raises
    ------
    UsageError
        If that is not a time of the clip.
    """
    if not 0 <= moment_s <= clip.duration_s:
        raise UsageError(
            f"moment: expected 0 to {clip.duration_s:.3f} seconds of {clip.file_name}, "
            f"got {moment_s}.",
            hint="Seconds since the clip's first frame, as the player shows them.",
        )
    return dataset.clips.times(clip.clip_id).frame_near(moment_s)


def filed_s(
    dataset: Dataset, clip: Clip, rep_id: RepId, answer: Answer | None, moment_s: float | None
) -> float | None:
    """A moment as a table tells it, in real seconds, as the file's own time of the frame there.

    Raises
    ------
    UsageError
        If the fault is not there, or the moment not in the repetition or near it.
    """
    if moment_s is None:
        return None
    _require_fault(answer)
    frame = frame_at(dataset, clip, moment_s)
    at_s = dataset.clips.stored_times(clip.clip_id).boundary_s(frame)
    require_near(dataset, clip, rep_id, at_s * clip.time_scale)
    return at_s


def require_near(dataset: Dataset, clip: Clip, rep_id: RepId, at_s: float) -> None:
    """Refuse a moment that is not in its repetition, nor near it; one that is out has no place.

    Near where it lies or ever lay: whoever stamped it may not know yet that somebody moved it.
    """
    now = next((r for r in dataset.journal.reps(clip.clip_id) if r.rep_id == rep_id), None)
    if now is None:
        return
    times = dataset.clips.times(clip.clip_id)
    bounds_s = [_bounds_s(times, rep) for rep in (now.rep, *_places(dataset, rep_id))]
    if not any(first_s <= at_s <= last_s for first_s, last_s in bounds_s):
        first_s, last_s = bounds_s[0]
        raise UsageError(
            f"moment: expected {max(first_s, 0.0):.2f} to {last_s:.2f} s, which is repetition "
            f"{now.index} and {MOMENT_MARGIN_S} s around it, got {at_s:.2f} s.",
            hint="Stamp a frame of the repetition, or choose the one that is on screen.",
        )


def _bounds_s(times: FrameTimes, rep: Rep) -> tuple[float, float]:
    """From when to when a moment may be of a repetition, in real seconds."""
    first_s, last_s = times.boundary_s(rep.start_frame), times.boundary_s(rep.stop_frame)
    return first_s - MOMENT_MARGIN_S, last_s + MOMENT_MARGIN_S


def _places(dataset: Dataset, rep_id: RepId) -> list[Rep]:
    """Every place that a repetition ever had."""
    facts = (fact for action in dataset.journal.history(rep_id) for fact in action.reps)
    return [fact.rep for fact in facts if fact.rep_id == rep_id and fact.rep is not None]


def _require_fault(answer: Answer | None) -> None:
    if not has_moment(answer):
        got = "not rated" if answer is None else answer.value
        raise UsageError(
            f"moment: expected a fault that is there, 1 to 3, got {got}.", hint=RATE_IT_HINT
        )


def _known_s(
    rep_id: RepId, fault: FaultId, dataset: Dataset, clip: Clip, sender: Sender
) -> float | None:
    """The moment in force, in real seconds."""
    given = dataset.journal.answers(
        clip.clip_id, rater=sender.rater, round_number=sender.round_number
    )
    return next((one.moment_s for one in given if (one.rep_id, one.fault) == (rep_id, fault)), None)
