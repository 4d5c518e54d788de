"""Whether more answers of the same kind still teach: advice on when to stop labelling."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

N_WINDOW_LABELS = 20
"""The gain is that of so many answers: fewer change AUPRC by luck (§6.5 of the domain)."""

MIN_GAIN = 0.01
"""Gain in AUPRC on unseen athletes below which more of the same teaches little (§6.5)."""


@dataclass(frozen=True, slots=True)
class StopAdvice:
    """What the last answers brought.

    Parameters
    ----------
    gain : float
        AUPRC on unseen athletes with all labels, less that without the last `N_WINDOW_LABELS`;
        NaN where it cannot be told.
    """

    n_labels: int
    gain: float

    @property
    def is_enough(self) -> bool:
        """Whether labelling more of the same is not worth the time; not where nobody can tell."""
        return self.gain < MIN_GAIN

    @property
    def words(self) -> str:
        """For a coach."""
        if np.isnan(self.gain):
            return (
                f"Too early to say whether to stop: {self.n_labels} labelled repetitions do not "
                f"show what the last {N_WINDOW_LABELS} brought."
            )
        brought = f"The last {N_WINDOW_LABELS} answers changed AUPRC on unseen athletes by "
        if self.is_enough:
            return (
                f"{brought}{self.gain:+.3f}, less than {MIN_GAIN:g}: more of the same teaches "
                "little. You may stop here, or film athletes who are not in yet."
            )
        return f"{brought}{self.gain:+.3f}: labelling on is worth it."


def stop_advice(points: Sequence[tuple[int, float]]) -> StopAdvice:
    """Read the advice off AUPRC on unseen athletes by number of labels.

    Parameters
    ----------
    points : Sequence[tuple[int, float]]
        Number of labels, and AUPRC out of folds by athlete after learning from them; all of it on
        the same repetitions. In any order; NaN where nothing could be trained.
    """
    known = dict(sorted(points))
    n_labels = max(known, default=0)
    before = known.get(n_labels - N_WINDOW_LABELS, np.nan)
    return StopAdvice(n_labels, known.get(n_labels, np.nan) - before)
