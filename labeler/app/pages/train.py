"""Train: choose a fault, see what there is to learn from, train; then say which models speak."""

import streamlit as st

from labeler.app import widgets
from labeler.app.pages import models_parts, origin_parts
from labeler.app.pages import train_parts as parts
from labeler.app.pages.agreement_parts import report_of
from labeler.app.state import Workbench
from labeler.core.label import SEVERITY_THRESHOLD
from labeler.workflows.training import TrainingWish, label_counts, new_model_folder

TRAIN, MODELS = "Train a model", "Models and who speaks"
TAB, LAST_TAB = "train_tab", "last_train_tab"
POLL_S = 1.0
"""How often the progress of training is looked at."""


def render(bench: Workbench) -> None:
    """Two sides of the same: making models, and saying which of them speak."""
    last = st.session_state.get(LAST_TAB, TRAIN)
    making, speaking = st.tabs([TRAIN, MODELS], default=last, on_change="rerun", key=TAB)
    st.session_state[LAST_TAB] = MODELS if speaking.open else TRAIN
    if speaking.open:
        with speaking:
            models_parts.models(bench)
    else:
        with making:
            _training(bench)


def _training(bench: Workbench) -> None:
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
                _submit(bench, wish, wants_synthetic=wants)
        if bench.trainings.jobs():
            is_busy = bench.trainings.is_busy()
            st.fragment(parts.progress, run_every=POLL_S if is_busy else None)(bench)
        parts.labels_so_far(counts, gates)


def _submit(bench: Workbench, asked: parts.Asked, *, wants_synthetic: bool) -> None:
    """Hand a model over to be trained beside the app; what cannot be is refused at once."""
    folder = new_model_folder(bench.models_folder, asked.name, is_replacing=asked.is_replacing)
    wish = TrainingWish(
        asked.fault,
        folder,
        threshold=asked.threshold,
        is_replacing=asked.is_replacing,
        is_despite_disagreement=asked.is_despite_disagreement,
        wants_synthetic=wants_synthetic,
    )
    bench.trainings.submit(wish)
