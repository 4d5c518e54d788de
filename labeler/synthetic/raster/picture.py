"""From linear light to the bytes of a frame: floor shadows, the lens's softness, noise."""

from typing import NamedTuple

from labeler.core.arrays import AnyArray, ByteImage, Float32Array, FloatArray
from labeler.synthetic.raster.compiled import kernel

BRIGHTEST = 2.0
"""Linear light beyond which a picture is white."""


class Ground(NamedTuple):
    """Where each pixel of the floor lies; computed once, as the camera does not move.

    Parameters
    ----------
    pixels : AnyArray
        Shape (n, 2), int32: row and column.
    shade_at : Float32Array
        Shape (n, 2): place in the shade map, in cells.
    touch_at : Float32Array
        Shape (n, 2): place in the map of what nearly touches the floor, in cells.
    """

    pixels: AnyArray
    shade_at: Float32Array
    touch_at: Float32Array


@kernel
def _soften_rows(image: Float32Array, out: Float32Array, radius: int) -> None:
    """Running means along the rows; `out` comes out transposed."""
    height, width = image.shape
    scale = 1.0 / (2 * radius + 1)
    for y in range(height):
        total = 0.0
        for x in range(-radius, width):
            if x + radius < width:
                total += image[y, x + radius]
            if x > radius:
                total -= image[y, x - radius - 1]
            if x >= 0:
                out[x, y] = total * scale


@kernel
def soften(image: Float32Array, spare: Float32Array, radius: int) -> None:
    """Mean over a square of `radius` cells to each side, in place; zeros lie around the image.

    Both arrays are square.
    """
    _soften_rows(image, spare, radius)
    _soften_rows(spare, image, radius)


@kernel
def touch(points_m: Float32Array, reach_m: float, cell_m: float, grid: Float32Array) -> None:
    """Fill `grid` (n, n), centred on the origin, with how near to the floor points come, 0 to 1."""
    n_cells = grid.shape[0]
    grid[:] = 0.0
    for point in range(points_m.shape[0]):
        near = 1.0 - points_m[point, 1] / reach_m
        if near <= 0.0:
            continue
        column = int(points_m[point, 0] / cell_m + 0.5 * n_cells)
        row = int(points_m[point, 2] / cell_m + 0.5 * n_cells)
        if 0 <= column < n_cells and 0 <= row < n_cells:
            grid[row, column] = max(grid[row, column], near)


@kernel
def _between(grid: Float32Array, x: float, y: float) -> float:
    """Value of a grid between its cells; 0 outside."""
    column, row = int(x - 0.5), int(y - 0.5)
    if x < 0.5 or y < 0.5 or column + 1 >= grid.shape[1] or row + 1 >= grid.shape[0]:
        return 0.0
    fx, fy = x - 0.5 - column, y - 0.5 - row
    upper = grid[row, column] * (1 - fx) + grid[row, column + 1] * fx
    lower = grid[row + 1, column] * (1 - fx) + grid[row + 1, column + 1] * fx
    return float(upper * (1 - fy) + lower * fy)


@kernel
def shade_floor(
    ground: Ground,
    shadow: Float32Array,
    contact: Float32Array,
    sun_ratio: float,
    dim: Float32Array,
) -> None:
    """Fill `dim` (height, width): the share of light that the athlete leaves to the floor."""
    for k in range(ground.pixels.shape[0]):
        hidden = _between(shadow, ground.shade_at[k, 0], ground.shade_at[k, 1])
        near = _between(contact, ground.touch_at[k, 0], ground.touch_at[k, 1])
        left = (1.0 - sun_ratio * hidden) * (1.0 - 0.62 * min(1.0, near))
        dim[ground.pixels[k, 0], ground.pixels[k, 1]] = left


@kernel
def _curve_at(curve: Float32Array, value: float) -> float:
    place = min(max(value / BRIGHTEST, 0.0), 1.0) * (curve.shape[0] - 1)
    low = min(int(place), curve.shape[0] - 2)
    return float(curve[low] + (curve[low + 1] - curve[low]) * (place - low))


class Backdrop(NamedTuple):
    """The room without anybody in it; computed once, as the camera does not move.

    Parameters
    ----------
    light : Float32Array
        Shape (height, width, 3), linear.
    tone : FloatArray
        The same after the tone curve, before grain, from 0 to 255.
    """

    light: Float32Array
    tone: FloatArray


@kernel
def tone_of(light: Float32Array, curve: Float32Array, tone: FloatArray) -> None:
    """Fill `tone` (height, width, 3) with linear light after the tone curve."""
    for y in range(light.shape[0]):
        for x in range(light.shape[1]):
            for channel in range(3):
                tone[y, x, channel] = _curve_at(curve, light[y, x, channel])


@kernel
def _byte_of(tone: float) -> int:
    return int(min(max(tone, 0.0), 255.0) + 0.5)


@kernel
def develop(
    back: Backdrop,
    dim: Float32Array,
    total: Float32Array,
    film: tuple[Float32Array, float, Float32Array, int],
    rgb: ByteImage,
) -> None:
    """Fill `rgb` from the room `back`, its shadows `dim` and the athlete's `total` light.

    `film` is the tone curve over linear light from 0 to `BRIGHTEST`, the number of samples in
    `total`, a grain table (any length) and where to start in it. Most pixels show the bare room.
    """
    curve, n_samples, grain, start = film
    height, width = dim.shape
    scale, n_grain, at = 1.0 / n_samples, grain.shape[0], start
    for y in range(height):
        for x in range(width):
            at = at + 1 if at + 1 < n_grain else 0
            left = (1.0 - total[y, x, 3] * scale) * dim[y, x]
            for channel in range(3):
                if left == 1.0:
                    tone = back.tone[y, x, channel]
                else:
                    light = back.light[y, x, channel] * left + total[y, x, channel] * scale
                    tone = _curve_at(curve, light)
                rgb[y, x, channel] = _byte_of(tone + grain[at])
