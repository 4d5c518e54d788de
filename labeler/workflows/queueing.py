"""Which set needs a rater most, and how far each rater is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import itemgetter
from typing import Any

from labeler.catalog import Catalog
from labeler.core.clip import Clip, ClipId, View
from labeler.core.errors import UsageError
from labeler.core.label import (
    FIRST_ROUND,
    REPEAT_ROUND,
    Assignment,
    FaultId,
)
from labeler.core.origin import Origin
from labeler.core.rep import RepId, RepRecord
from labeler.store.dataset import Dataset
from labeler.store.standing import NO_FAULTS, UNTOUCHED, ClipStanding
from labeler.workflows.assigning import (
    MIN_HOURS_BETWEEN,
    MIN_REPS_BETWEEN,
    Repeats,
    fresh_reps,
    repeats_due,
)
from labeler.workflows.cataloguing import catalog_of
from labeler.workflows.drawn import UNDRAWN, places_now
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

DRAWN = (Reason.ASSIGNED, Reason.OPEN)
"""First looks: only among these a draw says what comes first."""


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

    def takes(self, clip: Clip, catalog: Catalog) -> bool:
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
            and (self.fault is None or self.fault in self.asked(clip, catalog))
        )

    def asked(self, clip: Clip, catalog: Catalog) -> frozenset[FaultId]:
        """The faults that count."""
        every = frozenset(fault.id for fault in asked_faults(clip, catalog))
        return every if self.fault is None else every & {FaultId(self.fault)}


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A set that needs a rater, why, and in which repetitions.

    `why` is why its answers teach a model most, in words; empty where it was not drawn.
    """

    clip: Clip
    reason: Reason
    rep_ids: tuple[RepId, ...]
    n_reps: int
    round_number: int = FIRST_ROUND
    why: str = ""

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
            "why": self.why,
            "round": self.round_number,
            "open_reps": len(self.rep_ids),
            "reps": self.n_reps,
            "athlete": tags.athlete,
            "movement": tags.movement,
            "view": tags.view,
            "came_in": self.clip.ingested_at[: len("2026-01-01")],
            "is_synthetic": self.clip.is_synthetic,
        }


@dataclass(frozen=True, slots=True)
class Queue:
    """What a rater has to do, the most pressing first, and how far every set is.

    `n_waiting` repetitions come again later, once their first answers are not fresh any more.
    """

    items: tuple[QueueItem, ...]
    summaries: tuple[ClipSummary, ...]
    n_waiting: int = 0

    @property
    def waiting_words(self) -> str:
        """What comes again later, in a sentence; empty where nothing does."""
        if not self.n_waiting:
            return ""
        what = "1 repetition comes" if self.n_waiting == 1 else f"{self.n_waiting} repetitions come"
        return (
            f"{what} again later, blind: after {MIN_REPS_BETWEEN} others, or in "
            f"{MIN_HOURS_BETWEEN:.0f} hours."
        )

    def after(self, now: tuple[ClipId, int] | None = None) -> QueueItem | None:
        """What comes after the set in work, round and round; the first when that is finished."""
        keys = [item.key for item in self.items]
        place = keys.index(now) + 1 if now in keys else 0
        others = (*self.items[place:], *self.items[: max(place - 1, 0)])
        return next((item for item in others if item.key != now), None)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A dataset as one rater meets it."""

    rater: str
    clips: Sequence[Clip]
    standings: Mapping[ClipId, ClipStanding]
    catalog: Catalog

    def of(self, clip: Clip) -> ClipStanding:
        """What stands of a set."""
        return self.standings.get(clip.clip_id, UNTOUCHED)

    def open_reps(
        self, clip: Clip, asked: frozenset[FaultId], round_number: int = FIRST_ROUND
    ) -> tuple[RepId, ...]:
        """The repetitions in which a fault that counts is not answered."""
        now = self.of(clip)
        given = now.of(self.rater, round_number)
        return tuple(rep_id for rep_id in now.rep_ids if asked - given.get(rep_id, NO_FAULTS))

    def assignment(self, clip: Clip) -> Assignment | None:
        """The rater's own assignment to a set."""
        return next((one for one in self.of(clip).assignments if one.rater == self.rater), None)


