"""The command that holds raters against each other."""

from typing import Annotated

import typer

from labeler.cli.options import DEFAULT_DATASET, DatasetOption, JsonOption, SyntheticOption
from labeler.cli.output import log, print_json, print_rows, say_findings
from labeler.core.label import SEVERITY_THRESHOLD


def agreement(
    fault: Annotated[
        str | None, typer.Option(help="One fault, pair by pair: an id, see labeler faults.")
    ] = None,
    threshold: Annotated[
        int, typer.Option(min=1, max=3, help="Severity from which the fault counts as present.")
    ] = SEVERITY_THRESHOLD,
    synthetic: SyntheticOption = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Say how far raters agree, per fault and per pair, with intervals and a verdict."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.agreeing import agreement_report, fault_rows, pair_rows, what_is_missing
    from labeler.workflows.agreement_words import findings, verdict

    with Dataset.open(dataset, create=False) as opened:
        report = agreement_report(opened, threshold=threshold, wants_synthetic=synthetic)
    if fault is None:
        if as_json:
            print_json(report.as_dict())
        else:
            say_findings(report.findings)
            print_rows(fault_rows(report), as_json=False, empty=what_is_missing(report))
        return
    found = report.fault(fault)
    if as_json:
        told = {"verdict": verdict(found), "is_synthetic": report.is_synthetic}
        print_json({**found.as_dict(), **told})
        return
    say_findings((*report.findings, *findings(found)))
    print_rows(pair_rows(found), as_json=False, empty=what_is_missing(report))
    log.print(verdict(found))
