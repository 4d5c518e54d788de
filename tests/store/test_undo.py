"""Undo and redo: against a model of plain lists, and where two raters meet."""

import dataclasses
import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from store_samples import AT, CLIP, CLIP_ID, REP_IDS, TIMES, act, first_cut, moved, rep_at, said

from labeler.core.errors import StoreError
from labeler.core.label import MACHINE, ActionKind, Answer, LabelFact, RepFact
from labeler.store.dataset import Dataset

_names = itertools.count(1)


def undo(dataset, author="anna", action_id=None):
    name = action_id or f"undo:{next(_names)}"
    return dataset.journal.undo(CLIP_ID, author, action_id=name, at_utc=AT, client="test")


def redo(dataset, author="anna", action_id=None):
    name = action_id or f"redo:{next(_names)}"
    return dataset.journal.redo(CLIP_ID, author, action_id=name, at_utc=AT, client="test")


def answers(dataset):
    return {(a.rep_id, a.fault, a.rater): a.answer for a in dataset.journal.answers()}


def edges(dataset):
    return {r.rep_id: (r.rep.start_frame, r.rep.stop_frame) for r in dataset.journal.reps(CLIP_ID)}


def test_nothing_to_undo_or_redo(dataset):
    assert undo(dataset) is None
    assert redo(dataset) is None
    turns = dataset.journal.actions()[1:]
    assert [(turn.kind, turn.target) for turn in turns] == [
        (ActionKind.UNDO, None),
        (ActionKind.REDO, None),
    ], "they are kept, so that they mean nothing again when they are sent again"
    dataset.journal.record(said("a:1", "1"))
    for turn in turns:
        again = {"action_id": turn.action_id, "at_utc": turn.at_utc, "client": turn.client}
        repeat = dataset.journal.undo if turn.kind is ActionKind.UNDO else dataset.journal.redo
        assert repeat(CLIP_ID, turn.author, **again) is None
    assert len(answers(dataset)) == 1


def test_the_machine_is_never_undone(dataset):
    assert not dataset.journal.can_undo(CLIP_ID, MACHINE)
    assert undo(dataset, MACHINE) is None
    assert len(edges(dataset)) == 3


def test_undo_restores_the_answer_before_with_all_that_was_said(dataset):
    first = LabelFact(REP_IDS[0], "x", Answer.CLEAR, confidence=0.5, note="late")
    dataset.journal.record(act("a:1", labels=(first,)))
    dataset.journal.record(said("a:2", "NV", fault="x"))
    undone = undo(dataset)
    assert undone.target == "a:2"
    assert undone.labels == (first,)
    assert undo(dataset).labels == (LabelFact(REP_IDS[0], "x", None),)
    assert answers(dataset) == {}
    assert redo(dataset).labels == (first,)


def test_an_undo_sent_twice_is_one_undo(dataset):
    dataset.journal.record_many([said("a:1", "1"), said("a:2", "2")])
    assert undo(dataset, action_id="u:1") == undo(dataset, action_id="u:1")
    assert list(answers(dataset).values()) == [Answer.SLIGHT]
    assert redo(dataset, action_id="r:1") == redo(dataset, action_id="r:1")
    assert not dataset.journal.can_redo(CLIP_ID, "anna")


def test_an_undo_under_the_id_of_something_else_is_refused(dataset):
    dataset.journal.record(said("a:1", "1"))
    with pytest.raises(StoreError, match="a:1: expected an id of its own"):
        undo(dataset, action_id="a:1")


def test_a_new_action_closes_the_way_forward(dataset):
    dataset.journal.record(said("a:1", "1"))
    undo(dataset)
    assert dataset.journal.can_redo(CLIP_ID, "anna")
    dataset.journal.record(said("a:2", "2"))
    assert not dataset.journal.can_redo(CLIP_ID, "anna")
    assert redo(dataset) is None
    assert undo(dataset).target == "a:2"
    assert undo(dataset) is None


def test_each_rater_undoes_their_own(dataset):
    dataset.journal.record_many([said("a:1", "1"), said("b:1", "3", author="ben")])
    assert undo(dataset, "anna").target == "a:1"
    assert answers(dataset) == {(REP_IDS[0], "knee_valgus", "ben"): Answer.SEVERE}
    assert not dataset.journal.can_undo(CLIP_ID, "anna")
    assert dataset.journal.can_undo(CLIP_ID, "ben")


