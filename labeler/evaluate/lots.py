"""Scores that what was chosen for labelling does not bend: on sets drawn by lot, and over time."""

from collections.abc import Collection

import numpy as np

from labeler.core.arrays import BoolArray, IntArray
from labeler.core.finding import Finding, Level
from labeler.evaluate.cheap import CheapReps, cheap_scores, fit_cheap
from labeler.evaluate.metrics import MethodRow, Scores, auprc, score_method
from labeler.evaluate.people import people
from labeler.learn.folds import grouped_folds
from labeler.learn.table import LabeledTable

BY_LOT = "model, on sets drawn by lot"
MIN_LOT_REPS = 20
"""Repetitions below which scores on the lot alone jump about too much to be shown."""


def lot_rows(table: LabeledTable, model: Scores, by_lot: Collection[str]) -> tuple[MethodRow, ...]:
    """The model on the labelled repetitions that were drawn by lot; empty where they are few."""
    is_lot = _is_among(table, by_lot)
    if is_lot.sum() < MIN_LOT_REPS or np.isnan(model.score).any():
        return ()
    return (score_method(BY_LOT, table.y[is_lot], model.take(is_lot), group=people(table)[is_lot]),)


def about_choice(
    table: LabeledTable, by_lot: Collection[str], by_choice: Collection[str]
) -> tuple[Finding, ...]:
    """A word where repetitions were labelled because a model was unsure of them, or of few like it.

    Scores on those are no estimate of how often a model is right about what athletes do.
    """
    n_chosen, n_lot = (int(_is_among(table, which).sum()) for which in (by_choice, by_lot))
    if not n_chosen:
        return ()
    message = (
        f"{n_chosen} of the {len(table)} labelled reps were chosen for what they teach, not as "
        f"they came; {n_lot} were drawn by lot. Scores over all of them are not how often the "
        "model is right in practice."
    )
    if n_lot >= MIN_LOT_REPS:
        return (Finding("chosen_reps", message, Level.INFO, f"Read the line: {BY_LOT}."),)
    hint = f"Label the sets drawn by lot too: from {MIN_LOT_REPS} reps on they have a line."
    return (Finding("chosen_reps", message, hint=hint),)


def auprc_with_first(table: LabeledTable, rows: IntArray) -> float:
    """AUPRC on unseen athletes after learning from some rows only, by the cheap member.

    Every row of the table is asked, by a model of the given rows of other athletes.

    Returns
    -------
    float
        NaN where some fold has nothing to learn a difference from.
    """
    reps = CheapReps(table.features.to_numpy(float), table.y, table.weight, people(table))
    folds = grouped_folds(table.y, table.group)
    score = np.full(len(table), np.nan)
    for train, test in folds:
        known = np.intersect1d(train, rows)
        if len(set(table.y[known])) < 2:
            return np.nan
        score[test] = cheap_scores(fit_cheap(reps, known), reps.x[test]).score
    if not folds:
        return np.nan
    return float(auprc(table.y, Scores(score, score >= 0.5), np.ones((1, len(table))))[0])


def _is_among(table: LabeledTable, rep_ids: Collection[str]) -> BoolArray:
    chosen = frozenset(rep_ids)
    return np.array([rep_id in chosen for rep_id in table.rep_ids], dtype=np.bool_)
