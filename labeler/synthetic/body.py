"""From joint angles to a body: its 33 landmarks, the curve of its spine and where its parts are."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.landmarks import N_LANDMARKS, Landmark
from labeler.synthetic.arms import Arms, Implement, arms_of, implement_of
from labeler.synthetic.athlete import Athlete
from labeler.synthetic.geometry import Limb, axes_along, reaching, turned, yaw
from labeler.synthetic.posture import Angles, Grip
from labeler.synthetic.trunk import SIDES, Trunk, trunk_of

REFERENCE_HEIGHT_M = 1.75
"""Height of the person whose face, hands and feet were measured."""

FACE_M: Mapping[str, tuple[float, float, float]] = {
    "NOSE": (0.0, -0.016, 0.131),
    "LEFT_EYE_INNER": (0.020, 0.020, 0.108),
    "LEFT_EYE": (0.032, 0.020, 0.109),
    "LEFT_EYE_OUTER": (0.045, 0.020, 0.102),
    "LEFT_EAR": (0.079, 0.0, 0.0),
    "MOUTH_LEFT": (0.022, -0.052, 0.100),
}
"""From between the ears, in the head's axes; the right side is the mirror image."""

HAND_M: Mapping[str, tuple[float, float, float]] = {
    "PINKY": (-0.005, -0.090, -0.029),
    "INDEX": (-0.005, -0.092, 0.030),
    "THUMB": (-0.012, -0.065, 0.048),
}
"""From the wrist, of a left hand that hangs with the palm inwards."""

HEEL_HEIGHT_M, TOE_HEIGHT_M = 0.030, 0.025
"""Heights of the landmarks at heel and toes over the floor."""

TOE_OUT_RAD = {True: float(np.radians(20.0)), False: float(np.radians(8.0))}
"""How far the feet point outwards: in a wide stance, and otherwise."""

WIDE_STANCE_RATIO = 0.10
"""Half a stance over body height, from which on it is a wide one."""

BLEND_PER_M = 2000.0
"""How sharply the shorter-reaching leg decides how high the pelvis is: within half a millimetre."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A rigid part: where it begins, (n, 3), and its axes in the room as columns, (n, 3, 3).

    For somebody who stands upright with hanging arms all axes are x left, y up, z forward. Parts of
    the trunk begin at their lower end, limbs at their upper one, the head between the ears.
    """

    origin_m: FloatArray
    axes: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A body in every posture; x is the athlete's left, y up from the floor, z forward.

    Parameters
    ----------
    landmarks_m : FloatArray
        Shape (n, 33, 3), in the order of `Landmark`.
    spine_m : FloatArray
        Shape (n, k, 3): from between the hips to between the ears.
    segments : Mapping[str, Segment]
        By name, such as ``pelvis`` or ``left_forearm``.
    implement : Implement
        What is held.
    seat_m : FloatArray | None
        Shape (3,): the middle of the bench's top; None where nobody sits.
    """

    landmarks_m: FloatArray
    spine_m: FloatArray
    segments: Mapping[str, Segment]
    implement: Implement
    seat_m: FloatArray | None = None

    @property
    def mid_hip_m(self) -> FloatArray:
        """Between the hips, shape (n, 3)."""
        return self.middle_m("HIP")

    def middle_m(self, joint: str) -> FloatArray:
        """Between the left and right landmark of that name, shape (n, 3)."""
        points = self.landmarks_m
        return (points[:, Landmark[f"LEFT_{joint}"]] + points[:, Landmark[f"RIGHT_{joint}"]]) / 2.0


def figure(athlete: Athlete, angles: Angles) -> Figure:
    """The body in these postures: bones keep their length, feet that do not step stay put."""
    ankles_m = _ankles_m(athlete, angles)
    trunk = trunk_of(athlete, angles, _mid_hip_m(athlete, angles, ankles_m))
    toes = {
        side: yaw(np.full(angles.n_times, sign * _toe_out(athlete, angles))) for side, sign in SIDES
    }
    legs = {
        side: reaching(
            trunk.hips_m[side],
            ankles_m[side],
            (athlete.lengths_m["thigh"], athlete.lengths_m["shank"]),
            toes[side][:, :, 2],
        )
        for side, _sign in SIDES
    }
    arms = arms_of(athlete, angles, trunk)
    return Figure(
        landmarks_m=_landmarks_m(athlete, trunk, legs, toes, arms),
        spine_m=trunk.curve_m(),
        segments={**_trunk_segments(trunk), **_limb_segments(trunk, legs, toes, arms)},
        implement=implement_of(athlete, angles, trunk, arms),
        seat_m=_seat_m(athlete, trunk) if angles.is_seated else None,
    )


def _toe_out(athlete: Athlete, angles: Angles) -> float:
    return TOE_OUT_RAD[angles.stance_half_m >= WIDE_STANCE_RATIO * athlete.height_m]


def _ankles_m(athlete: Athlete, angles: Angles) -> dict[str, FloatArray]:
    """Both ankles: where the feet stand, or are on their way to."""
    height_m = athlete.lengths_m["ankle_height"]
    places = {"left": angles.left_foot_m, "right": angles.right_foot_m}
    lifts = {"left": angles.left_lift_m, "right": angles.right_lift_m}
    return {
        side: np.stack(
            [
                np.full(angles.n_times, sign * angles.stance_half_m),
                height_m + lifts[side],
                places[side],
            ],
            axis=-1,
        )
        for side, sign in SIDES
    }


def _mid_hip_m(athlete: Athlete, angles: Angles, ankles_m: Mapping[str, FloatArray]) -> FloatArray:
    """Where the pelvis is: ahead and aside as asked, as high as the knees let both legs reach."""
    thigh_m, shank_m = athlete.lengths_m["thigh"], athlete.lengths_m["shank"]
    leg_sq = thigh_m**2 + shank_m**2 + 2.0 * thigh_m * shank_m * np.cos(angles.knee_bend_rad)
    ahead_m = angles.walk_m + angles.pelvis_ahead_m
    heights_m = []
    for side, sign in SIDES:
        hip_m = turned(
            yaw(angles.pelvis_yaw_rad), sign * athlete.lengths_m["hip_half_width"], 0.0, 0.0
        )
        aside_m = angles.pelvis_aside_m + hip_m[:, 0] - ankles_m[side][:, 0]
        forward_m = ahead_m + hip_m[:, 2] - ankles_m[side][:, 2]
        rise_m = np.sqrt(np.maximum(leg_sq - aside_m**2 - forward_m**2, 0.0))
        heights_m.append(ankles_m[side][:, 1] + rise_m)
    height_m = -np.logaddexp(*(-BLEND_PER_M * one for one in heights_m)) / BLEND_PER_M
    return np.stack([angles.pelvis_aside_m, height_m, ahead_m], axis=-1)


def _seat_m(athlete: Athlete, trunk: Trunk) -> FloatArray:
    """The bench under the pelvis: half a thigh's thickness below the hips."""
    return np.asarray(trunk.mid_hip_m[0] - [0.0, 0.052 * athlete.height_m, 0.0])


