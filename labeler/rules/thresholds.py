"""Reads the limits of the rules: those of the package, and what a coach has changed of them."""

import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from labeler.core.clip import View
from labeler.core.errors import RulesError
from labeler.core.units import Unit
from labeler.features.detection import detection_limit, nearest_of, why_not_shown
from labeler.features.detection import digest as detection_digest
from labeler.rules.borrowed import limit_for, why_never_measured

FILE = "thresholds.toml"

OVERRIDES = "rules.toml"
"""What a coach changes for a dataset, in its folder."""

RULES_VERSION = "6"
"""Raised whenever a rule would answer otherwise with the same limits."""

DIGEST_DIGITS = 8
"""So many hexadecimal digits tell the limits of two datasets apart."""

TEMPLATE_HINT = "See what can be changed: labeler rules limits"


class Evidence(StrEnum):
    """Where a limit's value comes from."""

    MEASURED = "measured"
    PUBLISHED = "published"
    PRIOR = "prior"
    COACH = "coach"


@dataclass(frozen=True, slots=True)
class Limit:
    """One number that decides, in the unit that its name ends in.

    Parameters
    ----------
    value : float
        Never 0: margins are told in limits.
    uncertainty : float
        Half the width of the band about `value` in which the answer is too close to call.
    movements : tuple[str, ...]
        Where it counts; empty for all that the rule judges.
    min_fps : float
        The frame rate from which on it counts.
    is_used : bool
        Whether it counts at all.
    is_band_fixed : bool
        Whether a coach has set `uncertainty`: then it holds even where a rep's own is known.
    oblique_uncertainty : float | None
        The same as `uncertainty` for a camera at 45 degrees; None where it is no larger.
    measured_as : str
        Lag or turn of the stored table that `uncertainty` was read from, and that a rep's own is
        read from too; empty where it was not.
    measured_share : float
        So much of the detection limit is the uncertainty.
    band_words : str
        Where the uncertainty of a rep is from, if nobody measured its movement from its view.
    """

    name: str
    says: str
    value: float
    uncertainty: float
    evidence: Evidence
    source: str
    uncertainty_source: str
    movements: tuple[str, ...] = ()
    min_fps: float = 0.0
    is_used: bool = True
    is_band_fixed: bool = False
    oblique_uncertainty: float | None = None
    measured_as: str = ""
    measured_share: float = 1.0
    band_words: str = ""

    @property
    def unit(self) -> Unit:
        """The unit of value and uncertainty."""
        return next(unit for unit in Unit if unit.ends(self.name))

    def band_from(self, is_oblique: bool) -> float:
        """The uncertainty for a camera at 45 degrees, or for any other."""
        if not is_oblique or self.oblique_uncertainty is None or self.is_band_fixed:
            return self.uncertainty
        return self.oblique_uncertainty


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one rule; `movements` and `views` are empty where it judges all of its fault's.

    Parameters
    ----------
    values : Mapping[str, Limit]
        By name.
    why : str
        What keeps the rule from judging the other movements or views.
    told_by : tuple[str, ...]
        Measured lags or turns (see `labeler.features.detection`) by which the fault is told: from a
        view that shows none of them nothing is said.
    bands : Mapping[str, float]
        By name of a limit: its uncertainty in the rep that these limits are `for_rep`, as measured
        for its movement, view and frame rate.
    """

    values: Mapping[str, Limit]
    movements: tuple[str, ...] = ()
    views: tuple[View, ...] = ()
    why: str = ""
    told_by: tuple[str, ...] = ()
    bands: Mapping[str, float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Limit:
        """The limit of that name."""
        return self.values[name]

    def asks_for(self, name: str) -> bool:
        """Whether a feature is compared: not where the limit of its name is not used."""
        return name not in self.values or self.values[name].is_used

    def measured_band(self, name: str) -> float:
        """Uncertainty of a limit in the rep, as measured; NaN where nobody measured."""
        return self.bands.get(name, math.nan)

    def why_not_shown(self, movement: str, fps: float, view: View) -> str:
        """Why a view shows nothing of what tells the fault; empty where it does.

        What counts in other movements only is not asked for; one that can be told is enough. A view
        of which nobody measured any, in no movement alike, shows none.
        """
        asked = [name for name in self.told_by if self._counts_in(name, movement)]
        whys = [
            why_not_shown(movement, fps, view, name)
            or why_never_measured(movement, fps, view, name)
            for name in asked
        ]
        return whys[0] if whys and all(whys) else ""

    def _counts_in(self, name: str, movement: str) -> bool:
        only = self.values[name].movements if name in self.values else ()
        return not only or movement in only

    def for_rep(self, movement: str | None, fps: float, view: str | None = None) -> "Limits":
        """The same, where those that do not count for such a rep are not used.

        From 45 degrees the bands are those of that view, unless a coach has set them.
        """
        is_oblique = view == View.OBLIQUE

        def counts(one: Limit) -> bool:
            is_its_movement = not one.movements or movement in one.movements
            return one.is_used and is_its_movement and not fps < one.min_fps

        kept = {
            name: replace(one, is_used=counts(one), uncertainty=one.band_from(is_oblique))
            for name, one in self.values.items()
        }
        seen = None if view is None else View(view)
        bands = {}
        for name, one in kept.items():
            if one.measured_as:
                limit, words = limit_for(movement, fps, seen, one.measured_as)
                bands[name] = one.measured_share * limit
                kept[name] = replace(one, band_words="" if one.is_band_fixed else words)
        return replace(self, values=kept, bands=bands)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The limits of every rule as they are in force.

    Parameters
    ----------
    limits : Mapping[str, Limits]
        By fault.
    changed_in : Path | None
        The file of a coach that changed some; None for the package's own.
    """

    limits: Mapping[str, Limits]
    changed_in: Path | None = field(default=None, compare=False)

    def __getitem__(self, fault: str) -> Limits:
        """The limits of that fault's rule."""
        return self.limits[fault]

    def __iter__(self) -> Iterator[str]:
        """The faults that have limits."""
        return iter(self.limits)

    @property
    def version(self) -> str:
        """Version of the rules and digest of the limits, such as ``2+1f0c9a3e``.

        Results carry it: two answers under the same version were given by the same rules.
        """
        numbers = {
            fault: {name: _numbers(v) for name, v in one.values.items()}
            for fault, one in self.limits.items()
        }
        told = [numbers, detection_digest()]
        digest = sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        return f"{RULES_VERSION}+{digest[:DIGEST_DIGITS]}"


