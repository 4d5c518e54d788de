"""Where a clip comes from: a recording of a person, or an athlete that was made up.

What is made up never passes for a recording, and numbers about one never mix with the other's.
"""

from enum import StrEnum
from typing import Final

from labeler.core.finding import Finding, Level

MADE_UP_MARK = "labeler: made-up athlete, not a recording of a person"
"""Written into a made-up video's own comment, and looked for in whatever comes in."""


class Origin(StrEnum):
    """What a clip shows; every reported number is about one of these alone."""

    RECORDED = "recorded"
    SYNTHETIC = "synthetic"

    @property
    def other(self) -> "Origin":
        """The one that is left out where this one counts."""
        return Origin.RECORDED if self is Origin.SYNTHETIC else Origin.SYNTHETIC


SYNTHETIC_NUMBERS: Final = Finding(
    "synthetic",
    "Synthetic: these numbers are about made-up athletes and say nothing about people.",
    Level.WARNING,
    "They show how the program works. Film people to learn something about people.",
)
"""Said wherever a number is about made-up clips."""


def is_marked(comment: str) -> bool:
    """Whether a file's own words say that it is made up, whatever a tool has put around them."""
    return MADE_UP_MARK.casefold() in comment.casefold()
