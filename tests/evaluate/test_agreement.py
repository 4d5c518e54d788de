"""How far raters agree about a fault: what enters, what is counted apart, what cannot be told."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_raters import answers_of, simulated_ratings

from labeler.core.label import Answer, FaultId, Label
from labeler.core.rep import RepId
from labeler.evaluate.agreement import (
    GROUP_STATISTICS,
    PAIR_STATISTICS,
    Repeat,
    fault_agreement,
    repeat_agreement,
)
from labeler.evaluate.agreement_ratings import ratings_of
from labeler.evaluate.agreement_verdict import (
    MIN_OVERLAPS_FOR_VERDICT,
    Gate,
    band,
    gate,
)
from labeler.evaluate.draws import MIN_GROUPS_FOR_INTERVAL, Estimate

FAULT = FaultId("back_rounding")


def agreement(answers, *, athletes=None, threshold=2):
    """Agreement on one fault; `answers` is rater -> one answer per rep, `.` is not rated."""
    labels = answers_of(FAULT, answers)
    n_reps = len(next(iter(answers.values())).split())
    who = athletes or ["A01"] * n_reps
    by_rep = {f"r{n}": who[n] for n in range(n_reps)}
    return fault_agreement(ratings_of(labels, by_rep)[FAULT], threshold=threshold)


def test_a_table_of_answers_keeps_missing_and_hidden_apart():
    labels = answers_of(FAULT, {"ben": "0 NV 3 .", "ann": "1 2 . ."})
    athletes = {f"r{n}": "A01" for n in range(4)}
    ratings = ratings_of(sorted(labels, key=lambda a: a.rep_id), athletes)[FAULT]
    assert ratings.raters == ("ann", "ben")
    expected = np.array([[1, 0], [2, np.nan], [np.nan, 3]])
    assert ratings.severity == pytest.approx(expected, nan_ok=True)
    assert ratings.is_hidden.tolist() == [[False, False], [False, True], [False, False]]
    assert ratings.n_rated.tolist() == [2, 1, 1]


def test_answers_to_reps_that_are_gone_do_not_count():
    gone = Label(RepId("gone"), FAULT, "ann", Answer.CLEAR, "2026-01-01T00:00:00.000Z")
    assert ratings_of([gone], {}) == {}


def test_counts_say_what_entered_and_what_did_not():
    found = agreement({"ann": "0 2 NV NV 3 .", "ben": "0 2 NV 1 . 1", "cara": ". . . . . 2"})
    assert (found.n_reps, found.n_overlaps, found.n_complete) == (6, 3, 0)
    assert (found.n_not_visible, found.n_not_rated) == (3, 7)
    assert found.overlap_ratio == pytest.approx(0.5)
    pair = found.pairs[0]
    assert (pair.first, pair.second, pair.n_overlaps) == ("ann", "ben", 2)
    assert (pair.n_one_hidden, pair.n_both_hidden, pair.n_one_only) == (1, 1, 2)


def test_not_visible_is_never_absent():
    """With *not visible* as 0 they would agree on the first three reps."""
    found = agreement({"ann": "NV NV NV 2 0", "ben": "0 0 0 2 2"})
    assert found.pairs[0].n_overlaps == 2
    assert found.estimates["agreed_ratio"].value == pytest.approx(0.5)


def test_two_raters_have_one_kappa():
    found = agreement({"ann": "0 0 2 2 3 1 0 2", "ben": "0 2 2 1 3 0 0 3"})
    for name in PAIR_STATISTICS:
        assert found.estimates[name] == found.pairs[0].estimates[name]
    assert found.kappa.value == pytest.approx((6 / 8 - 0.5) / 0.5)


def test_the_threshold_decides_what_counts_as_present():
    answers = {"ann": "0 1 1 0 2 3", "ben": "0 1 1 0 1 1"}
    assert agreement(answers, threshold=1).kappa.value == pytest.approx(1.0)
    assert agreement(answers, threshold=2).kappa.value == pytest.approx(0.0)
    one, two = (agreement(answers, threshold=n).estimates for n in (1, 2))
    for name in ("kappa_linear", "kappa_quadratic", "alpha_ordinal"):
        assert one[name] == two[name]


def test_fleiss_wants_reps_that_all_have_rated():
    found = agreement({"ann": "0 2 0 2 0", "ben": "0 2 0 2 2", "cara": "0 2 . . ."})
    assert found.n_complete == 2
    assert found.estimates["fleiss_kappa"].value == pytest.approx(1.0)
    assert found.estimates["alpha_ordinal"].value < 1.0


def test_one_rater_agrees_with_nobody():
    found = agreement({"ann": "0 2 1"})
    assert found.pairs == ()
    assert (found.n_overlaps, found.n_complete) == (0, 0)
    assert found.gate is Gate.CANNOT_TELL
    assert all(math.isnan(found.estimates[name].value) for name in GROUP_STATISTICS)


def test_raters_who_never_met_have_no_figures():
    found = agreement({"ann": "0 2 . .", "ben": ". . 1 0"})
    assert found.pairs[0].n_overlaps == 0
    assert math.isnan(found.kappa.value)


def test_where_nobody_sees_the_fault_only_pabak_is_defined():
    found = agreement({"ann": "0 " * 20, "ben": "0 " * 19 + "1"})
    assert math.isnan(found.kappa.value)
    assert math.isnan(found.estimates["fleiss_kappa"].value)
    assert found.estimates["pabak"].value == pytest.approx(1.0)
    assert found.gate is Gate.CANNOT_TELL


def test_few_athletes_give_no_interval():
    ratings = simulated_ratings(n_athletes=MIN_GROUPS_FOR_INTERVAL - 1)
    found = fault_agreement(ratings)
    assert np.isfinite(found.kappa.value)
    assert math.isnan(found.kappa.low)
    assert found.n_athletes == MIN_GROUPS_FOR_INTERVAL - 1


def test_intervals_hold_the_value_and_shrink_with_athletes():
    widths = []
    for n_athletes in (8, 80):
        found = fault_agreement(simulated_ratings(n_athletes=n_athletes))
        for name in GROUP_STATISTICS:
            estimate = found.estimates[name]
            assert estimate.low <= estimate.value <= estimate.high, name
        widths.append(found.kappa.high - found.kappa.low)
    assert widths[1] < widths[0] / 2


def test_intervals_resample_athletes_not_reps():
    """Ten copies of each rep of the same athletes make nobody surer."""
    ratings = simulated_ratings(n_athletes=12, n_reps_each=6)
    once = fault_agreement(ratings)
    tenfold = type(ratings)(
        ratings.fault,
        ratings.raters,
        np.tile(ratings.severity, (10, 1)),
        np.tile(ratings.is_hidden, (10, 1)),
        np.tile(ratings.athlete, 10),
    )
    again = fault_agreement(tenfold)
    for name in ("kappa", "kappa_quadratic", "pabak", "fleiss_kappa"):
        assert again.estimates[name].low == pytest.approx(once.estimates[name].low)
        assert again.estimates[name].high == pytest.approx(once.estimates[name].high)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_answers_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    words = np.array(["0", "1", "2", "3", "NV", "."])
    answers = {name: " ".join(rng.choice(words, 30)) for name in ("ann", "ben", "cara")}
    labels = answers_of(FAULT, answers)
    athletes = {f"r{n}": f"A{n % 6}" for n in range(30)}
    shuffled = [labels[n] for n in rng.permutation(len(labels))]
    one, two = (fault_agreement(ratings_of(found, athletes)[FAULT]) for found in (labels, shuffled))
    assert one.as_dict().keys() == two.as_dict().keys()
    for name in GROUP_STATISTICS:
        first, second = one.estimates[name], two.estimates[name]
        assert first.value == pytest.approx(second.value, nan_ok=True)
        assert first.low == pytest.approx(second.low, nan_ok=True)


def test_agreement_is_plain_json():
    found = agreement({"ann": "0 0 0", "ben": "0 0 0"}).as_dict()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["estimates"]["kappa"]["value"] is None
    assert found["gate"] == "cannot_tell"


def repeat(n, first, again, rater="ann"):
    return Repeat(f"r{n}", FAULT, rater, Answer(first), Answer(again))


def test_a_rater_is_held_against_their_own_blind_repeats():
    given_twice = [
        *(repeat(n, "0", "0") for n in range(8)),
        *(repeat(n, "2", "3") for n in range(8, 14)),
        repeat(14, "2", "0"),
        repeat(15, "0", "2"),
        repeat(16, "NV", "1"),
        repeat(17, "NV", "NV"),
        repeat(0, "1", "1", rater="ben"),
        repeat(99, "0", "0"),
    ]
    athletes = {f"r{n}": f"A{n % 6}" for n in range(18)}
    ann, ben = repeat_agreement(given_twice, athletes)[FAULT]
    assert (ann.first, ann.second) == ("ann", "ann")
    assert (ann.n_overlaps, ann.n_one_hidden, ann.n_both_hidden) == (16, 1, 1)
    assert ann.estimates["agreed_ratio"].value == pytest.approx(14 / 16)
    by_chance = (9 / 16) ** 2 + (7 / 16) ** 2
    expected = (14 / 16 - by_chance) / (1 - by_chance)
    assert ann.estimates["kappa"].value == pytest.approx(expected)
    assert math.isfinite(ann.estimates["kappa"].low)
    assert math.isnan(ben.estimates["kappa"].value)
    assert ben.estimates["pabak"].value == 1


@pytest.mark.parametrize(
    ("kappa", "expected"),
    [
        (-0.1, "poor"),
        (0.0, "slight"),
        (0.2, "slight"),
        (0.21, "fair"),
        (0.5, "moderate"),
        (0.8, "substantial"),
        (1.0, "almost perfect"),
        (math.nan, ""),
    ],
)
def test_words_are_those_of_landis_and_koch(kappa, expected):
    assert band(kappa) == expected


@pytest.mark.parametrize(
    ("kappa", "n_overlaps", "expected"),
    [
        (0.19, 100, Gate.NOT_READY),
        (0.2, 100, Gate.WARN),
        (0.39, 100, Gate.WARN),
        (0.4, 100, Gate.READY),
        (0.9, MIN_OVERLAPS_FOR_VERDICT - 1, Gate.CANNOT_TELL),
        (0.9, MIN_OVERLAPS_FOR_VERDICT, Gate.READY),
        (math.nan, 100, Gate.CANNOT_TELL),
    ],
)
def test_a_fault_is_ready_for_a_model_by_its_kappa(kappa, n_overlaps, expected):
    assert gate(Estimate(kappa), n_overlaps) is expected


def test_the_smallest_overlap_is_what_its_reason_says():
    """One band of κ at 80 % agreement, half of the reps with the fault."""
    assert math.sqrt(0.8 * 0.2 / MIN_OVERLAPS_FOR_VERDICT) / 0.5 == pytest.approx(0.2)
