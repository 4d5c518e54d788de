"""The limits of the hand-written rules: which are in force, and how to change them."""

from pathlib import Path
from typing import Any

from labeler.core.errors import RulesError
from labeler.rules.template import template
from labeler.rules.thresholds import (
    OVERRIDES,
    Evidence,
    Limit,
    load_limits,
    load_rulebook,
)
from labeler.workflows.own_files import begin_file


def how_to_edit(folder: Path) -> str:
    """Where a coach changes a limit of the dataset in `folder`, and how."""
    file = folder / OVERRIDES
    if file.is_file():
        return f"To change one, edit `{file}`; it counts as soon as it is saved."
    return (
        f'To change one: `labeler rules limits --init --dataset "{folder}"` writes {OVERRIDES} '
        "into that folder; take the # away in front of a value there and write your own."
    )


UNIT_WORDS = {
    "deg": "{:g}°",
    "pp": "{:g} points",
    "legs": "{:g} leg lengths",
    "ratio": "{:g}",
    "ms": "{:g} ms",
    "s": "{:g} s",
}
"""How a number of each unit is read."""


def as_words(value: float, unit: str) -> str:
    """A number with its unit as people read it: ``20°``."""
    return UNIT_WORDS[unit].format(value)


def limit_rows(folder: Path | None) -> list[dict[str, Any]]:
    """Every limit in force for the dataset in `folder`, one row each; see `rules.thresholds`.

    ``is_changed`` says whether a coach changed it, ``version`` which rules and limits these are.
    """
    book = load_rulebook(folder)
    version = book.version
    return [
        {"fault": fault, **_row(limit), "version": version}
        for fault in book
        for limit in book[fault].values.values()
    ]


def _row(limit: Limit) -> dict[str, Any]:
    return {
        "limit": limit.name,
        "value": limit.value,
        "uncertainty": limit.uncertainty,
        "oblique_uncertainty": limit.band_from(is_oblique=True),
        "unit": limit.unit.value,
        "is_used": limit.is_used,
        "says": limit.says,
        "movements": list(limit.movements),
        "min_fps": limit.min_fps,
        "evidence": limit.evidence.value,
        "source": limit.source,
        "uncertainty_source": limit.uncertainty_source,
        "is_changed": limit.evidence is Evidence.COACH,
    }


def init_limits(folder: Path) -> Path:
    """Write a dataset's file of limits, in which nothing is changed yet; the file.

    Raises
    ------
    RulesError
        When there is one already, or it cannot be written.
    """
    return begin_file(folder / OVERRIDES, template(load_limits()), RulesError)
