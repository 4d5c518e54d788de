"""What the browser asks of a dataset, and what becomes of what it sends."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support_bodies import TRUNK_PX, hinge
from support_datasets import TAGS, add_hinges, new_dataset, with_video
from support_outlines import FLAT, contour_behind, mirrored

from labeler.core.clip import ClipTags, View
from labeler.core.contour import N_STATIONS, STATIONS, trunk_axis
from labeler.core.errors import StoreError
from labeler.workflows.serving import DatasetMedia, as_text, from_text

words = st.none() | st.text(min_size=1, max_size=20)


class Inbox:
    """Takes files in and remembers what was told."""

    def __init__(self, folder):
        self.folder = folder
        self.files = []
        self.dropped = []

    async def receive(self, name, chunks, *, told):
        path = self.folder / name
        path.write_bytes(b"".join([chunk async for chunk in chunks]))
        self.files.append((path, told))
        return path

    def waiting(self):
        return self.files

    def drop(self, path):
        self.dropped.append(path)


class Ingests:
    """Remembers what was queued, and is done at once."""

    def __init__(self):
        self.queued = []

    def submit(self, path, tags, *, on_done):
        self.queued.append((path, tags))
        on_done()


@pytest.fixture
def dataset(tmp_path):
    with new_dataset(tmp_path) as opened:
        yield opened


@pytest.fixture
def inbox(tmp_path):
    return Inbox(tmp_path)


@pytest.fixture
def ingests():
    return Ingests()


@pytest.fixture
def media(dataset, inbox, ingests):
    return DatasetMedia(dataset, inbox, ingests)


async def chunks():
    yield b"a"
    yield b"b"


def test_a_file_is_queued_with_what_was_told_when_it_has_arrived(media, inbox, ingests):
    asyncio.run(media.receive_upload("a.mp4", chunks(), told=as_text(TAGS)))
    ((path, tags),) = ingests.queued
    assert (path.read_bytes(), tags) == (b"ab", TAGS)
    assert inbox.dropped == [path]


def test_a_new_server_goes_on_with_what_the_last_one_received(media, inbox, ingests, tmp_path):
    inbox.files = [(tmp_path / "left.mp4", as_text(ClipTags()))]
    media.resume()
    assert ingests.queued == [(tmp_path / "left.mp4", ClipTags())]


@given(st.builds(ClipTags, words, words, st.none() | st.sampled_from(View), words))
def test_tags_travel_unchanged(tags):
    assert from_text(as_text(tags)) == tags


def test_a_clips_bytes_are_served_and_a_missing_one_is_said(media, dataset):
    clip = with_video(dataset, add_hinges(dataset))
    assert media.video(clip.clip_id).read_bytes() == b"proxy"
    assert media.thumbnail(clip.clip_id).is_file()
    times = np.frombuffer(media.pts(clip.clip_id), "<f8")
    assert np.array_equal(times, dataset.clips.times(clip.clip_id).pts_s)
    pose = np.frombuffer(media.pose(clip.clip_id), "<f4").reshape(-1, 33, 3)
    assert pose.shape[0] == clip.n_frames
    with pytest.raises(StoreError):
        media.video("0" * 64)


def test_a_clip_without_an_outline_has_no_back_to_draw(media, dataset):
    assert media.back(add_hinges(dataset).clip_id) == b""


@pytest.mark.parametrize(("change", "side"), [(lambda t: t, -1), (mirrored, 1)])
def test_the_back_is_behind_the_athlete(media, dataset, change, side):
    """As far from the line of hip and shoulder as measured, whichever way they face."""
    clip = add_hinges(dataset)
    times = dataset.clips.times(clip.clip_id)
    contour = contour_behind(np.tile(FLAT, (times.n_frames, 1)), trunk_px=TRUNK_PX)
    track = change(replace(hinge(times), contour=contour))
    dataset.tracks.save(clip.clip_id, track)
    points_px = np.frombuffer(media.back(clip.clip_id), "<f4").reshape(-1, N_STATIONS, 2)
    assert len(points_px) == times.n_frames
    hips_px, _trunk = trunk_axis(track.xy_px)
    at_hips_px = points_px[0, np.flatnonzero(STATIONS == 0.0)[0]]
    assert at_hips_px[0] == pytest.approx(hips_px[0, 0] + side * FLAT[0] * TRUNK_PX, abs=1.0)
