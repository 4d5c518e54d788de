"""The command about one athlete."""

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.options import (
    DEFAULT_DATASET,
    DEFAULT_MODELS,
    DatasetOption,
    JsonOption,
    ModelsOption,
    SyntheticOption,
    ViewerOption,
)
from labeler.cli.output import log, print_json, print_rows, say_findings
from labeler.core.label import SEVERITY_THRESHOLD
from labeler.workflows.athlete_faults import By

NOBODY = "Nobody is named yet. Say who is seen with: labeler tag CLIP --athlete NAME"


def athlete(
    name: Annotated[
        str | None, typer.Argument(help="The athlete; all of them are listed when left out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the report into this HTML file, to send or print.")
    ] = None,
    by: Annotated[By, typer.Option(help="How time is cut.")] = By.SESSION,
    rep: Annotated[
        str | None, typer.Option(help="Draw the course of this repetition (its id) as well.")
    ] = None,
    threshold: Annotated[
        int, typer.Option(min=1, max=3, help="Severity from which a fault counts as present.")
    ] = SEVERITY_THRESHOLD,
    viewer: ViewerOption = None,
    synthetic: SyntheticOption = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    models: ModelsOption = DEFAULT_MODELS,
    as_json: JsonOption = False,
) -> None:
    """One athlete: what is filmed, which faults show how often, who leads, what to practise."""
    from labeler.core.rep import RepId
    from labeler.store.dataset import Dataset
    from labeler.workflows.athlete import athlete_report, athlete_rows
    from labeler.workflows.athlete_report import write_athlete_html
    from labeler.workflows.athlete_reps import Ask
    from labeler.workflows.athlete_words import athlete_lines, fault_rows

    with Dataset.open(dataset, create=False) as opened:
        if name is None:
            rows = athlete_rows(opened, wants_synthetic=synthetic)
            print_rows(rows, as_json=as_json, empty=NOBODY)
            return
        ask = Ask(
            models,
            viewer,
            threshold=threshold,
            wants_synthetic=synthetic,
            rep_id=None if rep is None else RepId(rep),
        )
        found = athlete_report(opened, name, ask, by=by)
    if out is not None:
        log.print(f"{write_athlete_html(found, out)} written.")
    if as_json:
        print_json({**found.as_dict(), "report": out})
        return
    say_findings(found.findings)
    print_rows(fault_rows(found), as_json=False, empty="No repetitions to tell about.")
    for line in athlete_lines(found):
        log.print(line)
