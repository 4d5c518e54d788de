"""The moment of a fault: stamped, moved, taken back, undone, refused; whatever becomes of reps."""

import itertools
import math

import pytest
from support_datasets import add_hinges

from labeler.core.errors import UsageError
from labeler.core.label import REPEAT_ROUND, Answer, LabelFact
from labeler.workflows.cutting import merge_reps, move_edges, split_rep
from labeler.workflows.labeling import (
    Remark,
    all_clear,
    answer_fault,
    import_labels,
    labeling_state,
    receive,
    redo_last,
    undo_last,
)
from labeler.workflows.moments import MOMENT_MARGIN_S
from labeler.workflows.operations import AnswerOp, OpBatch, Receipts
from labeler.workflows.remembering import history_of, restore_rep
from labeler.workflows.reviewing import label_row

AT = "2026-02-03T04:05:06.789Z"
FAULT = "back_rounding"


def first_rep(dataset, clip):
    return dataset.journal.reps(clip.clip_id)[0]


@pytest.fixture
def press(dataset, clip):
    """What the player sends: answers with a frame; the refusals come back."""
    seqs = itertools.count(1)
    receipts = Receipts()

    def press_(answer, frame=None, *, rater="anna", fault=FAULT, rep=None, look=1):
        rep_id = rep or first_rep(dataset, clip).rep_id
        given = None if answer is None else Answer(answer)
        op = AnswerOp(next(seqs), AT, rep_id, fault, given, moment_frame=frame)
        batch = OpBatch(f"c-{rater}", clip.clip_id, rater, (op,), round_number=look)
        receive(dataset, batch, receipts)
        return [refusal.message for refusal in receipts.refused]

    return press_


def moments(dataset, clip, rater="anna"):
    """Of the first repetition."""
    return labeling_state(dataset, clip, rater).reps[0].moments


def stored_s(dataset, clip, frame):
    return dataset.clips.stored_times(clip.clip_id).boundary_s(frame)


def test_a_moment_is_the_files_own_time_of_the_frame_on_screen(dataset, clip, press):
    turn = first_rep(dataset, clip).rep.turn_frame
    assert press("1", turn) == []
    (label,) = dataset.journal.answers()
    assert label.moment_s == stored_s(dataset, clip, turn)
    assert label_row(label)["moment_s"] == label.moment_s
    assert moments(dataset, clip) == {FAULT: turn}
    assert moments(dataset, clip, "ben") == {}
    event = history_of(dataset, clip, label.rep_id)[-1]
    assert event.words.endswith(f"1 slight, at {label.moment_s:.2f} s")


def test_stamped_again_it_moves_and_without_a_frame_it_is_taken_back(dataset, clip, press):
    rep = first_rep(dataset, clip).rep
    for frame, expected in (
        (rep.turn_frame, {FAULT: rep.turn_frame}),
        (rep.start_frame, {FAULT: rep.start_frame}),
        (None, {}),
    ):
        press("2", frame)
        assert moments(dataset, clip) == expected
    for expected in ({FAULT: rep.start_frame}, {FAULT: rep.turn_frame}, {}):
        undo_last(dataset, clip, rater="anna")
        assert moments(dataset, clip) == expected
    assert dataset.journal.answers() == []
    redo_last(dataset, clip, rater="anna")
    assert moments(dataset, clip) == {FAULT: rep.turn_frame}


def test_an_answer_taken_back_has_no_moment_and_all_clear_leaves_it(dataset, clip, press):
    turn = first_rep(dataset, clip).rep.turn_frame
    press("2", turn)
    all_clear(dataset, clip, rep="1", rater="anna")
    assert moments(dataset, clip) == {FAULT: turn}
    press(None)
    assert moments(dataset, clip) == {}


@pytest.mark.parametrize(("answer", "got"), [("0", "0"), ("NV", "NV"), (None, "not rated")])
def test_what_is_not_there_has_no_moment(dataset, clip, press, answer, got):
    turn = first_rep(dataset, clip).rep.turn_frame
    (message,) = press(answer, turn)
    assert f"expected a fault that is there, 1 to 3, got {got}" in message
    assert dataset.journal.answers() == []
    with pytest.raises(ValueError, match="expected a fault that is there"):
        LabelFact("r-1", FAULT, answer and Answer(answer), moment_s=1.0)


def test_a_moment_lies_in_its_repetition_or_near_it(dataset, clip, press):
    rep = first_rep(dataset, clip).rep
    times = dataset.clips.times(clip.clip_id)
    n_near = int(MOMENT_MARGIN_S / times.frame_s) - 1
    for frame in (rep.start_frame - n_near, rep.stop_frame + n_near):
        assert press("1", frame) == []
    before = dataset.journal.answers()
    for n, frame in enumerate((rep.start_frame - n_near - 4, rep.stop_frame + n_near + 4), 1):
        messages = press("1", frame)
        assert len(messages) == n
        assert "which is repetition 1 and 0.5 s around it, got" in messages[-1]
    assert "expected a frame up to" in press("1", clip.n_frames)[-1]
    assert dataset.journal.answers() == before


