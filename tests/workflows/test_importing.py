"""Files come in whole or not at all, never twice; a broken one does not stop the others."""

import dataclasses
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import support_videos
from support_bodies import TRUNK_PX
from support_datasets import N_REPS, TAGS, new_dataset
from support_outlines import FLAT, contour_behind
from workflows.made_extraction import FLAG, extract_hinges

from labeler.core.clip import ClipTags, View
from labeler.core.errors import NoPersonError
from labeler.pose.bundle import MODEL_NAME
from labeler.reps.segment import REPS_VERSION
from labeler.store.dataset import Dataset
from labeler.workflows import extracting
from labeler.workflows.batch import ingest_many
from labeler.workflows.extracting import Extraction
from labeler.workflows.importing import IngestJob, Status, ingest, merged, retag
from labeler.workflows.labeling import all_clear


def quiet(*_: object) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def home(tmp_path) -> Path:
    """The folder of an empty dataset."""
    with new_dataset(tmp_path) as dataset:
        return dataset.folder


@pytest.fixture
def video(tmp_path) -> Path:
    """A file that stands for a video; what it holds is made up by `extracted`."""
    path = tmp_path / "deadlift.mp4"
    path.write_bytes(b"some bytes")
    return path


@pytest.fixture
def extracted(monkeypatch):
    """Replace decoding and posing by a made-up athlete who does four hinges."""
    monkeypatch.setattr(extracting, "extract", extract_hinges)
    return extract_hinges


def leftovers(home: Path) -> list[Path]:
    """Files of unfinished work."""
    return [path for path in (home / "tmp").rglob("*") if path.is_file() and path.stat().st_size]


def test_a_video_becomes_a_clip_with_its_repetitions(home, video, extracted):
    seen = []
    job = IngestJob(video, home, TAGS)
    result = ingest(job, lambda path, done, total: seen.append((path.name, done, total)))
    assert (result.status, result.n_reps, result.flags) == (Status.INGESTED, N_REPS, (FLAG.code,))
    assert (result.n_frames, result.detected_ratio) == (420, 0.97)
    assert {"hash", "store", "total"} <= set(result.seconds)
    assert seen == [("deadlift.mp4", 420, 420)]
    with Dataset.open(home) as dataset:
        (clip,) = dataset.clips.all()
        assert clip.tags == TAGS
        assert clip.source_path == str(video)
        assert dataset.media.proxy(clip.clip_id).read_bytes() == b"proxy"
        (cut,) = dataset.journal.actions(clip.clip_id)
        assert cut.client == f"machine {REPS_VERSION}"
    assert not leftovers(home)


def test_again_changes_nothing_and_says_so(home, video, extracted):
    ingest(IngestJob(video, home, TAGS), quiet)
    before = (home / "labels.db").read_bytes()
    again = ingest(IngestJob(video, home, ClipTags("other", "squat", View.FRONT)), quiet)
    assert (again.status, again.n_reps) == (Status.ALREADY, N_REPS)
    assert (home / "labels.db").read_bytes() == before


def test_a_failure_is_an_answer_and_leaves_nothing(home, video, extracted, monkeypatch):
    def fail(path: Path, folder: Path, **_: object) -> None:
        (folder / "proxy.mp4").write_bytes(b"half")
        raise NoPersonError("pose: expected a person, got none.", hint="Film the whole body.")

    monkeypatch.setattr(extracting, "extract", fail)
    result = ingest(IngestJob(video, home, TAGS), quiet)
    assert result.status is Status.FAILED
    assert result.error == {
        "message": "pose: expected a person, got none.",
        "hint": "Film the whole body.",
    }
    assert not leftovers(home)
    with Dataset.open(home) as dataset:
        assert dataset.clips.all() == []


def test_an_interruption_leaves_nothing_half_done(home, video, extracted, monkeypatch):
    def stop(path: Path, folder: Path, **_: object) -> None:
        (folder / "proxy.mp4").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(extracting, "extract", stop)
    with pytest.raises(KeyboardInterrupt):
        ingest(IngestJob(video, home, TAGS), quiet)
    assert not leftovers(home)
    monkeypatch.setattr(extracting, "extract", extracted)
    assert ingest(IngestJob(video, home, TAGS), quiet).status is Status.INGESTED


