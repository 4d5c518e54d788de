"""Made-up raters: answers typed as words, and raters who err at a stated rate."""

from collections.abc import Mapping

import numpy as np

from labeler.core.label import Answer, FaultId, Label
from labeler.core.rep import RepId
from labeler.evaluate.agreement_ratings import Ratings

AT = "2026-01-02T03:04:05.678Z"


def answers_of(fault: FaultId, answers: Mapping[str, str]) -> list[Label]:
    """Labels from rater -> answers to reps r0, r1, ...; a dot is *not rated*."""
    return [
        Label(RepId(f"r{n}"), fault, rater, Answer(word), AT)
        for rater, words in answers.items()
        for n, word in enumerate(words.split())
        if word != "."
    ]


def simulated_severities(
    n_reps: int, *, n_raters: int = 3, error_ratio: float = 0.2, seed: int = 7
) -> np.ndarray:
    """What raters say who see a common truth, one step off in `error_ratio` of the reps."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(4, size=(n_reps, 1), p=[0.5, 0.15, 0.2, 0.15])
    off = rng.choice([-1, 1], size=(n_reps, n_raters))
    is_off = rng.random((n_reps, n_raters)) < error_ratio
    return np.clip(truth + off * is_off, 0, 3).astype(float)


def simulated_ratings(
    *, n_athletes: int = 10, n_reps_each: int = 8, n_raters: int = 3, error_ratio: float = 0.3
) -> Ratings:
    """Raters of the same reps; every rep rated by all."""
    n_reps = n_athletes * n_reps_each
    severity = simulated_severities(n_reps, n_raters=n_raters, error_ratio=error_ratio)
    athlete = np.repeat([f"A{n:02d}" for n in range(n_athletes)], n_reps_each).astype(object)
    raters = tuple(f"rater {n}" for n in range(n_raters))
    return Ratings("back_rounding", raters, severity, np.zeros(severity.shape, bool), athlete)
