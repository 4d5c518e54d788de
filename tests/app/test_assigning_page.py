"""Who rates the chosen sets: told on the library page."""

import pytest
from streamlit.testing.v1 import AppTest
from support_datasets import TAGS, add_hinges

from labeler.core.label import ActionKind
from labeler.workflows.labeling import all_clear

TIMEOUT_S = 60


@pytest.fixture
def bench(empty):
    """Two sets that nobody is assigned to."""
    for name in ("one.mp4", "two.mp4"):
        add_hinges(empty.dataset, name, tags=TAGS)
    return empty


def show() -> None:
    """The form for both sets, as a script of its own."""
    from labeler.app.pages.assign_parts import assignment
    from labeler.app.state import workbench

    bench = workbench()
    assignment(bench, bench.dataset.clips.all())


def opened() -> AppTest:
    return fine(AppTest.from_function(show, default_timeout=TIMEOUT_S).run())


def fine(app: AppTest) -> AppTest:
    assert not app.exception, app.exception[0].message
    return app


def press(app: AppTest, label: str) -> AppTest:
    return fine(next(found for found in app.button if found.label == label).click().run())


def assigned(bench):
    found = bench.dataset.journal.assignments()
    return sorted((one.rater, one.repeat_ratio, one.by) for one in found)


def test_sets_are_shared_out_and_taken_away(bench):
    app = opened()
    assert "Nobody is assigned" in app.caption[0].value
    raters, by = app.text_input
    raters.set_value("Ann, Ben")
    by.set_value("Eve")
    app.number_input[0].set_value(1)
    app.number_input[1].set_value(10)
    press(app, "Assign")
    assert assigned(bench) == [("Ann", 0.1, "Eve"), ("Ben", 0.1, "Eve")]
    assert "(1 of 2)" in app.caption[0].value
    press(app, "Take away")
    assert assigned(bench) == []
    told = [one for one in bench.dataset.journal.actions() if one.kind is ActionKind.ASSIGN]
    assert {one.client for one in told} == {"app"}, "the history tells a page from a command"


def test_how_far_everybody_is_stands_by_fault_and_rater(bench):
    app = opened()
    fine(app.toggle[0].set_value(True).run())
    assert "Nobody has answered anything" in app.caption[-1].value
    clip = bench.dataset.clips.all()[0]
    all_clear(bench.dataset, clip, rep="1", rater="Ann")
    all_clear(bench.dataset, clip, rep="2", rater="Ben")
    all_clear(bench.dataset, clip, rep="3", rater="Ben")
    fine(app.run())
    told = app.dataframe[0].value.set_index("Fault").loc["Back rounding"]
    assert (told["Ann"], told["Ben"]) == ("1 of 8", "2 of 8")


def test_what_is_missing_is_said(bench):
    app = opened()
    press(app, "Assign")
    assert "expected at least one name" in app.error[0].value
    app.text_input[0].set_value("Ann")
    press(app, "Assign")
    assert "rater: expected a name, got none" in app.error[0].value
    assert assigned(bench) == []
