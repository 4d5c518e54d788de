"""Raw landmarks to clean ones, in a fixed order: gate, repair swaps, drop outliers, fill, smooth.

Every step says what it did in `CleanTrack.made_by`. The order, windows and limits follow the
published practice for markerless tracks at phone frame rates; each is a named constant here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.interpolate import PchipInterpolator

from labeler.core.arrays import BoolArray, FloatArray, IntArray
from labeler.core.clip import FrameTimes
from labeler.core.landmarks import LEFT_RIGHT, Landmark
from labeler.core.track import PoseTrack
from labeler.signals.angles import distance_px
from labeler.signals.lowpass import is_steady, lowpass
from labeler.signals.robust import median, median_of_last_axis, windows

MIN_VISIBILITY = 0.5
"""A landmark that is less visible is not used."""

SWAP_GAIN = 0.7
"""Left and right were exchanged when exchanging them back leaves less than this of the jump."""

MIN_SWAP_JUMP_RATIO = 0.1
"""Smaller jumps than this share of the trunk are noise of two points that lie close together."""

MAX_SWAP_S = 0.5
"""A longer exchange is left alone: which of its two ends is right cannot be told."""

HAMPEL_S = 0.1
"""A point is compared with the median of this long on either side."""

HAMPEL_MADS = 3.0
"""Further away than so many scaled median absolute deviations it is an outlier."""

SCALED_MAD = 1.4826
"""Median absolute deviation to standard deviation, for a normal distribution."""

HAMPEL_FLOOR_RATIO = 0.01
"""Never an outlier within this share of the trunk: a resting point has hardly any deviation."""

CURVED_GAP_S = 0.15
"""Gaps up to here are filled along a curve, longer ones along a line."""

MAX_GAP_S = 0.4
"""Longer gaps stay NaN."""


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
        Shape (n_frames, n_landmarks), as the network gave it.
    is_filled : BoolArray
        Shape (n_frames, n_landmarks): filled in from the frames around.
    world_m : FloatArray
        Shape (n_frames, n_landmarks, 3), metres, as in `PoseTrack`; cleaned by the same steps.
    rough_xy_px, rough_world_m : FloatArray
        The same points before the filter: what it took away tells how noisy they are.
    is_dropped : BoolArray
        Shape (n_frames, n_landmarks): leapt away from its neighbours in time and was left out.
    is_swapped : BoolArray
        Shape (n_frames, n_landmarks): left and right were exchanged back.
    made_by : Mapping[str, str]
        What was done, step by step, on top of what made the pose track.
    """

    times: FrameTimes
    xy_px: FloatArray
    visibility: FloatArray
    is_filled: BoolArray
    world_m: FloatArray
    rough_xy_px: FloatArray
    rough_world_m: FloatArray
    is_dropped: BoolArray
    is_swapped: BoolArray
    made_by: Mapping[str, str] = field(default_factory=dict)


def clean(track: PoseTrack, *, lowpass_hz: float) -> CleanTrack:
    """Gate, repair, fill and smooth a pose track; `lowpass_hz` is the same for every landmark."""
    times_s = track.times.pts_s
    gated = gate(track)
    gated[:, NOT_USED] = np.nan
    trunk_px, trunk_m = trunk_length(gated), trunk_length(track.world_m)
    swaps = find_swaps(gated, times_s, min_jump_px=MIN_SWAP_JUMP_RATIO * trunk_px)
    repaired = exchanged(gated, swaps)
    world_m = exchanged(np.where(np.isnan(gated[..., :1]), np.nan, track.world_m), swaps)
    kept = drop_outliers(repaired, times_s, floor_px=HAMPEL_FLOOR_RATIO * trunk_px)
    kept_m = drop_outliers(world_m, times_s, floor_px=HAMPEL_FLOOR_RATIO * trunk_m)
    filled, filled_m = fill_gaps(kept, track.times), fill_gaps(kept_m, track.times)
    is_filled = np.isnan(kept[..., 0]) & np.isfinite(filled[..., 0])
    is_dropped = np.isnan(kept[..., 0]) & np.isfinite(repaired[..., 0])
    is_swapped = _marked(swaps, is_dropped.shape)
    steps = {
        "visibility_gate": f"below {MIN_VISIBILITY:g} or outside the picture",
        "swap_repair": f"{is_swapped.sum() // 2} points exchanged",
        "hampel": f"{is_dropped.sum()} points dropped",
        "gaps": f"{is_filled.mean():.4f} of points filled, up to {MAX_GAP_S:g} s",
        "lowpass": f"{lowpass_hz:g} Hz Butterworth, zero lag",
        "clock": "steady" if is_steady(times_s) else "resampled for the filter",
    }
    return CleanTrack(
        times=track.times,
        xy_px=smooth_runs(filled, times_s, lowpass_hz=lowpass_hz),
        visibility=track.visibility,
        is_filled=is_filled,
        world_m=smooth_runs(filled_m, times_s, lowpass_hz=lowpass_hz),
        rough_xy_px=filled,
        rough_world_m=filled_m,
        is_dropped=is_dropped,
        is_swapped=is_swapped,
        made_by={**track.made_by, **steps},
    )


