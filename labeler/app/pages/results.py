"""Results: what a model can and cannot do, and what it says about a clip."""

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages import origin_parts
from labeler.app.pages import results_parts as parts
from labeler.app.pages import results_scores as scores
from labeler.app.state import Workbench
from labeler.learn.card import ModelCard
from labeler.workflows import results
from labeler.workflows.training import models_in

SCORES, ANSWERS = "How good it is", "Ask it about a clip"
TAB, LAST_TAB = "results_tab", "last_results_tab"


def render(bench: Workbench) -> None:
    """Choose a model; then its scores on one side, its answers on the other."""
    found = models_in(bench.models_folder)
    usable = {model.folder.name: model.card for model in found if model.problem is None}
    cards = {name: card for name, card in usable.items() if card is not None}
    for model in found:
        if model.problem is not None:
            st.warning(str(model.problem), icon=":material/warning:")
    if not cards:
        parts.nothing(has_broken=bool(found))
        parts.rule_limits(bench)
        return
    name = widgets.kept_choice(
        "Model",
        list(cards),
        kept=state.MODEL,
        words=lambda folder: parts.title(folder, cards[folder]),
        is_bare=True,
    )
    if cards[name].is_synthetic:
        origin_parts.badge("Synthetic model: it has learned from made-up athletes alone")
    scores, answers = st.tabs([SCORES, ANSWERS], default=_tab(), on_change="rerun", key=TAB)
    st.session_state[LAST_TAB] = ANSWERS if answers.open else SCORES
    if answers.open:
        with answers:
            parts.ask(bench, bench.models_folder / name)
    else:
        with scores:
            _scores(bench, name, cards[name])


def _tab() -> str:
    """The tab that was in front when the page was left."""
    last: str = st.session_state.get(LAST_TAB, SCORES)
    return last


def _scores(bench: Workbench, name: str, card: ModelCard) -> None:
    """The verdict, the table, what stands out; every figure and number for those who ask."""
    folder = bench.models_folder / name
    st.caption(parts.about(card))
    widgets.verdict(card.metrics, card.findings)
    scores.table(card.metrics)
    if results.is_tested(card.metrics):
        scores.remarks(card.metrics)
        methods, worst = st.columns(2, gap="medium")
        with methods:
            scores.methods(card.metrics)
        with worst:
            parts.worst(bench, card.metrics)
    scores.figures(card.metrics)
    scores.checks(bench, folder, card)
    with st.expander("Limits"):
        for limit in card.limits:
            st.markdown(f"- {limit}")
    parts.rule_limits(bench)
    parts.report(folder)
