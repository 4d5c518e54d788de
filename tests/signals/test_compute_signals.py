"""Signals of made-up bodies with known angles."""

import numpy as np
import pytest
import support_bodies as bodies
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.core.clip import FrameTimes, View
from labeler.core.errors import ShapeError
from labeler.core.landmarks import Landmark
from labeler.signals.compute import compute_signals
from labeler.signals.registry import SIGNALS
from labeler.signals.series import ClipSignals

ANGLES = [name for name in SIGNALS if name.endswith("_deg") and name != "lateral_bend_deg"]


def held(seconds=1.0, fps=30.0, foot_px=bodies.FOOT_PX, **angles_deg):
    """A body that holds a pose."""
    times = bodies.steady_times(seconds, fps)
    given = {"trunk_deg": 0.0, "thigh_deg": 0.0, **angles_deg}
    courses = {name: np.full(times.n_frames, deg) for name, deg in given.items()}
    return bodies.side_body(times, foot_px=foot_px, **courses)


def signals_of(track, view=View.SIDE, lowpass_hz=6.0):
    return compute_signals(track, view=view, lowpass_hz=lowpass_hz)


@pytest.mark.parametrize(
    ("pose", "expected_deg"),
    [
        ({"trunk_deg": 0.0}, {"trunk_incl_deg": 0.0, "hip_angle_deg": 180.0}),
        ({"trunk_deg": 40.0}, {"trunk_incl_deg": 40.0, "hip_angle_deg": 140.0}),
        ({"trunk_deg": -10.0}, {"trunk_incl_deg": -10.0, "hip_angle_deg": 170.0}),
        ({"thigh_deg": 90.0}, {"thigh_incl_deg": 90.0, "knee_angle_deg": 90.0}),
        ({"thigh_deg": 60.0, "shank_deg": 20.0}, {"leg_bend_deg": 70.0, "knee_angle_deg": 100.0}),
        (
            {"trunk_deg": 45.0, "thigh_deg": 80.0, "shank_deg": 25.0},
            {"hip_angle_deg": 55.0, "knee_angle_deg": 75.0, "lean_minus_shank_deg": 20.0},
        ),
        ({"trunk_deg": 30.0, "neck_deg": 25.0}, {"neck_angle_deg": 25.0}),
        ({"trunk_deg": 30.0, "neck_deg": -20.0}, {"neck_angle_deg": -20.0}),
    ],
    ids=["upright", "lean", "lean back", "seat", "half squat", "squat", "looks up", "looks down"],
)
@pytest.mark.parametrize("is_mirrored", [False, True], ids=["facing right", "facing left"])
def test_known_poses(pose, expected_deg, is_mirrored):
    """The angles are those of the body, whichever way it faces."""
    track = held(**pose)
    found = signals_of(bodies.mirrored(track) if is_mirrored else track)
    assert found.facing == (-1 if is_mirrored else 1)
    for name, value in expected_deg.items():
        assert found[name] == pytest.approx(np.full(found.n_frames, value), abs=0.5), name


def test_lengths_are_in_leg_lengths():
    """Standing straight, the hip is one leg above the ankle and over it."""
    found = signals_of(held())
    assert found["hip_height_legs"] == pytest.approx(1.0)
    assert found["pelvis_x_legs"] == pytest.approx(0.0)
    assert found["trunk_length_ratio"] == pytest.approx(1.0)
    trunk_legs = bodies.TRUNK_PX / (bodies.SHANK_PX + bodies.THIGH_PX)
    assert found["shoulder_height_legs"] == pytest.approx(1.0 + trunk_legs)


def test_hips_back_are_negative():
    """Hips behind the ankles count as negative when facing either way."""
    times = bodies.steady_times(4.0, 30.0)
    for track in (bodies.hinge(times), bodies.mirrored(bodies.hinge(times))):
        found = signals_of(track)
        expected = -bodies.THIGH_PX * np.sin(np.radians(25.0))
        expected /= bodies.SHANK_PX + bodies.THIGH_PX
        assert np.nanmin(found["pelvis_x_legs"]) == pytest.approx(expected, abs=0.005)


