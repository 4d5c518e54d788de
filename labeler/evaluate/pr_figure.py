"""Precision over recall as an inline SVG."""

from collections.abc import Sequence

from labeler.evaluate.comparison import Comparison

SIDE_PX = 320
MARGIN_PX = 48

Point = tuple[float, float]
"""Recall and precision."""


def pr_svg(comparison: Comparison) -> str:
    """The model's curve, the rules as a point, and the line of knowing nothing.

    Returns
    -------
    str
        An ``<svg>`` element of its own colours; empty where there is no curve.
    """
    if not comparison.pr_points:
        return ""
    size_px = SIDE_PX + 2 * MARGIN_PX
    steps = _steps(comparison.pr_points)
    prevalence = comparison.rows[0].prevalence
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size_px} {size_px}" '
        f'width="{size_px}" height="{size_px}" role="img" font-family="sans-serif" '
        'font-size="12"><title>Precision over recall</title>',
        _line((0, 0), (1, 0), colour="#555"),
        _line((0, 0), (0, 1), colour="#555"),
        *_ticks(),
        _line((0, prevalence), (1, prevalence), colour="#999", dash="4 4"),
        f'<polyline points="{steps}" fill="none" stroke="#0060b0" stroke-width="2"/>',
        *_rule_mark(comparison.rule_point),
        "</svg>",
    ]
    return "".join(parts)


def _steps(points: Sequence[tuple[float, float, float]]) -> str:
    """Corners of the curve: precision holds from the recall before it to its own."""
    corners, before = [], 0.0
    for recall, precision, _ in points:
        corners += [(before, precision), (recall, precision)]
        before = recall
    return " ".join(f"{_x(recall):.1f},{_y(precision):.1f}" for recall, precision in corners)


def _ticks() -> list[str]:
    """Numbers and names of both axes."""
    texts = [
        _text(_x(0.5), _y(0) + 36, "recall: share of the faulty reps that are found"),
        f'<g transform="rotate(-90 12 {_y(0.5):.0f})">'
        f"{_text(12, _y(0.5), 'precision: share of its alarms that are right')}</g>",
    ]
    for value in (0.0, 0.5, 1.0):
        texts.append(_text(_x(value), _y(0) + 18, f"{value:g}"))
        texts.append(_text(_x(0) - 16, _y(value) + 4, f"{value:g}"))
    return texts


def _rule_mark(point: Point | None) -> list[str]:
    """The rules as one dot; nothing where they never fire."""
    if point is None:
        return []
    x, y = _x(point[0]), _y(point[1])
    return [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#c04000"/>', _text(x, y - 9, "rules")]


def _line(start: Point, stop: Point, *, colour: str, dash: str = "none") -> str:
    """A straight line; both ends as recall and precision."""
    (x1, y1), (x2, y2) = ((_x(recall), _y(precision)) for recall, precision in (start, stop))
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-dasharray="{dash}"/>'
    )


def _text(x: float, y: float, words: str) -> str:
    """Centred text; `words` are ours, so nothing needs escaping."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" fill="#333">{words}</text>'


def _x(recall: float) -> float:
    """Pixels from the left."""
    return MARGIN_PX + SIDE_PX * recall


def _y(precision: float) -> float:
    """Pixels from the top."""
    return MARGIN_PX + SIDE_PX * (1 - precision)
