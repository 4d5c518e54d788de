"""Figures: drawn to scale, with the same numbers in picture and table, and what they say."""

import math
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.evaluate import chart_svg as chart_svg_module
from labeler.evaluate import sentences
from labeler.evaluate.chart_svg import (
    LEFT_PX,
    PLOT_HEIGHT_PX,
    RIGHT_PX,
    TOP_PX,
    WIDTH_PX,
    chart_svg,
)
from labeler.evaluate.charts import UNKNOWN, Chart, Form, Guide, Point, Series
from labeler.evaluate.checks_charts import checks_charts
from labeler.evaluate.comparison_charts import N_CURVE_ROWS, comparison_charts, kappa_beside

SPACE = "{http://www.w3.org/2000/svg}"
PLOT_PX = WIDTH_PX - LEFT_PX - RIGHT_PX


def estimate(value, low=None, high=None):
    return {"value": value, "low": low, "high": high}


def row(method="model", value=0.8, **estimates):
    return {
        "method": method,
        "n_reps": 40,
        "n_present": 20,
        "prevalence": 0.5,
        "estimates": {"balanced_accuracy": estimate(value, 0.7, 0.9), **estimates},
        "worst": None,
    }


def drawn(**changes):
    told = {
        "key": "k",
        "title": "a & b",
        "reading": "r",
        "x_title": "x",
        "y_title": "y",
        "x_range": (0.0, 1.0),
        "y_range": (0.0, 1.0),
        "series": [],
        "head": ("a",),
        "cells": [("1",)],
    }
    return ElementTree.fromstring(chart_svg(Chart(**{**told, **changes})))


def dots(root):
    return [(float(c.get("cx")), float(c.get("cy"))) for c in root.findall(f"{SPACE}circle")]


def test_dots_are_where_their_numbers_say():
    points = [Point(0, 0), Point(1, 1), Point(0.5, 0.25, 0.0, 0.5)]
    root = drawn(series=[Series("s", Form.DOTS, points)])
    bottom = TOP_PX + PLOT_HEIGHT_PX
    assert dots(root) == [
        (LEFT_PX, bottom),
        (LEFT_PX + PLOT_PX, TOP_PX),
        (LEFT_PX + PLOT_PX / 2, bottom - PLOT_HEIGHT_PX / 4),
    ]
    upright = root.findall(f"{SPACE}line")[-1]
    assert upright.get("x1") == upright.get("x2")
    assert float(upright.get("y1")) == bottom


def test_categories_count_from_the_top_and_intervals_lie():
    points = [Point(0.5, 0, 0.25, 0.75), Point(0.5, 1)]
    root = drawn(
        series=[Series("s", Form.DOTS, points)], categories=("one", "two"), y_range=(-0.5, 1.5)
    )
    (_, first), (_, second) = dots(root)
    assert first < second
    lying = root.findall(f"{SPACE}line")[-1]
    assert lying.get("y1") == lying.get("y2")
    assert [text.text for text in root.iter(f"{SPACE}text")][-2:] == ["one", "two"]


def test_a_step_holds_its_height_from_the_point_before():
    root = drawn(series=[Series("s", Form.STEP, [Point(0.5, 1.0), Point(1.0, 0.5)])])
    corners = root.find(f"{SPACE}polyline").get("points").split()
    assert len(corners) == 4
    assert dots(root) == []


def test_bars_stand_on_the_foot():
    root = drawn(series=[Series("s", Form.BARS, [Point(0.25, 1.0), Point(0.75, 0.5)])])
    for bar in root.findall(f"{SPACE}rect"):
        assert float(bar.get("y")) + float(bar.get("height")) == TOP_PX + PLOT_HEIGHT_PX


