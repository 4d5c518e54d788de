"""What a fold and a finished model have in common: fit on some rows, ask about others."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from labeler.core.arrays import FloatArray, IntArray
from labeler.learn.folds import grouped_folds
from labeler.learn.pipelines import make_logistic
from labeler.learn.table import LabeledTable

N_MIN_CALIBRATION_REPS = 40
N_MIN_CALIBRATION_PER_CLASS = 10
N_MIN_CALIBRATION_GROUPS = 15
"""Athletes (or sets of one) needed to calibrate. With the ten people of UI-PRMD, calibration inside
the folds lowered AUPRC and AUROC on unseen people in eight of eight trials: each fold's own
calibration disturbs the order of reps between folds."""

UNCALIBRATED_THRESHOLD = 0.5
"""Where classes are balanced by weight, half is the neutral place to decide."""

MIN_SLOPE = 0.01
"""Calibration never turns the order of reps around, even where the scores carry nothing."""

THRESHOLDS = np.linspace(0.05, 0.95, 91)
"""Where the threshold with the best F1 is looked for."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling: probability = sigmoid(slope × score + intercept)."""

    slope: float
    intercept: float


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A fitted pipeline with its calibration (None when there were too few reps) and threshold."""

    estimator: Pipeline
    calibration: Calibration | None
    threshold: float

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The columns that it wants, in order."""
        return tuple(map(str, self.estimator.feature_names_in_))

    def probability(self, features: pd.DataFrame) -> FloatArray:
        """Probability that the fault is present, shape (n_reps,)."""
        score = decision(self.estimator, features[list(self.feature_names)])
        if self.calibration is None:
            return sigmoid(score)
        return sigmoid(self.calibration.slope * score + self.calibration.intercept)


def fit_classifier(table: LabeledTable) -> Classifier:
    """Fit on a whole table; calibration and threshold come from grouped folds inside it.

    One thread: tables are small, waiting for threads costs more than they give (three times the
    time on two busy cores), and the bits do not depend on the number of cores.

    Parameters
    ----------
    table : LabeledTable
        Needs both classes; `labeler.learn.train.train` says so in words before it gets here.
    """
    with threadpool_limits(limits=1):
        estimator = fit_logistic(table)
        inner = _inner_scores(table)
    if inner is None:
        return Classifier(estimator, None, UNCALIBRATED_THRESHOLD)
    calibration = _platt(inner, table.y)
    probability = sigmoid(calibration.slope * inner + calibration.intercept)
    return Classifier(estimator, calibration, _best_f1_threshold(table.y, probability))


def fit_logistic(table: LabeledTable) -> Pipeline:
    """The bare pipeline, fitted with the raters' agreement as weight."""
    return make_logistic().fit(table.features, table.y, model__sample_weight=table.weight)


def decision(estimator: Pipeline, features: pd.DataFrame) -> FloatArray:
    """Log-odds of the balanced classes, shape (n_reps,)."""
    score: FloatArray = estimator.decision_function(features)
    return score


def sigmoid(log_odds: FloatArray) -> FloatArray:
    """Probability of the given log-odds, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * log_odds))


def _inner_scores(table: LabeledTable) -> FloatArray | None:
    """Scores of rows whose group was not trained on; None with too few reps or groups."""
    is_enough = (
        len(table) >= N_MIN_CALIBRATION_REPS
        and np.bincount(table.y, minlength=2).min() >= N_MIN_CALIBRATION_PER_CLASS
        and len(set(table.group)) >= N_MIN_CALIBRATION_GROUPS
    )
    folds = grouped_folds(table.y, table.group) if is_enough else []
    if not folds:
        return None
    scores = np.full(len(table), np.nan)
    for train, test in folds:
        scores[test] = decision(fit_logistic(table.take(train)), table.features.iloc[test])
    return scores


def _platt(scores: FloatArray, y: IntArray) -> Calibration:
    """Slope and intercept; the default L2 penalty keeps separable scores from running away."""
    fitted = LogisticRegression().fit(scores[:, np.newaxis], y)
    return Calibration(max(float(fitted.coef_[0, 0]), MIN_SLOPE), float(fitted.intercept_[0]))


def _best_f1_threshold(y: IntArray, probability: FloatArray) -> float:
    """The threshold with the best F1; the one nearest to one half among equals."""
    is_fired = probability >= THRESHOLDS[:, np.newaxis]
    n_hits = (is_fired & (y == 1)).sum(axis=1)
    f1 = 2 * n_hits / (is_fired.sum(axis=1) + (y == 1).sum())
    best = THRESHOLDS[f1 == f1.max()]
    return float(best[np.argmin(np.abs(best - 0.5))])
