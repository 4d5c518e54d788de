"""Light on what is seen: sun with shadows, sky, floor, and corners that light hardly reaches."""

import math
from typing import NamedTuple

from labeler.core.arrays import AnyArray, Float32Array, FloatArray
from labeler.synthetic.raster.compiled import kernel
from labeler.synthetic.raster.geometry import Solid
from labeler.synthetic.raster.materials import Colour, Style, colour_of, rough
from labeler.synthetic.raster.triangles import Canvas

_FACE, _TOP, _BOTTOM = 1, 3, 4
_SAME_DEPTH = 0.012
"""Depths that differ by less, as a share, are of one surface."""
_SHADE_BIAS_M = 0.022
"""A surface shades only what lies this much further from the light."""
_WRAP = 0.25
"""Light creeps so far around soft edges."""
_FOLD_TURN = 0.42
"""How much folds of cloth turn the surface."""


class Light(NamedTuple):
    """Where light comes from, in linear colours.

    Parameters
    ----------
    turn : FloatArray
        Rows: two axes across the sun's rays, and the direction towards the sun; shape (3, 3).
    middle_m : FloatArray
        World point in the middle of the shade map, shape (3,).
    texel_m : float
        Side of one cell of the shade map.
    sun, sky, floor, front : FloatArray
        Colours of the sun, of light from above, from below and from the camera, shape (3,).
    """

    turn: FloatArray
    middle_m: FloatArray
    texel_m: float
    sun: FloatArray
    sky: FloatArray
    floor: FloatArray
    front: FloatArray


class Scene(NamedTuple):
    """All that shading reads.

    Parameters
    ----------
    solid : Solid
        The mesh.
    points_m, normals : Float32Array
        Where its points are and which way they look, shape (n_points, 3).
    open_ratio : Float32Array
        Shape (n_points,): share of the sky that the body's own parts leave free.
    style : Style
        Colours.
    light : Light
        Lamps.
    shade : Float32Array
        Shape (n, n): how near to the sun the first surface is; 0 where there is none.
    eye_m : FloatArray
        The camera, shape (3,).
    """

    solid: Solid
    points_m: Float32Array
    normals: Float32Array
    open_ratio: Float32Array
    style: Style
    light: Light
    shade: Float32Array
    eye_m: FloatArray


NEAR_OFFSET_M = 10.0
"""Added to nearness to the sun so that it is positive wherever the athlete goes."""


@kernel
def to_sun(points_m: Float32Array, light: Light, n_cells: int, seen: Float32Array) -> None:
    """Fill `seen` (n_points, 3): cell x, cell y and nearness to the sun in metres."""
    for point in range(points_m.shape[0]):
        x = points_m[point, 0] - light.middle_m[0]
        y = points_m[point, 1] - light.middle_m[1]
        z = points_m[point, 2] - light.middle_m[2]
        for row in range(3):
            value = light.turn[row, 0] * x + light.turn[row, 1] * y + light.turn[row, 2] * z
            if row < 2:
                seen[point, row] = value / light.texel_m + 0.5 * n_cells
            else:
                seen[point, row] = value + NEAR_OFFSET_M


@kernel
def _is_shaded(shade: Float32Array, column: int, row: int, nearness: float) -> float:
    n_cells = shade.shape[0]
    if column < 0 or row < 0 or column >= n_cells or row >= n_cells:
        return 0.0
    return 1.0 if shade[row, column] > nearness else 0.0


