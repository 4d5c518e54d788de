"""Outlines of trunk and limbs of an average person of 1.75 m, in metres, from measured girths."""

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.synthetic.looks import Shape
from labeler.synthetic.parts import Profile, outline, smooth_profile

REFERENCE_HEIGHT_M = 1.75

TRUNK_ROWS = (
    (-0.235, 0.050, 0.060, 0.052),
    (-0.20, 0.110, 0.089, 0.087),
    (-0.13, 0.156, 0.103, 0.113),
    (-0.04, 0.172, 0.109, 0.119),
    (0.05, 0.168, 0.110, 0.112),
    (0.15, 0.155, 0.108, 0.098),
    (0.28, 0.141, 0.100, 0.088),
    (0.42, 0.143, 0.103, 0.088),
    (0.58, 0.153, 0.112, 0.097),
    (0.74, 0.163, 0.116, 0.106),
    (0.86, 0.168, 0.108, 0.111),
    (0.95, 0.169, 0.089, 0.107),
    (1.04, 0.168, 0.072, 0.098),
    (1.14, 0.158, 0.059, 0.089),
    (1.24, 0.136, 0.051, 0.081),
    (1.34, 0.102, 0.046, 0.073),
    (1.44, 0.075, 0.045, 0.066),
    (1.56, 0.060, 0.049, 0.061),
    (1.80, 0.055, 0.052, 0.058),
    (2.00, 0.048, 0.048, 0.050),
)
"""Share of the trunk (0 between the hips, 1 between the shoulders, 2 between the ears), half-width,
and depth before and behind the line of hips and shoulders. The line of hips lies nearly in the
middle of the pelvis, where people mark the hip from the side: with it further before the seat, a
pose network saw every trunk lean 1 degree more and every thigh 2 degrees."""
LEG_ROWS = (
    (-0.12, 0.045, 0.053, 0.042),
    (-0.07, 0.070, 0.078, 0.068),
    (0.0, 0.086, 0.094, 0.086),
    (0.15, 0.087, 0.095, 0.086),
    (0.40, 0.078, 0.085, 0.077),
    (0.65, 0.066, 0.070, 0.065),
    (0.85, 0.056, 0.060, 0.055),
    (0.95, 0.053, 0.058, 0.049),
    (1.00, 0.051, 0.057, 0.047),
    (1.07, 0.049, 0.052, 0.051),
    (1.20, 0.052, 0.047, 0.062),
    (1.35, 0.051, 0.044, 0.064),
    (1.55, 0.042, 0.039, 0.051),
    (1.75, 0.033, 0.034, 0.038),
    (1.90, 0.030, 0.033, 0.036),
    (2.03, 0.033, 0.036, 0.040),
)
"""0 at the hip, 1 at the knee, 2 at the ankle; half-width, before and behind the bones."""
ARM_ROWS = (
    (-0.115, 0.004, 0.004, 0.004),
    (-0.105, 0.020, 0.021, 0.021),
    (-0.075, 0.035, 0.037, 0.037),
    (-0.035, 0.046, 0.049, 0.049),
    (0.02, 0.053, 0.056, 0.056),
    (0.09, 0.055, 0.058, 0.058),
    (0.20, 0.053, 0.056, 0.054),
    (0.40, 0.046, 0.051, 0.048),
    (0.60, 0.042, 0.046, 0.044),
    (0.85, 0.037, 0.038, 0.039),
    (1.00, 0.037, 0.035, 0.041),
    (1.12, 0.041, 0.038, 0.041),
    (1.30, 0.041, 0.037, 0.039),
    (1.60, 0.033, 0.029, 0.031),
    (1.85, 0.026, 0.022, 0.023),
    (2.00, 0.023, 0.025, 0.026),
    (2.10, 0.018, 0.026, 0.027),
)
"""0 at the shoulder, 1 at the elbow, 2 at the wrist."""

