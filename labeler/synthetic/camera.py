"""A pinhole camera that looks at the athlete, and the times of its frames."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.clip import FrameTimes, View
from labeler.core.errors import UsageError

FOCAL_PER_HEIGHT = 1500.0 / 1080.0
"""Focal length over the picture's height: that of a phone, which films 1080 lines at 1500 px."""

AIM_HEIGHT_M = 0.92
"""The camera looks at the middle of a standing body."""

MIN_INTERVAL_RATIO = 0.4
"""Frames never come closer together than this share of their usual time, however they jitter."""

AZIMUTHS_DEG: Mapping[View, tuple[float, float]] = {
    View.SIDE: (90.0, 8.0),
    View.OBLIQUE: (45.0, 8.0),
    View.FRONT: (0.0, 10.0),
    View.REAR: (180.0, 10.0),
}
"""Middle and greatest deviation of where a camera stands that is said to show a view."""

DISTANCES_M, HEIGHTS_M, ROLL_SD_DEG = (3.0, 4.5), (0.5, 1.4), 1.5
"""How far and high cameras are put up, and how crooked: priors of the specification."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Stands at an azimuth about the athlete (0 in front, 90 at their left) and looks at them.

    Parameters
    ----------
    roll_deg : float
        Turn of the camera about its own axis: + turns the picture counter-clockwise.
    focal_px : float
        Focal length in pixels.
    size_px : tuple[int, int]
        Width and height of the picture.
    aim_m : float
        The height over the floor at which it looks.
    """

    azimuth_deg: float
    distance_m: float
    height_m: float
    roll_deg: float
    focal_px: float
    size_px: tuple[int, int]
    aim_m: float = AIM_HEIGHT_M

    @property
    def position_m(self) -> FloatArray:
        """Where it stands, (3,), in the room."""
        azimuth = np.radians(self.azimuth_deg)
        x_m, z_m = self.distance_m * np.sin(azimuth), self.distance_m * np.cos(azimuth)
        return np.array([x_m, self.height_m, z_m])

    @property
    def axes(self) -> FloatArray:
        """Rows (3, 3): to the right, down and away from the camera, in the room."""
        away = np.array([0.0, self.aim_m, 0.0]) - self.position_m
        away /= np.linalg.norm(away)
        right = np.cross(away, [0.0, 1.0, 0.0])
        right /= np.linalg.norm(right)
        down = np.cross(away, right)
        cos, sin = np.cos(np.radians(self.roll_deg)), np.sin(np.radians(self.roll_deg))
        return np.stack([cos * right + sin * down, cos * down - sin * right, away])

    def project(self, points_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Pixels (..., 2), x right and y down, and depth in metres (...) of points (..., 3)."""
        seen = (points_m - self.position_m) @ self.axes.T
        depth_m = seen[..., 2]
        centre = np.array(self.size_px) / 2.0
        return centre + self.focal_px * seen[..., :2] / depth_m[..., None], depth_m

    def world(self, points_m: FloatArray, mid_hip_m: FloatArray) -> FloatArray:
        """Metres from mid-hip: x right, y down, z away from the camera, as a tracker tells them.

        Parameters
        ----------
        points_m, mid_hip_m : FloatArray
            Shapes (n, k, 3) and (n, 3).
        """
        return np.asarray((points_m - mid_hip_m[:, None]) @ self.axes.T)


def draw_camera(view: View, size_px: tuple[int, int], rng: np.random.Generator) -> Camera:
    """A camera as people put it up for a view; from either side of the athlete."""
    middle_deg, most_deg = AZIMUTHS_DEG[view]
    off_deg = float(np.clip(rng.normal(0.0, most_deg / 2.0), -most_deg, most_deg))
    side = 1.0 if rng.random() < 0.5 else -1.0
    return Camera(
        azimuth_deg=side * (middle_deg + off_deg),
        distance_m=float(rng.uniform(*DISTANCES_M)),
        height_m=float(rng.uniform(*HEIGHTS_M)),
        roll_deg=float(np.clip(rng.normal(0.0, ROLL_SD_DEG), -4.0, 4.0)),
        focal_px=FOCAL_PER_HEIGHT * size_px[1],
        size_px=size_px,
    )


def frame_times(
    duration_s: float,
    fps: float,
    *,
    jitter_ratio: float = 0.0,
    drop_ratio: float = 0.0,
    rng: np.random.Generator | None = None,
) -> FrameTimes:
    """When the frames of a clip of that duration are shown.

    Parameters
    ----------
    jitter_ratio : float
        Interquartile range of the times between frames over their median, as phones have it.
    drop_ratio : float
        Share of the frames that are missing; the first never is.
    rng : np.random.Generator | None
        Needed where there is anything to draw.
    """
    if not (duration_s > 0 and fps > 0):
        raise UsageError(
            f"frame times: expected a duration and rate above 0, got {duration_s} s, {fps} fps.",
            hint="Give seconds and frames per second.",
        )
    n_frames = max(round(duration_s * fps), 1)
    if rng is None:
        return FrameTimes(np.arange(n_frames) / fps)
    sd = jitter_ratio / IQR_OF_NORMAL
    steps = np.maximum(1.0 + sd * rng.standard_normal(n_frames - 1), MIN_INTERVAL_RATIO) / fps
    pts_s = np.concatenate([[0.0], np.cumsum(steps)])
    is_kept = rng.random(n_frames) >= drop_ratio
    is_kept[0] = True
    return FrameTimes(pts_s[is_kept & (pts_s <= duration_s)])


IQR_OF_NORMAL = 1.349
"""Interquartile range of a normal distribution, in standard deviations."""
