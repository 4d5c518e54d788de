"""Say who is to rate which set, by how many raters, and which repetitions come again blind."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from labeler.core.clip import Clip, ClipId
from labeler.core.errors import UsageError
from labeler.core.label import (
    Action,
    ActionKind,
    Assignment,
    AssignmentFact,
)
from labeler.core.names import tidy_name
from labeler.core.rep import RepId
from labeler.store.dataset import Dataset
from labeler.workflows.acting import Sender

REPEAT_RATIO = 0.05
"""Share of a rater's repetitions that come again, unless told otherwise: §6.2 of the domain."""

ROUNDING = 1e-9
"""So that twenty times five per cent is one whole repetition."""


@dataclass(frozen=True, slots=True)
class AssignmentWish:
    """Who is to rate.

    Parameters
    ----------
    raters : Sequence[str]
        Among whom sets are shared out.
    n_per_rep : int | None
        How many of them rate each set, and so each repetition; None is all of them.
    repeat_ratio : float
        Share of each rater's repetitions, 0 to 1, that come again blind.
    """

    raters: Sequence[str]
    n_per_rep: int | None = None
    repeat_ratio: float = REPEAT_RATIO

    def __post_init__(self) -> None:
        if not 0 <= self.repeat_ratio <= 1:
            raise UsageError(
                f"share of repeats: expected 0 to 1, got {self.repeat_ratio}.",
                hint="0.05 is usual: one repetition in twenty comes again.",
            )
        if not self.names:
            raise UsageError("raters: expected at least one name, got none.", hint="Name them.")
        if self.n_per_rep is not None and not 1 <= self.n_per_rep <= len(self.names):
            raise UsageError(
                f"raters per repetition: expected 1 to {len(self.names)}, got {self.n_per_rep}.",
                hint="Name more raters, or ask for fewer.",
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The raters, each once, as their names are kept."""
        return tuple(dict.fromkeys(filter(None, map(tidy_name, self.raters))))


def assign(
    dataset: Dataset, clips: Sequence[Clip], wish: AssignmentWish, *, by: str
) -> list[Action]:
    """Share sets out: each goes to those with the fewest repetitions so far; all or nothing.

    Who is assigned to a set already counts among its raters, and stays.
    """
    known: dict[ClipId, set[str]] = {}
    for found in dataset.journal.assignments():
        known.setdefault(found.clip_id, set()).add(found.rater)
    n_reps = Counter(record.clip_id for record in dataset.journal.reps())
    load = Counter(dict.fromkeys(wish.names, 0))
    for clip_id, raters in known.items():
        load.update(dict.fromkeys(raters & set(wish.names), n_reps[clip_id]))
    actions = []
    for clip in clips:
        there = known.get(clip.clip_id, set())
        chosen = _chosen(wish, there, load)
        load.update({name: n_reps[clip.clip_id] for name in chosen if name not in there})
        facts = [AssignmentFact(name, True, wish.repeat_ratio) for name in chosen]
        actions.append(_action(clip, facts, by=by))
    dataset.journal.record_many(actions)
    return actions


def unassign(
    dataset: Dataset, clips: Sequence[Clip], raters: Sequence[str], *, by: str
) -> list[Action]:
    """Take sets away from raters again; what they have answered stays."""
    names = AssignmentWish(raters).names
    assigned = {(found.clip_id, found.rater) for found in dataset.journal.assignments()}
    actions = []
    for clip in clips:
        facts = [AssignmentFact(n, False, 0.0) for n in names if (clip.clip_id, n) in assigned]
        if facts:
            actions.append(_action(clip, facts, by=by))
    dataset.journal.record_many(actions)
    return actions


def repeats_due(
    rater: str,
    finished: Iterable[tuple[RepId, Assignment]],
    *,
    started: frozenset[RepId],
) -> tuple[RepId, ...]:
    """The repetitions that are to come again, once enough are finished.

    Which ones is drawn by the digest of rater and repetition: no one can foresee it, and asking
    again gives the same.

    Parameters
    ----------
    finished : Iterable[tuple[RepId, Assignment]]
        What the rater has answered wholly in assigned sets, with the assignment that it is of.
    started : frozenset[RepId]
        Repeats that the rater has begun; they stay, and count.
    """
    pool = list(finished)
    n_wanted = int(sum(found.repeat_ratio for _, found in pool) + ROUNDING)
    begun = [rep_id for rep_id, _ in pool if rep_id in started]
    fresh = [rep_id for rep_id, found in pool if rep_id not in started and found.repeat_ratio]
    drawn = sorted(fresh, key=lambda rep_id: sha256(f"{rater}\t{rep_id}".encode()).digest())
    return (*begun, *drawn[: max(0, n_wanted - len(begun))])


def assignment_rows(dataset: Dataset) -> list[dict[str, Any]]:
    """Every assignment in force as a row."""
    clips = {clip.clip_id: clip for clip in dataset.clips.all()}
    return [
        {
            "clip": clips[found.clip_id].short_id,
            "file": clips[found.clip_id].file_name,
            "rater": found.rater,
            "repeats": found.repeat_ratio,
            "by": found.by,
            "at_utc": found.at_utc,
        }
        for found in dataset.journal.assignments()
    ]


def _chosen(wish: AssignmentWish, there: set[str], load: Counter[str]) -> list[str]:
    """Who rates one set: those who do already, then those with the least to do, in their order."""
    order = sorted(wish.names, key=lambda name: (name not in there, load[name]))
    return order[: wish.n_per_rep]


def _action(clip: Clip, facts: Sequence[AssignmentFact], *, by: str) -> Action:
    sender = Sender.from_command(by)
    return replace(sender.action(ActionKind.ASSIGN, clip), assignments=tuple(facts))
