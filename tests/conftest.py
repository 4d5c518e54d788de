"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from support_skips import skip_or_fail

settings.register_profile("labeler", deadline=None)  # a busy machine is not a failure
settings.load_profile("labeler")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The local test data, never part of the project; skips where it is absent."""
    folder = Path(os.environ.get("LABELER_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        skip_or_fail(f"no test data at {folder} (set LABELER_TEST_DATA)")
    return folder


@pytest.fixture(scope="session", autouse=True)
def own_config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signing key of the tests' own, also for the processes that they start."""
    folder = tmp_path_factory.mktemp("config")
    os.environ["LABELER_CONFIG"] = str(folder)
    return folder
