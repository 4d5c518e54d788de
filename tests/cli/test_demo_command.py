"""The first command of a newcomer: what it says, when it stops, and what it opens."""

import json
from pathlib import Path

import pytest
from support_datasets import add_hinges
from support_demo import made_demo
from typer.testing import CliRunner

from labeler.cli import demo as command
from labeler.cli.main import app
from labeler.store.dataset import Dataset
from labeler.workflows.demo import making
from labeler.workflows.touring import is_touring


@pytest.fixture
def run(monkeypatch):
    """The command, on landmarks instead of videos and in this process."""

    def quick(folder, wish, *, n_jobs, listener):
        return made_demo(folder, wish, listener=listener)

    monkeypatch.setattr(making, "make_demo", quick)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_it_makes_a_demo_and_tells_programs_what_is_in_it(run, tmp_path):
    small = ("--athletes", 2, "--reps", 2)
    found = run("demo", "--folder", tmp_path / "demo", "--no-app", "--json", *small)
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    assert told["n_clips"] == told["n_made"] == 4
    assert {"n_reps", "n_frames", "render_s", "ingest_s", "label_s", "train_s", "total_s"} <= set(
        told
    )
    again = run("demo", "--folder", tmp_path / "demo", "--no-app")
    assert again.exit_code == 0
    assert "4 clips" in again.stderr
    assert "all of them made up" in again.stderr


def test_it_opens_the_workbench_on_the_demo_and_its_own_models(run, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(command, "workbench", lambda *told: opened.append(told))
    made_demo(tmp_path / "demo")
    found = run("demo", "--folder", tmp_path / "demo", "--port", 8765, "--no-browser")
    assert found.exit_code == 0, found.output
    ((port, address, browser, dataset, models, as_json),) = opened
    assert (port, address, browser, as_json) == (8765, "localhost", False, False)
    assert (dataset, models) == (tmp_path / "demo", tmp_path / "demo" / "models")


def test_interrupted_it_says_how_to_go_on(run, tmp_path, monkeypatch):
    def stop(*_told, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "make_demo", stop)
    found = run("demo", "--folder", tmp_path / "demo", "--no-app")
    assert found.exit_code == 130
    assert "goes on" in found.stderr


def test_a_dataset_of_ones_own_is_refused(run, tmp_path):
    with Dataset.open(tmp_path / "own") as dataset:
        add_hinges(dataset)
    found = run("demo", "--folder", tmp_path / "own", "--no-app")
    assert found.exit_code == 1
    assert "a dataset of your own" in str(found.exception)


def test_the_tour_is_shown_again_when_asked_for(run, tmp_path):
    with Dataset.open(tmp_path / "own") as dataset:
        assert not is_touring(dataset)
    assert json.loads(run("tour", "--dataset", tmp_path / "own", "--json").stdout)["tour"] is True
    with Dataset.open(tmp_path / "own") as dataset:
        assert is_touring(dataset)
    run("tour", "--off", "--dataset", tmp_path / "own")
    with Dataset.open(tmp_path / "own") as dataset:
        assert not is_touring(dataset)


def test_the_readme_begins_with_the_demo():
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
    assert readme.index("make demo") < readme.index("make app")
