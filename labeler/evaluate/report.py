"""What a model is worth, for a coach: findings first, then numbers, then limits.

Written from the plain JSON of a card's metrics, so that the report of an old model can be written
again, and that of a new one once more when its slow checks are done.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from labeler.catalog.loader import load_catalog
from labeler.core.label import FaultId
from labeler.core.origin import SYNTHETIC_NUMBERS
from labeler.evaluate.blocks import (
    Block,
    Bullets,
    Figure,
    Fold,
    Heading,
    Paragraph,
    Table,
    as_html,
    as_markdown,
)
from labeler.evaluate.chart_svg import chart_svg
from labeler.evaluate.charts import UNKNOWN, Chart, Plain, row_of, with_interval
from labeler.evaluate.checks_charts import checks_charts
from labeler.evaluate.comparison import Comparison, Protocol, Verdict
from labeler.evaluate.comparison_charts import comparison_charts
from labeler.evaluate.sentences import kappa_words, optimism_words, settling_words
from labeler.evaluate.words import METHOD_NAMES, METRIC_HELP, METRIC_NAMES, SHORT_METRICS
from labeler.learn.card import ModelCard, ModelFolderError
from labeler.learn.table import DROP_REASONS

VERDICT_WORDS = {
    Verdict.BEATS: "The model beats the rules: the whole interval of the difference is above 0.",
    Verdict.NOT_SHOWN: "It is not shown that the model is better or worse than the rules: either "
    "the interval of the difference includes 0, or there are too few to give one.",
    Verdict.WORSE: "The model is worse than the rules: use the rules.",
    Verdict.CANNOT_TELL: "It cannot be told whether the model is better than the rules.",
    Verdict.NO_RULE: "There is no rule for this fault on these reps to compare the model with.",
}

NO_CHECKS = (
    "Learning curves and the test with shuffled labels have not been asked for: on the Results "
    "page, or with labeler evaluate MODEL --checks."
)


def report_markdown(
    card: ModelCard, comparison: Comparison | Plain, checks: Plain | None = None
) -> str:
    """The report as Markdown."""
    return as_markdown(_blocks(card, _plain(comparison), checks))


def report_html(
    card: ModelCard, comparison: Comparison | Plain, checks: Plain | None = None
) -> str:
    """The report as one HTML file without external parts."""
    return as_html(_title(card), _blocks(card, _plain(comparison), checks))


def write_reports(
    card: ModelCard, comparison: Comparison | Plain, folder: Path, *, checks: Plain | None = None
) -> None:
    """Write ``report.md`` and ``report.html`` into a model's folder.

    Parameters
    ----------
    comparison : Comparison | Plain
        As it comes from a test, or as a card keeps it.
    checks : Plain | None
        Learning curves and the permutation test, once they are done.

    Raises
    ------
    ModelFolderError
        The folder cannot be written.
    """
    pages = {"report.md": report_markdown, "report.html": report_html}
    try:
        for name, render in pages.items():
            (folder / name).write_text(render(card, comparison, checks), encoding="utf-8")
    except OSError as cause:
        raise ModelFolderError(
            f"{folder}: expected a folder to write reports to, got {cause.strerror or cause}.",
            hint="Choose a folder that you may write to, with room on its disk.",
        ) from cause


def _title(card: ModelCard) -> str:
    """The model's name and the fault as people call it; once where it is named after the fault."""
    known = load_catalog().faults.get(FaultId(card.fault))
    fault = card.fault if known is None else known.name
    return fault if card.name == card.fault else f"{card.name}: {fault}"


def _plain(comparison: Comparison | Plain) -> Plain:
    """The numbers as a card keeps them."""
    return comparison if isinstance(comparison, Mapping) else comparison.as_dict()


