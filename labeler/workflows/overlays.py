"""What a rater has switched on over and under the picture, kept with the dataset."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Final

from labeler.core.errors import UsageError
from labeler.store.dataset import Dataset

SETTING: Final = "overlays"


@dataclass(frozen=True, slots=True)
class OverlayWish:
    """Which overlays are shown; each has the name of the action that switches it.

    Parameters
    ----------
    pose : bool
        The skeleton.
    back : bool
        The line of the back, where it was measured.
    trails : bool
        The way of the joints.
    lines : bool
        Trunk and thigh with their angles.
    zoom : bool
        Closer to the athlete.
    charts : bool
        The curves of hips and torso.
    """

    pose: bool = True
    back: bool = True
    trails: bool = False
    lines: bool = False
    zoom: bool = False
    charts: bool = True

    def as_row(self) -> dict[str, bool]:
        """The wish as a row."""
        return asdict(self)


OVERLAYS: Final = tuple(field.name for field in fields(OverlayWish))
"""Names of what can be shown or hidden, in the order of the player's buttons."""


def overlays_of(dataset: Dataset, rater: str) -> OverlayWish:
    """What this rater has switched on; the usual things until they told others."""
    kept = dataset.settings.get(rater, SETTING)
    return OverlayWish() if kept is None else parse_overlays(kept)


def keep_overlays(dataset: Dataset, rater: str, wish: OverlayWish) -> None:
    """Remember what a rater has switched on, for every browser and every clip."""
    dataset.settings.put(rater, SETTING, wish.as_row())


def parse_overlays(told: object) -> OverlayWish:
    """Read a wish as the player and the dataset tell it; what is not told is usual.

    Raises
    ------
    UsageError
        If something is neither on nor off.
    """
    if not isinstance(told, Mapping):
        raise UsageError(f"overlays: expected an object, got {told!r:.80}.")
    known = {name: told[name] for name in OVERLAYS if name in told}
    for name, is_on in known.items():
        if not isinstance(is_on, bool):
            raise UsageError(f"{name}: expected true or false, got {is_on!r:.80}.")
    return OverlayWish(**known)


def switched(wish: OverlayWish, *, on: tuple[str, ...], off: tuple[str, ...]) -> OverlayWish:
    """The wish with some overlays on and others off; `off` wins where one is in both.

    Raises
    ------
    UsageError
        If there is no such overlay.
    """
    for name in (*on, *off):
        if name not in OVERLAYS:
            raise UsageError(f"overlay: expected one of {', '.join(OVERLAYS)}, got {name!r:.80}.")
    return parse_overlays(
        wish.as_row() | dict.fromkeys(on, True) | dict.fromkeys(off, False)  # later ones win
    )
