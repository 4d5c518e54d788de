"""Pieces of the agreement page."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages.train_parts import SEVERITIES
from labeler.app.state import Workbench
from labeler.core.label import SEVERITY_THRESHOLD
from labeler.evaluate.agreement import FaultAgreement
from labeler.store.dataset import Dataset
from labeler.workflows.agreeing import (
    AgreementReport,
    agreement_report,
    fault_rows,
    has_heat_map,
    heat_rows,
    pair_rows,
    state_of,
)
from labeler.workflows.agreement_words import GATE_HELP, STATISTICS, findings, verdict

THRESHOLD = "agreement_threshold"
N_REPORTS_KEPT = 6
"""Reports kept in memory: each threshold of the last states of the dataset."""

CELL_PX = 56
"""Height of a rater's row in the heat map."""

NAME_PX = 90
"""Room for a rater's name beside the heat map; the table beside it has it whole."""

UNKNOWN = "–"
"""Where there is no number."""

STATISTIC_PX = 124
"""As wide as a number with its interval."""

UNTOLD = "#9aa0a6"
"""Grey, on light and on dark pages: the κ of these two cannot be told."""

DARK_TEXT_FROM = 0.6
"""κ from which the colours of the heat map are light, so that dark text is readable on them."""

FAULT_COLUMNS = {
    "For a model": st.column_config.TextColumn(help=GATE_HELP),
    "By two": st.column_config.TextColumn(
        help="Repetitions that two or more raters graded, of those that anybody answered. "
        "All numbers rest on these."
    ),
    "Athletes": st.column_config.NumberColumn(
        help="Different people in those repetitions. Intervals come from resampling them."
    ),
    "Not visible": st.column_config.NumberColumn(
        help="Answers *not visible*. They count as missing, never as absent."
    ),
    "Not rated": st.column_config.NumberColumn(
        help="Answers not given yet by one of the raters. They count as missing, never as absent."
    ),
}
"""How the table of faults is shown."""

PAIR_COLUMNS = {
    "By both": st.column_config.NumberColumn(help="Repetitions that both graded."),
    "One not visible": st.column_config.NumberColumn(
        help="Repetitions that one of them called *not visible* and the other graded."
    ),
    "Both not visible": st.column_config.NumberColumn(
        help="Repetitions that both called *not visible*."
    ),
    "By one only": st.column_config.NumberColumn(
        help="Repetitions that only one of them has answered so far."
    ),
}
"""How the table of pairs is shown."""


def threshold_in_use() -> int:
    """The severity from which a fault counts as present, as chosen last in this session."""
    chosen: int = st.session_state.get(THRESHOLD, SEVERITY_THRESHOLD)
    return chosen


def report_of(
    bench: Workbench, threshold: int, *, wants_synthetic: bool = False
) -> AgreementReport:
    """The report, made again only when somebody has answered something since."""
    return _report(state_of(bench.dataset), threshold, wants_synthetic, bench.dataset)


@st.cache_data(max_entries=N_REPORTS_KEPT, show_spinner="Comparing the raters")
def _report(
    now: tuple[object, ...],  # noqa: ARG001  what Streamlit tells reports apart by
    threshold: int,
    wants_synthetic: bool,
    _dataset: Dataset,
) -> AgreementReport:
    return agreement_report(_dataset, threshold=threshold, wants_synthetic=wants_synthetic)


def ask_threshold() -> None:
    """Ask from which severity on a fault counts as present."""
    options = list(SEVERITIES)
    key = f"{THRESHOLD}-choice"
    st.session_state[key] = threshold_in_use()

    def keep() -> None:
        st.session_state[THRESHOLD] = st.session_state[key]

    st.selectbox(
        "Counts as present when",
        options,
        format_func=SEVERITIES.__getitem__,
        key=key,
        on_change=keep,
        help="κ, Fleiss κ and PABAK ask whether raters agree on *present or not*. Models learn "
        "from *clear or worse* unless told otherwise.",
    )


def about(report: AgreementReport) -> None:
    """What the page is for, and what the rater in front of it still has to do."""
    st.markdown("**Do raters mean the same by a fault?** No model can be better than its labels.")
    raters = ", ".join(f"{name} ({n})" for name, n in report.n_reps_by_rater.items())
    made_up = "Synthetic repetitions" if report.is_synthetic else "Repetitions"
    st.caption(f"{made_up} answered: {raters}; {report.n_common_reps} by two or more.")
    rater = state.rater()
    if rater is not None and (n_open := report.n_open(rater)):
        st.caption(
            f":material/visibility_off: {n_open} repetitions that others have answered are still "
            "open for you. Only totals are shown here, never what anybody said about one of them."
        )


