"""The command of the catalogue: which faults are asked, and how a dataset changes them."""

from typing import Annotated

import typer

from labeler.cli.options import DEFAULT_DATASET, DatasetOption, JsonOption
from labeler.cli.output import log, print_json, print_rows


def faults(
    init: Annotated[
        bool, typer.Option("--init", help="Write catalog.toml into the dataset, to edit there.")
    ] = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """List the faults in force for a dataset, and which of them are its own or retired."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.cataloguing import fault_rows, how_to_change, init_catalog

    if not init:
        rows = fault_rows(dataset)
        shown = rows if as_json else [{name: row[name] for name in SHOWN} for row in rows]
        print_rows(shown, as_json=as_json, empty="")
        log.print(how_to_change(dataset))
        return
    with Dataset.open(dataset, create=False) as opened:
        file = init_catalog(opened.folder)
    if as_json:
        print_json({"path": file})
    else:
        log.print(f"{file} written: edit it, then look with: labeler faults")


SHOWN = ("fault", "name", "movements", "views", "is_retired", "from")
"""Columns of the table; JSON has them all."""