def queue_of(dataset: Dataset, rater: str, wanted: Wanted = EVERYTHING) -> Queue:
    """Every set that needs a rater: assigned, then disputed, then not yet rated.

    Among the assigned, and among the not yet rated, those of the newest draw come first, in its
    order; all others as they came in. A draw changes nobody's work but its order. Sets that are
    assigned to others alone are left out, unless their raters disagree.
    """
    seen = _seen(dataset, rater)
    everything = tuple(_summary(clip, seen) for clip in seen.clips)
    chosen = [clip for clip in seen.clips if wanted.takes(clip, seen.catalog)]
    items = [item for clip in chosen if (item := _item(clip, seen, wanted))]
    again = _again(dataset, seen)
    items += _repeats(seen, wanted, again.due)
    return Queue(_ordered(items, places_now(dataset)), everything, len(again.waiting))


def _ordered(
    items: Iterable[QueueItem], drawn: Mapping[ClipId, tuple[int, str]]
) -> tuple[QueueItem, ...]:
    """By reason, then as drawn, then as they came in; blind repeats and disputes are not drawn."""
    found = []
    for item in items:
        place, why = drawn.get(item.clip.clip_id, UNDRAWN) if item.reason in DRAWN else UNDRAWN
        found.append((_ORDER.index(item.reason), place, replace(item, why=why)))
    return tuple(item for *_, item in sorted(found, key=itemgetter(0, 1)))  # stable


def second_look(dataset: Dataset, clip: Clip, rater: str) -> tuple[RepId, ...]:
    """The repetitions of a set that come again to a rater, begun and finished ones among them."""
    seen = _seen(dataset, rater)
    due = set(_again(dataset, seen).due)
    begun = seen.of(clip).of(rater, REPEAT_ROUND)
    return tuple(rep_id for rep_id in seen.of(clip).rep_ids if rep_id in due or rep_id in begun)


def require_due(dataset: Dataset, clip: Clip, record: RepRecord, rater: str) -> None:
    """Refuse a second look that is not due.

    Whether the repetition has been drawn and still waits is not said: who knew it would remember.

    Raises
    ------
    UsageError
        With the reason, and which repetitions of the set do come again now.
    """
    again = second_look(dataset, clip, rater)
    if record.rep_id in again:
        return
    known = dataset.journal.reps(clip.clip_id)
    due = ", ".join(str(one.index) for one in known if one.rep_id in again)
    raise UsageError(
        f"second look: expected a repetition of {clip.file_name} that comes again to {rater} now "
        f"({due or 'there is none'}), got {record.index}.",
        hint=_why_not_due(dataset, record, rater),
    )


def _why_not_due(dataset: Dataset, record: RepRecord, rater: str) -> str:
    standing = dataset.standings.now().get(record.clip_id, UNTOUCHED)
    if rater not in {one.rater for one in standing.assignments}:
        return "Only sets that are assigned to a rater come again: labeler assign"
    if any(record.rep_id in item.rep_ids for item in queue_of(dataset, rater).items):
        return "Answer it wholly a first time, without --again."
    return (
        f"Few are drawn, and come after {MIN_REPS_BETWEEN} others or {MIN_HOURS_BETWEEN:.0f} "
        "hours. Sets in which one is due: labeler queue"
    )


