"""Label: watch a repetition, press a key per fault, go on."""

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages import label_parts as parts
from labeler.app.player.component import PlayerData, player
from labeler.app.state import Workbench
from labeler.core.clip import Clip
from labeler.workflows.labeling import labeling_state, receive
from labeler.workflows.operations import OpBatch, Receipts
from labeler.workflows.reviewing import ClipSummary, next_clip, summaries

RECEIPTS = "receipts"


def render(bench: Workbench) -> None:
    """Ask who rates, then show the clip in work."""
    rater = state.rater()
    clips = summaries(bench.dataset, rater=rater)
    if not clips:
        widgets.empty(
            "Nothing to label yet.", hint="Add videos on the Library page first.", page="library"
        )
        return
    if rater is None:
        parts.ask_rater()
        return
    which, about, onward, who = st.columns([6, 2, 1.7, 1.5], vertical_alignment="center")
    with which:
        chosen = parts.choose(clips)
    with about:
        parts.about(bench, chosen.clip)
    following = next_clip(clips, chosen.clip.clip_id)
    with onward:
        parts.onward(following)
    with who:
        parts.change_rater(rater)
    st.fragment(_workplace)(bench, chosen.clip, following)


def _workplace(bench: Workbench, clip: Clip, following: ClipSummary | None) -> None:
    """The player; a commit reruns this part only."""
    receipts = st.session_state.setdefault(RECEIPTS, Receipts())
    rater = state.rater() or ""

    def commit(batch: OpBatch) -> None:
        receive(bench.dataset, batch, receipts)

    def go_on() -> None:
        parts.open_clip(following)

    def recall(rep_id: str) -> None:
        st.session_state[parts.RECALLED] = rep_id

    now = labeling_state(bench.dataset, clip, rater)
    if parts.is_left(clip):
        st.rerun()
    turned_down = parts.turned_down(bench, clip)
    if not now.reps:
        parts.no_reps(clip, len(turned_down))
    data = PlayerData(
        now,
        bench.signer.urls(clip.clip_id),
        receipts,
        rater,
        start_rep=st.session_state.get(state.REP),
        next_clip=None if following is None else following.clip.file_name,
        turned_down=turned_down,
        snaps=parts.proposals(bench, clip).snaps,
        history=parts.history(bench, clip, rater),
        courses_url=bench.signer.courses_url(clip.clip_id, rater),
    )
    player(data, key="player", on_commit=commit, on_onward=go_on, on_recall=recall)
