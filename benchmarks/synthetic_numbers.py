"""From errors of repetitions to numbers: slope, bias, spread, and what can be told from nothing."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student
from synthetic_reps import ANGLES, BEND, LAG_NAMES, LEAD_NAMES, TURN_NAMES, ClipErrors

from labeler.core.arrays import FloatArray, IntArray
from labeler.features.detection import LEAST_SLOPE, LOD_PER_SD

SET_REPS = 8
"""A set's mean is told of so many repetitions."""

MIN_REPS = 4
"""Of fewer no spread is told."""

MIN_SPREAD = 10.0
"""True values that differ by less, in milliseconds, degrees or points, tell no slope."""

CONFIDENCE = 0.90
"""Of the interval of a limit."""

BAND_EDGES_DEG = (20.5, 35.0)
"""Flexion between straight, rounded and severe: midway between what the made-up backs have for
slight, clear and severe of the rater's sheet."""


@dataclass(frozen=True, slots=True)
class Line:
    """How what is measured follows what is true; NaN where there are too few.

    Parameters
    ----------
    slope : float
        Measured per true; 1 where nothing is lost.
    bias : float
        Mean of measured less true.
    at_zero : float
        What is measured where the truth is 0.
    sd, sd_clips : float
        Of one repetition about the line, and the part of it that a whole clip has in common.
    mae : float
        Mean absolute error.
    limit, set_limit : float
        Smallest true value that one repetition, or the mean of a set, tells from 0, where the
        offset is not taken away: (3.29 SD + abs(at_zero)) / slope. Infinite without a slope.
    limit_low, limit_high : float
        90 % interval of `limit`, from what it becomes without each clip in turn: other athletes
        and cameras, not other repetitions. NaN of one clip.
    """

    n_reps: int
    n_clips: int
    slope: float
    bias: float
    at_zero: float
    sd: float
    sd_clips: float
    mae: float
    limit: float
    set_limit: float
    limit_low: float = math.nan
    limit_high: float = math.nan


NO_LINE = Line(0, 0, *(8 * (math.nan,)))


def line_of(true: FloatArray, measured: FloatArray, clip: IntArray) -> Line:
    """Fit by least squares over the repetitions in which both are known."""
    known = np.isfinite(true) & np.isfinite(measured)
    true, measured, clip = true[known], measured[known], clip[known]
    line = _line_of(true, measured, clip)
    clips = np.unique(clip)
    if line.n_reps == 0 or len(clips) < 2:
        return line
    without = (clip != one for one in clips)
    limits = [_line_of(true[one], measured[one], clip[one]).limit for one in without]
    low, high = interval(line.limit, np.array(limits))
    return replace(line, limit_low=low, limit_high=high)


def _line_of(true: FloatArray, measured: FloatArray, clip: IntArray) -> Line:
    """Without the interval."""
    if not _tells_a_line(true):
        return NO_LINE
    slope, at_zero = np.polyfit(true, measured, 1)
    rest = measured - slope * true - at_zero
    within, between = _parts(rest, clip)
    return Line(
        n_reps=len(true),
        n_clips=len(np.unique(clip)),
        slope=float(slope),
        bias=float(np.mean(measured - true)),
        at_zero=float(at_zero),
        sd=math.sqrt(within + between),
        sd_clips=math.sqrt(between),
        mae=float(np.mean(np.abs(measured - true))),
        limit=detectable(slope, at_zero, math.sqrt(within + between)),
        set_limit=detectable(slope, at_zero, math.sqrt(within / SET_REPS + between)),
    )


def interval(limit: float, without_one: FloatArray) -> tuple[float, float]:
    """Where a limit is, from what it becomes without each clip in turn: jackknife of its logarithm.

    Where one of them is infinite or cannot be told, so is the upper end: it hangs on one clip.
    """
    known = without_one[np.isfinite(without_one)]
    if not math.isfinite(limit) or len(known) < len(without_one):
        return float(min((limit, *known))), math.inf
    logs, n = np.log(known), len(known)
    error = math.sqrt((n - 1) / n * float(np.sum((logs - logs.mean()) ** 2)))
    reach = math.exp(float(student.ppf(0.5 + CONFIDENCE / 2.0, n - 1)) * error)
    return limit / reach, limit * reach


