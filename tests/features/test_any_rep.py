"""Whatever a person cuts from whatever was seen: numbers or NaN, never an exception."""

import numpy as np
import support_reps as made
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.catalog import load_catalog
from labeler.core.clip import FrameTimes, View
from labeler.core.rep import Rep
from labeler.features.registry import all_features
from labeler.features.table import feature_table
from labeler.signals.registry import SIGNALS

CATALOG = load_catalog()
MOVEMENTS = [*CATALOG.movements, None]
NAMES = [one.name for one in all_features()]
FPS = 30.0
N_FRAMES = 60
LOUDEST = 1e12
"""No unit makes a larger number of what is in reach; a runaway ratio would."""

cuts = st.lists(st.integers(0, N_FRAMES), min_size=3, max_size=3).map(sorted)


def seen(rng, *, known_ratio, smooth):
    """Any course: noise, steps or waves, with frames that are not known."""
    values = rng.normal(size=N_FRAMES)
    if smooth:
        values = 40.0 * np.cumsum(values) / N_FRAMES
    values = np.round(values, int(rng.integers(0, 4)))
    values[rng.random(N_FRAMES) > known_ratio] = np.nan
    return values


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    cut=cuts,
    known_ratio=st.sampled_from([0.3, 0.9, 1.0]),
    smooth=st.booleans(),
    movement_id=st.sampled_from(MOVEMENTS),
    ends_at_its_turn=st.booleans(),
)
def test_any_cut_of_any_signals(seed, cut, known_ratio, smooth, movement_id, ends_at_its_turn):
    rng = np.random.default_rng(seed)
    times = FrameTimes(np.arange(N_FRAMES) / FPS)
    courses = {name: seen(rng, known_ratio=known_ratio, smooth=smooth) for name in SIGNALS}
    start, turn, stop = cut
    stop = min(max(stop, turn + 1), N_FRAMES)
    turn = min(turn, stop - 1)
    start = min(start, turn)
    edges_s = [frame / FPS for frame in (start, turn, stop)]
    if ends_at_its_turn:
        edges_s[1] = edges_s[2]
    reps = [Rep(start, turn, stop, *edges_s)] * 5
    table = feature_table(
        made.noisy_signals(times, courses, noise=0.1),
        made.records_of(reps),
        clip=made.clip_of(movement_id, View.OBLIQUE if seed % 2 else View.FRONT),
        movement=None if movement_id is None else CATALOG.movement(movement_id),
    )
    found = table[NAMES].to_numpy(float)
    assert not np.isinf(found).any()
    assert not (np.abs(found) > LOUDEST).any()
