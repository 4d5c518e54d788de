"""The figures of a comparison: methods, curve, trust, silence, athletes, slices."""

import math
from collections.abc import Sequence

from labeler.evaluate.charts import (
    UNKNOWN,
    Chart,
    Form,
    Guide,
    Plain,
    Point,
    Series,
    interval_point,
    nan_if_none,
    number,
    row_of,
    with_interval,
)
from labeler.evaluate.words import METHOD_NAMES, METRIC_NAMES

GUESSING = 0.5
N_CURVE_ROWS = 12
"""Lines of the table of a curve; the curve itself has a step for each different score."""

SLICE_NAMES = {
    "view": "View",
    "fps": "Frames per second",
    "camera": "Camera",
    "movement": "Movement",
    "quality": "Quality of the pose",
}

SHARE = (0.0, 1.0)


def comparison_charts(metrics: Plain) -> list[Chart]:
    """Every figure that the metrics have numbers for, the most telling first."""
    makers = (_methods, _differences, _pr_curve, _athletes, _abstention, _reliability, _slices)
    return [chart for make in makers if (chart := make(metrics)) is not None]


def _methods(metrics: Plain) -> Chart | None:
    """Balanced accuracy of every method with its interval."""
    rows = [
        row
        for row in metrics.get("rows", ())
        if row["estimates"].get("balanced_accuracy", {}).get("value") is not None
    ]
    if not rows:
        return None
    names = [METHOD_NAMES.get(row["method"], row["method"]) for row in rows]
    found = [row["estimates"]["balanced_accuracy"] for row in rows]
    return Chart(
        key="methods",
        title="How often each is right",
        reading="Further right is better. The bar is the 95 % interval: where two bars overlap "
        "much, the difference may be chance. Dashed: guessing.",
        x_title="balanced accuracy",
        y_title="",
        x_range=SHARE,
        y_range=(-0.5, len(rows) - 0.5),
        series=[
            Series(
                "balanced accuracy",
                Form.DOTS,
                [interval_point(one, place) for place, one in enumerate(found)],
            )
        ],
        guides=[Guide("guessing", (GUESSING, -0.5), (GUESSING, len(rows) - 0.5))],
        categories=names,
        head=("Method", "Reps", "With the fault", "Balanced accuracy"),
        cells=[
            (name, str(row["n_reps"]), str(row["n_present"]), with_interval(one))
            for name, row, one in zip(names, rows, found, strict=True)
        ],
    )


def _differences(metrics: Plain) -> Chart | None:
    """Model minus rules with its interval, and how many more athletes would settle it."""
    told = [d for d in metrics.get("differences", ()) if d["estimate"]["value"] is not None]
    if not told:
        return None
    word = metrics.get("group_word", "athlete")
    points = [interval_point(one["estimate"], place) for place, one in enumerate(told)]
    furthest = max(abs(end) for p in points for end in (p.x, p.low, p.high) if end == end)
    reach = max(0.1, math.ceil(10 * furthest) / 10)
    return Chart(
        key="differences",
        title="Model minus rules, where the rules apply",
        reading="Right of the dashed line the model is better; where the bar crosses it, that is "
        "not shown. The verdict is read off AUPRC alone, fixed before looking. To settle it takes "
        f"(2.8 × spread between {word}s / difference)² {word}s in all.",
        x_title="model minus rules",
        y_title="",
        x_range=(-reach, reach),
        y_range=(-0.5, len(told) - 0.5),
        series=[Series("difference", Form.DOTS, points)],
        guides=[Guide("no difference", (0.0, -0.5), (0.0, len(told) - 0.5))],
        categories=[METRIC_NAMES[one["metric"]] for one in told],
        head=(
            "Number",
            "Model minus rules",
            "Reps",
            f"Spread between {word}s",
            "More to settle it",
        ),
        cells=[
            (
                METRIC_NAMES[one["metric"]],
                with_interval(one["estimate"]),
                str(one["n_reps"]),
                *_settling_cells(one.get("settling")),
            )
            for one in told
        ],
    )


