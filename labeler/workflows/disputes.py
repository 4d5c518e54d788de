"""Where raters disagree: their answers side by side, and what an adjudicator makes of them.

A decision is a fact beside the answers: it changes none of them, and can be taken back. Models
learn from it where there is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from labeler.core.clip import Clip, ClipId
from labeler.core.errors import UsageError
from labeler.core.label import (
    SEVERITY_THRESHOLD,
    Action,
    ActionKind,
    Answer,
    Decision,
    DecisionFact,
    FaultId,
    Label,
)
from labeler.core.names import tidy_name
from labeler.core.rep import RepId, RepRecord
from labeler.store.dataset import Dataset
from labeler.store.standing import NO_FAULTS, UNTOUCHED, ClipStanding
from labeler.workflows.acting import CLI, Sender, find_rep
from labeler.workflows.cataloguing import catalog_of, fault_id
from labeler.workflows.queueing import asked_again
from labeler.workflows.reviewing import asked_faults


class Kind(StrEnum):
    """What raters disagree about."""

    SEVERITY = "severity"
    """Some see the fault and some do not, as the threshold cuts."""
    VISIBILITY = "visibility"
    """Some could judge it, and some say that it cannot be seen."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One fault of one repetition that raters answer differently, with all that they said."""

    clip: Clip
    record: RepRecord
    fault: FaultId
    kinds: tuple[Kind, ...]
    answers: tuple[Label, ...]
    decision: Decision | None = None

    def as_row(self) -> dict[str, Any]:
        """The dispute as one row."""
        settled = self.decision
        return {
            "clip": self.clip.short_id,
            "file": self.clip.file_name,
            "rep": self.record.index,
            "rep_id": self.record.rep_id,
            "fault": self.fault,
            "about": list(self.kinds),
            "answers": {label.rater: label.answer for label in self.answers},
            "remarks": _remarks(self.answers),
            "decision": None if settled is None else settled.answer,
            "adjudicator": None if settled is None else settled.adjudicator,
            "reason": None if settled is None else settled.reason,
            "is_synthetic": self.clip.is_synthetic,
        }


def _remarks(labels: Iterable[Label]) -> dict[str, dict[str, Any]]:
    """What raters said beside their answers; who said nothing more is missing."""
    said = {
        label.rater: {
            "confidence": label.confidence,
            "note": label.note,
            "moment_s": label.moment_s,
        }
        for label in labels
    }
    told = {who: {n: v for n, v in more.items() if v is not None} for who, more in said.items()}
    return {who: more for who, more in told.items() if more}


def kinds_of(labels: Iterable[Label], threshold: int = SEVERITY_THRESHOLD) -> tuple[Kind, ...]:
    """What the answers to one fault of one repetition disagree about; empty where nothing.

    Severities on the same side of the threshold are no dispute.
    """
    severities = [label.answer.severity for label in labels]
    seen = {severity >= threshold for severity in severities if severity is not None}
    found = {
        Kind.SEVERITY: len(seen) > 1,
        Kind.VISIBILITY: bool(seen) and None in severities,
    }
    return tuple(kind for kind, is_so in found.items() if is_so)


def by_question(labels: Iterable[Label]) -> dict[tuple[RepId, FaultId], list[Label]]:
    """All raters' answers to each fault of each repetition."""
    found: dict[tuple[RepId, FaultId], list[Label]] = {}
    for label in labels:
        found.setdefault((label.rep_id, label.fault), []).append(label)
    return found


def disputes(
    dataset: Dataset,
    clip: Clip | None = None,
    *,
    viewer: str | None = None,
    settles: bool = False,
    threshold: int = SEVERITY_THRESHOLD,
) -> list[Dispute]:
    """Every dispute, settled or not, of one clip or all; by clip as it came in, then time.

    Parameters
    ----------
    viewer : str | None
        Who looks. Raters stay blind: what they rate and have not answered wholly is left out. See
        `hidden_reps`.
    settles : bool
        Whether the viewer has said that they settle and do not rate.
    """
    clip_id = None if clip is None else clip.clip_id
    labels = dataset.journal.answers(clip_id)
    records = dataset.journal.reps(clip_id)
    name = tidy_name(viewer or "")
    hidden = hidden_reps(dataset, name, clip, settles=settles) if viewer else frozenset()
    settled = {(found.rep_id, found.fault): found for found in dataset.journal.decisions(clip_id)}
    clips = {one.clip_id: one for one in (dataset.clips.all() if clip is None else [clip])}
    order = {one: place for place, one in enumerate(clips)}
    of_rep = {record.rep_id: record for record in records if record.rep_id not in hidden}
    found = [
        Dispute(
            clips[of_rep[rep_id].clip_id],
            of_rep[rep_id],
            fault,
            kinds_of(said, threshold),
            tuple(said),
            settled.get((rep_id, fault)),
        )
        for (rep_id, fault), said in by_question(labels).items()
        if rep_id in of_rep and (kinds_of(said, threshold) or (rep_id, fault) in settled)
    ]
    return sorted(found, key=lambda one: (order[one.clip.clip_id], one.record.index, one.fault))


def unsettled(found: Iterable[Dispute]) -> list[Dispute]:
    """The disputes that nobody has decided."""
    return [dispute for dispute in found if dispute.decision is None]


def already_settled(found: Iterable[Dispute]) -> list[Dispute]:
    """The disputes of which a decision stands: what was settled last comes first."""
    decided = [(one.decision.at_utc, one) for one in found if one.decision is not None]
    return [one for _, one in sorted(decided, key=lambda pair: pair[0], reverse=True)]


