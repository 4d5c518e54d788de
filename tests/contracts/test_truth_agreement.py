"""The truth benchmark's own tools: which repetitions two systems share, and what a row says."""

import math

import numpy as np
import pytest
import truth_agreement
from truth_row import Row, at_least, at_most

N_REPS, N_VALUES = 10, 60


def courses(seed):
    """Ten repetitions, each with a way of its own; shape (n_reps, n_values)."""
    return np.cumsum(np.random.default_rng(seed).normal(size=(N_REPS, N_VALUES)), axis=1)


def seen_by_another(own, seed=7):
    """As another system sees it: always a little different, and with noise."""
    rng = np.random.default_rng(seed)
    return 0.8 * own + np.linspace(0.0, 5.0, N_VALUES) + rng.normal(0.0, 1.0, own.shape)


def test_the_same_repetitions_in_the_same_order_are_no_chance():
    own = courses(1)
    assert truth_agreement.chance_of_order(own, seen_by_another(own)) < truth_agreement.MAX_CHANCE


@pytest.mark.parametrize("seed", range(5))
def test_other_repetitions_fit_by_chance_only(seed):
    """What both systems always see alike, or differently, does not make a pair."""
    own, others = courses(1), seen_by_another(courses(100 + seed))
    assert truth_agreement.chance_of_order(own, others) > truth_agreement.MAX_CHANCE


def test_the_same_repetitions_one_place_off_are_no_pairs():
    own = courses(1)
    shifted = np.roll(seen_by_another(own), 1, axis=0)
    assert truth_agreement.chance_of_order(own, shifted) > truth_agreement.MAX_CHANCE


def test_the_fit_of_two_systems_leaves_out_what_either_does_not_tell():
    key, other = (2, 1, True), (3, 1, False)
    values = {
        "vicon": {key: np.array([1.0]), other: np.array([math.nan]), (4, 1, True): np.array([2.0])},
        "kinect": {key: np.array([1.5]), other: np.array([3.0])},
    }
    found = truth_agreement.Agreement(("lag_area_ms",), values)
    np.testing.assert_array_equal(found.pairs("lag_area_ms"), [[1.0, 1.5]])


@pytest.mark.parametrize(
    ("row", "is_met"),
    [
        (at_most("row", "what", 1.0, 1.0, "why"), True),
        (at_most("row", "what", 1.1, 1.0, "why"), False),
        (at_least("row", "what", 0.9, 1.0, "why"), False),
        (at_most("row", "what", math.nan, 1.0, "why"), False),
    ],
    ids=["just met", "above", "below", "not known"],
)
def test_a_missed_target_says_why_and_a_met_one_does_not(row, is_met):
    assert row.is_met is is_met
    assert row.limits == ("" if is_met else "why")


def test_what_is_not_known_is_none_in_the_table():
    assert at_most("row", "what", math.nan, 1.0).as_dict()["value"] is None
    assert Row("row", "what", None, "<= 1", False).as_dict() == {
        "id": "row",
        "value": None,
        "target": "<= 1",
        "met": False,
    }
