"""Clips in and out, and the names by which people call them."""

import math

import numpy as np
import pytest
from store_samples import CLIP, CLIP_ID, TIMES, first_cut, other_clip, said

from labeler.core.clip import ClipId, ClipTags, FrameTimes, View
from labeler.core.errors import ShapeError, StoreError


def test_a_clip_comes_back_as_it_went_in(dataset):
    assert dataset.clips.find(CLIP_ID) == CLIP
    assert dataset.clips.get(CLIP_ID).findings == CLIP.findings
    assert dataset.clips.get(CLIP_ID).tags.view is View.SIDE


def test_a_dataset_knows_whether_it_has_a_clip(empty):
    assert not empty.clips.has_any()
    clip, times = other_clip()
    empty.clips.add(clip, times)
    assert empty.clips.has_any()


def test_a_rate_nobody_can_know_comes_back_as_nan(empty):
    clip, times = other_clip()
    empty.clips.add(clip, times)
    found = empty.clips.get(clip.clip_id)
    assert math.isnan(found.fps_median)
    assert found.fps_jitter_ratio == 0.0
    assert found.tags == ClipTags()


def test_frame_times_come_back_to_the_last_bit(dataset):
    found = dataset.clips.times(CLIP_ID)
    assert found.pts_s.tobytes() == TIMES.pts_s.tobytes()
    assert found.start_offset_s == TIMES.start_offset_s
    assert found.pts_s.flags.writeable


def test_adding_again_changes_nothing(dataset):
    assert not dataset.clips.add(CLIP, TIMES, cut=said("never", "1"))
    assert dataset.journal.actions() == [first_cut()]
    assert dataset.clips.all() == [CLIP]


def test_a_refused_cut_refuses_the_clip(empty):
    with pytest.raises(StoreError, match="exists"):
        empty.clips.add(CLIP, TIMES, cut=said("a:1", "1"))
    assert empty.clips.all() == []


def test_times_of_another_number_of_frames_are_refused(empty):
    with pytest.raises(ShapeError, match=r"pts_s: expected shape \(300,\), got \(2,\)"):
        empty.clips.add(CLIP, FrameTimes(np.arange(2.0)))


@pytest.mark.parametrize(
    "name", [CLIP_ID, "0a1b", "0A1B2C3D", CLIP.short_id, "squat été.mp4", "squat"]
)
def test_a_clip_answers_to(dataset, name):
    dataset.clips.add(*other_clip())
    assert dataset.clips.get(name).clip_id == CLIP_ID


@pytest.mark.parametrize("name", ["0a1", "", "beef", "%%%%", "____", "quat", "f" * 63 + "e"])
def test_no_clip_answers_to(dataset, name):
    dataset.clips.add(*other_clip())
    with pytest.raises(StoreError, match=r"first digits.*got") as caught:
        dataset.clips.get(name)
    assert "labeler clips" in caught.value.hint


def test_a_name_of_two_clips_is_refused_with_both(dataset):
    dataset.clips.add(*other_clip(file_name=CLIP.file_name))
    with pytest.raises(StoreError, match=r"fits 2: 0a1b2c3d4e5f, ffffffffffff"):
        dataset.clips.get(CLIP.file_name)
    assert dataset.clips.get("0a1b").clip_id == CLIP_ID


def test_a_whole_file_name_goes_before_one_that_begins_so(dataset):
    dataset.clips.add(*other_clip(file_name=f"{CLIP.file_name}.mov"))
    assert dataset.clips.get(CLIP.file_name).clip_id == CLIP_ID
    with pytest.raises(StoreError, match=r"'squat', which fits 2"):
        dataset.clips.get("squat")


def test_clips_are_listed_in_the_order_of_coming_in(dataset):
    later, times = other_clip("1", ingested_at="2026-02-01T00:00:00.000Z")
    first, _ = other_clip("2", ingested_at="2025-01-01T00:00:00.000Z")
    dataset.clips.add(later, times)
    dataset.clips.add(first, times)
    assert [c.clip_id[0] for c in dataset.clips.all()] == ["2", "0", "1"]


def test_tags_are_replaced_whole(dataset):
    dataset.clips.set_tags(CLIP_ID, ClipTags(athlete="B02", view=View.OBLIQUE))
    assert dataset.clips.get(CLIP_ID).tags == ClipTags("B02", None, View.OBLIQUE, None)


def test_a_clip_gets_its_video_later(empty):
    clip, times = other_clip(is_video_present=False, source_path=None)
    empty.clips.add(clip, times)
    empty.clips.set_video_present(clip.clip_id, source_path="/videos/still.mp4")
    found = empty.clips.get(clip.clip_id)
    assert (found.is_video_present, found.source_path) == (True, "/videos/still.mp4")


UNKNOWN = ClipId(64 * "e")


@pytest.mark.parametrize(
    "ask",
    [
        lambda clips: clips.times(UNKNOWN),
        lambda clips: clips.set_tags(UNKNOWN, ClipTags()),
        lambda clips: clips.set_video_present(UNKNOWN, source_path=None),
    ],
    ids=["times", "tags", "video"],
)
def test_an_unknown_clip_is_said_to_be_unknown(dataset, ask):
    assert dataset.clips.find(UNKNOWN) is None
    with pytest.raises(StoreError, match="clip: expected one of the dataset's clips, got 'eeee"):
        ask(dataset.clips)
