"""What surrounds every page: navigation, and how errors look."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from labeler.app import state, tour
from labeler.app.pages import (
    agreement,
    athletes,
    disputes,
    export,
    label,
    library,
    results,
    train,
)
from labeler.app.state import PAGES, Workbench, workbench
from labeler.app.tab.component import tab
from labeler.app.widgets import errors_shown

ICON = (
    '<svg viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2563eb"/>'
    '<g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M9 24h5l5-8-7-4M19 16l4 8"/></g><circle cx="11" cy="8" r="3" fill="#fff"/></svg>'
)
"""Our own picture of a hinge: one of Streamlit's named icons would be fetched from the internet."""

STYLE = """
.stMainBlockContainer { padding: 4.2rem 1.5rem 0.5rem; }
.stAppHeader { height: 3.4rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-tab-holder) { position: absolute; }
.stSelectbox input { text-overflow: ellipsis; }
.st-key-tab-holder { display: none; }
.st-key-tour { padding: 0.35rem 0.8rem; }
.st-key-tour button { min-height: 2rem; padding: 0 0.7rem; }
button[data-testid^="stBaseButton-primary"] { border-color: #1d4ed8; background: #1d4ed8; }
button[data-testid^="stBaseButton-primary"]:hover { border-color: #1e40af; background: #1e40af; }
"""
"""The page begins right under the navigation: the athlete needs the room. Main buttons are white on
the same blue in both themes: no blue can be read both as text on dark and under white text."""


def render() -> None:
    """Show the navigation and the page in front."""
    st.set_page_config(page_title="labeler", page_icon=ICON, layout="wide")
    st.html(f"<style>{STYLE}</style>")
    pages = {
        "library": _page(library.render, "Library", "video_library", is_default=True),
        "label": _page(label.render, "Label", "edit_note"),
        "disputes": _page(disputes.render, "Disputes", "gavel"),
        "agreement": _page(agreement.render, "Agreement", "group"),
        "train": _page(train.render, "Train", "model_training"),
        "results": _page(results.render, "Results", "monitoring"),
        "athletes": _page(athletes.render, "Athletes", "sports_gymnastics"),
        "export": _page(export.render, "Export", "ios_share"),
    }
    st.session_state[PAGES] = pages
    page = st.navigation(list(pages.values()), position="top")
    with errors_shown():
        tab(workbench(), carries=page.title != "Label" or state.rater() is None)
    with errors_shown():
        tour.welcome(workbench().dataset)
        tour.card(workbench(), page.title.lower())
        page.run()


def _page(
    show: Callable[[Workbench], None], title: str, icon: str, *, is_default: bool = False
) -> StreamlitPage:
    return st.Page(
        partial(show, workbench()),
        title=title,
        icon=f":material/{icon}:",
        url_path=title.lower(),
        default=is_default,
    )
