"""What can be told from a view: stored numbers, between and beyond them, and what is refused."""

import math
from dataclasses import replace

import pytest
from support_detection import row, use_rows

from labeler.core.clip import View
from labeler.features.detection import detection_limit, rows_of, why_not_shown, widest_limit

ROWS = (
    row("hinge", View.SIDE, 30.0, "lag_comb_ms", limit=80.0),
    row("hinge", View.SIDE, 120.0, "lag_comb_ms", limit=40.0),
    row("hinge", View.OBLIQUE, 30.0, "lag_comb_ms", limit=300.0, slope=0.5),
    row("rotation", View.FRONT, 30.0, "lag_comb_ms", limit=math.inf, slope=-0.1),
    row("rotation", View.OBLIQUE, 30.0, "lag_comb_ms", limit=130.0),
    row("rotation", View.OBLIQUE, 30.0, "pelvis_axial_deg", limit=12.0),
    row("tspine_rot", View.FRONT, 30.0, "pelvis_axial_deg", limit=40.0),
    row("rotation", View.FRONT, 30.0, "pelvis_axial_deg", limit=40.0),
    row("antirot", View.FRONT, 30.0, "lag_comb_ms"),
    row("squat", View.FRONT, 30.0, "lag_comb_ms", slope=math.nan, is_unseen=True),
)


@pytest.fixture(autouse=True)
def stored(monkeypatch):
    """These lines and no others."""
    use_rows(monkeypatch, lambda: ROWS)


@pytest.mark.parametrize(
    ("movement", "fps", "view", "limit_ms"),
    [
        ("hinge", 30.0, View.SIDE, 80.0),
        ("hinge", 60.0, View.SIDE, 60.0),
        ("hinge", 24.0, View.SIDE, 80.0),
        ("hinge", 240.0, View.SIDE, 40.0),
        ("hinge", 240.0, View.OBLIQUE, 300.0),
        ("hinge", 30.0, None, 80.0),
        ("hinge", 30.0, View.FRONT, math.nan),
        ("hinge", math.nan, View.SIDE, math.nan),
        ("hinge", 0.0, View.SIDE, math.nan),
        ("rotation", 30.0, View.FRONT, math.inf),
        ("antirot", 30.0, View.FRONT, math.nan),
        ("squat", 30.0, View.FRONT, math.inf),
        (None, 30.0, View.SIDE, math.nan),
    ],
)
def test_limits_by_movement_view_and_frame_rate(movement, fps, view, limit_ms):
    """As measured; between frame rates over their logarithm; unknown where nobody measured."""
    assert detection_limit(movement, fps, view) == pytest.approx(limit_ms, nan_ok=True)


@pytest.mark.parametrize(
    ("movement", "view", "name", "why"),
    [
        ("hinge", View.SIDE, "lag_comb_ms", ""),
        ("hinge", View.OBLIQUE, "lag_comb_ms", "50% of what is true is seen"),
        ("hinge", View.FRONT, "lag_comb_ms", ""),
        ("rotation", View.FRONT, "lag_comb_ms", "0% of what is true is seen"),
        ("rotation", View.OBLIQUE, "lag_comb_ms", "begins at 130 ms"),
        ("rotation", View.OBLIQUE, "pelvis_axial_deg", ""),
        ("rotation", View.FRONT, "pelvis_axial_deg", ""),  # it turns by more than that
        ("tspine_rot", View.FRONT, "pelvis_axial_deg", "begins at 40 °"),
        ("squat", View.FRONT, "lag_comb_ms", "too few repetitions"),
    ],
)
def test_a_view_that_loses_too_much_is_refused_with_its_number(movement, view, name, why):
    found = why_not_shown(movement, 30.0, view, name)
    assert why in found
    assert bool(why) == bool(found)


def test_an_unknown_slope_is_none():
    assert replace(ROWS[0], slope=math.nan).why_not


def test_a_refusal_goes_by_the_nearest_frame_rate_also_without_any():
    assert why_not_shown("hinge", math.nan, View.OBLIQUE, "lag_comb_ms")
    assert not why_not_shown("hinge", 100.0, View.SIDE, "lag_comb_ms")


def test_lines_come_by_frame_rate():
    assert [one.fps for one in rows_of("hinge", "lag_comb_ms", View.SIDE)] == [30.0, 120.0]


@pytest.mark.parametrize(
    ("movement", "view", "limit_ms"),
    [
        ("deadlift", View.SIDE, 80.0),
        ("deadlift", View.OBLIQUE, 300.0),  # what turns show there is another thing
        ("antirot", View.OBLIQUE, 130.0),
        ("deadlift", View.FRONT, math.nan),  # what was not seen of squats is no number
    ],
)
def test_what_nobody_measured_is_as_bad_as_the_worst_of_its_kind(movement, view, limit_ms):
    found = widest_limit(movement, 30.0, view, "lag_comb_ms")
    assert found == pytest.approx(limit_ms, nan_ok=True)
