"""Threads and processes that write at once, and processes that are killed, lose nothing."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from threading import Barrier

import pytest
from store_samples import CLIP_ID, REP_IDS, act, moved, rep_at, said

from labeler.core.errors import StoreError
from labeler.core.label import ActionKind, Answer, RepFact

N_FACTS = 5
BURST = f"""
import sys
from pathlib import Path
from labeler.core.label import Action, ActionKind, Answer, LabelFact
from labeler.store.dataset import Dataset

name, n_actions = sys.argv[2], int(sys.argv[3])
with Dataset.open(Path(sys.argv[1]), create=False) as dataset:
    for n in range(n_actions):
        answer = list(Answer)[n % 5]
        facts = tuple(LabelFact("{REP_IDS[0]}", f"fault_{{k}}", answer) for k in range({N_FACTS}))
        dataset.journal.record(
            Action(f"{{name}}:{{n}}", ActionKind.ANSWER, "{CLIP_ID}", name, "", name, labels=facts)
        )
        print(f"{{name}}:{{n}}", flush=True)
"""
ENDLESS = 1_000_000


def burst(folder, name, n_actions):
    command = [sys.executable, "-c", BURST, str(folder), name, str(n_actions)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_threads_lose_nothing(dataset):
    def record(rater):
        return [
            dataset.journal.record(said(f"{rater}:{n}", str(n % 4), author=rater))
            for n in range(50)
        ]

    with ThreadPoolExecutor(2) as threads:
        assert all(map(all, threads.map(record, ["anna", "ben"])))
    ids = [action.action_id for action in dataset.journal.actions()[1:]]
    for rater in ("anna", "ben"):
        assert [i for i in ids if i.startswith(rater)] == [f"{rater}:{n}" for n in range(50)]
    assert {a.rater: a.answer for a in dataset.journal.answers()} == {
        "anna": Answer.SLIGHT,
        "ben": Answer.SLIGHT,
    }


def test_the_same_actions_from_many_threads_count_once(dataset):
    def record(n):
        return dataset.journal.record(said(f"a:{n % 10}", "1"))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(record, range(40))).count(True) == 10
    assert len(dataset.journal.actions()) == 11


def cut(dataset, rater, kind, gone=(), made=()):
    """Cut as one rater; why it was refused, or nothing."""

    def action(first_number):
        names = (dataset.journal.rep_id(CLIP_ID, first_number + n) for n in range(len(made)))
        facts = [RepFact(rep_id, None) for rep_id in gone]
        facts += [
            RepFact(rep_id, rep_at(*edges)) for rep_id, edges in zip(names, made, strict=True)
        ]
        return act(f"{rater}:{made[0]}", kind, author=rater, reps=tuple(facts))

    try:
        dataset.journal.record_cut(CLIP_ID, action)
    except StoreError as error:
        return error.message
    return ""


def both_at_once(*deeds):
    """What two threads do at the same moment."""
    barrier = Barrier(len(deeds))

    def do(deed):
        barrier.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return sorted(threads.map(do, deeds))


def in_force(dataset):
    return [record.rep for record in dataset.journal.reps(CLIP_ID)]


def are_apart(reps):
    return all(one.stop_frame <= other.start_frame for one, other in pairwise(reps))


@pytest.mark.parametrize("start", range(150, 290, 20))
def test_of_two_who_add_a_rep_at_one_place_at_one_moment_one_does(dataset, start):
    deeds = [
        partial(cut, dataset, rater, ActionKind.ADD_REP, made=[(start + shift, start + shift + 9)])
        for rater, shift in (("p", 0), ("q", 4))
    ]
    done, refused = both_at_once(*deeds)
    assert (done, "which meets repetition 4" in refused) == ("", True)
    assert len(in_force(dataset)) == 4
    assert are_apart(in_force(dataset))


def test_two_who_add_reps_at_two_places_at_one_moment_both_do(dataset):
    for start in range(150, 290, 20):
        deeds = [
            partial(cut, dataset, rater, ActionKind.ADD_REP, made=[(at, at + 9)])
            for rater, at in (("p", start), ("q", start + 9))
        ]
        assert both_at_once(*deeds) == ["", ""]
    assert len(in_force(dataset)) == 3 + 14
    assert are_apart(in_force(dataset))


def test_of_two_who_split_a_rep_at_one_moment_one_does(dataset):
    deeds = [
        partial(cut, dataset, rater, ActionKind.SPLIT, REP_IDS[:1], [(0, frame), (frame, 40)])
        for rater, frame in (("p", 18), ("q", 22))
    ]
    done, refused = both_at_once(*deeds)
    assert (done, "which was taken out" in refused) == ("", True)
    assert len(in_force(dataset)) == 4


def test_a_rep_that_somebody_took_out_is_not_moved(dataset):
    dataset.journal.record(moved("b:1", 1, None, author="ben", kind=ActionKind.DELETE_REP))
    move = moved("a:1", 1, (2, 30))
    with pytest.raises(StoreError, match="expected one that is there") as caught:
        dataset.journal.record_cut(CLIP_ID, lambda _: move)
    assert caught.value.hint
    assert len(in_force(dataset)) == 2


def test_reps_that_shared_frames_before_can_be_moved_apart_step_by_step(dataset):
    dataset.journal.record(moved("i:1", 2, (20, 90), kind=ActionKind.IMPORT))
    for n, edges in enumerate([(30, 90), (40, 90)]):
        dataset.journal.record_cut(CLIP_ID, lambda _, n=n, edges=edges: moved(f"a:{n}", 2, edges))
    assert are_apart(in_force(dataset))
    with pytest.raises(StoreError, match="which meets repetition 1"):
        dataset.journal.record_cut(CLIP_ID, lambda _: moved("a:9", 2, (39, 90)))


def test_a_cut_that_is_sent_twice_is_one(dataset):
    move = moved("a:1", 1, (2, 30))
    for _ in range(2):
        assert dataset.journal.record_cut(CLIP_ID, lambda _: move) == move
    assert len(dataset.journal.actions()) == 2


def test_two_processes_lose_nothing(dataset, folder):
    with burst(folder, "p", 40) as first, burst(folder, "q", 40) as second:
        assert (first.wait(60), second.wait(60)) == (0, 0)
    ids = [action.action_id for action in dataset.journal.actions()[1:]]
    assert sorted(ids) == sorted(f"{name}:{n}" for name in "pq" for n in range(40))


@pytest.mark.parametrize("n_before_kill", [1, 2, 5, 11, 23])
def test_a_killed_process_keeps_its_word(dataset, folder, n_before_kill):
    """What was acknowledged is there; what was not is there whole or not at all."""
    with burst(folder, "p", ENDLESS) as process:
        acknowledged = [next(process.stdout).strip() for _ in range(n_before_kill)]
        process.kill()
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
    recorded = dataset.journal.actions()[1:]
    assert [action.action_id for action in recorded][: len(acknowledged)] == acknowledged
    assert len(recorded) - len(acknowledged) in (0, 1)
    assert {len(action.labels) for action in recorded} == {N_FACTS}
    assert len(dataset.journal.answers()) == N_FACTS
