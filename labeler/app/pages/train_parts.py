"""Pieces of the train page."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from labeler.app import widgets
from labeler.core.label import SEVERITY_THRESHOLD
from labeler.evaluate.agreement_verdict import Gate
from labeler.workflows.agreement_words import GATE_HELP, GATES
from labeler.workflows.training import FaultLabels

SEVERITIES = {1: "slight (1) or worse", 2: "clear (2) or worse", 3: "severe (3)"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says."""

    fault: str
    threshold: int
    name: str
    is_replacing: bool
    is_despite_disagreement: bool = False


def wish(counts: list[FaultLabels], gates: Mapping[str, Gate]) -> Asked | None:
    """What to train, once the button is pressed."""
    faults = [count.fault for count in sorted(counts, key=lambda one: _rank(one, gates))]
    with st.form("train", border=True):
        fault = st.selectbox("Fault", faults, format_func=widgets.fault_name)
        threshold = st.selectbox(
            "Counts as present when",
            list(SEVERITIES),
            index=list(SEVERITIES).index(SEVERITY_THRESHOLD),
            format_func=SEVERITIES.__getitem__,
            help="Reps below this severity teach the model what absence looks like.",
        )
        name = st.text_input("Name of the model", placeholder="Named after the fault").strip()
        again = st.checkbox("Replace the model of that name, if there is one")
        despite = Gate.NOT_READY in gates.values() and st.checkbox(
            "Train although raters disagree",
            help="Better: go through the rater sheet together, and look again at what differs on "
            "the Disputes page. The model's card will say so.",
        )
        is_wanted = st.form_submit_button(
            "Train", type="primary", icon=":material/model_training:", width="stretch"
        )
    st.caption("A few reps of many athletes teach far more than many reps of one.")
    return Asked(fault, threshold, name or fault, again, bool(despite)) if is_wanted else None


def labels_so_far(counts: list[FaultLabels], gates: Mapping[str, Gate]) -> None:
    """One line per fault that somebody has answered; those that can be learned come first."""
    st.markdown("**Labels so far**")
    ordered = sorted(counts, key=lambda count: (_rank(count, gates), -count.n_present))
    st.dataframe(
        [_row(count, gates) for count in ordered],
        column_config={
            "Can be learned": st.column_config.TextColumn(width=168),
            "With": st.column_config.NumberColumn(
                help="Reps in which any rater gave severity 2 (clear) or 3 (severe)."
            ),
            "Without": st.column_config.NumberColumn(
                help="Reps rated absent (0) or slight (1). Never rated is not the same: such reps "
                "are not counted."
            ),
            "Not visible": st.column_config.NumberColumn(
                help="Reps in which nobody could see whether the fault is there."
            ),
            "Out of view": st.column_config.NumberColumn(
                help="Reps rated by hand although the view cannot show the fault. They stay "
                "labels; no model learns from them."
            ),
            "Raters agree": st.column_config.TextColumn(help=GATE_HELP),
            "Athletes": st.column_config.NumberColumn(
                help="How many different people these labels come from."
            ),
        },
        hide_index=True,
        height="content",
    )


def _rank(count: FaultLabels, gates: Mapping[str, Gate]) -> int:
    """First what can be learned, then what raters disagree about, then what lacks labels."""
    if count.lacks:
        return 2
    return int(gates.get(count.fault) is Gate.NOT_READY)


def _row(count: FaultLabels, gates: Mapping[str, Gate]) -> dict[str, object]:
    gate = gates.get(count.fault, Gate.CANNOT_TELL)
    can = "Not yet: raters disagree" if gate is Gate.NOT_READY else "Yes"
    return {
        "Fault": widgets.fault_name(count.fault),
        "Can be learned": f"Needs {count.lacks}" if count.lacks else can,
        "With": count.n_present,
        "Without": count.n_absent,
        "Not visible": count.n_not_visible,
        "Out of view": count.n_out_of_view,
        "Athletes": count.n_athletes,
        "Raters agree": GATES[gate],
    }
