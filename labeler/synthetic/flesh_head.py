"""The head: a skull, a face with nose and lips, ears, and hair in several styles.

Everything is told from between the ears, x left, y up, z forward, for a person of 1.75 m.
"""

from collections.abc import Callable

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.synthetic.looks import Hair
from labeler.synthetic.parts import Part, ball, grid_part, together, turned
from labeler.synthetic.raster.materials import Stuff

N_ROWS, N_SIDES = 46, 60
_CENTRE_M = np.array([0.0, 0.015, 0.010])
"""Every point of the head can be seen from here."""
_BLEND_M = 0.016
"""Over such a distance the forms below run into each other."""
_OVALS: tuple[tuple[tuple[float, float, float], tuple[float, float, float]], ...] = (
    ((0.0, 0.046, -0.012), (0.0765, 0.084, 0.102)),  # skull
    ((0.0, 0.040, 0.040), (0.064, 0.060, 0.062)),  # forehead
    ((0.0, -0.020, 0.040), (0.058, 0.066, 0.058)),  # face
    ((0.0, -0.070, 0.050), (0.044, 0.036, 0.042)),  # jaw
    ((0.0, -0.088, 0.070), (0.020, 0.016, 0.020)),  # chin
    ((0.036, -0.010, 0.066), (0.022, 0.020, 0.020)),  # cheeks
    ((-0.036, -0.010, 0.066), (0.022, 0.020, 0.020)),
    ((0.0, 0.038, 0.088), (0.042, 0.011, 0.014)),  # brow
    ((0.0, -0.058, 0.085), (0.024, 0.014, 0.014)),  # lips
    ((0.0, 0.004, 0.100), (0.0085, 0.024, 0.013)),  # bridge of the nose
    ((0.0, -0.016, 0.114), (0.0125, 0.011, 0.015)),  # its tip
    ((0.010, -0.019, 0.106), (0.0085, 0.009, 0.011)),  # its wings
    ((-0.010, -0.019, 0.106), (0.0085, 0.009, 0.011)),
)
_HAIR_M = {Hair.BALD: 0.0, Hair.BUZZ: 0.003, Hair.SHORT: 0.013, Hair.CURLY: 0.026}
"""How thick hair lies on the head; tied hair is `_TIED_M` thick."""
_TIED_M = 0.009


def head_part(hair: Hair, scale: float) -> Part:
    """Head, ears and hair on one ring between the ears."""
    pieces = [_skull(hair), *(_ear(sign) for sign in (1.0, -1.0)), *_tied(hair)]
    part = together(pieces)
    one = np.zeros_like(part.ring)
    return Part(part.local_m * scale, one, part.faces, part.stuff, part.texture, 1)


def _directions() -> FloatArray:
    """Unit vectors (N_ROWS, N_SIDES, 3), closer to each other on the face."""
    around = 2.0 * np.pi * np.arange(N_SIDES) / N_SIDES
    around = around - 0.55 * np.sin(around)  # 0 is the front
    rows = np.linspace(0.0, np.pi, N_ROWS)
    polar = rows + 0.12 * np.sin(2.0 * rows)
    ring = np.sin(polar)[:, None]
    return np.stack(
        [
            ring * np.sin(around)[None],
            -np.cos(polar)[:, None] * np.ones(N_SIDES)[None],
            ring * np.cos(around)[None],
        ],
        axis=2,
    )


def _distance(points: FloatArray) -> FloatArray:
    """About how far points (..., 3) are outside of the head; forms run into each other."""
    total = np.zeros(points.shape[:-1])
    for centre, radii in _OVALS:
        away = (points - np.array(centre)) / np.array(radii)
        level = np.linalg.norm(away, axis=-1)
        slope = np.linalg.norm(away / np.array(radii), axis=-1)
        near = level * (level - 1.0) / np.maximum(slope, 1e-9)
        total += np.exp(-np.maximum(near, -0.2) / (_BLEND_M / 4.0))
    return np.asarray(-np.log(np.maximum(total, 1e-300)) * (_BLEND_M / 4.0))


