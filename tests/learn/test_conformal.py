"""When a model keeps silent: known quantiles, honest names, and what it promises of strangers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.learn.conformal import (
    ALPHA,
    N_MIN_GUARANTEE_ATHLETES,
    Promise,
    abstention_from,
    abstention_of,
    fixed_band,
    quantile_by_group,
)


def of_athletes(n_athletes: int, *, n_reps: int = 6, noise: float = 0.12, seed: int = 0):
    """Answers, probabilities around .25 and .75 that each athlete shifts, and who it is."""
    rng = np.random.default_rng(seed)
    y = np.tile(np.arange(n_reps) % 2, n_athletes)
    who = np.repeat(np.arange(n_athletes), n_reps)
    shift = rng.normal(0, noise, n_athletes)[who]
    probability = np.clip(0.25 + 0.5 * y + shift + rng.normal(0, noise / 2, len(y)), 0.001, 0.999)
    return y, probability, who


def silence(y, probability, who, *, threshold=0.5, has_athletes=True):
    return abstention_from(y, probability, who, threshold=threshold, has_athletes=has_athletes)


def test_the_quantile_counts_athletes_and_not_reps():
    values = np.array([0.1, 0.9, 0.9, 0.9, 0.9])
    who = np.array(["A", "B", "B", "B", "B"])
    assert quantile_by_group(values, who, 0.5) == 0.1
    assert quantile_by_group(values, who, 0.51) == 0.9


def test_fifteen_athletes_of_either_kind_are_a_guarantee_and_fewer_are_called_what_they_are():
    enough = silence(*of_athletes(N_MIN_GUARANTEE_ATHLETES))
    few = silence(*of_athletes(N_MIN_GUARANTEE_ATHLETES - 1))
    assert enough.promise is Promise.CONFORMAL
    assert enough.n_athletes == (15, 15)
    assert "at most 10 %" in enough.words
    assert few.promise is Promise.BAND
    assert "low-confidence band" in few.words
    assert "no guarantee" in few.words


def test_sets_of_one_athlete_promise_nothing_of_others():
    assert silence(*of_athletes(20), has_athletes=False).promise is Promise.BAND


@pytest.mark.parametrize("lost", ["no test", "one kind"])
def test_without_a_test_on_strangers_the_band_is_fixed(lost):
    y, probability, who = of_athletes(6)
    if lost == "no test":
        probability = np.full(len(y), np.nan)
    else:
        y = np.zeros_like(y)
    found = silence(y, probability, who)
    assert found == fixed_band(0.5)
    assert (found.low, found.high) == pytest.approx((0.401, 0.599), abs=1e-3)
    assert np.isnan(found.interval(np.array([0.7]))).all()
    assert "fixed width" in found.words


def test_the_threshold_is_never_outside_the_band():
    found = silence(*of_athletes(20), threshold=0.9)
    assert found.low <= 0.9 <= found.high


def test_of_new_athletes_no_more_than_promised_get_the_wrong_answer():
    """Over many draws, one random repetition of each new athlete, either kind on its own."""
    wrong = {0: [], 1: []}
    for seed in range(150):
        known = silence(*of_athletes(20, seed=seed))
        y, probability, who = of_athletes(30, seed=1000 + seed)
        is_wrong = np.where(y == 1, known.is_absent(probability), known.is_present(probability))
        for kind in wrong:
            first = [np.flatnonzero((who == one) & (y == kind))[0] for one in range(30)]
            wrong[kind].append(is_wrong[first].mean())
    assert max(np.mean(found) for found in wrong.values()) <= ALPHA + 0.01


def test_an_interval_narrows_with_athletes_and_holds_the_share():
    few, many = (silence(*of_athletes(n)).interval(np.array([0.75]))[0] for n in (5, 60))
    assert np.diff(many)[0] < np.diff(few)[0]
    assert few[0] < 0.9 < few[1]
    assert many[0] > 0.8


@given(st.floats(0, 1), st.floats(0, 1))
def test_an_interval_rises_with_the_probability(one, other):
    found = silence(*of_athletes(8)).interval(np.sort([one, other]))
    assert (found[:, 0] <= found[:, 1]).all()
    assert (found[0] <= found[1]).all()
    assert (found >= 0).all()
    assert (found <= 1).all()


def test_nothing_measured_has_no_interval_and_no_answer():
    known = silence(*of_athletes(8))
    nothing = np.array([np.nan])
    assert np.isnan(known.interval(nothing)).all()
    assert not known.is_present(nothing).any()
    assert not known.is_absent(nothing).any()


def test_a_card_says_the_same_again_and_an_old_one_says_the_fixed_band():
    known = silence(*of_athletes(8))
    again = abstention_of(known.as_dict(), threshold=0.5)
    asked = np.linspace(0, 1, 7)
    assert (again.low, again.high, again.promise) == (known.low, known.high, known.promise)
    assert again.interval(asked) == pytest.approx(known.interval(asked), abs=1e-4)
    assert abstention_of(None, threshold=0.3) == fixed_band(0.3)
