"""Repetitions and answers as rows: what most people open first."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from labeler.core.clip import Clip, ClipId
from labeler.core.label import Answer, Decision, FaultId, Label
from labeler.core.origin import Origin
from labeler.core.rep import Rep, RepId, RepQuality, RepRecord
from labeler.exchange.flat.clip_rows import as_json, tag_values
from labeler.exchange.flat.splits import Folds

REP_SCHEMA = pa.schema(
    {
        "rep_id": pa.string(),
        "clip_id": pa.string(),
        "athlete": pa.string(),
        "movement": pa.string(),
        "view": pa.string(),
        "session": pa.string(),
        "rep_index": pa.int32(),
        "start_frame": pa.int32(),
        "turn_frame": pa.int32(),
        "stop_frame": pa.int32(),
        "start_s": pa.float64(),
        "turn_s": pa.float64(),
        "stop_s": pa.float64(),
        "quality": pa.string(),
        "reasons": pa.string(),
        "cut_by": pa.string(),
        "is_synthetic": pa.bool_(),
    }
)

LABEL_SCHEMA = pa.schema(
    {
        "rep_id": pa.string(),
        "clip_id": pa.string(),
        "athlete": pa.string(),
        "movement": pa.string(),
        "view": pa.string(),
        "fault": pa.string(),
        "rater": pa.string(),
        "answer": pa.string(),
        "severity": pa.int8(),
        "confidence": pa.float64(),
        "note": pa.string(),
        "at_utc": pa.string(),
        "moment_s": pa.float64(),
        "is_synthetic": pa.bool_(),
    }
)

LATER_COLUMNS = ("moment_s", "is_synthetic")
"""Moments of answers came with the fifth format, what is made up with the sixth."""

DECISION_SCHEMA = pa.schema(
    {
        "rep_id": pa.string(),
        "clip_id": pa.string(),
        "fault": pa.string(),
        "answer": pa.string(),
        "severity": pa.int8(),
        "reason": pa.string(),
        "adjudicator": pa.string(),
        "at_utc": pa.string(),
        "is_synthetic": pa.bool_(),
    }
)

SPLIT_SCHEMA = pa.schema(
    {
        "athlete": pa.string(),
        "fold": pa.int32(),
        "n_clips": pa.int32(),
        "n_reps": pa.int32(),
        "is_synthetic": pa.bool_(),
    }
)


def rep_table(reps: Iterable[RepRecord], clips: Mapping[ClipId, Clip]) -> pa.Table:
    """One row per repetition in force; frames are half-open."""
    rows = [_rep_row(record, clips[record.clip_id]) for record in reps]
    return pa.Table.from_pylist(rows, schema=REP_SCHEMA)


def reps_of(table: pa.Table) -> tuple[RepRecord, ...]:
    """The repetitions of a table."""
    return tuple(_record(row) for row in table.to_pylist())


def label_table(
    labels: Iterable[Label], reps: Iterable[RepRecord], clips: Mapping[ClipId, Clip]
) -> pa.Table:
    """One row per answer in force: *not visible* is ``NV`` without severity, *not rated* no row."""
    clip_of = {record.rep_id: clips[record.clip_id] for record in reps}
    rows = [_label_row(label, clip_of[label.rep_id]) for label in labels]
    return pa.Table.from_pylist(rows, schema=LABEL_SCHEMA)


def known_columns(schema: pa.Schema, columns: Sequence[str]) -> pa.Schema:
    """The columns of a table as the file's format had them."""
    return pa.schema([f for f in schema if f.name in columns or f.name not in LATER_COLUMNS])


def labels_of(table: pa.Table) -> tuple[Label, ...]:
    """The answers of a table."""
    return tuple(
        Label(
            rep_id=RepId(row["rep_id"]),
            fault=FaultId(row["fault"]),
            rater=row["rater"],
            answer=Answer(row["answer"]),
            at_utc=row["at_utc"],
            confidence=row["confidence"],
            note=row["note"],
            moment_s=row.get("moment_s"),
        )
        for row in table.to_pylist()
    )


