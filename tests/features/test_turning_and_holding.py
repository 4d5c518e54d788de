"""Turns and holds with known leads, separations and drifts, up to what the rules say of them."""

import math

import numpy as np
import pytest
import support_bodies as bodies
import support_reps as made
from support_detection import use_rows

from labeler.catalog import load_catalog
from labeler.catalog.spec import RepKind
from labeler.core.clip import View
from labeler.features.holds import GIVE_DEG, MIN_GIVE_S
from labeler.features.rep_signals import rep_signals
from labeler.features.table import feature_table
from labeler.reps.segment import find_reps
from labeler.rules.apply import apply_rules
from labeler.rules.registry import State

CATALOG = load_catalog()
ROTATION, ANTIROT = CATALOG.movement("rotation"), CATALOG.movement("antirot")
TIMES = bodies.steady_times(3.0, 60.0)
HOLD_S = 8.0
HELD = bodies.steady_times(HOLD_S + 2.0, 30.0)


@pytest.fixture(autouse=True)
def every_turn_is_seen(monkeypatch):
    """What a network costs is not what is asked here."""
    use_rows(monkeypatch)


def turning(times, *, lag_s=0.0, turn_s=0.8, way_deg=60.0, wound_deg=0.0):
    """Pelvis from right to left; the thorax, wound up further back, arrives with it, late."""
    pelvis = way_deg * (bodies.minimum_jerk((times.pts_s - 0.5) / turn_s) - 0.5)
    late = bodies.minimum_jerk((times.pts_s - 0.5 - lag_s) / turn_s)
    thorax = (way_deg + wound_deg) * (late - 1.0) + way_deg / 2
    return {
        "pelvis_axial_deg": pelvis,
        "thorax_axial_deg": thorax,
        "separation_deg": thorax - pelvis,
    }


def turned(*, turn_s=0.8, view=View.FRONT, noise=0.1, sign=1.0, **course):
    signals = made.noisy_signals(
        TIMES,
        {name: sign * x for name, x in turning(TIMES, turn_s=turn_s, **course).items()},
        noise=noise,
    )
    late_s = max(0.0, course.get("lag_s", 0.0))
    stop_s = 0.5 + turn_s + late_s
    rep = made.rep_between(TIMES, 0.5 + min(0.0, course.get("lag_s", 0.0)), stop_s, stop_s + 0.1)
    return feature_table(
        signals,
        made.records_of([rep]),
        clip=made.clip_of("rotation", view),
        movement=ROTATION,
    )


@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["to the left", "to the right"])
@pytest.mark.parametrize("lag_ms", [-150.0, 0.0, 100.0])
def test_turns_tell_who_leads(lag_ms, sign):
    row = turned(lag_s=lag_ms / 1000.0, sign=sign).iloc[0]
    assert row["lag_t50_ms"] == pytest.approx(lag_ms, abs=3.0)
    assert row["lag_area_ms"] == pytest.approx(lag_ms, abs=3.0)
    assert np.sign(round(row["twist_lead_pp"])) == -np.sign(lag_ms)
    assert row["twist_lead_pp"] == pytest.approx(row["coupling_q25_pp"], abs=0.5)


@pytest.mark.parametrize(("bends_at_s", "expected_deg"), [(0.2, 8.0), (1.0, 0.0)])
def test_a_side_bend_before_a_turn_is_one_before_the_pelvis_turns(bends_at_s, expected_deg):
    """The hips of a turn do not sink: how they bob says nothing of when they move."""
    bend = 8.0 * bodies.minimum_jerk((TIMES.pts_s - bends_at_s) / 0.3)
    bob = -0.1 * bodies.minimum_jerk((TIMES.pts_s - 1.1) / 0.2)
    stands = {"shoulder_height_legs": np.where(TIMES.pts_s < 0.25, 1.6, np.nan)}
    courses = {**turning(TIMES), "lateral_bend_deg": bend, "hip_height_legs": bob, **stands}
    rep = made.rep_between(TIMES, 0.2, 1.3, 1.4)
    table = feature_table(
        made.noisy_signals(TIMES, courses),
        made.records_of([rep]),
        clip=made.clip_of("rotation", View.FRONT),
        movement=ROTATION,
    )
    assert table["lateral_bend_early_deg"].iloc[0] == pytest.approx(expected_deg, abs=0.5)


