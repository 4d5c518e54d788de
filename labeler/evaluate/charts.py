"""Every figure of a comparison as numbers and as a table; pages and reports draw the same ones.

Built from the plain JSON of a card's metrics, so that old cards are drawn too: a figure whose
numbers an old card does not have is left out. Imports nothing heavy.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Plain = Mapping[str, Any]
"""Metrics of a card, or checks, as JSON gives them."""

UNKNOWN = "–"
"""Where there is no number."""

Range = tuple[float, float]


class Form(StrEnum):
    """How a series is drawn."""

    LINE = "line"
    STEP = "step"
    DOTS = "dots"
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class Point:
    """One place; `low` and `high` are its interval, NaN where there is none.

    The interval is upright, and lies down in a chart with categories.
    """

    x: float
    y: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together; with categories, `y` counts them from 0 at the top."""

    name: str
    form: Form
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Guide:
    """A dashed line to hold the points against."""

    name: str
    start: Range
    stop: Range


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure and the table of its numbers.

    Parameters
    ----------
    key : str
        Stable name.
    reading : str
        How to read it, in a coach's words.
    categories : Sequence[str]
        Names along the vertical axis, from the top; empty where it holds numbers.
    head, cells : Sequence
        The table.
    """

    key: str
    title: str
    reading: str
    x_title: str
    y_title: str
    x_range: Range
    y_range: Range
    series: Sequence[Series]
    head: Sequence[str]
    cells: Sequence[Sequence[str]]
    guides: Sequence[Guide] = ()
    categories: Sequence[str] = ()


def number(value: float | None) -> str:
    """Two digits, or that it cannot be told."""
    return UNKNOWN if value is None or math.isnan(value) else f"{value:.2f}"


def with_interval(estimate: Plain | None) -> str:
    """``0.83 (0.71 to 0.92)``, or without the interval where it says nothing.

    It says nothing where there are too few athletes, and where all resamples agree, as under a
    perfect score: that is no certainty about others.
    """
    if estimate is None or estimate["value"] is None:
        return UNKNOWN
    low, high = estimate["low"], estimate["high"]
    value = number(estimate["value"])
    is_told = low is not None and high is not None and low < high
    return f"{value} ({low:.2f} to {high:.2f})" if is_told else value


def nan_if_none(value: float | None) -> float:
    """A number of plain JSON, NaN where it cannot be told."""
    return math.nan if value is None else float(value)


def interval_point(estimate: Plain, place: float, *, is_lying: bool = True) -> Point:
    """An estimate as a point at a place of the other axis."""
    value, low, high = (nan_if_none(estimate[name]) for name in ("value", "low", "high"))
    return Point(value, place, low, high) if is_lying else Point(place, value, low, high)


def row_of(metrics: Plain, method: str) -> Plain | None:
    """The line of a method; None where there is none."""
    found: Plain | None = next(
        (row for row in metrics.get("rows", ()) if row["method"] == method), None
    )
    return found
