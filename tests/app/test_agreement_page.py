"""The agreement page: what it says before two raters have met, and what it shows after."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support_raters import add_rated_sets, simulated_severities

from labeler.app import state

TIMEOUT_S = 60
RATERS = ("Ann", "Ben", "Cara")


@pytest.fixture
def bench(empty):
    """A workbench on an empty dataset."""
    return empty


def show() -> None:
    """The page, as a script of its own."""
    from labeler.app.pages import agreement
    from labeler.app.state import workbench
    from labeler.app.widgets import errors_shown

    with errors_shown():
        agreement.render(workbench())


def opened(**told: object) -> AppTest:
    """The page after its first run; `told` goes into the session."""
    app = AppTest.from_function(show, default_timeout=TIMEOUT_S)
    for name, value in told.items():
        app.session_state[name] = value
    return fine(app.run())


def fine(app: AppTest) -> AppTest:
    """The page, having shown no traceback and no error."""
    assert not app.exception, app.exception[0].message
    assert not app.error, app.error[0].value
    return app


def texts(app: AppTest) -> str:
    """Everything that is written on the page."""
    kinds = (app.markdown, app.caption, app.info, app.warning)
    return "\n".join(element.value for kind in kinds for element in kind)


def rate(bench, n_raters=3, faults=("back_rounding",), error_ratio=0.2):
    said = simulated_severities(60, n_raters=n_raters, error_ratio=error_ratio)
    add_rated_sets(bench.dataset, said, raters=RATERS[:n_raters], faults=faults)


def test_an_empty_page_says_what_to_do_and_what_there_is(bench):
    assert "Today nobody has answered anything." in texts(opened())
    rate(bench, n_raters=1)
    said = texts(opened())
    assert "Nothing to compare yet." in said
    assert "Two raters have to answer the same repetitions" in said
    assert "Today there is one rater, Ann, with 60 repetitions." in said


def test_faults_then_pairs_with_a_verdict(bench):
    rate(bench, faults=("back_rounding", "hip_delay"))
    app = opened()
    faults, pairs = (table.value for table in app.dataframe)
    assert set(faults["Fault"]) == {"Back rounding", "Delayed hip engagement"}
    assert list(faults["By two"]) == ["60 of 60"] * 2
    assert list(pairs["Raters"]) == ["Ann and Ben", "Ann and Cara", "Ben and Cara"]
    assert pairs["Agreed"].between(50, 100).all()
    assert "Raters agree" in texts(app)
    assert len(app.get("vega_lite_chart")) == 1


def test_another_fault_is_shown_when_it_is_chosen(bench):
    rate(bench)
    zeros = np.zeros((60, 3))
    add_rated_sets(bench.dataset, zeros, raters=RATERS, faults=("hip_delay",))
    app = opened()
    chooser = next(box for box in app.selectbox if box.label == "Fault")
    fine(chooser.set_value("hip_delay").run())
    assert "same side of the threshold" in texts(app)


def test_the_severity_that_counts_can_be_chosen(bench):
    rate(bench, error_ratio=0.6)
    app = opened()
    before = app.dataframe[0].value["κ"][0]
    chooser = next(box for box in app.selectbox if box.label == "Counts as present when")
    assert chooser.value == 2
    fine(chooser.set_value(1).run())
    assert app.dataframe[0].value["κ"][0] != before
    assert app.dataframe[0].value["α"][0] != "cannot tell"


def test_two_raters_have_a_table_and_no_map(bench):
    rate(bench, n_raters=2)
    app = opened()
    assert list(app.dataframe[1].value["Raters"]) == ["Ann and Ben"]
    assert len(app.get("vega_lite_chart")) == 0


def test_a_rater_with_open_repetitions_is_told_that_only_totals_are_shown(bench):
    rate(bench, n_raters=2)
    assert "open for you" not in texts(opened(**{state.RATER: "Ann"}))
    said = texts(opened(**{state.RATER: "Cara"}))
    assert "60 repetitions that others have answered are still open for you" in said


def test_what_is_answered_meanwhile_is_in_the_next_look(bench):
    rate(bench, n_raters=2)
    assert len(opened().dataframe[1].value) == 1
    said = simulated_severities(60, n_raters=1)
    add_rated_sets(bench.dataset, said, raters=("Dora",))
    assert len(opened().dataframe[1].value) == 3
