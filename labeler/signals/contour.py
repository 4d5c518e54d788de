"""The shape of the back, seen from the side: the outline of the trunk, smoothed and described.

Every number but `back_seen_ratio` is what has changed against the same athlete standing in the same
clip: clothing, a hood and the build of a body stay out of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.contour import (
    N_STATIONS,
    STATION_STEP,
    STATIONS,
    TrunkContour,
    behind,
    trunk_axis,
)
from labeler.core.landmarks import Landmark
from labeler.core.track import PoseTrack
from labeler.signals.body import Body, Side, is_upright
from labeler.signals.clean import CleanTrack, smooth_runs
from labeler.signals.robust import median, median_of_last_axis, windows

BACK_SIGNALS = (
    "back_sag_ratio",
    "back_lumbar_curvature_ratio",
    "back_thoracic_curvature_ratio",
    "back_tangent_deg",
    "back_hollow_ratio",
    "back_seen_ratio",
)

MEDIAN_HALF_FRAMES = 2
"""A station is the median of five frames: this many on either side."""

MEDIAN_MIN_FRAMES = 3
"""And known when most of them are."""

SEEN_MIN_RATIO = 0.70
"""With fewer of its stations than this the back has no shape."""

SMOOTH_WAVE_TRUNKS = 0.4
"""A wave of this length along the back loses half of its height in smoothing, one of half the
length nearly all: the lumbar part is as long, folds of cloth are shorter."""

WHOLE = (0.0, 1.0)
"""The chord spans from mid-hip to mid-shoulder."""
LUMBAR = (0.05, 0.45)
THORACIC = (0.5, 0.95)
LOWER = (0.0, 0.35)
UPPER = (0.6, 1.0)
"""Parts of the back, in trunk lengths from mid-hip."""


@dataclass(frozen=True, slots=True, eq=False)
class BackSignals:
    """The signals of `BACK_SIGNALS`, after the filter in time and before it."""

    smooth: Mapping[str, FloatArray]
    rough: Mapping[str, FloatArray]


def back_signals(
    track: PoseTrack, cleaned: CleanTrack, body: Body, *, lowpass_hz: float
) -> BackSignals:
    """The back's shape in every frame; NaN throughout without an outline.

    Parameters
    ----------
    track : PoseTrack
        With the outline, and the landmarks that it was measured from.
    cleaned, body : CleanTrack, Body
        The same athlete: which way they face, where they stand, and the frames whose trunk can be
        trusted.
    lowpass_hz : float
        The cut-off of all other signals: another one would make a lag of its own.

    Notes
    -----
    All is told against the athlete's standing back. Where that is never seen the shape stays
    unknown: without it, it would be as much that of a jacket as that of the spine.
    """
    if track.contour is None:
        unknown = np.full(track.n_frames, np.nan)
        nothing = dict.fromkeys(BACK_SIGNALS, unknown)
        return BackSignals(nothing, nothing)
    contour = track.contour.only(_has_trunk(cleaned, body))
    seen = _steadied(_back_trunks(contour, track.xy_px, body.facing))
    seen_ratio = np.mean(np.isfinite(seen), axis=1)
    is_still = is_upright(body)
    rough = {
        name: values - median(values[is_still]) for name, values in shape_of(smoothed(seen)).items()
    }
    together = np.stack(list(rough.values()), axis=1)[..., None]
    filtered = smooth_runs(together, track.times.pts_s, lowpass_hz=lowpass_hz)[..., 0]
    smooth = dict(zip(rough, filtered.T, strict=True))
    quality = {"back_seen_ratio": seen_ratio}
    return BackSignals(smooth | quality, rough | quality)


def shape_of(back: FloatArray) -> dict[str, FloatArray]:
    """Describe smooth backs, shape (n_frames, 26), trunk lengths behind the axis.

    Curvature is signed: + where the back bulges outwards, - in a hollow. The angle between the
    tangents is + when the upper back is bent forward against the lower.
    """
    off_chord = back - _chord(back)
    slope, bend = _mapped(back, _slopes()), _mapped(back, _bends())
    curvature = -bend / (1.0 + slope**2) ** 1.5
    tangents = [np.arctan(back[:, _part(part)] @ _line(part)) for part in (LOWER, UPPER)]
    return {
        "back_sag_ratio": np.abs(off_chord[:, _part(WHOLE)]).max(axis=1),
        "back_lumbar_curvature_ratio": curvature[:, _part(LUMBAR)].mean(axis=1),
        "back_thoracic_curvature_ratio": curvature[:, _part(THORACIC)].mean(axis=1),
        "back_tangent_deg": np.degrees(tangents[0] - tangents[1]),
        "back_hollow_ratio": -off_chord[:, _part(LUMBAR)].mean(axis=1),
    }


def smoothed(back: FloatArray) -> FloatArray:
    """A natural cubic smoothing spline through the known stations of each frame.

    Frames of which less than `SEEN_MIN_RATIO` is known are NaN; in all others every station has a
    value. Frames that miss the same stations share one matrix.

    Notes
    -----
    With K the penalty of the squared second derivative (Reinsch 1967), the values at the stations
    solve (W + l K) z = W c; W is 1 for a known station and 0 for a missing one.
    """
    smooth = np.full_like(back, np.nan)
    is_seen = np.isfinite(back)
    codes = is_seen @ (1 << np.arange(N_STATIONS))  # a number per pattern: far faster to sort
    _, firsts, of_pattern = np.unique(codes, return_index=True, return_inverse=True)
    patterns = is_seen[firsts]
    for number, smoother in enumerate(_smoothers(patterns)):
        if patterns[number].mean() >= SEEN_MIN_RATIO:
            frames = of_pattern == number
            smooth[frames] = _mapped(np.where(patterns[number], back[frames], 0.0), smoother)
    return smooth


def _has_trunk(cleaned: CleanTrack, body: Body) -> BoolArray:
    """Frames whose trunk was seen, and not filled in from its neighbours; shape (n_frames,)."""
    is_known = np.isfinite(body.hip_px[:, 0] + body.shoulder_px[:, 0])
    sides = ("LEFT", "RIGHT") if body.side is Side.BOTH else (body.side.name,)
    trunk = [Landmark[f"{side}_{joint}"] for side in sides for joint in ("HIP", "SHOULDER")]
    return np.asarray(is_known & ~cleaned.is_filled[:, trunk].any(axis=1))


def _back_trunks(contour: TrunkContour, xy_px: FloatArray, facing: int) -> FloatArray:
    """The outline behind the axis, in the frame's own trunk lengths; shape (n_frames, 26)."""
    _origin, along = trunk_axis(xy_px)
    length_px = np.hypot(along[:, 0], along[:, 1])[:, None]
    behind_px = contour.offset_px[:, behind(facing)]
    return np.asarray(behind_px / np.where(length_px > 0, length_px, np.nan))


