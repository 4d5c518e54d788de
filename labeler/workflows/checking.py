"""What a machine needs to run labeler: what is there, what is missing, what to do."""

import ctypes.util
import errno
import importlib
import importlib.metadata
import os
import platform
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from labeler.core.errors import UsageError

MIN_PYTHON = (3, 11)
TOO_NEW_PYTHON = (3, 14)
"""MediaPipe offers no wheels from here on."""

GRAPHICS = ("GL", "EGL", "GLESv2")
GRAPHICS_HINT = "sudo apt-get install libgl1 libegl1 libgles2"

POSE_HOME = "labeler.pose.mediapipe_pose"

MIN_FREE_GIB = 2.0
"""Room for about fifty one-minute clips with their proxies."""

GIB = 1 << 30

LIBRARIES = (
    "mediapipe",
    "opencv-python",
    "opencv-contrib-python",
    "av",
    "numpy",
    "pandas",
    "scikit-learn",
    "joblib",
    "sqlalchemy",
    "streamlit",
)


LAB_LIBRARIES = ("ezc3d", "h5py", "sleap-io")
"""Optional: they read files of laboratories."""


class State(StrEnum):
    """The outcome of a check."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `hint` says what to do when it is not in order."""

    name: str
    state: State
    found: str
    hint: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The check as JSON-ready values."""
        return asdict(self)


def examine(dataset_folder: Path) -> Iterator[Check]:
    """Look at everything labeler needs, one check after the other, cheapest first."""
    yield python_version()
    yield cores()
    yield from libraries()
    yield laboratory_files()
    yield opencv_twins()
    yield from graphics()
    yield disk(dataset_folder)
    yield writable(dataset_folder)
    yield pose_network()
    yield pose_bundle()


def require_address(address: str, port: int) -> None:
    """Refuse an address that a server cannot listen at; the same trial as the server makes.

    Raises
    ------
    UsageError
        If another program has the port, the system keeps it, or the address is not ours.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as trial:
        if os.name != "nt":  # there it would let two programs have one port
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError as error:
            raise _refused(error, address, port) from None


def _refused(error: OSError, address: str, port: int) -> UsageError:
    if error.errno == errno.EADDRINUSE:
        return UsageError(
            f"port: expected a free one, got {port}, where another program listens.",
            hint=f"Is the workbench open already? Look at http://{address}:{port}; or choose "
            f"another port: labeler app --port {port + 1}",
        )
    if error.errno == errno.EACCES:
        return UsageError(
            f"port: expected one that may be used, got {port}: {error.strerror}.",
            hint="Choose one above 1023, such as: labeler app --port 8501",
        )
    return UsageError(
        f"address: expected one of this computer, got {address!r}: {error.strerror}.",
        hint="Use localhost, or 0.0.0.0 for everybody in the network.",
    )


def python_version() -> Check:
    """Whether this Python is new enough."""
    found = platform.python_version()
    if sys.version_info >= TOO_NEW_PYTHON:
        return Check("Python", State.WARNING, found, "MediaPipe is known to work up to 3.13.")
    if sys.version_info >= MIN_PYTHON:
        return Check("Python", State.OK, found)
    expected = ".".join(map(str, MIN_PYTHON))
    return Check("Python", State.MISSING, found, f"Install Python {expected} or newer.")


def cores() -> Check:
    """How many processors there are, and what that means for ``--jobs``."""
    n_cores = os.cpu_count() or 1
    return Check("Cores", State.OK, f"{n_cores} (use --jobs {n_cores} for several videos)")


def libraries() -> Iterator[Check]:
    """The versions of the libraries that the work rests on."""
    for name in LIBRARIES:
        try:
            yield Check(name, State.OK, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            hint = "Install labeler again with its constraints file, as the README shows."
            yield Check(name, State.MISSING, "not installed", hint)


def laboratory_files() -> Check:
    """Whether poses of laboratories can be read that need a library; nobody else needs them."""
    missing = [name for name in LAB_LIBRARIES if not _is_installed(name)]
    found = (
        f"without {', '.join(missing)}: pip install 'labeler[lab]'"
        if missing
        else "all can be read"
    )
    return Check("C3D, SLEAP, HDF5", State.OK, found)


def _is_installed(name: str) -> bool:
    try:
        return bool(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False


def opencv_twins() -> Check:
    """The two OpenCV packages own one folder: they live together only at the same version."""
    name = "OpenCV packages agree"
    try:
        plain, contrib = map(importlib.metadata.version, ("opencv-python", "opencv-contrib-python"))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, State.MISSING, "one of the two is not installed", "See above.")
    if plain == contrib:
        return Check(name, State.OK, plain)
    hint = f"python -m pip install --force-reinstall opencv-python=={contrib}"
    return Check(name, State.WARNING, f"{plain} and {contrib}", hint)


def graphics() -> Iterator[Check]:
    """Whether OpenCV and MediaPipe find the graphics libraries they link to on Linux."""
    is_linux = sys.platform.startswith("linux")
    for name in GRAPHICS:
        if not is_linux:
            yield Check(f"lib{name}", State.OK, "not needed on this system")
        elif (found := ctypes.util.find_library(name)) is not None:
            yield Check(f"lib{name}", State.OK, found)
        else:
            yield Check(f"lib{name}", State.MISSING, "not found", GRAPHICS_HINT)


def disk(dataset_folder: Path) -> Check:
    """Free room where the dataset lies."""
    free_gib = shutil.disk_usage(_nearest_existing(dataset_folder)).free / GIB
    found = f"{free_gib:.1f} GiB free"
    if free_gib >= MIN_FREE_GIB:
        return Check("Disk", State.OK, found)
    return Check("Disk", State.WARNING, found, f"Free some room: {MIN_FREE_GIB:.0f} GiB is little.")


def writable(dataset_folder: Path) -> Check:
    """Whether the dataset's folder can be written; leaves nothing behind."""
    if dataset_folder.exists() and not dataset_folder.is_dir():
        hint = "Choose a folder with --dataset."
        return Check("Dataset", State.MISSING, f"{dataset_folder} is a file", hint)
    folder = _nearest_existing(dataset_folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Check("Dataset", State.OK, f"{dataset_folder} is writable")
    except OSError as error:
        hint = "Choose another folder with --dataset, or change its permissions."
        return Check("Dataset", State.MISSING, f"{dataset_folder}: {error.strerror}", hint)


def pose_network() -> Check:
    """Whether MediaPipe loads with all that it links to."""
    try:
        importlib.import_module(POSE_HOME)
    except (ImportError, OSError) as error:
        hint = "See the libraries and the graphics libraries above."
        return Check("MediaPipe loads", State.MISSING, str(error), hint)
    return Check("MediaPipe loads", State.OK, "yes")


def pose_bundle() -> Check:
    """Whether the pose network is there and is the one we know."""
    from labeler.pose.bundle import bundle_status

    status = bundle_status()
    if status.bundle is None:
        state = State.MISSING if status.is_wrong else State.WARNING
        return Check("Pose bundle", state, status.message, status.hint)
    return Check("Pose bundle", State.OK, status.message)


def _nearest_existing(folder: Path) -> Path:
    """`folder`, or the closest folder above it that exists."""
    resolved = folder.resolve()
    return next(place for place in (resolved, *resolved.parents) if place.is_dir())
