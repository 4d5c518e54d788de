"""One rater's answers beside everybody else's, of what that rater has answered."""

from dataclasses import dataclass
from typing import Any

from labeler.core.clip import Clip
from labeler.core.label import Answer, FaultId, Label
from labeler.core.names import tidy_name
from labeler.core.rep import RepId
from labeler.store.dataset import Dataset
from labeler.workflows.disputes import by_question, hidden_reps


@dataclass(frozen=True, slots=True)
class Compared:
    """One fault of one repetition: what a rater said, what others said, how it was settled."""

    rep_id: RepId
    index: int
    fault: FaultId
    mine: Answer
    others: dict[str, Answer]
    decision: Answer | None

    @property
    def is_alike(self) -> bool:
        """Whether all others gave the same answer."""
        return set(self.others.values()) == {self.mine}

    def as_row(self) -> dict[str, Any]:
        """The same as a row."""
        return {
            "rep": self.index,
            "rep_id": self.rep_id,
            "fault": self.fault,
            "mine": self.mine,
            "others": self.others,
            "decision": self.decision,
            "is_alike": self.is_alike,
        }


def compared(dataset: Dataset, clip: Clip, rater: str) -> list[Compared]:
    """What a rater and at least one other have answered in a clip, as far as the rater may see it.

    A repetition that the rater has not answered wholly stays out: see `hidden_reps`. What differs
    comes first.
    """
    name = tidy_name(rater)
    hidden = hidden_reps(dataset, name, clip)
    settled = {(d.rep_id, d.fault): d.answer for d in dataset.journal.decisions(clip.clip_id)}
    index = {record.rep_id: record.index for record in dataset.journal.reps(clip.clip_id)}
    found = [
        Compared(rep_id, index[rep_id], fault, mine, others, settled.get((rep_id, fault)))
        for (rep_id, fault), said in by_question(dataset.journal.answers(clip.clip_id)).items()
        for mine, others in _parted(said, name)
        if rep_id not in hidden
    ]
    return sorted(found, key=lambda one: (one.is_alike, one.index, one.fault))


def _parted(said: list[Label], rater: str) -> list[tuple[Answer, dict[str, Answer]]]:
    """The rater's own answer and the others', where there are both."""
    mine = [label.answer for label in said if label.rater == rater]
    others = {label.rater: label.answer for label in said if label.rater != rater}
    return [(mine[0], others)] if mine and others else []