def test_an_upload_is_kept_inside_the_dataset(home, video, extracted):
    result = ingest(IngestJob(video, home, TAGS, is_upload=True), quiet)
    assert not video.exists()
    with Dataset.open(home) as dataset:
        clip = dataset.clips.get(str(result.clip))
        assert clip.source_path is None
        assert dataset.media.source(clip.clip_id).read_bytes() == b"some bytes"


def test_a_clip_without_its_video_gets_it_back_and_keeps_its_labels(home, video, extracted):
    from labeler.workflows.deriving import features_of_all
    from labeler.workflows.exporting import export_dataset, import_dataset, read_export

    ingest(IngestJob(video, home, TAGS), quiet)
    with Dataset.open(home) as dataset:
        all_clear(dataset, dataset.clips.all()[0], rep="1", rater="anna")
        features = features_of_all(dataset)
        export_dataset(dataset, home.parent / "out", "parquet", features=features)
        answers = dataset.journal.answers()
    copy = home.parent / "copy"
    with Dataset.open(copy) as restored:
        import_dataset(read_export(home.parent / "out"), restored)
        assert [clip.is_video_present for clip in restored.clips.all()] == [False]
    assert ingest(IngestJob(video, copy, ClipTags()), quiet).status is Status.INGESTED
    with Dataset.open(copy) as restored:
        (clip,) = restored.clips.all()
        assert clip.is_video_present
        assert clip.tags == TAGS
        assert restored.journal.answers() == answers


@pytest.mark.parametrize("lost", ["proxy.mp4", "thumb.jpg", "media", "poses"])
def test_lost_files_come_back_with_the_video_and_labels_stay(home, video, extracted, lost):
    ingest(IngestJob(video, home, TAGS), quiet)
    with Dataset.open(home) as dataset:
        (clip,) = dataset.clips.all()
        all_clear(dataset, clip, rep="1", rater="anna")
        answers = dataset.journal.answers()
        media, poses = dataset.media.folder(clip.clip_id), dataset.tracks.path(clip.clip_id)
    if lost == "poses":
        poses.unlink()
    elif lost == "media":
        shutil.rmtree(media)
    else:
        (media / lost).unlink()
    assert ingest(IngestJob(video, home, ClipTags()), quiet).status is Status.INGESTED
    assert ingest(IngestJob(video, home, ClipTags()), quiet).status is Status.ALREADY
    with Dataset.open(home) as dataset:
        assert {file.name for file in media.iterdir()} == {"proxy.mp4", "thumb.jpg"}
        assert dataset.tracks.load(clip.clip_id, dataset.clips.times(clip.clip_id)).times.n_frames
        assert (dataset.journal.answers(), dataset.clips.all()) == (answers, [clip])


def outlined(path: Path, folder: Path, *, on_progress) -> Extraction:
    """As the pose network does it now."""
    extraction = extract_hinges(path, folder, on_progress=on_progress)
    made_by = {"model": MODEL_NAME, "outline": "2"}
    n_frames = extraction.track.n_frames
    contour = contour_behind(np.tile(FLAT, (n_frames, 1)), trunk_px=TRUNK_PX)
    track = dataclasses.replace(extraction.track, made_by=made_by, contour=contour)
    return dataclasses.replace(extraction, track=track)


@pytest.mark.parametrize("model", [MODEL_NAME, "another tool"])
def test_a_clip_of_before_outlines_gets_its_own(home, video, extracted, monkeypatch, model):
    """Labels stay, and so does a pose that another tool made."""
    ingest(IngestJob(video, home, TAGS), quiet)
    with Dataset.open(home) as dataset:
        (clip,) = dataset.clips.all()
        times = dataset.clips.times(clip.clip_id)
        track = dataset.tracks.load(clip.clip_id, times)
        dataset.tracks.save(clip.clip_id, dataclasses.replace(track, made_by={"model": model}))
        all_clear(dataset, clip, rep="1", rater="anna")
        answers = dataset.journal.answers()
    monkeypatch.setattr(extracting, "extract", outlined)
    is_ours = model == MODEL_NAME
    found = [ingest(IngestJob(video, home, ClipTags()), quiet).status for _ in range(2)]
    assert found == [Status.INGESTED if is_ours else Status.ALREADY, Status.ALREADY]
    with Dataset.open(home) as dataset:
        assert (dataset.tracks.load(clip.clip_id, times).contour is not None) == is_ours
        assert (dataset.journal.answers(), dataset.clips.all()) == (answers, [clip])


