"""Backs drawn with known curves, and what is told of them."""

from dataclasses import replace

import numpy as np
import pytest
import support_bodies as bodies
import support_outlines as outlines
from hypothesis import given, settings
from hypothesis import strategies as st
from support_outlines import FLAT, arc, rounding

from labeler.core.clip import View
from labeler.core.contour import N_STATIONS, STATIONS
from labeler.core.landmarks import Landmark
from labeler.signals.compute import compute_signals
from labeler.signals.contour import BACK_SIGNALS, SEEN_MIN_RATIO, shape_of, smoothed

SHAPES = [name for name in BACK_SIGNALS if name != "back_seen_ratio"]


def shape(back):
    return {name: float(values[0]) for name, values in shape_of(np.asarray(back)[None]).items()}


@pytest.mark.parametrize("curvature", [0.2, 0.6, 1.0, -0.6])
@pytest.mark.parametrize("is_smoothed", [False, True], ids=["as drawn", "smoothed"])
def test_an_arc_has_its_own_curvature(curvature, is_smoothed):
    back = smoothed(arc(curvature)[None])[0] if is_smoothed else arc(curvature)
    found = shape(back)
    tolerance = 0.08 if is_smoothed else 0.02  # of the curvature
    for part in ("lumbar", "thoracic"):
        assert found[f"back_{part}_curvature_ratio"] == pytest.approx(curvature, rel=tolerance)
    radius = 1.0 / abs(curvature)
    sag = radius - np.sqrt(radius**2 - 0.25)
    assert found["back_sag_ratio"] == pytest.approx(sag, rel=tolerance)
    turn_deg = np.degrees(np.arcsin(0.3 * curvature) + np.arcsin(0.325 * curvature))
    assert found["back_tangent_deg"] == pytest.approx(turn_deg, rel=tolerance)


def test_a_straight_back_has_no_shape_however_it_is_tilted():
    for back in (FLAT, FLAT + 0.3 * STATIONS, FLAT - 0.1 * STATIONS):
        assert shape(back) == pytest.approx(dict.fromkeys(SHAPES, 0.0), abs=1e-9)


def test_a_hollow_lower_back_under_a_round_upper_one():
    found = shape(0.3 - 0.05 * np.sin(2 * np.pi * STATIONS))
    assert found["back_lumbar_curvature_ratio"] < 0 < found["back_thoracic_curvature_ratio"]
    assert 0 < found["back_hollow_ratio"] < 0.05
    assert shape(0.3 + 0.05 * np.sin(2 * np.pi * STATIONS))["back_hollow_ratio"] < 0


def test_folds_of_cloth_are_smoothed_away_and_the_back_is_not():
    back, folds = outlines.bulging(0.08), 0.02 * np.sin(2 * np.pi * STATIONS / 0.15)
    kept = smoothed((back + folds)[None])[0] - 0.2
    np.testing.assert_allclose(kept[2:-5], (back - 0.2)[2:-5], atol=0.006)


def test_a_missing_station_is_bridged_and_too_many_are_refused():
    back = arc(0.6)
    few, many = back.copy(), back.copy()
    few[[3, 4, 12, 20]] = np.nan
    many[: N_STATIONS - int(SEEN_MIN_RATIO * N_STATIONS)] = np.nan
    bridged, refused = smoothed(np.stack([few, many]))
    np.testing.assert_allclose(bridged, smoothed(back[None])[0], atol=0.002)
    assert np.isnan(refused).all()


def signals_of(track, view=View.SIDE):
    return compute_signals(track, view=view, lowpass_hz=4.0)


def back_of(track, view=View.SIDE):
    found = signals_of(track, view)
    return {name: found[name] for name in BACK_SIGNALS}


def test_a_back_that_rounds_in_a_hinge():
    found = back_of(rounding(0.8))
    known_deg = np.degrees(np.arcsin(0.3 * 0.8) + np.arcsin(0.325 * 0.8))
    assert found["back_tangent_deg"][0] == pytest.approx(0.0, abs=0.5)
    assert found["back_tangent_deg"].max() == pytest.approx(known_deg, rel=0.08)
    assert found["back_lumbar_curvature_ratio"].max() == pytest.approx(0.8, rel=0.08)
    np.testing.assert_array_equal(found["back_seen_ratio"], 1.0)


