"""Label repetitions: what each key of the workbench, and each `labeler label` command, means."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import singledispatch
from pathlib import Path
from uuid import uuid4

from labeler.catalog import Fault, load_catalog
from labeler.core.clip import Clip, ClipId
from labeler.core.errors import UsageError
from labeler.core.label import (
    Action,
    ActionId,
    ActionKind,
    Answer,
    FaultId,
    LabelFact,
    RepFact,
)
from labeler.core.names import tidy_name
from labeler.core.rep import Rep, RepId, RepRecord
from labeler.store.dataset import Dataset
from labeler.workflows.importing import utc_now
from labeler.workflows.operations import (
    AddRepOp,
    AllClearOp,
    AnswerOp,
    DeleteRepOp,
    EdgesOp,
    Op,
    OpBatch,
    Receipts,
    RedoOp,
    UndoOp,
)
from labeler.workflows.reviewing import asked_faults

FAULT_KEYS = "1234567890qwertasdfgxvb"
"""The keys of the faults, in the order of the panel; none of them moves the video."""

APP = "app"
CLI = "cli"


@dataclass(frozen=True, slots=True)
class FaultQuestion:
    """One row of the fault panel.

    `reason` says why the view cannot show the fault, or that it shows it weakly; else it is empty.
    """

    fault: Fault
    key: str
    is_visible: bool
    is_weak: bool
    reason: str


@dataclass(frozen=True, slots=True)
class RepAnswers:
    """A repetition with one rater's answers; a fault that is not among them is not rated yet."""

    record: RepRecord
    answers: dict[FaultId, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelingState:
    """What the workbench shows of a clip to one rater, who sees no other rater's answers."""

    clip: Clip
    questions: tuple[FaultQuestion, ...]
    reps: tuple[RepAnswers, ...]
    can_undo: bool
    can_redo: bool


def labeling_state(dataset: Dataset, clip: Clip, rater: str) -> LabelingState:
    """The repetitions and answers in force, as `rater` sees them."""
    answers: dict[RepId, dict[FaultId, Answer]] = {}
    for label in dataset.journal.answers(clip.clip_id, rater=rater):
        answers.setdefault(label.rep_id, {})[label.fault] = label.answer
    records = dataset.journal.reps(clip.clip_id)
    return LabelingState(
        clip=clip,
        questions=questions_of(clip),
        reps=tuple(RepAnswers(record, answers.get(record.rep_id, {})) for record in records),
        can_undo=dataset.journal.can_undo(clip.clip_id, rater),
        can_redo=dataset.journal.can_redo(clip.clip_id, rater),
    )


def questions_of(clip: Clip) -> tuple[FaultQuestion, ...]:
    """The fault panel of a clip: what is asked, with which key, and what the view can show."""
    faults = asked_faults(clip)
    keys = FAULT_KEYS.ljust(len(faults))
    return tuple(_question(clip, fault, key) for fault, key in zip(faults, keys, strict=False))


def _question(clip: Clip, fault: Fault, key: str) -> FaultQuestion:
    now = clip.tags.view
    is_visible, is_weak = fault.is_visible_from(now), fault.is_weak_from(now)
    best = " or ".join(view.words for view in fault.views)
    reason = "" if is_visible and not is_weak else f"Film it from: {best}."
    return FaultQuestion(fault, key.strip(), is_visible, is_weak, reason)


def receive(dataset: Dataset, batch: OpBatch, receipts: Receipts) -> None:
    """Record a batch of the workbench's operations; each is in the journal before its receipt."""

    def record(op: Op) -> None:
        clip, action_id = dataset.clips.get(batch.clip_id), batch.action_id(op)
        if not dataset.journal.knows(action_id):  # what was fine when it came first stays fine
            apply(op, dataset, clip, Sender(batch.rater, action_id, op.at_utc, APP))

    receipts.settle(batch, record)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who does something, when, with which program, under which id."""

    rater: str
    action_id: ActionId
    at_utc: str
    client: str

    @classmethod
    def from_command(cls, rater: str) -> "Sender":
        """A new action of a command or a script."""
        name = tidy_name(rater)
        if not name:
            raise UsageError("rater: expected a name, got none.", hint="Give --rater NAME.")
        return cls(name, ActionId(f"{CLI}-{uuid4().hex}:1"), utc_now(), CLI)

    def action(self, kind: ActionKind, clip: Clip) -> Action:
        """An action that holds no facts yet."""
        return Action(
            action_id=self.action_id,
            kind=kind,
            clip_id=clip.clip_id,
            author=self.rater,
            at_utc=self.at_utc,
            client=self.client,
        )


@singledispatch
def apply(op: Op, dataset: Dataset, clip: Clip, sender: Sender) -> Action | None:
    """Record what one operation means; None when there was nothing to undo or redo."""
    raise TypeError(f"no meaning for {type(op).__name__} on {clip.short_id} in {dataset} {sender}")


@apply.register
def _answer(op: AnswerOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    fact = LabelFact(op.rep_id, op.fault, op.answer)
    return _record(dataset, replace(sender.action(ActionKind.ANSWER, clip), labels=(fact,)))


@apply.register
def _all_clear(op: AllClearOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    given = {
        label.fault
        for label in dataset.journal.answers(clip.clip_id, rater=sender.rater)
        if label.rep_id == op.rep_id
    }
    facts = tuple(
        LabelFact(op.rep_id, asked.fault.id, _clear_answer(asked))
        for asked in questions_of(clip)
        if asked.fault.id not in given
    )
    return _record(dataset, replace(sender.action(ActionKind.ALL_CLEAR, clip), labels=facts))


@apply.register
def _edges(op: EdgesOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    find_rep(dataset, clip, op.rep_id)
    fact = RepFact(op.rep_id, _rep_at(dataset, clip, op, but=op.rep_id))
    return _record(dataset, replace(sender.action(ActionKind.EDGES, clip), reps=(fact,)))


@apply.register
def _add_rep(op: AddRepOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    number = dataset.journal.next_rep_number(clip.clip_id)
    rep_id = dataset.journal.rep_id(clip.clip_id, number)
    fact = RepFact(rep_id, _rep_at(dataset, clip, op, but=rep_id))
    return _record(dataset, replace(sender.action(ActionKind.ADD_REP, clip), reps=(fact,)))


@apply.register
def _delete_rep(op: DeleteRepOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    fact = RepFact(op.rep_id, None)
    return _record(dataset, replace(sender.action(ActionKind.DELETE_REP, clip), reps=(fact,)))


@apply.register
def _undo(op: UndoOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action | None:
    return dataset.journal.undo(
        clip.clip_id,
        sender.rater,
        action_id=sender.action_id,
        at_utc=op.at_utc,
        client=sender.client,
    )


@apply.register
def _redo(op: RedoOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action | None:
    return dataset.journal.redo(
        clip.clip_id,
        sender.rater,
        action_id=sender.action_id,
        at_utc=op.at_utc,
        client=sender.client,
    )


def answer_fault(
    dataset: Dataset, clip: Clip, *, rep: str, fault: str, answer: str, rater: str
) -> Action:
    """Answer one fault of one repetition from a command or a script.

    Parameters
    ----------
    rep : str
        The repetition's number in the clip, or its id.
    answer : str
        ``0`` to ``3``, ``NV``, or ``none`` to take the answer back.
    """
    sender = Sender.from_command(rater)
    fault_id = load_catalog().fault(fault).id
    rep_id = find_rep(dataset, clip, rep).rep_id
    return _answer(
        AnswerOp(1, sender.at_utc, rep_id, fault_id, parse_answer(answer)), dataset, clip, sender
    )


def all_clear(dataset: Dataset, clip: Clip, *, rep: str, rater: str) -> Action:
    """Every fault of a rep not rated yet: absent, or not visible from this view."""
    sender = Sender.from_command(rater)
    rep_id = find_rep(dataset, clip, rep).rep_id
    return _all_clear(AllClearOp(1, sender.at_utc, rep_id), dataset, clip, sender)


def move_edges(
    dataset: Dataset, clip: Clip, *, rep: str, edges: tuple[int | None, ...], rater: str
) -> Action:
    """Move start, turn and stop frame of a rep; None leaves one where it is."""
    if all(edge is None for edge in edges):
        raise UsageError(
            "edges: expected at least one to move, got none.",
            hint="Give --start, --turn or --stop with a frame.",
        )
    sender = Sender.from_command(rater)
    record = find_rep(dataset, clip, rep)
    now = (record.rep.start_frame, record.rep.turn_frame, record.rep.stop_frame)
    start, turn, stop = (old if new is None else new for old, new in zip(now, edges, strict=True))
    op = EdgesOp(1, sender.at_utc, record.rep_id, start, turn, stop)
    return _edges(op, dataset, clip, sender)


def add_rep(dataset: Dataset, clip: Clip, frames: tuple[int, int, int], *, rater: str) -> Action:
    """Cut a rep by hand, at start, turn and stop frame."""
    sender = Sender.from_command(rater)
    return _add_rep(AddRepOp(1, sender.at_utc, *frames), dataset, clip, sender)


def delete_rep(dataset: Dataset, clip: Clip, *, rep: str, rater: str) -> Action:
    """Take a rep out; undo brings it back with its answers."""
    sender = Sender.from_command(rater)
    rep_id = find_rep(dataset, clip, rep).rep_id
    return _delete_rep(DeleteRepOp(1, sender.at_utc, rep_id), dataset, clip, sender)


def undo_last(dataset: Dataset, clip: Clip, *, rater: str) -> Action:
    """Take the rater's last action in a clip back."""
    sender = Sender.from_command(rater)
    return _something(_undo(UndoOp(1, sender.at_utc), dataset, clip, sender), "undo")


def redo_last(dataset: Dataset, clip: Clip, *, rater: str) -> Action:
    """Bring back what the rater undid last in a clip."""
    sender = Sender.from_command(rater)
    return _something(_redo(RedoOp(1, sender.at_utc), dataset, clip, sender), "redo")


def find_rep(dataset: Dataset, clip: Clip, name: str) -> RepRecord:
    """A repetition by its number in the clip or by its id."""
    records = dataset.journal.reps(clip.clip_id)
    for record in records:
        if name in (str(record.index), record.rep_id):
            return record
    raise UsageError(
        f"repetition: expected 1 to {len(records)} or an id of {clip.file_name}, got {name!r}.",
        hint=f"List them with: labeler reps {clip.short_id}",
    )


def parse_answer(text: str) -> Answer | None:
    """Read an answer as people type it; ``none`` is *not rated*."""
    if text.lower() == "none":
        return None
    try:
        return Answer(text.upper())
    except ValueError:
        raise UsageError(
            f"answer: expected 0, 1, 2, 3, NV or none, got {text!r}.",
            hint="0 absent, 1 slight, 2 clear, 3 severe, NV not visible, none takes it back.",
        ) from None


def import_labels(dataset: Dataset, file: Path, *, rater: str | None) -> list[Action]:
    """Bring labels in from a CSV file: one action per clip and rater, all of them or none."""
    from labeler.exchange.label_table import read_labels

    catalog, clips = load_catalog(), dataset.clips.all()
    rep_clip = {
        record.rep_id: clip for clip in clips for record in dataset.journal.reps(clip.clip_id)
    }
    grouped: dict[tuple[ClipId, str], list[LabelFact]] = {}
    for line in read_labels(file, rater=rater):
        if line.rep_id not in rep_clip:
            raise UsageError(
                f"{file.name}: expected repetitions of this dataset, got {line.rep_id!r}.",
                hint="List them with: labeler reps CLIP",
            )
        fault = catalog.fault(line.fault).id
        fact = LabelFact(line.rep_id, fault, line.answer, line.confidence, line.note)
        grouped.setdefault((rep_clip[line.rep_id].clip_id, line.rater), []).append(fact)
    by_id = {clip.clip_id: clip for clip in clips}
    actions = [
        _import_action(by_id[clip_id], who, facts) for (clip_id, who), facts in grouped.items()
    ]
    dataset.journal.record_many(actions)
    return actions


def _import_action(clip: Clip, rater: str, facts: Sequence[LabelFact]) -> Action:
    sender = Sender.from_command(rater)
    return replace(sender.action(ActionKind.IMPORT, clip), labels=tuple(facts))


def _record(dataset: Dataset, action: Action) -> Action:
    """Put an action into the journal, without facts too: sent again, it must mean the same."""
    dataset.journal.record(action)
    return action


def _clear_answer(asked: FaultQuestion) -> Answer:
    return Answer.ABSENT if asked.is_visible else Answer.NOT_VISIBLE


def _something(action: Action | None, verb: str) -> Action:
    if action is None:
        raise UsageError(f"There is nothing to {verb}.", hint="Name the rater who did it.")
    return action


def _rep_at(dataset: Dataset, clip: Clip, op: EdgesOp | AddRepOp, *, but: RepId) -> Rep:
    """A rep that a person has cut, its times read from the clip's own clock.

    The quality of the pose inside it is judged when its features are computed. A frame belongs to
    one rep at most: frames of another one than `but` are refused.
    """
    start, turn, stop = op.start_frame, op.turn_frame, op.stop_frame
    if not 0 <= start <= turn < stop <= clip.n_frames:
        raise UsageError(
            f"edges: expected 0 ≤ start ≤ turn < stop ≤ {clip.n_frames}, "
            f"got {start}, {turn}, {stop}.",
            hint="Move the other edge first.",
        )
    for other in dataset.journal.reps(clip.clip_id):
        is_shared = other.rep.start_frame < stop and start < other.rep.stop_frame
        if other.rep_id != but and is_shared:
            raise UsageError(
                f"edges: expected frames of no other repetition, got {start} to {stop}, which "
                f"meets repetition {other.index} "
                f"({other.rep.start_frame} to {other.rep.stop_frame}).",
                hint="Move that one out of the way first.",
            )
    times = dataset.clips.times(clip.clip_id)
    start_s, turn_s, stop_s = (times.boundary_s(frame) for frame in (start, turn, stop))
    return Rep(start, turn, stop, start_s, turn_s, stop_s)
