"""Changes to a pose track that must not change what is measured: mirrored, scaled, swapped.

The changed track goes the whole way again, repetitions included. Only repetitions found in both
are compared, frame by frame at the same moments.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.clip import ClipTags, FrameTimes
from labeler.core.contour import TrunkContour
from labeler.core.landmarks import LEFT_RIGHT
from labeler.core.rep import Rep, RepQuality
from labeler.core.track import PoseTrack
from labeler.features.registry import all_features
from labeler.features.rep_signals import rep_signals
from labeler.reps.segment import find_reps
from labeler.signals.series import ClipSignals
from labeler.workflows.deriving import movement_of, signals_from

ANGLES = (
    "trunk_incl_deg",
    "thigh_incl_deg",
    "shank_incl_deg",
    "hip_angle_deg",
    "knee_angle_deg",
    "neck_angle_deg",
)
LAGS = ("lag_t50_ms", "lag_area_ms")
SEED = 20
SCALE = 0.5
PADDING_PX = 200.0
"""Added left and right: another aspect ratio around the same body."""
SHIFT_S = 0.5
DROPPED_SHARE = 0.1
"""A phone's variable frame rate: so many frames are missing, the others keep their times."""
SWAP_S = 0.07
SWAP_EVERY_S = 2.0
"""Left and right change places for so long, so often."""
MIN_FPS_TO_HALVE = 45.0
"""A slower clip has no half to give: 30 frames per second is what phones record."""
USUAL_PERCENT = 95.0
SAME_REP_S = 0.25
"""Turns closer than this are of the same repetition."""


def mirrored(track: PoseTrack) -> PoseTrack:
    """As if the video had been flipped."""
    flipped = swapped(track, np.ones(track.times.n_frames, dtype=bool))
    xy_px, world_m = flipped.xy_px.copy(), flipped.world_m.copy()
    xy_px[..., 0] = track.size_px[0] - xy_px[..., 0]
    world_m[..., 0] *= -1.0
    contour = _outline(track, lambda sides: sides[:, ::-1])
    return replace(flipped, xy_px=xy_px, world_m=world_m, contour=contour)


def scaled(track: PoseTrack) -> PoseTrack:
    """As if the video had been made smaller."""
    width_px, height_px = track.size_px
    size_px = (round(SCALE * width_px), round(SCALE * height_px))
    contour = _outline(track, lambda sides: SCALE * sides)
    return replace(track, xy_px=SCALE * track.xy_px, size_px=size_px, contour=contour)


def _outline(track: PoseTrack, change: Callable[[FloatArray], FloatArray]) -> TrunkContour | None:
    """The outline with its offsets, shape (n_frames, 2, 26), changed; its area is not in use."""
    contour = track.contour
    return None if contour is None else replace(contour, offset_px=change(contour.offset_px))


def padded(track: PoseTrack) -> PoseTrack:
    """As if the picture were wider."""
    xy_px = track.xy_px + np.array([PADDING_PX, 0.0])
    return replace(
        track, xy_px=xy_px, size_px=(round(track.size_px[0] + 2 * PADDING_PX), track.size_px[1])
    )


def begun_later(track: PoseTrack) -> PoseTrack:
    """Without its first half second."""
    return kept(track, track.times.pts_s >= SHIFT_S)


def thinned(track: PoseTrack) -> PoseTrack:
    """Every tenth frame or so dropped at random."""
    return kept(track, np.random.default_rng(SEED).random(track.times.n_frames) >= DROPPED_SHARE)


def halved(track: PoseTrack) -> PoseTrack:
    """Every other frame."""
    return kept(track, np.arange(track.times.n_frames) % 2 == 0)


def swapped_at_times(track: PoseTrack) -> PoseTrack:
    """Left and right exchanged for a few frames now and then, as pose networks do."""
    return swapped(track, (track.times.pts_s % SWAP_EVERY_S) < SWAP_S)


def swapped(track: PoseTrack, frames: np.ndarray) -> PoseTrack:
    """Left and right exchanged in these frames."""
    order = np.arange(track.visibility.shape[1])
    for left, right in LEFT_RIGHT:
        order[[left, right]] = right, left
    return replace(
        track,
        xy_px=np.where(frames[:, None, None], track.xy_px[:, order], track.xy_px),
        world_m=np.where(frames[:, None, None], track.world_m[:, order], track.world_m),
        visibility=np.where(frames[:, None], track.visibility[:, order], track.visibility),
    )


