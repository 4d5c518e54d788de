"""Left and right that changed places: found, put back, and never mistaken for a real crossing."""

from dataclasses import replace

import numpy as np
import pytest
import support_bodies as bodies
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.core.clip import FrameTimes, View
from labeler.core.landmarks import LEFT_RIGHT, Landmark
from labeler.core.track import PoseTrack
from labeler.exchange.joints import track_from_metres
from labeler.signals.clean import clean
from labeler.signals.compute import compute_signals
from labeler.signals.swaps import LOWER, MAX_SWAP_S, UPPER, exchanged, find_swaps

FPS = 30.0
ALL = UPPER + LOWER
POINTS = [Landmark[f"{side}_{name}"] for name in ALL for side in ("LEFT", "RIGHT")]
VIEWS = st.sampled_from(list(View))


def walker(view, *, seconds=3.0, turn_deg_per_s=0.0, is_flat=False):
    """Somebody who swings arms and legs against each other, seen in space; may turn besides."""
    times = bodies.steady_times(seconds, FPS)
    t = times.pts_s
    turn = np.radians(turn_deg_per_s * t)
    heights = dict(zip(ALL, (1.65, 1.45, 1.15, 0.9, 0.95, 0.5, 0.1, 0.05, 0.03), strict=True))
    halves = dict(zip(ALL, (0.07, 0.19, 0.22, 0.24, 0.1, 0.11, 0.11, 0.11, 0.12), strict=True))
    swings = dict(zip(ALL, (0, 0, -0.1, -0.2, 0, 0.15, 0.3, 0.3, 0.3), strict=True))
    joints = {}
    for side, sign in (("LEFT", 1.0), ("RIGHT", -1.0)):
        for name in ALL:
            forward = sign * swings[name] * np.sin(2 * np.pi * 0.9 * t)
            forward = forward + {"HEEL": -0.05, "FOOT_INDEX": 0.2}.get(name, 0.0)
            left = np.full_like(t, sign * halves[name])
            x = forward * np.cos(turn) - left * np.sin(turn)
            y = forward * np.sin(turn) + left * np.cos(turn)
            up = np.full_like(t, heights[name])
            joints[Landmark[f"{side}_{name}"]] = np.stack([x, y, up], axis=1)
    track = track_from_metres(joints, times, view=view, made_by={}, heading=(1.0, 0.0))
    return replace(track, world_m=np.full_like(track.world_m, np.nan)) if is_flat else track


def swapped(track, frames, names=ALL):
    """The same track with left and right of these joints exchanged in these frames."""
    order = np.arange(track.visibility.shape[1])
    for left, right in LEFT_RIGHT:
        if left.name.removeprefix("LEFT_") in names:
            order[[left, right]] = right, left
    is_here = np.zeros(track.n_frames, dtype=bool)
    is_here[frames] = True
    here = is_here[:, None, None]
    return PoseTrack(
        track.times,
        np.where(here, track.xy_px[:, order], track.xy_px),
        np.where(is_here[:, None], track.visibility[:, order], track.visibility),
        np.where(here, track.world_m[:, order], track.world_m),
        track.size_px,
    )


def assert_untouched(track):
    """Nothing to exchange, and nothing to tell."""
    is_swapped, open_s = find_swaps(track)
    assert not is_swapped.any()
    assert not len(open_s)


@settings(max_examples=40, deadline=None)
@given(
    view=VIEWS,
    names=st.sampled_from([ALL, UPPER, LOWER, ("KNEE", "ANKLE", "HEEL", "FOOT_INDEX")]),
    start=st.integers(1, 70),
    length=st.integers(1, 14),
)
def test_whoever_changed_places_is_put_back(view, names, start, length):
    """The whole body, a half or one limb, from any view, for up to half a second."""
    track = walker(view)
    broken = swapped(track, slice(start, start + length), names)
    is_swapped, _open_s = find_swaps(broken)
    np.testing.assert_allclose(
        exchanged(broken.xy_px, is_swapped)[:, POINTS], track.xy_px[:, POINTS], atol=1e-9
    )
    np.testing.assert_allclose(
        exchanged(broken.world_m, is_swapped)[:, POINTS], track.world_m[:, POINTS], atol=1e-9
    )


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("is_flat", [False, True], ids=["in space", "picture only"])
@pytest.mark.parametrize("turn_deg_per_s", [0.0, 90.0, 700.0])
def test_real_crossings_are_left_alone(view, is_flat, turn_deg_per_s):
    """Legs that pass each other, and a body that turns as fast as in a throw, change no places."""
    track = walker(view, turn_deg_per_s=turn_deg_per_s, is_flat=is_flat)
    assert_untouched(track)