@settings(max_examples=20, deadline=None)
@given(width_px=st.integers(700, 4000), height_px=st.integers(700, 4000))
def test_picture_shape_does_not_bend_angles(width_px, height_px):
    """Angles are taken in pixels: cropping or padding the picture changes nothing."""
    times = bodies.steady_times(0.5, 30.0)
    lean = np.full(times.n_frames, 37.0)
    track = bodies.side_body(
        times, trunk_deg=lean, thigh_deg=lean, size_px=(width_px + 1000, height_px)
    )
    assert signals_of(track)["trunk_incl_deg"] == pytest.approx(lean, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(scale=st.floats(0.2, 3.0), shift_px=st.floats(-50.0, 50.0))
def test_size_and_place_in_the_picture_do_not_matter(scale, shift_px):
    """Nearer or further, left or right: the same signals."""
    times = bodies.steady_times(1.5, 30.0)
    track = bodies.hinge(times, n_reps=1)
    moved = bodies.track_of(
        (track.xy_px + shift_px) * scale, times, size_px=(int(1400 * scale), int(800 * scale))
    )
    one, two = signals_of(track), signals_of(moved)
    for name in SIGNALS:
        assert two[name] == pytest.approx(one[name], abs=1e-6, nan_ok=True), name


def test_mirror_changes_no_signal():
    """A left-facing athlete gives the numbers of a right-facing one."""
    times = bodies.steady_times(4.0, 30.0)
    track = bodies.hinge(times, lag_s=0.1)
    one, two = signals_of(track), signals_of(bodies.mirrored(track))
    for name in ANGLES:
        assert two[name] == pytest.approx(one[name], abs=0.5, nan_ok=True), name


def test_variable_frame_rate_changes_no_angle():
    """An uneven clock gives the angles that the body had at those times."""
    track_at = {
        "even": bodies.steady_times(8.0, 60.0),
        "uneven": bodies.uneven_times(8.0, 30.0, seed=3),
    }
    found = {k: signals_of(bodies.hinge(t), lowpass_hz=6.0) for k, t in track_at.items()}
    assert found["even"].made_by["clock"] == "steady"
    assert found["uneven"].made_by["clock"] == "resampled for the filter"
    even, uneven = found["even"], found["uneven"]
    inside = (uneven.times.pts_s > 0.5) & (uneven.times.pts_s < 7.5)
    for name in ("trunk_incl_deg", "thigh_incl_deg"):
        expected = np.interp(uneven.times.pts_s, even.times.pts_s, even[name])
        assert uneven[name][inside] == pytest.approx(expected[inside], abs=0.5)


def test_side_view_cannot_show_a_side_bend():
    """Gating is hard: NaN from the side, at 45 degrees and when the view was not told."""
    track = held(trunk_deg=8.0)
    for view in (View.SIDE, View.OBLIQUE, None):
        assert np.isnan(signals_of(track, view=view)["lateral_bend_deg"]).all()


def test_side_bend_is_positive_to_the_athletes_left():
    """Seen from the front the athlete's left is the right edge; from the rear it is the left."""
    track = held(trunk_deg=8.0, foot_px=0.0)
    assert signals_of(track, view=View.FRONT)["lateral_bend_deg"] == pytest.approx(8.0, abs=0.1)
    assert signals_of(track, view=View.REAR)["lateral_bend_deg"] == pytest.approx(-8.0, abs=0.1)


def test_a_front_view_that_the_feet_deny():
    """A three-quarter view told as front shows no side bend, and says why."""
    found = signals_of(held(trunk_deg=8.0), view=View.FRONT)
    assert np.isnan(found["lateral_bend_deg"]).all()
    assert [finding.code for finding in found.findings] == ["not_frontal", "view_differs"]
    told = signals_of(held(foot_px=0.0), view=View.FRONT).findings
    assert "not_frontal" not in {finding.code for finding in told}


def test_nobody_in_the_clip():
    """Without a person every signal is NaN, and nothing fails."""
    found = signals_of(bodies.empty_track(bodies.steady_times(2.0, 30.0)))
    assert all(np.isnan(values).all() for values in found.values.values())
    assert np.isnan(found.visibility).all()
    assert not found.is_interpolated.any()
    assert found.findings == ()


@pytest.mark.parametrize("n_frames", [1, 2, 3, 4])
def test_very_short_clips(n_frames):
    """A few frames are enough for angles."""
    times = FrameTimes(np.arange(n_frames) / 30.0)
    lean = np.full(n_frames, 20.0)
    found = signals_of(bodies.side_body(times, trunk_deg=lean, thigh_deg=lean))
    assert found["trunk_incl_deg"] == pytest.approx(20.0, abs=0.1)


def test_every_signal_is_listed():
    """What is computed is what `SIGNALS` promises."""
    assert set(signals_of(held()).values) == set(SIGNALS)


def test_hidden_ankles_leave_the_trunk():
    """Legs out of the picture take the leg signals away, never the lean."""
    track = held(trunk_deg=30.0)
    for name in ("LEFT_ANKLE", "RIGHT_ANKLE"):
        track.xy_px[:, Landmark[name], 1] = bodies.SIZE_PX[1] + 40.0
    found = signals_of(track)
    assert found["trunk_incl_deg"] == pytest.approx(30.0, abs=0.1)
    assert np.isnan(found["shank_incl_deg"]).all()
    assert np.isnan(found["pelvis_x_legs"]).all()


def test_tilted_camera_is_reported():
    """A body that stands 8 degrees off the vertical hints at the camera."""
    found = signals_of(held(trunk_deg=8.0, thigh_deg=-8.0, shank_deg=8.0))
    assert [finding.code for finding in found.findings] == ["camera_tilt"]
    assert "8°" in found.findings[0].message


def test_a_bent_start_is_no_tilt():
    """Who never stands straight says nothing about the camera."""
    assert signals_of(held(trunk_deg=60.0, thigh_deg=40.0)).findings == ()


def test_provenance_tells_every_step():
    """The steps and the pose track behind them can be read off."""
    found = signals_of(held(), lowpass_hz=4.0)
    assert found.made_by["pose"] == "made up"
    assert found.made_by["lowpass"].startswith("4 Hz")
    assert {"visibility_gate", "swap_repair", "hampel", "long_gaps", "clock", "side"} <= set(
        found.made_by
    )


def test_the_steps_of_cleaning_come_in_their_order():
    """From the gate to the padding; the side in use stands behind the gate that it rests on."""
    steps = signals_of(held()).cleaning
    assert [step.name for step in steps] == [
        "visibility_gate",
        "near_side",
        "swap_repair",
        "hampel",
        "short_gaps",
        "long_gaps",
        "left_open",
        "lowpass",
        "clock",
        "padding",
        "trunk_ends",
        "short_shins",
    ]
    assert steps[1].words == "right side only"
    assert signals_of(held(), view=None).cleaning[1].words.startswith("both sides")


def test_who_never_stands_upright_has_no_standing_trunk():
    """Bent over the bar throughout: how long the trunk is when standing is not known."""
    bent = signals_of(held(trunk_deg=60.0, thigh_deg=40.0))
    for name in ("trunk_length_ratio", "ear_line_ratio", "rib_offset_ratio"):
        assert np.isnan(bent[name]).all()
    assert np.isfinite(bent["trunk_incl_deg"]).all()


def test_signals_of_another_length_are_refused():
    """Arrays that do not fit the clock say what was expected."""
    times = bodies.steady_times(1.0, 30.0)
    with pytest.raises(ShapeError, match=r"trunk_incl_deg: expected shape \(30,\), got \(29,\)"):
        ClipSignals(times, {"trunk_incl_deg": np.zeros(29)}, np.zeros(30), np.zeros(30, bool), 1)
