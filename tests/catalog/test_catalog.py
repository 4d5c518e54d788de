"""What the shipped catalogue must say, whatever else changes in it."""

import re

import pytest

from labeler.catalog import Observability, RepKind, load_catalog
from labeler.core.clip import View
from labeler.core.errors import CatalogError

CATALOG = load_catalog()
FAULTS = tuple(CATALOG.faults.values())
MOVEMENTS = tuple(CATALOG.movements.values())
SUPPORTED = ("hinge", "deadlift", "kb_swing", "squat", "rotation", "tspine_rot", "antirot")
LABEL_ONLY = ("bridge", "birddog", "clamshell", "catcow", "row", "carry", "cod")
SHOWN = [
    "torso_dip_first",
    "hip_delay",
    "forward_lean_early",
    "knee_dominant",
    "back_rounding",
    "head_neck_break",
    "twist_first",
    "lateral_bend_first",
    "brace_fail",
    "tempo_uncontrolled",
    "hips_shoot_up",
]
VOCABULARY = [
    "spine_flex_early",
    "spine_overextension",
    "rib_flare_early",
    "unstacked",
    "dowel_contact_lost",
    "pelvis_uncontrolled",
    "rib_hip_dissociation_poor",
    "torso_collapse",
    "inconsistent_transfer",
    "breath_brace_timing",
]
SIDE_ONLY = [
    "forward_lean_early",
    "knee_dominant",
    "spine_flex_early",
    "back_rounding",
    "spine_overextension",
    "head_neck_break",
    "dowel_contact_lost",
    "hips_shoot_up",
]


def test_movements_are_the_supported_set_and_then_the_label_only_ones():
    assert tuple(CATALOG.movements) == SUPPORTED + LABEL_ONLY
    assert tuple(m.id for m in MOVEMENTS if m.is_supported) == SUPPORTED


def test_faults_shown_by_default_come_first():
    assert list(CATALOG.faults) == SHOWN + VOCABULARY
    assert [fault.id for fault in FAULTS if fault.is_shown] == SHOWN


def test_cut_offs_follow_the_filter_table():
    by_cutoff = {cutoff: {m.id for m in MOVEMENTS if m.lowpass_hz == cutoff} for cutoff in (4, 8)}
    assert by_cutoff[4] == {"hinge", "deadlift", "squat", "antirot"}
    assert by_cutoff[8] == {"rotation", "tspine_rot"}
    assert {m.lowpass_hz for m in MOVEMENTS} == {4.0, 6.0, 8.0}


def test_side_only_faults_are_weak_from_45_degrees_and_only_they():
    weak = {fault.id for fault in FAULTS if fault.weak_views}
    assert weak == set(SIDE_ONLY)
    assert all(CATALOG.fault(name).views == (View.SIDE,) for name in SIDE_ONLY)
    assert all(CATALOG.fault(name).weak_views == (View.OBLIQUE,) for name in SIDE_ONLY)


@pytest.mark.parametrize(
    ("fault", "view", "is_visible", "is_weak"),
    [
        ("back_rounding", View.SIDE, True, False),
        ("back_rounding", View.OBLIQUE, True, True),
        ("back_rounding", View.FRONT, False, False),
        ("lateral_bend_first", View.SIDE, False, False),
        ("lateral_bend_first", View.REAR, True, False),
        ("tempo_uncontrolled", View.REAR, True, False),
        ("breath_brace_timing", View.SIDE, False, False),
        ("twist_first", None, True, False),
    ],
)
def test_views_that_show_a_fault(fault, view, is_visible, is_weak):
    found = CATALOG.fault(fault)
    assert (found.is_visible_from(view), found.is_weak_from(view)) == (is_visible, is_weak)


def test_all_cyclic_means_all_cyclic():
    cyclic = tuple(m.id for m in MOVEMENTS if m.rep_kind is RepKind.CYCLIC)
    assert CATALOG.fault("tempo_uncontrolled").movements == cyclic
    assert CATALOG.fault("inconsistent_transfer").movements == cyclic
    assert CATALOG.fault("breath_brace_timing").movements == tuple(CATALOG.movements)


def test_notes_and_set_faults_are_not_asked_per_rep():
    assert [f.id for f in FAULTS if f.is_set_level] == ["inconsistent_transfer"]
    assert [f.id for f in FAULTS if f.is_note_only] == ["breath_brace_timing"]
    assert [f.id for f in FAULTS if f.observability is Observability.NOT_OBSERVABLE] == [
        "breath_brace_timing"
    ]
    asked = {fault.id for movement in MOVEMENTS for fault in CATALOG.faults_of(movement.id)}
    assert asked == set(CATALOG.faults) - {"inconsistent_transfer", "breath_brace_timing"}


def test_faults_without_a_sheet_are_the_known_three():
    without = {fault.id for fault in FAULTS if not any(fault.sheet)}
    assert without == {"dowel_contact_lost", "inconsistent_transfer", "breath_brace_timing"}
    assert all(all(fault.sheet) for fault in FAULTS if fault.id not in without)


def test_every_drill_helps_against_something():
    used = {drill for fault in FAULTS for drill in fault.drills}
    assert used == set(CATALOG.drills)


def test_only_the_extension_is_marked_as_one():
    assert [f.id for f in FAULTS if f.is_extension] == ["hips_shoot_up"]


@pytest.mark.parametrize("word", ["pain", "injur", "disc", "diagnos", "patient", "risk", "safe"])
def test_no_medical_words(word):
    texts = [" ".join((f.name, f.description, f.why, f.cue, *f.sheet)) for f in FAULTS] + [
        m.description for m in MOVEMENTS
    ]
    assert not [text for text in texts if re.search(rf"\b{word}", text, re.IGNORECASE)]


def test_shown_faults_come_first_for_a_movement_and_for_an_untold_one():
    of_deadlift = CATALOG.faults_of("deadlift")
    shown = [fault.is_shown for fault in of_deadlift]
    assert shown == sorted(shown, reverse=True)
    assert all("deadlift" in fault.movements for fault in of_deadlift)
    assert [fault.id for fault in CATALOG.faults_of(None)] == SHOWN


def test_unknown_ids_list_the_known_ones():
    with pytest.raises(CatalogError, match=r"fault: expected one of torso_dip_first.*'slouch'"):
        CATALOG.fault("slouch")
    with pytest.raises(CatalogError, match=r"movement: expected one of hinge.*'jump'"):
        CATALOG.movement("jump")
