"""Reading the journal's rows: whole actions, and what is in force."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Subquery, Table, and_, exists, or_, select

from labeler.core.clip import ClipId
from labeler.core.label import Action, ActionKind, Answer, Label, LabelFact, RepFact
from labeler.core.rep import Rep, RepId, RepQuality, RepRecord, make_rep_id, rep_number
from labeler.store import schema

_ANSWERS: Final = {answer.value: answer for answer in Answer}

action, label_event, rep_event = schema.action.c, schema.label_event.c, schema.rep_event.c


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
        for table in (schema.label_event, schema.rep_event)
    )
    return or_(*(action.number.in_(numbers) for numbers in facts))


def read_steps(db: Connection, clip_id: ClipId, author: str) -> list[Action]:
    """What one author did in a clip, in the order of the journal, without the facts.

    What changed nothing is left out: it is no step that an undo could take back.
    """
    is_turn = action.kind.in_([ActionKind.UNDO, ActionKind.REDO])
    said = exists().where(label_event.action_number == action.number)
    cut = exists().where(rep_event.action_number == action.number)
    condition = and_(action.clip_id == clip_id, action.author == author, or_(is_turn, said, cut))
    rows = db.execute(select(schema.action).where(condition).order_by(action.number))
    return [_action(row, (), ()) for row in rows]


def read_actions(db: Connection, condition: ColumnElement[bool]) -> list[Action]:
    """The actions that meet a condition on the table ``action``, in the order of the journal."""
    rows = db.execute(select(schema.action).where(condition).order_by(action.number)).all()
    labels = _facts(db, schema.label_event, condition)
    reps = _facts(db, schema.rep_event, condition)
    return [_action(row, labels[row.number], reps[row.number]) for row in rows]


def read_answers(db: Connection, clip_id: ClipId | None, rater: str | None) -> list[Label]:
    """The last answer per rep, fault and rater, where there is one and the rep is in force."""
    later = schema.label_event.alias()
    is_overtaken = exists().where(
        later.c.rep_id == label_event.rep_id,
        later.c.fault == label_event.fault,
        later.c.rater == label_event.rater,
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
        )
        .join_from(schema.label_event, schema.action)
        .where(label_event.answer.is_not(None), ~is_overtaken)
        .where(label_event.rep_id.in_(select(_reps_in_force(clip_id).c.rep_id)))
        .order_by(label_event.rep_id, label_event.fault, label_event.rater)
    )
    if rater is not None:
        statement = statement.where(label_event.rater == rater)
    return [
        Label(rep_id, fault, by, _ANSWERS[answer], at_utc, confidence, note)
        for rep_id, fault, by, answer, at_utc, confidence, note in db.execute(statement).all()
    ]


def read_reps(db: Connection, clip_id: ClipId | None) -> list[RepRecord]:
    """The reps in force by clip, in the order of time, counted from 1 in each clip."""
    in_force = _reps_in_force(clip_id)
    statement = (
        select(in_force, action.clip_id, action.author)
        .join_from(in_force, schema.action, in_force.c.action_number == action.number)
        .order_by(action.clip_id, in_force.c.start_frame, in_force.c.stop_frame)
    )
    records: list[RepRecord] = []
    for row in db.execute(statement):
        is_next = bool(records) and records[-1].clip_id == row.clip_id
        index = records[-1].index + 1 if is_next else 1
        records.append(RepRecord(row.rep_id, row.clip_id, index, _rep(row), row.author))
    return records


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
    return LabelFact(row.rep_id, row.fault, answer, row.confidence, row.note)


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
