"""Turns about the body's axes, and limbs of two bones; x is left, y up, z forward."""

from typing import NamedTuple

import numpy as np

from labeler.core.arrays import FloatArray

MAX_REACH_RATIO = 0.998
"""A limb never straightens further: on a straight one the joint between has no side to go to."""


class Limb(NamedTuple):
    """Two bones from a root to an end, each point of shape (n, 3)."""

    root_m: FloatArray
    joint_m: FloatArray
    end_m: FloatArray


def pitch(angle_rad: FloatArray) -> FloatArray:
    """Turns (n, 3, 3) about the left-right axis: up goes forward."""
    one, zero = np.ones_like(angle_rad), np.zeros_like(angle_rad)
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    return _stacked([one, zero, zero], [zero, cos, -sin], [zero, sin, cos])


def yaw(angle_rad: FloatArray) -> FloatArray:
    """Turns (n, 3, 3) about the vertical: forward goes to the left."""
    one, zero = np.ones_like(angle_rad), np.zeros_like(angle_rad)
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    return _stacked([cos, zero, sin], [zero, one, zero], [-sin, zero, cos])


def bend(angle_rad: FloatArray) -> FloatArray:
    """Turns (n, 3, 3) about the forward axis: up goes to the left."""
    one, zero = np.ones_like(angle_rad), np.zeros_like(angle_rad)
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    return _stacked([cos, sin, zero], [-sin, cos, zero], [zero, zero, one])


def turned(axes: FloatArray, x: float, y: float, z: float) -> FloatArray:
    """A vector fixed in a segment, as seen from outside: shape (n, 3)."""
    return np.asarray(axes @ np.array([x, y, z]))


def unit(vectors: FloatArray) -> FloatArray:
    """Vectors (n, 3) of length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def axes_along(upwards: FloatArray, forward: FloatArray) -> FloatArray:
    """Axes (n, 3, 3) of a segment: y along it, z as near to `forward` as that leaves it."""
    y = unit(upwards)
    z = unit(forward - y * np.sum(forward * y, axis=-1, keepdims=True))
    return np.stack([np.cross(y, z), y, z], axis=-1)


def reaching(
    root_m: FloatArray, goal_m: FloatArray, bones_m: tuple[float, float], pole: FloatArray
) -> Limb:
    """A limb of two bones whose end is at the goal, or as far towards it as it reaches.

    The joint in between goes to the side of `pole`, (n, 3) or (3,). Bones keep their length.
    """
    upper_m, lower_m = bones_m
    way = goal_m - root_m
    asked_m = np.linalg.norm(way, axis=-1, keepdims=True)
    nearest_m = abs(upper_m - lower_m) * (2.0 - MAX_REACH_RATIO) + 1e-3
    far_m = np.clip(asked_m, nearest_m, MAX_REACH_RATIO * (upper_m + lower_m))
    along = way / np.maximum(asked_m, 1e-9)
    cos = (upper_m**2 + far_m**2 - lower_m**2) / (2.0 * upper_m * far_m)
    side = unit(pole - along * np.sum(along * pole, axis=-1, keepdims=True))
    joint_m = root_m + upper_m * (along * cos + side * np.sqrt(np.maximum(1.0 - cos**2, 0.0)))
    return Limb(root_m, joint_m, root_m + along * far_m)


def _stacked(*rows: list[FloatArray]) -> FloatArray:
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
