"""What must not change a lag, and what must change it in a known way."""

import numpy as np
import pytest
import support_bodies as bodies
import support_reps as made
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.catalog import load_catalog
from labeler.core.clip import FrameTimes, View
from labeler.features.sequencing import LAGS
from labeler.features.table import feature_table

SQUAT = load_catalog().movement("squat")
FAST_ONLY = {"lag_peak", "lag_onset5", "lag_onset10"}
NAMES = [name for name in LAGS if name not in FAST_ONLY]
IN_MS = [f"{name}_ms" for name in NAMES]
IN_SHARES = [f"{name}_ratio" for name in NAMES]
FREE_OF_TIME = [
    *IN_SHARES,
    "coupling_q25_pp",
    "coupling_q75_pp",
    "crp_mean_deg",
    "coupling_inphase_ratio",
    "sparc_hip_ratio",
    "sparc_torso_ratio",
]


def row_of(
    *,
    late_s=0.1,
    hip_deg=90.0,
    torso_deg=40.0,
    stretch=1.0,
    shift_s=0.0,
    offset_deg=0.0,
    is_exchanged=False,
):
    """One squat whose torso is late by a tenth of a second, and what one does to it."""
    times = FrameTimes(bodies.steady_times(3.4, 50.0).pts_s * stretch)
    t = times.pts_s / stretch - shift_s
    hips, torso = (
        bodies.minimum_jerk((t - 0.3 - by_s) / 1.1)
        - bodies.minimum_jerk((t - 1.7 - by_s) / 1.2) ** 1.3
        for by_s in (0.0, late_s)
    )
    if is_exchanged:
        hips, torso = torso, hips
    bend = hip_deg * hips
    courses = {
        "leg_bend_deg": bend + offset_deg,
        "thigh_incl_deg": bend + offset_deg,
        "trunk_incl_deg": torso_deg * torso + offset_deg,
        "shoulder_height_legs": 2.0 - hips,
    }
    signals = made.noisy_signals(times, courses, noise=0.1)
    edges_s = [stretch * (at_s + shift_s) for at_s in (0.21, 1.55, 3.05)]
    table = feature_table(
        signals,
        made.records_of([made.rep_between(times, *edges_s)]),
        clip=made.clip_of("squat", View.SIDE),
        movement=SQUAT,
    )
    return table.iloc[0]


USUAL = row_of()


def test_the_usual_squat_is_told_and_its_torso_late():
    assert USUAL[[*IN_MS, *FREE_OF_TIME]].notna().all()
    assert (USUAL[IN_MS] > 50.0).all()


@settings(max_examples=25)
@given(
    hip_deg=st.floats(30.0, 120.0),
    torso_deg=st.floats(20.0, 80.0),
    offset_deg=st.floats(-40.0, 40.0),
)
def test_neither_how_far_nor_from_where_changes_a_lag(hip_deg, torso_deg, offset_deg):
    found = row_of(hip_deg=hip_deg, torso_deg=torso_deg, offset_deg=offset_deg)
    assert found[[*IN_MS, *FREE_OF_TIME]].to_numpy(float) == pytest.approx(
        USUAL[[*IN_MS, *FREE_OF_TIME]].to_numpy(float), abs=1e-6
    )


@settings(max_examples=25)
@given(stretch=st.floats(0.7, 2.5))
def test_a_slower_squat_has_longer_lags_that_are_the_same_share(stretch):
    """All but the lag by sliding, which never slides by more than a time that is fixed."""
    found = row_of(stretch=stretch)
    ours = [name for name in IN_MS if "xcorr" not in name and "comb" not in name]
    shares = [name for name in FREE_OF_TIME if "xcorr" not in name and "comb" not in name]
    assert found[ours].to_numpy(float) == pytest.approx(
        stretch * USUAL[ours].to_numpy(float), rel=0.01
    )
    assert found[shares].to_numpy(float) == pytest.approx(
        USUAL[shares].to_numpy(float), rel=0.02, abs=0.01
    )


@settings(max_examples=25)
@given(shift_s=st.floats(0.0, 0.1))
def test_when_it_happens_hardly_changes_a_lag(shift_s):
    """Frames fall elsewhere on the movement; of a gentle start the bend is hard to place."""
    found = row_of(shift_s=shift_s)
    for name in IN_MS:
        within_ms = 10.0 if "changepoint" in name else 0.5
        assert found[name] == pytest.approx(USUAL[name], abs=within_ms), name


def test_exchanging_hips_and_torso_turns_the_sign():
    found = row_of(is_exchanged=True, hip_deg=60.0, torso_deg=60.0)
    usual = row_of(hip_deg=60.0, torso_deg=60.0)
    assert found[IN_MS].to_numpy(float) == pytest.approx(-usual[IN_MS].to_numpy(float), abs=1.0)
    assert found["crp_mean_deg"] == pytest.approx(-usual["crp_mean_deg"], abs=1e-6)


@pytest.mark.parametrize("late_s", [-0.2, -0.05, 0.0, 0.05, 0.2])
def test_every_lag_has_the_sign_of_the_delay(late_s):
    found = row_of(late_s=late_s)[IN_MS].to_numpy(float)
    if late_s == 0.0:
        assert found == pytest.approx(0.0, abs=1e-6)
    else:
        assert (np.sign(found) == np.sign(late_s)).all()