@kernel
def _sunlit(x: float, y: float, z: float, scene: Scene) -> float:
    """Share of the sun that reaches a place: four cells around it, softened between."""
    light = scene.light
    x, y, z = x - light.middle_m[0], y - light.middle_m[1], z - light.middle_m[2]
    turn, half = light.turn, 0.5 * scene.shade.shape[0]
    u = (turn[0, 0] * x + turn[0, 1] * y + turn[0, 2] * z) / light.texel_m + half - 0.5
    v = (turn[1, 0] * x + turn[1, 1] * y + turn[1, 2] * z) / light.texel_m + half - 0.5
    near = turn[2, 0] * x + turn[2, 1] * y + turn[2, 2] * z + NEAR_OFFSET_M + _SHADE_BIAS_M
    column, row = math.floor(u), math.floor(v)
    fu, fv = u - column, v - row
    upper = _is_shaded(scene.shade, column, row, near) * (1.0 - fu)
    upper += _is_shaded(scene.shade, column + 1, row, near) * fu
    lower = _is_shaded(scene.shade, column, row + 1, near) * (1.0 - fu)
    lower += _is_shaded(scene.shade, column + 1, row + 1, near) * fu
    return float(1.0 - upper * (1.0 - fv) - lower * fv)


@kernel
def _blend(table: Float32Array, corners: Colour, shares: Colour) -> Colour:
    """The mean of three rows of a table, by their shares."""
    a, b, c = int(corners[0]), int(corners[1]), int(corners[2])
    return (
        table[a, 0] * shares[0] + table[b, 0] * shares[1] + table[c, 0] * shares[2],
        table[a, 1] * shares[0] + table[b, 1] * shares[1] + table[c, 1] * shares[2],
        table[a, 2] * shares[0] + table[b, 2] * shares[1] + table[c, 2] * shares[2],
    )


@kernel
def _folded(normal: Colour, place: Colour) -> Colour:
    """A normal turned by the folds of loose cloth."""
    x, y, z = place
    bend = rough(x * 16.0 + 7.0, y * 24.0, z * 16.0) - 0.5
    slant = rough(x * 14.0, y * 20.0 + 31.0, z * 14.0 + 3.0) - 0.5
    return (
        normal[0] + _FOLD_TURN * bend,
        normal[1] + _FOLD_TURN * slant,
        normal[2] + _FOLD_TURN * (slant - bend) * 0.5,
    )


@kernel
def _unit(v: Colour) -> Colour:
    scale = 1.0 / math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2] + 1e-12)
    return v[0] * scale, v[1] * scale, v[2] * scale


@kernel
def _dot(a: Colour, b: Colour) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@kernel
def _lamps(normal: Colour, to_eye: Colour, sun_ratio: float, scene: Scene) -> Colour:
    """What falls on a surface from all sides, before the sky's shadowed share."""
    light = scene.light
    toward = (light.turn[2, 0], light.turn[2, 1], light.turn[2, 2])
    direct = max(0.0, (_dot(normal, toward) + _WRAP) / (1.0 + _WRAP)) * sun_ratio
    up = 0.5 + 0.5 * normal[1]
    front = 0.35 + 0.65 * max(0.0, _dot(normal, to_eye))
    return (
        light.sun[0] * direct
        + light.sky[0] * up
        + light.floor[0] * (1 - up)
        + light.front[0] * front,
        light.sun[1] * direct
        + light.sky[1] * up
        + light.floor[1] * (1 - up)
        + light.front[1] * front,
        light.sun[2] * direct
        + light.sky[2] * up
        + light.floor[2] * (1 - up)
        + light.front[2] * front,
    )


@kernel
def _highlight(normal: Colour, to_eye: Colour, sun_ratio: float, scene: Scene) -> float:
    turn = scene.light.turn
    half = _unit((turn[2, 0] + to_eye[0], turn[2, 1] + to_eye[1], turn[2, 2] + to_eye[2]))
    facing = max(0.0, _dot(normal, half))
    squared = facing * facing
    fourth = squared * squared
    return fourth * fourth * fourth * fourth * squared * sun_ratio


