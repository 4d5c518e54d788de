"""Repetitions split, merged, looked back at and restored from a terminal."""

import json

import pytest
from support_datasets import N_REPS, add_hinges, new_dataset


@pytest.fixture
def ask(command, tmp_path, monkeypatch):
    """Run a command with --json on a dataset of one clip; gives its answers."""
    with new_dataset(tmp_path) as dataset:
        add_hinges(dataset)
    monkeypatch.setenv("LABELER_DATASET", str(dataset.folder))

    def call(*words: str) -> list[dict]:
        code, out, err = command(*words, "--json")
        assert not code, err
        return [json.loads(line) for line in out.splitlines()]

    return call


def test_a_rep_is_split_merged_looked_back_at_and_restored(ask):
    first, *_ = before = ask("reps", "one.mp4")
    told = ("--rater", "Ann")
    (split,) = ask("label", "split", "one.mp4", "1", "--at", str(first["turn_frame"]), *told)
    assert (split["kind"], len(split["reps"])) == ("split", 2)
    assert len(ask("reps", "one.mp4")) == N_REPS + 1
    ask("label", "merge", "one.mp4", "1", *told)
    merged = ask("reps", "one.mp4")[0]
    assert (merged["start_frame"], merged["stop_frame"]) == (
        first["start_frame"],
        first["stop_frame"],
    )
    ask("label", "remove", "one.mp4", "1", *told)
    history = ask("reps", "one.mp4", "--history", first["rep"])
    assert [event["what"] for event in history][1:] == ["split in two"]
    (restored,) = ask(
        "label", "restore", "one.mp4", first["rep"], "--to", history[0]["action"], *told
    )
    assert restored["kind"] == "restore"
    now = ask("reps", "one.mp4")
    assert [rep["rep"] for rep in now] == [rep["rep"] for rep in before]
    last = ask("reps", "one.mp4", "--history", "1", "--rater", "Ben")[-1]
    assert (last["who"], last["client"], last["kind"]) == ("Ann", "cli", "restore")
    assert (last["start_frame"], last["stop_frame"]) == (
        first["start_frame"],
        first["stop_frame"],
    )
