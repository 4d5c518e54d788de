"""Where a made-up clip is filmed: floor and what stands behind, painted once for each clip."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import Float32Array, FloatArray
from labeler.synthetic.camera import Camera
from labeler.synthetic.looks import Looks, Rgb, Room, linear
from labeler.synthetic.painting import Plane, brick, noise, planks

FINE = 2
"""Samples per pixel and axis."""
WALL_M = {Room.GYM: 3.0, Room.GARAGE: 2.2, Room.LIVING_ROOM: 2.4, Room.PARK: 9.0}
"""From the athlete to what stands behind, along the camera's view."""
MAT_HALF_M = (0.45, 0.95)
"""Half-width and half-length of the mat under the athlete."""


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """The place without the athlete.

    Parameters
    ----------
    light : Float32Array
        Shape (height, width, 3), linear.
    floor_m : FloatArray
        Shape (height, width, 2): x and z in the room of each pixel that shows floor, else NaN.
    """

    light: Float32Array
    floor_m: FloatArray


def paint_room(camera: Camera, looks: Looks) -> Backdrop:
    """What the camera sees of the room; drawn from the looks' seed alone."""
    rng = np.random.default_rng([looks.seed, 0xF100])
    fine, floor_m, floor, wall = _planes(camera, WALL_M[looks.room])
    _PAINTERS[looks.room](floor, wall, rng)
    _lay_mat(floor, floor_m.reshape(-1, 2), looks, rng)
    rows, columns = fine
    picture = np.zeros((rows * columns, 3))
    picture[floor.pixels], picture[wall.pixels] = floor.light, wall.light
    small = picture.reshape(rows // FINE, FINE, columns // FINE, FINE, 3).mean(axis=(1, 3))
    whole = np.full((rows * columns, 2), np.nan)
    whole[floor.pixels] = floor_m
    middle = whole.reshape(rows, columns, 2)[FINE // 2 :: FINE, FINE // 2 :: FINE]
    return Backdrop(np.ascontiguousarray(small, dtype=np.float32), middle)


def _planes(camera: Camera, wall_m: float) -> tuple[tuple[int, int], FloatArray, Plane, Plane]:
    """The fine grid's size, the floor's places in the room, and both planes to be painted."""
    width_px, height_px = camera.size_px
    columns, rows = width_px * FINE, height_px * FINE
    x, y = np.meshgrid((np.arange(columns) + 0.5) / FINE, (np.arange(rows) + 0.5) / FINE)
    right, down, away = camera.axes
    rays = (
        away
        + ((x - width_px / 2.0) / camera.focal_px)[..., None] * right
        + ((y - height_px / 2.0) / camera.focal_px)[..., None] * down
    ).reshape(-1, 3)
    eye = camera.position_m
    ahead = away * [1.0, 0.0, 1.0] / np.hypot(away[0], away[2])
    side = np.cross(ahead, [0.0, 1.0, 0.0])
    to_floor = np.where(rays[:, 1] < -1e-6, -eye[1] / np.minimum(rays[:, 1], -1e-6), np.inf)
    to_wall = (wall_m - eye @ ahead) / np.maximum(rays @ ahead, 1e-6)
    is_floor = to_floor < to_wall
    points = eye + rays * np.minimum(to_floor, to_wall)[:, None]
    on_floor, on_wall = points[is_floor], points[~is_floor]
    floor = Plane(np.flatnonzero(is_floor), on_floor @ side, on_floor @ ahead)
    wall = Plane(np.flatnonzero(~is_floor), on_wall @ side, on_wall[:, 1])
    return (rows, columns), on_floor[:, [0, 2]], floor, wall


def _lay_mat(floor: Plane, places_m: FloatArray, looks: Looks, rng: np.random.Generator) -> None:
    """A training mat or platform where the athlete stands, along their left and right."""
    if looks.room is Room.PARK:
        return
    half_z, half_x = MAT_HALF_M
    is_on = (np.abs(places_m[:, 0]) < half_x) & (np.abs(places_m[:, 1]) < half_z)
    colours: tuple[Rgb, ...] = ((0.20, 0.22, 0.26), (0.25, 0.32, 0.40), (0.42, 0.36, 0.44))
    base = linear(colours[int(rng.integers(len(colours)))])
    grain = 0.9 + 0.2 * noise(places_m[:, 0] * 60.0, places_m[:, 1] * 60.0, rng)
    floor.fill(is_on, base * grain[is_on, None])
    is_rim = is_on & (
        (np.abs(places_m[:, 0]) > half_x - 0.02) | (np.abs(places_m[:, 1]) > half_z - 0.02)
    )
    floor.fill(is_rim, base * 0.6)


def _gym(floor: Plane, wall: Plane, rng: np.random.Generator) -> None:
    floor.light[:] = linear((0.36, 0.36, 0.38))
    speck = noise(floor.u * 55.0, floor.v * 55.0, rng)
    floor.light[speck > 0.80] = linear((0.50, 0.53, 0.57))
    seams = (np.mod(floor.u, 1.0) < 0.012) | (np.mod(floor.v, 1.0) < 0.012)
    floor.light[seams] *= 0.55
    wall.light[:] = linear((0.74, 0.75, 0.75))
    accents: tuple[Rgb, ...] = ((0.70, 0.30, 0.20), (0.20, 0.40, 0.55), (0.30, 0.45, 0.32))
    accent = accents[int(rng.integers(len(accents)))]
    wall.box((-9.0, 9.0), (0.0, 1.05), (0.42, 0.43, 0.45))
    wall.box((-9.0, 9.0), (1.05, 1.13), accent)
    shift = float(rng.uniform(-0.5, 0.5))
    _window(wall, (-2.4 + shift, -0.9 + shift), (1.45, 2.55), n_panes=3)
    _rack(wall, 1.25 + shift)
    _dumbbells(wall, -1.95 + shift, rng)
    wall.box((0.05 + shift, 0.62 + shift), (0.0, 0.50), (0.72, 0.57, 0.38))  # a box to jump on
    wall.box((0.25 + shift, 0.42 + shift), (0.28, 0.34), (0.30, 0.22, 0.14))
    _shade(floor, wall, rng)


def _garage(floor: Plane, wall: Plane, rng: np.random.Generator) -> None:
    floor.light[:] = linear((0.60, 0.59, 0.57))
    floor.light *= (0.85 + 0.3 * noise(floor.u * 3.0, floor.v * 3.0, rng))[:, None]
    floor.light[np.abs(np.mod(floor.u + 0.4, 2.4)) < 0.012] *= 0.6
    brick(wall, (0.72, 0.70, 0.66), rng)
    shift = float(rng.uniform(-0.4, 0.4))
    wall.box((-3.6 + shift, -0.75 + shift), (0.0, 2.1), (0.80, 0.80, 0.78))  # its door
    lines = (wall.u < -0.75 + shift) & (wall.u > -3.6 + shift) & (wall.v < 2.1)
    wall.light[lines & (np.mod(wall.v, 0.42) < 0.02)] *= 0.55
    wall.box((0.75 + shift, 2.3 + shift), (0.0, 1.95), (0.34, 0.28, 0.22))
    for level in (0.08, 0.55, 1.02, 1.49):
        wall.box((0.80 + shift, 2.25 + shift), (level, level + 0.40), (0.16, 0.14, 0.12))
        _boxes(wall, (0.84 + shift, 2.2 + shift), level, rng)
    wall.box((-0.45 + shift, 0.45 + shift), (1.35, 1.95), (0.62, 0.50, 0.36))  # a pegboard
    for place in np.linspace(-0.36, 0.34, 6):
        long_m = float(rng.uniform(0.15, 0.42))
        wall.box((place + shift, place + 0.05 + shift), (1.88 - long_m, 1.88), (0.30, 0.31, 0.33))
    _shade(floor, wall, rng)


def _living_room(floor: Plane, wall: Plane, rng: np.random.Generator) -> None:
    planks(floor, (0.62, 0.46, 0.31), rng)
    papers: tuple[Rgb, ...] = ((0.86, 0.84, 0.79), (0.70, 0.76, 0.77), (0.84, 0.77, 0.70))
    wall.light[:] = linear(papers[int(rng.integers(len(papers)))])
    wall.light *= (0.97 + 0.06 * noise(wall.u * 2.0, wall.v * 2.0, rng))[:, None]
    wall.box((-9.0, 9.0), (0.0, 0.09), (0.90, 0.89, 0.87))
    shift = float(rng.uniform(-0.4, 0.4))
    _window(wall, (0.70 + shift, 1.75 + shift), (0.95, 2.15), n_panes=2)
    for edge in (0.50, 1.72):
        folds = 0.5 + 0.5 * np.sin(wall.u * 70.0)
        is_on = wall.inside((edge + shift, edge + 0.24 + shift), (0.12, 2.3))
        wall.fill(is_on, linear((0.62, 0.55, 0.50)) * (0.7 + 0.4 * folds[is_on, None]))
    _sofa(wall, -1.35 + shift, rng)
    for left, low, wide, tall in ((-1.9, 1.45, 0.42, 0.55), (-1.3, 1.55, 0.50, 0.38)):
        wall.box((left + shift, left + wide + shift), (low, low + tall), (0.18, 0.16, 0.15))
        inner = (left + 0.03 + shift, left + wide - 0.03 + shift)
        wall.box(inner, (low + 0.03, low + tall - 0.03), _muted(rng))
        wall.disc((left + 0.5 * wide + shift, low + 0.45 * tall), 0.11, _muted(rng))
    _plant(wall, 0.15 + shift, rng)
    _shade(floor, wall, rng)


def _park(floor: Plane, wall: Plane, rng: np.random.Generator) -> None:
    blades = noise(floor.u * 40.0, floor.v * 25.0, rng) * 0.5 + 0.5 * noise(
        floor.u * 5.0, floor.v * 3.0, rng
    )
    floor.light[:] = linear((0.42, 0.52, 0.26)) * (0.55 + 0.8 * blades[:, None])
    path = np.abs(floor.v - 3.2 - 0.2 * np.sin(floor.u)) < 0.6
    floor.light[path] = linear((0.66, 0.61, 0.53)) * (0.9 + 0.2 * blades[path, None])
    height = np.clip(wall.v / 7.0, 0.0, 1.0)[:, None]
    wall.light[:] = linear((0.80, 0.87, 0.94)) * (1 - height) + linear((0.46, 0.64, 0.88)) * height
    clouds = noise(wall.u * 0.5, wall.v * 1.3, rng) * 0.6 + 0.4 * noise(
        wall.u * 1.6, wall.v * 3.5, rng
    )
    veil = np.clip((clouds - 0.55) * 3.0, 0.0, 0.8)[:, None]
    wall.light[:] = wall.light * (1 - veil) + 0.92 * veil
    leaves = _leaves(wall, rng)
    for far, dark in ((2.9, 0.75), (2.0, 1.0)):
        crown = far + 1.1 * noise(wall.u * 0.7 + far * 9.0, wall.u * 0.0, rng)
        crown += 0.20 * noise(wall.u * 5.0, wall.v * 2.0, rng) + 0.06 * leaves
        is_on = wall.v < crown
        green = linear((0.27, 0.38, 0.20)) * dark * leaves[is_on, None]
        wall.fill(is_on, green)
    for place in rng.uniform(-4.0, 4.0, 3):
        wall.box((place, place + 0.30), (0.0, 2.2), (0.33, 0.26, 0.20))
        bush = 0.9 + 0.35 * noise(wall.u * 2.6, wall.v * 2.6, rng) + 0.3 * leaves
        is_on = ((wall.u - place - 0.15) / 1.5) ** 2 + ((wall.v - 3.2) / 1.3) ** 2 < bush
        wall.fill(is_on, linear((0.30, 0.42, 0.19)) * leaves[is_on, None])


def _leaves(wall: Plane, rng: np.random.Generator) -> FloatArray:
    """Light on leaves, about 1: lumps of branches and, finer and finer, what hangs on them.

    Each layer is turned and shifted by the one before, so that no grid of the noise is seen.
    """
    total, shift = np.zeros_like(wall.u), np.zeros_like(wall.u)
    for per_m, strength, turn in ((1.3, 0.40, 0.5), (3.7, 0.40, 1.2), (9.0, 0.30, 2.1)):
        u = np.cos(turn) * wall.u + np.sin(turn) * wall.v
        v = np.cos(turn) * wall.v - np.sin(turn) * wall.u
        layer = noise(u * per_m + 1.4 * shift, v * per_m - 1.1 * shift, rng) - 0.5
        total, shift = total + 2.0 * strength * layer, shift + 2.0 * layer
    return np.asarray(np.clip(0.92 + total, 0.25, 1.8))


def _window(
    wall: Plane, across: tuple[float, float], up: tuple[float, float], *, n_panes: int
) -> None:
    left, right = across
    low, high = up
    wall.box((left - 0.06, right + 0.06), (low - 0.06, high + 0.06), (0.88, 0.88, 0.87))
    glow = np.clip((wall.v - low) / (high - low), 0.0, 1.0)
    is_on = wall.inside(across, up)
    sky = linear((0.86, 0.91, 0.96)) * (0.75 + 0.45 * glow[is_on, None])
    wall.fill(is_on, sky)
    for edge in np.linspace(left, right, n_panes + 1)[1:-1]:
        wall.box((edge - 0.02, edge + 0.02), up, (0.86, 0.86, 0.85))


def _rack(wall: Plane, left: float) -> None:
    for edge in (left, left + 1.1):
        wall.box((edge, edge + 0.075), (0.0, 2.3), (0.13, 0.13, 0.14))
        for height in np.arange(0.3, 2.2, 0.1):
            wall.disc((edge + 0.037, float(height)), 0.012, (0.45, 0.45, 0.46))
    wall.box((left, left + 1.17), (2.24, 2.31), (0.13, 0.13, 0.14))
    wall.box((left - 0.35, left + 1.5), (1.38, 1.41), (0.66, 0.67, 0.68))
    for edge in (left - 0.13, left + 1.27):
        wall.box((edge - 0.03, edge + 0.06), (1.17, 1.62), (0.10, 0.10, 0.11))


def _dumbbells(wall: Plane, left: float, rng: np.random.Generator) -> None:
    for level in (0.28, 0.66, 1.04):
        wall.box((left, left + 1.6), (level - 0.05, level - 0.01), (0.20, 0.20, 0.21))
        for place in map(float, np.arange(left + 0.12, left + 1.55, 0.24)):
            size = float(rng.uniform(0.055, 0.085))
            wall.disc((place, level + size), size, (0.09, 0.09, 0.10))
            wall.disc((place, level + size), 0.4 * size, (0.52, 0.53, 0.54))
    for edge in (left, left + 1.55):
        wall.box((edge, edge + 0.05), (0.0, 1.2), (0.20, 0.20, 0.21))


def _boxes(
    wall: Plane, across: tuple[float, float], level: float, rng: np.random.Generator
) -> None:
    at_m = across[0]
    while at_m < across[1] - 0.15:
        wide_m, tall_m = float(rng.uniform(0.16, 0.4)), float(rng.uniform(0.14, 0.36))
        right = min(at_m + wide_m, across[1])
        wall.box((at_m, right), (level, level + tall_m), _muted(rng))
        wall.box((at_m, right), (level + tall_m - 0.03, level + tall_m), (0.25, 0.22, 0.20))
        at_m += wide_m + float(rng.uniform(0.02, 0.12))


def _sofa(wall: Plane, left: float, rng: np.random.Generator) -> None:
    colour = _muted(rng)
    darker = (colour[0] * 0.75, colour[1] * 0.75, colour[2] * 0.75)
    wall.box((left - 0.9, left + 0.9), (0.10, 0.88), darker)
    wall.box((left - 0.72, left - 0.01), (0.40, 0.84), colour)
    wall.box((left + 0.01, left + 0.72), (0.40, 0.84), colour)
    wall.box((left - 0.95, left - 0.73), (0.08, 0.64), colour)
    wall.box((left + 0.73, left + 0.95), (0.08, 0.64), colour)
    wall.box((left - 0.73, left + 0.73), (0.36, 0.47), colour)
    wall.box((left - 0.5, left - 0.12), (0.46, 0.78), _muted(rng))


def _plant(wall: Plane, middle: float, rng: np.random.Generator) -> None:
    for _ in range(26):
        angle, long_m = float(rng.uniform(0.25, 2.9)), float(rng.uniform(0.2, 0.55))
        tip = np.array([middle + long_m * np.cos(angle) * 0.7, 0.45 + long_m * np.sin(angle)])
        for share in np.linspace(0.2, 1.0, 6):
            spot = (middle + share * (tip[0] - middle), 0.40 + share * (tip[1] - 0.40))
            wall.disc(spot, 0.028, (0.18, float(0.30 + 0.16 * share), 0.15))
    wall.box((middle - 0.13, middle + 0.13), (0.0, 0.36), (0.70, 0.66, 0.60))


def _muted(rng: np.random.Generator) -> Rgb:
    red, green, blue = 0.45 + 0.25 * rng.standard_normal(3) * 0.6
    return tuple(float(np.clip(value, 0.15, 0.8)) for value in (red, green, blue))  # type: ignore[return-value]


def _shade(floor: Plane, wall: Plane, rng: np.random.Generator) -> None:
    """Corners are darker; light falls off to one side."""
    slope = float(rng.uniform(-0.06, 0.06))
    wall.light *= (0.80 + 0.20 * np.clip(wall.v / 0.6, 0.0, 1.0) + slope * wall.u)[:, None]
    nearest = floor.v.max(initial=-9.0)
    floor.light *= (0.72 + 0.28 * np.clip((nearest - floor.v) / 0.8, 0.0, 1.0))[:, None]


_PAINTERS: dict[Room, Callable[[Plane, Plane, np.random.Generator], None]] = {
    Room.GYM: _gym,
    Room.GARAGE: _garage,
    Room.LIVING_ROOM: _living_room,
    Room.PARK: _park,
}
