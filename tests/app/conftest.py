"""A workbench for the pages; what a page's script leaves behind is taken away again."""

import sys

import pytest
from support_datasets import new_dataset
from support_trainings import AtOnce

from labeler.app.media import MediaSigner
from labeler.app.state import Workbench, open_workbench
from labeler.workflows.background import IngestQueue


@pytest.fixture(autouse=True)
def same_main_module(monkeypatch):
    """Streamlit's test runner puts its script in place of the main module, and leaves it there."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def empty(tmp_path):
    """A workbench on an empty dataset."""
    with new_dataset(tmp_path) as dataset:
        ingests = IngestQueue(dataset.folder)
        workbench = Workbench(
            dataset, tmp_path / "models", MediaSigner("secret"), ingests, AtOnce(dataset)
        )
        open_workbench(workbench)
        yield workbench
        ingests.close()
