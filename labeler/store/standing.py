"""What stands of every clip now, kept in memory: the journal is replayed once, then only its news.

A queue asks about every repetition of a dataset each time. The journal only grows, so what it said
before does not have to be read again, whoever adds to it, also from another process.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, func, select

from labeler.core.clip import ClipId
from labeler.core.label import (
    FIRST_ROUND,
    SEVERITY_THRESHOLD,
    Answer,
    Assignment,
    FaultId,
)
from labeler.core.rep import RepId
from labeler.store import schema
from labeler.store.database import Database

Given = Mapping[RepId, frozenset[FaultId]]
"""Which faults, by repetition; one without any is missing."""

NOTHING: Final[Given] = MappingProxyType({})
NO_FAULTS: Final[frozenset[FaultId]] = frozenset()


@dataclass(frozen=True, slots=True)
class ClipStanding:
    """What stands of one clip; it never changes, what is newer is another object.

    Parameters
    ----------
    rep_ids : tuple[RepId, ...]
        The repetitions in force, in the order of time.
    answered : Mapping[tuple[str, int], Given]
        By rater and round: the faults with an answer in force, of repetitions in force.
    disputed : Given
        Faults whose answers of the first round differ (below the threshold of severity, from it
        on, not visible) and of which no decision stands.
    assignments : tuple[Assignment, ...]
        Who is to rate the clip, by name.
    """

    rep_ids: tuple[RepId, ...] = ()
    answered: Mapping[tuple[str, int], Given] = field(default_factory=dict)
    disputed: Given = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()

    def of(self, rater: str, round_number: int = FIRST_ROUND) -> Given:
        """What one rater has answered in a round."""
        return self.answered.get((rater, round_number), NOTHING)


UNTOUCHED: Final = ClipStanding()
"""Of a clip about which nothing was said."""


class Standings:
    """What stands of every clip, for all threads of a process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._number = 0
        self._replays: dict[ClipId, _Replay] = {}
        self._now: Mapping[ClipId, ClipStanding] = MappingProxyType({})

    def now(self) -> Mapping[ClipId, ClipStanding]:
        """Every clip about which something was said, as it is in the journal at this moment.

        The first time costs a reading of the whole journal, later ones what was added since.
        """
        with self._lock:
            with self._database.reading() as db:
                newest = db.scalar(select(func.max(schema.action.c.number))) or 0
                touched = self._replay(db) if newest > self._number else set()
            if touched:
                self._now = MappingProxyType(
                    {**self._now, **{name: self._replays[name].standing() for name in touched}}
                )
            self._number = newest
            return self._now

    def of(self, clip_id: ClipId) -> ClipStanding:
        """What stands of one clip."""
        return self.now().get(clip_id, UNTOUCHED)

    def _replay(self, db: Connection) -> set[ClipId]:
        """Take in what was added since; the clips that it is about."""
        touched: set[ClipId] = set()
        for take, columns in _TAKES.items():
            for row in _news(db, self._number, columns):
                clip_id = row[0]
                take(self._replays.setdefault(clip_id, _Replay(clip_id)), *row[1:])
                touched.add(clip_id)
        return touched


