"""Every rule on every rep of a feature table."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from labeler.catalog.spec import Catalog, Fault
from labeler.core.clip import View
from labeler.core.rep import RepQuality
from labeler.rules.registry import Rule, Verdict, all_rules

COLUMNS = ("rep_id", "fault", "state", "score", "reason")


def apply_rules(table: pd.DataFrame, *, catalog: Catalog) -> pd.DataFrame:
    """Ask every rule about every rep.

    Parameters
    ----------
    table : pandas.DataFrame
        As `labeler.features.table.feature_table` makes it.
    catalog : Catalog
        Says which movements have a fault and which views show it.

    Returns
    -------
    pandas.DataFrame
        One row per rep and rule, reps in the order of the table: `COLUMNS`. ``state`` is a
        `State`'s value; ``score`` is NaN and ``reason`` says why where a rule does not apply.
    """
    rules = all_rules()
    found = []
    for rep_id, row in zip(table.index, _records(table), strict=True):
        told = {name: None if pd.isna(row[name]) else str(row[name]) for name in _TOLD}
        for one in rules:
            reason = _why_not(one, told, catalog)
            verdict = Verdict.not_applicable(reason) if reason else one(row)
            found.append((rep_id, one.fault, verdict.state.value, verdict.score, verdict.reason))
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    return frame.astype(dict.fromkeys(COLUMNS, "str") | {"score": "float64"})


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows by column name."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


_TOLD = ("movement", "view", "quality")


def _why_not(one: Rule, told: Mapping[str, str | None], catalog: Catalog) -> str | None:
    """Why a rule cannot judge a rep, before looking at its features."""
    if told["quality"] == RepQuality.BAD.value:
        return "the pose was lost for too long"
    fault = catalog.fault(one.fault)
    return _wrong_movement(one, fault, told["movement"], catalog) or _wrong_view(
        one, fault, told["view"]
    )


def _wrong_movement(one: Rule, fault: Fault, movement: str | None, catalog: Catalog) -> str | None:
    if movement is None:
        return "the movement was not told"
    name = catalog.movement(movement).name
    if movement not in fault.movements:
        return f"{name}: not a fault of this movement"
    if not catalog.movement(movement).is_supported:
        return f"{name}: labelled by hand only"
    if one.limits.movements and movement not in one.limits.movements:
        return f"{name}: {one.limits.why}"
    return None


def _wrong_view(one: Rule, fault: Fault, told: str | None) -> str | None:
    view = None if told is None else View(told)
    words = "not told" if view is None else view.words
    if not fault.is_visible_from(view):
        return f"cannot be seen from this view ({words})"
    if one.limits.views and view is not None and view not in one.limits.views:
        return f"from this view ({words}) {one.limits.why}"
    return None
