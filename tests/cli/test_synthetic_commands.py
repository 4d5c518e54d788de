"""Commands say what is made up, and count recorded clips or synthetic ones, never both."""

import json
from dataclasses import replace

import pytest
from support_datasets import N_REPS, TAGS, add_hinges, new_dataset

from labeler.workflows.labeling import answer_fault

FAULT = "torso_dip_first"


@pytest.fixture
def ask(command, monkeypatch, tmp_path):
    """Run a command with --json on two recorded and six made-up clips; gives its lines."""
    with new_dataset(tmp_path) as dataset:
        for number in range(8):
            tags = replace(TAGS, athlete=f"A{number // 2}")
            lag_s = 0.02 if number % 2 else -0.25
            told = {"tags": tags, "lag_s": lag_s, "is_synthetic": number > 1}
            clip = add_hinges(dataset, f"{number}.mp4", **told)
            for rater in ("ann", "ben"):
                for rep in map(str, range(1, N_REPS + 1)):
                    answer = "0" if number % 2 else "2"
                    answer_fault(dataset, clip, rep=rep, fault=FAULT, answer=answer, rater=rater)
    monkeypatch.setenv("LABELER_DATASET", str(dataset.folder))
    monkeypatch.setenv("LABELER_MODELS", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)

    def call(*words):
        code, out, err = command(*words, "--json")
        assert code == 0, err
        return [json.loads(line) for line in out.splitlines()]

    return call


def test_clips_reps_and_rules_say_which_are_made_up(ask):
    made_up = {row["file"]: row["is_synthetic"] for row in ask("clips")}
    assert made_up == {f"{number}.mp4": number > 1 for number in range(8)}
    assert {row["is_synthetic"] for row in ask("reps", "0.mp4")} == {False}
    assert {row["is_synthetic"] for row in ask("reps", "7.mp4")} == {True}
    assert {row["is_synthetic"] for row in ask("rules", "7.mp4")} == {True}
    assert {row["is_synthetic"] for row in ask("features", "0.mp4")} == {False}


def test_agreement_takes_one_or_the_other(ask, command):
    (people,) = ask("agreement")
    (made_up,) = ask("agreement", "--synthetic")
    assert (people["is_synthetic"], people["n_answered_reps"]) == (False, 2 * N_REPS)
    assert (made_up["is_synthetic"], made_up["n_answered_reps"]) == (True, 6 * N_REPS)
    (fault,) = ask("agreement", "--synthetic", "--fault", FAULT)
    assert fault["is_synthetic"] is True
    _, _, err = command("agreement")
    assert "6 clips are left out, for being synthetic" in " ".join(err.split())


def test_a_model_of_made_up_athletes_says_so_to_programs_and_people(ask, command):
    (trained,) = ask("train", "--fault", FAULT, "--out", "models/m", "--synthetic")
    assert trained["card"]["is_synthetic"] is True
    assert trained["is_synthetic"] is True
    assert trained["card"]["trained_on"]["n_reps"] == 6 * N_REPS
    (row,) = ask("models")
    assert row["is_synthetic"] is True
    (scored,) = ask("evaluate", "--model", "m")
    assert scored["is_synthetic"] is False
    assert {len(scored["probabilities"])} == {2 * N_REPS}
    (again,) = ask("evaluate", "--model", "m", "--synthetic")
    assert again["is_synthetic"] is True
    answers = ask("predict", "0.mp4", "--model", "m")
    assert {row["is_model_synthetic"] for row in answers} == {True}
    assert answers[0]["findings"][0] == "synthetic_model"
    code, _, err = command("predict", "0.mp4", "--model", "m")
    assert code == 0
    assert err.startswith("BAD: The model learned from made-up athletes alone")
