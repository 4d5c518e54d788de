"""Where a course sets out from: before it moved, though the rep is cut where the body moves."""

import numpy as np
import pytest
import support_bodies as bodies
import support_reps as made

from labeler.catalog import load_catalog
from labeler.core.clip import FrameTimes
from labeler.features.lags import crossing_lag
from labeler.features.rep_signals import LEAD_RATIO, MAX_LEAD_RATIO, TORSO, origin, rep_signals

HINGE = load_catalog().movement("hinge")
START_S, DOWN_S = 1.0, 1.2


def hinge(late_s, *, cut_s=START_S, before_deg=0.0):
    """One hinge whose torso is so late, and what the trunk leaned long before it."""
    times = FrameTimes(bodies.steady_times(4.5, 60.0).pts_s)
    t = times.pts_s
    hips, torso = (
        bodies.minimum_jerk((t - START_S - by_s) / DOWN_S)
        - bodies.minimum_jerk((t - START_S - 1.6 - by_s) / DOWN_S)
        for by_s in (max(-late_s, 0.0), max(late_s, 0.0))
    )
    earlier = before_deg * (1.0 - bodies.minimum_jerk((t - START_S + 0.6) / 0.6))
    courses = {
        "pelvis_x_legs": 0.1 - 0.25 * hips,
        "trunk_incl_deg": 3.0 + 60.0 * torso + earlier,
        "shoulder_height_legs": 2.0 - hips,
    }
    signals = made.noisy_signals(times, courses)
    turn_s = START_S + abs(late_s) + DOWN_S + (0.4 - abs(late_s)) / 2.0
    rep = made.rep_between(times, cut_s, turn_s, turn_s + DOWN_S)
    return rep_signals(signals, rep, HINGE)


@pytest.mark.parametrize("late_s", [-0.2, -0.1, 0.0, 0.1, 0.2])
def test_a_cut_in_the_leader_s_way_does_not_shrink_the_lag(late_s):
    """Cut where the leader has done a twentieth of its way, as the speed of the body tells it."""
    rep = hinge(late_s, cut_s=START_S + 0.19 * DOWN_S)
    assert crossing_lag(rep, 0.5).by_s == pytest.approx(late_s, abs=0.004)


def test_progress_is_nought_where_it_rested():
    rep = hinge(-0.2, cut_s=START_S + 0.2)
    assert origin(rep, "trunk_incl_deg") == pytest.approx(3.0, abs=0.3)
    assert rep.start_level("trunk_incl_deg") > 5.0
    assert rep[TORSO][0] > 0.02


def test_a_rep_that_follows_at_once_sets_out_from_its_start():
    """Shortly before it the trunk was still on its way up."""
    rep = hinge(0.0, before_deg=60.0)
    at_start = rep.start_level("trunk_incl_deg")
    before_s = rep.rep.start_s - LEAD_RATIO * rep.descent_s
    assert np.interp(before_s, rep.clip.times.pts_s, rep.clip["trunk_incl_deg"]) > at_start
    assert origin(rep, "trunk_incl_deg") == at_start


def test_who_sways_before_a_rep_has_not_led_so_far():
    rep = hinge(0.0, before_deg=-200.0)
    at_start, turn = (level("trunk_incl_deg") for level in (rep.start_level, rep.turn_level))
    expected = at_start - MAX_LEAD_RATIO * (turn - at_start)
    assert origin(rep, "trunk_incl_deg") == pytest.approx(expected)


def test_a_clip_that_begins_with_the_rep_tells_its_first_frame():
    times = FrameTimes(bodies.steady_times(3.0, 30.0).pts_s)
    bend = bodies.minimum_jerk(times.pts_s / 1.2) - bodies.minimum_jerk((times.pts_s - 1.4) / 1.2)
    courses = {"trunk_incl_deg": 60.0 * bend, "shoulder_height_legs": 2.0 - bend}
    rep = made.rep_between(times, 0.0, 1.3, 2.6)
    seen = rep_signals(made.noisy_signals(times, courses), rep, HINGE)
    assert origin(seen, "trunk_incl_deg") == pytest.approx(0.0, abs=1e-9)


def test_what_was_not_seen_before_the_start_counts_as_its_level_there():
    rep = hinge(0.1)
    unseen = rep.clip["trunk_incl_deg"].copy()
    unseen[: rep.rep.start_frame] = np.nan
    rep.clip.values["trunk_incl_deg"] = unseen
    assert origin(rep, "trunk_incl_deg") == rep.start_level("trunk_incl_deg")
