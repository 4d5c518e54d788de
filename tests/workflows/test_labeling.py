"""What keys and commands mean: answers, all clear, edges, undo; each a fact of one rater."""

from dataclasses import replace

import numpy as np
import pytest
from support_datasets import add_hinges, with_video

from labeler.catalog import load_catalog
from labeler.core.clip import ClipTags
from labeler.core.errors import StoreError, UsageError
from labeler.core.finding import Finding
from labeler.core.label import ActionKind, Answer
from labeler.workflows.cutting import add_rep, delete_rep, move_edges
from labeler.workflows.importing import retag
from labeler.workflows.keys import FAULT_KEYS
from labeler.workflows.labeling import (
    Remark,
    all_clear,
    answer_fault,
    import_labels,
    labeling_state,
    parse_answer,
    questions_of,
    receive,
    redo_last,
    undo_last,
)
from labeler.workflows.operations import (
    AddRepOp,
    AllClearOp,
    AnswerOp,
    DeleteRepOp,
    EdgesOp,
    OpBatch,
    Receipts,
    RedoOp,
    UndoOp,
)
from labeler.workflows.remembering import history_of
from labeler.workflows.reviewing import (
    Show,
    answered_reps,
    found_clips,
    next_clip,
    summaries,
    summary,
)

AT = "2026-02-03T04:05:06.789Z"


def answers(dataset, clip, rater="anna", rep=1):
    """A rater's answers about one rep, by fault."""
    return labeling_state(dataset, clip, rater).reps[rep - 1].answers


def test_one_answer_is_one_fact_of_one_rater(dataset, clip):
    answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="2", rater="anna")
    assert answers(dataset, clip) == {"back_rounding": Answer.CLEAR}
    assert answers(dataset, clip, rater="ben") == {}


def test_an_answer_taken_back_is_not_rated_rather_than_absent(dataset, clip):
    answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="nv", rater="anna")
    assert answers(dataset, clip)["back_rounding"] is Answer.NOT_VISIBLE
    answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="none", rater="anna")
    assert answers(dataset, clip) == {}
    assert len(dataset.journal.actions(clip.clip_id)) == 3, "the cut and both answers stay"


def test_what_is_said_beside_an_answer_is_the_raters_own_and_can_be_undone(dataset, clip):
    told = {"rep": "1", "fault": "back_rounding", "answer": "2"}
    answer_fault(dataset, clip, **told, rater="anna", remark=Remark(0.5, "only at the floor"))
    answer_fault(dataset, clip, **told, rater="ben")
    all_clear(dataset, clip, rep="1", rater="anna")
    seen = {
        rater: labeling_state(dataset, clip, rater).reps[0].remarks for rater in ("anna", "ben")
    }
    assert seen == {"anna": {"back_rounding": Remark(0.5, "only at the floor")}, "ben": {}}
    (rep_id,) = {fact.rep_id for fact in dataset.journal.actions(clip.clip_id)[1].labels}
    assert "2 clear, 50% sure, “only at the floor”" in history_of(dataset, clip, rep_id)[1].words
    answer_fault(dataset, clip, **told, rater="anna", remark=Remark(1.0))
    undo_last(dataset, clip, rater="anna")
    assert labeling_state(dataset, clip, "anna").reps[0].remarks == seen["anna"]
    with pytest.raises(UsageError, match="confidence: expected 0 to 1, got 2"):
        answer_fault(dataset, clip, **told, rater="anna", remark=Remark(2.0))


def test_all_clear_keeps_what_was_said_and_never_calls_the_unseen_absent(dataset, clip):
    answer_fault(dataset, clip, rep="2", fault="back_rounding", answer="3", rater="anna")
    all_clear(dataset, clip, rep="2", rater="anna")
    given = answers(dataset, clip, rep=2)
    asked = questions_of(clip, load_catalog())
    assert set(given) == {question.fault.id for question in asked}
    assert given["back_rounding"] is Answer.SEVERE
    hidden = {question.fault.id for question in asked if not question.is_visible}
    assert hidden, "a side view hides some faults of a hinge"
    assert {fault for fault, answer in given.items() if answer is Answer.NOT_VISIBLE} == hidden


