"""What people say: answers about faults, and the actions that carry them.

An *action* is what one key press did. It holds one or more *facts*: answers about a fault of a rep,
where a rep begins, turns and ends, who is to rate a clip, or how a dispute is settled. Facts are
only ever added; undoing is a new action.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from labeler.core.clip import ClipId
from labeler.core.rep import Rep, RepId

FaultId = NewType("FaultId", str)
ActionId = NewType("ActionId", str)
"""``<client>:<sequence number>``: given by the client, so that sending it twice is harmless."""

MACHINE = "machine"
"""The author of what no person said: the repetitions as first cut."""


class Answer(StrEnum):
    """A rater's answer about one fault of one rep. *Not rated yet* is None: no answer at all."""

    ABSENT = "0"
    SLIGHT = "1"
    CLEAR = "2"
    SEVERE = "3"
    NOT_VISIBLE = "NV"

    @property
    def severity(self) -> int | None:
        """0 to 3, or None where the fault could not be seen: never a number then."""
        return None if self is Answer.NOT_VISIBLE else int(self.value)


def has_moment(answer: Answer | None) -> bool:
    """Whether it says that a fault is there, from slight on: only that happens at some moment."""
    return answer in (Answer.SLIGHT, Answer.CLEAR, Answer.SEVERE)


FIRST_ROUND = 1
"""The round of a rater's first look at a rep: the answers that count."""

REPEAT_ROUND = 2
"""The round of a blind repeat: it tells how far a rater agrees with themselves, and no more."""

SEVERITY_THRESHOLD = 2
"""A rep shows a fault from this severity on, unless told otherwise: 2 is *clear* on the sheet."""


class ActionKind(StrEnum):
    """What the person did."""

    ANSWER = "answer"
    ALL_CLEAR = "all_clear"
    EDGES = "edges"
    ADD_REP = "add_rep"
    DELETE_REP = "delete_rep"
    SPLIT = "split"
    """One rep is taken out and two come in its place."""
    MERGE = "merge"
    """Two reps are taken out and one comes in their place."""
    CUT = "cut"
    """The machine cut the clip into reps."""
    ASSIGN = "assign"
    """Somebody is to rate the clip, or no longer."""
    DECIDE = "decide"
    """An adjudicator settled what raters disagree about, or took that back."""
    RESTORE = "restore"
    """A rep is again as it was after one action of its history."""
    CALIBRATE = "calibrate"
    """Somebody told at how many frames per second the clip was filmed, or took that back."""
    UNDO = "undo"
    REDO = "redo"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class LabelFact:
    """One answer; `answer` None takes an earlier one back to *not rated yet*.

    A blind repeat is an answer of round `REPEAT_ROUND`, kept apart from the first. `moment_s` is
    when the fault is to be seen, where the rater said so: the time of a frame, on the clock of the
    file like that of a `RepFact`. Only a fault that is there has a moment.
    """

    rep_id: RepId
    fault: FaultId
    answer: Answer | None
    confidence: float | None = None
    note: str | None = None
    round_number: int = FIRST_ROUND
    moment_s: float | None = None

    def __post_init__(self) -> None:
        if self.moment_s is not None and not has_moment(self.answer):
            raise ValueError(f"moment: expected a fault that is there, got answer {self.answer}")


@dataclass(frozen=True, slots=True)
class RepFact:
    """Where a rep is now; `rep` None means that it was taken out.

    Its seconds are on the clock of the file, whatever was told about slow motion.
    """

    rep_id: RepId
    rep: Rep | None


@dataclass(frozen=True, slots=True)
class AssignmentFact:
    """Whether a rater is to rate the action's clip.

    `repeat_ratio` is the share of the rater's repetitions, 0 to 1, that come again blind.
    """

    rater: str
    is_assigned: bool
    repeat_ratio: float


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """An adjudicator's answer where raters disagree, and why; None takes a decision back."""

    rep_id: RepId
    fault: FaultId
    answer: Answer | None
    reason: str


@dataclass(frozen=True, slots=True)
class CalibrationFact:
    """At how many frames per second the action's clip was filmed; None: as the file plays."""

    filmed_fps: float | None


@dataclass(frozen=True, slots=True)
class Action:
    """One thing one author did to one clip, with all its facts; recorded whole or not at all.

    Parameters
    ----------
    action_id : ActionId
        Given by the client; an id already in the journal is not recorded again.
    author : str
        The rater's name, or `MACHINE`.
    at_utc : str
        ISO 8601 with milliseconds and ``Z``, the author's clock.
    client : str
        The program that sent it, such as ``app`` or ``cli``.
    target : ActionId | None
        For undo and redo: the action that it takes back or brings back.
    """

    action_id: ActionId
    kind: ActionKind
    clip_id: ClipId
    author: str
    at_utc: str
    client: str
    labels: tuple[LabelFact, ...] = field(default=())
    reps: tuple[RepFact, ...] = field(default=())
    target: ActionId | None = None
    assignments: tuple[AssignmentFact, ...] = field(default=())
    decisions: tuple[DecisionFact, ...] = field(default=())
    calibrations: tuple[CalibrationFact, ...] = field(default=())

    @property
    def rep_ids(self) -> frozenset[RepId]:
        """The reps that it says something about."""
        about = (self.labels, self.reps, self.decisions)
        return frozenset(fact.rep_id for facts in about for fact in facts)


@dataclass(frozen=True, slots=True)
class Label:
    """A rater's answer in force, with when it was given.

    `moment_s` is when the fault is to be seen, in real seconds since the clip's first frame: slow
    motion that was told is taken out. None where the rater did not say. `is_settled` is an answer
    that an adjudicator has put in the place of all others.
    """

    rep_id: RepId
    fault: FaultId
    rater: str
    answer: Answer
    at_utc: str
    confidence: float | None = None
    note: str | None = None
    moment_s: float | None = None
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """A clip that a rater is to rate, as it is in force; by whom, and since when.

    `repeat_ratio` is the share of the rater's repetitions, 0 to 1, that come again blind.
    """

    clip_id: ClipId
    rater: str
    repeat_ratio: float
    by: str
    at_utc: str


@dataclass(frozen=True, slots=True)
class Decision:
    """How a dispute was settled, as it is in force; the raters' own answers stay beside it."""

    rep_id: RepId
    fault: FaultId
    answer: Answer
    reason: str
    adjudicator: str
    at_utc: str
