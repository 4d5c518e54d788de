"""What a model gains by keeping silent where it is least sure: risk over coverage."""

from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import AnyArray, BoolArray, FloatArray, IntArray
from labeler.evaluate.draws import Draws, Estimate, estimates_by_group, ratio
from labeler.evaluate.metrics import (
    METRICS,
    Scores,
)

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Shares of the reps to be answered, surest first, for which the risk is told."""

EDGE = 1e-6
"""Probabilities are kept this far from 0 and 1, so that their log-odds are finite."""

DECIMALS = 9
"""Sureness is told to so many places, so that 0.2 and 0.8 are equally far from one half."""


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """Answers on the surest reps alone.

    Parameters
    ----------
    coverage : float
        Share of the reps that are answered; at least what was asked, more where reps tie.
    n_answered : int
        How many those are.
    risk : Estimate
        Share of them that is answered wrongly.
    balanced_accuracy : Estimate
        On them; NaN where they are all of one kind.
    """

    coverage: float
    n_answered: int
    risk: Estimate
    balanced_accuracy: Estimate


def sureness(scores: Scores) -> FloatArray:
    """Distance of each probability from its threshold in log-odds, shape (n_reps,).

    NaN where the method has no threshold or no probability.
    """
    if scores.threshold is None or not scores.is_probability:
        return np.full(scores.score.size, np.nan)
    distance = np.abs(_log_odds(scores.score) - _log_odds(scores.threshold))
    rounded: FloatArray = np.round(distance, DECIMALS)
    return rounded


def coverage_curve(y: IntArray, scores: Scores, *, group: AnyArray) -> tuple[CoveragePoint, ...]:
    """Risk at each of `COVERAGES`, with intervals over athletes; empty where nothing is known.

    El-Yaniv & Wiener 2010 (J Mach Learn Res 11:1605) for risk and coverage of a selective answer.
    """
    sure = sureness(scores)
    if not sure.size or np.isnan(sure).any():
        return ()
    return tuple(_point(y, scores, sure >= _cut(sure, share), group) for share in COVERAGES)


def _cut(sure: FloatArray, share: float) -> float:
    """The sureness from which a rep is answered, so that `share` of them are."""
    n_answered = max(1, round(share * sure.size))
    return float(np.sort(sure)[-n_answered])


def _point(y: IntArray, scores: Scores, is_answered: BoolArray, group: AnyArray) -> CoveragePoint:
    """Risk and balanced accuracy on the answered reps."""
    y, scores, group = y[is_answered], scores.take(is_answered), group[is_answered]
    is_wrong = scores.is_fired != (y == 1)

    def measure(draws: Draws) -> FloatArray:
        risk = ratio(draws @ is_wrong, draws.total)
        return np.stack([risk, METRICS["balanced_accuracy"](y, scores, draws)])

    risk, balanced = estimates_by_group(measure, group)
    return CoveragePoint(float(is_answered.mean()), int(y.size), risk, balanced)


def _log_odds(probability: FloatArray) -> FloatArray:
    """Finite log-odds."""
    inside = np.clip(probability, EDGE, 1 - EDGE)
    found: FloatArray = np.log(inside / (1 - inside))
    return found
