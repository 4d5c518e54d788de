"""The faults of a dataset: which are in force, and how a coach changes them.

A dataset's own file changes faults only; movements and drills are those of the package.
"""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from labeler.catalog import Catalog, Fault, load_catalog
from labeler.catalog.own import OWN_CATALOG, load_own_catalog
from labeler.catalog.template import template
from labeler.core.errors import CatalogError
from labeler.core.finding import Finding
from labeler.core.label import FaultId
from labeler.store.dataset import Dataset
from labeler.workflows.own_files import begin_file


@dataclass(frozen=True, slots=True)
class _Read:
    """What a file said when it looked like `stamp`; `error` is what is wrong with it since."""

    stamp: tuple[int, int]
    catalog: Catalog
    error: CatalogError | None = None


_read: dict[Path, _Read] = {}
_lock = Lock()


def catalog_of(dataset: Dataset) -> Catalog:
    """The catalogue in force for a dataset: the package's, with the changes of its own file.

    The file is read again whenever it has changed. Work goes on while there is a mistake in it: by
    what it said last, or by the package's catalogue where it has said nothing yet in this process;
    `catalog_finding` tells people so.
    """
    found = _in_force(dataset.folder)
    return load_catalog() if found is None else found.catalog


def checked_catalog(dataset: Dataset) -> Catalog:
    """The same, for what takes long or is kept: a mistake in the file is raised.

    Raises
    ------
    CatalogError
        See `labeler.catalog.own.load_own_catalog`.
    """
    found = _in_force(dataset.folder)
    if found is not None and found.error is not None:
        raise found.error
    return catalog_of(dataset)


def catalog_finding(dataset: Dataset) -> Finding | None:
    """What is wrong with the dataset's own file, for people; None where nothing is."""
    found = _in_force(dataset.folder)
    if found is None or found.error is None:
        return None
    hint = f"{found.error.hint.rstrip('.')}."
    meanwhile = "Until then the faults stay as they were, and answers are saved."
    return Finding("catalog_mistake", found.error.message, hint=f"{hint} {meanwhile}")


def fault_id(dataset: Dataset, name: str) -> FaultId:
    """A fault that somebody named, retired ones too.

    Raises
    ------
    CatalogError
        When there is none of that id; where the dataset's own file has a mistake, that mistake.
    """
    if name not in catalog_of(dataset).faults:
        return checked_catalog(dataset).fault(name).id
    return FaultId(name)


def fault_rows(folder: Path | None) -> list[dict[str, Any]]:
    """Every fault in force for the dataset in `folder`, one row each, retired ones too.

    ``from`` is ``program``, ``changed`` or ``own``.

    Raises
    ------
    CatalogError
        When there is a mistake in the dataset's own file.
    """
    return [_row(fault) for fault in load_own_catalog(folder).faults.values()]


def _row(fault: Fault) -> dict[str, Any]:
    before = load_catalog().faults.get(fault.id)
    origin = "own" if before is None else "program" if before == fault else "changed"
    return {
        "fault": fault.id,
        "name": fault.name,
        "movements": list(fault.movements),
        "views": [view.value for view in fault.views],
        "weak_views": [view.value for view in fault.weak_views],
        "is_retired": fault.is_retired,
        "from": origin,
        "observability": fault.observability.value,
        "description": fault.description,
        "sheet": list(fault.sheet),
        "cue": fault.cue,
    }


def how_to_change(folder: Path) -> str:
    """Where a coach adds, renames or retires a fault of the dataset in `folder`, and how."""
    file = folder / OWN_CATALOG
    if file.is_file():
        return f"To add, rename or retire a fault, edit `{file}`; it counts as soon as it is saved."
    return (
        f'To add, rename or retire a fault: `labeler faults --init --dataset "{folder}"` writes '
        f"{OWN_CATALOG} into that folder, with every fault and what can be changed of it."
    )


def init_catalog(folder: Path) -> Path:
    """Write a dataset's own file of faults, in which nothing is changed yet; the file.

    Raises
    ------
    CatalogError
        When there is one already, or it cannot be written.
    """
    return begin_file(folder / OWN_CATALOG, template(load_catalog()), CatalogError)


def _in_force(folder: Path) -> _Read | None:
    """What the file of a folder says, read again only when it has changed; None without one."""
    file = folder / OWN_CATALOG
    with _lock:
        before = _read.get(file)
        try:
            now = file.stat()
        except FileNotFoundError:
            _read.pop(file, None)
            return None
        except OSError:
            return before
        stamp = (now.st_mtime_ns, now.st_size)
        if before is None or before.stamp != stamp:
            before = _read[file] = _read_again(folder, stamp, before)
        return before


def _read_again(folder: Path, stamp: tuple[int, int], before: _Read | None) -> _Read:
    try:
        return _Read(stamp, load_own_catalog(folder))
    except CatalogError as error:
        last = load_catalog() if before is None else before.catalog
        return _Read(stamp, last, error)
