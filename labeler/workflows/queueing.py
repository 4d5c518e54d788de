"""Which set needs a rater most, and how far each rater is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from labeler.core.clip import Clip, ClipId, View
from labeler.core.label import (
    FIRST_ROUND,
    REPEAT_ROUND,
    Assignment,
    FaultId,
)
from labeler.core.rep import RepId
from labeler.store.dataset import Dataset
from labeler.workflows.assigning import repeats_due
from labeler.workflows.reviewing import ClipSummary, asked_faults


class Reason(StrEnum):
    """Why a set is in a rater's queue; the most pressing first."""

    ASSIGNED = "assigned"
    REPEAT = "repeat"
    """Assigned, and to be answered once more, blind."""
    DISPUTED = "disputed"
    """Others disagree about it; what they said is not told."""
    OPEN = "open"


WORDS = {
    Reason.ASSIGNED: "assigned to you",
    Reason.REPEAT: "a second look",
    Reason.DISPUTED: "one more opinion is wanted",
    Reason.OPEN: "not finished yet",
}
"""The reasons as a rater reads them: none tells what anybody has answered."""

_ORDER = list(Reason)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sets are wanted; None is any.

    Parameters
    ----------
    fault : str | None
        Only sets that ask for it; a repetition is open while this one is not answered.
    since, until : str | None
        First and last day of coming in, ISO 8601, both included.
    """

    movement: str | None = None
    athlete: str | None = None
    view: View | None = None
    fault: str | None = None
    since: str | None = None
    until: str | None = None

    def takes(self, clip: Clip) -> bool:
        """Whether a set is wanted."""
        tags, day = clip.tags, clip.ingested_at[: len("2026-01-01")]
        told = (
            (self.movement, tags.movement),
            (self.athlete, tags.athlete),
            (self.view, tags.view),
        )
        return (
            all(wanted in (None, found) for wanted, found in told)
            and (self.since or day) <= day <= (self.until or day)
            and (self.fault is None or self.fault in self.asked(clip))
        )

    def asked(self, clip: Clip) -> frozenset[FaultId]:
        """The faults that count."""
        every = frozenset(FaultId(fault.id) for fault in asked_faults(clip))
        return every if self.fault is None else every & {FaultId(self.fault)}


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A set that needs a rater, why, and in which repetitions."""

    clip: Clip
    reason: Reason
    rep_ids: tuple[RepId, ...]
    n_reps: int
    round_number: int = FIRST_ROUND

    @property
    def key(self) -> tuple[ClipId, int]:
        """The set and the look at it."""
        return self.clip.clip_id, self.round_number

    def as_row(self) -> dict[str, Any]:
        """The set as one row."""
        tags = self.clip.tags
        return {
            "clip": self.clip.short_id,
            "file": self.clip.file_name,
            "reason": self.reason,
            "round": self.round_number,
            "open_reps": len(self.rep_ids),
            "reps": self.n_reps,
            "athlete": tags.athlete,
            "movement": tags.movement,
            "view": tags.view,
            "came_in": self.clip.ingested_at[: len("2026-01-01")],
        }


@dataclass(frozen=True, slots=True)
class Queue:
    """What a rater has to do, the most pressing first, and how far every set is."""

    items: tuple[QueueItem, ...]
    summaries: tuple[ClipSummary, ...]

    def after(self, now: tuple[ClipId, int] | None = None) -> QueueItem | None:
        """What comes after the set in work, round and round; the first when that is finished."""
        keys = [item.key for item in self.items]
        place = keys.index(now) + 1 if now in keys else 0
        others = (*self.items[place:], *self.items[: max(place - 1, 0)])
        return next((item for item in others if item.key != now), None)


Given = Mapping[RepId, frozenset[FaultId]]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a queue is made of, read once."""

    rater: str
    reps: Mapping[ClipId, Sequence[RepId]]
    mine: Given
    again: Given
    assigned: Mapping[ClipId, Sequence[Assignment]]
    disputed: Mapping[RepId, frozenset[FaultId]] = field(default_factory=dict)

    def assignment(self, clip: Clip) -> Assignment | None:
        """The rater's own assignment to a set."""
        found = self.assigned.get(clip.clip_id, ())
        return next((one for one in found if one.rater == self.rater), None)

    def is_for_others(self, clip: Clip) -> bool:
        """Whether others are to rate the set, and this rater is not."""
        return bool(self.assigned.get(clip.clip_id)) and self.assignment(clip) is None


def queue_of(dataset: Dataset, rater: str, wanted: Wanted = EVERYTHING) -> Queue:
    """Every set that needs a rater: assigned, then disputed, then not yet rated, as they came in.

    Sets that are assigned to others alone are left out, unless their raters disagree.
    """
    facts = _read(dataset, rater)
    clips = dataset.clips.all()
    chosen = [clip for clip in clips if wanted.takes(clip)]
    items = [item for clip in chosen if (item := _item(clip, facts, wanted))]
    items += _repeats(clips, facts, wanted)
    everything = tuple(
        ClipSummary(clip, len(reps), len(reps) - len(_open(reps, facts.mine, clip, EVERYTHING)))
        for clip in clips
        for reps in (facts.reps.get(clip.clip_id, ()),)
    )
    ordered = sorted(items, key=lambda item: _ORDER.index(item.reason))  # stable: as they came in
    return Queue(tuple(ordered), everything)


