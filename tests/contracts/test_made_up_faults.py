"""Every fault made on purpose, as rules answer it where nothing errs: a table of known answers.

Exact landmarks, without the outline of a back. A rule may refuse what a view cannot show, or call
it too close; it may never fire where a fault is not made, nor pass where it is severe.
"""

from functools import cache

import pytest
import support_reps as made
from support_athletes import MOVEMENTS, performed

from labeler.catalog.loader import load_catalog
from labeler.core.clip import View
from labeler.features.table import feature_table
from labeler.reps.segment import find_reps
from labeler.rules.apply import apply_rules
from labeler.rules.registry import State, all_rules
from labeler.rules.thresholds import load_limits
from labeler.signals.compute import compute_signals
from labeler.synthetic.athlete import draw_athlete
from labeler.synthetic.camera import AZIMUTHS_DEG, Camera, frame_times
from labeler.synthetic.faults import makeable
from labeler.synthetic.noise import NoiseSpec, track

CATALOG, BOOK = load_catalog(), load_limits()
RULED = {one.fault for one in all_rules()}
N_REPS = 2
SEEDS = (0, 1)


def judges(fault, movement):
    """Whether the fault's rule has an opinion about the movement."""
    limits = BOOK[fault]
    return fault in RULED and (not limits.movements or movement in limits.movements)


def view_of(fault, movement):
    """The movement's best view where it shows the fault, else the front, or the first that does."""
    best, limits, spec = CATALOG.movement(movement).best_view, BOOK[fault], CATALOG.fault(fault)
    views = [one for one in (best, View.FRONT, *View) if spec.is_visible_from(one)]
    return next(one for one in views if not limits.views or one in limits.views)


TABLE = [
    (movement, fault)
    for movement in MOVEMENTS
    for fault in makeable(movement)
    if fault in RULED and judges(fault, movement)
]

SURE = {
    ("hinge", "hip_delay"),
    ("hinge", "knee_dominant"),
    ("hinge", "head_neck_break"),
    ("deadlift", "hip_delay"),
    ("deadlift", "head_neck_break"),
    ("deadlift", "lateral_bend_first"),
    ("deadlift", "hips_shoot_up"),
    ("kb_swing", "hip_delay"),
    ("kb_swing", "knee_dominant"),
    ("kb_swing", "head_neck_break"),
    ("squat", "hip_delay"),
    ("squat", "forward_lean_early"),
    ("squat", "head_neck_break"),
    ("squat", "lateral_bend_first"),
    ("squat", "hips_shoot_up"),
    ("rotation", "lateral_bend_first"),
    ("antirot", "brace_fail"),
}
"""What is told plainly: all good repetitions pass, all severe ones fire. The others rest on a lag
or a turn, whose band is what the pose network was measured to cost, on the outline of a back, or on
a prescribed tempo that is near the limit."""


@cache
def states(movement, fault, severity, view):
    """The answers of the fault's rule about each repetition of two athletes."""
    told, found = CATALOG.movement(movement), []
    for seed in SEEDS:
        athlete = draw_athlete(seed)
        performance = performed(
            movement, {fault: severity}, athlete=athlete, n_reps=N_REPS, seed=seed
        )
        camera = Camera(AZIMUTHS_DEG[view][0], 3.75, 0.92, 0.0, 1500.0, (1920, 1080))
        times = frame_times(performance.duration_s, 30.0)
        exact = track(performance, camera, times, NoiseSpec.none(), 0)
        signals = compute_signals(exact, view=view, lowpass_hz=told.lowpass_hz)
        reps = made.records_of(list(find_reps(signals, told).reps))
        table = feature_table(signals, reps, clip=made.clip_of(movement, view), movement=told)
        said = apply_rules(table, catalog=CATALOG, book=BOOK)
        found.extend(State(one) for one in said.loc[said["fault"] == fault, "state"])
    return tuple(found)


@pytest.mark.parametrize(("movement", "fault"), TABLE)
def test_no_rule_is_wrong_where_nothing_errs(movement, fault):
    """In the view that shows it best: never fired at severity 0, never passed at severity 3."""
    view = view_of(fault, movement)
    assert State.FIRED not in states(movement, fault, 0, view)
    assert State.PASSED not in states(movement, fault, 3, view)


@pytest.mark.parametrize("view", [View.SIDE, View.OBLIQUE, View.FRONT])
@pytest.mark.parametrize(
    ("movement", "fault"),
    [one for one in TABLE if one[1] in ("torso_dip_first", "hip_delay", "lateral_bend_first")],
)
def test_a_view_that_cannot_show_a_fault_is_refused(movement, fault, view):
    """From any view severe faults of sequence never pass; who cannot see them says nothing."""
    severe, good = (states(movement, fault, severity, view) for severity in (3, 0))
    assert State.PASSED not in severe
    assert State.FIRED not in good
    if not CATALOG.fault(fault).is_visible_from(view):
        assert set(severe) <= {State.NOT_APPLICABLE}


@pytest.mark.parametrize(("movement", "fault"), sorted(SURE))
def test_what_is_told_plainly(movement, fault):
    """Good repetitions pass and severe ones fire, all of them."""
    view = view_of(fault, movement)
    n_reps = N_REPS * len(SEEDS)
    assert states(movement, fault, 0, view) == (State.PASSED,) * n_reps
    assert states(movement, fault, 3, view) == (State.FIRED,) * n_reps


def test_the_table_is_whole():
    """Every fault that a rule judges and a body can be made to show is in it."""
    assert {fault for _movement, fault in TABLE} == RULED - {"inconsistent_transfer"}
    assert set(TABLE) > SURE