def test_a_rep_counts_as_labelled_only_when_every_fault_has_an_answer(dataset, clip):
    assert summary(dataset, clip).labelled_ratio == 0.0
    answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="0", rater="anna")
    assert summary(dataset, clip).labelled_ratio == 0.0
    all_clear(dataset, clip, rep="1", rater="anna")
    assert summary(dataset, clip).labelled_ratio == 0.25
    first = dataset.journal.reps(clip.clip_id)[0].rep_id
    assert answered_reps(clip, dataset.journal.answers(clip.clip_id), load_catalog()) == {first}


def test_two_raters_who_each_answer_half_have_not_labelled_a_rep(dataset, clip):
    faults = [question.fault.id for question in questions_of(clip, load_catalog())]
    for number, fault in enumerate(faults):
        rater = "anna" if number % 2 else "ben"
        answer_fault(dataset, clip, rep="1", fault=fault, answer="0", rater=rater)
    assert summary(dataset, clip).labelled_ratio == 0.0


def test_the_next_clip_is_the_first_behind_this_one_that_the_rater_has_not_finished(dataset):
    for name in ("one.mp4", "two.mp4", "three.mp4"):
        with_video(dataset, add_hinges(dataset, name))
    first, done, last = dataset.clips.all()
    for rep in range(1, 5):
        all_clear(dataset, done, rep=str(rep), rater="anna")
    clips = summaries(dataset, rater="anna")
    assert [summary.n_labelled for summary in clips] == [0, 4, 0]
    assert next_clip(clips, first.clip_id).clip.clip_id == last.clip_id
    assert next_clip(clips, last.clip_id).clip.clip_id == first.clip_id
    assert next_clip(clips).clip.clip_id == first.clip_id
    ben = summaries(dataset, rater="ben")
    assert next_clip(ben, first.clip_id).clip.clip_id == done.clip_id
    assert next_clip(clips[:2], first.clip_id) is None


def test_clips_are_found_by_any_word_that_is_told_about_them(dataset, clip):
    dataset.clips.set_findings(clip.clip_id, [Finding("two_people", "Two people are in view.")])
    add_hinges(dataset, "squat_b.mp4", tags=ClipTags("B07", "squat", None))
    clips = summaries(dataset)

    def names(words, show=Show.ALL):
        return sorted(summary.clip.file_name for summary in found_clips(clips, words, show))

    assert names("") == ["one.mp4", "squat_b.mp4"]
    assert names("HINGE a01") == ["one.mp4"]
    assert names("two people") == ["one.mp4"]
    assert names("b07 hinge") == []
    assert names("", Show.UNTOLD) == ["squat_b.mp4"]
    assert names("", Show.FLAGGED) == ["one.mp4"]
    assert names("", Show.OPEN) == ["one.mp4", "squat_b.mp4"]
    alone = replace(clips[0], clip=replace(clips[0].clip, is_video_present=False))
    assert alone.is_open, "the skeleton can be labelled without its video"


def test_edges_move_with_the_clips_own_clock_and_undo_brings_them_back(dataset, clip):
    before = dataset.journal.reps(clip.clip_id)[0].rep
    move_edges(dataset, clip, rep="1", edges=(before.start_frame - 3, None, None), rater="anna")
    record = dataset.journal.reps(clip.clip_id)[0]
    times = dataset.clips.times(clip.clip_id)
    assert record.rep.start_frame == before.start_frame - 3
    assert record.rep.start_s == times.pts_s[before.start_frame - 3]
    assert record.cut_by == "anna"
    undo_last(dataset, clip, rater="anna")
    assert dataset.journal.reps(clip.clip_id)[0].rep == before
    redo_last(dataset, clip, rater="anna")
    assert dataset.journal.reps(clip.clip_id)[0].rep.start_frame == before.start_frame - 3


