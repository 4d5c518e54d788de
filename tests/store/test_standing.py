"""What is kept in memory of every clip is what the journal says, whoever added to it."""

import random

import pytest
from store_samples import CLIP_ID, REP_IDS, act, moved, other_clip, said
from test_raters_in_store import FAULT, again, assigned, decided

from labeler.core.label import FIRST_ROUND, SEVERITY_THRESHOLD, ActionKind
from labeler.store.dataset import Dataset
from labeler.store.standing import UNTOUCHED

RATERS = ("anna", "ben")
ROUNDS = (1, 2)
SLOT_FRAMES = 100
"""Each repetition of the clip moves in its own hundred frames."""


def something(name, rng):
    """Any action that a rater, or an adjudicator, could send."""
    rep, who = rng.randint(1, 3), rng.choice(RATERS)
    answer = rng.choice([None, "0", "1", "2", "3", "NV"])
    start = SLOT_FRAMES * (rep - 1) + rng.randrange(40)
    edges = rng.choice([None, (start, start + 20 + rng.randrange(40))])
    return rng.choice(
        [
            said(name, answer, rep=rep, author=who, fault=rng.choice([FAULT, "hip_shift"])),
            again(name, answer, rep=rep, author=who),
            moved(name, rep, edges, author=who),
            assigned(name, who, is_assigned=rng.random() < 0.7, ratio=0.25),
            decided(name, answer, rep=rep),
        ]
    )


def as_the_journal_says(dataset):
    """The same as a standing, from the journal's own questions."""
    journal = dataset.journal
    rep_ids = tuple(record.rep_id for record in journal.reps(CLIP_ID))
    answered = {(who, number): {} for who in RATERS for number in ROUNDS}
    sides = {}
    for number in ROUNDS:
        for label in journal.answers(CLIP_ID, round_number=number):
            answered[label.rater, number].setdefault(label.rep_id, set()).add(label.fault)
            if number == FIRST_ROUND:
                severity = label.answer.severity
                side = None if severity is None else severity >= SEVERITY_THRESHOLD
                sides.setdefault((label.rep_id, label.fault), set()).add(side)
    settled = {(found.rep_id, found.fault) for found in journal.decisions()}
    disputed = {pair for pair, taken in sides.items() if len(taken) > 1} - settled
    return rep_ids, answered, disputed, journal.assignments()


def as_it_stands(dataset):
    now = dataset.standings.of(CLIP_ID)
    answered = {(who, number): dict(now.of(who, number)) for who in RATERS for number in ROUNDS}
    disputed = {(rep, fault) for rep, faults in now.disputed.items() for fault in faults}
    return now.rep_ids, answered, disputed, list(now.assignments)


@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_the_journal_says_however_often_it_is_asked(dataset, seed):
    rng = random.Random(seed)
    for step in range(60):
        dataset.journal.record(something(f"a:{step}", rng))
        if rng.random() < 0.3:
            assert as_it_stands(dataset) == as_the_journal_says(dataset)
    assert as_it_stands(dataset) == as_the_journal_says(dataset)


def test_undo_and_redo_are_seen(dataset):
    dataset.journal.record(said("a:1", "2"))
    before = dataset.standings.of(CLIP_ID)
    dataset.journal.turn(act("a:2", ActionKind.UNDO))
    assert not dataset.standings.of(CLIP_ID).of("anna")
    dataset.journal.turn(act("a:3", ActionKind.REDO))
    assert dataset.standings.of(CLIP_ID) == before


def test_what_another_process_adds_is_seen(dataset, folder):
    assert not dataset.standings.of(CLIP_ID).of("ben")
    with Dataset.open(folder, create=False) as other:
        other.journal.record(said("b:1", "3", author="ben"))
    assert dataset.standings.of(CLIP_ID).of("ben") == {REP_IDS[0]: {FAULT}}


def test_only_the_clips_with_news_are_made_anew(dataset):
    clip, times = other_clip()
    cut = act("m:2", ActionKind.CUT, author="machine", clip_id=clip.clip_id)
    dataset.clips.add(clip, times, cut=cut)
    dataset.journal.record(assigned("e:1", "ben"))
    first = dataset.standings.now()
    assert dataset.standings.now() is first, "nothing was added"
    fact = assigned("e:2", "anna").assignments
    dataset.journal.record(
        act("e:2", ActionKind.ASSIGN, clip_id=clip.clip_id, author="eve", assignments=fact)
    )
    second = dataset.standings.now()
    assert second[CLIP_ID] is first[CLIP_ID]
    assert [one.rater for one in second[clip.clip_id].assignments] == ["anna"]
    assert clip.clip_id not in first, "what was handed out never changes"


def test_a_clip_that_nobody_spoke_of_stands_empty(dataset):
    assert dataset.standings.of("nobody") is UNTOUCHED
    assert UNTOUCHED.of("anna") == {}
