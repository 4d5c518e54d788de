"""Adding actions to the journal: what is refused, and how the rest becomes rows."""

from typing import Any, Final

from sqlalchemy import Connection, Table, insert, select

from labeler.core.clip import SHORT_ID_DIGITS, ClipId
from labeler.core.errors import StoreError
from labeler.core.label import (
    MACHINE,
    Action,
    ActionId,
    ActionKind,
    AssignmentFact,
    CalibrationFact,
    DecisionFact,
    LabelFact,
    RepFact,
)
from labeler.core.rep import Rep, RepId, make_rep_id, rep_number
from labeler.store import schema
from labeler.store.rows import reps_of_clip

LIST_CLIPS: Final = "List the clips with: labeler clips"
LIST_REPS: Final = "List the repetitions with: labeler reps CLIP"


BY_PEOPLE: Final = frozenset(
    {
        ActionKind.ANSWER,
        ActionKind.ALL_CLEAR,
        ActionKind.EDGES,
        ActionKind.ADD_REP,
        ActionKind.DELETE_REP,
        ActionKind.SPLIT,
        ActionKind.MERGE,
        ActionKind.RESTORE,
        ActionKind.ASSIGN,
        ActionKind.DECIDE,
        ActionKind.CALIBRATE,
    }
)
"""What only people do: nobody may take the machine's name for it."""

CHANGING: Final = frozenset({ActionKind.EDGES, ActionKind.RESTORE})
"""What people do to reps that exist, or existed."""

MAKING: Final = frozenset({ActionKind.ADD_REP, ActionKind.SPLIT, ActionKind.MERGE})
"""What people do that makes reps: each gets a name that no other ever had."""


class JournalWriter:
    """Adds actions within one write transaction, in which nobody else writes.

    What it learns about clips is kept for the transaction, so that many actions cost little more
    than their own rows.
    """

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._n_frames: dict[ClipId, int] = {}
        self._reps: dict[ClipId, set[RepId]] = {}

    def record(self, action: Action) -> bool:
        """Add an action with all its facts; False when its id is in the journal already.

        Raises
        ------
        StoreError
            When the clip, a rep or the undone action is unknown, a rep does not fit its clip, or
            the id belongs to somebody else's action.
        """
        if self.is_known(action):
            return False
        self._require_author(action)
        self._require_target(action.target)
        self._require_reps(action)
        self._require_labels(action)
        self._insert(action)
        return True

    def is_known(self, action: Action) -> bool:
        """Whether this action was recorded before; refuses an id that is another action's."""
        table = schema.action.c
        statement = select(table.clip_id, table.author, table.kind)
        found = self._db.execute(statement.where(table.action_id == action.action_id)).one_or_none()
        if found is not None and found != (action.clip_id, action.author, action.kind):
            raise StoreError(
                f"action {action.action_id}: expected an id of its own, got that of another "
                f"{found.kind} action by {found.author}.",
                hint="Give every client a name of its own; nothing was recorded.",
            )
        return found is not None

    @staticmethod
    def _require_author(action: Action) -> None:
        if not action.author.strip():
            raise StoreError(
                f"action {action.action_id}: expected the rater's name, got none.",
                hint="Enter your name once per session.",
            )
        if action.author == MACHINE and action.kind in BY_PEOPLE:
            raise StoreError(
                f"rater: expected a person's name, got {MACHINE!r}.",
                hint="Answers are given by people; choose another name.",
            )

    def _require_target(self, target: ActionId | None) -> None:
        number = select(schema.action.c.number).where(schema.action.c.action_id == target)
        if target is not None and self._db.scalar(number) is None:
            raise StoreError(
                f"action: expected one of the journal to undo or redo, got {target!r}.",
                hint="Record actions in the order in which they were made.",
            )

    def _require_reps(self, action: Action) -> None:
        known = self._known_reps(action.clip_id)
        for fact in action.reps:
            number = rep_number(fact.rep_id)
            if not number or fact.rep_id != make_rep_id(action.clip_id, number):
                raise _unfit(action, fact.rep_id, f"like {make_rep_id(action.clip_id, 1)}")
            is_change = fact.rep is None or action.kind in CHANGING
            if is_change and fact.rep_id not in known:
                raise _unfit(action, fact.rep_id, "that exists")
            is_new = action.kind in MAKING and fact.rep is not None
            if is_new and fact.rep_id in known:
                raise _unfit(action, fact.rep_id, "not given out yet")
            self._require_inside(action.clip_id, fact)
        known.update(fact.rep_id for fact in action.reps)

    def _require_inside(self, clip_id: ClipId, fact: RepFact) -> None:
        n_frames = self._frames_of(clip_id)
        if fact.rep is not None and fact.rep.stop_frame > n_frames:
            raise StoreError(
                f"rep {fact.rep_id}: expected frames up to {n_frames}, the clip's end, got "
                f"{fact.rep.start_frame} to {fact.rep.stop_frame}.",
                hint="Move the end of the repetition into the clip.",
            )

    def _require_labels(self, action: Action) -> None:
        known = self._known_reps(action.clip_id)
        said = [fact.rep_id for facts in (action.labels, action.decisions) for fact in facts]
        for rep_id in said:
            if rep_id not in known:
                raise _unfit(action, rep_id, "that exists or existed")

    def _known_reps(self, clip_id: ClipId) -> set[RepId]:
        self._frames_of(clip_id)
        if clip_id not in self._reps:
            rep_id = schema.rep_event.c.rep_id
            names = select(rep_id).where(reps_of_clip(rep_id, clip_id)).distinct()
            self._reps[clip_id] = set(self._db.scalars(names))
        return self._reps[clip_id]

    def _frames_of(self, clip_id: ClipId) -> int:
        if clip_id not in self._n_frames:
            table = schema.clip.c
            n_frames = self._db.scalar(select(table.n_frames).where(table.clip_id == clip_id))
            if n_frames is None:
                raise unknown_clip(clip_id)
            self._n_frames[clip_id] = n_frames
        return self._n_frames[clip_id]

    def _insert(self, action: Action) -> None:
        row = {
            "action_id": action.action_id,
            "kind": action.kind.value,
            "clip_id": action.clip_id,
            "author": action.author,
            "at_utc": action.at_utc,
            "client": action.client,
            "target": action.target,
        }
        number = self._db.execute(insert(schema.action).values(row)).lastrowid
        common = {"action_number": number}
        facts: dict[Table, list[dict[str, Any]]] = {
            schema.label_event: [_label_row(fact, action.author) for fact in action.labels],
            schema.rep_event: [_rep_row(fact) for fact in action.reps],
            schema.assignment_event: [_assignment_row(fact) for fact in action.assignments],
            schema.decision_event: [_decision_row(fact) for fact in action.decisions],
            schema.calibration_event: [_calibration_row(fact) for fact in action.calibrations],
        }
        for table, rows in facts.items():
            if rows:
                self._db.execute(insert(table), [common | row for row in rows])


