"""Disputes: what raters disagree about, side by side beside the loop, and what is decided."""

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages import disputes_parts as parts
from labeler.app.pages.label_parts import ask_rater
from labeler.app.state import Workbench
from labeler.workflows.disputes import unsettled


def render(bench: Workbench) -> None:
    """Ask who decides; then one dispute at a time."""
    viewer = state.rater()
    if not bench.dataset.clips.all():
        widgets.empty(
            "Nothing to decide yet.", hint="Add videos on the Library page first.", page="library"
        )
        return
    if viewer is None:
        ask_rater()
        return
    which, threshold, what = st.columns([5, 2, 2], vertical_alignment="bottom")
    with threshold:
        severity = parts.ask_threshold()
    with what:
        is_all = st.toggle("Settled ones too", key="disputes_settled")
    found = parts.found(bench, viewer, severity)
    shown = found if is_all else unsettled(found)
    if not shown:
        parts.nothing(n_settled=len(found))
        return
    with which:
        chosen = parts.choose(shown, n_open=len(unsettled(found)))
    seen, said = st.columns([3, 2], gap="medium")
    with seen:
        parts.picture(bench, chosen)
    with said:
        parts.answers(chosen)
        parts.decision(bench, chosen, viewer)
