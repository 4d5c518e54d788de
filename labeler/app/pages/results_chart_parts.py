"""Figures of the results page: every chart of `labeler.evaluate.charts`, with its table."""

import math
from typing import Any

import streamlit as st

from labeler.evaluate.charts import Chart, Form, Series

HEIGHT_PX = 320
LEGEND_PX = 30
N_TICKS = 6
MAX_COLUMNS_BESIDE = 4
"""Wider tables stand below their picture."""

CATEGORY_PX = 34
"""Height of a line of a chart with categories."""

COLOURS = ("#2f7fd6", "#d9641a", "#3a9a5b")
"""Those of the report: seen on white and on black."""

GUIDE: dict[str, Any] = {"strokeDash": [5, 4], "color": "#808080"}
"""Dashed lines: seen on white and on black."""
NAME_PX = 240
FOOT_PX = 60
"""Room for the axis and its title below the lines of a chart with categories."""


def figure(chart: Chart) -> None:
    """The picture on the left, its numbers on the right; below it where they are wide."""
    is_wide = len(chart.head) > MAX_COLUMNS_BESIDE
    picture, table = (
        (st.container(), st.container()) if is_wide else st.columns([3, 2], gap="medium")
    )
    with picture:
        draw(chart)
        st.caption(chart.reading)
    with table:
        numbers(chart)


def numbers(chart: Chart) -> None:
    """The table of a chart."""
    st.dataframe(
        [dict(zip(chart.head, cells, strict=True)) for cells in chart.cells],
        hide_index=True,
        height="content",
    )


def draw(chart: Chart) -> None:
    """The chart as a picture."""
    import altair as alt  # takes most of a second, and only charts want it

    layers = [_guides(alt, chart)] if chart.guides else []
    for series in chart.series:
        layers += _layers(alt, chart, series)
    height = CATEGORY_PX * len(chart.categories) + FOOT_PX if chart.categories else HEIGHT_PX
    height += LEGEND_PX if len(chart.series) > 1 else 0
    st.altair_chart(alt.layer(*layers).properties(height=height), alt=chart.title)


def _guides(alt: Any, chart: Chart) -> Any:  # noqa: ANN401 (a module and its chart)
    """Dashed lines; beside categories they stand upright from end to end."""
    if chart.categories:
        rows = [{"x": guide.start[0]} for guide in chart.guides]
        upright = alt.Chart(alt.Data(values=rows)).mark_rule(**GUIDE, aria=False)
        return upright.encode(x=_x(alt, chart))
    places: list[dict[str, Any]] = [
        {"x": place[0], "y": place[1], "guide": guide.name}
        for guide in chart.guides
        for place in (guide.start, guide.stop)
    ]
    lines = alt.Chart(alt.Data(values=places)).mark_line(**GUIDE, aria=False)
    return lines.encode(x=_x(alt, chart), y=_y(alt, chart), detail="guide:N")


def _x(alt: Any, chart: Chart, field: str = "x") -> Any:  # noqa: ANN401
    scale = alt.Scale(domain=list(chart.x_range), nice=False)
    return alt.X(f"{field}:Q", title=chart.x_title, scale=scale, axis=alt.Axis(tickCount=N_TICKS))


def _y(alt: Any, chart: Chart, field: str = "y") -> Any:  # noqa: ANN401
    """The upright axis: numbers, or the names of categories from the top."""
    if chart.categories:
        axis = alt.Axis(labelLimit=NAME_PX, title=None)
        return alt.Y("name:N", sort=list(chart.categories), axis=axis)
    scale = alt.Scale(domain=list(chart.y_range), nice=False)
    return alt.Y(f"{field}:Q", title=chart.y_title, scale=scale)


def _rows(chart: Chart, series: Series) -> list[dict[str, Any]]:
    """The points as rows; what is not known is left out, an unknown interval too."""
    rows = []
    for point in series.points:
        if math.isfinite(point.x + point.y):
            name = chart.categories[round(point.y)] if chart.categories else series.name
            ends = {"low": point.low, "high": point.high}
            told = ends if math.isfinite(point.low + point.high) else {}
            rows.append({"x": point.x, "y": point.y, "name": name, "series": series.name, **told})
    return rows


def _layers(alt: Any, chart: Chart, series: Series) -> list[Any]:  # noqa: ANN401
    """The intervals, then the series in its form."""
    rows = _rows(chart, series)
    colour = _colour(alt, chart)
    places = alt.Chart(alt.Data(values=rows)).encode(
        x=_x(alt, chart), y=_y(alt, chart), color=colour, tooltip=_tooltip(alt, chart)
    )
    marks = {
        Form.LINE: lambda: places.mark_line(point=True),
        Form.STEP: lambda: places.mark_line(interpolate="step-before"),
        Form.DOTS: lambda: places.mark_circle(size=90, opacity=1),
        Form.BARS: lambda: places.mark_bar(size=14),
    }
    told = [row for row in rows if "low" in row]
    return [*([_intervals(alt, chart, told, colour)] if told else []), marks[series.form]()]


def _colour(alt: Any, chart: Chart) -> Any:  # noqa: ANN401
    """The colours of the series; a legend where there are several."""
    names = [one.name for one in chart.series]
    scale = alt.Scale(domain=names, range=list(COLOURS[: len(names)]))
    legend = alt.Legend(orient="top", title=None) if len(names) > 1 else None
    return alt.Color("series:N", scale=scale, legend=legend)


def _intervals(alt: Any, chart: Chart, rows: list[dict[str, Any]], colour: Any) -> Any:  # noqa: ANN401
    """Lines from the low ends to the high ones; they lie beside categories."""
    lines = alt.Chart(alt.Data(values=rows)).mark_rule(strokeWidth=2, aria=False)
    if chart.categories:
        return lines.encode(x=_x(alt, chart, "low"), x2="high", y=_y(alt, chart), color=colour)
    return lines.encode(x=_x(alt, chart), y=_y(alt, chart, "low"), y2="high", color=colour)


def _tooltip(alt: Any, chart: Chart) -> list[Any]:  # noqa: ANN401
    """What a point says when pointed at."""
    shown = [
        alt.Tooltip("name:N", title="Which"),
        alt.Tooltip("x:Q", title=chart.x_title, format=".2f"),
    ]
    if not chart.categories:
        shown.append(alt.Tooltip("y:Q", title=chart.y_title, format=".2f"))
    return shown