def _outermost(directions: FloatArray, distance: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """How far out along each direction the surface is: halved intervals, from the outside in."""
    inside = np.full(directions.shape[:-1], 0.02)
    outside = np.full(directions.shape[:-1], 0.20)
    for _ in range(22):
        middle = 0.5 * (inside + outside)
        is_in = distance(_CENTRE_M + directions * middle[..., None]) < 0.0
        inside, outside = np.where(is_in, middle, inside), np.where(is_in, outside, middle)
    return inside


def _skull(hair: Hair) -> Part:
    directions = _directions()
    reach = _outermost(directions, _distance)
    points = _CENTRE_M + directions * reach[..., None]
    thickness = _HAIR_M.get(hair, _TIED_M)
    lift = _hair_ratio(points) * thickness
    if hair is Hair.CURLY:
        wave = np.sin(points[..., 0] * 260.0) * np.sin(points[..., 1] * 240.0 + 1.0)
        lift = lift * (1.0 + 0.14 * wave * np.sin(points[..., 2] * 250.0))
    grown = grid_part(points + directions * lift[..., None], Stuff.FACE)
    bare = points.reshape(-1, 3)  # features are painted where they are on the bare head
    return Part(grown.local_m, grown.ring, grown.faces, grown.stuff, bare, 1)


def _hair_ratio(points: FloatArray) -> FloatArray:
    """0 on the face, 1 where hair is at its thickest."""
    y, z = points[..., 1], points[..., 2]
    line = np.interp(z, [-0.10, -0.012, 0.015, 0.035, 0.12], [-0.035, -0.03, 0.020, 0.075, 0.080])
    rise = np.clip((y - line) / 0.030, 0.0, 1.0)
    return np.asarray(rise * rise * (3.0 - 2.0 * rise))


def _ear(sign: float) -> Part:
    shell = ball(np.zeros(3), np.array([0.009, 0.032, 0.019]), Stuff.EAR, n_sides=8, n_rows=6)
    lean = np.radians(12.0)
    turn = np.array([[1, 0, 0], [0, np.cos(lean), np.sin(lean)], [0, -np.sin(lean), np.cos(lean)]])
    return turned(shell, turn, np.array([sign * 0.078, 0.004, -0.008]))


def _tied(hair: Hair) -> list[Part]:
    """What hangs or sits behind the head."""
    if hair is Hair.BUN:
        return [ball(np.array([0.0, 0.092, -0.105]), np.full(3, 0.036), Stuff.HAIR)]
    if hair is not Hair.PONYTAIL:
        return []
    down = np.linspace(0.0, 1.0, 9)
    radius = 0.010 + 0.019 * np.sin(np.pi * np.minimum(1.0, 0.15 + 0.85 * down)) ** 0.7
    way = np.stack(
        [np.zeros(9), 0.085 - 0.16 * down**1.6, -0.098 - 0.055 * np.sin(np.pi * 0.62 * down)],
        axis=1,
    )
    return [rod(way, radius, Stuff.HAIR)]


def rod(way_m: FloatArray, radius_m: FloatArray, stuff: Stuff, *, n_sides: int = 8) -> Part:
    """A rigid bent rod along points (n, 3) with a radius at each, closed at both ends."""
    along = np.gradient(way_m, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    hint = np.array([1.0, 0.0, 0.0]) if abs(along[:, 0]).max() < 0.9 else np.array([0.0, 1.0, 0.0])
    side = hint - along * (along @ hint)[:, None]
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(side, along)
    angle = 2.0 * np.pi * np.arange(n_sides) / n_sides
    rim = (
        np.sin(angle)[None, :, None] * side[:, None] + np.cos(angle)[None, :, None] * other[:, None]
    )
    ends = np.concatenate([[0.0], radius_m, [0.0]])
    middle = np.concatenate([way_m[:1], way_m, way_m[-1:]])
    rim = np.concatenate([rim[:1], rim, rim[-1:]])
    return grid_part(middle[:, None] + rim * ends[:, None, None], stuff)
