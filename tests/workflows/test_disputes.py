"""Where raters disagree, who may see it, how it is settled, and what is learned then."""

from dataclasses import replace

import numpy as np
import pytest
from support_datasets import N_REPS, TAGS, add_hinges
from support_raters import add_rated_sets

from labeler.core.errors import UsageError
from labeler.core.label import (
    ActionKind,
    Answer,
    Decision,
    Label,
    LabelFact,
)
from labeler.workflows.acting import Sender
from labeler.workflows.agreeing import agreement_report
from labeler.workflows.assigning import AssignmentWish, assign
from labeler.workflows.baselines import good_reps
from labeler.workflows.comparing import compared
from labeler.workflows.disputes import (
    Kind,
    Verdict,
    already_settled,
    decide,
    disputes,
    hidden_reps,
    kinds_of,
    settled,
    settled_answers,
    unsettled,
    without_hidden,
)
from labeler.workflows.labeling import Remark, all_clear, answer_fault
from labeler.workflows.training import label_counts

FAULT = "back_rounding"
AT = "2026-01-01T00:00:00.000Z"


def labels(*answers):
    return [Label("r-1", FAULT, f"rater {n}", Answer(a), AT) for n, a in enumerate(answers)]


@pytest.mark.parametrize(
    ("answers", "threshold", "kinds"),
    [
        ("00", 2, ()),
        ("01", 2, ()),
        ("01", 1, (Kind.SEVERITY,)),
        ("12", 2, (Kind.SEVERITY,)),
        ("23", 2, ()),
        ("23", 3, (Kind.SEVERITY,)),
        ("0V", 2, (Kind.VISIBILITY,)),
        ("VV", 2, ()),
        ("03V", 2, (Kind.SEVERITY, Kind.VISIBILITY)),
        ("3", 2, ()),
        ("", 2, ()),
    ],
)
def test_severity_and_visibility_are_told_apart(answers, threshold, kinds):
    said = labels(*(answer.replace("V", "NV") for answer in answers))
    assert kinds_of(said, threshold) == kinds


@pytest.fixture
def rated(dataset):
    """One set of five: agreed, disputed, one not visible, rated by one, disputed by three."""
    said = np.array(
        [[0, 0, 0], [0, 3, np.nan], [-1, 2, np.nan], [3, np.nan, np.nan], [0, 2, 3]], float
    )
    add_rated_sets(dataset, said, raters=("Ann", "Ben", "Cara"))
    return dataset, dataset.clips.all()[0]


def finish(dataset, clip, rater, reps):
    for rep in reps:
        all_clear(dataset, clip, rep=str(rep), rater=rater)


def test_disputes_are_found_with_all_that_was_said(rated):
    dataset, clip = rated
    found = disputes(dataset)
    assert [(one.record.index, one.kinds) for one in found] == [
        (2, (Kind.SEVERITY,)),
        (3, (Kind.VISIBILITY,)),
        (5, (Kind.SEVERITY,)),
    ]
    assert found[2].as_row()["answers"] == {"Ann": "0", "Ben": "2", "Cara": "3"}
    assert disputes(dataset, clip) == found
    assert unsettled(found) == found


def test_a_decision_settles_keeps_every_answer_and_can_be_taken_back(rated):
    dataset, clip = rated
    before = dataset.journal.answers()
    decide(dataset, clip, Verdict("2", FAULT, Answer.CLEAR, " at the turn "), adjudicator="Eve")
    one = disputes(dataset)[0]
    assert (one.decision.answer, one.decision.reason) == (Answer.CLEAR, "at the turn")
    assert one.as_row()["adjudicator"] == "Eve"
    assert len(unsettled(disputes(dataset))) == 2
    assert dataset.journal.answers() == before
    decide(dataset, clip, Verdict("2", FAULT, Answer.SLIGHT, "looked again"), adjudicator="Eve")
    assert disputes(dataset)[0].decision.answer is Answer.SLIGHT
    decide(dataset, clip, Verdict("2", FAULT, None, "a slip"), adjudicator="Eve")
    assert len(unsettled(disputes(dataset))) == 3
    kinds = [action.kind for action in dataset.journal.actions()]
    assert kinds.count(ActionKind.DECIDE) == 3


def test_settled_disputes_are_a_list_of_their_own_the_newest_first(rated):
    dataset, clip = rated
    for rep in ("5", "2"):
        decide(dataset, clip, Verdict(rep, FAULT, Answer.CLEAR, "why"), adjudicator="Eve")
    found = disputes(dataset)
    assert [one.record.index for one in already_settled(found)] == [2, 5]
    assert [one.record.index for one in unsettled(found)] == [3]


def test_what_raters_said_beside_their_answers_is_in_the_row(rated):
    dataset, clip = rated
    remark = Remark(confidence=0.5, note="late", moment_s=4.0)
    answer_fault(dataset, clip, rep="2", fault=FAULT, answer="3", rater="Ben", remark=remark)
    row = disputes(dataset)[0].as_row()
    assert row["remarks"] == {"Ben": {"confidence": 0.5, "note": "late", "moment_s": 4.0}}
    assert disputes(dataset)[1].as_row()["remarks"] == {}


@pytest.mark.parametrize(
    ("verdict", "message"),
    [
        (Verdict("2", FAULT, Answer.CLEAR, " "), "expected why it is so"),
        (Verdict("4", FAULT, Answer.CLEAR, "x"), "answers of two raters to decide between, got 1"),
        (Verdict("2", FAULT, None, "x"), "expected a decision to take back, got none"),
    ],
)
def test_what_cannot_be_decided_is_said(rated, verdict, message):
    dataset, clip = rated
    with pytest.raises(UsageError, match=message):
        decide(dataset, clip, verdict, adjudicator="Eve")


