"""What was done to a clip's pose, on the library page."""

from streamlit.testing.v1 import AppTest
from support_datasets import add_hinges

from labeler.workflows.inspecting import STEP_NAMES


def show() -> None:
    """The part of the page about one clip."""
    from labeler.app.pages.library_parts import cleaning
    from labeler.app.state import workbench

    bench = workbench()
    cleaning(bench, bench.dataset.clips.get("one.mp4"))


def test_the_steps_are_worked_out_when_they_are_asked_for(empty):
    add_hinges(empty.dataset)
    app = AppTest.from_function(show, default_timeout=60).run()
    assert not app.dataframe
    app.toggle[0].set_value(True).run()
    assert not app.exception
    (table,) = app.dataframe
    assert list(table.value["step"]) == list(STEP_NAMES.values())