def test_several_series_have_a_legend_and_their_own_colour():
    both = [Series(name, Form.LINE, [Point(0, 0), Point(1, 1)]) for name in ("one", "two")]
    root = drawn(series=both, guides=[Guide("g", (0.0, 0.5), (1.0, 0.5))])
    lines = root.findall(f"{SPACE}polyline")
    assert len({line.get("stroke") for line in lines}) == 2
    assert {"one", "two"} <= {text.text for text in root.iter(f"{SPACE}text")}
    assert any(line.get("stroke-dasharray") == "5 4" for line in root.findall(f"{SPACE}line"))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1) | st.just(math.nan)), max_size=9))
def test_what_is_not_known_is_not_drawn(places):
    root = drawn(series=[Series("s", Form.DOTS, [Point(x, y) for x, y in places])])
    assert len(dots(root)) == sum(math.isfinite(y) for _, y in places)
    assert "nan" not in ElementTree.tostring(root, encoding="unicode")


def test_an_axis_without_length_is_drawn():
    assert dots(drawn(x_range=(1.0, 1.0), series=[Series("s", Form.DOTS, [Point(1, 1)])]))


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((0.0, 1.0), [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ((0.5, 1.0), [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
        ((0.0, 62.0), [0, 20, 40, 60]),
        ((0.0, 5.0), [0, 1, 2, 3, 4, 5]),
        ((0.0, 0.1), [0, 0.02, 0.04, 0.06, 0.08, 0.1]),
    ],
)
def test_ticks_are_round_numbers_inside_the_axis(ends, expected):
    assert chart_svg_module._ticks(*ends) == pytest.approx(expected)


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
def test_ticks_are_few_and_inside(low, length):
    ticks = chart_svg_module._ticks(low, low + length)
    assert 2 <= len(ticks) <= chart_svg_module.MAX_TICKS + 1
    slack = 1e-6 * max(1.0, abs(low))
    assert low - slack <= ticks[0] <= ticks[-1] <= low + length + slack


def test_no_numbers_are_no_figures():
    assert comparison_charts({}) == []
    assert comparison_charts({"rows": [row(value=None)], "pr_points": []}) == []


def test_a_long_curve_has_a_short_table_with_both_ends():
    points = [(n / 100, 1 - n / 200, 1 - n / 100) for n in range(101)]
    metrics = {"rows": [row()], "pr_points": points, "rule_point": (0.5, 0.9)}
    chart = next(c for c in comparison_charts(metrics) if c.key == "precision_recall")
    assert len(chart.cells) == N_CURVE_ROWS
    assert (chart.cells[0][1], chart.cells[-1][1]) == ("0.00", "1.00")
    model, rules = chart.series
    assert len(model.points) == 101
    assert (rules.points[0].x, rules.points[0].y) == (0.5, 0.9)


def test_the_difference_with_the_rules_has_its_interval_and_what_settles_it():
    told = [
        {"metric": "auprc", "n_reps": 40, "estimate": estimate(0.12, -0.04, 0.31)},
        {"metric": "balanced_accuracy", "n_reps": 40, "estimate": estimate(None)},
    ]
    told[0]["settling"] = {"sd": 0.21, "is_measured": False, "n_more": 15}
    (chart,) = comparison_charts({"differences": told})
    assert chart.x_range == pytest.approx((-0.4, 0.4))
    assert chart.cells == [("AUPRC", "0.12 (-0.04 to 0.31)", "40", "0.21 (published)", "15")]
    del told[0]["settling"]
    (old,) = comparison_charts({"differences": told})
    assert old.cells[0][-2:] == (UNKNOWN, UNKNOWN)


def test_a_slice_with_too_few_reps_is_in_the_table_alone():
    parts = [
        {
            "kind": kind,
            "value": value,
            "n_reps": 20 if enough else 3,
            "n_present": 2,
            "n_groups": 2,
            "estimates": {
                "balanced_accuracy": estimate(0.8 if enough else None),
                "auroc": estimate(0.9 if enough else None),
            },
            "is_enough": enough,
        }
        for kind, value, enough in (("view", "side", True), ("fps", "below 45", False))
    ]
    (chart,) = (c for c in comparison_charts({"slices": parts}) if c.key == "slices")
    assert chart.categories == ["View: side"]
    assert [cells[-2:] for cells in chart.cells] == [("0.80", "0.90"), ("too few reps", UNKNOWN)]


def point(n, *, is_all=False, n_repeats=3):
    names = ("balanced_accuracy", "auroc")
    scores = {f"{name}{end}": 0.8 for name in names for end in ("", "_low", "_high")}
    return {"n": n, "is_all": is_all, "n_repeats": n_repeats, **scores}


def test_checks_have_two_curves_and_a_histogram():
    shuffled = [0.45, 0.5, 0.52, 1.0]
    found = checks_charts(
        {
            "group_word": "athlete",
            "member": "m",
            "by_group": [point(2), point(5, is_all=True, n_repeats=1)],
            "by_label": [point(10)],
            "permutation": {
                "member": "m",
                "observed": 0.9,
                "shuffled": shuffled,
                "p_value": 0.4,
                "mean": float(np.mean(shuffled)),
                "is_sound": False,
            },
        }
    )
    athletes, labels, bars = found
    assert athletes.cells == [
        ("2", "3", "0.80 (0.80 to 0.80)", "0.80 (0.80 to 0.80)"),
        ("5 (all)", "1", "0.80", "0.80"),
    ]
    assert labels.title == "What more labels would teach"
    assert sum(p.y for p in bars.series[0].points) == len(shuffled)
    assert "something leaks" in bars.reading
    assert all(chart_svg(chart).startswith("<svg") for chart in found)


def test_checks_without_an_answer_have_no_figure():
    none = {"group_word": "set", "member": "m", "by_group": [], "by_label": [], "permutation": None}
    assert checks_charts(none) == []


def settled(n_more, *, is_measured=True, verdict="not shown"):
    needs = {"n_more": n_more, "sd": 0.21, "is_measured": is_measured}
    return {
        "verdict": verdict,
        "group_word": "athlete",
        "differences": [{"metric": "auprc", "settling": needs}],
    }


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        (settled(25), "about 25 more athletes would settle it."),
        (settled(1), "about 1 more athlete would settle it."),
        (settled(0), "a few more athletes would settle it."),
        (settled(5, is_measured=False), "spread of 0.21 between the athletes of a published data"),
        (settled(None), "no difference that more could show"),
        (settled(5000), "more than 1,000 athletes would not show it"),
    ],
    ids=["many", "one", "by the formula enough", "published", "none", "hopeless"],
)
def test_what_would_settle_it_is_told(metrics, words):
    assert words in sentences.settling_words(metrics)


