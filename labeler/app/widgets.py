"""Small pieces that several pages show."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import streamlit as st

from labeler.app import state
from labeler.catalog import load_catalog
from labeler.core.clip import Clip, ClipTags, View
from labeler.core.errors import LabelerError
from labeler.core.finding import Finding, Level
from labeler.store.dataset import Dataset
from labeler.workflows import results, reviewing
from labeler.workflows.cataloguing import catalog_finding, catalog_of


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show what a user can meet as text and hint, never as a traceback."""
    try:
        yield
    except LabelerError as error:
        hint = f"\n\nWhat to do: {error.hint}" if error.hint else ""
        st.error(f"**{error.message}**{hint}", icon=":material/error:")


def findings(found: Iterable[Finding]) -> None:
    """Show findings, the worst first, one box for each level: what was seen, then what to do."""
    show = {Level.BAD: st.error, Level.WARNING: st.warning, Level.INFO: st.info}
    every = tuple(found)
    for level, box in show.items():
        told = [f"**{one.message}** {one.hint}".strip() for one in every if one.level is level]
        icon = ":material/info:" if level is Level.INFO else ":material/warning:"
        if told:
            box("  \n".join(told), icon=icon)


def catalog_mistake(dataset: Dataset) -> None:
    """Say what is wrong with the dataset's own faults, where something is: work goes on."""
    found = catalog_finding(dataset)
    findings(() if found is None else (found,))


def empty(message: str, *, hint: str, page: str | None = None) -> None:
    """An empty state: what is not there yet, what to do next, and the way there."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f"**{message}**", text_alignment="center")
        st.caption(hint, text_alignment="center")
        if page and (pages := st.session_state.get(state.PAGES)):
            st.page_link(pages[page], icon=":material/arrow_forward:")


def verdict(metrics: Mapping[str, Any], found: Iterable[Finding]) -> None:
    """How good a model is: one plain sentence, the warnings, the numbers asked for first."""
    st.markdown(f"##### {results.verdict(metrics)}")
    findings(found)
    if not results.is_tested(metrics):
        return
    shown = results.headlines(metrics)
    for column, number in zip(st.columns(len(shown)), shown, strict=True):
        column.metric(number.name, number.value, help=number.help, border=True)
        column.caption(number.interval)


def movement_name(movement: str | None) -> str:
    """A movement as people call it."""
    return reviewing.movement_name(movement) or "Not told"


def view_name(view: View | None) -> str:
    """A view as people call it."""
    return "Not told" if view is None else view.words.capitalize()


def fault_name(fault: str) -> str:
    """A fault as people call it; one that the catalogue has dropped keeps its id."""
    return catalog_of(state.workbench().dataset).name_of(fault)


def clip_title(clip: Clip) -> str:
    """A clip in one line; what nobody has told is left out, what is made up says so first."""
    view = None if clip.tags.view is None else view_name(clip.tags.view)
    told = (clip.tags.athlete, reviewing.movement_name(clip.tags.movement), view)
    made_up = ("Synthetic",) if clip.is_synthetic else ()
    return "  ·  ".join((*made_up, clip.file_name, *filter(None, told)))


def kept_choice(
    label: str, options: Sequence[str], *, kept: str, words: Callable[[str], str], is_bare: bool
) -> str:
    """A select box whose choice stays in the session, under `kept`, when the page is left.

    A select box whose `index` followed the session would lose every second choice: Streamlit takes
    one with another index for another box.
    """
    key = f"{kept}-choice"
    wanted = st.session_state.get(kept)
    st.session_state[key] = wanted if wanted in options else options[0]

    def keep() -> None:
        st.session_state[kept] = st.session_state[key]

    visibility: Literal["collapsed", "visible"] = "collapsed" if is_bare else "visible"
    st.session_state[kept] = chosen = st.selectbox(
        label, options, format_func=words, key=key, on_change=keep, label_visibility=visibility
    )
    return chosen


def tags_form(key: str, tags: ClipTags, *, empty_word: str, is_stacked: bool = False) -> ClipTags:
    """Ask who is seen, doing what, from where; a field left empty is None.

    Parameters
    ----------
    key : str
        Tells several such forms on a page apart.
    tags : ClipTags
        What is filled in at first.
    empty_word : str
        What an empty field means here, such as "Not told" or "Unchanged".
    is_stacked : bool
        Whether the fields stand one below the other.
    """
    who, what, where, when = [st] * 4 if is_stacked else st.columns([2, 3, 2, 2])
    movements = list(load_catalog().movements)
    return ClipTags(
        athlete=who.text_input(
            "Athlete",
            tags.athlete or "",
            placeholder=empty_word if is_stacked else "A01",
            key=f"{key}-athlete",
            help="Any short name, such as A01. Models are tested on athletes they have never seen, "
            "so the same person must always have the same name.",
        ).strip()
        or None,
        movement=what.selectbox(
            "Movement",
            movements,
            index=movements.index(tags.movement) if tags.movement in movements else None,
            format_func=movement_name,
            placeholder=empty_word,
            key=f"{key}-movement",
            help="Decides how repetitions are cut and which faults are asked.",
        ),
        view=where.selectbox(
            "View",
            list(View),
            index=list(View).index(tags.view) if tags.view else None,
            format_func=view_name,
            placeholder=empty_word,
            key=f"{key}-view",
            help="Where the camera stood. Faults that a view cannot show are never scored from it.",
        ),
        session=when.text_input(
            "Session",
            tags.session or "",
            placeholder=empty_word if is_stacked else "S1",
            key=f"{key}-session",
            help="Clips of one training session, such as S1. Two cameras on the same set share it.",
        ).strip()
        or None,
    )