def test_the_standing_shape_is_taken_off():
    """A hood that bulges is no round back; only what changes counts."""
    hood = FLAT + 0.05 * np.exp(-(((STATIONS - 1.0) / 0.1) ** 2))
    one, two = back_of(rounding()), back_of(rounding(standing=hood))
    tolerances = {"deg": 1.5, "ratio": 0.1}
    for name in ("back_tangent_deg", "back_lumbar_curvature_ratio"):
        tolerance = tolerances[name.rsplit("_", 1)[-1]]
        np.testing.assert_allclose(two[name], one[name], atol=tolerance)


def test_a_mirror_changes_nothing():
    one, two = back_of(rounding()), back_of(outlines.mirrored(rounding()))
    for name in BACK_SIGNALS:
        np.testing.assert_allclose(two[name], one[name], atol=1e-9)


@settings(max_examples=10, deadline=None)
@given(scale=st.floats(0.3, 3.0))
def test_size_does_not_matter(scale):
    track = rounding()
    larger = bodies.track_of(
        track.xy_px * scale, track.times, size_px=(int(1300 * scale), int(730 * scale))
    )
    contour = replace(track.contour, offset_px=track.contour.offset_px * scale)
    one, two = back_of(track), back_of(replace(larger, contour=contour))
    for name in BACK_SIGNALS:
        np.testing.assert_allclose(two[name], one[name], atol=1e-6)


@pytest.mark.parametrize("view", [View.FRONT, View.REAR, View.OBLIQUE])
def test_other_views_show_no_back(view):
    assert all(np.isnan(values).all() for values in back_of(rounding(), view).values())


def test_a_view_not_told_gets_the_benefit_of_doubt():
    assert np.isfinite(back_of(rounding(), None)["back_tangent_deg"]).all()


def test_without_an_outline_all_is_unknown():
    found = back_of(replace(rounding(), contour=None))
    assert all(np.isnan(values).all() for values in found.values())


def test_a_back_not_seen_while_standing_stays_unknown():
    track = rounding()
    is_bent = bodies.cycles(track.times.pts_s, n_reps=2) > 0.5
    found = back_of(replace(track, contour=track.contour.only(is_bent)))
    assert all(np.isnan(found[name]).all() for name in SHAPES)
    assert found["back_seen_ratio"].max() == 1.0


def test_who_never_stands_upright_has_no_standing_back():
    """Bent over from the first to the last frame: what is highest then is no standing shape."""
    track = rounding()
    still = np.full(track.n_frames, 45.0)
    bent = bodies.side_body(track.times, trunk_deg=still, thigh_deg=still / 2)
    found = back_of(replace(bent, contour=track.contour))
    assert all(np.isnan(found[name]).all() for name in SHAPES)


def test_a_single_frame_of_nonsense_is_passed_over():
    track = rounding()
    track.contour.offset_px[100] += 80.0 * np.sin(9.0 * STATIONS)
    for name, values in back_of(rounding()).items():
        np.testing.assert_allclose(back_of(track)[name], values, atol=0.25)


def test_a_back_that_is_lost_for_long_is_missing_there_only():
    track = rounding()
    is_kept = np.ones(track.n_frames, dtype=bool)
    is_kept[90:110] = False
    found = back_of(replace(track, contour=track.contour.only(is_kept)))
    assert np.isnan(found["back_tangent_deg"][92:108]).all()
    assert np.isfinite(found["back_tangent_deg"][:88]).all()
    assert found["back_seen_ratio"][100] == 0.0


def test_an_outline_about_a_trunk_that_was_filled_in_is_not_used():
    """The hips were hidden: the axis ran through a guess."""
    track = rounding()
    track.visibility[97:105, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]] = 0.1
    found = signals_of(track)
    assert np.isfinite(found["trunk_incl_deg"][97:105]).all()
    assert (found["back_seen_ratio"][99:103] == 0.0).all()
    assert np.isnan(found["back_tangent_deg"][99:103]).all()


def test_the_noise_of_the_outline_is_told():
    track = rounding()
    shaken = np.random.default_rng(1).normal(0.0, 1.0, track.contour.offset_px.shape)
    noisy = replace(track.contour, offset_px=track.contour.offset_px + shaken)
    quiet_deg, noisy_deg = (
        signals_of(replace(track, contour=one)).noise["back_tangent_deg"]
        for one in (track.contour, noisy)
    )
    assert quiet_deg < 0.1 < noisy_deg < 2.0
