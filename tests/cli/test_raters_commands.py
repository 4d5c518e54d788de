"""The commands of several raters: queue, assign, disputes, decide."""

import json

import numpy as np
import pytest
from support_datasets import new_dataset
from support_raters import add_rated_sets, clear_long_ago

from labeler.core.label import FIRST_ROUND, REPEAT_ROUND, Answer
from labeler.store.dataset import Dataset
from labeler.workflows.queueing import second_look


@pytest.fixture
def run(command, monkeypatch, tmp_path):
    """Run a command on two sets that Ann and Ben have rated; gives exit code, stdout, stderr."""
    with new_dataset(tmp_path) as dataset:
        said = np.array([[0.0, 3.0]] + [[0.0, 0.0]] * 8 + [[-1.0, 2.0]])
        add_rated_sets(dataset, said, raters=("Ann", "Ben"))
    monkeypatch.delenv("LABELER_RATER", raising=False)
    monkeypatch.setenv("LABELER_DATASET", str(dataset.folder))
    return command


def rows(out):
    return [json.loads(line) for line in out.splitlines()]


def test_the_queue_of_a_rater_and_the_progress_of_all(run):
    _, out, _ = run("queue", "--rater", "Ann", "--json")
    assert {row["reason"] for row in rows(out)} == {"open"}
    _, out, _ = run("queue", "--rater", "Cara", "--fault", "back_rounding", "--json")
    assert {row["reason"] for row in rows(out)} == {"disputed"}
    _, out, _ = run("queue", "--json", "--fault", "back_rounding")
    assert [(row["rater"], row["answered"], row["asked"]) for row in rows(out)] == [
        ("Ann", 10, 10),
        ("Ben", 10, 10),
    ]
    _, out, _ = run("queue", "--rater", "Ann", "--progress", "--json")
    assert {row["rater"] for row in rows(out)} == {"Ann"}
    code, _, err = run("queue", "--rater", "Ann", "--movement", "squat")
    assert (code, err.strip()) == (0, "Nothing is left to do.")


def test_sets_are_assigned_listed_and_taken_away(run):
    _, _, err = run("assign")
    assert "labeler assign --to" in err
    code, _, err = run("assign", "--to", "Cara")
    assert code == 1
    assert "Give --by NAME." in err
    _, out, _ = run("assign", "set00.mp4", "--to", "Cara", "--by", "Eve", "--json")
    (row,) = rows(out)
    assert (row["file"], row["rater"], row["by"], row["repeats"]) == (
        "set00.mp4",
        "Cara",
        "Eve",
        0.05,
    )
    _, out, _ = run("queue", "--rater", "Cara", "--json")
    assert [row["reason"] for row in rows(out)] == ["assigned", "disputed"]
    _, _, err = run("assign", "set00.mp4", "--to", "Cara", "--by", "Eve", "--repeats", "0.2")
    assert "Cara: 1 of 5 repetitions comes again, a day later" in " ".join(err.split())
    for rep in range(1, 6):
        run("label", "clear", "set00.mp4", str(rep), "--rater", "Cara")
    _, _, err = run("queue", "--rater", "Cara", "--athlete", "A00")
    assert "1 repetition comes again later, blind" in " ".join(err.split())
    _, out, err = run("assign", "--to", "Cara", "--by", "Eve", "--remove")
    assert "No set is assigned" in err


def test_disputes_are_settled_and_opened_again(run):
    _, _, err = run("disputes", "--rater", "Eve")
    assert "No disputes" in err, "nobody is assigned, so that Eve may rate all of it"
    _, out, _ = run("disputes", "--json", "--rater", "Eve", "--adjudicate")
    found = {row["rep_id"]: row for row in rows(out)}
    assert sorted(row["about"] for row in found.values()) == [["severity"], ["visibility"]]
    severity = next(row for row in found.values() if row["about"] == ["severity"])
    assert severity["answers"] == {"Ann": "0", "Ben": "3"}
    what = (severity["file"], str(severity["rep"]), "back_rounding")
    _, out, _ = run("decide", *what, "2", "--reason", "flat at first", "--rater", "Eve", "--json")
    assert json.loads(out)["answer"] == "2"
    _, out, _ = run(
        "disputes", severity["file"], "--rater", "Eve", "--adjudicate", "--settled", "--json"
    )
    settled = next(row for row in rows(out) if row["rep_id"] == severity["rep_id"])
    assert (settled["decision"], settled["adjudicator"]) == ("2", "Eve")
    _, out, _ = run("disputes", "--json")
    assert [row["about"] for row in rows(out)] == [["visibility"]]
    _, _, err = run("decide", *what, "none", "--reason", "a slip", "--rater", "Eve")
    assert "open again" in err