TRUNK_AT = np.concatenate([np.linspace(-0.235, 0.12, 11), np.linspace(0.17, 1.0, 20)[:-1]])
TRUNK_AT = np.concatenate([TRUNK_AT, np.linspace(1.0, 1.5, 11), [1.65, 1.8, 2.0]])
LEG_AT = np.concatenate([np.linspace(-0.12, 0.85, 15), np.linspace(0.9, 1.1, 7)])
LEG_AT = np.concatenate([LEG_AT, np.linspace(1.16, 2.03, 13)])
ARM_AT = np.concatenate([[-0.115, -0.105, -0.075, -0.035], np.linspace(0.02, 0.80, 10)])
ARM_AT = np.concatenate([ARM_AT, np.linspace(0.88, 1.12, 7)])
ARM_AT = np.concatenate([ARM_AT, np.linspace(1.2, 2.1, 10)])
"""Where the rings are: closer at the joints and where the outline changes fast."""

N_TRUNK_SIDES, N_LIMB_SIDES = 36, 16
_TRUNK_SQUARENESS = 0.82
_WAIST_AT, _WAIST_WIDE = 0.30, 0.20
_BELLY_AT, _BELLY_WIDE = 0.22, 0.17
_BREAST_AT, _BREAST_WIDE, _BREAST_OUT_M, _BREAST_HALF_M = 0.735, 0.085, 0.075, 0.048
_PECTORAL_M = 0.007
_SEAT_AT, _SEAT_WIDE, _SEAT_OUT_M, _SEAT_M = -0.05, 0.10, 0.078, 0.016
_FURROW_M = 0.009


def _bump(at: FloatArray, middle: float, width: float) -> FloatArray:
    return np.asarray(np.exp(-(((at - middle) / width) ** 2)))


def trunk_profile(shape: Shape, scale: float) -> Profile:
    """The trunk up to the ears, sized; `TRUNK_AT` says where each ring is."""
    rows = smooth_profile(TRUNK_ROWS, TRUNK_AT)
    at = TRUNK_AT
    flesh = np.where(at < 1.3, shape.girth, 0.5 + 0.5 * shape.muscle)
    wide = np.ones_like(at)
    wide += (shape.hips - 1.0) * _bump(at, -0.02, 0.16)
    wide += (shape.waist - 1.0) * _bump(at, _WAIST_AT, _WAIST_WIDE)
    wide += (shape.shoulders - 1.0) * _bump(at, 0.95, 0.25)
    belly_m = shape.belly_m * _bump(at, _BELLY_AT, _BELLY_WIDE)
    deep = 0.5 + 0.5 * wide
    return Profile(
        at,
        rows.out_m * flesh * wide * scale,
        (rows.front_m * flesh * deep + belly_m) * scale,
        rows.back_m * flesh * deep * scale,
        _TRUNK_SQUARENESS,
    )


def trunk_outlines(profile: Profile, shape: Shape, scale: float) -> FloatArray:
    """Outlines with breast, seat and the furrow of the spine, (n_rings, n_sides, 2)."""
    points = outline(profile, N_TRUNK_SIDES)
    at = profile.y_m[:, None]
    out_m, is_front = np.abs(points[..., 0]) / scale, points[..., 1] > 0.0
    lobes = _bump(out_m, _BREAST_OUT_M, _BREAST_HALF_M) * _bump(at, _BREAST_AT, _BREAST_WIDE)
    breast = (_PECTORAL_M * shape.muscle + shape.bust_m) * lobes
    seat = _SEAT_M * _bump(out_m, _SEAT_OUT_M, 0.055) * _bump(at, _SEAT_AT, _SEAT_WIDE)
    cleft = 0.012 * _bump(out_m, 0.0, 0.018) * _bump(at, -0.09, 0.08)
    furrow = _FURROW_M * _bump(out_m, 0.0, 0.022) * _bump(at, 0.45, 0.35)
    points[..., 1] += np.where(is_front, breast, furrow + cleft - seat) * scale
    return points


def limb_profile(rows: tuple[tuple[float, ...], ...], at: FloatArray, size: float) -> Profile:
    """A limb's outlines at stations `at`, times `size`."""
    smooth = smooth_profile(rows, at)
    return Profile(at, smooth.out_m * size, smooth.front_m * size, smooth.back_m * size)


def trunk_points(at: FloatArray) -> FloatArray:
    """Stations of the trunk as numbers of the spine curve's points.

    The curve has four points for each link of pelvis, lumbar spine, lower and upper thorax (shares
    0.20, 0.30, 0.25 and 0.25) and of neck and head.
    """
    knots = np.array([0.0, 0.20, 0.50, 0.75, 1.0, 2.0])
    return np.asarray(np.interp(at, knots, np.arange(6) * 4.0))
