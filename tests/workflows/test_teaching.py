"""Training beside the app: progress is seen, failures are words, and nothing is left half-done."""

import threading
from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from support_models import FAULT, add_rated_athletes, quick_model

from labeler.workflows import teaching
from labeler.workflows.teaching import STEPS, TrainingQueue, TrainingTask, teach
from labeler.workflows.training import TrainingWish


class Workers:
    """Processes that do nothing until they are told how it ends."""

    def __init__(self, n_workers):
        self.futures, self.n_workers = [], n_workers

    def run(self, work, task):
        assert work is teach
        assert task.wish.fault == FAULT
        self.futures.append(Future())
        return self.futures[-1]

    def pass_on(self, _on_progress):
        threading.Event().wait(0.001)

    def close(self):
        for future in self.futures:
            future.cancel()


@pytest.fixture
def made(monkeypatch):
    every = []
    monkeypatch.setattr(teaching, "Workers", lambda n: every.append(Workers(n)) or every[-1])
    return every


@pytest.fixture
def queue(dataset):
    trainings = TrainingQueue(dataset.folder)
    yield trainings
    trainings.close()


def test_a_model_is_trained_step_by_step_and_held_beside_the_one_before(
    dataset, tmp_path, monkeypatch
):
    add_rated_athletes(dataset, 2)
    wish = TrainingWish(FAULT, tmp_path / "models" / "dip", is_replacing=True)
    quick_model(dataset, wish.folder)

    def train_quickly(opened, asked, *, tell):
        for step in STEPS:
            tell(step)
        return SimpleNamespace(card=quick_model(opened, asked.folder))

    monkeypatch.setattr(teaching, "train_model", train_quickly)
    steps = []
    result = teach(TrainingTask(dataset.folder, wish), lambda *told: steps.append(told))
    assert result.error is None
    assert steps == [(wish.folder, n, len(STEPS)) for n in range(1, len(STEPS) + 1)]
    assert result.changes.old == "dip"


def test_what_a_user_can_meet_is_words(dataset, tmp_path):
    wish = TrainingWish(FAULT, tmp_path / "dip")
    result = teach(TrainingTask(dataset.folder, wish), lambda *_: None)
    assert "expected reps with an answer" in result.error["message"]
    assert result.error["hint"]
    assert not wish.folder.exists()


def test_progress_and_the_end_are_seen(queue, made, tmp_path):
    wish = TrainingWish(FAULT, tmp_path / "dip")
    job = queue.submit(wish)
    assert (job.words, job.done_ratio, queue.is_busy()) == ("waiting", 0.0, True)
    queue._note(wish.folder, 2, len(STEPS))
    queue._note(tmp_path / "nobody", 4, len(STEPS))
    (job,) = queue.jobs()
    assert (job.words, job.done_ratio) == (STEPS[1], 0.25)
    queue.dismiss()
    assert queue.jobs() == [job], "what is at work stays"
    made[0].futures[0].set_result(teaching.Trained(wish.folder))
    (job,) = queue.jobs()
    assert (job.done_ratio, job.result.error, queue.is_busy()) == (1.0, None, False)
    queue.dismiss()
    assert queue.jobs() == []


def test_a_process_that_dies_is_said_and_replaced(queue, made, tmp_path):
    queue.submit(TrainingWish(FAULT, tmp_path / "a"))
    made[0].futures[0].set_exception(RuntimeError("the process ended abruptly"))
    (job,) = queue.jobs()
    assert "the process ended abruptly" in job.result.error["message"]
    assert job.result.error["hint"]
    queue.submit(TrainingWish(FAULT, tmp_path / "a"))
    assert len(made) == 2
    assert [job.result for job in queue.jobs()] == [None], "the first try is put away"


def test_a_closed_queue_is_told_nothing_more(queue, made, tmp_path):
    queue.submit(TrainingWish(FAULT, tmp_path / "a"))
    queue.close()
    made[0].futures[0].cancel()
    assert queue.jobs()[0].result is None