def test_raters_stay_blind_until_they_have_answered_the_whole_rep(rated):
    dataset, clip = rated
    assert len(hidden_reps(dataset, "Ann", clip)) == 5
    assert disputes(dataset, viewer="Ann") == disputes(dataset, viewer="Ann", settles=True) == []
    finish(dataset, clip, "Ann", [2])
    assert [one.record.index for one in disputes(dataset, viewer="Ann")] == [2]
    rows = [{"rep_id": record.rep_id} for record in dataset.journal.reps()]
    assert without_hidden(dataset, "Ann ", rows) == [rows[1]]
    assert without_hidden(dataset, None, rows) == rows
    verdict = Verdict("3", FAULT, Answer.CLEAR, "x")
    with pytest.raises(UsageError, match="raters work blind"):
        decide(dataset, clip, verdict, adjudicator="Ann")


def test_a_third_rater_stays_blind_where_nobody_is_assigned(rated):
    """Eve may open the set and rate it; whoever settles says so, and sees all."""
    dataset, clip = rated
    assert len(hidden_reps(dataset, "Eve", clip)) == 5
    assert disputes(dataset, viewer="Eve") == []
    assert hidden_reps(dataset, "Eve", clip, settles=True) == frozenset()
    assert disputes(dataset, viewer="Eve", settles=True) == disputes(dataset)


def test_a_set_of_others_is_hidden_from_them_alone_once_it_is_settled(rated):
    """While it is disputed anybody's queue offers it."""
    dataset, clip = rated
    assign(dataset, [clip], AssignmentWish(["Dora"]), by="Cleo")
    assert len(hidden_reps(dataset, "Eve")) == 5
    for one in disputes(dataset):
        verdict = Verdict(one.record.rep_id, FAULT, Answer.CLEAR, "why")
        decide(dataset, clip, verdict, adjudicator="Fay")
    assert hidden_reps(dataset, "Eve") == frozenset()
    assert len(hidden_reps(dataset, "Dora", settles=True)) == 5
    answer_fault(dataset, clip, rep="1", fault=FAULT, answer="0", rater="Eve")
    assert len(hidden_reps(dataset, "Eve", settles=True)) == 5


def test_models_learn_from_the_decision(rated):
    dataset, clip = rated
    (before,) = label_counts(dataset, 2)
    decide(dataset, clip, Verdict("2", FAULT, Answer.ABSENT, "a shirt"), adjudicator="Eve")
    decide(dataset, clip, Verdict("3", FAULT, Answer.NOT_VISIBLE, "a plate"), adjudicator="Eve")
    (after,) = label_counts(dataset, 2)
    assert (before.n_present, before.n_absent, before.n_not_visible) == (4, 1, 0)
    assert (after.n_present, after.n_absent, after.n_not_visible) == (2, 2, 1)
    learned = [label for label in settled_answers(dataset) if label.rater == "Eve"]
    assert [label.answer for label in learned] == [Answer.ABSENT, Answer.NOT_VISIBLE]
    assert learned[0].note == "a shirt"


def test_a_decision_stands_for_all_answers_to_its_question_and_no_other():
    other = Label("r-2", FAULT, "Ann", Answer.SEVERE, AT)
    decision = Decision("r-1", FAULT, Answer.SLIGHT, "why", "Eve", AT)
    assert settled([*labels("0", "3"), other], [decision]) == [
        other,
        Label("r-1", FAULT, "Eve", Answer.SLIGHT, AT, note="why", is_settled=True),
    ]
    assert settled([other], []) == [other]


def test_a_rep_is_good_once_the_fault_that_one_saw_is_settled_as_absent(dataset):
    clip = add_hinges(dataset, tags=TAGS)
    finish(dataset, clip, "Ann", range(1, N_REPS + 1))
    answer_fault(dataset, clip, rep="1", fault=FAULT, answer="2", rater="Ben")
    assert len(good_reps(dataset)) == N_REPS - 1
    decide(dataset, clip, Verdict("1", FAULT, Answer.ABSENT, "a shirt"), adjudicator="Eve")
    assert len(good_reps(dataset)) == N_REPS
    decide(dataset, clip, Verdict("1", FAULT, Answer.CLEAR, "no shirt"), adjudicator="Eve")
    assert len(good_reps(dataset)) == N_REPS - 1
    assert len(good_reps(dataset, rater="Ann")) == N_REPS


def test_blind_repeats_tell_how_far_a_rater_agrees_with_themselves(rated):
    dataset, clip = rated
    records = dataset.journal.reps(clip.clip_id)
    facts = tuple(
        LabelFact(record.rep_id, FAULT, Answer(answer), round_number=2)
        for record, answer in zip(records, "0320", strict=False)
    )
    action = Sender.from_command("Ann").action(ActionKind.ANSWER, clip)
    dataset.journal.record(replace(action, labels=facts))
    (found,) = agreement_report(dataset).faults
    (again,) = found.repeats
    assert (again.first, again.second) == ("Ann", "Ann")
    assert again.n_overlaps == 3, "the one that Ann could not see at first is no pair of grades"
    assert found.n_reps == 5


def test_a_rater_compares_what_is_answered_wholly(rated):
    dataset, clip = rated
    assert compared(dataset, clip, "Ann") == []
    finish(dataset, clip, "Ann", [1, 2])
    decide(dataset, clip, Verdict("2", FAULT, Answer.CLEAR, "why"), adjudicator="Eve")
    first, second = compared(dataset, clip, "Ann ")
    assert (first.index, first.mine, first.others) == (2, Answer.ABSENT, {"Ben": Answer.SEVERE})
    assert first.as_row()["decision"] is Answer.CLEAR
    assert (second.index, second.is_alike, second.decision) == (1, True, None)
    assert compared(dataset, clip, "Eve") == []
