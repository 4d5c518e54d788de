"""Which way the athlete faces, which side the camera sees, and how tall they stand."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import View
from labeler.core.landmarks import Landmark
from labeler.signals.angles import distance_px, incline_deg
from labeler.signals.clean import MIN_VISIBILITY, CleanTrack
from labeler.signals.robust import mean, median, percentile

JOINTS = ("EAR", "SHOULDER", "HIP", "KNEE", "ANKLE")
"""The body points that the signals are made of, one on either side, from the top down."""

STANDING_RATIO = 0.95
"""Standing is where the shoulders are this high above the ankles, as a share of their highest."""

STANDING_PERCENTILE = 95.0
"""What counts as their highest: a few frames of wrong pose must not."""

MAX_UPRIGHT_DEG = 30.0
"""A trunk that leans further does not stand, even if it is never higher: a lifter bends over the
bar by more, and nobody who holds a load in front leans back by as much."""

SIDE_TIE_RATIO = 0.02
"""Visibilities closer than this do not tell which side is near; the way one faces does."""

MIN_SEEN_RATIO = 0.8
"""From the front or at 45 degrees, a side seen in fewer of the athlete's frames is left out."""


class Side(StrEnum):
    """Which of the athlete's own sides the signals are taken from."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Stance:
    """How the athlete stands to the camera, as `Body` was taken."""

    facing: int
    side: Side
    view: View | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The few points that the signals need, each of shape (n_frames, 2).

    In pixels of the picture; in metres of the athlete's own plane for the world copies of angles.
    """

    ear_px: FloatArray
    shoulder_px: FloatArray
    hip_px: FloatArray
    knee_px: FloatArray
    ankle_px: FloatArray
    foot_px: float
    stance: Stance

    @property
    def facing(self) -> int:
        """+1 when the athlete faces the right edge of the picture, -1 for the left."""
        return self.stance.facing

    @property
    def side(self) -> Side:
        """Where the points are taken from."""
        return self.stance.side


def body_of(track: CleanTrack, view: View | None) -> Body:
    """Take the points from the side that is seen, or from the middle between both."""
    facing = facing_sign(track.xy_px)
    side = seen_side(track.visibility, view, facing=facing)
    foot = foot_px(track.xy_px)
    return body_from(track.xy_px, Stance(facing, side, view), foot_px=foot)


def body_from(xy: FloatArray, stance: Stance, *, foot_px: float = math.nan) -> Body:
    """Points of the sides that count, from landmarks of shape (n_frames, 33, 2)."""
    ear, shoulder, hip, knee, ankle = (_point(xy, name, stance.side) for name in JOINTS)
    return Body(ear, shoulder, hip, knee, ankle, foot_px, stance)


def facing_sign(xy_px: FloatArray) -> int:
    """+1 when the athlete faces the right edge of the picture, -1 for the left.

    By the feet, heel to toes; by ear to nose where no foot is seen; +1 where neither is.
    """
    forward_px = foot_px(xy_px)
    if np.isnan(forward_px):
        head_px = xy_px[:, Landmark.NOSE, 0, None] - _x(xy_px, "EAR")
        forward_px = median(head_px)
    return -1 if forward_px < 0 else 1


def foot_px(xy_px: FloatArray) -> float:
    """How far the feet point to the right edge, heel to toes; + right, about 0 from the front."""
    reach_px = _x(xy_px, "FOOT_INDEX") - _x(xy_px, "HEEL")
    return mean(np.array([median(reach_px[:, 0]), median(reach_px[:, 1])]))


def feet_ahead_px(xy_px: FloatArray) -> FloatArray:
    """The same per frame, the mean of the feet that are seen; NaN where none is."""
    reach_px = _x(xy_px, "FOOT_INDEX") - _x(xy_px, "HEEL")
    known = np.isfinite(reach_px)
    n_known = known.sum(axis=1)
    total_px = np.where(known, reach_px, 0.0).sum(axis=1)
    return np.asarray(total_px / np.where(n_known > 0, n_known, np.nan))


def seen_side(visibility: FloatArray, view: View | None, *, facing: int) -> Side:
    """Near side only from the side; elsewhere both, unless one is hidden too often.

    The near side is the one seen better; where both are seen alike, who faces the right edge
    shows the right side. Frames without anybody hide neither.
    """
    is_somebody = np.isfinite(visibility).any(axis=1)
    seen = visibility[is_somebody] if is_somebody.any() else visibility
    left, right = _visibility(seen, "LEFT"), _visibility(seen, "RIGHT")
    if abs(left.mean() - right.mean()) < SIDE_TIE_RATIO:
        better = Side.RIGHT if facing > 0 else Side.LEFT
    else:
        better = Side.RIGHT if right.mean() > left.mean() else Side.LEFT
    if view is View.SIDE:
        return better
    worse = left if better is Side.RIGHT else right
    is_hidden = np.mean(worse.min(axis=1) >= MIN_VISIBILITY) < MIN_SEEN_RATIO
    return better if is_hidden else Side.BOTH


def is_standing(body: Body) -> BoolArray:
    """Frames in which the athlete stands about as tall as they ever do; shape (n_frames,)."""
    height_px = body.ankle_px[:, 1] - body.shoulder_px[:, 1]
    return np.asarray(height_px >= STANDING_RATIO * percentile(height_px, STANDING_PERCENTILE))


def is_upright(body: Body) -> BoolArray:
    """Frames of standing in which the trunk is upright too; shape (n_frames,).

    Nobody who only ever is seen bent over has a standing length or shape of the trunk.
    """
    lean_deg = incline_deg(body.hip_px, body.shoulder_px, facing=1)
    return is_standing(body) & (np.abs(lean_deg) <= MAX_UPRIGHT_DEG)


def leg_px(body: Body) -> float:
    """Usual length of hip to knee and knee to ankle while standing, in pixels; NaN if unseen."""
    length_px = distance_px(body.hip_px, body.knee_px) + distance_px(body.knee_px, body.ankle_px)
    return median(length_px[is_standing(body)])


def trunk_px(body: Body) -> FloatArray:
    """Distance from hip to shoulder per frame, in pixels."""
    return distance_px(body.hip_px, body.shoulder_px)


def _x(xy_px: FloatArray, name: str) -> FloatArray:
    return xy_px[:, [Landmark[f"LEFT_{name}"], Landmark[f"RIGHT_{name}"]], 0]


def _visibility(visibility: FloatArray, side: str) -> FloatArray:
    """Visibility of the joints of one side; never seen counts as 0 here."""
    return np.nan_to_num(visibility[:, [Landmark[f"{side}_{name}"] for name in JOINTS]])


def _point(xy_px: FloatArray, name: str, side: Side) -> FloatArray:
    left, right = xy_px[:, Landmark[f"LEFT_{name}"]], xy_px[:, Landmark[f"RIGHT_{name}"]]
    if side is Side.BOTH:
        return (left + right) / 2.0
    return left if side is Side.LEFT else right
