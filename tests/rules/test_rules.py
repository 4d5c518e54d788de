"""Every rule by known answers, and what keeps a rule from judging."""

import math
import re
from dataclasses import replace

import pandas as pd
import pytest
from support_detection import ROWS, fixed_book, row, use_rows

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.features.registry import all_features
from labeler.features.table import empty_table
from labeler.rules.apply import COLUMNS, apply_rules
from labeler.rules.registry import RULES_VERSION, State, all_rules, rule

CATALOG = load_catalog()
BOOK = fixed_book()
RULES = {one.fault: one for one in all_rules()}


@pytest.fixture(autouse=True)
def known_limits(monkeypatch):
    """Detection limits that no benchmark changes."""
    use_rows(monkeypatch)


UNREMARKABLE = {
    "coupling_q25_pp": 2.0,
    "lag_area_ms": 10.0,
    "lag_area_ratio": 0.01,
    "travel_coupling_q25_pp": 2.0,
    "travel_progress_quarter_ratio": 0.2,
    "travel_lag_area_ms": 10.0,
    "travel_lag_area_ratio": 0.01,
    "hip_progress_quarter_ratio": 0.2,
    "lateral_bend_early_deg": 1.0,
    "rise_mismatch_ratio": 0.05,
    "trunk_tip_ascent_deg": 0.0,
    "lean_minus_shank_turn_deg": 0.0,
    "trunk_incl_turn_deg": 40.0,
    "knee_angle_turn_deg": 80.0,
    "knee_angle_rom_deg": 40.0,
    "hip_angle_rom_deg": 100.0,
    "hip_angle_turn_deg": 80.0,
    "shank_incl_turn_deg": 5.0,
    "back_tangent_change_deg": 5.0,
    "trunk_length_turn_ratio": 0.99,
    "neck_off_deg": 3.0,
    "descent_s": 1.5,
    "descent_to_ascent_ratio": 1.5,
    "twist_lead_pp": 0.0,
    "lag_t50_ms": 5.0,
    "pelvis_axial_rom_deg": 5.0,
    "hold_yaw_drift_deg": -1.0,
    "hold_bend_drift_deg": 0.5,
    "hold_shift_drift_legs": 0.0,
    "coupling_q25_set_sd_pp": 4.0,
    "median_fps": 30.0,
}
FAULTY = {
    "torso_dip_first": [
        ({"coupling_q25_pp": 36.0}, 0.8, "36 % of its way ahead"),
        ({"lag_area_ms": -190.0, "lag_area_ratio": -0.12}, 0.9, "190 ms before"),
        ({"movement": "squat", "travel_coupling_q25_pp": 36.0}, 0.8, "a quarter of their way back"),
        (
            {"movement": "squat", "travel_lag_area_ms": -190.0, "travel_lag_area_ratio": -0.12},
            0.9,
            "12 % of the descent early (limit 6 ± 5",
        ),
    ],
    "hip_delay": [
        ({"hip_progress_quarter_ratio": 0.01}, 0.8, "1 % of their way"),
        ({"movement": "squat", "travel_progress_quarter_ratio": 0.01}, 0.8, "their way back"),
    ],
    "lateral_bend_first": [({"lateral_bend_early_deg": 10.0}, 1.0, "10°")],
    "hips_shoot_up": [
        ({"rise_mismatch_ratio": 0.3}, 1.0, "30 % of the rise"),
        ({"trunk_tip_ascent_deg": 7.5}, 0.5, "8° more early on the way up"),
    ],
    "forward_lean_early": [
        ({"lean_minus_shank_turn_deg": 16.0}, 0.6, "16° more than the shins"),
        (
            {"trunk_incl_turn_deg": 54.0, "knee_angle_turn_deg": 110.0},
            0.1,
            "54° forward (limit 45 ± 4)",
        ),
    ],
    "knee_dominant": [
        ({"knee_angle_rom_deg": 120.0}, 0.5, "1.20 times"),
        ({"shank_incl_turn_deg": 35.0}, 0.4, "35° forward at the turn"),
    ],
    "back_rounding": [
        ({"back_tangent_change_deg": 40.0}, 1.0, "bent 40° more than standing"),
        (
            {
                "back_tangent_change_deg": math.nan,
                "trunk_length_turn_ratio": 0.828,
                "trunk_incl_turn_deg": 60.0,
            },
            0.1,
            "outline is not seen; hip to shoulder is 83 %",
        ),
    ],
    "head_neck_break": [({"neck_off_deg": 40.0}, 1.0, "40° off its line")],
    "tempo_uncontrolled": [({"descent_s": 0.4}, 0.5, "0.40 s")],
    "twist_first": [({"twist_lead_pp": 50.0}, 1.0, "50 % of its turn ahead")],
    "pelvis_uncontrolled": [({"pelvis_axial_rom_deg": 30.0}, 1.0, "turns by 30°")],
    "brace_fail": [
        ({"hold_yaw_drift_deg": -16.0}, 1.0, "turns by 16°"),
        ({"hold_bend_drift_deg": -10.0}, 1.0, "sideways by 10°"),
        ({"hold_shift_drift_legs": 0.1}, 1.0, "shift by 0.10"),
    ],
    "inconsistent_transfer": [({"coupling_q25_set_sd_pp": 24.0}, 1.0, "varies by 24 % of its way")],
}
CLOSE = {
    "torso_dip_first": [
        {"coupling_q25_pp": 25.0},
        {"lag_area_ms": -110.0, "lag_area_ratio": -0.12},
    ],
    "hip_delay": [{"hip_progress_quarter_ratio": 0.06}],
    "lateral_bend_first": [{"lateral_bend_early_deg": 4.0}],
    "hips_shoot_up": [{"rise_mismatch_ratio": 0.14}, {"trunk_tip_ascent_deg": 6.0}],
    "forward_lean_early": [
        {"lean_minus_shank_turn_deg": 9.0},
        {"trunk_incl_turn_deg": 60.0, "knee_angle_turn_deg": 98.0},
        {"trunk_incl_turn_deg": 44.0, "knee_angle_turn_deg": 130.0},
    ],
    "knee_dominant": [{"knee_angle_rom_deg": 76.0}, {"shank_incl_turn_deg": 27.0}],
    "back_rounding": [
        {"back_tangent_change_deg": 30.0},
        {"back_tangent_change_deg": math.nan, "trunk_length_turn_ratio": 0.9},
    ],
    "head_neck_break": [{"neck_off_deg": 18.0}],
    "tempo_uncontrolled": [{"descent_s": 0.79}, {"descent_s": 0.85}],
    "twist_first": [{"twist_lead_pp": 20.0}],
    "pelvis_uncontrolled": [{"pelvis_axial_rom_deg": 18.0}],
    "brace_fail": [
        {"hold_yaw_drift_deg": 9.0},
        {"hold_bend_drift_deg": -6.0},
        {"hold_shift_drift_legs": 0.055},
    ],
    "inconsistent_transfer": [{"coupling_q25_set_sd_pp": 10.0}],
}
MOVEMENT_OF = {
    "torso_dip_first": "hinge",
    "hip_delay": "hinge",
    "forward_lean_early": "squat",
    "knee_dominant": "hinge",
    "twist_first": "rotation",
    "pelvis_uncontrolled": "tspine_rot",
    "brace_fail": "antirot",
}
FALLBACK = {"trunk_length_turn_ratio", "trunk_incl_turn_deg"}
"""What rounding is judged by only where the outline of the back is not seen."""
NOT_ALWAYS_COMPARED = {("back_rounding", name) for name in (*FALLBACK, "back_tangent_change_deg")}
NOT_ALWAYS_COMPARED |= {
    ("tempo_uncontrolled", "descent_to_ascent_ratio"),
    ("twist_first", "lag_t50_ms"),
    ("hip_delay", "travel_progress_quarter_ratio"),
    ("torso_dip_first", "travel_coupling_q25_pp"),
    ("torso_dip_first", "travel_lag_area_ms"),
    ("torso_dip_first", "travel_lag_area_ratio"),
}


