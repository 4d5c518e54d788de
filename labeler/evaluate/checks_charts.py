"""The figures of the slow checks: two learning curves and the shuffled labels."""

from collections.abc import Sequence
from itertools import pairwise

from labeler.evaluate.charts import Chart, Form, Guide, Plain, Point, Series, number

BIN_WIDTH = 0.05
"""Of the histogram of shuffled labels, in AUROC."""

SHARE = (0.0, 1.0)


def checks_charts(checks: Plain) -> list[Chart]:
    """Every figure that the checks have numbers for."""
    word = checks["group_word"]
    found = [
        _curve(checks["by_group"], "learning_athletes", what=f"{word}s", member=checks["member"]),
        _curve(checks["by_label"], "learning_labels", what="labels", member=checks["member"]),
        _shuffled(checks["permutation"]),
    ]
    return [chart for chart in found if chart is not None]


def _curve(points: Sequence[Plain], key: str, *, what: str, member: str) -> Chart | None:
    """Balanced accuracy on unseen athletes over how much there was to learn from."""
    if not points:
        return None
    drawn = [
        Point(
            one["n"],
            one["balanced_accuracy"],
            one["balanced_accuracy_low"],
            one["balanced_accuracy_high"],
        )
        for one in points
    ]
    return Chart(
        key=key,
        title=f"What more {what} would teach",
        reading=f"Tested on people it has not seen; {member}. Still rising at the right end: more "
        f"{what} pay. The bar goes from the luckiest draw to the unluckiest.",
        x_title=f"{what} to learn from",
        y_title="balanced accuracy",
        x_range=(0.0, float(max(one["n"] for one in points))),
        y_range=(min(0.5, *(point.low for point in drawn)), 1.0),
        series=[Series(member, Form.LINE, drawn)],
        head=(what.capitalize(), "Draws", "Balanced accuracy", "AUROC"),
        cells=[
            (
                f"{one['n']} (all)" if one["is_all"] else str(one["n"]),
                str(one["n_repeats"]),
                _drawn(one, "balanced_accuracy"),
                _drawn(one, "auroc"),
            )
            for one in points
        ],
    )


def _drawn(one: Plain, name: str) -> str:
    """The mean of the draws, with the lowest and highest of several."""
    if one["n_repeats"] == 1:
        return number(one[name])
    return f"{one[name]:.2f} ({one[f'{name}_low']:.2f} to {one[f'{name}_high']:.2f})"


def _shuffled(found: Plain | None) -> Chart | None:
    """How often shuffled labels reach which AUROC, beside the labels as they are."""
    if found is None:
        return None
    edges = [place * BIN_WIDTH for place in range(round(1 / BIN_WIDTH) + 1)]
    places = [min(int(one / BIN_WIDTH), len(edges) - 2) for one in found["shuffled"]]
    n_in = [places.count(place) for place in range(len(edges) - 1)]
    observed, highest = found["observed"], float(max(n_in))
    return Chart(
        key="permutation",
        title="Labels as they are against shuffled ones",
        reading=f"Labels shuffled within each athlete teach nothing: they score "
        f"{found['mean']:.2f} on average, where 0.50 is chance"
        f"{'' if found['is_sound'] else ' (too far from it: something leaks)'}. The labels as they "
        f"are reach {observed:.2f} (dashed), p = {found['p_value']:.2g}; {found['member']}.",
        x_title="AUROC",
        y_title="shuffles",
        x_range=SHARE,
        y_range=(0.0, highest),
        series=[
            Series(
                "shuffled labels",
                Form.BARS,
                [
                    Point((low + high) / 2, float(n))
                    for (low, high), n in zip(pairwise(edges), n_in, strict=True)
                ],
            )
        ],
        guides=[Guide("labels as they are", (observed, 0.0), (observed, highest))],
        head=("AUROC", "Shuffles"),
        cells=[
            (f"{low:.2f} to {high:.2f}", str(n))
            for (low, high), n in zip(pairwise(edges), n_in, strict=True)
            if n
        ],
    )
