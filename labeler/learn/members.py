"""One voice of a committee: a fitted pipeline, and what turns its scores into probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from labeler.core.arrays import Float32Array, FloatArray, IntArray
from labeler.learn.pipelines import (
    REGULARISATION_C,
    REGULARISATIONS_C,
    RIDGE_PENALTIES,
    RIDGE_PENALTY,
    make_logistic,
    make_rocket,
    make_trees,
)

MIN_SLOPE = 0.01
"""Calibration never turns the order of reps around, even where the scores carry nothing."""

N_MIN_ISOTONIC_REPS = 300
"""From so many labels on calibration follows any rising course, and not one of two numbers."""

RIDGE_SLOPE = 3.0
"""Log-odds of a rep that ridge regression puts on the target of its class, where nothing was
calibrated: 19 to 1."""


class Voice(StrEnum):
    """What speaks in a committee."""

    LOGISTIC = "logistic regression"
    TREES = "extremely randomised trees"
    ROCKET = "MiniRocket"


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What a model sees of reps: features as it wants them, and their courses if it hears them."""

    features: pd.DataFrame
    courses: Float32Array | None

    def __len__(self) -> int:
        return len(self.features)

    def take(self, rows: IntArray) -> "Inputs":
        """Some of the reps."""
        courses = None if self.courses is None else self.courses[rows]
        return Inputs(self.features.iloc[rows], courses)


@dataclass(frozen=True, slots=True, eq=False)
class Teaching:
    """Reps with their answers, 0 or 1, and how much each counts."""

    inputs: Inputs
    y: IntArray
    weight: FloatArray

    def take(self, rows: IntArray) -> "Teaching":
        """Some of the reps."""
        return Teaching(self.inputs.take(rows), self.y[rows], self.weight[rows])


