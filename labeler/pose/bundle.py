"""Finding the pose networks: given, cached, built from a wheel, or downloaded.

The bundle is never part of the project. It is made at first need and kept in the user's cache
folder under a name that ends in its own SHA-256, so that a cached file proves itself.
"""

import hashlib
import logging
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from labeler.core.errors import PoseError
from labeler.pose.layout import MEMBERS

_log = logging.getLogger(__name__)

MODEL_NAME = "pose_landmarker_full"
ENV_BUNDLE = "LABELER_POSE_BUNDLE"


class BundleError(PoseError):
    """The pose networks cannot be had, or the file that was given does not hold them."""


@dataclass(frozen=True, slots=True)
class PoseBundle:
    """A bundle on disk, checked.

    Parameters
    ----------
    path : Path
        The ``.task`` file.
    sha256 : str
        Of its bytes, 64 hexadecimal digits.
    origin : str
        ``given``, ``cached``, ``wheel`` or ``official``.
    """

    path: Path
    sha256: str
    origin: str


@dataclass(frozen=True, slots=True)
class BundleStatus:
    """What `labeler doctor` says about the bundle.

    `bundle` is None where there is none yet, and where the given one is wrong: `is_wrong` then.
    """

    bundle: PoseBundle | None
    message: str
    hint: str = ""
    is_wrong: bool = False


def resolve_bundle(
    given: Path | None = None,
    *,
    cache_dir: Path | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> PoseBundle:
    """Find the pose bundle, making it at first need.

    Tried in this order: `given` or the environment variable ``LABELER_POSE_BUNDLE`` (then nothing
    else), the cached bundle, one built from an older MediaPipe wheel, the official download.

    Parameters
    ----------
    given : Path | None
        A ``.task`` file to use; wins over the environment variable.
    cache_dir : Path | None
        Where to keep the bundle; the user's cache folder by default.
    on_progress : Callable[[str], None] | None
        Is told one line when something has to be fetched; by default the log is (level INFO).

    Raises
    ------
    BundleError
        If the given file is no bundle, or none of the ways works.
    """
    folder = cache_dir or default_cache_dir()
    found = given_bundle(given) or cached_bundle(folder)
    return found or _fetched_bundle(folder, on_progress or _log.info)


def bundle_status(given: Path | None = None, *, cache_dir: Path | None = None) -> BundleStatus:
    """Say whether the bundle is there, without fetching anything."""
    folder = cache_dir or default_cache_dir()
    try:
        bundle = given_bundle(given) or cached_bundle(folder)
    except BundleError as error:
        return BundleStatus(None, error.message, error.hint, is_wrong=True)
    if bundle is None:
        return BundleStatus(
            None,
            f"pose bundle: none yet in {folder}.",
            hint="It is fetched (35 MB, once) when the first video is ingested.",
        )
    digest = bundle.sha256[:12]
    return BundleStatus(bundle, f"pose bundle: {bundle.path} ({bundle.origin}, SHA-256 {digest}…).")


def default_cache_dir() -> Path:
    """The user's cache folder for this program, as the operating system wants it."""
    return platformdirs.user_cache_path("labeler")


def given_bundle(given: Path | None = None) -> PoseBundle | None:
    """The bundle that the caller or the environment names, or None where neither does."""
    named = given or (Path(value) if (value := os.environ.get(ENV_BUNDLE)) else None)
    if named is None:
        return None
    if not named.is_file():
        raise BundleError(
            f"pose bundle: expected a .task file at {named}, got none.",
            hint=f"Correct the path, or unset {ENV_BUNDLE} to have the bundle fetched.",
        )
    _require_members(named)
    return PoseBundle(named, _sha256(named), "given")


def cached_bundle(folder: Path) -> PoseBundle | None:
    """The cached bundle whose bytes still match its name, or None."""
    for path in sorted(folder.glob(f"{MODEL_NAME}-*.task")):
        digest = _sha256(path)
        if path.stem == f"{MODEL_NAME}-{digest}":
            return PoseBundle(path, digest, "cached")
    return None


def _fetched_bundle(folder: Path, tell: Callable[[str], None]) -> PoseBundle:
    # imported here: packing needs MediaPipe, and a cached bundle needs neither
    from labeler.pose import fetching

    sources: Mapping[str, tuple[str, fetching.Source]] = {
        "wheel": (f"pose model: fetching {fetching.WHEEL} (35 MB, once)", fetching.from_wheel),
        "official": (
            "pose model: fetching it from MediaPipe's model page (9 MB, once)",
            fetching.from_model_page,
        ),
    }
    reasons: list[str] = []
    for origin, (line, source) in sources.items():
        tell(line)
        try:
            return _cache(folder, source(), origin)
        except fetching.SourceError as error:
            reasons.append(f"{origin}: {error}")
    raise BundleError(
        f"pose bundle: expected one of four ways to work, got none ({'; '.join(reasons)}).",
        hint=f"Either (1) set {ENV_BUNDLE} to a {MODEL_NAME}.task file, (2) copy the cached one "
        f"from another machine into {folder}, (3) let pip reach an index with {fetching.WHEEL}, "
        f"or (4) allow {fetching.OFFICIAL_URL}.",
    )


def _cache(folder: Path, content: bytes, origin: str) -> PoseBundle:
    """Write whole or not at all; two processes doing so at once write the same file."""
    digest = hashlib.sha256(content).hexdigest()
    path = folder / f"{MODEL_NAME}-{digest}.task"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            part = Path(temporary) / path.name
            part.write_bytes(content)
            part.replace(path)
    except OSError as error:
        raise BundleError(
            f"pose bundle: expected to write into {folder}, got {error.strerror}.",
            hint=f"Make the folder writable, or set {ENV_BUNDLE} to a .task file.",
        ) from error
    return PoseBundle(path, digest, origin)


def _require_members(path: Path) -> None:
    names: list[str] = []
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as bundle:
            names = bundle.namelist()
    if missing := [name for name in MEMBERS if name not in names]:
        raise BundleError(
            f"pose bundle: expected {' and '.join(MEMBERS)} in {path}, "
            f"got a file without {' and '.join(missing)}.",
            hint=f"Use a {MODEL_NAME}.task file, or unset {ENV_BUNDLE} to have it fetched.",
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
