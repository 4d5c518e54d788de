"""The table of keys, and how a rater changes theirs: one key does one thing, whatever is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.core.errors import UsageError
from labeler.store.dataset import Dataset
from labeler.workflows.keys import (
    FAULT_KEYS,
    FIXED,
    SETTING,
    USUAL_KEYS,
    fault_keys,
    is_fault,
    key_rows,
    keys_of,
    parse_key,
    rebind,
    rebound,
    reset_keys,
)


@pytest.fixture
def empty(tmp_path):
    with Dataset.open(tmp_path / "data") as dataset:
        yield dataset


def claims(keys):
    """Everything that is taken; a fault's key with Shift too."""
    plain = [key for held in keys.values() for key in held]
    faults = [key for action, held in keys.items() if is_fault(action) for key in held]
    return plain + [f"Shift {key}" for key in faults]


def test_the_usual_keys_take_nothing_twice():
    assert len(claims(USUAL_KEYS)) == len(set(claims(USUAL_KEYS)))
    assert fault_keys(USUAL_KEYS) == list(FAULT_KEYS)


def test_every_usual_key_is_called_what_it_is_read_as():
    names = {key for held in USUAL_KEYS.values() for key in held}
    assert {parse_key(name) for name in names} == names


def test_a_key_is_kept_for_its_rater_alone_and_across_a_restart(empty):
    rebind(empty, "anna", "loop", "ö")
    with Dataset.open(empty.folder, create=False) as again:
        assert keys_of(again, "anna") == dict(USUAL_KEYS) | {"loop": ("Ö",)}
        assert keys_of(again, "ben") == USUAL_KEYS


def test_a_taken_key_changes_places_and_says_so(empty):
    said = rebind(empty, "anna", "nextRep", "o")
    keys = keys_of(empty, "anna")
    assert (keys["nextRep"], keys["markStop"]) == (("O", "PageDown"), ("N",))
    assert said.startswith("Next repetition: O or PageDown. End after this frame")
    assert said.endswith(": N.")


def test_the_second_key_of_an_action_and_one_more(empty):
    rebind(empty, "anna", "allClear", "ä", place=1)
    rebind(empty, "anna", "allClear", "Shift Enter", place=7)
    assert keys_of(empty, "anna")["allClear"] == ("Enter", "Ä", "Shift Enter")
    assert rebind(empty, "anna", "allClear", "Enter").startswith("All others absent")
    assert keys_of(empty, "anna")["allClear"] == ("Enter", "Ä", "Shift Enter")


def test_a_new_key_in_no_ones_place_leaves_the_other_without(empty):
    said = rebind(empty, "anna", "loop", "K", place=5)
    assert "Stop: no key." in said
    rows = {row["action"]: row for row in key_rows(keys_of(empty, "anna"))}
    assert (rows["loop"]["keys"], rows["stop"]["keys"]) == (["Shift L", "K"], [])
    assert (rows["stop"]["is_own"], rows["play"]["is_own"]) == (True, False)


def test_faults_change_places_with_each_other(empty):
    rebind(empty, "anna", "fault2", "1")
    assert fault_keys(keys_of(empty, "anna"))[:3] == ["2", "1", "3"]


@pytest.mark.parametrize(
    ("action", "key", "message"),
    [
        ("dance", "K", "action: expected one that has keys, got 'dance'"),
        ("loop", "?", "one that may change, got that of 'This sheet'"),
        ("escape", "K", "one that may change, got that of 'Close'"),
        ("allClear", "C", "got 'C', which does this already"),
        ("loop", "Shift 1", "free, got 'Shift 1'"),
        ("fault1", "H", "free, got 'Shift H'"),
        ("fault1", "Shift Enter", "sign for 'Fault in row 1', got 'Shift Enter'"),
        ("nudgeBack5", "1", "sign for 'Fault in row 1', got 'Shift ,'"),
        ("loop", "Shift ?", "a sign or a key's name, got 'Shift "),
        ("loop", "F13", "a sign or a key's name, got 'F13'"),
        ("loop", "", "a sign or a key's name, got ''"),
        ("loop", " ", "a sign or a key's name, got ' '"),
    ],
)
def test_what_cannot_be_says_why_and_changes_nothing(empty, action, key, message):
    with pytest.raises(UsageError, match=message.replace("?", r"\?")):
        rebind(empty, "anna", action, key)
    assert keys_of(empty, "anna") == USUAL_KEYS


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("k", "K"), ("shift+k", "Shift K"), ("SHIFT k", "Shift K"), ("left", "←"), ("+", "+"),
        ("shift left", "Shift ←"), ("pagedown", "PageDown"), ("Shift ,", "Shift ,"), (";", ";"),
        ("shift+1", "Shift 1"), ("é", "É"),
    ],
)  # fmt: skip
def test_keys_as_people_type_them(text, key):
    assert parse_key(text) == key


def test_reset_brings_the_usual_keys_back(empty):
    rebind(empty, "anna", "loop", "ö")
    reset_keys(empty, "anna")
    assert keys_of(empty, "anna") == USUAL_KEYS


def test_a_dataset_from_another_version(empty):
    """Actions that are gone are forgotten; own keys win over what is usual now."""
    empty.settings.put("anna", SETTING, {"levitate": ["V"], "loop": ["K"], "fault1": ["H"]})
    keys = keys_of(empty, "anna")
    assert "levitate" not in keys
    assert (keys["loop"], keys["stop"]) == (("K",), ())
    assert (keys["pose"], keys["history"], keys["fault1"]) == ((), (), ("H",))


NAMES = sorted({key for held in USUAL_KEYS.values() for key in held} | {"Ö", "Shift Ö", ";"})


@given(st.lists(st.tuples(st.sampled_from(sorted(USUAL_KEYS)), st.sampled_from(NAMES))))
def test_however_keys_are_changed_each_does_one_thing(wishes):
    keys = USUAL_KEYS
    for action, key in wishes:
        try:
            keys = rebound(keys, action, key)
        except UsageError:
            continue
        assert key in keys[action]
    assert len(claims(keys)) == len(set(claims(keys)))
    assert all(keys[action] == USUAL_KEYS[action] for action in FIXED)
    assert keys.keys() == USUAL_KEYS.keys()
