"""Features of which a view was measured to show nothing: missing there, and told elsewhere."""

import math

import pytest
from support_detection import row, use_rows

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.features.detection import Measured, hidden_digest, measured
from labeler.features.registry import FEATURES_VERSION, all_features, features_version
from labeler.features.shown import why_hidden
from labeler.signals.registry import SIGNALS_VERSION

CATALOG = load_catalog()
FEATURES = {one.name: one for one in all_features()}
OBLIQUE, FRONT, REAR = View.OBLIQUE, View.FRONT, View.REAR

LOST = {"slope": 0.11, "sd": 42.0, "limit": 1395.0}
PARTLY = {"slope": 0.5, "sd": 3.0, "limit": 60.0}

ROWS = (
    row("rotation", OBLIQUE, 30.0, "lag_t50_ms", **LOST),
    row("rotation", OBLIQUE, 30.0, "lag_comb_ms", **LOST),
    row("rotation", OBLIQUE, 30.0, "lag_area_ms", slope=0.6, sd=15.0, limit=90.0),
    row("rotation", OBLIQUE, 30.0, "pelvis_axial_deg", slope=-0.1, sd=7.0, limit=math.inf),
    row("rotation", FRONT, 30.0, "lag_t50_ms", **LOST),
    row("rotation", FRONT, 30.0, "lag_comb_ms", **LOST),
    row("rotation", FRONT, 30.0, "lag_area_ms", **LOST),
    row("rotation", FRONT, 30.0, "separation_deg", slope=0.33, sd=5.0, limit=103.0),
    row("rotation", FRONT, 30.0, "thorax_axial_deg", **PARTLY),
    row("tspine_rot", FRONT, 30.0, "pelvis_axial_deg", slope=0.2, sd=5.0, limit=99.0),
    row("hinge", OBLIQUE, 30.0, "lag_area_ms", **LOST),
    row("hinge", OBLIQUE, 120.0, "lag_area_ms", slope=0.9, sd=9.0, limit=40.0),
    row("squat", OBLIQUE, 30.0, "travel_lag_area_ms", **LOST),
    row("squat", FRONT, 30.0, "thorax_axial_deg", slope=math.nan, is_unseen=True),
)


@pytest.fixture(autouse=True)
def stored(monkeypatch):
    """These lines and no others."""
    use_rows(monkeypatch, lambda: ROWS)


def why(name, movement, view, fps=30.0):
    told = None if movement is None else CATALOG.movement(movement)
    return why_hidden(FEATURES[name], told, view, fps)


@pytest.mark.parametrize(
    ("name", "movement", "view"),
    [
        ("lag_t50_ms", "rotation", OBLIQUE),
        ("lag_t50_ratio", "rotation", OBLIQUE),
        ("lag_t50_se_ms", "rotation", OBLIQUE),
        ("pelvis_axial_rom_deg", "rotation", OBLIQUE),
        ("pelvis_axial_max_deg_per_s", "rotation", OBLIQUE),
        ("lag_t20_ms", "rotation", FRONT),
        ("lag_t20_ms", "rotation", REAR),
        ("coupling_q25_pp", "rotation", FRONT),
        ("coupling_q25_set_sd_pp", "rotation", FRONT),
        ("crp_mean_deg", "rotation", FRONT),
        ("twist_lead_pp", "rotation", FRONT),
        ("separation_furthest_deg", "rotation", FRONT),
        ("separation_max_deg", "rotation", FRONT),
        ("lag_area_ms", "hinge", OBLIQUE),
        ("lag_t50_ms", "hinge", OBLIQUE),
        ("travel_coupling_q25_pp", "squat", OBLIQUE),
        ("twist_lead_pp", "tspine_rot", FRONT),
        ("crp_mean_deg", "tspine_rot", FRONT),
        ("hip_progress_quarter_ratio", "tspine_rot", FRONT),
        ("thorax_axial_rom_deg", "squat", FRONT),
    ],
)
def test_what_stands_on_nothing_is_missing(name, movement, view):
    assert "`: " in why(name, movement, view)


@pytest.mark.parametrize(
    ("name", "movement", "view"),
    [
        ("lag_area_ms", "rotation", OBLIQUE),
        ("lag_t20_ms", "rotation", OBLIQUE),
        ("coupling_q25_pp", "rotation", OBLIQUE),
        ("twist_lead_pp", "rotation", OBLIQUE),
        ("thorax_axial_rom_deg", "rotation", FRONT),
        ("pelvis_axial_rom_deg", "rotation", FRONT),
        ("twist_lead_pp", "hinge", OBLIQUE),
        ("hip_progress_quarter_ratio", "hinge", OBLIQUE),
        ("trunk_incl_max_deg", "hinge", OBLIQUE),
        ("travel_progress_quarter_ratio", "hinge", OBLIQUE),
        ("lag_area_ms", "squat", OBLIQUE),
        ("lag_area_ms", "antirot", FRONT),
        ("lag_area_ms", None, OBLIQUE),
        ("lag_t50_ms", "rotation", None),
    ],
    ids=lambda told: str(told),
)
def test_what_arrives_in_part_or_was_not_measured_is_told(name, movement, view):
    """One lag of several is enough for what has no line of its own; half a slope can be learned."""
    assert why(name, movement, view) == ""


def test_the_nearest_frame_rate_counts():
    assert why("lag_area_ms", "hinge", OBLIQUE, 30.0)
    assert not why("lag_area_ms", "hinge", OBLIQUE, 100.0)


def test_the_reason_has_its_number():
    assert "begins at 50 °" in why("separation_furthest_deg", "rotation", FRONT)
    assert "nothing of what is true" in why("pelvis_axial_rom_deg", "rotation", OBLIQUE)


def test_whatever_is_hidden_from_models_is_refused_by_rules_too():
    for one in (*ROWS, *measured()):  # those stored too: the name was bound before
        if one.why_nothing:
            assert one.why_not


def test_the_version_changes_with_what_is_hidden(monkeypatch):
    before, digest = features_version(), hidden_digest()
    assert before == f"{FEATURES_VERSION}.{SIGNALS_VERSION}+{digest}"
    more_clips = tuple(Measured(**{n: getattr(one, n) for n in one.__slots__}) for one in ROWS)
    use_rows(monkeypatch, lambda: more_clips)
    assert features_version() == before
    use_rows(monkeypatch, lambda: ROWS[1:])
    assert features_version() != before


def test_the_version_changes_with_what_a_neighbour_brings_back(monkeypatch):
    """At 100 fps a lag is told only because of the line at 120, which itself hides nothing."""
    before = features_version()
    without = tuple(one for one in ROWS if one.fps != 120.0)
    use_rows(monkeypatch, lambda: without)
    assert why("lag_area_ms", "hinge", OBLIQUE, 100.0)
    assert features_version() != before


def test_the_version_changes_with_the_signals(monkeypatch):
    """Other signals are other numbers in the same columns."""
    before = features_version()
    monkeypatch.setattr("labeler.features.registry.SIGNALS_VERSION", SIGNALS_VERSION + 1)
    assert features_version() != before
