"""A rater's own keys, loop and overlays, between the player and the dataset."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from labeler.app.player.component import Told, Wishes
from labeler.core.errors import LabelerError
from labeler.store.dataset import Dataset
from labeler.workflows.keys import keys_of, rebind, reset_keys
from labeler.workflows.looping import keep_loop, loop_of, parse_loop
from labeler.workflows.overlays import keep_overlays, overlays_of, parse_overlays

TOLD = "told_of_keys"


def wishes(dataset: Dataset, rater: str) -> Wishes:
    """What this rater set up, and what became of the last change in this session."""
    return Wishes(
        keys_of(dataset, rater),
        loop_of(dataset, rater),
        overlays_of(dataset, rater),
        st.session_state.get(TOLD),
    )


def change_key(dataset: Dataset, rater: str, wish: Mapping[str, Any]) -> None:
    """Give an action another key, or every action its usual one; say what came of it."""
    try:
        words, is_refused = _changed(dataset, rater, wish), False
    except LabelerError as error:
        words, is_refused = str(error), True
    before: Told | None = st.session_state.get(TOLD)
    n = 1 if before is None else before.n + 1
    st.session_state[TOLD] = Told(n, words, is_refused)


def _changed(dataset: Dataset, rater: str, wish: Mapping[str, Any]) -> str:
    if wish.get("reset"):
        reset_keys(dataset, rater)
        return "Every key does what it usually does."
    place = wish.get("place", 0)
    return rebind(
        dataset,
        rater,
        str(wish.get("action", "")),
        str(wish.get("key", "")),
        place=place if isinstance(place, int) and place >= 0 else 0,
    )


def change_loop(dataset: Dataset, wish: Mapping[str, Any]) -> None:
    """Remember how a rater watches loops, who may have left since."""
    keep_loop(dataset, str(wish.get("rater", "")), parse_loop(wish))


def change_overlays(dataset: Dataset, wish: Mapping[str, Any]) -> None:
    """Remember what a rater has switched on, who may have left since."""
    keep_overlays(dataset, str(wish.get("rater", "")), parse_overlays(wish))
