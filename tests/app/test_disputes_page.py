"""The disputes page: what it shows to whom, and how a dispute is settled and opened again."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support_raters import add_rated_sets

from labeler.app import state
from labeler.core.label import Answer

TIMEOUT_S = 60


@pytest.fixture
def bench(empty):
    """The same with one set in which Ann and Ben differ twice."""
    said = np.array([[0, 3], [-1, 2], [0, 1], [2, 3], [0, 0]], float)
    add_rated_sets(empty.dataset, said, raters=("Ann", "Ben"))
    return empty


def show() -> None:
    """The page, as a script of its own."""
    from labeler.app.pages import disputes
    from labeler.app.state import workbench
    from labeler.app.widgets import errors_shown

    with errors_shown():
        disputes.render(workbench())


def opened(rater: str | None = "Eve") -> AppTest:
    """The page after its first run."""
    app = AppTest.from_function(show, default_timeout=TIMEOUT_S)
    if rater:
        app.session_state[state.RATER] = rater
    return fine(app.run())


def fine(app: AppTest) -> AppTest:
    """The page, having shown no traceback."""
    assert not app.exception, app.exception[0].message
    return app


def texts(app: AppTest) -> str:
    """Everything that is written on the page."""
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error, app.success)
    return "\n".join(element.value for kind in kinds for element in kind)


def press(app: AppTest, label: str) -> AppTest:
    return fine(next(found for found in app.button if found.label == label).click().run())


def box(app: AppTest, label: str):
    return next(found for found in app.selectbox if found.label == label)


def test_without_clips_a_name_or_disputes_it_says_what_to_do(empty):
    assert "Nothing to decide yet." in texts(opened())
    add_rated_sets(empty.dataset, np.zeros((5, 2)), raters=("Ann", "Ben"))
    assert "No open disputes." in texts(opened())
    assert "Who is rating?" in texts(opened(rater=None))


def test_a_rater_who_has_still_to_rate_sees_nothing(bench):
    assert "No open disputes." in texts(opened(rater="Ann"))


def test_all_answers_stand_beside_the_loop(bench):
    app = opened()
    said = app.dataframe[0].value
    assert dict(zip(said["Rater"], said["Answer"], strict=True)) == {
        "Ann": "0 absent",
        "Ben": "3 severe",
    }
    assert len(box(app, "2 open").options) == 2
    assert "some see the fault, some do not" in texts(app)


def test_another_threshold_brings_other_disputes(bench):
    app = opened()
    fine(box(app, "Counts as present when").set_value(1).run())
    assert len(box(app, "3 open").options) == 3


def test_a_dispute_is_settled_with_a_reason_and_opened_again(bench):
    app = opened()
    press(app, "Decide")
    assert "Choose an answer first." in texts(app)
    app.radio[0].set_value(Answer.CLEAR)
    press(app, "Decide")
    assert "expected why it is so" in texts(app)
    app.radio[0].set_value(Answer.CLEAR)
    because(app).set_value("rounds at the floor")
    press(app, "Decide")
    assert len(box(app, "1 open").options) == 1
    (decision,) = bench.dataset.journal.decisions()
    assert (decision.adjudicator, decision.answer) == ("Eve", Answer.CLEAR)
    fine(app.toggle[0].set_value(True).run())
    assert len(box(app, "1 open").options) == 2
    fine(box(app, "1 open").set_value(f"{decision.rep_id} {decision.fault}").run())
    assert "Eve decided: **2 clear**. rounds at the floor" in texts(app)
    because(app).set_value("wrong rep")
    press(app, "Take it back")
    assert bench.dataset.journal.decisions() == []
    assert len(box(app, "2 open").options) == 2


def because(app: AppTest):
    return next(found for found in app.text_input if found.label == "Because")
