"""Features of made-up reps with known lags and ranges, and the contract of every feature."""

import math

import numpy as np
import pandas as pd
import pytest
import support_bodies as bodies
from support_reps import clip_of, records_of

from labeler.catalog import load_catalog
from labeler.core.clip import FrameTimes, View
from labeler.core.rep import Rep, RepQuality
from labeler.core.units import Unit
from labeler.features.lags import centroid_lag
from labeler.features.registry import (
    FAMILIES,
    FRONTAL,
    SAGITTAL,
    Feature,
    all_features,
    feature,
    home_of,
    register,
)
from labeler.features.rep_signals import HIP, OF_MOVEMENT, TORSO, RepSignals, rep_signals
from labeler.features.table import META_COLUMNS, empty_table, feature_table
from labeler.features.timing import crossing
from labeler.reps.segment import find_reps
from labeler.signals.compute import compute_signals
from labeler.signals.registry import SIGNALS
from labeler.signals.series import ClipSignals

HINGE = load_catalog().movement("hinge")
DEADLIFT = load_catalog().movement("deadlift")
NAMES = [one.name for one in all_features()]
LAGS_MS = ["lag_t20_ms", "lag_t50_ms", "lag_t80_ms", "lag_area_ms", "lag_centroid_ms"]


def table_of(track, *, view=View.SIDE, movement=HINGE):
    signals = compute_signals(track, view=view, lowpass_hz=movement.lowpass_hz)
    reps = find_reps(signals, movement).reps
    return feature_table(signals, records_of(reps), clip=clip_of("hinge", view), movement=movement)


def lagging(times, lag_s, *, trunk_rom_deg=60.0):
    """Hinges whose hips and trunk both hold the turn long enough for the later one to arrive."""
    course = {"n_reps": 3, "hold_s": 0.8, "rest_s": 1.0}
    hips = bodies.cycles(times.pts_s, **course)
    trunk = bodies.cycles(times.pts_s, delay_s=lag_s, **course)
    return bodies.side_body(times, trunk_deg=trunk_rom_deg * trunk, thigh_deg=30.0 * hips)


def cut_at(signals, lag_s, *, n_reps=3):
    """The reps where both segments rest, so that the cut is not what is tested."""
    times = signals.times
    early_s, late_s = min(0.0, lag_s), max(0.0, lag_s)
    reps = []
    for number in range(n_reps):
        start_s = 1.0 + number * (2 * 1.0 + 0.8 + 1.0)
        edges_s = (start_s + early_s - 0.1, start_s + 1.4, start_s + 2.8 + late_s + 0.1)
        frames = [int(np.searchsorted(times.pts_s, edge)) for edge in edges_s]
        reps.append(Rep(*frames, *(times.boundary_s(frame) for frame in frames)))
    return reps


def lags_of(times, lag_s, *, is_mirrored=False):
    track = lagging(times, lag_s)
    track = bodies.mirrored(track) if is_mirrored else track
    signals = compute_signals(track, view=View.SIDE, lowpass_hz=4.0)
    records = records_of(cut_at(signals, lag_s))
    return feature_table(signals, records, clip=clip_of("hinge", View.SIDE), movement=HINGE)


@pytest.mark.parametrize("fps", [30.0, 60.0])
@pytest.mark.parametrize("lag_ms", [-200.0, -80.0, 0.0, 80.0, 200.0])
def test_known_lags(lag_ms, fps):
    """A trunk that follows the hips by a known time is measured to follow by it."""
    table = lags_of(bodies.steady_times(13.0, fps), lag_ms / 1000.0)
    assert table["lag_t50_ms"].to_numpy() == pytest.approx(lag_ms, abs=12.0)
    assert table["lag_area_ms"].to_numpy() == pytest.approx(lag_ms, abs=12.0)
    assert table["lag_centroid_ms"].to_numpy() == pytest.approx(lag_ms, abs=20.0)


def test_leads_and_shares_have_the_sign_of_the_lag():
    """Torso first: negative lags, negative shares of the descent, positive coupling."""
    table = lags_of(bodies.steady_times(13.0, 60.0), -0.15)
    assert (table[["coupling_q25_pp", "coupling_q50_pp", "coupling_q75_pp"]] > 5.0).all(axis=None)
    for name in ("lag_t20", "lag_t50", "lag_t80", "lag_area", "lag_centroid"):
        share = table[f"{name}_ms"] / 1000.0 / table["descent_s"]
        assert table[f"{name}_ratio"].to_numpy() == pytest.approx(share.to_numpy())
        assert (share < 0).all()


def test_late_hips_have_come_little_of_their_way():
    """Hips that start 0.3 s after the trunk have hardly moved after a quarter of the descent."""
    early = lags_of(bodies.steady_times(13.0, 60.0), 0.0)["hip_progress_quarter_ratio"]
    late = lags_of(bodies.steady_times(13.0, 60.0), -0.3)["hip_progress_quarter_ratio"]
    assert (late < 0.05).all()
    assert (early > 0.1).all()


