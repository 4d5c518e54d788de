"""How good a model is: the verdict, the table, and every figure behind its own fold."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from labeler.app import widgets
from labeler.app.pages import results_chart_parts as charts
from labeler.app.pages import results_parts as parts
from labeler.app.state import Workbench
from labeler.evaluate.charts import Chart
from labeler.evaluate.checks_charts import checks_charts
from labeler.evaluate.comparison_charts import comparison_charts
from labeler.evaluate.sentences import optimism_words, settling_words
from labeler.evaluate.words import METRIC_HELP
from labeler.learn.card import ModelCard
from labeler.workflows import results
from labeler.workflows.model_checks import check_model_deeply, checks_of

FIRST = ("methods",)
"""Figures that stand open; the others are unfolded by those who ask."""

ASK = "Work them out"


def everything(bench: Workbench, name: str, card: ModelCard) -> None:
    """The verdict, the table, what stands out; every figure and number for those who ask."""
    folder = bench.models_folder / name
    st.caption(parts.about(card))
    widgets.verdict(card.metrics, card.findings)
    table(card.metrics)
    if results.is_tested(card.metrics):
        remarks(card.metrics)
        left, right = st.columns(2, gap="medium")
        with left:
            methods(card.metrics)
        with right:
            parts.worst(bench, card.metrics)
    figures(card.metrics)
    checks(bench, folder, card)
    with st.expander("Limits"):
        for limit in card.limits:
            st.markdown(f"- {limit}")
    parts.rule_limits(bench)
    parts.report(folder)


def table(metrics: Mapping[str, Any]) -> None:
    """The model, the rules and the baselines on the same reps: what decides, a line each."""
    if not results.is_tested(metrics):
        return
    rows = results.short_rows(metrics)
    _table(rows)
    st.caption(
        "Each number with its 95 % interval, by resampling "
        f"{metrics['group_word']}s. {results.rules_used(metrics)}"
    )


def remarks(metrics: Mapping[str, Any]) -> None:
    """What would settle the verdict, and whether anything leaks; κ stands among the numbers."""
    for words in (settling_words(metrics), optimism_words(metrics)):
        if words:
            st.caption(words)


def figures(metrics: Mapping[str, Any]) -> None:
    """Every figure with its numbers, each behind a fold, and the whole table behind the last."""
    for chart in comparison_charts(metrics):
        if chart.key not in FIRST:
            _folded(chart, made_up=results.is_synthetic(metrics))
    with st.expander("All methods and numbers"):
        st.caption(results.METHOD_HELP)
        _table(results.comparison_rows(metrics))
        for words in results.remarks(metrics):
            st.caption(words)


def methods(metrics: Mapping[str, Any]) -> None:
    """The figure that stands open: each method with its interval."""
    for chart in comparison_charts(metrics):
        if chart.key in FIRST:
            st.markdown(
                f"**{chart.title}{', synthetic' if results.is_synthetic(metrics) else ''}**"
            )
            charts.draw(chart)
            st.caption(chart.reading)


def checks(bench: Workbench, folder: Path, card: ModelCard) -> None:
    """Learning curves and shuffled labels: shown where they were asked for, else offered."""
    if not results.is_tested(card.metrics):
        return
    found = checks_of(folder, card)
    if found is None:
        with st.expander("Would more athletes or labels help?"):
            st.caption(
                "Learns again from fewer athletes and fewer labels, and from shuffled labels, "
                "hundreds of times. Takes from half a minute to some minutes."
            )
            _ask(bench, folder)
        return
    for chart in checks_charts(found):
        _folded(chart, made_up=card.is_synthetic)
    if found["label_digest"] != card.trained_on.label_digest:
        st.caption("Learning curves and shuffled labels are of labels given since the training.")


def _ask(bench: Workbench, folder: Path) -> None:
    """Work the checks out when asked, with progress."""
    if not st.button(ASK, icon=":material/query_stats:"):
        return
    bar = st.progress(0.0)
    with widgets.errors_shown():
        check_model_deeply(
            bench.dataset, folder, done=lambda words, ratio: bar.progress(min(1.0, ratio), words)
        )
        st.rerun()


def _folded(chart: Chart, *, made_up: bool) -> None:
    """A figure that is drawn once it is unfolded."""
    title = f"{chart.title}{', synthetic' if made_up else ''}"
    fold = st.expander(title, key=f"fold-{chart.key}", on_change="rerun")
    if fold.open:
        with fold:
            charts.figure(chart)


def _table(rows: list[dict[str, Any]]) -> None:
    """Rows with what each metric says behind its head."""
    st.dataframe(
        rows,
        column_config={
            name: st.column_config.TextColumn(help=text) for name, text in METRIC_HELP.items()
        },
        hide_index=True,
        height="content",
    )
