"""Which cells the truth benchmark measures, and how many clips it takes for each.

What people and cameras differ in shows between clips: a cell has at least three wherever a limit is
read from it, and few repetitions in each. A view that shows nothing of what a movement is about (a
turn from the side, a hold from the side) has two: what is left there is the trunk and the cut.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from synthetic_cells import Cell, Purpose

from labeler.core.clip import View

LIFTS = ("hinge", "deadlift", "kb_swing", "squat")
TURNS = ("rotation", "tspine_rot")
HOLDS = ("antirot",)

USUAL_FPS, SMOOTH_FPS, SLOW_MOTION_FPS = 30.0, 60.0, 120.0

LIFT_REPS = {"hinge": 3, "deadlift": 3, "kb_swing": 5, "squat": 3}
"""Of one clip: about ten seconds of it."""

TURN_REPS, HOLD_REPS = 4, 2

MOST_CLIPS, CLIPS, FEWEST_CLIPS = 4, 3, 2
"""From the best view; from another; from one that shows nothing of a turn."""


@dataclass(frozen=True, slots=True)
class Work:
    """A cell and how many clips of how many repetitions are rendered for it."""

    cell: Cell
    n_clips: int
    n_reps: int


def all_works() -> Iterator[Work]:
    """Every movement from every view at 30 fps; faster where a limit may hang on it."""
    yield from _lifts()
    yield from _turns()
    yield from _holds()
    yield Work(Cell("hinge", View.SIDE, USUAL_FPS, Purpose.ROUNDING), CLIPS, 4)


def _lifts() -> Iterator[Work]:
    for movement in LIFTS:
        n_reps = LIFT_REPS[movement]
        yield Work(Cell(movement, View.SIDE, USUAL_FPS), MOST_CLIPS, n_reps)
        yield Work(Cell(movement, View.OBLIQUE, USUAL_FPS), CLIPS, n_reps)
        yield Work(Cell(movement, View.FRONT, USUAL_FPS), CLIPS, n_reps - 1)
    for movement in ("hinge", "kb_swing"):  # the slowest and the fastest of them
        yield Work(Cell(movement, View.SIDE, SMOOTH_FPS), CLIPS, LIFT_REPS[movement] - 1)


def _turns() -> Iterator[Work]:
    for movement in TURNS:
        for view in (View.FRONT, View.OBLIQUE):
            yield Work(Cell(movement, view, USUAL_FPS), MOST_CLIPS, TURN_REPS)
        yield Work(Cell(movement, View.SIDE, USUAL_FPS), FEWEST_CLIPS, TURN_REPS - 1)
    yield Work(Cell("rotation", View.FRONT, SLOW_MOTION_FPS), CLIPS, TURN_REPS)


def _holds() -> Iterator[Work]:
    for movement in HOLDS:
        for view in (View.FRONT, View.OBLIQUE):
            yield Work(Cell(movement, view, USUAL_FPS), CLIPS, HOLD_REPS)
        yield Work(Cell(movement, View.SIDE, USUAL_FPS), FEWEST_CLIPS, 1)


QUICK = (
    Work(Cell("hinge", View.SIDE, USUAL_FPS), 2, 3),
    Work(Cell("kb_swing", View.SIDE, USUAL_FPS), 1, 5),
    Work(Cell("rotation", View.FRONT, USUAL_FPS), 1, 4),
)
"""A look within two minutes: no limit is worth storing from it."""