@kernel
def _colour_at(face: int, share_a: float, share_b: float, scene: Scene) -> Colour:
    """Linear colour of one triangle at one place."""
    solid = scene.solid
    corners = (solid.faces[face, 0], solid.faces[face, 1], solid.faces[face, 2])
    shares = (float(share_a), float(share_b), 1.0 - share_a - share_b)
    point = _blend(scene.points_m, corners, shares)
    place = _blend(solid.texture, corners, shares)
    normal = _blend(scene.normals, corners, shares)
    stuff = solid.stuff[face]
    if stuff in (_TOP, _BOTTOM):
        normal = _folded(normal, place)
    to_eye = _unit(
        (scene.eye_m[0] - point[0], scene.eye_m[1] - point[1], scene.eye_m[2] - point[2])
    )
    normal = _unit(normal)
    free = scene.open_ratio[corners[0]] * shares[0] + scene.open_ratio[corners[1]] * shares[1]
    free += scene.open_ratio[corners[2]] * shares[2]
    sun = _sunlit(point[0], point[1], point[2], scene) * (0.4 + 0.6 * free)
    lamp = _lamps(normal, to_eye, sun, scene)
    base = colour_of(stuff, place, scene.style)
    shine = scene.style.gloss[stuff] * _highlight(normal, to_eye, sun, scene)
    low = 0.62 + 0.38 * min(1.0, max(0.0, point[1]) / 0.30)  # little light gets under a body
    dim = free * low
    return (
        base[0] * lamp[0] * dim + shine * scene.light.sun[0],
        base[1] * lamp[1] * dim + shine * scene.light.sun[1],
        base[2] * lamp[2] * dim + shine * scene.light.sun[2],
    )


class Memory(NamedTuple):
    """What was seen first at each pixel of a frame, so that its colour need not be found again.

    Parameters
    ----------
    stuff : AnyArray
        Shape (height, width), int32; negative where nothing was seen yet.
    nearness : Float32Array
        Shape (height, width): one over its depth.
    colour : Float32Array
        Shape (height, width, 3).
    """

    stuff: AnyArray
    nearness: Float32Array
    colour: Float32Array


@kernel
def _is_known(memory: Memory, y: int, x: int, stuff: int, nearness: float) -> bool:
    """Whether a sample sees what the first one saw; faces have details that need every sample."""
    if memory.stuff[y, x] != stuff or stuff == _FACE:
        return False
    return bool(abs(memory.nearness[y, x] - nearness) < _SAME_DEPTH * nearness)


@kernel
def add_light(canvas: Canvas, scene: Scene, memory: Memory, total: Float32Array) -> None:
    """Add to `total` (height, width, 4) the colour of what is seen, and 1 where anything is."""
    height, width = canvas.owner.shape
    for y in range(height):
        for x in range(width):
            face = canvas.owner[y, x]
            if face < 0:
                continue
            stuff, nearness = scene.solid.stuff[face], canvas.nearness[y, x]
            if not _is_known(memory, y, x, stuff, nearness):
                found = _colour_at(face, canvas.shares[y, x, 0], canvas.shares[y, x, 1], scene)
                memory.stuff[y, x], memory.nearness[y, x] = stuff, nearness
                for channel, value in enumerate(found):
                    memory.colour[y, x, channel] = value
            for channel in range(3):
                total[y, x, channel] += memory.colour[y, x, channel]
            total[y, x, 3] += 1.0


@kernel
def occlude(scene: Scene, parts: FloatArray, balls: FloatArray) -> None:
    """Fill `open_ratio`: balls (n, 5: x, y, z, radius, part) hide the sky from other parts.

    Notes
    -----
    A ball of radius r at distance d hides (r / d)^2 cos of a surface's half-space.
    """
    points, normals = scene.points_m, scene.normals
    for point in range(points.shape[0]):
        free = 1.0
        for ball in range(balls.shape[0]):
            if balls[ball, 4] == parts[point]:
                continue
            x = balls[ball, 0] - points[point, 0]
            y = balls[ball, 1] - points[point, 1]
            z = balls[ball, 2] - points[point, 2]
            square = x * x + y * y + z * z
            reach = balls[ball, 3] * balls[ball, 3]
            if square > 16.0 * reach:
                continue
            toward = x * normals[point, 0] + y * normals[point, 1] + z * normals[point, 2]
            if toward > 0.0:
                square = max(square, reach)
                free *= 1.0 - 0.75 * min(1.0, toward / math.sqrt(square)) * reach / square
        scene.open_ratio[point] = max(0.18, free)
