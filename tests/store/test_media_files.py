"""Folders of clips: filled aside, put in place whole; what the dead left is swept."""

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from store_samples import CLIP_ID

from labeler.core.errors import StoreError
from labeler.store import files, media
from labeler.store.dataset import Dataset

KILLED = """
import os, sys
from pathlib import Path
from labeler.store.dataset import Dataset
folder = Dataset.open(Path(sys.argv[1])).media.new_folder()
(folder / "proxy.mp4").write_bytes(b"half")
print(folder, flush=True)
os._exit(9)
"""


def filled(dataset, content=b"video"):
    folder = dataset.media.new_folder()
    (folder / media.PROXY_NAME).write_bytes(content)
    (folder / media.THUMB_NAME).write_bytes(b"picture")
    return folder


def test_a_filled_folder_becomes_the_clips_own(empty, folder):
    assert empty.media.adopt(filled(empty), CLIP_ID)
    assert empty.media.proxy(CLIP_ID) == folder / "media" / CLIP_ID / "proxy.mp4"
    assert empty.media.thumb(CLIP_ID).read_bytes() == b"picture"
    assert empty.media.source(CLIP_ID) is None
    assert list((folder / "tmp").iterdir()) == []


def test_what_is_missing_says_so(empty):
    with pytest.raises(StoreError, match=r"expected proxy\.mp4 in the dataset, got no such file"):
        empty.media.proxy(CLIP_ID)
    assert empty.media.source(CLIP_ID) is None


def test_the_second_of_two_ingests_finds_the_first_one_done(empty):
    first, second = filled(empty, b"one"), filled(empty, b"two")
    assert empty.media.adopt(first, CLIP_ID)
    assert not empty.media.adopt(second, CLIP_ID)
    assert empty.media.proxy(CLIP_ID).read_bytes() == b"one"
    assert not second.exists()


def test_one_of_many_ingests_at_once_wins(folder):
    barrier = Barrier(4, timeout=60)

    def ingest(content):
        with Dataset.open(folder) as dataset:
            made = filled(dataset, content)
            barrier.wait()
            return dataset.media.adopt(made, CLIP_ID)

    with ThreadPoolExecutor(4) as threads:
        wins = list(threads.map(ingest, [b"1", b"2", b"3", b"4"]))
    assert wins.count(True) == 1
    with Dataset.open(folder) as dataset:
        assert dataset.media.proxy(CLIP_ID).read_bytes() == b"1234"[wins.index(True) :][:1]


def test_discarded_and_forgotten_folders_go_with_their_dataset(empty, folder):
    discarded, forgotten = filled(empty), filled(empty)
    empty.media.discard(discarded)
    assert not discarded.exists()
    assert forgotten.exists()
    empty.close()
    assert list((folder / "tmp").iterdir()) == []


def test_adopting_what_is_gone_says_so(empty):
    gone = filled(empty)
    empty.media.discard(gone)
    with pytest.raises(StoreError, match="expected to read and write here"):
        empty.media.adopt(gone, CLIP_ID)


def test_a_name_that_is_taken_by_a_file_says_so(empty, folder):
    (folder / "media" / CLIP_ID).touch()
    with pytest.raises(StoreError, match="expected to read and write here"):
        empty.media.adopt(filled(empty), CLIP_ID)


def test_what_a_killed_ingest_left_is_swept_and_the_living_are_not(empty, folder):
    living = filled(empty)
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder)], capture_output=True, text=True, check=False
    )
    dead = Path(run.stdout.strip())
    assert dead.is_dir(), run.stderr
    with Dataset.open(folder) as dataset:
        assert not dead.exists()
        assert living.is_dir()
        assert dataset.media.adopt(filled(dataset), CLIP_ID)
    assert [path.name for path in (folder / "tmp").iterdir() if path.is_dir()] == [living.name]


def test_sweeping_counts_what_it_removes(tmp_path):
    (tmp_path / "1-a.lock").touch()
    (tmp_path / "1-a").mkdir()
    assert files.Scratch(tmp_path).sweep() == 1
    assert list(tmp_path.iterdir()) == []


def test_an_uploaded_original_is_kept_beside_the_proxy(empty):
    empty.media.adopt(filled(empty), CLIP_ID)
    upload = empty.uploads / "My Lift.MOV"
    upload.write_bytes(b"original")
    kept = empty.media.keep_source(upload, CLIP_ID)
    assert kept == empty.media.source(CLIP_ID)
    assert (kept.name, kept.read_bytes(), upload.exists()) == ("source.mov", b"original", False)


def test_an_original_on_another_disk_is_copied(empty, tmp_path, monkeypatch):
    empty.media.adopt(filled(empty), CLIP_ID)
    upload = tmp_path / "lift"
    upload.write_bytes(b"original")
    rename = os.replace

    def replace(source, target):
        if source == upload:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        rename(source, target)

    monkeypatch.setattr(files.os, "replace", replace)
    kept = empty.media.keep_source(upload, CLIP_ID)
    assert (kept.name, kept.read_bytes(), upload.exists()) == ("source.bin", b"original", False)


def test_an_original_that_is_gone_says_so(empty, tmp_path):
    with pytest.raises(StoreError, match=r"lift\.mov: expected to read and write here"):
        empty.media.keep_source(tmp_path / "lift.mov", CLIP_ID)
