"""A pose track to the signals of its clip."""

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.clip import View
from labeler.core.landmarks import Landmark
from labeler.core.track import PoseTrack
from labeler.signals.angles import incline_deg, joint_deg, wrapped_deg
from labeler.signals.body import JOINTS, Body, Side, body_of, is_standing, leg_px, trunk_px
from labeler.signals.clean import clean
from labeler.signals.robust import median
from labeler.signals.series import SIGNALS_VERSION, ClipSignals
from labeler.signals.stance import IMAGE_RIGHT, is_frontal, stance_findings


def compute_signals(track: PoseTrack, *, view: View | None, lowpass_hz: float) -> ClipSignals:
    """Clean a pose track and compute every signal of `labeler.signals.series.SIGNALS`.

    Parameters
    ----------
    track : PoseTrack
        One person; a track without any person gives signals that are NaN throughout.
    view : View | None
        Where the camera stood. It decides which side of the body is used, and whether a signal
        can be seen at all.
    lowpass_hz : float
        Cut-off of the zero-lag filter, the same for every channel: different filters would make
        a lag of their own. `Movement.lowpass_hz`, or `DEFAULT_LOWPASS_HZ` if not told.
    """
    cleaned = clean(track, lowpass_hz=lowpass_hz)
    body = body_of(cleaned, view)
    used = _landmarks_used(body.side)
    steps = {"side": body.side.value, "signals": str(SIGNALS_VERSION)}
    return ClipSignals(
        times=track.times,
        values={
            **_angles(body),
            **_lengths(body),
            "lateral_bend_deg": _lateral_bend_deg(body, view),
        },
        visibility=cleaned.visibility[:, used].mean(axis=1),
        is_interpolated=np.any(cleaned.is_filled[:, used], axis=1),
        facing=body.facing,
        view=view,
        findings=stance_findings(body, view),
        made_by={**cleaned.made_by, **steps},
    )


def _angles(body: Body) -> dict[str, FloatArray]:
    """Angles in degrees, by the definitions of sagittal image analysis (as in Sports2D)."""
    trunk = incline_deg(body.hip_px, body.shoulder_px, facing=body.facing)
    shank = incline_deg(body.ankle_px, body.knee_px, facing=body.facing)
    neck = incline_deg(body.shoulder_px, body.ear_px, facing=body.facing)
    return {
        "trunk_incl_deg": trunk,
        "thigh_incl_deg": -incline_deg(body.knee_px, body.hip_px, facing=body.facing),
        "shank_incl_deg": shank,
        "hip_angle_deg": joint_deg(body.shoulder_px, body.hip_px, body.knee_px),
        "knee_angle_deg": joint_deg(body.hip_px, body.knee_px, body.ankle_px),
        "neck_angle_deg": wrapped_deg(trunk - neck),
        "lean_minus_shank_deg": trunk - shank,
    }


def _lengths(body: Body) -> dict[str, FloatArray]:
    """Positions above the ankle in leg lengths, and the trunk's length over its standing one."""
    legs_px = leg_px(body)
    length_px = trunk_px(body)
    return {
        "pelvis_x_legs": body.facing * (body.hip_px[:, 0] - body.ankle_px[:, 0]) / legs_px,
        "hip_height_legs": (body.ankle_px[:, 1] - body.hip_px[:, 1]) / legs_px,
        "shoulder_height_legs": (body.ankle_px[:, 1] - body.shoulder_px[:, 1]) / legs_px,
        "trunk_length_ratio": length_px / median(length_px[is_standing(body)]),
    }


def _lateral_bend_deg(body: Body, view: View | None) -> FloatArray:
    """Lean to the athlete's left; NaN unless seen from straight in front or behind.

    From the side a bend cannot be seen at all, and at 45 degrees it cannot be told from a
    forward lean.
    """
    if not is_frontal(body, view):
        return np.full(len(body.hip_px), np.nan)
    to_right_edge = incline_deg(body.hip_px, body.shoulder_px, facing=IMAGE_RIGHT)
    return to_right_edge if view is View.FRONT else -to_right_edge


def _landmarks_used(side: Side) -> list[Landmark]:
    """Body points behind the signals; the ear only feeds the neck, so it stays out."""
    sides = ("LEFT", "RIGHT") if side is Side.BOTH else (side.name,)
    return [Landmark[f"{one}_{joint}"] for one in sides for joint in JOINTS if joint != "EAR"]
