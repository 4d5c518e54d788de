"""How well skeleton signals tell the spine's flexion, against markers on the spine itself."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import truth_data as data
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

from labeler.core.arrays import FloatArray
from labeler.core.clip import View
from labeler.core.contour import STATIONS, TrunkContour, trunk_axis
from labeler.core.track import PoseTrack
from labeler.signals.compute import compute_signals

PREDICTORS = (
    "trunk_incl_deg",
    "trunk_length_ratio",
    "neck_angle_deg",
    "ear_line_ratio",
    "hip_angle_deg",
)
"""Five sagittal signals, each as its change since the start.

Of five sets, each as it is, as its change, or both, the one with the least error on the
sit-to-stand. On the deep squat others came out up to a degree better: taking one of those would be
choosing on the row itself.
"""
BACK = "back_tangent_deg"
"""What the outline adds: the signal that the rule on rounding asks for."""
BACK_MARKERS = ("mid_psis", "t10", "c7")
BACK_NOISE_M = 0.008
"""As in the trial that the target comes from."""
SEED = 20
STANDING_S = 0.3
FRAME_STEP = 5
"""Frames further apart than this differ enough to be worth learning from."""


def flexion_deg(one: data.Episode) -> FloatArray:
    """Flexion of the thorax on the pelvis by markers, against the start; shape (n_frames,).

    The thorax points from T10 and sternum to C7 and clavicle, the pelvis from the rear spines to
    the hip joints; the difference of their pitches in the athlete's sagittal plane.
    """
    at = {name: one.positions_m[:, column] for column, name in enumerate(one.points)}
    thorax = at["c7"] + at["clavicle"] - at["t10"] - at["sternum"]
    pelvis = (at["left_hip"] + at["right_hip"]) / 2.0 - at["mid_psis"]
    forward = np.cross(at["left_hip"] - at["right_hip"], [0.0, 0.0, 1.0])
    forward /= np.linalg.norm(forward, axis=1, keepdims=True)
    bend = _pitch_deg(thorax, forward) - _pitch_deg(pelvis, forward)
    return _since_start((bend + 180.0) % 360.0 - 180.0, one.fps)


def _pitch_deg(line: FloatArray, forward: FloatArray) -> FloatArray:
    return np.degrees(np.arctan2(np.sum(line * forward, axis=1), line[:, 2]))


def _since_start(values: FloatArray, fps: float) -> FloatArray:
    return values - np.nanmedian(values[: max(1, round(STANDING_S * fps))], axis=0)


def with_back(one: data.Episode, rng: np.random.Generator) -> PoseTrack:
    """The joints with an outline of the back: a parabola through C7, T10 and the rear spines.

    Markers lie on the skin, as an outline does. Each is off by `BACK_NOISE_M` in every frame.
    """
    track = data.track_of(one.positions_m, one)
    hips_px, along_px = trunk_axis(track.xy_px)
    at_m = {name: one.positions_m[:, column] for column, name in enumerate(one.points)}
    hips_m = (at_m["left_hip"] + at_m["right_hip"]) / 2.0
    forward = np.cross(at_m["left_hip"] - at_m["right_hip"], [0.0, 0.0, 1.0])
    forward /= np.linalg.norm(forward, axis=1, keepdims=True)
    trunk_m = (at_m["left_shoulder"] + at_m["right_shoulder"]) / 2.0 - hips_m
    along_m = _flat(trunk_m, forward)
    length_m = np.hypot(*along_m.T)[:, None]
    behind_m = np.stack([-along_m[:, 1], along_m[:, 0]], axis=1)
    points_m = np.stack([_flat(at_m[name] - hips_m, forward) for name in BACK_MARKERS], axis=1)
    points_m += rng.normal(0.0, BACK_NOISE_M, points_m.shape)
    station, offset = (
        np.einsum("fpc,fc->fp", points_m, axis) / length_m**2 for axis in (along_m, behind_m)
    )
    powers = np.arange(len(BACK_MARKERS))
    curve = np.linalg.solve(station[..., None] ** powers, offset[..., None])[..., 0]
    back = curve @ STATIONS ** powers[:, None]
    sides = np.stack([back, np.full_like(back, np.nan)], axis=1)  # faces right: the back is left
    offset_px = sides * np.hypot(*along_px.T)[:, None, None]
    return replace(track, contour=TrunkContour(offset_px, np.full(len(hips_px), np.nan)))


def _flat(points_m: FloatArray, forward: FloatArray) -> FloatArray:
    """Forward and up; shape (n_frames, 2)."""
    return np.stack([np.sum(points_m * forward, axis=1), points_m[:, 2]], axis=1)


def rmse_deg(found: Sequence[data.Episode], *, has_back: bool = False) -> float:
    """Root mean square error over the frames of athletes that the learner never saw."""
    features, truth, athlete = [], [], []
    rng = np.random.default_rng(SEED)
    for one in found:
        track = with_back(one, rng) if has_back else data.track_of(one.positions_m, one)
        signals = compute_signals(track, view=View.SIDE, lowpass_hz=data.SQUAT_HZ)
        names = (*PREDICTORS, BACK) if has_back else PREDICTORS
        values = np.stack([signals[name] for name in names], axis=1)
        features.append(_since_start(values, one.fps)[::FRAME_STEP])
        truth.append(flexion_deg(one)[::FRAME_STEP])
        athlete.append(np.full(len(truth[-1]), one.subject))
    x, y, groups = (np.concatenate(parts) for parts in (features, truth, athlete))
    known = np.isfinite(y)
    learner = HistGradientBoostingRegressor(
        max_iter=150, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=40, random_state=0
    )
    told = cross_val_predict(
        learner, x[known], y[known], groups=groups[known], cv=LeaveOneGroupOut()
    )
    return float(np.sqrt(np.mean(np.square(told - y[known]))))