def test_mirror_changes_no_lag():
    """Facing left or right: lags within 5 ms."""
    times = bodies.steady_times(13.0, 30.0)
    one, two = lags_of(times, 0.1), lags_of(times, 0.1, is_mirrored=True)
    assert two[LAGS_MS].to_numpy() == pytest.approx(one[LAGS_MS].to_numpy(), abs=5.0)


def test_variable_frame_rate_changes_no_lag():
    """An uneven clock with dropped frames: lags within 5 ms of a steady one's, on average."""
    steady = lags_of(bodies.steady_times(13.0, 60.0), 0.1)[LAGS_MS].mean()
    uneven = lags_of(bodies.uneven_times(13.0, 60.0, seed=2), 0.1)[LAGS_MS].mean()
    assert uneven.to_numpy() == pytest.approx(steady.to_numpy(), abs=5.0)


def test_known_posture():
    """Ranges of the hinge: trunk 2 to 72 degrees, thigh 25, knees and shanks as they are."""
    table = table_of(bodies.hinge(bodies.steady_times(13.0, 60.0)))
    assert table["trunk_incl_rom_deg"].to_numpy() == pytest.approx(70.0, abs=2.0)
    assert table["trunk_incl_turn_deg"].to_numpy() == pytest.approx(72.0, abs=1.5)
    assert table["trunk_incl_min_deg"].to_numpy() == pytest.approx(2.0, abs=1.5)
    assert table["thigh_incl_max_deg"].to_numpy() == pytest.approx(25.0, abs=1.0)
    assert table["shank_incl_rom_deg"].to_numpy() == pytest.approx(0.0, abs=0.5)
    assert table["trunk_length_min_ratio"].to_numpy() == pytest.approx(1.0, abs=0.02)


def test_known_tempo():
    """One second down, 0.2 s held, one second up."""
    table = table_of(bodies.hinge(bodies.steady_times(13.0, 60.0)))
    assert table["rep_s"].to_numpy() == pytest.approx(2.2, abs=0.3)
    assert table["descent_s"].to_numpy() == pytest.approx(1.1, abs=0.2)
    assert table["descent_to_ascent_ratio"].to_numpy() == pytest.approx(1.0, abs=0.3)
    assert table["median_fps"].to_numpy() == pytest.approx(60.0)
    assert table["visibility_mean_ratio"].to_numpy() == pytest.approx(1.0)
    assert table["interpolated_ratio"].to_numpy() == pytest.approx(0.0)


def test_hips_that_rise_first_are_ahead_of_the_shoulders():
    """Legs that straighten while the trunk still leans lift the hips alone."""
    times = bodies.steady_times(5.0, 60.0)
    t = times.pts_s
    down = bodies.minimum_jerk(t - 1.0)
    rises = {
        name: down - bodies.minimum_jerk(t - start_s)
        for name, start_s in (("trunk", 2.8), ("legs", 2.2))
    }
    found = {}
    for name in rises:
        legs = rises[name]
        track = bodies.side_body(
            times, trunk_deg=50 * rises["trunk"], thigh_deg=90 * legs, shank_deg=30 * legs
        )
        found[name] = table_of(track)["rise_mismatch_ratio"].iloc[0]
    assert found["legs"] > 0.15 > found["trunk"]


def test_a_neck_that_breaks_late():
    """Looking up by 40 degrees for about half of the rep."""
    times = bodies.steady_times(6.0, 30.0)
    course = bodies.cycles(times.pts_s, n_reps=1)
    straight = bodies.side_body(times, trunk_deg=60 * course, thigh_deg=30 * course)
    broken = bodies.side_body(
        times, trunk_deg=60 * course, thigh_deg=30 * course, neck_deg=40 * course
    )
    assert table_of(straight)["neck_break_ratio"].iloc[0] == 0.0
    assert table_of(broken)["neck_break_ratio"].iloc[0] == pytest.approx(0.55, abs=0.15)
    assert table_of(straight)["neck_off_deg"].iloc[0] == pytest.approx(0.0, abs=1.0)
    assert table_of(broken)["neck_off_deg"].iloc[0] == pytest.approx(35.0, abs=5.0)


def frontal_squat(times, *, bend_deg):
    """A squat from the front: hips sink, the trunk bends sideways by a given course."""
    track = bodies.side_body(times, trunk_deg=bend_deg, thigh_deg=0.0 * bend_deg, foot_px=0.0)
    sink_px = 120.0 * bodies.cycles(times.pts_s, n_reps=2)
    upper = [i for i in range(33) if i <= 24]
    track.xy_px[:, upper, 1] += sink_px[:, None]
    return track