@pytest.mark.parametrize(
    "metrics",
    [
        {},
        settled(25, verdict="beats the rules"),
        {"verdict": "not shown"},
        {"verdict": "not shown", "differences": []},
        {"verdict": "not shown", "differences": [{"metric": "auprc"}]},
    ],
    ids=["nothing", "settled", "nothing told", "no difference", "old card"],
)
def test_what_is_settled_or_unknown_asks_for_no_athletes(metrics):
    assert sentences.settling_words(metrics) == ""


def test_the_leak_alarm_says_its_number():
    rings = {"optimism": 0.081, "group_word": "athlete"}
    assert "by +0.08 (the alarm rings" in sentences.optimism_words(rings)
    assert "by -0.01 (no alarm" in sentences.optimism_words({**rings, "optimism": -0.01})
    assert sentences.optimism_words({"optimism": None}) == ""


def test_kappa_of_the_model_stands_beside_that_of_the_raters():
    metrics = {"rows": [row(kappa=estimate(0.7, 0.6, 0.8))]}
    assert kappa_beside(metrics) == ("0.70 (0.60 to 0.80)", UNKNOWN)
    assert "with each other: not known" in sentences.kappa_words(metrics)
    metrics["raters"] = {"estimate": estimate(0.5)}
    assert "raters 0.70 (0.60 to 0.80); the raters with each other 0.50" in (
        sentences.kappa_words(metrics)
    )
    assert sentences.kappa_words({}) == ""
