"""One answer of a model: what makes it doubtful, what it says, why, where to look, what to do."""

import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from labeler.app import state
from labeler.app.state import Workbench
from labeler.core.rep import RepId
from labeler.workflows.grounds import interval_words
from labeler.workflows.predicting import FLAG_WORDS, Prediction

WORDS = {
    "present": "Present",
    "absent": "Absent",
    "cannot_tell": "Cannot tell",
    "not_visible": "Not visible",
}
"""What a model says, and what people have answered about the repetitions that are like one."""

RULE_WORDS = {
    "fired": "Present",
    "passed": "Absent",
    "too_close": "Too close to call",
    "not_applicable": "Not applicable",
}
COLOURS = {"present": "red", "absent": "green", "cannot_tell": "orange", "not_visible": "gray"}


def read(
    bench: Workbench, prediction: Prediction, row: Mapping[str, Any], hidden: frozenset[RepId]
) -> None:
    """Show one row of a prediction.

    Parameters
    ----------
    hidden : frozenset[RepId]
        Repetitions that whoever looks has still to rate: those are not shown beside it.
    """
    with st.container(border=True):
        for words in _doubts(row):
            st.warning(words, icon=":material/warning:")
        nearest = [one for one in row["nearest"] if one["rep_id"] not in hidden]
        said, seen = st.columns(2, gap="medium")
        with said:
            _answers(prediction, row)
            _signals(row["signals"])
            _advice(row["advice"])
        with seen:
            _look(prediction, row)
            _beside(bench, prediction, row, nearest)


def _doubts(row: Mapping[str, Any]) -> list[str]:
    """What makes an answer doubtful, before it is told."""
    words = [FLAG_WORDS[flag] for flag in row["flags"]]
    if row["unlike"]:
        words.append(f"Furthest from training: {_listed(row['unlike'])}.")
    return words


def _listed(titles: Sequence[str]) -> str:
    return "; ".join(f"{one[:1].lower()}{one[1:]}" for one in titles)


def _answers(prediction: Prediction, row: Mapping[str, Any]) -> None:
    """The model's answer with its interval and promise, the rule's beside it."""
    model, rule = st.columns(2)
    with model:
        st.markdown(f"**Model**  \n{badge(row['answer'])} {_percent(row['probability'])}")
        if words := interval_words(row["low"], row["high"]):
            st.caption(words)
    with rule:
        told = RULE_WORDS.get(row["rule_state"], "No rule")
        st.markdown(f"**Rule**  \n:{_rule_colour(row)}-badge[{told}]")
        if isinstance(row["rule_reason"], str):  # none where no rule knows the fault
            st.caption(_sentence(row["rule_reason"]))
    if not row["signals"]:
        st.caption(_sentence(row["reason"]))
    st.caption(prediction.silence)


def badge(answer: str) -> str:
    """An answer as a coloured word."""
    return f":{COLOURS[answer]}-badge[{WORDS[answer]}]"


def _rule_colour(row: Mapping[str, Any]) -> str:
    alike = {"fired": "present", "passed": "absent", "too_close": "cannot_tell"}
    return COLOURS[alike.get(row["rule_state"], "not_visible")]


def _percent(probability: float) -> str:
    return "" if math.isnan(probability) else f"{100 * probability:.0f} %"


def _signals(signals: Sequence[Mapping[str, Any]]) -> None:
    """What spoke most, in words."""
    if not signals:
        return
    st.markdown("**What spoke most**")
    for one in signals:
        icon = ":material/add_circle:" if one["push"] > 0 else ":material/do_not_disturb_on:"
        st.markdown(f"{icon} {one['words']}.")


def _advice(advice: Mapping[str, Any] | None) -> None:
    """Why the fault happens, and what helps."""
    if advice is None:
        return
    st.markdown("**What to do**")
    if advice["why"]:
        st.markdown(f"Why it happens: {advice['why']}")
    if advice["cue"]:
        st.markdown(f"Cue: {advice['cue']}")
    for drill in advice["drills"]:
        st.markdown(f"- {drill['name']}", help=drill["description"])


def _look(prediction: Prediction, row: Mapping[str, Any]) -> None:
    """Where to look, and the way to it."""
    words = f"**Repetition {row['index']}**"
    if row["look_s"] is not None:
        words += f": look at {row['look_s']:.2f} s (frame {row['look_frame']})"
    st.markdown(words)
    told = {state.CLIP: prediction.clip.clip_id, state.REP: row["rep_id"]}
    if st.button("Open on Label", icon=":material/play_arrow:", key=f"open-{row['rep_id']}"):
        state.go_to("label", **told)


def _beside(
    bench: Workbench,
    prediction: Prediction,
    row: Mapping[str, Any],
    nearest: Sequence[Mapping[str, Any]],
) -> None:
    """The repetition and one that is labelled and most like it, side by side."""
    placed = [one for one in nearest if one["clip"] is not None]
    own, other = st.columns(2)
    with own:
        _video(bench, prediction.clip.clip_id, row["start_s"], row["stop_s"])
        st.caption("This repetition")
    with other:
        if not placed:
            st.caption("No labelled repetition of this movement to hold it against.")
            return
        place = st.session_state.get(f"near-{row['rep_id']}", 0) or 0
        one = placed[place]
        clip = bench.dataset.clips.get(one["clip"])
        _video(bench, clip.clip_id, one["start_s"], one["stop_s"])
        whose = "the same athlete" if one["is_same_athlete"] else "labelled, most like it"
        st.caption(f"{one['file']}, rep {one['index']}: {whose}")
    st.segmented_control(
        "Most like it, as people answered",
        range(len(placed)),
        default=0,
        format_func=lambda n: f"{n + 1}: {WORDS[placed[n]['answer']]}",
        key=f"near-{row['rep_id']}",
    )


def _video(bench: Workbench, clip_id: str, start_s: float, stop_s: float) -> None:
    """One repetition over and over, in whole seconds of the file: the player knows no others."""
    clip = bench.dataset.clips.get(clip_id)
    if not clip.is_video_present or (here := st.context.url) is None:
        st.caption("The video is not there.")
        return
    host = urlsplit(here)
    address = f"{host.scheme}://{host.netloc}{bench.signer.urls(clip.clip_id).video}"
    first_s, last_s = math.floor(start_s / clip.time_scale), math.ceil(stop_s / clip.time_scale)
    st.video(address, start_time=first_s, end_time=last_s, loop=True, autoplay=True, muted=True)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