def kept(track: PoseTrack, frames: np.ndarray) -> PoseTrack:
    """Only these frames; the clock starts anew with the first of them."""
    pts_s, contour = track.times.pts_s[frames], track.contour
    if contour is not None:
        contour = TrunkContour(contour.offset_px[frames], contour.area_px[frames])
    return PoseTrack(
        times=FrameTimes(pts_s - pts_s[0]),
        xy_px=track.xy_px[frames],
        visibility=track.visibility[frames],
        world_m=track.world_m[frames],
        size_px=track.size_px,
        made_by=track.made_by,
        contour=contour,
    )


CHANGES: Mapping[str, Callable[[PoseTrack], PoseTrack]] = {
    "mirrored": mirrored,
    "scaled": scaled,
    "padded": padded,
    "begun_later": begun_later,
    "thinned": thinned,
    "swapped": swapped_at_times,
    "halved": halved,
}


@dataclass(frozen=True)
class Difference:
    """What one change did to one track, at most; NaN where nothing could be compared."""

    change: str
    angle_deg: float
    usual_angle_deg: float
    """Not exceeded in 95 % of the frames of any angle."""
    lag_ms: float
    n_reps_lost: int


def differences(track: PoseTrack, tags: ClipTags) -> Iterator[Difference]:
    """Every change to one track against the track itself."""
    before = _measured(track, tags)
    for name, change in CHANGES.items():
        if change is halved and track.times.fps_median < MIN_FPS_TO_HALVE:
            continue
        after = _measured(change(track), tags)
        late_s = SHIFT_S if name == "begun_later" else 0.0
        start_s = _first_from(track, late_s)
        yield _difference(name, before, after, start_s)


@dataclass(frozen=True)
class _Measured:
    signals: ClipSignals
    reps: tuple[Rep, ...]
    lags_ms: FloatArray  # (n_reps, n_lags)


def _measured(track: PoseTrack, tags: ClipTags) -> _Measured:
    movement, computes = movement_of(tags), {one.name: one.compute for one in all_features()}
    signals = signals_from(track, tags)
    reps = tuple(r for r in find_reps(signals, movement).reps if r.quality is RepQuality.GOOD)
    cuts = [rep_signals(signals, rep, movement) for rep in reps]
    lags_ms = np.array([[computes[name](cut) for name in LAGS] for cut in cuts])
    return _Measured(signals, reps, lags_ms.reshape(len(reps), len(LAGS)))


def _first_from(track: PoseTrack, at_s: float) -> float:
    """Time of the first frame that is not earlier."""
    return float(track.times.pts_s[np.searchsorted(track.times.pts_s, at_s)])


def _difference(name: str, before: _Measured, after: _Measured, start_s: float) -> Difference:
    """Over the repetitions that begin after the change's first frame."""
    found_s = np.array([rep.turn_s + start_s for rep in after.reps])
    lag_ms, apart_deg = [np.nan], []
    n_lost = 0
    for rep, lags in zip(before.reps, before.lags_ms, strict=True):
        if rep.start_s < start_s:
            continue
        near = np.flatnonzero(np.abs(found_s - rep.turn_s) < SAME_REP_S)
        if near.size != 1:
            n_lost += 1
            continue
        lag_ms.extend(np.abs(after.lags_ms[near[0]] - lags))
        apart_deg.append(_apart_deg(before.signals, after.signals, rep, start_s))
    if not apart_deg:
        return Difference(name, np.nan, np.nan, np.nan, n_lost)
    angles = np.concatenate(apart_deg, axis=1)
    usual_deg = float(np.nanpercentile(angles, USUAL_PERCENT, axis=1).max())
    return Difference(name, float(np.nanmax(angles)), usual_deg, float(np.nanmax(lag_ms)), n_lost)


def _apart_deg(before: ClipSignals, after: ClipSignals, rep: Rep, start_s: float) -> FloatArray:
    """Difference of each angle in each frame of a repetition; shape (n_angles, n_frames)."""
    frames = slice(rep.start_frame, rep.stop_frame)
    at_s, then_s = before.times.pts_s[frames], after.times.pts_s + start_s
    again = [np.interp(at_s, then_s, after[name], np.nan, np.nan) for name in ANGLES]
    return np.abs(np.array(again) - [before[name][frames] for name in ANGLES])
