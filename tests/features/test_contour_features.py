"""Features of backs that round by a known bend."""

import math
from dataclasses import replace

import numpy as np
import pytest
import support_bodies as bodies
from support_outlines import mirrored, rounding

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.features.contour import SEEN_MIN_FRAMES_RATIO
from labeler.features.registry import all_features
from labeler.features.rep_signals import rep_signals
from labeler.reps.segment import find_reps
from labeler.signals.compute import compute_signals

HINGE = load_catalog().movement("hinge")
FEATURES = {one.name: one for one in all_features()}
CONTOUR = ("back_tangent_change_deg", "back_sag_change_ratio", "contour_seen_ratio")
CURVATURE = 0.8


def reps_of(track):
    """Features of the outline, one dict per rep."""
    signals = compute_signals(track, view=View.SIDE, lowpass_hz=HINGE.lowpass_hz)
    cuts = [rep_signals(signals, rep, HINGE) for rep in find_reps(signals, HINGE).reps]
    return [{name: FEATURES[name].compute(cut) for name in CONTOUR} for cut in cuts]


@pytest.mark.parametrize("change", [lambda track: track, mirrored], ids=["right", "left"])
def test_a_back_that_rounds_by_a_known_bend(change):
    bend_deg = np.degrees(np.arcsin(0.3 * CURVATURE) + np.arcsin(0.325 * CURVATURE))
    sag = 1 / CURVATURE - math.sqrt(1 / CURVATURE**2 - 0.25)
    reps = reps_of(change(rounding(CURVATURE, n_reps=3)))
    assert len(reps) == 3
    for found in reps:
        assert found["back_tangent_change_deg"] == pytest.approx(bend_deg, rel=0.08)
        assert found["back_sag_change_ratio"] == pytest.approx(sag, rel=0.08)
        assert found["contour_seen_ratio"] == 1.0


def test_a_back_that_stays_straight():
    for found in reps_of(rounding(0.001)):
        assert found["back_tangent_change_deg"] == pytest.approx(0.0, abs=0.5)


def test_a_back_seen_too_rarely_says_nothing():
    """Hidden at the bottom, where it rounds most: no number is better than a small one."""
    track = rounding(CURVATURE)
    course = bodies.cycles(track.times.pts_s, n_reps=2)
    found = reps_of(replace(track, contour=track.contour.only(course < 0.6)))[0]
    assert 0.2 < found["contour_seen_ratio"] < SEEN_MIN_FRAMES_RATIO
    assert math.isnan(found["back_tangent_change_deg"])
    assert math.isnan(found["back_sag_change_ratio"])


def test_a_clip_without_an_outline_says_nothing():
    found = reps_of(replace(rounding(), contour=None))[0]
    assert math.isnan(found["back_tangent_change_deg"])


def test_only_the_side_shows_a_back():
    names = [name for name in FEATURES if name.startswith("back_")]
    assert {"back_tangent_max_deg", "back_hollow_turn_ratio", *CONTOUR[:2]} <= set(names)
    for name in (*names, "contour_seen_ratio"):
        assert FEATURES[name].views == (View.SIDE,)