def test_many_answers_of_one_key_press_go_and_come_together(dataset):
    facts = tuple(LabelFact(REP_IDS[0], fault, Answer.ABSENT) for fault in "xyz")
    dataset.journal.record(act("a:1", ActionKind.ALL_CLEAR, labels=facts))
    undo(dataset)
    assert answers(dataset) == {}
    redo(dataset)
    assert len(answers(dataset)) == 3


def test_added_moved_and_removed_reps_go_back_where_they_were(dataset):
    fourth = dataset.journal.rep_id(CLIP_ID, 4)
    added = act("a:1", ActionKind.ADD_REP, reps=(RepFact(fourth, rep_at(200, 240)),))
    dataset.journal.record(added)
    dataset.journal.record(moved("a:2", 1, (3, 33)))
    dataset.journal.record(moved("a:3", 2, None, kind=ActionKind.DELETE_REP))
    start = {rep_id: (50 * n, 50 * n + 40) for n, rep_id in enumerate(REP_IDS)}
    with_fourth = start | {fourth: (200, 240)}
    after_move = with_fourth | {REP_IDS[0]: (3, 33)}
    for expected in (after_move, with_fourth, start):
        undo(dataset)
        assert edges(dataset) == expected
    assert dataset.journal.next_rep_number(CLIP_ID) == 5
    for expected in (with_fourth, after_move):
        redo(dataset)
        assert edges(dataset) == expected


def test_a_rep_that_another_rater_moved_since_is_left_alone_and_named(dataset):
    dataset.journal.record(
        act(
            "a:1",
            ActionKind.EDGES,
            reps=(RepFact(REP_IDS[0], rep_at(2, 30)), RepFact(REP_IDS[1], rep_at(60, 80))),
        )
    )
    dataset.journal.record(moved("b:1", 1, (4, 44), author="ben"))
    undone = undo(dataset, "anna")
    assert [fact.rep_id for fact in undone.reps] == [REP_IDS[1]]
    assert dataset.journal.left_alone(undone) == (REP_IDS[0],)
    assert edges(dataset)[REP_IDS[0]] == (4, 44)
    assert edges(dataset)[REP_IDS[1]] == (50, 90)
    redone = redo(dataset, "anna")
    assert dataset.journal.left_alone(redone) == (REP_IDS[0],)
    assert edges(dataset)[REP_IDS[0]] == (4, 44)
    assert edges(dataset)[REP_IDS[1]] == (60, 80)


def test_a_rep_whose_frames_another_rater_took_since_stays_out(dataset):
    dataset.journal.record(moved("a:1", 3, None, kind=ActionKind.DELETE_REP))
    fourth = RepFact(dataset.journal.rep_id(CLIP_ID, 4), rep_at(130, 150))
    dataset.journal.record(act("b:1", ActionKind.ADD_REP, author="ben", reps=(fourth,)))
    undone = undo(dataset, "anna")
    assert undone.reps == ()
    assert dataset.journal.left_alone(undone) == (REP_IDS[2],)
    assert set(edges(dataset)) == {*REP_IDS[:2], fourth.rep_id}
    undo(dataset, "ben")
    redo(dataset, "anna")
    assert undo(dataset, "anna").reps, "its frames are free again"
    assert set(edges(dataset)) == set(REP_IDS)


def test_once_the_other_rater_undid_theirs_mine_can_be_undone(dataset):
    dataset.journal.record(moved("a:1", 1, (2, 30)))
    dataset.journal.record(moved("b:1", 1, (4, 44), author="ben"))
    undo(dataset, "ben")
    undone = undo(dataset, "anna")
    assert dataset.journal.left_alone(undone) == ()
    assert edges(dataset)[REP_IDS[0]] == (0, 40)


def test_what_is_left_alone_does_not_stop_the_next_undo(dataset):
    dataset.journal.record(said("a:1", "1"))
    dataset.journal.record(moved("a:2", 1, (2, 30)))
    dataset.journal.record(moved("b:1", 1, (4, 44), author="ben"))
    assert undo(dataset).reps == ()
    assert undo(dataset).target == "a:1"
    assert answers(dataset) == {}