def decision_table(
    decisions: Iterable[Decision], reps: Iterable[RepRecord], clips: Mapping[ClipId, Clip]
) -> pa.Table:
    """One row per settled dispute in force."""
    clip_of = {record.rep_id: record.clip_id for record in reps}
    rows = [
        {
            "rep_id": decision.rep_id,
            "clip_id": clip_of[decision.rep_id],
            "fault": decision.fault,
            "answer": decision.answer.value,
            "severity": decision.answer.severity,
            "reason": decision.reason,
            "adjudicator": decision.adjudicator,
            "at_utc": decision.at_utc,
            "is_synthetic": clips[clip_of[decision.rep_id]].is_synthetic,
        }
        for decision in decisions
    ]
    return pa.Table.from_pylist(rows, schema=DECISION_SCHEMA)


def decisions_of(table: pa.Table) -> tuple[Decision, ...]:
    """The settled disputes of a table."""
    return tuple(
        Decision(
            rep_id=RepId(row["rep_id"]),
            fault=FaultId(row["fault"]),
            answer=Answer(row["answer"]),
            reason=row["reason"],
            adjudicator=row["adjudicator"],
            at_utc=row["at_utc"],
        )
        for row in table.to_pylist()
    )


def split_table(folds: Folds, clips: Iterable[Clip], reps: Iterable[RepRecord]) -> pa.Table:
    """One row per athlete; those without a name or fold are the clips whose athlete is not told.

    Recorded athletes come first; a made-up one is never the same as a recorded one of that name.
    """
    who = {clip.clip_id: (clip.origin, clip.tags.athlete) for clip in clips}
    of_clips = list(who.values())
    of_reps = [who[record.clip_id] for record in reps]
    rows = [
        {
            "athlete": athlete,
            "fold": None if athlete is None else folds[origin, athlete],
            "n_clips": of_clips.count((origin, athlete)),
            "n_reps": of_reps.count((origin, athlete)),
            "is_synthetic": origin is Origin.SYNTHETIC,
        }
        for origin, athlete in sorted(set(of_clips), key=_place)
    ]
    return pa.Table.from_pylist(rows, schema=SPLIT_SCHEMA)


def _place(who: tuple[Origin, str | None]) -> tuple[int, bool, str]:
    origin, athlete = who
    return list(Origin).index(origin), athlete is None, athlete or ""


def _rep_row(record: RepRecord, clip: Clip) -> dict[str, Any]:
    rep = record.rep
    return {
        "rep_id": record.rep_id,
        "clip_id": record.clip_id,
        **tag_values(clip.tags),
        "rep_index": record.index,
        "start_frame": rep.start_frame,
        "turn_frame": rep.turn_frame,
        "stop_frame": rep.stop_frame,
        "start_s": rep.start_s,
        "turn_s": rep.turn_s,
        "stop_s": rep.stop_s,
        "quality": rep.quality.value,
        "reasons": as_json(rep.reasons),
        "cut_by": record.cut_by,
        "is_synthetic": clip.is_synthetic,
    }


def _record(row: Mapping[str, Any]) -> RepRecord:
    rep = Rep(
        start_frame=row["start_frame"],
        turn_frame=row["turn_frame"],
        stop_frame=row["stop_frame"],
        start_s=row["start_s"],
        turn_s=row["turn_s"],
        stop_s=row["stop_s"],
        quality=RepQuality(row["quality"]),
        reasons=tuple(json.loads(row["reasons"])),
    )
    return RepRecord(
        rep_id=RepId(row["rep_id"]),
        clip_id=ClipId(row["clip_id"]),
        index=row["rep_index"],
        rep=rep,
        cut_by=row["cut_by"],
    )


def _label_row(label: Label, clip: Clip) -> dict[str, Any]:
    tags = tag_values(clip.tags)
    return {
        "rep_id": label.rep_id,
        "clip_id": clip.clip_id,
        "athlete": tags["athlete"],
        "movement": tags["movement"],
        "view": tags["view"],
        "fault": label.fault,
        "rater": label.rater,
        "answer": label.answer.value,
        "severity": label.answer.severity,
        "confidence": label.confidence,
        "note": label.note,
        "at_utc": label.at_utc,
        "moment_s": label.moment_s,
        "is_synthetic": clip.is_synthetic,
    }
