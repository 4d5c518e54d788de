"""Pieces of a made-up body at rest: tubes and balls of triangles that hang on rings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from labeler.core.arrays import AnyArray, FloatArray
from labeler.synthetic.raster.geometry import Solid
from labeler.synthetic.raster.materials import Stuff


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of surface; each point is told as seen from the ring that carries it.

    Parameters
    ----------
    local_m : FloatArray
        Shape (n_points, 3).
    ring : AnyArray
        Shape (n_points,): from 0.
    faces : AnyArray
        Shape (n_faces, 3).
    stuff : AnyArray
        Shape (n_faces,).
    texture : FloatArray
        Shape (n_points, 3): place on the resting body in metres.
    n_rings : int
        How many rings it hangs on.
    """

    local_m: FloatArray
    ring: AnyArray
    faces: AnyArray
    stuff: AnyArray
    texture: FloatArray
    n_rings: int


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Outlines along a tube: at each station half-widths to the sides, to the front, to the back.

    Parameters
    ----------
    y_m : FloatArray
        Shape (n_stations,): place along the resting tube.
    out_m, front_m, back_m : FloatArray
        Shape (n_stations,).
    squareness : float
        1 is an ellipse; below it the outline grows corners.
    """

    y_m: FloatArray
    out_m: FloatArray
    front_m: FloatArray
    back_m: FloatArray
    squareness: float = 1.0

    def grown(self, by_m: float | FloatArray) -> "Profile":
        """The same outlines, `by_m` wider all around: a garment over it."""
        wider = (self.out_m + by_m, self.front_m + by_m, self.back_m + by_m)
        return replace(self, out_m=wider[0], front_m=wider[1], back_m=wider[2])

    def between(self, stations: FloatArray) -> "Profile":
        """The profile at other places along the tube, between its own stations."""
        out, front, back = (
            np.interp(stations, self.y_m, values)
            for values in (self.out_m, self.front_m, self.back_m)
        )
        return replace(self, y_m=stations, out_m=out, front_m=front, back_m=back)


def smooth_profile(rows: Sequence[tuple[float, ...]], stations: FloatArray) -> Profile:
    """A profile through `rows` of (y, out, front, back), without corners between them."""
    table = np.asarray(rows, dtype=np.float64)
    out, front, back = (_smooth(table[:, 0], table[:, column], stations) for column in (1, 2, 3))
    return Profile(stations, out, front, back)


def outline(profile: Profile, n_sides: int) -> FloatArray:
    """Points of each outline, shape (n_stations, n_sides, 2): x to the left, z to the front."""
    angle = 2.0 * np.pi * np.arange(n_sides) / n_sides
    side, ahead = np.sin(angle), np.cos(angle)
    power = profile.squareness
    side = np.sign(side) * np.abs(side) ** power
    ahead = np.sign(ahead) * np.abs(ahead) ** power
    depth = np.where(ahead[None] >= 0.0, profile.front_m[:, None], profile.back_m[:, None])
    return np.stack([profile.out_m[:, None] * side[None], depth * ahead[None]], axis=2)


def tube(
    outlines: FloatArray, y_m: FloatArray, stuff: Stuff | AnyArray, *, has_caps: bool = True
) -> Part:
    """A tube through outlines (n_stations, n_sides, 2), one ring for each station.

    `y_m` is only where the texture is; the rings say where the stations go. `stuff` is one, or one
    for each band between stations. Caps close both ends with a point in the middle.
    """
    n_stations, n_sides = outlines.shape[:2]
    local = np.zeros((n_stations * n_sides, 3))
    local[:, 0], local[:, 2] = outlines[..., 0].ravel(), outlines[..., 1].ravel()
    ring = np.repeat(np.arange(n_stations), n_sides)
    texture = local.copy()
    texture[:, 1] = y_m[ring]
    bands = np.broadcast_to(np.asarray(stuff), (n_stations - 1,))
    faces = np.concatenate([_band(k, n_sides) for k in range(n_stations - 1)])
    part = Part(local, ring, faces, np.repeat(bands, 2 * n_sides), texture, n_stations)
    return _capped(part, n_sides, (int(bands[0]), int(bands[-1]))) if has_caps else part


def ball(
    centre_m: FloatArray, radii_m: FloatArray, stuff: Stuff, *, n_sides: int = 12, n_rows: int = 8
) -> Part:
    """An ellipsoid on one ring, its axes along the ring's."""
    polar = np.linspace(0.0, np.pi, n_rows + 1)
    around = 2.0 * np.pi * np.arange(n_sides) / n_sides
    points = np.stack(
        [
            np.sin(polar)[:, None] * np.sin(around)[None],
            -np.cos(polar)[:, None] * np.ones(n_sides)[None],
            np.sin(polar)[:, None] * np.cos(around)[None],
        ],
        axis=2,
    )
    return grid_part(centre_m + points * radii_m, stuff)


