"""Results: what a model can and cannot do, and what it says about a clip."""

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages import origin_parts
from labeler.app.pages import results_parts as parts
from labeler.app.pages import results_score_parts as shown
from labeler.app.state import Workbench
from labeler.learn.card import ModelCard
from labeler.workflows.training import models_in

SCORES, ANSWERS = "How good it is", "Ask it about a clip"
TAB, LAST_TAB = "results_tab", "last_results_tab"


def render(bench: Workbench) -> None:
    """Choose a model; then its scores on one side, its answers on the other."""
    found = sorted(models_in(bench.models_folder), key=lambda model: model.problem is not None)
    cards = {model.folder.name: model.card for model in found if model.card is not None}
    broken = {model.folder.name for model in found if model.problem is not None}
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
        words=lambda folder: _title(folder, cards[folder], is_broken=folder in broken),
        is_bare=True,
    )
    if cards[name].is_synthetic:
        origin_parts.badge("Synthetic model: it has learned from made-up athletes alone")
    scores, answers = st.tabs([SCORES, ANSWERS], default=_tab(), on_change="rerun", key=TAB)
    st.session_state[LAST_TAB] = ANSWERS if answers.open else SCORES
    if answers.open:
        with answers:
            _ask(bench, name, is_broken=name in broken)
    else:
        with scores:
            shown.everything(bench, name, cards[name])


def _title(folder: str, card: ModelCard, *, is_broken: bool) -> str:
    """A model in one line; the scores of one that cannot be used are there to read all the same."""
    return f"{parts.title(folder, card)}{'  ·  cannot be asked' if is_broken else ''}"


def _ask(bench: Workbench, name: str, *, is_broken: bool) -> None:
    """What it says about a clip, if it may be opened."""
    if is_broken:
        hint = "Why stands above. Its scores can still be read; or train it again."
        widgets.empty("This model cannot be asked.", hint=hint, page="train")
        return
    parts.ask(bench, bench.models_folder / name)


def _tab() -> str:
    """The tab that was in front when the page was left."""
    last: str = st.session_state.get(LAST_TAB, SCORES)
    return last
