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
from labeler.workflows.acting import CLI, Sender
from labeler.workflows.importing import utc_now

REPEAT_RATIO = 0.05
"""Share of a rater's repetitions that come again, unless told otherwise: §6.2 of the domain."""

MIN_REPS_BETWEEN = 20
"""Other repetitions that a rater answers before one comes again.

Whoever still remembers the first answer repeats it and looks steadier than they are. Twenty are two
sets of ten or more, several minutes of other movements, and no longer than the usual share asks for
anyway: one in twenty.
"""

MIN_HOURS_BETWEEN = 24.0
"""Hours after which a repetition comes again where there are not so many others: a night's sleep.

Longer would be better (retest studies of raters take one to two weeks), but a set that is finished
today would then rarely be asked again at all.
"""

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
    dataset: Dataset, clips: Sequence[Clip], wish: AssignmentWish, *, by: str, client: str = CLI
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
        actions.append(_action(clip, facts, by=by, client=client))
    dataset.journal.record_many(actions)
    return actions


def unassign(
    dataset: Dataset, clips: Sequence[Clip], raters: Sequence[str], *, by: str, client: str = CLI
) -> list[Action]:
    """Take sets away from raters again; what they have answered stays."""
    names = AssignmentWish(raters).names
    assigned = {(found.clip_id, found.rater) for found in dataset.journal.assignments()}
    actions = []
    for clip in clips:
        facts = [AssignmentFact(n, False, 0.0) for n in names if (clip.clip_id, n) in assigned]
        if facts:
            actions.append(_action(clip, facts, by=by, client=client))
    dataset.journal.record_many(actions)
    return actions


@dataclass(frozen=True, slots=True)
class Repeats:
    """Which repetitions come again to a rater.

    Parameters
    ----------
    due : tuple[RepId, ...]
        Now; begun ones stay, and are among them.
    waiting : tuple[RepId, ...]
        Later: their first answers are still too fresh.
    """

    due: tuple[RepId, ...] = ()
    waiting: tuple[RepId, ...] = ()


def repeats_due(
    rater: str,
    finished: Iterable[tuple[RepId, Assignment]],
    *,
    started: frozenset[RepId],
    fresh: frozenset[RepId] = frozenset(),
) -> Repeats:
    """The repetitions that are to come again, once enough are finished.

    Which ones is drawn by the digest of rater and repetition: no one can foresee it, and asking
    again gives the same. One that is drawn waits while the first answer is fresh in memory.

    Parameters
    ----------
    finished : Iterable[tuple[RepId, Assignment]]
        What the rater has answered wholly in assigned sets, with the assignment that it is of.
    started : frozenset[RepId]
        Repeats that the rater has begun; they stay, and count.
    fresh : frozenset[RepId]
        What the rater still remembers: see `fresh_reps`.
    """
    pool = list(finished)
    n_wanted = n_repeats([found.repeat_ratio for _, found in pool])
    begun = [rep_id for rep_id, _ in pool if rep_id in started]
    others = [rep_id for rep_id, found in pool if rep_id not in started and found.repeat_ratio]
    order = sorted(others, key=lambda rep_id: sha256(f"{rater}\t{rep_id}".encode()).digest())
    drawn = order[: max(0, n_wanted - len(begun))]
    return Repeats(
        (*begun, *(rep_id for rep_id in drawn if rep_id not in fresh)),
        tuple(rep_id for rep_id in drawn if rep_id in fresh),
    )


def fresh_reps(dataset: Dataset, rater: str) -> frozenset[RepId]:
    """Repetitions of which a rater still remembers the answer, so that asking again tells nothing.

    After their last answer `MIN_REPS_BETWEEN` others have not been answered yet, nor have
    `MIN_HOURS_BETWEEN` passed.
    """
    known = dataset.journal.recent_reps(rater, MIN_REPS_BETWEEN)
    since = utc_now(hours_ago=MIN_HOURS_BETWEEN)
    return frozenset(rep_id for rep_id, at_utc in known.items() if at_utc > since)


def n_repeats(ratios: Iterable[float]) -> int:
    """How many of a rater's repetitions come again, of the share told for each: whole ones."""
    return int(sum(ratios) + ROUNDING)


def repeat_words(dataset: Dataset) -> list[str]:
    """What the share of repeats comes to for each rater, a sentence each.

    Shares are of small numbers at first: 5 % of twelve repetitions is none.
    """
    n_reps = Counter(record.clip_id for record in dataset.journal.reps())
    told: dict[str, list[float]] = {}
    for found in dataset.journal.assignments():
        told.setdefault(found.rater, []).extend([found.repeat_ratio] * n_reps[found.clip_id])
    return [_repeat_words(rater, ratios) for rater, ratios in sorted(told.items()) if any(ratios)]


def _repeat_words(rater: str, ratios: Sequence[float]) -> str:
    n_reps, n_again = len(ratios), n_repeats(ratios)
    if not n_again:
        return (
            f"{rater}: none of {n_reps} repetitions comes again: too few for the share of repeats. "
            "Assign more, or a larger share."
        )
    later = (
        f"once {MIN_REPS_BETWEEN} others are answered in between"
        if n_reps > MIN_REPS_BETWEEN
        else f"a day later, for there are too few to put {MIN_REPS_BETWEEN} others in between"
    )
    return f"{rater}: {n_again} of {n_reps} repetitions {_COMES[n_again == 1]} again, {later}."


_COMES = {True: "comes", False: "come"}


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


def _action(clip: Clip, facts: Sequence[AssignmentFact], *, by: str, client: str) -> Action:
    sender = Sender.from_command(by, client)
    return replace(sender.action(ActionKind.ASSIGN, clip), assignments=tuple(facts))
