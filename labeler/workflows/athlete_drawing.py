"""The pictures of an athlete's page and report: inline SVG, readable on light and on dark."""

from collections.abc import Sequence
from html import escape

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.evaluate.chart_svg import COLOURS
from labeler.evaluate.charts import Chart, Form, Point, Series
from labeler.workflows.athlete_courses import Sequencing
from labeler.workflows.athlete_faults import FaultHistory, detector_words
from labeler.workflows.athlete_shares import Share

WIDTH_PX, HEIGHT_PX = 640, 320
LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 56, 16, 34, 46
PROGRESS_RANGE = (-0.1, 1.35)
"""A torso that bends on beyond the turn is drawn up to here."""

WHO = ("hips", "torso")
LETTER_PX = 6.6

APART = 0.14
"""How far raters and detector lie above and below the line of their period."""

ABOUT_RATES = (
    "Each line is a 95 % interval (Wilson): long where few repetitions were judged. Repetitions of "
    "one set resemble each other, so the truth may lie further out."
)


def rate_chart(one: FaultHistory) -> Chart:
    """How often a fault shows, period by period from the top: raters, and the detector below."""
    names = [period.period.name for period in one.periods]
    shares = {
        "raters": [period.raters for period in one.periods],
        detector_words(one.detector): [period.detector for period in one.periods],
    }
    places = (-APART, APART)
    return Chart(
        key=f"rate_{one.movement}_{one.fault.id}",
        title=f"{one.fault.name}: how often",
        reading=ABOUT_RATES,
        x_title="% of the repetitions that could be judged",
        y_title="",
        x_range=(0.0, 100.0),
        y_range=(-0.5, len(names) - 0.5),
        series=[
            Series(name, Form.DOTS, _points(told, place))
            for place, (name, told) in zip(places, shares.items(), strict=True)
        ],
        categories=names,
        head=("When", *(name.capitalize() for name in shares)),
        cells=[
            (name, *(told[place].words for told in shares.values()))
            for place, name in enumerate(names)
        ],
    )


def _points(shares: Sequence[Share], above: float) -> list[Point]:
    """In percent; NaN where none could be judged."""
    return [
        Point(100 * one.ratio, place + above, *(100 * end for end in one.interval))
        for place, one in enumerate(shares)
    ]


def sequencing_svg(one: Sequencing, phases: tuple[str, str]) -> str:
    """Progress of hips and torso: median and band over the repetitions, one of them dashed."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_PX} {HEIGHT_PX}" '
        f'width="{WIDTH_PX}" height="{HEIGHT_PX}" role="img" font-family="sans-serif" '
        f'font-size="12" fill="currentColor" color="currentColor">'
        f"<title>{escape(f'Who leads: {one.words}')}</title>",
        *_axes(phases),
    ]
    for place, (name, colour) in enumerate(zip(WHO, COLOURS, strict=False)):
        parts.append(_band(one.low[place], one.high[place], colour))
        parts.append(_line(one.middle[place], colour))
        if one.chosen is not None:
            parts.append(_line(one.chosen[place], colour, dash="6 4"))
        parts += _legend(place, name, colour)
    return "".join([*parts, "</svg>"])


def _axes(phases: tuple[str, str]) -> list[str]:
    """The frame, the turn, and what is on the axes."""
    bottom, right = HEIGHT_PX - BOTTOM_PX, WIDTH_PX - RIGHT_PX
    middle = (LEFT_PX + right) / 2
    grid = [
        f'<line x1="{LEFT_PX}" y1="{_y(value):.1f}" x2="{right}" y2="{_y(value):.1f}" '
        f'stroke="currentColor" stroke-opacity="0.25"/>'
        f'<text x="{LEFT_PX - 8}" y="{_y(value) + 4:.1f}" text-anchor="end">{100 * value:.0f}'
        " %</text>"
        for value in (0.0, 0.5, 1.0)
    ]
    turn = (
        f'<line x1="{middle:.1f}" y1="{TOP_PX}" x2="{middle:.1f}" y2="{bottom}" '
        'stroke="currentColor" stroke-dasharray="2 4"/>'
    )
    words = zip((phases[0], "turn", phases[1]), (0.25, 0.5, 0.75), strict=True)
    names = [
        f'<text x="{LEFT_PX + share * (right - LEFT_PX):.1f}" y="{bottom + 18}" '
        f'text-anchor="middle">{escape(word)}</text>'
        for word, share in words
    ]
    title = (
        f'<text x="{middle:.1f}" y="{bottom + 38}" text-anchor="middle">through the repetition; '
        "each phase takes half of the width</text>"
    )
    return [*grid, turn, *names, title]


def _legend(place: int, name: str, colour: str) -> list[str]:
    x = LEFT_PX + place * (60 + len(WHO[0]) * LETTER_PX)
    return [
        f'<circle cx="{x + 5:.0f}" cy="14" r="5" fill="{colour}"/>',
        f'<text x="{x + 15:.0f}" y="18">{escape(name)}</text>',
    ]


def _line(values: FloatArray, colour: str, dash: str = "none") -> str:
    points = " ".join(
        f"{_x(place, len(values)):.1f},{_y(value):.1f}"
        for place, value in enumerate(values)
        if np.isfinite(value)
    )
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5" '
        f'stroke-dasharray="{dash}"/>'
    )


def _band(low: FloatArray, high: FloatArray, colour: str) -> str:
    known = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    there = [f"{_x(place, len(low)):.1f},{_y(high[place]):.1f}" for place in known]
    back = [f"{_x(place, len(low)):.1f},{_y(low[place]):.1f}" for place in known[::-1]]
    points = " ".join(there + back)
    return f'<polygon points="{points}" fill="{colour}" fill-opacity="0.2"/>'


def _x(place: int, n_steps: int) -> float:
    return LEFT_PX + (WIDTH_PX - LEFT_PX - RIGHT_PX) * place / (n_steps - 1)


def _y(value: float) -> float:
    low, high = PROGRESS_RANGE
    height = HEIGHT_PX - TOP_PX - BOTTOM_PX
    share = (min(max(value, low), high) - low) / (high - low)
    return TOP_PX + height * (1 - share)
