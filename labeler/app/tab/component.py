"""The Python side of a tab: who rates in it, and what waits to be saved on whatever page."""

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from labeler.app import state
from labeler.app.assets import bundle
from labeler.app.pages.label import RECEIPTS
from labeler.app.pages.label_parts import commit
from labeler.app.state import Workbench
from labeler.workflows.identity import identity_of
from labeler.workflows.operations import Receipts, parse_commit

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

KEY = "tab"
"""Also the style class of what holds it: it shows nothing, and must take no room."""

_HERE = Path(__file__).parent


def tab(bench: Workbench, *, carries: bool) -> None:
    """Take the name that this tab had before a reload, or before the server was started again.

    It is the tab's, neither the browser's nor the address's: a new tab and a link that is passed on
    ask for a name, and whoever changes the rater has the old name forgotten.

    Parameters
    ----------
    carries : bool
        Whether to deliver what waits in the browser, because no player is in front that does.
    """
    dataset = identity_of(bench.dataset)
    _take(st.session_state.get(KEY), dataset)
    with st.container(key=f"{KEY}-holder"):
        st.fragment(_mounted)(bench, dataset, carries)


def _mounted(bench: Workbench, dataset: str, carries: bool) -> None:
    """A fragment: what the tab tells after a page has been built costs no second building of it."""
    told = st.session_state.get(KEY)
    receipts = st.session_state.setdefault(RECEIPTS, Receipts())
    if _take(told, dataset):
        st.rerun()
    data = {
        "dataset": dataset,
        "rater": state.rater() or "",
        "is_left": state.has_left(),
        "known": None if told is None else told.get("who"),
        "carries": carries,
        "acks": dict(receipts.acks) if carries else {},
    }
    heard = partial(_delivered, bench, receipts)
    _renderer()(key=KEY, data=data, on_who_change=lambda: None, on_commit_change=heard)


def _delivered(bench: Workbench, receipts: Receipts) -> None:
    raw = st.session_state[KEY].commit
    if raw is not None:
        commit(bench, receipts, parse_commit(raw))


def _take(told: Mapping[str, object] | None, dataset: str) -> bool:
    """Go on as whom the tab names; whether that was news."""
    who = None if told is None else told.get("who")
    if state.rater() or state.has_left() or not isinstance(who, Mapping):
        return False
    name = who.get("rater")
    if who.get("dataset") != dataset or not isinstance(name, str) or not name:
        return False
    state.rate_as(name)
    return True


@cache
def _renderer() -> "ComponentRenderer":
    return st.components.v2.component(
        "labeler.tab",
        html=(_HERE / "tab.html").read_text(encoding="utf-8"),
        js=bundle(_HERE / "tab.js"),
    )