def gate(track: PoseTrack) -> FloatArray:
    """Landmarks in pixels, NaN where hardly visible or outside the picture; a copy."""
    width_px, height_px = track.size_px
    x_px, y_px = track.xy_px[..., 0], track.xy_px[..., 1]
    is_inside = (x_px >= 0) & (x_px <= width_px) & (y_px >= 0) & (y_px <= height_px)
    is_usable = is_inside & (track.visibility >= MIN_VISIBILITY)
    return np.where(is_usable[..., None], track.xy_px, np.nan)


Swap = tuple[tuple[Landmark, Landmark], list[int]]
"""A left and a right landmark, and the frames in which they had changed places."""


def find_swaps(xy_px: FloatArray, times_s: FloatArray, *, min_jump_px: float) -> list[Swap]:
    """Where left and right changed places for a moment."""
    pairs = ((pair, xy_px[:, list(pair)]) for pair in LEFT_RIGHT)
    found = ((pair, _swapped_frames(points, times_s, min_jump_px)) for pair, points in pairs)
    return [(pair, frames) for pair, frames in found if frames]


def exchanged(points: FloatArray, swaps: Sequence[Swap]) -> FloatArray:
    """Points, in the picture or in space, with every swap undone; a copy."""
    repaired = points.copy()
    for pair, frames in swaps:
        rows, columns = np.ix_(frames, pair)
        repaired[rows, columns] = points[rows, columns][:, ::-1]
    return repaired


def _marked(swaps: Sequence[Swap], shape: tuple[int, ...]) -> BoolArray:
    """Which landmarks of which frames were exchanged."""
    is_swapped = np.zeros(shape, dtype=bool)
    for pair, frames in swaps:
        is_swapped[np.ix_(frames, pair)] = True
    return is_swapped


def _swapped_frames(pair_px: FloatArray, times_s: FloatArray, min_jump_px: float) -> list[int]:
    """Frames between two exchanges of a (left, right) pair that follow each other shortly."""
    before, after = pair_px[:-1], pair_px[1:]
    straight_px = distance_px(before, after).sum(axis=1)
    crossed_px = distance_px(before, after[:, ::-1]).sum(axis=1)
    is_better = crossed_px < SWAP_GAIN * straight_px
    is_gain = is_better & (straight_px - crossed_px > min_jump_px)
    changes = (np.flatnonzero(is_gain) + 1).tolist()
    frames: list[int] = []
    while len(changes) >= 2:
        first, then = changes[0], changes[1]
        is_short = times_s[then] - times_s[first] <= MAX_SWAP_S
        if is_short:
            frames.extend(range(first, then))
        changes = changes[2 if is_short else 1 :]
    return frames


