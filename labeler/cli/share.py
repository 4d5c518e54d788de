"""Commands that take datasets out and in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.options import DEFAULT_DATASET, DatasetOption, JsonOption
from labeler.cli.output import log, print_json


class Format(StrEnum):
    """How tables are written."""

    PARQUET = "parquet"
    CSV = "csv"


def export(
    out: Annotated[Path, typer.Option(help="A new folder for the export.")],
    format: Annotated[Format, typer.Option(help="parquet or csv.")] = Format.PARQUET,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Write everything as documented tables: reps, labels, features, poses, splits, journal."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.deriving import features_of_all
    from labeler.workflows.exporting import export_dataset

    with Dataset.open(dataset, create=False) as opened:
        manifest = export_dataset(opened, out, format.value, features=features_of_all(opened))
    if as_json:
        print_json({"path": out, **manifest.as_dict()})
    else:
        log.print(
            f"Written to {out}: {len(manifest.files)} files; datasheet.md says what they hold."
        )


def import_(
    folder: Annotated[Path, typer.Argument(help="A folder that `labeler export` has written.")],
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Restore an export into an empty dataset: clips, repetitions, labels, poses."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.exporting import import_dataset, read_export
    from labeler.workflows.reviewing import summaries

    tables = read_export(folder)  # before a dataset is made for it
    with Dataset.open(dataset) as opened:
        import_dataset(tables, opened)
        found = summaries(opened)
    answer = {"dataset": dataset, "n_clips": len(found), "n_reps": sum(s.n_reps for s in found)}
    if as_json:
        print_json(answer)
    else:
        log.print(f"{answer['n_clips']} clips, {answer['n_reps']} repetitions are in {dataset}.")
