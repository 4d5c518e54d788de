"""Masks of made-up trunks with known edges, for tests of the outline and of what is made of it."""

from dataclasses import replace

import numpy as np
import support_bodies as bodies

from labeler.core.contour import N_STATIONS, STATIONS, TrunkContour, right_of
from labeler.core.landmarks import N_LANDMARKS, Landmark
from labeler.core.track import PoseTrack

MASK_SIZE = (400, 300)
"""Width and height of the pictures."""

SOFT_PX = 4.0
"""From surely the body to surely not."""

FLAT = np.full(N_STATIONS, 0.2)
"""A straight back."""


def landmarks(origin, along):
    """Trunk points in pixels: hips at `origin`, shoulders at its other end, arms overhead."""
    origin, along = np.asarray(origin, float), np.asarray(along, float)
    xy = np.tile(origin, (N_LANDMARKS, 1))
    for side in ("LEFT", "RIGHT"):
        xy[Landmark[f"{side}_SHOULDER"]] = origin + along
        xy[Landmark[f"{side}_ELBOW"]] = origin + 1.6 * along
        xy[Landmark[f"{side}_WRIST"]] = origin + 2.1 * along
    return xy


def mask_between(origin, along, *, left, right, size=MASK_SIZE, scale=1):
    """A body that reaches `left` and `right` trunk lengths from the axis, without end along it.

    Each is a number or a function of the station. The edge is soft over some pixels, as the
    network's are in a picture that is larger than its own: the more, the larger it is by `scale`.
    """
    width, height = size
    x, y = np.meshgrid(np.arange(width, dtype=float), np.arange(height, dtype=float))
    off = np.stack([x - origin[0], y - origin[1]], axis=-1)
    length = np.hypot(*along)
    station = off @ np.asarray(along, float) / length**2
    across = off @ right_of(np.asarray(along, float)) / length**2
    edges = [side(station) if callable(side) else side for side in (left, right)]
    depth_px = np.minimum(across + edges[0], edges[1] - across) * length
    return np.clip(0.5 + depth_px / (SOFT_PX * scale), 0.0, 1.0).astype(np.float32)


def in_ratio(xy, size=MASK_SIZE):
    """Pixels to shares of the picture."""
    return np.asarray(xy) / np.array(size, float)


def contour_behind(back, *, trunk_px, facing=1):
    """A contour whose back is `back`, trunk lengths of shape (n_frames, 26); the front is flat."""
    back = np.asarray(back, float)
    sides = [back, np.full_like(back, 0.2)][::facing]
    return TrunkContour(np.stack(sides, axis=1) * trunk_px, np.full(len(back), 1e4))


def bulging(height, *, base=0.2):
    """A back that bulges outwards by `height` between hip and shoulder, as half a wave."""
    return base + height * np.sin(np.pi * STATIONS)


def arc(curvature, middle=0.5):
    """A back that is part of a circle; + bulges outwards."""
    radius = 1.0 / abs(curvature)
    rise = np.sqrt(radius**2 - (STATIONS - middle) ** 2) - radius
    return 0.3 + np.sign(curvature) * rise


def rounding(curvature=0.8, *, standing=FLAT, fps=30.0, n_reps=2) -> PoseTrack:
    """Hinges in which the back rounds as the trunk leans; the standing back is as told."""
    times = bodies.steady_times(1.4 + 2.8 * n_reps, fps)
    course = bodies.cycles(times.pts_s, n_reps=n_reps)
    shapes = standing + course[:, None] * (arc(curvature) - FLAT)
    contour = contour_behind(shapes, trunk_px=bodies.TRUNK_PX)
    return replace(bodies.hinge(times, n_reps=n_reps), contour=contour)


def mirrored(track):
    """The same athlete in a mirror, outline included."""
    sides = replace(track.contour, offset_px=track.contour.offset_px[:, ::-1])
    return replace(bodies.mirrored(track), contour=sides)
