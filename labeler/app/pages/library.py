"""The library: bring clips in, see how far the labelling is, say who is doing what."""

import streamlit as st

from labeler.app import widgets
from labeler.app.pages import library_parts as parts
from labeler.app.pages import origin_parts
from labeler.app.pages.assign_parts import assignment
from labeler.app.state import Workbench
from labeler.core.clip import ClipTags
from labeler.workflows.importing import retag_all
from labeler.workflows.reviewing import ClipSummary, how_far, next_clip, summaries

POLL_S = 1.0
"""How often the progress of uploads is looked at."""


def render(bench: Workbench) -> None:
    """Show uploads on top, then the clips, and beside them what can be done with them."""
    clips = summaries(bench.dataset)
    with st.expander("Add videos", icon=":material/upload:", expanded=not clips):
        parts.uploads(bench)
    if bench.ingests.jobs():
        st.fragment(parts.progress, run_every=POLL_S if bench.ingests.is_busy() else None)(bench)
    if not clips:
        widgets.empty("No clips yet.", hint="Say who is doing what above, then drop videos there.")
        return
    table, side = st.columns([3, 1], gap="medium")
    with table:
        chosen = parts.table(bench, parts.wanted(clips))
    with side:
        if chosen:
            _chosen(bench, chosen)
        else:
            _how_far(clips)


def _how_far(clips: list[ClipSummary]) -> None:
    """How much is labelled, and the way to the next clip."""
    for line in how_far(clips):
        st.markdown(line)
    origin_parts.badge_of(summary.clip for summary in clips)
    if following := next_clip(clips):
        parts.label_button(following, "Label the next clip")
        st.caption(f"Next: {following.clip.file_name}")
    st.caption("Tick one clip to open it, or several to say who is doing what in all of them.")


def _chosen(bench: Workbench, chosen: list[ClipSummary]) -> None:
    """Open one clip, or tell the same about several."""
    first, is_one = chosen[0].clip, len(chosen) == 1
    names = first.file_name if is_one else f"{len(chosen)} clips"
    st.markdown(f"**{names}**")
    origin_parts.badge_of(summary.clip for summary in chosen)
    if is_one:
        parts.label_button(chosen[0], "Label this clip")
    with st.form("tags", border=True):
        known, word = (first.tags, "Not told") if is_one else (ClipTags(), "Unchanged")
        key = f"chosen-{'-'.join(summary.clip.short_id for summary in chosen)}"
        tags = widgets.tags_form(key, known, empty_word=word, is_stacked=True)
        if st.form_submit_button("Save", icon=":material/save:", width="stretch"):
            clips = [summary.clip for summary in chosen]
            retag_all(bench.dataset, clips, tags, keeps_untold=not is_one)
            st.toast(f"Saved for {names}.", icon=":material/check:")
            st.rerun()
    assignment(bench, [summary.clip for summary in chosen])
    if is_one:
        widgets.findings(first.findings)
        parts.cleaning(bench, first)
