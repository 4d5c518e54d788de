"""Repetitions split, merged and cut by hand: nothing said is lost, and nothing is made up."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support_datasets import add_hinges

from labeler.core.clip import ClipTags
from labeler.core.errors import UsageError
from labeler.core.label import ActionKind
from labeler.workflows.cutting import (
    add_rep,
    delete_rep,
    merge_reps,
    move_edges,
    split_rep,
    turn_between,
)
from labeler.workflows.deriving import features_of
from labeler.workflows.labeling import (
    all_clear,
    answer_fault,
    labeling_state,
    receive,
    redo_last,
    undo_last,
)
from labeler.workflows.operations import AddRepOp, MergeOp, OpBatch, Receipts, SplitOp

AT = "2026-02-03T04:05:06.789Z"


def frames(dataset, clip):
    """Start, turn and stop of every rep in force."""
    reps = (record.rep for record in dataset.journal.reps(clip.clip_id))
    return [(rep.start_frame, rep.turn_frame, rep.stop_frame) for rep in reps]


def answered(dataset, clip, rater="anna"):
    """How many faults of each rep a rater has answered."""
    return [len(rep.answers) for rep in labeling_state(dataset, clip, rater).reps]


def send(dataset, clip, *ops):
    receipts = Receipts()
    receive(dataset, OpBatch("tab", clip.clip_id, "anna", ops), receipts)
    return receipts


def test_both_halves_of_a_split_are_new_and_not_rated(dataset, clip):
    all_clear(dataset, clip, rep="2", rater="anna")
    _, (start, turn, stop), *_ = before = frames(dataset, clip)
    split_rep(dataset, clip, rep="2", frame=turn + 5, rater="anna")
    _, one, other, *_ = frames(dataset, clip)
    assert one == (start, turn, turn + 5), "the half with the turn keeps it"
    assert (other[0], other[2]) == (turn + 5, stop)
    assert len(frames(dataset, clip)) == len(before) + 1
    assert answered(dataset, clip) == [0] * 5
    names = {record.rep_id for record in dataset.journal.reps(clip.clip_id)}
    assert f"{clip.short_id}-2" not in names, "the old name stays with the old rep"


def test_undo_of_a_split_brings_the_rep_back_with_everybodys_answers(dataset, clip):
    all_clear(dataset, clip, rep="2", rater="anna")
    answer_fault(dataset, clip, rep="2", fault="back_rounding", answer="3", rater="ben")
    before = frames(dataset, clip), answered(dataset, clip), answered(dataset, clip, "ben")
    split_rep(dataset, clip, rep="2", frame=before[0][1][1], rater="anna")
    undo_last(dataset, clip, rater="anna")
    now = frames(dataset, clip), answered(dataset, clip), answered(dataset, clip, "ben")
    assert now == before
    redo_last(dataset, clip, rater="anna")
    assert len(frames(dataset, clip)) == 5
    assert answered(dataset, clip) == [0] * 5


def test_a_split_that_somebody_went_on_from_is_not_taken_back_by_half(dataset, clip):
    split_rep(dataset, clip, rep="2", frame=frames(dataset, clip)[1][1], rater="anna")
    _, _, (start, turn, stop), *_ = frames(dataset, clip)
    move_edges(dataset, clip, rep="3", edges=(start + 1, turn + 1, stop), rater="ben")
    before = frames(dataset, clip)
    undo = undo_last(dataset, clip, rater="anna")
    assert undo.reps == ()
    assert frames(dataset, clip) == before
    assert len(dataset.journal.left_alone(undo)) == 3


def test_a_merged_rep_spans_both_turns_where_it_is_furthest_and_is_not_rated(dataset, clip):
    all_clear(dataset, clip, rep="1", rater="anna")
    all_clear(dataset, clip, rep="2", rater="anna")
    (start, *_), (_, _, stop), *_ = before = frames(dataset, clip)
    merge_reps(dataset, clip, rep="1", rater="anna")
    merged = frames(dataset, clip)[0]
    assert (merged[0], merged[2]) == (start, stop)
    assert answered(dataset, clip) == [0, 0, 0]
    undo_last(dataset, clip, rater="anna")
    assert frames(dataset, clip) == before
    assert answered(dataset, clip)[:2] == [len(labeling_state(dataset, clip, "anna").questions)] * 2


def test_a_rep_split_at_its_turn_and_merged_again_turns_there_again(dataset, clip):
    start, turn, stop = frames(dataset, clip)[1]
    split_rep(dataset, clip, rep="2", frame=turn, rater="anna")
    merge_reps(dataset, clip, rep="2", rater="anna")
    found = frames(dataset, clip)[1]
    assert (found[0], found[2]) == (start, stop)
    assert found[1] == pytest.approx(turn, abs=2)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0.01, 0.99))
def test_splitting_neither_loses_nor_shares_a_frame(dataset, clip, share):
    before = frames(dataset, clip)
    start, _, stop = before[1]
    at = min(max(start + 1, round(start + share * (stop - start))), stop - 1)
    split_rep(dataset, clip, rep="2", frame=at, rater="anna")
    _, one, other, *_ = frames(dataset, clip)
    assert (one[0], one[2], other[0], other[2]) == (start, at, at, stop)
    assert one[0] <= one[1] < one[2]
    assert other[0] <= other[1] < other[2]
    undo_last(dataset, clip, rater="anna")
    assert frames(dataset, clip) == before


def test_what_cannot_be_split_or_merged_says_why(dataset, clip):
    start, _, stop = frames(dataset, clip)[0]
    for at in (start, stop):
        with pytest.raises(UsageError, match=f"{start + 1} to {stop - 1}, got {at}"):
            split_rep(dataset, clip, rep="1", frame=at, rater="anna")
    with pytest.raises(UsageError, match="got 4, the last one"):
        merge_reps(dataset, clip, rep="4", rater="anna")
    ids = [record.rep_id for record in dataset.journal.reps(clip.clip_id)]
    receipts = send(dataset, clip, MergeOp(1, AT, ids[0], ids[2]))
    assert "follow each other, got 1 and 3" in receipts.refused[0].message
    assert len(frames(dataset, clip)) == 4


def test_keys_split_and_merge_like_the_commands(dataset, clip):
    first = dataset.journal.reps(clip.clip_id)[0].rep_id
    before = frames(dataset, clip)
    turn = before[0][1]
    send(dataset, clip, SplitOp(1, AT, first, turn))
    one, other, *_ = dataset.journal.reps(clip.clip_id)
    send(dataset, clip, MergeOp(2, AT, one.rep_id, other.rep_id))
    assert [(f[0], f[2]) for f in frames(dataset, clip)] == [(f[0], f[2]) for f in before]
    kinds = [action.kind for action in dataset.journal.actions(clip.clip_id)][-2:]
    assert kinds == [ActionKind.SPLIT, ActionKind.MERGE]


def test_a_rep_cut_from_in_to_out_turns_where_the_body_is_furthest(dataset, clip):
    start, turn, stop = frames(dataset, clip)[0]
    delete_rep(dataset, clip, rep="1", rater="anna")
    send(dataset, clip, AddRepOp(1, AT, start, None, stop))
    found = frames(dataset, clip)[0]
    assert (found[0], found[2]) == (start, stop)
    assert found[1] == pytest.approx(turn, abs=2)
    refused = send(dataset, clip, AddRepOp(2, AT, start, None, stop)).refused
    assert "frames of no other repetition" in refused[0].message


def test_without_a_pose_a_rep_turns_in_its_middle(dataset, clip):
    dataset.tracks.path(clip.clip_id).unlink()
    assert turn_between(dataset, clip, 10, 30) == 20


@pytest.mark.parametrize("movement", [None, "antirot", "rotation", "carry"])
def test_a_turn_is_inside_the_frames_in_any_movement(dataset, movement):
    known = add_hinges(dataset, "other.mp4", tags=ClipTags("A02", "hinge"))
    told = dataclasses.replace(known, tags=ClipTags("A02", movement, known.tags.view))
    assert 30 <= turn_between(dataset, told, 30, 80) < 80


def test_features_follow_a_turn_that_a_person_moved(dataset, clip):
    before = features_of(dataset, clip)
    start, turn, stop = frames(dataset, clip)[0]
    add_rep_at = (start, turn + 6, stop)
    move_edges(dataset, clip, rep="1", edges=add_rep_at, rater="anna")
    after = features_of(dataset, clip)
    changed = after.iloc[0].compare(before.iloc[0])
    assert "descent_s" in changed.index
    assert after.iloc[1:].equals(before.iloc[1:])


def test_a_rep_may_be_cut_where_a_merged_one_left_room(dataset, clip):
    add = max(stop for *_, stop in frames(dataset, clip))
    add_rep(dataset, clip, (add, add + 1, add + 3), rater="anna")
    assert frames(dataset, clip)[-1] == (add, add + 1, add + 3)