def _settling_cells(needs: Plain | None) -> tuple[str, str]:
    """The spread between athletes, and how many more of them it takes."""
    if needs is None:
        return UNKNOWN, UNKNOWN
    spread = number(needs["sd"]) + ("" if needs["is_measured"] else " (published)")
    return spread, UNKNOWN if needs["n_more"] is None else str(needs["n_more"])


def _pr_curve(metrics: Plain) -> Chart | None:
    """Precision over recall, the rules as a dot, and the line of knowing nothing."""
    points = metrics.get("pr_points") or ()
    if not points:
        return None
    prevalence = metrics["rows"][0]["prevalence"]
    series = [Series("The model", Form.STEP, [Point(p[0], p[1]) for p in points])]
    if metrics.get("rule_point") is not None:
        series.append(Series("Rules", Form.DOTS, [Point(*metrics["rule_point"])]))
    return Chart(
        key="precision_recall",
        title="Found faults against false alarms",
        reading="Up and to the right is better. Dashed: knowing nothing.",
        x_title="share of the faults that is found (recall)",
        y_title="share of right alarms (precision)",
        x_range=SHARE,
        y_range=SHARE,
        series=series,
        guides=[Guide("knowing nothing", (0.0, prevalence), (1.0, prevalence))],
        head=("Present from", "Faults found", "Right alarms"),
        cells=[(number(p[2]), number(p[0]), number(p[1])) for p in _thinned(points)],
    )


def _thinned(points: Sequence[Sequence[float]]) -> list[Sequence[float]]:
    """At most `N_CURVE_ROWS` of the points, with both ends."""
    if len(points) <= N_CURVE_ROWS:
        return list(points)
    step = (len(points) - 1) / (N_CURVE_ROWS - 1)
    return [points[round(place * step)] for place in range(N_CURVE_ROWS)]


def _athletes(metrics: Plain) -> Chart | None:
    """The model and the rules, athlete by athlete."""
    groups = metrics.get("groups") or ()
    if not groups:
        return None
    word = metrics["group_word"]
    has_rules = any(group["rules"] is not None for group in groups)
    series = [Series("The model", Form.DOTS, _each(groups, "model"))]
    if has_rules:
        series.append(Series("Rules", Form.DOTS, _each(groups, "rules")))
    return Chart(
        key="athletes",
        title=f"{word.capitalize()} by {word}",
        reading=f"Each line is one {word} with reps of both kinds, the worst for the model first. "
        "Numbers stand for names. Dashed: guessing.",
        x_title="balanced accuracy",
        y_title="",
        x_range=SHARE,
        y_range=(-0.5, len(groups) - 0.5),
        series=series,
        guides=[Guide("guessing", (GUESSING, -0.5), (GUESSING, len(groups) - 0.5))],
        categories=[group["name"] for group in groups],
        head=(word.capitalize(), "Reps", "With the fault", "The model", "Rules"),
        cells=[
            (
                group["name"],
                str(group["n_reps"]),
                str(group["n_present"]),
                number(group["model"]),
                number(group["rules"]),
            )
            for group in groups
        ],
    )


def _each(groups: Sequence[Plain], method: str) -> list[Point]:
    """A dot for each athlete."""
    return [Point(nan_if_none(group[method]), place) for place, group in enumerate(groups)]


