"""Who becomes a row, with which answer, and why the others do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learn.toy_reps import FAULT, answer, toy_features, toy_labels

from labeler.core.finding import Level
from labeler.core.rep import RepId
from labeler.features.series import N_POINTS, RepSeries
from labeler.features.table import empty_table
from labeler.learn.table import UNKNOWN_ATHLETE, Dropped, frame_rates, labeled_table, told


@pytest.fixture
def features():
    return toy_features(athletes=["A01", "A02"], n_reps=3)


REP, OTHER = RepId("000000000000-1"), RepId("000000000000-2")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["0"], (0, 0.0, 1.0)),
        (["1"], (0, 1.0, 1.0)),
        (["2"], (1, 2.0, 1.0)),
        (["2", "3"], (1, 2.5, 1.0)),
        (["2", "3", "0"], (1, 2.0, 2 / 3)),
        (["0", "1", "3"], (0, 1.0, 2 / 3)),
        (["NV", "3"], (1, 3.0, 1.0)),
    ],
)
def test_raters_are_settled_by_majority(features, answers, expected):
    labels = [answer(REP, value, rater=f"R{n}") for n, value in enumerate(answers)]
    table = labeled_table(features, labels, fault=FAULT)
    assert table.rep_ids == (REP,)
    assert (table.y[0], table.severity[0], table.weight[0]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("answers", "code"),
    [(["NV"], "not_visible"), (["NV", "NV"], "not_visible"), (["0", "2"], "raters_tied")],
)
def test_what_nobody_can_tell_is_no_row(features, answers, code):
    labels = [answer(REP, value, rater=f"R{n}") for n, value in enumerate(answers)]
    table = labeled_table(features, labels, fault=FAULT)
    assert len(table) == 0
    assert table.dropped == (Dropped("not_rated", 5), Dropped(code, 1))


def test_other_faults_do_not_answer_this_one(features):
    table = labeled_table(features, [answer(REP, "2", fault="hip_delay")], fault=FAULT)
    assert table.dropped == (Dropped("not_rated", 6),)


def test_reps_that_cannot_be_used_are_counted_under_one_reason(features):
    labels = [*toy_labels(features), answer("ffffffffffff-1", "2")]
    features.loc[REP, "quality"] = "bad"
    features.loc[REP, "trunk_incl_max_deg":] = np.nan
    features.loc[OTHER, "trunk_incl_max_deg":"knee_angle_min_deg"] = np.nan
    features.loc["000000000001-1", "view"] = "front"
    table = labeled_table(features, labels, fault=FAULT)
    assert len(table) == 3
    assert [(part.code, part.n_reps) for part in table.dropped] == [
        ("view", 1),
        ("bad_quality", 1),
        ("no_features", 1),
        ("no_such_rep", 1),
    ]
    assert table.dropped[0].why == "rated by hand, but the camera's view cannot show this fault"
    assert [(one.code, one.level) for one in table.findings] == [
        ("rated_out_of_view", Level.INFO),
    ]
    assert table.findings[0].message.startswith("1 rep was rated by hand")


def test_what_nobody_could_rate_from_there_is_not_said_to_be_rated_by_hand(features):
    features["view"] = "front"
    nobody = labeled_table(features, [answer(REP, "NV")], fault=FAULT)
    assert {part.code for part in nobody.dropped} == {"not_rated", "not_visible"}
    assert nobody.findings == ()
    by_hand = labeled_table(features, [answer(REP, "2"), answer(OTHER, "0")], fault=FAULT)
    assert "2 reps were rated by hand" in by_hand.findings[0].message
    assert len(by_hand) == 0


def test_threshold_decides_what_present_means(features):
    table = labeled_table(features, [answer(REP, "1")], fault=FAULT, threshold=1)
    assert table.y.tolist() == [1]


def test_unknown_athletes_are_one_person():
    features = toy_features(athletes=[None, None, "A01"], n_reps=2)
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    assert set(table.athlete) == {UNKNOWN_ATHLETE, "A01"}
    assert [finding.code for finding in table.findings] == ["unknown_athlete"]
    assert "4 reps" in table.findings[0].message


def test_two_cameras_of_one_session_are_one_set():
    features = toy_features(athletes=["A01", "A01", "A01"], n_reps=2)
    features["session"] = ["S1"] * 4 + [None] * 2
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    assert len(set(table.set_id)) == 2
    assert (table.group_word, table.n_athletes) == ("set", 1)
    assert table.group.tolist() == table.set_id.tolist()


def test_a_second_camera_that_nobody_named_stays_with_the_session_it_filmed():
    """It could have filmed anybody of those who were there, but nobody who was not."""
    features = toy_features(athletes=["A01", None, "A02", "A03"], n_reps=2)
    features["session"] = ["S1"] * 4 + ["S2"] * 2 + ["S1"] * 2
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    groups = table.group.reshape(4, 2)[:, 0]
    assert groups[0] == groups[1] == groups[3] != groups[2]
    named = labeled_table(features.iloc[[0, 1, 4, 5, 6, 7]], toy_labels(features), fault=FAULT)
    assert len(set(named.group)) == 3


def test_courses_follow_their_reps(features):
    values = np.arange(6, dtype=np.float32)[:, np.newaxis, np.newaxis] * np.ones(
        (1, 1, N_POINTS), dtype=np.float32
    )
    series = RepSeries(("trunk_incl_deg",), values)
    table = labeled_table(features, [answer(OTHER, "2")], fault=FAULT, series=series)
    assert table.series.values[:, 0, 0].tolist() == [1.0]
    assert len(table.take(np.array([], dtype=int)).series) == 0
    with pytest.raises(ValueError, match="series: expected 6 reps, got 1"):
        labeled_table(features, [], fault=FAULT, series=table.series)


def test_the_recording_is_not_learned_from(features):
    features["visibility_mean_ratio"] = 0.9
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    assert not {"median_fps", "visibility_mean_ratio"} & set(table.features.columns)
    assert frame_rates(table.meta).tolist() == [30.0] * len(table)


def test_the_real_feature_table_fits():
    table = labeled_table(empty_table(), [], fault=FAULT)
    assert (len(table), table.dropped) == (0, ())
    assert len(table.features.columns) > 30


def test_a_rep_twice_is_a_mistake_of_the_caller(features):
    with pytest.raises(ValueError, match="each rep_id once"):
        labeled_table(features.iloc[[0, 0]], [], fault=FAULT)


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(6)))
def test_the_order_of_the_answers_changes_nothing(order):
    features = toy_features(athletes=["A01", "A02"], n_reps=3)
    labels = toy_labels(features)
    expected = labeled_table(features, labels, fault=FAULT)
    found = labeled_table(features, [labels[n] for n in order], fault=FAULT)
    assert found.label_digest == expected.label_digest
    assert found.y.tolist() == expected.y.tolist()


@pytest.mark.parametrize(("cell", "expected"), [(None, None), (np.nan, None), ("A", "A")])
def test_told(cell, expected):
    assert told(cell) == expected
