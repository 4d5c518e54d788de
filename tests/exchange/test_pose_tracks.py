"""From foreign points to a track: units, axes and clocks come out the same, whatever went in."""

import dataclasses

import numpy as np
import pytest
import support_foreign as foreign
from hypothesis import given
from hypothesis import strategies as st

from labeler.core.clip import FrameTimes, View
from labeler.core.errors import ExchangeError, ShapeError
from labeler.core.landmarks import Landmark
from labeler.exchange.foreign.name_map import map_of
from labeler.exchange.foreign.points import METRES_PER, ForeignPoints, Unit, Up, unit_of
from labeler.exchange.foreign.tracks import Told, findings_of, foreign_track, missing_joints
from labeler.signals.compute import compute_signals

NAMES = tuple(foreign.names())
N_FRAMES = 4
LEAN_DEG = 30.0
FLAT = np.arange(N_FRAMES * len(NAMES) * 2, dtype=float).reshape(N_FRAMES, len(NAMES), 2)
IN_SPACE = foreign.standing_m(N_FRAMES, lean_deg=LEAN_DEG)
PLAIN = map_of("plain")


def flat(**told):
    return ForeignPoints(NAMES, FLAT, **({"unit": Unit.PIXEL, "fps": 25.0} | told))


def in_space(points=IN_SPACE, **told):
    return ForeignPoints(NAMES, points, **({"unit": Unit.METRE, "fps": 25.0} | told))


def trunk_deg(track, view=View.SIDE):
    return compute_signals(track, view=view, lowpass_hz=6.0)["trunk_incl_deg"]


# --------------------------------------------------------------------------- units and axes


def test_pixels_stay_and_shares_are_of_the_picture():
    wanted = foreign_track(flat(), PLAIN, Told())
    hip = NAMES.index("left_hip")
    np.testing.assert_allclose(wanted.xy_px[:, Landmark.LEFT_HIP], FLAT[:, hip])
    size_px = np.array([640, 480])
    shares = flat(unit=Unit.RATIO, size_px=(640, 480))
    found = foreign_track(dataclasses.replace(shares, points=FLAT / size_px), PLAIN, Told())
    np.testing.assert_allclose(found.xy_px, wanted.xy_px)
    assert found.size_px == (640, 480)


def test_shares_of_a_picture_of_unknown_size_are_refused_and_the_told_size_helps():
    with pytest.raises(ExchangeError, match="width and height") as caught:
        foreign_track(flat(unit=Unit.RATIO), PLAIN, Told())
    assert "--size" in caught.value.hint
    shares = dataclasses.replace(flat(unit=Unit.RATIO), points=FLAT / FLAT.max())
    found = foreign_track(shares, PLAIN, Told(size_px=(10, 100)))
    hip = NAMES.index("left_hip")
    expected = FLAT[:, hip] / FLAT.max() * [10, 100]
    np.testing.assert_allclose(found.xy_px[:, Landmark.LEFT_HIP], expected)


def test_pixels_of_a_picture_of_unknown_size_are_in_the_smallest_that_holds_them():
    width_px, height_px = foreign_track(flat(), PLAIN, Told()).size_px
    assert width_px >= FLAT[..., 0].max()
    assert height_px >= FLAT[..., 1].max()


@pytest.mark.parametrize("unit", METRES_PER)
@pytest.mark.parametrize(
    ("up", "axes", "signs"),
    [(Up.Z, (0, 1, 2), (1, 1, 1)), (Up.Y, (0, 2, 1), (1, 1, -1)), (Up.MINUS_Y, (0, 2, 1), 1)],
    ids=["z up", "y up", "y down"],
)
def test_units_and_axes_make_no_difference(unit, up, axes, signs):
    wanted = foreign_track(in_space(), PLAIN, Told())
    points = IN_SPACE[..., axes] * np.array(signs) / METRES_PER[unit]
    if up is Up.MINUS_Y:
        points[..., 1] *= -1
    found = foreign_track(in_space(points, unit=unit, up=up), PLAIN, Told())
    np.testing.assert_allclose(found.xy_px, wanted.xy_px, atol=1e-9)
    np.testing.assert_allclose(found.world_m, wanted.world_m, atol=1e-9)


@pytest.mark.parametrize("unit", METRES_PER)
@pytest.mark.parametrize("read_in", METRES_PER)
def test_a_body_of_no_persons_size_is_refused(unit, read_in):
    found = in_space(IN_SPACE / METRES_PER[unit])
    if read_in is unit:
        foreign_track(found, PLAIN, Told(unit=read_in))
        return
    with pytest.raises(ExchangeError, match="from feet to shoulders") as caught:
        foreign_track(found, PLAIN, Told(unit=read_in))
    assert "--unit" in caught.value.hint


