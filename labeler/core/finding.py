"""Coded findings: what a person should know about a clip, a rep or a model."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters."""

    INFO = "info"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One coded observation; the code is stable, the words may improve.

    Parameters
    ----------
    code : str
        Stable, lower case with underscores, such as ``two_people``.
    message : str
        What was seen, in words a coach uses.
    level : Level
        How much it matters.
    hint : str
        What to do about it.
    """

    code: str
    message: str
    level: Level = Level.WARNING
    hint: str = ""
