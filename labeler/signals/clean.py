"""Raw landmarks to clean ones, in a fixed order: gate, repair swaps, drop outliers, fill, smooth.

Every step says what it did in `CleanTrack.steps`. The order, windows and limits follow the
published practice for markerless tracks at phone frame rates; each is a named constant here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from labeler.core.arrays import AnyArray, BoolArray, FloatArray
from labeler.core.clip import FrameTimes
from labeler.core.landmarks import Landmark
from labeler.core.track import PoseTrack
from labeler.signals.angles import trunk_length
from labeler.signals.gaps import CURVED_GAP_S, MAX_GAP_S, TIME_EPS_S, fill_gaps, gap_lengths_s
from labeler.signals.lowpass import (
    MAX_CUTOFF_PER_FPS,
    PAD_S,
    TWO_PASS_CORRECTION,
    cutoff_within,
    is_steady,
    lowpass,
)
from labeler.signals.robust import median, median_of_last_axis, windows
from labeler.signals.steps import Step
from labeler.signals.swaps import MAX_SWAP_S, exchanged, find_swaps

MIN_VISIBILITY = 0.5
"""A landmark that is less visible is not used."""

HAMPEL_S = 0.1
"""A point is compared with the median of this long on either side."""

HAMPEL_MADS = 3.0
"""Further away than so many scaled median absolute deviations it is an outlier."""

SCALED_MAD = 1.4826
"""Median absolute deviation to standard deviation, for a normal distribution."""

HAMPEL_FLOOR_RATIO = 0.01
"""Never an outlier within this share of the trunk: a resting point has hardly any deviation."""


NOT_USED = [
    landmark
    for landmark in Landmark
    if any(part in landmark.name for part in ("EYE", "MOUTH", "PINKY", "INDEX", "THUMB"))
    and "FOOT" not in landmark.name
]
"""Points of the face and the hands: no signal is made of them, so that nothing is spent on them."""


@dataclass(frozen=True, slots=True, eq=False)
class CleanTrack:
    """Landmarks fit for angles; NaN where they are unknown for longer than `MAX_GAP_S`.

    The points in `NOT_USED` are NaN throughout.

    Parameters
    ----------
    times : FrameTimes
        The clip's own.
    xy_px : FloatArray
        Shape (n_frames, n_landmarks, 2), pixels, x right, y down.
    visibility : FloatArray
        Shape (n_frames, n_landmarks), as the network gave it, exchanged with its point.
    is_filled, is_filled_m : BoolArray
        Shape (n_frames, n_landmarks): filled in from the frames around, in the picture and in
        space.
    world_m : FloatArray
        Shape (n_frames, n_landmarks, 3), metres, as in `PoseTrack`; cleaned by the same steps.
    rough_xy_px, rough_world_m : FloatArray
        The same points before the filter: what it took away tells how noisy they are.
    is_dropped : BoolArray
        Shape (n_frames, n_landmarks): leapt away from its neighbours in time and was left out.
    is_swapped : BoolArray
        Shape (n_frames, n_landmarks): left and right were exchanged back.
    lasting_swaps_s : FloatArray
        When left and right changed places for long; that was left alone.
    steps : tuple[Step, ...]
        What was done, in order, and to how many points.
    made_by : Mapping[str, str]
        What made the pose track, and the steps in words on top of it.
    """

    times: FrameTimes
    xy_px: FloatArray
    visibility: FloatArray
    is_filled: BoolArray
    is_filled_m: BoolArray
    world_m: FloatArray
    rough_xy_px: FloatArray
    rough_world_m: FloatArray
    is_dropped: BoolArray
    is_swapped: BoolArray
    lasting_swaps_s: FloatArray
    steps: tuple[Step, ...] = ()
    made_by: Mapping[str, str] = field(default_factory=dict)


def clean(track: PoseTrack, *, lowpass_hz: float) -> CleanTrack:
    """Gate, repair, fill and smooth a pose track; `lowpass_hz` is the same for every landmark."""
    times_s = track.times.pts_s
    gated = gate(track)
    gated[:, NOT_USED] = np.nan
    floor_px = HAMPEL_FLOOR_RATIO * trunk_length(gated)
    floor_m = HAMPEL_FLOOR_RATIO * trunk_length(track.world_m)
    is_swapped, open_s = find_swaps(track)
    repaired = exchanged(gated, is_swapped)
    world_m = exchanged(np.where(np.isnan(gated[..., :1]), np.nan, track.world_m), is_swapped)
    kept = drop_outliers(repaired, times_s, floor_px=floor_px)
    kept_m = drop_outliers(world_m, times_s, floor_px=floor_m)
    filled, filled_m = fill_gaps(kept, track.times), fill_gaps(kept_m, track.times)
    cleaned = CleanTrack(
        times=track.times,
        xy_px=smooth_runs(filled, times_s, lowpass_hz=lowpass_hz),
        visibility=exchanged(track.visibility, is_swapped),
        is_filled=_is_known(filled) & ~_is_known(kept),
        is_filled_m=_is_known(filled_m) & ~_is_known(kept_m),
        world_m=smooth_runs(filled_m, times_s, lowpass_hz=lowpass_hz),
        rough_xy_px=filled,
        rough_world_m=filled_m,
        is_dropped=_is_known(repaired) & ~_is_known(kept),
        is_swapped=is_swapped,
        lasting_swaps_s=open_s,
    )
    is_gated = _is_known(track.xy_px) & ~_is_known(gated)
    steps = tuple(_steps(track, cleaned, is_gated, lowpass_hz))
    made_by = {**track.made_by, **{step.name: step.line for step in steps}}
    return replace(cleaned, steps=steps, made_by=made_by)


def _steps(
    track: PoseTrack, cleaned: CleanTrack, is_gated: BoolArray, lowpass_hz: float
) -> Iterator[Step]:
    """What was done to how many of the points that signals are made of, in this order."""
    used = [landmark for landmark in Landmark if landmark not in NOT_USED]
    is_somebody = np.isfinite(track.visibility).any(axis=1, keepdims=True)
    kept = np.where(cleaned.is_filled, np.nan, cleaned.rough_xy_px[..., 0])[..., None]
    is_bent = cleaned.is_filled & (gap_lengths_s(kept, track.times) <= CURVED_GAP_S + TIME_EPS_S)
    changed = {
        "visibility_gate": is_gated,
        "swap_repair": cleaned.is_swapped,
        "hampel": cleaned.is_dropped,
        "short_gaps": is_bent,
        "long_gaps": cleaned.is_filled & ~is_bent,
        "left_open": is_somebody & ~_is_known(cleaned.xy_px),
    }
    n_all = track.n_frames * len(used)
    for name, points in changed.items():
        n_points = int(points[:, used].sum())
        yield Step(name, STEPS[name], n_points, n_points / n_all)
    fps = track.times.fps_median
    yield Step(
        "lowpass",
        f"{cutoff_within(lowpass_hz, fps):g} Hz Butterworth, forward and backward (no lag), "
        f"each pass {1 / TWO_PASS_CORRECTION:.3f} times higher",
    )
    is_even = is_steady(track.times.pts_s)
    yield Step("clock", "steady" if is_even else "resampled for the filter")
    yield Step("padding", STEPS["padding"])


STEPS = {
    "visibility_gate": f"left out: visibility below {MIN_VISIBILITY:g}, or outside the picture",
    "near_side": "from the side the side that is seen better; else both, unless one is hidden",
    "swap_repair": f"left and right put back where they changed places for up to {MAX_SWAP_S:g} s",
    "hampel": f"left out: more than {HAMPEL_MADS:g} scaled median deviations off within "
    f"{HAMPEL_S:g} s to either side",
    "short_gaps": f"filled along a curve: gaps up to {CURVED_GAP_S:g} s",
    "long_gaps": f"filled along a line: gaps up to {MAX_GAP_S:g} s",
    "left_open": "unknown: longer gaps, and before the first or after the last that was seen",
    "lowpass": "Butterworth of the second order, forward and backward (no lag); each pass "
    f"{1 / TWO_PASS_CORRECTION:.3f} times the cut-off, which is the movement's, at most "
    f"{MAX_CUTOFF_PER_FPS:g} of the frame rate",
    "clock": "where frames come unevenly or are dropped: resampled for the filter",
    "padding": f"mirrored through both ends for up to {PAD_S:g} s",
}
"""What each step does, in their order; the side is chosen by labels, so that it bears on none."""


def _is_known(points: FloatArray) -> BoolArray:
    return np.asarray(np.isfinite(points[..., 0]))


def gate(track: PoseTrack) -> FloatArray:
    """Landmarks in pixels, NaN where hardly visible or outside the picture; a copy."""
    width_px, height_px = track.size_px
    x_px, y_px = track.xy_px[..., 0], track.xy_px[..., 1]
    is_inside = (x_px >= 0) & (x_px <= width_px) & (y_px >= 0) & (y_px <= height_px)
    is_usable = is_inside & (track.visibility >= MIN_VISIBILITY)
    return np.where(is_usable[..., None], track.xy_px, np.nan)


def drop_outliers(xy_px: FloatArray, times_s: FloatArray, *, floor_px: float) -> FloatArray:
    """Landmarks with points that leap away from their neighbours in time set to NaN; a copy."""
    if len(times_s) < 3:
        return xy_px.copy()
    is_seen = _is_known(xy_px).any(axis=0)
    seen_px = xy_px.compress(is_seen, axis=1)  # frames outermost in memory, unlike [:, is_seen]
    half_width = max(2, round(HAMPEL_S / median(np.diff(times_s))))
    is_asked = _may_be_off(seen_px, half_width, floor_px)
    around_px = windows(seen_px, half_width)[is_asked]
    usual_px = median_of_last_axis(around_px)
    spread_px = SCALED_MAD * median_of_last_axis(np.abs(around_px - usual_px[:, None]))
    off_px = np.abs(seen_px[is_asked] - usual_px)
    is_off = is_asked.copy()
    is_off[is_asked] = off_px > np.maximum(HAMPEL_MADS * spread_px, floor_px)
    is_outlier = np.zeros(xy_px.shape[:2], dtype=bool)
    is_outlier[:, is_seen] = np.logical_or.reduce(list(np.moveaxis(is_off, -1, 0)))
    kept = xy_px.copy()
    kept[is_outlier] = np.nan
    return kept


def _may_be_off(values: FloatArray, half_width: int, floor: float) -> BoolArray:
    """Which values may be further than `floor` from the median of their window.

    None of the others is: more than half of its window is at most the floor above it, and more than
    half at most the floor below it, and so is their median. To count that is far faster than to
    find a median, and most points rest or go steadily.
    """
    low, high = values - floor, values + floor
    is_known = np.isfinite(values)
    n_known = np.zeros(values.shape[:2], dtype=np.int16)
    n_below, n_above = np.zeros(values.shape, np.int16), np.zeros(values.shape, np.int16)
    for beside, known_beside in zip(
        _shifted(values, half_width), _shifted(is_known[..., 0], half_width), strict=True
    ):
        n_known += known_beside
        n_below += beside <= high
        n_above += beside >= low
    half = n_known[..., None] // 2
    return is_known & ((n_below <= half) | (n_above <= half))


def _shifted(values: AnyArray, half_width: int) -> Iterator[AnyArray]:
    """The neighbour of each value so many frames away, from the earliest to the latest.

    Beyond the ends it is NaN, or False.
    """
    nothing = False if values.dtype == np.bool_ else np.nan
    edge = np.full((half_width, *values.shape[1:]), nothing)
    padded = np.concatenate([edge, values, edge])
    for first in range(2 * half_width + 1):
        yield padded[first : first + len(values)]


def smooth_runs(xy_px: FloatArray, times_s: FloatArray, *, lowpass_hz: float) -> FloatArray:
    """Landmarks filtered run by run: nothing reaches across what is missing; a copy."""
    smooth = xy_px.copy()
    alike: dict[bytes, list[int]] = {}  # landmarks known in the same frames: one call for all
    for landmark, is_known in enumerate(_is_known(xy_px).T):
        alike.setdefault(is_known.tobytes(), []).append(landmark)
    for landmarks in alike.values():
        for run in runs(_is_known(xy_px[:, landmarks[0]]), times_s):
            part = xy_px[run].take(landmarks, axis=1)
            smooth[run, landmarks] = lowpass(part, times_s[run], lowpass_hz)
    return smooth


def runs(is_known: BoolArray, times_s: FloatArray) -> Iterator[slice]:
    """Stretches of known frames, cut also where the clock itself jumps over `MAX_GAP_S`."""
    known = np.flatnonzero(is_known)
    if known.size == 0:
        return
    is_cut = (np.diff(known) > 1) | (np.diff(times_s[known]) > MAX_GAP_S + TIME_EPS_S)
    for part in np.split(known, np.flatnonzero(is_cut) + 1):
        yield slice(int(part[0]), int(part[-1]) + 1)
