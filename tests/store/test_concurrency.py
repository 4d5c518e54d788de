"""Threads and processes that write at once, and processes that are killed, lose nothing."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from store_samples import CLIP_ID, REP_IDS, said

from labeler.core.label import Answer

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
