"""After a blind answer everybody is seen side by side; before it, nobody."""

import pytest
from support_models import FAULT, add_rated_athletes, quick_model

from labeler.workflows.detectors import RULE
from labeler.workflows.labeling import all_clear, answer_fault
from labeler.workflows.promoting import promote
from labeler.workflows.side_by_side import side_by_side


@pytest.fixture
def rated(dataset):
    add_rated_athletes(dataset, 2)
    for name in ("dip0.mp4", "clean0.mp4"):
        for rep in "12":
            all_clear(dataset, dataset.clips.get(name), rep=rep, rater="ann")
    return dataset


def seen(dataset, models, rater="ann"):
    clip = dataset.clips.get("dip0.mp4")
    return side_by_side(dataset, clip, rater, models)


def test_only_what_the_rater_has_answered_wholly_is_seen(rated, tmp_path):
    found = seen(rated, tmp_path)
    assert {one.index for one in found} == {1, 2}
    assert seen(rated, tmp_path, rater="ben") == []


def test_the_rule_stands_beside_the_rater_and_is_in_force(rated, tmp_path):
    answer_fault(rated, rated.clips.get("dip0.mp4"), rep="1", fault=FAULT, answer="1", rater="ben")
    row = next(one for one in seen(rated, tmp_path) if one.fault == FAULT and one.index == 1)
    assert (row.mine.value, row.others["ben"].value, row.model, row.detector) == (
        "2",
        "1",
        None,
        RULE,
    )
    assert row.rule.answer in ("present", "cannot_tell", "absent")
    assert row.rule.reason
    last = seen(rated, tmp_path)[-1].as_row()
    assert "present" not in (last["rule"], last["model"]), "what somebody calls present comes first"
    assert last["mine"].severity == 0


def test_a_promoted_model_stands_beside_its_rule_by_name(rated, tmp_path):
    quick_model(rated, tmp_path / "dip")
    promote(rated, tmp_path / "dip", by="Ann")
    row = next(one for one in seen(rated, tmp_path) if one.fault == FAULT).as_row()
    assert (row["model"], row["detector"]) == ("present", "model dip")
    assert row["rule"] is not None
    other = next(one for one in seen(rated, tmp_path) if one.fault != FAULT and one.rule)
    assert (other.model, other.detector) == (None, RULE)


def test_a_fault_without_any_detector_says_so(rated, tmp_path):
    unruled = [one for one in seen(rated, tmp_path) if one.rule is None]
    assert {one.detector for one in unruled} <= {""}
