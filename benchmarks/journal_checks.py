"""What must be true of a journal after its server was killed, told from the file alone."""

import dataclasses
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from journal_tabs import Json, Outbox

from labeler.core.clip import Clip, ClipId
from labeler.core.label import MACHINE, Action
from labeler.store.dataset import DATABASE_NAME, Dataset
from labeler.workflows.labeling import LabelingState, labeling_state, receive
from labeler.workflows.operations import OpBatch, Receipts, UndoOp, parse_commit

N_FACTS = {"answer": (1, 0), "edges": (0, 1), "delete_rep": (0, 1)}
"""Answers and repetitions that an action of a kind holds when it is whole."""


@dataclass(frozen=True, slots=True)
class Losses:
    """What went wrong; all zeros when nothing did.

    Parameters
    ----------
    lost : int
        Acknowledged operations that are not in the journal, or not whole.
    duplicated : int
        Rows that are there more often than once, actions nobody sent among them.
    disordered : int
        Operations that stand before an earlier one of the same outbox, or without it.
    damaged : int
        What SQLite's own checks say of the file.
    """

    lost: int = 0
    duplicated: int = 0
    disordered: int = 0
    damaged: int = 0

    def __add__(self, other: "Losses") -> "Losses":
        """Both together."""
        mine, theirs = dataclasses.astuple(self), dataclasses.astuple(other)
        return Losses(*(a + b for a, b in zip(mine, theirs, strict=True)))


def losses_of(dataset: Path, boxes: Sequence[Outbox], scratch: Path) -> Losses:
    """Look at a copy of the files, with the write-ahead log: the next server finds them as left."""
    scratch.mkdir(exist_ok=True)
    for name in (DATABASE_NAME, f"{DATABASE_NAME}-wal"):
        (scratch / name).unlink(missing_ok=True)
        if (dataset / name).exists():
            shutil.copyfile(dataset / name, scratch / name)
    with closing(sqlite3.connect(scratch / DATABASE_NAME)) as db:
        return _damage(db) + _misplaced(db, boxes) + _torn(db, boxes)


def _damage(db: sqlite3.Connection) -> Losses:
    """Both checks of SQLite, and whether the file is still one with a write-ahead log."""
    found = [row for row in db.execute("PRAGMA integrity_check") if row != ("ok",)]
    strays = db.execute("PRAGMA foreign_key_check").fetchall()
    is_logged = db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    return Losses(damaged=len(found) + len(strays) + (not is_logged))


def _misplaced(db: sqlite3.Connection, boxes: Sequence[Outbox]) -> Losses:
    """Ids against what was sent and acknowledged: every outbox is there from 1 on, in order."""
    rows = db.execute("SELECT action_id FROM action WHERE author != ? ORDER BY number", [MACHINE])
    ids = [action_id for (action_id,) in rows]
    found = Losses(duplicated=len(ids) - len(set(ids)) + len(set(ids) - _ids(boxes)))
    for box in boxes:
        seqs = [int(i.rpartition(":")[2]) for i in ids if i.rpartition(":")[0] == box.client]
        n_lost = len(set(range(1, box.acked_seq + 1)).difference(seqs))
        n_out_of_place = sum(seq != place for place, seq in enumerate(seqs, start=1))
        found += Losses(lost=n_lost, disordered=n_out_of_place)
    return found


def _torn(db: sqlite3.Connection, boxes: Iterable[Outbox]) -> Losses:
    """Facts against their actions: none without its answer, none with an answer twice."""
    counted: dict[str, list[int]] = {}
    for place, table in enumerate(("label_event", "rep_event")):
        names = "rep_id, fault" if table == "label_event" else "rep_id, 1"
        facts = db.execute(
            f"SELECT action_id, {names} FROM {table} JOIN action"  # noqa: S608 - two fixed names
            " ON action.number = action_number"
        )
        for fact, n_times in Counter(facts).items():
            counted.setdefault(fact[0], [0, 0])[place] += n_times
            if n_times > 1:
                counted.setdefault("twice", [0, 0])[place] += n_times - 1
    n_twice = sum(counted.pop("twice", [0, 0]))
    n_torn = sum(
        tuple(counted.get(f"{box.client}:{body['seq']}", (0, 0))) != N_FACTS[body["op"]]
        for box in boxes
        for body in box.made[: box.acked_seq]
        if body["op"] in N_FACTS
    )
    return Losses(lost=n_torn, duplicated=n_twice)


def _ids(boxes: Iterable[Outbox]) -> set[str]:
    return {f"{box.client}:{body['seq']}" for box in boxes for body in box.made}


def is_as_if_undisturbed(
    killed: Dataset, fresh: Dataset, clips: Sequence[Clip], boxes: Sequence[Outbox]
) -> bool:
    """Whether the same operations, in the order of the journal and never interrupted, are the same.

    Every fact of every action is compared, what each undo and redo took back among them, and then
    what each rater sees.
    """
    by_client = {box.client: box for box in boxes}
    ours = _by_people(killed)
    for action in ours:
        client, _, seq = action.action_id.rpartition(":")
        body = by_client[client].made[int(seq) - 1]
        receive(fresh, batch_of(by_client[client], body), Receipts())
    raters = sorted({box.rater for box in boxes})
    return ours == _by_people(fresh) and all(
        _seen(killed, clip, rater) == _seen(fresh, clip, rater)
        for clip in clips
        for rater in raters
    )


def undoes_to_nothing(dataset: Dataset, clip: Clip, rater: str, n_ops: int) -> bool:
    """Whether undo leads back to the very first key, with no answer of the rater left."""
    batch = OpBatch("undoing", clip.clip_id, rater, ())
    for seq in range(1, n_ops + 1):
        if not dataset.journal.can_undo(clip.clip_id, rater):
            break
        op = UndoOp(seq, "")
        receive(dataset, dataclasses.replace(batch, ops=(op,)), Receipts())
    return (
        not dataset.journal.can_undo(clip.clip_id, rater)
        and dataset.journal.answers(clip.clip_id, rater=rater) == []
    )


def batch_of(box: Outbox, body: Json) -> OpBatch:
    """One operation, as it comes out of the wire."""
    told = {"client": box.client, "clip": box.clip_id, "rater": box.rater, "ops": [body]}
    return parse_commit(json.loads(json.dumps(told)))


def _by_people(dataset: Dataset) -> list[Action]:
    return [action for action in dataset.journal.actions() if action.author != MACHINE]


def _seen(dataset: Dataset, clip: Clip, rater: str) -> LabelingState:
    """What a rater sees; two datasets have two names, whatever is in them."""
    state = labeling_state(dataset, dataset.clips.get(ClipId(clip.clip_id)), rater)
    return dataclasses.replace(state, dataset_id="")
