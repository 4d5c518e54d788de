"""A frame belongs to one repetition at most: looked at inside the transaction that writes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from labeler.core.errors import StoreError
from labeler.core.label import Action, ActionKind
from labeler.core.rep import Rep, RepRecord


def require_apart(action: Action, records: Sequence[RepRecord]) -> None:
    """Refuse an action that moves or takes out what is not there, or puts a rep onto another one.

    Reps that shared frames before, as those of another program may, can be moved all the same.

    Parameters
    ----------
    records : Sequence[RepRecord]
        The reps of the clip that are in force.

    Raises
    ------
    StoreError
        Told in the words of who cut; nothing is to be recorded then.
    """
    _require_there(action, records)
    if met := _met(action, records):
        rep, other = met
        raise StoreError(
            f"edges: expected frames of no other repetition, got {rep.start_frame} to "
            f"{rep.stop_frame}, which meets repetition {other.index} "
            f"({other.rep.start_frame} to {other.rep.stop_frame}).",
            hint="Move that one out of the way first.",
        )


def apart(action: Action, records: Sequence[RepRecord]) -> Action:
    """An undo or redo that leaves all reps alone where one would come onto another's frames."""
    return replace(action, reps=()) if _met(action, records) else action


def _require_there(action: Action, records: Iterable[RepRecord]) -> None:
    there = {record.rep_id for record in records}
    meant = {
        fact.rep_id
        for fact in action.reps
        if action.kind is ActionKind.EDGES
        or (fact.rep is None and action.kind in (ActionKind.SPLIT, ActionKind.MERGE))
    }
    if gone := meant - there:
        raise StoreError(
            f"repetition: expected one that is there, got {min(gone)!r}, which was taken out.",
            hint="Somebody else did that just now, or undo brings it back.",
        )


def _met(action: Action, records: Sequence[RepRecord]) -> tuple[Rep, RepRecord] | None:
    """A rep that the action places, and one that it meets without having met it before."""
    about = {fact.rep_id for fact in action.reps}
    before = [record.rep for record in records if record.rep_id in about]
    placed = [fact.rep for fact in action.reps if fact.rep is not None]
    return next(
        (
            (rep, other)
            for rep in placed
            for other in records
            if other.rep_id not in about
            and rep.meets(other.rep)
            and not any(old.meets(other.rep) for old in before)
        ),
        None,
    )
