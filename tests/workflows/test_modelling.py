"""Models listed, compared, trusted and sent to somebody."""

import json
from dataclasses import replace

import numpy as np
import pytest
import skops.io as sio
from support_models import BEATS, NOT_SHOWN, add_rated_athletes, quick_model

from labeler.core.errors import LearningError
from labeler.learn import signing
from labeler.learn.artifact import load_model, write_model
from labeler.learn.card import (
    CARD_FILE,
    MODEL_FILE,
    SHARED_FILE,
    ModelMismatchError,
    UntrustedModelError,
    read_card,
)
from labeler.learn.sharing import SharedModelError
from labeler.learn.signing import Standing
from labeler.workflows.deriving import learned_from
from labeler.workflows.modelling import compared, distrust, listed, review, share, trust
from labeler.workflows.promoting import promote


@pytest.fixture
def rated(dataset):
    add_rated_athletes(dataset)
    return dataset


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def another_installation(monkeypatch, tmp_path):
    monkeypatch.setenv(signing.CONFIG_VARIABLE, str(tmp_path / "another"))


def test_the_list_says_what_each_model_speaks_for(rated, models):
    quick_model(rated, models / "first")
    quick_model(rated, models / "second")
    promote(rated, models / "second", by="Ann")
    rows = {row["model"]: row["in_force"] for row in listed(models, rated.folder)}
    assert rows == {"first": [], "second": ["hinge"]}
    assert [row["in_force"] for row in listed(models)] == [[], []]
    quick_model(rated, models / "second", NOT_SHOWN)
    (_, second) = listed(models, rated.folder)
    assert (second["in_force"], second["lapsed"]) == ([], ["hinge"]), "another one was promoted"


def test_two_cards_stand_side_by_side(rated, models):
    share_right = {"value": 0.8, "low": 0.7, "high": 0.9}
    worst = {"name": "athlete 3", "balanced_accuracy": 0.5}
    row = {"method": "model", "estimates": {"auprc": share_right}, "worst": worst}
    quick_model(rated, models / "first", {**BEATS, "rows": [row]})
    quick_model(rated, models / "second", NOT_SHOWN)
    rows = {row["what"]: row for row in compared(models / "first", models / "second")}
    assert rows["AUPRC"]["first"] == "0.80 (0.70 to 0.90)"
    assert rows["AUPRC"]["second"] == "cannot tell"
    assert rows["Verdict"]["differs"] == "yes"
    assert rows["Worst"]["first"] == "0.50"
    assert rows["Digest"]["differs"] == "", "both learned from the same data"
    with pytest.raises(LearningError, match="expected a model folder"):
        compared(models / "first", models / "nothing")


def test_a_model_of_another_installation_is_looked_at_trusted_and_opened(
    rated, models, monkeypatch, tmp_path
):
    quick_model(rated, models / "dip")
    another_installation(monkeypatch, tmp_path)
    with pytest.raises(UntrustedModelError):
        load_model(models / "dip")
    looked = review(models / "dip")
    assert looked.standing is Standing.FOREIGN
    assert "runs whatever code its author put into the file" in looked.words
    assert "# dip" in looked.page
    made = trust(looked, by=" Kim ", reason="my colleague trained it")
    assert (made.by, made.model) == ("Kim", "dip")
    assert load_model(models / "dip")[1].name == "dip"
    distrust(models / "dip", by="Kim")
    with pytest.raises(UntrustedModelError):
        load_model(models / "dip")


def test_what_its_card_does_not_describe_cannot_be_trusted(rated, models):
    quick_model(rated, models / "dip")
    with (models / "dip" / MODEL_FILE).open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(ModelMismatchError, match="sha256 of the model file"):
        review(models / "dip")


def test_a_shared_model_travels_without_code_and_names_and_answers_the_same(
    rated, models, monkeypatch, tmp_path
):
    quick_model(rated, models / "dip")
    here, _ = load_model(models / "dip")
    sent = share(models / "dip", tmp_path / "theirs" / "dip")
    assert sent.trained_on.raters == ("rater 1",)
    names = {path.name for path in (tmp_path / "theirs" / "dip").iterdir()}
    assert names == {CARD_FILE, "card.md", SHARED_FILE}
    another_installation(monkeypatch, tmp_path)
    folder = tmp_path / "theirs" / "dip"
    with pytest.raises(UntrustedModelError):
        load_model(folder)
    looked = review(folder)
    assert looked.is_shared
    assert "labeler.learn.committee.Committee" in looked.wanted_types
    assert "runs no code of its own" in looked.words
    trust(looked, by="Kim")
    there, _ = load_model(folder)
    features, series = learned_from(rated)
    expected = here.classifier.probability(features, series)
    assert np.array_equal(there.classifier.probability(features, series), expected)


def test_a_shared_folder_with_a_stranger_inside_is_never_trusted(rated, models, tmp_path):
    card = replace(quick_model(rated, models / "dip"), model_file=SHARED_FILE)
    content = sio.dumps({"a": tmp_path})
    write_model(content, card, models / "bad")
    with pytest.raises(SharedModelError, match=r"wants to build .*PosixPath"):
        review(models / "bad")
    with pytest.raises(SharedModelError, match="It was not opened"):
        load_model(models / "bad")


def test_sharing_refuses_what_may_not_be_opened_and_what_is_taken(rated, models, tmp_path):
    quick_model(rated, models / "dip")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    with pytest.raises(LearningError, match="got something else there"):
        share(models / "dip", tmp_path / "taken")
    file = models / "dip" / CARD_FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), "signature": None}))
    with pytest.raises(UntrustedModelError):
        share(models / "dip", tmp_path / "out")
    assert read_card(models / "dip").signature is None


def test_a_card_with_nonsense_for_numbers_is_refused_in_words(rated, models):
    quick_model(rated, models / "dip")
    file = models / "dip" / CARD_FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), "metrics": {"rows": [3]}}))
    for look in (lambda: review(models / "dip"), lambda: compared(models / "dip", models / "dip")):
        with pytest.raises(LearningError, match="expected a card with the numbers of a test"):
            look()
