"""A model's answers: sure, not sure, not visible, and why."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from learn.toy_reps import toy_features, toy_labels, toy_table

from labeler.catalog.loader import load_catalog
from labeler.core.errors import LearningError
from labeler.learn.artifact import make_card
from labeler.learn.explain import logistic_pushes, spoken
from labeler.learn.predict import COLUMNS, Asked, explained, predict
from labeler.learn.table import labeled_table
from labeler.learn.train import train
from labeler.learn.trust import trust_from

CATALOG = load_catalog()


@pytest.fixture(scope="module")
def made():
    table = toy_table(n_reps=12)
    model = train(table, name="toy")
    return model, make_card(model, table)


@pytest.fixture
def rep():
    """One rep of a stranger, like those of training."""
    features = toy_features(athletes=["Z"], n_reps=1)
    return features.assign(trunk_incl_max_deg=65.0, knee_angle_min_deg=90.0)


def test_known_reps_get_the_right_answer(made):
    found = predict(*made, toy_features(athletes=["Z"], n_reps=6, seed=9), catalog=CATALOG)
    assert tuple(found.columns) == COLUMNS
    assert found["answer"].tolist() == ["present", "absent"] * 3
    assert found["rep_id"].tolist() == [f"{0:012x}-{n}" for n in range(1, 7)]
    assert set(found["fault"]) == {"back_rounding"}


def test_the_strongest_signal_is_the_reason_in_words(made, rep):
    found = predict(*made, rep, catalog=CATALOG).iloc[0]
    assert found["answer"] == "present"
    assert found["reason"].startswith("Largest lean of the trunk (65°) speaks for the fault")
    assert "_" not in found["reason"]
    assert found["flags"] == ()


def test_pushes_add_up_to_the_score(made):
    model, _ = made
    features = toy_features(athletes=["Z"], n_reps=4)
    estimator = model.classifier.logistic
    total = logistic_pushes(model.classifier, features).sum(axis=1)
    score = estimator.decision_function(features[list(model.feature_names)])
    assert total + estimator[-1].intercept_[0] == pytest.approx(score)


def test_a_missing_value_is_told_in_words(made, rep):
    (first,) = spoken(made[0].classifier, rep.assign(knee_angle_min_deg=np.nan), None, None)
    assert {one.key for one in first} <= {"trunk_incl_deg", "knee_angle_deg", "lateral_bend_deg"}
    assert all("not measured" in one.words for one in first if one.key == "knee_angle_deg")


def test_close_to_the_threshold_is_cannot_tell(made, rep):
    model, card = made
    sweep = np.linspace(40, 60, 401)
    many = rep.loc[rep.index.repeat(401)].assign(trunk_incl_max_deg=sweep)
    many.index = [f"r-{n}" for n in range(401)]
    probability = model.classifier.probability(many[list(model.feature_names)])
    nearest = many.iloc[[np.argmin(np.abs(probability - model.threshold))]]
    found = predict(model, card, nearest, catalog=CATALOG).iloc[0]
    assert found["answer"] == "cannot_tell"
    assert found["probability"] == pytest.approx(model.threshold, abs=0.02)
    assert found["reason"].startswith("too close to call. ")


@pytest.mark.parametrize(
    "lost",
    [
        {"trunk_incl_max_deg": np.nan, "knee_angle_min_deg": np.nan},
        {"quality": "bad"},
    ],
    ids=["nothing measured", "pose lost"],
)
def test_nothing_to_go_by_is_cannot_tell(made, rep, lost):
    found = predict(*made, rep.assign(**lost), catalog=CATALOG).iloc[0]
    assert (found["answer"], np.isnan(found["probability"])) == ("cannot_tell", True)
    assert found["reason"] == "too little of the movement could be measured"


def test_a_view_that_shows_less_is_asked_for_what_it_shows():
    """Taught from both views, a model has more from the side; the front alone must not be refused.

    Half of what the view shows is enough, and nothing of it is too little.
    """
    side = toy_features(athletes=["A", "B"])
    front = toy_features(athletes=["C", "D"], view="front", seed=1).drop(
        columns=["trunk_incl_max_deg", "knee_angle_min_deg"]
    )
    front.index = [f"f{name[1:]}" for name in front.index]
    front["lateral_bend_max_deg"] = 5.0 + 10.0 * (front["rep_index"] % 2)
    both = pd.concat([side, front])
    both["hip_angle_min_deg"] = both["trunk_incl_max_deg"] + 40.0
    fault = CATALOG.fault("tempo_uncontrolled")
    labels = [replace(one, fault=fault.id) for one in toy_labels(both)]
    table = labeled_table(both, labels, fault=fault)
    model = train(table, name="both views")
    card = make_card(model, table)
    rep = both.iloc[[-1]]
    assert predict(model, card, rep, catalog=CATALOG)["answer"].iloc[0] == "absent"
    unseen = rep.assign(lateral_bend_max_deg=np.nan, trunk_incl_max_deg=50.0)
    assert predict(model, card, unseen, catalog=CATALOG)["answer"].iloc[0] == "cannot_tell"


def test_a_view_that_cannot_show_the_fault_is_not_scored(made, rep):
    found = predict(*made, rep.assign(view="front"), catalog=CATALOG).iloc[0]
    assert (found["answer"], np.isnan(found["probability"])) == ("not_visible", True)
    assert found["reason"] == "the view front cannot show this fault"


@pytest.mark.parametrize(
    ("change", "flags"),
    [
        ({"view": "45"}, ("other_view", "weak_view")),
        ({"view": None}, ("other_view",)),
        ({"movement": "hinge"}, ("other_movement",)),
        ({"movement": None}, ("other_movement",)),
        ({"median_fps": 33.0}, ()),
        ({"median_fps": 60.0}, ("other_fps",)),
        ({"median_fps": 15.0}, ("other_fps",)),
        ({"median_fps": np.nan}, ()),
    ],
)
def test_what_is_unlike_training_is_predicted_and_flagged(made, rep, change, flags):
    found = predict(*made, rep.assign(**change), catalog=CATALOG).iloc[0]
    assert found["flags"] == flags
    assert found["answer"] == "present"


def test_an_unknown_frame_rate_is_no_flag(made, rep):
    found = predict(*made, rep.drop(columns="median_fps"), catalog=CATALOG).iloc[0]
    assert found["flags"] == ()


def test_no_reps_give_no_rows(made, rep):
    found = predict(*made, rep.iloc[:0], catalog=CATALOG)
    assert (len(found), tuple(found.columns)) == (0, COLUMNS)


def test_a_table_without_a_trained_feature_is_refused(made, rep):
    with pytest.raises(LearningError, match="a table without knee_angle_min_deg"):
        predict(*made, rep.drop(columns="knee_angle_min_deg"), catalog=CATALOG)


@pytest.fixture(scope="module")
def trusted():
    """A model with all that training leaves behind to judge an answer by."""
    table = toy_table(n_reps=12)
    model = train(table, name="toy")
    said = dict(zip(table.rep_ids, model.classifier.of(table), strict=True))
    trust = trust_from(table, said, threshold=model.threshold)
    return Asked(model, trust.on(make_card(model, table)), CATALOG, trust.memory)


def test_silence_is_what_was_measured_on_strangers(trusted):
    told = explained(trusted, toy_features(athletes=["Z"], n_reps=6, seed=9)).answers
    assert set(told["certainty"]) == {"low_confidence_band"}
    assert (told["low"] <= told["high"]).all()
    assert told["answer"].tolist() == ["present", "absent"] * 3
    assert "low-confidence band" in trusted.card.limits[-1]
    assert sum("low-confidence band" in limit for limit in trusted.card.limits) == 1


def test_between_the_two_kinds_a_model_keeps_silent(trusted, rep):
    sweep = np.linspace(40, 60, 101)
    many = rep.loc[rep.index.repeat(101)].assign(trunk_incl_max_deg=sweep)
    many.index = [f"r-{n}" for n in range(101)]
    answers = explained(trusted, many).answers["answer"].tolist()
    order = sorted(answers, key=["absent", "cannot_tell", "present"].index)
    assert answers == order
    assert set(answers) == {"absent", "cannot_tell", "present"}


def test_the_signal_that_was_changed_is_the_one_that_spoke(trusted, rep):
    (said,) = explained(trusted, rep.assign(trunk_incl_max_deg=62.0)).signals
    assert said[0].key == "trunk_incl_deg"
    assert said[0].push > 0
    assert "(62°; 4" in said[0].words


def test_likeness_is_told_before_the_probability(trusted, rep):
    other = rep.assign(trunk_incl_max_deg=150.0, knee_angle_min_deg=10.0)
    found = explained(trusted, other).answers.iloc[0]
    assert found["flags"] == ("unlike_training",)
    assert set(found["unlike"]) == {"Largest lean of the trunk", "Smallest knee angle"}
    assert COLUMNS.index("flags") < COLUMNS.index("unlike") < COLUMNS.index("probability")


def test_the_nearest_labelled_reps_are_of_others_and_of_the_movement(trusted):
    known = toy_features(athletes=["A"], n_reps=2)
    (first, second) = explained(trusted, known).neighbours
    assert [one.is_present for one in first] == [True] * 3
    assert [one.is_present for one in second] == [False] * 3
    assert not any(one.is_same_athlete for one in (*first, *second))
    assert [one.distance for one in first] == sorted(one.distance for one in first)
    assert explained(trusted, known.assign(movement="squat")).neighbours == [[], []]


def test_no_rep_is_a_neighbour_of_itself(trusted):
    known = toy_features(athletes=["A", "B"], n_reps=4)
    for rep_id, near in zip(known.index, explained(trusted, known).neighbours, strict=True):
        assert rep_id not in {one.rep_id for one in near}


def test_a_rep_of_bad_quality_has_no_signals_and_says_why(trusted, rep):
    nothing = rep.assign(quality="bad", trunk_incl_max_deg=np.nan, knee_angle_min_deg=np.nan)
    told = explained(trusted, nothing)
    assert told.signals == [[]]
    assert told.neighbours == [[]]
    assert told.answers["reason"].iloc[0] == "too little of the movement could be measured"
    assert told.answers[["probability", "low", "high"]].isna().all(axis=None)
