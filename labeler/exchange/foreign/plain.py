"""Plain tables of joints, CSV or NPZ: what anybody can write without a library of ours.

CSV: a line of names, then a line per frame. Columns are ``time_s`` (``pts_s``, ``time_ms``,
``time``), or ``frame`` where there are no times, and for each point ``<name>_x_<unit>``,
``<name>_y_<unit>``, in space ``<name>_z_<unit>``, and if wanted ``<name>_visibility``; the unit may
be left out and told with --unit. An empty cell is missing. The pose tables of our own exports are
such files.

NPZ: ``points`` (n_points names), ``positions_<unit>`` (n_frames, n_points, 2 or 3), and if wanted
``visibility`` (n_frames, n_points), ``times_s`` or ``fps``, ``size_px``, a text ``comment``.
"""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labeler.core.arrays import AnyArray, FloatArray
from labeler.exchange.foreign.points import (
    ForeignPoints,
    Unit,
    at_places,
    frame_places,
    tick_s,
    unit_of,
    wrong_file,
)

TIME_COLUMNS: Mapping[str, float | None] = {
    "time_s": 1.0,
    "pts_s": 1.0,
    "time_ms": 1e-3,
    "timestamp_ms": 1e-3,
    "time": None,
    "timestamp": None,
}
"""Columns of times, and how many seconds one of each is; None is told by the steps themselves."""

FRAME_COLUMNS = ("frame", "frame_index")
"""Columns that number the frames, from 0 on; they count where no column tells times."""

CONFIDENCE_WORDS = ("visibility", "confidence", "likelihood", "score")
WORLD_ENDING = "_world"
"""A point's metres in camera axes stand beside its pixels under its name with this ending."""

POSITIONS = "positions"

