"""The Python side of the loop."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from labeler.app.assets import bundle
from labeler.core.rep import Rep

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

MARGIN_S = 0.5
"""How much is shown before and after the repetition, as the player does."""

_HERE = Path(__file__).parent


def loop(url: str, rep: Rep, *, time_scale: float, key: str) -> None:
    """Play a repetition of the video at `url` again and again, half a second around it, slowly.

    The browser remembers the speed. `time_scale` is how many real seconds, which the repetition
    tells, a second of the file lasts.
    """
    data = {
        "url": url,
        "start_s": max(0.0, rep.start_s - MARGIN_S) / time_scale,
        "stop_s": (rep.stop_s + MARGIN_S) / time_scale,
        "time_scale": time_scale,
    }
    _renderer()(key=key, data=data)


@cache
def _renderer() -> "ComponentRenderer":
    return st.components.v2.component(
        "labeler.loop",
        html=(_HERE / "loop.html").read_text(encoding="utf-8"),
        css=(_HERE / "loop.css").read_text(encoding="utf-8"),
        js=bundle(_HERE / "loop.js"),
    )
