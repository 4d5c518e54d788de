"""A pose track to the signals of its clip."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import View
from labeler.core.landmarks import Landmark
from labeler.core.track import PoseTrack
from labeler.signals.angles import incline_deg, joint_deg, wrapped_deg
from labeler.signals.body import (
    JOINTS,
    Body,
    Side,
    Stance,
    body_from,
    body_of,
    is_standing,
    is_upright,
    leg_px,
    trunk_px,
)
from labeler.signals.checks import noise_findings, pose_findings
from labeler.signals.clean import SCALED_MAD, CleanTrack, clean
from labeler.signals.contour import BackSignals, back_signals
from labeler.signals.frontal import frontal_signals, width_ratios
from labeler.signals.limbs import limb_signals
from labeler.signals.lowpass import noise_left_ratio
from labeler.signals.registry import SIGNALS, SIGNALS_VERSION
from labeler.signals.robust import median
from labeler.signals.series import ClipSignals
from labeler.signals.shins import hidden_shins, shin_findings, shin_step, without_shins
from labeler.signals.space import (
    TURNING,
    axial_rates_deg_per_s,
    reach_ratio,
    sagittal_m,
    turned_deg,
    yaw_deg,
)
from labeler.signals.stance import stance_findings
from labeler.signals.steps import Step
from labeler.signals.trunk_ends import with_trunk_ends
from labeler.signals.view import estimate_view, view_findings


def compute_signals(track: PoseTrack, *, view: View | None, lowpass_hz: float) -> ClipSignals:
    """Clean a pose track and compute every signal of `labeler.signals.registry.SIGNALS`.

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
    back = back_signals(track, cleaned, body, lowpass_hz=lowpass_hz)
    placed, ends_step = with_trunk_ends(track, cleaned, body, lowpass_hz=lowpass_hz)
    body = body_from(placed.xy_px, body.stance, foot_px=body.foot_px)
    values = _values(placed, body, back.smooth)
    estimate = estimate_view(cleaned.xy_px, cleaned.world_m, is_standing(body))
    left_ratio = noise_left_ratio(track.times.fps_median, lowpass_hz)
    noise = _noise(values, _rough_values(placed, body, back), left_ratio)
    is_hidden = hidden_shins(track, body.side, view)
    cleaning = (*_with_side(cleaned.steps, body.side), ends_step, shin_step(is_hidden, view))
    steps = {"side": body.side.value, "signals": str(SIGNALS_VERSION)}
    return ClipSignals(
        times=track.times,
        values=without_shins(values, is_hidden),
        visibility=cleaned.visibility[:, used].mean(axis=1),
        is_interpolated=_is_interpolated(cleaned, body),
        facing=body.facing,
        view=view,
        findings=(
            *stance_findings(body, view),
            *view_findings(estimate, view),
            *pose_findings(track, cleaned, used, view),
            *shin_findings(is_hidden),
            *noise_findings(noise),
        ),
        noise=noise,
        view_estimate=estimate,
        cleaning=cleaning,
        made_by={**cleaned.made_by, **{one.name: one.line for one in cleaning[-2:]}, **steps},
    )


def _is_interpolated(cleaned: CleanTrack, body: Body) -> BoolArray:
    """Frames in which a point in use was filled in; in space too, where turns are told by it."""
    in_picture = cleaned.is_filled[:, _landmarks_used(body.side)].any(axis=1)
    if not SIGNALS["thorax_axial_deg"].is_shown_by(body.stance.view):
        return np.asarray(in_picture)
    return np.asarray(in_picture | cleaned.is_filled_m[:, TURNING].any(axis=1))


def _with_side(steps: Sequence[Step], side: Side) -> tuple[Step, ...]:
    """The steps, with the choice of the side behind the gate that it rests on."""
    sides = (
        "both sides, the middle between them" if side is Side.BOTH else f"{side.value} side only"
    )
    return (*steps[:1], Step("near_side", sides), *steps[1:])


def _values(
    cleaned: CleanTrack, body: Body, back: Mapping[str, FloatArray]
) -> dict[str, FloatArray]:
    """Every signal, in the order of their registry; NaN where the view does not show it."""
    view = body.stance.view
    has_turns = SIGNALS["pelvis_axial_deg"].is_shown_by(view)  # they take as long as all the others
    found = {
        **_angles(body),
        **_lengths(body),
        **_world_angles(cleaned.world_m, body.side),
        **frontal_signals(cleaned.xy_px, body, view),
        **width_ratios(cleaned.xy_px),
        **(_turns(cleaned, body) if has_turns else {}),
        "wrist_reach_ratio": reach_ratio(cleaned.world_m),
        **limb_signals(cleaned.xy_px, body),
        **back,
    }
    unknown = np.full(cleaned.times.n_frames, np.nan)
    return {name: found[name] if SIGNALS[name].is_shown_by(view) else unknown for name in SIGNALS}


def _rough_values(cleaned: CleanTrack, body: Body, back: BackSignals) -> dict[str, FloatArray]:
    """Every signal as it would be without the filter."""
    rough = replace(cleaned, xy_px=cleaned.rough_xy_px, world_m=cleaned.rough_world_m)
    return _values(rough, body_from(rough.xy_px, body.stance), back.rough)


