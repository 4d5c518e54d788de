"""Where the camera stands, by the way the athlete stands."""

from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import View
from labeler.core.finding import Finding
from labeler.core.landmarks import Landmark

SECTOR_DEG = 22.5
"""A view reaches this far to either side of its middle: halfway to the next one."""

MAX_DISAGREEMENT_DEG = 30.0
"""Hips and shoulders of somebody who stands point the same way; this far apart, nothing is sure."""

MIN_CONFIDENCE = 0.4
"""Below this the estimate does not contradict what a person has told."""

MIDDLES_DEG = {
    View.FRONT: (0.0,),
    View.OBLIQUE: (45.0, 135.0),
    View.SIDE: (90.0,),
    View.REAR: (180.0,),
}
"""How far the athlete is turned from the camera in each view; obliquely from behind is 45 too."""

PAIRS = (
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
)

TRUNK_SIDES = (
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP),
)

FRONT_WIDTH_RATIOS = (0.35, 0.42, 0.52)
"""Hips over trunk when seen from the front: the narrowest, the usual and the widest.

Published practice takes 0.35 to 0.45; world landmarks of test clips had 0.33 to 0.52 (median
0.45). From the front this cannot be told from 30 degrees off it, so only a clear side view is
ever sure.
"""


@dataclass(frozen=True, slots=True)
class ViewEstimate:
    """Where the camera seems to stand.

    Parameters
    ----------
    azimuth_deg : float
        How far the athlete is turned away from facing the camera, 0 (front) to 180 (rear).
    confidence : float
        0 to 1: 1 in the middle of a view with hips and shoulders agreeing, 0 on the border
        between two views or when they differ by `MAX_DISAGREEMENT_DEG`. Without depth: 0 where
        an athlete with narrower or wider hips would be seen from another view.
    """

    view: View
    azimuth_deg: float
    confidence: float


def estimate_view(
    xy_px: FloatArray, world_m: FloatArray, is_standing: BoolArray
) -> ViewEstimate | None:
    """Turn of the hip and shoulder lines while standing; None where that was never seen.

    Notes
    -----
    Depth between left and right comes from the pose network's world landmarks. On test clips it
    told 80 to 98 degrees for side views and 37 to 50 for oblique ones, which the width of the
    hips over the trunk's length in the picture (0.02 to 0.08 against 0.25 to 0.36) confirms.
    Where there is no depth that width is all there is: see `FRONT_WIDTH_RATIOS`.
    """
    lines = [_line(world_m[is_standing], *pair) for pair in PAIRS]
    if any(line is None for line in lines):
        return _by_width(xy_px[is_standing])
    hips_deg, shoulders_deg = (_turn_deg(line) for line in lines if line is not None)
    azimuth_deg = (hips_deg + shoulders_deg) / 2.0
    view, is_central = _nearest(azimuth_deg)
    is_agreed = 1.0 - abs(hips_deg - shoulders_deg) / MAX_DISAGREEMENT_DEG
    return ViewEstimate(view, azimuth_deg, is_central * max(0.0, is_agreed))


def _by_width(standing_px: FloatArray) -> ViewEstimate | None:
    """From how wide the hips look; as sure as the least favourable of `FRONT_WIDTH_RATIOS`."""
    sides = (_line(standing_px, *ends) for ends in TRUNK_SIDES)
    known = [side for side in sides if side is not None]
    hips = _line(standing_px, *PAIRS[0])
    trunk_px = float(np.hypot(*np.mean(known, axis=0))) if known else 0.0
    if hips is None or not trunk_px > 0:
        return None
    width_ratio = float(hips[0]) / trunk_px
    turns_deg = [
        float(np.degrees(np.arccos(np.clip(width_ratio / widest, -1.0, 1.0))))
        for widest in FRONT_WIDTH_RATIOS
    ]
    found = [_nearest(turn_deg) for turn_deg in turns_deg]
    view = found[1][0]
    confidence = min(central if one is view else 0.0 for one, central in found)
    return ViewEstimate(view, turns_deg[1], confidence)


def _nearest(azimuth_deg: float) -> tuple[View, float]:
    """The view whose middle is nearest; 1 in its middle to 0 at its border."""
    view, off_deg = min(
        ((view, abs(azimuth_deg - middle)) for view, at in MIDDLES_DEG.items() for middle in at),
        key=lambda found: found[1],
    )
    return view, max(0.0, 1.0 - off_deg / SECTOR_DEG)


def view_findings(estimate: ViewEstimate | None, told: View | None) -> tuple[Finding, ...]:
    """A view that is told otherwise than it looks."""
    if estimate is None or told is None or estimate.view is told:
        return ()
    if estimate.confidence < MIN_CONFIDENCE:
        return ()
    return (
        Finding(
            code="view_differs",
            message=f"The camera seems to stand at the view {estimate.view.words}, "
            f"told is {told.words}.",
            hint="Look at the clip, and tell the view anew if it is wrong.",
        ),
    )


def _line(standing: FloatArray, one: Landmark, other: Landmark) -> FloatArray | None:
    """Usual way from the other point to the one, in the picture or in space."""
    across = standing[:, one] - standing[:, other]
    known = across[np.isfinite(across).all(axis=1)]
    return np.asarray(np.median(known, axis=0)) if len(known) else None


def _turn_deg(line_m: FloatArray) -> float:
    """0 when the left is at the picture's right, as from the front; 180 from behind."""
    return float(np.degrees(np.abs(np.arctan2(line_m[2], line_m[0]))))
