"""TRC: tab-separated marker tables of Motion Analysis, OpenSim, OpenCap and Pose2Sim.

Source: OpenSim documentation, Marker (.trc) Files: two lines of what the file is, one of numbers,
one of marker names, each over three columns, one of X1 Y1 Z1 …, then frame, time and coordinates.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.exchange.foreign.points import (
    METRES_PER,
    ForeignPoints,
    Unit,
    Up,
    without_origin,
    wrong_file,
)

N_HEADER_LINES = 5
FIRST_POINT = 2
"""Column of the first coordinate: frame and time come before it."""


def read_trc(path: Path) -> ForeignPoints:
    """Read a table of markers; y is up, as OpenSim has it. An empty cell or 0, 0, 0 is missing.

    Raises
    ------
    ExchangeError
        If the file is no such table, or a line does not fit.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise wrong_file(path, "a text file", str(error)) from error
    if len(lines) < N_HEADER_LINES or not lines[0].lower().startswith("pathfiletype"):
        raise wrong_file(path, "a TRC file that begins with PathFileType", _begins(lines))
    told = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=False))
    names = tuple(cell.strip() for cell in lines[3].split("\t")[FIRST_POINT:] if cell.strip())
    if not names:
        raise wrong_file(path, "names of markers in line 4", "none")
    body = [(n, line) for n, line in enumerate(lines, start=1) if n > N_HEADER_LINES]
    rows = [_row(path, n, line, 3 * len(names)) for n, line in body if line.strip()]
    if not rows:
        raise wrong_file(path, "frames below the names", "none")
    _require_whole(path, len(rows), told.get("NumFrames", ""))
    values = np.array(rows)
    times_s: FloatArray = values[:, 1]
    return ForeignPoints(
        names,
        without_origin(values[:, FIRST_POINT:].reshape(len(rows), len(names), 3)),
        unit=_unit(path, told.get("Units", "").strip().lower()),
        times_s=times_s if np.isfinite(times_s).all() else None,
        fps=_rate(told.get("DataRate", "")),
        up=Up.Y,
    )


def _require_whole(path: Path, n_rows: int, told: str) -> None:
    """Refuse a table that ends before its own header says."""
    if told.strip().isdecimal() and n_rows < int(told):
        raise wrong_file(
            path,
            f"{told.strip()} frames, as line 3 says",
            str(n_rows),
            hint="The file seems cut off: write it anew, or correct NumFrames if it is right so.",
        )


def _begins(lines: Sequence[str]) -> str:
    return f"one that begins with {lines[0][:20]!r}" if lines else "an empty file"


def _row(path: Path, line: int, text: str, n_coordinates: int) -> list[float]:
    """Frame, time and coordinates; cells that are left out at the end of a line are missing."""
    cells = text.split("\t")
    while len(cells) > FIRST_POINT + n_coordinates and not cells[-1].strip():
        cells.pop()
    if len(cells) > FIRST_POINT + n_coordinates:
        expected = f"line {line} to have {FIRST_POINT + n_coordinates} cells"
        raise wrong_file(path, expected, str(len(cells)))
    cells += [""] * (FIRST_POINT + n_coordinates - len(cells))
    try:
        return [float(cell) if cell.strip() else np.nan for cell in cells]
    except ValueError as error:
        raise wrong_file(path, f"numbers in line {line}", str(error)) from None


def _unit(path: Path, text: str) -> Unit | None:
    known = {unit.value: unit for unit in METRES_PER}
    if text and text not in known:
        raise wrong_file(path, f"Units of {', '.join(known)}", repr(text))
    return known.get(text)


def _rate(text: str) -> float | None:
    try:
        rate = float(text)
    except ValueError:
        return None
    return rate if rate > 0 else None
