"""What is next for a rater, who is to rate what, and repetitions that come again."""

from dataclasses import replace

import numpy as np
import pytest
from support_datasets import N_REPS, TAGS, add_hinges, new_dataset
from support_raters import add_rated_sets, clear_long_ago

from labeler.core.clip import View
from labeler.core.errors import UsageError
from labeler.core.label import Answer
from labeler.core.rep import make_rep_id
from labeler.workflows import assigning
from labeler.workflows.assigning import (
    MIN_REPS_BETWEEN,
    AssignmentWish,
    Repeats,
    assign,
    assignment_rows,
    fresh_reps,
    repeat_words,
    repeats_due,
    unassign,
)
from labeler.workflows.comparing import compared
from labeler.workflows.disputes import hidden_reps
from labeler.workflows.importing import utc_now
from labeler.workflows.labeling import all_clear, answer_fault, labeling_state, receive
from labeler.workflows.operations import Receipts, parse_commit, place_name
from labeler.workflows.queueing import (
    EVERYTHING,
    Reason,
    Wanted,
    progress,
    queue_of,
    second_look,
)

NAN = float("nan")
AT = "2026-02-03T04:05:06.789Z"


@pytest.fixture
def sets(dataset):
    """Three sets of five reps, of which nobody has rated one."""
    add_rated_sets(dataset, np.full((15, 1), NAN), raters=("Ann",))
    return dataset.clips.all()


def clear(dataset, clip, rater, reps=range(1, 6)):
    for rep in reps:
        all_clear(dataset, clip, rep=str(rep), rater=rater)


def names(queue):
    return [(item.clip.file_name, item.reason) for item in queue.items]


def reasons(dataset, rater, wanted=EVERYTHING):
    return [item.reason for item in queue_of(dataset, rater, wanted).items]


def test_without_assignments_everything_open_is_offered_as_it_came_in(dataset, sets):
    assert names(queue_of(dataset, "Ann")) == [(clip.file_name, Reason.OPEN) for clip in sets]
    clear(dataset, sets[0], "Ann")
    assert [item.clip for item in queue_of(dataset, "Ann").items] == sets[1:]
    assert [item.clip for item in queue_of(dataset, "Ben").items] == sets


def test_assigned_comes_first_then_disputed_then_open(dataset, sets):
    assign(dataset, sets[2:], AssignmentWish(["Cara"]), by="Eve")
    answer_fault(dataset, sets[1], rep="1", fault="back_rounding", answer="0", rater="Ann")
    answer_fault(dataset, sets[1], rep="1", fault="back_rounding", answer="3", rater="Ben")
    assert names(queue_of(dataset, "Cara")) == [
        (sets[2].file_name, Reason.ASSIGNED),
        (sets[1].file_name, Reason.DISPUTED),
        (sets[0].file_name, Reason.OPEN),
    ]
    assert Reason.DISPUTED not in reasons(dataset, "Ann"), "Ann has answered that fault"
    assert sets[2].file_name not in dict(names(queue_of(dataset, "Ann"))), "it is Cara's"


def test_next_goes_round_and_never_to_the_set_in_work(dataset, sets):
    queue = queue_of(dataset, "Ann")
    keys = [item.key for item in queue.items]
    assert queue.after().key == keys[0]
    assert queue.after(keys[0]).key == keys[1]
    assert queue.after(keys[2]).key == keys[0]
    for clip in sets[1:]:
        clear(dataset, clip, "Ann")
    left = queue_of(dataset, "Ann")
    assert left.after(keys[0]) is None
    assert left.after(keys[1]).key == keys[0]
    assert [summary.n_labelled for summary in left.summaries] == [0, 5, 5]


