"""Edges of made-up masks: found to a fraction of a pixel, refused where not the trunk's."""

import numpy as np
import pytest
import support_outlines as outlines
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.core.contour import STATIONS
from labeler.core.landmarks import N_LANDMARKS, Landmark
from labeler.pose.outline import NO_OUTLINE, Outline, contour_of, outline_of

ORIGIN, UP = (200.0, 200.0), (0.0, -120.0)
PIXEL = 1 / 120
LEFT, RIGHT = 0.25, 0.35


SEEN = np.ones(N_LANDMARKS)


def found(mask, xy, size=outlines.MASK_SIZE, visibility=SEEN):
    return outline_of(mask, outlines.in_ratio(xy, size), visibility).offset_trunks


def test_both_sides_of_an_upright_trunk():
    mask = outlines.mask_between(ORIGIN, UP, left=LEFT, right=RIGHT)
    offsets = found(mask, outlines.landmarks(ORIGIN, UP))
    np.testing.assert_allclose(offsets[0], LEFT, atol=0.1 * PIXEL)
    np.testing.assert_allclose(offsets[1], RIGHT, atol=0.1 * PIXEL)


@settings(max_examples=30, deadline=None)
@given(
    lean_deg=st.floats(-180, 180),
    trunk_px=st.floats(40, 100),
    x=st.floats(190, 210),
    y=st.floats(140, 160),
)
def test_the_way_the_trunk_leans_changes_nothing(lean_deg, trunk_px, x, y):
    lean = np.radians(lean_deg)
    along = trunk_px * np.array([np.sin(lean), -np.cos(lean)])
    mask = outlines.mask_between((x, y), along, left=LEFT, right=RIGHT)
    offsets = found(mask, outlines.landmarks((x, y), along))
    np.testing.assert_allclose(offsets[0], LEFT, atol=0.4 / trunk_px)
    np.testing.assert_allclose(offsets[1], RIGHT, atol=0.4 / trunk_px)


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_scale_changes_nothing(scale):
    """Large pictures are thinned before they are tidied."""
    size = tuple(scale * side for side in outlines.MASK_SIZE)
    origin, along = scale * np.array(ORIGIN), scale * np.array(UP)

    def back(station):
        return 0.25 + 0.05 * np.sin(np.pi * station)

    mask = outlines.mask_between(origin, along, left=back, right=RIGHT, size=size, scale=scale)
    offsets = found(mask, outlines.landmarks(origin, along), size)
    np.testing.assert_allclose(offsets[0], back(STATIONS), atol=0.3 * PIXEL)


def test_somebody_else_and_specks_are_not_reached():
    mask = outlines.mask_between(ORIGIN, UP, left=LEFT, right=RIGHT)
    mask[:, :150] = 1.0  # somebody else, a hand's breadth behind
    mask[150, 162] = 1.0  # a speck beside the edge
    mask[140, 190] = 0.0  # a pinhole
    offsets = found(mask, outlines.landmarks(ORIGIN, UP))
    np.testing.assert_allclose(offsets[0], LEFT, atol=0.1 * PIXEL)


def test_an_arm_behind_the_back_is_not_the_back():
    """From a quarter of the upper arm on, down to the wrist."""
    mask = outlines.mask_between(ORIGIN, UP, left=LEFT, right=RIGHT)
    xy = outlines.landmarks(ORIGIN, UP)
    elbow, wrist = np.array([160.0, 130.0]), np.array([163.0, 190.0])
    xy[Landmark.LEFT_ELBOW], xy[Landmark.LEFT_WRIST] = elbow, wrist
    mask[130:190, 150:180] = 1.0
    offsets = found(mask, xy)
    is_beside_forearm = (STATIONS > 0.15) & (STATIONS < 0.55)
    assert np.isnan(offsets[0, is_beside_forearm]).all()
    np.testing.assert_allclose(offsets[0, STATIONS < -0.05], LEFT, atol=0.1 * PIXEL)
    np.testing.assert_allclose(offsets[1], RIGHT, atol=0.1 * PIXEL)


