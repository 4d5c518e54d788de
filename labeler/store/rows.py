"""Reading the journal's rows: whole actions, and what is in force."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Subquery,
    Table,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
)

from labeler.core.clip import ClipId
from labeler.core.label import (
    FIRST_ROUND,
    MACHINE,
    Action,
    ActionKind,
    Answer,
    Assignment,
    AssignmentFact,
    CalibrationFact,
    Decision,
    DecisionFact,
    Label,
    LabelFact,
    RepFact,
)
from labeler.core.rep import Rep, RepId, RepQuality, RepRecord, make_rep_id, rep_number
from labeler.store import schema

FACTS_AT_ONCE: Final = 200
"""Rows that are fetched at a time where reading stops early: the answers of some twenty reps."""

_ANSWERS: Final = {answer.value: answer for answer in Answer}

action, label_event, rep_event = schema.action.c, schema.label_event.c, schema.rep_event.c
assignment_event, decision_event = schema.assignment_event.c, schema.decision_event.c


def reps_of_clip(rep_id: ColumnElement[str], clip_id: ClipId) -> ColumnElement[bool]:
    """Whether a rep's name is one of this clip's; a range, because ranges use the index."""
    after_dash = chr(ord("-") + 1)
    begin = make_rep_id(clip_id, 0).removesuffix("-0")
    return and_(rep_id >= f"{begin}-", rep_id < f"{begin}{after_dash}")


def about_reps(rep_ids: Iterable[RepId]) -> ColumnElement[bool]:
    """Whether an action says something about any of these reps."""
    names = list(rep_ids)
    facts = (
        select(table.c.action_number).where(table.c.rep_id.in_(names))
        for table in (schema.label_event, schema.rep_event, schema.decision_event)
    )
    return or_(*(action.number.in_(numbers) for numbers in facts))


def about_clock(clip_id: ClipId) -> ColumnElement[bool]:
    """Whether an action told of a clip's slow motion."""
    told = select(schema.calibration_event.c.action_number)
    return and_(action.clip_id == clip_id, action.number.in_(told))


def about_clock_of_rep(rep_id: RepId) -> ColumnElement[bool]:
    """Whether an action told of the slow motion of the clip that a rep is, or was, in."""
    of_rep = select(rep_event.action_number).where(rep_event.rep_id == rep_id)
    other = schema.action.alias()
    clips = select(other.c.clip_id).where(other.c.number.in_(of_rep))
    told = select(schema.calibration_event.c.action_number)
    return and_(action.clip_id.in_(clips), action.number.in_(told))


def read_steps(
    db: Connection, clip_id: ClipId, author: str, round_number: int = FIRST_ROUND
) -> list[Action]:
    """What one author did in a clip, in the order of the journal, without the facts.

    What changed no answer, no rep and no clock is left out: it is no step that an undo could take
    back. Each round has steps of its own; reps and clocks belong to the first.
    """
    is_turn = action.kind.in_([ActionKind.UNDO, ActionKind.REDO])
    said = exists().where(
        label_event.action_number == action.number, label_event.round_number == round_number
    )
    cut = and_(
        literal(round_number) == FIRST_ROUND,
        or_(
            exists().where(rep_event.action_number == action.number),
            exists().where(schema.calibration_event.c.action_number == action.number),
        ),
    )
    condition = and_(action.clip_id == clip_id, action.author == author, or_(is_turn, said, cut))
    rows = db.execute(select(schema.action).where(condition).order_by(action.number))
    return [_action(row, (), ()) for row in rows]


def read_actions(db: Connection, condition: ColumnElement[bool]) -> list[Action]:
    """The actions that meet a condition on the table ``action``, in the order of the journal."""
    rows = db.execute(select(schema.action).where(condition).order_by(action.number)).all()
    labels, reps, assigned, decided, filmed = (
        _facts(db, table, condition)
        for table in (
            schema.label_event,
            schema.rep_event,
            schema.assignment_event,
            schema.decision_event,
            schema.calibration_event,
        )
    )
    return [
        replace(
            _action(row, labels[row.number], reps[row.number]),
            assignments=tuple(_assignment_fact(fact) for fact in assigned[row.number]),
            decisions=tuple(_decision_fact(fact) for fact in decided[row.number]),
            calibrations=tuple(CalibrationFact(fact.filmed_fps) for fact in filmed[row.number]),
        )
        for row in rows
    ]


