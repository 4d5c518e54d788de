"""A repetition: the unit that people label and models judge."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NewType

from labeler.core.clip import SHORT_ID_DIGITS, ClipId

RepId = NewType("RepId", str)
"""``<first 12 digits of the clip>-<running number>``; a number is never given out twice."""


def make_rep_id(clip_id: ClipId, number: int) -> RepId:
    """The name of a clip's rep: short clip id, a dash, and its running number from 1."""
    return RepId(f"{clip_id[:SHORT_ID_DIGITS]}-{number}")


def rep_number(rep_id: RepId) -> int | None:
    """The running number in a rep's name; None when it is not such a name."""
    number = rep_id.rpartition("-")[2]
    return int(number) if number.isascii() and number.isdecimal() else None


class RepQuality(StrEnum):
    """Whether the pose behind a rep can carry features."""

    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition: frames are half-open as in `range`; times are on the clock of their pts.

    Parameters
    ----------
    start_frame, turn_frame, stop_frame : int
        First frame, the turning point (deepest or furthest), and the frame after the last one.
    start_s, turn_s, stop_s : float
        The same moments as seconds since the clip's first frame. What a person cuts is at the
        frames' own times; what is found lies between two frames, and the first of them is named:
        the one that a player shows then.
    quality : RepQuality
        ``bad`` when the pose was lost for too long inside it.
    reasons : tuple[str, ...]
        Why the quality is bad or the boundary uncertain, in words.
    """

    start_frame: int
    turn_frame: int
    stop_frame: int
    start_s: float
    turn_s: float
    stop_s: float
    quality: RepQuality = RepQuality.GOOD
    reasons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.start_frame <= self.turn_frame < self.stop_frame:
            raise ValueError(
                "rep: expected 0 <= start <= turn < stop, got "
                f"{self.start_frame}, {self.turn_frame}, {self.stop_frame}"
            )

    @property
    def duration_s(self) -> float:
        """Length in seconds, right for variable frame rates too."""
        return self.stop_s - self.start_s

    def meets(self, other: "Rep") -> bool:
        """Whether the two share a frame."""
        return self.start_frame < other.stop_frame and other.start_frame < self.stop_frame

    def scaled(self, time_scale: float) -> "Rep":
        """The same frames on a clock that runs `time_scale` times as far."""
        if time_scale == 1.0:
            return self
        start_s, turn_s, stop_s = (
            at_s * time_scale for at_s in (self.start_s, self.turn_s, self.stop_s)
        )
        return replace(self, start_s=start_s, turn_s=turn_s, stop_s=stop_s)


@dataclass(frozen=True, slots=True)
class RepRecord:
    """A repetition as the dataset knows it: with its name, place and who cut it."""

    rep_id: RepId
    clip_id: ClipId
    index: int
    """1 for the first rep of the clip in time."""
    rep: Rep
    cut_by: str
    """The rater who last moved it, or ``machine``."""
