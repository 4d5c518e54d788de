"""The filter's two passes are those of SciPy's own."""

import math

import numpy as np
import pytest
from scipy.signal import butter, filtfilt

from labeler.signals.lowpass import (
    PAD_S,
    TWO_PASS_CORRECTION,
    lowpass,
    noise_left_ratio,
    speed_per_s,
)


@pytest.mark.parametrize("shape", [(200,), (60, 3), (31, 4, 2), (5, 2)])
@pytest.mark.parametrize("cutoff_hz", [2.0, 4.0, 10.0])
def test_as_by_filtfilt(shape, cutoff_hz):
    """Mirrored through its ends for half a second, or as long as it lasts."""
    fps = 30.0
    values = np.random.default_rng(0).normal(size=shape).cumsum(axis=0)
    warped = np.tan(np.pi * cutoff_hz / fps) / TWO_PASS_CORRECTION
    numerator, denominator = butter(2, np.arctan(warped) * fps / np.pi, fs=fps)
    n_pad = min(round(PAD_S * fps), len(values) - 1)
    expected = filtfilt(numerator, denominator, values, axis=0, padlen=n_pad)
    found = lowpass(values, np.arange(len(values)) / fps, cutoff_hz)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("fps", [0.5, 1.0, 240.0])
def test_hardly_any_and_many_frames_a_second(fps):
    """A constant stays one, at any rate."""
    found = lowpass(np.full((40, 2), 3.0), np.arange(40) / fps, 4.0)
    np.testing.assert_allclose(found, 3.0)


@pytest.mark.parametrize(
    ("fps", "cutoff_hz"), [(10.0, 6.0), (30.0, 4.0), (30.0, 6.0), (240.0, 8.0)]
)
def test_what_the_filter_leaves_of_white_noise(fps, cutoff_hz):
    """Told by the response of the filter as measured, from what it took away."""
    noise = np.random.default_rng(3).normal(size=30_000)
    left = lowpass(noise, np.arange(noise.size) / fps, cutoff_hz)
    expected = float(left.std() / (noise - left).std())
    assert noise_left_ratio(fps, cutoff_hz) == pytest.approx(expected, rel=0.03)


def test_without_a_frame_rate_no_noise_is_told():
    assert math.isnan(noise_left_ratio(math.nan, 6.0))


@pytest.mark.parametrize("shape", [(2,), (3,), (50,), (40, 3), (30, 2, 2)])
def test_speeds_are_those_of_numpy(shape):
    """On an uneven clock, a NaN included."""
    rng = np.random.default_rng(1)
    values, times_s = rng.normal(size=shape), np.cumsum(rng.uniform(0.01, 0.05, shape[0]))
    if shape[0] > 5:
        values[4] = np.nan
    np.testing.assert_allclose(speed_per_s(values, times_s), np.gradient(values, times_s, axis=0))


def test_one_frame_has_no_speed():
    assert np.isnan(speed_per_s(np.ones((1, 2)), np.zeros(1))).all()
