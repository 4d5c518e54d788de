"""What was looked at and not counted, on the label page."""

import pytest
from streamlit.testing.v1 import AppTest
from support_bodies import cycles, side_body
from support_datasets import add_hinges, new_dataset
from support_trainings import AtOnce

from labeler.app.media import MediaSigner
from labeler.app.state import Workbench, open_workbench
from labeler.workflows.background import IngestQueue
from labeler.workflows.cutting import add_rep
from labeler.workflows.reviewing import rejected_rows, uncounted

REASON = "goes 30% as far as the others"


def show() -> None:
    """The details of the clip, twice: worked out once."""
    from labeler.app.pages.label_parts import about, turned_down
    from labeler.app.state import workbench

    bench = workbench()
    clip = bench.dataset.clips.get("one.mp4")
    about(bench, clip)
    assert turned_down(bench, clip) is turned_down(bench, clip)


@pytest.fixture
def dataset(tmp_path):
    """A clip with four hinges, and a nod after them."""
    with new_dataset(tmp_path) as dataset:
        clip = add_hinges(dataset)
        times = dataset.clips.times(clip.clip_id)
        course = cycles(times.pts_s, n_reps=4) + 0.3 * cycles(times.pts_s, n_reps=1, first_s=12.0)
        dataset.tracks.save(clip.clip_id, side_body(times, trunk_deg=90 * course, thigh_deg=course))
        yield dataset


@pytest.fixture
def shown(dataset, tmp_path):
    """The words of the page."""
    ingests = IngestQueue(dataset.folder)
    open_workbench(
        Workbench(dataset, tmp_path / "models", MediaSigner("secret"), ingests, AtOnce(dataset))
    )

    def run():
        app = AppTest.from_function(show, default_timeout=60).run()
        assert not app.exception
        return " ".join(element.value for element in (*app.markdown, *app.caption))

    yield run
    ingests.close()


def test_the_page_says_what_was_not_counted_and_why(shown):
    words = shown()
    assert "Not counted" in words
    assert REASON in words


def test_what_was_counted_after_all_is_not_in_the_list(dataset, shown):
    clip = dataset.clips.get("one.mp4")
    (row,) = rejected_rows(dataset, clip)
    assert uncounted([row], dataset.journal.reps(clip.clip_id)) == [row]
    frames = tuple(row[f"{edge}_frame"] for edge in ("start", "turn", "stop"))
    add_rep(dataset, clip, frames, rater="anna")
    assert uncounted([row], dataset.journal.reps(clip.clip_id)) == []
    assert "Not counted" not in shown()


def test_a_pose_that_cannot_be_read_does_not_stop_the_rater(dataset, shown):
    clip = dataset.clips.get("one.mp4")
    dataset.tracks.path(clip.clip_id).unlink()
    assert "Not counted" not in shown()
