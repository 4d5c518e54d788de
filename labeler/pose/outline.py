"""From a person's mask to the outline of the trunk: a few numbers instead of a picture.

The mask says for each pixel how likely it shows the person. Rays start on the axis of the trunk and
end where the mask ends. So only the part of the mask that holds the trunk counts, without looking
for it: another person's mask, or a stray speck, is never reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import BoolArray, Float32Array, FloatArray
from labeler.core.contour import (
    N_SIDES,
    N_STATIONS,
    STATIONS,
    TrunkContour,
    right_of,
    trunk_axis,
)
from labeler.core.landmarks import Landmark

OUTLINE_VERSION = "2"
"""Raised whenever the same masks would give other outlines."""

EDGE_PROBABILITY = 0.5
"""The body ends where the mask falls below this."""

TRUNK_SAMPLES = 80
"""The mask is thinned to no less than so many samples per trunk length. The network itself makes
it with about as many: it sees the whole body in 256 x 256."""

TRUNK_MIN_PX = 16.0
"""A shorter trunk, or one seen end on, has no outline worth the name."""

REACH_TRUNKS = 0.6
"""How far from the axis the edge is looked for; further out it is an arm, a thigh or a load."""

ARM_NEAR_TRUNKS = 0.06
"""An edge this near to an arm's line is the arm's."""

ARM_THICK_TRUNKS = 0.12
"""So thick an arm is: on the last stretch of this length a ray that ends at an arm's far edge has
crossed its line."""

ARM_STEPS = 3
"""Points of that stretch that are compared with the arms."""

ARM_MIN_VISIBILITY = 0.5
"""An arm of which neither elbow nor wrist is as visible as this hides behind the body: its place is
a guess, and no edge is its own."""

SHOULDER_SHARE = 0.25
"""The part of the upper arm, from the shoulder, that belongs to the trunk's own outline."""

AREA_SAMPLES = 90
"""So many rows or columns, across the shorter side of the picture, are asked how large the mask is:
an area of a tenth of the picture is then told to one percent."""

AREA_JUMP_RATIO = 0.2
"""A mask that is larger or smaller than its neighbours in time by more than this has slipped."""

AREA_HALF_FRAMES = 2
"""Its neighbours: so many frames on either side."""

