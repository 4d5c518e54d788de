"""A pose track: where one person's landmarks were, frame by frame."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeler.core.arrays import FloatArray
from labeler.core.clip import FrameTimes
from labeler.core.contour import TrunkContour
from labeler.core.errors import ShapeError


@dataclass(frozen=True, slots=True, eq=False)
class PoseTrack:
    """One person in one clip; missing points are NaN in `xy_px` and `world_m`, never zero.

    Parameters
    ----------
    times : FrameTimes
        When each frame is shown.
    xy_px : FloatArray
        Shape (n_frames, n_landmarks, 2): pixels of the upright picture, x right, y down.
    visibility : FloatArray
        Shape (n_frames, n_landmarks), 0 to 1; NaN where no person was found.
    world_m : FloatArray
        Shape (n_frames, n_landmarks, 3): metres, origin mid-hip, x right, y down, z away.
    size_px : tuple[int, int]
        Width and height of the upright picture.
    made_by : Mapping[str, str]
        What produced it: model name and checksum, versions, settings.
    contour : TrunkContour | None
        The outline of the trunk, measured from the same landmarks; None where there is none.
    """

    times: FrameTimes
    xy_px: FloatArray
    visibility: FloatArray
    world_m: FloatArray
    size_px: tuple[int, int]
    made_by: Mapping[str, str] = field(default_factory=dict)
    contour: TrunkContour | None = None

    def __post_init__(self) -> None:
        if self.visibility.ndim != 2 or self.visibility.shape[0] != self.times.n_frames:
            raise ShapeError("visibility", (self.times.n_frames, 33), self.visibility.shape)
        for name, array, width in (("xy_px", self.xy_px, 2), ("world_m", self.world_m, 3)):
            expected = (*self.visibility.shape, width)
            if array.shape != expected:
                raise ShapeError(name, expected, array.shape)
        if self.contour is not None and self.contour.n_frames != self.n_frames:
            raise ShapeError("contour", (self.n_frames,), (self.contour.n_frames,))

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return self.times.n_frames
