"""Predictions about athletes that the model never saw; the same person is never on both sides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from labeler.core.arrays import FloatArray
from labeler.core.finding import Finding, Level
from labeler.evaluate.comparison import Protocol
from labeler.evaluate.metrics import Scores
from labeler.features.registry import Feature, all_features, home_of
from labeler.learn.committee import fit_committee
from labeler.learn.folds import MAX_LEAVE_ONE_OUT, Fold, grouped_folds
from labeler.learn.pipelines import make_logistic, make_stump
from labeler.learn.table import LabeledTable

FEW_ATHLETES = 6
"""From this many on, scores of small models settled in the trials behind the design."""

POSTURE_FAMILIES = ("posture", "spine", "contour")
"""Families that say where the body is and how it is bent: the opponent without any timing."""

Ask = Callable[[LabeledTable], tuple[FloatArray, float]]
"""Reps to their probabilities and the threshold to hold them against."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The folds of a table and what must be said about them; no folds is *cannot tell*."""

    protocol: Protocol
    folds: Sequence[Fold]
    findings: tuple[Finding, ...]


def split_by_athlete(table: LabeledTable) -> Split:
    """Folds by athlete, or by set where there is one athlete, with what must be said of it."""
    folds = grouped_folds(table.y, table.group)
    findings = (*about_athletes(table), *(() if folds else (_why_no_folds(table),)))
    return Split(_protocol(table) if folds else Protocol.CANNOT_TELL, folds, findings)


def out_of_fold(
    table: LabeledTable, folds: Sequence[Fold], *, fit: Callable[[LabeledTable], Ask]
) -> Scores:
    """Probability of every rep from a model that was not trained on its fold.

    Returns
    -------
    Scores
        Shape (n_reps,); NaN and not fired where there are no folds.
    """
    probability = np.full(len(table), np.nan)
    threshold = np.full(len(table), np.nan)
    for train, test in folds:
        probability[test], threshold[test] = fit(table.take(train))(table.take(test))
    return Scores(probability, probability >= threshold, threshold=threshold)


def mixed_scores(table: LabeledTable) -> Scores:
    """What a split that mixes athletes would claim: every rep counts as a person of its own.

    The inner folds for calibration and threshold are mixed too, as they would be by someone who
    does not know better.
    """
    alone = np.array(table.rep_ids, dtype=object)
    strangers = replace(table, athlete=alone, held=alone)
    return out_of_fold(strangers, grouped_folds(strangers.y, strangers.athlete), fit=fit_model)


def fit_model(table: LabeledTable) -> Ask:
    """The model itself, calibrated and with its threshold from inside these rows."""
    committee = fit_committee(table)
    return lambda asked: (committee.of(asked), committee.threshold)


def fit_stump(table: LabeledTable) -> Ask:
    """One learned threshold on one feature."""
    stump = make_stump().fit(table.features, table.y, model__sample_weight=table.weight)
    return lambda asked: (stump.predict_proba(asked.features)[:, 1], 0.5)


def fit_posture(table: LabeledTable) -> Ask:
    """Logistic regression on posture alone: where the body is, not who moves first.

    Raises
    ------
    ValueError
        The table has no feature of posture: ask `posture_columns` first.
    """
    names = posture_columns(table)
    if not names:
        raise ValueError("table: expected features of posture, got none")
    columns = list(names)
    with threadpool_limits(limits=1):
        logistic = make_logistic().fit(
            table.features[columns], table.y, model__sample_weight=table.weight
        )
    return lambda asked: (logistic.predict_proba(asked.features[columns])[:, 1], 0.5)


def posture_columns(table: LabeledTable) -> tuple[str, ...]:
    """The table's features of `POSTURE_FAMILIES`, in its order."""
    known = {one.name for one in all_features() if family_of(one) in POSTURE_FAMILIES}
    return tuple(str(name) for name in table.features.columns if name in known)


def family_of(one: Feature) -> str:
    """The short name of a feature's family, such as ``posture``."""
    return home_of(one).rpartition(".")[2]


def _protocol(table: LabeledTable) -> Protocol:
    """How `grouped_folds` splits this table."""
    is_one_out = len(set(table.group)) <= MAX_LEAVE_ONE_OUT
    if table.group_word == "athlete":
        return Protocol.LEAVE_ONE_ATHLETE_OUT if is_one_out else Protocol.ATHLETE_FOLDS
    return Protocol.LEAVE_ONE_SET_OUT if is_one_out else Protocol.SET_FOLDS


def about_athletes(table: LabeledTable) -> tuple[Finding, ...]:
    """What the number of athletes means for the scores."""
    if table.n_athletes == 1:
        return (
            Finding(
                "one_athlete",
                "All labelled reps are of one athlete: the scores say nothing about other people.",
                Level.BAD,
                f"Film and label further athletes; from {FEW_ATHLETES} on, scores settle.",
            ),
        )
    if table.n_athletes < FEW_ATHLETES:
        message = f"Scores from {table.n_athletes} athletes can change a lot with the next one."
        hint = f"A few reps of {FEW_ATHLETES} or more athletes teach more than many reps of one."
        return (Finding("few_athletes", message, hint=hint),)
    return ()


def _why_no_folds(table: LabeledTable) -> Finding:
    """Why no honest score exists."""
    word = table.group_word
    if len(set(table.group)) < 2:
        return Finding(
            "one_set",
            "Cannot tell how good the model is: all labelled reps are of one set.",
            Level.BAD,
            "Label a second set, best of another athlete.",
        )
    return Finding(
        "class_in_one_group",
        f"Cannot tell how good the model is: all reps with the fault, or all without it, come "
        f"from one {word}, so no test on an unseen {word} is possible.",
        Level.BAD,
        f"Label reps with the fault and reps without it in at least two {word}s each.",
    )