def read_answers(
    db: Connection, clip_id: ClipId | None, rater: str | None, round_number: int = FIRST_ROUND
) -> list[Label]:
    """The last answer per rep, fault and rater, where there is one and the rep is in force."""
    later = schema.label_event.alias()
    is_overtaken = exists().where(
        later.c.rep_id == label_event.rep_id,
        later.c.fault == label_event.fault,
        later.c.rater == label_event.rater,
        later.c.round_number == label_event.round_number,
        later.c.number > label_event.number,
    )
    statement = (
        select(
            label_event.rep_id,
            label_event.fault,
            label_event.rater,
            label_event.answer,
            action.at_utc,
            label_event.confidence,
            label_event.note,
            label_event.moment_s,
        )
        .join_from(schema.label_event, schema.action)
        .where(label_event.answer.is_not(None), ~is_overtaken)
        .where(label_event.round_number == round_number)
        .where(label_event.rep_id.in_(select(_reps_in_force(clip_id).c.rep_id)))
        .order_by(label_event.rep_id, label_event.fault, label_event.rater)
    )
    if rater is not None:
        statement = statement.where(label_event.rater == rater)
    real = _moments_made_real(db, clip_id)
    return [
        Label(rep_id, fault, by, _ANSWERS[answer], at_utc, sure, note, real(rep_id, moment_s))
        for rep_id, fault, by, answer, at_utc, sure, note, moment_s in db.execute(statement).all()
    ]


def _moments_made_real(
    db: Connection, clip_id: ClipId | None
) -> Callable[[RepId, float | None], float | None]:
    """Takes the slow motion that was told out of a moment in a repetition."""
    told = read_calibrations(db, clip_id)
    scales = {make_rep_id(of, 0).removesuffix("-0"): one.time_scale for of, one in told.items()}

    def real(rep_id: RepId, moment_s: float | None) -> float | None:
        if moment_s is None:
            return None
        return moment_s * scales.get(rep_id.rpartition("-")[0], 1.0)

    return real


