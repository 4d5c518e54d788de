"""Commands that look: at the machine, the dataset, and what was computed from it."""

import runpy
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from labeler.cli.options import (
    DEFAULT_DATASET,
    DEFAULT_MODELS,
    ClipArgument,
    ClipsArgument,
    DatasetOption,
    JsonOption,
    ModelsOption,
)
from labeler.cli.output import log, print_json, print_rows, say_findings

if TYPE_CHECKING:
    from labeler.core.clip import Clip
    from labeler.store.dataset import Dataset

APP_PROGRAM = "labeler.app"
"""The workbench is a program of its own: commands start it and know nothing else of it."""

NO_CLIPS = "No clips yet. Bring some in: labeler ingest PATH --athlete A01 --movement deadlift"
GoodByOption = Annotated[
    str | None,
    typer.Option(
        "--rater",
        envvar="LABELER_RATER",
        help="Only what this rater found good counts; what anybody did, unless named.",
    ),
]
NOTHING_REJECTED = "Nothing else in this clip looks like a repetition."
NOTHING_REMOVED = "No repetition was taken out that would fit in again."
NOTHING_BESIDE = (
    "Nothing. Mark good repetitions of this athlete, movement and view as all clear; tell athlete, "
    "movement and session of what several cameras filmed."
)
NO_REPS = "No repetitions. Tell movement and view (labeler tag), or cut them in the app."


def doctor(dataset: DatasetOption = DEFAULT_DATASET, as_json: JsonOption = False) -> None:
    """Say what is present, what is missing and what to do; exit code 1 when something is."""
    from labeler.workflows.checking import State, examine

    checks = list(examine(dataset))
    print_rows((check.as_dict() for check in checks), as_json=as_json, empty="")
    if any(check.state is State.MISSING for check in checks):
        raise typer.Exit(1)


def clips(dataset: DatasetOption = DEFAULT_DATASET, as_json: JsonOption = False) -> None:
    """List the clips: who, what, from where, how many reps, how far the labelling is."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.reviewing import summaries

    with Dataset.open(dataset, create=False) as opened:
        rows = [found.as_row() for found in summaries(opened)]
    print_rows(rows, as_json=as_json, empty=NO_CLIPS)


def reps(
    clip: ClipArgument,
    rejected: Annotated[
        bool, typer.Option(help="List what was looked at and turned down, and why.")
    ] = False,
    removed: Annotated[
        bool, typer.Option(help="List those that were taken out and would fit in again.")
    ] = False,
    history: Annotated[
        str | None,
        typer.Option(metavar="REP", help="List what happened to one, also one taken out."),
    ] = None,
    rater: Annotated[
        str | None, typer.Option(help="Of a history: only what this rater may see.")
    ] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """List a clip's repetitions: frames, seconds, quality and reasons; of turns which way."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.remembering import find_once, history_of, taken_out
    from labeler.workflows.reviewing import rejected_rows, rep_rows

    with Dataset.open(dataset, create=False) as opened:
        found = opened.clips.get(clip)
        if rejected:
            print_rows(rejected_rows(opened, found), as_json=as_json, empty=NOTHING_REJECTED)
            return
        if removed:
            gone = ({"rep": one.rep_id, **one.as_row()} for one in taken_out(opened, found))
            print_rows(gone, as_json=as_json, empty=NOTHING_REMOVED)
            return
        if history is not None:
            rep_id = find_once(opened, found, history)
            events = history_of(opened, found, rep_id, viewer=rater)
            print_rows((event.as_row() for event in events), as_json=as_json, empty=NO_REPS)
            return
        rows = rep_rows(opened, found)
    print_rows(rows, as_json=as_json, empty=NO_REPS)


def curves(
    clip: ClipArgument,
    frames: Annotated[bool, typer.Option(help="Tell every frame of every repetition.")] = False,
    rater: GoodByOption = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """List when hips and torso have done half their way in each repetition, or each frame."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.courses import course_rows, courses_of, half_rows

    with Dataset.open(dataset, create=False) as opened:
        found = courses_of(opened, opened.clips.get(clip), rater=rater)
    rows = course_rows(found) if frames else half_rows(found)
    print_rows(rows, as_json=as_json, empty=NO_REPS)


def beside(
    clip: ClipArgument,
    rater: GoodByOption = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """List what to see beside each repetition: the athlete's best, or another camera in sync."""
    from labeler.store.dataset import Dataset
    from labeler.workflows import beside as pictures

    with Dataset.open(dataset, create=False) as opened:
        found = pictures.beside(opened, opened.clips.get(clip), rater=rater)
    print_rows((one.as_row() for one in found), as_json=as_json, empty=NOTHING_BESIDE)


def features(
    clips: ClipsArgument = None,
    out: Annotated[Path | None, typer.Option(help="Write a .csv or .parquet file instead.")] = None,
    baseline: Annotated[
        bool, typer.Option(help="As changes from the athlete's own reps marked all clear.")
    ] = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Compute the features of every repetition; empty where view or quality cannot support one."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.baselines import changes_of_all
    from labeler.workflows.deriving import features_of_all
    from labeler.workflows.exporting import write_table

    with Dataset.open(dataset, create=False) as opened:
        if baseline:
            changes = changes_of_all(opened, chosen(opened, clips))
            say_findings(changes.findings)
            table = changes.table
        else:
            table = features_of_all(opened, chosen(opened, clips))
    if out is not None:
        write_table(table.reset_index(), out)
        say_written(out, len(table), as_json=as_json)
    elif as_json:
        print_rows(table.reset_index().to_dict("records"), as_json=True, empty="")
    else:
        turned = (
            table.drop(columns="clip_id", errors="ignore").T.rename_axis("feature").reset_index()
        )
        rows = turned.to_dict("records") if len(table) else []
        print_rows(rows, as_json=False, empty=NO_REPS)


def workbench(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the local server.")] = 8501,
    address: Annotated[
        str, typer.Option(help="Who may reach it: localhost, or 0.0.0.0 for the whole network.")
    ] = "localhost",
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    dataset: DatasetOption = DEFAULT_DATASET,
    models: ModelsOption = DEFAULT_MODELS,
    as_json: JsonOption = False,
) -> None:
    """Open the workbench in the browser."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.checking import require_address

    require_address(address, port)
    Dataset.open(dataset).close()  # made, upgraded or refused before anything is promised
    url = f"http://{address}:{port}"
    log.print(f"labeler opens at {url} (stop with Ctrl-C)")
    if as_json:
        print_json({"url": url})
    place = ["--dataset", str(dataset), "--models", str(models)]
    server = ["--address", address, "--port", str(port)]
    sys.argv = ["labeler app", *place, *server, *([] if browser else ["--no-browser"])]
    runpy.run_module(APP_PROGRAM, run_name="__main__")


def chosen(dataset: "Dataset", names: Sequence[str] | None) -> "Iterator[Clip] | None":
    """The clips that were named; None stands for all."""
    return (dataset.clips.get(name) for name in names) if names else None


def say_written(path: Path, n_rows: int, *, as_json: bool) -> None:
    """Where a table was written, and how long it is."""
    answer: dict[str, Any] = {"path": path, "n_rows": n_rows}
    if as_json:
        print_json(answer)
    else:
        log.print(f"{n_rows} rows written to {path}")