_ARMS = (
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """One trunk in one picture, whatever its scale.

    Parameters
    ----------
    offset_trunks : FloatArray
        Shape (2, 26), as in `TrunkContour.offset_px` but in trunk lengths; NaN where not seen.
    area_ratio : float
        Share of the picture that the whole body covers.
    """

    offset_trunks: FloatArray
    area_ratio: float


NO_OUTLINE = Outline(np.full((N_SIDES, N_STATIONS), np.nan), float("nan"))
"""Of nobody."""


def contour_of(
    outlines: Sequence[Outline | None], xy_px: FloatArray, size_px: tuple[int, int]
) -> TrunkContour | None:
    """One outline per frame, in pixels of the original; None where no frame has any.

    Parameters
    ----------
    xy_px : FloatArray
        Shape (n_frames, 33, 2): the landmarks that the outlines were measured from.
    """
    if not any(outlines):
        return None
    filled = [outline or NO_OUTLINE for outline in outlines]
    trunks = np.stack([outline.offset_trunks for outline in filled])
    area_ratio = np.array([outline.area_ratio for outline in filled])
    _origin, along = trunk_axis(xy_px)
    offset_px = trunks * np.hypot(along[:, 0], along[:, 1])[:, None, None]
    offset_px[_is_slipped(area_ratio)] = np.nan
    return TrunkContour(offset_px, area_ratio * size_px[0] * size_px[1])


def _is_slipped(area_ratio: FloatArray) -> BoolArray:
    """Frames whose mask differs much from the usual one around them; shape (n_frames,)."""
    padded = np.pad(area_ratio, AREA_HALF_FRAMES, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * AREA_HALF_FRAMES + 1)
    usual = np.nanmedian(np.where(np.isnan(area_ratio)[:, None], 0.0, around), axis=1)
    return np.asarray(np.abs(area_ratio - usual) > AREA_JUMP_RATIO * usual)


def outline_of(mask: Float32Array, xy_ratio: FloatArray, visibility: FloatArray) -> Outline:
    """Measure the trunk of the person to whom the landmarks belong.

    Parameters
    ----------
    mask : Float32Array
        Shape (height, width), 0 to 1; only read.
    xy_ratio : FloatArray
        Shape (33, 2): shares of the picture's width and height.
    visibility : FloatArray
        Shape (33,), 0 to 1: which of the arms can be seen.
    """
    height, width = mask.shape
    xy = xy_ratio * np.array([width, height], dtype=np.float64)
    step = max(1, min(height, width) // AREA_SAMPLES)
    coarse = mask[::step, ::step]
    area_ratio = float(np.count_nonzero(coarse > EDGE_PROBABILITY)) / coarse.size
    arms = [xy[list(arm)] for arm in _ARMS if visibility[list(arm[1:])].max() >= ARM_MIN_VISIBILITY]
    return Outline(_offsets(mask, xy, arms), area_ratio)


def _offsets(mask: Float32Array, xy: FloatArray, arms: Sequence[FloatArray]) -> FloatArray:
    """Edges in trunk lengths; NaN throughout for a trunk that is too short in the picture."""
    origin, along = trunk_axis(xy)
    length = float(np.hypot(*along))
    if not length >= TRUNK_MIN_PX:  # NaN too
        return np.full((N_SIDES, N_STATIONS), np.nan)
    starts = origin + STATIONS[:, None] * along
    outward = np.stack([-right_of(along), right_of(along)])  # one trunk length long
    step = max(1, int(length / TRUNK_SAMPLES))
    n_steps = int(np.ceil(REACH_TRUNKS * length / step)) + 1
    reach = np.arange(n_steps) * (step / length)
    rays = starts[None, :, None] + reach[:, None] * outward[:, None, None]
    found = _edge(_sampled(mask, rays, step)) * (step / length)
    ends = starts + found[..., None] * outward[:, None]
    found[_is_arm(ends, outward, arms)] = np.nan
    return found


def _sampled(mask: Float32Array, points: FloatArray, step: int) -> FloatArray:
    """The tidied mask at points (2, 26, n, 2), between its samples too; NaN outside the picture.

    Only the part around the points is tidied, at every `step`-th pixel.
    """
    height, width = mask.shape
    corners = points[:, :: N_STATIONS - 1, :: points.shape[2] - 1]
    low = np.floor(corners.min(axis=(0, 1, 2))).astype(int) - 2 * step
    high = np.ceil(corners.max(axis=(0, 1, 2))).astype(int) + 3 * step
    left, top = np.maximum(low, 0)
    part = _tidied(mask[top : min(high[1], height) : step, left : min(high[0], width) : step])
    n_rows, n_columns = part.shape
    if min(part.shape) < 2:
        return np.full(points.shape[:-1], np.nan)
    x, y = (points[..., 0] - left) / step, (points[..., 1] - top) / step
    is_outside = (x < 0) | (y < 0) | (x > n_columns - 1) | (y > n_rows - 1)
    column = np.clip(x.astype(int), 0, n_columns - 2)
    row = np.clip(y.astype(int), 0, n_rows - 2)
    right, down = x - column, y - row
    at = row * n_columns + column
    flat = part.ravel()
    upper = flat[at] * (1.0 - right) + flat[at + 1] * right
    lower = flat[at + n_columns] * (1.0 - right) + flat[at + n_columns + 1] * right
    return np.where(is_outside, np.nan, upper * (1.0 - down) + lower * down)


def _tidied(part: Float32Array) -> Float32Array:
    """Opened and closed by 3 x 3: no specks, no pinholes.

    On the probabilities themselves, which then cross `EDGE_PROBABILITY` exactly where the opened
    and closed set of likely pixels ends, and tell by how much between two pixels.
    """
    return _spread(_spread(_spread(_spread(part, np.minimum), np.maximum), np.maximum), np.minimum)


def _spread(part: Float32Array, take: np.ufunc) -> Float32Array:
    """Each sample becomes the least or the greatest of the 3 x 3 around it."""
    tall = part.copy()
    take(tall[1:], part[:-1], out=tall[1:])
    take(tall[:-1], part[1:], out=tall[:-1])
    wide = tall.copy()
    take(wide[:, 1:], tall[:, :-1], out=wide[:, 1:])
    take(wide[:, :-1], tall[:, 1:], out=wide[:, :-1])
    return wide


def _edge(along_ray: FloatArray) -> FloatArray:
    """Steps along the last axis until the mask falls below `EDGE_PROBABILITY`.

    NaN for a ray that starts outside the mask, never leaves it, or leaves the picture first.
    """
    is_inside = along_ray >= EDGE_PROBABILITY
    first_out = np.argmin(is_inside, axis=-1)[..., None]
    after = np.take_along_axis(along_ray, first_out, axis=-1)[..., 0]
    before = np.take_along_axis(along_ray, np.maximum(first_out - 1, 0), axis=-1)[..., 0]
    is_found = is_inside[..., 0] & ~is_inside.all(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (before - EDGE_PROBABILITY) / (before - after)
    return np.where(is_found, first_out[..., 0] - 1 + share, np.nan)


def _is_arm(ends: FloatArray, outward: FloatArray, arms: Sequence[FloatArray]) -> BoolArray:
    """Which ends of rays belong to one of the arms (shoulder, elbow, wrist); shape (2, 26)."""
    near = ARM_NEAR_TRUNKS * float(np.hypot(*outward[0]))
    back = np.linspace(0.0, ARM_THICK_TRUNKS, ARM_STEPS)
    stretch = ends[:, :, None] - back[:, None] * outward[:, None, None]
    is_near = np.zeros(ends.shape[:-1], dtype=np.bool_)
    for shoulder, elbow, wrist in arms:
        upper = shoulder + SHOULDER_SHARE * (elbow - shoulder)
        for start, stop in ((upper, elbow), (elbow, wrist)):
            is_near |= (_distance(stretch, start, stop) < near).any(axis=-1)
    return is_near


def _distance(points: FloatArray, start: FloatArray, stop: FloatArray) -> FloatArray:
    """From each of the points (..., 2) to the line between two others."""
    way = stop - start
    share = (points - start) @ way / max(float(way @ way), float(np.finfo(np.float64).tiny))
    nearest = start + np.clip(share, 0.0, 1.0)[..., None] * way
    off: FloatArray = np.linalg.norm(points - nearest, axis=-1)
    return off