NO_RULES = ("version",)
"""What else is in the package's file."""

MS_ENDING = "_ms"
"""What the names of lags end in."""


def _numbers(limit: Limit) -> tuple[float | None, ...]:
    """All of a limit that an answer depends on, but for where it counts."""
    bands = limit.uncertainty, limit.oblique_uncertainty
    return limit.value, *bands, limit.is_used, limit.is_band_fixed


@cache
def _package_file() -> Mapping[str, Any]:
    return tomllib.loads(files("labeler.rules").joinpath(FILE).read_text(encoding="utf-8"))


@cache
def load_limits() -> RuleBook:
    """Limits by fault, as they come with the package."""
    tables = _package_file()
    told = {fault: table for fault, table in tables.items() if fault not in NO_RULES}
    return RuleBook({fault: _limits(table) for fault, table in told.items()})


def load_rulebook(folder: Path | None) -> RuleBook:
    """The package's limits, with what the coach's file in `folder` changes.

    Raises
    ------
    RulesError
        The file cannot be read, is not TOML, names a rule, a limit or a key that does not exist,
        or gives a value of the wrong type or sign.
    """
    book = load_limits()
    file = None if folder is None else folder / OVERRIDES
    if file is None or not file.is_file():
        return book
    limits = dict(book.limits)
    for fault, changes in _read(file).items():
        if fault not in limits or not isinstance(changes, Mapping):
            raise _refused(file, "rule", f"one of {', '.join(limits)}", fault)
        limits[fault] = _changed(limits[fault], changes, f"{file.name}, {fault}")
    return RuleBook(limits, file)


def _limits(table: Mapping[str, Any]) -> Limits:
    """A rule's table of the package's file, which the tests hold right."""
    numbers = {name: value for name, value in table.items() if isinstance(value, Mapping)}
    return Limits(
        values={name: _limit(name, fields) for name, fields in numbers.items()},
        movements=tuple(table.get("movements", ())),
        views=tuple(View(view) for view in table.get("views", ())),
        why=table.get("why", ""),
        told_by=tuple(table.get("told_by", ())),
    )


