"""A coach's own faults: merged over those of the package, or refused with what is wrong."""

import dataclasses
import re

import pytest

from labeler.catalog import Observability, load_catalog
from labeler.catalog.own import OWN_CATALOG, load_own_catalog
from labeler.catalog.template import HEAD, template
from labeler.core.clip import View
from labeler.core.errors import CatalogError

NEW = '[bar_drifts]\nname = "Bar drifts"\nmovements = ["deadlift"]\nviews = ["side"]\n'
SHIPPED = load_catalog()
ROUNDING = SHIPPED.fault("back_rounding")


@pytest.fixture
def read(tmp_path):
    """The catalogue of a folder in which a coach has written that text."""

    def read_(text, **told):
        (tmp_path / OWN_CATALOG).write_text(text, **({"encoding": "utf-8"} | told))
        return load_own_catalog(tmp_path)

    return read_


def test_without_a_file_the_package_is_in_force(tmp_path):
    assert load_own_catalog(tmp_path) is SHIPPED
    assert load_own_catalog(None) is SHIPPED


def test_an_empty_file_changes_nothing(read):
    assert read("") == SHIPPED


def test_a_new_fault_is_asked_in_its_movements_and_counts_as_weak(read):
    catalog = read(NEW)
    fault = catalog.fault("bar_drifts")
    assert fault in catalog.faults_of("deadlift")
    assert fault not in catalog.faults_of("squat")
    assert (fault.views, fault.observability) == ((View.SIDE,), Observability.WEAK)
    assert (fault.description, fault.origin, fault.sheet) == ("Bar drifts", "coach", ("",) * 4)
    assert {key: one for key, one in catalog.faults.items() if key != "bar_drifts"} == dict(
        SHIPPED.faults
    )


def test_a_renamed_fault_keeps_everything_else(read):
    found = read('[back_rounding]\nname = "Flexed back"\ncue = "Long spine."\n')
    expected = dataclasses.replace(ROUNDING, name="Flexed back", cue="Long spine.")
    assert found.fault("back_rounding") == expected
    assert list(found.faults) == list(SHIPPED.faults)


def test_a_sheet_of_ones_own_takes_the_place_of_the_old_one(read):
    rows = ("straight", "a little", "clearly", "very")
    assert read(f"[back_rounding]\nsheet = {list(rows)}\n").fault("back_rounding").sheet == rows


def test_a_retired_fault_is_known_and_not_asked(read):
    found = read("[back_rounding]\nis_retired = true\n")
    assert found.fault("back_rounding") == dataclasses.replace(ROUNDING, is_retired=True)
    for movement in (*ROUNDING.movements, None):
        assert "back_rounding" not in {fault.id for fault in found.faults_of(movement)}


def test_a_fault_taken_out_of_a_movement_is_asked_in_the_others(read):
    found = read('[back_rounding]\nmovements = ["squat"]\n')
    assert "back_rounding" in {fault.id for fault in found.faults_of("squat")}
    assert "back_rounding" not in {fault.id for fault in found.faults_of("deadlift")}


def test_the_mark_that_some_editors_put_in_front_is_no_mistake(read):
    assert read(NEW, encoding="utf-8-sig").fault("bar_drifts").name == "Bar drifts"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a", "file: expected TOML, got"),
        ("x = 1", r"x: expected \[x\] on a line of its own, its values below it, got 1"),
        ('["Bar drifts"]', "id of a fault: expected small letters, .*, got 'Bar drifts'"),
        ("[back_roundin]\nis_retired = true", "back_roundin: expected the id of a fault that is"),
        ('[back_rounding]\nnme = "x"', "back_rounding, keys: expected only .*, got 'nme'"),
        ('[back_rounding]\nid = "x"', "back_rounding, id: expected none, .* got 'x'"),
        ('[back_rounding]\nname = ""', "back_rounding, name: expected words"),
        ('[back_rounding]\nsheet = ["x"]', "back_rounding, sheet: expected 4 rows, got 1"),
        ('[back_rounding]\nis_retired = "yes"', "is_retired: expected a value of type bool"),
        ('[back_rounding]\nmovements = ["swim"]', "movements: expected only .*, got 'swim'"),
        (NEW.replace("side", "up"), "bar_drifts, views: expected only .*, got 'up'"),
        (NEW.replace('"Bar drifts"', "7"), "bar_drifts, name: expected a value of type str, got 7"),
        (f'{NEW}observability = "Z"', "bar_drifts, observability: expected one of A, B, C, X"),
        (f"{NEW}[bar_drifts]\n", "file: expected TOML, got .*twice"),
    ],
)
def test_a_mistake_is_named_with_its_place(read, text, message):
    with pytest.raises(CatalogError, match=message) as caught:
        read(text)
    assert OWN_CATALOG in caught.value.message
    assert OWN_CATALOG in caught.value.hint


def test_other_bytes_are_said(read):
    with pytest.raises(CatalogError, match="expected text in UTF-8"):
        read("# für", encoding="utf-16")


def test_a_file_that_may_not_be_read_is_said(tmp_path, monkeypatch):
    def refuse(*_args, **_told):
        raise PermissionError(13, "Permission denied")

    (tmp_path / OWN_CATALOG).touch()
    monkeypatch.setattr("pathlib.Path.read_text", refuse)
    with pytest.raises(CatalogError, match="expected one that can be read, got 'Permission"):
        load_own_catalog(tmp_path)


def test_the_template_changes_nothing_until_it_is_edited(read):
    assert read(template(SHIPPED)) == SHIPPED


def test_every_line_of_the_template_is_right_once_its_mark_is_removed(read):
    """What stands below the faults is what is in force; only *retired* would change anything."""
    text = template(SHIPPED).replace("# is_retired = true", "").removeprefix(HEAD)
    assert "# " in text
    assert read(text.replace("\n# ", "\n")) == SHIPPED


def test_the_example_of_the_template_can_be_used_as_it_is(read):
    (example,) = re.findall(r"^# \[bar_drifts\].*?^(?!#)", f"{HEAD}\n", re.MULTILINE | re.DOTALL)
    found = read(example.replace("\n# ", "\n").removeprefix("# "))
    assert found.fault("bar_drifts").sheet[0] == "Bar close to the legs all the way"