def read_reps(db: Connection, clip_id: ClipId | None) -> list[RepRecord]:
    """The reps in force by clip, in the order of time, counted from 1 in each clip.

    Their seconds are real: slow motion that was told is taken out.
    """
    in_force = _reps_in_force(clip_id)
    statement = (
        select(in_force, action.clip_id, action.author)
        .join_from(in_force, schema.action, in_force.c.action_number == action.number)
        .order_by(action.clip_id, in_force.c.start_frame, in_force.c.stop_frame)
    )
    records: list[RepRecord] = []
    scales = {known: of.time_scale for known, of in read_calibrations(db, clip_id).items()}
    for row in db.execute(statement):
        is_next = bool(records) and records[-1].clip_id == row.clip_id
        index = records[-1].index + 1 if is_next else 1
        rep = _rep(row).scaled(scales.get(row.clip_id, 1.0))
        records.append(RepRecord(row.rep_id, row.clip_id, index, rep, row.author))
    return records


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is in force about a clip's slow motion.

    `time_scale` is how many real seconds a second of the file lasts; 1 where nothing is told.
    """

    filmed_fps: float | None
    time_scale: float


AS_STORED: Final = Calibration(None, 1.0)


def read_calibrations(db: Connection, clip_id: ClipId | None) -> dict[ClipId, Calibration]:
    """The clips of which somebody told at how many frames per second they were filmed."""
    statement = (
        select(action.clip_id, schema.calibration_event.c.filmed_fps, schema.clip.c.fps_median)
        .select_from(schema.calibration_event.join(schema.action).join(schema.clip))
        .order_by(schema.calibration_event.c.number)
    )
    if clip_id is not None:
        statement = statement.where(action.clip_id == clip_id)
    last = {row.clip_id: row for row in db.execute(statement)}
    return {
        name: Calibration(row.filmed_fps, row.fps_median / row.filmed_fps)
        for name, row in last.items()
        if row.filmed_fps is not None and row.fps_median is not None
    }


def read_clocks_after_cuts(db: Connection) -> list[ClipId]:
    """The clips of whose slow motion something was told after their last cut by the machine."""
    told, cut = (
        select(action.clip_id, func.max(action.number).label("number"))
        .where(condition)
        .group_by(action.clip_id)
        .subquery()
        for condition in (
            action.number.in_(select(schema.calibration_event.c.action_number)),
            and_(action.author == MACHINE, action.kind == ActionKind.CUT),
        )
    )
    statement = (
        select(told.c.clip_id)
        .join_from(told, cut, told.c.clip_id == cut.c.clip_id)
        .where(told.c.number > cut.c.number)
        .order_by(told.c.number)
    )
    return list(db.scalars(statement))


def read_recent_reps(db: Connection, rater: str, n_reps: int) -> dict[RepId, str]:
    """The reps that a rater answered last, newest first, with when; at most so many."""
    statement = (
        select(label_event.rep_id, action.at_utc)
        .join_from(schema.label_event, schema.action)
        .where(label_event.rater == rater, label_event.answer.is_not(None))
        .order_by(label_event.number.desc())
    )
    found: dict[RepId, str] = {}
    for rep_id, at_utc in db.execute(statement.execution_options(yield_per=FACTS_AT_ONCE)):
        if rep_id not in found and len(found) == n_reps:
            break
        found.setdefault(rep_id, at_utc)
    return found


def read_assignments(db: Connection, clip_id: ClipId | None) -> list[Assignment]:
    """Who is to rate which clip now; by clip, then rater."""
    statement = (
        select(schema.assignment_event, action.clip_id, action.author, action.at_utc)
        .join_from(schema.assignment_event, schema.action)
        .order_by(assignment_event.number)
    )
    if clip_id is not None:
        statement = statement.where(action.clip_id == clip_id)
    last = {(row.clip_id, row.rater): row for row in db.execute(statement)}
    return [
        Assignment(*key, row.repeat_ratio, row.author, row.at_utc)
        for key, row in sorted(last.items())
        if row.is_assigned
    ]


def read_decisions(db: Connection, clip_id: ClipId | None) -> list[Decision]:
    """The last decision per rep and fault, where it stands and the rep is in force."""
    statement = (
        select(schema.decision_event, action.author, action.at_utc)
        .join_from(schema.decision_event, schema.action)
        .where(decision_event.rep_id.in_(select(_reps_in_force(clip_id).c.rep_id)))
        .order_by(decision_event.number)
    )
    last = {(row.rep_id, row.fault): row for row in db.execute(statement)}
    return [
        Decision(*key, _ANSWERS[row.answer], row.reason, row.author, row.at_utc)
        for key, row in sorted(last.items())
        if row.answer is not None
    ]


def read_next_rep_number(db: Connection, clip_id: ClipId) -> int:
    """One more than the highest number ever given out in a clip."""
    rep_id = rep_event.rep_id
    names: Iterable[RepId] = db.scalars(
        select(rep_id).where(reps_of_clip(rep_id, clip_id)).distinct()
    )
    return max((rep_number(name) or 0 for name in names), default=0) + 1


def _reps_in_force(clip_id: ClipId | None) -> Subquery:
    """The last row of every rep, unless that took it out."""
    later = schema.rep_event.alias()
    is_overtaken = exists().where(
        later.c.rep_id == rep_event.rep_id, later.c.number > rep_event.number
    )
    rows = select(schema.rep_event).where(rep_event.start_frame.is_not(None), ~is_overtaken)
    if clip_id is not None:
        rows = rows.where(reps_of_clip(rep_event.rep_id, clip_id))
    return rows.subquery()


def _facts(
    db: Connection, table: Table, condition: ColumnElement[bool]
) -> Mapping[int, list[Row[Any]]]:
    """The rows of a table of facts by the number of their action, in order."""
    statement = select(table).join(schema.action).where(condition).order_by(table.c.number)
    facts: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in db.execute(statement):
        facts[row.action_number].append(row)
    return facts


def _action(row: Row[Any], labels: Sequence[Row[Any]], reps: Sequence[Row[Any]]) -> Action:
    return Action(
        action_id=row.action_id,
        kind=ActionKind(row.kind),
        clip_id=row.clip_id,
        author=row.author,
        at_utc=row.at_utc,
        client=row.client,
        labels=tuple(_label_fact(fact) for fact in labels),
        reps=tuple(_rep_fact(fact) for fact in reps),
        target=row.target,
    )


def _label_fact(row: Row[Any]) -> LabelFact:
    answer = None if row.answer is None else _ANSWERS[row.answer]
    return LabelFact(
        row.rep_id,
        row.fault,
        answer,
        row.confidence,
        row.note,
        row.round_number,
        row.moment_s,
    )


def _assignment_fact(row: Row[Any]) -> AssignmentFact:
    return AssignmentFact(row.rater, row.is_assigned, row.repeat_ratio)


def _decision_fact(row: Row[Any]) -> DecisionFact:
    answer = None if row.answer is None else _ANSWERS[row.answer]
    return DecisionFact(row.rep_id, row.fault, answer, row.reason)


def _rep_fact(row: Row[Any]) -> RepFact:
    return RepFact(row.rep_id, None if row.start_frame is None else _rep(row))


def _rep(row: Row[Any]) -> Rep:
    return Rep(
        row.start_frame,
        row.turn_frame,
        row.stop_frame,
        row.start_s,
        row.turn_s,
        row.stop_s,
        RepQuality(row.quality),
        tuple(row.reasons),
    )