def _limit(name: str, fields: Mapping[str, Any]) -> Limit:
    told = dict(fields)
    if (at := told.pop("uncertainty_measured", None)) is not None:
        told |= _measured_band(name, at)
    evidence, movements = Evidence(told.pop("evidence")), tuple(told.pop("movements", ()))
    return Limit(name, evidence=evidence, movements=movements, **told)


def _measured_band(name: str, at: Mapping[str, Any]) -> Mapping[str, Any]:
    """Uncertainty and its source, from what was measured in the movement `at` says.

    Of the line of that name unless another is told; a share of it where one is told; and where a
    descent is told, that lag as a share of it. Where nothing can be told, all that is ever shown
    is uncertain.
    """
    movement, fps, view = at["movement"], float(at["fps"]), View(at["view"])
    is_share = "descent_s" in at
    line = at.get("line", f"{name.removesuffix('_ratio')}{MS_ENDING}" if is_share else name)
    share = float(at.get("share", 1.0))
    least = share * detection_limit(movement, fps, view, line)
    if math.isinf(least) and (nearest := nearest_of(movement, fps, view, line)) is not None:
        least = nearest.most_shown
    source = (
        f"measured through video on made-up athletes: {_share_words(share)}detection limit of one"
        f" {movement}, {view.words}, {fps:g} fps"
    )
    if is_share:
        source = f"{source}, over a descent of {at['descent_s']:g} s"
        least = round(least / (MS_PER_S * at["descent_s"]), 3)
        return {"uncertainty": least, "uncertainty_source": source}
    told = {"measured_as": line, "measured_share": share}
    return {"uncertainty": least, "uncertainty_source": source, **told}


def _share_words(share: float) -> str:
    """Before a detection limit: nothing where all of it counts."""
    return "" if share == 1.0 else f"{share:g} of the "


MS_PER_S = 1000.0


def _read(file: Path) -> Mapping[str, Any]:
    """A coach's file, in UTF-8 with or without the mark that some editors put in front."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _refused(file, "file", "one that can be read", error.strerror) from None
    except UnicodeDecodeError:
        raise _refused(file, "file", "text in UTF-8", "other bytes") from None
    except tomllib.TOMLDecodeError as error:
        raise _refused(file, "file", "TOML", f"a mistake: {error}") from None


def _changed(limits: Limits, changes: Mapping[str, Any], where: str) -> Limits:
    """A rule's limits with a coach's changes: a table per limit, or its value alone."""
    values = dict(limits.values)
    for name, told in changes.items():
        if name not in values:
            raise _refused(where, "limit", f"one of {', '.join(values)}", name)
        fields = told if isinstance(told, Mapping) else {"value": told}
        values[name] = _with(values[name], fields, f"{where}, {name}")
    return replace(limits, values=values)


def _with(limit: Limit, fields: Mapping[str, Any], where: str) -> Limit:
    """One limit with what a coach says of it."""
    if unknown := sorted(set(fields) - {"value", "uncertainty", "source", "is_used"}):
        raise _refused(where, "key", "value, uncertainty, source or is_used", unknown[0])
    value = _number(fields, "value", limit.value, where)
    if value == 0 or (value > 0) != (limit.value > 0):
        side = "above" if limit.value > 0 else "below"
        raise _refused(where, "value", f"a number {side} 0, such as {limit.value:g}", value)
    uncertainty = _number(fields, "uncertainty", limit.uncertainty, where)
    if uncertainty < 0:
        raise _refused(where, "uncertainty", "0 or more", uncertainty)
    is_used, source = fields.get("is_used", limit.is_used), fields.get("source", "")
    if not isinstance(is_used, bool):
        raise _refused(where, "is_used", "true or false", is_used)
    if not isinstance(source, str):
        raise _refused(where, "source", "words in quotation marks", source)
    changed = replace(
        limit,
        value=value,
        uncertainty=uncertainty,
        is_used=is_used,
        is_band_fixed="uncertainty" in fields,
    )
    if changed == limit:
        return limit
    return replace(changed, evidence=Evidence.COACH, source=source or f"set in {OVERRIDES}")


def _number(fields: Mapping[str, Any], key: str, default: float, where: str) -> float:
    value = fields.get(key, default)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value):
        raise _refused(where, key, "a number", value)
    return float(value)


def _refused(where: Path | str, what: str, expected: str, got: object) -> RulesError:
    return RulesError(
        f"{where}, {what}: expected {expected}, got {got!r}.",
        hint=f"Correct that line of {OVERRIDES}, or remove it. {TEMPLATE_HINT}",
    )
