"""What only the front or the back shows: side bend, slopes, widths and sway, in the picture."""

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.clip import View
from labeler.core.landmarks import Landmark
from labeler.signals.angles import distance_px, incline_deg
from labeler.signals.body import Body, is_standing, leg_px
from labeler.signals.robust import median, percentile
from labeler.signals.stance import IMAGE_RIGHT, is_frontal

WIDEST_PERCENTILE = 95.0
"""What counts as the widest: a few frames of wrong pose must not."""


def frontal_signals(xy_px: FloatArray, body: Body, view: View | None) -> dict[str, FloatArray]:
    """Signals of the frontal plane, + to the athlete's left; NaN unless seen from there.

    From the side a bend cannot be seen at all, and at 45 degrees it cannot be told from a
    forward lean.
    """
    to_left = -1 if view is View.REAR else 1  # the athlete's left is at the right from the front
    knees_px, ankles_px = _width_px(xy_px, "KNEE"), _width_px(xy_px, "ANKLE")
    found = {
        "lateral_bend_deg": to_left
        * incline_deg(body.hip_px, body.shoulder_px, facing=IMAGE_RIGHT),
        "shoulder_obliquity_deg": _slope_deg(xy_px, "SHOULDER"),
        "pelvis_obliquity_deg": _slope_deg(xy_px, "HIP"),
        "knee_width_ratio": knees_px / np.where(ankles_px > 0, ankles_px, np.nan),
        "pelvis_shift_legs": to_left * _shift_px(body) / leg_px(body),
    }
    if is_frontal(body, view):
        return found
    return {name: np.full(len(xy_px), np.nan) for name in found}


def width_ratios(xy_px: FloatArray) -> dict[str, FloatArray]:
    """Width of shoulder and hip line in the picture over their widest."""
    return {
        f"{name}_width_ratio": _of_widest(np.abs(_across_px(xy_px, landmark)[:, 0]))
        for name, landmark in (("shoulder", "SHOULDER"), ("pelvis", "HIP"))
    }


def _of_widest(width_px: FloatArray) -> FloatArray:
    widest_px = percentile(width_px, WIDEST_PERCENTILE)
    return width_px / (widest_px if widest_px > 0 else np.nan)


def _across_px(xy_px: FloatArray, name: str) -> FloatArray:
    return xy_px[:, Landmark[f"LEFT_{name}"]] - xy_px[:, Landmark[f"RIGHT_{name}"]]


def _width_px(xy_px: FloatArray, name: str) -> FloatArray:
    return distance_px(xy_px[:, Landmark[f"LEFT_{name}"]], xy_px[:, Landmark[f"RIGHT_{name}"]])


def _slope_deg(xy_px: FloatArray, name: str) -> FloatArray:
    """+ when the left point is higher."""
    across_px = _across_px(xy_px, name)
    tilt_deg: FloatArray = np.degrees(np.arctan2(-across_px[:, 1], np.abs(across_px[:, 0])))
    return tilt_deg


def _shift_px(body: Body) -> FloatArray:
    """Hips against the ankles, to the picture's right, from where they stand."""
    shift_px = body.hip_px[:, 0] - body.ankle_px[:, 0]
    return shift_px - median(shift_px[is_standing(body)])
