"""Browser tabs without a browser: raters who press keys, and the outbox that delivers them.

`Outbox` and `Tab` keep the rules of ``labeler/app/player/outbox.js``: operations are numbered when
they are made, wait until they are acknowledged, go out in one batch at a time, oldest outbox first,
and are all sent again when the answer does not come.
"""

import json
import random
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import made_dataset

from labeler.catalog import load_catalog
from labeler.core.clip import Clip
from labeler.core.label import Answer
from labeler.workflows.labeling import questions_of

Json = dict[str, Any]

KINDS = {"answer": 62, "all_clear": 8, "edges": 10, "delete_rep": 2, "undo": 12, "redo": 6}
"""How often each operation is made, in per cent: mostly answers, and everything that goes back."""

MAX_NUDGE_FRAMES = 5
MAX_BURST_KEYS = 6
"""Keys that are pressed, at most, while one batch is under way."""

TWICE_RATIO = 0.1
"""Share of batches that a second tab delivers at the same moment, as an adopted outbox does."""

ANSWER_TIMEOUT_S = 60.0


def script(clip: Clip, n_ops: int, rng: random.Random) -> list[Json]:
    """What one rater does to one clip, as the player words it, still without numbers.

    Nobody moves the repetition that is taken out now and then, so that no operation is refused.
    """
    faults = [asked.fault.id for asked in questions_of(clip, load_catalog())]
    kinds = rng.choices(list(KINDS), list(KINDS.values()), k=n_ops)
    return [_op(kind, clip, faults, rng) for kind in kinds]


def _op(kind: str, clip: Clip, faults: Sequence[str], rng: random.Random) -> Json:
    reps = made_dataset.rep_ids(clip)
    index = len(reps) - 1 if kind == "delete_rep" else rng.randrange(len(reps) - 1)
    body: Json = {"op": kind, "at": made_dataset.AT_UTC}
    if kind not in ("undo", "redo"):
        body["rep"] = reps[index]
    if kind == "answer":
        body |= {"fault": rng.choice(faults), "answer": rng.choice([*map(str, Answer), None])}
    if kind == "edges":
        start, turn, stop = (
            frame + rng.randint(0, MAX_NUDGE_FRAMES) for frame in made_dataset.edges(index)
        )
        body |= {"start": start, "turn": turn, "stop": stop}
    return body


@dataclass(slots=True)
class Outbox:
    """What one page load of one rater on one clip has not had acknowledged."""

    client: str
    clip_id: str
    rater: str
    keys: list[Json]
    made: list[Json] = field(default_factory=list)
    acked_seq: int = 0

    @property
    def is_done(self) -> bool:
        """Whether every key was pressed and acknowledged."""
        return self.acked_seq == len(self.keys)

    @property
    def pending(self) -> list[Json]:
        """What is made and not acknowledged, in order."""
        return self.made[self.acked_seq :]

    def press(self, n_keys: int) -> None:
        """Make the next operations of the script."""
        for body in self.keys[len(self.made) : len(self.made) + n_keys]:
            self.made.append({**body, "seq": len(self.made) + 1})

    def commit(self) -> bytes:
        """Everything that waits, as one line."""
        told = {"client": self.client, "clip": self.clip_id, "rater": self.rater}
        return json.dumps({**told, "ops": self.pending}).encode() + b"\n"

    def settle(self, acks: Mapping[str, int]) -> None:
        """Forget what is dealt with."""
        self.acked_seq = max(self.acked_seq, acks.get(self.client, 0))


