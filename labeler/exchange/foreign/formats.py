"""The formats in which poses come from elsewhere, and how a file tells which it is."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from labeler.core.errors import ExchangeError
from labeler.exchange.foreign.blazepose_json import read_blazepose
from labeler.exchange.foreign.c3d import read_c3d
from labeler.exchange.foreign.deeplabcut import looks_like_header, read_deeplabcut
from labeler.exchange.foreign.lab import lab_library
from labeler.exchange.foreign.openpose import SUFFIX, frame_files, read_openpose
from labeler.exchange.foreign.plain import read_plain
from labeler.exchange.foreign.points import ForeignPoints, wrong_file
from labeler.exchange.foreign.sleap import read_sleap
from labeler.exchange.foreign.trc import read_trc


class PoseFormat(StrEnum):
    """A format; the name is that of its map of names, too."""

    BLAZEPOSE = "blazepose"
    OPENPOSE = "openpose"
    DEEPLABCUT = "deeplabcut"
    SLEAP = "sleap"
    C3D = "c3d"
    TRC = "trc"
    PLAIN = "plain"


READERS: Mapping[PoseFormat, Callable[[Path], ForeignPoints]] = {
    PoseFormat.BLAZEPOSE: read_blazepose,
    PoseFormat.OPENPOSE: read_openpose,
    PoseFormat.DEEPLABCUT: read_deeplabcut,
    PoseFormat.SLEAP: read_sleap,
    PoseFormat.C3D: read_c3d,
    PoseFormat.TRC: read_trc,
    PoseFormat.PLAIN: read_plain,
}

BY_ENDING: Mapping[str, PoseFormat] = {
    ".json": PoseFormat.BLAZEPOSE,
    ".slp": PoseFormat.SLEAP,
    ".c3d": PoseFormat.C3D,
    ".trc": PoseFormat.TRC,
    ".npz": PoseFormat.PLAIN,
}
"""Endings that belong to one format; CSV and HDF5 files are looked into."""

HDF5_ENDINGS = (".h5", ".hdf5")

SLEAP_NAMES = "node_names"
"""A data set that every analysis file of SLEAP has, and none of DeepLabCut's."""


def read_points(path: Path, pose_format: PoseFormat | None = None) -> ForeignPoints:
    """Read a file, or OpenPose's folder; the format is found out where it is not told.

    Raises
    ------
    ExchangeError
        If it cannot be read, or is of no known format.
    """
    try:
        return READERS[pose_format or format_of(path)](path)
    except OSError as error:
        raise ExchangeError(
            f"{path}: expected to read it, got: {error.strerror or error}.",
            hint="Check the path and its permissions.",
        ) from error


def format_of(path: Path) -> PoseFormat:
    """The format of a file, by its ending and, where that is not enough, its content."""
    ending = path.suffix.lower()
    if path.is_dir():
        return _format_of_folder(path)
    if path.name.endswith(SUFFIX):
        hint = f"Name the folder {path.parent}: its files are the frames of one clip."
        raise wrong_file(path, "a whole recording", "one frame of OpenPose", hint=hint)
    if ending in BY_ENDING:
        return BY_ENDING[ending]
    if ending == ".csv":
        with path.open(encoding="utf-8", errors="replace") as file:
            is_dlc = looks_like_header(file.readline())
        return PoseFormat.DEEPLABCUT if is_dlc else PoseFormat.PLAIN
    if ending in HDF5_ENDINGS:
        return _format_of_hdf5(path)
    known = ", ".join((*BY_ENDING, ".csv", *HDF5_ENDINGS))
    raise wrong_file(path, f"a name that ends in {known}", repr(ending))


def _format_of_hdf5(path: Path) -> PoseFormat:
    h5py: Any = lab_library("h5py", wanted_for=path.name)
    try:
        with h5py.File(path, "r") as file:
            return PoseFormat.SLEAP if SLEAP_NAMES in file else PoseFormat.DEEPLABCUT
    except OSError as error:
        raise wrong_file(path, "an HDF5 file", f"one that says: {error}") from error


def _format_of_folder(folder: Path) -> PoseFormat:
    if frame_files(folder):
        return PoseFormat.OPENPOSE
    raise wrong_file(
        folder,
        f"a folder of OpenPose, with files that end in {SUFFIX}",
        "none of them",
        hint="Name the files themselves.",
    )
