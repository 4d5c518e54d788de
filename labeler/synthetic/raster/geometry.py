"""Where the points of a mesh are, how they are turned, and where they fall in a picture."""

from typing import NamedTuple

import numpy as np

from labeler.core.arrays import AnyArray, Float32Array, FloatArray
from labeler.synthetic.raster.compiled import kernel

LEAST_DEPTH_M = 0.05
"""Nothing nearer to the lens than this is drawn."""


class Solid(NamedTuple):
    """A mesh whose points hang on rings: each ring moves as a rigid body.

    Parameters
    ----------
    local_m : Float32Array
        Shape (n_points, 3): where each point is, seen from its ring.
    ring : AnyArray
        Shape (n_points,), int32: on which ring each point hangs.
    faces : AnyArray
        Shape (n_faces, 3), int32: points of each triangle.
    stuff : AnyArray
        Shape (n_faces,), int32: what each triangle is made of (`materials.Stuff`).
    texture : Float32Array
        Shape (n_points, 3): place on the resting body in metres, by which patterns are laid.
    """

    local_m: Float32Array
    ring: AnyArray
    faces: AnyArray
    stuff: AnyArray
    texture: Float32Array


class Lens(NamedTuple):
    """A pinhole camera as the kernels need it.

    Parameters
    ----------
    eye_m : FloatArray
        Where it stands, shape (3,).
    turn : FloatArray
        Rows: right, down and forward in the world, shape (3, 3).
    focal_px, centre_x_px, centre_y_px : float
        Of the picture that is drawn.
    """

    eye_m: FloatArray
    turn: FloatArray
    focal_px: float
    centre_x_px: float
    centre_y_px: float


@kernel
def place(solid: Solid, origin_m: FloatArray, axes: FloatArray, points_m: Float32Array) -> None:
    """Fill `points_m` (n_points, 3) from rings at `origin_m` (n, 3) with `axes` (n, 3, 3).

    The columns of each ring's axes are its own x, y and z in the world.
    """
    for point in range(solid.ring.shape[0]):
        ring = solid.ring[point]
        for row in range(3):
            value = origin_m[ring, row]
            for column in range(3):
                value += axes[ring, row, column] * solid.local_m[point, column]
            points_m[point, row] = value


@kernel
def _face_normal(points_m: Float32Array, a: int, b: int, c: int) -> tuple[float, float, float]:
    ux = points_m[b, 0] - points_m[a, 0]
    uy = points_m[b, 1] - points_m[a, 1]
    uz = points_m[b, 2] - points_m[a, 2]
    vx = points_m[c, 0] - points_m[a, 0]
    vy = points_m[c, 1] - points_m[a, 1]
    vz = points_m[c, 2] - points_m[a, 2]
    return uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx


@kernel
def turn_outward(points_m: Float32Array, faces: AnyArray, normals: Float32Array) -> None:
    """Fill `normals` (n_points, 3) with unit vectors: means of the faces around, by their areas."""
    normals[:] = 0.0
    for face in range(faces.shape[0]):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        nx, ny, nz = _face_normal(points_m, a, b, c)
        for corner in range(3):
            point = faces[face, corner]
            normals[point, 0] += nx
            normals[point, 1] += ny
            normals[point, 2] += nz
    for point in range(normals.shape[0]):
        x, y, z = normals[point, 0], normals[point, 1], normals[point, 2]
        scale = 1.0 / np.sqrt(x * x + y * y + z * z + 1e-20)
        normals[point, 0] = x * scale
        normals[point, 1] = y * scale
        normals[point, 2] = z * scale


@kernel
def to_picture(points_m: Float32Array, lens: Lens, seen: Float32Array) -> None:
    """Fill `seen` (n_points, 3): pixel x, pixel y, and one over the depth in metres."""
    for point in range(points_m.shape[0]):
        x = points_m[point, 0] - lens.eye_m[0]
        y = points_m[point, 1] - lens.eye_m[1]
        z = points_m[point, 2] - lens.eye_m[2]
        right = lens.turn[0, 0] * x + lens.turn[0, 1] * y + lens.turn[0, 2] * z
        down = lens.turn[1, 0] * x + lens.turn[1, 1] * y + lens.turn[1, 2] * z
        depth = lens.turn[2, 0] * x + lens.turn[2, 1] * y + lens.turn[2, 2] * z
        nearness = 1.0 / max(depth, LEAST_DEPTH_M)
        seen[point, 0] = lens.centre_x_px + lens.focal_px * right * nearness
        seen[point, 1] = lens.centre_y_px + lens.focal_px * down * nearness
        seen[point, 2] = nearness
