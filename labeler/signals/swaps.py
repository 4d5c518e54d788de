"""Left and right that changed places for a moment, decided for the whole body at once.

A pose network that mistakes the left of a body for its right mostly does so for the whole body,
or for its upper or lower half. One pair alone then often shows nothing: from the side both
shoulders lie on each other in the picture. All pairs together, in the picture and in space, do.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray, IntArray
from labeler.core.landmarks import LEFT_RIGHT, Landmark
from labeler.core.track import PoseTrack
from labeler.signals.angles import trunk_length

SWAP_GAIN = 0.7
"""Left and right were exchanged when exchanging them back leaves less than this of the jump."""

MIN_SWAP_JUMP_RATIO = 0.1
"""Smaller jumps than this share of the trunk are noise of two points that lie close together."""

MAX_SWAP_S = 0.5
"""A longer exchange is left alone: which of its two ends is right cannot be told."""

MIN_LASTING_PAIRS = 4
"""A lasting exchange is believed of half a body and more: one pair may have moved that fast."""

UPPER = ("EAR", "SHOULDER", "ELBOW", "WRIST")
LOWER = ("HIP", "KNEE", "ANKLE", "HEEL", "FOOT_INDEX")
"""The halves of a body that change places as one."""

_PAIRS = np.array([(Landmark[f"LEFT_{name}"], Landmark[f"RIGHT_{name}"]) for name in UPPER + LOWER])
_HALVES = (slice(0, len(UPPER)), slice(len(UPPER), None))
_OTHER = {one: other for pair in LEFT_RIGHT for one, other in (pair, pair[::-1])}
_MIRRORED = [_OTHER.get(landmark, landmark) for landmark in Landmark]


class Swaps(NamedTuple):
    """Where left and right had changed places.

    Parameters
    ----------
    is_swapped : BoolArray
        Shape (n_frames, n_landmarks): the points to exchange.
    open_s : FloatArray
        When `MIN_LASTING_PAIRS` and more changed places without changing back soon; in order.
    """

    is_swapped: BoolArray
    open_s: FloatArray


def find_swaps(track: PoseTrack) -> Swaps:
    """Where left and right had changed places for a moment.

    A pair is exchanged from one switch to the next, when they follow each other within
    `MAX_SWAP_S`; the ends of the clip count as switches where only one is left. A lasting exchange
    is left alone and told.

    Notes
    -----
    A switch lies between two frames when exchanging left and right lowers the displacement to
    what the frames around let expect, at rest or moving on, by more than 30 %. It is asked for
    the whole body, for each half and for each pair: what was decided for many holds for each
    single one that does not deny it.
    """
    is_swapped = np.zeros(track.visibility.shape, dtype=bool)
    frames = np.flatnonzero(np.isfinite(track.xy_px[:, _PAIRS[:, 0], 0]).any(axis=1))
    if len(frames) < 3:
        return Swaps(is_swapped, np.empty(0))
    times_s = track.times.pts_s
    asked, straight, crossed = _jumps(track, frames)
    is_switch = _switches(straight, crossed)
    alone: Counter[int] = Counter()
    for pair in np.flatnonzero(is_switch.any(axis=0)):
        paired = _paired(frames[asked[is_switch[:, pair]] + 1], frames, times_s)
        for run in paired.runs:
            is_swapped[run, _PAIRS[pair]] = True
        alone.update(paired.alone)
    together = sorted(frame for frame, n_pairs in alone.items() if n_pairs >= MIN_LASTING_PAIRS)
    return Swaps(is_swapped, times_s[together])


def exchanged(points: FloatArray, is_swapped: BoolArray) -> FloatArray:
    """Points, in the picture or in space, with every swap undone; a copy."""
    if not is_swapped.any():
        return points.copy()
    marked = is_swapped if points.ndim == 2 else is_swapped[..., None]
    return np.where(marked, points[:, _MIRRORED], points)


def _jumps(track: PoseTrack, frames: IntArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """How far each pair is from where it was expected, as it is and exchanged, in trunks.

    Returns
    -------
    tuple[IntArray, FloatArray, FloatArray]
        Which of `frames` some pair leaves with a jump (shape (n_asked,); in no other frame left
        and right can have changed places), and the distances to the next frame, as they are and
        exchanged (shape (n_asked, n_pairs) each): the mean of picture and space where both are
        known, NaN where neither is.
    """
    sources = [_in_trunks(points, frames) for points in (track.xy_px, track.world_m)]
    travel = _mean_of_known([_apart(pairs[1:], pairs[:-1]) for pairs in sources])
    asked = np.flatnonzero((travel > MIN_SWAP_JUMP_RATIO).any(axis=1))
    times_s = track.times.pts_s[frames]
    straight, crossed = _mean_of_known([_unexpected(one, times_s, asked) for one in sources])
    return asked, straight, crossed


def _mean_of_known(sources: Sequence[FloatArray]) -> FloatArray:
    """Mean over the sources that know a value; NaN where none does."""
    found = np.asarray(sources)
    known = np.isfinite(found)
    n_known = known.sum(axis=0)
    total = np.where(known, found, 0.0).sum(axis=0)
    return np.asarray(total / np.where(n_known > 0, n_known, np.nan))


def _unexpected(pairs: FloatArray, times_s: FloatArray, asked: IntArray) -> FloatArray:
    """Distance to the nearest of three expectations, as it is and exchanged.

    At rest, or moving on, as seen from before and from after: two ways that cross each other move
    on, two points that changed places do not.
    """
    before, after = pairs[asked], pairs[asked + 1]
    earlier, later = np.maximum(asked - 1, 0), np.minimum(asked + 2, len(pairs) - 1)
    steps_s = np.diff(times_s)
    step_in_s, step_out_s = steps_s[earlier], steps_s[later - 1]
    moved = before + (before - pairs[earlier]) * _column(steps_s[asked] / step_in_s)
    moving = after - (pairs[later] - after) * _column(steps_s[asked] / step_out_s)
    expected = ((before, after), (moved, after), (before, moving))
    found = [
        np.fmin.reduce([_apart(one, seen[..., ::step, :]) for one, seen in expected])
        for step in (1, -1)
    ]
    return np.stack(found)


def _in_trunks(points: FloatArray, frames: IntArray) -> FloatArray:
    """Left and right of every pair, in the usual length of the trunk; NaN where that is unknown."""
    pairs = points.take(_PAIRS, axis=1)
    pairs = pairs if len(frames) == len(points) else pairs[frames]
    trunk = trunk_length(points)
    return np.asarray(pairs / (trunk if trunk > 0 else np.nan))


def _apart(one: FloatArray, other: FloatArray) -> FloatArray:
    """Sum over left and right of the distance between two places; shape (n_frames, n_pairs)."""
    squares = np.moveaxis(np.square(one - other), -1, 0)
    size = np.sqrt(sum(squares))  # axes of two and three: a reduction over them is far slower
    return np.asarray(size[..., 0] + size[..., 1])


def _switches(straight: FloatArray, crossed: FloatArray) -> BoolArray:
    """Between which frames each pair changed places: the whole body, a half, or one pair."""
    is_switch = _is_better(straight, crossed)
    is_denied = _is_better(crossed, straight)
    as_is, turned = _by_half(straight), _by_half(crossed)
    n_pairs = _by_half(np.isfinite(straight))
    is_half = _is_better(as_is, turned, n_pairs)
    is_whole = _is_better(as_is.sum(axis=1), turned.sum(axis=1), n_pairs.sum(axis=1))
    is_whole &= np.all(turned <= as_is, axis=1)
    for number, half in enumerate(_HALVES):
        is_group = is_whole | is_half[:, number]
        is_switch[:, half] |= is_group[:, None] & ~is_denied[:, half]
    return is_switch


def _by_half(costs: FloatArray | BoolArray) -> FloatArray:
    """Sum over the known pairs of each half of the body; shape (n_frames, 2)."""
    sums = [np.nansum(costs[:, half], axis=1) for half in _HALVES]
    return np.stack(sums, axis=1).astype(np.float64)


def _is_better(
    straight: FloatArray, crossed: FloatArray, n_pairs: FloatArray | int = 1
) -> BoolArray:
    """Whether exchanging explains the frame better, by enough for so many pairs."""
    is_share = crossed < SWAP_GAIN * straight
    return np.asarray(is_share & (straight - crossed > n_pairs * MIN_SWAP_JUMP_RATIO))


class _Paired(NamedTuple):
    """Switches of one pair: the runs of frames between two, and those that found no other."""

    runs: list[slice]
    alone: list[int]


def _paired(switches: IntArray, frames: IntArray, times_s: FloatArray) -> _Paired:
    """From one switch to the next, if that comes soon; a lone one near an end reaches to it."""
    found = _Paired([], [])
    left: list[int] = switches.tolist()
    while left:
        start = left.pop(0)
        if left and times_s[left[0]] - times_s[start] <= MAX_SWAP_S:
            found.runs.append(slice(start, left.pop(0)))
        else:
            found.alone.append(start)
    first, last = int(frames[0]), int(frames[-1])
    if found.alone[:1] == [switches[0]] and times_s[switches[0]] - times_s[first] <= MAX_SWAP_S:
        found.runs.append(slice(first, found.alone.pop(0)))
    if found.alone[-1:] == [switches[-1]] and times_s[last] - times_s[switches[-1]] <= MAX_SWAP_S:
        found.runs.append(slice(found.alone.pop(), last + 1))
    return found


def _column(ratio: FloatArray) -> FloatArray:
    return ratio[:, None, None, None]
