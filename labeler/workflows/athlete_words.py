"""An athlete in rows and lines, as pages and commands show them."""

from collections.abc import Mapping
from typing import Any

from labeler.workflows.athlete import AthleteReport
from labeler.workflows.athlete_checklist import missing_words
from labeler.workflows.athlete_faults import Extreme, detector_words
from labeler.workflows.athlete_report import NOTHING, about, advice_lines, in_plan


def fault_rows(report: AthleteReport, movement: str | None = None) -> list[dict[str, Any]]:
    """One row per fault (of one movement, where named), the most frequent first."""
    return [
        {
            **({} if movement else {"Movement": one.movement}),
            "Fault": one.fault.name,
            "Raters": one.raters.words,
            "Detector": one.detected.words,
            "Who detects": detector_words(one.detector) if one.detected.n else NOTHING,
            "Left out": left_out_words(one.raters.left_out),
        }
        for one in report.histories
        if movement in (None, one.movement)
    ]


def left_out_words(left_out: Mapping[str, int]) -> str:
    """What was not counted, by why."""
    return ", ".join(f"{n} {why}" for why, n in left_out.items()) or NOTHING


def athlete_lines(report: AthleteReport) -> list[str]:
    """Everything but the table of faults, line by line."""
    lines = [about(report), missing_words(report.checklist)]
    lines += [f"{one.movement}: {one.words}" for one in report.sequencing]
    for movement, (best, worst) in report.extremes.items():
        lines.append(f"{movement}: best {_where(best)}; worst {_where(worst)}.")
    told, unconfirmed = in_plan(report)
    lines += [f"{one.fault.name}: {' '.join(advice_lines(one)[1:])}" for one in told]
    return [*lines, unconfirmed] if unconfirmed else lines


def _where(one: Extreme) -> str:
    return f"{one.rep.title} (mean severity {one.severity:.2f})"
