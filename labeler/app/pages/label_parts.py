"""Pieces of the label page."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages.origin_parts import SYNTHETIC, badge_of
from labeler.app.player.component import history_as_json
from labeler.app.state import Workbench
from labeler.core.clip import Clip, ClipId
from labeler.core.errors import LabelerError, StorageError, UsageError
from labeler.core.names import tidy_name
from labeler.core.rep import RepRecord
from labeler.store.clips import MIN_PREFIX_DIGITS
from labeler.workflows.acting import APP
from labeler.workflows.calibrating import MAX_FILMED_FPS, calibrate
from labeler.workflows.importing import retag
from labeler.workflows.labeling import receive
from labeler.workflows.operations import OpBatch, Receipts
from labeler.workflows.queueing import QueueItem, raters_of
from labeler.workflows.remembering import history_of, taken_out
from labeler.workflows.reviewing import ClipSummary, is_untold, uncounted
from labeler.workflows.snapping import Proposals, proposals_of

CHOICE = "clip_choice"
LAST_RATER = "last_rater"
NAME = "name_of_rater"
KNOWN_SHOWN = 12
"""Raters whom one may go on as with one click; others type their name."""
PROPOSALS = "proposals"
RECALLED = "recalled"


def ask_rater() -> None:
    """The rater's name, once per browser tab; whoever was here before need not type it."""
    known = raters_of(state.workbench().dataset)
    alone = known[0] if len(known) == 1 else ""
    with st.form("who", width=420):
        st.markdown("**Who is rating?**")
        st.text_input(
            "Your name",
            st.session_state.get(LAST_RATER, alone),
            key=NAME,
            max_chars=60,
            help="Every label carries it. Use the same name each time: you will see your own "
            "labels, and nobody else's.",
        )
        if st.form_submit_button("Start labelling", type="primary", on_click=_name_given):
            st.warning("Please give a name: a label without its rater cannot be compared.")
    if len(known) > 1:
        st.caption("Or go on as somebody who is known here:")
        with st.container(horizontal=True, width=420):
            for name in known[:KNOWN_SHOWN]:
                st.button(name, on_click=_take_name, args=(name,))


def _name_given() -> None:
    """Take the name before the page is built, so that it is built once."""
    if name := tidy_name(st.session_state[NAME]):
        _take_name(name)


def _take_name(name: str) -> None:
    state.rate_as(name)


def commit(bench: Workbench, receipts: Receipts, batch: OpBatch) -> None:
    """Record what the rater did; the browser keeps what could not be saved, and tries again."""
    try:
        receive(bench.dataset, batch, receipts)
    except StorageError as error:
        st.toast(f"Not saved yet. {error}", icon=":material/warning:")


def change_rater(name: str) -> None:
    """Who is at it, and the way to somebody else."""
    if st.button(name, icon=":material/person:", help="Change the rater", width="stretch"):
        st.session_state[LAST_RATER] = name
        state.leave_rater()
        st.rerun()


def choose(clips: Sequence[ClipSummary], first: QueueItem | None) -> ClipSummary:
    """The clip in work: the one asked for, else the one that most needs this rater."""
    by_id = {summary.clip.clip_id: summary for summary in clips}
    wanted = clip_meant(state.clip_in_work(), by_id)
    if wanted is None:
        wanted = (first or clips[0]).clip.clip_id
        if first is not None:  # a second look begins blind, also where nobody pressed Next clip
            st.session_state[state.ROUND] = wanted, first.round_number
    st.session_state[CHOICE] = wanted
    chosen = st.selectbox(
        "Clip",
        list(by_id),
        format_func=lambda clip_id: _title(by_id[clip_id]),
        key=CHOICE,
        on_change=_choice_made,
        label_visibility="collapsed",
    )
    st.session_state[state.CLIP] = chosen  # not the address: Back would come to this page again
    return by_id[chosen]


def clip_meant(told: str | None, known: Iterable[ClipId]) -> ClipId | None:
    """The clip that an address tells, by its id or the beginning of it; None when it is none."""
    found = [clip_id for clip_id in known if told and clip_id.startswith(told.lower())]
    return found[0] if told and len(told) >= MIN_PREFIX_DIGITS and len(found) == 1 else None


def _choice_made() -> None:
    state.open_clip(st.session_state[CHOICE])


def _title(summary: ClipSummary) -> str:
    """A clip in one line; how far this rater is in it, the timeline says."""
    done = f"{summary.n_reps} reps" if summary.n_reps else "no reps"
    if summary.labelled_ratio == 1.0:
        done = f"✓ {done}"
    return f"{widgets.clip_title(summary.clip)}  ·  {done}"


