"""Say on the library page who is to rate the chosen sets."""

from collections.abc import Sequence

import streamlit as st

from labeler.app import state, widgets
from labeler.app.state import Workbench
from labeler.core.clip import Clip
from labeler.workflows.acting import APP
from labeler.workflows.assigning import (
    MIN_REPS_BETWEEN,
    REPEAT_RATIO,
    AssignmentWish,
    assign,
    repeat_words,
    unassign,
)
from labeler.workflows.queueing import progress

KEY = "assign"


def assignment(bench: Workbench, clips: Sequence[Clip]) -> None:
    """Who rates these sets today, and a form to change that."""
    with st.expander("Who rates", icon=":material/group_add:"):
        st.caption("  \n".join([_told(bench, clips), *repeat_words(bench.dataset)]))
        with st.form(KEY, border=False):
            names = st.text_input(
                "Raters", placeholder="Ann, Ben", help="Names as they rate, with commas between."
            )
            n_per_rep = st.number_input(
                "Raters per repetition",
                min_value=1,
                value=None,
                placeholder="All of them",
                help="Sets are shared out evenly; each goes to this many of the raters.",
            )
            repeats = st.number_input(
                "Repeats, %",
                min_value=0,
                max_value=100,
                value=round(100 * REPEAT_RATIO),
                help="Share of a rater's repetitions that come again later, blind to the first "
                "answer: it tells how steady the rater is. Never at once: after "
                f"{MIN_REPS_BETWEEN} others, or a day later where there are not so many.",
            )
            by = st.text_input("Your name", state.rater() or "")
            to, away = st.columns(2)
            is_to = to.form_submit_button("Assign", type="primary", width="stretch")
            is_away = away.form_submit_button("Take away", width="stretch")
        _how_far(bench)
        if not is_to and not is_away:
            return
        with widgets.errors_shown():
            wish = AssignmentWish(names.split(","), n_per_rep, repeats / 100)
            if is_to:
                assign(bench.dataset, clips, wish, by=by, client=APP)
            else:
                unassign(bench.dataset, clips, wish.names, by=by, client=APP)
            st.toast("Saved.", icon=":material/check:")
            st.rerun()


def _how_far(bench: Workbench) -> None:
    """How far every rater is with each fault, once asked for."""
    if not st.toggle("How far everybody is", key=f"{KEY}-progress"):
        return
    by_fault: dict[str, dict[str, str]] = {}
    for one in progress(bench.dataset):
        fault = widgets.fault_name(one.fault) + (" (synthetic)" if one.is_synthetic else "")
        by_fault.setdefault(fault, {})[one.rater] = f"{one.n_answered} of {one.n_asked}"
    if by_fault:
        rows = [{"Fault": fault, **far} for fault, far in by_fault.items()]
        st.dataframe(rows, hide_index=True, height="content")
    else:
        st.caption("Nobody has answered anything, and nobody is assigned.")


def _told(bench: Workbench, clips: Sequence[Clip]) -> str:
    """Who rates which of the chosen sets, in a line."""
    chosen = {clip.clip_id for clip in clips}
    n_sets: dict[str, int] = {}
    for found in bench.dataset.journal.assignments():
        if found.clip_id in chosen:
            n_sets[found.rater] = n_sets.get(found.rater, 0) + 1
    if not n_sets:
        return "Nobody is assigned: everybody is offered these sets."
    every = ", ".join(
        name if n == len(chosen) else f"{name} ({n} of {len(chosen)})" for name, n in n_sets.items()
    )
    return f"Assigned to {every}. Others are offered them only where raters disagree."
