"""What each triangle is made of, and its colour at each place of the resting body."""

import math
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from labeler.core.arrays import AnyArray, FloatArray
from labeler.synthetic.raster.compiled import kernel

Colour = tuple[float, float, float]


class Stuff(IntEnum):
    """Row of a stuff in the arrays of a `Style`."""

    SKIN = 0
    FACE = 1
    HAIR = 2
    TOP = 3
    BOTTOM = 4
    SHOE = 5
    SOLE = 6
    SOCK = 7
    METAL = 8
    RUBBER = 9
    WEIGHT = 10
    WOOD = 11
    LEATHER = 12
    BAND = 13
    EAR = 14


class Pattern(IntEnum):
    """How the second colour of a stuff lies on the first."""

    PLAIN = 0
    HOOPS = 1
    SIDE_STRIPE = 2
    HEATHER = 3
    CHEST_PRINT = 4
    PANELS = 5


class Style(NamedTuple):
    """Colours of everything that is worn, in linear light.

    Parameters
    ----------
    colour, accent : FloatArray
        Shape (n_stuffs, 3): first and second colour.
    gloss : FloatArray
        Shape (n_stuffs,): strength of the highlight.
    pattern : AnyArray
        Shape (n_stuffs,), int64: a `Pattern` each.
    hairline_m : float
        Height of the hairline over the ears on the forehead; above the crown it is a bald head.
    beard_ratio : float
        0 is shaved, 1 is full.
    """

    colour: FloatArray
    accent: FloatArray
    gloss: FloatArray
    pattern: AnyArray
    hairline_m: float
    beard_ratio: float


_LATTICE = 32
_MASK = _LATTICE - 1
_TABLE = np.random.default_rng(32).random((_LATTICE, _LATTICE, _LATTICE)).astype(np.float32)
"""The values of `rough` where its arguments are whole numbers."""
_EYE_X_M, _EYE_Y_M = 0.0320, 0.020
_MOUTH_Y_M = -0.056
_NOSTRIL_Y_M = -0.025
_SKIN, _FACE, _HAIR, _TOP, _BOTTOM = 0, 1, 2, 3, 4
_HOOPS, _SIDE_STRIPE, _HEATHER, _CHEST_PRINT, _PANELS = 1, 2, 3, 4, 5


@kernel
def _mix(a: float, b: float, share: float) -> float:
    return a + (b - a) * share


@kernel
def rough(x: float, y: float, z: float) -> float:
    """Smooth noise from 0 to 1 with one bump per unit, the same again every `_LATTICE` units."""
    ix, iy, iz = math.floor(x), math.floor(y), math.floor(z)
    fx, fy, fz = x - ix, y - iy, z - iz
    i, j, k = ix & _MASK, iy & _MASK, iz & _MASK
    i_next, j_next, k_next = (i + 1) & _MASK, (j + 1) & _MASK, (k + 1) & _MASK
    near = _mix(
        _mix(_TABLE[i, j, k], _TABLE[i_next, j, k], fx),
        _mix(_TABLE[i, j_next, k], _TABLE[i_next, j_next, k], fx),
        fy,
    )
    far = _mix(
        _mix(_TABLE[i, j, k_next], _TABLE[i_next, j, k_next], fx),
        _mix(_TABLE[i, j_next, k_next], _TABLE[i_next, j_next, k_next], fx),
        fy,
    )
    return _mix(near, far, fz)


@kernel
def _oval(x: float, y: float, half_width: float, half_height: float) -> float:
    """Below 1 inside an oval, 1 on its rim."""
    return (x / half_width) ** 2 + (y / half_height) ** 2


@kernel
def _times(colour: Colour, r: float, g: float, b: float) -> Colour:
    return colour[0] * r, colour[1] * g, colour[2] * b


@kernel
def _row(table: FloatArray, stuff: int) -> Colour:
    return table[stuff, 0], table[stuff, 1], table[stuff, 2]


@kernel
def _eye(dx: float, dy: float, skin: Colour, iris: Colour) -> Colour:
    """An eye, `dx` outwards and `dy` upwards of its middle."""
    if _oval(dx, dy, 0.0155, 0.0065) < 1.0:
        if dy > 0.0042:
            return _times(skin, 0.12, 0.10, 0.10)  # lashes
        if _oval(dx, dy, 0.0032, 0.0032) < 1.0:
            return 0.01, 0.01, 0.01
        if _oval(dx, dy, 0.0066, 0.0066) < 1.0:
            return iris
        return 0.72, 0.70, 0.68
    if _oval(dx, dy - 0.001, 0.0205, 0.0115) < 1.0:
        return _times(skin, 0.66, 0.60, 0.60)
    return skin


@kernel
def _is_brow(dx: float, dy: float) -> bool:
    rise = 0.020 - 0.10 * max(0.0, dx - 0.004)
    return abs(dx) < 0.020 and abs(dy - rise) < 0.0042 - 0.05 * max(0.0, dx)


