"""A chart as an inline SVG that is readable on light and on dark pages."""

import math
from dataclasses import dataclass
from html import escape

from labeler.evaluate.charts import Chart, Form, Guide, Point, Series

WIDTH_PX = 640
PLOT_HEIGHT_PX = 280
CATEGORY_PX = 30
"""Height of a line of a chart with categories."""

LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 64, 16, 12, 52
LETTER_PX = 6.6
"""Width of a letter, rounded up: room for the names of categories."""

MAX_NAME_PX = 300
COLOURS = ("#2f7fd6", "#d9641a", "#3a9a5b")
"""Seen on white and on black: 3 to 1 at least against both."""

MAX_TICKS = 6
ROUNDING = 1e-9
"""An end of an axis that is a round number but for its last digits has a tick."""

DOT_PX = 4.5
LEGEND_PX = 22


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the plot is, in pixels."""

    chart: Chart
    left: float
    top: float
    width: float
    height: float

    def x(self, value: float) -> float:
        """Pixels from the left."""
        low, high = self.chart.x_range
        return self.left + self.width * _share(value, low, high)

    def y(self, value: float) -> float:
        """Pixels from the top; categories count downwards."""
        low, high = self.chart.y_range
        share = _share(value, low, high)
        return self.top + self.height * (share if self.chart.categories else 1 - share)


def chart_svg(chart: Chart) -> str:
    """The chart as an ``<svg>`` element; lines and text take the colour of the page's text.

    Points that are not known (NaN) are left out.
    """
    frame = _frame(chart)
    height = frame.top + frame.height + BOTTOM_PX
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_PX} {height:.0f}" '
        f'width="{WIDTH_PX}" height="{height:.0f}" role="img" font-family="sans-serif" '
        f'font-size="12" fill="currentColor" color="currentColor">'
        f"<title>{escape(chart.title)}</title>",
        *_legend(chart),
        *_axes(frame),
        *(_guide(frame, guide) for guide in chart.guides),
    ]
    for number, series in enumerate(chart.series):
        parts += _series(frame, series, COLOURS[number % len(COLOURS)])
    return "".join([*parts, "</svg>"])


def _share(value: float, low: float, high: float) -> float:
    """Where a value is between two others; 0 where they are one."""
    return (value - low) / (high - low) if high > low else 0.0


def _frame(chart: Chart) -> _Frame:
    """Room for names on the left, for a legend above."""
    longest = max((len(name) for name in chart.categories), default=0)
    left = max(LEFT_PX, min(MAX_NAME_PX, longest * LETTER_PX + 16))
    top = TOP_PX + (LEGEND_PX if len(chart.series) > 1 else 0)
    n_lines = len(chart.categories)
    height = CATEGORY_PX * n_lines if n_lines else PLOT_HEIGHT_PX
    return _Frame(chart, left, top, WIDTH_PX - left - RIGHT_PX, height)


def _legend(chart: Chart) -> list[str]:
    """The names of several series in their colours."""
    if len(chart.series) < 2:
        return []
    parts, at = [], float(LEFT_PX)
    for number, series in enumerate(chart.series):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(f'<circle cx="{at:.0f}" cy="12" r="5" fill="{colour}"/>')
        parts.append(_text(at + 10, 16, series.name, anchor="start"))
        at += 40 + len(series.name) * LETTER_PX
    return parts


def _axes(frame: _Frame) -> list[str]:
    """Both axes with their numbers, or names, and titles."""
    chart, right, bottom = frame.chart, frame.left + frame.width, frame.top + frame.height
    parts = [
        _line((frame.left, bottom), (right, bottom)),
        _line((frame.left, frame.top), (frame.left, bottom)),
        _text(frame.left + frame.width / 2, bottom + 40, chart.x_title),
    ]
    parts += [_text(frame.x(v), bottom + 18, f"{v:.3g}") for v in _ticks(*chart.x_range)]
    if chart.categories:
        names = enumerate(chart.categories)
        parts += [_text(frame.left - 8, frame.y(n) + 4, name, anchor="end") for n, name in names]
        return parts
    for v in _ticks(*chart.y_range):
        parts.append(_text(frame.left - 8, frame.y(v) + 4, f"{v:.3g}", anchor="end"))
    middle = frame.top + frame.height / 2
    turned = _text(14, middle, chart.y_title)
    return [*parts, f'<g transform="rotate(-90 14 {middle:.0f})">{turned}</g>']


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers along an axis: the finest of 1, 2, 2.5 and 5 that gives `MAX_TICKS` at most."""
    if not high > low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / MAX_TICKS))
    steps = (power * part for part in (1.0, 2.0, 2.5, 5.0, 10.0, 20.0))
    step = next(step for step in steps if (high - low) / step < MAX_TICKS)
    first, last = math.ceil(low / step - ROUNDING), math.floor(high / step + ROUNDING)
    return [number * step for number in range(first, last + 1)]


