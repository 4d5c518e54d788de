"""Learning curves and the permutation test: known answers, the same twice, kept and read back."""

import json

import numpy as np
import pytest
from learn.toy_reps import FAULT, toy_features, toy_labels, toy_table
from sklearn.metrics import roc_auc_score

from labeler.core.errors import LearningError
from labeler.evaluate import curves, permutation
from labeler.evaluate.by_athlete import split_by_athlete
from labeler.evaluate.cheap import (
    CHEAP_MEMBER,
    CheapReps,
    cheap_scores,
    fit_cheap,
    ranks_with_labels,
)
from labeler.evaluate.checks import run_checks
from labeler.evaluate.checks_file import CHECKS_FILE, read_checks, write_checks
from labeler.evaluate.people import people
from labeler.evaluate.permutation import permutation_test, shuffles
from labeler.learn.table import labeled_table


def nothing(*_):
    """Progress that nobody looks at."""


def reps_of(table):
    folds = list(split_by_athlete(table).folds)
    x = table.features.to_numpy(float)
    return CheapReps(x, table.y, table.weight, people(table)), folds


@pytest.fixture(scope="module", autouse=True)
def _fewer_shuffles():
    """Twenty tell as much here as a hundred, in a fifth of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(permutation, "N_PERMUTATIONS", 20)
        patch.setattr(curves, "N_REPEATS", 3)
        yield


@pytest.fixture(scope="module")
def table():
    return toy_table()


@pytest.fixture(scope="module")
def checks(table):
    return run_checks(table, model="abc", done=nothing)


def test_what_is_there_to_learn_is_found(checks):
    assert checks.member == CHEAP_MEMBER
    assert (checks.n_reps, checks.n_groups, checks.group_word) == (48, 6, "athlete")
    assert checks.permutation.observed > 0.95
    assert checks.permutation.p_value == pytest.approx(1 / 21)
    assert checks.permutation.is_sound
    assert [(point.n, point.is_all) for point in checks.by_group] == [
        (2, False),
        (4, False),
        (5, True),
    ]
    assert [(point.n, point.is_all) for point in checks.by_label] == [
        (10, False),
        (20, False),
        (40, True),
    ]
    for point in (*checks.by_group, *checks.by_label):
        assert point.balanced_accuracy_low <= point.balanced_accuracy
        assert point.balanced_accuracy <= point.balanced_accuracy_high
        assert point.auroc > 0.8


def test_labels_that_mean_nothing_are_not_learned(table):
    noise = toy_table()
    noise.y[:] = np.random.default_rng(4).permutation(noise.y)
    reps, folds = reps_of(noise)
    found = permutation_test(reps, folds, done=nothing)
    assert found.p_value > 0.05
    assert found.mean == pytest.approx(0.5, abs=0.05)


def test_shuffling_keeps_what_each_athlete_has(table):
    found = shuffles(table.y, table.athlete)
    assert found.shape == (permutation.N_PERMUTATIONS, len(table))
    for name in "ABCDEF":
        rows = table.athlete == name
        assert (found[:, rows].sum(axis=1) == table.y[rows].sum()).all()
    assert (found != table.y).any(axis=1).mean() > 0.9
    assert (found == shuffles(table.y, table.athlete)).all()


def test_one_preparation_for_all_shuffles_is_the_same_as_one_each(table):
    reps, folds = reps_of(table)
    (fast,) = ranks_with_labels(reps, folds, table.y[np.newaxis])
    for train, test in folds:
        slow = cheap_scores(fit_cheap(reps, train), reps.x[test]).score
        assert fast[test] == pytest.approx(slow, abs=1e-6)


def test_the_observed_score_is_that_of_scikit_learn(table, checks):
    reps, folds = reps_of(table)
    (ranks,) = ranks_with_labels(reps, folds, table.y[np.newaxis])
    assert checks.permutation.observed == pytest.approx(roc_auc_score(table.y, ranks))


def test_a_fold_of_one_kind_is_no_score(table):
    reps, folds = reps_of(table)
    ones = np.ones((1, len(table)), dtype=np.int64)
    assert np.isnan(ranks_with_labels(reps, folds, ones)).all()


def test_a_leak_is_told():
    assert not permutation.Permutation("m", 0.9, (0.6, 0.62), 0.01).is_sound


def test_the_same_data_give_the_same_checks(table, checks):
    assert run_checks(table, model="abc", done=nothing) == checks


def test_progress_only_rises(table, monkeypatch):
    monkeypatch.setattr(curves, "N_REPEATS", 1)
    told = []
    run_checks(table, model="abc", done=lambda words, ratio: told.append((words, ratio)))
    ratios = [ratio for _, ratio in told]
    assert ratios == sorted(ratios)
    assert (ratios[0], ratios[-1]) == (0.0, 1.0)
    assert {words for words, _ in told} == {
        "Learning from fewer athletes",
        "Learning from fewer labels",
        "Shuffling the labels",
    }


def test_without_an_honest_test_there_is_nothing_to_tell():
    found = run_checks(toy_table(athletes="A", n_reps=20), model="abc", done=nothing)
    assert (found.by_group, found.by_label, found.permutation) == ((), (), None)
    assert found.group_word == "set"


def test_athletes_of_one_kind_each_cannot_be_shuffled():
    features = toy_features(athletes="ABCD", n_reps=6)
    features["rep_index"] = np.repeat([1, 2, 1, 2], 6)
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    reps, folds = reps_of(table)
    assert folds
    assert permutation_test(reps, folds, done=nothing) is None


def test_draws_that_never_hold_both_kinds_are_given_up():
    """Two athletes of six have the fault: two others teach nothing."""
    features = toy_features(athletes="ABCDEF", n_reps=6)
    features["rep_index"] = np.repeat([1, 1, 2, 2, 2, 2], 6)
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    reps, folds = reps_of(table)
    points = curves.curve_by_group(reps, folds, done=nothing)
    assert points[-1].is_all
    assert all(point.n_repeats <= curves.N_REPEATS for point in points)
    lonely = CheapReps(reps.x, np.zeros_like(reps.y), reps.weight, reps.who)
    assert curves._drawn(lonely, folds, curves._chosen_groups, size=2, seed=0) is None


def test_too_few_labels_are_refused(table):
    with pytest.raises(LearningError, match="expected at least"):
        run_checks(table.take(np.arange(4)), model="abc", done=nothing)


def test_checks_are_kept_beside_their_model_alone(checks, tmp_path):
    write_checks(checks.as_dict(), tmp_path)
    plain = read_checks(tmp_path, model="abc")
    assert plain == json.loads(json.dumps(checks.as_dict(), allow_nan=False))
    assert plain["permutation"]["is_sound"] is True
    assert read_checks(tmp_path, model="another") is None
    (tmp_path / CHECKS_FILE).write_text("[]")
    assert read_checks(tmp_path, model="abc") is None
    (tmp_path / CHECKS_FILE).write_text("{")
    assert read_checks(tmp_path, model="abc") is None
    assert read_checks(tmp_path / "nowhere", model="abc") is None
