"""A dataset's own catalogue: the package's, with what a coach adds, renames and retires."""

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labeler.catalog.entries import Entry
from labeler.catalog.loader import load_catalog, read_fault
from labeler.catalog.spec import Catalog, Fault, Observability
from labeler.core.errors import CatalogError
from labeler.core.label import FaultId

OWN_CATALOG = "catalog.toml"
"""What a coach changes of the catalogue for a dataset, in its folder."""

ID_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,47}")
"""What the id of a fault looks like: ids travel into labels, tables and file names."""

NEW_FAULT: Mapping[str, Any] = {
    "origin": "coach",
    "observability": Observability.WEAK.value,
    "is_shown": True,
}
"""What holds of a fault that a coach adds, unless the file says otherwise. Nobody knows yet whether
33 landmarks show it: it counts as weak, so that a model has to show evidence."""

NEXT = f"Correct that line of {OWN_CATALOG}, or remove it. See what is in force: labeler faults"


def load_own_catalog(folder: Path | None) -> Catalog:
    """The package's catalogue, with what the coach's file in `folder` changes of its faults.

    Raises
    ------
    CatalogError
        The file cannot be read, is not TOML, or says of a fault what cannot be; naming file, fault
        and key.
    """
    catalog = load_catalog()
    file = None if folder is None else folder / OWN_CATALOG
    if file is None or not file.is_file():
        return catalog
    faults = dict(catalog.faults)
    for name, told in _read(file).items():
        if not ID_PATTERN.fullmatch(name):
            raise _refused("id of a fault", "small letters, digits and _, a letter first", name)
        if not isinstance(told, Mapping):
            raise _refused(name, f"[{name}] on a line of its own, its values below it", told)
        faults[FaultId(name)] = _fault(name, told, catalog)
    return dataclasses.replace(catalog, faults=faults)


def _read(file: Path) -> Mapping[str, Any]:
    """A coach's file, in UTF-8 with or without the mark that some editors put in front."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _refused("file", "one that can be read", error.strerror) from None
    except UnicodeDecodeError:
        raise _refused("file", "text in UTF-8", "other bytes") from None
    except tomllib.TOMLDecodeError as error:
        raise _refused("file", "TOML", f"a mistake: {error}") from None


def _fault(name: str, told: Mapping[str, Any], catalog: Catalog) -> Fault:
    """A fault of the package with the coach's changes, or a new one."""
    known = catalog.faults.get(FaultId(name))
    if "id" in told:
        raise _refused(f"{name}, id", f"none, for [{name}] says it", told["id"])
    if known is None:
        _require_new(name, told)
        before = {**NEW_FAULT, "description": told.get("name")}
    else:
        before = values_of(known)
    entry = Entry(OWN_CATALOG, name, {**before, **told, "id": name})
    fault = read_fault(entry, catalog.movements, catalog.drills)
    entry.close()
    return fault


def _require_new(name: str, told: Mapping[str, Any]) -> None:
    """A misspelt id of the package must not become a new fault in silence."""
    if missing := [key for key in ("name", "movements", "views") if key not in told]:
        raise _refused(
            name,
            "the id of a fault that is there, or a new one with its name, movements and views",
            f"no {missing[0]}",
        )


def values_of(fault: Fault) -> dict[str, Any]:
    """A fault as the values of its entry in a catalogue file."""
    told: dict[str, Any] = {
        field.name: getattr(fault, field.name) for field in dataclasses.fields(fault)
    }
    lists = {
        "movements": list(fault.movements),
        "views": [view.value for view in fault.views],
        "weak_views": [view.value for view in fault.weak_views],
        "drills": list(fault.drills),
        "observability": fault.observability.value,
    }
    sheet = {"sheet": list(fault.sheet)} if any(fault.sheet) else {}
    return {name: value for name, value in told.items() if name != "sheet"} | lists | sheet


def _refused(what: str, expected: str, got: object) -> CatalogError:
    return CatalogError(f"{OWN_CATALOG}, {what}: expected {expected}, got {got!r}.", hint=NEXT)
