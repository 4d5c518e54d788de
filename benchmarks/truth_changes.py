"""Changes to a pose track that must not change what is measured: mirrored, scaled, swapped.

The changed track goes the whole way again, repetitions included. Only repetitions found in both
are compared, frame by frame at the same moments.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from truth_row import Row, at_most

from labeler.core.arrays import FloatArray
from labeler.core.clip import ClipTags, FrameTimes
from labeler.core.contour import TrunkContour
from labeler.core.landmarks import LEFT_RIGHT
from labeler.core.rep import Rep, RepQuality
from labeler.core.track import PoseTrack
from labeler.features.registry import all_features
from labeler.features.rep_signals import RepSignals, rep_signals
from labeler.reps.segment import find_reps
from labeler.signals.clean import clean
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
TURNS = tuple(f"{name.removesuffix('_deg')}_turn_deg" for name in ANGLES)
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
USUAL_ERRORS = 1.96
"""So many standard errors hold 95 % of normal noise."""
SAME_FRAME_S = 1e-6
LOSES_FRAMES = ("thinned", "halved")
MOST_DEG = 0.5
MOST_MS = 5.0
HALVED_LAG_MS = 76.0
"""Stated limit of a single slow repetition at 30 frames per second, 3 pixels of noise."""
NOISE = "noise of single frames, as large as the product tells of it; without it the row below"
ENDS = "the processing itself"
EDGES = "edges of a repetition that noise moves"
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
    usual_deg: tuple[float, ...]
    """Not exceeded in 95 % of the frames, by angle."""
    told_deg: tuple[float, ...]
    """What the product tells of the noise of each angle: 95 % of frames should differ by less."""
    turn_deg: float
    """Of the angles at the turn of a repetition, as they are told."""
    lag_ms: float
    n_reps_lost: int


def rows(tracks: Sequence[tuple[PoseTrack, ClipTags]]) -> Iterator[Row]:
    """A few rows for every change, over all tracks."""
    for name in CHANGES:
        those = [one for track, tags in tracks for one in differences(track, tags, (name,))]
        what = f"{name}, {len(those)} clips"
        yield _angle_row(name, what, those)
        if name in LOSES_FRAMES:
            evened = [(smoothed(track, tags), tags) for track, tags in tracks]
            alone = [one for track, tags in evened for one in differences(track, tags, (name,))]
            said = f"{what}, of poses without noise: angles, worst frame, deg"
            yield at_most(f"{name}_angles_alone", said, _most(alone, "angle_deg"), MOST_DEG, ENDS)
        most_ms = HALVED_LAG_MS if name == "halved" else MOST_MS
        said = f"{what}: lags, furthest apart, ms"
        yield at_most(f"{name}_lags", said, _most(those, "lag_ms"), most_ms, EDGES)
        n_lost = sum(one.n_reps_lost for one in those)
        yield at_most(f"{name}_reps", f"{what}: repetitions not found again", n_lost, 0.0)


def _angle_row(name: str, what: str, those: Sequence[Difference]) -> Row:
    """In the worst frame; where frames are lost, in 95 of 100: their noise is lost with them."""
    worst_deg = _most(those, "angle_deg")
    if name not in LOSES_FRAMES:
        return at_most(f"{name}_angles", f"{what}: angles, worst frame, deg", worst_deg, MOST_DEG)
    usual_deg, told_deg = (
        np.max([getattr(one, field) for one in those], axis=0)
        for field in ("usual_deg", "told_deg")
    )
    each = ", ".join(
        f"{angle.removesuffix('_deg')} {usual:.2f} (its own noise {told:.2f})"
        for angle, usual, told in zip(ANGLES, usual_deg, told_deg, strict=True)
    )
    said = f"{what}: angles, 95 % of frames within, deg: {each}; worst frame {worst_deg:.2f}"
    said += f", at the turn of a repetition {_most(those, 'turn_deg'):.2f}"
    return at_most(f"{name}_angles", said, float(usual_deg.max()), MOST_DEG, NOISE)


def _most(those: Sequence[Difference], field: str) -> float:
    return float(np.nanmax([getattr(one, field) for one in those]))


def smoothed(track: PoseTrack, tags: ClipTags) -> PoseTrack:
    """The poses after the filter, as if they had come so: what differs then is the processing."""
    cleaned = clean(track, lowpass_hz=movement_of(tags).lowpass_hz)
    xy_px, world_m = (
        np.where(np.isfinite(points), points, raw)
        for points, raw in ((cleaned.xy_px, track.xy_px), (cleaned.world_m, track.world_m))
    )
    return replace(track, xy_px=xy_px, world_m=world_m)


def differences(
    track: PoseTrack, tags: ClipTags, names: Collection[str] = CHANGES
) -> Iterator[Difference]:
    """Changes to one track against the track itself."""
    before = _measured(track, tags)
    for name in names:
        if name == "halved" and track.times.fps_median < MIN_FPS_TO_HALVE:
            continue
        after = _measured(CHANGES[name](track), tags)
        late_s = SHIFT_S if name == "begun_later" else 0.0
        yield _difference(name, before, after, _first_from(track, late_s))


@dataclass(frozen=True)
class _Measured:
    signals: ClipSignals
    reps: tuple[Rep, ...]
    lags_ms: FloatArray  # (n_reps, n_lags)
    turns_deg: FloatArray  # (n_reps, n_angles)


def _measured(track: PoseTrack, tags: ClipTags) -> _Measured:
    movement, signals = movement_of(tags), signals_from(track, tags)
    reps = tuple(r for r in find_reps(signals, movement).reps if r.quality is RepQuality.GOOD)
    cuts = [rep_signals(signals, rep, movement) for rep in reps]
    return _Measured(signals, reps, _features(cuts, LAGS), _features(cuts, TURNS))


def _features(cuts: Sequence[RepSignals], names: Sequence[str]) -> FloatArray:
    computes = {one.name: one.compute for one in all_features()}
    found = [[computes[name](cut) for name in names] for cut in cuts]
    return np.array(found).reshape(len(cuts), len(names))


def _first_from(track: PoseTrack, at_s: float) -> float:
    """Time of the first frame that is not earlier."""
    return float(track.times.pts_s[np.searchsorted(track.times.pts_s, at_s)])


def _difference(name: str, before: _Measured, after: _Measured, start_s: float) -> Difference:
    """Over the repetitions that begin after the change's first frame."""
    found_s = np.array([rep.turn_s + start_s for rep in after.reps])
    lag_ms, turn_deg, apart_deg = [np.nan], [np.nan], []
    n_lost = 0
    for place, rep in enumerate(before.reps):
        if rep.start_s < start_s:
            continue
        near = np.flatnonzero(np.abs(found_s - rep.turn_s) < SAME_REP_S)
        if near.size != 1:
            n_lost += 1
            continue
        lag_ms.extend(np.abs(after.lags_ms[near[0]] - before.lags_ms[place]))
        turn_deg.extend(np.abs(after.turns_deg[near[0]] - before.turns_deg[place]))
        apart_deg.append(_apart_deg(before.signals, after.signals, rep, start_s))
    if not apart_deg:
        nothing = (np.nan,) * len(ANGLES)
        return Difference(name, np.nan, nothing, nothing, np.nan, np.nan, n_lost)
    angles = np.concatenate(apart_deg, axis=1)
    usual_deg = np.nanpercentile(angles, USUAL_PERCENT, axis=1)
    told_deg = [USUAL_ERRORS * before.signals.noise[angle] for angle in ANGLES]
    most = (float(np.nanmax(values)) for values in (angles, turn_deg, lag_ms))
    angle_deg, at_turn_deg, most_ms = most
    return Difference(
        change=name,
        angle_deg=angle_deg,
        usual_deg=tuple(usual_deg.tolist()),
        told_deg=tuple(told_deg),
        turn_deg=at_turn_deg,
        lag_ms=most_ms,
        n_reps_lost=n_lost,
    )


def _apart_deg(before: ClipSignals, after: ClipSignals, rep: Rep, start_s: float) -> FloatArray:
    """Difference of each angle in the frames of a repetition that are in both tracks.

    Shape (n_angles, n_frames). Between frames nothing was measured: reading there would add the
    error of a line through a bend.
    """
    frames = np.arange(rep.start_frame, rep.stop_frame)
    at_s, then_s = before.times.pts_s[frames], after.times.pts_s + start_s
    near = np.abs(at_s[:, None] - then_s[None, :]).argmin(axis=1)
    is_kept = np.abs(then_s[near] - at_s) < SAME_FRAME_S
    old, new = frames[is_kept], near[is_kept]
    return np.abs(np.array([after[name][new] - before[name][old] for name in ANGLES]))
