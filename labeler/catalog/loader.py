"""Reads the catalogue's data files, and refuses what does not fit together."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Protocol, TypeVar

from labeler.catalog.entries import Entry
from labeler.catalog.spec import (
    PHASES,
    Catalog,
    Drill,
    Fault,
    Movement,
    Observability,
    Proxy,
    RepKind,
    RestAt,
    Visible,
)
from labeler.core.clip import View
from labeler.core.errors import CatalogError
from labeler.core.label import FaultId

MOVEMENTS_FILE = "movements.toml"
FAULTS_FILE = "faults.toml"
DRILLS_FILE = "drills.toml"

N_SEVERITIES = 4
"""Rows of a rater sheet: severity 0, 1, 2 and 3."""

PERIOD_LIMITS_S = (0.8, 8.0)
"""Where a period is searched for at all (movement-science notes, autocorrelation of reps)."""

HIP_SIGNALS = (
    "pelvis_x_legs",
    "hip_angle_deg",
    "thigh_incl_deg",
    "leg_bend_deg",
    "pelvis_axial_deg",
)
"""Signals that may lead as the hips. Not hip height: by geometry it starts late."""

TORSO_SIGNALS = ("trunk_incl_deg", "thorax_axial_deg")
"""Signals that may lead as the torso."""


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_Thing = TypeVar("_Thing", bound=_HasId)


@cache
def load_catalog() -> Catalog:
    """Read and check the catalogue that comes with the package, once per process."""
    folder = resources.files("labeler.catalog")
    names = (MOVEMENTS_FILE, FAULTS_FILE, DRILLS_FILE)
    return parse_catalog({name: folder.joinpath(name).read_text("utf-8") for name in names})


def parse_catalog(texts: Mapping[str, str]) -> Catalog:
    """Build a catalogue from the text of its three TOML files, by file name.

    Raises
    ------
    CatalogError
        Naming file and entry: not TOML, an unknown or missing key, a value of the wrong type, an
        id used twice or referred to and not there, a sheet without its four rows.
    """
    files = {name: _read_toml(name, text) for name, text in texts.items()}
    drills = _by_id(_entries(files, DRILLS_FILE, "drill"), _drill)
    movements = _by_id(_entries(files, MOVEMENTS_FILE, "movement"), _movement)
    faults = _by_id(
        _entries(files, FAULTS_FILE, "fault"), lambda entry: read_fault(entry, movements, drills)
    )
    return Catalog(
        version=_shared_version(files),
        movements=movements,
        faults={FaultId(key): fault for key, fault in faults.items()},
        drills=drills,
        proxies=tuple(_proxy(entry) for entry in _entries(files, FAULTS_FILE, "proxy")),
    )


def _read_toml(name: str, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(
            f"{name}: expected TOML, got text that is not: {error}.",
            hint=f"Correct the line that it names in {name}.",
        ) from None


def _shared_version(files: Mapping[str, Mapping[str, Any]]) -> int:
    versions = {name: content.get("version") for name, content in files.items()}
    found = set(versions.values())
    if len(found) != 1 or not isinstance(version := found.pop(), int):
        raise CatalogError(
            f"catalogue: expected one version number in all files, got {versions}.",
            hint="Write the same `version = N` on top of each file.",
        )
    return version


def _entries(files: Mapping[str, Mapping[str, Any]], file: str, kind: str) -> list[Entry]:
    known = {"version", "fault", "proxy"} if file == FAULTS_FILE else {"version", kind}
    if unknown := sorted(set(files[file]) - known):
        raise CatalogError(
            f"{file}: expected only {', '.join(sorted(known))}, got {', '.join(unknown)}.",
            hint=f"Remove or correct that table of {file}.",
        )
    tables = files[file].get(kind, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CatalogError(
            f"{file}: expected entries that begin with [[{kind}]], got {kind} = {tables!r}.",
            hint="Write each entry as a table of its own.",
        )
    return [
        Entry(file, str(table.get("id", f"{kind} number {number}")), table)
        for number, table in enumerate(tables, start=1)
    ]


def _by_id(entries: list[Entry], build: Callable[[Entry], _Thing]) -> Mapping[str, _Thing]:
    things: dict[str, _Thing] = {}
    for entry in entries:
        thing = build(entry)
        entry.close()
        if thing.id in things:
            raise entry.error("id", "an id of its own", thing.id)
        things[thing.id] = thing
    return things


def _drill(entry: Entry) -> Drill:
    return Drill(
        id=entry.text("id"), name=entry.text("name"), description=entry.text("description")
    )


def _movement(entry: Entry) -> Movement:
    movement = Movement(
        id=entry.text("id"),
        name=entry.text("name"),
        rep_kind=entry.word("rep_kind", RepKind),
        rest_at=entry.word("rest_at", RestAt) if "rest_at" in entry.values else None,
        lowpass_hz=entry.number("lowpass_hz"),
        period_s=_period_s(entry),
        hip_signal=entry.one_of("hip_signal", HIP_SIGNALS),
        torso_signal=entry.one_of("torso_signal", TORSO_SIGNALS),
        best_view=entry.word("best_view", View),
        is_supported=entry.flag("is_supported"),
        description=entry.text("description"),
        other_views=entry.views("other_views", is_optional=True),
        phases=_phases(entry),
    )
    is_cut_by_machine = movement.is_supported and movement.rep_kind is RepKind.CYCLIC
    if is_cut_by_machine and movement.rest_at is None:
        raise entry.error("rest_at", "top or bottom for a cyclic movement that is cut", None)
    return movement


def _phases(entry: Entry) -> tuple[str, str]:
    match entry.texts("phases", is_optional=True):
        case ():
            return PHASES[entry.word("rep_kind", RepKind)]
        case (before, after):
            return before, after
        case other:
            raise entry.error("phases", "two names, before the turn and after it", list(other))


def _period_s(entry: Entry) -> tuple[float, float]:
    entry.asked.add("period_s")
    low_s, high_s = PERIOD_LIMITS_S
    match entry.values.get("period_s"):
        case [float(shortest_s), float(longest_s)] if low_s <= shortest_s < longest_s <= high_s:
            return shortest_s, longest_s
        case other:
            raise entry.error("period_s", f"two rising seconds in {low_s} to {high_s}", other)


def read_fault(
    entry: Entry, movements: Mapping[str, Movement], drills: Mapping[str, Drill]
) -> Fault:
    """A fault of an entry that gives all its values; what does not fit is refused by name."""
    fault = Fault(
        id=FaultId(entry.text("id")),
        name=entry.text("name"),
        description=entry.text("description"),
        origin=entry.text("origin"),
        movements=entry.all_of("movements", movements, is_optional=False),
        views=entry.views("views"),
        weak_views=entry.views("weak_views", is_optional=True),
        observability=entry.word("observability", Observability),
        sheet=_sheet(entry),
        why=entry.text("why", ""),
        cue=entry.text("cue", ""),
        drills=entry.all_of("drills", drills, is_optional=True),
        is_shown=entry.flag("is_shown", False),
        is_set_level=entry.flag("is_set_level", False),
        is_note_only=entry.flag("is_note_only", False),
        is_extension=entry.flag("is_extension", False),
        observability_note=entry.text("observability_note", ""),
        is_retired=entry.flag("is_retired", False),
    )
    if both := set(fault.views) & set(fault.weak_views):
        raise entry.error("weak_views", "no view that is also in views", ", ".join(sorted(both)))
    return fault


def _sheet(entry: Entry) -> tuple[str, str, str, str]:
    rows = entry.texts("sheet", is_optional=True)
    if not rows and "sheet" not in entry.values:
        return ("", "", "", "")
    if len(rows) != N_SEVERITIES:
        raise entry.error("sheet", f"{N_SEVERITIES} rows", len(rows))
    absent, slight, clear, severe = rows
    return (absent, slight, clear, severe)


def _proxy(entry: Entry) -> Proxy:
    proxy = Proxy(
        quantity=entry.text("quantity"),
        is_observable=entry.word("is_observable", Visible),
        proxy=entry.text("proxy"),
        known_error=entry.text("known_error", ""),
        evidence=entry.text("evidence", ""),
    )
    entry.close()
    return proxy
