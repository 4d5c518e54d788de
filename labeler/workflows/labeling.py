"""Label repetitions: what each key of the workbench, and each `labeler label` command, means."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from labeler.catalog import Catalog, Fault
from labeler.core.clip import Clip, ClipId, FrameTimes
from labeler.core.errors import UsageError
from labeler.core.label import (
    FIRST_ROUND,
    REPEAT_ROUND,
    Action,
    ActionKind,
    Answer,
    FaultId,
    Label,
    LabelFact,
)
from labeler.core.rep import RepId, RepRecord
from labeler.store.dataset import Dataset
from labeler.workflows import cutting, remembering  # noqa: F401  # they give operations meaning
from labeler.workflows.acting import APP, Sender, apply, find_rep, recorded
from labeler.workflows.cataloguing import catalog_of, checked_catalog, fault_id
from labeler.workflows.identity import identity_of
from labeler.workflows.importing import cut_again
from labeler.workflows.keys import FAULT_KEYS
from labeler.workflows.moments import filed_s, frame_at, stamped_s
from labeler.workflows.operations import (
    AllClearOp,
    AnswerOp,
    Op,
    OpBatch,
    Receipts,
    RedoOp,
    UndoOp,
)
from labeler.workflows.queueing import require_due, second_look
from labeler.workflows.reviewing import asked_faults


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
class Remark:
    """What a rater may say beside an answer: how sure they are, 0 to 1, a note, and the moment.

    That is when the fault is to be seen, in real seconds since the clip's first frame.
    """

    confidence: float | None = None
    note: str | None = None
    moment_s: float | None = None

    @classmethod
    def of(cls, label: Label) -> Self:
        """What was said beside a label."""
        return cls(label.confidence, label.note, label.moment_s)


NO_REMARK = Remark()


@dataclass(frozen=True, slots=True)
class RepAnswers:
    """A repetition with one rater's answers; a fault that is not among them is not rated yet.

    `remarks` are those answers of which the rater said more: how sure they are, a note, or the
    moment; `moments` are the frames of the latter.
    """

    record: RepRecord
    answers: dict[FaultId, Answer] = field(default_factory=dict)
    remarks: dict[FaultId, Remark] = field(default_factory=dict)
    moments: dict[FaultId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelingState:
    """What the workbench shows of a clip to one rater, who sees no other rater's answers.

    `dataset_id` tells where what waits in the browser belongs: see `identity_of`.
    """

    clip: Clip
    questions: tuple[FaultQuestion, ...]
    reps: tuple[RepAnswers, ...]
    can_undo: bool
    can_redo: bool
    round_number: int = FIRST_ROUND
    dataset_id: str = ""


def labeling_state(
    dataset: Dataset, clip: Clip, rater: str, *, round_number: int = FIRST_ROUND
) -> LabelingState:
    """The repetitions and answers in force, as `rater` sees them.

    In a second look there are only the repetitions that come again, without what was said first.
    """
    look, journal = {"round_number": round_number}, dataset.journal
    labels: dict[RepId, list[Label]] = {}
    times: FrameTimes | None = None
    for label in journal.answers(clip.clip_id, rater=rater, **look):
        labels.setdefault(label.rep_id, []).append(label)
        if label.moment_s is not None and times is None:
            times = dataset.clips.times(clip.clip_id)
    records = journal.reps(clip.clip_id)
    if round_number != FIRST_ROUND:
        again = second_look(dataset, clip, rater)
        records = [record for record in records if record.rep_id in again]
    return LabelingState(
        clip=clip,
        questions=questions_of(clip, catalog_of(dataset)),
        reps=tuple(_answered(one, labels.get(one.rep_id, ()), times) for one in records),
        can_undo=journal.can_undo(clip.clip_id, rater, **look),
        can_redo=journal.can_redo(clip.clip_id, rater, **look),
        round_number=round_number,
        dataset_id=identity_of(dataset),
    )


def _answered(record: RepRecord, labels: Sequence[Label], times: FrameTimes | None) -> RepAnswers:
    remarks = {label.fault: Remark.of(label) for label in labels}
    return RepAnswers(
        record,
        {label.fault: label.answer for label in labels},
        {fault: remark for fault, remark in remarks.items() if remark != NO_REMARK},
        {
            fault: times.frame_near(remark.moment_s)
            for fault, remark in remarks.items()
            if remark.moment_s is not None and times is not None
        },
    )


def questions_of(clip: Clip, catalog: Catalog) -> tuple[FaultQuestion, ...]:
    """The fault panel of a clip: what is asked, with which key, and what the view can show."""
    faults = asked_faults(clip, catalog)
    keys = FAULT_KEYS.ljust(len(faults))
    return tuple(_question(clip, fault, key) for fault, key in zip(faults, keys, strict=False))


def _question(clip: Clip, fault: Fault, key: str) -> FaultQuestion:
    now = clip.tags.view
    is_visible, is_weak = fault.is_visible_from(now), fault.is_weak_from(now)
    best = " or ".join(view.words for view in fault.views)
    reason = "" if is_visible and not is_weak else f"Film it from: {best}."
    return FaultQuestion(fault, key.strip(), is_visible, is_weak, reason)


def receive(dataset: Dataset, batch: OpBatch, receipts: Receipts) -> None:
    """Record a batch of the workbench's operations; each is in the journal before its receipt.

    An undo that comes with what it takes back means that, also where it was refused: its rater
    cannot have known, and what they did before stays.
    """
    are_recorded: list[bool] = []  # of the operations of this batch that no undo has met

    def record(op: Op) -> None:
        clip, action_id = dataset.clips.get(batch.clip_id), batch.action_id(op)
        sender = Sender(batch.rater, action_id, op.at_utc, APP, batch.round_number)
        is_undo = isinstance(op, UndoOp)
        is_in_vain = is_undo and bool(are_recorded) and not are_recorded.pop()
        if not is_undo:
            are_recorded.append(False)
        if is_in_vain:
            recorded(dataset, sender.action(ActionKind.UNDO, clip))
        elif not dataset.journal.knows(action_id):  # what was fine when it came first stays fine
            _require_same_cuts(op, batch.round_number)
            apply(op, dataset, clip, sender)
        if not is_undo:
            are_recorded[-1] = True

    receipts.settle(batch, record)


def _require_same_cuts(op: Op, round_number: int) -> None:
    """Two looks at a repetition can be compared only while it stays the same one."""
    if round_number != FIRST_ROUND and not isinstance(op, (AnswerOp, AllClearOp, UndoOp, RedoOp)):
        raise UsageError(
            "second look: expected answers only, got a change of the repetitions.",
            hint="Open the clip itself to cut it.",
        )


@apply.register
def _answer(op: AnswerOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    fact = LabelFact(
        op.rep_id,
        op.fault,
        op.answer,
        op.confidence,
        op.note or None,
        sender.round_number,
        stamped_s(op, dataset, clip, sender),
    )
    return recorded(dataset, replace(sender.action(ActionKind.ANSWER, clip), labels=(fact,)))


@apply.register
def _all_clear(op: AllClearOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    given = {
        label.fault
        for label in dataset.journal.answers(
            clip.clip_id, rater=sender.rater, round_number=sender.round_number
        )
        if label.rep_id == op.rep_id
    }
    facts = tuple(
        LabelFact(op.rep_id, fault, answer, round_number=sender.round_number)
        for fault, answer in _clear_answers(op, clip, catalog_of(dataset)).items()
        if fault not in given
    )
    return recorded(dataset, replace(sender.action(ActionKind.ALL_CLEAR, clip), labels=facts))


@apply.register
def _undo(_op: UndoOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action | None:
    return _turned(dataset, clip, sender, ActionKind.UNDO)


@apply.register
def _redo(_op: RedoOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action | None:
    return _turned(dataset, clip, sender, ActionKind.REDO)


def _turned(dataset: Dataset, clip: Clip, sender: Sender, kind: ActionKind) -> Action | None:
    """Undo or redo; another clock may cut a clip in another way: see `cut_again`."""
    blank = sender.action(kind, clip)
    action = dataset.journal.turn(blank, round_number=sender.round_number)
    if action is not None and action.calibrations:
        cut_again(dataset, clip)
    return action


def answer_fault(
    dataset: Dataset,
    clip: Clip,
    *,
    rep: str,
    fault: str,
    answer: str,
    rater: str,
    remark: Remark = NO_REMARK,
    is_again: bool = False,
) -> Action:
    """Answer one fault of one repetition from a command or a script.

    Parameters
    ----------
    rep : str
        The repetition's number in the clip, or its id.
    answer : str
        ``0`` to ``3``, ``NV``, or ``none`` to take the answer back.
    remark : Remark
        What to say beside it; it takes the place of what was said before.
    is_again : bool
        In a second look, blind, at a repetition that comes again: see `second_look`.

    Raises
    ------
    UsageError
        If something of it is not known, the confidence is not 0 to 1, the moment not one of a
        fault that is there, in or near the repetition, or the repetition does not come again.
    """
    sender, rep_id = _at_work(dataset, clip, rep, rater=rater, is_again=is_again)
    about = fault_id(dataset, fault)
    confidence = remark.confidence
    if confidence is not None and not 0 <= confidence <= 1:
        raise UsageError(f"confidence: expected 0 to 1, got {confidence}.")
    moment_s = remark.moment_s
    frame = None if moment_s is None else frame_at(dataset, clip, moment_s)
    said = (parse_answer(answer), confidence, remark.note, frame)
    return _answer(AnswerOp(1, sender.at_utc, rep_id, about, *said), dataset, clip, sender)


def all_clear(
    dataset: Dataset, clip: Clip, *, rep: str, rater: str, is_again: bool = False
) -> Action:
    """Every fault of a rep not rated yet, in this look: absent, or not visible from this view."""
    sender, rep_id = _at_work(dataset, clip, rep, rater=rater, is_again=is_again)
    return _all_clear(AllClearOp(1, sender.at_utc, rep_id), dataset, clip, sender)


def undo_last(dataset: Dataset, clip: Clip, *, rater: str, is_again: bool = False) -> Action:
    """Take the rater's last action in a clip, or in the second look at it, back."""
    sender = _sender(rater, is_again=is_again)
    return _something(_undo(UndoOp(1, sender.at_utc), dataset, clip, sender), "undo")


