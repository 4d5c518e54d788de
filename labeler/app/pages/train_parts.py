"""Pieces of the train page."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages import origin_parts
from labeler.app.state import Workbench
from labeler.core.errors import LearningError
from labeler.core.label import SEVERITY_THRESHOLD
from labeler.evaluate.agreement_verdict import Gate
from labeler.workflows.agreement_words import GATE_HELP, GATES
from labeler.workflows.changes import Changes
from labeler.workflows.disputes import hidden_reps
from labeler.workflows.teaching import Trained, TrainingJob
from labeler.workflows.training import FaultLabels

N_TRAINED = "n_trained"
"""How many trainings of this server were done when the page was drawn."""

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


def progress(bench: Workbench) -> None:
    """How far the models are that are being trained, then what came out; runs by itself."""
    jobs = bench.trainings.jobs()
    n_done = sum(job.result is not None for job in jobs)
    if st.session_state.get(N_TRAINED, 0) != n_done:
        st.session_state[N_TRAINED] = n_done
        st.rerun()
    for job in reversed(jobs):
        if job.result is None:
            st.progress(job.done_ratio, f"{_title(job)}: {job.words}. You can go on meanwhile.")
        else:
            _outcome(job, job.result)
    if n_done and st.button("Put away what is done", type="tertiary", icon=":material/done_all:"):
        bench.trainings.dismiss()
        st.rerun()


def _title(job: TrainingJob) -> str:
    """What is being trained."""
    name, fault = job.wish.folder.name, widgets.fault_name(job.wish.fault)
    return fault if name == job.wish.fault else f"{fault} ({name})"


def _outcome(job: TrainingJob, result: Trained) -> None:
    """What came out of one training, with the warnings first."""
    from labeler.learn.card import read_card

    with st.container(border=True):
        st.markdown(f"**{_title(job)}**")
        if result.error is not None:
            hint = f"\n\nWhat to do: {result.error['hint']}" if result.error["hint"] else ""
            st.error(f"**{result.error['message']}**{hint}", icon=":material/error:")
            return
        try:
            card = read_card(result.folder)
        except LearningError as error:  # somebody has removed it since
            st.warning(str(error), icon=":material/warning:")
            return
        if card.is_synthetic:
            origin_parts.badge("Synthetic model")
        widgets.verdict(card.metrics, card.findings)
        if result.changes is not None:
            _changes(result.changes)
        st.session_state[state.MODEL] = result.folder.name
        results = st.session_state[state.PAGES]["results"]
        st.page_link(results, label="See the results", icon=":material/monitoring:")


def _changes(found: Changes) -> None:
    """What it says otherwise than the model before; each repetition one click from its frames."""
    st.markdown(found.words)
    if not found.reps:
        return
    rater = state.rater()
    hidden = hidden_from(rater)
    rows = [rep for rep in found.reps if rep.rep_id not in hidden]
    if len(rows) < len(found.reps):
        st.caption(
            f"{len(found.reps) - len(rows)} more are shown once you have rated them: raters work "
            "blind."
        )
    if rows:
        with st.expander("Which repetitions changed"):
            st.dataframe(
                [
                    {
                        "Clip": rep.file,
                        "Rep": rep.index,
                        "Before": rep.old.capitalize(),
                        "Now": rep.new.capitalize(),
                        "Raters": rep.raters.capitalize(),
                        "Right": {"new": "The new one", "old": "The old one"}.get(rep.right, "–"),
                    }
                    for rep in rows
                ],
                hide_index=True,
                height="content",
            )


def hidden_from(rater: str | None) -> frozenset[str]:
    """Repetitions that whoever looks has still to rate, blind to every machine's answer."""
    dataset = state.workbench().dataset
    if rater is None:
        return frozenset(str(record.rep_id) for record in dataset.journal.reps())
    return frozenset(map(str, hidden_reps(dataset, rater, settles=state.settles())))


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
