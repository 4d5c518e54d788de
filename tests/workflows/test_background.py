"""Uploads are brought in beside the app: their progress is seen, their failures are words."""

import threading
from concurrent.futures import Future

import pytest
from support_datasets import TAGS, new_dataset

from labeler.workflows import background
from labeler.workflows.background import BackgroundJob, IngestQueue
from labeler.workflows.importing import Status

WAIT_S = 60


@pytest.fixture
def folder(tmp_path):
    """The folder of an empty dataset."""
    with new_dataset(tmp_path) as dataset:
        return dataset.folder


@pytest.fixture
def ingests(folder):
    """A queue that is closed in the end."""
    ingests = IngestQueue(folder)
    yield ingests
    ingests.close()


def test_a_broken_upload_is_an_answer_and_the_next_one_gets_its_turn(ingests, tmp_path):
    both = threading.Semaphore(0)
    for name in ("empty.mp4", "text.mp4"):
        (tmp_path / name).write_text("" if name == "empty.mp4" else "no video\n" * 99)
        ingests.submit(tmp_path / name, TAGS, on_done=both.release)
    assert ingests.is_busy()
    assert both.acquire(timeout=WAIT_S)
    assert both.acquire(timeout=WAIT_S)
    jobs = ingests.jobs()
    assert [job.name for job in jobs] == ["empty.mp4", "text.mp4"]
    assert {job.result.status for job in jobs} == {Status.FAILED}
    assert jobs[0].result.error["message"] != jobs[1].result.error["message"]
    assert not ingests.is_busy()
    ingests.dismiss()
    assert ingests.jobs() == []


class DeadWorkers:
    """Processes that died: everything submitted fails."""

    def __init__(self, n_workers: int) -> None:
        self.n_workers = n_workers

    def submit(self, _job) -> Future:
        future: Future = Future()
        future.set_exception(RuntimeError("the process ended abruptly"))
        return future

    def pass_on(self, on_progress) -> None:
        on_progress("nobody's file", 1, 2)

    def close(self) -> None:
        """Nothing is left to close."""


def test_a_process_that_dies_is_said_and_replaced(ingests, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(background, "Workers", lambda n: made.append(DeadWorkers(n)) or made[-1])
    done = threading.Semaphore(0)
    for name in ("a.mp4", "b.mp4"):
        ingests.submit(tmp_path / name, TAGS, on_done=done.release)
    assert "the process ended abruptly" in ingests.jobs()[0].result.error["message"]
    assert ingests.jobs()[0].result.error["hint"]
    assert len(made) == 2


def test_a_file_keeps_its_line_when_finished_ones_are_put_away(ingests, tmp_path, monkeypatch):
    futures = []

    class Held(DeadWorkers):
        def submit(self, _job) -> Future:
            futures.append(Future())
            return futures[-1]

        def pass_on(self, _on_progress) -> None:
            threading.Event().wait(0.01)

    monkeypatch.setattr(background, "Workers", Held)
    for name in ("a.mp4", "b.mp4"):
        ingests.submit(tmp_path / name, TAGS, on_done=str)
    futures[0].set_exception(RuntimeError("broken"))
    ingests.dismiss()
    for name in ("c.mp4", "d.mp4"):
        ingests.submit(tmp_path / name, TAGS, on_done=str)
    assert [job.name for job in ingests.jobs()] == ["b.mp4", "c.mp4", "d.mp4"]


def test_progress_is_a_share_of_the_frames_where_these_are_known():
    assert BackgroundJob(1, "a", 0, None).done_ratio == 0.0
    assert BackgroundJob(1, "a", 30, 120).done_ratio == 0.25
    assert BackgroundJob(1, "a", 240, 120).done_ratio == 1.0


def test_progress_reaches_the_job_of_its_file(ingests, tmp_path, monkeypatch):
    told = threading.Event()

    class Waiting(DeadWorkers):
        def submit(self, _job) -> Future:
            return Future()

        def pass_on(self, on_progress) -> None:
            on_progress(tmp_path / "a.mp4", 5, 10)
            told.set()

    monkeypatch.setattr(background, "Workers", Waiting)
    ingests.submit(tmp_path / "a.mp4", TAGS, on_done=str)
    assert told.wait(WAIT_S)
    (job,) = ingests.jobs()
    assert (job.n_done, job.n_total, job.done_ratio) == (5, 10, 0.5)


def test_a_closed_queue_gives_up_at_once_and_keeps_the_uploads(folder, tmp_path):
    ingests, done = IngestQueue(folder), []
    (tmp_path / "text.mp4").write_text("no video\n" * 99)
    for _ in range(3):
        ingests.submit(tmp_path / "text.mp4", TAGS, on_done=lambda: done.append("dropped"))
    ingests.close()
    assert done == []
    assert (tmp_path / "text.mp4").exists()
