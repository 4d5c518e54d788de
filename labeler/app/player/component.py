"""The Python side of the player: what it is shown, and what comes back."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from labeler.app.assets import bundle
from labeler.app.media import MediaUrls
from labeler.core.label import Answer
from labeler.core.landmarks import BONES
from labeler.core.rep import RepId
from labeler.signals.registry import SIGNALS
from labeler.workflows.keys import KEY_GROUPS, USUAL_KEYS, Keys, fault_keys, is_fault
from labeler.workflows.looping import LoopWish
from labeler.workflows.moments import MOMENT_MARGIN_S
from labeler.workflows.operations import (
    OpBatch,
    Receipts,
    Refusal,
    parse_commit,
    place_name,
)
from labeler.workflows.overlays import OverlayWish
from labeler.workflows.reviewing import phase_names

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

    from labeler.workflows.labeling import FaultQuestion, LabelingState, RepAnswers
    from labeler.workflows.remembering import RepEvent

Json = dict[str, object]

N_EDITION_DIGITS = 12
"""Enough to tell the editions of one clip's courses apart."""

_HERE = Path(__file__).parent

_BACK_VIEWS = SIGNALS["back_tangent_deg"].views
"""Where the outline of the trunk is the back. A view not told could be any: a flank drawn as a back
would mislead."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the last wish for another key; `n` counts them, so that each is said once."""

    n: int
    words: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a rater set up for themselves, and what became of the last change to their keys."""

    keys: Keys = field(default_factory=lambda: USUAL_KEYS)
    loop: LoopWish = field(default_factory=LoopWish)
    overlays: OverlayWish = field(default_factory=OverlayWish)
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told what a rater wants, beside what they commit.

    Parameters
    ----------
    onward : Callable[[], None]
        They want `PlayerData.next_clip`.
    recall : Callable[[str], None]
        They want the history of this rep, or of none: "".
    rebind : Callable[[Mapping[str, Any]], None]
        They want another key: ``action``, ``place``, ``key``; or ``reset``.
    loop : Callable[[Mapping[str, Any]], None]
        They watch loops in another way: ``rater`` and what `parse_loop` reads.
    overlays : Callable[[Mapping[str, Any]], None]
        They have switched an overlay: ``rater`` and what `parse_overlays` reads.
    """

    onward: Callable[[], None] = lambda: None
    recall: Callable[[str], None] = lambda _: None
    rebind: Callable[[Mapping[str, Any]], None] = lambda _: None
    loop: Callable[[Mapping[str, Any]], None] = lambda _: None
    overlays: Callable[[Mapping[str, Any]], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class PlayerData:
    """Everything that the player shows.

    Parameters
    ----------
    receipts : Receipts
        What this session has acknowledged, of all clips.
    start_rep : RepId | None
        The rep to open with; the player moves there again when it changes.
    next_clip : str | None
        Name of the clip that comes after this one; None when no other is left to label.
    turned_down : Sequence[Mapping[str, Any]]
        What the machine looked at and did not count, as rows of `rejected_rows`.
    snaps : Mapping[str, Sequence[int]]
        Frames that a dragged ``start``, ``turn`` or ``stop`` snaps to.
    history : Json | None
        What happened to the rep that was asked about last: see `history_as_json`.
    courses_url : str | None
        Where the courses of hips and torso are; None where nobody can tell them.
    wishes : Wishes
        The rater's own keys, loop and overlays.
    advice : str
        What to do where the clip has no reps, beside cutting them by hand.
    """

    state: "LabelingState"
    urls: MediaUrls
    receipts: Receipts
    rater: str
    start_rep: RepId | None = None
    next_clip: str | None = None
    turned_down: Sequence[Mapping[str, Any]] = ()
    snaps: Mapping[str, Sequence[int]] = field(default_factory=dict)
    history: Json | None = None
    courses_url: str | None = None
    wishes: Wishes = field(default_factory=Wishes)
    advice: str = ""

    def as_json(self) -> Json:
        """As the script wants it; frames are half-open, a fault without an answer is not rated."""
        clip = self.state.clip
        return {
            "dataset": self.state.dataset_id,
            "clip": place_name(clip.clip_id, self.state.round_number),
            "video_url": self.urls.video if clip.is_video_present else None,
            "pts_url": self.urls.pts,
            "pose_url": self.urls.pose,
            "back_url": self.urls.back if clip.tags.view in _BACK_VIEWS else None,
            "courses_url": self.courses_url and f"{self.courses_url}?of={_edition(self.state)}",
            "time_scale": clip.time_scale,
            "size": [clip.width_px, clip.height_px],
            "bones": [[int(a), int(b)] for a, b in BONES],
            "reps": [_rep(rep) for rep in self.state.reps],
            "faults": _faults(self.state.questions, self.wishes.keys),
            "acks": dict(self.receipts.acks),
            "refused": [_refusal(refusal) for refusal in self.receipts.refused],
            "can_undo": self.state.can_undo,
            "can_redo": self.state.can_redo,
            "rater": self.rater,
            "start_rep": self.start_rep,
            "next_clip": self.next_clip,
            "turned_down": [_candidate(row) for row in self.turned_down],
            "history": self.history,
            "advice": self.advice,
            "snaps": {edge: list(frames) for edge, frames in self.snaps.items()},
            "keymap": _keymap(self.wishes.keys),
            "loop": self.wishes.loop.as_row(),
            "overlays": self.wishes.overlays.as_row(),
            "phases": list(phase_names(clip)),
            "moment_margin_s": MOMENT_MARGIN_S,
            "told": self.wishes.told and asdict(self.wishes.told),
        }


def player(
    data: PlayerData,
    *,
    key: str,
    on_commit: Callable[[OpBatch], None],
    listeners: Listeners = Listeners(),
) -> None:
    """Mount the player; a fixed `key` keeps it alive, and playing, through reruns.

    `on_commit` runs before the rerun, with what the rater did: settle it with `Receipts.settle` and
    show the new state. Operations arrive again until `data.receipts` acknowledges them. A batch
    names its own clip, which may be one that the rater has left since.

    Raises
    ------
    UsageError
        Inside the callback, if the browser sent what the player never sends.
    """

    def committed() -> None:
        raw = st.session_state[key].commit
        if raw is not None:
            on_commit(parse_commit(raw))

    def heard(name: str, tell: Callable[[Any], None]) -> None:
        wish = getattr(st.session_state[key], name)
        if wish is not None:
            tell(wish)

    _renderer()(
        key=key,
        data=data.as_json(),
        on_commit_change=committed,
        on_onward_change=listeners.onward,
        on_recall_change=partial(heard, "recall", listeners.recall),
        on_rebind_change=partial(heard, "rebind", listeners.rebind),
        on_loop_change=partial(heard, "loop", listeners.loop),
        on_overlays_change=partial(heard, "overlays", listeners.overlays),
    )


@cache
def _renderer() -> "ComponentRenderer":
    return st.components.v2.component(
        "labeler.player",
        html=(_HERE / "player.html").read_text(encoding="utf-8"),
        css=(_HERE / "player.css").read_text(encoding="utf-8"),
        js=bundle(_HERE / "player.js"),
    )


def _edition(state: "LabelingState") -> str:
    """Changes with everything that courses are made of: the browser then asks for them anew."""
    visible = [asked.fault.id for asked in state.questions if asked.is_visible]
    reps = [
        (
            answered.record,
            all(answered.answers.get(fault) is Answer.ABSENT for fault in visible),
        )
        for answered in state.reps
    ]
    return hashlib.sha256(repr((state.clip, reps)).encode()).hexdigest()[:N_EDITION_DIGITS]


def history_as_json(
    clip_id: str, rep_id: str, events: "Sequence[RepEvent]", out: "Sequence[RepEvent]"
) -> Json:
    """A rep's events, oldest first, and the clip's reps that are out and could come back."""
    return {
        "clip": clip_id,
        "rep": rep_id or None,
        "events": [_event(event) for event in events],
        "out": [_event(event) for event in out],
    }


def _event(event: "RepEvent") -> Json:
    action = event.action
    return {
        "rep": event.rep_id,
        "action": action.action_id,
        "at": action.at_utc,
        "who": action.author,
        "client": action.client,
        "what": event.words,
    }


def _rep(answered: "RepAnswers") -> Json:
    rep = answered.record.rep
    return {
        "id": answered.record.rep_id,
        "index": answered.record.index,
        "start": rep.start_frame,
        "turn": rep.turn_frame,
        "stop": rep.stop_frame,
        "quality": rep.quality.value,
        "reasons": list(rep.reasons),
        "cut_by": answered.record.cut_by,
        "answers": {fault: answer.value for fault, answer in answered.answers.items()},
        "remarks": {
            fault: {
                "confidence": remark.confidence,
                "note": remark.note,
                "moment": answered.moments.get(fault),
            }
            for fault, remark in answered.remarks.items()
        },
    }


def _candidate(row: Mapping[str, Any]) -> Json:
    edges = {edge: row[f"{edge}_frame"] for edge in ("start", "turn", "stop")}
    return {**edges, "reason": row["reason"]}


def _keymap(keys: Keys) -> list[Json]:
    """The sheet of keys without those of faults, which come with the faults."""
    return [
        {
            "title": group.title,
            "lines": [
                {"action": line.action, "keys": list(keys[line.action]), "words": line.words}
                for line in group.lines
            ],
        }
        for group in KEY_GROUPS
        if not is_fault(group.lines[0].action)
    ]


def _faults(questions: "Sequence[FaultQuestion]", keys: Keys) -> list[Json]:
    """The questions with the keys that this rater has for their rows."""
    by_row = dict(enumerate(fault_keys(keys)))
    return [_fault(asked) | {"key": by_row.get(row, "")} for row, asked in enumerate(questions)]


def _fault(question: "FaultQuestion") -> Json:
    return {
        "id": question.fault.id,
        "name": question.fault.name,
        "is_visible": question.is_visible,
        "is_weak": question.is_weak,
        "reason": question.reason,
        "sheet": list(question.fault.sheet),
        "cue": question.fault.cue,
    }


def _refusal(refusal: Refusal) -> Json:
    return {"client": refusal.client, "seq": refusal.seq, "message": refusal.message}
