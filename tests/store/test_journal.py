"""What is recorded, what is in force, and what is refused."""

import dataclasses

import pytest
from store_samples import (
    AT,
    CLIP,
    CLIP_ID,
    N_FRAMES,
    REP_IDS,
    TIMES,
    act,
    first_cut,
    moved,
    other_clip,
    rep_at,
    said,
)

from labeler.core.clip import ClipId
from labeler.core.errors import StoreError
from labeler.core.label import MACHINE, ActionId, ActionKind, Answer, Label, LabelFact, RepFact
from labeler.core.rep import RepId
from labeler.store.dataset import Dataset


def given(dataset, **which):
    return {(a.rep_id, a.fault, a.rater): a.answer for a in dataset.journal.answers(**which)}


def test_an_answer_comes_back_as_it_was_given(dataset):
    fact = LabelFact(REP_IDS[0], "new_fault", Answer.CLEAR, confidence=0.75, note="à gauche")
    assert dataset.journal.record(act("a:1", labels=(fact,)))
    assert dataset.journal.answers() == [
        Label(REP_IDS[0], "new_fault", "anna", Answer.CLEAR, AT, 0.75, "à gauche")
    ]


def test_absent_not_visible_and_not_rated_stay_three_things(dataset):
    for name, answer, rep in (("a:1", "0", 1), ("a:2", "NV", 2), ("a:3", "3", 3), ("a:4", None, 3)):
        dataset.journal.record(said(name, answer, rep=rep))
    answers = {label.rep_id: label.answer for label in dataset.journal.answers()}
    assert answers == {REP_IDS[0]: Answer.ABSENT, REP_IDS[1]: Answer.NOT_VISIBLE}
    assert [answer.severity for answer in answers.values()] == [0, None]


def test_the_last_answer_of_each_rater_is_in_force(dataset):
    dataset.journal.record_many(
        [said("a:1", "1"), said("b:1", "3", author="ben"), said("a:2", "2"), said("a:3", "NV")]
    )
    key = (REP_IDS[0], "knee_valgus")
    assert given(dataset) == {(*key, "anna"): Answer.NOT_VISIBLE, (*key, "ben"): Answer.SEVERE}
    assert given(dataset, rater="ben") == {(*key, "ben"): Answer.SEVERE}
    assert given(dataset, clip_id=CLIP_ID, rater="eve") == {}


def test_clips_do_not_mix(dataset):
    clip, times = other_clip()
    rep_id = RepId("ffffffffffff-1")
    still = dataclasses.replace(
        rep_at(0, 2), start_frame=0, turn_frame=0, stop_frame=1, turn_s=0.0, stop_s=0.0
    )
    dataset.clips.add(clip, times)
    dataset.journal.record(
        act(
            "b:1",
            clip_id=clip.clip_id,
            reps=(RepFact(rep_id, still),),
            labels=(LabelFact(rep_id, "x", Answer.ABSENT),),
        )
    )
    dataset.journal.record(said("a:1", "1"))
    assert set(given(dataset, clip_id=clip.clip_id)) == {(rep_id, "x", "anna")}
    assert len(given(dataset)) == 2
    assert [record.rep_id for record in dataset.journal.reps(clip.clip_id)] == [rep_id]
    assert [record.index for record in dataset.journal.reps()] == [1, 2, 3, 1]
    assert [a.action_id for a in dataset.journal.actions(clip.clip_id)] == ["b:1"]


def test_an_action_sent_twice_counts_once(dataset):
    assert dataset.journal.record_many([said("a:1", "1"), said("a:1", "1")]) == [True, False]
    assert not dataset.journal.record(said("a:1", "1"))
    assert len(dataset.journal.actions()) == 2


def test_an_id_of_someone_else_is_refused_rather_than_lost(dataset):
    dataset.journal.record(said("a:1", "1"))
    with pytest.raises(StoreError, match=r"a:1: expected an id of its own.*answer action by anna"):
        dataset.journal.record(said("a:1", "2", author="ben"))


def test_actions_come_back_whole_and_in_order(dataset):
    actions = [
        act(
            "a:1",
            ActionKind.ALL_CLEAR,
            labels=tuple(said("", "0", rep=n).labels[0] for n in (1, 2)),
        ),
        moved("b:1", 2, (60, 99), author="ben"),
        moved("a:2", 3, None, kind=ActionKind.DELETE_REP),
        said("a:3", None),
    ]
    for action in actions:
        dataset.journal.record(action)
    assert dataset.journal.actions(CLIP_ID) == [first_cut(), *actions]
    assert dataset.journal.history(REP_IDS[2]) == [first_cut(), actions[2]]


def test_one_refused_action_refuses_the_batch(dataset):
    with pytest.raises(StoreError):
        dataset.journal.record_many([said("a:1", "1"), said("a:2", "1", rep=9)])
    assert dataset.journal.answers() == []


