"""Commands as people and programs use them: tables on stdout, JSON on request, clear errors."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support_bodies import cycles, side_body
from support_datasets import N_REPS, add_hinges, new_dataset

from labeler.store.dataset import Dataset


@pytest.fixture
def folder(tmp_path):
    """A dataset folder with one clip."""
    with new_dataset(tmp_path) as dataset:
        add_hinges(dataset)
    return dataset.folder


@pytest.fixture
def run(command, monkeypatch, folder):
    """Run a command line on that dataset; gives the exit code, stdout and stderr."""
    monkeypatch.setenv("LABELER_DATASET", str(folder))
    return command


@pytest.fixture
def ask(run):
    """Run a command with --json; gives what it answers, one value per line."""

    def call(*words: str) -> list[dict]:
        code, out, err = run(*words, "--json")
        assert code == 0, err
        return [json.loads(line) for line in out.splitlines()]

    return call


def test_clips_and_reps(ask):
    (clip,) = ask("clips")
    assert (clip["file"], clip["reps"], clip["labelled_ratio"]) == ("one.mp4", N_REPS, 0.0)
    reps = ask("reps", clip["clip"])
    assert [rep["index"] for rep in reps] == [1, 2, 3, 4]
    assert all(r["start_frame"] < r["turn_frame"] < r["stop_frame"] for r in reps)
    assert all(0 <= 30 * r["start_s"] - r["start_frame"] < 1 for r in reps)


def test_curves_of_hips_and_torso(ask):
    halves = ask("curves", "one.mp4")
    assert len(halves) == N_REPS
    assert all(abs(row["torso_t50_s"] - row["hip_t50_s"]) < 0.1 for row in halves)
    assert halves[0]["n_good_reps"] == 0
    for number in "1234":
        ask("label", "clear", "one.mp4", number, "--rater", "Ann")
    assert ask("curves", "one.mp4", "--rater", "Ann")[0]["n_good_reps"] == N_REPS - 1
    assert ask("curves", "one.mp4", "--rater", "Bob")[0]["n_good_reps"] == 0
    frames = ask("curves", "one.mp4", "--frames")
    assert {row["rep_id"] for row in frames} == {row["rep_id"] for row in halves}
    assert max(row["hip_progress_ratio"] for row in frames) == pytest.approx(1.0, abs=0.05)


def test_what_to_see_beside_a_repetition(ask, run):
    code, out, err = run("beside", "one.mp4")
    assert code == 0
    assert "all clear" in out + err
    for number in "12":
        ask("label", "clear", "one.mp4", number, "--rater", "Ann")
    rows = ask("beside", "one.mp4", "--rater", "Ann")
    assert [row["kind"] for row in rows] == ["best"] * N_REPS
    assert all(row["rep_id"] != row["other_rep_id"] for row in rows)
    assert ask("beside", "one.mp4", "--rater", "Bob") == []


def test_what_was_turned_down_and_why(ask, run, folder):
    assert ask("reps", "one.mp4", "--rejected") == []
    with Dataset.open(folder) as dataset:
        clip = dataset.clips.get("one.mp4")
        times = dataset.clips.times(clip.clip_id)
        course = cycles(times.pts_s, n_reps=4) + 0.3 * cycles(times.pts_s, n_reps=1, first_s=12.0)
        dataset.tracks.save(clip.clip_id, side_body(times, trunk_deg=90 * course, thigh_deg=course))
    (row,) = ask("reps", "one.mp4", "--rejected")
    assert row["reason"] == "goes 30% as far as the others"
    assert row["start_s"] == pytest.approx(12.0, abs=0.3)
    code, out, _ = run("reps", "one.mp4", "--rejected")
    assert code == 0
    assert "as far as the others" in out


def test_tables_are_for_people(run):
    code, out, _ = run("clips")
    assert code == 0
    assert "one.mp4" in out
    assert "{" not in out


def test_labels_in_list_and_undo(ask):
    ask("label", "set", "one.mp4", "2", "back_rounding", "2", "--rater", "anna")
    said = ("--confidence", "0.5", "--note", "bar hides it")
    ask("label", "set", "one.mp4", "3", "back_rounding", "NV", "--rater", "anna", *said)
    given = {label["rep"][-1]: label["answer"] for label in ask("label", "list")}
    assert given == {"2": "2", "3": "NV"}
    remarks = {(label["confidence"], label["note"]) for label in ask("label", "list")}
    assert remarks == {(None, None), (0.5, "bar hides it")}
    turn_s = next(rep["turn_s"] for rep in ask("reps", "one.mp4"))
    moment = ("--moment", f"{turn_s:.2f}")
    ask("label", "set", "one.mp4", "1", "back_rounding", "2", "--rater", "bo", *moment)
    (stamped,) = ask("label", "list", "--rater", "bo")
    assert stamped["moment_s"] == pytest.approx(turn_s, abs=1 / 30)
    ask("label", "undo", "one.mp4", "--rater", "bo")
    (undone,) = ask("label", "undo", "one.mp4", "--rater", "anna")
    assert undone["kind"] == "undo"
    assert [label["answer"] for label in ask("label", "list", "--rater", "anna")] == ["2"]
    ask("label", "redo", "one.mp4", "--rater", "anna")
    assert len(ask("label", "list")) == 2
    (cleared,) = ask("label", "clear", "one.mp4", "1", "--rater", "anna")
    assert {fact["answer"] for fact in cleared["labels"]} == {"0", "NV"}


def test_edges(ask):
    before = ask("reps", "one.mp4")[0]
    start = str(before["start_frame"] - 2)
    ask("label", "edges", "one.mp4", "1", "--start", start, "--rater", "anna")
    after = ask("reps", "one.mp4")[0]
    assert after["start_frame"] == before["start_frame"] - 2
    assert after["stop_frame"] == before["stop_frame"]
    assert (before["cut_by"], after["cut_by"]) == ("machine", "anna")


def test_tags_change_only_what_is_named(ask):
    (clip,) = ask("tag", "one.mp4", "--session", "S2")
    assert (clip["athlete"], clip["movement"], clip["session"]) == ("A01", "hinge", "S2")


def test_the_same_is_told_of_several_clips_at_once(ask, run, folder):
    with Dataset.open(folder) as dataset:
        add_hinges(dataset, "two.mp4")
    told = ask("tag", "one.mp4", "two.mp4", "--athlete", "A07")
    assert [(clip["file"], clip["athlete"]) for clip in told] == [
        ("one.mp4", "A07"),
        ("two.mp4", "A07"),
    ]
    assert run("tag", "one.mp4", "three.mp4", "--athlete", "A08")[0] == 1
    assert {clip["athlete"] for clip in ask("clips")} == {"A07"}, "all of them or none"


def test_features_and_rules(ask, run, tmp_path):
    rows = ask("features", "one.mp4")
    assert len(rows) == N_REPS
    assert rows[0]["trunk_incl_rom_deg"] == pytest.approx(70, abs=3)
    answers = ask("rules")
    states = {"fired", "passed", "too_close", "not_applicable"}
    assert {answer["state"] for answer in answers} <= states
    assert ask("rules", "one.mp4") == ask("rules", "ask", "one.mp4") == answers
    file = tmp_path / "features.csv"
    (written,) = ask("features", "--out", str(file))
    assert written["n_rows"] == N_REPS
    assert file.read_text().count("\n") == N_REPS + 1
    code, out, _ = run("features")
    assert code == 0
    assert "trunk_incl_rom_deg" in out


def test_features_as_changes_from_good_reps(ask, run):
    """Nothing to compare with is said on stderr; after four clear reps there is."""
    code, _, err = run("features", "--baseline", "--json")
    assert code == 0
    assert f"{N_REPS} of {N_REPS} repetitions have no baseline" in err
    for rep in range(1, N_REPS + 1):
        ask("label", "clear", "one.mp4", str(rep), "--rater", "anna")
    rows = ask("features", "--baseline")
    assert [row["has_baseline_ratio"] for row in rows] == [1.0] * N_REPS
    assert rows[0]["trunk_incl_rom_from_good_deg"] == pytest.approx(0.0, abs=3)
    assert "trunk_incl_rom_deg" not in rows[0]


def test_limits_of_the_rules(ask, run):
    rows = ask("rules", "limits")
    assert {"fault", "limit", "value", "uncertainty", "unit", "evidence", "source"} <= set(rows[0])
    (written,) = ask("rules", "limits", "--init")
    Path(written["path"]).write_text("[hip_delay]\nhip_progress_quarter_ratio = 0.07\n")
    changed = [row for row in ask("rules", "limits") if row["is_changed"]]
    assert [row["value"] for row in changed] == [0.07]
    assert ask("rules")[0]["version"] == changed[0]["version"] != rows[0]["version"]
    code, out, err = run("rules", "limits", "--init")
    assert (code, out) == (1, "")
    assert "Edit that one" in err
    Path(written["path"]).write_text("[hip_delay]\nhips = 0.07\n")
    code, _, err = run("rules")
    assert code == 1
    assert "got 'hips'" in err
    Path(written["path"]).unlink()
    code, out, err = run("rules", "limits", "--init")
    assert code == 0
    assert "edit it" in err
    code, out, _ = run("rules", "limits")
    assert code == 0
    assert "hip_progress_quarter_ratio" in out


def test_export_and_import(ask, run, tmp_path):
    ask("label", "set", "one.mp4", "2", "back_rounding", "2", "--rater", "anna")
    (written,) = ask("export", "--format", "csv", "--out", str(tmp_path / "out"))
    assert {"files", "path"} <= set(written)
    copy = str(tmp_path / "copy")
    (restored,) = ask("import", str(tmp_path / "out"), "--dataset", copy)
    assert (restored["n_clips"], restored["n_reps"]) == (1, N_REPS)
    assert ask("label", "list", "--dataset", copy) == ask("label", "list")
    code, _, err = run("import", str(tmp_path / "out"), "--dataset", copy)
    assert code == 1
    assert "expected an empty dataset" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("reps", "nobody.mp4"), "got 'nobody.mp4'"),
        (("label", "set", "one.mp4", "1", "nonsense", "1", "--rater", "a"), "got 'nonsense'"),
        (("label", "edges", "one.mp4", "1", "--rater", "a"), "expected at least one to move"),
        (("tag", "one.mp4", "--movement", "flying"), "movement: expected one of"),
        (("predict", "one.mp4", "--model", "nothing"), "expected a model folder"),
        (("train", "--fault", "back_rounding", "--out", "models/x"), "got none"),
    ],
)
def test_errors_are_one_message_with_a_way_out(run, words, message):
    code, out, err = run(*words)
    assert code == 1
    assert message in err
    assert out == ""
    assert "Traceback" not in err
    code, out, _ = run(*words, "--json")
    assert code == 1
    error = json.loads(out)["error"]
    assert message in error["message"]
    assert error["hint"]


def test_a_folder_that_is_no_dataset_is_not_made_one_by_looking(run, tmp_path):
    nowhere = tmp_path / "nowhere"
    code, _, err = run("clips", "--dataset", str(nowhere))
    assert code == 1
    assert "labeler ingest" in err
    assert not nowhere.exists()


def test_missing_files_fail_one_by_one_and_the_exit_code_tells(run, tmp_path):
    (empty := tmp_path / "empty").mkdir()
    code, out, _ = run("ingest", str(tmp_path / "a.mp4"), str(empty), "--json")
    results = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [result["status"] for result in results] == ["failed", "failed"]
    said = " ".join(result["error"]["message"] for result in results)
    assert "got nothing there" in said
    assert "expected videos in this folder, got none" in said


def test_what_the_system_refuses_is_one_message_and_the_others_go_on(run, tmp_path):
    endless = tmp_path / ("n" * 5000)
    code, out, err = run("ingest", str(endless), str(tmp_path / "a.mp4"), "--json")
    first, second = (json.loads(line)["error"] for line in out.splitlines())
    assert (code, err) == (1, "")
    assert "expected to read it, got: File name too long" in first["message"]
    assert first["hint"]
    assert "got nothing there" in second["message"]
    code, out, err = run("clips", "--dataset", str(endless))
    assert (code, out) == (1, "")
    assert "expected to read or write there, got: File name too long" in err
    assert "Traceback" not in err


def test_an_unreadable_file_does_not_keep_the_others_out(run, tmp_path, monkeypatch):
    (tmp_path / "locked.mp4").touch()
    monkeypatch.setattr(os, "access", lambda path, _mode: "locked" not in str(path))
    paths = [str(tmp_path / name) for name in ("locked.mp4", "missing.mp4")]
    code, out, _ = run("ingest", *paths, "--json")
    assert code == 1
    assert [json.loads(line)["path"] for line in out.splitlines()] == paths


def test_a_broken_model_is_listed_with_its_problem(ask, tmp_path):
    (tmp_path / "models" / "broken").mkdir(parents=True)
    (tmp_path / "models" / "broken" / "card.json").write_text("{")
    (model,) = ask("models", "--models", str(tmp_path / "models"))
    assert "expected a model card" in model["problem"]


def test_a_refused_import_makes_no_dataset(run, tmp_path):
    code, _, err = run("import", str(tmp_path), "--dataset", str(tmp_path / "new"))
    assert code == 1
    assert "manifest.json" in err
    assert not (tmp_path / "new").exists()


def test_names_are_printed_as_they_are(run, tmp_path):
    names = ["[/bold] :warning: [x].mp4", "ünïcode 深蹲.mp4", "two\nlines.mp4"]
    code, out, _ = run("ingest", *(str(tmp_path / name) for name in names))
    assert code == 1
    assert all(line in out for name in names for line in name.splitlines())
    code, _, err = run("clips", "--dataset", str(tmp_path / "[/red]"))
    assert code == 1
    assert "[/red]: expected a dataset" in err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_every_name_gets_through_every_encoding(folder, tmp_path, encoding):
    name = "深蹲 ü \udcff.mp4"  # the last character stands for a byte that is no text

    def call(*words: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "labeler", "ingest", name, *words, "--dataset", str(folder)],
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": encoding},
            check=False,
        ).stdout

    assert json.loads(call("--json").decode("ascii"))["path"] == name
    assert "nothing there" in call().decode(encoding)


@pytest.mark.parametrize(
    ("words", "said", "help_of"),
    [
        (("clips", "--nope"), "--nope", "labeler clips"),
        (("label", "set", "one.mp4"), "rep", "labeler label set"),
        (("label", "nope"), "nope", "labeler label"),
        (("agreement", "--threshold", "9"), "--threshold", "labeler agreement"),
        (("nonsense",), "nonsense", "labeler"),
    ],
)
def test_what_is_not_understood_is_json_for_programs_and_words_for_people(
    run, words, said, help_of
):
    code, out, err = run(*words, "--json")
    assert (code, err) == (2, "")
    error = json.loads(out)["error"]
    assert error["kind"] == "UsageError"
    assert said in error["message"]
    assert error["hint"] == f"See: {help_of} --help"
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_a_failure_keeps_its_exit_code_with_json(run, tmp_path):
    code, out, _ = run("ingest", tmp_path / "missing.mp4", "--json")
    assert code == 1
    assert json.loads(out)["error"]["message"]


def test_the_help_opens_without_the_heavy_libraries():
    code = "import sys; from labeler.cli.main import app; print(sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    heavy = {"mediapipe", "cv2", "sklearn", "pandas", "streamlit", "av"}
    assert not heavy & set(ast.literal_eval(loaded))


def test_the_workbench_is_refused_before_it_is_promised(command, tmp_path):
    (tmp_path / "holiday.jpg").touch()
    told = ("--port", "0", "--dataset", tmp_path)
    assert command("app", *told)[0] == 2, "no port is called 0"
    code, out, err = command("app", "--json", "--port", "8599", "--dataset", tmp_path)
    assert code == 1
    assert json.loads(out)["error"]["kind"] == "StoreError"
    assert "opens" not in err
