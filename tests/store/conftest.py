"""Datasets: a new one, and one with a clip of three reps."""

import pytest
from store_samples import CLIP, TIMES, first_cut

from labeler.store.dataset import Dataset


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "données 100%" / "default"


@pytest.fixture
def empty(folder):
    with Dataset.open(folder) as opened:
        yield opened


@pytest.fixture
def dataset(empty):
    assert empty.clips.add(CLIP, TIMES, cut=first_cut())
    return empty
