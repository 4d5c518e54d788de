"""What a model is worth, for a coach: findings first, then numbers, then limits."""

import math
from collections.abc import Sequence
from pathlib import Path

from labeler.core.finding import Finding
from labeler.core.origin import SYNTHETIC_NUMBERS
from labeler.evaluate.blocks import (
    Block,
    Bullets,
    Figure,
    Heading,
    Paragraph,
    Table,
    as_html,
    as_markdown,
)
from labeler.evaluate.comparison import Comparison, Protocol, Verdict
from labeler.evaluate.metrics import METRICS, Estimate, MethodRow
from labeler.evaluate.pr_figure import pr_svg
from labeler.learn.card import ModelCard, ModelFolderError
from labeler.learn.table import DROP_REASONS

METRIC_WORDS = {
    "auprc": "AUPRC",
    "auroc": "AUROC",
    "balanced_accuracy": "balanced accuracy",
    "f1": "F1",
    "brier": "Brier score",
    "ece": "ECE",
    "kappa": "κ with the raters",
}

VERDICT_WORDS = {
    Verdict.BEATS: "The model beats the rules: the whole interval of the difference is above 0.",
    Verdict.NOT_SHOWN: "It is not shown that the model is better or worse than the rules: either "
    "the interval of the difference includes 0, or there are too few to give one.",
    Verdict.WORSE: "The model is worse than the rules: use the rules.",
    Verdict.CANNOT_TELL: "It cannot be told whether the model is better than the rules.",
    Verdict.NO_RULE: "There is no rule for this fault on these reps to compare the model with.",
}

HOW_TO_READ = (
    "AUPRC: how well the reps are ranked; knowing nothing gives the share of faulty reps.",
    "AUROC: chance that a faulty rep ranks above a good one; 0.5 is guessing.",
    "Balanced accuracy: mean share found right of faulty and of good reps; 0.5 is guessing.",
    "F1: balance of finding the faulty reps and of not raising false alarms.",
    "Brier score: error of the probabilities; 0 is perfect, lower is better.",
    "ECE: how far a probability and what comes true are apart, over ten bins; 0 is perfect.",
    "κ with the raters: agreement beyond chance with what the raters settled on; 1 is perfect, "
    "0 is chance. Read it beside the κ of the raters with each other.",
)

UNKNOWN = "–"


def report_markdown(card: ModelCard, comparison: Comparison) -> str:
    """The report as Markdown."""
    return as_markdown(_blocks(card, comparison))


def report_html(card: ModelCard, comparison: Comparison) -> str:
    """The report as one HTML file without external parts."""
    return as_html(f"{card.name}: {card.fault}", _blocks(card, comparison))


def write_reports(card: ModelCard, comparison: Comparison, folder: Path) -> None:
    """Write ``report.md`` and ``report.html`` into a model's folder.

    Raises
    ------
    ModelFolderError
        The folder cannot be written.
    """
    pages = {"report.md": report_markdown, "report.html": report_html}
    try:
        for name, render in pages.items():
            (folder / name).write_text(render(card, comparison), encoding="utf-8")
    except OSError as cause:
        raise ModelFolderError(
            f"{folder}: expected a folder to write reports to, got {cause.strerror or cause}.",
            hint="Choose a folder that you may write to, with room on its disk.",
        ) from cause


def _blocks(card: ModelCard, comparison: Comparison) -> list[Block]:
    """The report from top to bottom."""
    return [
        Heading(f"{card.name}: {card.fault}", level=1),
        *_badge(card, comparison),
        Paragraph(_in_one_sentence(comparison)),
        Paragraph(_verdict(comparison)),
        Heading("Know this first"),
        _finding_list((*comparison.findings, *card.findings)),
        Heading(f"Scores{_synthetic(comparison)}"),
        Paragraph(_how_tested(comparison)),
        _score_table(comparison.rows),
        Bullets(HOW_TO_READ),
        *_difference_blocks(comparison),
        *_curve_blocks(comparison),
        *_worst_blocks(comparison),
        Heading("What it was trained on"),
        Bullets(_training_lines(card)),
        Heading("Limits"),
        Bullets(card.limits),
    ]


def _badge(card: ModelCard, comparison: Comparison) -> list[Block]:
    """That nobody was filmed, before any number."""
    if not (card.is_synthetic or comparison.is_synthetic):
        return []
    return [Paragraph(f"SYNTHETIC. {SYNTHETIC_NUMBERS.message}")]


def _synthetic(comparison: Comparison) -> str:
    """Behind a heading of numbers that are about made-up athletes."""
    return " (synthetic)" if comparison.is_synthetic else ""