def _noise(
    values: Mapping[str, FloatArray], rough: Mapping[str, FloatArray], left_ratio: float
) -> dict[str, float]:
    """Standard error of one filtered value of every signal; NaN where it is not known.

    From what the filter took away, as if the noise were white: see `noise_left_ratio`. Slow wander
    of the pose is not in it, and leaps were left out before: this is a lower bound.
    """
    return {name: left_ratio * _spread(rough[name] - values[name]) for name in values}


def _spread(residual: FloatArray) -> float:
    """Standard deviation by the median absolute deviation: single leaps do not count."""
    return SCALED_MAD * median(np.abs(residual - median(residual)))


def _world_angles(world_m: FloatArray, side: Side) -> dict[str, FloatArray]:
    """The sagittal angles once more, in the athlete's own plane."""
    points = body_from(sagittal_m(world_m), Stance(facing=1, side=side))
    found = _angles(points)
    stems = ("trunk_incl", "thigh_incl", "shank_incl", "hip_angle", "knee_angle")
    return {f"{stem}_world_deg": found[f"{stem}_deg"] for stem in stems}


def _turns(cleaned: CleanTrack, body: Body) -> dict[str, FloatArray]:
    """Turns about the long axis, their speeds, and for comparison headings on the ground."""
    times_s, is_still = cleaned.times.pts_s, is_standing(body)
    pelvis_rate, thorax_rate = axial_rates_deg_per_s(cleaned.world_m, times_s)
    pelvis_yaw = yaw_deg(cleaned.world_m, "HIP", times_s, is_still)
    thorax_yaw = yaw_deg(cleaned.world_m, "SHOULDER", times_s, is_still)
    pelvis = turned_deg(pelvis_rate, pelvis_yaw, times_s)
    thorax = turned_deg(thorax_rate, thorax_yaw, times_s)
    return {
        "pelvis_axial_deg": pelvis,
        "thorax_axial_deg": thorax,
        "separation_deg": thorax - pelvis,
        "pelvis_axial_deg_per_s": pelvis_rate,
        "thorax_axial_deg_per_s": thorax_rate,
        "pelvis_yaw_deg": pelvis_yaw,
        "thorax_yaw_deg": thorax_yaw,
        "separation_yaw_deg": wrapped_deg(thorax_yaw - pelvis_yaw),
    }


def _angles(body: Body) -> dict[str, FloatArray]:
    """Angles in degrees, by the definitions of sagittal image analysis (as in Sports2D)."""
    trunk = incline_deg(body.hip_px, body.shoulder_px, facing=body.facing)
    thigh = -incline_deg(body.knee_px, body.hip_px, facing=body.facing)
    shank = incline_deg(body.ankle_px, body.knee_px, facing=body.facing)
    knee = joint_deg(body.hip_px, body.knee_px, body.ankle_px)
    neck = incline_deg(body.shoulder_px, body.ear_px, facing=body.facing)
    return {
        "trunk_incl_deg": trunk,
        "thigh_incl_deg": thigh,
        "shank_incl_deg": shank,
        "hip_angle_deg": joint_deg(body.shoulder_px, body.hip_px, body.knee_px),
        "knee_angle_deg": knee,
        "leg_bend_deg": (thigh + 180.0 - knee) / 2.0,
        "neck_angle_deg": wrapped_deg(trunk - neck),
        "lean_minus_shank_deg": trunk - shank,
    }


def _lengths(body: Body) -> dict[str, FloatArray]:
    """Positions above the ankle in leg lengths, and the trunk's length over its standing one."""
    legs_px = leg_px(body)
    length_px = trunk_px(body)
    is_still = is_upright(body)
    standing_px = median(length_px[is_still])
    ahead_px = body.facing * (body.shoulder_px[:, 0] - body.hip_px[:, 0])
    return {
        "pelvis_x_legs": body.facing * (body.hip_px[:, 0] - body.ankle_px[:, 0]) / legs_px,
        "hip_height_legs": (body.ankle_px[:, 1] - body.hip_px[:, 1]) / legs_px,
        "shoulder_height_legs": (body.ankle_px[:, 1] - body.shoulder_px[:, 1]) / legs_px,
        "trunk_length_ratio": length_px / standing_px,
        "ear_line_ratio": _ear_line_px(body) / standing_px,
        "rib_offset_ratio": (ahead_px - median(ahead_px[is_still])) / standing_px,
    }


def _ear_line_px(body: Body) -> FloatArray:
    """Distance of the ear from the line through hip and shoulder; + is in front of it."""
    line, ear = body.shoulder_px - body.hip_px, body.ear_px - body.hip_px
    across = line[:, 0] * ear[:, 1] - line[:, 1] * ear[:, 0]
    length_px = np.hypot(line[:, 0], line[:, 1])
    beyond: FloatArray = body.facing * across / np.where(length_px > 0, length_px, np.nan)
    return beyond


def _landmarks_used(side: Side) -> list[Landmark]:
    """Body points behind the signals; the ear only feeds the neck, so it stays out."""
    sides = ("LEFT", "RIGHT") if side is Side.BOTH else (side.name,)
    return [Landmark[f"{one}_{joint}"] for one in sides for joint in JOINTS if joint != "EAR"]
