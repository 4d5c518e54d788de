"""What a model that was trained again says otherwise than the one before, and who was right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from labeler.core.errors import UsageError
from labeler.core.label import Label
from labeler.core.rep import RepId
from labeler.store.dataset import Dataset
from labeler.workflows.disputes import settled_answers
from labeler.workflows.promoting import current

if TYPE_CHECKING:
    from labeler.learn.card import ModelCard

CHANCE: Final = 0.05
"""From this two-sided sign test on, who is right more often may be chance (convention)."""

PRESENT, ABSENT = "present", "absent"


@dataclass(frozen=True, slots=True)
class ChangedRep:
    """A repetition about which the two models differ, each asked without having seen its athlete.

    `right` is ``new`` or ``old``, by what the raters say; empty where they are divided.
    """

    rep_id: str
    clip_id: str
    file: str
    index: int
    old: str
    new: str
    raters: str
    right: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Two models of one fault on the repetitions that both were tested on.

    Parameters
    ----------
    old : str
        Name of the one before.
    n_both : int
        Repetitions that both were tested on.
    """

    old: str
    n_both: int
    reps: tuple[ChangedRep, ...]

    @property
    def n_new_right(self) -> int:
        """Changed repetitions about which the new one agrees with the raters."""
        return sum(rep.right == "new" for rep in self.reps)

    @property
    def n_old_right(self) -> int:
        """Changed repetitions about which the old one agreed with the raters."""
        return sum(rep.right == "old" for rep in self.reps)

    @property
    def words(self) -> str:
        """All of it in a sentence or two."""
        if not self.n_both:
            return f"No repetition was tested in this model and in {self.old}: nothing to compare."
        if not self.reps:
            return f"Same answers as {self.old} on all {self.n_both} repetitions tested in both."
        told = self.n_new_right + self.n_old_right
        chance = sign_test(self.n_new_right, self.n_old_right)
        doubt = " That may be chance." if told and chance >= CHANCE else ""
        return (
            f"Other answers than {self.old} on {len(self.reps)} of {self.n_both} repetitions "
            f"tested in both: the new model is right in {self.n_new_right}, the old one in "
            f"{self.n_old_right}.{doubt}"
        )

    def rows(self) -> list[dict[str, Any]]:
        """One row per changed repetition."""
        return [
            {"rep_id": rep.rep_id, "file": rep.file, "index": rep.index, "old": rep.old}
            | {"new": rep.new, "raters": rep.raters, "right": rep.right}
            for rep in self.reps
        ]


def card_before(dataset: Dataset, models: Path, fault: str, name: str) -> "ModelCard | None":
    """The card of the model in force for a fault, else of the one that is to be replaced.

    None where there is neither, or its card cannot be read.
    """
    from labeler.core.errors import LearningError
    from labeler.learn.card import read_card

    in_force = (one.model for scope, one in current(dataset.folder).items() if scope.fault == fault)
    for folder in dict.fromkeys((*in_force, name)):
        try:
            card = read_card(models / folder)
        except LearningError:
            continue
        if card.fault == fault:
            return card
    return None


def changes(dataset: Dataset, old: "ModelCard", new: "ModelCard") -> Changes:
    """Hold two models' answers about the same repetitions beside what the raters say.

    Each answer is of a model that had not seen the athlete, as the card keeps it from its test.
    The raters' word is their majority at the new model's severity.

    Raises
    ------
    UsageError
        They are of two faults.
    """
    if old.fault != new.fault:
        raise UsageError(
            f"{new.name}: expected two models of one fault, got {old.fault} and {new.fault}.",
            hint="To see two cards side by side: labeler models compare",
        )
    before, after = _answers(old), _answers(new)
    both = [rep_id for rep_id in after if rep_id in before]
    said = raters_say(settled_answers(dataset), new.fault, new.severity_threshold)
    places = {str(record.rep_id): record for record in dataset.journal.reps()}
    files = {clip.clip_id: clip.file_name for clip in dataset.clips.all()}
    found = []
    for rep_id in both:
        if before[rep_id] == after[rep_id] or rep_id not in places:
            continue
        record, truth = places[rep_id], said.get(rep_id)
        right = "" if truth is None else ("new" if after[rep_id] is truth else "old")
        found.append(
            ChangedRep(
                rep_id=rep_id,
                clip_id=record.clip_id,
                file=files[record.clip_id],
                index=record.index,
                old=_word(before[rep_id]),
                new=_word(after[rep_id]),
                raters="divided" if truth is None else _word(truth),
                right=right,
            )
        )
    return Changes(old.name, len(both), tuple(found))


def raters_say(labels: Iterable[Label], fault: str, threshold: int) -> dict[str, bool]:
    """By rep id, whether most raters who could see it call the fault present; ties are left out."""
    votes: dict[RepId, list[bool]] = {}
    for label in labels:
        if label.fault == fault and label.answer.severity is not None:
            votes.setdefault(label.rep_id, []).append(label.answer.severity >= threshold)
    shares = {str(rep_id): sum(seen) / len(seen) for rep_id, seen in votes.items()}
    return {rep_id: share > 0.5 for rep_id, share in shares.items() if share != 0.5}


def sign_test(n_one: int, n_other: int) -> float:
    """Two-sided probability of so uneven a split, or a more uneven one, by chance alone."""
    n, low = n_one + n_other, min(n_one, n_other)
    tail: float = sum(comb(n, k) for k in range(low + 1)) / 2**n
    return min(1.0, 2 * tail)


def _answers(card: "ModelCard") -> dict[str, bool]:
    """By rep id, what its test on unseen athletes said."""
    told: Mapping[str, float | None] = card.metrics.get("probabilities") or {}
    return {rep_id: p >= card.threshold for rep_id, p in told.items() if p is not None}


def _word(is_present: bool) -> str:
    return PRESENT if is_present else ABSENT
