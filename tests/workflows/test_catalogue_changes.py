"""The catalogue changes in the middle of a project: nothing turns absent, nothing is refused."""

import dataclasses

import pytest
from support_datasets import TAGS, add_hinges, new_dataset

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.core.label import Answer, FaultId
from labeler.workflows import cataloguing
from labeler.workflows.labeling import all_clear, answer_fault, labeling_state, receive, undo_last
from labeler.workflows.operations import Receipts, parse_commit

NEW = FaultId("bar_drifts")
OLD = FaultId("torso_dip_first")
AT = "2026-01-02T03:04:05.678Z"


@pytest.fixture
def dataset(tmp_path):
    with new_dataset(tmp_path) as made:
        add_hinges(made, tags=TAGS)
        yield made


@pytest.fixture
def clip(dataset):
    (found,) = dataset.clips.all()
    return found


@pytest.fixture
def change(monkeypatch):
    """Puts another catalogue in place, as an update of the program would."""

    def change_(faults):
        changed = dataclasses.replace(load_catalog(), faults=faults)
        monkeypatch.setattr(cataloguing, "load_catalog", lambda: changed)

    return change_


def with_a_new_fault():
    faults = dict(load_catalog().faults)
    return {**faults, NEW: dataclasses.replace(faults[OLD], id=NEW, name="Bar drifts")}


def without_the_old_fault():
    return {key: fault for key, fault in load_catalog().faults.items() if key != OLD}


def state(dataset, clip):
    return labeling_state(dataset, clip, "Ann")


def first(dataset, clip):
    return state(dataset, clip).reps[0]


def send(dataset, clip, *ops, client="tab"):
    """What a browser sends; what was refused."""
    receipts = Receipts()
    numbered = [{"at": AT, "seq": seq, **op} for seq, op in enumerate(ops, start=1)]
    raw = {"client": client, "clip": clip.clip_id, "rater": "Ann", "ops": numbered}
    receive(dataset, parse_commit(raw), receipts)
    return [refusal.message for refusal in receipts.refused]


def seen_by(dataset, clip):
    """What the player says that all clear is about."""
    asked = state(dataset, clip).questions
    return {
        name: [one.fault.id for one in asked if one.is_visible is is_visible]
        for name, is_visible in (("absent", True), ("unseen", False))
    }


def test_all_clear_of_before_leaves_a_new_fault_not_rated_yet(dataset, clip, change):
    all_clear(dataset, clip, rep="1", rater="Ann")
    before = first(dataset, clip).answers
    change(with_a_new_fault())
    assert NEW in {one.fault.id for one in state(dataset, clip).questions}
    assert first(dataset, clip).answers == before


def test_all_clear_that_was_under_way_is_about_what_the_rater_saw(dataset, clip, change):
    rep, seen = first(dataset, clip).record.rep_id, seen_by(dataset, clip)
    change(with_a_new_fault())
    assert send(dataset, clip, {"op": "all_clear", "rep": rep, **seen}) == []
    answers = first(dataset, clip).answers
    assert NEW not in answers
    assert set(answers) == {*seen["absent"], *seen["unseen"]}


def test_all_clear_that_was_under_way_keeps_to_the_view_that_the_rater_knew(dataset, clip):
    rep = first(dataset, clip).record.rep_id
    dataset.clips.set_tags(clip.clip_id, dataclasses.replace(TAGS, view=View.FRONT))
    seen = seen_by(dataset, dataset.clips.get(clip.clip_id))
    assert seen["unseen"]
    dataset.clips.set_tags(clip.clip_id, TAGS)
    send(dataset, clip, {"op": "all_clear", "rep": rep, **seen})
    answers = first(dataset, clip).answers
    assert {answers[fault] for fault in seen["unseen"]} == {Answer.NOT_VISIBLE}


def test_all_clear_of_an_older_player_is_about_what_is_asked_now(dataset, clip):
    rep = first(dataset, clip).record.rep_id
    assert send(dataset, clip, {"op": "all_clear", "rep": rep}) == []
    assert set(first(dataset, clip).answers) == {q.fault.id for q in state(dataset, clip).questions}


def test_all_clear_about_what_is_no_list_of_faults_is_refused(dataset, clip):
    rep = first(dataset, clip).record.rep_id
    refused = send(dataset, clip, {"op": "all_clear", "rep": rep, "absent": [7]})
    assert refused == ["absent: expected a list of faults, got [7]."]


def test_an_answer_about_a_retired_fault_that_was_under_way_is_saved(dataset, clip, change):
    rep = first(dataset, clip).record.rep_id
    change(without_the_old_fault())
    answer = {"op": "answer", "rep": rep, "fault": OLD, "answer": "2"}
    assert send(dataset, clip, answer) == []
    assert first(dataset, clip).answers[OLD] == "2"
    assert OLD not in {one.fault.id for one in state(dataset, clip).questions}


def test_a_retired_fault_keeps_its_answers_through_all_clear_and_undo(dataset, clip, change):
    answer_fault(dataset, clip, rep="1", fault=OLD, answer="3", rater="Ann")
    change(without_the_old_fault())
    all_clear(dataset, clip, rep="1", rater="Ann")
    assert first(dataset, clip).answers[OLD] is Answer.SEVERE
    for expected in ({OLD: Answer.SEVERE}, {}):
        undo_last(dataset, clip, rater="Ann")
        assert first(dataset, clip).answers == expected


def test_a_fault_taken_from_a_movement_is_asked_no_more_and_keeps_its_answers(
    dataset, clip, change
):
    answer_fault(dataset, clip, rep="1", fault=OLD, answer="1", rater="Ann")
    faults = dict(load_catalog().faults)
    change({**faults, OLD: dataclasses.replace(faults[OLD], movements=("squat",))})
    assert OLD not in {one.fault.id for one in state(dataset, clip).questions}
    all_clear(dataset, clip, rep="2", rater="Ann")
    assert OLD not in state(dataset, clip).reps[1].answers
    assert first(dataset, clip).answers[OLD] is Answer.SLIGHT