def _guide(frame: _Frame, guide: Guide) -> str:
    """A dashed line."""
    (x1, y1), (x2, y2) = guide.start, guide.stop
    return _line((frame.x(x1), frame.y(y1)), (frame.x(x2), frame.y(y2)), dash="5 4")


def _series(frame: _Frame, series: Series, colour: str) -> list[str]:
    """The points in their form, and their intervals."""
    known = [point for point in series.points if math.isfinite(point.x + point.y)]
    if series.form is Form.BARS:
        return [_bar(frame, point, len(series.points), colour) for point in known]
    parts = [_interval(frame, point, colour) for point in known if math.isfinite(point.low)]
    if series.form is not Form.DOTS:
        corners = _corners(known, is_stepped=series.form is Form.STEP)
        places = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in corners)
        parts.append(
            f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
    if series.form is not Form.STEP:
        parts += [
            f'<circle cx="{frame.x(p.x):.1f}" cy="{frame.y(p.y):.1f}" r="{DOT_PX}" '
            f'fill="{colour}"/>'
            for p in known
        ]
    return parts


def _corners(points: list[Point], *, is_stepped: bool) -> list[tuple[float, float]]:
    """Corners of a line; of a step the height holds from the point before it to its own."""
    if not is_stepped:
        return [(point.x, point.y) for point in points]
    corners, before = [], 0.0
    for point in points:
        corners += [(before, point.y), (point.x, point.y)]
        before = point.x
    return corners


def _interval(frame: _Frame, point: Point, colour: str) -> str:
    """A line from the low end to the high one: upright, or lying beside a category."""
    start, stop = (point.x, point.low), (point.x, point.high)
    if frame.chart.categories:
        start, stop = (point.low, point.y), (point.high, point.y)
    return _line(
        (frame.x(start[0]), frame.y(start[1])),
        (frame.x(stop[0]), frame.y(stop[1])),
        colour=colour,
        width=2.0,
    )


def _bar(frame: _Frame, point: Point, n_bars: int, colour: str) -> str:
    """A bar from the foot of the plot; a gap of a pixel beside it."""
    width = frame.width / n_bars - 1
    top, bottom = frame.y(point.y), frame.top + frame.height
    return (
        f'<rect x="{frame.x(point.x) - width / 2:.1f}" y="{top:.1f}" width="{width:.1f}" '
        f'height="{bottom - top:.1f}" fill="{colour}"/>'
    )


def _line(
    start: tuple[float, float],
    stop: tuple[float, float],
    *,
    colour: str = "currentColor",
    dash: str = "none",
    width: float = 1.0,
) -> str:
    """A straight line between two places in pixels."""
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{stop[0]:.1f}" y2="{stop[1]:.1f}" '
        f'stroke="{colour}" stroke-width="{width:g}" stroke-dasharray="{dash}"/>'
    )


def _text(x: float, y: float, words: str, *, anchor: str = "middle") -> str:
    """Words at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
