"""Results: the verdict first, every figure with its numbers, slow checks on request, old cards."""

import json
from dataclasses import replace

import pytest
from app.test_pages import button, fine, opened, texts
from support_models import FAULT, NOT_SHOWN, add_rated_athletes, quick_model

from labeler.app.pages import results, results_chart_parts
from labeler.evaluate import curves, permutation
from labeler.evaluate.charts import Chart, Form, Guide, Point, Series
from labeler.evaluate.comparison_charts import comparison_charts
from labeler.learn.card import read_card
from labeler.workflows.training import TrainingWish, train_model


@pytest.fixture
def trained(empty, monkeypatch):
    """A model of four athletes; few draws, so that a test takes seconds."""
    monkeypatch.setattr(permutation, "N_PERMUTATIONS", 3)
    monkeypatch.setattr(curves, "N_REPEATS", 1)
    add_rated_athletes(empty.dataset, 4)
    train_model(empty.dataset, TrainingWish(FAULT, empty.models_folder / "dip"), tell=str)
    return empty


def folds(app):
    return [fold.label for fold in app.expander]


def test_the_verdict_stands_before_the_table_and_the_table_before_the_folds(trained):
    app = opened("results")
    said = texts(app)
    assert "The model is right in" in said
    assert "Leak alarm" in said
    table = app.dataframe[0].value
    assert table["Method"].iloc[0] == "The model"
    assert {"Balanced accuracy", "AUPRC", "κ with raters", "Worst"} <= set(table.columns)
    assert "Brier" not in table.columns
    card = read_card(trained.models_folder / "dip")
    titles = [chart.title for chart in comparison_charts(card.metrics) if chart.key != "methods"]
    assert folds(app)[: len(titles)] == titles
    assert "All methods and numbers" in folds(app)


def test_an_unfolded_figure_has_its_numbers(trained):
    before = len(opened("results").dataframe)
    app = opened("results", **{"fold-athletes": True, "fold-abstention": True})
    assert len(app.dataframe) == before + 2
    columns = [list(frame.value.columns) for frame in app.dataframe]
    assert ["Athlete", "Reps", "With the fault", "The model", "Rules"] in columns


def test_slow_checks_are_worked_out_when_asked(trained):
    app = opened("results")
    assert "Would more athletes or labels help?" in folds(app)
    fine(button(app, "Work them out").click().run())
    app = opened("results")
    assert "Would more athletes or labels help?" not in folds(app)
    assert "What more athletes would teach" in folds(app)
    file = trained.models_folder / "dip" / "checks.json"
    plain = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**plain, "label_digest": "other"}), encoding="utf-8")
    assert "of labels given since the training" in texts(opened("results"))


def test_a_card_of_before_is_shown_with_what_it_has(empty):
    """Its metrics have neither athletes nor slices nor κ, and no figure asks for them."""
    add_rated_athletes(empty.dataset, 2)
    share = {"value": 0.8, "low": 0.7, "high": 0.9}
    row = {"method": "model", "n_reps": 16, "n_present": 8, "prevalence": 0.5, "worst": None}
    row["estimates"] = dict.fromkeys(("auprc", "auroc", "balanced_accuracy", "f1", "brier"), share)
    told = {"rows": [row], "differences": [], "optimism": 0.02, "group_word": "athlete"}
    quick_model(empty.dataset, empty.models_folder / "old", {**NOT_SHOWN, **told})
    app = opened("results")
    assert "not shown to be better" in texts(app)
    assert "Athlete by athlete" not in folds(app)
    assert "κ with raters" not in app.dataframe[0].value.columns


def test_a_model_that_cannot_be_asked_can_still_be_read(empty):
    """Its file is not opened, its card is: scores stay, answers do not. Usable ones come first."""
    add_rated_athletes(empty.dataset, 2)
    quick_model(empty.dataset, empty.models_folder / "altered", NOT_SHOWN)
    (empty.models_folder / "altered" / "model.joblib").write_bytes(b"changed")
    app = opened("results")
    assert len(app.warning) == 1
    assert "cannot be asked" in app.selectbox[0].options[0]
    assert "not shown to be better" in texts(app) or "cannot be told" in texts(app)
    app = opened("results", **{results.LAST_TAB: results.ANSWERS})
    assert "This model cannot be asked." in texts(app)
    quick_model(empty.dataset, empty.models_folder / "whole", NOT_SHOWN)
    first, second = opened("results").selectbox[0].options
    assert "(whole)" in first
    assert "(altered)" in second


def test_every_form_is_drawn():
    """Also where nothing is known of a point, or of its interval."""
    import altair as alt

    nan = float("nan")
    for form in Form:
        chart = Chart(
            key="k",
            title="t",
            reading="r",
            x_title="x",
            y_title="y",
            x_range=(0.0, 1.0),
            y_range=(0.0, 1.0),
            series=[Series("s", form, [Point(0.5, 0.5, 0.1, 0.9), Point(nan, 0.2), Point(0.1, 0)])],
            head=(),
            cells=(),
            guides=[Guide("g", (0.0, 0.0), (1.0, 1.0))],
        )
        for one in (chart, replace(chart, categories=("a", "b"))):
            rows = results_chart_parts._rows(one, one.series[0])
            assert [row["x"] for row in rows] == [0.5, 0.1]
            layers = results_chart_parts._layers(alt, one, one.series[0])
            spec = alt.layer(results_chart_parts._guides(alt, one), *layers).to_dict()
            assert "NaN" not in json.dumps(spec)
            assert len(spec["layer"]) == 3