def judged(fault, **found):
    """The answer of one rule about an unremarkable rep in which something was found."""
    row = {"movement": MOVEMENT_OF.get(fault, "deadlift"), **UNREMARKABLE, **found}
    return RULES[fault](row, BOOK[fault])


@pytest.mark.parametrize("fault", RULES)
def test_an_unremarkable_rep_passes(fault):
    """Nothing wrong: passed, with a score below 0 and the number that decided."""
    verdict = judged(fault)
    assert verdict.state is State.PASSED
    assert verdict.score < 0
    assert re.search(r"\d.*\(limit .* ± ", verdict.reason)


@pytest.mark.parametrize(
    ("fault", "found", "score", "words"),
    [(fault, *case) for fault, cases in FAULTY.items() for case in cases],
)
def test_a_faulty_rep_fires(fault, found, score, words):
    """Each clause alone fires; the score is the margin in limits, the reason has the number."""
    verdict = judged(fault, **found)
    assert verdict.state is State.FIRED
    assert verdict.score == pytest.approx(score)
    assert words in verdict.reason


@pytest.mark.parametrize(
    ("fault", "found"), [(fault, case) for fault, cases in CLOSE.items() for case in cases]
)
def test_a_rep_near_a_limit_is_too_close_to_call(fault, found):
    """Beyond it or short of it by less than the uncertainty: neither fired nor passed."""
    verdict = judged(fault, **found)
    assert verdict.state is State.TOO_CLOSE
    assert math.isfinite(verdict.score)
    assert re.search(r"\d.*\(limit .* ± ", verdict.reason)