@kernel
def _mouth(x: float, y: float, skin: Colour) -> Colour:
    dy = y - _MOUTH_Y_M
    if _oval(x, dy, 0.0255, 0.0085) < 1.0:
        if abs(dy + 0.0010 * math.cos(x * 120.0)) < 0.0016:
            return _times(skin, 0.30, 0.22, 0.22)
        return _times(skin, 0.86, 0.55, 0.55)
    if _oval(x, dy + 0.0125, 0.020, 0.0045) < 1.0:
        return _times(skin, 0.86, 0.84, 0.84)
    return skin


@kernel
def _front(x: float, y: float, z: float, style: Style) -> Colour:
    """The features of a face, seen from the front."""
    skin = _row(style.colour, _FACE)
    out, dy = abs(x), y - _EYE_Y_M
    dx = out - _EYE_X_M
    if _is_brow(dx, dy):
        brow = _row(style.colour, _HAIR)
        return 0.8 * brow[0], 0.8 * brow[1], 0.8 * brow[2]
    if abs(dx) < 0.022 and abs(dy) < 0.013:
        return _eye(dx, dy, skin, _row(style.accent, _FACE))
    if abs(out - 0.0085) < 0.005 and abs(y - _NOSTRIL_Y_M) < 0.0035 and z > 0.09:
        return _times(skin, 0.35, 0.28, 0.27)
    blush = math.exp(-((out - 0.042) ** 2 + (y + 0.022) ** 2) / 5e-4)
    side = 1.0 - 0.16 * math.exp(-(((out - 0.017) / 0.004) ** 2) - ((y + 0.012) / 0.020) ** 2)
    skin = _times(skin, side, side * (1.0 - 0.10 * blush), side * (1.0 - 0.10 * blush))
    return _mouth(x, y, skin)


@kernel
def is_hair(x: float, y: float, z: float, hairline_m: float) -> bool:
    """Whether a place on the head lies behind the hairline."""
    out = abs(x)
    line = hairline_m - 6.0 * max(0.0, out - 0.040) ** 2 + 0.002 * math.sin(x * 310.0)
    if z > 0.035:
        return y > line
    if z > -0.012:
        sideburn = 0.012 if z < 0.020 else 0.045 + (z - 0.020) * 2.2
        return y > min(line, sideburn + 0.6 * (hairline_m - 0.078))
    return y > -0.035 - 0.25 * (z + 0.012) * 0.0 + 1.2 * (hairline_m - 0.078)


@kernel
def _head(x: float, y: float, z: float, style: Style) -> Colour:
    if is_hair(x, y, z, style.hairline_m):
        strand = 0.72 + 0.45 * rough(x * 420.0, y * 60.0, z * 120.0)
        return _times(_row(style.colour, _HAIR), strand, strand, strand)
    skin = _row(style.colour, _FACE)
    if z > 0.045:
        skin = _front(x, y, z, style)
    is_bearded = y < -0.040 - 0.35 * max(0.0, z - 0.075) and z > 0.0 and y > -0.125
    if style.beard_ratio > 0.0 and is_bearded and _oval(x, y - _MOUTH_Y_M, 0.027, 0.010) > 1.0:
        hair, share = _row(style.colour, _HAIR), style.beard_ratio
        return (
            _mix(skin[0], hair[0], share),
            _mix(skin[1], hair[1], share),
            _mix(skin[2], hair[2], share),
        )
    return skin


@kernel
def _has_accent(pattern: int, x: float, y: float, z: float) -> bool:
    """Whether the second colour shows at a place of the resting garment."""
    if pattern == _HOOPS:
        return (y * 16.0) % 1.0 < 0.36
    if pattern == _SIDE_STRIPE:
        return abs(z) < 0.018
    if pattern == _HEATHER:
        return rough(x * 330.0, y * 330.0, z * 330.0) > 0.62
    if pattern == _CHEST_PRINT:
        return z > 0.03 and abs(x) < 0.075 and abs(y - 0.385) < 0.026 and (x * 42.0) % 1.0 < 0.72
    return pattern == _PANELS and abs(x) > 0.105


@kernel
def colour_of(stuff: int, place: Colour, style: Style) -> Colour:
    """Linear colour of `stuff` at `place` (metres on the resting body)."""
    x, y, z = place
    if stuff == _FACE:
        return _head(x, y, z, style)
    if stuff == _HAIR:
        strand = 0.72 + 0.45 * rough(x * 300.0, y * 60.0, z * 300.0)
        return _times(_row(style.colour, _HAIR), strand, strand, strand)
    first = _row(style.colour, stuff)
    if style.pattern[stuff] and _has_accent(style.pattern[stuff], x, y, z):
        first = _row(style.accent, stuff)
    return first