def grid_part(points_m: FloatArray, stuff: Stuff) -> Part:
    """A surface through points (n_rows, n_sides, 3) on one ring, closed around each row."""
    n_rows, n_sides = points_m.shape[:2]
    local = points_m.reshape(-1, 3)
    faces = np.concatenate([_band(k, n_sides) for k in range(n_rows - 1)])
    ring = np.zeros(len(local), dtype=np.int64)
    return Part(local, ring, faces, np.full(len(faces), int(stuff)), local.copy(), 1)


def turned(part: Part, turn: FloatArray, shift_m: FloatArray) -> Part:
    """A part on one ring, turned by a matrix and then shifted; its texture stays."""
    return replace(part, local_m=part.local_m @ turn.T + shift_m)


def inside_out(part: Part) -> Part:
    """The same surface looking the other way: for tubes whose stations follow each other down."""
    return replace(part, faces=part.faces[:, ::-1])


def on_one_ring(part: Part) -> Part:
    """The same part as a rigid body: every station at its own height over the first ring."""
    local = part.local_m.copy()
    local[:, 1] += part.texture[:, 1]
    return replace(part, local_m=local, ring=np.zeros_like(part.ring), n_rings=1)


def together(parts: Sequence[Part]) -> Part:
    """One part of many, their rings one after the other."""
    n_points = np.cumsum([0] + [len(part.local_m) for part in parts])
    n_rings = np.cumsum([0] + [part.n_rings for part in parts])
    return Part(
        np.concatenate([part.local_m for part in parts]),
        np.concatenate([part.ring + first for part, first in zip(parts, n_rings, strict=False)]),
        np.concatenate([part.faces + first for part, first in zip(parts, n_points, strict=False)]),
        np.concatenate([part.stuff for part in parts]),
        np.concatenate([part.texture for part in parts]),
        int(n_rings[-1]),
    )


def solid_of(part: Part) -> Solid:
    """The part as the renderer takes it."""
    return Solid(
        np.ascontiguousarray(part.local_m, dtype=np.float32),
        np.ascontiguousarray(part.ring, dtype=np.int32),
        np.ascontiguousarray(part.faces, dtype=np.int32),
        np.ascontiguousarray(part.stuff, dtype=np.int32),
        np.ascontiguousarray(part.texture, dtype=np.float32),
    )


def _band(station: int, n_sides: int) -> AnyArray:
    """Triangles between one station and the next, looking outward."""
    low = station * n_sides + np.arange(n_sides)
    low_next = station * n_sides + (np.arange(n_sides) + 1) % n_sides
    high, high_next = low + n_sides, low_next + n_sides
    return np.concatenate(
        [np.stack([low, low_next, high], axis=1), np.stack([low_next, high_next, high], axis=1)]
    )


def _capped(part: Part, n_sides: int, stuff: tuple[int, int]) -> Part:
    n_points, last = len(part.local_m), part.n_rings - 1
    ends = np.array([part.local_m[:n_sides].mean(axis=0), part.local_m[-n_sides:].mean(axis=0)])
    tips = np.array([part.texture[:n_sides].mean(axis=0), part.texture[-n_sides:].mean(axis=0)])
    here, there = np.arange(n_sides), (np.arange(n_sides) + 1) % n_sides
    low = np.stack([there, here, np.full(n_sides, n_points)], axis=1)
    first = last * n_sides
    high = np.stack([first + here, first + there, np.full(n_sides, n_points + 1)], axis=1)
    return replace(
        part,
        local_m=np.concatenate([part.local_m, ends]),
        ring=np.concatenate([part.ring, [0, last]]),
        faces=np.concatenate([part.faces, low, high]),
        stuff=np.concatenate([part.stuff, np.repeat(stuff, n_sides)]),
        texture=np.concatenate([part.texture, tips]),
    )


def _smooth(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    """Cubic through the points with the slopes of their neighbours (Catmull and Rom)."""
    slope = np.gradient(y, x)
    k = np.clip(np.searchsorted(x, at) - 1, 0, len(x) - 2)
    width = x[k + 1] - x[k]
    t = np.clip((at - x[k]) / width, 0.0, 1.0)
    return np.asarray(
        y[k] * (1 + 2 * t) * (1 - t) ** 2
        + slope[k] * width * t * (1 - t) ** 2
        + y[k + 1] * t**2 * (3 - 2 * t)
        + slope[k + 1] * width * t**2 * (t - 1)
    )