def faults(report: AgreementReport) -> None:
    """One line per fault that two raters have graded; what needs work comes first."""
    st.dataframe(
        [_fault(row) for row in fault_rows(report)],
        column_config=_helped(FAULT_COLUMNS),
        hide_index=True,
        height="content",
        placeholder=UNKNOWN,
    )


def one_fault(found: FaultAgreement) -> None:
    """What the agreement on a fault comes to, then pair by pair."""
    st.markdown(f"##### {verdict(found)}", help=STATISTICS["kappa"].help)
    widgets.findings(findings(found))
    if has_heat_map(found):
        chart, table = st.columns([1, 2], gap="medium")
        with chart:
            _heat_map(found)
        with table:
            _pairs(found)
    else:
        _pairs(found)


def _pairs(found: FaultAgreement) -> None:
    st.markdown("**Pair by pair**")
    st.dataframe(
        [_pair(row) for row in pair_rows(found)],
        column_config=_helped(PAIR_COLUMNS),
        hide_index=True,
        height="content",
        placeholder=UNKNOWN,
    )


def _heat_map(found: FaultAgreement) -> None:
    """κ of every pair as colour and number; the diagonal is each rater's blind repeats."""
    import altair as alt  # takes most of a second, and only this chart wants it
    import pandas as pd

    st.markdown("**κ of each pair**", help=STATISTICS["kappa"].help)
    base = alt.Chart(pd.DataFrame(heat_rows(found))).encode(
        x=alt.X(
            "other:N",
            title=None,
            axis=alt.Axis(orient="top", labelAngle=-40, labelOverlap=False, labelLimit=NAME_PX),
        ),
        y=alt.Y("rater:N", title=None, axis=alt.Axis(labelLimit=NAME_PX)),
        tooltip=[
            alt.Tooltip("rater:N", title="Rater"),
            alt.Tooltip("other:N", title="Other rater"),
            alt.Tooltip("words:N", title="κ"),
            alt.Tooltip("overlaps:Q", title="Repetitions by both"),
        ],
    )
    scale = alt.Scale(scheme="viridis", domain=[0, 1], clamp=True)
    is_told = "isValid(datum.kappa)"
    squares = base.mark_rect(cornerRadius=4).encode(
        color=alt.Color("kappa:Q", title="κ", scale=scale, legend=None)
    )
    untold = base.transform_filter(f"!{is_told}").mark_rect(
        cornerRadius=4,
        color=UNTOLD,
        aria=False,  # the question marks on them say it; without any the group has no name
    )
    text = alt.condition(
        f"{is_told} && datum.kappa < {DARK_TEXT_FROM}", alt.value("white"), alt.value("black")
    )
    numbers = base.transform_calculate(
        label=f"{is_told} ? format(datum.kappa, '.2f') : '?'"
    ).mark_text(fontSize=15)
    height_px = CELL_PX * (len(found.raters) + 1)
    st.altair_chart(
        (squares + untold + numbers.encode(text="label:N", color=text)).properties(height=height_px)
    )
    st.caption("1 is perfect, 0 is chance, ? cannot be told.")


def _helped(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns with those of the statistics, which explain themselves."""
    told = {
        one.name: st.column_config.TextColumn(help=one.help, width=STATISTIC_PX)
        for one in STATISTICS.values()
    }
    agreed = STATISTICS["agreed_ratio"]
    told[agreed.name] = st.column_config.NumberColumn(help=agreed.help, format="%.0f %%")
    return {**told, **columns}


def _fault(row: Mapping[str, Any]) -> dict[str, Any]:
    """One fault as a line of the table."""
    return {
        "Fault": widgets.fault_name(row["fault"]),
        "For a model": row["verdict"],
        **_statistics(row),
        "By two": f"{row['overlaps']} of {row['of_reps']}",
        "Athletes": row["athletes"],
        "Not visible": row["not_visible"],
        "Not rated": row["not_rated"],
    }


def _pair(row: Mapping[str, Any]) -> dict[str, Any]:
    """One pair as a line of the table."""
    return {
        "Raters": row["raters"],
        "By both": row["overlaps"],
        **_statistics(row),
        "One not visible": row["one_not_visible"],
        "Both not visible": row["both_not_visible"],
        "By one only": row["only_one_rated"],
    }


def _statistics(row: Mapping[str, Any]) -> dict[str, Any]:
    """The statistics of a row, in its order."""
    names = {one.name for one in STATISTICS.values()}
    agreed = STATISTICS["agreed_ratio"].name
    found = {name: value for name, value in row.items() if name in names}
    return {name: 100 * value if name == agreed else value for name, value in found.items()}
