"""The commands of raters' own keys, loops and overlays."""

import json

import pytest
from support_datasets import new_dataset


@pytest.fixture
def run(command, monkeypatch, tmp_path):
    """Run a command on a new dataset; gives exit code, stdout, stderr."""
    with new_dataset(tmp_path) as dataset:
        monkeypatch.setenv("LABELER_DATASET", str(dataset.folder))
    monkeypatch.delenv("LABELER_RATER", raising=False)
    return command


def keys_in(out):
    rows = [json.loads(line) for line in out.splitlines()]
    return {row["action"]: row["keys"] for row in rows}


def test_keys_are_listed_changed_and_reset(run):
    _, usual, _ = run("keys", "--json")
    assert keys_in(usual)["allClear"] == ["Enter", "C"]
    ann = ("keys", "--rater", "Ann", "--json")
    _, out, err = run(*ann, "--set", "loop=K", "--set", "play=shift+left")
    assert (keys_in(out)["loop"], keys_in(out)["stop"]) == (["K"], ["Shift L"])
    assert "Loop the repetition: K. Stop: Shift L." in err
    assert keys_in(run(*ann)[1])["back10"] == ["Space"]
    assert run("keys", "--rater", "Ben", "--json")[1] == usual
    assert run(*ann, "--reset")[1] == usual


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("keys", "--set", "loop=K"), "Give --rater NAME."),
        (("keys", "--rater", "Ann", "--set", "loop"), "expected ACTION=KEY"),
        (("keys", "--rater", "Ann", "--set", "fly=K"), "labeler keys"),
        (("loop", "--on"), "Give --rater NAME."),
        (("overlays", "--show", "zoom"), "Give --rater NAME."),
        (("overlays", "--rater", "Ann", "--hide", "halo"), "got 'halo'"),
        (("loop", "--rater", "Ann", "--speed", "9"), "speed_ratio: expected 0.1 to 2.0"),
    ],
)
def test_what_cannot_be_set_says_why(run, words, message):
    code, _, err = run(*words)
    assert code == 1
    assert message in err


def test_a_loop_is_shown_and_changed_bit_by_bit(run):
    usual = {"is_on": False, "speed_ratio": 0.25, "margin_s": 0.5}
    assert json.loads(run("loop", "--json")[1]) == usual
    run("loop", "--rater", "Ann", "--on", "--margin", "1")
    _, out, _ = run("loop", "--rater", "Ann", "--speed", "0.5", "--json")
    assert json.loads(out) == {"is_on": True, "speed_ratio": 0.5, "margin_s": 1.0}
    assert json.loads(run("loop", "--rater", "Ben", "--json")[1]) == usual


def test_overlays_are_shown_and_changed_one_by_one(run):
    usual = json.loads(run("overlays", "--json")[1])
    assert (usual["pose"], usual["trails"]) == (True, False)
    run("overlays", "--rater", "Ann", "--show", "trails", "--hide", "pose", "--hide", "charts")
    _, out, _ = run("overlays", "--rater", "Ann", "--show", "charts", "--json")
    assert json.loads(out) == usual | {"trails": True, "pose": False}
    assert json.loads(run("overlays", "--rater", "Ben", "--json")[1]) == usual
