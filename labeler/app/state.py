"""What lives as long as the server, and what lives as long as a browser session."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from labeler.app.media import MediaSigner
from labeler.core.label import FIRST_ROUND
from labeler.core.names import tidy_name
from labeler.store.dataset import Dataset
from labeler.workflows.background import IngestQueue
from labeler.workflows.teaching import TrainingQueue

RATER = "rater"
LEFT = "rater_left"
SETTLES = "rater_settles"
CLIP = "clip"
REP = "rep"
ROUND = "round"
MODEL = "model"
ORIGIN = "origin"


@dataclass(frozen=True, slots=True)
class Workbench:
    """The app object that every page works with: one dataset, its models, its routes' secrets."""

    dataset: Dataset
    models_folder: Path
    signer: MediaSigner
    ingests: IngestQueue
    trainings: TrainingQueue


_workbench: list[Workbench] = []


def open_workbench(workbench: Workbench) -> None:
    """Make `workbench` the one that this server's pages show."""
    _workbench[:] = [workbench]


def workbench() -> Workbench:
    """The server's workbench."""
    return _workbench[0]


def rater() -> str | None:
    """The rater's name, told once per browser tab."""
    name: str | None = st.session_state.get(RATER)
    return name


def rate_as(name: str) -> None:
    """Go on as this rater, the name written as the journal writes it."""
    st.session_state.pop(LEFT, None)
    st.session_state[RATER] = tidy_name(name)


def leave_rater() -> None:
    """Forget who rates, also in the browser, until somebody gives a name."""
    st.session_state.pop(RATER, None)
    st.session_state.pop(SETTLES, None)
    st.session_state.pop(ROUND, None)  # a second look is one rater's own
    st.session_state[LEFT] = True


def settles() -> bool:
    """Whether the rater of this tab has said that they settle disputes and do not rate."""
    return bool(st.session_state.get(SETTLES))


def has_left() -> bool:
    """Whether a rater went and nobody has come yet: the name before is nobody's now."""
    return LEFT in st.session_state


PAGES = "pages"
"""Where a session keeps its page objects, by name, so that pages can lead to each other."""


def go_to(page: str, **told: str) -> None:
    """Lead to another page; `told` is what it should open, such as a clip."""
    st.session_state.pop(ROUND, None)
    st.session_state.update(told)
    address = {CLIP: told[CLIP]} if CLIP in told else None
    st.switch_page(st.session_state[PAGES][page], query_params=address)


def open_clip(clip_id: str, round_number: int = FIRST_ROUND) -> None:
    """Put another clip into work, from where the rater last was in it; or a look at it again."""
    st.session_state[CLIP] = st.query_params[CLIP] = clip_id
    st.session_state[ROUND] = clip_id, round_number
    st.session_state.pop(REP, None)


def round_in_work(clip_id: str) -> int:
    """Which look at a clip it is: above the first, a blind repeat."""
    told: tuple[str, int] = st.session_state.get(ROUND, (clip_id, FIRST_ROUND))
    return told[1] if told[0] == clip_id else FIRST_ROUND


def clip_in_work() -> str | None:
    """The clip of the address, so that the browser's Back leads back, else the last one."""
    told: str | None = st.query_params.get(CLIP) or st.session_state.get(CLIP)
    return told
