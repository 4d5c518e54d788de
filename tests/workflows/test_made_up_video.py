"""A made-up video stays made up: brought in, copied by us, and brought in elsewhere."""

import pytest
from support_datasets import new_dataset
from support_poses import ScriptedEstimator, pose_at
from support_videos import Recipe, make_clip

from labeler.core.clip import ClipTags
from labeler.core.origin import MADE_UP_MARK
from labeler.store.dataset import Dataset
from labeler.video.reader import ClipReader
from labeler.video.upright import Size
from labeler.video.writer import VideoWriter
from labeler.workflows import extracting
from labeler.workflows.importing import IngestJob, Status, ingest

N_FRAMES = 30
SIZE = (192, 108)


@pytest.fixture(autouse=True)
def scripted(monkeypatch):
    """Somebody stands in every frame."""
    frames = [[pose_at(0.5)]] * N_FRAMES
    monkeypatch.setattr(extracting, "mediapipe_estimator", lambda _: ScriptedEstimator(frames, ()))


@pytest.fixture
def recorded(tmp_path):
    return make_clip(tmp_path / "recorded.mp4", Recipe(n_frames=N_FRAMES, fps=30, size=SIZE))


@pytest.fixture
def made_up(tmp_path, recorded):
    """The same pictures in a file that says that it is made up."""
    path = tmp_path / "made_up.mp4"
    with VideoWriter(path, Size(*SIZE), comment=MADE_UP_MARK) as writer:
        for picture in ClipReader(recorded):
            writer.write(picture.rgb, float(picture.since_first_s))
    return path


def brought_in(folder, path):
    """The clip, and the player's copy of it."""
    with new_dataset(folder) as dataset:
        home = dataset.folder
    result = ingest(IngestJob(path, home, ClipTags()), lambda *_: None)
    assert result.status is Status.INGESTED, result.error
    with Dataset.open(home) as dataset:
        clip = dataset.clips.get(result.clip)
        assert result.is_synthetic is clip.is_synthetic
        return clip, next(dataset.folder.rglob("proxy.mp4"))


def test_the_mark_goes_through_ingest_copy_and_ingest(tmp_path, made_up):
    clip, copy = brought_in(tmp_path / "one", made_up)
    assert clip.is_synthetic
    again, _ = brought_in(tmp_path / "two", copy)
    assert again.is_synthetic
    assert again.clip_id != clip.clip_id


def test_a_recording_is_none(tmp_path, recorded):
    clip, copy = brought_in(tmp_path / "one", recorded)
    assert not clip.is_synthetic
    again, _ = brought_in(tmp_path / "two", copy)
    assert not again.is_synthetic