def test_reps_are_sorted_by_time_and_say_who_moved_them(dataset):
    dataset.journal.record(moved("a:1", 1, (200, 260)))
    dataset.journal.record(moved("a:2", 2, None))
    records = dataset.journal.reps(CLIP_ID)
    assert [(r.rep_id, r.index, r.cut_by) for r in records] == [
        (REP_IDS[2], 1, MACHINE),
        (REP_IDS[0], 2, "anna"),
    ]
    assert records[1].rep == rep_at(200, 260)


def test_answers_of_a_removed_rep_rest_until_it_comes_back(dataset):
    dataset.journal.record(said("a:1", "2"))
    dataset.journal.record(moved("a:2", 1, None))
    assert dataset.journal.answers() == []
    dataset.journal.record(moved("a:3", 1, (5, 30)))
    assert given(dataset) == {(REP_IDS[0], "knee_valgus", "anna"): Answer.CLEAR}


def test_numbers_of_removed_reps_are_not_given_out_again(dataset):
    dataset.journal.record(moved("a:1", 3, None))
    assert dataset.journal.next_rep_number(CLIP_ID) == 4
    assert dataset.journal.rep_id(CLIP_ID, 4) == "0a1b2c3d4e5f-4"
    assert dataset.journal.next_rep_number(other_clip()[0].clip_id) == 1


def test_numbers_grow_beyond_one_digit(dataset):
    reps = tuple(RepFact(RepId(f"0a1b2c3d4e5f-{n}"), rep_at(n, n + 5)) for n in range(4, 12))
    dataset.journal.record(act("a:1", ActionKind.CUT, reps=reps))
    assert dataset.journal.next_rep_number(CLIP_ID) == 12


REFUSED = {
    "an unknown clip": (act("a:1", clip_id=ClipId(64 * "e")), "clip: expected one of"),
    "a rep of another clip": (
        act("a:1", reps=(RepFact(RepId("ffffffffffff-1"), rep_at(0, 9)),)),
        "like 0a1b2c3d4e5f-1 in clip 0a1b2c3d4e5f, got 'ffffffffffff-1'",
    ),
    "a rep without a number": (
        act("a:1", reps=(RepFact(RepId("0a1b2c3d4e5f-x"), rep_at(0, 9)),)),
        "got '0a1b2c3d4e5f-x'",
    ),
    "a second spelling of a number": (
        act("a:1", reps=(RepFact(RepId("0a1b2c3d4e5f-01"), rep_at(0, 9)),)),
        "got '0a1b2c3d4e5f-01'",
    ),
    "frames after the clip": (
        moved("a:1", 1, (290, N_FRAMES + 1)),
        f"expected frames up to {N_FRAMES}.*got 290 to {N_FRAMES + 1}",
    ),
    "removing what never was": (moved("a:1", 7, None), "that exists in clip"),
    "moving what never was": (moved("a:1", 7, (5, 9)), "that exists in clip"),
    "adding what is there": (moved("a:1", 3, (5, 9), kind=ActionKind.ADD_REP), "not given out yet"),
    "an answer for a rep that never was": (said("a:1", "1", rep=7), "that exists or existed"),
    "an answer by the machine": (
        said("a:1", "1", author=MACHINE),
        "a person's name, got 'machine'",
    ),
    "an answer by nobody": (said("a:1", "1", author="  "), "the rater's name, got none"),
    "undoing what never was": (
        dataclasses.replace(act("a:1", ActionKind.UNDO), target=ActionId("z:9")),
        "to undo or redo, got 'z:9'",
    ),
}


@pytest.mark.parametrize(("action", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(dataset, action, message):
    before = dataset.journal.actions()
    with pytest.raises(StoreError, match=message) as caught:
        dataset.journal.record(action)
    assert caught.value.hint
    assert dataset.journal.actions() == before


def test_the_last_frame_belongs_to_the_clip(dataset):
    assert dataset.journal.record(moved("a:1", 1, (290, N_FRAMES)))


def test_a_rep_may_be_added_and_answered_at_once(dataset):
    rep_id = dataset.journal.rep_id(CLIP_ID, 4)
    added = act(
        "a:1",
        ActionKind.ADD_REP,
        reps=(RepFact(rep_id, rep_at(200, 220)),),
        labels=(LabelFact(rep_id, "x", Answer.SLIGHT),),
    )
    assert dataset.journal.record(added)
    assert given(dataset) == {(rep_id, "x", "anna"): Answer.SLIGHT}


def test_everything_survives_closing(dataset, folder):
    dataset.journal.record(said("a:1", "2"))
    before = dataset.journal.actions(), dataset.journal.answers(), dataset.journal.reps(CLIP_ID)
    dataset.close()
    with Dataset.open(folder, create=False) as again:
        assert before == (
            again.journal.actions(),
            again.journal.answers(),
            again.journal.reps(CLIP_ID),
        )
        assert again.clips.get(CLIP_ID) == CLIP
        assert again.clips.times(CLIP_ID).pts_s.tobytes() == TIMES.pts_s.tobytes()