def detectable(slope: float, at_zero: float, sd: float) -> float:
    """Smallest true value that is told from none; infinite without a slope."""
    return (LOD_PER_SD * sd + abs(at_zero)) / slope if slope > LEAST_SLOPE else math.inf


def _parts(rest: FloatArray, clip: IntArray) -> tuple[float, float]:
    """Variance within clips, and of what all repetitions of a clip have in common."""
    groups = [rest[clip == one] for one in np.unique(clip)]
    free = len(rest) - len(groups) - 1
    within = sum(float(np.sum((one - one.mean()) ** 2)) for one in groups) / max(free, 1)
    if len(groups) < 2:
        return within, 0.0
    means = np.array([one.mean() for one in groups])
    usual = len(groups) / float(np.sum([1.0 / len(one) for one in groups]))
    return within, max(0.0, float(np.var(means, ddof=1)) - within / usual)


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of one cell from one source of tracks.

    Parameters
    ----------
    rmse_deg, bias_deg : Mapping[str, float]
        By signal, over all frames from the first start to the last stop.
    edges_ms : tuple[float, float, float]
        Mean absolute error of start, turn and stop.
    lines : Mapping[str, Line]
        By name of a lag, a turn or the bend of the back.
    band_ratio : float
        Share of repetitions whose back is told in the right one of three bands; NaN of none.
    asked : frozenset[str]
        Of `lines`, those whose true values differ enough for a line: one that is not there although
        it was asked for was not seen.
    """

    n_clips: int
    n_frames: int
    detected_ratio: float
    n_true: int
    n_found: int
    rmse_deg: Mapping[str, float]
    bias_deg: Mapping[str, float]
    edges_ms: tuple[float, float, float]
    lines: Mapping[str, Line]
    band_ratio: float = math.nan
    asked: frozenset[str] = frozenset()


def numbers_of(clips: Sequence[ClipErrors]) -> Numbers:
    """Pool the clips of a cell, or of several."""
    reps = [rep for clip in clips for rep in clip.reps]
    number = np.repeat(np.arange(len(clips)), [len(clip.reps) for clip in clips])
    n_frames = sum(clip.n_frames for clip in clips)
    names = (*LAG_NAMES, *LEAD_NAMES, *TURN_NAMES, BEND)
    pairs = {
        name: np.array([rep.pairs.get(name, (math.nan, math.nan)) for rep in reps]).reshape(-1, 2)
        for name in names
    }
    squares = {name: _pooled(clip.squares[name] for clip in clips) for name in ANGLES}
    return Numbers(
        n_clips=len(clips),
        n_frames=n_frames,
        detected_ratio=sum(clip.n_detected for clip in clips) / n_frames,
        n_true=sum(clip.n_true for clip in clips),
        n_found=sum(clip.n_found for clip in clips),
        rmse_deg={name: told[1] for name, told in squares.items()},
        bias_deg={name: told[0] for name, told in squares.items()},
        edges_ms=_edges([rep.edges_ms for rep in reps]),
        lines={name: line_of(both[:, 0], both[:, 1], number) for name, both in pairs.items()},
        band_ratio=band_ratio(pairs[BEND]),
        asked=frozenset(name for name, both in pairs.items() if _tells_a_line(both[:, 0])),
    )


def _tells_a_line(true: FloatArray) -> bool:
    """Whether what is true is known often enough, and differs enough."""
    known = true[np.isfinite(true)]
    return len(known) >= MIN_REPS and bool(np.ptp(known) >= MIN_SPREAD)


def band_ratio(bends: FloatArray) -> float:
    """Share of pairs (true, measured) that fall into the same band; NaN without any."""
    known = bends[np.isfinite(bends).all(axis=1)]
    bands = np.digitize(known, BAND_EDGES_DEG)
    return float(np.mean(bands[:, 0] == bands[:, 1])) if len(known) else math.nan


def _pooled(parts: Iterable[tuple[float, float, int]]) -> tuple[float, float]:
    """Mean error and root mean square."""
    total, squares, n = np.sum(list(parts), axis=0)
    return (total / n, math.sqrt(squares / n)) if n else (math.nan, math.nan)


def _edges(errors_ms: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    errors = np.abs(np.array(errors_ms).reshape(-1, 3))
    known = errors[np.isfinite(errors).all(axis=1)]
    start, turn, stop = known.mean(axis=0) if len(known) else (math.nan,) * 3
    return float(start), float(turn), float(stop)
