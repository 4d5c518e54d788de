"""Pieces of the disputes page."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages.train_parts import SEVERITIES
from labeler.app.referee.component import Heard, RefereeData, RefereeListeners, referee
from labeler.app.state import Workbench
from labeler.core.errors import LabelerError
from labeler.core.label import SEVERITY_THRESHOLD
from labeler.workflows.acting import APP
from labeler.workflows.agreeing import state_of
from labeler.workflows.cataloguing import catalog_of
from labeler.workflows.disputes import Dispute, Kind, Verdict, decide, disputes
from labeler.workflows.keys import keys_of
from labeler.workflows.labeling import parse_answer
from labeler.workflows.looping import loop_of
from labeler.workflows.remembering import ANSWER_WORDS

CHOICE = "dispute"
PLACE = "dispute_place"
FOUND = "disputes_found"
HEARD = "disputes_heard"
ONWARD = "disputes_onward"
SETTLES = "disputes_settles"
THRESHOLD = "disputes_threshold"
WHICH = "disputes_which"

OPEN, SETTLED = "Open", "Settled"

N_LISTED = 4
LIST_HEIGHT_PX = 180
"""So many settled disputes are in sight; the loop needs the room below."""

KINDS = {
    Kind.SEVERITY: "Some see the fault, some do not.",
    Kind.VISIBILITY: "Some cannot see it from here.",
}


def ask_which() -> bool:
    """Whether the settled ones are wanted; the open ones are the queue."""
    chosen = st.segmented_control(
        "Disputes",
        [OPEN, SETTLED],
        default=OPEN,
        required=True,
        key=WHICH,
        help="A settled dispute leaves the queue. Reopen it in the list of settled ones.",
    )
    return chosen == SETTLED


def ask_settles(words: str = "I settle and do not rate") -> bool:
    """Whether who looks does not rate, asked in `words`: whoever rates stays blind."""
    st.session_state.setdefault(SETTLES, state.settles())
    is_told = st.checkbox(
        words,
        key=SETTLES,
        help="You see all answers to sets that you are not assigned to and have not begun. Leave "
        "these to others to rate from then on: your own answers would not be blind.",
    )
    st.session_state[state.SETTLES] = is_told
    return is_told


def ask_threshold() -> int:
    """From which severity on raters are on different sides."""
    cut: int = st.selectbox(
        "Counts as present when",
        list(SEVERITIES),
        index=list(SEVERITIES).index(SEVERITY_THRESHOLD),
        format_func=SEVERITIES.__getitem__,
        key=THRESHOLD,
        help="Raters on the same side of it are in no dispute.",
    )
    return cut


def found(bench: Workbench, viewer: str, threshold: int, *, settles: bool) -> list[Dispute]:
    """The disputes, looked for again only when somebody has recorded something since."""
    now = state_of(bench.dataset), viewer, threshold, settles
    kept = st.session_state.get(FOUND)
    if kept is None or kept[0] != now:
        fresh = disputes(bench.dataset, viewer=viewer, settles=settles, threshold=threshold)
        st.session_state[FOUND] = kept = now, fresh
    known: list[Dispute] = kept[1]
    return known


def nothing(*, is_settled: bool, n_settled: int) -> None:
    """Why there is nothing to decide, and what to do next."""
    if is_settled:
        widgets.empty(
            "No dispute is settled yet.",
            hint="What you decide among the open ones stands here, and can be opened again.",
        )
        return
    settled = f" {n_settled} are settled: look at them above." if n_settled else ""
    widgets.empty(
        "No open disputes.",
        hint="Disputes are answers of two or more raters to the same repetition that differ. What "
        "you have still to rate yourself, or may, is left out: raters work blind. Tick above if "
        f"you settle and do not rate.{settled}",
        page="label",
    )


def chosen(shown: Sequence[Dispute]) -> Dispute:
    """The dispute in work; where it has left the list, the one that took its place."""
    keys = [key_of(dispute) for dispute in shown]
    kept = st.session_state.get(CHOICE)
    place = keys.index(kept) if kept in keys else min(st.session_state.get(PLACE, 0), len(keys) - 1)
    st.session_state[CHOICE], st.session_state[PLACE] = keys[place], place
    return shown[place]


def settled_list(shown: Sequence[Dispute]) -> Dispute:
    """Every settled dispute with how it was settled; the one in work, chosen here or by key."""
    told = st.dataframe(
        [_settled_row(dispute) for dispute in shown],
        hide_index=True,
        height="content" if len(shown) < N_LISTED else LIST_HEIGHT_PX,
        on_select="rerun",
        selection_mode="single-row",
        key=f"{SETTLED}-{len(shown)}",
    )
    rows: list[int] = list(told["selection"]["rows"])
    if rows != st.session_state.get(f"{SETTLED}-rows"):  # clicked just now
        st.session_state[f"{SETTLED}-rows"] = rows
        if rows:
            st.session_state[CHOICE] = key_of(shown[rows[0]])
    return chosen(shown)


def work(bench: Workbench, shown: Sequence[Dispute], now: Dispute, *, viewer: str) -> None:
    """The repetition in a loop, what raters said, and the decision; all of it by key."""
    by_key = {key_of(dispute): dispute for dispute in shown}
    keys = list(by_key)

    def settle(wish: Mapping[str, Any]) -> None:
        _settle(bench, by_key.get(str(wish.get("id"))), wish, viewer)

    def move(wish: Mapping[str, Any]) -> None:
        if wish.get("id") in by_key:
            place = keys.index(wish["id"]) + (1 if wish.get("n", 0) > 0 else -1)
            st.session_state[CHOICE] = keys[place % len(keys)]

    def leave(wish: Mapping[str, Any]) -> None:
        st.session_state[ONWARD] = by_key.get(str(wish.get("id")))

    data = RefereeData(
        now,
        bench.signer.urls(now.clip.clip_id),
        key_of(now),
        _words(now),
        _sheet(now),
        keys.index(key_of(now)) + 1,
        len(shown),
        is_settled=now.decision is not None,
        keys=keys_of(bench.dataset, viewer),
        loop=loop_of(bench.dataset, viewer),
        heard=st.session_state.get(HEARD),
    )
    referee(data, key="referee", listeners=RefereeListeners(settle, move, leave))


def follow() -> None:
    """Go where the adjudicator wanted to go: a callback cannot."""
    wanted: Dispute | None = st.session_state.pop(ONWARD, None)
    if wanted is not None:
        told = {state.CLIP: wanted.clip.clip_id, state.REP: wanted.record.rep_id}
        state.go_to("label", **told)


def key_of(dispute: Dispute) -> str:
    """What a dispute is called between Python and the browser."""
    return f"{dispute.record.rep_id} {dispute.fault}"


def _settle(
    bench: Workbench, dispute: Dispute | None, wish: Mapping[str, Any], viewer: str
) -> None:
    """Record a decision, or that one is taken back; what came of it is said in the referee."""
    try:
        words, is_refused = _settled(bench, dispute, wish, viewer), False
    except LabelerError as error:
        words, is_refused = " ".join(filter(None, (error.message, error.hint))), True
    before: Heard | None = st.session_state.get(HEARD)
    n = 1 if before is None else before.n + 1
    st.session_state[HEARD] = Heard(n, str(wish.get("id")), words, is_refused)


def _settled(
    bench: Workbench, dispute: Dispute | None, wish: Mapping[str, Any], viewer: str
) -> str:
    if dispute is None:
        return "This dispute is not among those shown any more."
    answer = parse_answer(str(wish.get("answer")))
    verdict = Verdict(dispute.record.rep_id, dispute.fault, answer, str(wish.get("reason") or ""))
    decide(bench.dataset, dispute.clip, verdict, adjudicator=viewer, client=APP)
    what = f"{widgets.fault_name(dispute.fault)}, repetition {dispute.record.index}"
    return f"{what}: {'open again' if answer is None else ANSWER_WORDS[answer]}. Saved."


def _words(dispute: Dispute) -> dict[str, str]:
    settled = dispute.decision
    return {
        "title": widgets.fault_name(dispute.fault),
        "where": f"{widgets.clip_title(dispute.clip)}  ·  repetition {dispute.record.index}",
        "about": " ".join(KINDS[kind] for kind in dispute.kinds) or "They agree by this threshold.",
        "decided": "" if settled is None else ANSWER_WORDS[settled.answer],
    }


def _sheet(dispute: Dispute) -> tuple[str, ...]:
    known = catalog_of(state.workbench().dataset).faults.get(dispute.fault)
    return () if known is None else tuple(known.sheet)


def _settled_row(dispute: Dispute) -> dict[str, object]:
    settled = dispute.decision
    answers = ", ".join(f"{label.rater} {label.answer}" for label in dispute.answers)
    return {
        "Fault": widgets.fault_name(dispute.fault),
        "Clip": dispute.clip.file_name,
        **({"Origin": dispute.clip.origin.value} if dispute.clip.is_synthetic else {}),
        "Rep": dispute.record.index,
        "Raters": answers,
        "Decided": None if settled is None else ANSWER_WORDS[settled.answer],
        "By": None if settled is None else settled.adjudicator,
        "When": None if settled is None else settled.at_utc[:16].replace("T", " "),
        "Because": None if settled is None else settled.reason,
    }
