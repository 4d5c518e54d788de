"""Every rule by known answers, and what keeps a rule from judging."""

import math
import re

import pandas as pd
import pytest

from labeler.catalog import load_catalog
from labeler.features.registry import all_features
from labeler.features.table import empty_table
from labeler.rules.apply import COLUMNS, apply_rules
from labeler.rules.registry import State, above, all_rules, below, rule
from labeler.rules.thresholds import load_limits

CATALOG = load_catalog()
RULES = {one.fault: one for one in all_rules()}
UNREMARKABLE = {
    "coupling_q25_pp": 2.0,
    "lag_area_ms": 10.0,
    "lag_area_ratio": 0.01,
    "hip_progress_quarter_ratio": 0.2,
    "lateral_bend_early_deg": 1.0,
    "rise_mismatch_ratio": 0.05,
    "trunk_tip_ascent_deg": 0.0,
    "lean_minus_shank_turn_deg": 0.0,
    "trunk_incl_turn_deg": 40.0,
    "knee_angle_turn_deg": 80.0,
    "knee_angle_rom_deg": 40.0,
    "hip_angle_rom_deg": 100.0,
    "shank_incl_turn_deg": 5.0,
    "trunk_length_turn_ratio": 0.99,
    "neck_break_ratio": 0.0,
    "descent_s": 1.5,
}
FAULTY = {
    "torso_dip_first": [
        ({"coupling_q25_pp": 30.0}, 0.5, "30 points ahead"),
        ({"lag_area_ms": -150.0, "lag_area_ratio": -0.12}, 0.5, "-150 ms"),
    ],
    "hip_delay": [({"hip_progress_quarter_ratio": 0.01}, 0.8, "0.01 of their way")],
    "lateral_bend_first": [({"lateral_bend_early_deg": 10.0}, 1.0, "10°")],
    "hips_shoot_up": [
        ({"rise_mismatch_ratio": 0.3}, 1.0, "0.30 of the rise"),
        ({"trunk_tip_ascent_deg": 7.5}, 0.5, "8° further"),
    ],
    "forward_lean_early": [
        ({"lean_minus_shank_turn_deg": 15.0}, 0.5, "15° more than the shins"),
        ({"trunk_incl_turn_deg": 54.0, "knee_angle_turn_deg": 110.0}, 0.1, "54° (limit 45) and"),
    ],
    "knee_dominant": [
        ({"knee_angle_rom_deg": 120.0}, 0.5, "1.20 times"),
        ({"shank_incl_turn_deg": 30.0}, 0.2, "30° at the turn"),
    ],
    "back_rounding": [({"trunk_length_turn_ratio": 0.828}, 0.1, "0.83 of its standing")],
    "head_neck_break": [({"neck_break_ratio": 0.6}, 1.0, "0.60 of the rep")],
    "tempo_uncontrolled": [({"descent_s": 0.4}, 0.5, "0.40 s")],
}


@pytest.mark.parametrize("fault", RULES)
def test_an_unremarkable_rep_passes(fault):
    """Nothing wrong: passed, with a score below 0 and the number that decided."""
    verdict = RULES[fault](UNREMARKABLE)
    assert verdict.state is State.PASSED
    assert verdict.score < 0
    assert re.search(r"\d.*\(limit ", verdict.reason)


@pytest.mark.parametrize(
    ("fault", "found", "score", "words"),
    [(fault, *case) for fault, cases in FAULTY.items() for case in cases],
)
def test_a_faulty_rep_fires(fault, found, score, words):
    """Each clause alone fires; the score is the margin in limits, the reason has the number."""
    verdict = RULES[fault]({**UNREMARKABLE, **found})
    assert verdict.state is State.FIRED
    assert verdict.score == pytest.approx(score)
    assert words in verdict.reason


@pytest.mark.parametrize("fault", RULES)
def test_what_was_not_measured_is_no_pass(fault):
    """Each feature that a rule needs, taken away alone, leaves it without an answer."""
    assert RULES[fault].needs
    for name in RULES[fault].needs:
        verdict = RULES[fault]({**UNREMARKABLE, name: math.nan})
        assert verdict.state is State.NOT_APPLICABLE
        assert math.isnan(verdict.score)
        assert name in verdict.reason


def test_a_lag_is_early_only_with_its_share_of_the_descent():
    """120 ms in a slow rep of three seconds is not torso first."""
    found = {**UNREMARKABLE, "lag_area_ms": -120.0, "lag_area_ratio": -0.04}
    assert RULES["torso_dip_first"](found).state is State.PASSED


