"""Every detection limit that is shown or judged by comes from the stored table, and it is whole."""

import math
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from labeler.catalog import load_catalog
from labeler.features.detection import MIN_SLOPE, TURNS, detection_limit, made_words, measured
from labeler.rules.thresholds import load_limits

ROOT = Path(__file__).resolve().parents[2]
STORED = tomllib.loads(files("labeler.features").joinpath("detection.toml").read_text("utf-8"))
THRESHOLDS = tomllib.loads(files("labeler.rules").joinpath("thresholds.toml").read_text("utf-8"))
LAG_LIMITS = [
    (fault, name)
    for fault, limits in THRESHOLDS.items()
    if isinstance(limits, dict)
    for name in limits
    if re.search(r"lag_\w+_(ms|ratio)$|_pp$", name) and "_sd_" not in name
]


def test_it_says_how_it_was_made():
    assert STORED["command"] in made_words()
    for one in measured():
        assert re.fullmatch(r"[0-9a-f]{10}", one.code)
        assert one.made_on.isoformat() in made_words()
        assert one.n_clips > 1  # one alone knows nothing of how people and cameras differ
        assert one.n_reps > one.n_clips


def test_every_line_is_of_the_catalogue_once():
    keys = [(one.movement, one.view, one.fps, one.name) for one in measured()]
    assert len(set(keys)) == len(keys) == len(STORED["measured"])
    assert {one.movement for one in measured()} <= set(load_catalog().movements)


def test_what_turns_is_told_from_what_leans_as_in_the_catalogue():
    movements = load_catalog().movements.values()
    led = {one.id for one in movements if (one.torso_signal or "").startswith("thorax")}
    assert led & {one.id for one in movements if one.is_supported} == TURNS


def test_every_limit_that_is_read_is_the_stored_one():
    for row, one in zip(STORED["measured"], measured(), strict=True):
        if not math.isnan(one.limit):
            found = detection_limit(one.movement, one.fps, one.view, one.name)
            assert found == pytest.approx(row["limit"])


def test_a_view_is_shown_only_where_enough_of_the_truth_arrives():
    for one in measured():
        if one.why_not == "":
            assert one.slope >= MIN_SLOPE
            assert one.limit <= one.most_shown


@pytest.mark.parametrize(("fault", "name"), LAG_LIMITS)
def test_the_band_of_a_lag_or_lead_is_read_and_never_typed(fault, name):
    told = THRESHOLDS[fault][name]
    assert "uncertainty" not in told
    limit = load_limits()[fault][name]
    assert math.isfinite(limit.uncertainty)
    assert "measured through video" in limit.uncertainty_source


def test_the_page_of_rules_prints_the_stored_numbers():
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert made_words() in page
    for one in measured():
        cells = f"| `{one.movement}` | {one.view.words} | {one.fps:g} | `{one.name}` |"
        slope = "" if one.is_unseen else f"{one.slope:.2f} "
        assert f"{cells} {one.n_clips} | {one.n_reps} | {slope}" in page
