"""The guided tour: a slim card on top of each page that says what there is to see."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from labeler.app import state
from labeler.app.state import Workbench
from labeler.store.dataset import Dataset
from labeler.workflows.demo.making import is_demo
from labeler.workflows.reviewing import next_clip, summaries
from labeler.workflows.touring import is_touring, keep_tour

TEXTS = Path(__file__).with_suffix(".toml")

AGAIN = "The tour is closed. To see it again: `labeler tour --dataset DIR`, then reload the page."


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its words, and the pages on which it is shown; the way there leads to the first."""

    title: str
    text: str
    pages: tuple[str, ...]


@cache
def steps() -> tuple[Step, ...]:
    """The steps in order."""
    told = tomllib.loads(TEXTS.read_text(encoding="utf-8"))["step"]
    return tuple(Step(one["title"], one["text"], tuple(one["pages"])) for one in told)


def welcome(dataset: Dataset) -> None:
    """On the demo every page has something to show at once; elsewhere this does nothing.

    A newcomer's first set is one that nobody has rated. Of the others they see what raters said, as
    somebody who looks and does not rate, until they take that tick away: nothing hangs on labels of
    the demo being blind.
    """
    if not is_demo(dataset):
        return
    st.session_state.setdefault(state.SETTLES, True)
    if state.clip_in_work() is None and (first := next_clip(summaries(dataset))):
        st.session_state[state.CLIP] = first.clip.clip_id


def card(bench: Workbench, page: str) -> None:
    """Show the step of a page, with the ways to the next, back, and out; nothing once closed."""
    number = next((n for n, step in enumerate(steps()) if page in step.pages), None)
    if number is None or not is_touring(bench.dataset):
        return
    step, is_last = steps()[number], number == len(steps()) - 1
    with st.container(border=True, key="tour"):
        words, ways = st.columns([3, 1], vertical_alignment="center", gap="small")
        words.markdown(f"**Step {number + 1} of {len(steps())}: {step.title}.** {step.text}")
        with ways.container(horizontal=True, horizontal_alignment="right", gap="small"):
            _ways(bench, number, is_last=is_last)


def _ways(bench: Workbench, number: int, *, is_last: bool) -> None:
    """Back, on and out."""
    if number and st.button("Back", key="tour-back"):
        state.go_to(steps()[number - 1].pages[0])
    if not is_last and st.button("Next", key="tour-next", type="primary"):
        state.go_to(steps()[number + 1].pages[0])
    if st.button("Done" if is_last else "Close", key="tour-close", help="Closes the tour."):
        keep_tour(bench.dataset, is_on=False)
        st.toast(AGAIN)
        st.rerun()
