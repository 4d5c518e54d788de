"""Features as changes from an athlete's own good repetitions, and what must not leak."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.features.baseline import (
    HAS_BASELINE,
    MIN_GOOD_REPS,
    changed_name,
    compared,
    with_baseline,
)
from labeler.features.table import empty_table
from labeler.learn.table import feature_columns

LEAN, LAG = "trunk_incl_max_deg", "lag_t50_ms"
LEAN_CHANGE, LAG_CHANGE = "trunk_incl_max_from_good_deg", "lag_t50_from_good_ms"


def table_of(lean_deg, *, athlete="A01", view="side", movement="hinge", first=1, **more):
    """One rep per value, everything else missing."""
    ids = pd.Index([f"{athlete}-{n}" for n in range(first, first + len(lean_deg))], dtype="str")
    told = {
        "clip_id": athlete,
        "athlete": athlete,
        "movement": movement,
        "view": view,
        "session": None,
        "rep_index": np.arange(len(lean_deg)),
        "is_synthetic": False,
        "quality": "good",
        LEAN: np.asarray(lean_deg, dtype=float),
        "median_fps": 30.0,
        **more,
    }
    rows = pd.DataFrame(told, index=ids)
    blank = empty_table().reindex(ids).drop(columns=list(told))
    return pd.concat([rows, blank], axis=1)[list(empty_table().columns)]


def test_the_others_mean_is_taken_away():
    """Of a faulty rep all good ones' mean, of a good one that of the other good ones."""
    table = table_of([10.0, 20.0, 30.0, 40.0, 100.0])
    found = with_baseline(table, ["A01-1", "A01-2", "A01-3", "A01-4"])
    expected = [10.0 - 30.0, 20.0 - 80.0 / 3, 30.0 - 70.0 / 3, 40.0 - 20.0, 100.0 - 25.0]
    assert found[LEAN_CHANGE].tolist() == pytest.approx(expected)
    assert (found[HAS_BASELINE] == 1.0).all()
    assert LEAN not in found.columns
    assert found.columns[-1] == HAS_BASELINE
    assert found[LAG_CHANGE].isna().all()


def test_three_good_reps_of_the_table_itself_are_too_few():
    """A good rep would have two others: whoever lacks a baseline would then be known to be good."""
    found = with_baseline(table_of([10.0, 20.0, 30.0, 90.0]), ["A01-1", "A01-2", "A01-3"])
    assert (found[HAS_BASELINE] == 0.0).all()
    assert found[LEAN_CHANGE].isna().all()
    assert found["median_fps"].tolist() == [30.0] * 4


def test_three_good_reps_from_elsewhere_are_enough():
    """A new clip of somebody who has brought good reps along."""
    earlier = table_of([10.0, 20.0, 30.0])
    new = table_of([25.0, 15.0], first=11)
    found = with_baseline(new, list(earlier.index), reference=earlier)
    assert found[LEAN_CHANGE].tolist() == pytest.approx([5.0, -5.0])
    assert found.index.tolist() == new.index.tolist()


def test_good_reps_of_somebody_else_change_nothing():
    """They may be in the reference, as those of a whole dataset are."""
    own, other = table_of([10.0, 20.0, 30.0]), table_of([70.0, 80.0, 90.0], athlete="A02")
    new = table_of([25.0], first=11)
    good = [*own.index, *other.index]
    found = with_baseline(new, good, reference=pd.concat([other, own]))
    assert found[LEAN_CHANGE].tolist() == pytest.approx([5.0])


@pytest.mark.parametrize(
    "told", [{"athlete": "A02"}, {"view": "45"}, {"movement": "squat"}, {"is_synthetic": True}]
)
def test_another_athlete_view_movement_or_origin_has_its_own(told):
    good = table_of([10.0, 20.0, 30.0, 40.0])
    other = table_of([50.0], first=21, **told)
    found = with_baseline(pd.concat([good, other]), list(good.index))
    assert found[HAS_BASELINE].tolist() == [1.0] * 4 + [0.0]
    assert np.isnan(found[LEAN_CHANGE].iloc[-1])


