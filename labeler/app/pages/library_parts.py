"""Pieces of the library page."""

from typing import TYPE_CHECKING, Any

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages.origin_parts import SYNTHETIC
from labeler.app.state import Workbench
from labeler.app.uploader.component import uploader
from labeler.core.clip import Clip, ClipTags
from labeler.workflows.background import BackgroundJob, is_pose_network_missing
from labeler.workflows.importing import Status
from labeler.workflows.inspecting import cleaning_rows
from labeler.workflows.reviewing import ClipSummary, Show, flag_name, found_clips, movement_name
from labeler.workflows.serving import as_text

if TYPE_CHECKING:
    from streamlit.elements.lib.layout_utils import Height

ROW_HEIGHT_PX = 52
HEADER_HEIGHT_PX = 40
MAX_ROWS = 10
"""Clips that are seen without scrolling inside the table."""
TICKED = "ticked"
MAX_LINES = 4
"""Finished uploads that are seen without scrolling among them."""

WAITING_NAMED = 3
"""Waiting uploads that are named; the others are counted, so that the clips stay in sight."""

DONE_HEIGHT_PX = 120

COLUMNS = {
    "Picture": st.column_config.ImageColumn("", width=60),
    "File": st.column_config.TextColumn("File", width=196),
    "Movement": st.column_config.TextColumn("Movement", width=124),
    "Reps": st.column_config.NumberColumn("Reps", width=52),
    "Labelled": st.column_config.ProgressColumn(
        "Labelled",
        help="Share of the repetitions in which one rater has answered every fault.",
        format="percent",
        min_value=0.0,
        max_value=1.0,
        width=92,
    ),
    "Flags": st.column_config.ListColumn(
        "Flags",
        help="What to know about the clip first, and how much more there is. "
        "Tick the clip to read all of it.",
        width=172,
    ),
    "Session": st.column_config.TextColumn("Session", width=80),
    "Length": st.column_config.NumberColumn("Length", format="%.0f s", width=70),
    "Found": st.column_config.NumberColumn(
        "Found",
        help="Share of the pictures in which the athlete was found.",
        format="%.0f %%",
        width=70,
    ),
}

CLEANING_COLUMNS = {
    "step": st.column_config.TextColumn("Step", width=96),
    "points_pct": st.column_config.NumberColumn(
        "Share",
        help="Of all points (one joint in one picture) that are measured.",
        format="%.2f %%",
        width=72,
    ),
    "points": st.column_config.NumberColumn("Points", width=64),
    "what": st.column_config.TextColumn("What", width=320),
}


def row(bench: Workbench, summary: ClipSummary) -> dict[str, Any]:
    """One clip as a line of the table; what is not told stays empty."""
    clip = summary.clip
    picture = bench.signer.urls(clip.clip_id).thumbnail if clip.is_video_present else None
    return {
        "Picture": picture,
        "File": clip.file_name,
        "Athlete": clip.tags.athlete,
        "Movement": movement_name(clip.tags.movement),
        "View": None if clip.tags.view is None else widgets.view_name(clip.tags.view),
        "Reps": summary.n_reps,
        "Labelled": summary.labelled_ratio,
        "Flags": _flags(clip),
        "Length": clip.duration_s,
        "Session": clip.tags.session,
        "Found": 100 * clip.detected_ratio,
    }


def _flags(clip: Clip) -> list[str]:
    """That it is made up, the first finding and how many more: as much as a line has room for."""
    names = [flag_name(finding.code) for finding in clip.findings]
    made_up = [SYNTHETIC] if clip.is_synthetic else []
    return made_up + names[:1] + [f"+{len(names) - 1}"][: len(names) > 1]


def table(bench: Workbench, clips: list[ClipSummary]) -> list[ClipSummary]:
    """The clips; the answer is those that are ticked, which stay ticked when others go or come."""
    if not clips:
        st.caption("No clip is like that. Clear the search, or choose All.")
        return []
    ids = [summary.clip.clip_id for summary in clips]
    ticked = st.session_state.get(TICKED, ())
    lines = [row(bench, summary) for summary in clips]
    has_sessions = any(line["Session"] for line in lines)
    event: Any = st.dataframe(
        lines,
        column_config=COLUMNS,
        column_order=[name for name in lines[0] if has_sessions or name != "Session"],
        hide_index=True,
        row_height=ROW_HEIGHT_PX,
        height=HEADER_HEIGHT_PX + min(len(clips), MAX_ROWS) * ROW_HEIGHT_PX,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [ids.index(c) for c in ticked if c in ids]}},
        on_select="rerun",
        placeholder="–",
        key=f"clips-{hash(tuple(ids))}",
    )
    chosen = [clips[n] for n in event.selection.rows if n < len(clips)]
    st.session_state[TICKED] = [summary.clip.clip_id for summary in chosen]
    return chosen


