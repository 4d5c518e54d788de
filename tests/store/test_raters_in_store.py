"""Assignments, blind repeats and decisions: recorded, in force, taken back, kept apart."""

import itertools

import pytest
from store_samples import AT, CLIP_ID, REP_IDS, act, moved, said

from labeler.core.errors import StoreError
from labeler.core.label import (
    MACHINE,
    SEVERITY_THRESHOLD,
    ActionKind,
    Answer,
    AssignmentFact,
    Decision,
    DecisionFact,
    LabelFact,
)

FAULT = "knee_valgus"


def again(name, answer, *, rep=1, author="anna"):
    """An answer to a blind repeat, as text; None takes it back."""
    given = None if answer is None else Answer(answer)
    fact = LabelFact(REP_IDS[rep - 1], FAULT, given, round_number=2)
    return act(name, author=author, labels=(fact,))


def assigned(name, rater, *, is_assigned=True, ratio=0.05, author="eve"):
    fact = AssignmentFact(rater, is_assigned, ratio)
    return act(name, ActionKind.ASSIGN, author=author, assignments=(fact,))


def decided(name, answer, *, rep=1, author="eve", reason="looked twice"):
    given = None if answer is None else Answer(answer)
    fact = DecisionFact(REP_IDS[rep - 1], FAULT, given, reason)
    return act(name, ActionKind.DECIDE, author=author, decisions=(fact,))


def answers(dataset, round_number):
    found = dataset.journal.answers(round_number=round_number)
    return {(label.rep_id, label.rater): label.answer for label in found}


def test_a_repeat_stays_apart_from_the_first_answer(dataset):
    dataset.journal.record_many([said("a:1", "2"), again("a:2", "0"), again("a:3", "1")])
    key = (REP_IDS[0], "anna")
    assert answers(dataset, 1) == {key: Answer.CLEAR}
    assert answers(dataset, 2) == {key: Answer.SLIGHT}
    assert [
        fact.round_number for action in dataset.journal.actions() for fact in action.labels
    ] == [
        1,
        2,
        2,
    ]


def turn(dataset, kind, name, round_number):
    return dataset.journal.turn(act(name, kind), round_number=round_number)


def test_each_round_has_a_line_of_undo_of_its_own(dataset):
    dataset.journal.record_many([said("a:1", "2"), again("a:2", "0"), moved("a:3", 1, (1, 9))])
    assert turn(dataset, ActionKind.UNDO, "u:1", 2).target == "a:2"
    assert answers(dataset, 2) == {}
    assert not dataset.journal.can_undo(CLIP_ID, "anna", round_number=2)
    assert dataset.journal.can_redo(CLIP_ID, "anna", round_number=2)
    assert not dataset.journal.can_redo(CLIP_ID, "anna")
    assert turn(dataset, ActionKind.UNDO, "u:2", 1).target == "a:3"
    assert turn(dataset, ActionKind.REDO, "r:1", 2).target == "a:2"
    assert answers(dataset, 2) == {(REP_IDS[0], "anna"): Answer.ABSENT}
    assert answers(dataset, 1) == {(REP_IDS[0], "anna"): Answer.CLEAR}


def test_the_last_word_about_an_assignment_is_in_force(dataset):
    dataset.journal.record_many(
        [
            assigned("e:1", "anna"),
            assigned("e:2", "ben", ratio=0.5),
            assigned("e:3", "anna", is_assigned=False),
            assigned("e:4", "ben", ratio=0.1),
        ]
    )
    (found,) = dataset.journal.assignments()
    assert (found.clip_id, found.rater, found.repeat_ratio) == (CLIP_ID, "ben", 0.1)
    assert (found.by, found.at_utc) == ("eve", AT)
    assert dataset.journal.assignments(CLIP_ID) == [found]


def test_a_share_above_one_is_refused(dataset):
    with pytest.raises(StoreError, match="share_of_repeats"):
        dataset.journal.record(assigned("e:1", "anna", ratio=1.5))


def test_a_decision_stands_until_it_is_taken_back(dataset):
    dataset.journal.record_many([said("a:1", "0"), said("b:1", "3", author="ben")])
    dataset.journal.record_many([decided("e:1", "2"), decided("e:2", "NV", rep=2)])
    first = Decision(REP_IDS[0], FAULT, Answer.CLEAR, "looked twice", "eve", AT)
    assert dataset.journal.decisions(CLIP_ID)[0] == first
    assert [found.answer for found in dataset.journal.decisions()] == ["2", "NV"]
    dataset.journal.record(decided("e:3", None, reason="a slip"))
    assert [found.rep_id for found in dataset.journal.decisions()] == [REP_IDS[1]]
    assert len(dataset.journal.answers()) == 2
    assert [action.action_id for action in dataset.journal.history(REP_IDS[0])][-2:] == [
        "e:1",
        "e:3",
    ]


def test_a_decision_about_a_removed_rep_does_not_count(dataset):
    dataset.journal.record_many([decided("e:1", "2"), moved("e:2", 1, None)])
    assert dataset.journal.decisions() == []


def test_undo_of_answers_passes_by_assignments_and_decisions(dataset):
    dataset.journal.record_many(
        [
            said("a:1", "1"),
            decided("a:2", "2", author="anna"),
            assigned("a:3", "ben", author="anna"),
        ]
    )
    assert turn(dataset, ActionKind.UNDO, "u:1", 1).target == "a:1"
    assert len(dataset.journal.decisions()) == len(dataset.journal.assignments()) == 1


@pytest.mark.parametrize("make", [assigned, decided], ids=["assigning", "deciding"])
def test_the_machine_neither_assigns_nor_decides(dataset, make):
    with pytest.raises(StoreError, match="expected a person's name"):
        dataset.journal.record(make("e:1", "1", author=MACHINE))


def test_a_decision_about_an_unknown_rep_is_refused(dataset):
    fact = DecisionFact("0a1b2c3d4e5f-9", FAULT, Answer.ABSENT, "why")
    with pytest.raises(StoreError, match="expected a name that exists"):
        dataset.journal.record(act("e:1", ActionKind.DECIDE, decisions=(fact,)))


def test_what_a_rater_has_answered_is_told_without_the_answers(dataset):
    dataset.journal.record_many(
        [said("a:1", "1"), said("a:2", "NV", fault="x,y"), said("a:3", None), again("a:4", "0")]
    )
    dataset.journal.record(said("b:1", "0", rep=2, author="ben"))
    now = dataset.standings.of(CLIP_ID)
    assert now.of("anna") == {REP_IDS[0]: {"x,y"}}
    assert now.of("anna", round_number=2) == {REP_IDS[0]: {FAULT}}
    assert now.of("eve") == {}


def test_what_is_disputed_is_what_the_answers_in_force_say(dataset):
    """Every pair of answers, each given after another one that no longer counts."""
    answers = [None, *Answer]
    pairs = list(itertools.product(answers, answers))
    for n, (one, other) in enumerate(pairs):
        name = f"fault_{n:02d}"
        dataset.journal.record_many(
            [
                said(f"a:{n}", "3", fault=name),
                said(f"aa:{n}", one, fault=name),
                said(f"b:{n}", other, fault=name, author="ben"),
            ]
        )
    sides = {
        answer: answer.severity is not None and answer.severity >= SEVERITY_THRESHOLD
        for answer in Answer
    }
    sides[Answer.NOT_VISIBLE] = None
    expected = {
        f"fault_{n:02d}"
        for n, (one, other) in enumerate(pairs)
        if one and other and sides[one] is not sides[other]
    }
    assert dataset.standings.of(CLIP_ID).disputed == {REP_IDS[0]: expected}
