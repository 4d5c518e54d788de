"""Shares with intervals: known answers, and what is too little to speak of a change."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.workflows.athlete_shares import MIN_TREND_REPS, Share, change, trend_words, wilson


@pytest.mark.parametrize(
    ("n_present", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_that_of_wilson(n_present, n, low, high):
    assert wilson(n_present, n) == pytest.approx((low, high), abs=5e-4)


def test_newcombe_gives_his_own_example():
    """56 of 70 less 48 of 80: 0.20 with 0.0524 to 0.3339 (Newcombe 1998, table II, method 10)."""
    found = change(Share(48, 80), Share(56, 70))
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-4)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_mirrors_that_of_the_others(told):
    n_present, n = told
    low, high = wilson(n_present, n)
    assert 0 <= low <= n_present / n + 1e-12
    assert n_present / n - 1e-12 <= high <= 1
    assert wilson(n - n_present, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_of_none_nothing_is_told():
    none = Share(0, 0, {"not visible": 3})
    assert math.isnan(none.ratio)
    assert all(map(math.isnan, none.interval))
    assert none.words == "none judged"
    assert none.as_dict()["ratio"] is None
    assert none.as_dict()["left_out"] == {"not visible": 3}


def test_a_share_says_its_interval_and_its_number():
    assert Share(5, 10).words == "50 % (24 to 76 %), 5 of 10"


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([Share(1, 9)], "One period only"),
        ([Share(1, 9), Share(0, 0)], "One period only"),
        ([Share(1, MIN_TREND_REPS - 1), Share(9, 9)], "Too few repetitions"),
        ([Share(10, 10), Share(0, 0), Share(0, 10)], "Rarer in S3 than in S1: -100 points"),
        ([Share(0, 10), Share(10, 10)], "More frequent in S2 than in S1: +100 points"),
        ([Share(4, 10), Share(3, 10)], "No change is shown from S1 to S2: -10 points"),
    ],
)
def test_a_change_is_told_only_where_it_is_shown(shares, said):
    assert trend_words([f"S{n + 1}" for n in range(len(shares))], shares).startswith(said)