def _in_one_sentence(comparison: Comparison) -> str:
    """The main number, or that there is none."""
    row = comparison.rows[0]
    found = row.estimates["balanced_accuracy"]
    if math.isnan(found.value):
        return "How good this model is cannot be told from these labels."
    return (
        f"On {_whom(comparison)}, it reaches a balanced accuracy of {_number(found)} over "
        f"{row.n_reps} reps, {row.n_present} of them with the fault "
        "(0.50 is guessing, 1.00 is perfect)."
    )


def _verdict(comparison: Comparison) -> str:
    """Model against rules, and for whom it holds."""
    words = VERDICT_WORDS[comparison.verdict]
    is_shown = comparison.verdict in {Verdict.BEATS, Verdict.WORSE}
    if is_shown and comparison.group_word == "set":
        return f"{words} This holds for one athlete only."
    return words


def _whom(comparison: Comparison) -> str:
    """About whom the scores say something."""
    made_up = "synthetic " if comparison.is_synthetic else ""
    if comparison.verdict is Verdict.CANNOT_TELL and _is_existing(comparison):
        return f"{made_up}athletes that it was trained on"
    if comparison.group_word == "set":
        return f"unseen sets of one {made_up}athlete, which says nothing about other people"
    return f"{comparison.n_athletes} {made_up}athletes that it had not seen"


def _is_existing(comparison: Comparison) -> bool:
    """Whether a finished model was scored, rather than new ones in folds."""
    return comparison.protocol is Protocol.EXISTING_MODEL


def _finding_list(findings: Sequence[Finding]) -> Block:
    """Every finding once, with what to do."""
    lines = [f"{f.level.upper()}: {f.message} {f.hint}".strip() for f in dict.fromkeys(findings)]
    return Bullets(lines) if lines else Paragraph("Nothing out of the ordinary.")


def _how_tested(comparison: Comparison) -> str:
    """The protocol and the meaning of the intervals."""
    is_told = comparison.protocol is not Protocol.CANNOT_TELL
    tested = f"Tested by: {comparison.protocol}." if is_told else "The model was not tested."
    return (
        f"{tested} In parentheses: 95 % intervals from resampling whole "
        f"{comparison.group_word}s, which are too narrow where those are few; "
        f"{UNKNOWN} where it cannot be told.{_rules_used(comparison)}"
    )


def _rules_used(comparison: Comparison) -> str:
    """Which rules and limits it was compared with; nothing without rules."""
    version = comparison.rules_version
    return "" if version is None else f" Rules and their limits: version {version}."


def _score_table(rows: Sequence[MethodRow]) -> Block:
    """One line per method."""
    head = ("method", "reps", "with fault", *(METRIC_WORDS[name] for name in METRICS), "worst")
    return Table(head, [_score_cells(row) for row in rows])


def _score_cells(row: MethodRow) -> list[str]:
    """The cells of one method; the last is the balanced accuracy where it does worst."""
    numbers = [_number(row.estimates[name]) for name in METRICS]
    worst = UNKNOWN
    if row.worst is not None:
        worst = f"{row.worst.balanced_accuracy:.2f} ({row.worst.anonymous})"
    return [row.method, str(row.n_reps), str(row.n_present), *numbers, worst]


def _number(estimate: Estimate) -> str:
    """A value with its interval."""
    if math.isnan(estimate.value):
        return UNKNOWN
    if math.isnan(estimate.low):
        return f"{estimate.value:.2f}"
    return f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"


def _difference_blocks(comparison: Comparison) -> list[Block]:
    """Model minus rules, where both have scores."""
    lines = [
        f"{METRIC_WORDS[d.metric]}: {_number(d.estimate)} on {d.n_reps} reps"
        for d in comparison.differences
        if not math.isnan(d.estimate.value)
    ]
    if not lines:
        return []
    title = f"Model minus rules, where the rules apply{_synthetic(comparison)}"
    return [Heading(title), Bullets(lines)]


def _curve_blocks(comparison: Comparison) -> list[Block]:
    """The curve, if there is one."""
    if not comparison.pr_points:
        return []
    words = (
        f"Precision over recall of the model. The dashed line, at "
        f"{comparison.rows[0].prevalence:.2f}, is what knowing nothing gives."
    )
    return [
        Heading(f"Alarms against misses{_synthetic(comparison)}"),
        Figure(pr_svg(comparison), words),
    ]


def _worst_blocks(comparison: Comparison) -> list[Block]:
    """The reps to look at first."""
    if not comparison.worst_reps:
        return []
    rows = [
        (wrong.rep_id, "present" if wrong.is_present else "absent", f"{wrong.probability:.2f}")
        for wrong in comparison.worst_reps
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
        *(f"{n_reps} reps left out: {DROP_REASONS[code]}" for code, n_reps in seen.dropped.items()),
    ]
