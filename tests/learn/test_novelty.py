"""Whether a repetition is like those of training: measured on athletes left out."""

from dataclasses import replace

import numpy as np
import pytest
from learn.toy_reps import toy_features, toy_table

from labeler.learn.novelty import MAX_STEPS, novelty_from, novelty_of

STRANGER = toy_features(athletes=["Z"], n_reps=6, seed=9)


@pytest.fixture(scope="module")
def usual():
    return novelty_from(toy_table(athletes="ABCDEFGH", n_reps=10))


def test_a_stranger_who_moves_alike_is_not_unlike(usual):
    assert usual.limit > 0
    assert usual.n_groups == 8
    assert not usual.is_unlike(STRANGER).any()


def test_another_movement_is_unlike_and_says_by_what(usual):
    other = STRANGER.assign(trunk_incl_max_deg=5.0, knee_angle_min_deg=170.0)
    assert usual.is_unlike(other).all()
    assert usual.strangest(other, 1)[0] == ["knee_angle_min_deg"]
    assert usual.strangest(STRANGER, 3)[0] == []


def test_one_feature_that_jumps_counts_up_to_a_limit(usual):
    far, farther = (STRANGER.assign(knee_angle_min_deg=value) for value in (1e4, 1e9))
    assert usual.distance(far) == pytest.approx(usual.distance(farther))
    assert (usual.distance(far) <= MAX_STEPS).all()


def test_nothing_measured_is_unknown_and_no_novelty(usual):
    nothing = STRANGER.assign(trunk_incl_max_deg=np.nan, knee_angle_min_deg=np.nan)
    assert np.isnan(usual.distance(nothing)).all()
    assert not usual.is_unlike(nothing).any()


def test_units_do_not_matter():
    table = toy_table()
    in_other = table.features.assign(knee_angle_min_deg=1000 * table.features["knee_angle_min_deg"])
    scaled = novelty_from(replace(table, features=in_other))
    asked = STRANGER.assign(knee_angle_min_deg=1000 * STRANGER["knee_angle_min_deg"])
    assert scaled.limit == pytest.approx(novelty_from(table).limit)
    assert scaled.distance(asked) == pytest.approx(novelty_from(table).distance(STRANGER))


def test_with_nobody_to_leave_out_nothing_is_called_unlike():
    alone = novelty_from(toy_table(athletes="A").take(np.arange(8)))
    assert np.isnan(alone.limit)
    assert not alone.is_unlike(STRANGER.assign(knee_angle_min_deg=500.0)).any()


def test_a_feature_that_never_varied_tells_nothing():
    table = toy_table()
    still = novelty_from(replace(table, features=table.features.assign(knee_angle_min_deg=90.0)))
    assert np.isnan(still.spread[list(still.names).index("knee_angle_min_deg")])
    assert np.isfinite(still.distance(STRANGER)).all()


@pytest.mark.parametrize(
    ("name", "value", "is_worse"),
    [
        ("visibility_mean_ratio", 0.75, False),
        ("visibility_mean_ratio", 0.60, True),
        ("visibility_mean_ratio", np.nan, False),
        ("interpolated_ratio", 0.25, False),
        ("interpolated_ratio", 0.40, True),
    ],
)
def test_a_worse_pose_than_any_of_training_is_told(name, value, is_worse):
    table = toy_table()
    meta = table.meta.assign(visibility_mean_ratio=0.8, interpolated_ratio=0.2)
    usual = novelty_from(replace(table, meta=meta))
    asked = STRANGER.assign(visibility_mean_ratio=0.9, interpolated_ratio=0.1)
    assert usual.is_worse_seen(asked.assign(**{name: value})).all() == is_worse


def test_a_pose_of_which_training_knew_nothing_is_not_called_worse(usual):
    assert not usual.is_worse_seen(STRANGER.assign(visibility_mean_ratio=0.0)).any()


def test_a_card_says_the_same_again(usual):
    again = novelty_of(usual.as_dict(), usual.names)
    assert again.distance(STRANGER) == pytest.approx(usual.distance(STRANGER), rel=1e-4)
    assert again.limit == pytest.approx(usual.limit, rel=1e-4)
    assert novelty_of(None, usual.names) is None
    alone = novelty_from(toy_table(athletes="A").take(np.arange(8)))
    assert np.isnan(novelty_of(alone.as_dict(), alone.names).limit)
