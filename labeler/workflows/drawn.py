"""Which sets were drawn to be labelled next: who drew them when, by which seed, and why each.

A draw is a fact: it is added, never changed. Only the sets that were drawn by lot are a fair test
of a model, and only this record says which they were.
"""

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Self

from labeler.core.clip import ClipId
from labeler.core.label import MACHINE
from labeler.core.rep import RepId
from labeler.store.dataset import Dataset
from labeler.workflows.identity import identity_of

LOT = "lot"
"""Why a set was drawn, as `labeler.learn.query.Because` names it, if it was by lot."""

WORDS = {
    "different": "unlike anything labelled so far",
    "unsure": "the model is unsure here: your answers settle most",
    "rare": "little like it is labelled",
    "rare athlete": "little is labelled of this athlete",
    "rare view": "little is labelled from this view",
    "rare movement": "little is labelled of this movement",
    LOT: "drawn by lot: models are tested on such sets",
}
"""Why a set is next, as a coach reads it: none tells what anybody, or a model, has answered."""


UNDRAWN = (sys.maxsize, "")
"""Place and words of a set that was not drawn: after all that were."""


@dataclass(frozen=True, slots=True)
class DrawnSet:
    """One set of a draw.

    Parameters
    ----------
    rep_ids : tuple[RepId, ...]
        The repetitions that were asked for, those that teach most first.
    because : str
        A key of `WORDS`.
    """

    clip_id: ClipId
    rep_ids: tuple[RepId, ...]
    because: str

    @property
    def is_by_lot(self) -> bool:
        """Whether nothing but the lot chose it."""
        return self.because == LOT

    @property
    def words(self) -> str:
        """Why it is next."""
        return WORDS.get(self.because, "")


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw.

    Parameters
    ----------
    number : int
        Draws are counted from 1.
    seed : int
        Of the lot: with the names of all sets it says which were set apart.
    faults : tuple[str, ...]
        Whose models were asked; empty at a cold start.
    sets : tuple[DrawnSet, ...]
        In the order in which to label them.
    """

    number: int
    at_utc: str
    by: str
    seed: int
    faults: tuple[str, ...]
    sets: tuple[DrawnSet, ...]

    @classmethod
    def from_plain(cls, told: dict[str, Any]) -> Self:
        """What `as_plain` wrote."""
        sets = tuple(
            DrawnSet(ClipId(one["clip_id"]), tuple(map(RepId, one["rep_ids"])), one["because"])
            for one in told["sets"]
        )
        return cls(**{**told, "faults": tuple(told["faults"]), "sets": sets})

    def as_plain(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


_lock = Lock()
_known: dict[tuple[Path, str], list[Draw]] = {}
"""The draws of a dataset, by folder and id, for a copied folder keeps the id: they never change, so
that only newer ones are read."""


def draws_of(dataset: Dataset) -> tuple[Draw, ...]:
    """Every draw, the first one first."""
    with _lock:  # pages of several raters ask at once
        known = _known.setdefault((dataset.folder, identity_of(dataset)), [])
        while told := dataset.settings.get(MACHINE, _name(len(known) + 1)):
            known.append(Draw.from_plain(told))
        return tuple(known)


def newest_draw(dataset: Dataset) -> Draw | None:
    """The draw that is in work; None where nothing was drawn."""
    return next(reversed(draws_of(dataset)), None)


def places_now(dataset: Dataset) -> dict[ClipId, tuple[int, str]]:
    """The sets of the newest draw: when each comes, counted from 0, and why in words."""
    draw = newest_draw(dataset)
    sets = () if draw is None else draw.sets
    return {one.clip_id: (place, one.words) for place, one in enumerate(sets)}


def add_draw(dataset: Dataset, draw: Draw) -> Draw:
    """Keep a draw; if somebody else has drawn at the same moment, theirs counts."""
    told = dataset.settings.once(MACHINE, _name(draw.number), draw.as_plain())
    return Draw.from_plain(told)


def reps_by_lot(dataset: Dataset) -> frozenset[RepId]:
    """Every repetition that was drawn by lot: the fair test."""
    return frozenset(
        rep_id
        for draw in draws_of(dataset)
        for one in draw.sets
        if one.is_by_lot
        for rep_id in one.rep_ids
    )


def reps_by_choice(dataset: Dataset) -> frozenset[RepId]:
    """Every repetition that was asked for because of what it teaches."""
    asked = {rep_id for draw in draws_of(dataset) for one in draw.sets for rep_id in one.rep_ids}
    return frozenset(asked) - reps_by_lot(dataset)


def _name(number: int) -> str:
    return f"draw-{number}"
