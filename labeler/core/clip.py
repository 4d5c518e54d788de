"""A clip: one video of one athlete doing one movement, seen from one side."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.finding import Finding
from labeler.core.origin import Origin

ClipId = NewType("ClipId", str)
"""SHA-256 of the file's bytes, 64 hexadecimal digits."""

_CLIP_ID = re.compile(r"[0-9a-f]{64}")

SHORT_ID_DIGITS = 12
"""How many digits of a clip's id people read and type, and rep ids begin with."""


def is_clip_id(text: str) -> bool:
    """Whether `text` is a whole clip id: nothing else may become part of a file's name."""
    return _CLIP_ID.fullmatch(text) is not None


class View(StrEnum):
    """Where the camera stood, as seen from the athlete."""

    SIDE = "side"
    OBLIQUE = "45"
    FRONT = "front"
    REAR = "rear"

    @property
    def words(self) -> str:
        """As people write it."""
        return "45°" if self is View.OBLIQUE else self.value


@dataclass(frozen=True, slots=True, eq=False)
class FrameTimes:
    """When each frame is shown, from the container's own timestamps (pts), never frame / fps.

    Parameters
    ----------
    pts_s : FloatArray
        Shape (n_frames,): seconds since the first frame, strictly increasing, first is 0.
    start_offset_s : float
        The container's time of the first frame.
    """

    pts_s: FloatArray
    start_offset_s: float = 0.0

    def __post_init__(self) -> None:
        if self.pts_s.ndim != 1 or self.pts_s.size == 0 or np.any(np.diff(self.pts_s) <= 0):
            raise ValueError("pts_s: expected a non-empty, strictly increasing vector")

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return int(self.pts_s.size)

    @property
    def frame_s(self) -> float:
        """Median time from frame to frame in seconds; NaN for a single frame."""
        return float(np.median(np.diff(self.pts_s))) if self.n_frames > 1 else float("nan")

    @property
    def fps_median(self) -> float:
        """Frames per second from the median frame time; NaN for a single frame."""
        return 1.0 / self.frame_s

    @property
    def fps_jitter_ratio(self) -> float:
        """Interquartile range of the frame times over their median; 0 is a steady clock."""
        if self.n_frames < 3:
            return 0.0
        low, high = np.percentile(np.diff(self.pts_s), [25, 75])
        return float((high - low) / self.frame_s)

    @property
    def duration_s(self) -> float:
        """From the first frame's start to the last frame's end, which is one median frame long."""
        tail = self.frame_s if self.n_frames > 1 else 0.0
        return float(self.pts_s[-1]) + tail

    def scaled(self, time_scale: float) -> "FrameTimes":
        """The same frames on a clock that runs `time_scale` times as far: 0.125 of 240 at 30."""
        if time_scale == 1.0:
            return self
        return FrameTimes(self.pts_s * time_scale, self.start_offset_s)

    def frame_near(self, at_s: float) -> int:
        """The frame whose time is nearest to `at_s`; the earlier one of two as near."""
        return int(np.argmin(np.abs(self.pts_s - at_s)))

    def boundary_s(self, frame: int) -> float:
        """Time of a half-open boundary: `frame`'s start, or the clip's end for `n_frames`."""
        return float(self.pts_s[frame]) if frame < self.n_frames else self.duration_s


@dataclass(frozen=True, slots=True)
class ClipTags:
    """What a person says about a clip; None is "not told"."""

    athlete: str | None = None
    movement: str | None = None
    view: View | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Clip:
    """One ingested clip, as the dataset knows it.

    Notes
    -----
    Pixel sizes are those of the upright picture, with the rotation baked in. `is_video_present`
    is False for clips that came in without their video (an imported dataset).

    A clip that was filmed faster than it plays is told so once: `duration_s` and `fps_median` are
    then real, and `time_scale` is how many real seconds a second of the file lasts.

    `is_synthetic` is what the file said of itself when it came in: a made-up athlete.
    """

    clip_id: ClipId
    file_name: str
    tags: ClipTags
    width_px: int
    height_px: int
    n_frames: int
    duration_s: float
    fps_median: float
    fps_jitter_ratio: float
    start_offset_s: float
    rotation_deg: int
    detected_ratio: float
    source_path: str | None
    ingested_at: str
    findings: tuple[Finding, ...] = field(default=())
    is_video_present: bool = True
    filmed_fps: float | None = None
    time_scale: float = 1.0
    is_synthetic: bool = False

    @property
    def origin(self) -> Origin:
        """Which numbers the clip may count in."""
        return Origin.SYNTHETIC if self.is_synthetic else Origin.RECORDED

    @property
    def short_id(self) -> str:
        """The first digits of the id: what people read and type."""
        return self.clip_id[:SHORT_ID_DIGITS]
