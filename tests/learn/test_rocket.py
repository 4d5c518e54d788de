"""Filling, scaling and convolving courses."""

import numpy as np
import pytest

from labeler.learn.rocket import CourseFiller, Kernels

N_POINTS = 101


def courses(n_reps=6, n_channels=2, seed=0):
    rng = np.random.default_rng(seed)
    at = np.linspace(0, np.pi, N_POINTS)
    high = rng.uniform(1, 2, (n_reps, n_channels, 1))
    return (high * np.sin(at) + rng.normal(0, 0.01, (n_reps, n_channels, N_POINTS))).astype(
        np.float32
    )


def test_gaps_are_filled_with_the_mean_course():
    told = courses()
    gappy = told.copy()
    gappy[0, 0, 30:60] = np.nan
    filler = CourseFiller().fit(told)
    filled, whole = filler.transform(gappy), filler.transform(told)
    mean = filler.transform(told.mean(axis=0, keepdims=True))
    assert filled[0, 0, 30:60] == pytest.approx(mean[0, 0, 30:60], abs=1e-5)
    assert (filled[1:] == whole[1:]).all()
    assert np.isfinite(filled).all()


def test_scales_are_of_the_channel_and_not_of_the_rep():
    told = courses()
    scaled = CourseFiller().fit_transform(told)
    assert scaled.std(axis=(0, 2)) == pytest.approx([1.0, 1.0], abs=1e-3)
    tall, low = (int(n) for n in np.argsort(told.max(axis=2)[:, 0])[[-1, 0]])
    assert np.ptp(scaled[tall, 0]) > 1.2 * np.ptp(scaled[low, 0])


def test_units_change_nothing():
    told = courses()
    other = told * np.array([1.0, 100.0], dtype=np.float32)[:, np.newaxis]
    found = CourseFiller().fit_transform(other)
    assert found == pytest.approx(CourseFiller().fit_transform(told), abs=1e-4)


def test_channels_that_training_never_saw_are_dropped():
    told = courses()
    told[:, 0] = np.nan
    assert CourseFiller().fit_transform(told).shape == (6, 1, N_POINTS)
    told[:, 1] = np.nan
    silent = CourseFiller().fit(told).transform(courses())
    assert silent.shape == (6, 1, N_POINTS)
    assert not silent.any()


def test_a_course_that_never_moves_stays_finite():
    still = np.ones((4, 1, N_POINTS), dtype=np.float32)
    assert not CourseFiller().fit_transform(still).any()


@pytest.mark.parametrize("n_channels", [1, 3])
def test_shares_of_kernels_do_not_depend_on_the_other_reps(n_channels):
    told = courses(n_channels=n_channels)
    kernels = Kernels(84, random_state=1).fit(told)
    shares = kernels.transform(told)
    assert shares.shape == (6, 84)
    assert (shares.min(), shares.max()) >= (0.0, 0.0)
    assert shares.max() <= 1.0
    assert (kernels.transform(told[2:3]) == shares[2:3]).all()
    assert kernels.transform(told[:0]).shape == (0, 84)


def test_the_same_seed_draws_the_same_kernels():
    told = courses()
    first, second = (Kernels(84, random_state=3).fit(told).transform(told) for _ in range(2))
    assert first.tobytes() == second.tobytes()