def asked_again(dataset: Dataset, rater: str) -> frozenset[RepId]:
    """The repetitions that come again to a rater now and are not wholly answered again yet."""
    items = queue_of(dataset, rater).items
    return frozenset(one for it in items if it.reason is Reason.REPEAT for one in it.rep_ids)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rater is with one fault, in recorded clips or in synthetic ones."""

    rater: str
    fault: FaultId
    n_answered: int
    n_asked: int
    is_synthetic: bool = False

    def as_row(self) -> dict[str, Any]:
        """The same as a row; the share is None where nothing is asked."""
        share = self.n_answered / self.n_asked if self.n_asked else None
        return {
            "rater": self.rater,
            "fault": self.fault,
            "answered": self.n_answered,
            "asked": self.n_asked,
            "answered_ratio": share,
            "is_synthetic": self.is_synthetic,
        }


def progress(
    dataset: Dataset, rater: str | None = None, wanted: Wanted = EVERYTHING
) -> list[Progress]:
    """How far a rater, or each of them, is: per fault that the wanted sets ask for.

    Recorded and synthetic sets are counted apart, the recorded ones first.
    Everything counts that a rater may be asked: the sets assigned to others alone do not.
    """
    standings, catalog = dataset.standings.now(), catalog_of(dataset)
    clips = [clip for clip in dataset.clips.all() if wanted.takes(clip, catalog)]
    names = _everybody(standings.values()) if rater is None else [rater]
    parts = [(origin, [clip for clip in clips if clip.origin is origin]) for origin in Origin]
    return [
        replace(one, is_synthetic=origin is Origin.SYNTHETIC)
        for name in names
        for origin, chosen in parts
        for one in _progress(_Seen(name, chosen, standings, catalog), wanted)
    ]


def raters_of(dataset: Dataset) -> list[str]:
    """Everybody who has answered something, or is to, by name."""
    return _everybody(dataset.standings.now().values())


def _everybody(standings: Iterable[ClipStanding]) -> list[str]:
    """Who has an answer of the first round, or an assignment."""
    names = {one.rater for now in standings for one in now.assignments}
    names |= {
        name
        for now in standings
        for (name, round_number), given in now.answered.items()
        if round_number == FIRST_ROUND and given
    }
    return sorted(names)


def _progress(seen: _Seen, wanted: Wanted) -> list[Progress]:
    asked: Counter[FaultId] = Counter()
    answered: Counter[FaultId] = Counter()
    for clip in seen.clips:
        now, faults = seen.of(clip), wanted.asked(clip, seen.catalog)
        if now.assignments and not seen.assignment(clip):
            continue
        asked.update(dict.fromkeys(sorted(faults), len(now.rep_ids)))
        for given in now.of(seen.rater).values():
            answered.update(given & faults)
    return [Progress(seen.rater, fault, answered[fault], n) for fault, n in asked.items()]


def _seen(dataset: Dataset, rater: str) -> _Seen:
    return _Seen(rater, dataset.clips.all(), dataset.standings.now(), catalog_of(dataset))


def _summary(clip: Clip, seen: _Seen) -> ClipSummary:
    n_reps, asked = len(seen.of(clip).rep_ids), EVERYTHING.asked(clip, seen.catalog)
    return ClipSummary(clip, n_reps, n_reps - len(seen.open_reps(clip, asked)))


def _item(clip: Clip, seen: _Seen, wanted: Wanted) -> QueueItem | None:
    now, asked = seen.of(clip), wanted.asked(clip, seen.catalog)
    left = seen.open_reps(clip, asked)
    if not left:
        return None
    mine = now.of(seen.rater)
    is_disputed = any(
        now.disputed.get(rep_id, NO_FAULTS) & asked - mine.get(rep_id, NO_FAULTS) for rep_id in left
    )
    if seen.assignment(clip):
        reason = Reason.ASSIGNED
    elif is_disputed:
        reason = Reason.DISPUTED
    elif now.assignments:  # to others alone
        return None
    else:
        reason = Reason.OPEN
    return QueueItem(clip, reason, left, len(now.rep_ids))


def _repeats(seen: _Seen, wanted: Wanted, drawn: Iterable[RepId]) -> list[QueueItem]:
    due = set(drawn)
    found = []
    for clip in seen.clips if due else ():
        if not wanted.takes(clip, seen.catalog):
            continue
        again = [rep_id for rep_id in seen.of(clip).rep_ids if rep_id in due]
        left = seen.open_reps(clip, wanted.asked(clip, seen.catalog), REPEAT_ROUND)
        if still := tuple(rep_id for rep_id in left if rep_id in due):
            found.append(QueueItem(clip, Reason.REPEAT, still, len(again), REPEAT_ROUND))
    return found


def _again(dataset: Dataset, seen: _Seen) -> Repeats:
    """What comes again, of all sets: what is drawn does not depend on what is wanted."""
    finished: list[tuple[RepId, Assignment]] = []
    started: set[RepId] = set()
    for clip in seen.clips:
        started.update(seen.of(clip).of(seen.rater, REPEAT_ROUND))
        if assignment := seen.assignment(clip):
            left = set(seen.open_reps(clip, EVERYTHING.asked(clip, seen.catalog)))
            reps = seen.of(clip).rep_ids
            finished += [(rep_id, assignment) for rep_id in reps if rep_id not in left]
    if not finished:
        return Repeats()
    fresh = fresh_reps(dataset, seen.rater)
    return repeats_due(seen.rater, finished, started=frozenset(started), fresh=fresh)