def answers(table, fault):
    """What the rule for a fault says of each repetition."""
    found = apply_rules(table, catalog=CATALOG)
    return found.loc[found["fault"] == fault, "state"].tolist()


@pytest.mark.parametrize(("lag_s", "state"), [(-0.3, State.FIRED), (0.15, State.PASSED)])
def test_the_twist_rule_answers_of_turns_where_they_are_seen(lag_s, state):
    assert answers(turned(lag_s=lag_s), "twist_first") == [state]


@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["to the left", "to the right"])
def test_separation_at_the_reversal_and_its_stretch(sign):
    """Wound up by 20 degrees as the pelvis reverses; the late thorax adds to it."""
    row = turned(lag_s=0.1, wound_deg=20.0, sign=sign).iloc[0]
    apart_deg = -turning(TIMES, lag_s=0.1, wound_deg=20.0)["separation_deg"]
    assert row["separation_reversal_deg"] == pytest.approx(20.0, abs=0.5)
    assert row["separation_furthest_deg"] == pytest.approx(apart_deg.max(), abs=0.5)
    assert row["separation_stretch_deg"] == pytest.approx(apart_deg.max() - 20.0, abs=0.5)


def test_a_block_has_no_separation():
    row = turned().iloc[0]
    assert row["separation_furthest_deg"] == pytest.approx(0.0, abs=1e-6)
    assert row["separation_stretch_deg"] == pytest.approx(0.0, abs=1e-6)


def test_a_pelvis_that_stays_has_no_reversal():
    row = turned(way_deg=3.0, wound_deg=40.0).iloc[0]
    assert row["separation_furthest_deg"] == pytest.approx(40.0, abs=1.0)
    names = ["separation_reversal_deg", "separation_stretch_deg", "twist_lead_pp", "lag_t50_ms"]
    assert row[names].isna().all()


def test_fast_turns_tell_the_peaks_and_slow_ones_do_not():
    fast = turned(turn_s=0.22, lag_s=0.02, way_deg=50.0, wound_deg=30.0, noise=0.01).iloc[0]
    assert fast["lag_peak_ms"] == pytest.approx(20.0, abs=5.0)
    assert fast["peak_order_n"] == 1.0
    assert fast["peak_gain_ratio"] == pytest.approx(80.0 / 50.0, rel=0.05)
    assert fast["lag_onset10_ms"] == pytest.approx(20.0, abs=8.0)
    first = turned(turn_s=0.22, lag_s=-0.02, noise=0.01).iloc[0]
    assert first["peak_order_n"] == -1.0
    slow = turned(turn_s=0.8, lag_s=0.02).iloc[0]
    refused = ["lag_peak_ms", "lag_peak_se_ms", "peak_order_n", "peak_gain_ratio"]
    assert slow[[*refused, "lag_onset5_ms", "lag_onset10_ms"]].isna().all()


def test_an_onset_below_the_noise_is_refused():
    told = turned(turn_s=0.4, lag_s=0.02, noise=0.001).iloc[0]
    noisy = turned(turn_s=0.4, lag_s=0.02, noise=3.0).iloc[0]
    unknown = turned(turn_s=0.4, lag_s=0.02, noise=math.nan).iloc[0]
    assert told[["lag_onset5_ms", "lag_onset10_ms"]].notna().all()
    for row in (noisy, unknown):
        assert row[["lag_onset5_ms", "lag_onset10_ms"]].isna().all()