def test_a_side_bend_before_the_hips():
    """Eight degrees to the side before the hips sink; from the side nobody can tell."""
    times = bodies.steady_times(8.0, 30.0)
    t = times.pts_s
    early = 8.0 * (bodies.minimum_jerk((t - 0.8) / 0.3) - bodies.minimum_jerk((t - 2.8) / 0.3))
    for view, is_told in ((View.FRONT, True), (View.SIDE, False)):
        track = frontal_squat(times, bend_deg=early)
        signals = compute_signals(track, view=view, lowpass_hz=6.0)
        edges = (20, 66, 100)
        rep = Rep(*edges, *(times.boundary_s(frame) for frame in edges))
        table = feature_table(
            signals, records_of([rep]), clip=clip_of("hinge", view), movement=HINGE
        )
        bend = table["lateral_bend_early_deg"].iloc[0]
        assert bend == pytest.approx(8.0, abs=1.0) if is_told else math.isnan(bend)


@pytest.mark.parametrize("unseen", ["hip_height_legs", "shoulder_height_legs"])
def test_a_side_bend_is_before_the_hips_only_where_hips_and_standing_are_seen(unseen):
    """All that it reads is declared: without one of them it is missing, and says of what."""
    times = bodies.steady_times(8.0, 30.0)
    track = frontal_squat(times, bend_deg=4.0 * np.sin(times.pts_s))
    signals = compute_signals(track, view=View.FRONT, lowpass_hz=6.0)
    signals.values[unseen][:] = np.nan
    edges = (20, 66, 100)
    rep = Rep(*edges, *(signals.times.boundary_s(frame) for frame in edges))
    table = feature_table(
        signals, records_of([rep]), clip=clip_of("hinge", View.FRONT), movement=HINGE
    )
    assert math.isnan(table["lateral_bend_early_deg"].iloc[0])
    assert math.isfinite(table["lateral_bend_max_deg"].iloc[0])


def test_views_gate_features():
    """Front views have no sagittal feature, sides no frontal one; the others stay."""
    track = bodies.hinge(bodies.steady_times(13.0, 30.0))
    for view, hidden in ((View.FRONT, SAGITTAL), (View.SIDE, FRONTAL), (View.OBLIQUE, FRONTAL)):
        table = table_of(track, view=view)
        assert len(table) == 4
        for one in all_features():
            if one.views == hidden:
                assert table[one.name].isna().all(), one.name
        assert table[["rep_s", "descent_s", "median_fps"]].notna().all(axis=None)


def test_a_bad_rep_has_no_features():
    """Quality bad: every feature is NaN, who and where stay."""
    times = bodies.steady_times(13.0, 30.0)
    signals = compute_signals(bodies.hinge(times), view=View.SIDE, lowpass_hz=4.0)
    rep = Rep(30, 60, 95, 1.0, 2.0, 95 / 30, quality=RepQuality.BAD)
    table = feature_table(
        signals, records_of([rep]), clip=clip_of("hinge", View.SIDE), movement=HINGE
    )
    assert table[NAMES].isna().all(axis=None)
    assert table["quality"].tolist() == ["bad"]
    assert table["athlete"].tolist() == ["A01"]


def test_a_rep_that_began_bent_has_no_descent():
    """A pull from the floor says nothing about who went down first."""
    times = bodies.steady_times(4.0, 30.0)
    course = 1.0 - bodies.minimum_jerk(times.pts_s - 1.0)
    track = bodies.side_body(times, trunk_deg=70 * course, thigh_deg=40 * course)
    signals = compute_signals(track, view=View.SIDE, lowpass_hz=4.0)
    rep = Rep(0, 20, 70, 0.0, 20 / 30, 70 / 30)
    table = feature_table(
        signals, records_of([rep]), clip=clip_of("hinge", View.SIDE), movement=DEADLIFT
    )
    assert table[["descent_s", "lag_t50_ms", "coupling_q25_pp"]].isna().all(axis=None)
    assert table[["ascent_s", "trunk_incl_max_deg"]].notna().all(axis=None)


def test_columns_and_types():
    """Who and where first, then every feature as float64, also without reps."""
    table = table_of(bodies.hinge(bodies.steady_times(13.0, 30.0)))
    for one in (table, empty_table()):
        assert tuple(one.columns) == (*META_COLUMNS, *NAMES)
        assert one.index.name == "rep_id"
        assert (one[NAMES].dtypes == np.float64).all()
        assert one["rep_index"].dtype == np.int64
    assert table["session"].isna().all()
    assert pd.concat([table, empty_table()]).dtypes.equals(table.dtypes)


def test_the_same_bits_twice():
    """Computed again, nothing differs."""
    track = bodies.hinge(bodies.uneven_times(13.0, 30.0))
    pd.testing.assert_frame_equal(table_of(track), table_of(track), check_exact=True)


