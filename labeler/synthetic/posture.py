"""The joint angles of a body over time, and where a posture balances."""

from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.synthetic.athlete import Athlete


class Grip(StrEnum):
    """What the arms do and hold."""

    HANG = "hang"
    BAR = "bar"
    DOWEL = "dowel"
    GOBLET = "goblet"
    BALL = "ball"
    PRESS = "press"
    BEHIND_HEAD = "behind_head"
    KETTLEBELL = "kettlebell"


@dataclass(frozen=True, slots=True, eq=False)
class Angles:
    """A posture per time; every array has shape (n_times,), angles are in radians.

    Parameters
    ----------
    trunk_lean_rad : FloatArray
        Mid-hip to mid-shoulder against the vertical, in the sagittal plane; + forward.
    knee_bend_rad : FloatArray
        0 is a straight leg.
    pelvis_ahead_m : FloatArray
        Mid-hip before the ankles; - is back.
    pelvis_aside_m : FloatArray
        Mid-hip beside the middle of the ankles; + is the athlete's left.
    spine_flexion_rad : FloatArray
        Upper thorax against pelvis: rounding. The trunk's lean stays as it is.
    rib_extension_rad : FloatArray
        Thorax tipped back on the lumbar spine; the trunk's lean stays as it is.
    lumbar_arch_rad : FloatArray
        Pelvis tipped forward under the thorax; the trunk's lean stays as it is.
    side_bend_rad : FloatArray
        Mid-hip to mid-shoulder, + to the athlete's left.
    pelvis_yaw_rad, thorax_yaw_rad : FloatArray
        Turn of hips and shoulders, + to the athlete's left.
    neck_rad : FloatArray
        Ear behind (+, extended) or before the line of hip and shoulder.
    head_yaw_rad : FloatArray
        Turn of the head, + to the athlete's left.
    arm_rad : FloatArray
        Of a kettlebell: arms before the vertical.
    press_ratio : FloatArray
        Of a press: 0 hands at the chest, 1 arms straight.
    dowel_tilt_rad : FloatArray
        Of a dowel: turned off the back, about the mid-back.
    walk_m : FloatArray
        How far the athlete still is from where the set is done; - is behind.
    left_foot_m, right_foot_m, left_lift_m, right_lift_m : FloatArray
        Each foot before where the set is done, and above the floor.
    load_ratio : FloatArray
        0 the load lies on the floor, 1 it is in the hands.
    grip : Grip
        What the arms do.
    is_seated : bool
        Whether a bench carries the pelvis.
    stance_half_m : float
        Half of the distance between the ankles.
    """

    trunk_lean_rad: FloatArray
    knee_bend_rad: FloatArray
    pelvis_ahead_m: FloatArray
    pelvis_aside_m: FloatArray
    spine_flexion_rad: FloatArray
    rib_extension_rad: FloatArray
    lumbar_arch_rad: FloatArray
    side_bend_rad: FloatArray
    pelvis_yaw_rad: FloatArray
    thorax_yaw_rad: FloatArray
    neck_rad: FloatArray
    head_yaw_rad: FloatArray
    arm_rad: FloatArray
    press_ratio: FloatArray
    dowel_tilt_rad: FloatArray
    walk_m: FloatArray
    left_foot_m: FloatArray
    right_foot_m: FloatArray
    left_lift_m: FloatArray
    right_lift_m: FloatArray
    load_ratio: FloatArray
    grip: Grip
    is_seated: bool
    stance_half_m: float

    @property
    def n_times(self) -> int:
        """Number of postures."""
        return len(self.trunk_lean_rad)

    @property
    def is_load_held(self) -> BoolArray:
        """Whether the load is in the hands rather than on the floor; shape (n_times,)."""
        return np.asarray(self.load_ratio > 0.5)


CHANNELS = tuple(
    one.name
    for one in fields(Angles)
    if one.name.endswith(("_rad", "_m", "_ratio")) and one.name != "stance_half_m"
)
"""Names of everything in `Angles` that has a course."""

HAT_MASS, HAT_PLACE = 0.678, 0.626
THIGH_MASS, THIGH_PLACE = 0.200, 0.433
SHANK_MASS, SHANK_PLACE = 0.093, 0.433
FOOT_MASS, FOOT_AHEAD_RATIO = 0.029, 0.03
"""Shares of body mass (both sides), and where along the segment from its upper end each acts, for
head, arms and trunk together from the hip up: Winter's table."""

OVER_FEET_RATIO = 0.026
"""Centre of mass before the ankles, over body height: about the middle of the feet."""


@dataclass(frozen=True, slots=True)
class Lower:
    """Where a posture has pelvis and knees."""

    pelvis_ahead_m: float
    knee_bend_rad: float

    @staticmethod
    def of_legs(athlete: Athlete, thigh_rad: float, shank_rad: float) -> "Lower":
        """From the inclinations: + thigh has the knee before the hip, + shank before the ankle."""
        legs = athlete.lengths_m
        ahead = legs["shank"] * np.sin(shank_rad) - legs["thigh"] * np.sin(thigh_rad)
        return Lower(float(ahead), thigh_rad + shank_rad)


def centre_ahead_m(
    athlete: Athlete, trunk_rad: FloatArray, thigh_rad: FloatArray, shank_rad: FloatArray
) -> FloatArray:
    """Centre of mass before the ankles, for inclinations in the sagittal plane."""
    legs = athlete.lengths_m
    knee = legs["shank"] * np.sin(shank_rad)
    hip = knee - legs["thigh"] * np.sin(thigh_rad)
    return np.asarray(
        HAT_MASS * (hip + HAT_PLACE * legs["trunk"] * np.sin(trunk_rad))
        + THIGH_MASS * (hip + THIGH_PLACE * (knee - hip))
        + SHANK_MASS * (1.0 - SHANK_PLACE) * knee
        + FOOT_MASS * FOOT_AHEAD_RATIO * athlete.height_m
    )


def balanced(athlete: Athlete, trunk_rad: float, shank_rad: float) -> Lower:
    """Pelvis and knees that keep the centre of mass over the feet under a trunk and on a shin."""
    thigh_rad = np.radians(np.linspace(-10.0, 89.0, 397))
    centre_m = centre_ahead_m(athlete, np.asarray(trunk_rad), thigh_rad, np.asarray(shank_rad))
    over_m = OVER_FEET_RATIO * athlete.height_m
    best = float(np.interp(-over_m, -centre_m, thigh_rad))  # the centre falls as the thigh leans
    return Lower.of_legs(athlete, max(best, MIN_KNEE_RAD - shank_rad), shank_rad)


MIN_KNEE_RAD = float(np.radians(6.0))
"""Nobody stands on quite straight legs; this leaves a leg room to reach as the pelvis sways."""


def balanced_shank_rad(
    athlete: Athlete, knee_rad: float, trunk_past_shank_rad: float, over_m: float
) -> float:
    """The shin's lean that balances a squat of that knee bend, its trunk that far past the shin."""
    shank_rad = np.radians(np.linspace(0.0, 46.0, 185))
    centre_m = centre_ahead_m(
        athlete, shank_rad + trunk_past_shank_rad, knee_rad - shank_rad, shank_rad
    )
    return float(np.interp(over_m, centre_m, shank_rad))
