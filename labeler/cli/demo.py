"""The command with which a newcomer begins: a dataset to look at, and the workbench on it."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from labeler.cli.look import workbench
from labeler.cli.options import DEFAULT_DATASET, DatasetOption, JsonOption
from labeler.cli.output import log, print_json, print_rows

DEFAULT_DEMO = Path("datasets") / "demo"

EXIT_INTERRUPTED = 130
"""As shells tell of Ctrl-C."""


def demo(
    dataset: Annotated[
        Path, typer.Option("--folder", "--dataset", help="Folder of the demo dataset.")
    ] = DEFAULT_DEMO,
    athletes: Annotated[int | None, typer.Option(help="Made-up athletes; usually 6.")] = None,
    reps: Annotated[int | None, typer.Option(help="Repetitions of each set; usually 8.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed, other athletes.")] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Sets worked on at once; as many as there are cores.")
    ] = None,
    app: Annotated[bool, typer.Option("--app/--no-app", help="Open the workbench on it.")] = True,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the local server.")] = 8501,
    as_json: JsonOption = False,
) -> None:
    """Make a demo dataset of made-up athletes, or take up the one that is there, and open it.

    Interrupted, it goes on where it was: run the same command again.
    """
    from labeler.workflows.checking import require_address
    from labeler.workflows.demo.contents import wish_of
    from labeler.workflows.demo.making import MODELS, Listener, make_demo

    if app:
        require_address("localhost", port)  # said before minutes of work
    wish = wish_of(n_athletes=athletes, n_reps=reps, seed=seed)
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()
    try:
        with Progress(
            *columns,
            TimeRemainingColumn(),
            console=log,
            transient=True,
            disable=not log.is_terminal,
        ) as bar:
            task = bar.add_task("Frames filmed and measured", total=None)
            listener = Listener(
                log.print, lambda done, total: bar.update(task, completed=done, total=total)
            )
            made = make_demo(dataset, wish, n_jobs=jobs or _n_cores(), listener=listener)
    except KeyboardInterrupt:
        log.print("Stopped. What is done stays: the same command goes on from there.")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    log.print(f"{made.n_clips} clips, {made.n_reps} repetitions, all of them made up: {dataset}")
    for reason in made.skipped.values():
        log.print(f"No model. {reason}")
    if as_json:
        print_json(made.as_dict())
    if app:
        models = dataset / MODELS
        workbench(port, "localhost", browser, dataset, models, as_json)


def tour(
    on: Annotated[bool, typer.Option("--on/--off", help="Show it, or close it.")] = True,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Show the guided tour of the workbench again, on any dataset; reload the page to see it."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.touring import is_touring, keep_tour

    with Dataset.open(dataset, create=False) as opened:
        keep_tour(opened, is_on=on)
        row = {"dataset": dataset, "tour": is_touring(opened)}
    print_rows([row], as_json=as_json, empty="")


def _n_cores() -> int:
    return os.cpu_count() or 1
