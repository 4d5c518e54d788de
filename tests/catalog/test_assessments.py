"""The assessment: what comes with the package, and what does not fit is refused by name."""

import pytest

from labeler.catalog import load_catalog
from labeler.catalog.assessments import load_assessments, parse_assessments
from labeler.core.clip import View
from labeler.core.errors import CatalogError

ITEM = """
version = 1
views = ["side"]
shortest_s = 15.0
longest_s = 20.0
[[assessment]]
id = "one"
name = "One"
movement = "hinge"
how = "Slowly"
look_for = ["The hips lead"]
faults = ["hip_delay"]
"""


def test_the_assessment_is_that_of_the_article():
    found = load_assessments()
    assert [item.movement.id for item in found.items] == ["hinge", "squat", "rotation", "antirot"]
    assert found.views == (View.SIDE, View.OBLIQUE)
    assert (found.shortest_s, found.longest_s) == (15.0, 20.0)


@pytest.mark.parametrize("item", load_assessments().items, ids=lambda item: item.id)
def test_every_fault_looked_for_is_one_of_its_movement_and_seen_from_some_camera(item):
    faults = load_catalog().faults
    for fault in item.faults:
        assert item.movement.id in faults[fault].movements
        assert item.look_for


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version = 1", "version =", "expected TOML"),
        ('"hinge"', '"jump"', "one, movement"),
        ('"hip_delay"', '"none"', "one, faults"),
        ("longest_s = 20.0", "longest_s = 2.0", "rising seconds"),
        ('how = "Slowly"', 'howw = "Slowly"', "one, how"),
        ('name = "One"', 'name = "One"\nextra = 1', "one, keys"),
        ("views", "viewss", "top, views"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(old, new, said):
    with pytest.raises(CatalogError, match=said):
        parse_assessments(ITEM.replace(old, new), load_catalog())


def test_no_items_or_one_twice_are_refused():
    head, item = ITEM.split("[[assessment]]")
    for text in (head, f"{ITEM}\n[[assessment]]{item}"):
        with pytest.raises(CatalogError, match="id of its own"):
            parse_assessments(text, load_catalog())
