"""The Python side of the uploader."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from labeler.app.assets import bundle
from labeler.app.media import MAX_UPLOAD_BYTES

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).parent


def uploader(
    url: str,
    *,
    told: str = "",
    key: str,
    on_uploaded: Callable[[], None],
    max_bytes: int = MAX_UPLOAD_BYTES,
) -> None:
    """Mount the drop zone; files are sent to `url`, from `MediaSigner.upload_url`.

    `told` says under the zone what the files will be taken for. A drop goes to the `url` of its
    moment, whatever is told later. As each file has arrived,
    ``st.session_state[key].uploaded`` is ``{"name", "size"}`` and `on_uploaded` runs.
    """
    data = {"url": url, "told": told, "max_bytes": max_bytes}
    _renderer()(key=key, data=data, on_uploaded_change=on_uploaded)


@cache
def _renderer() -> "ComponentRenderer":
    return st.components.v2.component(
        "labeler.uploader",
        html=(_HERE / "uploader.html").read_text(encoding="utf-8"),
        css=(_HERE / "uploader.css").read_text(encoding="utf-8"),
        js=bundle(_HERE / "uploader.js"),
    )
