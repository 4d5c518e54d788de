"""Which signals spoke: by occlusion, in words, and where to look."""

from dataclasses import replace

import numpy as np
import pytest
from learn.toy_reps import FAULT, toy_features, toy_labels
from support_bodies import hinge, steady_times

from labeler.catalog.loader import load_catalog
from labeler.core.clip import ClipTags, View
from labeler.features.posture import POSTURE_SIGNALS
from labeler.features.registry import all_features
from labeler.features.rep_signals import rep_signals
from labeler.features.series import RepSeries
from labeler.learn.explain import (
    Spoken,
    Usual,
    about,
    groups_of,
    key_of,
    spoken,
    title_of,
    where_to_look,
)
from labeler.learn.table import labeled_table
from labeler.learn.train import train
from labeler.reps.segment import find_reps
from labeler.workflows.deriving import signals_from

HINGE = load_catalog().movement("hinge")


@pytest.fixture(scope="module")
def seen():
    """The first repetition of a hinge."""
    times = steady_times(14.0, 30.0)
    signals = signals_from(hinge(times, lag_s=-0.2, n_reps=4), ClipTags("A", "hinge", View.SIDE))
    return rep_signals(signals, find_reps(signals, HINGE).reps[0], HINGE)


@pytest.mark.parametrize("one", all_features(), ids=lambda one: one.name)
def test_no_feature_is_told_by_its_id(one):
    key = key_of(one.name)
    assert "_" not in about(key)
    assert "_" not in title_of(one.name)


def test_features_of_one_signal_are_one_voice_in_the_picture_and_in_space():
    names = ["knee_angle_min_deg", "knee_angle_world_max_deg", "lag_t50_ms", "lag_area_ms"]
    assert list(groups_of(names)) == ["knee_angle_deg", "sequencing"]


def test_a_posture_that_is_told_by_other_signals_too_stays_with_its_own():
    assert about(key_of("lateral_bend_early_deg")) == "side bend"


def test_what_no_registry_knows_speaks_for_itself():
    assert groups_of(["trunk_incl_max_change_deg"]) == {
        "trunk_incl_max_change_deg": ["trunk_incl_max_change_deg"]
    }
    assert title_of("trunk_incl_max_change_deg") == "Trunk incl max change"


@pytest.mark.parametrize(
    ("value", "usual", "words"),
    [
        (65.2, 41.8, "65°; 42° is usual without it"),
        (3.14, np.nan, "3.1°"),
        (-0.001, 0.5, "0.00°; 0.50° is usual without it"),
        (np.nan, 1.0, "not measured"),
    ],
)
def test_values_are_told_with_their_unit_and_what_is_usual(value, usual, words):
    one = Spoken("knee_angle_deg", "knee angle", "knee_angle_min_deg", value, usual, -1.0)
    assert one.words == f"Smallest knee angle ({words}) speaks against the fault"


def heard(features, with_fault):
    """Courses of the trunk, which rise further with the fault, and of a still knee."""
    rise = np.where(with_fault, 60.0, 30.0)[:, None] * np.sin(np.linspace(0, np.pi, 101))
    values = np.stack([rise, np.full_like(rise, 90.0)], axis=1).astype(np.float32)
    noise = np.random.default_rng(0).normal(0, 1, values.shape)
    return RepSeries(("trunk_incl_deg", "knee_angle_deg"), (values + noise).astype(np.float32))


def test_what_a_committee_hears_is_occluded_too():
    """No feature tells the kinds apart: only the course of the trunk does."""
    features = toy_features(athletes="ABCDEF")
    is_faulty = (features["rep_index"] % 2 == 1).to_numpy()
    labels = toy_labels(features)
    noise = np.random.default_rng(1).normal(50, 5, len(features))
    features = features.assign(trunk_incl_max_deg=noise)
    series = heard(features, is_faulty)
    model = train(labeled_table(features, labels, fault=FAULT, series=series), name="heard")
    if not model.classifier.channel_names:
        pytest.skip("aeon is not installed: no member hears courses")
    absent = series.take(~is_faulty).channels(model.classifier.channel_names)
    usual = Usual(
        {str(n): 50.0 for n in model.feature_names}, np.median(absent, axis=0).astype(float)
    )
    asked = features[is_faulty].iloc[:4]
    for found in spoken(model.classifier, asked, series.take(is_faulty).take(np.arange(4)), usual):
        assert found[0].key == "trunk_incl_deg"
        assert found[0].push > 0


def test_no_reps_say_nothing():
    features = toy_features(athletes="ABCDEF")
    model = train(labeled_table(features, toy_labels(features), fault=FAULT), name="toy")
    assert spoken(model.classifier, features.iloc[:0], None, None) == []


def test_one_looks_where_the_signal_is_at_its_extreme(seen):
    lean = seen["trunk_incl_deg"]
    assert where_to_look("trunk_incl_max_deg", seen) == int(np.nanargmax(lean))
    assert where_to_look("hip_angle_min_deg", seen) == int(np.nanargmin(seen["hip_angle_deg"]))
    assert where_to_look("trunk_incl_turn_deg", seen) == seen.turn


def test_who_leads_shows_where_both_are_furthest_apart_on_the_way(seen):
    found = where_to_look("lag_t50_ms", seen)
    assert 0 < found < seen.turn


def test_what_was_never_seen_is_looked_for_at_the_turn(seen):
    assert where_to_look("rep_s", seen) == seen.turn
    hidden = {**seen.values, "knee_angle_deg": np.full(len(seen.times_s), np.nan)}
    assert where_to_look("knee_angle_min_deg", replace(seen, values=hidden)) == seen.turn


def test_every_posture_signal_has_a_key_of_its_own_or_of_its_twin():
    names = [one.name for one in all_features() if key_of(one.name) in POSTURE_SIGNALS]
    assert len(names) > 100
