"""The manifest of an export: which files belong to it, and how each is known to be unchanged.

It holds nothing about when, where or by which software the files were written: the same data gives
the same manifest.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from labeler.core.errors import ExchangeError
from labeler.exchange.flat.table_files import FileFormat

MANIFEST_FILE = "manifest.json"
FORMAT_NAME = "labeler-dataset"
FORMAT_VERSION = 6
"""Grows with every change of the files; a reader of each older number stays. Poses of the first had
no outline of the trunk, and a dataset's own limits stayed behind; up to the second there were no
assignments, blind repeats and settled disputes; up to the third no slow motion, up to the fourth no
moments of faults; up to the fifth nothing was made up."""

_PLAIN_NAME = re.compile(r"(\w[\w.-]*/)*\w[\w.-]*", re.ASCII)
"""Relative, with ``/`` between folders, and no part that begins with a dot."""

NOT_OURS_HINT = "Choose the folder that `labeler export` wrote: it holds a manifest.json."
DAMAGED_HINT = "Copy the folder again from where it was whole, or export the dataset again."


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of an export; `n_rows` does not count headings, None for what is not a table."""

    sha256: str
    n_bytes: int
    n_rows: int | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.json` says."""

    file_format: FileFormat
    data_as_of: str | None
    features_version: str
    files: Mapping[str, FileEntry]
    format: str = FORMAT_NAME
    format_version: int = FORMAT_VERSION

    def write(self, folder: Path) -> None:
        """Write it; keys and files are sorted."""
        text = json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True, indent=1)
        (folder / MANIFEST_FILE).write_text(text + "\n", "utf-8", newline="\n")

    def as_dict(self) -> dict[str, Any]:
        """The manifest as JSON-ready values."""
        return asdict(self)

    def rows(self) -> list[dict[str, Any]]:
        """One row per file, as people read it; the poses of all clips are one row."""
        poses = [entry for name, entry in self.files.items() if "/" in name]
        rows = [_row(name, entry) for name, entry in self.files.items() if "/" not in name]
        if poses:
            n_rows = sum(entry.n_rows or 0 for entry in poses)
            n_bytes = sum(entry.n_bytes for entry in poses)
            rows.append({"file": f"poses ({len(poses)} files)", "rows": n_rows, "bytes": n_bytes})
        return rows

    def verify(self, folder: Path) -> None:
        """Compare every file with its digest.

        Raises
        ------
        ExchangeError
            If a file is not there or not what it was.
        """
        for name, entry in self.files.items():
            file = folder / name
            if not file.is_file():
                raise ExchangeError(
                    f"{name}: expected this file of the export, got none in {folder}.",
                    hint=DAMAGED_HINT,
                )
            if (found := file_entry(file, None)).sha256 != entry.sha256:
                raise ExchangeError(
                    f"{name}: expected the file as it was exported (SHA-256 {entry.sha256[:12]}…), "
                    f"got a changed one ({found.sha256[:12]}…).",
                    hint=DAMAGED_HINT,
                )


def _row(name: str, entry: FileEntry) -> dict[str, Any]:
    return {"file": name, "rows": entry.n_rows, "bytes": entry.n_bytes}


def file_entry(file: Path, n_rows: int | None) -> FileEntry:
    """Size and digest of a file."""
    content = file.read_bytes()
    return FileEntry(hashlib.sha256(content).hexdigest(), len(content), n_rows)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an export.

    Raises
    ------
    ExchangeError
        If the folder is not an export of labeler, or one of a newer version.
    """
    try:
        content = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        raise _not_ours(folder, f"no readable {MANIFEST_FILE}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT_NAME:
        raise _not_ours(folder, f"a {MANIFEST_FILE} of something else")
    _require_known_version(content.get("format_version"))
    try:
        return _manifest(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _not_ours(folder, f"a {MANIFEST_FILE} that is not whole: {error!s:.200}") from error


def _require_known_version(version: object) -> None:
    if not isinstance(version, int) or not 1 <= version <= FORMAT_VERSION:
        raise ExchangeError(
            f"{MANIFEST_FILE}: expected format version 1 to {FORMAT_VERSION}, got {version!r}.",
            hint="It comes from a newer labeler: update labeler here, then import again.",
        )


def _manifest(content: Mapping[str, Any]) -> Manifest:
    files = {name: FileEntry(**entry) for name, entry in content["files"].items()}
    if odd := [name for name in files if not _PLAIN_NAME.fullmatch(name)]:
        raise ValueError(f"names that are not of files inside the folder: {', '.join(odd)}")
    if (file_format := content["file_format"]) not in get_args(FileFormat):
        raise ValueError(f"file format {file_format!r}")
    return Manifest(
        file_format=file_format,
        data_as_of=content["data_as_of"],
        features_version=content["features_version"],
        files=files,
    )


def _not_ours(folder: Path, got: str) -> ExchangeError:
    return ExchangeError(
        f"{folder}: expected a dataset exported by labeler, got {got}.", hint=NOT_OURS_HINT
    )
