"""What was done to a clip's pose, on the library page."""

from streamlit.testing.v1 import AppTest
from support_datasets import add_hinges, new_dataset

from labeler.app.media import MediaSigner
from labeler.app.state import Workbench, open_workbench
from labeler.workflows.background import IngestQueue
from labeler.workflows.inspecting import STEP_NAMES


def show() -> None:
    """The part of the page about one clip."""
    from labeler.app.pages.library_parts import cleaning
    from labeler.app.state import workbench

    bench = workbench()
    cleaning(bench, bench.dataset.clips.get("one.mp4"))


def test_the_steps_are_worked_out_when_they_are_asked_for(tmp_path):
    with new_dataset(tmp_path) as dataset:
        add_hinges(dataset)
        ingests = IngestQueue(dataset.folder)
        open_workbench(Workbench(dataset, tmp_path / "models", MediaSigner("secret"), ingests))
        app = AppTest.from_function(show, default_timeout=60).run()
        assert not app.dataframe
        app.toggle[0].set_value(True).run()
        assert not app.exception
        ingests.close()
    (table,) = app.dataframe
    assert list(table.value["step"]) == list(STEP_NAMES.values())
