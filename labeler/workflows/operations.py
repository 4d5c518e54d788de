"""What the player sends: operations, one per key press, and how they are received.

The browser keeps every operation until it is acknowledged and sends it again until then. So an
operation may arrive more than once, and `Receipts` makes that harmless.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from labeler.core.clip import ClipId
from labeler.core.errors import LabelerError, StorageError, UsageError
from labeler.core.label import FIRST_ROUND, ActionId, Answer, FaultId
from labeler.core.names import tidy_name
from labeler.core.rep import RepId

RELOAD_HINT = "Reload the page; if it happens again, report it with this message."

MAX_TEXT_LENGTH = 200
"""Longest id, name or time stamp that a commit may carry, in characters."""


ROUND_MARK = "~"
"""Between a clip's id and the number of a look after the first, in what the player calls a clip."""


def place_name(clip_id: ClipId, round_number: int = FIRST_ROUND) -> str:
    """What the player calls a clip: a blind repeat is another place, with keys of its own."""
    return clip_id if round_number == FIRST_ROUND else f"{clip_id}{ROUND_MARK}{round_number}"


@dataclass(frozen=True, slots=True)
class Op:
    """One thing the rater did; `seq` counts from 1 per client, `at_utc` is the key press."""

    seq: int
    at_utc: str


@dataclass(frozen=True, slots=True)
class AnswerOp(Op):
    """Answer one fault of one rep; None takes the answer back to *not rated yet*.

    `confidence` is how sure the rater is, 0 to 1; None where they did not say. `moment_frame` is
    the frame in which the fault is to be seen; None where they did not say.
    """

    rep_id: RepId
    fault: FaultId
    answer: Answer | None
    confidence: float | None = None
    note: str | None = None
    moment_frame: int | None = None


@dataclass(frozen=True, slots=True)
class AllClearOp(Op):
    """Every fault of the rep that is not rated yet: absent, or not visible from this view.

    Parameters
    ----------
    absent, unseen : tuple[FaultId, ...] | None
        The faults that the rater was asked about, by whether the view shows them; nothing is said
        of any other, such as one that came into the catalogue meanwhile. None: those asked now.
    """

    rep_id: RepId
    absent: tuple[FaultId, ...] | None = None
    unseen: tuple[FaultId, ...] | None = None


@dataclass(frozen=True, slots=True)
class EdgesOp(Op):
    """Move a rep: first frame, turning frame, and the frame after the last one."""

    rep_id: RepId
    start_frame: int
    turn_frame: int
    stop_frame: int


@dataclass(frozen=True, slots=True)
class AddRepOp(Op):
    """Cut a rep by hand: first frame, turning frame, and the frame after the last one.

    A turn that is None is where the signals show it.
    """

    start_frame: int
    turn_frame: int | None
    stop_frame: int


@dataclass(frozen=True, slots=True)
class DeleteRepOp(Op):
    """Take a rep out; its answers come back when an undo brings it back."""

    rep_id: RepId


@dataclass(frozen=True, slots=True)
class SplitOp(Op):
    """Make two reps of one; `frame` is the first of the second."""

    rep_id: RepId
    frame: int


@dataclass(frozen=True, slots=True)
class MergeOp(Op):
    """Make one rep of two that follow each other."""

    rep_id: RepId
    next_id: RepId


@dataclass(frozen=True, slots=True)
class RestoreOp(Op):
    """Bring back the state of a rep after one action of its history."""

    rep_id: RepId
    to: ActionId


@dataclass(frozen=True, slots=True)
class UndoOp(Op):
    """Take back the rater's last action on the clip."""


@dataclass(frozen=True, slots=True)
class RedoOp(Op):
    """Bring back what was last taken back."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An operation that will never be saved, and why, in words for the rater."""

    client: str
    seq: int
    message: str


@dataclass(frozen=True, slots=True)
class OpBatch:
    """Operations of one client on one clip, in order.

    Parameters
    ----------
    client : str
        Names one outbox: one page load of one browser tab, on one clip.
    clip_id : ClipId
        The clip that they were made on, which may no longer be the one on screen.
    rater : str
        Who made them.
    malformed : tuple[Refusal, ...]
        Operations that could not be read, such as those an older version left in a browser.
    round_number : int
        Above 1 for a blind repeat.
    """

    client: str
    clip_id: ClipId
    rater: str
    ops: tuple[Op, ...]
    malformed: tuple[Refusal, ...] = ()
    round_number: int = FIRST_ROUND

    def action_id(self, op: Op) -> ActionId:
        """The id under which `op` goes into the journal: the same however often it is sent."""
        return ActionId(f"{self.client}:{op.seq}")


def parse_commit(raw: object) -> OpBatch:
    """Read what the player's ``commit`` trigger carries.

    Raises
    ------
    UsageError
        If the envelope or a sequence number is not what the player sends. An operation with a
        sequence number but an unreadable body does not raise: it goes to `malformed`.
    """
    envelope = _mapping(raw, "commit")
    client = _text(envelope, "client")
    entries = envelope.get("ops")
    if not isinstance(entries, list):
        raise _unexpected("ops", "a list", entries)
    ops: list[Op] = []
    malformed: list[Refusal] = []
    for entry in entries:
        body = _mapping(entry, "op")
        seq = _whole(body, "seq")
        try:
            ops.append(parse_op(body))
        except UsageError as error:
            malformed.append(Refusal(client, seq, error.message))
    clip_id, _, round_number = _text(envelope, "clip").partition(ROUND_MARK)
    return OpBatch(
        client,
        ClipId(clip_id),
        tidy_name(_text(envelope, "rater")),  # as commands write it: one person is one rater
        tuple(ops),
        tuple(malformed),
        int(round_number) if round_number.isdecimal() else FIRST_ROUND,
    )


