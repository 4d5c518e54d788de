"""Take a dataset out as documented tables, and restore one from them."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from labeler.catalog.own import OWN_CATALOG
from labeler.core.clip import Clip, FrameTimes
from labeler.core.errors import ExchangeError, UsageError
from labeler.core.label import REPEAT_ROUND
from labeler.rules.thresholds import OVERRIDES
from labeler.store.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

    from labeler.exchange.flat.manifest import Manifest
    from labeler.exchange.flat.table_files import FileFormat
    from labeler.exchange.tables import ExportTables

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The oldest time that a zip file knows: when it was packed is not part of the data."""


def export_dataset(
    dataset: Dataset, folder: Path, file_format: str, *, features: "pd.DataFrame"
) -> "Manifest":
    """Write everything but the videos into a new folder.

    Parameters
    ----------
    file_format : str
        ``parquet`` or ``csv``.
    features : pd.DataFrame
        The features of every repetition in force, as `deriving.features_of_all` computes them.

    Raises
    ------
    ExchangeError
        If the folder holds something, or cannot be written.
    """
    from labeler.exchange.flat_tables import write_dataset  # brings pandas

    return write_dataset(
        tables_of(dataset, features), folder, file_format=_known_format(file_format)
    )


def read_export(folder: Path) -> "ExportTables":
    """Read an export, every file compared with its digest.

    Raises
    ------
    ExchangeError
        If the folder is not a whole export.
    """
    from labeler.exchange.flat_tables import read_dataset  # brings pandas

    return read_dataset(folder)


def import_dataset(tables: "ExportTables", dataset: Dataset) -> None:
    """Restore an export into an empty dataset: clips without video, poses, and the whole journal.

    The faults, and the limits of the rules, that the dataset had of its own come along. An import
    that was broken off may be started again.

    Raises
    ------
    ExchangeError
        If the dataset is not empty, or has other faults or limits of its own.
    """
    _require_empty(dataset, tables)
    _restore_own(dataset, {OVERRIDES: tables.rules, OWN_CATALOG: tables.catalog})
    for clip in tables.clips:
        track = tables.tracks[clip.clip_id]
        dataset.tracks.save(clip.clip_id, track)
        dataset.clips.add(_as_filed(clip, track.times), track.times)
    dataset.journal.record_many(tables.actions)


def _as_filed(clip: Clip, times: FrameTimes) -> Clip:
    """A clip as its file plays: the journal tells anew at which rate it was filmed."""
    if clip.filmed_fps is None:
        return clip
    return replace(
        clip,
        filmed_fps=None,
        time_scale=1.0,
        duration_s=times.duration_s,
        fps_median=times.fps_median,
    )


def tables_of(dataset: Dataset, features: "pd.DataFrame") -> "ExportTables":
    """Everything that an export of the dataset holds."""
    from labeler.exchange.tables import ExportTables, TracksOnDemand  # brings pandas
    from labeler.features.registry import features_version

    clips = tuple(dataset.clips.all())
    return ExportTables(
        clips=clips,
        tracks=TracksOnDemand(
            (clip.clip_id for clip in clips),
            lambda clip_id: dataset.tracks.load(clip_id, dataset.clips.stored_times(clip_id)),
        ),
        actions=tuple(dataset.journal.actions()),
        reps=tuple(dataset.journal.reps()),
        labels=tuple(dataset.journal.answers()),
        features=features,
        features_version=features_version(),
        rules=_own_file(dataset, OVERRIDES),
        catalog=_own_file(dataset, OWN_CATALOG),
        repeats=tuple(dataset.journal.answers(round_number=REPEAT_ROUND)),
        decisions=tuple(dataset.journal.decisions()),
    )


def write_table(table: "pd.DataFrame", path: Path) -> None:
    """Write one table, without its index, to a ``.csv`` or ``.parquet`` file."""
    from labeler.exchange.flat_tables import write_table_file  # brings pandas

    write_table_file(table, path)


def default_folder(dataset: Dataset, file_format: str) -> Path:
    """A new folder inside the dataset, named after this moment."""
    return dataset.exports / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}-{file_format}"


def zipped(folder: Path) -> bytes:
    """A folder as one zip file; equal content gives equal bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as members:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            member = zipfile.ZipInfo(name, date_time=ZIP_TIME)
            members.writestr(member, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _known_format(name: str) -> "FileFormat":
    from labeler.exchange.flat.table_files import FileFormat

    for known in get_args(FileFormat):
        if name == known:
            return known  # type: ignore[no-any-return]  # get_args loses the literal's type
    raise UsageError(
        f"format: expected parquet or csv, got {name!r}.", hint="Parquet is exact and small."
    )


def _own_file(dataset: Dataset, name: str) -> bytes | None:
    """What a coach wrote into the dataset's folder, right or wrong: it is theirs, not ours."""
    file = dataset.folder / name
    return file.read_bytes() if file.is_file() else None


def _restore_own(dataset: Dataset, files: Mapping[str, bytes | None]) -> None:
    """Write a coach's files, once it is known that none of them is there with other words."""
    brought = {name: content for name, content in files.items() if content is not None}
    for name, content in brought.items():
        if _own_file(dataset, name) not in (None, content):
            raise ExchangeError(
                f"{dataset.folder / name}: expected none yet, for the export brings one of its "
                "own, got another one.",
                hint="Rename or remove it, or import into a new folder.",
            )
    for name, content in brought.items():
        (dataset.folder / name).write_bytes(content)


def _require_empty(dataset: Dataset, tables: "ExportTables") -> None:
    """Refuse to mix two datasets; what a broken-off import of this export left is no mixture."""
    own_clips = {clip.clip_id for clip in tables.clips}
    strange = [clip for clip in dataset.clips.all() if clip.clip_id not in own_clips]
    n_actions = len(dataset.journal.actions())
    if strange or n_actions:
        raise ExchangeError(
            f"{dataset.folder}: expected an empty dataset, got one with "
            f"{len(dataset.clips.all())} clips and {n_actions} recorded actions.",
            hint="Import into a new folder: labeler import FOLDER --dataset NEW",
        )