_COLUMN = re.compile(
    r"(?P<point>.+)[_. ](?:(?P<axis>[xyz])(?:_(?P<unit>m|cm|mm|px|ratio))?"
    rf"|(?P<sure>{'|'.join(CONFIDENCE_WORDS)}))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column holds of a point: an axis, or the confidence where `axis` is empty."""

    place: int
    point: str
    axis: str
    unit: Unit | None


def read_plain(path: Path) -> ForeignPoints:
    """Read a plain table.

    Raises
    ------
    ExchangeError
        If it is neither of the two, or its columns or arrays do not fit together.
    """
    return _read_npz(path) if path.suffix.lower() == ".npz" else _read_csv(path)


# --------------------------------------------------------------------------- CSV


def _read_csv(path: Path) -> ForeignPoints:
    header, values = _rows(path)
    times_s = _times_s(header, values)
    if times_s is None:
        values = _in_place(path, header, values)
    columns = [column for place, name in enumerate(header) if (column := _column(place, name))]
    flat = [column for column in columns if not column.point.endswith(WORLD_ENDING)]
    points = tuple(dict.fromkeys(column.point for column in flat if column.axis))
    if not points:
        raise wrong_file(path, "columns such as left_hip_x_px", ", ".join(header[:6]) or "none")
    axes = ["x", "y", "z"] if any(column.axis == "z" for column in flat) else ["x", "y"]
    xyz = _gathered(values, flat, points, axes)
    unit = _one_unit(path, flat)
    world = [column for column in columns if column.point.endswith(WORLD_ENDING)]
    is_sure = any(not column.axis for column in flat)
    return ForeignPoints(
        points,
        xyz,
        unit=unit_of(xyz) if unit is None and len(axes) == 2 else unit,
        times_s=times_s,
        confidence=_gathered(values, flat, points, [""])[..., 0] if is_sure else None,
        world_m=_gathered(values, world, [p + WORLD_ENDING for p in points], ["x", "y", "z"])
        if world and len(axes) == 2
        else None,
        is_numbered=times_s is None,
    )


def _rows(path: Path) -> tuple[list[str], FloatArray]:
    """The names of the columns, and all cells below; empty is NaN."""
    try:
        lines = csv.reader(io.StringIO(path.read_text("utf-8-sig")))
        rows = [(lines.line_num, row) for row in lines if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise wrong_file(path, "a CSV table in UTF-8", str(error)) from error
    if not rows:
        raise wrong_file(path, "a line of names, and a line of numbers per frame", "an empty file")
    header = [name.strip() for name in rows[0][1]]
    cells = [_cells(path, line, row, len(header)) for line, row in rows[1:]]
    return header, np.array(cells, dtype=np.float64).reshape(len(cells), len(header))


def _cells(path: Path, line: int, row: Sequence[str], n_cells: int) -> list[float]:
    if len(row) != n_cells:
        raise wrong_file(path, f"{n_cells} cells in line {line}", str(len(row)))
    try:
        return [float(cell) if cell.strip() else np.nan for cell in row]
    except ValueError as error:
        raise wrong_file(path, f"numbers in line {line}", str(error)) from None


def _column(place: int, name: str) -> _Column | None:
    match = _COLUMN.fullmatch(name)
    if match is None:
        return None
    unit = None if match["unit"] is None else Unit(match["unit"].lower())
    return _Column(place, match["point"], (match["axis"] or "").lower(), unit)


def _one_unit(path: Path, columns: Sequence[_Column]) -> Unit | None:
    units = {column.unit for column in columns if column.axis}
    if len(units) > 1:
        listed = ", ".join(sorted("none" if unit is None else unit.value for unit in units))
        raise wrong_file(path, "one unit for all points", listed)
    return units.pop()


def _gathered(
    values: FloatArray, columns: Sequence[_Column], points: Sequence[str], axes: Sequence[str]
) -> FloatArray:
    """Shape (n_frames, n_points, n_axes); a column that is not there is NaN."""
    found = np.full((len(values), len(points), len(axes)), np.nan)
    for column in columns:
        if column.point in points and column.axis in axes:
            place = points.index(column.point), axes.index(column.axis)
            found[:, *place] = values[:, column.place]
    return found


def _times_s(header: Sequence[str], values: FloatArray) -> FloatArray | None:
    for name, second in TIME_COLUMNS.items():
        if (ticks := _one_column(header, values, (name,))) is not None:
            return ticks * (second or tick_s(ticks))
    return None


def _in_place(path: Path, header: Sequence[str], values: FloatArray) -> FloatArray:
    """Rows put where the numbers of their frames say; in their order where there are none."""
    numbers = _one_column(header, values, FRAME_COLUMNS)
    if numbers is None:
        return values
    if (places := frame_places(numbers)) is None:
        raise wrong_file(
            path,
            "whole numbers that count the frames from 0 on",
            "others in the column of frames",
            hint="Correct them, tell times in a column time_s, or take the column out.",
        )
    return at_places(values, places)


def _one_column(
    header: Sequence[str], values: FloatArray, names: Sequence[str]
) -> FloatArray | None:
    """The first of these columns that is there, whatever its case."""
    place = {name.casefold(): number for number, name in reversed(list(enumerate(header)))}
    return next((values[:, place[name]] for name in names if name in place), None)


# --------------------------------------------------------------------------- NPZ


def _read_npz(path: Path) -> ForeignPoints:
    arrays = _arrays(path)
    key = next((name for name in arrays if _unit_of_key(name) is not None), None)
    if key is None or "points" not in arrays:
        listed = ", ".join(arrays) or "none"
        raise wrong_file(path, f"arrays points and {POSITIONS}_m (or _mm, _cm, _px)", listed)
    positions, names = arrays[key], tuple(str(name) for name in arrays["points"])
    if (n_sequences := arrays.get("n_frames", np.zeros(1)).size) > 1:
        raise wrong_file(
            path,
            "one recording",
            f"{n_sequences} in a row",
            hint="Save each of them as a file of its own, with its rows of the positions.",
        )
    if positions.ndim != 3 or positions.shape[1] != len(names) or positions.shape[2] not in (2, 3):
        expected = f"{key} of shape (n_frames, {len(names)}, 2 or 3)"
        raise wrong_file(path, expected, str(positions.shape))
    fps = float(arrays["fps"].ravel()[0]) if arrays.get("fps", np.zeros(0)).size == 1 else 0.0
    times_s = arrays.get("times_s")
    return ForeignPoints(
        names,
        positions.astype(np.float64),
        unit=_unit_of_key(key),
        times_s=None if times_s is None else times_s.astype(np.float64),
        fps=fps if fps > 0 else None,
        confidence=arrays["visibility"].astype(np.float64) if "visibility" in arrays else None,
        size_px=_size_px(arrays.get("size_px")),
        made_by=_remark(arrays.get("comment")),
        is_numbered=times_s is None and fps <= 0,
    )


def _arrays(path: Path) -> Mapping[str, AnyArray]:
    """All arrays of an archive; none that would need code to open."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, AttributeError) as error:
        raise wrong_file(path, "an NPZ archive of arrays", f"one that says: {error}") from error


def _unit_of_key(name: str) -> Unit | None:
    stem, _, unit = name.rpartition("_")
    known = {known.value: known for known in Unit}
    return known.get(unit) if stem == POSITIONS else None


def _remark(comment: AnyArray | None) -> Mapping[str, str]:
    """What the file says of itself, such as that it is made up."""
    if comment is None or comment.dtype.kind != "U" or comment.size != 1:
        return {}
    return {"comment": str(comment.ravel()[0])}


def _size_px(size: AnyArray | None) -> tuple[int, int] | None:
    return None if size is None or size.size != 2 else (int(size.ravel()[0]), int(size.ravel()[1]))