def test_of_two_that_bring_the_same_clip_in_one_was_first(home, video, extracted, monkeypatch):
    copy = video.with_name("copy.mp4")
    copy.write_bytes(video.read_bytes())

    def overtaken(path: Path, folder: Path, **options: object) -> Extraction:
        monkeypatch.setattr(extracting, "extract", extracted)
        assert ingest(IngestJob(copy, home, TAGS), quiet).status is Status.INGESTED
        return extracted(path, folder, **options)

    monkeypatch.setattr(extracting, "extract", overtaken)
    result = ingest(IngestJob(video, home, ClipTags("A02")), quiet)
    assert (result.status, result.n_reps) == (Status.ALREADY, N_REPS)
    assert not leftovers(home)
    with Dataset.open(home) as dataset:
        (clip,) = dataset.clips.all()
        assert (clip.file_name, clip.tags) == ("copy.mp4", TAGS)
        assert clip.source_path == str(copy.resolve())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_what_is_no_file_is_not_waited_for(home, tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    result = ingest(IngestJob(tmp_path / "pipe.mp4", home, TAGS), quiet)
    assert "expected a video file, got something else there" in result.error["message"]


def test_broken_files_each_get_their_own_words(home, tmp_path, video, extracted, monkeypatch):
    monkeypatch.undo()  # the real thing: nothing here gets as far as the pose network
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "text.mp4").write_text("This is no video.\n" * 100)
    support_videos.make_sound_only(folder / "sound.mp4")
    whole = support_videos.make_clip(tmp_path / "whole.mp4").read_bytes()
    (folder / "codec.mp4").write_bytes(whole.replace(b"avc1", b"zzzz"))
    results = [ingest(IngestJob(path, home, TAGS), quiet) for path in sorted(folder.iterdir())]
    assert [result.status for result in results] == [Status.FAILED] * 4
    messages = [result.error["message"] for result in results]
    assert len(set(messages)) == 4
    assert all(
        path.name in message
        for path, message in zip(sorted(folder.iterdir()), messages, strict=True)
    )
    assert all(result.error["hint"] for result in results)


def test_folders_and_files_together_keep_going(home, tmp_path, extracted, monkeypatch):
    monkeypatch.setattr("labeler.pose.bundle.resolve_bundle", lambda **_: None)
    folder = tmp_path / "videos"
    folder.mkdir()
    for name in ("a.mp4", "b.MOV", "notes.txt"):
        (folder / name).write_text(name)
    (tmp_path / "none").mkdir()
    results = list(
        ingest_many(
            [folder, tmp_path / "none", tmp_path / "missing.mp4"],
            dataset_folder=home,
            tags=TAGS,
            n_jobs=1,
            on_progress=quiet,
            tell=quiet,
        )
    )
    by_name = {Path(result.path).name: result.status for result in results}
    assert by_name == {
        "a.mp4": Status.INGESTED,
        "b.MOV": Status.INGESTED,
        "none": Status.FAILED,
        "missing.mp4": Status.FAILED,
    }


def test_names_are_kept_in_one_spelling(home, video, extracted):
    ingest(IngestJob(video, home, ClipTags(" A01\n", session=" ")), quiet)
    with Dataset.open(home) as dataset:
        (clip,) = dataset.clips.all()
        assert (clip.tags.athlete, clip.tags.session) == ("A01", None)
        clip = retag(dataset, clip, merged(clip.tags, ClipTags(" ", session="S  1 ")))
        assert (clip.tags.athlete, clip.tags.session) == ("A01", "S 1")


def test_what_is_not_told_is_kept():
    old = ClipTags("A01", "hinge", View.SIDE, "S1")
    assert merged(old, ClipTags(movement="squat")) == dataclasses.replace(old, movement="squat")