def test_every_rule_has_its_known_answers():
    """Whoever adds a rule adds its cases."""
    assert set(FAULTY) == set(CLOSE) == set(RULES) == set(BOOK)
    assert len(RULES) == 13


@pytest.mark.parametrize("fault", RULES)
def test_what_was_not_measured_is_no_pass(fault):
    """Each feature that a clause compares, taken away alone, leaves the rule without an answer."""
    assert RULES[fault].needs
    for name in RULES[fault].needs:
        if (fault, name) in NOT_ALWAYS_COMPARED:
            continue
        verdict = judged(fault, **{name: math.nan})
        if verdict.state is State.PASSED:  # the other half of a pair of conditions has failed
            assert fault in {"torso_dip_first", "forward_lean_early"}
            continue
        assert verdict.state is State.NOT_APPLICABLE
        assert math.isnan(verdict.score)
        assert name in verdict.reason


@pytest.mark.parametrize("fault", RULES)
def test_a_column_that_is_not_there_was_not_measured(fault):
    """A table of an older version leads to an answer, not to a traceback."""
    verdict = RULES[fault]({"movement": "deadlift"}, BOOK[fault])
    assert verdict.state is State.NOT_APPLICABLE
    assert verdict.reason.startswith("not measured: ")


def test_one_clause_that_clearly_holds_needs_no_other():
    """A lead of 40 points is the fault, whether the lag was measured or not."""
    assert judged("torso_dip_first", coupling_q25_pp=40.0, lag_area_ms=math.nan).state == "fired"


def test_a_close_clause_beside_an_unmeasured_one_stays_too_close():
    """Both abstain; the one with a number speaks."""
    verdict = judged("torso_dip_first", coupling_q25_pp=22.0, lag_area_ms=math.nan)
    assert verdict.state is State.TOO_CLOSE
    assert "22 % of its way" in verdict.reason


def test_a_lag_is_early_only_with_its_share_of_the_descent():
    """200 ms in a slow rep of ten seconds is not torso first."""
    found = {"lag_area_ms": -200.0, "lag_area_ratio": -0.005}
    assert judged("torso_dip_first", **found).state is State.PASSED


@pytest.mark.parametrize(
    ("movement", "fps", "se_ms", "state"),
    [
        ("kb_swing", 30.0, 3.0, "fired"),
        ("kb_swing", 30.0, 10.0, "fired"),
        ("kb_swing", 30.0, 20.0, "too_close"),
        ("kb_swing", 30.0, math.nan, "fired"),
        ("hinge", 30.0, 3.0, "too_close"),
        ("hinge", 240.0, 3.0, "fired"),
        ("hinge", math.nan, 3.0, "fired"),
        ("hinge", math.nan, math.nan, "too_close"),
    ],
)
def test_a_lag_is_judged_by_its_detection_limit(movement, fps, se_ms, state):
    """A lag 40 ms beyond its limit: by movement and frame rate, or its own noise if larger."""
    found = {"lag_area_ms": -140.0, "lag_area_ratio": -0.14, "lag_area_se_ms": se_ms}
    told = {"movement": movement, "median_fps": fps, "descent_s": 1.0}
    assert judged("torso_dip_first", **found, **told).state == state


def test_noise_in_the_lag_makes_the_lead_as_uncertain():
    """A noisy clip widens the band of the lead at a quarter; a clean one does not narrow it."""
    lead = {"coupling_q25_pp": 31.0, "descent_s": 1.0}
    assert judged("torso_dip_first", **lead, lag_t20_se_ms=5.0).state == "fired"
    assert judged("torso_dip_first", coupling_q25_pp=29.0, lag_t20_se_ms=0.1).state == "too_close"
    assert judged("torso_dip_first", **lead, lag_t20_se_ms=50.0).state == "too_close"


