"""The `labeler` command: its parts, and what happens when one of them fails."""

import sys
from typing import Any, NoReturn

import typer

from labeler.cli import (
    agree,
    athlete,
    bring,
    catalog,
    demo,
    judge,
    label,
    look,
    measure,
    model,
    models,
    own,
    raters,
    share,
    suggest,
)
from labeler.cli.output import print_error, print_every_character
from labeler.core.errors import LabelerError, UsageError

EXIT_FAILED = 1
EXIT_NOT_UNDERSTOOD = 2

NotUnderstoodError: type[Exception] = typer.BadParameter.__mro__[1]
"""What Typer raises for every command line that it cannot read: it gives only this kind a name."""

START, BRING, LABEL, RATERS = "Begin here", "Bring in", "Label", "Several raters"
MEASURE, MODELS, SHARE = "Measure", "Models", "Take out and put back"
"""How the commands are grouped in `labeler --help`, in the order of an evening's work."""

app = typer.Typer(
    name="labeler",
    help="From exercise videos to fault labels, and from labels to a classifier you can trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo", rich_help_panel=START)(demo.demo)
app.command("app", rich_help_panel=START)(look.workbench)
app.command("tour", rich_help_panel=START)(demo.tour)
app.command("doctor", rich_help_panel=START)(look.doctor)
app.command("ingest", rich_help_panel=BRING)(bring.ingest)
app.command("import-pose", rich_help_panel=BRING)(bring.import_pose)
app.command("clips", rich_help_panel=BRING)(look.clips)
app.command("tag", rich_help_panel=BRING)(bring.tag)
app.command("reps", rich_help_panel=LABEL)(look.reps)
app.command("faults", rich_help_panel=LABEL)(catalog.faults)
app.command("keys", rich_help_panel=LABEL)(own.keys)
app.command("loop", rich_help_panel=LABEL)(own.loop)
app.command("overlays", rich_help_panel=LABEL)(own.overlays)
app.add_typer(label.app, name="label", rich_help_panel=LABEL)
app.command("queue", rich_help_panel=RATERS)(raters.queue)
app.command("next", rich_help_panel=RATERS)(suggest.next_)
app.command("assign", rich_help_panel=RATERS)(raters.assign)
app.command("compare", rich_help_panel=RATERS)(raters.compare)
app.command("disputes", rich_help_panel=RATERS)(raters.disputes)
app.command("decide", rich_help_panel=RATERS)(raters.decide)
app.command("agreement", rich_help_panel=RATERS)(agree.agreement)
app.command("signals", rich_help_panel=MEASURE)(measure.signals)
app.command("curves", rich_help_panel=MEASURE)(look.curves)
app.command("beside", rich_help_panel=MEASURE)(look.beside)
app.command("features", rich_help_panel=MEASURE)(look.features)
app.command("athlete", rich_help_panel=MEASURE)(athlete.athlete)
app.add_typer(judge.app, name="rules", rich_help_panel=MEASURE)
app.command("train", rich_help_panel=MODELS)(model.train)
app.command("evaluate", rich_help_panel=MODELS)(model.evaluate)
app.command("predict", rich_help_panel=MODELS)(model.predict)
app.command("detect", rich_help_panel=MODELS)(models.detect)
app.add_typer(models.app, name="models", rich_help_panel=MODELS)
app.command("export", rich_help_panel=SHARE)(share.export)
app.command("import", rich_help_panel=SHARE)(share.import_)


def main() -> None:
    """Run the command line; what a user can meet is one message, never a traceback."""
    print_every_character()
    as_json = "--json" in sys.argv  # now: the workbench is a program with words of its own
    try:
        sys.exit(app(prog_name="labeler", standalone_mode=not as_json))
    except NotUnderstoodError as error:  # Typer says it itself, in words only, unless asked not to
        print_error(_as_ours(error), as_json=as_json)
        sys.exit(EXIT_NOT_UNDERSTOOD)
    except LabelerError as error:
        _fail(error, as_json=as_json)
    except OSError as error:  # from a place where no workflow expects one
        _fail(_explained(error), as_json=as_json)


def _fail(error: LabelerError, *, as_json: bool) -> NoReturn:
    print_error(error, as_json=as_json)
    sys.exit(EXIT_FAILED)


def _as_ours(error: Exception) -> UsageError:
    """A command line that was not understood, as an error like any other."""
    told: Any = error
    command = told.ctx.command_path if told.ctx else "labeler"
    return UsageError(told.format_message(), hint=f"See: {command} --help")


def _explained(error: OSError) -> LabelerError:
    where = error.filename or "the system"
    return UsageError(
        f"{where}: expected to read or write there, got: {error.strerror or error}.",
        hint="Check the path, its permissions and the free disk space.",
    )
