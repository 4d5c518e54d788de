"""Writes what the truth benchmark measured to where the package reads it."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from synthetic_cells import Cell, Purpose
from synthetic_clips import MEASURES, RENDERS, SEES, SHORT, code_digest
from synthetic_numbers import Line, Numbers
from synthetic_reps import LAG_NAMES, TURN_NAMES

import labeler

FILE = Path(labeler.__file__).parent / "rules" / "detection.toml"

COMMAND = "python benchmarks/synthetic_truth.py --store"

HEAD = """\
# What lags and turns can be told from video, by movement, view and frame rate. Measured, never
# typed: `{command}` writes this file.
#
# Made-up athletes were rendered, seen by the pose network and measured by the program itself,
# beside what is true of them. slope: measured per true; bias: mean error; sd: of one repetition
# about that line; limit: the smallest that one repetition tells from none (5 % false alarms, 95 %
# power; the offset at none counts in full), set_limit: the mean of eight. landmarks_limit: the same
# from true landmarks with noise, which no network has seen. A number that is not there is not
# known, one that is inf can never be told.

version = 1
command = "{command}"
made_on = {made_on}
code = "{code}"
n_clips = {n_clips}
n_frames = {n_frames}
n_reps = {n_reps}
"""


def store(results: Mapping[Cell, tuple[Numbers, Numbers]], file: Path = FILE) -> Path:
    """Write every line that has enough repetitions; cells of other purposes are not for rules."""
    kept = {cell: told for cell, told in results.items() if cell.purpose is Purpose.LAGS}
    filmed = [numbers for numbers, _ in kept.values()]
    head = HEAD.format(
        command=COMMAND,
        made_on=dt.datetime.now(dt.UTC).date().isoformat(),
        code=code_digest(*RENDERS, *SEES, *MEASURES)[:SHORT],
        n_clips=sum(one.n_clips for one in filmed),
        n_frames=sum(one.n_frames for one in filmed),
        n_reps=sum(one.n_true for one in filmed),
    )
    tables = (text for cell in sorted(kept) for text in _tables(cell, *kept[cell]))
    file.write_text("\n".join((head, *tables)), encoding="utf-8", newline="\n")
    return file


def _tables(cell: Cell, filmed: Numbers, noisy: Numbers) -> Iterator[str]:
    for name in (*LAG_NAMES, *TURN_NAMES):
        line = filmed.lines[name]
        if line.n_reps:
            yield "\n".join(_table(cell, name, line, noisy.lines[name]))


def _table(cell: Cell, name: str, line: Line, noisy: Line) -> Iterator[str]:
    yield "[[measured]]"
    yield f'movement = "{cell.movement}"'
    yield f'view = "{cell.view.value}"'
    yield f"fps = {cell.fps:.1f}"
    yield f'name = "{name}"'
    yield f"n_clips = {line.n_clips}"
    yield f"n_reps = {line.n_reps}"
    told = {
        "slope": (line.slope, 2),
        "bias": (line.bias, 0),
        "sd": (line.sd, 0),
        "limit": (line.limit, 0),
        "set_limit": (line.set_limit, 0),
        "landmarks_limit": (noisy.limit, 0),
    }
    for key, (value, digits) in told.items():
        if not math.isnan(value):
            yield f"{key} = {value:.{max(digits, 1)}f}"
    yield ""
