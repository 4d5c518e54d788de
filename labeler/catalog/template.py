"""A coach's own file of faults: how to add one, and everything that can be changed."""

import json
from collections.abc import Iterator

from labeler.catalog.own import OWN_CATALOG, values_of
from labeler.catalog.spec import Catalog, Fault

HEAD = f"""\
# {OWN_CATALOG}: your own changes of the faults, for this dataset. They count as soon as the file
# is saved, also while people label; `labeler faults` says what is in force, or what is wrong.
#
# No answer is ever touched. A new fault is *not rated yet* wherever nobody has answered it; a
# renamed one keeps its answers, for they go by the id; of one that is retired or taken out of a
# movement nobody is asked any more, and what was answered stays in history, exports and models.
#
# To change a fault, remove the "# " in front of a line below its [id] and write your own there.
# To retire one: is_retired = true. To take it out of a movement: remove that movement.
# An id never changes. What you leave alone stays as it comes with the program.
#
# views          from where it can be seen: "side", "45", "front", "rear"; from any other view it
#                is "not visible". weak_views: it can, with a larger error.
# sheet          what severity 0, 1, 2 and 3 look like, in four lines.
# observability  A directly in the landmarks, B a proxy with a known error, C weak, X not at all.
#
# To add a fault, write it like this one, without the "# "; the id in [ ] is small letters, digits
# and _. Only name, movements and views must be there.
#
# [bar_drifts]
# name = "Bar drifts forward"
# description = "The bar leaves the line over the middle of the foot."
# movements = ["deadlift"]
# views = ["side"]
# weak_views = ["45"]
# sheet = [
#   "Bar close to the legs all the way",
#   "A hand's breadth away, for a moment",
#   "A hand's breadth away, most of the way",
#   "More than a hand's breadth away",
# ]
# cue = "Drag the bar along the legs."
"""
"""What stands on top of the file."""

CHANGEABLE = ("name", "description", "movements", "views", "weak_views", "sheet", "cue")
"""What a coach finds below each fault; every other value of an entry may be written as well."""


def template(catalog: Catalog) -> str:
    """The file's text: valid TOML in which nothing is changed yet."""
    return "\n".join((HEAD, *(line for one in catalog.faults.values() for line in _lines(one))))


def _lines(fault: Fault) -> Iterator[str]:
    told = values_of(fault)
    yield f"[{fault.id}]"
    for key in CHANGEABLE:
        if told.get(key):
            yield f"# {key} = {_toml(told[key])}"
    yield "# is_retired = true"
    yield ""


def _toml(value: str | list[str]) -> str:
    """Words, or a list of them, as TOML: its strings are written like those of JSON."""
    return json.dumps(value, ensure_ascii=False)
