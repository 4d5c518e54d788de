"""Hip and shoulder by the outline behind them too, from the side.

A pose network's points wander within the body as it bends, by a centimetre or two. Where a hip so
takes part of the trunk's motion for its own, every lag shrinks. The outline in the same picture
wanders less; a joint keeps its distance from the back of the body, more or less.
"""

from dataclasses import replace

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import View
from labeler.core.contour import STATIONS, behind
from labeler.core.landmarks import Landmark
from labeler.core.track import PoseTrack
from labeler.signals.body import Body, Side, body_from, is_upright, trunk_px
from labeler.signals.clean import NOT_USED, CleanTrack
from labeler.signals.lowpass import lowpass
from labeler.signals.robust import median, median_of_last_axis
from labeler.signals.steps import Step

PARTS = {"HIP": (-0.10, 0.10), "SHOULDER": (0.80, 1.00)}
"""Where along the trunk the outline behind each joint is read, in trunk lengths from hip to
shoulder: about the hip, and below the shoulder, whose own height is the neck's."""

MIN_SEEN_RATIO = 0.8
"""The outline behind a joint is seen in this share of the frames in which the joint is, or is left
alone: hair, a bar or a hand hide it."""

MAX_OFF_TRUNKS = 0.12
"""An outline that says that a joint is further off is that of something else: a load, a jacket."""

OUTLINE_SHARE = 0.5
"""A joint is put half-way between both tellings, for each has errors of its own. In made-up
athletes the outline alone is nearer (0.8 would be best); but their flesh does not move over the
bone, and their backs are straight. In real deadlifts a thigh keeps its length with 0.4 as without,
and no longer does with 0.8 where the back rounds."""


def with_trunk_ends(
    track: PoseTrack, cleaned: CleanTrack, body: Body, *, lowpass_hz: float
) -> tuple[CleanTrack, Step]:
    """Near hip and shoulder moved at a right angle to the trunk, and how many points were.

    To half-way between where they are and where they would be as far from the outline behind them
    as they are in standing; or as usually, where the athlete never stands. Nothing is moved in
    another view, without an outline, or where it is mostly unseen or somewhere else.
    """
    n_moved = 0
    is_told = track.contour is not None and body.stance.view is View.SIDE
    if is_told and body.side is not Side.BOTH:
        ahead, seen = _ahead(body), body_from(cleaned.rough_xy_px, body.stance)
        offs_px = _offs_px(track, seen)
        xy_px, rough_xy_px = cleaned.xy_px.copy(), cleaned.rough_xy_px.copy()
        for joint, rough_px in offs_px.items():
            off_px = _smooth(rough_px, seen, track.times.pts_s, lowpass_hz)
            moved_px = -OUTLINE_SHARE * np.nan_to_num(off_px[:, None] * ahead)
            n_moved += int(np.isfinite(off_px).sum())
            for points in (xy_px, rough_xy_px):
                points[:, Landmark[f"{body.side.name}_{joint}"]] += moved_px
        cleaned = replace(cleaned, xy_px=xy_px, rough_xy_px=rough_xy_px)
    n_all = max(track.n_frames * (len(Landmark) - len(NOT_USED)), 1)
    return cleaned, Step(STEP, SAYS, n_moved, n_moved / n_all)


STEP = "trunk_ends"
SAYS = (
    f"from the side hip and shoulder moved by {OUTLINE_SHARE:g} of what their distance from the "
    "outline behind them differs from that of standing"
)
"""What this step does."""


def _offs_px(track: PoseTrack, body: Body) -> dict[str, FloatArray]:
    """How much further than usual each joint is in front of the outline, by joint.

    NaN where that is not seen, or not likely. `body` are points before the filter, as the outline
    is: it is the difference that is filtered.
    """
    if track.contour is None:
        return {}
    edge_px = track.contour.points_px(track.xy_px)[:, behind(body.facing)]
    ahead, is_still = _ahead(body), is_upright(body)
    most_px = MAX_OFF_TRUNKS * median(trunk_px(body))
    found = {}
    for joint, at_px in (("HIP", body.hip_px), ("SHOULDER", body.shoulder_px)):
        before_px = at_px[:, None] - edge_px[:, _stations(PARTS[joint])]
        off_px = median_of_last_axis(np.sum(before_px * ahead[:, None], axis=-1))
        usual_px = median(off_px[is_still])
        off_px = off_px - (median(off_px) if np.isnan(usual_px) else usual_px)
        found[joint] = np.where(np.abs(off_px) <= most_px, off_px, np.nan)
    return found


def _smooth(off_px: FloatArray, body: Body, times_s: FloatArray, lowpass_hz: float) -> FloatArray:
    """Bridged and filtered, where the trunk is; NaN throughout where too little was seen."""
    is_there = np.isfinite(body.hip_px[:, 0] + body.shoulder_px[:, 0])
    is_seen = is_there & np.isfinite(off_px)
    if not is_seen.sum() > MIN_SEEN_RATIO * is_there.sum():
        return np.full(len(off_px), np.nan)
    every_px = np.interp(times_s, times_s[is_seen], off_px[is_seen])
    return np.where(is_there, lowpass(every_px, times_s, lowpass_hz), np.nan)


def _stations(part: tuple[float, float]) -> BoolArray:
    low, high = part
    return np.asarray((low <= STATIONS) & (high >= STATIONS))


def _ahead(body: Body) -> FloatArray:
    """Unit vectors at a right angle to the trunk, to the athlete's front; NaN without a trunk."""
    along = body.shoulder_px - body.hip_px
    length = np.linalg.norm(along, axis=1, keepdims=True)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.where(length > 0, length, np.nan)
    return np.asarray(body.facing * across)
