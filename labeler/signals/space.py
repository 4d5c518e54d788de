"""Turns about the long axis, and the athlete's own sagittal plane, from world landmarks.

World axes are the camera's: x right, y down, z away; metres. Turns count + to the athlete's left.
"""

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.landmarks import Landmark
from labeler.signals.clean import runs
from labeler.signals.robust import median

PAIRS = {
    name: (Landmark[f"LEFT_{name}"], Landmark[f"RIGHT_{name}"])
    for name in ("HIP", "SHOULDER", "WRIST")
}

TURNING = [landmark for name in ("HIP", "SHOULDER") for landmark in PAIRS[name]]
"""The points that turns are told by."""


def sagittal_m(world_m: FloatArray) -> FloatArray:
    """Points in the plane in which the athlete faces; x forward, y down; NaN where unknown.

    Parameters
    ----------
    world_m : FloatArray
        Shape (n_frames, 33, 3).

    Returns
    -------
    FloatArray
        Shape (n_frames, 33, 2). The way one faces is the clip's median, at right angles to the
        hip line: the line of one frame is noisy in depth.
    """
    left_x, left_z = (median(line) for line in _across(world_m, "HIP")[:, [0, 2]].T)
    size = np.hypot(left_x, left_z)
    forward_x, forward_z = np.array([left_z, -left_x]) / (size if size > 0 else np.nan)
    seen_m = np.empty((*world_m.shape[:-1], 2))
    seen_m[..., 0] = world_m[..., 0] * forward_x + world_m[..., 2] * forward_z
    seen_m[..., 1] = world_m[..., 1]
    return seen_m


def axial_rates_deg_per_s(
    world_m: FloatArray, times_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Turning speed of pelvis and thorax about the trunk's long axis, mid hip to mid shoulder.

    The part along that axis of the angular velocity of the hip line and of the shoulder line. How
    a line spins about itself cannot be seen and counts as none. A lean or a side bend then is no
    turn, as it is for the heading on the ground.

    Notes
    -----
    A line that is not square to the axis could be squared first; dividing by the sine of its angle
    then makes noise, and a raised shoulder, larger. The price: of a spin about the axis, a line
    off square by an angle a shows the share cos² a. ``benchmarks/truth.py`` holds both speeds
    against published throws.
    """
    axis = _unit(_middle(world_m, "SHOULDER") - _middle(world_m, "HIP"))
    pelvis, thorax = (_unit(_across(world_m, name)) for name in ("HIP", "SHOULDER"))
    return _rate_deg_per_s(pelvis, axis, times_s), _rate_deg_per_s(thorax, axis, times_s)


def turned_deg(rate_deg_per_s: FloatArray, yaw_deg: FloatArray, times_s: FloatArray) -> FloatArray:
    """Angle by integrating a turning speed; NaN where that is unknown.

    Each stretch without gaps is put where its heading on the ground is, by their median
    difference: an integral has no beginning of its own.
    """
    angle = np.full(len(times_s), np.nan)
    for run in runs(np.isfinite(rate_deg_per_s), times_s):
        steps = np.diff(times_s[run]) * (rate_deg_per_s[run][1:] + rate_deg_per_s[run][:-1]) / 2.0
        turned = np.concatenate([[0.0], np.cumsum(steps)])
        offset = median(yaw_deg[run] - turned)
        angle[run] = turned + (0.0 if np.isnan(offset) else offset)
    return angle


def yaw_deg(
    world_m: FloatArray, name: str, times_s: FloatArray, is_standing: BoolArray
) -> FloatArray:
    """Heading of the line from right to left on the ground, from where it points when standing.

    Each stretch without gaps is followed through whole turns and put where its median lies within
    half a turn of standing: how often somebody turned while unseen cannot be told.
    """
    across = _across(world_m, name)[:, [0, 2]]
    reference = across[is_standing & np.isfinite(across).all(axis=1)]
    x, z = (median(line) for line in (reference if len(reference) else across).T)
    heading = np.degrees(np.arctan2(across[:, 1], across[:, 0]) - np.arctan2(z, x))
    found = np.full(len(heading), np.nan)
    for run in runs(np.isfinite(heading), times_s):
        followed = np.unwrap(heading[run], period=360.0)
        found[run] = followed - 360.0 * np.round(median(followed) / 360.0)
    return found


def reach_ratio(world_m: FloatArray) -> FloatArray:
    """Middle of the wrists from the middle of the shoulders, in the clip's usual trunk length."""
    shoulders = _middle(world_m, "SHOULDER")
    trunk_m = median(np.linalg.norm(shoulders - _middle(world_m, "HIP"), axis=1))
    reach_m: FloatArray = np.linalg.norm(_middle(world_m, "WRIST") - shoulders, axis=1)
    return reach_m / trunk_m


def _across(world_m: FloatArray, name: str) -> FloatArray:
    left, right = PAIRS[name]
    return world_m[:, left] - world_m[:, right]


def _middle(world_m: FloatArray, name: str) -> FloatArray:
    left, right = PAIRS[name]
    return (world_m[:, left] + world_m[:, right]) / 2.0


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: FloatArray = vectors / np.where(length > 0, length, np.nan)
    return units


def _rate_deg_per_s(line: FloatArray, axis: FloatArray, times_s: FloatArray) -> FloatArray:
    """Angular velocity of a unit `line` along a unit `axis`; no difference reaches over a gap."""
    rate = np.full(len(times_s), np.nan)
    is_known = np.isfinite(np.sum(line + axis, axis=1))
    for run in runs(is_known, times_s):
        if run.stop - run.start > 1:
            change = np.gradient(line[run], times_s[run], axis=0)
            rate[run] = np.degrees(_triple(axis[run], line[run], change))
    return rate


def _triple(one: FloatArray, two: FloatArray, three: FloatArray) -> FloatArray:
    """(one x two) . three of each row; written out, which takes a fifth of NumPy's own."""
    (a, b, c), (d, e, f), (x, y, z) = one.T, two.T, three.T
    return np.asarray((b * f - c * e) * x + (c * d - a * f) * y + (a * e - b * d) * z)
