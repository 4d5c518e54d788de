"""Which point of a file is which of our landmarks: maps that are data, one file per format.

A landmark that a file lacks stays missing: no point stands in for another unless a map of the
user's own says so.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from labeler.core.arrays import FloatArray
from labeler.core.errors import ExchangeError
from labeler.core.landmarks import Landmark
from labeler.exchange.foreign.points import ForeignPoints

COMMON = "common"
"""The map that every format falls back to."""

MIDDLE = "mean_of"
"""Key under which a map says that a landmark is the middle of several points."""

KEYS = ("version", "source", "landmarks")
"""What a map of the user's own may hold; those of the package also hold orders of names."""

MAP_HINT = (
    'Write lines such as left_hip = "LHJC" or left_ankle = { mean_of = ["LANK", "LMED"] } under '
    "[landmarks], and name the file with --names."
)

N_NAMES_IN_ERROR = 12
"""Names that an error lists before it stops."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a landmark may be found: the first of `names`, or the middle of all of them."""

    names: tuple[str, ...]
    is_middle: bool = False
    is_required: bool = False
    """Whether the user has named it, so that it must be there."""


@dataclass(frozen=True, slots=True)
class NameMap:
    """Landmarks with the ways to find each, the first that fits counts; lists of ordered names."""

    choices: Mapping[Landmark, tuple[Choice, ...]]
    orders: Mapping[str, tuple[str, ...]]

    def over(self, other: "NameMap") -> "NameMap":
        """Both maps: `other` counts where this one finds nothing."""
        landmarks = {**self.choices, **other.choices}
        merged = {
            landmark: (*self.choices.get(landmark, ()), *other.choices.get(landmark, ()))
            for landmark in landmarks
        }
        return NameMap(merged, {**other.orders, **self.orders})

    def find(self, found: ForeignPoints) -> Mapping[Landmark, tuple[int, ...]]:
        """Which points of a file each landmark is; the middle of them where there are several.

        Raises
        ------
        ExchangeError
            If a point that the user has named is not there, or no landmark is.
        """
        places = _places(found.names)
        chosen = {
            landmark: place
            for landmark, choices in self.choices.items()
            if (place := _place(landmark, choices, places, found.names)) is not None
        }
        if not chosen:
            raise ExchangeError(
                f"points: expected names of joints, got {_listed(found.names)}.", hint=MAP_HINT
            )
        return chosen


def middle(values: FloatArray, places: Sequence[int]) -> FloatArray:
    """The points at `places`, or the middle of several: NaN where any of them is missing."""
    found: FloatArray = values[:, list(places)].mean(axis=1)
    return found


@cache
def map_of(name: str) -> NameMap:
    """The map that comes with the package for a format, over the common one."""
    own = _packaged(name)
    return own if name == COMMON else own.over(_packaged(COMMON))


def _packaged(name: str) -> NameMap:
    file = resources.files("labeler.exchange.foreign").joinpath("names", f"{name}.toml")
    return parse_map(file.read_text("utf-8"), f"{name}.toml", is_required=False)


def read_map(path: Path) -> NameMap:
    """A map that the user has written; every point that it names must be in the file.

    Raises
    ------
    ExchangeError
        If it cannot be read, is no TOML, or names what is no landmark.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ExchangeError(
            f"{path}: expected a map of names in TOML, got: {error}.", hint=MAP_HINT
        ) from error
    return parse_map(text, path.name, is_required=True)


def parse_map(text: str, name: str, *, is_required: bool) -> NameMap:
    """A map from the text of its file."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExchangeError(
            f"{name}: expected TOML, got text that is not: {error}.", hint=MAP_HINT
        ) from error
    known = KEYS if is_required else (*KEYS, "orders")
    if strange := [key for key in content if key not in known]:
        raise _wrong(name, f"nothing but {', '.join(known)}", repr(strange[0]))
    landmarks = content.get("landmarks", {})
    if not isinstance(landmarks, dict) or (is_required and not landmarks):
        raise _wrong(name, "a table [landmarks] with a landmark in it", repr(landmarks))
    choices = {
        _landmark(name, key): (_choice(name, key, value, is_required=is_required),)
        for key, value in landmarks.items()
    }
    orders = {key: tuple(order) for key, order in content.get("orders", {}).items()}
    return NameMap(choices, orders)


def _landmark(name: str, key: str) -> Landmark:
    try:
        return Landmark[key.upper()]
    except KeyError:
        raise _wrong(name, "names of landmarks such as left_hip", repr(key)) from None


def _choice(name: str, key: str, value: Any, *, is_required: bool) -> Choice:  # noqa: ANN401  # TOML
    is_middle = isinstance(value, dict)
    names = value.get(MIDDLE) if is_middle else value
    listed = [names] if isinstance(names, str) else names
    if not (isinstance(listed, list) and listed and all(isinstance(n, str) for n in listed)):
        raise _wrong(name, f"a point's name, or a list of names, for {key}", repr(value))
    return Choice(tuple(listed), is_middle, is_required)


def _place(
    landmark: Landmark,
    choices: Sequence[Choice],
    places: Mapping[str, int],
    names: Sequence[str],
) -> tuple[int, ...] | None:
    for choice in choices:
        known = [places[key] for key in map(_plain, choice.names) if key in places]
        is_whole = len(known) == len(choice.names)
        if known and (is_whole or not choice.is_middle):
            return tuple(known) if choice.is_middle else (known[0],)
        if choice.is_required:
            raise ExchangeError(
                f"{landmark.name.lower()}: expected {', '.join(choice.names)} among the points, "
                f"got {_listed(names)}.",
                hint="Correct the map of names.",
            )
    return None


def _places(names: Sequence[str]) -> Mapping[str, int]:
    """Where each name is; the first counts where two look the same."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        found.setdefault(_plain(name), place)
    return found


def _plain(name: str) -> str:
    """Letters and digits in small, without the subject that C3D files put before a colon."""
    return "".join(c for c in name.rpartition(":")[2].casefold() if c.isalnum())


def _listed(names: Sequence[str]) -> str:
    more = ", …" if len(names) > N_NAMES_IN_ERROR else ""
    return (", ".join(names[:N_NAMES_IN_ERROR]) or "none") + more


def _wrong(name: str, expected: str, got: str) -> ExchangeError:
    return ExchangeError(f"{name}: expected {expected}, got {got}.", hint=MAP_HINT)
