"""A set performed: joint angles at any time, and what is true of each repetition."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.synthetic.athlete import Athlete
from labeler.synthetic.courses import Course, Sway
from labeler.synthetic.drawn import Setting, drawn_rep
from labeler.synthetic.lifts import TEMPI, lift_rep, prepare_lift
from labeler.synthetic.plan import RepPlan, RepTruth, SetPlan
from labeler.synthetic.posture import CHANNELS, Angles
from labeler.synthetic.setups import set_up, turn_to, walk_in
from labeler.synthetic.turns import first_side, prepare_press, prepare_turn, press_rep, turn_rep

LEAD_IN_S, TAIL_S = (0.8, 1.2), 1.0
"""Stillness before and after everything."""

GRASP_S = 0.3
"""To take hold of a bar that lies on the floor."""

STANCE_RATIOS: Mapping[str, float] = {
    "hinge": 0.070,
    "deadlift": 0.070,
    "kb_swing": 0.110,
    "squat": 0.105,
    "rotation": 0.110,
    "tspine_rot": 0.090,
    "antirot": 0.085,
}
"""Half of the distance between the ankles over body height."""

SWAYS: Mapping[str, tuple[float, tuple[float, float]]] = {
    "rib_extension_rad": (np.radians(0.6), (3.0, 4.5)),
    "trunk_lean_rad": (np.radians(0.2), (4.0, 7.0)),
    "pelvis_ahead_m": (0.0012, (4.0, 7.0)),
    "pelvis_aside_m": (0.0030, (3.0, 6.0)),
    "pelvis_yaw_rad": (np.radians(0.3), (3.0, 6.0)),
    "thorax_yaw_rad": (np.radians(0.4), (3.0, 6.0)),
    "neck_rad": (np.radians(0.8), (2.5, 5.0)),
    "head_yaw_rad": (np.radians(1.2), (2.5, 6.0)),
}
"""Amplitude and period of what never quite rests; the first is breathing."""


@dataclass(frozen=True, slots=True)
class Performance:
    """A whole set, known at any time.

    Parameters
    ----------
    plan : SetPlan
        What was asked for.
    duration_s : float
        From the beginning to stillness after the last repetition.
    reps : tuple[RepTruth, ...]
        In time.
    courses : Mapping[str, Course]
        By channel of `Angles`.
    """

    plan: SetPlan
    duration_s: float
    reps: tuple[RepTruth, ...]
    courses: Mapping[str, Course]

    @property
    def athlete(self) -> Athlete:
        """Who moves."""
        return self.plan.athlete

    def angles_at(self, times_s: FloatArray) -> Angles:
        """The posture at each time; times must not decrease."""
        still = Course(0.0)
        values = {name: self.courses.get(name, still).at(times_s) for name in CHANNELS}
        return Angles(
            **values,
            grip=self.plan.held,
            is_seated=self.plan.movement == "tspine_rot",
            stance_half_m=STANCE_RATIOS[self.plan.movement] * self.athlete.height_m,
        )


def perform(plan: SetPlan) -> Performance:
    """Do what is planned; the same plan is the same performance."""
    setting = Setting(plan, np.random.default_rng([plan.seed, plan.athlete.seed, 0x51]))
    turned_rad = float(np.radians(plan.athlete.asymmetry_deg))
    setting.begin(load_ratio=1.0, pelvis_yaw_rad=0.5 * turned_rad, thorax_yaw_rad=turned_rad)
    _sway(setting)
    if plan.movement in TEMPI:
        reps, end_s = _lifts(setting)
    elif plan.movement == "antirot":
        reps, end_s = _presses(setting)
    else:
        reps, end_s = _turns(setting)
    return Performance(plan, end_s + TAIL_S, tuple(reps), setting.score.courses())


def _lifts(setting: Setting) -> tuple[list[RepTruth], float]:
    tempo = prepare_lift(setting)
    at_s = _before(setting)
    if setting.plan.movement == "deadlift" and setting.plan.has_set_up:
        setting.begin(load_ratio=0.0)
    reps = []
    for rep in setting.plan.reps:
        truth, at_s = lift_rep(setting, tempo, drawn_rep(setting, rep), at_s)
        reps.append(truth)
    setting.score.move_to("load_ratio", reps[0].turn_s - GRASP_S, GRASP_S, 1.0)
    if setting.plan.movement == "kb_swing":
        setting.back(at_s - 0.2, 0.6, "arm_rad")
    setting.back(at_s, 0.6, "trunk_lean_rad")
    return reps, at_s + 0.4


def _turns(setting: Setting) -> tuple[list[RepTruth], float]:
    turning = prepare_turn(setting)
    drawn = [drawn_rep(setting, rep) for rep in setting.plan.reps]
    side = first_side(turning, drawn[0])
    if not setting.plan.has_walk_in:
        for name, value in side.items():
            setting.score.begin(name, value)
    at_s = _before(setting)
    if setting.plan.has_walk_in:
        at_s = turn_to(setting, at_s, side)
    reps = []
    for number, rep in enumerate(drawn):
        truth, at_s = turn_rep(setting, turning, rep, at_s, -1 if number % 2 else 1)
        reps.append(truth)
    return reps, at_s


def _presses(setting: Setting) -> tuple[list[RepTruth], float]:
    prepare_press(setting)
    at_s = _before(setting)
    reps = []
    for rep in setting.plan.reps:
        truth, at_s = press_rep(setting, drawn_rep(setting, rep), at_s)
        reps.append(truth)
    return reps, at_s


def _before(setting: Setting) -> float:
    """Stillness, and what comes before the first repetition; when that may begin."""
    at_s = setting.uniform(*LEAD_IN_S)
    if setting.plan.has_walk_in:
        at_s = walk_in(setting, at_s)
    if setting.plan.has_set_up:
        at_s = set_up(setting, at_s)
    return at_s


def _sway(setting: Setting) -> None:
    """Breath and balance: two slow oscillations of each channel that never quite rests."""
    for name, (amplitude, period_s) in SWAYS.items():
        for share in (0.7, 0.3):
            sway = Sway(
                share * amplitude * setting.athlete.sway_ratio,
                setting.uniform(*period_s),
                setting.uniform(0.0, 2.0 * np.pi),
            )
            setting.score.sway(name, sway)


__all__ = ["Angles", "Performance", "RepPlan", "RepTruth", "SetPlan", "perform"]