def _steadied(back: FloatArray) -> FloatArray:
    """The median over time of each station; NaN where it is not known in most of the frames."""
    around = windows(back, MEDIAN_HALF_FRAMES)
    is_enough = np.isfinite(around).sum(axis=-1) >= MEDIAN_MIN_FRAMES
    return np.where(is_enough, median_of_last_axis(around), np.nan)


def _chord(back: FloatArray) -> FloatArray:
    """The straight line from mid-hip to mid-shoulder height, at every station."""
    first, last = (int(np.flatnonzero(_part((end, end)))[0]) for end in WHOLE)
    return back[:, [first]] * (1.0 - STATIONS) + back[:, [last]] * STATIONS


def _part(part: tuple[float, float]) -> BoolArray:
    """Which stations belong to a part of the back."""
    low, high = part
    return np.asarray((low <= STATIONS) & (high >= STATIONS))


def _line(part: tuple[float, float]) -> FloatArray:
    """Weights whose sum with the values of a part is the slope of the line through them."""
    off = STATIONS[_part(part)] - STATIONS[_part(part)].mean()
    return np.asarray(off / (off @ off))


def _smoothers(is_known: BoolArray) -> FloatArray:
    """From known values to those of the smooth curve; shape (n, 26) to (n, 26, 26)."""
    known = np.eye(N_STATIONS) * is_known[:, None]
    step = STATION_STEP
    stiffness = (SMOOTH_WAVE_TRUNKS / (2.0 * np.pi)) ** 4 / step
    penalty = _second_differences().T @ _bends()[1:-1]
    return np.asarray(np.linalg.solve(known + stiffness * penalty, known), dtype=np.float64)


def _mapped(backs: FloatArray, matrix: FloatArray) -> FloatArray:
    """Each back through a matrix, on this thread alone.

    A product by BLAS would wake its other threads, and wait for them a hundred times as long as the
    whole takes where the machine is busy.
    """
    return np.asarray(np.einsum("fs,ts->ft", backs, matrix))


@cache
def _bends() -> FloatArray:
    """From values at the stations to second derivatives of the natural cubic spline there."""
    step = STATION_STEP
    n_inner = N_STATIONS - 2
    beside = np.eye(n_inner, k=1) + np.eye(n_inner, k=-1)
    mass = step * (2.0 / 3.0 * np.eye(n_inner) + beside / 6.0)
    bends = np.zeros((N_STATIONS, N_STATIONS))
    bends[1:-1] = np.linalg.solve(mass, _second_differences())
    return bends


@cache
def _slopes() -> FloatArray:
    """From values at the stations to first derivatives of the natural cubic spline there."""
    step = STATION_STEP
    ahead = (np.eye(N_STATIONS, k=1) - np.eye(N_STATIONS)) / step
    slopes = ahead - step / 6.0 * (2.0 * _bends() + np.roll(_bends(), -1, axis=0))
    back = (np.eye(N_STATIONS)[-1] - np.eye(N_STATIONS)[-2]) / step
    slopes[-1] = back + step / 6.0 * (_bends()[-2] + 2.0 * _bends()[-1])
    return np.asarray(slopes)


@cache
def _second_differences() -> FloatArray:
    """Change of slope at each inner station; shape (24, 26)."""
    return np.diff(np.eye(N_STATIONS), n=2, axis=0) / STATION_STEP
