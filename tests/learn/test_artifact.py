"""A model folder: written whole, opened only when everything about it fits."""

import json
from dataclasses import replace

import joblib
import pytest
from learn.toy_reps import toy_table

from labeler.core.errors import LearningError
from labeler.core.finding import Finding, Level
from labeler.features.registry import features_version
from labeler.learn.artifact import athlete_digest, load_model, make_card, save_model
from labeler.learn.card import (
    CARD_FILE,
    MODEL_FILE,
    ModelFolderError,
    ModelMismatchError,
    installed,
    list_models,
    read_card,
    sha256_of,
)
from labeler.learn.train import train

ALPHABET = "ABCDEFGHIJKLMNOP"
NOTE = Finding("one_athlete", "only one", Level.BAD)


@pytest.fixture(scope="module")
def made():
    table = toy_table()
    model = train(table, name="toy")
    card = make_card(model, table, metrics={"auprc": 0.5}, findings=(NOTE,))
    return table, model, card


@pytest.fixture
def folder(made, tmp_path):
    _, model, card = made
    save_model(model, card, tmp_path / "models" / "toy")
    return tmp_path / "models" / "toy"


def edit_card(folder, **changes):
    card = json.loads((folder / CARD_FILE).read_text())
    (folder / CARD_FILE).write_text(json.dumps({**card, **changes}))


def test_what_is_saved_comes_back(made, folder):
    table, model, card = made
    loaded, read = load_model(folder)
    expected = model.classifier.probability(table.features)
    assert (loaded.classifier.probability(table.features) == expected).all()
    assert (loaded.name, loaded.fault, loaded.threshold) == ("toy", model.fault, model.threshold)
    assert read.sha256 == sha256_of(folder / MODEL_FILE)
    assert read.as_dict() == {
        **card.as_dict(),
        "sha256": read.sha256,
        "signature": dict(read.signature),
    }
    assert read.findings == (NOTE,)


@pytest.mark.parametrize(("athletes", "is_calibrated"), [("AB", False), (ALPHABET, True)])
def test_calibration_comes_back(tmp_path, athletes, is_calibrated):
    table = toy_table(athletes=athletes)
    model = train(table, name="toy")
    save_model(model, make_card(model, table), tmp_path / "toy")
    loaded, card = load_model(tmp_path / "toy")
    assert loaded.is_calibrated == is_calibrated
    expected = [member.calibration for member in model.classifier.members]
    assert [member.calibration for member in loaded.classifier.members] == expected
    assert any("to calibrate" in limit for limit in card.limits) != is_calibrated


def test_the_card_tells_what_it_was_trained_on(made):
    seen = made[2].trained_on
    assert (seen.n_reps, seen.n_present, seen.n_athletes, seen.n_sets, seen.n_clips) == (
        (48, 24, 6, 6, 6)
    )
    assert (seen.movements, seen.views, seen.fps_range) == (("deadlift",), ("side",), (30.0, 30.0))
    assert seen.raters == ("Kim",)
    assert athlete_digest("A") in seen.athlete_digests
    assert made[2].libraries["scikit-learn"] == installed("scikit-learn")


def test_athletes_names_stay_out_of_the_card(folder):
    assert '"A"' not in (folder / CARD_FILE).read_text()


def test_a_tampered_model_file_is_not_opened(folder, monkeypatch):
    monkeypatch.setattr(joblib, "load", lambda _: pytest.fail("the file was opened"))
    with (folder / MODEL_FILE).open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(ModelMismatchError, match="toy: sha256 of the model file: expected"):
        load_model(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"card_format": 99}, "card format: expected 2, got 99"),
        ({"libraries": {"scikit-learn": "0.1"}}, "scikit-learn: expected 0.1, got "),
        ({"libraries": {}}, "scikit-learn: expected None, got "),
        ({"features_version": "0"}, "version of the features: expected 0, got "),
    ],
)
def test_another_version_is_refused_before_opening(folder, changes, message, monkeypatch):
    monkeypatch.setattr(joblib, "load", lambda _: pytest.fail("the file was opened"))
    edit_card(folder, **changes)
    with pytest.raises(ModelMismatchError, match=message) as raised:
        load_model(folder)
    assert "Train the model again" in raised.value.hint


