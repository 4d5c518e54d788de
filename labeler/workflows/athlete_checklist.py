"""What of the assessment has been filmed of an athlete, and what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from labeler.catalog.assessments import Assessment, load_assessments
from labeler.core.clip import Clip, View


class Filmed(StrEnum):
    """How far a camera of an item is done."""

    DONE = "filmed"
    SHORT = "too short"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """One item of the assessment from one camera.

    Parameters
    ----------
    clips : tuple[Clip, ...]
        What was filmed of it, the longest first.
    """

    item: Assessment
    view: View
    clips: tuple[Clip, ...]
    state: Filmed

    def as_row(self) -> dict[str, Any]:
        """One row for scripts."""
        return {
            "item": self.item.id,
            "name": self.item.name,
            "movement": self.item.movement.id,
            "view": self.view.value,
            "state": self.state.value,
            "n_clips": len(self.clips),
            "longest_s": round(self.clips[0].duration_s, 1) if self.clips else None,
        }


def checklist(clips: Iterable[Clip]) -> list[CheckedItem]:
    """Every item from every camera, in the order of the catalogue.

    A clip counts for the item of its movement and view; one whose movement or view nobody has told
    counts for none, and one that is shorter than asked for is told as too short.
    """
    wanted, every = load_assessments(), list(clips)
    return [_checked(item, view, every) for item in wanted.items for view in wanted.views]


def _checked(item: Assessment, view: View, clips: Sequence[Clip]) -> CheckedItem:
    found = sorted(
        (c for c in clips if (c.tags.movement, c.tags.view) == (item.movement.id, view)),
        key=lambda clip: -clip.duration_s,
    )
    state = Filmed.MISSING
    if found:
        is_long = found[0].duration_s >= load_assessments().shortest_s
        state = Filmed.DONE if is_long else Filmed.SHORT
    return CheckedItem(item, view, tuple(found), state)


def how_to_film() -> str:
    """How every item is filmed, in a line."""
    wanted = load_assessments()
    views = " and once from ".join(f"{view.words}" for view in wanted.views)
    return (
        f"Film each item once from {views}, {wanted.shortest_s:.0f} to {wanted.longest_s:.0f} "
        "seconds each: the whole body in the picture, the camera still and at hip height."
    )


def missing_words(found: Sequence[CheckedItem]) -> str:
    """What is still to be filmed, in a sentence."""
    open_ = [one for one in found if one.state is not Filmed.DONE]
    if not open_:
        return "The assessment is complete."
    told = ", ".join(
        f"{one.item.name.lower()} from {one.view.words}"
        + (" (longer)" if one.state is Filmed.SHORT else "")
        for one in open_
    )
    return f"{len(found) - len(open_)} of {len(found)} filmed. Still to film: {told}."


def untold(clips: Iterable[Clip]) -> int:
    """How many clips cannot count for any item, because movement or view was not told."""
    return sum(clip.tags.movement is None or clip.tags.view is None for clip in clips)
