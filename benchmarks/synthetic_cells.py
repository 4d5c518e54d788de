"""What is made up for the truth benchmark: cells of movement, view and frame rate, and their clips.

A clip is known by its cell and number alone: athlete, looks, camera and lags are drawn from both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from labeler.catalog import load_catalog
from labeler.core.arrays import FloatArray, IntArray
from labeler.core.clip import FrameTimes, View
from labeler.core.label import FaultId
from labeler.synthetic.athlete import draw_athlete
from labeler.synthetic.camera import Camera, draw_camera, frame_times
from labeler.synthetic.faults import N_SEVERITIES
from labeler.synthetic.motion import Performance, perform
from labeler.synthetic.plan import RepPlan, SetPlan

SIZE_PX = (360, 480)
"""Of the frames, rendered or not."""

LAGS_S: Mapping[str, tuple[float, float]] = {
    "hinge": (-0.2, 0.2),
    "deadlift": (-0.2, 0.2),
    "kb_swing": (-0.12, 0.12),
    "squat": (-0.2, 0.2),
    "rotation": (-0.12, 0.12),
}
"""True lags that are asked for. A swing takes half a second down and a turn little more: beyond an
eighth of a second one of both has arrived before the other is half-way."""

FIRST_SEED = 4100
"""Athletes of the benchmark; those of the demo and of the tests are others."""


class Purpose(StrEnum):
    """What the repetitions of a cell differ in."""

    LAGS = "lags"
    ROUNDING = "rounding"


ROUNDING = FaultId("back_rounding")

TURN_FAULTS: Mapping[str, tuple[FaultId, ...]] = {
    "rotation": (FaultId("rib_hip_dissociation_poor"), FaultId("pelvis_uncontrolled")),
    "tspine_rot": (FaultId("pelvis_uncontrolled"),),
    "antirot": (FaultId("pelvis_uncontrolled"),),
}
"""What makes turns differ from one repetition to the next: how far the thorax leaves the pelvis,
and how far a pelvis turns beyond what it should (a thorax that is held turns with it)."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What a line of the table is about."""

    movement: str
    view: View
    fps: float
    purpose: Purpose = Purpose.LAGS

    @property
    def words(self) -> str:
        """As the table prints it."""
        extra = "" if self.purpose is Purpose.LAGS else f", {self.purpose.value}"
        return f"{self.movement}, {self.view.words}, {self.fps:g} fps{extra}"


@dataclass(frozen=True, slots=True)
class Told:
    """One clip of a cell before anybody has seen it.

    Parameters
    ----------
    key : str
        Tells it apart from every other that the same code makes.
    """

    cell: Cell
    number: int
    performance: Performance
    camera: Camera
    times: FrameTimes
    key: str

    @property
    def seed(self) -> int:
        """Of looks and grain."""
        return FIRST_SEED + self.number


def clip_of(cell: Cell, number: int, *, n_reps: int) -> Told:
    """The clip of that number: the same arguments are the same clip."""
    place = list(View).index(cell.view)
    rng = np.random.default_rng([FIRST_SEED, number, place, round(cell.fps), len(cell.movement)])
    reps = tuple(_reps(cell, n_reps, rng))
    athlete = draw_athlete(FIRST_SEED + number)
    plan = SetPlan(cell.movement, athlete, reps, seed=FIRST_SEED + number, has_set_up=False)
    performance = perform(plan)
    camera = draw_camera(cell.view, SIZE_PX, rng)
    times = frame_times(performance.duration_s, cell.fps)
    key = f"{cell!r} {number} {n_reps} {plan!r} {camera!r} {times.n_frames}"
    return Told(cell, number, performance, camera, times, key)


def _reps(cell: Cell, n_reps: int, rng: np.random.Generator) -> Iterator[RepPlan]:
    """Lags over the whole range, and each severity of what varies; both in a drawn order."""
    faults = TURN_FAULTS.get(cell.movement, ())
    if cell.purpose is Purpose.ROUNDING:
        faults = (ROUNDING,)
    drawn = {fault: _severities(n_reps, rng) for fault in faults}
    lags: list[float | None] = [None] * n_reps
    if cell.purpose is Purpose.LAGS and cell.movement in LAGS_S:
        lags = [float(lag) for lag in _spread(LAGS_S[cell.movement], n_reps, rng)]
    for rep, lag_s in enumerate(lags):
        yield RepPlan({fault: int(told[rep]) for fault, told in drawn.items()}, lag_s)


def _severities(n_reps: int, rng: np.random.Generator) -> IntArray:
    """None and the worst among them, however few there are; shuffled."""
    if n_reps >= N_SEVERITIES:
        return np.asarray(rng.permutation(n_reps) % N_SEVERITIES)
    return np.asarray(rng.permutation(np.linspace(0, N_SEVERITIES - 1, n_reps).round().astype(int)))


def _spread(ends: tuple[float, float], n_reps: int, rng: np.random.Generator) -> FloatArray:
    """Evenly over the range, each moved within its part of it, shuffled."""
    part = (ends[1] - ends[0]) / n_reps
    lags = ends[0] + part * (np.arange(n_reps) + rng.uniform(0.0, 1.0, n_reps))
    return np.asarray(rng.permutation(lags))


def cutoff_hz(movement: str) -> float:
    """Of the product's own filter for the movement."""
    return load_catalog().movement(movement).lowpass_hz
