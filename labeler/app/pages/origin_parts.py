"""What pages show of where numbers come from: people, or athletes that were made up."""

from collections.abc import Iterable

import streamlit as st

from labeler.app import state
from labeler.app.state import Workbench
from labeler.core.clip import Clip
from labeler.core.origin import Origin
from labeler.workflows.counting import counted, is_mixed

SYNTHETIC = "Synthetic"
CHOICE = "origin_choice"

WORDS = {Origin.RECORDED: "Recorded", Origin.SYNTHETIC: SYNTHETIC}

ABOUT = "A made-up athlete, no person: numbers about it say nothing about people."


def badge(words: str = SYNTHETIC) -> None:
    """The mark of what is made up, the same on every page."""
    st.badge(words, icon=":material/science:", color="violet", help=ABOUT)


def badge_of(clips: Iterable[Clip]) -> None:
    """The mark, where any of these clips is made up; with how many, where not all are."""
    every = list(clips)
    n_synthetic = sum(clip.is_synthetic for clip in every)
    if n_synthetic:
        is_all = n_synthetic == len(every)
        badge(SYNTHETIC if is_all else f"{SYNTHETIC}: {n_synthetic} of {len(every)} clips")


def ask_origin(bench: Workbench) -> bool:
    """Ask which clips count where there are both; say what counts, and what is left out.

    Returns
    -------
    bool
        Whether the synthetic ones are wanted: what `counted` takes. The same on every page.
    """
    wanted = _asked() if is_mixed(bench.dataset.clips.all()) else Origin.RECORDED
    wants_synthetic = wanted is Origin.SYNTHETIC
    what = counted(bench.dataset, wants_synthetic=wants_synthetic)
    if what.is_synthetic:
        badge("Synthetic: every number here is about made-up athletes")
    for finding in what.left_out:
        st.caption(finding.message)
    return wants_synthetic


def _asked() -> Origin:
    """The choice, which stays when the page is left."""
    st.session_state[CHOICE] = st.session_state.get(state.ORIGIN, Origin.RECORDED)

    def keep() -> None:
        st.session_state[state.ORIGIN] = st.session_state[CHOICE]

    chosen = st.segmented_control(
        "Clips that count",
        list(Origin),
        format_func=WORDS.__getitem__,
        required=True,
        key=CHOICE,
        on_change=keep,
        help="Recorded and synthetic clips are never counted together.",
    )
    return chosen or Origin.RECORDED