class Line:
    """Where the server is, and how much of it all was acknowledged; shared by all threads."""

    def __init__(self, boxes: Sequence[Outbox]) -> None:
        self.boxes = boxes
        self.refused: list[str] = []
        self.port: int | None = None
        self.n_allowed = 0
        self._news = threading.Condition()

    @property
    def n_acked(self) -> int:
        """Operations that the server has acknowledged."""
        return sum(box.acked_seq for box in self.boxes)

    @property
    def n_made(self) -> int:
        """Keys pressed so far."""
        return sum(len(box.made) for box in self.boxes)

    def allow(self, n_keys: int) -> None:
        """Let the raters go on until so many keys are pressed."""
        with self._news:
            self.n_allowed = n_keys
            self._news.notify_all()

    def press(self, box: Outbox, n_keys: int) -> None:
        """Press keys, as far as it is allowed."""
        with self._news:
            box.press(min(n_keys, max(0, self.n_allowed - self.n_made)))

    def wait_for_keys(self) -> None:
        """Rest until more keys may be pressed, or the server is gone."""
        with self._news:
            port = self.port
            self._news.wait_for(
                lambda: self.n_made < self.n_allowed or self.port != port, ANSWER_TIMEOUT_S
            )

    def wait_for_server(self) -> int:
        """The port, as soon as there is one."""
        with self._news:
            self._news.wait_for(lambda: self.port is not None, ANSWER_TIMEOUT_S)
            if self.port is None:
                raise TimeoutError(f"expected a server within {ANSWER_TIMEOUT_S:.0f} s, got none")
            return self.port

    def wait_for_acks(self, n_acked: int) -> bool:
        """Whether that many operations were acknowledged before the patience ended."""
        with self._news:
            return self._news.wait_for(lambda: self.n_acked >= n_acked, ANSWER_TIMEOUT_S)

    def serve(self, port: int | None) -> None:
        """Say where the server is now; None: nowhere."""
        with self._news:
            self.port = port
            self._news.notify_all()

    def settle(self, answer: Json, boxes: Sequence[Outbox]) -> None:
        """Take an answer of the server in."""
        with self._news:
            for box in boxes:
                box.settle(answer["acks"])
            self.refused.extend(words for words in answer["refused"] if words not in self.refused)
            self._news.notify_all()


class Tab(threading.Thread):
    """One rater at work on one clip after the other, through as many servers as it takes."""

    def __init__(self, boxes: Sequence[Outbox], line: Line, rng: random.Random) -> None:
        super().__init__(daemon=True)
        self._boxes, self._line, self._rng = boxes, line, rng

    def run(self) -> None:
        """Press keys and deliver until everything is acknowledged."""
        while not all(box.is_done for box in self._boxes):
            self._press()  # also while there is no server
            port = self._line.wait_for_server()
            try:
                with socket.create_connection(("127.0.0.1", port), ANSWER_TIMEOUT_S) as wire:
                    self._work(wire, port)
            except ConnectionError:
                continue  # killed: everything that waits goes out again

    def _work(self, wire: socket.socket, port: int) -> None:
        answers = wire.makefile("rb")
        for box in self._open():
            self._press()
            if not box.pending:
                self._line.wait_for_keys()
                continue
            commit = box.commit()
            with self._second_tab(commit, port):
                wire.sendall(commit)
                line = answers.readline()
            if not line.endswith(b"\n"):
                raise ConnectionResetError("the answer ends in the middle")
            self._line.settle(json.loads(line), self._boxes)

    def _open(self) -> Iterator[Outbox]:
        while box := next((box for box in self._boxes if not box.is_done), None):
            yield box

    def _press(self) -> None:
        """The rater is at the first clip that has keys left."""
        box = next((box for box in self._boxes if len(box.made) < len(box.keys)), None)
        if box is not None:
            self._line.press(box, self._rng.randint(1, MAX_BURST_KEYS))

    @contextmanager
    def _second_tab(self, commit: bytes, port: int) -> Iterator[None]:
        """Another session, which delivers the same now and then, and hears no answer."""
        if self._rng.random() >= TWICE_RATIO:
            yield
            return
        with socket.create_connection(("127.0.0.1", port), ANSWER_TIMEOUT_S) as other:
            other.sendall(commit)
            yield
