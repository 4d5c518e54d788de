"""How large a person is and where: measures of one pose or of many at once.

Every function takes arrays whose last two axes are (landmark, coordinate); NaN stays NaN.
"""

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.landmarks import Landmark

_TORSO = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)
_LEFT_LIMBS = {
    "upper arm": (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW),
    "forearm": (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    "thigh": (Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
    "shank": (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
}
_RIGHT_OF = 1  # each right landmark follows its left one

LIMB_PER_TRUNK: dict[str, tuple[float, float]] = {
    "upper arm": (0.30, 1.0),
    "forearm": (0.25, 1.0),
    "thigh": (0.55, 1.5),
    "shank": (0.55, 1.5),
}
"""Least and greatest length of the longer-looking side's limb, in trunk lengths (mid-shoulder to
mid-hip). Adults have about 0.6, 0.5, 0.85 and 0.85 (segment tables of Drillis and Contini 1966);
the limits allow for children, and for the error of world landmarks along the camera axis."""


def centre(points: FloatArray) -> FloatArray:
    """Middle of shoulders and hips; shape (..., n_coordinates)."""
    middle: FloatArray = points[..., _TORSO, :].mean(axis=-2)
    return middle


def trunk_length(points: FloatArray) -> FloatArray:
    """Mid-shoulder to mid-hip; shape (...)."""
    torso = points[..., _TORSO, :]
    return _norm(torso[..., :2, :].mean(axis=-2) - torso[..., 2:, :].mean(axis=-2))


def limb_length(points: FloatArray, limb: str) -> FloatArray:
    """Of the longer-looking side, which is the nearer one to seeing it whole; shape (...)."""
    upper, lower = _LEFT_LIMBS[limb]
    left = _norm(points[..., upper, :] - points[..., lower, :])
    right = _norm(points[..., upper + _RIGHT_OF, :] - points[..., lower + _RIGHT_OF, :])
    return np.maximum(left, right)


def body_length(points: FloatArray) -> FloatArray:
    """Trunk, thigh and shank laid end to end: the same standing and squatting; shape (...)."""
    return trunk_length(points) + limb_length(points, "thigh") + limb_length(points, "shank")


def has_human_limbs(world_m: FloatArray) -> BoolArray:
    """Whether all limbs are as long, against the trunk, as people's are; False where NaN."""
    trunk_m = trunk_length(world_m)
    is_human = np.isfinite(trunk_m)
    for limb, (least, most) in LIMB_PER_TRUNK.items():
        limb_m = limb_length(world_m, limb)
        is_human &= (limb_m >= least * trunk_m) & (limb_m <= most * trunk_m)
    return is_human


def _norm(vector: FloatArray) -> FloatArray:
    length: FloatArray = np.linalg.norm(vector, axis=-1)
    return length