def second_look(dataset: Dataset, clip: Clip, rater: str) -> tuple[RepId, ...]:
    """The repetitions of a set that come again to a rater, begun and finished ones among them."""
    facts = _read(dataset, rater)
    due = set(_due(dataset.clips.all(), facts)) | set(facts.again)
    return tuple(rep_id for rep_id in facts.reps.get(clip.clip_id, ()) if rep_id in due)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rater is with one fault."""

    rater: str
    fault: FaultId
    n_answered: int
    n_asked: int

    def as_row(self) -> dict[str, Any]:
        """The same as a row; the share is None where nothing is asked."""
        share = self.n_answered / self.n_asked if self.n_asked else None
        return {
            "rater": self.rater,
            "fault": self.fault,
            "answered": self.n_answered,
            "asked": self.n_asked,
            "answered_ratio": share,
        }


OUT = ClipId("")
"""The clip of a repetition that was taken out: none, so that its answers do not count."""


def progress(
    dataset: Dataset, rater: str | None = None, wanted: Wanted = EVERYTHING
) -> list[Progress]:
    """How far a rater, or each of them, is: per fault that the wanted sets ask for.

    Everything counts that a rater may be asked: the sets assigned to others alone do not.
    """
    journal = dataset.journal
    assignments = journal.assignments()
    everybody = {label.rater for label in journal.answers()} if rater is None else set()
    told = everybody | {found.rater for found in assignments}
    clips = [clip for clip in dataset.clips.all() if wanted.takes(clip)]
    records = journal.reps()
    clip_of = {record.rep_id: record.clip_id for record in records}
    n_reps = Counter(record.clip_id for record in records)
    by_clip = _by_clip(assignments)
    found: list[Progress] = []
    for name in sorted(told) if rater is None else [rater]:
        mine = [
            clip
            for clip in clips
            if (their := by_clip.get(clip.clip_id)) is None or name in {a.rater for a in their}
        ]
        asked: Counter[FaultId] = Counter()
        for clip in mine:
            asked.update(dict.fromkeys(sorted(wanted.asked(clip)), n_reps[clip.clip_id]))
        ids = {clip.clip_id: wanted.asked(clip) for clip in mine}
        answered = Counter(
            fault
            for rep_id, faults in journal.answered(name).items()
            for fault in faults & ids.get(clip_of.get(rep_id, OUT), frozenset())
        )
        found += [Progress(name, fault, answered[fault], n) for fault, n in asked.items()]
    return found


def _read(dataset: Dataset, rater: str) -> _Facts:
    journal = dataset.journal
    decided = {(found.rep_id, found.fault) for found in journal.decisions()}
    reps: dict[ClipId, list[RepId]] = {}
    for record in journal.reps():
        reps.setdefault(record.clip_id, []).append(record.rep_id)
    disputed: dict[RepId, set[FaultId]] = {}
    for rep_id, fault in journal.disputed():
        if (rep_id, fault) not in decided:
            disputed.setdefault(rep_id, set()).add(fault)
    return _Facts(
        rater,
        reps,
        journal.answered(rater),
        journal.answered(rater, round_number=REPEAT_ROUND),
        _by_clip(journal.assignments()),
        {rep_id: frozenset(faults) for rep_id, faults in disputed.items()},
    )


def _item(clip: Clip, facts: _Facts, wanted: Wanted) -> QueueItem | None:
    reps = facts.reps.get(clip.clip_id, ())
    left = _open(reps, facts.mine, clip, wanted)
    asked = wanted.asked(clip)
    is_disputed = any(
        facts.disputed.get(rep_id, frozenset()) & asked - facts.mine.get(rep_id, frozenset())
        for rep_id in left
    )
    if not left:
        return None
    if facts.assignment(clip):
        reason = Reason.ASSIGNED
    elif is_disputed:
        reason = Reason.DISPUTED
    elif facts.is_for_others(clip):
        return None
    else:
        reason = Reason.OPEN
    return QueueItem(clip, reason, left, len(reps))


def _repeats(clips: Sequence[Clip], facts: _Facts, wanted: Wanted) -> list[QueueItem]:
    due = set(_due(clips, facts))  # of all sets: what is drawn does not depend on what is wanted
    found = []
    for clip in filter(wanted.takes, clips):
        reps = [rep_id for rep_id in facts.reps.get(clip.clip_id, ()) if rep_id in due]
        if left := _open(reps, facts.again, clip, wanted):
            found.append(QueueItem(clip, Reason.REPEAT, left, len(reps), REPEAT_ROUND))
    return found


def _due(clips: Iterable[Clip], facts: _Facts) -> tuple[RepId, ...]:
    finished = []
    for clip in clips:
        reps, assignment = facts.reps.get(clip.clip_id, ()), facts.assignment(clip)
        if assignment:
            left = set(_open(reps, facts.mine, clip, EVERYTHING))
            finished += [(rep_id, assignment) for rep_id in reps if rep_id not in left]
    return repeats_due(facts.rater, finished, started=frozenset(facts.again))


def _open(reps: Sequence[RepId], given: Given, clip: Clip, wanted: Wanted) -> tuple[RepId, ...]:
    """The repetitions in which a fault that counts is not answered."""
    asked = wanted.asked(clip)
    return tuple(rep_id for rep_id in reps if asked - given.get(rep_id, frozenset()))


def _by_clip(assignments: Iterable[Assignment]) -> dict[ClipId, list[Assignment]]:
    found: dict[ClipId, list[Assignment]] = {}
    for assignment in assignments:
        found.setdefault(assignment.clip_id, []).append(assignment)
    return found
