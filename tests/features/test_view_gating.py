"""Every feature from every view: missing where the camera cannot show it, whatever was computed."""

from dataclasses import replace

import numpy as np
import pytest
import support_bodies as bodies
import support_reps as made
from support_detection import row, use_rows

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.features.registry import all_features
from labeler.features.rep_signals import (
    HIP,
    HIP_COURSE,
    OF_MOVEMENT,
    TORSO,
    TORSO_COURSE,
    channels_of,
)
from labeler.features.table import feature_table
from labeler.signals.registry import IMAGE_SOURCE, SAGITTAL, SIGNALS
from labeler.signals.view import ViewEstimate

CATALOG = load_catalog()
MOVEMENTS = ("hinge", "deadlift", "kb_swing", "squat", "rotation", "tspine_rot", "antirot", None)
TIMES = bodies.steady_times(3.0, 120.0)


@pytest.fixture(autouse=True)
def nothing_measured(monkeypatch):
    """Planes alone decide, unless a test says what was measured."""
    use_rows(monkeypatch, lambda: ())


def everything_known(down_s):
    """Signals that are all known and all move, as no camera ever sees them."""
    t = TIMES.pts_s
    there = bodies.minimum_jerk((t - 0.5) / down_s) - bodies.minimum_jerk((t - 1.7) / 0.8)
    size = {"deg": 60.0, "legs": -0.5, "ratio": 0.3, "deg_per_s": 90.0}
    courses = {name: 1.0 + size[one.unit.value] * there**1.1 for name, one in SIGNALS.items()} | {
        "back_seen_ratio": np.ones(TIMES.n_frames),
        "wrist_reach_ratio": np.ones(TIMES.n_frames),
    }
    signals = made.noisy_signals(TIMES, courses, noise=1e-4)
    return replace(signals, view_estimate=ViewEstimate(View.SIDE, 88.0, 0.9))


def table_of(view, movement_id, down_s=0.25):
    movement = None if movement_id is None else CATALOG.movement(movement_id)
    reps = [made.rep_between(TIMES, 0.48, 0.5 + down_s, 2.5)] * 5
    return feature_table(
        everything_known(down_s),
        made.records_of(reps),
        clip=made.clip_of(movement_id, view),
        movement=movement,
    )


def shows(view, one, movement_id):
    """Whether the view shows a feature: its own views say so, and those of the channels it reads.

    Lean and bend are computed from every view, because repetitions are cut by them, but they are
    read from the side and at 45 degrees only.
    """
    movement = None if movement_id is None else CATALOG.movement(movement_id)
    channels = {
        **dict.fromkeys((HIP, HIP_COURSE), channels_of(movement)[0]),
        **dict.fromkeys((TORSO, TORSO_COURSE), channels_of(movement)[1]),
    }
    led_by = [SIGNALS[channels[name]] for name in one.needs if name in channels]
    is_own = any(name not in channels for name in one.needs) or not led_by
    return (not is_own or view in one.views) and all(
        view in (SAGITTAL if channel.source == IMAGE_SOURCE else channel.views)
        for channel in led_by
    )


@pytest.mark.parametrize("movement_id", MOVEMENTS)
@pytest.mark.parametrize("view", View)
def test_what_a_view_does_not_show_is_missing(view, movement_id):
    table = table_of(view, movement_id)
    for one in all_features():
        if not shows(view, one, movement_id):
            assert table[one.name].isna().all(), one.name


def test_no_feature_claims_a_view_that_its_signals_do_not_have():
    for one in all_features():
        for name in set(one.needs) - OF_MOVEMENT:
            assert set(one.views) <= set(SIGNALS[name].views), one.name


def test_every_feature_is_told_somewhere():
    """Nothing is gated away altogether: each is told of some movement, fast or slow."""
    told = set()
    for movement_id in MOVEMENTS:
        for view in View:
            for down_s in (0.25, 0.8):
                table = table_of(view, movement_id, down_s)
                told |= {name for name in table.columns if table[name].notna().any()}
    assert {one.name for one in all_features()} - told == set()


def test_what_a_view_was_measured_to_show_nothing_of_is_missing(monkeypatch):
    lost = row("rotation", View.FRONT, 120.0, "separation_deg", slope=0.1, sd=9.0)
    use_rows(monkeypatch, lambda: (lost,))
    front, oblique = (table_of(view, "rotation") for view in (View.FRONT, View.OBLIQUE))
    apart = [name for name in front.columns if name.startswith("separation_") and "yaw" not in name]
    assert front[apart].isna().all(axis=None)
    assert front["thorax_axial_rom_deg"].notna().all()
    assert oblique[apart].notna().any(axis=None)