def test_a_rep_pulled_over_a_gap_in_the_pose_loses_its_features_and_gets_them_back(dataset, clip):
    from labeler.workflows.deriving import features_of

    times = dataset.clips.times(clip.clip_id)
    track = dataset.tracks.load(clip.clip_id, times)
    first = dataset.journal.reps(clip.clip_id)[0].rep
    gap = slice(first.stop_frame + 2, first.stop_frame + 18)
    track.xy_px[gap] = np.nan
    dataset.tracks.save(clip.clip_id, track)
    move_edges(dataset, clip, rep="1", edges=(None, None, gap.stop + 2), rater="anna")
    row = features_of(dataset, clip).iloc[0]
    assert row["quality"] == "bad"
    assert np.isnan(row["trunk_incl_rom_deg"])
    undo_last(dataset, clip, rater="anna")
    row = features_of(dataset, clip).iloc[0]
    assert row["quality"] == "good"
    assert row["trunk_incl_rom_deg"] == pytest.approx(70, abs=3)


@pytest.mark.parametrize("edges", [(100_000, None, None), (None, None, 100_000), (None, 0, 0)])
def test_impossible_edges_are_refused_and_nothing_changes(dataset, clip, edges):
    before = dataset.journal.reps(clip.clip_id)
    with pytest.raises(UsageError, match=r"edges: expected 0 ≤ start ≤ turn < stop ≤ 420, got"):
        move_edges(dataset, clip, rep="1", edges=edges, rater="anna")
    assert dataset.journal.reps(clip.clip_id) == before


def test_a_frame_belongs_to_one_repetition(dataset, clip):
    before = dataset.journal.reps(clip.clip_id)
    second = before[1].rep
    with pytest.raises(StoreError, match="which meets repetition 2"):
        move_edges(dataset, clip, rep="1", edges=(None, None, second.start_frame + 1), rater="anna")
    assert dataset.journal.reps(clip.clip_id) == before


def test_a_rep_is_cut_by_hand_and_taken_out_and_comes_back_with_its_answers(dataset, clip):
    first = dataset.journal.reps(clip.clip_id)[0].rep
    add_rep(dataset, clip, (2, 10, first.start_frame), rater="anna")
    reps = dataset.journal.reps(clip.clip_id)
    assert [record.index for record in reps] == [1, 2, 3, 4, 5]
    assert (reps[0].cut_by, reps[0].rep.start_s) == ("anna", pytest.approx(2 / 30))
    answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="2", rater="anna")
    delete_rep(dataset, clip, rep="1", rater="anna")
    assert dataset.journal.answers(clip.clip_id) == []
    undo_last(dataset, clip, rater="anna")
    assert answers(dataset, clip) == {"back_rounding": Answer.CLEAR}
    with pytest.raises(StoreError, match="which meets repetition 1"):
        add_rep(dataset, clip, (0, 5, 9), rater="ben")


def test_a_rep_that_is_added_twice_by_one_sending_is_added_once(dataset, clip):
    batch = OpBatch("tab", clip.clip_id, "anna", (AddRepOp(1, AT, 2, 5, 9),))
    receive(dataset, batch, Receipts())
    receive(dataset, batch, receipts := Receipts())
    assert len(dataset.journal.reps(clip.clip_id)) == 5
    assert receipts.refused == []
    record = dataset.journal.reps(clip.clip_id)[0]
    gone = OpBatch("tab", clip.clip_id, "anna", (DeleteRepOp(2, AT, record.rep_id),))
    receive(dataset, gone, Receipts())
    assert len(dataset.journal.reps(clip.clip_id)) == 4


def test_nobody_may_take_the_machines_name(dataset, clip):
    with pytest.raises(StoreError, match="expected a person's name, got 'machine'"):
        move_edges(dataset, clip, rep="1", edges=(0, None, None), rater="machine")


def test_nothing_to_undo_says_so(dataset, clip):
    with pytest.raises(UsageError, match="nothing to undo"):
        undo_last(dataset, clip, rater="anna")


@pytest.mark.parametrize(
    ("text", "expected"), [("0", Answer.ABSENT), ("nv", Answer.NOT_VISIBLE), ("None", None)]
)
def test_answers_as_people_type_them(text, expected):
    assert parse_answer(text) is expected


