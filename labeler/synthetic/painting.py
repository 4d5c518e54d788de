"""Flat things painted on planes: boxes, discs, boards, bricks, and noise that makes them real."""

from dataclasses import dataclass, field

import numpy as np

from labeler.core.arrays import AnyArray, BoolArray, FloatArray
from labeler.synthetic.looks import Rgb, linear

_N_LATTICE = 256


@dataclass(slots=True, eq=False)
class Plane:
    """The pixels that show one plane, with their places on it in metres.

    Parameters
    ----------
    pixels : AnyArray
        Shape (n,): which pixels of the fine picture.
    u, v : FloatArray
        Shape (n,): to the right, and up (a wall) or away from the camera (a floor).
    light : FloatArray
        Shape (n, 3): linear colour, black until it is painted.
    """

    pixels: AnyArray
    u: FloatArray
    v: FloatArray
    light: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.light = np.zeros((len(self.pixels), 3))

    def inside(self, across: tuple[float, float], up: tuple[float, float]) -> BoolArray:
        """Which pixels lie in a box."""
        is_across = (self.u >= across[0]) & (self.u < across[1])
        return np.asarray(is_across & (self.v >= up[0]) & (self.v < up[1]))

    def fill(self, is_on: BoolArray, light: FloatArray) -> None:
        """Paint some pixels in linear light."""
        self.light[is_on] = light

    def box(self, across: tuple[float, float], up: tuple[float, float], colour: Rgb) -> None:
        """Paint a box."""
        self.light[self.inside(across, up)] = linear(colour)

    def disc(self, middle: tuple[float, float], radius_m: float, colour: Rgb) -> None:
        """Paint a disc."""
        across = (middle[0] - radius_m, middle[0] + radius_m)
        near = np.flatnonzero(self.inside(across, (middle[1] - radius_m, middle[1] + radius_m)))
        away = np.hypot(self.u[near] - middle[0], self.v[near] - middle[1])
        self.light[near[away < radius_m]] = linear(colour)


def noise(x: FloatArray, y: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Smooth noise from 0 to 1 with one bump per unit, drawn anew at every call."""
    table = rng.random((_N_LATTICE, _N_LATTICE))
    ix, iy = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    fx, fy = x - ix, y - iy
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    i, j, k, m = (np.mod(index, _N_LATTICE) for index in (ix, ix + 1, iy, iy + 1))
    low = table[i, k] * (1 - fx) + table[j, k] * fx
    high = table[i, m] * (1 - fx) + table[j, m] * fx
    return np.asarray(low * (1 - fy) + high * fy)


def planks(plane: Plane, colour: Rgb, rng: np.random.Generator) -> None:
    """Boards that run across, each with its own tone and grain."""
    row = np.floor(plane.v / 0.14)
    shift = noise(row * 7.31 + 0.5, row * 0.0, rng)
    column = np.floor((plane.u + 1.3 * shift) / 1.1)
    tone = 0.72 + 0.45 * noise(row * 5.7 + 0.5, column * 3.3 + 0.5, rng)
    grain = 0.90 + 0.2 * noise(plane.u * 7.0 + 31.0 * column, plane.v * 130.0, rng)
    is_gap = (np.mod(plane.v / 0.14, 1.0) < 0.04) | (
        np.mod((plane.u + 1.3 * shift) / 1.1, 1.0) < 0.004
    )
    plane.light[:] = linear(colour) * (tone * grain * np.where(is_gap, 0.5, 1.0))[:, None]


def brick(plane: Plane, colour: Rgb, rng: np.random.Generator) -> None:
    """Painted blocks with joints."""
    row = np.floor(plane.v / 0.20)
    across = plane.u / 0.40 + 0.5 * np.mod(row, 2.0)
    tone = 0.9 + 0.2 * noise(row * 3.7 + 0.5, np.floor(across) * 5.1 + 0.5, rng)
    is_joint = (np.mod(plane.v / 0.20, 1.0) < 0.05) | (np.mod(across, 1.0) < 0.025)
    plane.light[:] = linear(colour) * (tone * np.where(is_joint, 0.82, 1.0))[:, None]