@pytest.mark.parametrize(
    ("movement", "fps", "state"),
    [
        ("rotation", 240.0, "fired"),
        ("rotation", 120.0, "fired"),
        ("rotation", 60.0, "passed"),
    ],
)
def test_the_order_of_a_turn_is_not_claimed_below_120_fps(movement, fps, state):
    """The lag clause counts only with enough frames."""
    found = {"movement": movement, "median_fps": fps, "lag_t50_ms": -300.0}
    assert judged("twist_first", **found).state == state


def test_the_outline_of_the_back_overrules_the_length_of_the_trunk():
    """Where it is seen, a trunk that looks short does not fire."""
    short = {"trunk_length_turn_ratio": 0.7, "trunk_incl_turn_deg": 60.0}
    assert judged("back_rounding", **short).state is State.PASSED
    assert judged("back_rounding", **short, back_tangent_change_deg=math.nan).state == "fired"


@pytest.mark.parametrize("lead", [{"coupling_q25_pp": 60.0}, {"coupling_q25_pp": math.nan}])
def test_in_a_squat_the_hips_are_the_pelvis_on_its_way_back(lead):
    """Against the thigh the trunk leads in good squats too: that lead is not even asked for."""
    told = {"movement": "squat", "lag_area_ms": -300.0, "lag_area_ratio": -0.3, **lead}
    assert judged("torso_dip_first", **told).state is State.PASSED
    unseen = judged("torso_dip_first", **told, travel_coupling_q25_pp=math.nan)
    assert unseen.reason == "not measured: travel_coupling_q25_pp"


@pytest.mark.parametrize("name", ["knee_angle_turn_deg", "hip_angle_turn_deg"])
def test_a_range_whose_far_end_was_not_seen_is_no_range(name):
    """A foot behind a plate at the turn leaves the rule without an answer, and no false one."""
    bent = {"knee_angle_rom_deg": 120.0, "shank_incl_turn_deg": math.nan}
    assert judged("knee_dominant", **bent).state is State.FIRED
    assert judged("knee_dominant", **bent, **{name: math.nan}).state is State.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("forward_lean_early", {"trunk_incl_turn_deg": 52.0, "knee_angle_turn_deg": 120.0}),
        ("forward_lean_early", {"trunk_incl_turn_deg": 60.0, "knee_angle_turn_deg": 112.0}),
        ("knee_dominant", {"shank_incl_turn_deg": 31.0}),
        ("head_neck_break", {"neck_off_deg": 30.0}),
        ("hips_shoot_up", {"rise_mismatch_ratio": 0.2}),
        ("hip_delay", {"hip_progress_quarter_ratio": 0.02}),
    ],
)
def test_from_45_degrees_angles_are_less_certain(fault, found):
    """They read too small there: what fires from the side is too close to call."""
    assert judged(fault, **found, view="side").state is State.FIRED
    assert judged(fault, **found, view="45").state is State.TOO_CLOSE


def test_the_bands_of_45_degrees_follow_from_geometry():
    """An angle in a plane that is turned away by 45 degrees, seen in the picture."""
    for fault, name in (
        ("forward_lean_early", "trunk_incl_turn_deg"),
        ("knee_dominant", "shank_incl_turn_deg"),
    ):
        limit = BOOK[fault][name]
        seen_deg = math.degrees(math.atan(math.tan(math.radians(limit.value)) * math.sqrt(0.5)))
        assert limit.oblique_uncertainty == pytest.approx(limit.value - seen_deg, abs=0.05)


def test_a_neck_that_was_never_seen_standing_has_no_line_to_leave():
    """A pull that begins bent tells nothing of the angle in standing."""
    verdict = judged("head_neck_break", neck_off_deg=40.0, descent_s=math.nan)
    assert verdict.state is State.NOT_APPLICABLE
    assert "begins bent" in verdict.reason


def test_each_lag_has_a_detection_limit_of_its_own():
    """103 ms beyond the limit at 240 fps, of which half-way 80 can be told and on average none."""
    found = {"movement": "rotation", "median_fps": 240.0}
    assert judged("twist_first", **found, lag_t50_ms=-139.0).state is State.TOO_CLOSE
    assert judged("twist_first", **found, lag_t50_ms=-141.0).state is State.FIRED


