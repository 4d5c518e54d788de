"""`labeler import-pose`: one line per file, and exit code 1 when one of them failed."""

import json

import numpy as np
import pytest
import support_foreign as foreign
from support_bodies import hinge, steady_times

TRACK = hinge(steady_times(14.0, 30.0), n_reps=4)


@pytest.fixture
def run(command, tmp_path):
    """Run the command in an empty dataset; gives the exit code, stdout and stderr."""

    def call(*words: object) -> tuple[int, str, str]:
        return command("import-pose", *words, "--dataset", tmp_path / "ds")

    return call


@pytest.fixture
def file(tmp_path):
    return foreign.write_keypoint_json(tmp_path / "hinges.json", TRACK.xy_px, fps=30)


def test_a_table_for_people_and_lines_for_programs(run, file, tmp_path):
    words = (file, tmp_path / "nothing.json", "--movement", "hinge", "--view", "side")
    code, out, _ = run(*words, "--json")
    assert code == 1
    good, bad = (json.loads(line) for line in out.splitlines())
    assert (good["status"], good["n_reps"], good["n_frames"]) == ("ingested", 4, 420)
    assert (bad["status"], bad["error"]["hint"]) == (
        "failed",
        "Check the path for a typing mistake.",
    )
    code, out, _ = run(file)
    assert code == 0
    assert "already" in out


def test_every_option_arrives(run, tmp_path):
    points = np.tile(foreign.standing_m(30)[..., (0, 2, 1)] * [100, 100, -100], (1, 1, 1))
    path = foreign.write_plain_csv(tmp_path / "a.csv", points, foreign.names(), unit="")
    names = tmp_path / "names.toml"
    names.write_text('[landmarks]\nleft_hip = "left_hip"\n')
    told = ("--format", "plain", "--fps", "50", "--unit", "cm", "--up", "y", "--heading", "-1,0")
    more = ("--names", names, "--athlete", "A1", "--session", "S1", "--view", "front")
    code, out, err = run(path, *told, *more, "--json")
    assert code == 0, out + err
    assert json.loads(out)["fps_median"] == pytest.approx(50)
    code, out, err = run(path, "--size", "3")
    assert (code, out) == (1, "")
    assert "size: expected" in err


def test_an_interrupted_import_says_that_it_may_be_started_again(run, file, tmp_path, monkeypatch):
    def interrupted(*_args, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr("labeler.workflows.importing_poses.import_poses", interrupted)
    code, out, err = run(file, tmp_path / "other.json")
    assert (code, out) == (130, "")
    assert "run the same command again" in err