def test_an_unknown_answer_rep_or_rater_is_refused(dataset, clip):
    with pytest.raises(UsageError, match="answer: expected 0, 1, 2, 3, NV or none, got '4'"):
        answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="4", rater="anna")
    with pytest.raises(UsageError, match=r"repetition: expected 1 to 4 or an id of one\.mp4"):
        answer_fault(dataset, clip, rep="9", fault="back_rounding", answer="1", rater="anna")
    with pytest.raises(UsageError, match="rater: expected a name, got none"):
        answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="1", rater=" ")


def test_the_workbench_sends_twice_and_the_journal_keeps_one(dataset, clip):
    rep_id = dataset.journal.reps(clip.clip_id)[0].rep_id
    ops = (AnswerOp(1, AT, rep_id, "back_rounding", Answer.SLIGHT), AllClearOp(2, AT, rep_id))
    batch = OpBatch("tab-1", clip.clip_id, "anna", ops)
    receive(dataset, batch, Receipts())
    receive(dataset, batch, receipts := Receipts())  # a new session after a server restart
    assert receipts.acks == {"tab-1": 2}
    kinds = [action.kind for action in dataset.journal.actions(clip.clip_id)]
    assert kinds == [ActionKind.CUT, ActionKind.ANSWER, ActionKind.ALL_CLEAR]
    assert dataset.journal.actions(clip.clip_id)[1].at_utc == AT


def test_an_undo_sent_twice_takes_one_step(dataset, clip):
    rep_id = dataset.journal.reps(clip.clip_id)[0].rep_id
    for seq, answer in enumerate((Answer.SLIGHT, Answer.CLEAR), start=1):
        op = AnswerOp(seq, AT, rep_id, "back_rounding", answer)
        receive(dataset, OpBatch("tab", clip.clip_id, "anna", (op,)), Receipts())
    undo = OpBatch("tab", clip.clip_id, "anna", (UndoOp(3, AT),))
    receive(dataset, undo, Receipts())
    receive(dataset, undo, Receipts())
    assert answers(dataset, clip) == {"back_rounding": Answer.SLIGHT}


@pytest.mark.parametrize("first", [UndoOp(1, AT), RedoOp(1, AT)])
def test_an_undo_of_nothing_stays_one_when_it_is_sent_again(dataset, clip, first):
    rep_id = dataset.journal.reps(clip.clip_id)[0].rep_id
    batch = OpBatch(
        "tab",
        clip.clip_id,
        "anna",
        (first, AnswerOp(2, AT, rep_id, "back_rounding", Answer.CLEAR)),
    )
    receive(dataset, batch, Receipts())
    receive(dataset, batch, Receipts())
    assert answers(dataset, clip) == {"back_rounding": Answer.CLEAR}


def test_an_all_clear_of_nothing_is_no_step_to_undo_and_stays_empty(dataset, clip):
    rep_id = dataset.journal.reps(clip.clip_id)[0].rep_id
    ops = (AllClearOp(1, AT, rep_id), AllClearOp(2, AT, rep_id), UndoOp(3, AT))
    batch = OpBatch("tab", clip.clip_id, "anna", ops)
    receive(dataset, batch, Receipts())
    assert answers(dataset, clip) == {}, "the one undo takes back what the first all clear said"
    receive(dataset, batch, Receipts())
    assert answers(dataset, clip) == {}


def test_a_refused_operation_is_answered_and_the_next_one_still_counts(dataset, clip):
    record = dataset.journal.reps(clip.clip_id)[0]
    ops = (
        EdgesOp(1, AT, record.rep_id, 50, 20, 10),
        AnswerOp(2, AT, record.rep_id, "back_rounding", Answer.CLEAR),
    )
    receipts = Receipts()
    receive(dataset, OpBatch("tab", clip.clip_id, "anna", ops), receipts)
    assert [refusal.seq for refusal in receipts.refused] == [1]
    assert receipts.acks == {"tab": 2}
    assert answers(dataset, clip) == {"back_rounding": Answer.CLEAR}


def test_operations_on_a_clip_that_is_gone_are_refused_rather_than_sent_for_ever(dataset):
    batch = OpBatch("tab", "e" * 64, "anna", (UndoOp(1, AT),))
    receive(dataset, batch, receipts := Receipts())
    assert receipts.acks == {"tab": 1}
    assert len(receipts.refused) == 1


