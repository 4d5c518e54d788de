"""The history of a repetition: complete, attributed, blind where it must be, and brought back."""

import pytest

from labeler.core.errors import StoreError, UsageError
from labeler.core.label import MACHINE, ActionKind, Answer
from labeler.workflows.cutting import delete_rep, merge_reps, move_edges, split_rep
from labeler.workflows.labeling import (
    all_clear,
    answer_fault,
    labeling_state,
    receive,
    redo_last,
    undo_last,
)
from labeler.workflows.operations import OpBatch, Receipts, RestoreOp
from labeler.workflows.remembering import find_once, history_of, restore_rep, taken_out

AT = "2026-02-03T04:05:06.789Z"


@pytest.fixture
def rep_id(dataset, clip):
    return dataset.journal.reps(clip.clip_id)[0].rep_id


def state(dataset, clip, rep_id, rater="anna"):
    """Edges and one rater's answers of a rep; None when it is out."""
    for rep in labeling_state(dataset, clip, rater).reps:
        if rep.record.rep_id == rep_id:
            return rep.record.rep, rep.answers
    return None


def said(dataset, clip, rep_id, viewer=None):
    return [(e.action.author, e.words) for e in history_of(dataset, clip, rep_id, viewer=viewer)]


def test_every_event_of_a_rep_with_who_when_and_from_where(dataset, clip, rep_id):
    before = dataset.journal.reps(clip.clip_id)[0].rep
    answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="2", rater="anna")
    move_edges(dataset, clip, rep="1", edges=(40, None, None), rater="ben")
    answer_fault(dataset, clip, rep="2", fault="back_rounding", answer="1", rater="ben")
    undo_last(dataset, clip, rater="anna")
    delete_rep(dataset, clip, rep="1", rater="ben")
    rows = [event.as_row() for event in history_of(dataset, clip, rep_id)]
    end, turn = before.stop_frame - 1, before.turn_frame
    assert [(row["who"], row["kind"], row["what"]) for row in rows] == [
        (MACHINE, "cut", f"cut: frames {before.start_frame} to {end}, turn {turn}"),
        ("anna", "answer", "Back rounding: 2 clear"),
        ("ben", "edges", f"start moved: frames 40 to {end}, turn {turn}"),
        ("anna", "undo", "undid: Back rounding: not rated"),
        ("ben", "delete_rep", "taken out"),
    ]
    assert [row["start_frame"] for row in rows] == [before.start_frame] * 2 + [40, 40, None]
    assert all(row["at_utc"].endswith("Z") for row in rows)
    assert [row["client"] for row in rows][1:] == ["cli"] * 4


def test_splits_and_merges_stand_in_the_history_of_all_their_reps(dataset, clip, rep_id):
    split_rep(dataset, clip, rep="1", frame=60, rater="anna")
    halves = [record.rep_id for record in dataset.journal.reps(clip.clip_id)[:2]]
    merge_reps(dataset, clip, rep="1", rater="anna")
    assert said(dataset, clip, rep_id)[-1] == ("anna", "split in two")
    for half in halves:
        made, gone = (words for _, words in said(dataset, clip, half))
        assert made.startswith("cut off by a split: frames ")
        assert gone == "merged with its neighbour"
    whole = find_once(dataset, clip, "1")
    assert said(dataset, clip, whole)[0][1].startswith("merged of two: frames ")


def test_a_rater_sees_nothing_of_the_others_before_having_answered(dataset, clip, rep_id):
    answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="3", rater="ben")
    move_edges(dataset, clip, rep="1", edges=(40, None, None), rater="ben")
    answer_fault(dataset, clip, rep="1", fault="head_neck_break", answer="1", rater="anna")
    seen = said(dataset, clip, rep_id, viewer="anna")
    assert [who for who, _ in seen] == [MACHINE, "ben", "anna"]
    assert "Back rounding" not in str(seen)
    all_clear(dataset, clip, rep="1", rater="anna")
    seen = said(dataset, clip, rep_id, viewer="anna")
    assert ("ben", "Back rounding: 3 severe") in seen
    assert seen[-1][1].startswith("all clear: ")
    assert "answers, " in seen[-1][1]


