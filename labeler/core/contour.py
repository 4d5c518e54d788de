"""The outline of a trunk, frame by frame: how far the body reaches to either side of its axis."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.errors import ShapeError
from labeler.core.landmarks import Landmark

STATIONS: FloatArray = np.round(np.linspace(-0.10, 1.15, 26), 2)
"""Where along the trunk the outline is measured, in trunk lengths: 0 mid-hip, 1 mid-shoulder."""
STATIONS.setflags(write=False)

N_STATIONS = len(STATIONS)
STATION_STEP = 0.05
"""From one station to the next, in trunk lengths."""
N_SIDES = 2
"""0 is at the picture's left of somebody upright, 1 at its right."""


@dataclass(frozen=True, slots=True, eq=False)
class TrunkContour:
    """Both sides of one person's trunk in one clip; NaN where the outline was not seen.

    Parameters
    ----------
    offset_px : FloatArray
        Shape (n_frames, 2, 26): from the axis (mid-hip to mid-shoulder) at a right angle to the
        edge of the body, at each of `STATIONS`; pixels of the upright picture, never negative.
    area_px : FloatArray
        Shape (n_frames,): pixels that the whole body covers.
    """

    offset_px: FloatArray
    area_px: FloatArray

    def __post_init__(self) -> None:
        n_frames = len(self.offset_px)
        expected = (n_frames, N_SIDES, N_STATIONS)
        if self.offset_px.shape != expected:
            raise ShapeError("offset_px", expected, self.offset_px.shape)
        if self.area_px.shape != (n_frames,):
            raise ShapeError("area_px", (n_frames,), self.area_px.shape)

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.offset_px)

    def only(self, is_kept: BoolArray) -> Self:
        """The same with the frames that are not kept, of shape (n_frames,), set to NaN."""
        return replace(
            self,
            offset_px=np.where(is_kept[:, None, None], self.offset_px, np.nan),
            area_px=np.where(is_kept, self.area_px, np.nan),
        )

    def points_px(self, xy_px: FloatArray) -> FloatArray:
        """Where the outline is in the picture; shape (n_frames, 2, 26, 2), NaN where not seen.

        `xy_px` are the landmarks of the same track, unchanged: the axis goes through them.
        """
        origin, along = trunk_axis(xy_px)
        across = right_of(along)
        across = across / np.linalg.norm(across, axis=-1, keepdims=True)
        on_axis = origin[:, None] + STATIONS[:, None] * along[:, None]
        outward = np.stack([-across, across], axis=1)[:, :, None]
        return np.asarray(on_axis[:, None] + self.offset_px[..., None] * outward)


def behind(facing: int) -> int:
    """Which of the two sides is the back of who faces right (+1) or left (-1)."""
    return 0 if facing > 0 else 1


def trunk_axis(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mid-hip, and the way from there to mid-shoulder; shapes (..., n_coordinates)."""
    left_hip, right_hip = points[..., Landmark.LEFT_HIP, :], points[..., Landmark.RIGHT_HIP, :]
    origin = (left_hip + right_hip) / 2.0
    left, right = points[..., Landmark.LEFT_SHOULDER, :], points[..., Landmark.RIGHT_SHOULDER, :]
    return origin, (left + right) / 2.0 - origin


def right_of(along: FloatArray) -> FloatArray:
    """A quarter turn that takes the picture's upward direction to its right; same length."""
    return np.stack([-along[..., 1], along[..., 0]], axis=-1)