def redo_last(dataset: Dataset, clip: Clip, *, rater: str, is_again: bool = False) -> Action:
    """Bring back what the rater undid last in a clip, or in the second look at it."""
    sender = _sender(rater, is_again=is_again)
    return _something(_redo(RedoOp(1, sender.at_utc), dataset, clip, sender), "redo")


def _at_work(
    dataset: Dataset, clip: Clip, rep: str, *, rater: str, is_again: bool
) -> tuple[Sender, RepId]:
    """Who answers from a command, in which look, and the repetition that is named."""
    sender, record = _sender(rater, is_again=is_again), find_rep(dataset, clip, rep)
    if is_again:
        require_due(dataset, clip, record, sender.rater)
    return sender, record.rep_id


def _sender(rater: str, *, is_again: bool) -> Sender:
    round_number = REPEAT_ROUND if is_again else FIRST_ROUND
    return replace(Sender.from_command(rater), round_number=round_number)


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

    catalog, clips = checked_catalog(dataset), dataset.clips.all()
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
        clip = rep_clip[line.rep_id]
        at_s = filed_s(dataset, clip, line.rep_id, line.answer, line.moment_s)
        said = (line.answer, line.confidence, line.note)
        fact = LabelFact(line.rep_id, fault, *said, moment_s=at_s)
        grouped.setdefault((clip.clip_id, line.rater), []).append(fact)
    by_id = {clip.clip_id: clip for clip in clips}
    actions = [
        _import_action(by_id[clip_id], who, facts) for (clip_id, who), facts in grouped.items()
    ]
    dataset.journal.record_many(actions)
    return actions


def _import_action(clip: Clip, rater: str, facts: Sequence[LabelFact]) -> Action:
    sender = Sender.from_command(rater)
    return replace(sender.action(ActionKind.IMPORT, clip), labels=tuple(facts))


def _clear_answers(op: AllClearOp, clip: Clip, catalog: Catalog) -> dict[FaultId, Answer]:
    """What all clear says of each fault: as the rater saw it asked, else as it is asked now."""
    if op.absent is None and op.unseen is None:
        asked = {one.fault.id: one.is_visible for one in questions_of(clip, catalog)}
    else:
        asked = dict.fromkeys(op.absent or (), True) | dict.fromkeys(op.unseen or (), False)
    return {
        fault: Answer.ABSENT if is_visible else Answer.NOT_VISIBLE
        for fault, is_visible in asked.items()
    }


def _something(action: Action | None, verb: str) -> Action:
    if action is None:
        raise UsageError(f"There is nothing to {verb}.", hint="Name the rater who did it.")
    return action
