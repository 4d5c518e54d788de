"""Answers about one fault as a table of repetitions by raters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import AnyArray, BoolArray, FloatArray
from labeler.core.label import Answer, Label


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """What raters said about one fault of repetitions that at least one of them answered.

    *Not visible* and *not rated* are both missing (NaN in `severity`) and told apart by
    `is_hidden`: neither is ever taken for *absent*.

    Parameters
    ----------
    fault : str
        Id of the fault.
    raters : tuple[str, ...]
        Everybody who answered it for at least one rep, in the order of the alphabet.
    severity : FloatArray
        Shape (n_reps, n_raters): 0 to 3, NaN where the rater gave none.
    is_hidden : BoolArray
        Same shape: whether the rater answered *not visible*.
    athlete : AnyArray
        Shape (n_reps,): who moved.
    """

    fault: str
    raters: tuple[str, ...]
    severity: FloatArray
    is_hidden: BoolArray
    athlete: AnyArray

    @property
    def n_rated(self) -> FloatArray:
        """How many raters gave each rep a severity, shape (n_reps,)."""
        n: FloatArray = np.isfinite(self.severity).sum(axis=1).astype(np.float64)
        return n

    @property
    def is_answered(self) -> BoolArray:
        """Whether the rater answered at all, a severity or *not visible*: (n_reps, n_raters)."""
        answered: BoolArray = np.isfinite(self.severity) | self.is_hidden
        return answered


def ratings_of(labels: Iterable[Label], athletes: Mapping[str, str]) -> dict[str, Ratings]:
    """The answers in force as one table per fault, in the order of the faults' first answers.

    Parameters
    ----------
    labels : Iterable[Label]
        Of any rep, fault and rater, each combination once.
    athletes : Mapping[str, str]
        Who moved in each rep; answers about other reps are left out.
    """
    by_fault: dict[str, list[Label]] = {}
    for label in labels:
        if label.rep_id in athletes:
            by_fault.setdefault(label.fault, []).append(label)
    return {fault: _table(fault, found, athletes) for fault, found in by_fault.items()}


def _table(fault: str, labels: Sequence[Label], athletes: Mapping[str, str]) -> Ratings:
    raters = tuple(sorted({label.rater for label in labels}))
    rep_ids = list(dict.fromkeys(label.rep_id for label in labels))
    column = {rater: n for n, rater in enumerate(raters)}
    row = {rep_id: n for n, rep_id in enumerate(rep_ids)}
    severity = np.full((len(rep_ids), len(raters)), np.nan)
    is_hidden = np.zeros(severity.shape, dtype=np.bool_)
    at = ([row[a.rep_id] for a in labels], [column[a.rater] for a in labels])
    severity[at] = [_SEVERITIES[label.answer] for label in labels]
    is_hidden[at] = [label.answer is Answer.NOT_VISIBLE for label in labels]
    athlete = np.array([athletes[rep_id] for rep_id in rep_ids], dtype=object)
    return Ratings(fault, raters, severity, is_hidden, athlete)


def severity_of(answer: Answer) -> float:
    """0 to 3; NaN for *not visible*."""
    return _SEVERITIES[answer]


_SEVERITIES = {a: np.nan if a.severity is None else float(a.severity) for a in Answer}
"""Looked up rather than asked: there are hundreds of thousands of answers."""
