"""What `labeler train` is told besides the fault."""

import pytest
from support_datasets import add_hinges, new_dataset

from labeler.workflows.labeling import answer_fault

FAULT = "torso_dip_first"


@pytest.fixture
def told(command, tmp_path, monkeypatch):
    """Train on a few rated hinges, with more options; what is said instead."""
    with new_dataset(tmp_path) as dataset:
        clip = add_hinges(dataset)
        for number, said in enumerate("0202", start=1):
            answer_fault(dataset, clip, rep=str(number), fault=FAULT, answer=said, rater="ann")
    monkeypatch.setenv("LABELER_DATASET", str(dataset.folder))
    words = ("train", "--fault", FAULT, "--out", str(tmp_path / "m"))

    def call(*options: str) -> str:
        code, _, err = command(*words, *options)
        assert code == 1
        return " ".join(err.split())

    return call


def test_a_movement_that_nobody_labelled_leaves_nothing_to_learn_from(told):
    assert "4 left out: it is of another movement than the one that" in told("--movement", "squat")


def test_a_movement_that_nobody_knows_is_refused(told):
    assert "movement" in told("--movement", "flying")


def test_a_cost_must_be_above_zero(told):
    assert "cost of a miss: expected a number above 0, got -1.0" in told("--miss-cost", "-1")
