"""The metrics against scikit-learn, against hand counts, and under resampling."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from labeler.evaluate import metrics
from labeler.evaluate.draws import MIN_GROUPS_FOR_INTERVAL, N_DRAWS, Draws
from labeler.evaluate.metrics import (
    METRICS,
    Scores,
    pr_curve,
    score_difference,
    score_method,
)


def random_scores(seed, n=40, n_levels=8):
    """Scores with many ties, so that ties are tested too; both classes are always there."""
    rng = np.random.default_rng(seed)
    y = np.append([0, 1], rng.integers(0, 2, n - 2))
    probability = rng.integers(0, n_levels, n) / n_levels
    return y, Scores(probability, probability >= 0.5), rng.integers(0, 4, (1, n)) + 0.5


def ece_by_hand(y, p, w):
    """Bin by bin, as the definition says."""
    total = 0.0
    for low in np.arange(10) / 10:
        rows = (p >= low) & ((p < low + 0.1) | ((low == 0.9) & (p == 1)))
        if rows.any():
            said, found = np.average(p[rows], weights=w[rows]), np.average(y[rows], weights=w[rows])
            total += w[rows].sum() * abs(said - found)
    return total / w.sum()


@settings(deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_metric_agrees_with_scikit_learn(seed):
    y, scores, weight = random_scores(seed)
    p, fired, w = scores.score, scores.is_fired, weight[0]
    expected = {
        "auprc": sk.average_precision_score(y, p, sample_weight=w),
        "auroc": sk.roc_auc_score(y, p, sample_weight=w),
        "balanced_accuracy": sk.balanced_accuracy_score(y, fired, sample_weight=w),
        "f1": sk.f1_score(y, fired, sample_weight=w),
        "brier": sk.brier_score_loss(y, p, sample_weight=w),
        "ece": ece_by_hand(y, p, w),
        "kappa": sk.cohen_kappa_score(y, fired, sample_weight=w),
    }
    found = {name: metric(y, scores, weight)[0] for name, metric in METRICS.items()}
    assert found == pytest.approx(expected)


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.floats(0.1, 9), shift=st.floats(-5, 5))
def test_ranking_metrics_only_see_the_order(seed, scale, shift):
    y, scores, weight = random_scores(seed)
    moved = Scores(scores.score * scale + shift, scores.is_fired)
    for metric in (metrics.auprc, metrics.auroc):
        assert metric(y, moved, weight) == pytest.approx(metric(y, scores, weight))


def test_a_draw_without_a_rep_is_a_table_without_it():
    y, scores, _ = random_scores(1)
    keep = np.arange(y.size) % 3 > 0
    for metric in METRICS.values():
        drawn = metric(y, scores, keep[np.newaxis].astype(float))
        assert drawn == pytest.approx(metric(y[keep], scores.take(keep), np.ones((1, keep.sum()))))


@pytest.mark.parametrize("only", [0, 1])
def test_one_class_is_nan_where_undefined(only):
    y, scores, weight = random_scores(2)
    one = np.full_like(y, only)
    found = {name: metric(one, scores, weight)[0] for name, metric in METRICS.items()}
    assert np.isnan([found["auroc"], found["balanced_accuracy"]]).all()
    assert np.isnan([found["auprc"], found["f1"]]).all() == (only == 0)
    assert np.isfinite(found["brier"])


def test_what_is_no_probability_has_no_brier_score_and_no_ece():
    y, scores, weight = random_scores(3)
    said = Scores(scores.score, scores.is_fired, is_probability=False)
    assert np.isnan(metrics.brier(y, said, weight)).all()
    assert np.isnan(metrics.ece(y, said, weight)).all()


def test_probabilities_that_come_true_have_no_calibration_error():
    y = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    honest = np.array([0.25] * 4 + [0.75] * 4)
    scores = Scores(honest, honest >= 0.5)
    assert metrics.ece(y, scores, np.ones((1, 8)))[0] == pytest.approx(0)
    boasting = Scores(np.round(honest), honest >= 0.5)
    assert metrics.ece(y, boasting, np.ones((1, 8)))[0] == pytest.approx(0.25)


def test_bins_hold_both_ends():
    assert metrics.bin_of(np.array([0.0, 0.05, 0.1, 0.95, 1.0])).tolist() == [0, 0, 1, 9, 9]


@pytest.mark.parametrize(
    ("fired", "expected"),
    [([0, 0, 1, 1], 1.0), ([1, 1, 0, 0], -1.0), ([0, 1, 0, 1], 0.0), ([0, 0, 0, 0], 0.0)],
    ids=["the same", "the opposite", "by chance", "never"],
)
def test_kappa_of_known_answers(fired, expected):
    y, is_fired = np.array([0, 0, 1, 1]), np.array(fired, dtype=bool)
    found = metrics.kappa(y, Scores(is_fired * 1.0, is_fired), np.ones((1, 4)))
    assert found[0] == pytest.approx(expected)


def test_kappa_of_one_and_the_same_answer_cannot_be_told():
    never = np.zeros(4, dtype=bool)
    assert np.isnan(metrics.kappa(np.zeros(4, int), Scores(never * 1.0, never), np.ones((1, 4))))


def grouped(n_groups, seed=0):
    rng = np.random.default_rng(seed)
    y = np.tile([0, 1], 5 * n_groups)
    probability = np.clip(0.3 + 0.4 * y + rng.normal(0, 0.2, y.size), 0, 1)
    group = np.repeat([f"A{n}" for n in range(n_groups)], 10).astype(object)
    return y, Scores(probability, probability >= 0.5), group


def test_the_interval_holds_the_value_and_is_the_same_twice():
    y, scores, group = grouped(8)
    first, second = (score_method("model", y, scores, group=group) for _ in range(2))
    assert first == second
    for estimate in first.estimates.values():
        assert estimate.low < estimate.value < estimate.high


def test_the_interval_resamples_groups_and_not_reps(monkeypatch):
    y, scores, group = grouped(5)
    drawn = []

    def spy(y, scores, draws):
        drawn.append(np.asarray(draws))
        return np.zeros(len(draws))

    monkeypatch.setitem(METRICS, "brier", spy)
    score_method("model", y, scores, group=group)
    weight = np.concatenate(drawn)
    assert weight.shape == (1 + N_DRAWS, y.size)
    assert (weight.reshape(-1, 5, 10) == weight.reshape(-1, 5, 10)[:, :, :1]).all()
    assert (weight.sum(axis=1) == y.size).all()


def test_blocks_of_draws_change_nothing_in_their_number(monkeypatch):
    y, scores, group = grouped(6)
    whole = score_method("model", y, scores, group=group)
    monkeypatch.setattr(metrics, "MAX_CELLS", 7 * y.size)
    blocks = score_method("model", y, scores, group=group)
    assert blocks.estimates["f1"].low == pytest.approx(whole.estimates["f1"].low)


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), n_groups=st.integers(1, 6))
def test_draws_of_groups_are_weights_of_reps(seed, n_groups):
    """Summed per group first or not: the same number, and as many reps as were drawn."""
    y, scores, _ = random_scores(seed)
    rng = np.random.default_rng(seed)
    draws = Draws.by_group(
        rng.integers(0, 3, (5, n_groups)).astype(float), rng.integers(0, n_groups, y.size)
    )
    assert draws.total == pytest.approx(np.asarray(draws).sum(axis=1))
    assert draws.shape == np.asarray(draws).shape == (5, y.size)
    for metric in METRICS.values():
        found = metric(y, scores, draws)
        assert found == pytest.approx(metric(y, scores, np.asarray(draws)), nan_ok=True)
        each = [metric(y, scores, row[np.newaxis])[0] for row in np.asarray(draws)]
        assert found == pytest.approx(np.array(each), nan_ok=True)


def test_too_few_groups_give_no_interval():
    y, scores, group = grouped(MIN_GROUPS_FOR_INTERVAL - 1)
    found = score_method("model", y, scores, group=group).estimates["auprc"]
    assert np.isfinite(found.value)
    assert np.isnan([found.low, found.high]).all()


def test_a_metric_undefined_in_most_draws_gives_no_interval():
    """One of twelve athletes has the fault: a third of the draws leave that athlete out."""
    group = np.repeat([f"A{n:02}" for n in range(12)], 2).astype(object)
    y = np.zeros(24, dtype=np.int64)
    y[0] = 1
    scores = Scores(np.linspace(1, 0, 24), np.arange(24) < 1)
    some = score_method("model", y, scores, group=group).estimates["auroc"]
    assert np.isfinite(some.low)
    y[:] = 0
    none = score_method("model", y, scores, group=group).estimates["auroc"]
    assert np.isnan([none.value, none.low]).all()


def test_the_worst_group_is_named_among_those_that_can_be_rated():
    y = np.array([0, 1, 0, 1, 1, 1])
    fired = np.array([0, 1, 1, 1, 0, 0], dtype=bool)
    group = np.array(["A", "A", "B", "B", "C", "C"], dtype=object)
    worst = score_method("model", y, Scores(fired * 1.0, fired), group=group).worst
    assert (worst.name, worst.balanced_accuracy, worst.n_rated) == ("B", 0.5, 2)
    spread = score_method("model", y, Scores(fired * 1.0, fired), group=group).spread
    assert (spread.n_rated, spread.low, spread.median, spread.high) == (2, 0.625, 0.75, 0.875)
    assert metrics.by_group(y, Scores(fired * 1.0, fired), group) == {"A": 1.0, "B": 0.5}


def test_no_group_with_both_answers_has_no_worst():
    y = np.array([0, 0, 1, 1])
    group = np.array(["A", "A", "B", "B"], dtype=object)
    row = score_method("model", y, Scores(y * 1.0, y == 1), group=group)
    assert row.worst is None
    assert row.spread is None
    assert row.prevalence == 0.5


@pytest.mark.parametrize("metric", METRICS)
def test_nobody_who_can_be_rated_is_no_number(metric):
    y = np.array([0, 0, 1, 1])
    group = np.array(["A", "A", "B", "B"], dtype=object)
    assert metrics.by_group(y, Scores(y * 1.0, y == 1), group, metric=metric) == {}


def test_what_was_not_scored_is_nan_everywhere():
    y, _, group = grouped(6)
    nothing = Scores(np.full(y.size, np.nan), np.zeros(y.size, bool))
    row = score_method("model", y, nothing, group=group)
    assert all(np.isnan(estimate.value) for estimate in row.estimates.values())
    assert row.worst is None
    difference = score_difference(y, nothing, nothing, group=group, metric="auprc")
    assert np.isnan(difference.value)
    assert pr_curve(y, nothing) == []


def test_no_reps_are_no_number():
    none = np.array([], dtype=np.int64)
    row = score_method("m", none, Scores(none * 1.0, none > 0), group=none.astype(object))
    assert np.isnan(row.prevalence)
    assert np.isnan(row.estimates["f1"].value)


def test_the_difference_of_a_method_with_itself_is_zero():
    y, scores, group = grouped(6)
    found = score_difference(y, scores, scores, group=group, metric="auprc")
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_the_curve_of_a_known_ranking():
    y = np.array([1, 0, 1, 0])
    scores = Scores(np.array([0.9, 0.6, 0.6, 0.1]), np.ones(4, bool))
    expected = [(0.5, 1.0, 0.9), (1.0, 2 / 3, 0.6), (1.0, 0.5, 0.1)]
    assert np.array(pr_curve(y, scores)) == pytest.approx(np.array(expected))
