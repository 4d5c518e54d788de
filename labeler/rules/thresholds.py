"""Reads the limits of the rules from their one data file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from labeler.core.clip import View

FILE = "thresholds.toml"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one rule; `movements` and `views` are empty where it judges all of its fault's.

    Parameters
    ----------
    values : Mapping[str, float]
        By name, in the unit that the name ends in.
    source : str
        Where they come from.
    why : str
        What keeps the rule from judging the other movements or views.
    """

    values: Mapping[str, float]
    source: str
    movements: tuple[str, ...] = ()
    views: tuple[View, ...] = ()
    why: str = ""

    def __getitem__(self, name: str) -> float:
        """The limit of that name."""
        return self.values[name]


@cache
def load_limits() -> Mapping[str, Limits]:
    """Limits by fault, as they come with the package."""
    tables = tomllib.loads(files("labeler.rules").joinpath(FILE).read_text(encoding="utf-8"))
    return {fault: _limits(table) for fault, table in tables.items() if fault != "version"}


def _limits(table: Mapping[str, Any]) -> Limits:
    return Limits(
        values={name: value for name, value in table.items() if isinstance(value, float)},
        source=table["source"],
        movements=tuple(table.get("movements", ())),
        views=tuple(View(view) for view in table.get("views", ())),
        why=table.get("why", ""),
    )
