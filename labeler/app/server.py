"""Builds the app: the workbench, the media routes, and Streamlit on top of them."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st

from labeler.app.inbox import UploadFolder
from labeler.app.media import MediaSigner, routes
from labeler.app.state import Workbench, open_workbench
from labeler.app.warming import warm
from labeler.store.dataset import Dataset
from labeler.workflows.background import IngestQueue
from labeler.workflows.serving import DatasetMedia
from labeler.workflows.teaching import TrainingQueue

SCRIPT = Path(__file__).parent / "script" / "main.py"
"""In a folder of its own: until a server has drawn its first page, Streamlit takes a folder `pages`
beside its script for pages of its own, so that a link straight to /results would open a blank one.
"""

CONFIG: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "server.address": "localhost",
    "server.fileWatcherType": "none",
    "runner.postScriptGC": False,  # 0.1 s after each run, in which nothing is answered
    "client.toolbarMode": "minimal",
    "theme.light.primaryColor": "#1d4ed8",
    "theme.light.textColor": "#111111",
    "theme.dark.primaryColor": "#60a5fa",
}
"""The same as in .streamlit/config.toml, which `streamlit run` reads; a test compares them."""


def build_app(*, dataset: Path, models: Path) -> st.App:
    """The workbench on a dataset folder, which is made when it is missing."""
    opened, ingests, signer = Dataset.open(dataset), IngestQueue(dataset), MediaSigner()
    trainings = TrainingQueue(dataset)
    inbox = UploadFolder(opened.uploads)
    source = DatasetMedia(opened, inbox, ingests)
    bench = Workbench(opened, models, signer, ingests, trainings)
    open_workbench(bench)

    @asynccontextmanager
    async def life(_app: st.App) -> AsyncIterator[None]:
        """Go on with what was received before, and end without waiting for what is queued."""
        await asyncio.to_thread(source.resume)
        warming = asyncio.create_task(asyncio.to_thread(warm, bench))
        yield
        await warming
        await asyncio.to_thread(ingests.close)
        await asyncio.to_thread(trainings.close)
        inbox.close()

    return st.App(SCRIPT, routes=routes(source, signer), lifespan=life)


def app_beside(script: Path) -> st.App:
    """The workbench of a checkout: datasets and models lie beside `script`, unless told."""
    root = script.resolve().parent
    dataset = os.environ.get("LABELER_DATASET", root / "datasets" / "default")
    models = os.environ.get("LABELER_MODELS", root / "models")
    return build_app(dataset=Path(dataset).resolve(), models=Path(models).resolve())


def run(app: st.App, *, address: str, port: int, opens_browser: bool) -> None:
    """Serve the workbench until it is stopped."""
    told = {
        "server.address": address,
        "server.port": port,
        "server.headless": not opens_browser,
    }
    app.run(config={**CONFIG, **told})