@dataclass(frozen=True, slots=True)
class Calibration:
    """From a score to the share of reps with the fault among those that score so.

    Parameters
    ----------
    slope, intercept : float
        Platt scaling: sigmoid(slope × score + intercept).
    steps : tuple[tuple[float, float], ...]
        Scores and probabilities of isotonic regression, with lines between; empty for Platt's.
    """

    slope: float
    intercept: float
    steps: tuple[tuple[float, float], ...] = ()

    def probability(self, score: FloatArray) -> FloatArray:
        """Shape as that of the scores."""
        if not self.steps:
            return sigmoid(self.slope * score + self.intercept)
        scores, shares = np.array(self.steps).T
        read: FloatArray = np.interp(score, scores, shares)
        return read


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A fitted pipeline with its calibration; None where there was too little for one."""

    voice: Voice
    estimator: Pipeline
    calibration: Calibration | None = None

    def score(self, inputs: Inputs) -> FloatArray:
        """Log-odds, or what stands for them before calibration; shape (n_reps,)."""
        return score(self.voice, self.estimator, inputs)

    def probability(self, inputs: Inputs) -> FloatArray:
        """Probability that the fault is present, shape (n_reps,)."""
        said = self.score(inputs)
        return sigmoid(said) if self.calibration is None else self.calibration.probability(said)


def candidates(voice: Voice, channels: Sequence[str]) -> list[Pipeline]:
    """Pipelines among which is chosen inside the fold; they differ in their last step alone."""
    if voice is Voice.LOGISTIC:
        return [make_logistic(c) for c in REGULARISATIONS_C]
    if voice is Voice.TREES:
        return [make_trees()]
    return [make_rocket(channels, penalty) for penalty in RIDGE_PENALTIES]


def by_default(voice: Voice, channels: Sequence[str]) -> Pipeline:
    """The pipeline where nothing can be tried out."""
    if voice is Voice.LOGISTIC:
        return make_logistic(REGULARISATION_C)
    return make_trees() if voice is Voice.TREES else make_rocket(channels, RIDGE_PENALTY)


def fit_all(
    voice: Voice, untaught: Sequence[Pipeline], reps: Teaching, *, n_jobs: int = 1
) -> list[Pipeline]:
    """Fit pipelines that differ in their last step; what comes before is fitted once.

    Trees grow `n_jobs` at a time, each from a seed that was drawn beforehand, and so many reps are
    convolved at a time, each on its own: the bits are the same. Trees answer one after the other,
    because sums depend on their order.
    """
    before = untaught[0][:-1]
    if voice is Voice.ROCKET:
        before.set_params(kernels__n_jobs=n_jobs)
    x = before.fit_transform(seen_by(voice, reps.inputs), reps.y)
    for one in untaught:
        if voice is Voice.TREES:
            one[-1].set_params(n_jobs=n_jobs)
        one[-1].fit(x, reps.y, sample_weight=reps.weight)
        if voice is Voice.TREES:
            one[-1].set_params(n_jobs=None)
    return [Pipeline([*before.steps, one.steps[-1]]) for one in untaught]


def score_all(voice: Voice, fitted: Sequence[Pipeline], inputs: Inputs) -> FloatArray:
    """Scores of pipelines from one `fit_all`, shape (n_pipelines, n_reps)."""
    x = fitted[0][:-1].transform(seen_by(voice, inputs))
    said: FloatArray = np.stack([_last_score(voice, one, x) for one in fitted])
    return said


def score(voice: Voice, estimator: Pipeline, inputs: Inputs) -> FloatArray:
    """Log-odds, or what stands for them; shape (n_reps,)."""
    (said,) = score_all(voice, [estimator], inputs)
    return np.asarray(said, dtype=np.float64)


def seen_by(voice: Voice, inputs: Inputs) -> pd.DataFrame | Float32Array:
    """The part of the inputs that a voice speaks about."""
    if voice is not Voice.ROCKET:
        return inputs.features
    if inputs.courses is None:
        raise ValueError("courses: expected those of the reps, got none")
    return inputs.courses


def calibrated(scores: FloatArray, y: IntArray, weight: FloatArray) -> Calibration:
    """How often the fault is there at each score, from scores of reps that were not trained on."""
    if len(y) >= N_MIN_ISOTONIC_REPS:
        return _isotonic(scores, y, weight)
    fitted = LogisticRegression().fit(scores[:, np.newaxis], y, sample_weight=weight)
    slope = max(float(fitted.coef_[0, 0]), MIN_SLOPE)
    return Calibration(slope, float(fitted.intercept_[0]))


def sigmoid(log_odds: FloatArray) -> FloatArray:
    """Probability of the given log-odds, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * log_odds))


def log_odds(probability: FloatArray, *, least: float) -> FloatArray:
    """Log-odds of probabilities that are held `least` away from 0 and 1."""
    inside = np.clip(probability, least, 1.0 - least)
    found: FloatArray = np.log(inside) - np.log1p(-inside)
    return found


def _last_score(voice: Voice, fitted: Pipeline, x: FloatArray) -> FloatArray:
    last = fitted[-1]
    if voice is Voice.TREES:
        # half a tree: no more can be told from so many
        return log_odds(last.predict_proba(x)[:, 1], least=0.5 / len(last.estimators_))
    said: FloatArray = np.asarray(last.decision_function(x), dtype=np.float64)
    return RIDGE_SLOPE * said if voice is Voice.ROCKET else said


def _isotonic(scores: FloatArray, y: IntArray, weight: FloatArray) -> Calibration:
    """Isotonic regression; shares stay away from 0 and 1 as far as the number of reps tells."""
    least = 1.0 / (len(y) + 2.0)  # Laplace's rule of succession
    found = IsotonicRegression(y_min=least, y_max=1.0 - least).fit(scores, y, sample_weight=weight)
    steps = zip(found.X_thresholds_.tolist(), found.y_thresholds_.tolist(), strict=True)
    return Calibration(1.0, 0.0, tuple(steps))