def test_a_severity_goes_on_with_a_moment_that_the_edges_have_left_behind(dataset, clip, press):
    """What was fine when it was stamped stays fine, whoever has moved the repetition since."""
    rep = first_rep(dataset, clip).rep
    press("1", rep.start_frame)
    edges = (rep.turn_frame - 1, None, None)
    assert stored_s(dataset, clip, rep.turn_frame - 1) - rep.start_s > MOMENT_MARGIN_S
    move_edges(dataset, clip, rep="1", edges=edges, rater="ben")
    assert press("2", rep.start_frame) == []
    assert dataset.journal.answers()[0].answer is Answer.CLEAR


def test_an_answer_on_its_way_is_kept_when_somebody_moves_the_repetition_meanwhile(
    dataset, clip, press
):
    """Its moment lay in the repetition that the rater saw: nothing of it may be lost."""
    rep = first_rep(dataset, clip).rep
    move_edges(dataset, clip, rep="1", edges=(rep.turn_frame - 1, None, None), rater="ben")
    assert press("2", rep.start_frame) == []
    assert moments(dataset, clip) == {FAULT: rep.start_frame}


def test_split_and_merge_leave_moments_with_the_repetition_that_was_rated(dataset, clip, press):
    turn = first_rep(dataset, clip).rep.turn_frame
    press("3", turn)
    split_rep(dataset, clip, rep="1", frame=turn + 1, rater="anna")
    assert moments(dataset, clip) == {}
    undo_last(dataset, clip, rater="anna")
    assert moments(dataset, clip) == {FAULT: turn}
    merge_reps(dataset, clip, rep="1", rater="ben")
    assert moments(dataset, clip) == {}
    undo_last(dataset, clip, rater="ben")
    assert moments(dataset, clip) == {FAULT: turn}


def test_a_state_comes_back_with_its_moment(dataset, clip, press):
    record = first_rep(dataset, clip)
    press("2", record.rep.turn_frame)
    stamped = dataset.journal.actions()[-1].action_id
    press("0")
    assert moments(dataset, clip) == {}
    restore_rep(dataset, clip, rep=record.rep_id, action=stamped, rater="anna")
    assert moments(dataset, clip) == {FAULT: record.rep.turn_frame}


def test_a_blind_repeat_has_moments_of_its_own(dataset, clip, press):
    rep = first_rep(dataset, clip).rep
    press("2", rep.turn_frame)
    press("1", rep.start_frame, look=REPEAT_ROUND)
    (first,) = dataset.journal.answers()
    (again,) = dataset.journal.answers(round_number=REPEAT_ROUND)
    wanted = [stored_s(dataset, clip, frame) for frame in (rep.turn_frame, rep.start_frame)]
    assert [first.moment_s, again.moment_s] == wanted


def test_a_command_names_seconds_and_means_the_nearest_frame(dataset, clip):
    told = {"rep": "1", "fault": FAULT, "answer": "2", "rater": "anna"}
    turn = first_rep(dataset, clip).rep.turn_frame
    at_s = stored_s(dataset, clip, turn)
    for typed_s in (at_s, round(at_s, 2), at_s - 0.01, at_s + 0.01):
        answer_fault(dataset, clip, **told, remark=Remark(moment_s=typed_s))
        assert dataset.journal.answers()[0].moment_s == at_s
    for odd_s in (-0.1, math.nan, 1e6):
        with pytest.raises(UsageError, match=r"moment: expected 0 to 14\.\d+ seconds of one.mp4"):
            answer_fault(dataset, clip, **told, remark=Remark(moment_s=odd_s))


def test_a_table_brings_moments_in_whole_or_not_at_all(dataset, clip, tmp_path):
    record = first_rep(dataset, clip)
    other = add_hinges(dataset, "two.mp4")
    at_s = stored_s(dataset, clip, record.rep.turn_frame)
    file = tmp_path / "labels.csv"
    head = "rep,fault,answer,moment_s\n"
    file.write_text(f"{head}{record.rep_id},{FAULT},2,{at_s:.3f}\n{record.rep_id},hip_delay,0,\n")
    import_labels(dataset, file, rater="carla")
    assert moments(dataset, clip, "carla") == {FAULT: record.rep.turn_frame}
    last = dataset.journal.reps(other.clip_id)[-1].rep_id
    for line in (f"{last},{FAULT},2,0.0", f"{last},{FAULT},0,12.0"):
        file.write_text(f"{head}{record.rep_id},{FAULT},1,\n{line}\n")
        with pytest.raises(UsageError, match="moment: expected"):
            import_labels(dataset, file, rater="carla")
    assert moments(dataset, clip, "carla") == {FAULT: record.rep.turn_frame}
