"""Every rule on every rep of a feature table."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from labeler.catalog.spec import Catalog, Fault
from labeler.core.clip import View
from labeler.core.rep import RepQuality
from labeler.rules.registry import Verdict, all_rules
from labeler.rules.thresholds import Limits, RuleBook, load_limits

COLUMNS = ("rep_id", "fault", "state", "score", "reason", "version")


def apply_rules(
    table: pd.DataFrame, *, catalog: Catalog, book: RuleBook | None = None
) -> pd.DataFrame:
    """Ask every rule about every rep.

    Parameters
    ----------
    table : pandas.DataFrame
        As `labeler.features.table.feature_table` makes it.
    catalog : Catalog
        Says which movements have a fault and which views show it.
    book : RuleBook | None
        The limits in force; None for the package's.

    Returns
    -------
    pandas.DataFrame
        One row per rep and rule, reps in the order of the table: `COLUMNS`. ``state`` is a
        `State`'s value; ``score`` is NaN and ``reason`` says why where a rule does not apply;
        ``version`` tells rules and limits apart from others.
    """
    rules = all_rules()
    book = load_limits() if book is None else book
    version = book.version
    found = []
    for rep_id, row in zip(table.index, _records(table), strict=True):
        told = {name: None if pd.isna(row[name]) else str(row[name]) for name in _TOLD}
        for one in rules:
            limits = book[one.fault]
            reason = _why_not(catalog.fault(one.fault), limits, told, catalog)
            reason = reason or _unshown(limits, told, float(row["median_fps"]))
            said = Verdict.not_applicable(reason) if reason else one(row, limits)
            found.append((rep_id, one.fault, said.state.value, said.score, said.reason, version))
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    return frame.astype(dict.fromkeys(COLUMNS, "str") | {"score": "float64"})


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows by column name."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


_TOLD = ("movement", "view", "quality")


def _why_not(
    fault: Fault, limits: Limits, told: Mapping[str, str | None], catalog: Catalog
) -> str | None:
    """Why a rule cannot judge a rep, before looking at its features."""
    if told["quality"] == RepQuality.BAD.value:
        return "the pose was lost for too long"
    return _wrong_movement(fault, limits, told["movement"], catalog) or _wrong_view(
        fault, limits, told["view"]
    )


def _unshown(limits: Limits, told: Mapping[str, str | None], fps: float) -> str | None:
    """Why nothing of what tells a fault arrives through a camera at this view, as measured."""
    movement, view = told["movement"], told["view"]
    if movement is None or view is None:
        return None
    why = limits.why_not_shown(movement, fps, View(view))
    return f"this view ({View(view).words}) cannot show it: {why}" if why else None


def _wrong_movement(
    fault: Fault, limits: Limits, movement: str | None, catalog: Catalog
) -> str | None:
    if movement is None:
        return "the movement was not told"
    name = catalog.movement(movement).name
    if movement not in fault.movements:
        return f"{name}: not a fault of this movement"
    if not catalog.movement(movement).is_supported:
        return f"{name}: labelled by hand only"
    if limits.movements and movement not in limits.movements:
        return f"{name}: {limits.why}"
    return None


def _wrong_view(fault: Fault, limits: Limits, told: str | None) -> str | None:
    """Why the view keeps a rule from judging; one that was not told may be any of them."""
    if told is None:
        is_any_right = all(_wrong_view(fault, limits, view) is None for view in View)
        return None if is_any_right else "the view was not told"
    view = View(told)
    if not fault.is_visible_from(view):
        return f"cannot be seen from this view ({view.words})"
    if limits.views and view not in limits.views:
        return f"from this view ({view.words}) {limits.why}"
    return None
