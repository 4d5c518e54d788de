"""How well skeleton signals tell the spine's flexion, against markers on the spine itself."""

from collections.abc import Sequence

import numpy as np
import truth_data as data
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

from labeler.core.arrays import FloatArray

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


def rmse_deg(found: Sequence[data.Episode]) -> float:
    """Root mean square error over the frames of athletes that the learner never saw."""
    features, truth, athlete = [], [], []
    for one in found:
        signals = data.signals_of(one.positions_m, one)
        values = np.stack([signals[name] for name in PREDICTORS], axis=1)
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
