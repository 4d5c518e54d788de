"""Whether a probability of 0.8 comes true eight times in ten."""

from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import IntArray
from labeler.evaluate.metrics import N_BINS, Scores, bin_of


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The reps whose probability is in one bin: what was said, and how often it was so.

    Parameters
    ----------
    low, high : float
        Edges of the bin; the last one holds 1 too.
    said : float
        Mean probability of its reps.
    found : float
        Share of them with the fault.
    """

    low: float
    high: float
    n_reps: int
    said: float
    found: float


def reliability(y: IntArray, scores: Scores) -> tuple[ReliabilityBin, ...]:
    """One entry for each of the `N_BINS` bins that has reps; empty for what is no probability."""
    if not scores.is_probability or np.isnan(scores.score).any():
        return ()
    place = bin_of(scores.score)
    return tuple(
        ReliabilityBin(
            low=number / N_BINS,
            high=(number + 1) / N_BINS,
            n_reps=int((place == number).sum()),
            said=float(scores.score[place == number].mean()),
            found=float(y[place == number].mean()),
        )
        for number in sorted(set(place.tolist()))
    )
