"""Every feature with its name, unit, needs, views and source.

To add one: write a function of `RepSignals` that returns a float, put `@feature(...)` above it in
the module of its family, raise `FEATURES_VERSION`, and print the documentation pages again. Being
registered is being tested: the contract test feeds every feature with nothing but NaN.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from importlib import import_module

from labeler.core.clip import View
from labeler.core.units import Unit
from labeler.features.detection import hidden_digest
from labeler.features.rep_signals import RepSignals
from labeler.signals.registry import SIGNALS_VERSION

FEATURES_VERSION = "8"
"""Raised whenever a column is added or taken away, or would hold other numbers by equal signals."""


def features_version() -> str:
    """Versions of columns and signals and digest of what is hidden by view, such as ``4.3+1f0c``.

    A model that learned under another one has seen other numbers.
    """
    return f"{FEATURES_VERSION}.{SIGNALS_VERSION}+{hidden_digest()}"


FAMILIES = (
    "sequencing",
    "travel",
    "coordination",
    "spine",
    "separation",
    "holds",
    "smoothness",
    "posture",
    "contour",
    "tempo",
    "sets",
    "quality",
)
"""Modules that register features, in the order of the table's columns."""

ANY_VIEW = tuple(View)
SAGITTAL = (View.SIDE, View.OBLIQUE)
"""Lean and bend show from the side, and with a larger error at 45 degrees."""
FRONTAL = (View.FRONT, View.REAR)

Compute = Callable[[RepSignals], float]
ComputeMany = Callable[[RepSignals], Mapping[str, float]]


class Role(StrEnum):
    """What a feature is for. A model learns from inputs only.

    The others name the clip or the set rather than the movement: with few clips a model would
    learn which clip it sees, and the clip names the answer.
    """

    INPUT = "input"
    ERROR = "error"
    SET = "set"
    QUALITY = "quality"

    @property
    def words(self) -> str:
        """What it says."""
        return _ROLE_WORDS[self]


_ROLE_WORDS = {
    Role.INPUT: "how the athlete moves",
    Role.ERROR: "how sure another feature is",
    Role.SET: "the same on every repetition of a set",
    Role.QUALITY: "how well the repetition was seen, and how it was filmed",
}


@dataclass(frozen=True, slots=True)
class Feature:
    """One number per repetition; NaN where it cannot be told.

    Parameters
    ----------
    name : str
        Ends in its unit.
    needs : tuple[str, ...]
        Signals, or `HIP` and `TORSO`: where one of them is unknown throughout, so is the feature.
    views : tuple[View, ...]
        Views that show it; from any other it is NaN. A view not told gets the benefit of doubt.
    source : str
        Where the definition comes from.
    summary : str
        What it says, in a sentence.
    when : str
        When to use it, or when it refuses to answer; empty where it always serves.
    role : Role
        What it is for; models learn from inputs only.
    spread_of : str | None
        The feature whose spread over a set it is: told once all reps of a clip are known.
    among : ComputeMany | None
        What computes it together with others, by name: a table asks this once per rep.
    """

    name: str
    unit: Unit
    needs: tuple[str, ...]
    views: tuple[View, ...]
    source: str
    summary: str
    compute: Compute
    when: str = ""
    role: Role = Role.INPUT
    spread_of: str | None = None
    among: ComputeMany | None = None

    def is_shown_by(self, view: View | None) -> bool:
        """Whether a camera there shows it."""
        return view is None or view in self.views


_REGISTERED: dict[str, Feature] = {}


def feature(
    *,
    unit: Unit,
    needs: Iterable[str] = (),
    views: Iterable[View] = ANY_VIEW,
    source: str,
    when: str = "",
    role: Role = Role.INPUT,
) -> Callable[[Compute], Compute]:
    """Register the function below as a feature, under its own name and docstring."""

    def registered(compute: Compute) -> Compute:
        summary = (compute.__doc__ or "").strip().split("\n")[0]
        register(
            Feature(
                name=compute.__name__,
                unit=unit,
                needs=tuple(needs),
                views=tuple(views),
                source=source,
                summary=summary,
                compute=compute,
                when=when,
                role=role,
            )
        )
        return compute

    return registered


def register(one: Feature) -> None:
    """Add a feature; a name without its unit, or registered before, is a programming mistake."""
    if not one.unit.ends(one.name):
        raise ValueError(f"feature: expected a name ending in _{one.unit.value}, got {one.name!r}")
    if one.name in _REGISTERED:
        raise ValueError(f"feature: expected each name once, got {one.name!r} again")
    if not (one.summary and one.source):
        raise ValueError(f"feature: expected a summary and a source for {one.name!r}")
    _REGISTERED[one.name] = one
    all_features.cache_clear()


def one_of(rep: RepSignals, *, among: ComputeMany, name: str) -> float:
    """One of several features that are computed together; NaN where it is not among them."""
    return among(rep).get(name, math.nan)


@cache
def all_features() -> tuple[Feature, ...]:
    """Every feature, in the order of the table's columns: that of `FAMILIES`, then of the files.

    Whoever imports one family first does not change the order.
    """
    homes = [import_module(f"labeler.features.{family}").__name__ for family in FAMILIES]
    place = {home: number for number, home in enumerate(homes)}
    return tuple(sorted(_REGISTERED.values(), key=lambda one: place[home_of(one)]))


def home_of(one: Feature) -> str:
    """The module that defines what computes it: its family."""
    compute = one.compute.func if isinstance(one.compute, partial) else one.compute
    return (one.among or compute).__module__
