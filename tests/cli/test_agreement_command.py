"""The command `labeler agreement`: for people, for programs, and when there is nothing yet."""

import json

import numpy as np
import pytest
from support_datasets import new_dataset
from support_raters import add_rated_sets, simulated_severities


@pytest.fixture
def run(command, monkeypatch, tmp_path):
    """Run the command on a dataset with these raters; gives exit code, stdout and stderr."""

    def call(*words, n_raters=3):
        with new_dataset(tmp_path) as dataset:
            said = simulated_severities(40, n_raters=n_raters)
            add_rated_sets(dataset, said, raters=("ann", "ben", "cara")[:n_raters])
        monkeypatch.setenv("LABELER_DATASET", str(dataset.folder))
        return command("agreement", *words)

    return call


def test_every_fault_is_a_line_of_the_table(run):
    code, out, _ = run()
    assert code == 0
    assert "back_rounding" in out
    assert "Ready" in out


def test_one_fault_is_told_pair_by_pair_with_its_verdict(run):
    code, out, err = run("--fault", "back_rounding")
    assert code == 0
    assert "ann and cara" in out
    assert "Raters agree" in err


def test_programs_get_one_object(run):
    _, out, _ = run("--json", "--threshold", "1")
    report = json.loads(out)
    assert report["threshold"] == 1
    assert report["faults"][0]["estimates"]["alpha_ordinal"]["value"] > 0.5
    assert len(report["faults"][0]["pairs"]) == 3


def test_programs_get_one_fault(run):
    _, out, _ = run("--json", "--fault", "back_rounding")
    found = json.loads(out)
    assert found["fault"] == "back_rounding"
    assert found["verdict"].startswith("Raters agree")


def test_one_rater_alone_is_told_what_is_missing(run):
    code, out, err = run(n_raters=1)
    assert (code, out) == (0, "")
    assert "Today there is one rater, ann, with 40 repetitions." in err


def test_an_unknown_fault_is_one_message(run):
    code, _, err = run("--fault", "nonsense")
    assert code == 1
    assert "expected one that somebody has answered (back_rounding)" in err


def test_training_is_refused_where_raters_disagree(command, monkeypatch, tmp_path):
    with new_dataset(tmp_path) as dataset:
        add_rated_sets(dataset, np.array([[0, 2], [2, 0]] * 10, float), raters=("ann", "ben"))
    monkeypatch.setenv("LABELER_DATASET", str(dataset.folder))
    told = ("train", "--fault", "back_rounding", "--out", str(tmp_path / "m"))
    code, _, err = command(*told)
    said = " ".join(err.split())
    assert code == 1
    assert "back_rounding: expected raters who agree, κ of 0.2 or more, got -1.00 over 20" in said
    assert "--despite-disagreement" in said
    _, _, err = command(*told, "--despite-disagreement")
    assert "expected raters who agree" not in err
