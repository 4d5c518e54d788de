"""Training: what it needs, what it learns, and that it does so twice the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learn.toy_reps import FAULT, toy_features, toy_labels, toy_table

from labeler.core.errors import LearningError
from labeler.learn.folds import (
    MAX_LEAVE_ONE_OUT,
    N_FOLDS,
    grouped_folds,
    held_together,
    inner_folds,
)
from labeler.learn.table import labeled_table
from labeler.learn.train import (
    N_MIN_OWN_PRESENT,
    NoLabelsError,
    OneClassError,
    TooFewRepsError,
    about_training,
    train,
)


def test_it_learns_the_feature_that_carries_the_fault():
    table = toy_table()
    model = train(table, name="toy")
    probability = model.classifier.probability(table.features)
    assert ((probability >= model.threshold) == table.y).mean() > 0.95
    assert model.feature_names == tuple(table.features.columns)
    assert model.classes == ("absent", "present")


MANY = "ABCDEFGHIJKLMNO"


def test_calibration_makes_probabilities_of_many_athletes():
    table = toy_table(athletes=MANY)
    model = train(table, name="15 athletes")
    assert model.is_calibrated
    assert model.classifier.probability(table.features).mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("athletes", "n_reps"), [(MANY[:-1], 8), (MANY, 2)], ids=["too few athletes", "too few reps"]
)
def test_too_little_is_not_calibrated(athletes, n_reps):
    small = train(toy_table(athletes=athletes, n_reps=n_reps), name="small")
    assert not small.is_calibrated
    assert small.threshold == 0.5


def test_training_twice_gives_the_same_bits():
    first, second = (train(toy_table(), name="toy") for _ in range(2))
    rows = toy_table().features
    assert (first.classifier.probability(rows) == second.classifier.probability(rows)).all()
    assert first.threshold == second.threshold


def test_a_feature_never_seen_in_training_changes_nothing_later():
    model = train(toy_table(), name="toy")
    rows = toy_table().features
    seen = rows.assign(lateral_bend_max_deg=1000.0)
    found = model.classifier.probability(seen)
    assert found == pytest.approx(model.classifier.probability(rows))


def test_a_gap_is_filled_not_fatal():
    model = train(toy_table(), name="toy")
    rows = toy_table().features * np.nan
    assert np.isfinite(model.classifier.probability(rows)).all()


def test_noise_gets_no_confident_threshold():
    """Scores without signal keep their order and stay near the prevalence."""
    table = toy_table(athletes=MANY)
    table.y[:] = np.random.default_rng(3).permutation(table.y)
    model = train(table, name="noise")
    calibrations = [member.calibration for member in model.classifier.members]
    assert all(found is not None and found.slope > 0 for found in calibrations)
    assert model.classifier.probability(table.features) == pytest.approx(0.5, abs=0.35)


@pytest.mark.parametrize(
    ("keep", "error", "message", "hint"),
    [
        ([], NoLabelsError, "expected reps with an answer, got none", "Label some reps"),
        ([0, 2, 4], OneClassError, "got 3 that are all present", "in which it is absent"),
        ([1, 3], OneClassError, "got 2 that are all absent", "in which it is present"),
        ([0, 1, 2], TooFewRepsError, "got 2 present and 1 absent", "Label more reps"),
    ],
)
def test_what_is_missing_is_said(keep, error, message, hint):
    table = toy_table().take(np.array(keep, dtype=np.int64))
    with pytest.raises(error, match=message) as raised:
        train(table, name="toy")
    assert hint in raised.value.hint
    assert isinstance(raised.value, LearningError)


@pytest.mark.parametrize("n_groups", [2, 10, MAX_LEAVE_ONE_OUT + 5])
def test_no_group_stands_on_both_sides(n_groups):
    group = np.repeat(np.arange(n_groups).astype(object), 4)
    y = np.tile([0, 1, 0, 1], n_groups)
    folds = grouped_folds(y, group)
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(y.size))
    for fit, test in folds:
        assert not set(group[fit]) & set(group[test])


@pytest.mark.parametrize(
    ("y", "group"),
    [
        ([0, 1, 0, 1], ["A"] * 4),
        ([0, 0, 1, 1], ["A", "A", "B", "B"]),
        ([0, 0, 0, 0], ["A", "A", "B", "B"]),
        ([1] + [0] * 39, [f"P{n // 2}" for n in range(40)]),
    ],
    ids=["one group", "a class in one group", "one class", "one positive among many groups"],
)
def test_no_honest_fold_is_no_fold(y, group):
    assert grouped_folds(np.array(y), np.array(group, dtype=object)) == []


def test_inside_a_fold_there_are_no_more_folds_than_needed():
    group = np.repeat(np.arange(12).astype(object), 4)
    y = np.tile([0, 1, 0, 1], 12)
    assert (len(grouped_folds(y, group)), len(inner_folds(y, group))) == (12, N_FOLDS)
    for fit, test in inner_folds(y, group):
        assert not set(group[fit]) & set(group[test])


def test_rows_that_share_anything_stay_together():
    athletes = ["A", "A", "B", "C", "C", "D"]
    clips = ["1", "2", "2", "3", "4", "5"]
    sessions = [None, None, None, "S", None, "S"]
    assert held_together(athletes, clips, sessions).tolist() == [0, 0, 0, 3, 3, 3]
    assert held_together([None, None]).tolist() == [0, 1]
    assert held_together([]).tolist() == []


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=15), st.randoms())
def test_the_order_of_rows_does_not_change_who_stays_together(pairs, random):
    def partition(rows):
        found = held_together([a for _, (a, _) in rows], [f"c{b}" for _, (_, b) in rows])
        together = {}
        for name, (row, _) in zip(found, rows, strict=True):
            together.setdefault(name, set()).add(row)
        return {frozenset(one) for one in together.values()}

    rows = list(enumerate(pairs))
    mixed = random.sample(rows, len(rows))
    assert partition(rows) == partition(mixed)


def by_movement(n_reps):
    features = toy_features(athletes="ABCDEF", n_reps=n_reps)
    features["movement"] = np.where(features["athlete"] < "D", "deadlift", "hinge")
    return labeled_table(features, toy_labels(features), fault=FAULT)


def test_movements_with_little_share_a_model_and_it_is_said():
    assert about_training(toy_table(n_reps=4)) != ()
    (_, about) = about_training(by_movement(8))
    assert (about.code, about.hint) == ("shared_by_movements", "")
    assert "2 movements share this model: deadlift, hinge." in about.message


def test_a_movement_with_enough_is_better_learned_alone():
    n_reps = 2 * N_MIN_OWN_PRESENT // 3
    table = by_movement(n_reps)
    (_, about) = about_training(table)
    assert f"deadlift ({N_MIN_OWN_PRESENT}), hinge ({N_MIN_OWN_PRESENT})" in about.hint
    alone = table.of_movement("hinge")
    assert (alone.movements, len(alone)) == (("hinge",), 3 * n_reps)
    assert [(part.code, part.n_reps) for part in alone.dropped] == [("other_movement", 3 * n_reps)]
    assert [one.code for one in about_training(alone)] == ["two_members"]
    assert alone.of_movement("hinge").dropped == alone.dropped
