"""A stretch that may be a repetition, with all that a judge looks at."""

import math
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.rep import Rep


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A rep as first cut, with what its course does from its start to its end.

    Parameters
    ----------
    rep : Rep
        Its place.
    bend : FloatArray
        Shape (n_steps,): the course.
    channels : FloatArray
        Shape (n_steps, n_channels): what the course is made of.
    turn : int
        Its turning point, counted in steps from the start.
    is_clear : bool
        Whether it stands out as far as repetitions do: the others say nothing about what is usual.
    why_not : str | None
        Why it is no repetition, where the way it was cut tells.
    hands_legs : float
        Lowest that a wrist comes about the turn, in leg lengths above the ankle; NaN where unseen.
    feet_legs : float
        How far the feet travel about the turn, in leg lengths; NaN where unseen.
    """

    rep: Rep
    bend: FloatArray
    channels: FloatArray
    turn: int
    is_clear: bool = True
    why_not: str | None = None
    hands_legs: float = math.nan
    feet_legs: float = math.nan

    @property
    def ways(self) -> FloatArray:
        """How far each channel goes; shape (n_channels,)."""
        return np.asarray(np.ptp(self.channels, axis=0))

    @property
    def posture(self) -> FloatArray:
        """How each channel differs at the turn from where it is bent least; shape (n_channels,)."""
        return np.asarray(self.channels[self.turn] - self.channels[int(self.bend.argmin())])
