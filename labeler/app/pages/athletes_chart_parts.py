"""The charts of the athletes' page; the report draws the same numbers."""

from typing import Any

import numpy as np
import streamlit as st

from labeler.app.pages.results_chart_parts import COLOURS
from labeler.workflows.athlete_courses import Sequencing
from labeler.workflows.athlete_drawing import PROGRESS_RANGE, WHO
from labeler.workflows.athlete_faults import FaultHistory, detector_words

PERIOD_PX, FOOT_PX, HEIGHT_PX, NAME_PX = 44, 90, 320, 200
"""Height of a period, and of axis and legend; height of a course; room for a period's name."""

BETWEEN = 0.45
"""Of a period's height, what parts it from the next."""

N_TICKS = 5
RATERS = "raters"
TURN_PERCENT = 50.0


def rates(one: FaultHistory) -> None:
    """Share and interval of each period from the top; raters, and the detector below."""
    import altair as alt  # takes most of a second, and only charts want it

    who = (RATERS, detector_words(one.detector))
    rows = rate_rows(one)
    if not rows:
        st.caption("Nothing was judged: there is nothing to draw.")
        return
    base = _chart(alt, rows).encode(
        y=alt.Y(
            "when:N",
            sort=[period.period.name for period in one.periods],
            axis=alt.Axis(title=None, labelLimit=NAME_PX),
            scale=alt.Scale(paddingInner=BETWEEN, paddingOuter=BETWEEN / 2),
        ),
        yOffset=alt.YOffset("who:N", sort=list(who)),
        color=_colour(alt, who),
        tooltip=[
            alt.Tooltip("when:N", title="When"),
            alt.Tooltip("who:N", title="Who"),
            alt.Tooltip("words:N", title="With the fault"),
        ],
    )
    scale = alt.Scale(domain=[0, 100])
    title = "% of the repetitions that could be judged"
    lines = base.mark_rule(strokeWidth=2, aria=False).encode(
        x=alt.X("low:Q", scale=scale, title=title, axis=alt.Axis(tickCount=N_TICKS)), x2="high:Q"
    )
    dots = base.mark_circle(size=90, opacity=1).encode(x=alt.X("percent:Q", scale=scale))
    height = PERIOD_PX * len(one.periods) + FOOT_PX
    st.altair_chart((lines + dots).properties(height=height), alt=f"{one.fault.name}: how often")


def rate_rows(one: FaultHistory) -> list[dict[str, Any]]:
    """One row per period and who judged it; where nothing was judged there is none."""
    return [
        {
            "when": period.period.name,
            "who": who,
            "percent": 100 * share.ratio,
            "low": 100 * share.interval[0],
            "high": 100 * share.interval[1],
            "words": share.words,
        }
        for period in one.periods
        for who, share in (
            (RATERS, period.raters),
            (detector_words(one.detector), period.detector),
        )
        if share.n
    ]


def courses(one: Sequencing, phases: tuple[str, str]) -> None:
    """Progress of hips and torso: median and band; a chosen repetition dashed."""
    import altair as alt

    x = alt.X(
        "percent:Q",
        title=f"{phases[0]} to the turn at 50, then {phases[1]}, %",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(tickCount=N_TICKS),
    )
    y_scale = alt.Scale(domain=[100 * end for end in PROGRESS_RANGE])
    base = _chart(alt, course_rows(one)).encode(x=x, color=_colour(alt, WHO))
    band = base.mark_area(opacity=0.2, aria=False, clip=True).encode(
        y=alt.Y("low:Q", title="way to the turn, %", scale=y_scale), y2="high:Q"
    )
    middle = base.mark_line(strokeWidth=2.5, clip=True).encode(y=alt.Y("middle:Q", scale=y_scale))
    turn = _chart(alt, [{"percent": TURN_PERCENT}]).mark_rule(
        strokeDash=[2, 4], color="#808080", aria=False
    )
    layers = [band, turn.encode(x=x), middle]
    if one.chosen is not None:
        dashed = base.mark_line(strokeDash=[6, 4], strokeWidth=2, clip=True)
        layers.append(dashed.encode(y=alt.Y("chosen:Q", scale=y_scale)))
    st.altair_chart(alt.layer(*layers).properties(height=HEIGHT_PX), alt=f"Who leads: {one.words}")


def course_rows(one: Sequencing) -> list[dict[str, Any]]:
    """One row per step and who, in percent; what is not known is left out."""
    n_steps = one.middle.shape[1]
    parts = {"low": one.low, "middle": one.middle, "high": one.high}
    if one.chosen is not None:
        parts["chosen"] = one.chosen
    return [
        {
            "percent": 100 * step / (n_steps - 1),
            "who": who,
            **{
                name: 100 * float(values[place, step])
                for name, values in parts.items()
                if np.isfinite(values[place, step])
            },
        }
        for place, who in enumerate(WHO)
        for step in range(n_steps)
    ]


def _chart(alt: Any, rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401  (a module and its chart)
    return alt.Chart(alt.Data(values=rows))


def _colour(alt: Any, names: tuple[str, ...]) -> Any:  # noqa: ANN401  (a module and its channel)
    scale = alt.Scale(domain=list(names), range=list(COLOURS[: len(names)]))
    return alt.Color(
        "who:N", scale=scale, legend=alt.Legend(orient="top", title=None, symbolOpacity=1)
    )
