"""From a labelled table to a model, or to a clear word on what is missing."""

from dataclasses import dataclass

import numpy as np

from labeler.core.errors import LearningError
from labeler.core.finding import Finding, Level
from labeler.core.label import FaultId
from labeler.learn.committee import Committee, about_voices, fit_committee
from labeler.learn.table import LabeledTable

N_MIN_REPS = 10
N_MIN_PER_CLASS = 3

N_MIN_OWN_PRESENT = 30
"""From so many reps with the fault on a movement is better learned on its own: see §6.1 of the
domain. Movements with fewer share a model, which is told which of them it sees."""


class NoLabelsError(LearningError):
    """No rep with an answer is left to learn from."""


class OneClassError(LearningError):
    """All answers are the same, so there is nothing to tell apart."""


class TooFewRepsError(LearningError):
    """There are answers of both kinds, but too few."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainedModel:
    """A classifier of one fault, with the name that people gave it."""

    name: str
    fault: FaultId
    severity_threshold: int
    classifier: Committee

    @property
    def classes(self) -> tuple[str, str]:
        """What 0 and 1 mean."""
        return ("absent", "present")

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The columns that it wants, in order."""
        return self.classifier.feature_names

    @property
    def threshold(self) -> float:
        """Probability from which the fault counts as present."""
        return self.classifier.threshold

    @property
    def is_calibrated(self) -> bool:
        """Whether there were enough reps to turn scores into probabilities."""
        return self.classifier.is_calibrated


def train(table: LabeledTable, *, name: str) -> TrainedModel:
    """Fit a model on every row of the table.

    Raises
    ------
    LearningError
        Without labels, with one class, or with too few reps; the hint says what to label next.
    """
    check_trainable(table)
    return TrainedModel(name, table.fault.id, table.threshold, fit_committee(table))


def about_training(table: LabeledTable) -> tuple[Finding, ...]:
    """What to know about how the table is learned from: missing members, movements that share."""
    return (*about_voices(table), *_about_movements(table))


def _about_movements(table: LabeledTable) -> tuple[Finding, ...]:
    """A word where movements share a model although one of them has enough for its own."""
    if len(table.movements) < 2:
        return ()
    present = table.meta["movement"][table.y == 1]
    n_by_movement = {name: int((present == name).sum()) for name in table.movements}
    enough = [name for name, n_reps in n_by_movement.items() if n_reps >= N_MIN_OWN_PRESENT]
    shared = f"{len(n_by_movement)} movements share this model: {', '.join(n_by_movement)}."
    if not enough:
        return (Finding("shared_by_movements", shared, Level.INFO),)
    told = ", ".join(f"{name} ({n_by_movement[name]})" for name in enough)
    hint = f"Train on one movement alone: {told} have reps enough with the fault for that."
    return (Finding("shared_by_movements", shared, hint=hint),)


def check_trainable(table: LabeledTable) -> None:
    """Raise the `LearningError` that says what is missing, if anything is."""
    n_absent, n_present = (int(n) for n in np.bincount(table.y, minlength=2))
    if not len(table):
        raise NoLabelsError(
            f"{table.fault.name}: expected reps with an answer, got none{_dropped_words(table)}.",
            hint="Label some reps as absent (0) and some with the fault.",
        )
    if min(n_absent, n_present) == 0:
        found, missing = ("present", "absent") if n_present else ("absent", "present")
        raise OneClassError(
            f"{table.fault.name}: expected reps with and without the fault, got {len(table)} "
            f"that are all {found} (present is severity {table.threshold} or more).",
            hint=f"Label at least {N_MIN_PER_CLASS} reps in which it is {missing}.",
        )
    if len(table) < N_MIN_REPS or min(n_absent, n_present) < N_MIN_PER_CLASS:
        raise TooFewRepsError(
            f"{table.fault.name}: expected at least {N_MIN_REPS} labelled reps, {N_MIN_PER_CLASS} "
            f"of each kind, got {n_present} present and {n_absent} absent"
            f"{_dropped_words(table)}.",
            hint="Label more reps, first of the rarer kind, best of further athletes.",
        )


def _dropped_words(table: LabeledTable) -> str:
    """What stayed out and why, in parentheses; empty when nothing did."""
    words = "; ".join(f"{part.n_reps} left out: {part.why}" for part in table.dropped)
    return f" ({words})" if words else ""