def test_a_view_that_cannot_show_a_lag_is_refused_with_the_stored_reason(monkeypatch):
    """Half of what is true arrives: nothing is said, neither yes nor no."""
    lost = row("deadlift", View.OBLIQUE, 30.0, "lag_area_ms", slope=0.5, limit=90.0)
    use_rows(monkeypatch, lambda: (*ROWS, lost))
    said = answers(view="45", travel_coupling_q25_pp=60.0).loc["torso_dip_first"]
    assert said["state"] == "not_applicable"
    assert said["reason"] == "this view (45°) cannot show it: 50% of what is true is seen"
    seen = answers(view="side", travel_coupling_q25_pp=60.0).loc["torso_dip_first"]
    assert seen["state"] == "fired"


SQUAT_AT_45 = (
    row("squat", View.OBLIQUE, 30.0, "lag_area_ms", limit=129.0),
    row("squat", View.OBLIQUE, 30.0, "travel_coupling_q25_pp", limit=22.0),
    row("hinge", View.OBLIQUE, 30.0, "travel_coupling_q25_pp", limit=16.0),
    row("rotation", View.OBLIQUE, 30.0, "travel_coupling_q25_pp", limit=400.0),
)


@pytest.mark.parametrize(("lead_pp", "state"), [(30.0, "too_close"), (32.0, "fired")])
def test_a_view_that_was_measured_in_another_lift_has_the_widest_band(monkeypatch, lead_pp, state):
    """Deadlifts at 45°: half of the 22 points of squats, not the 10 of the side; no turns."""
    use_rows(monkeypatch, lambda: (*ROWS, *SQUAT_AT_45))
    said = answers(view="45", travel_coupling_q25_pp=lead_pp).loc["torso_dip_first"]
    assert said["state"] == state
    band = "(limit 20 ± 11; the widest from 45°, where nobody measured this movement)"
    assert band in said["reason"]


def test_a_view_that_nobody_measured_is_refused(monkeypatch):
    """Of lifts nothing is known at 45 degrees: what the side shows promises nothing there."""
    turned = row("rotation", View.OBLIQUE, 30.0, "lag_area_ms", limit=90.0)
    use_rows(monkeypatch, lambda: (*ROWS, turned))
    said = answers(view="45", travel_coupling_q25_pp=60.0).loc["torso_dip_first"]
    assert said["state"] == "not_applicable"
    assert said["reason"].endswith("nobody measured what is seen of it from 45°")


def test_a_view_in_which_a_lift_was_not_seen_is_refused_whatever_others_show(monkeypatch):
    """Looked for and not seen is an answer: no neighbour stands in for it."""
    unseen = row(
        "deadlift",
        View.OBLIQUE,
        30.0,
        "lag_area_ms",
        slope=math.nan,
        limit=math.inf,
        is_unseen=True,
    )
    use_rows(monkeypatch, lambda: (*ROWS, *SQUAT_AT_45, unseen))
    said = answers(view="45", travel_coupling_q25_pp=60.0).loc["torso_dip_first"]
    assert said["state"] == "not_applicable"
    assert said["reason"].endswith("it was seen in too few repetitions to tell anything")


def test_a_lead_that_nobody_measured_from_a_view_is_too_close_to_call(monkeypatch):
    """The lag is known there, so that the rule speaks; no lead is, so that it says neither."""
    use_rows(monkeypatch, lambda: (*ROWS, SQUAT_AT_45[0]))
    said = answers(view="45", travel_coupling_q25_pp=60.0).loc["torso_dip_first"]
    assert said["state"] == "too_close"
    assert "± unknown; nobody measured" in said["reason"]


def test_hips_that_do_not_move_have_no_share():
    """No division by a hip range of zero."""
    assert judged("knee_dominant", hip_angle_rom_deg=0.0).state is State.NOT_APPLICABLE


def test_rules_fit_catalogue_features_and_limits():
    """Each rule's fault, needs and limits exist; each table of limits has its rule."""
    names = {one.name for one in all_features()}
    assert set(RULES) <= set(CATALOG.faults)
    for one in RULES.values():
        assert {*one.needs, *one.helps} <= names
        assert one.summary.startswith("Fire when")
        limits = BOOK[one.fault]
        assert set(limits.movements) <= set(CATALOG.fault(one.fault).movements)
        assert bool(limits.why) == bool(limits.movements or limits.views)


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
    found = apply_rules(table_of(**told), catalog=CATALOG, book=BOOK)
    return found.set_index("fault")


