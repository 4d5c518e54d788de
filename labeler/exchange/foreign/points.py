"""What a file of another tool holds, before its points have our names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np

from labeler.core.arrays import FloatArray, IntArray
from labeler.core.errors import ExchangeError, ShapeError


class Unit(StrEnum):
    """What the coordinates are measured in."""

    METRE = "m"
    CENTIMETRE = "cm"
    MILLIMETRE = "mm"
    PIXEL = "px"
    RATIO = "ratio"
    """Share of the picture's width (x) and height (y)."""


METRES_PER: Mapping[Unit, float] = {
    Unit.METRE: 1.0,
    Unit.CENTIMETRE: 0.01,
    Unit.MILLIMETRE: 0.001,
}
"""How many metres one of each unit of length is."""


RATIO_MAX = 2.0
"""Shares of a picture lie about 0 to 1, pixels of a person do not: flat coordinates whose 95th
percentile is below this are shares."""


def unit_of(xy: FloatArray) -> Unit:
    """What flat coordinates are measured in, told by their size; NaN is left out."""
    known = np.abs(xy[np.isfinite(xy)])
    is_share = known.size > 0 and float(np.percentile(known, 95)) < RATIO_MAX
    return Unit.RATIO if is_share else Unit.PIXEL


MILLISECONDS_FROM = 1.0
MICROSECONDS_FROM = 1000.0
"""Times without a unit are seconds, milliseconds or microseconds by their median step: no video
has a second from frame to frame, and none has thousands of frames a second."""


def tick_s(ticks: FloatArray) -> float:
    """How many seconds one tick of a clock without a unit is, told by its steps."""
    step = float(np.median(np.diff(ticks))) if ticks.size > 1 else 0.0
    if step < MILLISECONDS_FROM:
        return 1.0
    return 1e-3 if step < MICROSECONDS_FROM else 1e-6


SPARSE_MAX = 10
"""Numbers count frames only while at most so many are missing for each that is there; else they
are dates or the like."""


def frame_places(numbers: FloatArray) -> IntArray | None:
    """The frame of each row from the numbers beside them; None where those do not count frames.

    Counted are whole numbers from 0 on, each larger than the one before: frames that are left out
    are missing frames, not a faster clock.
    """
    is_counted = (
        numbers.size > 0
        and np.isfinite(numbers).all()
        and numbers[0] >= 0
        and (np.diff(numbers) > 0).all()
        and (numbers == np.floor(numbers)).all()
        and numbers[-1] < SPARSE_MAX * numbers.size
    )
    return numbers.astype(np.int64) if is_counted else None


def at_places(values: FloatArray, places: IntArray) -> FloatArray:
    """Rows put at their frames; frames without a row are NaN."""
    found = np.full((int(places[-1]) + 1, *values.shape[1:]), np.nan)
    found[places] = values
    return found


class Up(StrEnum):
    """Which axis of a space points up."""

    Z = "z"
    Y = "y"
    MINUS_Y = "-y"
    """As in pictures, and in MediaPipe's world landmarks."""


@dataclass(frozen=True, slots=True, eq=False)
class ForeignPoints:
    """One person's named points in one file; a missing point is NaN, never zero.

    Parameters
    ----------
    names : tuple[str, ...]
        As the file writes them.
    points : FloatArray
        Shape (n_frames, n_points, 2 or 3), in `unit`.
    unit : Unit | None
        None where the file does not say.
    times_s : FloatArray | None
        Shape (n_frames,): when each frame is; None where the file has no times.
    fps : float | None
        The file's own rate in Hz; None where it does not say.
    confidence : FloatArray | None
        Shape (n_frames, n_points), 0 to 1; None where the file has none.
    world_m : FloatArray | None
        Shape (n_frames, n_points, 3): metres, x right, y down, z away from the camera, beside flat
        `points`.
    size_px : tuple[int, int] | None
        Width and height of the picture.
    up : Up | None
        Of points in space; None where the file does not say.
    made_by : Mapping[str, str]
        What the file says about what measured it.
    is_numbered : bool
        Whether the rows are numbered like the frames of a video: then the video may be longer.
    is_crowded : bool
        Whether the file holds somebody else beside this person.
    """

    names: tuple[str, ...]
    points: FloatArray
    unit: Unit | None = None
    times_s: FloatArray | None = None
    fps: float | None = None
    confidence: FloatArray | None = None
    world_m: FloatArray | None = None
    size_px: tuple[int, int] | None = None
    up: Up | None = None
    made_by: Mapping[str, str] = field(default_factory=dict)
    is_numbered: bool = False
    is_crowded: bool = False

    def __post_init__(self) -> None:
        n_frames, n_points = self.points.shape[0], len(self.names)
        shapes = (
            ("points", self.points, (n_frames, n_points, 3 if self.is_in_space else 2)),
            ("times_s", self.times_s, (n_frames,)),
            ("confidence", self.confidence, (n_frames, n_points)),
            ("world_m", self.world_m, (n_frames, n_points, 3)),
        )
        for name, values, expected in shapes:
            if values is not None and values.shape != expected:
                raise ShapeError(name, expected, values.shape)

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return int(self.points.shape[0])

    @property
    def is_in_space(self) -> bool:
        """Whether the points have three coordinates."""
        return bool(self.points.shape[-1] == 3)


def without_origin(points: FloatArray) -> FloatArray:
    """Markers in space, NaN where one lies at 0, 0, 0: so some laboratories write a lost one."""
    is_lost = (points == 0).all(axis=-1, keepdims=True)
    return np.where(is_lost, np.nan, points)


def wrong_file(path: Path, expected: str, got: str, *, hint: str = "") -> ExchangeError:
    """The error about a file that does not hold what it should."""
    return ExchangeError(
        f"{path.name}: expected {expected}, got {got}.",
        hint=hint or "The formats are described in docs/import-pose.md.",
    )
