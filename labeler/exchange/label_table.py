"""Labels from a CSV table: one line per repetition and fault, as coaches keep them."""

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labeler.core.errors import ExchangeError
from labeler.core.label import Answer, FaultId
from labeler.core.rep import RepId

REQUIRED = ("rep", "fault", "answer")
OPTIONAL = ("rater", "confidence", "note", "moment_s")

NOT_RATED = "none"
"""What takes an earlier answer back; an empty answer means that the line says nothing."""

FORMAT_HINT = f"The columns are {', '.join(REQUIRED)} and, if wanted, {', '.join(OPTIONAL)}."


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One line; `answer` None takes an earlier answer back to *not rated*.

    `moment_s` is in real seconds since the clip's first frame.
    """

    line: int
    rep_id: RepId
    fault: FaultId
    answer: Answer | None
    rater: str
    confidence: float | None
    note: str | None
    moment_s: float | None = None


def read_labels(file: Path, *, rater: str | None = None) -> list[LabelLine]:
    """Read a table of labels.

    Parameters
    ----------
    rater : str | None
        Whose labels these are, where a line does not say.

    Returns
    -------
    list[LabelLine]
        In the order of the file. Lines with an empty answer are left out: not rated is not 0.

    Raises
    ------
    ExchangeError
        Naming the line: not a CSV table in UTF-8, a column missing or unknown, an answer that is
        none, no rater, or the same question answered twice.
    """
    lines: list[LabelLine] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in _rows(file):
        if not cells["answer"]:
            continue
        label = _label(file, number, cells, rater=rater)
        question = (label.rep_id, label.fault, label.rater)
        if (earlier := seen.setdefault(question, number)) != number:
            raise _wrong(file, number, "one answer to each question", f"another in line {earlier}")
        lines.append(label)
    return lines


def _rows(file: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Lines with their numbers; cells without the spaces around them."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            names = [name.strip().lower() for name in next(reader, [])]
            _require_columns(file, names)
            for cells in reader:
                if any(cells):
                    yield reader.line_num, _named(file, reader.line_num, names, cells)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ExchangeError(
            f"{file}: expected a CSV table in UTF-8, got: {error}.", hint=FORMAT_HINT
        ) from error


def _require_columns(file: Path, names: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in (*REQUIRED, *OPTIONAL)]
    if missing or unknown or len(set(names)) != len(names):
        raise ExchangeError(
            f"{file.name}, line 1: expected the columns {', '.join(REQUIRED)} and perhaps "
            f"{', '.join(OPTIONAL)}, got {', '.join(names) or 'nothing'}.",
            hint=FORMAT_HINT,
        )


def _named(file: Path, line: int, names: list[str], cells: list[str]) -> Mapping[str, str]:
    if len(cells) != len(names):
        raise _wrong(file, line, f"{len(names)} cells", str(len(cells)))
    return {name: cell.strip() for name, cell in zip(names, cells, strict=True)}


def _label(file: Path, line: int, cells: Mapping[str, str], *, rater: str | None) -> LabelLine:
    who = cells.get("rater") or rater
    for name, value in (("rep", cells["rep"]), ("fault", cells["fault"]), ("rater", who)):
        if not value:
            raise _wrong(file, line, f"a {name}", "an empty cell")
    return LabelLine(
        line=line,
        rep_id=RepId(cells["rep"]),
        fault=FaultId(cells["fault"]),
        answer=_answer(file, line, cells["answer"]),
        rater=who or "",
        confidence=_confidence(file, line, cells.get("confidence", "")),
        note=cells.get("note") or None,
        moment_s=_moment_s(file, line, cells.get("moment_s", "")),
    )


def _answer(file: Path, line: int, text: str) -> Answer | None:
    if text.lower() == NOT_RATED:
        return None
    try:
        return Answer(text.upper())
    except ValueError:
        raise _wrong(file, line, "an answer 0, 1, 2, 3, NV or none", repr(text)) from None


def _confidence(file: Path, line: int, text: str) -> float | None:
    if not text:
        return None
    try:
        confidence = float(text)
    except ValueError:
        confidence = -1.0
    if not 0 <= confidence <= 1:
        raise _wrong(file, line, "a confidence from 0 to 1", repr(text))
    return confidence


def _moment_s(file: Path, line: int, text: str) -> float | None:
    if not text:
        return None
    try:
        moment_s = float(text)
    except ValueError:
        moment_s = -1.0
    if not 0 <= moment_s < math.inf:
        raise _wrong(file, line, "a moment in seconds from 0", repr(text))
    return moment_s


def _wrong(file: Path, line: int, expected: str, got: str) -> ExchangeError:
    return ExchangeError(
        f"{file.name}, line {line}: expected {expected}, got {got}.", hint=FORMAT_HINT
    )