@dataclass(slots=True)
class _Replay:
    """One clip's facts as replayed so far: the last one about everything."""

    clip_id: ClipId
    places: dict[RepId, tuple[int, int]] = field(default_factory=dict)
    said: dict[tuple[str, int], dict[RepId, dict[FaultId, str | None]]] = field(
        default_factory=dict
    )
    decided: dict[tuple[RepId, FaultId], bool] = field(default_factory=dict)
    assigned: dict[str, Assignment | None] = field(default_factory=dict)

    def take_rep(self, rep_id: RepId, start_frame: int | None, stop_frame: int | None) -> None:
        if start_frame is None or stop_frame is None:
            self.places.pop(rep_id, None)
        else:
            self.places[rep_id] = start_frame, stop_frame

    def take_answer(
        self, rep_id: RepId, fault: FaultId, rater: str, round_number: int, answer: str | None
    ) -> None:
        self.said.setdefault((rater, round_number), {}).setdefault(rep_id, {})[fault] = answer

    def take_decision(self, rep_id: RepId, fault: FaultId, answer: str | None) -> None:
        self.decided[rep_id, fault] = answer is not None

    def take_assignment(
        self, rater: str, is_assigned: bool, repeat_ratio: float, by: str, at_utc: str
    ) -> None:
        told = Assignment(self.clip_id, rater, repeat_ratio, by, at_utc)
        self.assigned[rater] = told if is_assigned else None

    def standing(self) -> ClipStanding:
        """The same, as it can be handed out."""
        rep_ids = tuple(sorted(self.places, key=self.places.__getitem__))
        return ClipStanding(
            rep_ids,
            MappingProxyType({who: _given(rep_ids, said) for who, said in self.said.items()}),
            MappingProxyType(self._disputed(rep_ids)),
            tuple(one for _, one in sorted(self.assigned.items()) if one is not None),
        )

    def _disputed(self, rep_ids: Iterable[RepId]) -> dict[RepId, frozenset[FaultId]]:
        first = [said for (_, number), said in self.said.items() if number == FIRST_ROUND]
        found = {}
        for rep_id in rep_ids if len(first) > 1 else ():
            sides: dict[FaultId, set[int]] = {}
            for said in first:
                for fault, answer in said.get(rep_id, {}).items():
                    if answer is not None:
                        sides.setdefault(fault, set()).add(_SIDES[answer])
            differ = frozenset(
                fault
                for fault, taken in sides.items()
                if len(taken) > 1 and not self.decided.get((rep_id, fault))
            )
            if differ:
                found[rep_id] = differ
        return found


def _given(rep_ids: Iterable[RepId], said: Mapping[RepId, Mapping[FaultId, str | None]]) -> Given:
    """What is answered: taken back and never given are the same."""
    given = {
        rep_id: frozenset(fault for fault, answer in said[rep_id].items() if answer is not None)
        for rep_id in rep_ids
        if rep_id in said
    }
    return MappingProxyType({rep_id: faults for rep_id, faults in given.items() if faults})


def _side(answer: Answer) -> int:
    """On which side of the threshold an answer is; not visible is a side of its own."""
    if answer.severity is None:
        return -1
    return int(answer.severity >= SEVERITY_THRESHOLD)


_SIDES: Final = {answer.value: _side(answer) for answer in Answer}

_TAKES: Final[Mapping[Callable[..., None], tuple[Any, ...]]] = {
    _Replay.take_rep: (
        schema.rep_event.c.rep_id,
        schema.rep_event.c.start_frame,
        schema.rep_event.c.stop_frame,
    ),
    _Replay.take_answer: (
        schema.label_event.c.rep_id,
        schema.label_event.c.fault,
        schema.label_event.c.rater,
        schema.label_event.c.round_number,
        schema.label_event.c.answer,
    ),
    _Replay.take_decision: (
        schema.decision_event.c.rep_id,
        schema.decision_event.c.fault,
        schema.decision_event.c.answer,
    ),
    _Replay.take_assignment: (
        schema.assignment_event.c.rater,
        schema.assignment_event.c.is_assigned,
        schema.assignment_event.c.repeat_ratio,
        schema.action.c.author,
        schema.action.c.at_utc,
    ),
}
"""What each table of facts tells a replay."""


def _news(db: Connection, since: int, columns: tuple[Any, ...]) -> Iterable[Row[Any]]:
    """Facts of the actions after number `since`, in the order of the journal."""
    table: Table = columns[0].table
    statement = (
        select(schema.action.c.clip_id, *columns)
        .join_from(table, schema.action)
        .where(table.c.action_number > since)
        .order_by(table.c.action_number, table.c.number)
    )
    return db.execute(statement)
