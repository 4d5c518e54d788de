"""A dataset's own faults on the label page: asked at once; a mistake is told and stops nothing."""

import pytest
from streamlit.testing.v1 import AppTest
from support_datasets import TAGS, add_hinges

from labeler.app import state
from labeler.app.pages.queue_parts import QUEUE
from labeler.catalog.own import OWN_CATALOG

TIMEOUT_S = 60
NEW = '[bar_drifts]\nname = "Bar drifts"\nmovements = ["hinge"]\nviews = ["side"]\n'


def show() -> None:
    """The page, as a script of its own."""
    from labeler.app.pages import label
    from labeler.app.state import workbench
    from labeler.app.widgets import errors_shown

    with errors_shown():
        label.render(workbench())


@pytest.fixture
def file(empty):
    """Where the coach of a dataset with one set writes."""
    add_hinges(empty.dataset, "one.mp4", tags=TAGS)
    return empty.dataset.folder / OWN_CATALOG


def opened():
    app = AppTest.from_function(show, default_timeout=TIMEOUT_S)
    app.session_state[state.RATER] = "Ann"
    app.session_state[QUEUE] = True
    app.run()
    assert not app.exception
    assert not app.error
    return app


def faults_to_choose(app):
    (asked,) = [one for one in app.selectbox if one.label == "Fault"]
    return asked.options


def test_a_new_fault_is_asked_by_its_name(file):
    assert "Bar drifts" not in faults_to_choose(opened())
    file.write_text(NEW, "utf-8")
    app = opened()
    assert "Bar drifts" in faults_to_choose(app)
    assert not app.warning


def test_a_mistake_is_told_and_the_faults_stay_as_they_were(file):
    file.write_text(NEW, "utf-8")
    opened()
    file.write_text(f"{NEW}[oops", "utf-8")
    app = opened()
    (told,) = app.warning
    assert "catalog.toml, file: expected TOML" in told.value
    assert "answers are saved" in told.value
    assert "Bar drifts" in faults_to_choose(app)


def test_where_to_edit_stands_beside_the_queue(file):
    assert any("labeler faults --init" in one.value for one in opened().caption)
    file.write_text(NEW, "utf-8")
    assert any(str(file) in one.value for one in opened().caption)
