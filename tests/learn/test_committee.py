"""The committee: who speaks, the same bits twice, calibration, thresholds, and broken input."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learn.toy_reps import FAULT, toy_features, toy_labels, toy_table

from labeler.core.errors import LearningError
from labeler.features.series import N_POINTS, RepSeries
from labeler.learn import committee as seats
from labeler.learn.committee import (
    MOVEMENT,
    about_voices,
    best_threshold,
    fit_committee,
    neutral_threshold,
    voices_for,
)
from labeler.learn.members import (
    MIN_SLOPE,
    N_MIN_ISOTONIC_REPS,
    Calibration,
    Inputs,
    Voice,
    calibrated,
    log_odds,
    score,
    sigmoid,
)
from labeler.learn.table import labeled_table

ALL = tuple(Voice)
MANY = "ABCDEFGHIJKLMNO"


def toy_series(table, *, seed: int = 0) -> RepSeries:
    """Courses in which reps with the fault rise later; a second channel is never seen."""
    rng = np.random.default_rng(seed)
    at = np.linspace(0.0, 1.0, N_POINTS)
    late = 0.1 * table.y[:, np.newaxis] + rng.normal(0, 0.02, (len(table), 1))
    rise = 60.0 / (1.0 + np.exp(-20.0 * (at - 0.4 - late)))
    values = np.stack([rise, np.full_like(rise, np.nan)], axis=1).astype(np.float32)
    return RepSeries(("trunk_incl_deg", "lateral_bend_deg"), values)


def heard_table(athletes="ABCDEF", n_reps=8, **options):
    table = toy_table(athletes=athletes, n_reps=n_reps, **options)
    return replace(table, series=toy_series(table))


@pytest.fixture(scope="module")
def heard():
    return heard_table()


@pytest.fixture(scope="module")
def committee(heard):
    return fit_committee(heard)


def test_three_voices_speak_and_their_mean_is_the_answer(heard, committee):
    assert committee.voices == voices_for(heard) == ALL
    assert about_voices(heard) == ()
    assert committee.feature_names == tuple(heard.features.columns)
    assert committee.channel_names == ("trunk_incl_deg",)
    each = committee.member_probabilities(heard.features, heard.series)
    assert each.shape == (3, len(heard))
    assert committee.of(heard) == pytest.approx(each.mean(axis=0))
    assert ((each > 0.5) == heard.y).mean(axis=1).min() > 0.9


def test_trees_can_be_asked_one_by_one(heard, committee):
    each = committee.tree_probabilities(heard.features, heard.series)
    trees = committee.member(Voice.TREES)
    assert each.shape == (len(trees.estimator[-1].estimators_), len(heard))
    told = trees.score(committee.inputs(heard.features, heard.series))
    assert sigmoid(told) == pytest.approx(each.mean(axis=0), abs=2e-3)


def test_few_labels_leave_logistic_regression_alone():
    table = heard_table("ABCD", 8)
    alone = fit_committee(table)
    assert alone.voices == (Voice.LOGISTIC,)
    assert [one.code for one in about_voices(table)] == ["one_member"]
    assert alone.tree_probabilities(table.features).shape == (0, len(table))
    assert alone.member(Voice.TREES) is None


def test_without_the_library_two_speak_and_it_is_said(heard, monkeypatch):
    monkeypatch.setattr(seats, "has_rocket", lambda: False)
    two = fit_committee(heard)
    assert two.voices == (Voice.LOGISTIC, Voice.TREES)
    assert np.isfinite(two.probability(heard.features)).all()
    (about,) = about_voices(heard)
    assert "two members instead of three" in about.message
    assert "labeler[rocket]" in about.hint


def test_without_courses_two_speak_and_it_is_said():
    table = toy_table()
    assert voices_for(table) == (Voice.LOGISTIC, Voice.TREES)
    assert "pose is known" in about_voices(table)[0].hint
    unseen = replace(
        table, series=replace(toy_series(table), values=toy_series(table).values * np.nan)
    )
    assert voices_for(unseen) == (Voice.LOGISTIC, Voice.TREES)


def test_a_model_that_hears_courses_asks_for_them(heard, committee):
    with pytest.raises(LearningError, match="Courses of the repetitions: expected them"):
        committee.probability(heard.features)


def test_the_same_table_gives_the_same_bytes(heard, committee):
    again = fit_committee(heard_table())
    first, second = (
        one.member_probabilities(heard.features, heard.series) for one in (committee, again)
    )
    assert first.tobytes() == second.tobytes()
    assert again.threshold == committee.threshold


def test_the_number_of_threads_changes_no_bit(heard, committee):
    other = fit_committee(heard, n_jobs=2)
    first, second = (
        one.member_probabilities(heard.features, heard.series) for one in (committee, other)
    )
    assert first.tobytes() == second.tobytes()


def test_the_global_generator_is_left_alone(heard):
    np.random.seed(5)  # noqa: NPY002 - others may count on it
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    fit_committee(heard)
    assert np.random.random() == expected  # noqa: NPY002


def test_a_rep_of_which_nothing_is_known_gets_a_number(heard, committee):
    nothing = heard.features.iloc[:2] * np.nan
    silent = RepSeries(heard.series.names, heard.series.values[:2] * np.nan)
    found = committee.probability(nothing, silent)
    assert ((found > 0) & (found < 1)).all()
    assert found[0] == found[1]


def test_no_reps_are_no_answers(heard, committee):
    assert committee.of(heard.take(np.array([], dtype=int))).shape == (0,)


def test_channels_are_told_by_name_not_by_place(heard, committee):
    turned = RepSeries(heard.series.names[::-1], heard.series.values[:, ::-1])
    assert (committee.probability(heard.features, turned) == committee.of(heard)).all()


def test_calibration_and_threshold_come_from_many_athletes():
    table = heard_table(MANY, 8)
    found = fit_committee(table)
    assert found.is_calibrated
    assert found.of(table).mean() == pytest.approx(0.5, abs=0.05)
    assert not fit_committee(heard_table(MANY[:-1], 8)).is_calibrated


def test_what_costs_more_to_miss_is_told_sooner():
    table = heard_table(MANY, 4)
    table = replace(table, y=np.random.default_rng(0).permutation(table.y))
    tables = (replace(table, miss_cost=cost) for cost in (9.0, 1 / 9))
    careful, plain = (fit_committee(one).threshold for one in tables)
    assert careful < plain


def test_several_movements_are_told_apart():
    features = toy_features(athletes="ABCDEF")
    features["movement"] = np.where(features["athlete"] < "D", "deadlift", "hinge")
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    found = fit_committee(table)
    assert found.movements == ("deadlift", "hinge")
    assert found.feature_names == tuple(table.features.columns)
    columns = found.columns(features)
    assert list(columns.columns[-2:]) == ["is_deadlift_ratio", "is_hinge_ratio"]
    assert columns.iloc[0, -2:].tolist() == [1.0, 0.0]
    assert columns.iloc[-1, -2:].tolist() == [0.0, 1.0]
    other = found.columns(features.assign(**{MOVEMENT: None}))
    assert (other.iloc[:, -2:] == 0.0).all(axis=None)
    assert (found.probability(features) == found.of(table)).all()


@pytest.mark.parametrize(
    ("miss_cost", "n_missed", "n_false"), [(None, 1, 0), (1.0, 1, 0), (100.0, 0, 2), (0.01, 1, 0)]
)
def test_known_thresholds(miss_cost, n_missed, n_false):
    """One rep with the fault scores below two without it."""
    p = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    is_present = np.array([0, 0, 0, 1, 0, 0, 1, 1, 1], dtype=bool)
    is_fired = p >= best_threshold(is_present.astype(int), p, np.ones(9), miss_cost=miss_cost)
    assert (is_present & ~is_fired).sum() == n_missed
    assert (~is_present & is_fired).sum() == n_false


def test_weight_moves_the_threshold():
    p, y = np.array([0.3, 0.4, 0.6]), np.array([1, 0, 1])
    assert best_threshold(y, p, np.array([1.0, 0.01, 1.0])) <= 0.3
    assert best_threshold(y, p, np.array([0.01, 1.0, 1.0])) > 0.4


def test_where_to_decide_without_calibration():
    assert neutral_threshold(None) == neutral_threshold(1.0) == 0.5
    assert neutral_threshold(3.0) == pytest.approx(0.25)


def test_platt_finds_the_line_that_made_the_answers():
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 2, N_MIN_ISOTONIC_REPS - 1)
    y = (rng.random(scores.size) < sigmoid(1.5 * scores - 1.0)).astype(int)
    found = calibrated(scores, y, np.ones(scores.size))
    assert found.steps == ()
    assert (found.slope, found.intercept) == pytest.approx((1.5, -1.0), abs=0.4)


def test_isotonic_follows_any_rising_course():
    rng = np.random.default_rng(0)
    scores = rng.uniform(-3, 3, 4000)
    truth = np.where(scores < 0, 0.1, 0.7)
    found = calibrated(scores, (rng.random(4000) < truth).astype(int), np.ones(4000))
    assert found.steps
    assert found.probability(np.array([-2.0, 2.0])) == pytest.approx([0.1, 0.7], abs=0.05)
    far = found.probability(np.array([-99.0, 99.0]))
    assert 0 < far[0] < far[1] < 1


@given(st.lists(st.floats(-5, 5), min_size=5, max_size=40), st.integers(0, 2**16))
def test_calibration_never_turns_an_order_around(scores, seed):
    values = np.array(scores)
    y = np.random.default_rng(seed).integers(0, 2, values.size)
    y[0], y[-1] = 0, 1
    found = calibrated(values, y, np.ones(values.size))
    assert found.slope >= MIN_SLOPE
    assert (np.diff(found.probability(np.sort(values))) >= 0).all()


def test_log_odds_and_back():
    assert sigmoid(log_odds(np.array([0.2, 0.7]), least=0.01)) == pytest.approx([0.2, 0.7])
    assert sigmoid(log_odds(np.array([0.0, 1.0]), least=0.01)) == pytest.approx([0.01, 0.99])
    assert Calibration(1.0, 0.0).probability(np.array([-800.0, 800.0])) == pytest.approx([0, 1])


def test_courses_that_a_caller_forgot_are_a_mistake(heard, committee):
    rocket = committee.member(Voice.ROCKET)
    with pytest.raises(ValueError, match="expected those of the reps"):
        score(Voice.ROCKET, rocket.estimator, Inputs(heard.features, None))


def test_one_athlete_learns_by_sets():
    features = toy_features(athletes=["A"] * 6)
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    found = fit_committee(table)
    assert found.threshold == 0.5
    assert ((found.of(table) > 0.5) == table.y).all()
