"""Disputes: what raters disagree about, side by side beside the loop, and what is decided."""

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages import disputes_parts as parts
from labeler.app.pages.label_parts import ask_rater
from labeler.app.pages.origin_parts import badge_of
from labeler.app.state import Workbench
from labeler.workflows.disputes import already_settled, unsettled


def render(bench: Workbench) -> None:
    """Ask who decides; then one dispute at a time, open or settled."""
    parts.follow()
    viewer = state.rater()
    if not bench.dataset.clips.all():
        widgets.empty(
            "Nothing to decide yet.", hint="Add videos on the Library page first.", page="library"
        )
        return
    if viewer is None:
        ask_rater()
        return
    which, who, threshold = st.columns([3, 2, 2], vertical_alignment="bottom")
    with which:
        is_settled = parts.ask_which()
    with who:
        settles = parts.ask_settles()
    with threshold:
        severity = parts.ask_threshold()
    found = parts.found(bench, viewer, severity, settles=settles)
    is_open, is_done = unsettled(found), already_settled(found)
    shown = is_done if is_settled else is_open
    if not shown:
        parts.nothing(is_settled=is_settled, n_settled=len(is_done))
        return
    chosen = parts.settled_list(shown) if is_settled else parts.chosen(shown)
    badge_of([chosen.clip])
    parts.work(bench, shown, chosen, viewer=viewer)