def all_nan(n_frames=40):
    times = FrameTimes(np.arange(n_frames) / 30.0)
    unseen = np.full(n_frames, np.nan)
    values = dict.fromkeys(SIGNALS, unseen)
    return ClipSignals(times, values, unseen, np.zeros(n_frames, bool), facing=1)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_feature_keeps_the_contract(family):
    """Name and unit agree, source and summary are there, and nothing seen gives NaN."""
    rep = Rep(5, 15, 30, 5 / 30, 15 / 30, 1.0)
    unseen = rep_signals(all_nan(), rep, HINGE)
    features = [one for one in all_features() if home_of(one) == f"labeler.features.{family}"]
    assert features
    for one in features:
        assert one.unit.ends(one.name)
        assert one.source
        assert one.summary.endswith("."), one.name
        assert one.views
        assert set(one.needs) <= set(SIGNALS) | OF_MOVEMENT, one.name
        is_of_the_clock = not one.needs and one.unit in (Unit.SECOND, Unit.FRAMES_PER_SECOND)
        is_of_the_clock |= one.name == "descent_to_ascent_ratio"
        assert math.isnan(one.compute(unseen)) != is_of_the_clock, one.name


@pytest.mark.parametrize("edges", [(0, 0, 1), (0, 0, 2), (3, 3, 9), (0, 38, 39), (39, 39, 40)])
@pytest.mark.parametrize("is_seen", [True, False])
def test_reps_of_hardly_any_frames(edges, is_seen):
    """Edges that a person dragged anywhere: numbers or NaN, never an exception."""
    times = FrameTimes(np.arange(40) / 30.0)
    track = bodies.hinge(times) if is_seen else bodies.empty_track(times)
    signals = compute_signals(track, view=View.SIDE, lowpass_hz=4.0)
    rep = Rep(*edges, *(times.boundary_s(frame) for frame in edges))
    for movement in (HINGE, None):
        table = feature_table(
            signals, records_of([rep]), clip=clip_of("hinge", View.SIDE), movement=movement
        )
        assert len(table) == 1
        assert np.isfinite(table["rep_s"]).all()


def test_a_movement_whose_channels_are_not_computed_yet():
    """Turns are labelled by hand: sequencing is NaN, tempo stays."""
    times = bodies.steady_times(13.0, 30.0)
    signals = compute_signals(bodies.hinge(times), view=View.SIDE, lowpass_hz=8.0)
    rep = Rep(30, 60, 95, 1.0, 2.0, 95 / 30)
    rotation = load_catalog().movement("rotation")
    table = feature_table(
        signals, records_of([rep]), clip=clip_of("hinge", View.SIDE), movement=rotation
    )
    assert table[LAGS_MS].isna().all(axis=None)
    assert table["rep_s"].notna().all()


def test_names_without_their_unit_or_given_twice_are_refused():
    """Programming mistakes, found on import."""
    with pytest.raises(ValueError, match="ending in _deg, got 'knee_max'"):
        register(Feature("knee_max", Unit.DEGREE, (), (), "here", "Knee.", lambda rep: rep.fps))
    with pytest.raises(ValueError, match="'rep_s' again"):
        register(Feature("rep_s", Unit.SECOND, (), (), "here", "Time.", lambda rep: rep.fps))
    with pytest.raises(ValueError, match="a summary and a source"):
        feature(unit=Unit.SECOND, source="")(lambda_named_s)


def lambda_named_s(rep):
    return rep.fps


def progress_of(share, *, turn):
    """A rep whose hips and torso go as given, ten frames a second."""
    n_frames = len(share)
    times = FrameTimes(np.arange(n_frames) / 10.0)
    rep = Rep(0, turn, n_frames, 0.0, turn / 10.0, n_frames / 10.0)
    values = {HIP: np.asarray(share, float), TORSO: np.asarray(share, float)}
    seen = np.ones(n_frames)
    return RepSignals(rep, values, times.pts_s, turn, seen, np.zeros(n_frames, bool), 10.0)


def crossing_s(share):
    return crossing(np.array(share), np.arange(len(share)) / 10.0, 0.5).at_s


def test_crossings_between_frames():
    """Half-way is met between frames, at once when begun beyond it, never when not reached."""
    assert crossing_s([0.0, 0.4, 0.8, 1.0]) == pytest.approx(0.125)
    assert crossing_s([0.6, 0.8, 1.0]) == 0.0
    assert math.isnan(crossing_s([0.0, 0.2, 0.4]))


def test_no_motion_has_no_centre():
    """One frame, or frames without forward motion: no centre of motion."""
    assert math.isnan(centroid_lag(progress_of([0.0], turn=0)).by_s)
    assert math.isnan(centroid_lag(progress_of([1.0, 1.0, 1.0], turn=2)).by_s)
