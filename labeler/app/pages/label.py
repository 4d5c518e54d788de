"""Label: watch a repetition, press a key per fault, go on."""

from functools import partial

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages import label_parts as parts
from labeler.app.pages import own_keys, queue_parts
from labeler.app.player.component import Listeners, PlayerData, player
from labeler.app.state import Workbench
from labeler.core.clip import Clip
from labeler.core.label import FIRST_ROUND
from labeler.workflows.labeling import labeling_state
from labeler.workflows.operations import Receipts
from labeler.workflows.queueing import QueueItem, queue_of

RECEIPTS = "receipts"


def render(bench: Workbench) -> None:
    """Ask who rates, then show the clip in work."""
    rater = state.rater()
    if not bench.dataset.clips.has_any():
        widgets.empty(
            "Nothing to label yet.", hint="Add videos on the Library page first.", page="library"
        )
        return
    if rater is None:
        parts.ask_rater()
        return
    found = queue_of(bench.dataset, rater, queue_parts.wanted())
    clip, look, following = queue_parts.header(bench, rater, found)
    above = st.container()
    st.fragment(_workplace)(bench, clip, look, following)
    if look != FIRST_ROUND:  # said once the player shows it: until then keys answer the first look
        with above:
            queue_parts.second_look()


def _workplace(bench: Workbench, clip: Clip, look: int, following: QueueItem | None) -> None:
    """The player; a commit reruns this part only."""
    is_first = look == FIRST_ROUND
    receipts = st.session_state.setdefault(RECEIPTS, Receipts())
    rater = state.rater() or ""
    widgets.catalog_mistake(bench.dataset)

    def go_on() -> None:
        queue_parts.open_item(following)

    def recall(rep_id: str) -> None:
        st.session_state[parts.RECALLED] = rep_id

    now = labeling_state(bench.dataset, clip, rater, round_number=look)
    if parts.is_left(clip, look) or parts.is_other_clock(bench, clip):
        st.rerun()
    turned_down = parts.turned_down(bench, clip) if is_first else []
    data = PlayerData(
        now,
        bench.signer.urls(clip.clip_id),
        receipts,
        rater,
        start_rep=st.session_state.get(state.REP),
        next_clip=None if following is None else queue_parts.name_of(following),
        turned_down=turned_down,
        snaps=parts.proposals(bench, clip).snaps,
        history=parts.history(bench, clip, rater) if is_first else None,
        courses_url=bench.signer.courses_url(clip.clip_id, rater),
        wishes=own_keys.wishes(bench.dataset, rater),
        advice="" if now.reps else parts.advice(clip),
    )
    listeners = Listeners(
        go_on,
        recall,
        partial(own_keys.change_key, bench.dataset, rater),
        partial(own_keys.change_loop, bench.dataset),
        partial(own_keys.change_overlays, bench.dataset),
    )
    commit = partial(parts.commit, bench, receipts)
    player(data, key="player", on_commit=commit, listeners=listeners)