def about(bench: Workbench, clip: Clip) -> None:
    """Who does what, seen from where: told here without leaving the video."""
    words = "Add details" if is_untold(clip) else "Details"
    icon = ":material/help:" if is_untold(clip) else ":material/info:"
    if clip.is_synthetic:
        words, icon = SYNTHETIC, ":material/science:"
    with st.popover(words, icon=icon, width="stretch", help="Athlete, movement, view, session"):
        badge_of([clip])
        widgets.findings(clip.findings)
        with st.form(f"about-{clip.short_id}", border=False):
            tags = widgets.tags_form(
                f"about-{clip.short_id}", clip.tags, empty_word="Not told", is_stacked=True
            )
            if st.form_submit_button("Save", icon=":material/save:"):
                retag(bench.dataset, clip, tags)
                st.rerun()
        _slow_motion(bench, clip)
        _not_counted(turned_down(bench, clip), bench.dataset.journal.reps(clip.clip_id))


def _slow_motion(bench: Workbench, clip: Clip) -> None:
    """At how many frames per second the clip was filmed, where it plays slower than life."""
    with st.form(f"filmed-{clip.short_id}", border=False):
        filmed_fps = st.number_input(
            "Slow motion: filmed at, frames per second",
            min_value=1.0,
            max_value=MAX_FILMED_FPS,
            value=clip.filmed_fps,
            placeholder=f"as it plays: {clip.fps_median:.4g}",
            help="For a clip filmed at 240 frames per second and stored at 30, tell 240: all times "
            "are real then. Empty: it plays as fast as it was filmed.",
        )
        if st.form_submit_button("Set the clock", icon=":material/slow_motion_video:"):
            with widgets.errors_shown():
                calibrate(bench.dataset, clip, filmed_fps, rater=state.rater() or "", client=APP)
                st.rerun()


def turned_down(bench: Workbench, clip: Clip) -> Sequence[Mapping[str, Any]]:
    """What the machine looked at in a clip and did not count, with its reasons."""
    return proposals(bench, clip).rejected


def proposals(bench: Workbench, clip: Clip) -> Proposals:
    """What the machine sees in a clip: what it turned down, and where edges snap to.

    Worked out once per clip and movement in a session; nothing where the pose cannot be read.
    """
    known: dict[Clip, Proposals] = st.session_state.setdefault(PROPOSALS, {})
    if clip not in known:
        try:
            found = proposals_of(bench.dataset, clip)
        except LabelerError:  # one can label without it
            found = Proposals()
        st.session_state[PROPOSALS] = known = {clip: found}
    return known[clip]


def history(bench: Workbench, clip: Clip, rater: str) -> dict[str, object] | None:
    """What happened to the rep that the rater asked about last, as far as they may see it."""
    rep_id = st.session_state.get(RECALLED)
    if rep_id is None:
        return None
    try:
        events = history_of(bench.dataset, clip, rep_id, viewer=rater) if rep_id else []
    except UsageError:  # it is another clip's
        return None
    return history_as_json(clip.clip_id, rep_id, events, taken_out(bench.dataset, clip))


def _not_counted(rejected: Sequence[Mapping[str, Any]], reps: Sequence[RepRecord]) -> None:
    """In words what the timeline shows as dotted marks."""
    if rows := uncounted(rejected, reps):
        lines = [
            f"- {row['start_s']:.1f} to {row['stop_s']:.1f} s: {row['reason']}" for row in rows
        ]
        st.markdown("**Not counted**")
        st.caption("\n".join(lines))
        st.caption("Dotted on the timeline: **+** there counts it.")


def is_left(clip: Clip, look: int) -> bool:
    """Whether another clip, or look at it, was put into work since the page was built."""
    now = st.session_state.get(state.CLIP, clip.clip_id)
    return bool(now != clip.clip_id or state.round_in_work(clip.clip_id) != look)


def is_other_clock(bench: Workbench, clip: Clip) -> bool:
    """Whether slow motion was told, or that was undone, since the page was built."""
    return bench.dataset.clips.time_scale(clip.clip_id) != clip.time_scale


def advice(clip: Clip) -> str:
    """What to do where nothing was found, beside cutting repetitions by hand."""
    if is_untold(clip):
        return "Tell the movement and the view under Details: then they are looked for again."
    return "Look under Details whether movement and view are right: then they are looked for again."