def test_any_state_comes_back_by_a_new_fact_that_can_be_undone(dataset, clip, rep_id):
    answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="2", rater="anna")
    answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="1", rater="ben")
    wanted = state(dataset, clip, rep_id)
    to = dataset.journal.history(rep_id)[-1].action_id
    move_edges(dataset, clip, rep="1", edges=(40, 60, 80), rater="ben")
    all_clear(dataset, clip, rep="1", rater="anna")
    answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="0", rater="anna")
    later = state(dataset, clip, rep_id)
    n_actions = len(dataset.journal.actions())
    done = restore_rep(dataset, clip, rep="1", action=to, rater="anna")
    assert (done.kind, len(dataset.journal.actions())) == (ActionKind.RESTORE, n_actions + 1)
    assert state(dataset, clip, rep_id) == wanted
    assert state(dataset, clip, rep_id, "ben")[1] == {"back_rounding": Answer.SLIGHT}
    assert said(dataset, clip, rep_id)[-1][1].startswith("restored: start and turn and end moved")
    undo_last(dataset, clip, rater="anna")
    assert state(dataset, clip, rep_id) == later
    redo_last(dataset, clip, rater="anna")
    assert state(dataset, clip, rep_id) == wanted


def test_a_rep_that_was_taken_out_comes_back_with_all_its_answers(dataset, clip, rep_id):
    all_clear(dataset, clip, rep="1", rater="anna")
    wanted = state(dataset, clip, rep_id)
    to = dataset.journal.history(rep_id)[-1].action_id
    delete_rep(dataset, clip, rep="1", rater="ben")
    assert state(dataset, clip, rep_id) is None
    receipts = Receipts()
    ops = (RestoreOp(1, AT, rep_id, to),)
    receive(dataset, OpBatch("tab", clip.clip_id, "anna", ops), receipts)
    assert receipts.refused == []
    assert state(dataset, clip, rep_id) == wanted


def test_what_cannot_be_restored_says_why(dataset, clip, rep_id):
    to = dataset.journal.history(rep_id)[0].action_id
    split_rep(dataset, clip, rep="1", frame=60, rater="anna")
    with pytest.raises(StoreError, match="frames of no other repetition"):
        restore_rep(dataset, clip, rep=rep_id, action=to, rater="anna")
    with pytest.raises(UsageError, match=f"an action about {rep_id}, got 'nothing:1'"):
        restore_rep(dataset, clip, rep=rep_id, action="nothing:1", rater="anna")
    with pytest.raises(UsageError, match="has or had, got 'x-1'"):
        history_of(dataset, clip, "x-1")


def test_restoring_what_is_so_already_changes_nothing(dataset, clip, rep_id):
    to = dataset.journal.history(rep_id)[0].action_id
    done = restore_rep(dataset, clip, rep="1", action=to, rater="anna")
    assert (done.reps, done.labels) == ((), ())


def test_what_was_taken_out_is_listed_while_it_would_fit_in(dataset, clip, rep_id):
    assert taken_out(dataset, clip) == []
    move_edges(dataset, clip, rep="1", edges=(40, None, None), rater="anna")
    delete_rep(dataset, clip, rep="1", rater="anna")
    (gone,) = taken_out(dataset, clip)
    assert (gone.rep_id, gone.rep.start_frame, gone.action.kind) == (rep_id, 40, ActionKind.EDGES)
    restore_rep(dataset, clip, rep=rep_id, action=gone.action.action_id, rater="anna")
    assert taken_out(dataset, clip) == []
    split_rep(dataset, clip, rep="1", frame=60, rater="anna")
    assert taken_out(dataset, clip) == [], "two others lie in its place"
    delete_rep(dataset, clip, rep="2", rater="anna")
    (half,) = taken_out(dataset, clip)
    assert (half.rep.start_frame, half.words.partition(":")[0]) == (60, "cut off by a split")
