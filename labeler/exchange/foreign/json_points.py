"""Small pieces that readers of JSON share: loading, keys that may be written in several ways."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from labeler.exchange.foreign.points import wrong_file

Json = Any
"""Whatever JSON holds; readers look before they take."""


def load_json(path: Path) -> Json:
    """The content of a JSON file.

    Raises
    ------
    ExchangeError
        If it is not one.
    """
    try:
        return json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise wrong_file(path, "JSON", f"text that is not: {error}") from error


def first_of(told: Json, keys: Sequence[str]) -> Json:
    """The value of the first key that is there and not null; None where none is."""
    if not isinstance(told, Mapping):
        return None
    return next((told[key] for key in keys if told.get(key) is not None), None)


def number_of(value: Json) -> float:
    """A finite number as it is; NaN for whatever else."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) else math.nan
