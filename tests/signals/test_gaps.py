"""Gaps of landmarks: filled along the same curve as by SciPy's own, or left alone."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from labeler.core.clip import FrameTimes
from labeler.signals.gaps import CURVED_GAP_S, MAX_GAP_S, fill_gaps, gap_lengths_s

FPS = 30.0


def clock(n_frames, *, seed=None):
    jitter = 0.0 if seed is None else np.random.default_rng(seed).uniform(-0.2, 0.2, n_frames)
    return FrameTimes((np.arange(n_frames) + jitter - np.min(jitter)) / FPS)


def walk(n_frames, n_landmarks, seed):
    steps = np.random.default_rng(seed).integers(-2, 3, (n_frames, n_landmarks, 2))
    return np.cumsum(steps, axis=0).astype(float)


@given(st.integers(0, 10_000), st.floats(0.02, 0.6))
def test_short_gaps_follow_the_curve_of_scipy(seed, lost_ratio):
    """On an uneven clock, with summits, level stretches and gaps beside gaps."""
    times = clock(40, seed=seed)
    points = walk(40, 3, seed)
    lost = np.random.default_rng(seed + 1).random(points.shape[:2]) < lost_ratio
    points[lost] = np.nan
    found = fill_gaps(points, times)
    for landmark in range(3):
        known = np.flatnonzero(~lost[:, landmark])
        if len(known) < 2:
            assert np.array_equal(found[:, landmark], points[:, landmark], equal_nan=True)
            continue
        curve = PchipInterpolator(times.pts_s[known], points[known, landmark], axis=0)
        for last, following in pairwise(known):
            inside = slice(last + 1, following)
            gap_s = times.pts_s[following] - times.pts_s[last] - times.frame_s
            if gap_s <= CURVED_GAP_S:
                expected = curve(times.pts_s[inside])
                np.testing.assert_allclose(found[inside, landmark], expected, atol=1e-9)
            elif gap_s > MAX_GAP_S:
                assert np.isnan(found[inside, landmark]).all()
        assert np.isnan(found[: known[0], landmark]).all()
        assert np.isnan(found[known[-1] + 1 :, landmark]).all()


def test_longer_gaps_follow_a_line():
    """A parabola with 0.3 s missing: straight across, whatever bends outside."""
    times = clock(40)
    points = np.square(times.pts_s)[:, None, None] * np.ones((1, 2, 3))
    points[10:19, 0] = np.nan
    found = fill_gaps(points, times)
    expected = np.interp(times.pts_s[10:19], times.pts_s[[9, 19]], points[[9, 19], 1, 0])
    np.testing.assert_allclose(found[10:19, 0, 2], expected)
    assert np.array_equal(found[:, 1], points[:, 1])


@pytest.mark.parametrize("n_frames", [1, 2])
def test_hardly_any_frames_stay_as_they_are(n_frames):
    points = np.full((n_frames, 2, 2), np.nan)
    found = fill_gaps(points, FrameTimes(np.arange(n_frames) / FPS))
    assert found is not points
    assert np.isnan(found).all()


def test_the_given_points_are_not_changed():
    points = walk(12, 1, 0)
    points[5] = np.nan
    fill_gaps(points, clock(12))
    assert np.isnan(points[5]).all()


def test_how_long_gaps_are():
    """Two missing frames last as long as two frames do; open ends have no length."""
    points = walk(10, 1, 0)
    points[[0, 3, 4, 9]] = np.nan
    found_s = gap_lengths_s(points, clock(10))[:, 0]
    assert found_s[[3, 4]] == pytest.approx(2 / FPS)
    assert np.isnan(found_s[[0, 1, 2, 5, 6, 7, 8, 9]]).all()
