"""What happened to a repetition, by whom and when; and any of its states, brought back.

The journal keeps everything, so a state is brought back by a new fact: who restores does it in
their own name, and may undo it. Answers belong to their rater: only one's own come back.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from labeler.catalog import Catalog
from labeler.core.clip import Clip
from labeler.core.errors import UsageError
from labeler.core.label import (
    FIRST_ROUND,
    MACHINE,
    Action,
    ActionId,
    ActionKind,
    Answer,
    CalibrationFact,
    FaultId,
    LabelFact,
    RepFact,
)
from labeler.core.rep import Rep, RepId
from labeler.store.dataset import Dataset
from labeler.workflows.acting import Sender, apply, recorded_cut
from labeler.workflows.cataloguing import catalog_of
from labeler.workflows.operations import RestoreOp
from labeler.workflows.reviewing import answered_reps

ANSWER_WORDS = {
    None: "not rated",
    Answer.ABSENT: "0 absent",
    Answer.SLIGHT: "1 slight",
    Answer.CLEAR: "2 clear",
    Answer.SEVERE: "3 severe",
    Answer.NOT_VISIBLE: "not visible",
}

MAX_NAMED = 3
"""More answers than this in one action are counted, not listed."""


@dataclass(frozen=True, slots=True)
class RepState:
    """A repetition after some action: where it lies, and one rater's answers of the first round.

    `rep` is None where it was taken out, or not cut yet.
    """

    rep: Rep | None
    answers: dict[FaultId, LabelFact]


@dataclass(frozen=True, slots=True)
class RepEvent:
    """One action, as far as it is about one repetition."""

    rep_id: RepId
    action: Action
    words: str
    rep: Rep | None
    """Where the repetition lay afterwards."""

    def as_row(self) -> dict[str, Any]:
        """The event as a row; frames are empty while the repetition is out."""
        action, rep = self.action, self.rep
        return {
            "at_utc": action.at_utc,
            "who": action.author,
            "client": action.client,
            "kind": action.kind,
            "what": self.words,
            "start_frame": rep and rep.start_frame,
            "turn_frame": rep and rep.turn_frame,
            "stop_frame": rep and rep.stop_frame,
            "action": action.action_id,
        }


def history_of(
    dataset: Dataset, clip: Clip, rep_id: RepId, *, viewer: str | None = None
) -> list[RepEvent]:
    """Everything that was ever recorded about a repetition, oldest first.

    Parameters
    ----------
    viewer : str | None
        A rater, who sees nothing of what others answered until every fault of the repetition has
        an answer of theirs. None sees everything.

    Raises
    ------
    UsageError
        If the clip never had that repetition.
    """
    actions = [_in_real_time(action, clip) for action in _history(dataset, clip, rep_id)]
    if viewer is not None and not _has_answered(dataset, clip, rep_id, viewer):
        actions = [_blinded(action, viewer) for action in actions]
    events: list[RepEvent] = []
    rep: Rep | None = None
    catalog = catalog_of(dataset)
    for action in actions:
        facts = [fact for fact in action.reps if fact.rep_id == rep_id]
        before, rep = rep, facts[-1].rep if facts else rep
        if words := _words(action, rep_id, before, rep, catalog):
            events.append(RepEvent(rep_id, action, words, rep))
    return events


def taken_out(dataset: Dataset, clip: Clip) -> list[RepEvent]:
    """The repetitions that a clip had and that would fit in again, in time.

    Of each the last event with it in force: `restore_rep` brings back that state.
    """
    events: dict[RepId, RepEvent] = {}
    in_force = [record.rep for record in dataset.journal.reps(clip.clip_id)]
    for action in dataset.journal.actions(clip.clip_id):
        for fact in action.reps:
            if (rep := fact.rep) is not None and not any(map(rep.meets, in_force)):
                words = _cut_words(action.kind, None, rep)
                events[fact.rep_id] = RepEvent(fact.rep_id, action, words, rep)
            elif rep is not None:
                events.pop(fact.rep_id, None)
    return sorted(events.values(), key=_place)


def find_once(dataset: Dataset, clip: Clip, name: str) -> RepId:
    """A repetition by its number in force or by its id, also one that was taken out."""
    for record in dataset.journal.reps(clip.clip_id):
        if name == str(record.index):
            return record.rep_id
    _history(dataset, clip, RepId(name))
    return RepId(name)


def restore_rep(dataset: Dataset, clip: Clip, *, rep: str, action: str, rater: str) -> Action:
    """Bring back the state of a repetition after one action of its history; undo takes it back.

    Where it lay, or that it was out, and the rater's own answers; nobody else's.
    """
    sender = Sender.from_command(rater)
    rep_id = find_once(dataset, clip, rep)
    return _restore(RestoreOp(1, sender.at_utc, rep_id, ActionId(action)), dataset, clip, sender)


@apply.register
def _restore(op: RestoreOp, dataset: Dataset, clip: Clip, sender: Sender) -> Action:
    actions = _history(dataset, clip, op.rep_id)
    place = next((n for n, one in enumerate(actions) if one.action_id == op.to), None)
    if place is None:
        raise UsageError(
            f"history: expected an action about {op.rep_id}, got {op.to!r}.",
            hint=f"List them with: labeler reps {clip.short_id} --history {op.rep_id}",
        )
    goal = _state(actions[: place + 1], op.rep_id, sender.rater)
    now = _state(actions, op.rep_id, sender.rater)
    reps = (RepFact(op.rep_id, goal.rep),) if goal.rep != now.rep else ()
    action = sender.action(ActionKind.RESTORE, clip)
    labels = _turned_back(op.rep_id, now.answers, goal.answers)
    return recorded_cut(dataset, replace(action, reps=reps, labels=labels))


def _history(dataset: Dataset, clip: Clip, rep_id: RepId) -> list[Action]:
    actions = dataset.journal.history(rep_id)
    if not actions or actions[0].clip_id != clip.clip_id:
        raise UsageError(
            f"repetition: expected one that {clip.file_name} has or had, got {rep_id!r}.",
            hint=f"List them with: labeler reps {clip.short_id}",
        )
    return actions


def _in_real_time(action: Action, clip: Clip) -> Action:
    """An action whose moments are in real seconds: slow motion that was told is taken out."""
    if clip.time_scale == 1.0 or all(fact.moment_s is None for fact in action.labels):
        return action
    scale = clip.time_scale
    labels = (replace(f, moment_s=f.moment_s and f.moment_s * scale) for f in action.labels)
    return replace(action, labels=tuple(labels))


def _state(actions: Iterable[Action], rep_id: RepId, rater: str) -> RepState:
    rep: Rep | None = None
    answers: dict[FaultId, LabelFact] = {}
    for action in actions:
        for fact in action.reps:
            rep = fact.rep if fact.rep_id == rep_id else rep
        if action.author == rater:
            answers.update({fact.fault: fact for fact in _labels(action, rep_id)})
    return RepState(rep, answers)


def _labels(action: Action, rep_id: RepId) -> list[LabelFact]:
    return [
        fact for fact in action.labels if fact.rep_id == rep_id and fact.round_number == FIRST_ROUND
    ]


def _turned_back(
    rep_id: RepId, now: dict[FaultId, LabelFact], goal: dict[FaultId, LabelFact]
) -> tuple[LabelFact, ...]:
    """The goal of every answer that is another one now; what had none is not rated again."""
    wanted = {fault: goal.get(fault, LabelFact(rep_id, fault, None)) for fault in now}
    return tuple(fact for fault, fact in wanted.items() if fact != now[fault])


def _place(event: RepEvent) -> tuple[int, int]:
    return (event.rep.start_frame, event.rep.stop_frame) if event.rep else (0, 0)


def _has_answered(dataset: Dataset, clip: Clip, rep_id: RepId, rater: str) -> bool:
    own = dataset.journal.answers(clip.clip_id, rater=rater)
    return rep_id in answered_reps(clip, own, catalog_of(dataset))


def _blinded(action: Action, viewer: str) -> Action:
    """What a rater may see of an action before having answered."""
    if action.author in (viewer, MACHINE):
        return replace(action, decisions=())
    return replace(action, labels=(), decisions=())


def _words(
    action: Action, rep_id: RepId, before: Rep | None, after: Rep | None, catalog: Catalog
) -> str:
    """What an action did to a repetition, for people; nothing where it did nothing to it."""
    parts = []
    if any(fact.rep_id == rep_id for fact in action.reps):
        parts.append(_cut_words(action.kind, before, after))
    elif before is not None:
        parts.extend(_clock_words(fact) for fact in action.calibrations)
    if labels := _labels(action, rep_id):
        parts.append(_answer_words(labels, catalog))
    parts.extend(
        f"settled {catalog.name_of(fact.fault)}: {ANSWER_WORDS[fact.answer]}, {fact.reason}"
        for fact in action.decisions
        if fact.rep_id == rep_id
    )
    said = "; ".join(parts)
    return f"{_PREFIXES.get(action.kind, '')}{said}" if said else ""


_PREFIXES = {
    ActionKind.UNDO: "undid: ",
    ActionKind.REDO: "did again: ",
    ActionKind.RESTORE: "restored: ",
    ActionKind.IMPORT: "imported: ",
    ActionKind.ALL_CLEAR: "all clear: ",
}


def _cut_words(kind: ActionKind, before: Rep | None, after: Rep | None) -> str:
    if after is None:
        return _GONE.get(kind, "taken out")
    where = f"frames {after.start_frame} to {after.stop_frame - 1}, turn {after.turn_frame}"
    if before is None:
        return f"{_MADE.get(kind, 'cut')}: {where}"
    moved = [name for name, frame in _EDGES.items() if frame(before) != frame(after)]
    return f"{' and '.join(moved) or 'nothing'} moved: {where}"


def _clock_words(fact: CalibrationFact) -> str:
    if fact.filmed_fps is None:
        return "slow motion: none, it plays as it was filmed"
    return f"slow motion: filmed at {fact.filmed_fps:.4g} frames per second"


_GONE = {ActionKind.SPLIT: "split in two", ActionKind.MERGE: "merged with its neighbour"}
_MADE = {ActionKind.SPLIT: "cut off by a split", ActionKind.MERGE: "merged of two"}
_EDGES: dict[str, Callable[[Rep], int]] = {
    "start": lambda rep: rep.start_frame,
    "turn": lambda rep: rep.turn_frame,
    "end": lambda rep: rep.stop_frame,
}


def _answer_words(labels: Sequence[LabelFact], catalog: Catalog) -> str:
    if len(labels) > MAX_NAMED:
        n_absent = sum(fact.answer is Answer.ABSENT for fact in labels)
        return f"{len(labels)} answers, {n_absent} of them absent"
    return ", ".join(_said(fact, catalog) for fact in labels)


def _said(fact: LabelFact, catalog: Catalog) -> str:
    """An answer with what was remarked beside it."""
    moment = "" if fact.moment_s is None else f", at {fact.moment_s:.2f} s"
    sure = "" if fact.confidence is None else f", {fact.confidence:.0%} sure"
    note = f", “{fact.note}”" if fact.note else ""
    return f"{catalog.name_of(fact.fault)}: {ANSWER_WORDS[fact.answer]}{moment}{sure}{note}"