def test_a_rater_sees_no_dispute_about_what_is_still_open_for_them(run):
    """Ann and Ben have answered one fault of the sheet, not the whole of it."""
    code, _, err = run("disputes", "--rater", "Ann")
    assert code == 0
    assert "No disputes" in err
    code, _, err = run(
        "decide", "set00.mp4", "1", "back_rounding", "2", "--reason", "x", "--rater", "Ann"
    )
    assert code == 1
    assert "raters work blind to each other" in err


def test_commands_hide_what_a_rater_has_still_to_rate(run, monkeypatch):
    _, out, _ = run("label", "list", "--json")
    assert len(rows(out)) == 20
    _, out, _ = run("label", "list", "--for", "Ann", "--json")
    assert {row["rater"] for row in rows(out)} == {"Ann"}
    _, _, err = run("label", "list", "--for", "Ann", "--rater", "Ben")
    assert "hidden until you have rated" in err
    monkeypatch.setenv("LABELER_RATER", "Ann")
    _, out, _ = run("label", "list", "--json")
    assert {row["rater"] for row in rows(out)} == {"Ann"}
    _, _, err = run("compare", "set00.mp4")
    assert "Nobody else" in err
    run("label", "clear", "set00.mp4", "1", "--rater", "Ann")
    _, out, _ = run("compare", "set00.mp4", "--json")
    (row,) = rows(out)
    assert (row["rep"], list(row["others"])) == (1, ["Ben"])
    _, out, _ = run("label", "list", "set00.mp4", "--json")
    assert [row["rep"][-2:] for row in rows(out) if row["rater"] == "Ben"] == ["-1"]


@pytest.fixture
def due(run, tmp_path):
    """The number of the one repetition of the first set that comes again to Ann."""
    run("assign", "set00.mp4", "--to", "Ann", "--by", "Eve", "--repeats", "0.2")
    with Dataset.open(tmp_path / "dataset", create=False) as dataset:
        clip = dataset.clips.get("set00.mp4")
        clear_long_ago(dataset, clip, "Ann")
        (rep_id,) = second_look(dataset, clip, "Ann")
        return next(one.index for one in dataset.journal.reps() if one.rep_id == rep_id)


def kept(tmp_path, round_number):
    """Ann's answers of one look, by fault."""
    with Dataset.open(tmp_path / "dataset", create=False) as dataset:
        found = dataset.journal.answers(rater="Ann", round_number=round_number)
        return {(label.rep_id, label.fault): label for label in found}


def test_a_repetition_that_comes_again_is_answered_apart_from_the_first_time(run, due, tmp_path):
    first = kept(tmp_path, FIRST_ROUND)
    words = ("set00.mp4", due, "--rater", "Ann", "--again", "--json")
    in_it = 3 * due - 1.5
    told = ("back_rounding", "2", "--moment", in_it)
    _, out, _ = run("label", "set", *words[:2], *told, *words[2:])
    assert json.loads(out)["labels"][0]["answer"] == "2"
    assert run("label", "clear", *words)[0] == 0
    (again,) = [one for one in kept(tmp_path, REPEAT_ROUND).values() if one.answer is Answer.CLEAR]
    assert again.moment_s == pytest.approx(in_it, abs=1 / 30)
    assert len(kept(tmp_path, REPEAT_ROUND)) > 1
    for verb in ("undo", "undo", "redo"):
        assert run("label", verb, "set00.mp4", "--rater", "Ann", "--again")[0] == 0
    (back,) = kept(tmp_path, REPEAT_ROUND).values()
    assert (back.answer, back.moment_s) == (again.answer, again.moment_s)
    assert kept(tmp_path, FIRST_ROUND) == first, "what was said first is as it was"


def test_what_does_not_come_again_is_refused_with_the_reason(run, due, tmp_path):
    other = 1 + due % 5

    def refused(clip, rep, rater):
        words = ("back_rounding", "1", "--rater", rater, "--again", "--json")
        code, out, _ = run("label", "set", clip, rep, *words)
        assert code == 1
        return json.loads(out)["error"]

    error = refused("set00.mp4", other, "Ann")
    assert f"comes again to Ann now ({due}), got {other}" in error["message"]
    assert "Few are drawn" in error["hint"]
    assert "assigned" in refused("set00.mp4", due, "Ben")["hint"]
    run("assign", "set01.mp4", "--to", "Ben", "--by", "Eve")
    error = refused("set01.mp4", 1, "Ben")
    assert "(there is none)" in error["message"]
    assert "a first time" in error["hint"]
    assert kept(tmp_path, REPEAT_ROUND) == {}