@pytest.mark.parametrize(
    ("wanted", "n_found"),
    [
        (Wanted(movement="deadlift"), 3),
        (Wanted(movement="squat"), 0),
        (Wanted(athlete="A01"), 1),
        (Wanted(view=View.FRONT), 0),
        (Wanted(fault="back_rounding", since="2020-01-01"), 3),
        (Wanted(fault="no_such_fault"), 0),
        (Wanted(until="2020-01-01"), 0),
        (Wanted(since="2026-01-02", until="2026-01-02"), 3),
        (Wanted(since="2026-01-03"), 0),
        (Wanted(until="2026-01-01"), 0),
        (Wanted(movement="deadlift", athlete="A02", view=View.SIDE, fault="back_rounding"), 1),
    ],
)
def test_the_queue_can_be_narrowed(dataset, sets, wanted, n_found):
    assert len(queue_of(dataset, "Ann", wanted).items) == n_found


def test_for_one_fault_a_rep_is_done_when_that_fault_is_answered(dataset, sets):
    for rep in range(1, 6):
        answer_fault(dataset, sets[0], rep=str(rep), fault="hip_delay", answer="0", rater="Ann")
    wanted = Wanted(fault="hip_delay")
    assert len(queue_of(dataset, "Ann", wanted).items) == 2
    (found,) = progress(dataset, "Ann", wanted)
    assert (found.n_answered, found.n_asked) == (5, 15)
    assert found.as_row()["answered_ratio"] == pytest.approx(1 / 3)


def test_progress_of_everybody_counts_what_each_is_asked(dataset, sets):
    assign(dataset, sets[:1], AssignmentWish(["Ben"]), by="Eve")
    clear(dataset, sets[1], "Ann")
    rows = {(one.rater, one.fault): one for one in progress(dataset)}
    assert rows["Ann", "back_rounding"].n_answered == 5
    assert rows["Ann", "back_rounding"].n_asked == 10, "the first set is Ben's alone"
    assert (rows["Ben", "back_rounding"].n_answered, rows["Ben", "back_rounding"].n_asked) == (
        0,
        15,
    )


def test_sets_are_shared_out_evenly_and_stay_with_whom_they_are(dataset, sets):
    wish = AssignmentWish(["Ann", "Ben ", "Cara"], n_per_rep=2)
    assign(dataset, sets, wish, by="Eve")
    rows = assignment_rows(dataset)
    assert [row["rater"] for row in rows].count("Ben") == 2
    assert len(rows) == 6
    assert {row["by"] for row in rows} == {"Eve"}
    assign(dataset, sets, wish, by="Eve")
    assert {(row["clip"], row["rater"]) for row in assignment_rows(dataset)} == {
        (row["clip"], row["rater"]) for row in rows
    }
    unassign(dataset, sets, ["Ann", "Nobody"], by="Eve")
    assert [row["rater"] for row in assignment_rows(dataset)].count("Ann") == 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AssignmentWish(["Ann"], repeat_ratio=1.2), "expected 0 to 1, got 1.2"),
        (lambda: AssignmentWish([" "]), "expected at least one name"),
        (lambda: AssignmentWish(["Ann"], n_per_rep=2), "expected 1 to 1, got 2"),
    ],
)
def test_wishes_that_cannot_be_are_said(make, message):
    with pytest.raises(UsageError, match=message):
        make()


def test_one_in_twenty_comes_again_and_the_draw_is_steady(dataset, sets):
    assign(dataset, sets, AssignmentWish(["Ann"]), by="Eve")
    (mine, *_) = dataset.journal.assignments()
    reps = [make_rep_id(sets[0].clip_id, n) for n in range(1, 41)]
    none = frozenset()
    assert repeats_due("Ann", [(rep, mine) for rep in reps[:19]], started=none) == Repeats()
    (drawn,) = repeats_due("Ann", [(rep, mine) for rep in reps[:20]], started=none).due
    again = repeats_due("Ann", [(rep, mine) for rep in reversed(reps)], started=frozenset([drawn]))
    assert drawn in again.due
    assert len(again.due) == 2
    off = replace(mine, repeat_ratio=0.0)
    assert repeats_due("Ann", [(rep, off) for rep in reps], started=none) == Repeats()


