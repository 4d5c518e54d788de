"""How a rater watches repetitions: in a loop or not, how slowly, with how much around them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from labeler.core.errors import UsageError
from labeler.store.dataset import Dataset

SETTING: Final = "loop"

USUAL_SPEED_RATIO: Final = 0.25
"""Of a loop: slow enough to see which of hips and torso moves first."""

USUAL_MARGIN_S: Final = 0.5
"""Shown before and after a repetition, so that its edges can be judged too."""

MIN_SPEED_RATIO, MAX_SPEED_RATIO = 0.1, 2.0
"""What the player's own keys reach."""

MAX_MARGIN_S: Final = 5.0
"""More shows the neighbours rather than the repetition."""


@dataclass(frozen=True, slots=True)
class LoopWish:
    """Whether repetitions are looped, at which speed, and with how many seconds around them."""

    is_on: bool = False
    speed_ratio: float = USUAL_SPEED_RATIO
    margin_s: float = USUAL_MARGIN_S

    def as_row(self) -> dict[str, Any]:
        """The wish as a row."""
        return asdict(self)


def loop_of(dataset: Dataset, rater: str) -> LoopWish:
    """How this rater watches; the usual way until they told another one."""
    kept = dataset.settings.get(rater, SETTING)
    return LoopWish() if kept is None else parse_loop(kept)


def keep_loop(dataset: Dataset, rater: str, wish: LoopWish) -> None:
    """Remember how a rater watches, for every browser and every clip."""
    dataset.settings.put(rater, SETTING, parse_loop(wish.as_row()).as_row())


def parse_loop(told: object) -> LoopWish:
    """Read a wish as the player and the dataset tell it; what is not told is usual.

    Raises
    ------
    UsageError
        If a number is not one, or out of range.
    """
    if not isinstance(told, Mapping):
        raise UsageError(f"loop: expected an object, got {told!r:.80}.")
    return LoopWish(
        told.get("is_on", False) is True,
        _within(told, "speed_ratio", USUAL_SPEED_RATIO, (MIN_SPEED_RATIO, MAX_SPEED_RATIO)),
        _within(told, "margin_s", USUAL_MARGIN_S, (0.0, MAX_MARGIN_S)),
    )


def _within(
    told: Mapping[str, object], name: str, usual: float, limits: tuple[float, float]
) -> float:
    value = told.get(name, usual)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not limits[0] <= value <= limits[1]:  # type: ignore[operator]
        raise UsageError(f"{name}: expected {limits[0]} to {limits[1]}, got {value!r:.80}.")
    return float(value)  # type: ignore[arg-type]
