"""Medians and percentiles that pass over what is not known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.signals.robust import mean, median, median_of_last_axis, percentile, windows

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


@given(VALUES, st.floats(0.0, 100.0))
def test_percentiles_are_those_of_numpy(values, percent):
    told = np.percentile(values, percent)
    assert percentile(np.array(values), percent) == pytest.approx(told, abs=1e-6)


@given(VALUES)
def test_unknown_values_change_nothing(values):
    gappy = np.array([math.nan, *values, math.nan, math.inf])
    assert median(gappy) == median(np.array(values)) == pytest.approx(np.median(values))
    assert mean(gappy) == pytest.approx(np.mean(values), abs=1e-6)


@pytest.mark.parametrize("values", [np.empty(0), np.full(3, np.nan), np.full((2, 2), np.nan)])
def test_nothing_known_is_nan(values):
    assert math.isnan(median(values))
    assert math.isnan(mean(values))
    assert math.isnan(percentile(values, 95.0))


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(1, 9), st.floats(0.0, 0.9))
def test_medians_of_rows_are_those_of_numpy(seed, n_values, lost_ratio):
    """With as many gaps as there may be, in rows of odd and even length."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(20, 2, n_values))
    values[rng.random(values.shape) < lost_ratio] = np.nan
    found = median_of_last_axis(values)
    is_known = np.isfinite(values).any(axis=-1)
    np.testing.assert_allclose(found[is_known], np.nanmedian(values[is_known], axis=-1))
    assert np.isnan(found[~is_known]).all()


def test_the_median_of_no_values_is_not_known():
    assert np.isnan(median_of_last_axis(np.empty((3, 0)))).tolist() == [True] * 3


def test_the_neighbours_of_each_value():
    found = windows(np.array([1.0, 2.0, 3.0]), 1)
    assert np.array_equal(found, [[np.nan, 1, 2], [1, 2, 3], [2, 3, np.nan]], equal_nan=True)
