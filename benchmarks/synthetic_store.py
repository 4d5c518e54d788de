"""Writes what the truth benchmark measured to where the package reads it."""

import datetime as dt
import json
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from synthetic_cells import LAGS_S, Cell, Purpose
from synthetic_clips import MEASURES, RENDERS, SEES, SHORT, code_digest
from synthetic_numbers import Line, Numbers
from synthetic_reps import LAG_NAMES, LEAD_NAMES, TURN_NAMES

import labeler

FILE = Path(labeler.__file__).parent / "features" / "detection.toml"

COMMAND = "python benchmarks/synthetic_truth.py --store"

MIN_CLIPS = 2
"""What people and cameras differ in shows between clips only: one alone would promise too much."""

HEAD = f"""\
# What lags and turns can be told from video, by movement, view and frame rate. Measured, never
# typed: `{COMMAND}` writes this file.
# A run for some movements, views or frame rates changes the lines of those alone.
#
# Made-up athletes were rendered, seen by the pose network and measured by the program itself,
# beside what is true of them. slope: measured per true; bias: mean error; sd: of one repetition
# about that line; limit: the smallest that one repetition tells from none (5 % false alarms, 95 %
# power; what is measured at none counts in full), limit_low and limit_high: its 90 % interval, from
# what it becomes without each clip in turn; set_limit: the mean of eight. landmarks_limit: the same
# from true landmarks with noise, which no network has seen. A number that is not there is not
# known, one that is inf can never be told. is_unseen: it was asked for and seen in too few
# repetitions for any number. code: of renderer, network, signals and features.

version = 1
command = "{COMMAND}"
"""

Row = Mapping[str, Any]
"""One line of the file by key."""


def code_version() -> str:
    """Of all code that decides about the numbers, as it was when first asked for."""
    return code_digest(*RENDERS, *SEES, *MEASURES)[:SHORT]


def store(results: Mapping[Cell, tuple[Numbers, Numbers]], file: Path = FILE) -> Path:
    """Write the lines of these cells; those of others stay, and other purposes are not for rules.

    Parameters
    ----------
    results : Mapping[Cell, tuple[Numbers, Numbers]]
        Through video, and from landmarks with noise.
    """
    kept = {
        cell: told
        for cell, told in results.items()
        if cell.purpose is Purpose.LAGS and told[0].n_clips >= MIN_CLIPS
    }
    new = [row for cell, told in kept.items() for row in _rows(cell, *told)]
    fresh = {(cell.movement, cell.view.value, cell.fps) for cell in kept}
    old = [row for row in _stored(file) if (row["movement"], row["view"], row["fps"]) not in fresh]
    rows = sorted((*old, *new), key=lambda row: (row["movement"], row["view"], row["fps"]))
    text = "\n".join((HEAD, *("\n".join(_lines(row)) for row in rows)))
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


def _stored(file: Path) -> Sequence[Row]:
    if not file.is_file():
        return ()
    told: Sequence[Row] = tomllib.loads(file.read_text(encoding="utf-8")).get("measured", ())
    return told


def _rows(cell: Cell, filmed: Numbers, noisy: Numbers) -> Iterator[Row]:
    lags = (*LAG_NAMES, *LEAD_NAMES) if cell.movement in LAGS_S else ()
    for name in (*lags, *TURN_NAMES):
        line = filmed.lines[name]
        is_seen = line.n_clips >= MIN_CLIPS
        if is_seen or name in filmed.asked:
            yield {
                "movement": cell.movement,
                "view": cell.view.value,
                "fps": cell.fps,
                "name": name,
                "made_on": dt.datetime.now(dt.UTC).date(),
                "code": code_version(),
                **(_numbers(line, noisy.lines[name]) if is_seen else _unseen(filmed)),
            }


def _numbers(line: Line, noisy: Line) -> Row:
    told = {
        "slope": round(line.slope, 2),
        "bias": round(line.bias, 1),
        "sd": round(line.sd, 1),
        "limit": round(line.limit, 1),
        "limit_low": round(line.limit_low, 1),
        "limit_high": round(line.limit_high, 1),
        "set_limit": round(line.set_limit, 1),
        "landmarks_limit": round(noisy.limit, 1),
    }
    known = {key: value for key, value in told.items() if not math.isnan(value)}
    return {"n_clips": line.n_clips, "n_reps": line.n_reps, **known}


def _unseen(filmed: Numbers) -> Row:
    """Of what was asked for and too little of it seen: nothing can be told, which is no gap."""
    return {
        "n_clips": filmed.n_clips,
        "n_reps": filmed.n_true,
        "is_unseen": True,
        "limit": math.inf,
        "set_limit": math.inf,
    }


def _lines(row: Row) -> Iterator[str]:
    yield "[[measured]]"
    for key, value in row.items():
        is_json = isinstance(value, str | bool)
        yield f"{key} = {json.dumps(value) if is_json else value}"
    yield ""
