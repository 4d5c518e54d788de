"""`labeler evaluate --checks`: the slow questions, typed."""

import json

import pytest
from support_datasets import new_dataset
from support_models import FAULT, add_rated_athletes

from labeler.evaluate import curves, permutation


@pytest.fixture
def asked(command, monkeypatch, tmp_path):
    """A model of rated athletes; few draws, so that a test takes seconds."""
    monkeypatch.setattr(permutation, "N_PERMUTATIONS", 3)
    monkeypatch.setattr(curves, "N_REPEATS", 1)
    with new_dataset(tmp_path) as dataset:
        add_rated_athletes(dataset, 4)
    monkeypatch.setenv("LABELER_DATASET", str(dataset.folder))
    monkeypatch.setenv("LABELER_MODELS", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
    code, _, err = command("train", "--fault", FAULT, "--out", "models/m")
    assert code == 0, err
    assert "Leak alarm: with the reps of each athlete mixed" in " ".join(err.split())
    return command


def test_checks_are_told_to_programs_and_people(asked):
    code, out, err = asked("evaluate", "--model", "m", "--checks", "--json")
    assert code == 0, err
    found = json.loads(out)["checks"]
    assert [point["n"] for point in found["by_group"]][-1] == 3
    assert len(found["permutation"]["shuffled"]) <= 3
    code, out, err = asked("evaluate", "--model", "m", "--checks")
    told = " ".join((out + err).split())
    assert code == 0
    for title in ("What more athletes would teach", "Labels as they are against shuffled ones"):
        assert title in told
    assert "report.html" in told


def test_without_asking_there_are_no_checks(asked):
    _, out, _ = asked("evaluate", "--model", "m", "--json")
    assert "checks" not in json.loads(out)