def _landmarks_m(
    athlete: Athlete,
    trunk: Trunk,
    legs: Mapping[str, Limb],
    toes: Mapping[str, FloatArray],
    arms: Arms,
) -> FloatArray:
    found = np.full((len(trunk.mid_hip_m), N_LANDMARKS, 3), np.nan)
    scale = athlete.height_m / REFERENCE_HEIGHT_M
    for name, (x, y, z) in FACE_M.items():
        for landmark, sign in {name.replace("LEFT", "RIGHT"): -1.0, name: 1.0}.items():
            place = (sign * x * scale, y * scale, z * scale)
            found[:, Landmark[landmark]] = trunk.head_m + turned(trunk.head_axes, *place)
    for side, sign in SIDES:
        prefix = side.upper()
        limb, leg = arms.limbs[side], legs[side]
        joints = {
            "SHOULDER": limb.root_m,
            "ELBOW": limb.joint_m,
            "WRIST": limb.end_m,
            "HIP": leg.root_m,
            "KNEE": leg.joint_m,
            "ANKLE": leg.end_m,
            **_foot_m(athlete, leg.end_m, toes[side]),
        }
        for name, (x, y, z) in HAND_M.items():
            place = (sign * x * scale, y * scale, z * scale)
            joints[name] = limb.end_m + turned(arms.hand_axes[side], *place)
        for name, point_m in joints.items():
            found[:, Landmark[f"{prefix}_{name}"]] = point_m
    return found


def _foot_m(athlete: Athlete, ankle_m: FloatArray, axes: FloatArray) -> dict[str, FloatArray]:
    legs, scale = athlete.lengths_m, athlete.height_m / REFERENCE_HEIGHT_M
    return {
        "HEEL": ankle_m
        + turned(axes, 0.0, HEEL_HEIGHT_M * scale - legs["ankle_height"], -legs["heel"]),
        "FOOT_INDEX": ankle_m
        + turned(axes, 0.0, TOE_HEIGHT_M * scale - legs["ankle_height"], legs["toe"]),
    }


def _trunk_segments(trunk: Trunk) -> dict[str, Segment]:
    names = ("pelvis", "lumbar", "thorax_lower", "thorax_upper")
    segments = {
        name: Segment(trunk.nodes_m[:, place], trunk.axes[place])
        for place, name in enumerate(names)
    }
    segments["pelvis"] = Segment(trunk.mid_hip_m, trunk.hip_axes)
    return {**segments, "head": Segment(trunk.head_m, trunk.head_axes)}


def _limb_segments(
    trunk: Trunk, legs: Mapping[str, Limb], toes: Mapping[str, FloatArray], arms: Arms
) -> dict[str, Segment]:
    found = {}
    for side, _sign in SIDES:
        arm, leg = arms.limbs[side], legs[side]
        front, out = trunk.axes[-1][:, :, 2], toes[side][:, :, 2]
        found[f"{side}_upper_arm"] = _bone(arm.root_m, arm.joint_m, front)
        found[f"{side}_forearm"] = _bone(arm.joint_m, arm.end_m, arms.hand_axes[side][:, :, 2])
        found[f"{side}_hand"] = Segment(arm.end_m, arms.hand_axes[side])
        found[f"{side}_thigh"] = _bone(leg.root_m, leg.joint_m, out)
        found[f"{side}_shank"] = _bone(leg.joint_m, leg.end_m, out)
        found[f"{side}_foot"] = Segment(leg.end_m, toes[side])
    return found


def _bone(upper_m: FloatArray, lower_m: FloatArray, forward: FloatArray) -> Segment:
    return Segment(upper_m, axes_along(upper_m - lower_m, forward))


__all__ = ["Figure", "Grip", "Implement", "Segment", "figure"]
