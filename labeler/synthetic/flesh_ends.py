"""Hands and shoes, each a rigid part in the axes of its segment."""

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.synthetic.athlete import Athlete
from labeler.synthetic.flesh_head import rod
from labeler.synthetic.parts import Part, grid_part, together
from labeler.synthetic.raster.materials import Stuff

FINGER_ROOTS_M = (0.030, 0.010, -0.010, -0.028)
"""Of fore, middle, ring and little finger along the palm; + is towards the thumb."""
FINGER_LENGTHS_M = (0.070, 0.078, 0.072, 0.056)
FINGER_RADIUS_M = 0.0098
_RELAXED = ((0.0, 0.0), (0.10, 0.38), (0.30, 0.72), (0.62, 0.94))
_FIST = ((0.0, 0.0), (0.20, 0.30), (0.56, 0.24), (0.60, -0.14), (0.34, -0.22))
"""The way of a finger in its lengths: towards the palm's side, and onwards."""

SHOE_ROWS = (
    (-0.074, 0.010, 0.040, 0.014),
    (-0.070, 0.026, 0.066, 0.008),
    (-0.052, 0.034, 0.088, 0.004),
    (-0.020, 0.037, 0.100, 0.002),
    (0.020, 0.037, 0.098, 0.002),
    (0.050, 0.039, 0.080, 0.002),
    (0.085, 0.044, 0.062, 0.002),
    (0.120, 0.047, 0.052, 0.003),
    (0.150, 0.043, 0.046, 0.006),
    (0.172, 0.033, 0.040, 0.010),
    (0.186, 0.016, 0.032, 0.014),
)
"""Place along the foot from the ankle, half-width, top and bottom over the floor."""
SOLE_TOP_M = 0.022
_N_FOOT_SIDES = 14


def hand_part(sign: float, scale: float, *, is_fist: bool) -> Part:
    """A hand that hangs along -y from the wrist, thumb forward; `sign` is + for the left one."""
    palm = np.array([[0.0, 0.012], [0.0, -0.02], [0.0, -0.055], [0.0, -0.092]])
    pieces = [_flat(palm, (0.016, 0.016, 0.017, 0.014), (0.026, 0.034, 0.043, 0.041))]
    way = np.array(_FIST if is_fist else _RELAXED)
    for root_m, length_m in zip(FINGER_ROOTS_M, FINGER_LENGTHS_M, strict=True):
        points = np.zeros((len(way), 3))
        points[:, 0] = -sign * way[:, 0] * length_m
        points[:, 1] = -0.088 - way[:, 1] * length_m
        points[:, 2] = root_m * (1.0 + 0.10 * way[:, 1])
        radius_m = FINGER_RADIUS_M * np.linspace(1.08, 0.80, len(way))
        pieces.append(rod(points, radius_m, Stuff.SKIN, n_sides=6))
    inward = -sign * (0.030 if is_fist else 0.012)
    thumb = np.array([[0.0, -0.025, 0.022], [0.3 * inward, -0.050, 0.045], [inward, -0.085, 0.050]])
    if is_fist:
        thumb[2] = [inward, -0.082, 0.026]
    pieces.append(rod(thumb, np.array([0.016, 0.013, 0.009]), Stuff.SKIN, n_sides=6))
    return _as_one(pieces, scale)


def foot_part(athlete: Athlete, scale: float) -> Part:
    """A shoe on the floor under the ankle, toes forward."""
    rows = np.array(SHOE_ROWS) * scale
    sole = rows.copy()
    sole[:, 1] += 0.003 * scale
    sole[:, 2], sole[:, 3] = SOLE_TOP_M * scale, np.maximum(sole[:, 3] - 0.002 * scale, 0.0)
    drop_m = athlete.lengths_m["ankle_height"]
    pieces = [_lengthwise(rows, drop_m, Stuff.SHOE), _lengthwise(sole, drop_m, Stuff.SOLE)]
    return _as_one(pieces, 1.0)


def _as_one(pieces: list[Part], scale: float) -> Part:
    part = together(pieces)
    one = np.zeros_like(part.ring)
    return Part(part.local_m * scale, one, part.faces, part.stuff, part.texture, 1)


def _flat(way: FloatArray, thick_m: tuple[float, ...], wide_m: tuple[float, ...]) -> Part:
    """A palm: ovals along a way in (x, y), closed at both ends."""
    angle = 2.0 * np.pi * np.arange(10) / 10
    rows = []
    for (x, y), thick, wide in zip(way, thick_m, wide_m, strict=True):
        rows.append(
            np.stack([x + thick * np.sin(angle), np.full(10, y), wide * np.cos(angle)], axis=1)
        )
    ends = [np.broadcast_to(row.mean(axis=0), row.shape) for row in (rows[0], rows[-1])]
    return grid_part(np.stack([ends[0], *rows, ends[1]])[::-1], Stuff.SKIN)


def _lengthwise(rows: FloatArray, drop_m: float, stuff: Stuff) -> Part:
    """A form along z through rounded outlines between bottom and top."""
    angle = 2.0 * np.pi * np.arange(_N_FOOT_SIDES) / _N_FOOT_SIDES
    side = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.7
    rise = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.7
    points = np.zeros((len(rows), _N_FOOT_SIDES, 3))
    middle, half = 0.5 * (rows[:, 2] + rows[:, 3]), 0.5 * (rows[:, 2] - rows[:, 3])
    narrow = 1.0 - 0.35 * np.clip(rise, 0.0, 1.0)[None]  # the instep is narrower than the sole
    points[..., 0] = -rows[:, 1, None] * side[None] * narrow
    points[..., 1] = middle[:, None] + half[:, None] * rise[None] - drop_m
    points[..., 2] = rows[:, 0, None]
    ends = [np.broadcast_to(row.mean(axis=0), row.shape) for row in (points[0], points[-1])]
    return grid_part(np.stack([ends[0], *points, ends[1]]), stuff)
