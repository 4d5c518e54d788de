"""The `labeler` command: its parts, and what happens when one of them fails."""

import sys
from typing import NoReturn

import typer

from labeler.cli import agree, bring, judge, label, look, measure, model, own, raters, share
from labeler.cli.output import print_error, print_every_character
from labeler.core.errors import LabelerError, UsageError

EXIT_FAILED = 1

app = typer.Typer(
    name="labeler",
    help="From exercise videos to fault labels, and from labels to a classifier you can trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("ingest")(bring.ingest)
app.command("import-pose")(bring.import_pose)
app.command("doctor")(look.doctor)
app.command("clips")(look.clips)
app.command("tag")(bring.tag)
app.command("reps")(look.reps)
app.command("signals")(measure.signals)
app.command("curves")(look.curves)
app.command("beside")(look.beside)
app.command("features")(look.features)
app.add_typer(judge.app, name="rules")
app.add_typer(label.app, name="label")
app.command("queue")(raters.queue)
app.command("assign")(raters.assign)
app.command("compare")(raters.compare)
app.command("disputes")(raters.disputes)
app.command("decide")(raters.decide)
app.command("keys")(own.keys)
app.command("loop")(own.loop)
app.command("overlays")(own.overlays)
app.command("agreement")(agree.agreement)
app.command("train")(model.train)
app.command("evaluate")(model.evaluate)
app.command("predict")(model.predict)
app.command("models")(model.models)
app.command("export")(share.export)
app.command("import")(share.import_)
app.command("app")(look.workbench)


def main() -> None:
    """Run the command line; what a user can meet is one message, never a traceback."""
    print_every_character()
    as_json = "--json" in sys.argv  # now: the workbench is a program with words of its own
    try:
        app()
    except LabelerError as error:
        _fail(error, as_json=as_json)
    except OSError as error:  # from a place where no workflow expects one
        _fail(_explained(error), as_json=as_json)


def _fail(error: LabelerError, *, as_json: bool) -> NoReturn:
    print_error(error, as_json=as_json)
    sys.exit(EXIT_FAILED)


def _explained(error: OSError) -> LabelerError:
    where = error.filename or "the system"
    return UsageError(
        f"{where}: expected to read or write there, got: {error.strerror or error}.",
        hint="Check the path, its permissions and the free disk space.",
    )
