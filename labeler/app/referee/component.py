"""The Python side of the referee: what is shown of a dispute, and what comes back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from labeler.app.assets import bundle
from labeler.app.media import MediaUrls
from labeler.core.landmarks import BONES
from labeler.signals.registry import SIGNALS
from labeler.workflows.dispute_keys import dispute_keys
from labeler.workflows.keys import USUAL_KEYS, Keys
from labeler.workflows.looping import LoopWish

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

    from labeler.core.clip import Clip
    from labeler.core.label import Label
    from labeler.workflows.disputes import Dispute

Json = dict[str, object]

_HERE = Path(__file__).parent
_PLAYER = _HERE.parent / "player"


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of the last decision about `id`; `n` counts them, so that each is said once."""

    n: int
    id: str
    words: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class RefereeData:
    """Everything that the referee shows.

    Parameters
    ----------
    key : str
        What the dispute is called here: it comes back with what is decided.
    words : Mapping[str, str]
        ``title``, ``where``, ``about`` and ``decided``, for people.
    sheet : Sequence[str]
        What the severities 0 to 3 look like; empty for a fault that the catalogue has dropped.
    place, n : int
        The dispute is the `place`-th of `n`, from 1.
    keys, loop : Keys, LoopWish
        As whoever decides set them up for the Label page.
    """

    dispute: "Dispute"
    urls: MediaUrls
    key: str
    words: Mapping[str, str]
    sheet: Sequence[str]
    place: int
    n: int
    is_settled: bool = False
    keys: Keys = field(default_factory=lambda: USUAL_KEYS)
    loop: LoopWish = field(default_factory=LoopWish)
    heard: Heard | None = None

    def as_json(self) -> Json:
        """As the script wants it; frames are half-open, moments in seconds since the first one."""
        dispute, rep = self.dispute, self.dispute.record.rep
        settled = dispute.decision
        return {
            "id": self.key,
            "clip": _picture(dispute.clip, self.urls),
            "rep": {"start": rep.start_frame, "stop": rep.stop_frame},
            **{name: self.words[name] for name in ("title", "where", "about")},
            "answers": [_said(label) for label in dispute.answers],
            "sheet": [[str(severity), text] for severity, text in enumerate(self.sheet)],
            "decided": settled
            and {
                "who": settled.adjudicator,
                "words": self.words["decided"],
                "reason": settled.reason,
            },
            "place": self.place,
            "n": self.n,
            "is_settled": self.is_settled,
            "keymap": [asdict(group) for group in dispute_keys(self.keys)],
            "loop": self.loop.as_row(),
            "told": self.heard and asdict(self.heard),
        }


@dataclass(frozen=True, slots=True)
class RefereeListeners:
    """Who is told what the adjudicator wants; each hears an object with the dispute's ``id``.

    Parameters
    ----------
    decide : Callable[[Mapping[str, Any]], None]
        ``answer``, None to take a decision back, and ``reason``.
    move : Callable[[Mapping[str, Any]], None]
        So many disputes on, ``n``; below zero: back.
    open : Callable[[Mapping[str, Any]], None]
        The clip, on the Label page.
    """

    decide: Callable[[Mapping[str, Any]], None]
    move: Callable[[Mapping[str, Any]], None]
    open: Callable[[Mapping[str, Any]], None]


def referee(data: RefereeData, *, key: str, listeners: RefereeListeners) -> None:
    """Mount the referee; a fixed `key` keeps it, and what is written in it, through reruns."""

    def heard(name: str, tell: Callable[[Mapping[str, Any]], None]) -> None:
        wish = getattr(st.session_state[key], name)
        if wish is not None:
            tell(wish)

    _renderer()(
        key=key,
        data=data.as_json(),
        on_decide_change=partial(heard, "decide", listeners.decide),
        on_move_change=partial(heard, "move", listeners.move),
        on_open_change=partial(heard, "open", listeners.open),
    )


@cache
def _renderer() -> "ComponentRenderer":
    looks = [_PLAYER / "player.css", _HERE / "referee.css"]
    return st.components.v2.component(
        "labeler.referee",
        html=(_HERE / "referee.html").read_text(encoding="utf-8"),
        css="\n".join(file.read_text(encoding="utf-8") for file in looks),
        js=bundle(_HERE / "referee.js"),
    )


def _picture(clip: "Clip", urls: MediaUrls) -> Json:
    """What a stage of the player needs to show a clip; one without a video shows its skeleton."""
    is_back = clip.tags.view in SIGNALS["back_tangent_deg"].views
    return {
        "video_url": urls.video if clip.is_video_present else None,
        "pts_url": urls.pts,
        "pose_url": urls.pose,
        "back_url": urls.back if is_back else None,
        "time_scale": clip.time_scale,
        "size": [clip.width_px, clip.height_px],
        "bones": [[int(a), int(b)] for a, b in BONES],
    }


def _said(label: "Label") -> Json:
    return {
        "who": label.rater,
        "answer": label.answer.value,
        "sure": label.confidence,
        "note": label.note,
        "moment_s": label.moment_s,
    }