def held(*, yaw=0.0, bend=0.0, shift=0.0, reach=1.0, view=View.FRONT, span_s=(1.0, HOLD_S + 1.0)):
    """A hold of eight seconds with courses that are given over its seconds."""
    flat = np.zeros(HELD.n_frames)
    signals = made.noisy_signals(
        HELD,
        {
            "thorax_axial_deg": flat + yaw,
            "pelvis_axial_deg": flat,
            "lateral_bend_deg": flat + bend,
            "pelvis_shift_legs": flat + shift,
            "wrist_reach_ratio": flat + reach,
        },
        noise=0.2,
    )
    rep = made.rep_between(HELD, span_s[0], sum(span_s) / 2, span_s[1])
    return feature_table(
        signals, made.records_of([rep]), clip=made.clip_of("antirot", view), movement=ANTIROT
    )


SINCE_S = HELD.pts_s - 1.0
STEADILY = np.clip(SINCE_S / HOLD_S, 0.0, 1.0)


def test_a_steady_drift_is_told():
    """End levels are medians of a second: of a steady drift 7/8 is left."""
    row = held(yaw=-16.0 * STEADILY, bend=8.0 * STEADILY, shift=0.08 * STEADILY).iloc[0]
    assert row["hold_yaw_drift_deg"] == pytest.approx(-14.0, abs=0.2)
    assert row["hold_bend_drift_deg"] == pytest.approx(7.0, abs=0.1)
    assert row["hold_shift_drift_legs"] == pytest.approx(0.07, abs=0.002)
    assert row["hold_yaw_drift_deg_per_s"] == pytest.approx(-14.0 / HOLD_S, abs=0.03)
    assert row["hold_bend_drift_deg_per_s"] == pytest.approx(7.0 / HOLD_S, abs=0.02)
    assert row["hold_shift_drift_legs_per_s"] == pytest.approx(0.07 / HOLD_S, abs=0.0003)
    assert row["hold_yaw_sd_deg"] == pytest.approx(16.0 / math.sqrt(12.0), rel=0.02)


def test_a_give_that_is_caught_is_no_drift_but_a_departure():
    caught = np.exp(-0.5 * np.square((SINCE_S - 4.0) / 0.3))
    row = held(yaw=-12.0 * caught, bend=6.0 * caught, shift=0.05 * caught).iloc[0]
    assert row["hold_yaw_drift_deg"] == pytest.approx(0.0, abs=0.1)
    assert row["hold_yaw_furthest_deg"] == pytest.approx(12.0, abs=0.1)
    assert row["hold_bend_furthest_deg"] == pytest.approx(6.0, abs=0.1)
    assert row["hold_shift_furthest_legs"] == pytest.approx(0.05, abs=0.001)
    assert row["hold_give_s"] == pytest.approx(3.6, abs=0.1)


@pytest.mark.parametrize(
    ("drift", "state"),
    [
        ({"yaw": 20.0 * STEADILY}, State.FIRED),
        ({"bend": -12.0 * STEADILY}, State.FIRED),
        ({"shift": 0.1 * STEADILY}, State.FIRED),
        ({"yaw": 1.0 * STEADILY}, State.PASSED),
        ({"yaw": 9.0 * STEADILY}, State.TOO_CLOSE),
    ],
)
def test_the_brace_rule_answers_of_holds(drift, state):
    assert answers(held(**drift), "brace_fail") == [state]


def test_it_gives_when_it_has_given_for_long_enough():
    given = np.where(SINCE_S >= 3.0, 2.0 * GIVE_DEG, 0.0)
    flicker = np.where((SINCE_S >= 1.5) & (SINCE_S < 1.5 + MIN_GIVE_S / 2), 2.0 * GIVE_DEG, 0.0)
    assert held(yaw=given)["hold_give_s"].iloc[0] == pytest.approx(3.0, abs=0.05)
    assert held(yaw=given + flicker)["hold_give_s"].iloc[0] == pytest.approx(3.0, abs=0.05)
    assert held(yaw=flicker)["hold_give_s"].iloc[0] == pytest.approx(HOLD_S)
    assert math.isnan(held(yaw=math.nan)["hold_give_s"].iloc[0])