@pytest.mark.parametrize("up", [Up.Y, Up.MINUS_Y])
@pytest.mark.parametrize("lean_deg", [0.0, 90.0], ids=["upright", "trunk level"])
def test_an_axis_along_which_nobody_stands_is_asked_for_and_taken_once_it_is_told(up, lean_deg):
    found = in_space(foreign.standing_m(N_FRAMES, lean_deg=lean_deg))
    foreign_track(found, PLAIN, Told())
    with pytest.raises(ExchangeError, match=f"above the feet along {up.value}") as caught:
        foreign_track(dataclasses.replace(found, up=up), PLAIN, Told())
    assert "--up" in caught.value.hint
    foreign_track(found, PLAIN, Told(up=up, heading=(1.0, 0.0)))


def test_who_cannot_be_measured_is_not_asked_for_size_or_axis():
    hips = [NAMES.index("left_hip"), NAMES.index("right_hip")]
    found = ForeignPoints(("left_hip", "right_hip"), IN_SPACE[:, hips], Unit.METRE, fps=25.0)
    assert foreign_track(found, PLAIN, Told()).n_frames == N_FRAMES


def test_points_outside_the_picture_are_refused_where_most_are():
    with pytest.raises(ExchangeError, match="within the picture of 20x20, got most") as caught:
        foreign_track(flat(), PLAIN, Told(size_px=(20, 20)))
    assert "--size" in caught.value.hint
    assert foreign_track(flat(), PLAIN, Told(size_px=(100, 100))).size_px == (100, 100)