def test_what_is_fresh_in_memory_waits_and_what_is_begun_does_not(dataset, sets):
    assign(dataset, sets, AssignmentWish(["Ann"]), by="Eve")
    (mine, *_) = dataset.journal.assignments()
    pool = [(make_rep_id(sets[0].clip_id, n), mine) for n in range(1, 41)]
    everything = frozenset(rep for rep, _ in pool)
    one, two = repeats_due("Ann", pool, started=frozenset()).due
    waiting = repeats_due("Ann", pool, started=frozenset(), fresh=frozenset([one]))
    assert waiting == Repeats((two,), (one,))
    begun = repeats_due("Ann", pool, started=frozenset([one]), fresh=everything)
    assert begun == Repeats((one,), (two,))


def test_a_rep_is_fresh_until_twenty_others_are_answered_after_it(tmp_path):
    with new_dataset(tmp_path) as dataset:
        add_rated_sets(dataset, np.full((25, 1), NAN), raters=("Ann",))
        (first, *_, last) = dataset.clips.all()
        clear(dataset, first, "Ann", [1])
        rep_id = make_rep_id(first.clip_id, 1)
        n_others = 0
        for clip in dataset.clips.all():
            for rep in range(1, 6):
                if (clip, rep) != (first, 1) and n_others < MIN_REPS_BETWEEN - 1:
                    answer_fault(
                        dataset, clip, rep=str(rep), fault="hip_delay", answer="0", rater="Ann"
                    )
                    n_others += 1
        assert rep_id in fresh_reps(dataset, "Ann")
        assert len(fresh_reps(dataset, "Ann")) == MIN_REPS_BETWEEN
        clear(dataset, last, "Ben", [5])
        assert rep_id in fresh_reps(dataset, "Ann"), "Ben's answers are not Ann's"
        clear(dataset, last, "Ann", [5])
        assert rep_id not in fresh_reps(dataset, "Ann")
        clear(dataset, last, "Ann", [4])
        answer_fault(dataset, first, rep="1", fault="hip_delay", answer="1", rater="Ann")
        assert rep_id in fresh_reps(dataset, "Ann"), "looked at again, it is fresh again"


def test_where_there_are_few_reps_they_come_again_a_day_later(dataset, monkeypatch):
    clip = add_hinges(dataset, tags=TAGS)
    assign(dataset, [clip], AssignmentWish(["Ann"], repeat_ratio=0.5), by="Eve")
    clear(dataset, clip, "Ann", range(1, N_REPS + 1))
    now = queue_of(dataset, "Ann")
    assert (now.items, now.n_waiting) == ((), 2)
    assert now.waiting_words.startswith("2 repetitions come again later, blind: after 20 others")
    assert second_look(dataset, clip, "Ann") == ()
    monkeypatch.setattr(
        assigning, "utc_now", lambda *, hours_ago: utc_now(hours_ago=hours_ago - 25)
    )
    later = queue_of(dataset, "Ann")
    assert ([item.reason for item in later.items], later.n_waiting) == ([Reason.REPEAT], 0)
    assert later.waiting_words == ""


def test_what_a_share_of_repeats_comes_to_is_said(dataset, sets):
    assert repeat_words(dataset) == []
    assign(dataset, sets, AssignmentWish(["Ann"]), by="Eve")
    assign(dataset, sets, AssignmentWish(["Ben"], repeat_ratio=0.1), by="Eve")
    assign(dataset, sets, AssignmentWish(["Cara"], repeat_ratio=0.0), by="Eve")
    ann, ben = repeat_words(dataset)
    assert ann.startswith("Ann: none of 15 repetitions comes again: too few for the share")
    assert ben == (
        "Ben: 1 of 15 repetitions comes again, a day later, for there are too few to put 20 others "
        "in between."
    )


def test_in_a_large_set_repeats_come_once_enough_others_are_answered(tmp_path):
    with new_dataset(tmp_path) as dataset:
        add_rated_sets(dataset, np.full((40, 1), NAN), raters=("Ann",))
        assign(dataset, dataset.clips.all(), AssignmentWish(["Ann"]), by="Eve")
        (words,) = repeat_words(dataset)
        assert words == (
            "Ann: 2 of 40 repetitions come again, once 20 others are answered in between."
        )


