"""Models on the Train page: who speaks, promote, retire, trust, compare and share."""

import json

import pytest
from app.test_pages import fine, opened, texts
from support_models import BEATS, NOT_SHOWN, add_rated_athletes, quick_model

from labeler.app import state
from labeler.app.pages import train
from labeler.learn import signing
from labeler.learn.artifact import load_model
from labeler.learn.card import CARD_FILE
from labeler.workflows.promoting import current, history, promote


@pytest.fixture
def bench(empty):
    add_rated_athletes(empty.dataset, 2)
    return empty


def models_page(**told):
    return opened("train", **{train.LAST_TAB: train.MODELS, state.RATER: "Ann", **told})


def click(app, label):
    return fine(next(one for one in app.button if one.label == label).click().run())


def field(app, label):
    return next(one for one in app.text_input if one.label == label)


def test_without_models_the_rules_speak(bench):
    assert "No models yet." in texts(models_page())
    assert "hand-written rule" in texts(models_page())


def test_a_proven_model_is_promoted_and_retired_by_name(bench):
    quick_model(bench.dataset, bench.models_folder / "dip", BEATS)
    app = models_page()
    (line,) = app.dataframe[0].value.to_dict("records")
    assert list(line["Speaks for"]) == []
    assert (line["State"], line["Verdict"]) == ("Can be used", "Beats the rules")
    app = click(app, "Promote")
    (line,) = app.dataframe[0].value.to_dict("records")
    assert list(line["Speaks for"]) == ["Hip hinge"]
    assert line["State"] == "Speaks"
    field(app, "Why").set_value("too eager")
    app = click(app, "Retire")
    assert current(bench.dataset.folder) == {}
    assert [(one.by, one.reason) for one in history(bench.dataset.folder)] == [
        ("Ann", ""),
        ("Ann", "too eager"),
    ]
    lines = app.dataframe[1].value
    assert next(iter(lines["Why"])) == "too eager", "newest first"


def test_a_model_without_proof_needs_a_written_reason(bench):
    quick_model(bench.dataset, bench.models_folder / "dip", NOT_SHOWN)
    app = models_page()
    assert "not shown to be better than the hand-written rules" in texts(app)
    app = click(app, "Promote")
    assert "write down why" in texts(app)
    field(app, "Why promote it all the same").set_value("the rule is blind in swings")
    click(app, "Promote")
    (made,) = history(bench.dataset.folder)
    assert (made.is_override, made.reason) == (True, "the rule is blind in swings")


def test_nobody_without_a_name_decides(bench):
    quick_model(bench.dataset, bench.models_folder / "dip", BEATS)
    app = models_page(**{state.RATER: None})
    assert "gives a name" in texts(app)
    assert "Promote" not in {one.label for one in app.button}


def test_a_model_from_elsewhere_is_trusted_after_a_look(bench, monkeypatch, tmp_path):
    folder = bench.models_folder / "dip"
    quick_model(bench.dataset, folder)
    monkeypatch.setenv(signing.CONFIG_VARIABLE, str(tmp_path / "another"))
    app = models_page()
    assert "signed by another installation" in texts(app)
    assert "Intended use" in texts(app)
    app = click(app, "Trust it on this computer")
    assert "Read its card first" in texts(app)
    next(one for one in app.checkbox if "read its card" in one.label).set_value(True)
    app = click(app, "Trust it on this computer")
    assert load_model(folder)[1].name == "dip"
    assert "Can be used" in set(app.dataframe[0].value["State"])


def test_a_broken_model_says_what_is_wrong(bench):
    folder = bench.models_folder / "dip"
    quick_model(bench.dataset, folder)
    card = json.loads((folder / CARD_FILE).read_text())
    (folder / CARD_FILE).write_text(json.dumps({**card, "sha256": "0"}))
    app = models_page()
    assert "sha256 of the model file" in texts(app)
    assert "Trust it on this computer" not in {one.label for one in app.button}


def test_a_promoted_model_that_broke_says_that_its_rule_speaks_and_can_be_retired(bench):
    folder = bench.models_folder / "dip"
    quick_model(bench.dataset, folder)
    promote(bench.dataset, folder, by="Ann")
    quick_model(bench.dataset, folder, NOT_SHOWN)
    state_then = models_page().dataframe[0].value["State"].iloc[0]
    assert state_then == "Trained again since: its rule speaks"
    quick_model(bench.dataset, folder)
    promote(bench.dataset, folder, by="Ann")
    (folder / "model.joblib").write_bytes(b"damaged")
    app = models_page()
    assert app.dataframe[0].value["State"].iloc[0] == "Cannot be used: its rule speaks"
    click(app, "Retire")
    assert current(bench.dataset.folder) == {}


def test_two_models_stand_side_by_side(bench):
    quick_model(bench.dataset, bench.models_folder / "a", BEATS)
    quick_model(bench.dataset, bench.models_folder / "b", NOT_SHOWN)
    app = models_page()
    other = next(one for one in app.selectbox if one.label == "Compare it with")
    app = fine(other.set_value("b").run())
    table = app.dataframe[-1].value
    assert {"a", "b", "Differs"} <= set(table.columns)
    assert next(iter(table["Differs"])) == "yes", "what differs comes first"


def test_a_model_is_prepared_for_somebody_else(bench):
    quick_model(bench.dataset, bench.models_folder / "dip", BEATS)
    app = click(models_page(), "Prepare to share")
    assert "It travels with logistic regression" in texts(app)


def test_a_model_of_made_up_athletes_says_for_which_clips_it_speaks(empty):
    add_rated_athletes(empty.dataset, 2, is_synthetic=True)
    quick_model(empty.dataset, empty.models_folder / "dip", BEATS)
    assert "synthetic clips only" in texts(models_page())
    promote(empty.dataset, empty.models_folder / "dip", by="Ann")
    (line,) = models_page().dataframe[0].value.to_dict("records")
    assert line["Learned from"].endswith("of 2 athletes, synthetic")
    assert line["State"] == "Speaks"
