"""Reads the assessment: what to film of every athlete, from where, and what to look for."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from labeler.catalog.entries import Entry
from labeler.catalog.loader import load_catalog
from labeler.catalog.spec import Catalog, Movement
from labeler.core.clip import View
from labeler.core.errors import CatalogError
from labeler.core.label import FaultId

ASSESSMENTS_FILE = "assessments.toml"


@dataclass(frozen=True, slots=True)
class Assessment:
    """One item of the assessment: how it is done, and what a coach looks for."""

    id: str
    name: str
    movement: Movement
    how: str
    look_for: tuple[str, ...]
    faults: tuple[FaultId, ...]


@dataclass(frozen=True, slots=True)
class Assessments:
    """The whole assessment; every item is filmed from every one of `views`."""

    views: tuple[View, ...]
    shortest_s: float
    longest_s: float
    items: tuple[Assessment, ...]


@cache
def load_assessments() -> Assessments:
    """Read and check the assessment that comes with the package, once per process."""
    text = resources.files("labeler.catalog").joinpath(ASSESSMENTS_FILE).read_text("utf-8")
    return parse_assessments(text, load_catalog())


def parse_assessments(text: str, catalog: Catalog) -> Assessments:
    """Build the assessment from its TOML.

    Raises
    ------
    CatalogError
        Naming file and entry: not TOML, a key unknown or missing, an id that nobody has, seconds
        that do not rise.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(
            f"{ASSESSMENTS_FILE}: expected TOML, got text that is not: {error}.",
            hint=f"Correct the line that it names in {ASSESSMENTS_FILE}.",
        ) from None
    top = Entry(ASSESSMENTS_FILE, "top", values, {"version", "assessment"})
    views = top.views("views")
    shortest_s, longest_s = top.number("shortest_s"), top.number("longest_s")
    if not 0 < shortest_s < longest_s:
        raise top.error("longest_s", "rising seconds above 0", (shortest_s, longest_s))
    top.close()
    items = tuple(_assessment(table, catalog) for table in values.get("assessment", ()))
    if not items or len({item.id for item in items}) < len(items):
        raise top.error("assessment", "items, each with an id of its own", [i.id for i in items])
    return Assessments(views, shortest_s, longest_s, items)


def _assessment(table: dict[str, object], catalog: Catalog) -> Assessment:
    entry = Entry(ASSESSMENTS_FILE, str(table.get("id", "an item")), table)
    found = Assessment(
        id=entry.text("id"),
        name=entry.text("name"),
        movement=catalog.movements[entry.one_of("movement", catalog.movements)],
        how=entry.text("how"),
        look_for=entry.texts("look_for"),
        faults=tuple(map(FaultId, entry.all_of("faults", catalog.faults, is_optional=False))),
    )
    entry.close()
    return found
