"""Which way a repetition turns, beside its frames and seconds."""

import dataclasses

import numpy as np
import pytest
from support_datasets import add_hinges, new_dataset

from labeler.core.clip import ClipTags, View
from labeler.core.landmarks import Landmark
from labeler.workflows.importing import retag
from labeler.workflows.reviewing import rep_rows

TURNING = ClipTags("A01", "rotation", View.FRONT)


@pytest.fixture
def dataset(tmp_path):
    with new_dataset(tmp_path) as dataset:
        add_hinges(dataset)
        yield dataset


def turning_m(world_m, turn_deg):
    """Hips and shoulders at the same place, turned by so much to the athlete's left."""
    turned = world_m.copy()
    heading = np.stack([np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))], axis=1)
    for joint, half_m, y_m in (("HIP", 0.1, 0.0), ("SHOULDER", 0.18, -0.5)):
        for side, sign in (("LEFT", 1.0), ("RIGHT", -1.0)):
            turned[:, Landmark[f"{side}_{joint}"], 1] = y_m
            turned[:, Landmark[f"{side}_{joint}"], ::2] = sign * half_m * heading
    return turned


def test_turns_go_left_and_right_in_turn(dataset):
    """Two seconds to the left, two to the right, again and again."""
    clip = dataset.clips.get("one.mp4")
    times = dataset.clips.times(clip.clip_id)
    track = dataset.tracks.load(clip.clip_id, times)
    turn_deg = -40.0 * np.cos(np.pi * times.pts_s / 2.0)
    world_m = turning_m(track.world_m, turn_deg)
    dataset.tracks.save(clip.clip_id, dataclasses.replace(track, world_m=world_m))
    rows = rep_rows(dataset, retag(dataset, clip, TURNING))
    assert [row["direction"] for row in rows] == ["left", "right"] * 3 + ["left"]


def test_what_goes_up_and_down_has_no_direction(dataset):
    rows = rep_rows(dataset, dataset.clips.get("one.mp4"))
    assert rows
    assert all("direction" not in row for row in rows)


def test_without_a_pose_turns_are_listed_all_the_same(dataset):
    clip = dataset.clips.get("one.mp4")
    dataset.tracks.path(clip.clip_id).unlink()
    turning = dataclasses.replace(clip, tags=TURNING)
    assert len(rep_rows(dataset, turning)) == 4
