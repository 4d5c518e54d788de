"""The slow questions about a model, asked when somebody wants to know, and kept beside its card."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from labeler.evaluate.by_athlete import split_by_athlete
from labeler.evaluate.cheap import CHEAP_MEMBER, CheapReps
from labeler.evaluate.checks_file import CHECKS_FORMAT
from labeler.evaluate.comparison import as_plain
from labeler.evaluate.curves import CurvePoint, curve_by_group, curve_by_label
from labeler.evaluate.people import people
from labeler.evaluate.permutation import Permutation, permutation_test
from labeler.learn.table import LabeledTable
from labeler.learn.train import check_trainable

Done = Callable[[str, float], object]
"""Called with what is being done, in words, and the share of all that is done."""


@dataclass(frozen=True, slots=True)
class Checks:
    """Learning curves and the permutation test of one fault, by the cheap member.

    Parameters
    ----------
    model : str
        SHA-256 of the model file that they were asked about: another one has other answers.
    n_reps, n_groups : int
        What they rest on.
    label_digest : str
        SHA-256 over the answers: another one than the card's where labels have come since.
    by_group, by_label : tuple[CurvePoint, ...]
        Empty where no honest test is possible.
    permutation : Permutation | None
        None there, and where shuffling changes nothing.
    """

    model: str
    fault: str
    member: str
    group_word: str
    n_reps: int
    n_groups: int
    is_synthetic: bool
    label_digest: str
    by_group: tuple[CurvePoint, ...]
    by_label: tuple[CurvePoint, ...]
    permutation: Permutation | None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types only; what cannot be told (NaN) is None."""
        plain: dict[str, Any] = {"checks_format": CHECKS_FORMAT, **as_plain(asdict(self))}
        if self.permutation is not None:
            plain["permutation"]["mean"] = self.permutation.mean
            plain["permutation"]["is_sound"] = self.permutation.is_sound
        return plain


def run_checks(table: LabeledTable, *, model: str, done: Done) -> Checks:
    """Ask the slow questions; tens of seconds for a few hundred reps.

    Raises
    ------
    LearningError
        The table cannot train a model at all.
    """
    check_trainable(table)
    folds = list(split_by_athlete(table).folds)
    reps = CheapReps(table.features.to_numpy(float), table.y, table.weight, people(table))
    word = table.group_word
    return Checks(
        model=model,
        fault=table.fault.id,
        member=CHEAP_MEMBER,
        group_word=word,
        n_reps=len(table),
        n_groups=len(set(reps.who)),
        is_synthetic=table.is_synthetic,
        label_digest=table.label_digest,
        by_group=curve_by_group(
            reps, folds, done=_part(done, f"Learning from fewer {word}s", start=0.0)
        ),
        by_label=curve_by_label(
            reps, folds, done=_part(done, "Learning from fewer labels", start=1 / 3)
        ),
        permutation=permutation_test(
            reps, folds, done=_part(done, "Shuffling the labels", start=2 / 3)
        ),
    )


def _part(done: Done, words: str, *, start: float) -> Callable[[float], object]:
    """Progress of one third of the work."""
    done(words, start)
    return lambda ratio: done(words, start + ratio / 3)
