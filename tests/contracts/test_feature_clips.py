"""The made-up clips of the feature benchmark: they must be what they are said to be."""

import numpy as np
import pytest
from features_clips import EDGE_S, FPS, REP_S, made_up_clip

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.reps.segment import find_reps
from labeler.signals.compute import compute_signals

HINGE = load_catalog().movement("hinge")


@pytest.mark.parametrize(("number", "view"), [(0, View.SIDE), (1, View.OBLIQUE)])
def test_every_rep_is_found_from_either_view(number, view):
    """Three reps of three seconds; with leaps and losses, as from a phone."""
    clip, track = made_up_clip(number, n_reps=3)
    assert clip.tags.view is view
    assert track.n_frames == round((3 * REP_S + 2 * EDGE_S) * FPS)
    signals = compute_signals(track, view=view, lowpass_hz=HINGE.lowpass_hz)
    assert len(find_reps(signals, HINGE).reps) == 3
    assert 0.0 < signals.is_interpolated.mean() < 0.5
    assert np.isfinite(signals["back_tangent_deg"]).any() == (view is View.SIDE)


def test_the_same_number_gives_the_same_clip():
    one, two = made_up_clip(5, n_reps=1)[1], made_up_clip(5, n_reps=1)[1]
    assert np.array_equal(one.xy_px, two.xy_px, equal_nan=True)
    assert not np.array_equal(one.xy_px, made_up_clip(7, n_reps=1)[1].xy_px, equal_nan=True)
