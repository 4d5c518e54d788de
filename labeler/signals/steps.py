"""What cleaning did to the points of a clip, step by step, for people to look at."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One step of cleaning.

    Parameters
    ----------
    name : str
        Which step; stable, lower case with underscores.
    words : str
        What was done, with its limits.
    n_points : int | None
        How many points (one landmark in one frame) it changed; None for a step that is not about
        single points.
    of_points_ratio : float | None
        The same as a share of all points that signals are made of.
    """

    name: str
    words: str
    n_points: int | None = None
    of_points_ratio: float | None = None

    @property
    def line(self) -> str:
        """Everything in one line."""
        return self.words if self.n_points is None else f"{self.words}: {self.n_points} points"

    def as_row(self) -> dict[str, Any]:
        """The step as one row of a table."""
        return asdict(self)