def test_the_long_table():
    """One row per rep and rule, with the columns that others read."""
    found = apply_rules(table_of(), catalog=CATALOG, book=BOOK)
    assert tuple(found.columns) == COLUMNS
    assert len(found) == len(RULES)
    assert set(found["rep_id"]) == {"c-1"}
    assert set(found["state"]) <= {state.value for state in State}
    assert (found["score"].isna() == (found["state"] == State.NOT_APPLICABLE.value)).all()
    assert set(found["version"]) == {BOOK.version}
    assert BOOK.version.startswith(f"{RULES_VERSION}+")


@pytest.mark.parametrize("fault", RULES)
def test_a_view_that_cannot_show_a_fault_is_never_judged(fault, monkeypatch):
    """From each such view the rule is silent, whatever the numbers say."""
    everywhere = tuple(replace(one, view=view) for one in ROWS for view in View)
    use_rows(monkeypatch, lambda: everywhere)
    movement = MOVEMENT_OF.get(fault, "deadlift")
    limits = BOOK[fault]
    shown = [v for v in View if CATALOG.fault(fault).is_visible_from(v)]
    shown = [view for view in shown if not limits.views or view in limits.views]
    faulty = FAULTY[fault][0][0]
    for view in View:
        row = answers(movement=movement, view=view.value, **faulty).loc[fault]
        assert row["state"] == ("fired" if view in shown else "not_applicable")
        if view not in shown:
            assert "view" in row["reason"]


def test_the_views_that_show_what_they_should():
    """Side bend and twist never from the side, rounding and lean never from the front."""
    for fault in ("lateral_bend_first", "twist_first", "brace_fail", "pelvis_uncontrolled"):
        assert not CATALOG.fault(fault).is_visible_from(View.SIDE)
    for fault in ("back_rounding", "forward_lean_early", "torso_dip_first", "knee_dominant"):
        assert not CATALOG.fault(fault).is_visible_from(View.FRONT)


@pytest.mark.parametrize(
    ("fault", "told", "words"),
    [
        ("forward_lean_early", {}, "Deadlift: not a fault of this movement"),
        ("knee_dominant", {}, "Deadlift: it bends the knees by design"),
        ("tempo_uncontrolled", {"movement": "kb_swing"}, "fast by nature"),
        ("brace_fail", {"movement": "squat", "view": "front"}, "no held position"),
        ("twist_first", {"movement": "deadlift", "view": "45"}, "nobody means to turn"),
        ("pelvis_uncontrolled", {"movement": "rotation", "view": "front"}, "meant to turn"),
        ("back_rounding", {"movement": "row"}, "labelled by hand only"),
        ("back_rounding", {"movement": None}, "the movement was not told"),
        ("back_rounding", {"view": "front"}, "cannot be seen from this view (front)"),
        ("back_rounding", {"view": "45"}, "a lean shortens the trunk"),
        ("back_rounding", {"view": None}, "the view was not told"),
        ("lateral_bend_first", {"view": None}, "the view was not told"),
        ("lateral_bend_first", {"view": "side"}, "cannot be seen from this view (side)"),
        ("hip_delay", {"quality": "bad"}, "the pose was lost for too long"),
    ],
)
def test_what_keeps_a_rule_from_judging(fault, told, words):
    """Movement, view and quality are looked at before any number."""
    row = answers(**told).loc[fault]
    assert row["state"] == "not_applicable"
    assert words in row["reason"]


def test_what_every_view_shows_is_judged_without_one():
    """Only there the benefit of doubt is none: an oblique film reads as a rounded back."""
    found = answers(view=None)
    assert found.loc["tempo_uncontrolled", "state"] == "passed"
    assert answers(view="side").loc["back_rounding", "state"] == "passed"
    judged_anyway = found[found["state"] != "not_applicable"].index
    assert set(judged_anyway) == {"tempo_uncontrolled", "inconsistent_transfer"}


def test_nan_is_how_a_table_says_that_nobody_told_view_or_movement():
    verdict = judged("torso_dip_first", view=math.nan, movement=math.nan)
    assert verdict == judged("torso_dip_first", view=None, movement=None)


def test_no_reps_no_rows():
    """An empty table gives an empty one, with the same columns."""
    found = apply_rules(empty_table(), catalog=CATALOG)
    assert tuple(found.columns) == COLUMNS
    assert found.empty
