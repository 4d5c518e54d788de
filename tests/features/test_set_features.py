"""What varies from rep to rep within a set, and what was found about the clip."""

import math
from dataclasses import replace

import numpy as np
import pytest
import support_bodies as bodies
from support_reps import clip_of, records_of

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.core.finding import Finding
from labeler.core.rep import Rep, RepQuality
from labeler.features.quality import FINDINGS
from labeler.features.registry import Role, all_features
from labeler.features.sets import MIN_SET_REPS, SPREADS, spread_in_sets
from labeler.features.table import feature_table
from labeler.learn.table import feature_columns
from labeler.rules.apply import apply_rules
from labeler.rules.thresholds import load_rulebook
from labeler.signals.compute import compute_signals

HINGE = load_catalog().movement("hinge")
SPREAD_NAMES = ["coupling_q25_set_sd_pp", "crp_mean_set_sd_deg", "lag_area_set_sd_ms"]


def reps_at(starts_s, *, long_s=2.0):
    return [
        Rep(int(s * 30), int(s * 30) + 30, int(s * 30) + 60, s, s + long_s / 2, s + long_s)
        for s in starts_s
    ]


def test_the_spread_of_known_values():
    """Two sets with a long break between them: each its own, the same on all its reps."""
    first, second = [0.0, 3.0, 6.0, 9.0, 12.0], [60.0, 63.0, 66.0, 69.0, 72.0, 75.0]
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 7.0, 7.0, 7.0, 7.0, 7.0])
    found = spread_in_sets(values, reps_at([*first, *second]))
    assert found[:5] == pytest.approx(math.sqrt(2.5))
    assert found[5:] == pytest.approx(0.0)


def test_four_known_reps_are_too_few():
    """Five in the set, one unknown: nothing is said; with six, the unknown one stays unknown."""
    values = np.array([1.0, 2.0, np.nan, 4.0, 5.0])
    assert np.isnan(spread_in_sets(values, reps_at([0.0, 3.0, 6.0, 9.0, 12.0]))).all()
    more = np.array([1.0, 2.0, np.nan, 4.0, 5.0, 3.0])
    found = spread_in_sets(more, reps_at([0.0, 3.0, 6.0, 9.0, 12.0, 15.0]))
    assert np.isnan(found).tolist() == [False, False, True, False, False, False]
    assert MIN_SET_REPS == 5


def test_the_order_of_reps_does_not_matter():
    values = np.random.default_rng(0).normal(size=7)
    reps, order = reps_at(np.arange(7) * 3.0), np.random.default_rng(1).permutation(7)
    found = spread_in_sets(values[order], [reps[place] for place in order])
    assert found == pytest.approx(spread_in_sets(values, reps)[order])


def table_of(lags_s, *, view=View.SIDE, bad=(), findings=(), is_seen=True):
    """Hinges of 2.8 s, one after the other, the trunk behind the hips by each of the lags."""
    times = bodies.steady_times(1.0 + 2.8 * len(lags_s) + 1.0, 30.0)
    hips, trunk = np.zeros(times.n_frames), np.zeros(times.n_frames)
    reps = []
    for number, lag_s in enumerate(lags_s):
        first_s = 1.0 + 2.8 * number
        hips += bodies.cycles(times.pts_s, n_reps=1, first_s=first_s)
        trunk += bodies.cycles(times.pts_s, n_reps=1, first_s=first_s, delay_s=lag_s)
        edges = [round((first_s + at_s) * 30) for at_s in (-0.2, 1.1, 2.5)]
        quality = RepQuality.BAD if number in bad else RepQuality.GOOD
        reps.append(Rep(*edges, *(times.boundary_s(edge) for edge in edges), quality=quality))
    track = bodies.side_body(times, trunk_deg=70.0 * trunk, thigh_deg=30.0 * hips)
    track = track if is_seen else bodies.empty_track(times)
    signals = compute_signals(track, view=view, lowpass_hz=4.0)
    clip = replace(clip_of("hinge", view), findings=tuple(findings))
    return feature_table(signals, records_of(reps), clip=clip, movement=HINGE)