def hidden_reps(
    dataset: Dataset, viewer: str, clip: Clip | None = None, *, settles: bool = False
) -> frozenset[RepId]:
    """Repetitions that somebody has still to rate, and so sees no other answer to.

    These are the ones not answered wholly in the sets that they have begun or that are theirs to
    rate: assigned to them, assigned to nobody, or disputed. And those that come again blind, until
    they are answered again: not even one's own answer is shown.

    Parameters
    ----------
    settles : bool
        Whether the viewer has said that they settle and do not rate: an adjudicator sees all of a
        set that they are not assigned to and have not begun.
    """
    standings, catalog = dataset.standings.now(), catalog_of(dataset)
    hidden: set[RepId] = set()
    for one in dataset.clips.all() if clip is None else [clip]:
        now = standings.get(one.clip_id, UNTOUCHED)
        mine, asked = now.of(viewer), {fault.id for fault in asked_faults(one, catalog)}
        if mine or _is_offered(now, viewer, settles=settles):
            hidden.update(rep_id for rep_id in now.rep_ids if asked - mine.get(rep_id, NO_FAULTS))
    return frozenset(hidden) | asked_again(dataset, viewer)


def _is_offered(now: ClipStanding, viewer: str, *, settles: bool) -> bool:
    """Whether the queue offers a set that somebody has not begun: to those who settle, never."""
    raters = {assignment.rater for assignment in now.assignments}
    return viewer in raters or (not settles and bool(now.disputed or not raters))


def without_hidden(
    dataset: Dataset, viewer: str | None, rows: Iterable[Mapping[Any, Any]]
) -> list[Mapping[Any, Any]]:
    """Those rows about repetitions, named in ``rep_id`` or ``rep``, that somebody may see.

    What rules, models and others say about a repetition is hidden from who has still to rate it.
    All of them where nobody looks by name.
    """
    if viewer is None:
        return list(rows)
    hidden = hidden_reps(dataset, tidy_name(viewer))
    return [row for row in rows if row.get("rep_id", row.get("rep")) not in hidden]


def require_sight(dataset: Dataset, clip: Clip, record: RepRecord, viewer: str) -> None:
    """Refuse a decision of somebody who has still to give their own answers."""
    if record.rep_id in hidden_reps(dataset, viewer, clip, settles=True):
        raise UsageError(
            f"repetition {record.index} of {clip.file_name}: expected {viewer} to have answered "
            "every fault of it, got an open one.",
            hint="Rate it first: raters work blind to each other.",
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an adjudicator says about one fault of one repetition.

    `rep` is the repetition's number in the clip, or its id; an answer of None takes an earlier
    decision back.
    """

    rep: str
    fault: str
    answer: Answer | None
    reason: str


def decide(
    dataset: Dataset, clip: Clip, verdict: Verdict, *, adjudicator: str, client: str = CLI
) -> Action:
    """Settle what raters disagree about; their answers stay as they are.

    Raises
    ------
    UsageError
        Without a reason, where fewer than two raters have answered, for somebody who has still to
        rate the repetition, or where there is no decision to take back.
    """
    sender = Sender.from_command(adjudicator, client)
    record = find_rep(dataset, clip, verdict.rep)
    fault = FaultId(_fault_id(dataset, clip, verdict.fault))
    reason = verdict.reason.strip()
    if not reason:
        raise UsageError(
            "reason: expected why it is so, got nothing.", hint="Others will read it: one sentence."
        )
    require_sight(dataset, clip, record, sender.rater)
    if verdict.answer is None:
        _require_decision(dataset, clip, record, fault)
    else:
        _require_two(dataset, clip, record, fault)
    fact = DecisionFact(record.rep_id, fault, verdict.answer, reason)
    action = replace(sender.action(ActionKind.DECIDE, clip), decisions=(fact,))
    dataset.journal.record(action)
    return action


def settled(labels: Sequence[Label], decisions: Iterable[Decision]) -> list[Label]:
    """Answers to learn from: where there is a decision it stands for all answers to its question.

    The answer of a decision carries the adjudicator's name.
    """
    of_question = {(found.rep_id, found.fault): found for found in decisions}
    kept = [label for label in labels if (label.rep_id, label.fault) not in of_question]
    return [
        *kept,
        *(
            Label(
                d.rep_id,
                d.fault,
                d.adjudicator,
                d.answer,
                d.at_utc,
                note=d.reason,
                is_settled=True,
            )
            for d in of_question.values()
        ),
    ]


def settled_answers(dataset: Dataset, clip_id: ClipId | None = None) -> list[Label]:
    """The answers in force of one clip or all, with every settled dispute as it was settled."""
    return settled(dataset.journal.answers(clip_id), dataset.journal.decisions(clip_id))


def _fault_id(dataset: Dataset, clip: Clip, name: str) -> str:
    """A fault of the catalogue, or one that was answered before the catalogue dropped it."""
    if any(label.fault == name for label in dataset.journal.answers(clip.clip_id)):
        return name
    return fault_id(dataset, name)


def _require_two(dataset: Dataset, clip: Clip, record: RepRecord, fault: FaultId) -> None:
    raters = {
        label.rater
        for label in dataset.journal.answers(clip.clip_id)
        if (label.rep_id, label.fault) == (record.rep_id, fault)
    }
    if len(raters) < 2:
        raise UsageError(
            f"{fault} of repetition {record.index}: expected answers of two raters to decide "
            f"between, got {len(raters)}.",
            hint="Your own answer is given on the Label page, or with: labeler label set",
        )


def _require_decision(dataset: Dataset, clip: Clip, record: RepRecord, fault: FaultId) -> None:
    known = {(found.rep_id, found.fault) for found in dataset.journal.decisions(clip.clip_id)}
    if (record.rep_id, fault) not in known:
        raise UsageError(
            f"{fault} of repetition {record.index}: expected a decision to take back, got none.",
            hint="List them with: labeler disputes --settled",
        )