def _abstention(metrics: Plain) -> Chart | None:
    """Wrong answers over the share of reps that are answered."""
    found = metrics.get("abstention") or ()
    if not found:
        return None
    points = [interval_point(one["risk"], one["coverage"], is_lying=False) for one in found]
    highest = max(0.1, *(max(p.y, p.high if p.high == p.high else p.y) for p in points))
    return Chart(
        key="abstention",
        title="Fewer answers, fewer mistakes",
        reading="How many of its answers are wrong if the model may keep silent where it is least "
        "sure. Flat: it does not know when it is wrong.",
        x_title="share of the reps that is answered",
        y_title="share of the answers that is wrong",
        x_range=(math.floor(10 * min(p.x for p in points)) / 10, 1.0),
        y_range=(0.0, min(1.0, highest)),
        series=[Series("The model", Form.LINE, points)],
        head=("Answered", "Reps", "Wrong", "Balanced accuracy"),
        cells=[
            (
                f"{one['coverage']:.0%}".replace("%", " %"),
                str(one["n_answered"]),
                with_interval(one["risk"]),
                with_interval(one["balanced_accuracy"]),
            )
            for one in found
        ],
    )


def _reliability(metrics: Plain) -> Chart | None:
    """How often the fault is there, over what the model said."""
    bins = metrics.get("reliability") or ()
    if not bins:
        return None
    return Chart(
        key="reliability",
        title="Whether its probabilities come true",
        reading="On the dashed line, a fault that it calls 80 % likely is there eight times in "
        "ten. Below: it exaggerates. Bins with few reps say little.",
        x_title="probability that the model gives",
        y_title="share of those reps with the fault",
        x_range=SHARE,
        y_range=SHARE,
        series=[Series("The model", Form.LINE, [Point(one["said"], one["found"]) for one in bins])],
        guides=[Guide("comes true", (0.0, 0.0), (1.0, 1.0))],
        head=("Probability", "Reps", "Mean", "Came true"),
        cells=[
            (
                f"{one['low']:.1f} to {one['high']:.1f}",
                str(one["n_reps"]),
                number(one["said"]),
                number(one["found"]),
            )
            for one in bins
        ],
    )


def _slices(metrics: Plain) -> Chart | None:
    """The model by how and what was filmed."""
    found = [one for one in metrics.get("slices") or () if one["n_reps"]]
    if not found:
        return None
    shown = [one for one in found if one["is_enough"]]
    names = [f"{SLICE_NAMES.get(one['kind'], one['kind'])}: {one['value']}" for one in shown]
    return Chart(
        key="slices",
        title="By view, frame rate, camera, movement and quality",
        reading="Where a line is far left of the others, do not trust the model there. Reps too "
        "few for a score are in the table alone. Dashed: guessing.",
        x_title="balanced accuracy",
        y_title="",
        x_range=SHARE,
        y_range=(-0.5, len(shown) - 0.5),
        series=[
            Series(
                "The model",
                Form.DOTS,
                [
                    interval_point(one["estimates"]["balanced_accuracy"], place)
                    for place, one in enumerate(shown)
                ],
            )
        ],
        guides=[Guide("guessing", (GUESSING, -0.5), (GUESSING, len(shown) - 0.5))],
        categories=names,
        head=("What", "Which", "Reps", "With the fault", "Athletes", "Balanced accuracy", "AUROC"),
        cells=[_slice_cells(one) for one in found],
    )


def _slice_cells(one: Plain) -> tuple[str, ...]:
    """A slice as a line of the table; one with too few reps says so."""
    scores = [with_interval(one["estimates"][name]) for name in ("balanced_accuracy", "auroc")]
    if not one["is_enough"]:
        scores = ["too few reps", UNKNOWN]
    return (
        SLICE_NAMES.get(one["kind"], one["kind"]),
        one["value"],
        str(one["n_reps"]),
        str(one["n_present"]),
        str(one["n_groups"]),
        *scores,
    )


def kappa_beside(metrics: Plain) -> tuple[str, str]:
    """κ of the model with the raters, and of the raters with each other; `UNKNOWN` if not told."""
    row, raters = row_of(metrics, "model"), metrics.get("raters")
    model = UNKNOWN if row is None else with_interval(row["estimates"].get("kappa"))
    return model, UNKNOWN if raters is None else with_interval(raters["estimate"])