def test_an_inconsistent_set_varies_more_than_a_steady_one():
    """All reps of a set carry the same number; lags of 0 to 0.2 s vary by what they vary."""
    lags_s = [-0.1, 0.1, 0.0, -0.1, 0.1, 0.0]
    steady, uneven = table_of([0.05] * 6), table_of(lags_s)
    for name in SPREAD_NAMES:
        assert uneven[name].nunique() == 1
        assert uneven[name].iloc[0] > 5.0 * steady[name].iloc[0]
    told = uneven["lag_area_set_sd_ms"].iloc[0]
    assert told == pytest.approx(np.std(uneven["lag_area_ms"], ddof=1))
    assert told == pytest.approx(1000.0 * np.std(lags_s, ddof=1), rel=0.15)


def test_short_sets_bad_reps_and_other_views_have_no_spread():
    assert table_of([0.0] * 4)[SPREAD_NAMES].isna().all(axis=None)
    assert table_of([0.0] * 6, view=View.FRONT)[SPREAD_NAMES].isna().all(axis=None)
    with_bad = table_of([0.0] * 6, bad=[2])[SPREAD_NAMES]
    assert with_bad.isna().all(axis=1).tolist() == [False, False, True, False, False, False]
    assert table_of([0.0] * 5, bad=[2])[SPREAD_NAMES].isna().all(axis=None)


def test_each_spread_names_a_feature_of_the_same_unit():
    by_name = {one.name: one for one in all_features()}
    spreads = [one for one in all_features() if one.spread_of is not None]
    assert [one.name for one in spreads] == SPREAD_NAMES
    assert {one.spread_of for one in spreads} == set(SPREADS)
    for one in spreads:
        assert one.unit is by_name[one.spread_of].unit
        assert one.needs == by_name[one.spread_of].needs


def test_findings_about_the_clip_are_columns():
    """Those of the video and of the signals alike, once each; 0 where nothing was found."""
    told = [Finding("two_people", "Two."), Finding("two_people", "Two."), Finding("new", "New.")]
    table, plain = table_of([0.0] * 2, findings=told), table_of([0.0] * 2)
    assert (table["found_two_people_ratio"] == 1.0).all()
    assert (plain["found_two_people_ratio"] == 0.0).all()
    assert (table["findings_n"] == plain["findings_n"] + 2.0).all()
    assert table_of([0.0] * 2, is_seen=False)["findings_n"].isna().all()
    assert table_of([0.0] * 2, is_seen=False)["found_jumping_ratio"].isna().all()


def test_a_model_learns_from_inputs_only():
    """It would learn the clip or the set, and that names the answer."""
    table = table_of([0.0] * 2)
    others = {f"found_{code}_ratio" for code in FINDINGS} | set(SPREAD_NAMES)
    others |= {"findings_n", "view_confidence_ratio", "visibility_mean_ratio", "median_fps"}
    others |= {"lag_area_se_ms", "travel_lag_t20_se_ms", "contour_seen_ratio"}
    assert others <= set(table.columns)
    learned = set(feature_columns(table))
    assert not others & learned
    assert {"lag_area_ms", "coupling_q25_pp", "back_tangent_change_deg", "rep_s"} <= learned


def test_every_error_is_that_of_a_feature():
    """`lag_t50_se_ms` stands beside `lag_t50_ms`; nothing else has that name."""
    by_name = {one.name: one for one in all_features()}
    for one in by_name.values():
        assert (one.role is Role.ERROR) == ("_se_" in one.name)
        assert (one.role is Role.SET) == (one.spread_of is not None)
    errors = {one.name for one in by_name.values() if one.role is Role.ERROR}
    of_lags = {name.replace("_se_", "_") for name in errors} - {"travel_lag_t20_ms"}
    assert of_lags <= set(by_name)


def test_the_rule_answers_about_a_set():
    """Leads that change by 0.2 s from rep to rep fire; steady ones pass; short sets say nothing."""
    catalog, book = load_catalog(), load_rulebook(None)

    def states(lags_s):
        answers = apply_rules(table_of(lags_s), catalog=catalog, book=book)
        return set(answers[answers["fault"] == "inconsistent_transfer"]["state"].astype(str))

    assert states([-0.2, 0.2, 0.0, -0.2, 0.2, 0.0]) == {"fired"}
    assert states([0.05] * 6) == {"passed"}
    assert states([-0.2, 0.2, 0.0, -0.2]) == {"not_applicable"}
