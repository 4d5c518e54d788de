"""Angles and lengths of body segments, mostly in the picture: pixels, x right, y down."""

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.landmarks import Landmark
from labeler.signals.robust import median


def incline_deg(lower_px: FloatArray, upper_px: FloatArray, *, facing: int) -> FloatArray:
    """Lean of the line from `lower_px` to `upper_px`; 0 is upright, + leans the way one faces.

    Parameters
    ----------
    lower_px, upper_px : FloatArray
        Shape (n_frames, 2), pixels; a NaN in either gives NaN.
    facing : int
        +1 when the athlete faces the right edge of the picture, -1 for the left.

    Notes
    -----
    Always in pixels: coordinates scaled to 0..1 in both directions bend every angle by the
    picture's aspect ratio.
    """
    forward_px = facing * (upper_px[..., 0] - lower_px[..., 0])
    up_px = lower_px[..., 1] - upper_px[..., 1]
    lean_deg: FloatArray = np.degrees(np.arctan2(forward_px, up_px))
    return lean_deg


def joint_deg(first_px: FloatArray, joint_px: FloatArray, last_px: FloatArray) -> FloatArray:
    """Angle at `joint_px` between the lines to the two others; 180 is straight, never signed."""
    one, two = first_px - joint_px, last_px - joint_px
    cross = one[..., 0] * two[..., 1] - one[..., 1] * two[..., 0]
    along = one[..., 0] * two[..., 0] + one[..., 1] * two[..., 1]
    between_deg: FloatArray = np.degrees(np.arctan2(np.abs(cross), along))
    return between_deg


def wrapped_deg(angle_deg: FloatArray) -> FloatArray:
    """The same angle within -180 (included) to 180 degrees."""
    turned: FloatArray = np.mod(angle_deg + 180.0, 360.0)
    return turned - 180.0


def distance_px(one_px: FloatArray, two_px: FloatArray) -> FloatArray:
    """Distance in pixels between two points, per frame."""
    return np.hypot(one_px[..., 0] - two_px[..., 0], one_px[..., 1] - two_px[..., 1])


def trunk_length(points: FloatArray) -> float:
    """Usual shoulder to hip distance, of the longer side; 0 when never seen.

    `points` has the shape (n_frames, 33, n_coordinates), in the picture or in space.
    """
    left = points[:, Landmark.LEFT_SHOULDER] - points[:, Landmark.LEFT_HIP]
    right = points[:, Landmark.RIGHT_SHOULDER] - points[:, Landmark.RIGHT_HIP]
    lengths = (median(np.linalg.norm(side, axis=-1)) for side in (left, right))
    return float(np.nan_to_num(max(lengths, key=np.nan_to_num)))
