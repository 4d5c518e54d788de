"""What a coach does with models, typed: list, compare, promote, retire, trust, share, detect."""

import json

import pytest
from support_datasets import N_REPS, new_dataset
from support_models import BEATS, FAULT, NOT_SHOWN, add_rated_athletes, quick_model

from labeler.learn import signing

ANN = ("--rater", "Ann")


@pytest.fixture
def ask(command, monkeypatch, tmp_path):
    """Run a command with --json on rated clips and two models; gives its lines."""
    with new_dataset(tmp_path) as dataset:
        add_rated_athletes(dataset, 2)
        quick_model(dataset, tmp_path / "models" / "good", BEATS)
        quick_model(dataset, tmp_path / "models" / "weak", NOT_SHOWN)
    monkeypatch.setenv("LABELER_DATASET", str(dataset.folder))
    monkeypatch.setenv("LABELER_MODELS", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)

    def call(*words):
        code, out, err = command(*words, "--json")
        lines = [json.loads(line) for line in out.splitlines()]
        assert code == 0, (lines, err)
        return lines

    return call


def test_a_model_is_promoted_asked_and_retired(ask, command):
    assert {row["detector"] for row in ask("detect", "dip0.mp4", "--fault", FAULT)} == {"rule"}
    (made,) = ask("models", "promote", "good", *ANN)
    assert (made["model"], made["by"], made["movements"]) == ("good", "Ann", ["hinge"])
    rows = ask("detect", "dip0.mp4", "--fault", FAULT)
    assert [row["detector"] for row in rows] == ["model good"] * N_REPS
    assert {row["answer"] for row in rows} == {"present"}
    listed = {row["model"]: row["in_force"] for row in ask("models")}
    assert listed == {"good": ["hinge"], "weak": []}
    (gone,) = ask("models", "retire", "good", *ANN, "--reason", "too eager")
    assert (gone["action"], gone["reason"]) == ("retire", "too eager")
    assert [row["action"] for row in ask("models", "history")] == ["promote", "retire"]
    for words, told in (
        (("promote", "good", *ANN), "good speaks for"),
        (("retire", "good", *ANN), "good is retired"),
        (("list",), "weak"),
        (("compare", "good", "weak"), "Verdict"),
    ):
        code, out, err = command("models", *words)
        assert code == 0
        assert told in " ".join((out + err).split())


def test_promotion_without_proof_asks_for_a_reason(ask, command):
    code, out, _ = command("models", "promote", "weak", *ANN, "--json")
    assert code == 1
    assert "not shown" in json.loads(out)["error"]["message"]
    (made,) = ask("models", "promote", "weak", *ANN, "--despite", "the rule is blind here")
    assert made["is_override"] is True


def test_two_models_are_compared(ask):
    rows = {row["what"]: row for row in ask("models", "compare", "good", "weak")}
    assert (rows["Verdict"]["first"], rows["Verdict"]["second"]) == (
        "beats the rules",
        "not shown",
    )


def test_what_changed_between_two_models_is_told(ask, command):
    assert ask("models", "changes", "good", "weak") == []
    code, _, err = command("models", "changes", "good", "weak")
    assert code == 0
    assert "nothing to compare" in err


def test_a_model_from_elsewhere_is_trusted_after_a_look(ask, command, monkeypatch, tmp_path):
    (sent,) = ask("models", "share", "good", "for-kim/good")
    assert sent["members"] == ["logistic regression"]
    code, _, err = command("models", "share", "good", "for-lee/good")
    assert code == 0
    assert "labeler models trust good" in " ".join(err.split())
    monkeypatch.setenv(signing.CONFIG_VARIABLE, str(tmp_path / "kims"))
    code, out, _ = command("predict", "dip0.mp4", "--model", "for-kim/good", "--json")
    assert code == 1
    assert "signed by another installation" in json.loads(out)["error"]["message"]
    code, out, _ = command("models", "trust", "for-kim/good", *ANN, "--json")
    assert code == 1
    assert "expected --yes" in json.loads(out)["error"]["message"]
    monkeypatch.setattr("typer.confirm", lambda *_, **__: True)
    code, _, err = command("models", "trust", "for-kim/good", *ANN)
    assert code == 0
    assert "# good" in err
    assert "runs no code of its own" in " ".join(err.split())
    assert ask("predict", "dip0.mp4", "--model", "for-kim/good")
    (made,) = ask("models", "trust", "for-kim/good", *ANN, "--revoke", "--reason", "an old one")
    assert made["is_trusted"] is False
    (again,) = ask("models", "trust", "for-kim/good", *ANN, "--yes")
    assert again["is_trusted"] is True


def test_detect_says_why_there_is_nothing(ask, command):
    code, _, err = command("detect", "dip0.mp4", "--fault", "nonsense")
    assert code == 0
    assert "No rule and no promoted model answers about that fault." in err


def test_answers_about_all_clips_are_written_with_the_name_of_who_gave_them(ask, tmp_path):
    import pandas as pd

    ask("models", "promote", "good", *ANN)
    (written,) = ask("detect", "--out", str(tmp_path / "all.csv"))
    table = pd.read_csv(tmp_path / "all.csv")
    assert len(table) == written["n_rows"]
    assert table["rep_id"].nunique() == 4 * N_REPS
    assert set(table.loc[table["fault"] == FAULT, "detector"]) == {"model good"}
    assert set(table.loc[table["fault"] != FAULT, "detector"]) == {"rule"}
    ask("detect", "--fault", "nonsense", "--out", str(tmp_path / "none.csv"))
    assert pd.read_csv(tmp_path / "none.csv").empty
