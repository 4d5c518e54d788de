"""Agreement: whether raters mean the same by a fault, and whether a model may learn from them."""

import streamlit as st

from labeler.app import widgets
from labeler.app.pages import agreement_parts as parts
from labeler.app.pages import origin_parts
from labeler.app.state import Workbench
from labeler.workflows.agreeing import what_is_missing

FAULT = "agreement_fault"


def render(bench: Workbench) -> None:
    """Every fault in a table; below it one of them, pair by pair."""
    wants = origin_parts.ask_origin(bench)
    report = parts.report_of(bench, parts.threshold_in_use(), wants_synthetic=wants)
    if not report.compared:
        widgets.empty(
            "Nothing to compare yet.",
            hint="Two raters have to answer the same repetitions, each without seeing the other's "
            f"answers. {what_is_missing(report)}",
            page="label",
        )
        return
    about, cut = st.columns([3, 1], gap="medium", vertical_alignment="center")
    with about:
        parts.about(report)
    with cut:
        parts.ask_threshold()
    parts.faults(report)
    fault = widgets.kept_choice(
        "Fault",
        [found.fault for found in report.compared],
        kept=FAULT,
        words=widgets.fault_name,
        is_bare=True,
    )
    parts.one_fault(report.fault(fault))
