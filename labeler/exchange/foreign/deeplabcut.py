"""DeepLabCut: predictions as CSV or HDF5, with several lines of column names.

Source: DeepLabCut's analysis files: levels scorer, (individuals,) bodyparts, coords, the last being
x, y, likelihood, or x, y, z after triangulation.
"""

import csv
import io
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.exchange.foreign.lab import lab_library
from labeler.exchange.foreign.people import known_athlete
from labeler.exchange.foreign.points import ForeignPoints, Unit, wrong_file

SCORER, INDIVIDUALS, BODYPARTS, COORDS = "scorer", "individuals", "bodyparts", "coords"
LEVELS = (SCORER, INDIVIDUALS, BODYPARTS, COORDS)
FLAT, SPACE, LIKELIHOOD = ("x", "y"), ("x", "y", "z"), "likelihood"

Column = tuple[str, ...]
"""The names of a column, one per level."""


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Columns by individual, body part and coordinate, and the frame of each row."""

    columns: Sequence[tuple[str, str, str]]
    frames: Sequence[int]
    values: FloatArray
    scorer: str


def read_deeplabcut(path: Path) -> ForeignPoints:
    """Read a file of predictions; of several individuals the most prominent one is taken.

    Raises
    ------
    ExchangeError
        If the file does not hold such a table; if the library for HDF5 is missing.
    """
    table = _read_csv(path) if path.suffix.lower() == ".csv" else _read_h5(path)
    individuals, parts = (_unique(column[level] for column in table.columns) for level in (0, 1))
    coords = {column[2] for column in table.columns}
    if not coords >= set(FLAT):
        raise wrong_file(path, "columns x and y", ", ".join(sorted(coords)) or "none")
    axes = SPACE if set(SPACE) <= coords else FLAT
    n_frames = max(table.frames, default=-1) + 1
    values = np.full((n_frames, len(individuals), len(parts), len(axes) + 1), np.nan)
    for column, (individual, part, coord) in enumerate(table.columns):
        if coord in (*axes, LIKELIHOOD):
            place = (*axes, LIKELIHOOD).index(coord)
            at = individuals.index(individual), parts.index(part), place
            values[list(table.frames), *at] = table.values[:, column]
    points = values[..., :-1]
    athlete = known_athlete(points)
    return ForeignPoints(
        tuple(parts),
        athlete.of(points),
        unit=None if axes == SPACE else Unit.PIXEL,
        confidence=athlete.of(values)[..., -1] if LIKELIHOOD in coords else None,
        made_by={"model": f"DeepLabCut {table.scorer}"},
        is_numbered=True,
        is_crowded=athlete.is_crowded,
    )


def looks_like_header(first_line: str) -> bool:
    """Whether a CSV file begins as DeepLabCut's do."""
    return first_line.lstrip("\ufeff").split(",")[0].strip().lower() == SCORER


def _unique(names: Any) -> list[str]:  # noqa: ANN401  # any iterable of names
    return list(dict.fromkeys(names))


def _read_csv(path: Path) -> _Table:
    try:
        rows = [row for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"))) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise wrong_file(path, "a CSV table in UTF-8", str(error)) from error
    header = {row[0].strip().lower(): row for row in rows[: len(LEVELS)]}
    levels = [level for level in LEVELS if level in header]
    if BODYPARTS not in levels or COORDS not in levels:
        got = ", ".join(row[0] for row in rows[:3]) or "an empty file"
        raise wrong_file(path, "lines that begin with scorer, bodyparts and coords", got)
    body = rows[len(levels) :]
    names = [header[level] for level in levels]
    n_index = _n_index(header[COORDS])
    width = len(header[COORDS])
    if any(len(row) != width for row in (*names, *body)):
        raise wrong_file(path, f"{width} cells in every line", "a line of another length")
    columns = [tuple(row[n] for row in names) for n in range(n_index, width)]
    cells = [[_number(path, cell) for cell in row[n_index:]] for row in body]
    values = np.array(cells, dtype=np.float64).reshape(len(body), len(columns))
    frames = _frames([row[0] for row in body])
    return _table(path, levels, columns, values=values, frames=frames)


def _n_index(coords: Sequence[str]) -> int:
    """How many columns name the row: the first, and those whose coordinate has no name."""
    n_index = 1
    while n_index < len(coords) and not coords[n_index].strip():
        n_index += 1
    return n_index


def _frames(names: Sequence[str]) -> list[int]:
    """The rows' frame numbers; their places where they are named otherwise, as after pictures."""
    is_counted = all(name.strip().isdecimal() for name in names) and len(set(names)) == len(names)
    return [int(name) for name in names] if is_counted else list(range(len(names)))


def _number(path: Path, cell: str) -> float:
    try:
        return float(cell) if cell.strip() else np.nan
    except ValueError:
        raise wrong_file(path, "numbers below the names", repr(cell)) from None


def _read_h5(path: Path) -> _Table:
    """Read the table that pandas has written; without running what may lie in the file."""
    h5py: Any = lab_library("h5py", wanted_for=path.name)
    try:
        with h5py.File(path, "r") as file:
            group = next((node for node in file.values() if "non_index_axes" in node.attrs), None)
            if group is None:
                raise wrong_file(
                    path,
                    "a table of predictions",
                    "none",
                    hint="Let DeepLabCut write it as CSV (save_as_csv=True) and import that.",
                )
            columns = _safe_unpickled(group.attrs["non_index_axes"])[0][1]
            levels = _safe_unpickled(group.attrs["info"])[1]["names"]
            table = group["table"]
            values = np.concatenate(
                [table[name] for name in table.dtype.names if name.startswith("values_block")],
                axis=1,
            )
            frames = [int(frame) for frame in table["index"]]
    except (OSError, LookupError, TypeError, ValueError, pickle.UnpicklingError) as error:
        raise wrong_file(path, "DeepLabCut's HDF5 table", f"one that says: {error}") from error
    return _table(path, levels, columns, values=values, frames=frames)


class _PlainUnpickler(pickle.Unpickler):
    """Lists, tuples, texts and numbers only: pandas keeps column names pickled."""

    def find_class(self, module: str, name: str) -> NoReturn:
        """Refuse: whatever has a class could run code."""
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


def _safe_unpickled(raw: bytes) -> Any:  # noqa: ANN401  # lists and tuples of texts
    return _PlainUnpickler(io.BytesIO(bytes(raw))).load()


def _table(
    path: Path,
    levels: Sequence[str],
    columns: Sequence[Column],
    *,
    values: FloatArray,
    frames: Sequence[int],
) -> _Table:
    """The table with columns as (individual, body part, coordinate)."""
    place = {level: number for number, level in enumerate(levels)}
    if not {BODYPARTS, COORDS} <= set(place) or values.shape != (len(frames), len(columns)):
        raise wrong_file(path, "a column for each body part and coordinate", "another table")
    named = [
        (
            column[place[INDIVIDUALS]] if INDIVIDUALS in place else "",
            column[place[BODYPARTS]],
            column[place[COORDS]],
        )
        for column in columns
    ]
    scorer = columns[0][place[SCORER]] if SCORER in place and columns else ""
    return _Table(named, frames, values, scorer)