def drop_outliers(xy_px: FloatArray, times_s: FloatArray, *, floor_px: float) -> FloatArray:
    """Landmarks with points that leap away from their neighbours in time set to NaN; a copy."""
    if len(times_s) < 3:
        return xy_px.copy()
    half_width = max(2, round(HAMPEL_S / float(np.median(np.diff(times_s)))))
    around_px = windows(xy_px, half_width)
    usual_px = median_of_last_axis(around_px)
    off_px = np.abs(xy_px - usual_px)
    spread_px = np.zeros_like(off_px)
    is_asked = off_px > floor_px  # all others are no outliers, whatever the spread is
    spread_px[is_asked] = SCALED_MAD * median_of_last_axis(
        np.abs(around_px[is_asked] - usual_px[is_asked][:, None])
    )
    is_outlier = np.any(off_px > np.maximum(HAMPEL_MADS * spread_px, floor_px), axis=-1)
    return np.where(is_outlier[..., None], np.nan, xy_px)


def fill_gaps(xy_px: FloatArray, times: FrameTimes) -> FloatArray:
    """Landmarks with short gaps filled between what is known on both sides; a copy.

    A gap is as long as its missing frames: from the last known frame to the next, less one frame.
    Gaps up to `CURVED_GAP_S` follow a monotone cubic, up to `MAX_GAP_S` a line; nothing is
    continued beyond the first or the last known frame.
    """
    filled = xy_px.copy()
    for landmark in range(xy_px.shape[1]):
        known = np.flatnonzero(np.isfinite(xy_px[:, landmark, 0]))
        if 2 <= len(known) < len(xy_px):
            filled[:, landmark] = _filled_path(xy_px[:, landmark], known, times)
    return filled


def _filled_path(path_px: FloatArray, known: IntArray, times: FrameTimes) -> FloatArray:
    filled = path_px.copy()
    known_s, frame_s = times.pts_s[known], times.frame_s
    curve = PchipInterpolator(known_s, path_px[known], axis=0)
    for gap in np.flatnonzero(np.diff(known) > 1):
        last, following = known[gap], known[gap + 1]
        span_s = times.pts_s[following] - times.pts_s[last]
        if span_s - frame_s > MAX_GAP_S + _TIME_EPS_S:
            continue
        at_s = times.pts_s[last + 1 : following]
        if span_s - frame_s <= CURVED_GAP_S + _TIME_EPS_S:
            filled[last + 1 : following] = curve(at_s)
        else:
            share = (at_s[:, None] - times.pts_s[last]) / span_s
            step_px = path_px[following] - path_px[last]
            filled[last + 1 : following] = path_px[last] + share * step_px
    return filled


_TIME_EPS_S = 1e-6
"""Sums of time stamps differ in their last digits."""


def smooth_runs(xy_px: FloatArray, times_s: FloatArray, *, lowpass_hz: float) -> FloatArray:
    """Landmarks filtered run by run: nothing reaches across what is missing; a copy."""
    smooth = xy_px.copy()
    patterns, of_pattern = np.unique(np.isfinite(xy_px[..., 0]), axis=1, return_inverse=True)
    for number, is_known in enumerate(patterns.T):
        landmarks = np.flatnonzero(of_pattern == number)  # known in the same frames: one call
        for run in runs(is_known, times_s):
            rows = np.arange(run.start, run.stop)[:, None]
            smooth[rows, landmarks] = lowpass(xy_px[rows, landmarks], times_s[run], lowpass_hz)
    return smooth


def runs(is_known: BoolArray, times_s: FloatArray) -> Iterator[slice]:
    """Stretches of known frames, cut also where the clock itself jumps over `MAX_GAP_S`."""
    known = np.flatnonzero(is_known)
    if known.size == 0:
        return
    is_cut = (np.diff(known) > 1) | (np.diff(times_s[known]) > MAX_GAP_S + _TIME_EPS_S)
    for part in np.split(known, np.flatnonzero(is_cut) + 1):
        yield slice(int(part[0]), int(part[-1]) + 1)


def trunk_length(points: FloatArray) -> float:
    """Usual shoulder to hip distance, of the longer side; 0 when never seen (no floors then)."""
    left = points[:, Landmark.LEFT_SHOULDER] - points[:, Landmark.LEFT_HIP]
    right = points[:, Landmark.RIGHT_SHOULDER] - points[:, Landmark.RIGHT_HIP]
    lengths = (median(np.linalg.norm(side, axis=-1)) for side in (left, right))
    return float(np.nan_to_num(max(lengths, key=np.nan_to_num)))