@pytest.mark.parametrize("told", [{"athlete": None}, {"view": None}, {"movement": None}])
def test_what_was_not_told_has_none(told):
    """Two unknown athletes are not one."""
    table = table_of([10.0, 20.0, 30.0, 40.0, 50.0])
    for name, value in told.items():
        table[name] = pd.Series([value] * 5, index=table.index, dtype="str")
    found = with_baseline(table, list(table.index)[:4])
    assert (found[HAS_BASELINE] == 0.0).all()


def test_values_that_are_not_known():
    """A column in which too few good reps are known is empty for all, good or not."""
    lag_ms = [1.0, 2.0, 3.0, np.nan, 5.0, np.nan]
    table = table_of([10.0, 20.0, 30.0, 40.0, 100.0, np.nan], **{LAG: lag_ms})
    found = with_baseline(table, ["A01-1", "A01-2", "A01-3", "A01-4"])
    assert found[LAG_CHANGE].isna().all()
    assert found[LEAN_CHANGE].isna().tolist() == [False] * 5 + [True]
    assert (found[HAS_BASELINE] == 1.0).all()


def test_good_reps_with_a_lost_pose_do_not_count():
    table = table_of([10.0, 20.0, 30.0, 40.0, 50.0])
    table.loc["A01-4", "quality"] = "bad"
    found = with_baseline(table, ["A01-1", "A01-2", "A01-3", "A01-4"])
    assert (found[HAS_BASELINE] == 0.0).all()


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.floats(-90.0, 90.0), min_size=6, max_size=12),
    st.floats(-50.0, 50.0),
    st.integers(0, 4),
)
def test_an_athletes_own_offset_disappears(lean_deg, offset_deg, n_good):
    """Whatever is added to all reps of an athlete, the changes are the same."""
    good = [f"A01-{n + 1}" for n in range(n_good)]
    one = with_baseline(table_of(lean_deg), good)
    two = with_baseline(table_of(np.array(lean_deg) + offset_deg), good)
    np.testing.assert_allclose(one[LEAN_CHANGE], two[LEAN_CHANGE], atol=1e-9)
    assert one[HAS_BASELINE].tolist() == two[HAS_BASELINE].tolist()


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(1, 8)))
def test_having_a_baseline_says_nothing_about_the_answer(good):
    """All reps of an athlete have one, or none of them."""
    found = with_baseline(table_of(np.arange(8.0)), [f"A01-{n}" for n in good])
    assert found[HAS_BASELINE].nunique() == 1
    assert found[LEAN_CHANGE].isna().nunique() == 1
    assert (found[HAS_BASELINE].iloc[0] == 1.0) == (len(good) > MIN_GOOD_REPS)


def test_no_rep_is_compared_with_itself():
    """However far a good rep is off, it does not move its own baseline."""
    usual = with_baseline(table_of([10.0] * 5), ["A01-1", "A01-2", "A01-3", "A01-4"])
    odd = with_baseline(table_of([90.0, *[10.0] * 4]), ["A01-1", "A01-2", "A01-3", "A01-4"])
    assert usual[LEAN_CHANGE].iloc[0] == pytest.approx(0.0)
    assert odd[LEAN_CHANGE].iloc[0] == pytest.approx(80.0)


def test_what_tells_of_the_recording_stays_as_it_is():
    """Standard errors, spreads, counts and quality are no way to move."""
    names = compared()
    for name in ("lag_t50_se_ms", "coupling_q25_set_sd_pp", "visibility_mean_ratio", "median_fps"):
        assert name not in names
        assert name in with_baseline(empty_table(), []).columns
    assert {LEAN, LAG, "crp_mean_deg", "descent_s"} <= set(names)


def test_no_column_holds_raw_values_and_changes_alike():
    """Every compared column has another name, and every name its unit."""
    changed = with_baseline(empty_table(), [])
    raw = set(empty_table().columns)
    assert not {changed_name(name) for name in compared()} & raw
    assert not set(compared()) & set(changed.columns)
    assert changed_name("trunk_incl_peak_deg_per_s") == "trunk_incl_peak_from_good_deg_per_s"
    assert HAS_BASELINE in feature_columns(changed)


def test_the_given_table_is_not_changed():
    table = table_of([10.0, 20.0, 30.0, 40.0])
    before = table.copy()
    with_baseline(table, list(table.index))
    pd.testing.assert_frame_equal(table, before)
