"""A person or a dream: decided by size, limbs, staying and smoothness, not by confidence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_poses import (
    SIZE_PX,
    outlined,
    pose_at,
    standing_m,
    steady_times,
    stunted,
    track_of,
)

from labeler.core.clip import FrameTimes
from labeler.core.errors import NoPersonError, PoseError
from labeler.core.landmarks import Landmark
from labeler.pose.estimator import track_from_poses
from labeler.pose.quality import best_frame, detected_ratio, findings, is_person, keep_person

N_FRAMES = 60


def walking(n_frames=N_FRAMES, start=0.3):
    return [pose_at(start + 0.003 * k) for k in range(n_frames)]


def codes(track):
    return [finding.code for finding in findings(track)]


def test_a_person_is_kept_whole():
    track = track_of(walking())
    kept = keep_person(track)
    np.testing.assert_array_equal(kept.xy_px, track.xy_px)
    assert detected_ratio(kept) == 1.0
    assert codes(kept) == []


@pytest.mark.parametrize(
    "odd",
    [
        pose_at(0.39, world=stunted()),
        pose_at(0.39, body_ratio=0.09),
        pose_at(0.9),
        pose_at(0.39, body_ratio=0.9),
        None,
    ],
    ids=["limbs of no person", "too small", "elsewhere", "suddenly large", "nobody"],
)
def test_an_odd_stretch_becomes_nan_and_nothing_else(odd):
    poses = walking()
    poses[30:36] = [odd] * 6
    kept = keep_person(track_of(poses))
    expected = [not 30 <= k < 36 for k in range(N_FRAMES)]
    assert np.isfinite(kept.xy_px).all(axis=(1, 2)).tolist() == expected
    assert np.isfinite(kept.world_m).all(axis=(1, 2)).tolist() == expected
    assert np.isfinite(kept.visibility).all(axis=1).tolist() == expected


def test_a_person_stays_for_longer_than_a_moment():
    poses = [None] * N_FRAMES
    poses[5:15] = [pose_at(0.5)] * 10  # a third of a second
    poses[30:50] = [pose_at(0.5)] * 20
    assert np.flatnonzero(is_person(track_of(poses))).tolist() == list(range(30, 50))


def test_a_slow_clock_allows_longer_steps():
    """The same walk at 5 frames per second: more way per frame, the same speed."""
    assert is_person(track_of([pose_at(0.1 + 0.06 * k) for k in range(10)], fps=5)).all()


def trembling(tremble, n_frames=N_FRAMES):
    rng = np.random.default_rng(7)
    return [
        pose_at(0.5, world=standing_m() + rng.normal(0, tremble, (33, 3)) * (1, 1, 0))
        for _ in range(n_frames)
    ]


@pytest.mark.parametrize(
    "poses",
    [
        [None] * N_FRAMES,
        [pose_at(0.5, world=stunted())] * N_FRAMES,
        [pose_at(0.2 + 0.6 * (k % 2)) for k in range(N_FRAMES)],
        [*[None] * 500, *[pose_at(0.5)] * 20],
        trembling(0.03),
    ],
    ids=["nobody", "limbs of no person", "here and there", "for a moment of a long clip", "dream"],
)
def test_no_person_is_an_error(poses):
    with pytest.raises(NoPersonError, match="expected a person in the picture, got") as caught:
        keep_person(track_of(poses))
    assert isinstance(caught.value, PoseError)
    assert "Film the whole body" in caught.value.hint


def test_a_steady_hand_trembles_less_than_a_dream():
    assert detected_ratio(keep_person(track_of(trembling(0.003)))) == 1.0


def test_fast_movement_at_a_slow_clock_is_no_trembling():
    """Swaying once a second at 10 frames per second; the same frames at 30 would be a dream."""
    poses = []
    for k in range(40):
        sway = 0.6 * np.sin(2 * np.pi * k / 10)
        turn = np.array([[np.cos(sway), np.sin(sway)], [-np.sin(sway), np.cos(sway)]])
        world = standing_m()
        world[:, :2] @= turn
        poses.append(pose_at(0.5, world=world))
    assert detected_ratio(keep_person(track_of(poses, fps=10))) == 1.0
    with pytest.raises(NoPersonError):
        keep_person(track_of(poses, fps=30))


def test_a_single_frame_is_no_person():
    with pytest.raises(NoPersonError):
        keep_person(track_of([pose_at(0.5)]))


@settings(deadline=None, max_examples=15)  # 60 frames each
@given(st.floats(0.3, 3.0), st.floats(-0.2, 0.2))
def test_what_is_a_person_does_not_depend_on_picture_size_or_place(scale, shift):
    poses = walking()
    poses[30:36] = [pose_at(0.39, world=stunted())] * 6
    size_px = (round(SIZE_PX[0] * scale), round(SIZE_PX[1] * scale))
    moved = [
        type(p)(xy_ratio=p.xy_ratio + shift, visibility=p.visibility, world_m=p.world_m)
        for p in poses
    ]
    track = track_from_poses(moved, steady_times(N_FRAMES), size_px=size_px, made_by={})
    np.testing.assert_array_equal(is_person(track), is_person(track_of(poses)))


def test_lost_for_long_is_told():
    poses = walking()
    poses[20:30] = [None] * 10
    assert codes(keep_person(track_of(poses))) == ["person_lost"]


def test_hidden_joints_are_told_when_both_sides_are():
    one, both = track_of(walking()), track_of(walking())
    one.visibility[:, Landmark.LEFT_KNEE] = 0.1
    both.visibility[:, [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE]] = 0.1
    assert codes(one) == []
    assert codes(both) == ["low_visibility"]


def test_nobody_has_nothing_hidden():
    assert codes(track_of([None] * 40)) == ["person_lost"]


@pytest.mark.parametrize(
    ("pts_s", "expected"),
    [
        (np.arange(40) / 30, []),
        (np.cumsum(np.tile([0.02, 0.03], 20)), ["variable_frame_rate"]),
        (np.arange(40) / 15, ["low_frame_rate"]),
    ],
    ids=["steady", "uneven", "slow"],
)
def test_clocks_are_told(pts_s, expected):
    track = track_from_poses(walking(40), FrameTimes(pts_s - pts_s[0]), size_px=SIZE_PX, made_by={})
    assert codes(track) == expected


def test_the_thumb_shows_the_athlete_large_and_well_seen():
    poses = [pose_at(0.5, body_ratio=0.4 + 0.005 * k) for k in range(20)]
    track = track_of(poses)
    track.visibility[15:] = 0.3
    assert best_frame(track) == 14


def test_the_thumb_of_nobody_is_the_first_frame():
    assert best_frame(track_of([None] * 5)) == 0


def test_the_outline_of_an_implausible_frame_goes_with_it():
    poses = [outlined(pose) for pose in walking()]
    odd = len(poses) // 2
    poses[odd] = outlined(pose_at(0.5, world=stunted()))
    track = keep_person(track_of(poses))
    is_seen = np.isfinite(track.contour.offset_px).all(axis=(1, 2))
    np.testing.assert_array_equal(is_seen, np.arange(len(poses)) != odd)
    assert np.isnan(track.contour.area_px[odd])
