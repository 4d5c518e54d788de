"""C3D: markers and joint centres of a motion laboratory, read by ezc3d.

Source: the C3D file format user guide (c3d.org): a point whose residual is negative was not
measured; POINT:UNITS, POINT:RATE, POINT:Y_SCREEN.
"""

import json
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.exchange.foreign import c3d_apart
from labeler.exchange.foreign.lab import lab_library
from labeler.exchange.foreign.points import (
    METRES_PER,
    ForeignPoints,
    Unit,
    Up,
    without_origin,
    wrong_file,
)

Parameters = Mapping[str, Mapping[str, Sequence[Any]]]
"""Lists of texts or numbers, by group and name."""

PATIENCE_S = 120.0
"""A file that takes longer than this to read is damaged: long recordings take a few seconds."""

HEADER_BYTES = 512
"""Of the header, and of each block after it; its first byte says where the parameters are."""

PROCESSOR_BYTE, BIG_ENDIAN = 3, b"\x56"
"""Which byte of the parameters tells the order of bytes, and what it is in files of MIPS machines;
Intel's and DEC's whole numbers begin with the small end."""

SCREENS: Mapping[str, Up] = {"+Z": Up.Z, "Z": Up.Z, "+Y": Up.Y, "Y": Up.Y}
"""POINT:Y_SCREEN: the axis of space that points up on the screen."""


def read_c3d(path: Path) -> ForeignPoints:
    """Read the points of a C3D file; z is up unless the file says otherwise.

    Raises
    ------
    ExchangeError
        If it is no C3D file, or holds no points, no rate or an unknown unit; if ezc3d is missing.
    """
    lab_library("ezc3d", wanted_for=path.name)
    points, residuals, parameters = _content(path)
    told = parameters["POINT"]
    names = _texts(told, "LABELS")
    if not names or not points.shape[2]:
        raise wrong_file(path, "points in the file", f"{len(names)} in {points.shape[2]} frames")
    _require_whole(path, points.shape[2])
    xyz = _measured(points, residuals)[:, : len(names)]
    return ForeignPoints(
        names[: xyz.shape[1]],
        xyz,
        unit=_unit(path, _texts(told, "UNITS")),
        fps=_rate(path, told),
        up=SCREENS.get(next(iter(_texts(told, "Y_SCREEN")), "").upper()),
        made_by=_made_by(parameters["MANUFACTURER"]),
    )


def _content(path: Path) -> tuple[FloatArray, FloatArray, Parameters]:
    """Points, residuals and parameters, read in a process that a damaged file may bring down."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "content.npz"
        command = [sys.executable, "-m", c3d_apart.__name__, str(path), str(target)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise wrong_file(path, "a C3D file", "one that cannot be read to its end") from error
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            got = f"one that says: {said[-1]}" if done.returncode > 0 and said else "a damaged one"
            raise wrong_file(path, "a C3D file", got)
        with np.load(target, allow_pickle=False) as content:
            return content["points"], content["residuals"], json.loads(str(content["told"]))


def _measured(points: FloatArray, residuals: FloatArray) -> FloatArray:
    """Shape (n_frames, n_points, 3): NaN where the residual is negative, and at 0, 0, 0."""
    xyz = without_origin(points[:3].transpose(2, 1, 0))
    if residuals.size:
        xyz[residuals[0].T < 0] = np.nan
    return xyz


def _require_whole(path: Path, n_frames: int) -> None:
    """Refuse a file that ends before its header says: ezc3d reads what there is, and says nothing.

    The header counts frames in two words of 16 bits; longer recordings stop at the largest.
    """
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
        file.seek(HEADER_BYTES * (header[0] - 1) + PROCESSOR_BYTE)
        order = ">" if file.read(1) == BIG_ENDIAN else "<"
    first, last = struct.unpack(f"{order}HH", header[6:10])
    if n_frames < last - first + 1:
        raise wrong_file(
            path,
            f"{last - first + 1} frames, as its header says",
            str(n_frames),
            hint="The file seems cut off: copy or write it anew.",
        )


def _texts(told: Mapping[str, Sequence[Any]], key: str) -> tuple[str, ...]:
    """Texts of a parameter; long lists of labels go on in LABELS2, LABELS3 and so on."""
    keys = [name for name in told if name.rstrip("0123456789") == key]
    return tuple(str(text).strip() for name in keys for text in told[name])


def _unit(path: Path, texts: tuple[str, ...]) -> Unit | None:
    text = texts[0].lower() if texts else ""
    known = {unit.value: unit for unit in METRES_PER}
    if text and text not in known:
        raise wrong_file(path, f"POINT:UNITS of {', '.join(known)}", repr(text))
    return known.get(text)


def _rate(path: Path, told: Mapping[str, Sequence[Any]]) -> float:
    rate = float(next(iter(told.get("RATE", ())), 0.0))
    if not rate > 0:
        raise wrong_file(path, "POINT:RATE above 0", f"{rate:g}")
    return rate


def _made_by(told: Mapping[str, Sequence[Any]]) -> Mapping[str, str]:
    found = {key.lower(): _texts(told, key) for key in ("COMPANY", "SOFTWARE")}
    return {key: texts[0] for key, texts in found.items() if texts}
