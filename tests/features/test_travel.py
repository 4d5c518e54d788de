"""Who leads against the pelvis's way back: the squat's rules ask for it."""

import dataclasses
import math

import numpy as np
import pytest
import support_bodies as bodies

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.core.rep import Rep
from labeler.features.registry import all_features
from labeler.features.rep_signals import rep_signals
from labeler.features.travel import SUMMARIES, TRAVEL, travel_features
from labeler.signals.compute import compute_signals

SQUAT = load_catalog().movement("squat")
TIMES = bodies.steady_times(4.0, 60.0)
START_S, TURN_S, STOP_S = 1.0, 2.2, 3.4


def course(delay_s: float = 0.0):
    down = bodies.minimum_jerk((TIMES.pts_s - START_S - delay_s) / (TURN_S - START_S))
    return down - bodies.minimum_jerk((TIMES.pts_s - TURN_S - delay_s) / (STOP_S - TURN_S))


def seen(*, trunk_early_s: float = 0.0, shin_deg: float = 0.0, movement=SQUAT):
    """A squat whose pelvis goes back as the thigh turns, and whose trunk begins by so much before.

    With shins that lean forward the pelvis hardly goes back.
    """
    track = bodies.side_body(
        TIMES,
        trunk_deg=40.0 * course(-trunk_early_s),
        thigh_deg=30.0 * course(),
        shank_deg=shin_deg * course(),
    )
    signals = compute_signals(track, view=View.SIDE, lowpass_hz=6.0)
    start, turn, stop = (round(s * 60.0) for s in (START_S, TURN_S, STOP_S))
    rep = Rep(
        start_frame=start,
        turn_frame=turn,
        stop_frame=stop,
        start_s=START_S,
        turn_s=TURN_S,
        stop_s=STOP_S,
    )
    return rep_signals(signals, rep, movement)


def test_hips_and_trunk_together_have_no_lag():
    found = travel_features(seen())
    assert found["travel_coupling_q25_pp"] == pytest.approx(0.0, abs=2.0)
    assert found["travel_lag_area_ms"] == pytest.approx(0.0, abs=15.0)
    assert found["travel_progress_quarter_ratio"] == pytest.approx(0.10, abs=0.03)


def test_a_trunk_that_begins_earlier_leads_by_what_it_is_early():
    late, early = travel_features(seen()), travel_features(seen(trunk_early_s=0.15))
    gained_ms = early["travel_lag_area_ms"] - late["travel_lag_area_ms"]
    assert gained_ms == pytest.approx(-135.0, abs=25.0)
    ratio = early["travel_lag_area_ms"] / (1000.0 * (TURN_S - START_S))
    assert early["travel_lag_area_ratio"] == pytest.approx(ratio)
    assert early["travel_coupling_q25_pp"] > late["travel_coupling_q25_pp"] + 10.0


def test_a_pelvis_that_hardly_goes_back_tells_nothing():
    found = travel_features(seen(shin_deg=31.0))
    assert all(math.isnan(value) for value in found.values())


def test_where_the_travel_is_the_course_anyway_nothing_is_told_twice():
    assert travel_features(seen(movement=load_catalog().movement("hinge"))) == {}
    assert travel_features(seen(movement=load_catalog().movement("rotation"))) == {}


def test_its_error_follows_the_noise_of_the_travel():
    quiet = seen()
    noisy = dataclasses.replace(quiet, noise={**quiet.noise, TRAVEL: 0.05})
    names = ("travel_lag_area_se_ms", "travel_lag_t20_se_ms")
    for name in names:
        assert travel_features(noisy)[name] > travel_features(quiet)[name]
    unknown = dataclasses.replace(quiet, noise={})
    assert all(np.isnan(travel_features(unknown)[name]) for name in names)


def test_each_is_a_feature():
    features = {one.name: one for one in all_features()}
    rep = seen()
    for name in SUMMARIES:
        assert features[name].compute(rep) == pytest.approx(travel_features(rep)[name])
