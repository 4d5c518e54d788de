"""Which triangle is seen at each pixel."""

import math
from typing import NamedTuple

from labeler.core.arrays import AnyArray, Float32Array
from labeler.synthetic.raster.compiled import kernel

NOTHING = -1
"""Owner of a pixel that no triangle covers."""
_INSIDE = -1e-5
"""Two triangles share the pixels of their common edge rather than leave a hole."""


class Canvas(NamedTuple):
    """What is nearest at each pixel.

    Parameters
    ----------
    nearness : Float32Array
        Shape (height, width): one over the depth; 0 where there is nothing.
    owner : AnyArray
        Shape (height, width), int32: which triangle; `NOTHING` where there is none.
    shares : Float32Array
        Shape (height, width, 2): how much of its first two corners is in the pixel.
    """

    nearness: Float32Array
    owner: AnyArray
    shares: Float32Array


@kernel
def wipe(canvas: Canvas) -> None:
    """Make the canvas empty."""
    canvas.nearness[:] = 0.0
    canvas.owner[:] = NOTHING


@kernel
def _span(a: float, b: float, c: float, length: int) -> tuple[int, int]:
    """Pixels whose centres lie within the triangle's extent along one axis, half-open."""
    first = max(0, math.ceil(min(a, b, c) - 0.5))
    stop = min(length, math.floor(max(a, b, c) - 0.5) + 1)
    return first, stop


@kernel
def _fill(canvas: Canvas, seen: Float32Array, corners: AnyArray, face: int) -> None:
    a, b, c = corners[0], corners[1], corners[2]
    ax, ay, bx, by, cx, cy = seen[a, 0], seen[a, 1], seen[b, 0], seen[b, 1], seen[c, 0], seen[c, 1]
    twice_area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if twice_area >= 0.0:
        return  # turned away
    x_first, x_stop = _span(ax, bx, cx, canvas.owner.shape[1])
    y_first, y_stop = _span(ay, by, cy, canvas.owner.shape[0])
    if x_first >= x_stop:
        return
    scale = 1.0 / twice_area
    da, db = (by - cy) * scale, (cy - ay) * scale  # change of the shares from pixel to pixel
    na, nb, nc = seen[a, 2], seen[b, 2], seen[c, 2]
    for y in range(y_first, y_stop):
        px, py = x_first + 0.5, y + 0.5
        share_a = ((bx - px) * (cy - py) - (cx - px) * (by - py)) * scale
        share_b = ((cx - px) * (ay - py) - (ax - px) * (cy - py)) * scale
        for x in range(x_first, x_stop):
            share_c = 1.0 - share_a - share_b
            if min(share_a, share_b, share_c) >= _INSIDE:
                nearness = share_a * na + share_b * nb + share_c * nc
                if nearness > canvas.nearness[y, x]:
                    canvas.nearness[y, x] = nearness
                    canvas.owner[y, x] = face
                    canvas.shares[y, x, 0] = share_a
                    canvas.shares[y, x, 1] = share_b
            share_a += da
            share_b += db


@kernel
def draw(canvas: Canvas, seen: Float32Array, faces: AnyArray) -> None:
    """Draw every triangle of points `seen` (pixel x, y, nearness) that is nearer than the rest.

    Only triangles that look at the camera are drawn: those whose corners go round to the left.
    """
    for face in range(faces.shape[0]):
        _fill(canvas, seen, faces[face], face)