def test_an_arm_that_is_hidden_has_no_edge():
    """The network guesses the far arm somewhere; here just inside of the back."""
    mask = outlines.mask_between(ORIGIN, UP, left=LEFT, right=RIGHT)
    xy, visibility = outlines.landmarks(ORIGIN, UP), SEEN.copy()
    xy[Landmark.LEFT_ELBOW], xy[Landmark.LEFT_WRIST] = (172.0, 140.0), (172.0, 190.0)
    assert np.isnan(found(mask, xy)[0]).any()
    visibility[[Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST]] = 0.05
    assert np.isfinite(found(mask, xy, visibility=visibility)).all()


def test_an_arm_that_hangs_in_front_of_the_trunk_hides_no_edge():
    mask = outlines.mask_between(ORIGIN, UP, left=LEFT, right=RIGHT)
    xy = outlines.landmarks(ORIGIN, UP)
    for side in ("LEFT", "RIGHT"):
        xy[Landmark[f"{side}_ELBOW"]] = (200.0, 140.0)
        xy[Landmark[f"{side}_WRIST"]] = (205.0, 190.0)
    assert np.isfinite(found(mask, xy)).all()


@pytest.mark.parametrize(
    ("left", "right"),
    [(0.9, RIGHT), (2.0, RIGHT), (-0.1, RIGHT)],
    ids=["too far out", "the picture ends first", "the axis is outside of the mask"],
)
def test_an_edge_that_is_none_is_missing(left, right):
    mask = outlines.mask_between(ORIGIN, UP, left=left, right=right)
    assert np.isnan(found(mask, outlines.landmarks(ORIGIN, UP))[0]).all()


@pytest.mark.parametrize("origin", [(30.0, 200.0), (5.0, 200.0), (-300.0, 200.0), (200.0, 900.0)])
def test_what_lies_outside_of_the_picture_is_missing(origin):
    mask = np.ones((300, 400), dtype=np.float32)
    assert np.isnan(found(mask, outlines.landmarks(origin, UP))[0]).all()


@pytest.mark.parametrize("along", [(0.0, -10.0), (0.0, 0.0), (np.nan, np.nan)])
def test_a_trunk_too_short_to_measure_is_missing(along):
    mask = np.zeros((300, 400), dtype=np.float32)
    outline = outline_of(mask, outlines.in_ratio(outlines.landmarks(ORIGIN, along)), SEEN)
    assert np.isnan(outline.offset_trunks).all()
    assert outline.area_ratio == 0.0


def test_the_area_is_a_share_of_the_picture():
    mask = np.zeros((1080, 1920), dtype=np.float32)
    mask[270:810, 480:1440] = 1.0
    xy_ratio = outlines.in_ratio(outlines.landmarks((960, 700), (0, -300)))
    outline = outline_of(mask, xy_ratio, SEEN)
    assert outline.area_ratio == pytest.approx(0.25, abs=0.01)


def outline(area_ratio=0.1, offset=0.2):
    return Outline(np.full((2, len(STATIONS)), offset), area_ratio)


def stacked(frames):
    xy_px = np.stack([outlines.landmarks(ORIGIN, UP)] * len(frames))
    return contour_of(frames, xy_px, (400, 300))


def test_outlines_become_pixels_of_the_original():
    contour = stacked([outline()] * 3)
    np.testing.assert_allclose(contour.offset_px, 0.2 * 120)
    np.testing.assert_allclose(contour.area_px, 0.1 * 400 * 300)


def test_a_mask_that_leaps_is_left_out_and_a_frame_without_one_is_missing():
    frames = [outline()] * 9
    frames[3], frames[6] = outline(area_ratio=0.13), None
    is_seen = np.isfinite(stacked(frames).offset_px).all(axis=(1, 2))
    assert is_seen.tolist() == [True, True, True, False, True, True, False, True, True]


def test_a_body_that_grows_slowly_is_kept():
    frames = [outline(area_ratio=0.1 * 1.05**frame) for frame in range(20)]
    assert np.isfinite(stacked(frames).offset_px).all()


def test_no_outline_anywhere_is_no_contour():
    assert stacked([None, None]) is None
    assert np.isnan(NO_OUTLINE.area_ratio)