def _blocks(card: ModelCard, metrics: Plain, checks: Plain | None) -> list[Block]:
    """The report from top to bottom."""
    return [
        Heading(_title(card), level=1),
        *_badge(card, metrics),
        Paragraph(_in_one_sentence(metrics)),
        Paragraph(_verdict(metrics)),
        Heading("Know this first"),
        _finding_list(metrics, card),
        Heading(f"Scores{_synthetic(metrics)}"),
        Paragraph(_how_tested(metrics)),
        _short_table(metrics),
        Fold("All numbers", _score_table(metrics)),
        *(Paragraph(words) for words in (kappa_words(metrics), optimism_words(metrics)) if words),
        Bullets([f"{name}: {words}" for name, words in METRIC_HELP.items()]),
        *_chart_blocks(comparison_charts(metrics), made_up=_synthetic(metrics)),
        *_check_blocks(metrics, checks),
        *_worst_blocks(metrics),
        Heading("What it was trained on"),
        Bullets(_training_lines(card)),
        Heading("Limits"),
        Bullets(card.limits),
    ]


def _badge(card: ModelCard, metrics: Plain) -> list[Block]:
    """That nobody was filmed, before any number."""
    if not (card.is_synthetic or metrics.get("is_synthetic", False)):
        return []
    return [Paragraph(f"SYNTHETIC. {SYNTHETIC_NUMBERS.message}")]


def _synthetic(metrics: Plain) -> str:
    """Behind a heading of numbers that are about made-up athletes."""
    return " (synthetic)" if metrics.get("is_synthetic", False) else ""


def _in_one_sentence(metrics: Plain) -> str:
    """The main number, or that there is none."""
    row = row_of(metrics, "model")
    found = None if row is None else row["estimates"]["balanced_accuracy"]
    if row is None or found is None or found["value"] is None:
        return "How good this model is cannot be told from these labels."
    return (
        f"On {_whom(metrics)}, it reaches a balanced accuracy of {with_interval(found)} over "
        f"{row['n_reps']} reps, {row['n_present']} of them with the fault "
        "(0.50 is guessing, 1.00 is perfect)."
    )


def _verdict(metrics: Plain) -> str:
    """Model against rules, for whom it holds, and what would settle it."""
    said = metrics.get("verdict", Verdict.CANNOT_TELL)
    words = VERDICT_WORDS[Verdict(said)]
    if said in {Verdict.BEATS, Verdict.WORSE} and metrics.get("group_word") == "set":
        return f"{words} This holds for one athlete only."
    return f"{words} {settling_words(metrics)}".strip()


def _whom(metrics: Plain) -> str:
    """About whom the scores say something."""
    made_up = "synthetic " if metrics.get("is_synthetic", False) else ""
    is_existing = metrics["protocol"] == Protocol.EXISTING_MODEL
    if metrics["verdict"] == Verdict.CANNOT_TELL and is_existing:
        return f"{made_up}athletes that it was trained on"
    if metrics["group_word"] == "set":
        return f"unseen sets of one {made_up}athlete, which says nothing about other people"
    return f"{metrics['n_athletes']} {made_up}athletes that it had not seen"


def _finding_list(metrics: Plain, card: ModelCard) -> Block:
    """Every finding once, with what to do."""
    told = [_finding_line(f["level"], f["message"], f["hint"]) for f in metrics.get("findings", ())]
    told += [_finding_line(f.level, f.message, f.hint) for f in card.findings]
    lines = list(dict.fromkeys(told))
    return Bullets(lines) if lines else Paragraph("Nothing out of the ordinary.")


def _finding_line(level: str, message: str, hint: str) -> str:
    """A finding on one line."""
    return f"{level.upper()}: {message} {hint}".strip()


def _how_tested(metrics: Plain) -> str:
    """The protocol and the meaning of the intervals."""
    protocol = metrics.get("protocol", Protocol.CANNOT_TELL)
    is_told = protocol != Protocol.CANNOT_TELL
    tested = f"Tested by: {protocol}." if is_told else "The model was not tested."
    return (
        f"{tested} In parentheses: 95 % intervals from resampling whole "
        f"{metrics.get('group_word', 'athlete')}s, which are too narrow where those are few; "
        f"{UNKNOWN} where it cannot be told.{_rules_used(metrics)}"
    )