@given(st.floats(0, 2 * np.pi), st.sampled_from([Up.Z, Up.Y]))
def test_the_lean_is_the_same_whichever_way_the_athlete_faces(turn, up):
    around = np.array(
        [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
    )
    points = IN_SPACE @ around.T
    if up is Up.Y:
        points = points[..., (0, 2, 1)] * np.array([1, 1, -1])
    track = foreign_track(in_space(points, up=up), PLAIN, Told())
    np.testing.assert_allclose(trunk_deg(track), LEAN_DEG, atol=1e-6)


def test_what_is_told_counts_more_than_the_file():
    told = Told(unit=Unit.MILLIMETRE, up=Up.Z, view=View.FRONT, heading=(1.0, 0.0))
    track = foreign_track(in_space(1000 * IN_SPACE, up=Up.Y), PLAIN, told)
    shoulders = track.xy_px[:, Landmark.LEFT_SHOULDER] - track.xy_px[:, Landmark.RIGHT_SHOULDER]
    np.testing.assert_allclose(shoulders[:, 0], 100.0)
    assert "front" in track.made_by["camera"]


def test_a_space_without_a_unit_and_a_plane_in_metres_are_refused():
    with pytest.raises(ExchangeError, match=r"unit: expected one of m, cm, mm .* got none"):
        foreign_track(in_space(unit=None), PLAIN, Told())
    with pytest.raises(ExchangeError, match=r"unit: expected one of px, ratio .* got m"):
        foreign_track(flat(unit=Unit.METRE), PLAIN, Told())


@pytest.mark.parametrize("points", [IN_SPACE * 0, np.full_like(IN_SPACE, np.nan)])
def test_without_two_hips_the_heading_must_be_told(points):
    with pytest.raises(ExchangeError, match="heading: expected both hips") as caught:
        foreign_track(in_space(points), PLAIN, Told())
    assert "--heading" in caught.value.hint
    foreign_track(in_space(points), PLAIN, Told(heading=(0.0, 1.0)))


def test_one_hip_alone_tells_no_heading():
    found = ForeignPoints(("left_hip", "left_knee"), IN_SPACE[:, :2], Unit.METRE, fps=25.0)
    with pytest.raises(ExchangeError, match="heading"):
        foreign_track(found, PLAIN, Told())


@pytest.mark.parametrize(
    ("points", "expected"),
    [([0.2, 1.1], Unit.RATIO), ([-0.3, np.nan], Unit.RATIO), ([3.0, 500.0], Unit.PIXEL)],
)
def test_flat_coordinates_tell_their_unit_by_their_size(points, expected):
    assert unit_of(np.array(points)) is expected


# --------------------------------------------------------------------------- clock


def test_times_come_from_the_file_then_its_rate_then_what_is_told():
    times_s = np.array([2.0, 2.1, 2.3, 2.4])
    found = foreign_track(flat(times_s=times_s), PLAIN, Told()).times
    np.testing.assert_allclose(found.pts_s, [0.0, 0.1, 0.3, 0.4])
    assert found.start_offset_s == 2.0
    assert foreign_track(flat(), PLAIN, Told()).times.fps_median == pytest.approx(25.0)
    track = foreign_track(flat(fps=None), PLAIN, Told(fps=50.0))
    assert track.times.fps_median == pytest.approx(50.0)


def test_without_any_clock_the_rate_is_asked_for():
    with pytest.raises(ExchangeError, match="times: expected them, or a rate") as caught:
        foreign_track(flat(fps=None), PLAIN, Told())
    assert "--fps" in caught.value.hint


@pytest.mark.parametrize("own", [{"fps": 25.0}, {"times_s": np.arange(N_FRAMES) / 25.0}])
def test_a_rate_that_contradicts_the_file_is_refused(own):
    foreign_track(flat(**own), PLAIN, Told(fps=25.1))
    with pytest.raises(ExchangeError, match="fps: expected the file's own 25, got 30"):
        foreign_track(flat(**own), PLAIN, Told(fps=30.0))


@pytest.mark.parametrize(
    ("times_s", "frame"),
    [([0, 1, 1, 2], 1), ([0, np.nan, 1, 2], 0), ([np.nan, 0, 1, 2], 0), ([0, 1, 2, 1], 2)],
)
def test_times_that_do_not_go_on_are_refused(times_s, frame):
    with pytest.raises(ExchangeError, match=rf"after frame {frame}\."):
        foreign_track(flat(times_s=np.array(times_s, dtype=float), fps=None), PLAIN, Told())


def test_a_file_without_frames_is_refused():
    empty = ForeignPoints(NAMES, np.zeros((0, len(NAMES), 2)), Unit.PIXEL, fps=30.0)
    with pytest.raises(ExchangeError, match="times: expected"):
        foreign_track(empty, PLAIN, Told())


def test_the_video_has_the_times_and_may_be_longer_where_its_frames_are_numbered():
    video = FrameTimes(np.array([0.0, 0.03, 0.07, 0.1, 0.2]))
    numbered = flat(fps=None, is_numbered=True, confidence=np.ones((N_FRAMES, len(NAMES))))
    track = foreign_track(numbered, PLAIN, Told(times=video))
    assert track.times is video
    assert np.isfinite(track.xy_px[:4, Landmark.NOSE + 11]).all()
    assert np.isnan(track.xy_px[4]).all()
    assert np.isnan(track.visibility[4]).all()
    with pytest.raises(ExchangeError, match="frames: expected 5, as in the video, got 4"):
        foreign_track(flat(), PLAIN, Told(times=video))
    short = FrameTimes(np.array([0.0, 0.1]))
    with pytest.raises(ExchangeError, match="frames: expected 2"):
        foreign_track(numbered, PLAIN, Told(times=short))


# --------------------------------------------------------------------------- what is missing


def test_missing_points_are_nan_and_confidence_is_visibility():
    points = FLAT.copy()
    points[1, NAMES.index("left_knee")] = np.nan
    sure = np.full((N_FRAMES, len(NAMES)), 0.25)
    sure[2, NAMES.index("left_knee")] = np.nan
    found = flat(confidence=sure)
    track = foreign_track(dataclasses.replace(found, points=points), PLAIN, Told())
    np.testing.assert_allclose(track.visibility[:, Landmark.LEFT_KNEE], [0.25, 0.0, 1.0, 0.25])
    assert np.isnan(track.xy_px[1, Landmark.LEFT_KNEE]).all()
    assert np.isnan(track.xy_px[:, Landmark.NOSE]).all()
    assert np.all(track.visibility[:, Landmark.NOSE] == 0)


def test_world_landmarks_beside_pixels_are_kept():
    world_m = np.random.default_rng(0).normal(size=(N_FRAMES, len(NAMES), 3))
    track = foreign_track(flat(world_m=world_m), PLAIN, Told())
    hip = NAMES.index("left_hip")
    np.testing.assert_allclose(track.world_m[:, Landmark.LEFT_HIP], world_m[:, hip])
    assert np.isnan(track.world_m[:, Landmark.NOSE]).all()


def test_findings_tell_of_other_people_and_of_joints_that_the_file_lacks():
    found = flat(is_crowded=True)
    track = foreign_track(found, PLAIN, Told())
    assert [finding.code for finding in findings_of(found, track)] == ["two_people"]
    few = ForeignPoints(("left_hip", "nose"), FLAT[:, :2], Unit.PIXEL, fps=25.0)
    track = foreign_track(few, PLAIN, Told())
    assert missing_joints(track) == ("shoulder", "knee", "ankle")
    (finding,) = findings_of(few, track)
    assert finding.code == "joints_missing"
    assert "no shoulder, no knee, no ankle" in finding.message


def test_a_turn_needs_more_than_flat_points():
    track = foreign_track(flat(), PLAIN, Told())
    assert [found.code for found in findings_of(flat(), track, is_turn=True)] == ["no_depth"]
    with_world = flat(world_m=np.zeros((N_FRAMES, len(NAMES), 3)))
    track = foreign_track(with_world, PLAIN, Told())
    assert not findings_of(with_world, track, is_turn=True)
    track = foreign_track(in_space(), PLAIN, Told())
    assert not findings_of(in_space(), track, is_turn=True)


def test_arrays_of_other_shapes_are_refused():
    with pytest.raises(ShapeError, match="confidence"):
        flat(confidence=np.zeros((2, 2)))
    with pytest.raises(ShapeError, match="points"):
        ForeignPoints(("a",), FLAT)
