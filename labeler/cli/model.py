"""Commands that train, test and ask models."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from labeler.cli.options import (
    DEFAULT_DATASET,
    DEFAULT_MODELS,
    DatasetOption,
    JsonOption,
    ModelOption,
    ModelsOption,
    MovementOption,
    SyntheticOption,
    ViewerOption,
    ViewOption,
)
from labeler.cli.output import RATE_FIRST, log, print_json, print_rows, say_findings
from labeler.core.clip import ClipTags
from labeler.core.finding import Finding
from labeler.core.label import SEVERITY_THRESHOLD

if TYPE_CHECKING:
    from labeler.store.dataset import Dataset


def train(
    fault: Annotated[str, typer.Option(help="What to learn: an id, see labeler faults.")],
    out: Annotated[Path, typer.Option(help="Folder of the new model, such as models/rounding.")],
    threshold: Annotated[
        int, typer.Option(min=1, max=3, help="Severity from which the fault counts as present.")
    ] = SEVERITY_THRESHOLD,
    replace: Annotated[bool, typer.Option(help="Replace a model of that name.")] = False,
    despite_disagreement: Annotated[
        bool,
        typer.Option(
            "--despite-disagreement",
            help="Train although raters agree too little; the model's card says so.",
        ),
    ] = False,
    movement: Annotated[
        str | None,
        typer.Option(help="Learn from this movement alone; from all of them unless told."),
    ] = None,
    miss_cost: Annotated[
        float | None,
        typer.Option(
            help="What a missed fault costs, where a false alarm costs 1; best F1 unless told."
        ),
    ] = None,
    synthetic: SyntheticOption = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Train a model of one fault and hold it against the rules on athletes it has not seen."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.training import TrainingWish, train_model

    wish = TrainingWish(
        fault,
        out,
        threshold=threshold,
        is_replacing=replace,
        is_despite_disagreement=despite_disagreement,
        wants_synthetic=synthetic,
        movement=movement,
        miss_cost=miss_cost,
    )
    with Dataset.open(dataset, create=False) as opened, log.status("") as status:
        outcome = train_model(opened, wish, tell=status.update)
    if as_json:
        print_json(
            {
                "model": outcome.folder,
                "card": outcome.card.as_dict(),
                "agreement": outcome.agreement and outcome.agreement.as_dict(),
                **outcome.comparison.as_dict(),
            }
        )
    else:
        _say(outcome.card.metrics, outcome.card.findings)
        log.print(f"Report: {outcome.folder / 'report.html'}")


def evaluate(
    model: ModelOption,
    checks: Annotated[
        bool,
        typer.Option(
            "--checks",
            help="Also work out learning curves and a test with shuffled labels, and write the "
            "model's report again: half a minute to some minutes.",
        ),
    ] = False,
    synthetic: SyntheticOption = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    models: ModelsOption = DEFAULT_MODELS,
    as_json: JsonOption = False,
) -> None:
    """Score a model on every labelled repetition of a dataset, beside the rules."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.training import evaluate_folder, model_folder

    with Dataset.open(dataset, create=False) as opened:
        folder = model_folder(model, models)
        comparison = evaluate_folder(opened, folder, wants_synthetic=synthetic)
        found = _checked(opened, folder) if checks else None
    if as_json:
        print_json({**comparison.as_dict(has_names=True), **({"checks": found} if found else {})})
    else:
        _say(comparison.as_dict(), comparison.findings)
        _say_checks(found, folder)


def predict(
    clip: Annotated[str, typer.Argument(help="A clip of the dataset, or a video file.")],
    model: ModelOption,
    movement: MovementOption = None,
    view: ViewOption = None,
    viewer: ViewerOption = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    models: ModelsOption = DEFAULT_MODELS,
    as_json: JsonOption = False,
) -> None:
    """Ask a model about every repetition: present, absent, cannot tell or not visible, and why."""
    from labeler.workflows.grounds import brief
    from labeler.workflows.predicting import predict_any, seen_rows
    from labeler.workflows.training import model_folder

    tags = ClipTags(movement=movement, view=view)
    prediction = predict_any(dataset, clip, model_folder(model, models), tags=tags)
    answers, findings = prediction.rows(), prediction.findings()
    rows = seen_rows(dataset, viewer, answers)
    if as_json:
        codes = [finding.code for finding in findings]
        rows = [{**row, "findings": codes, "silence": prediction.silence} for row in rows]
    else:
        say_findings(findings)
        log.print(prediction.silence)
        rows = [brief(row) for row in rows]
    empty = RATE_FIRST if answers else "The clip has no repetitions."
    print_rows(rows, as_json=as_json, empty=empty)


def _say(metrics: Mapping[str, Any], findings: tuple[Finding, ...]) -> None:
    """The comparison as a table, the warnings first."""
    from labeler.workflows.results import comparison_rows, remarks, verdict

    say_findings(findings)
    print_rows(comparison_rows(metrics), as_json=False, empty="")
    for words in (verdict(metrics), *remarks(metrics)):
        log.print(words)


def _checked(dataset: "Dataset", folder: Path) -> Mapping[str, Any]:
    """The slow checks, with what is being done."""
    from labeler.workflows.model_checks import check_model_deeply

    with log.status("") as status:
        return check_model_deeply(
            dataset, folder, done=lambda words, ratio: status.update(f"{words}: {ratio:.0%}")
        )


def _say_checks(checks: Mapping[str, Any] | None, folder: Path) -> None:
    """Each figure of the checks as a table, and where they are drawn."""
    from labeler.evaluate.checks_charts import checks_charts

    if checks is None:
        return
    for chart in checks_charts(checks):
        log.print(f"{chart.title}. {chart.reading}")
        rows = [dict(zip(chart.head, cells, strict=True)) for cells in chart.cells]
        print_rows(rows, as_json=False, empty="")
    log.print(f"Report: {folder / 'report.html'}")
