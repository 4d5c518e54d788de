"""How well skeleton signals tell the spine's flexion, against markers on the spine itself."""

from dataclasses import dataclass, replace

import numpy as np
import truth_data as data
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from threadpoolctl import threadpool_limits

from labeler.core.arrays import FloatArray, IntArray
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
"""Five sagittal signals, each as it is and as its change since the start.

Signals, form and learner were chosen on the sit-to-stand alone, where squares and products of both
forms in a ridge had the least error (9.9 degrees taught on that alone; changes only 10.1, values
only 10.6; boosted trees 10.4 to 11.4).
"""
STRENGTHS = (30.0, 100.0, 300.0, 1000.0, 3000.0)
"""Of the ridge: chosen anew for every athlete left out, by leaving out each of the others."""
EXERCISES = ("deep_squat", "sit_to_stand")
BACK = "back_tangent_deg"
"""What the outline adds: the signal that the rule on rounding asks for."""
BACK_MARKERS = ("mid_psis", "t10", "c7")
BACK_NOISE_M = 0.008
"""As in the trial that the target comes from."""
SEED = 20
STANDING_S = 0.3
FRAME_STEP = 10
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


@dataclass(frozen=True)
class _Frames:
    """What is told by the skeleton, what is true, whose it is, and in which exercise."""

    told: FloatArray
    truth_deg: FloatArray
    athlete: IntArray
    exercise: IntArray


def rmse_deg(*, has_back: bool = False) -> dict[str, float]:
    """Root mean square error by exercise, over the frames of athletes that were never seen.

    One learner for all exercises: it is taught with both of the other nine athletes.
    """
    frames = _frames(has_back=has_back)
    off_deg = np.full(len(frames.truth_deg), np.nan)
    for athlete in np.unique(frames.athlete):
        is_other = frames.athlete != athlete
        learner = _taught(
            frames.told[is_other], frames.truth_deg[is_other], frames.athlete[is_other]
        )
        off_deg[~is_other] = learner.predict(frames.told[~is_other]) - frames.truth_deg[~is_other]
    return {
        name: float(np.sqrt(np.mean(np.square(off_deg[frames.exercise == number]))))
        for number, name in enumerate(EXERCISES)
    }


def _taught(told: FloatArray, truth_deg: FloatArray, athlete: IntArray) -> GridSearchCV:
    learner = Pipeline(
        [
            ("scale", StandardScaler()),
            ("products", PolynomialFeatures(2, include_bias=False)),
            ("scale_products", StandardScaler()),
            ("ridge", Ridge()),
        ]
    )
    folds = list(LeaveOneGroupOut().split(told, groups=athlete))
    error = "neg_mean_squared_error"
    search = GridSearchCV(learner, {"ridge__alpha": STRENGTHS}, cv=folds, scoring=error)
    with threadpool_limits(1):  # many small solutions: threads would only wait for each other
        return search.fit(told, truth_deg)


def _frames(*, has_back: bool) -> _Frames:
    names = (*PREDICTORS, BACK) if has_back else PREDICTORS
    rng = np.random.default_rng(SEED)
    parts: list[tuple[FloatArray, ...]] = []
    for number, exercise in enumerate(EXERCISES):
        for one in data.episodes(exercise, "vicon"):
            track = with_back(one, rng) if has_back else data.track_of(one.positions_m, one)
            signals = compute_signals(track, view=View.SIDE, lowpass_hz=data.SQUAT_HZ)
            values = np.stack([signals[name] for name in names], axis=1)
            told = np.concatenate([values, _since_start(values, one.fps)], axis=1)[::FRAME_STEP]
            truth_deg = flexion_deg(one)[::FRAME_STEP]
            is_known = np.isfinite(truth_deg) & np.isfinite(told).all(axis=1)
            who = np.full((2, is_known.sum()), [[one.subject], [number]])
            parts.append((told[is_known], truth_deg[is_known], *who))
    told, truth_deg, athlete, exercise = (np.concatenate(part) for part in zip(*parts, strict=True))
    return _Frames(told, truth_deg, athlete, exercise)
