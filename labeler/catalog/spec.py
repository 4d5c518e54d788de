"""What a fault, a movement and a drill are."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from labeler.core.clip import View
from labeler.core.errors import CatalogError
from labeler.core.label import FaultId

N_POSITIVES_TO_SHOW = 30
"""Positive labels that a fault of the label vocabulary needs before it may be shown."""

N_ATHLETES_TO_SHOW = 6
"""Athletes that those labels must come from."""


class Observability(StrEnum):
    """How well 33 landmarks show a fault."""

    DIRECT = "A"
    PROXY = "B"
    WEAK = "C"
    NOT_OBSERVABLE = "X"


class RepKind(StrEnum):
    """How repetitions of a movement follow each other."""

    CYCLIC = "cyclic"
    ALTERNATING = "alternating"
    HOLD = "hold"
    FREE = "free"


class Visible(StrEnum):
    """Whether 33 landmarks show a quantity at all."""

    YES = "yes"
    WEAK = "weak"
    NO = "no"


class RestAt(StrEnum):
    """Where a cyclic movement rests between two reps."""

    TOP = "top"
    BOTTOM = "bottom"


PHASES: Final[Mapping[RepKind, tuple[str, str]]] = {
    RepKind.CYCLIC: ("descent", "ascent"),
    RepKind.ALTERNATING: ("swing", "finish"),
    RepKind.HOLD: ("first half", "second half"),
    RepKind.FREE: ("first part", "second part"),
}
"""What a movement's phases are called unless its entry says otherwise: the way from the start of a
repetition to its turn, and from there to its end. Of a press the first half is the way out; a hold
has no turn, and its middle stands for it."""


@dataclass(frozen=True, slots=True)
class Movement:
    """An exercise: how its reps are cut, which signals lead, what can be labelled.

    `hip_signal` and `torso_signal` name the signals compared for sequencing; `lowpass_hz` is the
    cut-off of the zero-lag filter that every channel shares; `period_s` bounds the time of one
    repetition; `is_supported` is False for movements that are cut and labelled by hand only.
    `rest_at` is None where a movement does not rest at either end. `other_views` are worth filming
    besides `best_view`. `phases` are the names of the two phases, before the turn and after it.
    """

    id: str
    name: str
    rep_kind: RepKind
    rest_at: RestAt | None
    lowpass_hz: float
    period_s: tuple[float, float]
    hip_signal: str
    torso_signal: str
    best_view: View
    is_supported: bool
    description: str
    other_views: tuple[View, ...] = ()
    phases: tuple[str, str] = PHASES[RepKind.CYCLIC]


@dataclass(frozen=True, slots=True)
class Fault:
    """A deviation from the coach's standard, with what a rater must see for each severity.

    Parameters
    ----------
    movements : tuple[str, ...]
        Ids of the movements in which it is labelled.
    views : tuple[View, ...]
        The views that show it well.
    weak_views : tuple[View, ...]
        Views that show it with a larger, known error: it may be answered and predicted there,
        marked as weak. From any other view it is *not visible* and never scored.
    sheet : tuple[str, str, str, str]
        What severity 0, 1, 2 and 3 look like; empty strings where the sheet has no row.
    is_shown : bool
        Whether models and rules show it by default; the others are label vocabulary.
    is_set_level : bool
        Judged over a set of reps rather than one.
    is_note_only : bool
        Cannot be observed from video at all: a coach's note.
    is_extension : bool
        Not in the coaching article that the project starts from.
    observability_note : str
        What the single letter leaves out; empty where it says all.
    is_retired : bool
        No longer asked: its answers stay, and everything that can be done with them.
    """

    id: FaultId
    name: str
    description: str
    origin: str
    movements: tuple[str, ...]
    views: tuple[View, ...]
    weak_views: tuple[View, ...]
    observability: Observability
    sheet: tuple[str, str, str, str]
    why: str
    cue: str
    drills: tuple[str, ...]
    is_shown: bool
    is_set_level: bool
    is_note_only: bool
    is_extension: bool
    observability_note: str = ""
    is_retired: bool = False

    def is_visible_from(self, view: View | None) -> bool:
        """Whether `view` can show this fault; an untold view is given the benefit of doubt."""
        return view is None or view in self.views or view in self.weak_views

    def is_weak_from(self, view: View | None) -> bool:
        """Whether `view` shows this fault only with a larger error."""
        return view in self.weak_views


@dataclass(frozen=True, slots=True)
class Drill:
    """An exercise that helps against faults."""

    id: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Proxy:
    """What stands in for a quantity that 33 landmarks do not hold, and how wrong it is.

    `evidence` says where `known_error` comes from: measured on reference data, published
    elsewhere, a prior without a source, or empty.
    """

    quantity: str
    is_observable: Visible
    proxy: str
    known_error: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """All movements, faults and drills, by id, in the order of their files."""

    version: int
    movements: Mapping[str, Movement]
    faults: Mapping[FaultId, Fault]
    drills: Mapping[str, Drill]
    proxies: tuple[Proxy, ...] = ()

    def movement(self, movement_id: str) -> Movement:
        """Look a movement up, or say which ones there are."""
        try:
            return self.movements[movement_id]
        except KeyError:
            raise CatalogError(
                f"movement: expected one of {', '.join(self.movements)}, got {movement_id!r}.",
                hint="Use the id, as listed in docs/movements.md.",
            ) from None

    def fault(self, fault_id: str) -> Fault:
        """Look a fault up, or say which ones there are."""
        try:
            return self.faults[FaultId(fault_id)]
        except KeyError:
            raise CatalogError(
                f"fault: expected one of {', '.join(self.faults)}, got {fault_id!r}.",
                hint="Use the id, as listed by: labeler faults. One of another dataset or version "
                "is made known in the dataset's own catalog.toml: labeler faults --init",
            ) from None

    def name_of(self, fault_id: str) -> str:
        """A fault as people call it; one that the catalogue does not have keeps its id."""
        known = self.faults.get(FaultId(fault_id))
        return fault_id if known is None else known.name

    def faults_of(self, movement_id: str | None) -> tuple[Fault, ...]:
        """The faults that a rater answers per rep of a movement, shown ones first.

        Retired and set-level faults and notes are left out. An untold movement gets every fault
        that is shown.
        """
        asked = [
            fault
            for fault in self.faults.values()
            if not (fault.is_retired or fault.is_set_level or fault.is_note_only)
        ]
        if movement_id is None:
            return tuple(f for f in asked if f.is_shown)
        of_movement = [f for f in asked if movement_id in f.movements]
        return tuple(sorted(of_movement, key=lambda f: not f.is_shown))
