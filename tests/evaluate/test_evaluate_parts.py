"""Abstention, reliability, slices, and how many athletes would settle a difference."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learn.toy_reps import FAULT, toy_features, toy_labels, toy_table

from labeler.evaluate import slices
from labeler.evaluate.abstention import COVERAGES, coverage_curve, sureness
from labeler.evaluate.agreement import fault_agreement
from labeler.evaluate.agreement_ratings import ratings_of
from labeler.evaluate.by_athlete import fit_posture, posture_columns
from labeler.evaluate.compare import MODEL, POSTURE, About, compare
from labeler.evaluate.metrics import Scores
from labeler.evaluate.power import MIN_GROUPS_FOR_SD, PUBLISHED_SD, settling
from labeler.evaluate.reliability import reliability
from labeler.evaluate.slices import KINDS, slices_of
from labeler.learn.table import labeled_table


def said(probability, threshold=0.5):
    p = np.array(probability, dtype=float)
    return Scores(p, p >= threshold, threshold=np.full(p.size, threshold))


def test_ten_points_of_difference_take_35_athletes():
    """The worked example of the domain's specification: sd 0.21."""
    by_athlete = np.array([0.1 - 0.21, 0.1, 0.1 + 0.21])
    found = settling(0.10, by_athlete, n_groups=10)
    assert found.sd == pytest.approx(0.21)
    assert (found.is_measured, found.n_needed, found.n_more) == (True, 35, 25)
    assert settling(-0.05, by_athlete, n_groups=10).n_needed == 139


def test_too_few_athletes_take_the_published_spread():
    found = settling(0.10, np.zeros(MIN_GROUPS_FOR_SD - 1), n_groups=2)
    assert (found.is_measured, found.sd, found.n_more) == (False, PUBLISHED_SD, 33)


@pytest.mark.parametrize("value", [0.0, float("nan")])
def test_nothing_settles_no_difference(value):
    found = settling(value, np.array([0.1, 0.2, 0.3]), n_groups=3)
    assert (found.n_needed, found.n_more) == (None, None)


def test_what_is_settled_needs_no_more():
    assert settling(0.9, np.array([0.8, 0.9, 1.0]), n_groups=12).n_more == 0


def test_silence_about_the_least_sure_lowers_the_risk():
    """Wrong on the two reps next to the threshold, right on all others."""
    p = np.array([0.05, 0.1, 0.15, 0.2, 0.45, 0.55, 0.8, 0.85, 0.9, 0.95])
    y = (p > 0.5).astype(int)
    y[[4, 5]] = 1, 0
    group = np.array(list("ABABABABAB"), dtype=object)
    points = coverage_curve(y, said(p), group=group)
    assert [point.coverage for point in points] == pytest.approx(
        [1.0, 1.0, 0.8, 0.8, 0.6, 0.6]  # two by two, as they are equally sure
    )
    assert [point.risk.value for point in points] == pytest.approx([0.2, 0.2, 0, 0, 0, 0])
    assert points[2].balanced_accuracy.value == 1.0


@given(st.lists(st.floats(0, 1), min_size=4, max_size=30), st.floats(0.05, 0.95))
def test_coverage_is_at_least_what_was_asked(probability, threshold):
    y = np.arange(len(probability)) % 2
    points = coverage_curve(y, said(probability, threshold), group=y.astype(object))
    assert len(points) == len(COVERAGES)
    for asked, point in zip(COVERAGES, points, strict=True):
        assert point.coverage >= asked - 0.5 / len(probability) - 1e-9
        assert point.n_answered == round(point.coverage * len(probability))


def test_sureness_counts_from_the_threshold_of_each_rep():
    scores = Scores(np.array([0.5, 0.5]), np.ones(2, bool), threshold=np.array([0.5, 0.1]))
    assert sureness(scores) == pytest.approx([0.0, np.log(9)])


@pytest.mark.parametrize(
    "scores",
    [
        Scores(np.array([0.2, 0.8]), np.array([False, True])),
        Scores(np.array([-2.0, 3.0]), np.array([False, True]), is_probability=False),
        said([np.nan, np.nan]),
        said([]),
    ],
    ids=["no threshold", "no probability", "not scored", "no reps"],
)
def test_what_cannot_be_told_has_no_curve(scores):
    y = np.arange(scores.score.size)
    assert coverage_curve(y, scores, group=y.astype(object)) == ()


def test_reliability_of_known_probabilities():
    y = np.array([0, 1, 1, 1])
    low, high = reliability(y, said([0.21, 0.29, 0.95, 1.0]))
    assert (low.low, low.high, low.n_reps) == (0.2, 0.3, 2)
    assert (low.said, low.found) == pytest.approx((0.25, 0.5))
    assert (high.low, high.n_reps, high.found) == (0.9, 2, 1.0)


def test_no_probability_has_no_reliability():
    assert reliability(np.array([0, 1]), Scores(np.ones(2), np.ones(2, bool), False)) == ()
    assert reliability(np.array([0, 1]), said([np.nan, np.nan])) == ()


def table_of(**columns):
    features = toy_features(athletes=tuple("ABCDEF")).assign(**columns)
    return labeled_table(features, toy_labels(features), fault=FAULT)


