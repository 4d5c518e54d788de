"""A dataset for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support_datasets import add_hinges, new_dataset

from labeler.core.clip import Clip
from labeler.store.dataset import Dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Iterator[Dataset]:
    with new_dataset(tmp_path) as opened:
        yield opened


@pytest.fixture
def clip(dataset: Dataset) -> Clip:
    """Four hip hinges from the side."""
    return add_hinges(dataset)
