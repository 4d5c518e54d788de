"""Rules and models are one kind of thing, and every answer says which of them gave it."""

from dataclasses import replace

import numpy as np
import pytest
from support_datasets import N_REPS, TAGS, add_hinges
from support_models import FAULT, add_rated_athletes, quick_model

from labeler.core.clip import ClipTags, View
from labeler.rules.registry import all_rules
from labeler.workflows.deriving import learned_from, rules_of_all
from labeler.workflows.detectors import (
    ANSWERS,
    COLUMNS,
    RULE,
    Rules,
    detect,
    detect_any,
    in_force,
)
from labeler.workflows.promoting import Scope, promote, retire


@pytest.fixture
def rated(dataset):
    add_rated_athletes(dataset)
    return dataset


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def promoted(rated, models):
    quick_model(rated, models / "dip")
    promote(rated, models / "dip", by="Ann")
    return rated


def of_fault(detection, fault=FAULT):
    return detection.table[detection.table["fault"] == fault]


def test_without_a_promotion_every_answer_is_its_rules(rated, models):
    found = detect(rated, rated.clips.get("dip0.mp4"), models)
    rules = rules_of_all(rated, [rated.clips.get("dip0.mp4")])
    assert set(found.table["detector"]) == {RULE}
    assert len(found.table) == N_REPS * len(all_rules())
    assert set(found.table["answer"]) <= set(ANSWERS)
    assert list(found.table["rep_id"]) == list(rules["rep_id"])
    fired = dict(zip(rules["rep_id"] + rules["fault"], rules["state"] == "fired", strict=True))
    told = found.table
    present = dict(zip(told["rep_id"] + told["fault"], told["answer"] == "present", strict=True))
    assert fired == present
    assert found.findings == ()
    assert {row["is_synthetic"] for row in found.rows()} == {False}


def test_a_promoted_model_answers_for_its_fault_and_the_rules_for_all_others(promoted, models):
    found = detect(promoted, promoted.clips.get("dip0.mp4"), models)
    mine = of_fault(found)
    assert set(mine["detector"]) == {"model dip"}
    assert set(mine["answer"]) == {"present"}
    assert mine["probability"].notna().all()
    assert mine["score"].isna().all()
    others = found.table[found.table["fault"] != FAULT]
    assert set(others["detector"]) == {RULE}
    assert len(others) == N_REPS * (len(all_rules()) - 1)
    assert list(mine["index"]) == [1, 2, 3, 4]
    version = set(mine["detector_version"])
    retire(promoted, "dip", by="Ann")
    again = of_fault(detect(promoted, promoted.clips.get("dip0.mp4"), models))
    assert set(again["detector"]) == {RULE}
    assert version.isdisjoint(again["detector_version"])


def test_a_view_that_cannot_show_the_fault_is_not_applicable_whoever_answers(promoted, models):
    clip = add_hinges(promoted, "front.mp4", tags=replace(TAGS, view=View.FRONT))
    mine = of_fault(detect(promoted, clip, models))
    assert set(mine["answer"]) == {"not_applicable"}
    assert set(mine["detector"]) == {"model dip"}
    assert mine["probability"].isna().all()


def test_the_rule_answers_for_movements_and_origins_that_the_model_is_not_for(promoted, models):
    for name, told in (
        ("squat.mp4", {"tags": replace(TAGS, movement="squat")}),
        ("untold.mp4", {"tags": ClipTags("A9")}),
        ("made.mp4", {"is_synthetic": True}),
    ):
        clip = add_hinges(promoted, name, **told)
        assert set(of_fault(detect(promoted, clip, models))["detector"]) == {RULE}, name


def test_a_model_of_made_up_athletes_answers_about_made_up_clips_alone(dataset, models):
    add_rated_athletes(dataset, is_synthetic=True)
    quick_model(dataset, models / "dip")
    promote(dataset, models / "dip", by="Ann")
    made_up = dataset.clips.get("made-dip0.mp4")
    assert set(of_fault(detect(dataset, made_up, models))["detector"]) == {"model dip"}
    person = add_hinges(dataset, "person.mp4", lag_s=-0.25)
    assert set(of_fault(detect(dataset, person, models))["detector"]) == {RULE}


def test_a_rep_of_which_nothing_was_measured_gets_no_probability(promoted, models):
    """All numbers NaN: the model cannot tell, and says so."""
    clip = promoted.clips.get("dip0.mp4")
    features, series = learned_from(promoted, [clip])
    numbers = features.select_dtypes("float").columns
    features[numbers] = np.nan
    empty = replace(series, values=np.full_like(series.values, np.nan))
    told = in_force(promoted, models).answers(features, empty)
    mine = told[told["fault"] == FAULT]
    assert set(mine["answer"]) == {"cannot_tell"}
    assert mine["probability"].isna().all()
    assert set(mine["reason"]) == {"too little of the movement could be measured"}


@pytest.mark.parametrize("change", ["gone", "altered", "replaced"])
def test_a_promoted_model_that_is_not_the_same_any_more_gives_way_to_its_rule(
    promoted, models, change
):
    if change == "gone":
        (models / "dip").rename(models / "elsewhere")
    elif change == "altered":
        with (models / "dip" / "model.joblib").open("ab") as stream:
            stream.write(b"x")
    else:
        quick_model(promoted, models / "dip", {"verdict": "worse"})
    found = detect(promoted, promoted.clips.get("dip0.mp4"), models)
    assert set(of_fault(found)["detector"]) == {RULE}
    (told,) = found.findings
    assert "its rule answers" in told.message
    assert told.code == f"promoted_model_{'replaced' if change == 'replaced' else 'unusable'}"


def test_who_answers_is_known_without_asking_anything(promoted, models):
    detectors = in_force(promoted, models)
    assert detectors.name_for(Scope(FAULT, "hinge", is_synthetic=False)) == "model dip"
    assert detectors.name_for(Scope(FAULT, "squat", is_synthetic=False)) == RULE


def test_rules_are_a_detector_like_any_other(rated):
    detectors = in_force(rated, rated.folder / "no-models")
    features, series = learned_from(rated)
    assert isinstance(detectors.rules, Rules)
    alone = detectors.rules.answers(features, None)
    assert list(alone.columns) == list(COLUMNS)
    assert detectors.answers(features, series).equals(alone)


def test_a_clip_without_repetitions_gets_no_answers(dataset, models):
    features, series = learned_from(dataset)
    assert in_force(dataset, models).answers(features, series).empty


def test_a_file_is_asked_about_without_being_kept(promoted, models, tmp_path, monkeypatch):
    from workflows.made_extraction import extract_hinges

    monkeypatch.setattr("labeler.workflows.extracting.extract", extract_hinges)
    video = tmp_path / "new.mp4"
    video.write_bytes(b"new")
    before = len(promoted.clips.all())
    tags = ClipTags(movement="hinge", view=View.SIDE)
    found = detect_any(promoted.folder, str(video), models, tags=tags)
    assert set(of_fault(found)["detector"]) == {"model dip"}, "those in force for the dataset"
    assert len(promoted.clips.all()) == before
    known = detect_any(promoted.folder, "dip0.mp4", models, tags=ClipTags())
    assert set(of_fault(known)["detector"]) == {"model dip"}
