"""Cut repetitions by hand: move, add, take out, split, merge; keys and commands mean the same.

A repetition that is split or merged is taken out, and what comes in its place is new and not rated
yet: an answer is a fact about the repetition that the rater saw. It stays in the journal with it,
and undo brings both back.
"""

from dataclasses import replace
from functools import partial

from labeler.core.clip import Clip
from labeler.core.errors import LabelerError, UsageError
from labeler.core.label import Action, ActionKind, RepFact
from labeler.core.rep import Rep, RepRecord
from labeler.store.dataset import Dataset
from labeler.workflows.acting import Sender, apply, find_rep, recorded, recorded_cut
from labeler.workflows.deriving import movement_of, signals_of
from labeler.workflows.operations import (
    AddRepOp,
    DeleteRepOp,
    EdgesOp,
    MergeOp,
    SplitOp,
)

Frames = tuple[int, int, int]
"""First frame, turning frame, and the frame after the last one."""


@apply.register
def _edges(op: EdgesOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    find_rep(dataset, clip, op.rep_id)
    rep = rep_at(dataset, clip, (op.start_frame, op.turn_frame, op.stop_frame))
    fact = RepFact(op.rep_id, rep)
    return recorded_cut(dataset, replace(sender.action(ActionKind.EDGES, clip), reps=(fact,)))


@apply.register
def _add_rep(op: AddRepOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    start, turn, stop = op.start_frame, op.turn_frame, op.stop_frame
    rep = rep_at(dataset, clip, (start, start if turn is None else turn, stop))
    if turn is None:
        rep = rep_at(dataset, clip, (start, turn_between(dataset, clip, start, stop), stop))
    return recorded_cut(dataset, sender.action(ActionKind.ADD_REP, clip), rep)


@apply.register
def _delete_rep(op: DeleteRepOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    fact = RepFact(op.rep_id, None)
    return recorded(dataset, replace(sender.action(ActionKind.DELETE_REP, clip), reps=(fact,)))


@apply.register
def _split(op: SplitOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    record = find_rep(dataset, clip, op.rep_id)
    rep, at = record.rep, op.frame
    if not rep.start_frame < at < rep.stop_frame:
        raise UsageError(
            f"split: expected a frame inside repetition {record.index}, "
            f"{rep.start_frame + 1} to {rep.stop_frame - 1}, got {at}.",
            hint="The frame becomes the first one of the second repetition.",
        )
    turn = partial(_turn_within, dataset, clip, rep)
    before = rep_at(dataset, clip, (rep.start_frame, turn(rep.start_frame, at), at))
    after = rep_at(dataset, clip, (at, turn(at, rep.stop_frame), rep.stop_frame))
    gone = replace(sender.action(ActionKind.SPLIT, clip), reps=(RepFact(record.rep_id, None),))
    return recorded_cut(dataset, gone, before, after)


@apply.register
def _merge(op: MergeOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    pair = [find_rep(dataset, clip, rep_id) for rep_id in (op.rep_id, op.next_id)]
    one, other = sorted(pair, key=lambda record: record.index)
    if other.index != one.index + 1:
        raise UsageError(
            f"merge: expected two repetitions that follow each other, got {one.index} and "
            f"{other.index} of {clip.file_name}.",
            hint=f"List them with: labeler reps {clip.short_id}",
        )
    start, stop = one.rep.start_frame, other.rep.stop_frame
    whole = rep_at(dataset, clip, (start, turn_between(dataset, clip, start, stop), stop))
    gone = RepFact(one.rep_id, None), RepFact(other.rep_id, None)
    return recorded_cut(dataset, replace(sender.action(ActionKind.MERGE, clip), reps=gone), whole)


def move_edges(
    dataset: Dataset, clip: Clip, *, rep: str, edges: tuple[int | None, ...], rater: str
) -> Action:
    """Move start, turn and stop frame of a rep; None leaves one where it is."""
    if all(edge is None for edge in edges):
        raise UsageError(
            "edges: expected at least one to move, got none.",
            hint="Give --start, --turn or --stop with a frame.",
        )
    sender = Sender.from_command(rater)
    record = find_rep(dataset, clip, rep)
    now = (record.rep.start_frame, record.rep.turn_frame, record.rep.stop_frame)
    start, turn, stop = (old if new is None else new for old, new in zip(now, edges, strict=True))
    op = EdgesOp(1, sender.at_utc, record.rep_id, start, turn, stop)
    return _edges(op, dataset, clip, sender)


def add_rep(dataset: Dataset, clip: Clip, frames: Frames, *, rater: str) -> Action:
    """Cut a rep by hand, at start, turn and stop frame."""
    sender = Sender.from_command(rater)
    return _add_rep(AddRepOp(1, sender.at_utc, *frames), dataset, clip, sender)


def delete_rep(dataset: Dataset, clip: Clip, *, rep: str, rater: str) -> Action:
    """Take a rep out; undo brings it back with its answers."""
    sender = Sender.from_command(rater)
    rep_id = find_rep(dataset, clip, rep).rep_id
    return _delete_rep(DeleteRepOp(1, sender.at_utc, rep_id), dataset, clip, sender)


def split_rep(dataset: Dataset, clip: Clip, *, rep: str, frame: int, rater: str) -> Action:
    """Make two repetitions of one; `frame` is the first of the second. Both are not rated yet.

    A half that holds the old turn keeps it; the other one turns where `turn_between` says.
    """
    sender = Sender.from_command(rater)
    rep_id = find_rep(dataset, clip, rep).rep_id
    return _split(SplitOp(1, sender.at_utc, rep_id, frame), dataset, clip, sender)


def merge_reps(dataset: Dataset, clip: Clip, *, rep: str, rater: str) -> Action:
    """Make one repetition of `rep` and the next one, from start to stop; it is not rated yet."""
    sender = Sender.from_command(rater)
    record = find_rep(dataset, clip, rep)
    following = next_rep(dataset.journal.reps(clip.clip_id), record)
    op = MergeOp(1, sender.at_utc, record.rep_id, following.rep_id)
    return _merge(op, dataset, clip, sender)


def next_rep(records: list[RepRecord], record: RepRecord) -> RepRecord:
    """The repetition of the same clip that follows one in time."""
    for other in records:
        if other.index == record.index + 1:
            return other
    raise UsageError(
        f"merge: expected a repetition with one after it, got {record.index}, the last one.",
        hint="Name the first one of the two.",
    )


def turn_between(dataset: Dataset, clip: Clip, start_frame: int, stop_frame: int) -> int:
    """Where a repetition of those frames turns: its body is furthest there, as the signals show.

    The frame in the middle where they show nothing.
    """
    from labeler.reps.turning import furthest_frame  # brings SciPy

    middle = (start_frame + stop_frame) // 2
    try:
        signals = signals_of(dataset, clip)
    except LabelerError:  # without a pose one can cut by eye
        return middle
    found = furthest_frame(signals, movement_of(clip.tags), start_frame, stop_frame)
    return middle if found is None else found


def rep_at(dataset: Dataset, clip: Clip, frames: Frames) -> Rep:
    """A rep that a person has cut, its times read from the file's own clock.

    The quality of the pose inside it is judged when its features are computed.

    Raises
    ------
    UsageError
        If the frames are out of order or outside the clip.
    """
    start, turn, stop = frames
    if not 0 <= start <= turn < stop <= clip.n_frames:
        raise UsageError(
            f"edges: expected 0 ≤ start ≤ turn < stop ≤ {clip.n_frames}, "
            f"got {start}, {turn}, {stop}.",
            hint="Move the other edge first.",
        )
    times = dataset.clips.stored_times(clip.clip_id)
    start_s, turn_s, stop_s = (times.boundary_s(frame) for frame in frames)
    return Rep(start, turn, stop, start_s, turn_s, stop_s)


def _turn_within(dataset: Dataset, clip: Clip, rep: Rep, start: int, stop: int) -> int:
    """The old turn where a part of a rep holds it, else its own."""
    if start <= rep.turn_frame < stop:
        return rep.turn_frame
    return turn_between(dataset, clip, start, stop)
