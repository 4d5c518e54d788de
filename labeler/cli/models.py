"""Commands about models as things: which there are, which of them speak, and whom to trust."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from labeler.cli.look import say_written
from labeler.cli.options import (
    DEFAULT_DATASET,
    DEFAULT_MODELS,
    DatasetOption,
    JsonOption,
    ModelsOption,
    MovementOption,
    RaterOption,
    ViewerOption,
    ViewOption,
)
from labeler.cli.output import RATE_FIRST, log, print_json, print_rows, say_findings
from labeler.core.clip import ClipTags
from labeler.core.errors import UsageError

LIST = "list"
"""What `labeler models` does unless told otherwise."""


class ListUnlessTold(TyperGroup):
    """``labeler models`` is ``labeler models list``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  Typer hides its type
        """Put the usual command in front where none was given."""
        is_told = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_told else [LIST, *args])


app = typer.Typer(
    cls=ListUnlessTold,
    help="List the models, hold two side by side, say which ones speak, trust one, share one.",
)

ModelArgument = Annotated[Path, typer.Argument(help="A model: its name in models/, or its folder.")]
ReasonOption = Annotated[str, typer.Option(help="Why, in your words: kept in the history.")]


@app.command(LIST)
def models(
    models: ModelsOption = DEFAULT_MODELS,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """List the models: what each learned from, what it speaks for, whether it can be used."""
    from labeler.workflows.modelling import listed

    rows = listed(models, dataset)
    print_rows(rows, as_json=as_json, empty="No models yet: labeler train --help")


@app.command("compare")
def compare(
    first: ModelArgument,
    second: ModelArgument,
    models: ModelsOption = DEFAULT_MODELS,
    as_json: JsonOption = False,
) -> None:
    """Hold two models side by side: data, numbers with their intervals, where they come from."""
    from labeler.workflows.modelling import compared
    from labeler.workflows.training import model_folder

    rows = compared(model_folder(first, models), model_folder(second, models))
    print_rows(rows, as_json=as_json, empty="")


@app.command("changes")
def changes(
    old: ModelArgument,
    new: ModelArgument,
    viewer: ViewerOption = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    models: ModelsOption = DEFAULT_MODELS,
    as_json: JsonOption = False,
) -> None:
    """List the repetitions on which two models of a fault differ, and which agrees with raters."""
    from labeler.learn.card import read_card
    from labeler.store.dataset import Dataset
    from labeler.workflows.changes import changes
    from labeler.workflows.disputes import without_hidden
    from labeler.workflows.training import model_folder

    cards = [read_card(model_folder(name, models)) for name in (old, new)]
    with Dataset.open(dataset, create=False) as opened:
        found = changes(opened, *cards)
        rows = without_hidden(opened, viewer, found.rows())
    print_rows(rows, as_json=as_json, empty="")
    if not as_json:
        log.print(found.words)


@app.command("promote")
def promote(
    model: ModelArgument,
    rater: RaterOption,
    movement: Annotated[
        list[str] | None,
        typer.Option(help="For this movement only (repeat for more); all it learned from, else."),
    ] = None,
    despite: Annotated[
        str, typer.Option(help="Promote a model that is not shown to beat the rules: why.")
    ] = "",
    dataset: DatasetOption = DEFAULT_DATASET,
    models: ModelsOption = DEFAULT_MODELS,
    as_json: JsonOption = False,
) -> None:
    """Let a model speak for its fault in place of the rule; `models retire` takes it back."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.promoting import promote
    from labeler.workflows.training import model_folder

    with Dataset.open(dataset, create=False) as opened:
        made = promote(
            opened,
            model_folder(model, models),
            by=rater,
            movements=movement or (),
            despite=despite,
        )
    if as_json:
        print_json(made.as_row())
    else:
        log.print(made.words)


@app.command("retire")
def retire(
    model: Annotated[str, typer.Argument(help="The name of a model that speaks.")],
    rater: RaterOption,
    reason: ReasonOption = "",
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Let the rule speak again where a model does; the model stays and can be promoted again."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.promoting import retire

    with Dataset.open(dataset, create=False) as opened:
        made = retire(opened, model, by=rater, reason=reason)
    for one in made:
        if as_json:
            print_json(one.as_row())
        else:
            log.print(one.words)


@app.command("history")
def history(dataset: DatasetOption = DEFAULT_DATASET, as_json: JsonOption = False) -> None:
    """Every model that was promoted or retired: when, by whom and why."""
    from labeler.workflows.promoting import history

    rows = [one.as_row() for one in history(dataset)]
    print_rows(rows, as_json=as_json, empty="No model was ever promoted: the rules speak.")


@app.command("trust")
def trust(
    model: ModelArgument,
    rater: RaterOption,
    yes: Annotated[bool, typer.Option("--yes", help="You have looked at it: do not ask.")] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="Trust it no longer.")] = False,
    reason: ReasonOption = "",
    models: ModelsOption = DEFAULT_MODELS,
    as_json: JsonOption = False,
) -> None:
    """Look at the card of a model that was not trained here, and say that it may be opened."""
    from labeler.workflows import modelling
    from labeler.workflows.training import model_folder

    folder = model_folder(model, models)
    if revoke:
        made = modelling.distrust(folder, by=rater, reason=reason)
    else:
        looked = modelling.review(folder)
        log.print(looked.page, soft_wrap=True)
        log.print(looked.words)
        if as_json and not yes:
            raise UsageError(
                f"{folder.name}: expected --yes beside --json, got neither question nor answer.",
                hint="Look at it first: labeler models trust, without --json.",
            )
        if not yes:
            typer.confirm(f"Trust {folder.name} on this computer?", abort=True, err=True)
        made = modelling.trust(looked, by=rater, reason=reason)
    if as_json:
        print_json(made.as_row())
    else:
        log.print(f"{folder.name} is {'trusted' if made.is_trusted else 'not trusted'} here.")


@app.command("share")
def share(
    model: ModelArgument,
    out: Annotated[Path, typer.Argument(help="New folder to write, such as to-kim/rounding.")],
    models: ModelsOption = DEFAULT_MODELS,
    as_json: JsonOption = False,
) -> None:
    """Write a model for somebody else: a file without code (skops), and its card."""
    from labeler.workflows import modelling
    from labeler.workflows.training import model_folder

    card = modelling.share(model_folder(model, models), out)
    if as_json:
        print_json({"model": out, "members": card.members, "sha256": card.sha256})
    else:
        log.print(f"{out} written. Whoever gets it: labeler models trust {out.name}")


def detect(
    clip: Annotated[
        str | None,
        typer.Argument(
            help="A clip of the dataset, or a video file. All clips when none is named."
        ),
    ] = None,
    fault: Annotated[
        list[str] | None, typer.Option(help="These faults only (repeat for more).")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write a .csv or .parquet file instead.")] = None,
    movement: MovementOption = None,
    view: ViewOption = None,
    viewer: ViewerOption = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    models: ModelsOption = DEFAULT_MODELS,
    as_json: JsonOption = False,
) -> None:
    """Ask whoever speaks for each fault, its rule or a promoted model, about every repetition."""
    from labeler.workflows.detectors import detect_all, detect_any, write_answers
    from labeler.workflows.predicting import seen_rows

    if clip is None:
        found = detect_all(dataset, models)
    else:
        found = detect_any(dataset, clip, models, tags=ClipTags(movement=movement, view=view))
    rows = found.rows()
    seen = seen_rows(dataset, viewer, rows)
    shown = [row for row in seen if not fault or row["fault"] in fault]
    if not as_json:
        say_findings(found.findings)
    if out is not None:
        write_answers(shown, out)
        say_written(out, len(shown), as_json=as_json)
        return
    empty = "The clip has no repetitions." if not rows else NOTHING_OF_IT
    print_rows(shown, as_json=as_json, empty=empty if seen or not rows else RATE_FIRST)


NOTHING_OF_IT = "No rule and no promoted model answers about that fault."