def test_hips_that_do_not_move_have_no_share():
    """No division by a hip range of zero."""
    verdict = RULES["knee_dominant"]({**UNREMARKABLE, "hip_angle_rom_deg": 0.0})
    assert verdict.state is State.NOT_APPLICABLE


def test_rules_fit_catalogue_features_and_limits():
    """Each rule's fault, needs and limits exist; each table of limits has its rule and source."""
    names = {one.name for one in all_features()}
    assert set(RULES) <= set(CATALOG.faults)
    assert set(RULES) == set(load_limits())
    for one in RULES.values():
        assert set(one.needs) <= names
        assert one.summary.startswith("Fire when")
        assert one.limits.source
        assert set(one.limits.movements) <= set(CATALOG.fault(one.fault).movements)
        assert bool(one.limits.why) == bool(one.limits.movements or one.limits.views)


def test_clauses_score_their_margin_in_limits():
    """Reaching the limit is 0, twice it 1, also below and for negative limits."""
    assert above(20.0, 20.0, "{}").score == 0.0
    assert above(40.0, 20.0, "{}").score == 1.0
    assert below(-200.0, -100.0, "{}").score == 1.0
    assert below(0.0, 0.8, "{}").score == 1.0
    both = above(40.0, 20.0, "a {}") & above(15.0, 20.0, "b {}")
    assert both.score == -0.25
    assert both.words == "a 40.0 (limit 20) and b 15.0 (limit 20)"


def test_a_second_rule_for_a_fault_is_refused():
    """A programming mistake, found on import."""
    with pytest.raises(ValueError, match="a second for 'hip_delay'"):
        rule("hip_delay", needs=())(RULES["hip_delay"].judge)


def table_of(**told):
    """A table with one unremarkable rep of a side-view deadlift."""
    meta = {
        "clip_id": "c",
        "athlete": "A01",
        "movement": "deadlift",
        "view": "side",
        "session": None,
        "rep_index": 1,
        "quality": "good",
    }
    numbers = dict.fromkeys((one.name for one in all_features()), math.nan) | UNREMARKABLE
    return pd.DataFrame([meta | numbers | told], index=pd.Index(["c-1"], name="rep_id"))


def answers(**told):
    found = apply_rules(table_of(**told), catalog=CATALOG)
    return found.set_index("fault")


def test_the_long_table():
    """One row per rep and rule, with the columns that others read."""
    found = apply_rules(table_of(), catalog=CATALOG)
    assert tuple(found.columns) == COLUMNS
    assert len(found) == len(RULES)
    assert set(found["rep_id"]) == {"c-1"}
    assert set(found["state"]) <= {state.value for state in State}
    assert (found["score"].isna() == (found["state"] == State.NOT_APPLICABLE.value)).all()


@pytest.mark.parametrize(
    ("fault", "told", "words"),
    [
        ("forward_lean_early", {}, "Deadlift: not a fault of this movement"),
        ("knee_dominant", {}, "Deadlift: it bends the knees by design"),
        ("tempo_uncontrolled", {"movement": "kb_swing"}, "fast by nature"),
        ("back_rounding", {"movement": "row"}, "labelled by hand only"),
        ("back_rounding", {"movement": None}, "the movement was not told"),
        ("back_rounding", {"view": "front"}, "cannot be seen from this view (front)"),
        ("back_rounding", {"view": "45"}, "a lean shortens the trunk"),
        ("lateral_bend_first", {"view": "side"}, "cannot be seen from this view (side)"),
        ("hip_delay", {"quality": "bad"}, "the pose was lost for too long"),
    ],
)
def test_what_keeps_a_rule_from_judging(fault, told, words):
    """Movement, view and quality are looked at before any number."""
    row = answers(**told).loc[fault]
    assert row["state"] == "not_applicable"
    assert words in row["reason"]


@pytest.mark.parametrize("view", ["side", None])
def test_a_view_that_shows_it_or_was_not_told_is_judged(view):
    """The benefit of doubt goes to a view that nobody told."""
    assert answers(view=view).loc["back_rounding", "state"] == "passed"


def test_no_reps_no_rows():
    """An empty table gives an empty one, with the same columns."""
    found = apply_rules(empty_table(), catalog=CATALOG)
    assert tuple(found.columns) == COLUMNS
    assert found.empty