def test_every_asked_fault_has_a_key_of_its_own(clip):
    keys = [question.key for question in questions_of(clip, load_catalog())]
    assert len(set(keys)) == len(keys)
    assert set(keys) <= set(FAULT_KEYS)


def test_a_view_that_cannot_show_a_fault_says_what_would(clip):
    hidden = [
        question for question in questions_of(clip, load_catalog()) if not question.is_visible
    ]
    assert all("Film it from:" in question.reason for question in hidden)


def test_labels_from_a_table_are_taken_whole_or_not_at_all(dataset, clip, tmp_path):
    ids = [record.rep_id for record in dataset.journal.reps(clip.clip_id)]
    file = tmp_path / "labels.csv"
    file.write_text(
        "rep,fault,answer,note\n"
        f"{ids[0]},back_rounding,2,at the bottom\n{ids[1]},back_rounding,NV,\n"
    )
    actions = import_labels(dataset, file, rater="carla")
    assert [fact.note for fact in actions[0].labels] == ["at the bottom", None]
    assert [len(action.labels) for action in actions] == [2]
    assert answers(dataset, clip, "carla", rep=2) == {"back_rounding": Answer.NOT_VISIBLE}
    file.write_text(f"rep,fault,answer\n{ids[2]},back_rounding,2\nnobody-1,back_rounding,2\n")
    with pytest.raises(UsageError, match="expected repetitions of this dataset, got 'nobody-1'"):
        import_labels(dataset, file, rater="carla")
    assert answers(dataset, clip, "carla", rep=3) == {}


def test_a_clip_is_cut_again_until_somebody_has_touched_it(dataset, clip):
    first = {record.rep_id for record in dataset.journal.reps(clip.clip_id)}
    squat = retag(dataset, clip, replace(clip.tags, movement="squat"))
    second = {record.rep_id for record in dataset.journal.reps(clip.clip_id)}
    assert not first & second, "numbers are never given out twice"
    rep_id = sorted(second)[0]
    all_clear(dataset, squat, rep=rep_id, rater="anna")
    retag(dataset, squat, replace(clip.tags, movement="deadlift"))
    assert {record.rep_id for record in dataset.journal.reps(clip.clip_id)} == second


def test_what_a_cut_found_goes_with_the_cut_and_the_rest_stays(dataset, clip):
    people = Finding("two_people", "Two people are in view.")
    dataset.clips.set_findings(clip.clip_id, [people])
    known = dataset.clips.get(clip.clip_id)
    held = retag(dataset, known, replace(clip.tags, movement="bridge"))
    assert [finding.code for finding in held.findings] == ["two_people", "manual_reps"]
    assert dataset.journal.reps(clip.clip_id) == []
    assert retag(dataset, held, clip.tags).findings == (people,)


def test_an_undo_that_waited_with_a_refused_operation_takes_nothing_else_back(dataset, clip):
    """Both waited offline: the rater took back what was refused, not what was saved before."""
    rep_id = dataset.journal.reps(clip.clip_id)[0].rep_id
    gone = AnswerOp(2, AT, rep_id, "hip_delay", Answer.CLEAR, moment_frame=clip.n_frames)
    kept = AnswerOp(1, AT, rep_id, "back_rounding", Answer.CLEAR)
    receipts = Receipts()
    receive(dataset, OpBatch("c", clip.clip_id, "anna", (kept,)), receipts)
    both = OpBatch("c", clip.clip_id, "anna", (gone, UndoOp(3, AT)))
    receive(dataset, both, receipts)
    assert [refusal.seq for refusal in receipts.refused] == [2]
    assert receipts.acks == {"c": 3}
    assert answers(dataset, clip) == {"back_rounding": Answer.CLEAR}
    receive(dataset, both, Receipts())  # sent again to a server that was started anew
    assert answers(dataset, clip) == {"back_rounding": Answer.CLEAR}
    receive(dataset, OpBatch("c", clip.clip_id, "anna", (UndoOp(4, AT),)), receipts)
    assert answers(dataset, clip) == {}, "the next one takes back what was saved"
