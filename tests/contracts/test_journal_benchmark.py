"""The journal benchmark's own tools: they must see a loss where there is one."""

import random
import sqlite3
from contextlib import closing

import journal
import journal_checks
import journal_tabs
import made_dataset
import pytest

from labeler.store.dataset import DATABASE_NAME, Dataset
from labeler.workflows.labeling import receive
from labeler.workflows.operations import Receipts

N_OPS = 40
UNHARMED = journal_checks.Losses()


def outbox(clip, rater="Ann"):
    keys = journal_tabs.script(clip, N_OPS, random.Random(1))
    return journal_tabs.Outbox(f"{rater}-1", clip.clip_id, rater, keys)


@pytest.fixture
def kept(tmp_path):
    """A dataset's folder and the outbox of which everything was saved and acknowledged."""
    folder = tmp_path / "dataset"
    with Dataset.open(folder) as dataset:
        (clip,) = made_dataset.fill(dataset, n_clips=1, n_reps=4)
        box, receipts = outbox(clip), Receipts()
        box.press(N_OPS)
        for body in box.pending:
            receive(dataset, journal_checks.batch_of(box, body), receipts)
        box.settle(receipts.acks)
    assert receipts.refused == []
    return folder, box


def look_after(tampering, kept, tmp_path):
    folder, box = kept
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as db, db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute(tampering)
    return journal_checks.losses_of(folder, [box], tmp_path / "scratch")


def test_a_whole_journal_has_no_losses(kept, tmp_path):
    folder, box = kept
    assert box.is_done
    assert journal_checks.losses_of(folder, [box], tmp_path / "scratch") == UNHARMED


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("DELETE FROM label_event WHERE number = (SELECT max(number) FROM label_event)", "lost"),
        ("UPDATE action SET action_id = 'Ann-1:999' WHERE action_id = 'Ann-1:40'", "lost"),
        ("UPDATE action SET action_id = 'Eve-1:1' WHERE action_id = 'Ann-1:40'", "duplicated"),
        (
            "INSERT INTO label_event (action_number, rep_id, fault, rater, answer)"
            " SELECT action_number, rep_id, fault, rater, answer FROM label_event LIMIT 1",
            "duplicated",
        ),
        ("UPDATE action SET number = 1000 WHERE action_id = 'Ann-1:1'", "disordered"),
        ("PRAGMA journal_mode = DELETE", "damaged"),
    ],
    ids=["fact gone", "action gone", "nobody's action", "fact twice", "overtaken", "no log"],
)
def test_each_harm_is_seen(kept, tmp_path, tampering, broken):
    found = look_after(tampering, kept, tmp_path)
    assert getattr(found, broken) > 0


def test_what_is_not_acknowledged_may_be_there_or_not(kept, tmp_path):
    folder, box = kept
    box.acked_seq = 10
    assert journal_checks.losses_of(folder, [box], tmp_path / "scratch") == UNHARMED


def test_an_outbox_sends_everything_again_until_it_is_acknowledged(kept):
    _, done = kept
    box = journal_tabs.Outbox("Ann-2", done.clip_id, "Ann", done.keys)
    box.press(3)
    box.settle({"Ann-1": 40})
    assert [body["seq"] for body in box.pending] == [1, 2, 3]
    box.press(2)
    box.settle({"Ann-2": 2})
    box.settle({"Ann-2": 1})  # an older answer that comes late
    assert [body["seq"] for body in box.pending] == [3, 4, 5]


def test_a_burst_outlives_its_kills(tmp_path):
    found = journal.measure(tmp_path, n_kills=2, n_ops=80, seed=3)
    harm = {name: found[name] for name in ("lost", "duplicated", "disordered", "damaged")}
    assert harm == dict.fromkeys(harm, 0)
    assert (found["kills"], found["ops"], found["refused"]) == (2, 80, 0)
    assert found["is_as_if_undisturbed"]
