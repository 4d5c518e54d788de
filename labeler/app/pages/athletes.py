"""Athletes: what is filmed of one, which faults show how often, who leads, what to practise."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from labeler.app import state, widgets
from labeler.app.pages import athletes_parts as parts
from labeler.app.pages import origin_parts
from labeler.app.pages.agreement_parts import ask_threshold, threshold_in_use
from labeler.app.pages.disputes_parts import ask_settles
from labeler.app.pages.label_parts import ask_rater
from labeler.app.state import Workbench
from labeler.workflows.athlete import AthleteReport, athlete_rows

ATHLETE, MOVEMENT = "athlete", "athlete_movement"


def render(bench: Workbench) -> None:
    """Choose an athlete; then one tab for each question a coach has."""
    wants = origin_parts.ask_origin(bench)
    rows = athlete_rows(bench.dataset, wants_synthetic=wants)
    if not rows:
        hint = "Say on the Library page who is seen in a clip: any short name, such as A01."
        widgets.empty("Nobody has a name yet.", hint=hint, page="library")
        return
    who, cut, period = st.columns([3, 2, 2], vertical_alignment="bottom")
    with who:
        names = [row["athlete"] for row in rows]
        athlete = widgets.kept_choice("Athlete", names, kept=ATHLETE, words=str, is_bare=False)
    if state.rater() is None:
        parts.checklist_alone(bench, athlete, wants_synthetic=wants)
        ask_rater()
        return
    with cut:
        ask_threshold()
    with period:
        by = parts.ask_by()
    ask_settles("I look and do not rate")
    report = parts.report_of(
        bench, athlete, threshold=threshold_in_use(), by=by, wants_synthetic=wants
    )
    parts.about(report)
    assess, *others = st.tabs(parts.TABS)
    with assess:
        parts.checklist(report.known.clips)
    if report.known.movements:
        _tell(bench, report, others)
        return
    for tab in others:
        with tab:
            parts.nothing(report)


def _tell(bench: Workbench, report: AthleteReport, tabs: Sequence[DeltaGenerator]) -> None:
    """What was seen of the athlete: faults, who leads, what to practise."""
    faults, leads, practise = tabs
    with faults:
        movement = widgets.kept_choice(
            "Movement",
            report.known.movements,
            kept=MOVEMENT,
            words=widgets.movement_name,
            is_bare=True,
        )
        parts.faults(report, movement)
        parts.extremes(report, movement)
    with leads:
        parts.sequencing(bench, report)
    with practise:
        parts.plan(report)
        parts.download(report)
