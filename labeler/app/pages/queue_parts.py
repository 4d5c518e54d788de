"""Pieces of the label page that are about what comes next: wishes, progress, the way there."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages import label_parts as parts
from labeler.app.state import Workbench
from labeler.core.clip import Clip, View
from labeler.core.label import FIRST_ROUND
from labeler.workflows.cataloguing import catalog_of, how_to_change
from labeler.workflows.queueing import (
    WORDS,
    Progress,
    Queue,
    QueueItem,
    Wanted,
    progress,
    queue_of,
)
from labeler.workflows.reviewing import asked_faults
from labeler.workflows.side_by_side import SideBySide, side_by_side
from labeler.workflows.suggesting import QueryWish, suggest

QUEUE = "queue"
WANTED = "wanted"
COMPARE = "compare"
SUGGEST = "suggest"
ANY = ""
MACHINES = {
    "present": "Present",
    "absent": "Absent",
    "cannot_tell": "Cannot tell",
    "not_applicable": "Not applicable",
}
"""What detectors say, as a coach reads it."""
PROGRESS_HEIGHT_PX = 220
NEXT_SHOWN = 5
"""Sets of the queue that are named; the rest is counted."""


def wanted() -> Wanted:
    """Which sets this session wants."""
    kept: Wanted = st.session_state.get(WANTED, Wanted())
    return kept


def header(bench: Workbench, rater: str, found: Queue) -> tuple[Clip, int, QueueItem | None]:
    """One line over the video: which clip, what about it, what is left, what is next, who.

    Returns
    -------
    tuple[Clip, int, QueueItem | None]
        The clip in work, which look at it that is, and what comes next.
    """
    which, about, left, onward_, who = st.columns(
        [5.2, 1.8, 1.8, 1.7, 1.5], gap="xsmall", vertical_alignment="center"
    )
    with which:
        clip = parts.choose(found.summaries, found.after()).clip
    with about:
        parts.about(bench, clip)
    with left:
        st.fragment(queue)(bench, rater, len(found.items), clip)
    look = state.round_in_work(clip.clip_id)
    following = found.after((clip.clip_id, look))
    with onward_:
        onward(following)
    with who:
        parts.change_rater(rater)
    return clip, look, following


def queue(bench: Workbench, rater: str, n_open: int, clip: Clip) -> None:
    """What is left and why, which sets are wanted, how far this rater is, and what others say.

    All of it is worked out when it is opened: the page itself does not wait for it.
    """
    opened = st.popover(
        f"Queue · {n_open}",
        icon=":material/list:",
        width="stretch",
        help="What needs you most",
        key=QUEUE,
        on_change="rerun",
    )
    if opened.open:
        with opened:
            found = queue_of(bench.dataset, rater, wanted())
            _next(found)
            _suggest(bench, rater)
            _ask_wanted(bench, [summary.clip for summary in found.summaries])
            _progress(bench, rater)
            compare(bench, rater, clip)
            st.caption(how_to_change(bench.dataset.folder))


def _next(found: Queue) -> None:
    n_open = len(found.items)
    st.markdown("**Next for you**" if n_open else "**Nothing is left for you.**")
    lines = [f"- {item.clip.file_name}: {_why(item)}" for item in found.items[:NEXT_SHOWN]]
    if n_open > NEXT_SHOWN:
        lines.append(f"- and {n_open - NEXT_SHOWN} more")
    st.markdown("\n".join(lines))
    st.caption(found.waiting_words)


def _progress(bench: Workbench, rater: str) -> None:
    st.markdown("**Your progress**")
    rows = [
        {"Fault": _fault_of(one), "Answered": one.n_answered, "Of": one.n_asked}
        for one in progress(bench.dataset, rater, wanted())
    ]
    st.dataframe(rows, hide_index=True, height=PROGRESS_HEIGHT_PX)


def _fault_of(one: Progress) -> str:
    """The fault; of made-up clips it says so, for they are counted apart."""
    return widgets.fault_name(one.fault) + (" (synthetic)" if one.is_synthetic else "")


def compare(bench: Workbench, rater: str, clip: Clip) -> None:
    """What others said about the repetitions that this rater has answered, once asked for."""
    st.session_state[f"{COMPARE}-choice"] = st.session_state.get(COMPARE, False)
    st.session_state[COMPARE] = st.toggle(
        "Compare with others, rules and models",
        key=f"{COMPARE}-choice",
        on_change=_compare_chosen,
        help="Only repetitions of this clip that you have answered wholly: before, raters are "
        "blind to everybody and everything else.",
    )
    if not st.session_state[COMPARE]:
        return
    with widgets.errors_shown():
        found = side_by_side(bench.dataset, clip, rater, bench.models_folder)
        if found:
            rows = [_beside(one) for one in found]
            st.dataframe(rows, hide_index=True, height=PROGRESS_HEIGHT_PX)
        else:
            st.caption("Answer a repetition wholly: then you see what others and machines say.")


def _beside(one: SideBySide) -> dict[str, object]:
    """One fault of one repetition, as everybody sees it."""
    model = one.model and f"{MACHINES[one.model.answer]} ({one.model.by.removeprefix('model ')})"
    return {
        "Rep": one.index,
        "Fault": widgets.fault_name(one.fault),
        "You": one.mine,
        "Others": ", ".join(f"{name} {answer}" for name, answer in one.others.items()),
        "Decided": one.decision,
        "Rule": one.rule and MACHINES[one.rule.answer],
        "Model": model,
    }


def _compare_chosen() -> None:
    """Keep the choice beyond the closing of the queue, which takes the toggle away."""
    st.session_state[COMPARE] = st.session_state[f"{COMPARE}-choice"]


def onward(following: QueueItem | None) -> None:
    """The way to the set that most needs this rater."""
    st.button(
        "Next clip",
        icon=":material/skip_next:",
        width="stretch",
        disabled=following is None,
        help="Nothing else is left for you."
        if following is None
        else f"{name_of(following)}: {_why(following)}",
        on_click=open_item,
        args=(following,),
    )


def open_item(item: QueueItem | None) -> None:
    """Put what comes next into work, if there is anything."""
    if item is not None:
        state.open_clip(item.clip.clip_id, item.round_number)


def name_of(item: QueueItem) -> str:
    """What the set is called where it is announced."""
    again = "" if item.round_number == FIRST_ROUND else ", a second look"
    return f"{item.clip.file_name}{again}"


def second_look() -> None:
    """What a rater should know about repetitions that come again."""
    st.caption(
        "**A second look.** Some repetitions come again, to learn how steady answers are. Answer "
        "as if you had never seen them: what you said first is neither shown nor changed."
    )


def _why(item: QueueItem) -> str:
    n = len(item.rep_ids)
    what = f"{WORDS[item.reason]}, {n} {'repetition' if n == 1 else 'repetitions'} open"
    return f"{what}; {item.why}" if item.why else what


def _suggest(bench: Workbench, rater: str) -> None:
    """Draw the sets that teach most; they come first in the queue, and what was said stays."""
    kept = f"{SUGGEST}-said"
    if st.button(
        "Choose what teaches most",
        icon=":material/school:",
        key=SUGGEST,
        help="Puts the sets first whose answers teach a model most, and one in five by lot, for a "
        "fair test. Takes a while where models have to be trained for it.",
    ):
        with widgets.errors_shown(), st.spinner("Looking at every repetition"):
            found = suggest(bench.dataset, QueryWish(rater, wanted().fault))
            st.session_state[kept] = found.words
            st.rerun()
    for line in st.session_state.get(kept, ()):
        st.caption(line)


def _ask_wanted(bench: Workbench, clips: Sequence[Clip]) -> None:
    """Filters; what is chosen stays in the session, also on other pages."""
    st.markdown("**Only**")
    movements = {clip.tags.movement for clip in clips if clip.tags.movement}
    athletes = {clip.tags.athlete for clip in clips if clip.tags.athlete}
    catalog = catalog_of(bench.dataset)
    faults = {fault.id for clip in clips for fault in asked_faults(clip, catalog)}
    left, right = st.columns(2)
    with left:
        movement = _choice("Movement", movements, widgets.movement_name)
        view = _choice("View", {view.value for view in View}, lambda v: widgets.view_name(View(v)))
        since = _day("From", "since")
    with right:
        athlete = _choice("Athlete", athletes, str)
        fault = _choice("Fault", faults, widgets.fault_name)
        until = _day("Until", "until")
    chosen = Wanted(movement, athlete, View(view) if view else None, fault, since, until)
    if chosen != wanted():
        st.session_state[WANTED] = chosen
        st.rerun()


def _choice(label: str, options: Iterable[str], words: Callable[[str], str]) -> str | None:
    names = [ANY, *sorted(options)]
    chosen = widgets.kept_choice(
        label,
        names,
        kept=f"{WANTED}-{label}",
        words=lambda name: "Any" if name == ANY else words(name),
        is_bare=False,
    )
    return chosen or None


def _day(label: str, name: str) -> str | None:
    """A day of coming in, ISO 8601, or None."""
    kept = getattr(wanted(), name)
    told = st.date_input(
        label,
        date.fromisoformat(kept) if kept else None,
        key=f"{WANTED}-{name}",
        help="Day on which the clip came in.",
    )
    return told.isoformat() if isinstance(told, date) else None