@pytest.fixture
def repeated(tmp_path):
    """A set of four reps wholly answered by Ann, half of which come again."""
    with new_dataset(tmp_path) as dataset:
        clip = add_hinges(dataset, tags=TAGS)
        assign(dataset, [clip], AssignmentWish(["Ann"], repeat_ratio=0.5), by="Eve")
        clear_long_ago(dataset, clip, "Ann")
        yield dataset, clip


def commit(clip, *ops, client="c1"):
    entries = [{"seq": n, "at": AT, **op} for n, op in enumerate(ops, 1)]
    place = place_name(clip.clip_id, 2)
    return parse_commit({"client": client, "clip": place, "rater": "Ann", "ops": entries})


def test_a_second_look_is_blind_to_the_first_and_leaves_it_alone(repeated):
    dataset, clip = repeated
    (item,) = queue_of(dataset, "Ann").items
    assert (item.reason, item.round_number, len(item.rep_ids)) == (Reason.REPEAT, 2, 2)
    first = labeling_state(dataset, clip, "Ann").reps
    now = labeling_state(dataset, clip, "Ann", round_number=2)
    assert [found.record.rep_id for found in now.reps] == list(item.rep_ids)
    assert all(found.answers == {} for found in now.reps)
    assert not now.can_undo
    rep_id = item.rep_ids[0]
    ops = [
        {"op": "answer", "rep": rep_id, "fault": "back_rounding", "answer": "2"},
        {"op": "all_clear", "rep": rep_id},
    ]
    receipts = Receipts()
    receive(dataset, commit(clip, *ops), receipts)
    assert receipts.refused == []
    now = labeling_state(dataset, clip, "Ann", round_number=2)
    assert now.reps[0].answers["back_rounding"] is Answer.CLEAR
    assert labeling_state(dataset, clip, "Ann").reps == first
    assert queue_of(dataset, "Ann").items[0].rep_ids == item.rep_ids[1:]
    assert second_look(dataset, clip, "Ann") == item.rep_ids, "a finished one stays in sight"
    receive(dataset, commit(clip, {"op": "undo"}, client="c2"), receipts)
    assert labeling_state(dataset, clip, "Ann", round_number=2).reps[0].answers.keys() == {
        "back_rounding"
    }
    assert labeling_state(dataset, clip, "Ann").reps == first


def test_what_comes_again_is_shown_nowhere_until_it_is_answered_again(repeated):
    """Neither others' answers nor one's own first one, in disputes, comparisons or results."""
    dataset, clip = repeated
    clear_long_ago(dataset, clip, "Ben")
    (item,) = queue_of(dataset, "Ann").items
    assert hidden_reps(dataset, "Ann") == hidden_reps(dataset, "Ann", clip) == set(item.rep_ids)
    assert hidden_reps(dataset, "Ben") == set()
    assert {one.rep_id for one in compared(dataset, clip, "Ann")}.isdisjoint(item.rep_ids)
    done, left = item.rep_ids
    receive(dataset, commit(clip, {"op": "all_clear", "rep": done}), Receipts())
    assert hidden_reps(dataset, "Ann", clip) == {left}


def test_a_second_look_changes_no_cuts(repeated):
    dataset, clip = repeated
    rep_id = second_look(dataset, clip, "Ann")[0]
    receipts = Receipts()
    receive(dataset, commit(clip, {"op": "delete_rep", "rep": rep_id}), receipts)
    (refused,) = receipts.refused
    assert "second look: expected answers only" in refused.message
    assert len(dataset.journal.reps()) == N_REPS


def test_nobody_else_is_asked_again(repeated):
    dataset, clip = repeated
    clear(dataset, clip, "Ben", range(1, N_REPS + 1))
    assert queue_of(dataset, "Ben").items == ()
    assert second_look(dataset, clip, "Ben") == ()


def test_an_item_as_a_row_names_no_answer(dataset, sets):
    row = queue_of(dataset, "Ann").items[0].as_row()
    assert row["open_reps"] == row["reps"] == 5
    assert row["reason"] == "open"