def test_a_press_is_told_from_arms_in_to_arms_out():
    """The arms go out within the repetition: drift from its start to its turn, nothing else."""
    out = bodies.minimum_jerk(SINCE_S / 2.0) - bodies.minimum_jerk((SINCE_S - 4.0) / 2.0)
    row = held(yaw=10.0 * out, reach=0.4 + 0.6 * out, span_s=(1.0, 7.0)).iloc[0]
    assert row["hold_yaw_drift_deg"] == pytest.approx(10.0, abs=0.5)
    assert row["hold_yaw_furthest_deg"] == pytest.approx(10.0, abs=0.5)
    assert row[["hold_yaw_sd_deg", "hold_give_s", "hold_yaw_drift_deg_per_s"]].isna().all()
    assert row["descent_s"] == pytest.approx(3.0, abs=0.05)


def test_a_turn_that_ends_where_it_turns_has_no_way_back():
    """As the product cuts turns from side to side: each ends at its turn."""
    signals = made.noisy_signals(TIMES, turning(TIMES), noise=0.1)
    reps = find_reps(signals, ROTATION).reps
    assert len(reps) == 1
    table = feature_table(
        signals,
        made.records_of(list(reps)),
        clip=made.clip_of("rotation", View.FRONT),
        movement=ROTATION,
    )
    row = table.iloc[0]
    assert row[["ascent_s", "descent_to_ascent_ratio"]].isna().all()
    assert row["descent_s"] == pytest.approx(0.8, abs=0.2)
    assert row["lag_t50_ms"] == pytest.approx(0.0, abs=2.0)


def test_a_hold_has_no_descent_and_nobody_leads_in_it():
    row = held(yaw=20.0 * STEADILY).iloc[0]
    assert (
        row[["descent_s", "ascent_s", "lag_t50_ms", "crp_mean_deg", "sparc_torso_ratio"]]
        .isna()
        .all()
    )


def test_arms_that_are_not_seen_count_as_held():
    signals = made.noisy_signals(HELD, {"thorax_axial_deg": 0.0 * SINCE_S})
    cut = rep_signals(signals, made.rep_between(HELD, 1.0, 4.0, 8.0), ANTIROT)
    assert cut.is_hold
    assert not cut.is_press
    assert cut.kind is RepKind.HOLD


def test_other_movements_are_not_held():
    names = [name for name in turned().columns if name.startswith("hold_") and name != "hold_s"]
    assert turned()[names].isna().all(axis=None)
    assert len(names) == 11


def test_a_hold_that_the_product_cuts_itself_is_judged():
    """Arms out for eight seconds while the thorax gives way: from signals to the rule's answer."""
    out = bodies.minimum_jerk(SINCE_S / 0.6) - bodies.minimum_jerk((SINCE_S - HOLD_S) / 0.6)
    drifting = 25.0 * np.clip((SINCE_S - 1.0) / (HOLD_S - 2.0), 0.0, 1.0)
    flat = np.zeros(HELD.n_frames)
    signals = made.noisy_signals(
        HELD,
        {
            "thorax_axial_deg": drifting,
            "pelvis_axial_deg": flat,
            "lateral_bend_deg": flat,
            "pelvis_shift_legs": flat,
            "wrist_reach_ratio": 0.4 + 0.6 * out,
        },
    )
    reps = find_reps(signals, ANTIROT).reps
    assert len(reps) == 1
    table = feature_table(
        signals,
        made.records_of(list(reps)),
        clip=made.clip_of("antirot", View.FRONT),
        movement=ANTIROT,
    )
    assert table["hold_yaw_drift_deg"].iloc[0] == pytest.approx(24.0, abs=2.0)
    assert answers(table, "brace_fail") == [State.FIRED]
