"""Processes that bring files in: deaf to Ctrl-C, gone with their parent, missed when they die."""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support_datasets import TAGS, new_dataset

from labeler.workflows.batch import ingest_many
from labeler.workflows.importing import IngestJob, Status
from labeler.workflows.workers import Workers

WAIT_S = 60


@pytest.fixture
def job(tmp_path) -> IngestJob:
    """A file that every worker soon gives back as broken."""
    with new_dataset(tmp_path) as dataset:
        (tmp_path / "text.mp4").write_text("no video" * 99)
        return IngestJob(tmp_path / "text.mp4", dataset.folder, TAGS)


@pytest.fixture
def workers():
    """One process."""
    workers = Workers(1)
    yield workers
    workers.close()


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="POSIX signals only")
def test_a_worker_is_deaf_to_ctrl_c_from_its_first_moment(workers, job):
    future = workers.submit(job)
    (child,) = multiprocessing.active_children()
    os.kill(child.pid, signal.SIGINT)
    assert future.result(timeout=WAIT_S).status is Status.FAILED


def test_a_worker_does_not_outlive_a_parent_that_was_killed(job):
    parent = f"""
import os
from pathlib import Path
from labeler.core.clip import ClipTags
from labeler.workflows.importing import IngestJob
from labeler.workflows.workers import Workers
workers = Workers(1)
job = IngestJob(Path({str(job.path)!r}), Path({str(job.dataset_folder)!r}), ClipTags())
print(workers.submit(job).result().status, flush=True)
os._exit(9)
"""
    ended = subprocess.run(  # returns when nobody holds the pipe of the output any more
        [sys.executable, "-c", parent],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # the warning about semaphores that the dead one left
        text=True,
        timeout=WAIT_S,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (9, "failed\n")


def test_files_of_a_process_that_died_are_given_back(job, monkeypatch):
    def die(_workers: Workers, _on_progress: object) -> None:
        for child in multiprocessing.active_children():
            child.kill()

    monkeypatch.setattr(Workers, "pass_on", die)
    monkeypatch.setattr("labeler.pose.bundle.resolve_bundle", lambda **_: None)
    paths = [job.path, Path(f"{job.path}.missing")]
    results = list(
        ingest_many(
            paths,
            dataset_folder=job.dataset_folder,
            tags=TAGS,
            n_jobs=2,
            on_progress=print,
            tell=print,
        )
    )
    assert {Path(result.path) for result in results} == set(paths)
    assert all("got one that died" in result.error["message"] for result in results)
    assert all("--jobs 1" in result.error["hint"] for result in results)
