"""Train: choose a fault, see what there is to learn from, train and test."""

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages import origin_parts
from labeler.app.pages import train_parts as parts
from labeler.app.pages.agreement_parts import report_of
from labeler.app.state import Workbench
from labeler.core.label import SEVERITY_THRESHOLD
from labeler.workflows.training import (
    TrainingOutcome,
    TrainingWish,
    label_counts,
    new_model_folder,
    train_model,
)


def render(bench: Workbench) -> None:
    """Ask what to train on the left; show what came out, and the labels, on the right."""
    wants = origin_parts.ask_origin(bench)
    counts = label_counts(bench.dataset, SEVERITY_THRESHOLD, wants_synthetic=wants)
    if not counts:
        widgets.empty(
            "Nothing to learn from yet.",
            hint="Label repetitions with and without a fault; then a model can learn it.",
            page="label",
        )
        return
    report = report_of(bench, SEVERITY_THRESHOLD, wants_synthetic=wants)
    gates = {one.fault: one.gate for one in report.faults}
    ask, show = st.columns([1, 2], gap="medium")
    with ask:
        wish = parts.wish(counts, gates)
    with show:
        if wish is not None:
            with widgets.errors_shown():
                _outcome(_train(bench, wish, wants_synthetic=wants))
        parts.labels_so_far(counts, gates)


def _train(bench: Workbench, asked: parts.Asked, *, wants_synthetic: bool) -> TrainingOutcome:
    """Train with each step named while it runs."""
    folder = new_model_folder(bench.models_folder, asked.name, is_replacing=asked.is_replacing)
    wish = TrainingWish(
        asked.fault,
        folder,
        threshold=asked.threshold,
        is_replacing=asked.is_replacing,
        is_despite_disagreement=asked.is_despite_disagreement,
        wants_synthetic=wants_synthetic,
    )
    with st.status("Training", expanded=True) as status:
        outcome = train_model(bench.dataset, wish, tell=st.write)
        status.update(label="Trained and tested", state="complete", expanded=False)
    return outcome


def _outcome(outcome: TrainingOutcome) -> None:
    """What came out, with the warnings first."""
    if outcome.card.is_synthetic:
        origin_parts.badge("Synthetic model")
    widgets.verdict(outcome.card.metrics, outcome.card.findings)
    st.session_state[state.MODEL] = outcome.folder.name
    st.page_link(
        st.session_state[state.PAGES]["results"],
        label="See the results",
        icon=":material/monitoring:",
    )
