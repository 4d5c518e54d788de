"""Where the slow checks of a model are kept: beside its card. Imports nothing heavy."""

import json
from pathlib import Path
from typing import Any

from labeler.evaluate.charts import Plain

CHECKS_FILE = "checks.json"
CHECKS_FORMAT = 1
"""Goes up when a field changes meaning."""


def write_checks(checks: Plain, folder: Path) -> None:
    """Write ``checks.json`` into a model's folder; `checks` are `Checks.as_dict()`."""
    text = json.dumps(checks, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / CHECKS_FILE).write_text(text + "\n", encoding="utf-8")


def read_checks(folder: Path, *, model: str) -> Plain | None:
    """The plain JSON of the checks of exactly that model file; None where there are none.

    A broken file, or one of another format or model, counts as none: they can be asked again.
    """
    try:
        plain: dict[str, Any] = json.loads((folder / CHECKS_FILE).read_text(encoding="utf-8"))
        is_known = (plain["checks_format"], plain["model"]) == (CHECKS_FORMAT, model)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return plain if is_known else None
