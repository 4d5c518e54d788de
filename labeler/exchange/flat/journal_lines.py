"""The journal as JSON Lines: one action with all its facts per line, nothing left out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from labeler.core.clip import ClipId
from labeler.core.label import (
    FIRST_ROUND,
    Action,
    ActionId,
    ActionKind,
    Answer,
    AssignmentFact,
    CalibrationFact,
    DecisionFact,
    FaultId,
    LabelFact,
    RepFact,
)
from labeler.core.rep import Rep, RepId, RepQuality
from labeler.exchange.flat.table_files import readable

JOURNAL_FILE = "journal.jsonl"


def write_journal(actions: Sequence[Action], path: Path) -> None:
    """Write one line per action, in the order in which they were recorded."""
    lines = (json.dumps(asdict(action), ensure_ascii=True, allow_nan=False) for action in actions)
    path.write_text("".join(f"{line}\n" for line in lines), "ascii", newline="\n")


def read_journal(path: Path) -> tuple[Action, ...]:
    """Read actions back.

    Raises
    ------
    ExchangeError
        If a line is not an action.
    """
    with readable(path.name):
        return tuple(_action(json.loads(line)) for line in path.read_text("ascii").splitlines())


def _action(line: Mapping[str, Any]) -> Action:
    target = line["target"]
    return Action(
        action_id=ActionId(line["action_id"]),
        kind=ActionKind(line["kind"]),
        clip_id=ClipId(line["clip_id"]),
        author=line["author"],
        at_utc=line["at_utc"],
        client=line["client"],
        labels=tuple(_label_fact(fact) for fact in line["labels"]),
        reps=tuple(_rep_fact(fact) for fact in line["reps"]),
        target=None if target is None else ActionId(target),
        assignments=tuple(AssignmentFact(**fact) for fact in line.get("assignments", ())),
        decisions=tuple(_decision_fact(fact) for fact in line.get("decisions", ())),
        calibrations=tuple(CalibrationFact(**fact) for fact in line.get("calibrations", ())),
    )


def _label_fact(fact: Mapping[str, Any]) -> LabelFact:
    answer = fact["answer"]
    return LabelFact(
        rep_id=RepId(fact["rep_id"]),
        fault=FaultId(fact["fault"]),
        answer=None if answer is None else Answer(answer),
        confidence=fact["confidence"],
        note=fact["note"],
        round_number=fact.get("round_number", FIRST_ROUND),  # formats 1 and 2 had no repeats
        moment_s=fact.get("moment_s"),  # up to format 4 nobody could tell one
    )


def _decision_fact(fact: Mapping[str, Any]) -> DecisionFact:
    answer = fact["answer"]
    return DecisionFact(
        rep_id=RepId(fact["rep_id"]),
        fault=FaultId(fact["fault"]),
        answer=None if answer is None else Answer(answer),
        reason=fact["reason"],
    )


def _rep_fact(fact: Mapping[str, Any]) -> RepFact:
    rep = fact["rep"]
    return RepFact(RepId(fact["rep_id"]), None if rep is None else _rep(rep))


def _rep(rep: Mapping[str, Any]) -> Rep:
    quality, reasons = RepQuality(rep["quality"]), tuple(rep["reasons"])
    return Rep(**{**rep, "quality": quality, "reasons": reasons})
