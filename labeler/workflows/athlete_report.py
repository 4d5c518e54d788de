"""An athlete's report as one HTML file that a coach can send or print."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from labeler.core.errors import UsageError
from labeler.core.label import SEVERITY_THRESHOLD
from labeler.core.origin import SYNTHETIC_NUMBERS
from labeler.evaluate.blocks import Block, Bullets, Figure, Heading, Paragraph, Table, as_html
from labeler.evaluate.chart_svg import chart_svg
from labeler.workflows.athlete import NO_STATEMENT, AthleteReport
from labeler.workflows.athlete_checklist import how_to_film, missing_words
from labeler.workflows.athlete_drawing import rate_chart, sequencing_svg
from labeler.workflows.athlete_faults import Advice, By, Extreme, FaultHistory, detector_words

SEVERITY_WORDS = {1: "slight or worse", 2: "clear or worse", 3: "severe"}
NOTHING = "–"

N_OVER_TIME = 3
"""Of each movement the report draws so many faults over time, the most frequent ones: the page and
the JSON have all."""


def athlete_html(report: AthleteReport) -> str:
    """The report as one HTML file without external parts; its print is clean on A4."""
    return as_html(f"{report.name}: movement report", _blocks(report))


def write_athlete_html(report: AthleteReport, file: Path) -> Path:
    """Write the report.

    Raises
    ------
    UsageError
        The file cannot be written.
    """
    try:
        file.write_text(athlete_html(report), encoding="utf-8")
    except OSError as cause:
        raise UsageError(
            f"{file}: expected a file to write to, got {cause.strerror or cause}.",
            hint="Choose a folder that exists and that you may write to.",
        ) from cause
    return file


def _blocks(report: AthleteReport) -> list[Block]:
    """The report from top to bottom."""
    return [
        Heading(f"{report.name}: movement report", level=1),
        *_badge(report),
        Paragraph(about(report)),
        Heading("What to work on"),
        *_plan(report),
        Heading("How often each fault shows"),
        *_rates(report),
        Heading("Who leads: hips or torso"),
        *_sequencing(report),
        Heading("Best and worst repetition"),
        *_extremes(report),
        Heading("Assessment checklist"),
        *_checklist(report),
        Heading("How to read this"),
        Bullets(method_lines(report)),
    ]


def _badge(report: AthleteReport) -> list[Block]:
    if not report.is_synthetic:
        return []
    return [Paragraph(f"SYNTHETIC. {SYNTHETIC_NUMBERS.message}")]


def about(report: AthleteReport) -> str:
    """What the report rests on, in two sentences."""
    known = report.known
    made_up = "synthetic " if report.is_synthetic else ""
    days = sorted(clip.ingested_at[:10] for clip in known.clips)
    span = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    raters = "1 rater" if known.n_raters == 1 else f"{known.n_raters} raters"
    hidden = f" {known.n_hidden} more are hidden until rated." if known.n_hidden else ""
    return (
        f"From {len(known.reps)} {made_up}repetitions in {len(known.clips)} clips that came in "
        f"{span}, answered by {raters}.{hidden} {NO_STATEMENT}"
    )


def method_lines(report: AthleteReport) -> list[str]:
    """What the numbers mean, and what they do not."""
    severity = SEVERITY_WORDS[report.threshold]
    who = ", ".join(detector_words(name) for name in report.detectors) or "nobody"
    return [
        f"A fault counts as present from {severity} on (severity {report.threshold}"
        f"{' as usual' if report.threshold == SEVERITY_THRESHOLD else ''}), by the raters' common "
        "answer; where a dispute was settled, by the decision.",
        f"Beside the raters answers the detector in force: {who}. The two are never added up.",
        "Not visible, not rated, tied and cannot tell are left out and never counted as absent.",
        "Percentages carry a 95 % interval (Wilson) and the number of repetitions behind them. "
        "Repetitions of one set resemble each other, so the truth may lie further out.",
        "One repetition filmed by two cameras counts once.",
        f"A {report.by} is placed where its first clip came in: files do not tell when they were "
        "filmed."
        + ("" if report.by is By.WEEK else " A clip without a session stands for itself."),
        "A lead of hips or torso is no fault by itself: compare it with the athlete's own good "
        "repetitions.",
        NO_STATEMENT,
    ]


def _plan(report: AthleteReport) -> list[Block]:
    if not report.plan:
        return [Paragraph("No fault was seen in these repetitions.")]
    told, unconfirmed = in_plan(report)
    blocks: list[Block] = []
    for one in told:
        blocks += [Heading(advice_title(report, one), level=3), Bullets(advice_lines(one))]
    return [*blocks, *([Paragraph(unconfirmed)] if unconfirmed else [])]


def in_plan(report: AthleteReport) -> tuple[list[Advice], str]:
    """What to practise, and a sentence on faults that no rater has confirmed.

    Advice is about what people saw; where they saw nothing, about what the detector did.
    """
    confirmed = [one for one in report.plan if one.is_rated]
    others = [one for one in report.plan if not one.is_rated]
    if not confirmed or not others:
        return [*confirmed, *others], ""
    names = ", ".join(advice_title(report, one) for one in others)
    return confirmed, f"Seen by the detector only, confirmed by no rater: {names}."


def advice_title(report: AthleteReport, one: Advice) -> str:
    """The fault with its movements."""
    movements = ", ".join(report.known.catalog.movement(name).name for name in one.movements)
    return f"{one.fault.name} ({movements})"


def advice_lines(one: Advice) -> list[str]:
    """Why it happens, cue and drills; what the catalogue does not have is not made up."""
    fault = one.fault
    lines = [f"What it is: {fault.description}"]
    if not one.is_rated:
        lines.append("Seen by the detector only: no rater has confirmed it.")
    if fault.why:
        lines.append(f"Why it happens: {fault.why}")
    if fault.cue:
        lines.append(f"Cue: {fault.cue}")
    lines += [f"Drill: {drill.name}. {drill.description}" for drill in one.drills]
    if not (fault.cue or one.drills):
        lines.append("The catalogue has no cue and no drill for it.")
    return lines


def _rates(report: AthleteReport) -> Iterator[Block]:
    if not report.histories:
        yield Paragraph("No repetitions that may be told about.")
    for movement in report.known.movements:
        rows = [one for one in report.histories if one.movement == movement]
        yield Heading(report.known.catalog.movement(movement).name, level=3)
        yield Table(("Fault", "Raters", "Detector", "Who detects"), [_rate_cells(o) for o in rows])
        drawn = [one for one in rows if one.is_seen and len(one.periods) > 1]
        for one in drawn[:N_OVER_TIME]:
            yield from _over_time(one)


def _rate_cells(one: FaultHistory) -> Sequence[str]:
    who = detector_words(one.detector) if one.detected.n else NOTHING
    return one.fault.name, one.raters.words, one.detected.words, who


def _over_time(one: FaultHistory) -> Iterator[Block]:
    chart = rate_chart(one)
    yield Heading(chart.title, level=4)
    yield Figure(chart_svg(chart), f"Raters: {one.raters_trend} Detector: {one.detector_trend}")
    yield Table(chart.head, chart.cells)


def _sequencing(report: AthleteReport) -> Iterator[Block]:
    if not report.sequencing:
        yield Paragraph("Too few repetitions from a view that shows who leads: film from the side.")
    for one in report.sequencing:
        movement = report.known.catalog.movement(one.movement)
        view = "view not told" if one.view is None else f"from {one.view.words}"
        yield Heading(f"{movement.name}, {view}", level=3)
        yield Figure(sequencing_svg(one, movement.phases), one.words)


def _extremes(report: AthleteReport) -> list[Block]:
    if not report.extremes:
        return [Paragraph("Fewer than two repetitions have been judged by people.")]
    rows = [
        (report.known.catalog.movement(movement).name, which, *_extreme_cells(one))
        for movement, pair in report.extremes.items()
        for which, one in zip(("Best", "Worst"), pair, strict=True)
    ]
    head = ("Movement", "", "Repetition", "Mean severity (0 to 3)", "Faults seen")
    return [Table(head, rows)]


def _extreme_cells(one: Extreme) -> tuple[str, str, str]:
    where = f"{one.rep.title}, at {one.rep.record.rep.start_s:.1f} s"
    severity = f"{one.severity:.2f} over {one.n_faults} faults"
    return where, severity, ", ".join(one.seen) or "none"


def _checklist(report: AthleteReport) -> list[Block]:
    rows = [
        (
            one.item.name,
            one.view.words,
            one.state.value,
            f"{one.clips[0].duration_s:.0f} s" if one.clips else NOTHING,
            "; ".join(one.item.look_for),
        )
        for one in report.checklist
    ]
    return [
        Paragraph(f"{missing_words(report.checklist)} {how_to_film()}"),
        Table(("Item", "From", "State", "Longest", "What to look for"), rows),
    ]
