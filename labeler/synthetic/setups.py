"""What comes before a set: walking in, taking the load up, turning to the first side."""

from collections.abc import Mapping

import numpy as np

from labeler.synthetic.arms import BELL_HANDLE_M
from labeler.synthetic.athlete import Athlete
from labeler.synthetic.drawn import Setting
from labeler.synthetic.posture import Grip

STEP_M, STEP_S, N_STEPS = 0.42, 0.55, 4
"""A calm walk: how far the body goes per step, how long a step takes, how many are seen."""

LIFT_M = 0.06
"""How high a foot is lifted."""

FROM_FLOOR = (Grip.GOBLET, Grip.KETTLEBELL)
"""What is taken up from the floor before the set; a bar to hinge with comes from a rack, and that
of a deadlift stays on the floor until the first pull."""

PICK_UP_KNEE_RAD, PICK_UP_FLEXION_RAD = np.radians((70.0, 24.0))
"""A careless bend for the load: round, and from the knees."""

PICK_UP_TRUNK_DEG = (62.0, 88.0)
"""How far the trunk leans for the load: at least, and at most if hands are not at it before."""

PICK_UP_BACK_M = -0.17

BREAK_S = (3.2, 4.2)
"""From taking the load up to the first repetition: longer than the rest between two."""

SHIFT_M = 0.03
"""Weight from foot to foot while finding a stance."""


def walk_in(setting: Setting, start_s: float) -> float:
    """Steps straight ahead to the place of the set; when the feet are together."""
    score, way_m = setting.score, N_STEPS * STEP_M
    for name in ("walk_m", "left_foot_m", "right_foot_m"):
        score.begin(name, -way_m)
    for number in range(N_STEPS + 1):
        at_s = start_s + number * STEP_S
        foot = ("left", "right")[number % 2]
        is_edge = number in (0, N_STEPS)
        score.move_by(f"{foot}_foot_m", at_s, STEP_S, STEP_M * (1.0 if is_edge else 2.0))
        score.move_by(f"{foot}_lift_m", at_s, 0.5 * STEP_S, LIFT_M)
        score.move_by(f"{foot}_lift_m", at_s + 0.5 * STEP_S, 0.5 * STEP_S, -LIFT_M)
        if number < N_STEPS:
            score.move_by("walk_m", at_s + 0.4 * STEP_S, 1.6 * STEP_S, STEP_M)
    return start_s + (N_STEPS + 1.2) * STEP_S


def set_up(setting: Setting, start_s: float) -> float:
    """Get ready; when the first repetition may begin."""
    is_low = setting.plan.held in FROM_FLOOR
    done_s = _pick_up(setting, start_s) if is_low else _settle(setting, start_s)
    return done_s + setting.uniform(*BREAK_S)


def turn_to(setting: Setting, start_s: float, side: Mapping[str, float]) -> float:
    """Turn to where the first repetition begins, by channel; when it may."""
    for name, value in side.items():
        setting.score.move_to(name, start_s, TURN_S, value)
    return start_s + TURN_S + setting.uniform(*BREAK_S)


TURN_S = 1.4
"""To turn to the first side without haste."""


def _settle(setting: Setting, start_s: float) -> float:
    """Weight to one foot, to the other, and to the middle; who sits only looks about."""
    if setting.plan.movement == "tspine_rot":
        return start_s
    for number, aside_m in enumerate((SHIFT_M, -SHIFT_M, 0.0)):
        setting.score.move_to("pelvis_aside_m", start_s + 0.7 * number, 0.7, aside_m)
    return start_s + 2.1


def _pick_up(setting: Setting, start_s: float) -> float:
    """Down to the load, a moment to take it, and up."""
    score, down_s, stay_s, up_s = setting.score, 1.2, 0.5, 1.1
    score.begin("load_ratio", 0.0)
    score.move_to("trunk_lean_rad", start_s, down_s, _lean_to_load_rad(setting.athlete))
    score.move_to("knee_bend_rad", start_s, down_s, PICK_UP_KNEE_RAD)
    score.move_to("pelvis_ahead_m", start_s, down_s, PICK_UP_BACK_M)
    score.move_to("spine_flexion_rad", start_s, down_s, PICK_UP_FLEXION_RAD)
    score.move_to("load_ratio", start_s + down_s, stay_s, 1.0)
    setting.back(
        start_s + down_s + stay_s,
        up_s,
        "trunk_lean_rad",
        "knee_bend_rad",
        "pelvis_ahead_m",
        "spine_flexion_rad",
    )
    return start_s + down_s + stay_s + up_s


def _lean_to_load_rad(athlete: Athlete) -> float:
    """The lean at which hanging arms have their hands on the handle of a bell on the floor."""
    legs = athlete.lengths_m
    straight_sq = (
        legs["shank"] ** 2
        + legs["thigh"] ** 2
        + 2.0 * legs["shank"] * legs["thigh"] * np.cos(PICK_UP_KNEE_RAD)
    )
    hip_m = legs["ankle_height"] + np.sqrt(straight_sq - PICK_UP_BACK_M**2)
    arms_m = legs["upper_arm"] + legs["forearm"] + legs["hand"]
    up_m = BELL_HANDLE_M + arms_m - hip_m  # of the shoulders above the hips
    lean_deg = np.degrees(np.arccos(np.clip(up_m / legs["trunk"], -1.0, 1.0)))
    return float(np.radians(np.clip(lean_deg, *PICK_UP_TRUNK_DEG)))
