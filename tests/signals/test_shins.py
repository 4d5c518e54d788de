"""A foot behind a plate: the pose ends the shin early, and its direction is nobody's."""

import dataclasses

import numpy as np
import pytest
import support_bodies as bodies
from hypothesis import given
from hypothesis import strategies as st

from labeler.core.clip import View
from labeler.core.landmarks import Landmark
from labeler.signals.body import Side
from labeler.signals.compute import compute_signals
from labeler.signals.shins import MIN_SHIN_RATIO, SHIN_SIGNALS, hidden_shins, with_gaps

TIMES = bodies.steady_times(4.0, 30.0)
PLATE = slice(50, 70)
ANKLES = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)


def lifted(shown_ratio: float = 0.5):
    """A hinge whose ankles are drawn so far from the knees in some frames, and 40 px in front."""
    track = bodies.hinge(TIMES, n_reps=1)
    xy_px = track.xy_px.copy()
    for side in ("LEFT", "RIGHT"):
        knee, ankle = (xy_px[PLATE, Landmark[f"{side}_{joint}"]] for joint in ("KNEE", "ANKLE"))
        ankle[:] = knee + shown_ratio * (ankle - knee)
    return dataclasses.replace(track, xy_px=xy_px)


def signals_of(track, view=View.SIDE):
    return compute_signals(track, view=view, lowpass_hz=4.0)


def test_angles_of_a_shin_that_ends_too_early_are_left_out_and_said():
    found = signals_of(lifted())
    for name in ("shank_incl_deg", "knee_angle_deg", "lean_minus_shank_deg"):
        assert np.flatnonzero(np.isnan(found[name])).tolist() == list(range(50, 70))
    assert np.isfinite(found["trunk_incl_deg"]).all()
    assert np.isfinite(found["hip_angle_deg"]).all()
    (said,) = [finding for finding in found.findings if finding.code == "feet_hidden"]
    assert "17%" in said.message
    step = found.cleaning[-1]
    assert (step.name, step.n_points) == ("short_shins", 20)
    assert found.made_by["short_shins"].endswith("20 points")


@pytest.mark.parametrize("view", [View.FRONT, View.OBLIQUE, None])
def test_a_shin_may_point_at_a_camera_that_is_not_at_the_side(view):
    found = signals_of(lifted(), view)
    assert "feet_hidden" not in {finding.code for finding in found.findings}
    assert "not looked for" in found.cleaning[-1].words


@pytest.mark.parametrize("shown_ratio", [1.0, 0.75])
def test_a_whole_shin_and_one_that_leans_out_of_the_picture_stay(shown_ratio):
    found = signals_of(lifted(shown_ratio))
    assert np.isfinite(found["shank_incl_deg"]).all()
    assert "feet_hidden" not in {finding.code for finding in found.findings}


@given(st.floats(0.2, 5.0), st.booleans())
def test_the_size_of_the_picture_and_the_side_make_no_difference(scale, is_mirrored):
    track = lifted()
    xy_px = track.xy_px * scale
    size_px = tuple(round(scale * side_px) + 1 for side_px in track.size_px)
    if is_mirrored:
        xy_px[..., 0] = size_px[0] - xy_px[..., 0]
    found = hidden_shins(
        dataclasses.replace(track, xy_px=xy_px, size_px=size_px), Side.RIGHT, View.SIDE
    )
    assert np.flatnonzero(found).tolist() == list(range(50, 70))


def test_a_gap_between_hidden_feet_is_hidden_too_and_another_is_not():
    track = lifted()
    visibility = track.visibility.copy()
    visibility[np.ix_([*range(55, 60), *range(70, 73), 90], ANKLES)] = 0.1
    found = hidden_shins(dataclasses.replace(track, visibility=visibility), Side.RIGHT, View.SIDE)
    assert np.flatnonzero(found).tolist() == list(range(50, 73))


def test_feet_that_are_never_seen_are_no_short_shins():
    track = lifted()
    visibility = track.visibility.copy()
    visibility[:, ANKLES] = 0.0
    unseen = dataclasses.replace(track, visibility=visibility)
    assert not hidden_shins(unseen, Side.RIGHT, View.SIDE).any()
    assert not hidden_shins(track, Side.BOTH, View.SIDE).any()


def test_stretches_count_whole_or_not_at_all():
    is_short = np.array([0, 1, 0, 0, 0, 0, 1], dtype=bool)
    is_unknown = np.array([1, 0, 1, 0, 1, 0, 0], dtype=bool)
    assert with_gaps(is_short, is_unknown).astype(int).tolist() == [1, 1, 1, 0, 0, 0, 1]


def test_only_signals_that_exist_are_left_out():
    found = signals_of(lifted())
    assert set(SHIN_SIGNALS) <= set(found.values)
    assert np.cos(np.radians(45.0)) > MIN_SHIN_RATIO