def parse_op(body: Mapping[str, object]) -> Op:
    """Read one operation.

    Raises
    ------
    UsageError
        If its kind is unknown or a field is missing or of the wrong type.
    """
    kind = _text(body, "op")
    if kind not in _READERS:
        raise _unexpected("op", f"one of {', '.join(_READERS)}", kind)
    return _READERS[kind](body, _whole(body, "seq"), _text(body, "at"))


@dataclass(slots=True)
class Receipts:
    """What one session tells the browser about operations that arrived.

    Parameters
    ----------
    acks : dict[str, int]
        Per client, the highest sequence number that is dealt with: saved or refused.
    refused : list[Refusal]
        Operations that will never be saved.
    """

    acks: dict[str, int] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)

    def settle(self, batch: OpBatch, record: Callable[[Op], None]) -> None:
        """Record every operation that is new, in order, and acknowledge it.

        A `LabelerError` of `record` refuses that operation and goes on with the next. Any other
        error, and a `StorageError` such as a full disk, leaves it and what follows it
        unacknowledged, so that the browser keeps them and sends them again.
        """
        for refusal in batch.malformed:
            self._refuse(refusal)
        done = self.acks.get(batch.client, 0)
        for op in batch.ops:
            if op.seq <= done:
                continue
            try:
                record(op)
            except StorageError:
                raise
            except LabelerError as error:
                self._refuse(Refusal(batch.client, op.seq, str(error)))
            self._acknowledge(batch.client, (op.seq,))
        self._acknowledge(batch.client, (refusal.seq for refusal in batch.malformed))

    def _refuse(self, refusal: Refusal) -> None:
        if refusal not in self.refused:
            self.refused.append(refusal)

    def _acknowledge(self, client: str, seqs: Iterable[int]) -> None:
        self.acks[client] = max((self.acks.get(client, 0), *seqs))


def _answer(body: Mapping[str, object], seq: int, at_utc: str) -> Op:
    raw = body.get("answer")
    if raw is not None and raw not in _ANSWERS:
        raise _unexpected("answer", f"{', '.join(Answer)} or null", raw)
    answer = None if raw is None else Answer(str(raw))
    fault, confidence = FaultId(_text(body, "fault")), _confidence(body)
    note = _text(body, "note") if body.get("note") else None
    moment = None if body.get("moment") is None else _whole(body, "moment")
    return AnswerOp(seq, at_utc, _rep(body), fault, answer, confidence, note, moment)


def _all_clear(body: Mapping[str, object], seq: int, at_utc: str) -> Op:
    return AllClearOp(seq, at_utc, _rep(body), _faults(body, "absent"), _faults(body, "unseen"))


def _edges(body: Mapping[str, object], seq: int, at_utc: str) -> Op:
    return EdgesOp(seq, at_utc, _rep(body), *_frames(body))


def _add_rep(body: Mapping[str, object], seq: int, at_utc: str) -> Op:
    turn = None if body.get("turn", 0) is None else _whole(body, "turn")
    return AddRepOp(seq, at_utc, _whole(body, "start"), turn, _whole(body, "stop"))


def _delete_rep(body: Mapping[str, object], seq: int, at_utc: str) -> Op:
    return DeleteRepOp(seq, at_utc, _rep(body))


def _split(body: Mapping[str, object], seq: int, at_utc: str) -> Op:
    return SplitOp(seq, at_utc, _rep(body), _whole(body, "frame"))


def _merge(body: Mapping[str, object], seq: int, at_utc: str) -> Op:
    return MergeOp(seq, at_utc, _rep(body), RepId(_text(body, "next")))


def _restore(body: Mapping[str, object], seq: int, at_utc: str) -> Op:
    return RestoreOp(seq, at_utc, _rep(body), ActionId(_text(body, "to")))


def _frames(body: Mapping[str, object]) -> tuple[int, int, int]:
    return _whole(body, "start"), _whole(body, "turn"), _whole(body, "stop")


_ANSWERS = [answer.value for answer in Answer]

_READERS: Mapping[str, Callable[[Mapping[str, object], int, str], Op]] = {
    "answer": _answer,
    "all_clear": _all_clear,
    "edges": _edges,
    "add_rep": _add_rep,
    "delete_rep": _delete_rep,
    "split": _split,
    "merge": _merge,
    "restore": _restore,
    "undo": lambda _body, seq, at_utc: UndoOp(seq, at_utc),
    "redo": lambda _body, seq, at_utc: RedoOp(seq, at_utc),
}


def _rep(body: Mapping[str, object]) -> RepId:
    return RepId(_text(body, "rep"))


def _faults(body: Mapping[str, object], name: str) -> tuple[FaultId, ...] | None:
    """Faults by id; None where the player that sent it did not tell them yet."""
    found = body.get(name)
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(one, str) and one for one in found):
        raise _unexpected(name, "a list of faults", found)
    return tuple(FaultId(one) for one in found)


def _confidence(body: Mapping[str, object]) -> float | None:
    value = body.get("confidence")
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise _unexpected("confidence", "0 to 1", value)
    return float(value)


def _mapping(raw: object, name: str) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise _unexpected(name, "an object", raw)
    return raw


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT_LENGTH:
        raise _unexpected(name, f"1 to {MAX_TEXT_LENGTH} characters", value)
    return value


def _whole(body: Mapping[str, object], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _unexpected(name, "a whole number from 0", value)
    return value


def _unexpected(name: str, expected: str, got: object) -> UsageError:
    return UsageError(f"{name}: expected {expected}, got {got!r:.80}.", hint=RELOAD_HINT)
