"""The cheap member: logistic regression alone, for what has to be fitted hundreds of times.

Learning curves and the permutation test ask how much there is to learn, not how good the whole
model is; one member answers that in seconds, where all of them would take hours.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from labeler.core.arrays import AnyArray, FloatArray, IntArray
from labeler.evaluate.metrics import Scores
from labeler.learn.folds import Fold
from labeler.learn.pipelines import make_logistic

CHEAP_MEMBER = "logistic regression alone"
"""Named wherever its numbers are shown."""

THRESHOLD = 0.5
"""Where its probabilities are cut: classes are balanced by weight."""


@dataclass(frozen=True, slots=True, eq=False)
class CheapReps:
    """Reps as the cheap member wants them; all arrays have n_reps rows.

    Parameters
    ----------
    x : FloatArray
        Features, NaN where not measured.
    y : IntArray
        1 where the fault is present.
    weight : FloatArray
        How far raters agree.
    who : AnyArray
        The athlete (or set).
    """

    x: FloatArray
    y: IntArray
    weight: FloatArray
    who: AnyArray


def fit_cheap(reps: CheapReps, rows: IntArray) -> Pipeline:
    """The cheap member on some of the rows, which hold both classes."""
    with threadpool_limits(limits=1):
        return make_logistic().fit(
            reps.x[rows], reps.y[rows], model__sample_weight=reps.weight[rows]
        )


def cheap_scores(model: Pipeline, x: FloatArray) -> Scores:
    """What it says of reps."""
    probability = model.predict_proba(x)[:, 1]
    return Scores(probability, probability >= THRESHOLD)


def ranks_with_labels(reps: CheapReps, folds: list[Fold], labels: IntArray) -> FloatArray:
    """Out-of-fold probability for other labels of the same reps.

    What does not look at labels (imputation and scaling) is learned once per fold.

    Parameters
    ----------
    labels : IntArray
        Shape (n_draws, n_reps).

    Returns
    -------
    FloatArray
        Same shape; NaN in a draw whose training rows are all of one kind in some fold.
    """
    found = np.full(labels.shape, np.nan)
    for train, test in folds:
        untaught = make_logistic()
        prepare, model = untaught[:-1], untaught[-1]
        with threadpool_limits(limits=1):
            known, asked = prepare.fit(reps.x[train]).transform(reps.x[train]), reps.x[test]
            asked = prepare.transform(asked)
            for draw, y in enumerate(labels):
                if len(set(y[train])) == 2:
                    model.fit(known, y[train], sample_weight=reps.weight[train])
                    found[draw, test] = model.predict_proba(asked)[:, 1]
    return found