def test_an_action_without_facts_is_no_step_to_undo(dataset):
    dataset.journal.record_many([said("a:1", "1"), act("a:2", ActionKind.ALL_CLEAR)])
    assert undo(dataset).target == "a:1"
    assert answers(dataset) == {}


def test_an_answer_is_left_alone_by_no_rep(dataset):
    dataset.journal.record(said("a:1", "1"))
    assert dataset.journal.left_alone(undo(dataset)) == ()


class Editor(RuleBasedStateMachine):
    """Two raters answer, move reps of their own, undo, redo, and close the program."""

    raters = st.sampled_from(["anna", "ben"])

    @initialize()
    def open(self):
        self.home = tempfile.TemporaryDirectory()
        self.dataset = Dataset.open(Path(self.home.name) / "set")
        self.dataset.clips.add(CLIP, TIMES, cut=first_cut())
        self.done = {"anna": [], "ben": []}
        self.undone = {"anna": [], "ben": []}

    def do(self, action):
        assert self.dataset.journal.record(action)
        self.done[action.author].append(action)
        self.undone[action.author].clear()

    @rule(
        author=raters,
        rep=st.integers(1, 2),
        faults=st.sets(st.sampled_from("xyz"), min_size=1),
        answer=st.sampled_from([None, *Answer]),
    )
    def say(self, author, rep, faults, answer):
        facts = tuple(LabelFact(REP_IDS[rep - 1], fault, answer) for fault in sorted(faults))
        self.do(act(f"say:{next(_names)}", author=author, labels=facts))

    @rule(author=raters, edges=st.none() | st.tuples(st.integers(0, 20), st.integers(30, 50)))
    def move(self, author, edges):
        rep = 1 if author == "anna" else 2
        own = edges and tuple(50 * (rep - 1) + edge for edge in edges)
        self.do(moved(f"move:{next(_names)}", rep, own, author=author))

    @rule(author=raters)
    def undo(self, author):
        made = undo(self.dataset, author)
        assert (made is None) == (not self.done[author])
        if made is not None:
            self.undone[author].append(self.done[author].pop())
            assert made.target == self.undone[author][-1].action_id

    @rule(author=raters)
    def redo(self, author):
        made = redo(self.dataset, author)
        assert (made is None) == (not self.undone[author])
        if made is not None:
            self.done[author].append(self.undone[author].pop())
            assert made.target == self.done[author][-1].action_id

    @rule()
    def reopen(self):
        self.dataset.close()
        self.dataset = Dataset.open(self.dataset.folder, create=False)

    @invariant()
    def what_is_in_force_is_what_was_done_and_not_undone(self):
        labels, reps = {}, {fact.rep_id: fact.rep for fact in first_cut().reps}
        for author, actions in self.done.items():
            for action in actions:
                labels |= {(f.rep_id, f.fault, author): f.answer for f in action.labels}
                reps |= {f.rep_id: f.rep for f in action.reps}
        reps = {rep_id: rep for rep_id, rep in reps.items() if rep is not None}
        labels = {k: answer for k, answer in labels.items() if answer is not None and k[0] in reps}
        assert answers(self.dataset) == labels
        assert {r.rep_id: r.rep for r in self.dataset.journal.reps(CLIP_ID)} == reps

    @invariant()
    def the_buttons_tell_the_truth(self):
        for author in self.done:
            assert self.dataset.journal.can_undo(CLIP_ID, author) == bool(self.done[author])
            assert self.dataset.journal.can_redo(CLIP_ID, author) == bool(self.undone[author])

    def teardown(self):
        self.dataset.close()
        self.home.cleanup()


Editor.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestEditor = Editor.TestCase


def test_history_read_from_another_dataset_is_followed_too(dataset, tmp_path):
    """Undo and redo are actions like others: recorded as they are, they keep the line."""
    dataset.journal.record_many([said("a:1", "1"), said("a:2", "2")])
    undo(dataset)
    with Dataset.open(tmp_path / "copy") as copy:
        copy.clips.add(dataclasses.replace(CLIP), TIMES)
        copy.journal.record_many(dataset.journal.actions())
        assert copy.journal.actions() == dataset.journal.actions()
        assert redo(copy).target == "a:2"