def wanted(clips: list[ClipSummary]) -> list[ClipSummary]:
    """The clips that are looked for."""
    find, which = st.columns([2, 3], vertical_alignment="center")
    words = find.text_input(
        "Find",
        placeholder="Find a file, athlete, movement …",
        label_visibility="collapsed",
        icon=":material/search:",
        key="find",
        live=True,
    )
    show = which.segmented_control(
        "Show",
        list(Show),
        default=Show.ALL,
        required=True,
        label_visibility="collapsed",
        key="show",
    )
    return found_clips(clips, words or "", show or Show.ALL)


def label_button(summary: ClipSummary, words: str) -> None:
    """Open a clip on the label page."""
    if st.button(words, icon=":material/edit_note:", type="primary", width="stretch"):
        state.go_to("label", **{state.CLIP: summary.clip.clip_id})


def cleaning(bench: Workbench, clip: Clip) -> None:
    """What was done to the pose before anything was measured; worked out when it is asked for."""
    if not st.toggle("How the pose was cleaned", key=f"cleaning-{clip.short_id}"):
        return
    st.dataframe(
        cleaning_rows(bench.dataset, clip),
        column_config=CLEANING_COLUMNS,
        hide_index=True,
        placeholder="–",
    )


def uploads(bench: Workbench) -> None:
    """Ask about the new clips, then take their files."""
    tags = widgets.tags_form("new", ClipTags(), empty_word="Not told")
    url = bench.signer.upload_url(as_text(tags))
    uploader(url, told=_told(tags), key="uploader", on_uploaded=lambda: None)


def _told(tags: ClipTags) -> str:
    """What the files of the next drop will be taken for; empty while nothing is told."""
    words = (
        tags.athlete,
        tags.movement and movement_name(tags.movement),
        tags.view and widgets.view_name(tags.view),
        tags.session,
    )
    known = [word for word in words if word]
    return f"Taken as {', '.join(known)}" if known else ""


def progress(bench: Workbench) -> None:
    """How far the uploaded files are; runs by itself while any is on its way."""
    jobs = bench.ingests.jobs()
    done = [job for job in jobs if job.result is not None]
    if st.session_state.get("n_ingested", 0) != len(done):
        st.session_state["n_ingested"] = len(done)
        st.rerun()
    started, waiting = under_way(jobs)
    for job in started:
        _under_way(job)
    if waiting:
        st.caption(waiting_words(waiting))
    if done:
        _done(bench, done)


def under_way(jobs: list[BackgroundJob]) -> tuple[list[BackgroundJob], list[BackgroundJob]]:
    """The files at work, or the one that is next, with a bar each; and those behind them."""
    left = [job for job in jobs if job.result is None]
    started = [job for job in left if job.n_total] or left[:1]
    return started, [job for job in left if job not in started]


def waiting_words(jobs: list[BackgroundJob]) -> str:
    """The files behind those at work, in one line however many they are."""
    named = ", ".join(job.name for job in jobs[:WAITING_NAMED])
    more = f" and {len(jobs) - WAITING_NAMED} more" if len(jobs) > WAITING_NAMED else ""
    return f"{len(jobs)} waiting: {named}{more}. You can label meanwhile."


def _under_way(job: BackgroundJob) -> None:
    """One file on its way."""
    st.progress(job.done_ratio, f"{job.name}: {under_way_words(job)}")


def under_way_words(job: BackgroundJob) -> str:
    """How far a file is, or what it waits for."""
    if job.n_total:
        return f"finding the athlete, {job.n_done} of {job.n_total} pictures"
    if is_pose_network_missing():
        return "fetching the pose network first (35 MB, once)"
    return "waiting"


def _done(bench: Workbench, jobs: list[BackgroundJob]) -> None:
    """The files that are in or have failed, a line each, the newest first."""
    lines, hide = st.columns([5, 1], vertical_alignment="top")
    height: Height = DONE_HEIGHT_PX if len(jobs) > MAX_LINES else "content"
    with lines.container(height=height, border=False, gap=None):
        for job in reversed(jobs):
            st.markdown(outcome(job))
    if hide.button("Hide finished files", type="tertiary", width="stretch"):
        bench.ingests.dismiss()
        st.rerun()


def outcome(job: BackgroundJob) -> str:
    """What became of one file, as one line."""
    result, name = job.result, job.name
    if result is None:
        return name
    if result.error:
        said = f"{result.error['message']} {result.error['hint']}".strip()
        named = said if said.startswith(name) else f"{name}: {said}"
        return f":red[:material/error:] {named}"
    if result.status is Status.ALREADY:
        return f":blue[:material/info:] {name} is here already: nothing was changed."
    n_reps = result.n_reps or 0
    found = f"{n_reps or 'no'} {'repetition' if n_reps == 1 else 'repetitions'} found"
    made_up = " Synthetic: a made-up athlete." if result.is_synthetic else ""
    return f":green[:material/check:] {name}: {found}.{made_up}"
