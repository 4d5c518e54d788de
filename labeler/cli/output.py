"""How commands answer: tables for people, JSON for programs, everything else on stderr."""

import io
import json
import math
import sys
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from labeler.core.errors import LabelerError
from labeler.core.finding import Finding

PIPED_WIDTH = 200
"""Of tables that no terminal limits, in characters."""


def _console(*, stderr: bool = False, width: int | None = None) -> Console:
    """Prints names of files and people as they are, square brackets and colons included."""
    return Console(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)


RATE_FIRST = "All of it is hidden until you have rated these repetitions."
"""Where a command has answers, and whoever looks may not see one of them yet."""

log = _console(stderr=True)
"""Progress, notes and errors: never on stdout, where the answer goes."""


def print_every_character() -> None:
    """Print what a stream's encoding lacks as an escape, where Python would stop with an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def to_plain(value: Any) -> Any:  # noqa: ANN401  # whatever a workflow returns
    """`value` as JSON types; NaN and infinities become None, for JSON has no word for them."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, (Path, LabelerError)):
        return str(value)
    if hasattr(value, "item"):
        return to_plain(value.item())
    return value


def print_json(value: Any) -> None:  # noqa: ANN401  # whatever a workflow returns
    """Print one JSON value on a line of its own, in ASCII: right in every encoding."""
    sys.stdout.write(json.dumps(to_plain(value), allow_nan=False) + "\n")
    sys.stdout.flush()


def say_findings(findings: Iterable[Finding]) -> None:
    """What to know before reading the answer, on stderr."""
    for finding in findings:
        log.print(f"{finding.level.upper()}: {finding.message} {finding.hint}")


def print_rows(rows: Iterable[Mapping[Any, Any]], *, as_json: bool, empty: str) -> None:
    """Print rows as a table, or as one JSON object a line; `empty` says why there are none."""
    if as_json:
        for row in rows:
            print_json(row)
        return
    listed = list(rows)
    if not listed:
        log.print(empty)
        return
    table = Table(header_style="bold")
    for name in listed[0]:
        table.add_column(str(name), overflow="fold")  # long paths go on in the next line
    for row in listed:
        table.add_row(*(as_cell(value) for value in row.values()))
    _stdout().print(table)


def as_cell(value: Any) -> str:  # noqa: ANN401  # whatever a workflow returns
    """`value` as people read it: numbers short, lists joined, nothing for None and NaN."""
    plain = to_plain(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, float):
        return f"{plain:.3g}" if abs(plain) < 1 else f"{plain:.2f}"
    if isinstance(plain, list):
        return ", ".join(as_cell(item) for item in plain)
    if isinstance(plain, dict):
        return "  ".join(f"{key} {as_cell(item)}" for key, item in plain.items())
    return str(plain)


def print_error(error: LabelerError, *, as_json: bool) -> None:
    """Say what went wrong and what to do next."""
    if as_json:
        kind = type(error).__name__
        print_json({"error": {"kind": kind, "message": error.message, "hint": error.hint}})
    else:
        log.print(error.message, style="red", soft_wrap=True)
        if error.hint:
            log.print(error.hint, soft_wrap=True)


def _stdout() -> Console:
    """Stdout; wide enough not to cut cells when it is not a terminal."""
    console = _console()
    return console if console.is_terminal else _console(width=PIPED_WIDTH)
