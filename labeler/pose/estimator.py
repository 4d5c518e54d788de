"""What a pose network does for us, whichever it is: pictures in, people out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from labeler.core.arrays import ByteImage, FloatArray
from labeler.core.clip import FrameTimes
from labeler.core.landmarks import N_LANDMARKS
from labeler.core.track import PoseTrack
from labeler.pose.outline import Outline, contour_of


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One person in one picture.

    Parameters
    ----------
    xy_ratio : FloatArray
        Shape (33, 2): shares of the picture's width and height, so that any scaled copy of the
        picture gives the same numbers; may lie outside 0 to 1.
    visibility : FloatArray
        Shape (33,), 0 to 1.
    world_m : FloatArray
        Shape (33, 3): metres, origin mid-hip, x right, y down, z away.
    outline : Outline | None
        Of the trunk, where the network gives masks.
    """

    xy_ratio: FloatArray
    visibility: FloatArray
    world_m: FloatArray
    outline: Outline | None = None


class PoseEstimator(Protocol):
    """Finds people; one estimator serves one clip, from its first frame, in order."""

    @property
    def made_by(self) -> Mapping[str, str]:
        """Model, checksum, versions and settings: kept with every track."""

    def track(self, rgb: ByteImage, at_s: float) -> list[Pose]:
        """People in the next frame of the clip, followed from the frame before."""

    def look(self, rgb: ByteImage) -> list[Pose]:
        """People in one picture, seen afresh, whatever came before."""

    def close(self) -> None:
        """Free the network."""


EstimatorFactory = Callable[[int], PoseEstimator]
"""Makes an estimator that follows at most so many people at once."""


def track_from_poses(
    poses: Sequence[Pose | None],
    times: FrameTimes,
    *,
    size_px: tuple[int, int],
    made_by: Mapping[str, str],
) -> PoseTrack:
    """Stack one pose per frame, in pixels of the upright original; None becomes NaN."""
    nowhere = Pose(
        np.full((N_LANDMARKS, 2), np.nan),
        np.full(N_LANDMARKS, np.nan),
        np.full((N_LANDMARKS, 3), np.nan),
    )
    filled = [pose or nowhere for pose in poses]
    xy_px = np.stack([pose.xy_ratio for pose in filled]) * np.array(size_px, dtype=np.float64)
    return PoseTrack(
        times=times,
        xy_px=xy_px,
        visibility=np.stack([pose.visibility for pose in filled]),
        world_m=np.stack([pose.world_m for pose in filled]),
        size_px=size_px,
        made_by=made_by,
        contour=contour_of([pose.outline for pose in filled], xy_px, size_px),
    )