def unknown_clip(clip_id: str) -> StoreError:
    """The error about a clip that the dataset does not hold."""
    return StoreError(
        f"clip: expected one of the dataset's clips, got {clip_id!r}.", hint=LIST_CLIPS
    )


def _unfit(action: Action, rep_id: RepId, expected: str) -> StoreError:
    short_id = action.clip_id[:SHORT_ID_DIGITS]
    return StoreError(
        f"rep: expected a name {expected} in clip {short_id}, got {rep_id!r}.",
        hint=LIST_REPS,
    )


def _label_row(fact: LabelFact, rater: str) -> dict[str, Any]:
    return {
        "rep_id": fact.rep_id,
        "fault": fact.fault,
        "rater": rater,
        "answer": None if fact.answer is None else fact.answer.value,
        "confidence": fact.confidence,
        "note": fact.note,
        "round_number": fact.round_number,
        "moment_s": fact.moment_s,
    }


def _assignment_row(fact: AssignmentFact) -> dict[str, Any]:
    return {
        "rater": fact.rater,
        "is_assigned": fact.is_assigned,
        "repeat_ratio": fact.repeat_ratio,
    }


def _calibration_row(fact: CalibrationFact) -> dict[str, Any]:
    return {"filmed_fps": fact.filmed_fps}


def _decision_row(fact: DecisionFact) -> dict[str, Any]:
    return {
        "rep_id": fact.rep_id,
        "fault": fact.fault,
        "answer": None if fact.answer is None else fact.answer.value,
        "reason": fact.reason,
    }


def _rep_row(fact: RepFact) -> dict[str, Any]:
    return {"rep_id": fact.rep_id} | _edges_row(fact.rep)


def _edges_row(rep: Rep | None) -> dict[str, Any]:
    return {
        "start_frame": rep and rep.start_frame,
        "turn_frame": rep and rep.turn_frame,
        "stop_frame": rep and rep.stop_frame,
        "start_s": rep and rep.start_s,
        "turn_s": rep and rep.turn_s,
        "stop_s": rep and rep.stop_s,
        "quality": rep and rep.quality.value,
        "reasons": rep and list(rep.reasons),
    }
