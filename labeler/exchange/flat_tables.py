"""A dataset as a folder of flat tables, and back: the format that loses nothing but the videos.

The files are described in docs/dataset-format.md. Equal data gives equal bytes.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pandas as pd
import pyarrow as pa

from labeler.catalog.own import OWN_CATALOG
from labeler.core.clip import Clip, ClipId
from labeler.core.errors import ExchangeError
from labeler.core.label import Decision, Label
from labeler.core.rep import RepRecord
from labeler.core.track import PoseTrack
from labeler.exchange.flat.clip_rows import clip_schema_for, clip_table, clips_of, made_by_of
from labeler.exchange.flat.datasheet import datasheet
from labeler.exchange.flat.feature_columns import feature_schema, to_arrow, to_pandas
from labeler.exchange.flat.journal_lines import JOURNAL_FILE, read_journal, write_journal
from labeler.exchange.flat.manifest import (
    DAMAGED_HINT,
    FileEntry,
    Manifest,
    file_entry,
    read_manifest,
)
from labeler.exchange.flat.pose_tables import pose_table, pose_track, schema_for
from labeler.exchange.flat.rep_rows import (
    DECISION_SCHEMA,
    LABEL_SCHEMA,
    REP_SCHEMA,
    decision_table,
    decisions_of,
    known_columns,
    label_table,
    labels_of,
    rep_table,
    reps_of,
    split_table,
)
from labeler.exchange.flat.splits import Folds, athlete_folds
from labeler.exchange.flat.table_files import (
    FileFormat,
    column_names,
    file_name,
    read_table,
    readable,
    write_table,
)
from labeler.exchange.tables import ExportTables, TracksOnDemand
from labeler.rules.thresholds import OVERRIDES

CLIPS, REPS, LABELS, FEATURES, SPLITS = "clips", "reps", "labels_long", "features", "splits"
REPEATS, DECISIONS = "repeats_long", "decisions"
"""Tables that came with the third format."""

POSES_FOLDER = "poses"
DATASHEET_FILE = "datasheet.md"
RULES_FILE = OVERRIDES
"""A coach's own limits, as they lie in the dataset; only where there are any."""
CATALOG_FILE = OWN_CATALOG
"""A coach's own faults, the same."""


def write_dataset(export: ExportTables, folder: Path, *, file_format: FileFormat) -> Manifest:
    """Write a dataset into a new folder: the whole of it appears at once, or nothing.

    Parameters
    ----------
    folder : Path
        Must not exist, or be empty.

    Returns
    -------
    Manifest
        What was written, as in ``manifest.json``.

    Raises
    ------
    ExchangeError
        If the folder holds anything already, or cannot be written.
    """
    folder = folder.resolve()  # a name to write beside, also for "."
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise ExchangeError(
            f"{folder}: expected a new or an empty folder, got one that holds something.",
            hint="Name a new folder; nothing is overwritten.",
        )
    with _appearing_at_once(folder) as unfinished:
        files = _write_files(export, unfinished, file_format)
        manifest = Manifest(file_format, export.data_as_of, export.features_version, files)
        manifest.write(unfinished)
    return manifest


def read_dataset(folder: Path) -> ExportTables:
    """Read a dataset back; every file is compared with its digest before any is opened.

    Raises
    ------
    ExchangeError
        If the folder is not an export, comes from a newer version, or a file is missing, changed
        or not what it should be.
    """
    manifest = read_manifest(folder)
    manifest.verify(folder)
    source = _Source(folder, manifest)
    clips, tracks = _read_clips(source)
    return ExportTables(
        clips=clips,
        tracks=tracks,
        actions=read_journal(source.path(JOURNAL_FILE)),
        reps=_read_reps(source),
        labels=_read_labels(source, LABELS),
        features=_read_features(source),
        features_version=manifest.features_version,
        rules=_read_own(source, RULES_FILE),
        catalog=_read_own(source, CATALOG_FILE),
        repeats=_read_labels(source, REPEATS) if source.has_table(REPEATS) else (),
        decisions=_read_decisions(source) if source.has_table(DECISIONS) else (),
    )


def _read_own(source: "_Source", name: str) -> bytes | None:
    """A file that a coach wrote, as it is; None where the export has none."""
    return source.path(name).read_bytes() if name in source.manifest.files else None