def test_slices_cover_every_rep_once_per_kind():
    view = ["side"] * 30 + ["45"] * 18
    fps = [30.0] * 20 + [59.94] * 10 + [240.0] * 17 + [np.nan]
    table = table_of(view=view, median_fps=fps, quality=["good"] * 44 + ["fair"] * 4)
    cameras = {f"{n:064x}": "1080 × 1920" for n in range(3)}
    found = slices_of(table, said(0.1 + 0.8 * table.y), cameras=cameras)
    for kind in KINDS:
        assert sum(part.n_reps for part in found if part.kind == kind) == len(table)
    told = {(part.kind, part.value): part for part in found}
    assert {value for kind, value in told if kind == "fps"} == {
        "below 45",
        "45 to 90",
        "180 or more",
        slices.NOT_TOLD,
    }
    assert told["camera", "1080 × 1920"].n_reps == 24
    assert told["camera", slices.NOT_TOLD].n_reps == 24
    assert told["view", "45°"].n_reps == 18
    side = told["view", "side"]
    assert (side.n_groups, side.is_enough) == (4, True)
    assert side.estimates["balanced_accuracy"].value == 1.0


def test_a_slice_with_too_few_reps_says_so_and_has_no_score():
    table = table_of(quality=["good"] * 44 + ["fair"] * 4)
    fair = next(part for part in slices_of(table, said(table.y)) if part.value == "fair")
    assert (fair.n_reps, fair.n_present, fair.is_enough) == (4, 2, False)
    assert np.isnan(fair.estimates["auroc"].value)


def test_slices_of_what_was_not_scored_have_no_numbers():
    table = table_of()
    parts = slices_of(table, said(np.full(len(table), np.nan)))
    assert all(np.isnan(part.estimates["auroc"].value) for part in parts)


def test_posture_knows_no_timing():
    features = toy_features(athletes=tuple("ABCDEF"))
    features["lag_comb_ms"] = np.where(features["rep_index"] % 2, 80.0, -80.0)
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    assert "lag_comb_ms" in table.features
    assert "lag_comb_ms" not in posture_columns(table)
    assert "trunk_incl_max_deg" in posture_columns(table)


def test_without_posture_there_is_no_such_opponent():
    features = toy_features(athletes=tuple("ABCDEF"))
    timed = features.rename(
        columns={
            "trunk_incl_max_deg": "lag_comb_ms",
            "knee_angle_min_deg": "lag_area_ms",
            "lateral_bend_max_deg": "lag_t50_ms",
        }
    )
    table = labeled_table(timed, toy_labels(timed), fault=FAULT)
    assert posture_columns(table) == ()
    assert compare(table).row(POSTURE) is None
    with pytest.raises(ValueError, match="expected features of posture"):
        fit_posture(table)


@pytest.fixture(scope="module")
def judged():
    """A comparison with two raters who differ about three reps, and a rule of noise."""
    features = toy_features(athletes=tuple("ABCDEF"))
    first = toy_labels(features)
    table = labeled_table(features, first, fault=FAULT)
    from dataclasses import replace

    from labeler.core.label import Answer

    again = [replace(label, rater="Lee") for label in first]
    for place in (0, 9, 20):
        again[place] = replace(again[place], answer=Answer("1"))
    athletes = dict(zip(table.rep_ids, table.athlete, strict=True))
    agreement = fault_agreement(ratings_of([*first, *again], athletes)[FAULT.id])
    score = np.random.default_rng(3).normal(0, 1, len(table))
    rules = pd.DataFrame(
        {
            "rep_id": table.rep_ids,
            "fault": FAULT.id,
            "state": np.where(score >= 0, "fired", "passed"),
            "score": score,
        }
    )
    return compare(table, rules, about=About(agreement))


def test_the_raters_stand_beside_the_model(judged):
    assert judged.raters.n_overlaps == 48
    assert judged.raters.n_raters == 2
    assert 0.8 < judged.raters.estimate.value < 1.0
    assert judged.row(MODEL).estimates["kappa"].value > 0.8


def test_without_two_raters_there_is_no_kappa_between_them():
    assert compare(toy_table()).raters is None
    table = toy_table()
    athletes = dict(zip(table.rep_ids, table.athlete, strict=True))
    alone = fault_agreement(ratings_of(toy_labels(table.meta), athletes)[FAULT.id])
    assert compare(table, about=About(alone)).raters is None


def test_every_athlete_is_told_without_a_name(judged):
    plain = judged.as_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert [group["name"] for group in plain["groups"]] == [f"athlete {n}" for n in range(1, 7)]
    assert {group["name"] for group in judged.as_dict(has_names=True)["groups"]} == set("ABCDEF")
    scores = [group.model for group in judged.groups]
    assert scores == sorted(scores)
    worst = judged.row(MODEL).worst
    assert (judged.groups[0].name, scores[0]) == (worst.name, worst.balanced_accuracy)


def test_how_many_athletes_would_settle_it_is_told(judged):
    found = judged.differences[0].settling
    assert (found.n_groups, found.n_rated, found.is_measured) == (6, 6, True)
    assert judged.as_dict()["differences"][0]["settling"]["n_more"] == found.n_more


def test_a_difference_without_value_needs_no_athletes():
    features = toy_features(athletes="A", n_reps=20)
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    rules = pd.DataFrame(
        {"rep_id": table.rep_ids, "fault": FAULT.id, "state": "fired", "score": 1.0}
    )
    found = compare(table, rules)
    assert [difference.settling for difference in found.differences] == [None, None]
    assert (found.groups, found.abstention, found.reliability) == ((), (), ())