def test_noise_of_points_that_lie_together_is_no_swap():
    """From the side, left and right tremble within a few pixels of each other."""
    rng = np.random.default_rng(1)
    track = walker(View.SIDE, is_flat=True)
    noisy = replace(track, xy_px=track.xy_px + rng.normal(0.0, 2.0, track.xy_px.shape))
    assert_untouched(noisy)


def test_from_the_side_depth_gives_a_swap_away():
    """Shoulders that lie on each other in the picture are put back with the rest of the body."""
    broken = swapped(walker(View.SIDE), slice(30, 36))
    found = find_swaps(broken).is_swapped
    assert np.flatnonzero(found[:, Landmark.LEFT_SHOULDER]).tolist() == list(range(30, 36))
    assert np.array_equal(found[:, Landmark.LEFT_EAR], found[:, Landmark.RIGHT_SHOULDER])


def test_a_swap_at_either_end_of_the_clip_reaches_to_it():
    broken = swapped(swapped(walker(View.FRONT), slice(0, 6)), slice(85, 90))
    found = find_swaps(broken).is_swapped[:, Landmark.LEFT_HIP]
    assert np.flatnonzero(found).tolist() == [*range(6), *range(85, 90)]


def test_a_lasting_exchange_is_left_alone():
    """When left and right change places for a second, neither end is known to be right: told."""
    n_frames = round((MAX_SWAP_S + 0.5) * FPS)
    broken = swapped(walker(View.FRONT), slice(30, 30 + n_frames))
    found = find_swaps(broken)
    assert not found.is_swapped.any()
    assert found.open_s == pytest.approx([1.0, 2.0])
    told = compute_signals(broken, view=View.FRONT, lowpass_hz=6.0).findings
    message = next(one.message for one in told if one.code == "swapped")
    assert message.startswith("Left and right change places at 1.0 s and 1 more times")


def test_frames_without_anybody_are_passed_over():
    """A swap is told from the last frame in which the athlete was seen; nobody is never swapped."""
    track = swapped(walker(View.FRONT), slice(40, 44))
    for points in (track.xy_px, track.world_m, track.visibility):
        points[41] = np.nan
    found = find_swaps(track).is_swapped[:, Landmark.LEFT_ANKLE]
    assert np.flatnonzero(found).tolist() == [40, 41, 42, 43]
    empty = bodies.empty_track(FrameTimes(np.arange(5) / FPS))
    assert_untouched(empty)


def test_visibility_goes_with_its_point():
    """The far side is hidden; where it was called the near one, that is put right as well."""
    track = walker(View.SIDE)
    track.visibility[:, [pair[0] for pair in LEFT_RIGHT]] = 0.6
    track.visibility[:, [pair[1] for pair in LEFT_RIGHT]] = 0.9
    found = clean(swapped(track, slice(30, 35)), lowpass_hz=6.0)
    assert (found.visibility[:, Landmark.LEFT_HIP] == 0.6).all()
    assert found.is_swapped[30:35, Landmark.LEFT_HIP].all()
    step = next(step for step in found.steps if step.name == "swap_repair")
    assert step.n_points == 5 * len(POINTS)


@pytest.mark.parametrize("movement", ["deep_squat", "sit_to_stand"])
def test_real_athletes_before_a_depth_camera_keep_their_sides(data_dir, movement):
    """A consumer skeleton, noisy feet and all: in no repetition anything is exchanged or told."""
    with np.load(data_dir / "uiprmd" / f"{movement}_kinect.npz") as file:
        names = [str(name).upper() for name in file["points"]]
        starts = np.cumsum(file["n_frames"])[:-1]
        parts, fps = np.split(file["positions_m"].astype(float), starts), float(file["fps"])
    for part in parts[::5]:
        joints = {
            Landmark[name]: part[:, column]
            for column, name in enumerate(names)
            if name in Landmark.__members__
        }
        times = FrameTimes(np.arange(len(part)) / fps)
        assert_untouched(track_from_metres(joints, times, view=View.SIDE, made_by={}))