def _rules_used(metrics: Plain) -> str:
    """Which rules and limits it was compared with; nothing without rules."""
    version = metrics.get("rules_version")
    return f" Rules and their limits: version {version}." if version else ""


def _short_table(metrics: Plain) -> Table:
    """One line per method with the numbers that decide."""
    head = ("Method", "Reps", *(METRIC_NAMES[name] for name in SHORT_METRICS), "Worst")
    cells = [
        (
            METHOD_NAMES.get(row["method"], row["method"]),
            str(row["n_reps"]),
            *(with_interval(row["estimates"].get(name)) for name in SHORT_METRICS),
            _worst_cell(row["worst"]),
        )
        for row in metrics.get("rows", ())
    ]
    return Table(head, cells)


def _worst_cell(worst: Plain | None) -> str:
    """Balanced accuracy where it does worst, and that nobody is named."""
    return UNKNOWN if worst is None else f"{worst['balanced_accuracy']:.2f} ({worst['name']})"


def _score_table(metrics: Plain) -> Table:
    """One line per method."""
    names = METRIC_NAMES.values()
    head = ("Method", "Reps", "With the fault", *names, "Worst", "Middle half")
    return Table(head, [_score_cells(row) for row in metrics.get("rows", ())])


def _score_cells(row: Plain) -> list[str]:
    """The cells of one method; the last two are over athletes (or sets)."""
    numbers = [with_interval(row["estimates"].get(name)) for name in METRIC_NAMES]
    spread = row.get("spread")
    return [
        METHOD_NAMES.get(str(row["method"]), str(row["method"])),
        str(row["n_reps"]),
        str(row["n_present"]),
        *numbers,
        _worst_cell(row["worst"]),
        UNKNOWN if spread is None else f"{spread['low']:.2f} to {spread['high']:.2f}",
    ]


def _chart_blocks(charts: Sequence[Chart], *, made_up: str) -> list[Block]:
    """Each figure, and its numbers."""
    blocks: list[Block] = []
    for chart in charts:
        blocks += [
            Heading(f"{chart.title}{made_up}"),
            Figure(chart_svg(chart), chart.reading),
            Fold("The numbers", Table(chart.head, chart.cells)),
        ]
    return blocks


def _check_blocks(metrics: Plain, checks: Plain | None) -> list[Block]:
    """The slow checks, or how to ask for them."""
    if row_of(metrics, "model") is None:
        return []
    if checks is None:
        return [Heading("Not asked yet"), Paragraph(NO_CHECKS)]
    return _chart_blocks(checks_charts(checks), made_up=_synthetic(metrics))


def _worst_blocks(metrics: Plain) -> list[Block]:
    """The reps to look at first."""
    if not metrics.get("worst_reps"):
        return []
    rows = [
        (
            wrong["rep_id"],
            "present" if wrong["is_present"] else "absent",
            f"{wrong['probability']:.2f}",
        )
        for wrong in metrics["worst_reps"]
    ]
    return [
        Heading("Wrong and sure of it"),
        Paragraph("Look at these first: the model may be wrong, and so may the label."),
        Table(("rep", "people say", "model's probability"), rows),
    ]


def _training_lines(card: ModelCard) -> list[str]:
    """What the model has seen, and what was left out."""
    seen = card.trained_on
    fps = "not known" if seen.fps_range is None else "{:.4g} to {:.4g}".format(*seen.fps_range)
    return [
        f"Reps: {seen.n_reps}, {seen.n_present} of them with the fault at severity "
        f"{card.severity_threshold} or more; clips: {seen.n_clips}; sets: {seen.n_sets}; "
        f"athletes: {seen.n_athletes}{', all synthetic' if card.is_synthetic else ''}",
        f"Movements: {', '.join(seen.movements) or 'not told'}; views: "
        f"{', '.join(seen.views) or 'not told'}; frames per second: {fps}",
        f"Raters: {', '.join(seen.raters)}; trained {card.created_at}",
        *(
            f"{n_reps} {'rep' if n_reps == 1 else 'reps'} left out: {DROP_REASONS[code]}"
            for code, n_reps in seen.dropped.items()
        ),
    ]
