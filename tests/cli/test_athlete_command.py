"""The command about one athlete."""

import json

import pytest
from support_athlete_page import two_sessions
from support_datasets import new_dataset


@pytest.fixture
def folder(tmp_path):
    with new_dataset(tmp_path) as dataset:
        two_sessions(dataset)
        return dataset.folder


def test_without_a_name_everybody_is_listed(command, folder):
    code, out, _ = command("athlete", "--dataset", folder, "--json")
    assert (code, json.loads(out)["athlete"]) == (0, "A01")


def test_nobody_named_says_what_to_do(command, tmp_path):
    with new_dataset(tmp_path) as dataset:
        folder = dataset.folder
    code, _, err = command("athlete", "--dataset", folder)
    assert code == 0
    assert "Nobody is named yet" in err


def test_one_athlete_as_a_table_and_as_a_file(command, folder, tmp_path):
    file = tmp_path / "a.html"
    code, out, err = command("athlete", "A01", "--dataset", folder, "--out", file)
    assert code == 0
    assert "67 % (30 to 90 %), 4 of 6" in out
    assert "medical statement" in " ".join(err.split())
    assert file.read_text("utf-8").startswith("<!doctype html>")


def test_json_holds_everything_and_is_one_line(command, folder, tmp_path):
    file = tmp_path / "a.html"
    words = ("athlete", "A01", "--dataset", folder, "--out", file, "--json", "--by", "week")
    code, out, _ = command(*words)
    told = json.loads(out)
    assert (code, told["by"], told["report"]) == (0, "week", str(file))
    assert told["faults"][0]["raters"]["n"] == 6
    assert {one["name"] for one in told["checklist"]} >= {"Dowel hip hinge"}


def test_a_rater_who_has_still_to_rate_sees_nothing(command, folder):
    code, out, err = command("athlete", "A01", "--dataset", folder, "--for", "Cleo", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert (told["n_reps"], told["n_hidden"], told["faults"]) == (0, 8, [])


def test_an_unknown_name_is_refused_with_those_there_are(command, folder):
    code, _, err = command("athlete", "A09", "--dataset", folder)
    assert code == 1
    assert "expected one of A01" in err
