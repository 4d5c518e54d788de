"""Pieces of the disputes page."""

from collections.abc import Sequence

import streamlit as st

from labeler.app import state, widgets
from labeler.app.loop.component import loop
from labeler.app.pages.train_parts import SEVERITIES
from labeler.app.state import Workbench
from labeler.catalog import load_catalog
from labeler.core.label import SEVERITY_THRESHOLD, Answer, Label
from labeler.workflows.agreeing import state_of
from labeler.workflows.disputes import Dispute, Kind, Verdict, decide, disputes
from labeler.workflows.remembering import ANSWER_WORDS

CHOICE = "dispute"
FOUND = "disputes_found"
THRESHOLD = "disputes_threshold"

KINDS = {
    Kind.SEVERITY: "some see the fault, some do not",
    Kind.VISIBILITY: "some cannot see it from here",
}


def ask_threshold() -> int:
    """From which severity on raters are on different sides."""
    chosen: int = st.selectbox(
        "Counts as present when",
        list(SEVERITIES),
        index=list(SEVERITIES).index(SEVERITY_THRESHOLD),
        format_func=SEVERITIES.__getitem__,
        key=THRESHOLD,
        help="Raters on the same side of it are in no dispute.",
    )
    return chosen


def found(bench: Workbench, viewer: str, threshold: int) -> list[Dispute]:
    """The disputes, looked for again only when somebody has recorded something since."""
    now = state_of(bench.dataset), viewer, threshold
    kept = st.session_state.get(FOUND)
    if kept is None or kept[0] != now:
        fresh = disputes(bench.dataset, viewer=viewer, threshold=threshold)
        st.session_state[FOUND] = kept = now, fresh
    known: list[Dispute] = kept[1]
    return known


def nothing(*, n_settled: int) -> None:
    """Why there is nothing to decide, and what to do next."""
    settled = f" {n_settled} are settled: look at them with the switch above." if n_settled else ""
    widgets.empty(
        "No open disputes.",
        hint="Disputes are answers of two or more raters to the same repetition that differ. What "
        f"you have still to rate yourself is left out: raters work blind.{settled}",
        page="label",
    )


def choose(found: Sequence[Dispute], *, n_open: int) -> Dispute:
    """One dispute; the next open one comes up as soon as one is decided."""
    by_key = {_key(dispute): dispute for dispute in found}
    chosen = widgets.kept_choice(
        f"{n_open} open",
        list(by_key),
        kept=CHOICE,
        words=lambda key: _title(by_key[key]),
        is_bare=False,
    )
    return by_key[chosen]


def picture(bench: Workbench, dispute: Dispute) -> None:
    """The repetition again and again, and the way to its frames."""
    clip, record = dispute.clip, dispute.record
    if clip.is_video_present:
        url = bench.signer.urls(clip.clip_id).video
        loop(url, record.rep, time_scale=clip.time_scale, key="loop")
    else:
        st.info("This clip has no video: its skeleton is on the Label page.")
    if st.button("Open on the Label page", icon=":material/edit_note:"):
        state.go_to("label", **{state.CLIP: clip.clip_id, state.REP: record.rep_id})


def answers(dispute: Dispute) -> None:
    """What every rater said, and what the severities look like."""
    st.markdown(f"**{widgets.fault_name(dispute.fault)}**, repetition {dispute.record.index}")
    st.caption(" · ".join(KINDS[kind] for kind in dispute.kinds) or "they agree by this threshold")
    st.dataframe(_said(dispute.answers), hide_index=True, height="content")
    known = load_catalog().faults.get(dispute.fault)
    if known is not None:
        with st.expander("What the severities look like"):
            grades = (Answer.ABSENT, Answer.SLIGHT, Answer.CLEAR, Answer.SEVERE)
            lines = zip(grades, known.sheet, strict=False)
            st.markdown("\n".join(f"- {ANSWER_WORDS[grade]}: {text}" for grade, text in lines))


def decision(bench: Workbench, dispute: Dispute, viewer: str) -> None:
    """Ask for the answer that holds, and why; a decision can be changed and taken back."""
    settled = dispute.decision
    if settled is not None:
        st.success(
            f"{settled.adjudicator} decided: **{ANSWER_WORDS[settled.answer]}**. {settled.reason}"
        )
    with st.form(f"decide-{_key(dispute)}", clear_on_submit=True):
        answer = st.radio(
            "It is",
            list(Answer),
            index=None,
            format_func=ANSWER_WORDS.__getitem__,
            horizontal=True,
        )
        reason = st.text_input(
            "Because", max_chars=300, help="Others will read it. Every rater's answer stays."
        )
        decided, back = st.columns(2)
        is_decided = decided.form_submit_button("Decide", type="primary", width="stretch")
        is_back = settled is not None and back.form_submit_button(
            "Take it back", width="stretch", help="The dispute is open again."
        )
    if is_decided and answer is None:
        st.warning("Choose an answer first.")
    elif is_decided or is_back:
        _record(bench, dispute, None if is_back else answer, (reason, viewer))


def _record(
    bench: Workbench, dispute: Dispute, answer: Answer | None, said: tuple[str, str]
) -> None:
    reason, viewer = said
    with widgets.errors_shown():
        verdict = Verdict(dispute.record.rep_id, dispute.fault, answer, reason)
        decide(bench.dataset, dispute.clip, verdict, adjudicator=viewer)
        st.rerun()


def _said(labels: Sequence[Label]) -> list[dict[str, object]]:
    """One line per rater; columns that nobody has filled are left out."""
    rows: list[dict[str, object]] = [
        {
            "Rater": label.rater,
            "Answer": ANSWER_WORDS[label.answer],
            "Sure": None if label.confidence is None else f"{100 * label.confidence:.0f} %",
            "Note": label.note,
        }
        for label in labels
    ]
    told = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    return [{name: row[name] for name in told} for row in rows]


def _key(dispute: Dispute) -> str:
    return f"{dispute.record.rep_id} {dispute.fault}"


def _title(dispute: Dispute) -> str:
    """A dispute in one line."""
    mark = "" if dispute.decision is None else "✓ "
    return (
        f"{mark}{widgets.fault_name(dispute.fault)}  ·  {dispute.clip.file_name}, "
        f"repetition {dispute.record.index}"
    )
