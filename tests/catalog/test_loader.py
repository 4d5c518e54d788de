"""The loader reads what is right and names what is wrong."""

import pickle

import pytest

from labeler.catalog import Catalog, load_catalog
from labeler.catalog.loader import parse_catalog
from labeler.core.clip import View
from labeler.core.errors import CatalogError

MOVEMENTS = """
version = 1
[[movement]]
id = "bow"
name = "Bow"
rep_kind = "cyclic"
rest_at = "top"
lowpass_hz = 4.0
period_s = [1.0, 8.0]
hip_signal = "hip_angle_deg"
torso_signal = "trunk_incl_deg"
best_view = "side"
is_supported = true
description = "A bow."
"""

FAULTS = """
version = 1
[[fault]]
id = "nod"
name = "Nod"
description = "The head nods."
origin = "made up for this test"
movements = ["bow"]
views = ["side"]
weak_views = ["45"]
observability = "A"
sheet = ["none", "little", "much", "all the time"]
drills = ["rest"]
"""

DRILLS = """
version = 1
[[drill]]
id = "rest"
name = "Rest"
description = "Do nothing."
"""


def parsed(*, movements: str = MOVEMENTS, faults: str = FAULTS, drills: str = DRILLS) -> Catalog:
    return parse_catalog(
        {"movements.toml": movements, "faults.toml": faults, "drills.toml": drills}
    )


def test_a_small_catalogue_comes_out_as_written():
    catalog = parsed()
    fault = catalog.fault("nod")
    assert (catalog.version, list(catalog.movements), list(catalog.drills)) == (
        1,
        ["bow"],
        ["rest"],
    )
    assert fault.views == (View.SIDE,)
    assert fault.weak_views == (View.OBLIQUE,)
    assert fault.sheet == ("none", "little", "much", "all the time")
    assert (fault.why, fault.cue, fault.observability_note) == ("", "", "")
    marks = (fault.is_shown, fault.is_set_level, fault.is_note_only, fault.is_extension)
    assert not any(marks)


def test_phases_are_named_after_the_kind_of_movement_unless_the_entry_says_otherwise():
    assert parsed().movement("bow").phases == ("descent", "ascent")
    named = MOVEMENTS.replace('rest_at = "top"', 'rest_at = "top"\nphases = ["bowing", "rising"]')
    assert parsed(movements=named).movement("bow").phases == ("bowing", "rising")
    shipped = load_catalog()
    assert shipped.movement("rotation").phases == ("swing", "finish")
    assert shipped.movement("antirot").phases == ("first half", "second half")


def test_a_fault_without_a_sheet_has_four_empty_rows():
    without = FAULTS.replace('sheet = ["none", "little", "much", "all the time"]', "")
    assert parsed(faults=without).fault("nod").sheet == ("", "", "", "")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "nod"', 'id = "nod"\ncolour = "red"', "nod, keys: expected only .*colour"),
        ('name = "Nod"', "", "nod, name: expected a value, got 'nothing'"),
        ('name = "Nod"', "name = 7", "nod, name: expected a value of type str, got 7"),
        ('name = "Nod"', 'name = " Nod"', "nod, name: expected words without spaces"),
        ('name = "Nod"', 'name = ""', "nod, name: expected words"),
        ('["bow"]', '["sit"]', "nod, movements: expected only bow, got 'sit'"),
        ('["bow"]', '["bow", "bow"]', "nod, movements: expected no word twice"),
        ('["bow"]', "[1]", "nod, movements: expected a list of words"),
        ('["rest"]', '["run"]', "nod, drills: expected only rest, got 'run'"),
        ('["side"]', '["top"]', "nod, views: expected only side, 45, front, rear, got 'top'"),
        ('["45"]', '["side"]', "nod, weak_views: expected no view that is also in views"),
        ('"A"', '"D"', "nod, observability: expected one of A, B, C, X, got 'D'"),
        ('"little", ', "", "nod, sheet: expected 4 rows, got 3"),
        ('["none", "little", "much", "all the time"]', "[]", "nod, sheet: expected 4 rows, got 0"),
        ("[[fault]]", "is_shown = 1\n[[fault]]", "expected only fault, proxy, version, got is_"),
        ("[[fault]]", "[fault]", "expected entries that begin with"),
        ("version = 1", "version = 2", "expected one version number in all files"),
        ("version = 1", "version =", "faults.toml: expected TOML"),
    ],
)
def test_what_is_wrong_with_a_fault_is_named(old, new, message):
    assert old in FAULTS
    with pytest.raises(CatalogError, match=message) as caught:
        parsed(faults=FAULTS.replace(old, new, 1))
    assert caught.value.hint


def test_an_id_is_given_once():
    with pytest.raises(CatalogError, match=r"faults\.toml, nod, id: expected an id of its own"):
        parsed(faults=FAULTS + FAULTS.replace("version = 1", ""))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[1.0, 8.0]", "[1.0, 9.0]", "bow, period_s: expected two rising seconds in 0.8 to 8.0"),
        ("[1.0, 8.0]", "[3.0, 2.0]", "bow, period_s"),
        ("[1.0, 8.0]", "[1.0]", "bow, period_s"),
        ('"hip_angle_deg"', '"hip_height_legs"', "bow, hip_signal: expected one of pelvis_x_legs"),
        ('rest_at = "top"', 'phases = ["down"]', "bow, phases: expected two names"),
        ('rest_at = "top"', "", "bow, rest_at: expected top or bottom"),
        ('rest_at = "top"', 'rest_at = "left"', "bow, rest_at: expected one of top, bottom"),
        ("lowpass_hz = 4.0", "lowpass_hz = 4", "bow, lowpass_hz: expected a value of type float"),
    ],
)
def test_what_is_wrong_with_a_movement_is_named(old, new, message):
    assert old in MOVEMENTS
    with pytest.raises(CatalogError, match=message):
        parsed(movements=MOVEMENTS.replace(old, new, 1))


def test_the_shipped_catalogue_is_read_once_and_travels_to_other_processes():
    assert load_catalog() is load_catalog()
    assert pickle.loads(pickle.dumps(load_catalog())) == load_catalog()  # noqa: S301  our own bytes
