"""Where the rings of a moving body are: frames along limbs, spine and neck, for all times at once.

Shapes: points (n_times, 3), axes (n_times, 3, 3) with the ring's own x, y and z in the columns.
"""

from typing import NamedTuple

import numpy as np

from labeler.core.arrays import FloatArray

_LEAST = 1e-9


class Rings(NamedTuple):
    """Rings of one part: origins (n_times, n_rings, 3) and axes (n_times, n_rings, 3, 3)."""

    origin_m: FloatArray
    axes: FloatArray


def unit(vectors: FloatArray) -> FloatArray:
    """Vectors of length 1 along the last axis; a zero vector stays one."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, _LEAST))


def frame(y_axis: FloatArray, x_hint: FloatArray) -> FloatArray:
    """Axes with y along `y_axis` and x as near to `x_hint` as can be; any leading shape."""
    y = unit(y_axis)
    x = unit(x_hint - y * np.sum(x_hint * y, axis=-1, keepdims=True))
    return np.stack([x, y, np.cross(x, y)], axis=-1)


def one_ring(origin_m: FloatArray, axes: FloatArray) -> Rings:
    """A rigid part's single ring."""
    return Rings(origin_m[:, None], axes[:, None])


def joined(rings: list[Rings]) -> Rings:
    """Rings of parts one after the other, as `parts.together` orders them."""
    return Rings(
        np.concatenate([each.origin_m for each in rings], axis=1),
        np.concatenate([each.axes for each in rings], axis=1),
    )


class Chain(NamedTuple):
    """Two bones, such as thigh and shank: three joints and the hinge's axis on each bone."""

    start_m: FloatArray
    middle_m: FloatArray
    end_m: FloatArray
    upper_x: FloatArray
    lower_x: FloatArray


def along(chain: Chain, stations: FloatArray, soft_ratio: float = 0.10) -> Rings:
    """Rings along two bones: stations 0 to 1 are the upper, 1 to 2 the lower one.

    Beyond, it goes straight on. Near the middle joint, within `soft_ratio` of each bone, the rings
    turn gradually and cut the corner on a parabola. Each ring's y looks back towards the root.
    """
    upper, lower = chain.middle_m - chain.start_m, chain.end_m - chain.middle_m
    past = np.clip((stations - 1.0 + soft_ratio) / (2.0 * soft_ratio), 0.0, 1.0)
    before = np.minimum(stations, 1.0 - soft_ratio) - 1.0  # reaches the bend's start
    after = np.maximum(stations, 1.0 + soft_ratio) - 1.0
    begin = chain.middle_m[:, None] + before[None, :, None] * upper[:, None]
    finish = chain.middle_m[:, None] + after[None, :, None] * lower[:, None]
    share = past[None, :, None]
    middle = chain.middle_m[:, None]
    bend = begin * (1 - share) ** 2 + 2 * middle * share * (1 - share) + finish * share**2
    is_bend = ((past > 0.0) & (past < 1.0))[None, :, None]
    straight = np.where((past <= 0.0)[None, :, None], begin, finish)
    tangent = unit(upper)[:, None] * (1 - share) + unit(lower)[:, None] * share
    x_hint = chain.upper_x[:, None] * (1 - share) + chain.lower_x[:, None] * share
    return Rings(np.where(is_bend, bend, straight), frame(-tangent, x_hint))


def on_curve(curve_m: FloatArray, at: FloatArray, low_x: FloatArray, high_x: FloatArray) -> Rings:
    """Rings on a polyline (n_times, n_points, 3), at numbers of its points, also between them.

    Their x turns from `low_x` to `high_x` on the way from the first to the last ring.
    """
    reach = 1.5
    last = curve_m.shape[1] - 1
    ahead = _between(curve_m, np.clip(at + reach, 0.0, last))
    behind = _between(curve_m, np.clip(at - reach, 0.0, last))
    part = np.linspace(0.0, 1.0, len(at))[None, :, None]
    x_hint = low_x[:, None] * (1 - part) + high_x[:, None] * part
    return Rings(_between(curve_m, at), frame(ahead - behind, x_hint))


def _between(points: FloatArray, at: FloatArray) -> FloatArray:
    low = np.clip(np.floor(at).astype(np.int64), 0, points.shape[1] - 2)
    t = (at - low)[None, :, None]
    return np.asarray(points[:, low] * (1 - t) + points[:, low + 1] * t)
