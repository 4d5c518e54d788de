"""Commands of the hand-written rules: what they answer, and by which limits."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from labeler.cli.look import NO_REPS, chosen
from labeler.cli.options import (
    DEFAULT_DATASET,
    ClipsArgument,
    DatasetOption,
    JsonOption,
    ViewerOption,
)
from labeler.cli.output import RATE_FIRST, log, print_json, print_rows

ASK = "ask"
"""What `labeler rules` does unless told otherwise."""


class AskUnlessTold(TyperGroup):
    """``labeler rules CLIP`` is ``labeler rules ask CLIP``: most people want nothing else."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  Typer hides its type
        """Put the usual command in front where none was given."""
        is_told = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_told else [ASK, *args])


app = typer.Typer(
    cls=AskUnlessTold,
    help="Ask the hand-written rules about clips (all, unless named), or look at their limits.",
)


@app.command(ASK)
def rules(
    clips: ClipsArgument = None,
    viewer: ViewerOption = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Ask: fired, passed, too close to call or not applicable, with margin and reason."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.deriving import rules_of_all
    from labeler.workflows.disputes import without_hidden

    with Dataset.open(dataset, create=False) as opened:
        answers = rules_of_all(opened, chosen(opened, clips)).to_dict("records")
        rows = without_hidden(opened, viewer, answers)
    print_rows(rows, as_json=as_json, empty=RATE_FIRST if answers else NO_REPS)


@app.command("limits")
def limits(
    init: Annotated[
        bool, typer.Option("--init", help="Write rules.toml into the dataset, to edit there.")
    ] = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """List the limits in force for a dataset: value, uncertainty, evidence and source."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.limits import init_limits, limit_rows

    if not init:
        rows = limit_rows(dataset)
        shown = rows if as_json else [{name: row[name] for name in SHOWN} for row in rows]
        print_rows(shown, as_json=as_json, empty="")
        return
    with Dataset.open(dataset, create=False) as opened:
        file = init_limits(opened.folder)
    if as_json:
        print_json({"path": file})
    else:
        log.print(f"{file} written: edit it, then look with: labeler rules limits")


SHOWN = ("fault", "limit", "value", "uncertainty", "unit", "is_used", "evidence", "source")
"""Columns of the table; JSON has them all."""
