"""The app object, and that both ways to start it are told the same."""

import tomllib
from pathlib import Path

import pytest

from labeler.app import server, warming
from labeler.core.errors import StorageError

ROOT = Path(__file__).resolve().parents[2]


def test_both_ways_to_start_are_told_the_same():
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert dict(flat(told)) == server.CONFIG


def flat(told: dict, *parts: str):
    """The leaves of nested tables under their dotted names."""
    for name, value in told.items():
        if isinstance(value, dict):
            yield from flat(value, *parts, name)
        else:
            yield ".".join((*parts, name)), value


def test_the_workbench_is_for_this_machine_unless_told():
    assert server.CONFIG["server.address"] == "localhost"


def test_the_script_that_streamlit_runs_is_there():
    assert server.SCRIPT.is_file()


def test_streamlit_finds_no_pages_of_its_own_beside_the_script():
    """It would show them, blank, to whoever opens a link to a page first on a new server."""
    assert not (server.SCRIPT.parent / "pages").exists()


@pytest.mark.parametrize("told", [True, False])
def test_a_checkout_keeps_its_data_beside_the_script(monkeypatch, tmp_path, told):
    seen = {}
    monkeypatch.setattr(server, "build_app", lambda **folders: seen.update(folders))
    for name in ("DATASET", "MODELS"):
        monkeypatch.delenv(f"LABELER_{name}", raising=False)
        if told:
            monkeypatch.setenv(f"LABELER_{name}", str(tmp_path / "elsewhere" / name))
    server.app_beside(tmp_path / "streamlit_app.py")
    expected = (
        {"dataset": tmp_path / "elsewhere/DATASET", "models": tmp_path / "elsewhere/MODELS"}
        if told
        else {"dataset": tmp_path / "datasets" / "default", "models": tmp_path / "models"}
    )
    assert seen == expected


def test_a_warm_server_has_read_the_journal_and_kept_it_from_the_collector(empty, monkeypatch):
    kept = []
    monkeypatch.setattr(warming.gc, "freeze", lambda: kept.append(True))
    monkeypatch.setattr(empty.dataset.standings, "now", lambda: kept.append("read"))
    warming.warm(empty)
    assert kept == ["read", True]


def test_a_dataset_that_cannot_be_read_is_left_to_the_pages(empty, monkeypatch):
    def refuse():
        raise StorageError("labels.db: expected a disk that reads, got an error of it.")

    monkeypatch.setattr(warming.gc, "freeze", lambda: None)
    monkeypatch.setattr(empty.dataset.standings, "now", refuse)
    warming.warm(empty)
