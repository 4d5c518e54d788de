"""Named joints of one person, from any other tool or laboratory, as a pose track like our own.

Flat joints are pixels already. Joints in space are seen by a camera that does not exist: far away,
level, and just where `view` says, so that the same signals, repetitions and features follow from
a laboratory's gold standard as from a phone video.
"""

from collections.abc import Mapping

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import FrameTimes, View
from labeler.core.errors import ShapeError
from labeler.core.landmarks import N_LANDMARKS, Landmark
from labeler.core.track import PoseTrack

Joints = Mapping[Landmark, FloatArray]
"""Points by landmark, each of shape (n_frames, 2) in pixels or (n_frames, 3) in metres."""

PX_PER_M = 500.0
"""A person of 1.8 m stands 900 pixels tall in the picture that does not exist."""

MARGIN_PX = 50.0
"""Room between the outermost point and the picture's edge."""

CAMERA_TURNS_DEG: Mapping[View, float] = {
    View.SIDE: 90.0,
    View.OBLIQUE: 45.0,
    View.FRONT: 0.0,
    View.REAR: 180.0,
}
"""How far around the athlete the camera stands, from the front towards the athlete's right."""


def track_from_pixels(
    joints: Joints, times: FrameTimes, *, size_px: tuple[int, int], made_by: Mapping[str, str]
) -> PoseTrack:
    """Flat joints, x right and y down, as a track; landmarks that are not named are NaN."""
    xy_px = _gathered(joints, times, width=2)
    world_m = np.full((times.n_frames, N_LANDMARKS, 3), np.nan)
    return PoseTrack(times, xy_px, _visibility(xy_px), world_m, size_px, dict(made_by))


def track_from_metres(
    joints: Joints,
    times: FrameTimes,
    *,
    view: View,
    made_by: Mapping[str, str],
    heading: tuple[float, float] | None = None,
) -> PoseTrack:
    """Joints in space as a camera at `view` would see them, upright and without perspective.

    Parameters
    ----------
    joints : Joints
        Metres in a right-handed frame with z up.
    view : View
        From the side the camera stands at the athlete's right, who then faces the right edge.
    made_by : Mapping[str, str]
        What measured the joints.
    heading : tuple[float, float] | None
        The way the athlete faces, as x and y; by the hips over all frames where not told.

    Raises
    ------
    ValueError
        When the heading is not told and the hips are never seen.
    """
    points_m = _gathered(joints, times, width=3)
    right, away, up = _camera_axes(_heading(points_m) if heading is None else heading, view)
    seen_m = np.stack([points_m @ right, -(points_m @ up), points_m @ away], axis=-1)
    xy_px, size_px = _framed(PX_PER_M * seen_m[..., :2])
    hips_m = seen_m[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1, keepdims=True)
    made = {**made_by, "camera": f"orthographic, {view.words}, {PX_PER_M:g} px/m"}
    return PoseTrack(times, xy_px, _visibility(xy_px), seen_m - hips_m, size_px, made)


def _gathered(joints: Joints, times: FrameTimes, *, width: int) -> FloatArray:
    """All 33 landmarks, NaN where not given; shape (n_frames, 33, width)."""
    points = np.full((times.n_frames, N_LANDMARKS, width), np.nan)
    for landmark, values in joints.items():
        if values.shape != (times.n_frames, width):
            raise ShapeError(landmark.name.lower(), (times.n_frames, width), values.shape)
        points[:, landmark] = values
    return points


def _heading(points_m: FloatArray) -> tuple[float, float]:
    """Forward on the floor: a quarter turn to the right of the way from right hip to left hip."""
    across_m = points_m[:, Landmark.LEFT_HIP, :2] - points_m[:, Landmark.RIGHT_HIP, :2]
    known_m = across_m[np.isfinite(across_m).all(axis=1)]
    if not len(known_m):
        raise ValueError("heading: expected both hips in some frame, or a heading, got neither")
    left_x, left_y = np.median(known_m, axis=0)
    return float(left_y), -float(left_x)


def _camera_axes(
    heading: tuple[float, float], view: View
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Unit vectors in space: the picture's right, away from the camera, and up."""
    forward = np.array([*heading, 0.0]) / np.hypot(*heading)
    up = np.array([0.0, 0.0, 1.0])
    left = np.cross(up, forward)
    turn = np.radians(CAMERA_TURNS_DEG[view])
    towards = np.cos(turn) * forward - np.sin(turn) * left  # from the athlete to the camera
    return np.cross(up, towards), -towards, up


def _framed(xy_px: FloatArray) -> tuple[FloatArray, tuple[int, int]]:
    """The points moved into the smallest picture that holds them all, and its size."""
    known = xy_px[np.isfinite(xy_px).all(axis=-1)]
    if not len(known):
        return xy_px, (1, 1)
    low, high = known.min(axis=0) - MARGIN_PX, known.max(axis=0) + MARGIN_PX
    width_px, height_px = np.ceil(high - low).astype(int).tolist()
    return xy_px - low, (width_px, height_px)


def _visibility(points: FloatArray) -> FloatArray:
    """1 where a point is known, 0 where it is not, NaN where nothing of the body is."""
    is_known = np.isfinite(points).all(axis=-1)
    is_anybody: BoolArray = np.logical_or.reduce(is_known, axis=1)
    return np.where(is_anybody[:, None], is_known.astype(np.float64), np.nan)
