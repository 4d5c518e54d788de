"""A contact sheet of made-up athletes: ``python benchmarks/athletes_sheet.py FILE.png [--seed N]``.

One picture for each of twelve athletes, in every movement and view, at the turn of a repetition.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from labeler.core.clip import FrameTimes, View
from labeler.synthetic.athlete import draw_athlete
from labeler.synthetic.camera import draw_camera
from labeler.synthetic.looks import Room, draw_looks
from labeler.synthetic.motion import RepPlan, SetPlan, perform
from labeler.synthetic.render import Shot, frames

MOVEMENTS = ("hinge", "squat", "deadlift", "kb_swing", "rotation", "tspine_rot", "antirot")
VIEWS = (View.SIDE, View.OBLIQUE, View.FRONT)
N_ATHLETES, N_COLUMNS = 12, 6
SIZE_PX = (360, 480)


def picture(number: int, seed: int) -> np.ndarray:
    """One athlete, RGB."""
    own = seed + number
    movement = MOVEMENTS[number % len(MOVEMENTS)]
    performance = perform(SetPlan(movement, draw_athlete(own), (RepPlan(),), seed=own))
    camera = draw_camera(VIEWS[number % len(VIEWS)], SIZE_PX, np.random.default_rng(own))
    looks = draw_looks(own, room=list(Room)[(number + number // len(Room)) % len(Room)])
    turn_s = performance.reps[0].turn_s
    (rgb,) = frames(Shot(performance, camera, looks, FrameTimes(np.array([turn_s])), own))
    return rgb


def main() -> None:
    """Write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    made = [picture(number, asked.seed) for number in range(N_ATHLETES)]
    rows = [np.concatenate(made[k : k + N_COLUMNS], 1) for k in range(0, N_ATHLETES, N_COLUMNS)]
    cv2.imwrite(str(asked.file), np.concatenate(rows)[..., ::-1])


if __name__ == "__main__":
    main()
