"""Hip to spine ratios of hinges whose back shortens by a known amount."""

import numpy as np
import pytest
import support_bodies as bodies
import support_reps as made

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.features.table import feature_table

HINGE = load_catalog().movement("hinge")
TIMES = bodies.steady_times(4.0, 60.0)
NAMES = [f"hip_spine_q{quarter}_ratio" for quarter in range(1, 5)]
OUTLINE = [f"hip_back_q{quarter}_ratio" for quarter in range(1, 5)]
BOTH = [*NAMES, *OUTLINE]


def row_of(*, back, noise=1e-4):
    there = bodies.minimum_jerk((TIMES.pts_s - 0.5) / 1.2)
    there = there - bodies.minimum_jerk((TIMES.pts_s - 2.0) / 1.2)
    courses = {
        "pelvis_x_legs": -0.3 * there,
        "trunk_incl_deg": 60.0 * there,
        "hip_angle_deg": 175.0 - 80.0 * there,
        "trunk_length_ratio": 1.0 - back(there),
        "back_tangent_deg": 200.0 * back(there),
        "shoulder_height_legs": 2.0 - there,
    }
    signals = made.noisy_signals(TIMES, courses, noise=noise)
    rep = made.rep_between(TIMES, 0.5, 1.85, 3.2)
    table = feature_table(
        signals,
        made.records_of([rep]),
        clip=made.clip_of("hinge", View.SIDE),
        movement=HINGE,
    )
    return table.iloc[0]


def test_a_back_that_rounds_as_the_hips_bend_has_one_ratio():
    """80 degrees to 10 per cent: 8 in every quarter; to 20 degrees of the outline: 4."""
    row = row_of(back=lambda there: 0.1 * there)
    assert row[NAMES].to_numpy(float) == pytest.approx(8.0, abs=0.1)
    assert row[OUTLINE].to_numpy(float) == pytest.approx(4.0, abs=0.05)


def test_a_back_that_rounds_late_is_told_by_its_quarter():
    late = row_of(back=lambda there: 0.1 * np.clip(2.0 * there - 1.0, 0.0, 1.0))
    assert late[[*NAMES[:2], *OUTLINE[:2]]].isna().all()
    assert late[NAMES[2:]].to_numpy(float) == pytest.approx(4.0, abs=0.1)
    assert late[OUTLINE[2:]].to_numpy(float) == pytest.approx(2.0, abs=0.05)


def test_a_back_that_straightens_has_a_ratio_below_zero():
    assert (row_of(back=lambda there: -0.1 * there)[BOTH] < 0).all()


def test_a_change_that_clothing_could_make_has_no_ratio():
    assert row_of(back=lambda there: 0.03 * there)[BOTH].isna().all()


@pytest.mark.parametrize("noise", [3.0, np.nan])
def test_a_change_within_the_noise_has_no_ratio(noise):
    assert row_of(back=lambda there: 0.1 * there, noise=noise)[BOTH].isna().all()


def test_hips_that_do_not_move_have_no_quarters():
    assert row_of(back=lambda there: 0.1 * there + np.nan)[BOTH].isna().all()
