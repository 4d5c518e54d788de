"""After a blind answer: the rater, the others, the rule and the model in force, side by side."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeler.core.clip import Clip
from labeler.core.label import Answer, FaultId
from labeler.core.names import tidy_name
from labeler.core.rep import RepId
from labeler.store.dataset import Dataset
from labeler.workflows.deriving import RULE
from labeler.workflows.detectors import in_force
from labeler.workflows.disputes import by_question, hidden_reps


@dataclass(frozen=True, slots=True)
class Said:
    """What a detector says of one fault of one repetition; `by` is its name."""

    answer: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One fault of one repetition, as everybody sees it.

    Parameters
    ----------
    rule : Said | None
        None where no rule knows the fault.
    model : Said | None
        The promoted model's answer; None where the rule is in force.
    detector : str
        Whose answer is in force: the name of the rule or of a model; empty where nobody answers.
    """

    rep_id: RepId
    index: int
    fault: FaultId
    mine: Answer
    others: dict[str, Answer]
    decision: Answer | None
    rule: Said | None
    model: Said | None

    @property
    def detector(self) -> str:
        """Who is in force."""
        found = self.model or self.rule
        return "" if found is None else found.by

    def as_row(self) -> dict[str, Any]:
        """The same as a row."""
        return {
            "rep": self.index,
            "rep_id": self.rep_id,
            "fault": self.fault,
            "mine": self.mine,
            "others": self.others,
            "decision": self.decision,
            "rule": self.rule and self.rule.answer,
            "rule_reason": self.rule and self.rule.reason,
            "model": self.model and self.model.answer,
            "model_reason": self.model and self.model.reason,
            "detector": self.detector,
        }


def side_by_side(dataset: Dataset, clip: Clip, rater: str, models: Path) -> list[SideBySide]:
    """Every answer of a rater in a clip beside all others, people and machines.

    A repetition that the rater has not answered wholly stays out, blind as before: see
    `hidden_reps`. Faults that nobody and nothing calls present come last.
    """
    name = tidy_name(rater)
    hidden = hidden_reps(dataset, name, clip)
    settled = {(d.rep_id, d.fault): d.answer for d in dataset.journal.decisions(clip.clip_id)}
    index = {record.rep_id: record.index for record in dataset.journal.reps(clip.clip_id)}
    answers = by_question(dataset.journal.answers(clip.clip_id))
    seen = {key: said for key, said in answers.items() if key[0] not in hidden}
    told = _machines(dataset, clip, models) if seen else {}
    found = []
    for (rep_id, fault), said in seen.items():
        by_rater = {label.rater: label.answer for label in said}
        mine = by_rater.pop(name, None)
        if mine is None:
            continue
        machines = told.get((rep_id, fault), {})
        model = next((one for by, one in machines.items() if by != RULE), None)
        decision = settled.get((rep_id, fault))
        heads = (rep_id, index[rep_id], fault, mine, by_rater, decision)
        found.append(SideBySide(*heads, machines.get(RULE), model))
    return sorted(found, key=lambda one: (not _is_interesting(one), one.index, one.fault))


def _machines(
    dataset: Dataset, clip: Clip, models: Path
) -> dict[tuple[RepId, FaultId], dict[str, Said]]:
    """By repetition and fault, what the rule says and what the one in force says, by name."""
    from labeler.workflows.deriving import learned_from

    detectors = in_force(dataset, models)
    features, series = learned_from(dataset, [clip])
    found: dict[tuple[RepId, FaultId], dict[str, Said]] = {}
    tables = (detectors.rules.answers(features, series), detectors.answers(features, series))
    for table in tables:
        for row in table.to_dict("records"):
            key = RepId(str(row["rep_id"])), FaultId(str(row["fault"]))
            said = Said(str(row["answer"]), str(row["reason"]), str(row["detector"]))
            found.setdefault(key, {})[said.by] = said
    return found


def _is_interesting(one: SideBySide) -> bool:
    """Whether anybody or anything calls the fault present."""
    people = any((answer.severity or 0) > 0 for answer in (one.mine, *one.others.values()))
    machines = (said.answer for said in (one.rule, one.model) if said is not None)
    return people or "present" in machines
