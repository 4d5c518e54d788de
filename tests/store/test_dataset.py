"""Opening datasets: new, closed, wrong, damaged, locked and full."""

import errno
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from store_samples import CLIP, CLIP_ID, TIMES, first_cut, other_clip, said

from labeler.core.errors import StorageError, StoreError
from labeler.store import database as database_module
from labeler.store.database import Database
from labeler.store.dataset import FOLDERS, Dataset
from labeler.store.files import disk_errors


def test_a_new_dataset_has_its_rooms_and_nothing_in_them(folder):
    with Dataset.open(folder) as dataset:
        assert {path.name for path in folder.iterdir() if path.is_dir()} == set(FOLDERS)
        assert dataset.exports.is_dir()
        assert dataset.uploads.is_dir()
        assert dataset.clips.all() == []
        assert dataset.journal.actions() == []
        assert dataset.journal.answers() == []


def test_a_relative_folder_stays_where_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Dataset.open(tmp_path.relative_to(tmp_path) / "here") as dataset:
        monkeypatch.chdir("/")
        assert dataset.clips.add(CLIP, TIMES)
        assert dataset.folder == tmp_path / "here"


def test_closing_folds_the_log_into_one_file(folder):
    with Dataset.open(folder) as dataset:
        dataset.clips.add(CLIP, TIMES, cut=first_cut())
    assert [path.name for path in folder.glob("labels.db*")] == ["labels.db"]


def test_folders_left_by_a_killed_start_are_taken(folder):
    (folder / "media").mkdir(parents=True)
    (folder / ".DS_Store").touch()
    (folder / "labels.db").touch()
    Dataset.open(folder).close()


def test_a_missing_dataset_is_not_made_unless_asked(folder):
    with pytest.raises(StoreError, match="expected a dataset, got nothing there"):
        Dataset.open(folder, create=False)
    assert not folder.exists()


def test_a_folder_of_something_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(StoreError, match=r"an empty folder, got one with 'holiday\.jpg'"):
        Dataset.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="expected a folder, got a file"):
        Dataset.open(tmp_path / "file")
    with pytest.raises(StoreError, match="expected to read and write here"):
        Dataset.open(tmp_path / "file" / "inside")


def test_an_empty_database_beside_clips_is_a_lost_one(dataset, folder):
    (folder / "poses" / f"{CLIP_ID}.npz").touch()
    dataset.close()
    (folder / "labels.db").write_bytes(b"")
    with pytest.raises(StoreError, match="got an empty file beside clips") as caught:
        Dataset.open(folder)
    assert "Restore" in caught.value.hint


def test_something_that_is_no_database_is_refused(folder):
    folder.mkdir(parents=True)
    (folder / "labels.db").write_bytes(b"rep;fault;answer\n" * 100)
    with pytest.raises(StoreError, match="expected a SQLite database, got something else"):
        Dataset.open(folder)


def test_a_damaged_database_says_so(dataset, folder):
    dataset.close()
    file = folder / "labels.db"
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    with pytest.raises(StoreError, match=r"got a damaged one"), Dataset.open(folder) as opened:
        opened.journal.actions()


def test_a_folder_in_place_of_the_database(folder):
    (folder / "labels.db").mkdir(parents=True)
    with pytest.raises(StoreError, match="expected a file that can be opened"):
        Dataset.open(folder)


@pytest.fixture
def database(dataset):
    opened = Database(dataset.folder / "labels.db")
    yield opened
    opened.close()


def write_big_table(database, pragma):
    with database.writing() as connection:
        connection.exec_driver_sql(pragma)
        connection.exec_driver_sql("CREATE TABLE big AS SELECT randomblob(1000000)")


def test_a_full_disk_loses_nothing_that_was_saved(database):
    with pytest.raises(StoreError, match="got a full disk") as caught:
        write_big_table(database, "PRAGMA max_page_count = 1")  # means: no page more than now
    assert "Free some space" in caught.value.hint
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM action").scalar() == 1


def test_a_read_only_database_says_so(database):
    with pytest.raises(StorageError, match="got a read-only one"):
        write_big_table(database, "PRAGMA query_only = 1")


def test_a_database_held_by_others_says_so(dataset, folder, monkeypatch):
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_S", 0.01)
    with Dataset.open(folder) as hasty, closing(sqlite3.connect(folder / "labels.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="Another program holds the dataset"):
            hasty.journal.record(said("a:1", "1"))
        assert hasty.journal.answers() == []
        other.rollback()
        assert hasty.journal.record(said("a:1", "1"))


def test_what_cannot_be_stored_as_text_says_so(dataset):
    clip, times = other_clip(file_name="bad\udce9.mp4")
    with pytest.raises(StoreError, match="expected characters that can be stored") as caught:
        dataset.clips.add(clip, times)
    assert "Rename" in caught.value.hint


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "room on the disk, got a full one"),
        (errno.EROFS, "expected a writable folder, got a refusal"),
        (errno.EACCES, "expected a writable folder, got a refusal"),
        (errno.EIO, "expected to read and write here, got: said by the system"),
    ],
)
def test_refusals_of_the_system_say_what_to_do(tmp_path, number, message):
    with pytest.raises(StoreError, match=message) as caught, disk_errors(tmp_path):
        raise OSError(number, "said by the system")
    assert caught.value.hint
    assert str(tmp_path) in caught.value.message


def test_many_may_open_a_new_dataset_at_once(folder):
    def open_and_add(digit):
        with Dataset.open(folder) as dataset:
            return dataset.clips.add(*other_clip(digit))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(open_and_add, "1212")).count(True) == 2
    with Dataset.open(folder, create=False) as dataset:
        assert len(dataset.clips.all()) == 2