@pytest.mark.parametrize(
    "text",
    ["", "[1]", "{}", '{"card_format": 1}', '{"card_format": 1, "trained_on": {}, "findings": []}'],
)
def test_a_broken_card_says_so(folder, text):
    (folder / CARD_FILE).write_text(text)
    with pytest.raises(ModelFolderError, match=r"toy/card.json: expected a model card, got"):
        read_card(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"threshold": "0.5"},
        {"sha256": None},
        {"extra": 1},
        {"model_file": "../other.joblib"},
    ],
)
def test_a_card_with_a_wrong_field_is_broken(folder, changes):
    edit_card(folder, **changes)
    with pytest.raises(ModelFolderError, match="a broken one"):
        read_card(folder)


def test_missing_files_are_named(folder, tmp_path):
    with pytest.raises(ModelFolderError, match=r"expected a model folder with card.json, got none"):
        load_model(tmp_path)
    (folder / MODEL_FILE).unlink()
    with pytest.raises(ModelFolderError, match=r"expected model.joblib beside the card, got none"):
        load_model(folder)


def test_another_object_in_the_file_is_refused(folder):
    joblib.dump({"not": "a model"}, folder / MODEL_FILE)
    card = replace(read_card(folder), sha256=sha256_of(folder / MODEL_FILE)).signed()
    card.write(folder)
    with pytest.raises(ModelFolderError, match="expected the model of its card"):
        load_model(folder)


def test_a_taken_name_is_only_replaced_when_asked(made, folder):
    _, model, card = made
    with pytest.raises(ModelFolderError, match="a model that is already there"):
        save_model(model, card, folder)
    save_model(model, card, folder, is_replacing=True)
    assert load_model(folder)[1].name == "toy"
    assert [path.name for path in folder.parent.iterdir()] == ["toy"]


def test_what_is_not_a_model_is_never_replaced(made, tmp_path):
    _, model, card = made
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(ModelFolderError, match="got something else there"):
        save_model(model, card, tmp_path, is_replacing=True)
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_a_failed_save_leaves_nothing_and_keeps_the_old_model(made, folder, monkeypatch):
    _, model, card = made

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(folder), "write_bytes", full_disk)
    with pytest.raises(ModelFolderError, match="got No space left on device"):
        save_model(model, card, folder, is_replacing=True)
    assert [path.name for path in folder.parent.iterdir()] == ["toy"]
    assert load_model(folder)[1].name == "toy"


def test_a_failed_rename_brings_the_old_model_back(made, folder, monkeypatch):
    _, model, card = made
    rename = type(folder).rename

    def fails_for_the_new_one(path, target):
        if path.suffix == ".new":
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(type(folder), "rename", fails_for_the_new_one)
    with pytest.raises(ModelFolderError, match="Input/output error"):
        save_model(model, card, folder, is_replacing=True)
    assert [path.name for path in folder.parent.iterdir()] == ["toy"]


def test_models_are_listed_with_their_problems(folder):
    broken = folder.with_name("broken")
    broken.mkdir()
    (broken / CARD_FILE).write_text("{")
    folder.with_name("no model").mkdir()
    found = list_models(folder.parent, features_version=features_version())
    assert [(model.folder.name, model.card is not None) for model in found] == [
        ("broken", False),
        ("toy", True),
    ]
    assert isinstance(found[0].problem, LearningError)
    assert found[1].problem is None
    assert list_models(folder / "nowhere", features_version=features_version()) == []


def test_a_library_that_is_not_installed_is_unknown():
    assert installed("no-such-library-here") == "unknown"
