"""A low-pass filter without lag, on the frames' own times, and speeds from what it leaves."""

import math
from functools import lru_cache

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.signal import butter, freqz, lfilter, lfilter_zi

from labeler.core.arrays import FloatArray
from labeler.signals.robust import median, percentile

DEFAULT_LOWPASS_HZ = 6.0
"""For a movement that was not told; the catalogue gives each movement its own."""

FILTER_ORDER = 2
"""Of one pass; forward and backward make it the fourth order, without lag."""

TWO_PASS_CORRECTION = (np.sqrt(2.0) - 1.0) ** (1.0 / (2 * FILTER_ORDER))
"""A pass is designed at cut-off / this, so that two of them lose 3 dB at the cut-off (0.802)."""

MAX_CUTOFF_PER_FPS = 0.4
"""Above this share of the frame rate a cut-off means nothing."""

PAD_S = 0.5
"""The signal is mirrored through its end points for this long, so that the ends do not ring."""

FPS_DIGITS = 6
"""Two stretches of a clip have the same frame rate if it is the same to so many decimals."""

MAX_JITTER_RATIO = 0.1
MAX_STEP_RATIO = 1.5
"""A frame time further than this from the median, or clocks less steady: filter on a grid."""


def is_steady(times_s: FloatArray) -> bool:
    """Whether frames come evenly enough to filter as they are: no jitter, none dropped."""
    steps_s = np.diff(times_s)
    if steps_s.size == 0:
        return True
    usual_s = median(steps_s)
    low_s, high_s = percentile(steps_s, 25.0), percentile(steps_s, 75.0)
    is_even = (high_s - low_s) <= MAX_JITTER_RATIO * usual_s
    return bool(is_even and steps_s.max() <= MAX_STEP_RATIO * usual_s)


def cutoff_within(cutoff_hz: float, fps: float) -> float:
    """The cut-off that a frame rate allows: at most `MAX_CUTOFF_PER_FPS` of it."""
    return min(cutoff_hz, MAX_CUTOFF_PER_FPS * fps)


def lowpass(values: FloatArray, times_s: FloatArray, cutoff_hz: float) -> FloatArray:
    """Values without what moves faster than `cutoff_hz`; zero lag, same times.

    Parameters
    ----------
    values : FloatArray
        Shape (n, ...), finite: fill or cut gaps before.
    times_s : FloatArray
        Shape (n,), strictly increasing seconds. An unsteady clock is put on an even grid of its
        median step for filtering, and read back at its own times.
    cutoff_hz : float
        Where 3 dB are lost, both passes together; at most `MAX_CUTOFF_PER_FPS` of the rate.
    """
    if len(times_s) < 3:
        return values.copy()
    if is_steady(times_s):
        return _filtered(values, _rate(times_s), cutoff_hz)
    step_s = float(np.median(np.diff(times_s)))
    n_steps = int(np.ceil((times_s[-1] - times_s[0]) / step_s))
    grid_s = np.linspace(times_s[0], times_s[-1], n_steps + 1)
    even = PchipInterpolator(times_s, values, axis=0)(grid_s)  # raw: must not overshoot
    smooth = _filtered(even, _rate(grid_s), cutoff_hz)
    return np.asarray(CubicSpline(grid_s, smooth, axis=0)(times_s), dtype=np.float64)


@lru_cache(maxsize=64)
def noise_left_ratio(fps: float, cutoff_hz: float) -> float:
    """Standard deviation of white noise behind the filter over that of what it took away.

    By the filter's own response, which is no wall: it keeps some of what is above its cut-off, and
    takes some of what is below. NaN without a frame rate.
    """
    if not fps > 0:
        return math.nan
    numerator, denominator, _rest = _filter(round(fps, FPS_DIGITS), cutoff_hz)
    passed = np.abs(freqz(numerator, denominator)[1]) ** 2  # there and back
    return float(np.sqrt(np.mean(passed**2) / np.mean((1.0 - passed) ** 2)))


def speed_per_s(values: FloatArray, times_s: FloatArray) -> FloatArray:
    """Change per second by central differences on uneven times; NaN beside a NaN.

    Give it filtered values: a difference makes noise larger. Fewer than two frames give NaN.

    Notes
    -----
    As `numpy.gradient` along the first axis, but for rounding, in a quarter of its time: between
    two steps the slopes of both count, that of the shorter one more.
    """
    if len(times_s) < 2:
        return np.full_like(values, np.nan)
    steps_s = np.diff(times_s).reshape(-1, *(1 for _ in values.shape[1:]))
    slopes = (values[1:] - values[:-1]) / steps_s
    speed = np.empty(values.shape)
    speed[0], speed[-1] = slopes[0], slopes[-1]
    before_s, after_s = steps_s[:-1], steps_s[1:]
    speed[1:-1] = (after_s * slopes[:-1] + before_s * slopes[1:]) / (before_s + after_s)
    return speed


def _rate(times_s: FloatArray) -> float:
    """Frames per second of an even clock."""
    return float((len(times_s) - 1) / (times_s[-1] - times_s[0]))


def _filtered(values: FloatArray, fps: float, cutoff_hz: float) -> FloatArray:
    """One pass each way, over a mirrored start and end; as `scipy.signal.filtfilt`, only faster."""
    numerator, denominator, rest = _filter(round(fps, FPS_DIGITS), cutoff_hz)
    n_pad = min(round(PAD_S * fps), len(values) - 1)
    before = 2.0 * values[0] - values[n_pad:0:-1]
    after = 2.0 * values[-1] - values[-2 : -n_pad - 2 : -1]
    passed = np.concatenate([before, values, after])
    for _way in ("forward", "backward"):
        settled = rest.reshape(-1, *(1 for _ in values.shape[1:])) * passed[:1]
        passed = lfilter(numerator, denominator, passed, axis=0, zi=settled)[0][::-1]
    return np.asarray(passed[n_pad : n_pad + len(values)], dtype=np.float64)


@lru_cache(maxsize=64)
def _filter(fps: float, cutoff_hz: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """One pass, and its state at rest; the correction is made where its frequencies are even.

    Kept, because designing a filter takes longer than filtering a clip with it.
    """
    warped = np.tan(np.pi * cutoff_within(cutoff_hz, fps) / fps) / TWO_PASS_CORRECTION
    design_hz = float(np.arctan(warped)) * fps / np.pi
    numerator, denominator = butter(FILTER_ORDER, design_hz, fs=fps)
    return numerator, denominator, lfilter_zi(numerator, denominator)