def write_table_file(table: pd.DataFrame, path: Path) -> None:
    """Write any one table, without its index, to a ``.csv`` or ``.parquet`` file.

    An older file of that name is replaced, at once.

    Raises
    ------
    ExchangeError
        If the name ends otherwise, or the file cannot be written.
    """
    if path.suffix not in (".csv", ".parquet"):
        raise ExchangeError(
            f"{path}: expected a name that ends in .csv or .parquet, got {path.suffix!r}.",
            hint="The ending chooses the format.",
        )
    columns = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    unfinished = path.with_name(f".{uuid4().hex}{path.suffix}")
    with _disk_errors(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_table(columns, unfinished)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


# --------------------------------------------------------------------------- writing


def _write_files(
    export: ExportTables, folder: Path, file_format: FileFormat
) -> Mapping[str, FileEntry]:
    """Write everything but the manifest; returns what the manifest says of each file."""
    folds = athlete_folds(export.clips, export.reps)
    n_rows: dict[str, int | None] = {}
    for stem, table in _tables(export, folds):
        name = file_name(stem, file_format)
        write_table(table, folder / name)
        n_rows[name] = table.num_rows
    for clip in export.clips:
        name = _pose_name(clip.clip_id, file_format)
        (folder / name).parent.mkdir(exist_ok=True)
        write_table(pose_table(export.tracks[clip.clip_id]), folder / name)
        n_rows[name] = clip.n_frames
    write_journal(export.actions, folder / JOURNAL_FILE)
    n_rows[JOURNAL_FILE] = len(export.actions)
    (folder / DATASHEET_FILE).write_text(datasheet(export, folds), "utf-8", newline="\n")
    n_rows[DATASHEET_FILE] = None
    for name, content in ((RULES_FILE, export.rules), (CATALOG_FILE, export.catalog)):
        if content is not None:
            (folder / name).write_bytes(content)
            n_rows[name] = None
    return {name: file_entry(folder / name, rows) for name, rows in sorted(n_rows.items())}


def _tables(export: ExportTables, folds: Folds) -> Iterator[tuple[str, pa.Table]]:
    clips = export.clip_of()
    yield CLIPS, clip_table(export.clips, export.tracks)
    yield REPS, rep_table(export.reps, clips)
    yield LABELS, label_table(export.labels, export.reps, clips)
    yield REPEATS, label_table(export.repeats, export.reps, clips)
    yield DECISIONS, decision_table(export.decisions, export.reps, clips)
    yield FEATURES, to_arrow(export.features)
    yield SPLITS, split_table(folds, export.clips, export.reps)


def _pose_name(clip_id: ClipId, file_format: FileFormat) -> str:
    return f"{POSES_FOLDER}/{file_name(clip_id, file_format, is_packed=True)}"


@contextmanager
def _appearing_at_once(folder: Path) -> Iterator[Path]:
    """A folder to work in that takes its name when all is well, and goes away when not."""
    unfinished = folder.with_name(f".{folder.name}-{uuid4().hex}")
    with _disk_errors(folder):
        try:
            unfinished.mkdir(parents=True)
            yield unfinished
            if folder.exists():
                folder.rmdir()  # empty; not every system renames onto it
            unfinished.rename(folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExchangeError(
            f"{path}: expected to write there, got: {error.strerror or error}.",
            hint="Check that the place exists, is yours to write, and has room.",
        ) from error


# --------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class _Source:
    """The files of a verified export."""

    folder: Path
    manifest: Manifest

    def path(self, name: str) -> Path:
        """A file that the manifest vouches for."""
        if name not in self.manifest.files:
            raise ExchangeError(
                f"{name}: expected it among the files of the manifest, got none of that name.",
                hint=DAMAGED_HINT,
            )
        return self.folder / name

    def has_table(self, stem: str) -> bool:
        """Whether there is a table of that name: older formats had fewer."""
        return file_name(stem, self.manifest.file_format) in self.manifest.files

    def table_path(self, stem: str) -> Path:
        return self.path(file_name(stem, self.manifest.file_format))

    def track(self, clip: Clip, made_by: Mapping[str, str]) -> PoseTrack:
        path = self.path(_pose_name(clip.clip_id, self.manifest.file_format))
        table = read_table(path, schema_for(column_names(path)))
        with readable(path.name):
            return pose_track(
                table,
                start_offset_s=clip.start_offset_s,
                size_px=(clip.width_px, clip.height_px),
                made_by=made_by,
            )


def _read_clips(source: _Source) -> tuple[tuple[Clip, ...], Mapping[ClipId, PoseTrack]]:
    path = source.table_path(CLIPS)
    table = read_table(path, clip_schema_for(column_names(path)))
    with readable(path.name):
        clips, made_by = clips_of(table), made_by_of(table)
    of_id = {clip.clip_id: clip for clip in clips}
    tracks = TracksOnDemand(of_id, lambda name: source.track(of_id[name], made_by[name]))
    return clips, tracks


def _read_reps(source: _Source) -> tuple[RepRecord, ...]:
    path = source.table_path(REPS)
    table = read_table(path, known_columns(REP_SCHEMA, column_names(path)))
    with readable(path.name):
        return reps_of(table)


def _read_labels(source: _Source, stem: str) -> tuple[Label, ...]:
    path = source.table_path(stem)
    table = read_table(path, known_columns(LABEL_SCHEMA, column_names(path)))
    with readable(path.name):
        return labels_of(table)


def _read_decisions(source: _Source) -> tuple[Decision, ...]:
    path = source.table_path(DECISIONS)
    table = read_table(path, known_columns(DECISION_SCHEMA, column_names(path)))
    with readable(path.name):
        return decisions_of(table)


def _read_features(source: _Source) -> pd.DataFrame:
    path = source.table_path(FEATURES)
    return to_pandas(read_table(path, feature_schema(column_names(path))))
