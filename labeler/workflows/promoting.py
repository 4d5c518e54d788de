"""Which model speaks for which fault: promoted, retired and promoted again, and nothing forgotten.

The journal is a file of the dataset that only grows, one line per decision. What is in force is
what its lines come to; a fault about which it says nothing is its rule's.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from labeler.core.errors import LearningError, StoreError, UsageError
from labeler.core.label import FaultId
from labeler.core.names import tidy_name
from labeler.store.dataset import Dataset
from labeler.store.files import disk_errors, flush_to_disk, lock_file

if TYPE_CHECKING:
    from labeler.learn.card import ModelCard

JOURNAL: Final = "detectors.jsonl"
"""The file in the dataset's folder."""

_LOCK: Final = ".detectors.lock"

BEATS: Final = "beats the rules"
"""The verdict that promotion asks for: see `labeler.evaluate.comparison.Verdict`."""

UNSEEN: Final = ("leave one athlete out", "folds of athletes")
"""The protocols that test on athletes whom the model has not seen."""

MIN_REASON_LETTERS: Final = 10
"""A written reason is at least two words long."""


class PromotionError(LearningError):
    """A model may not speak for a fault as things stand."""


class Action(StrEnum):
    """What a line of the journal does."""

    PROMOTE = "promote"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the journal: who decided what about which model, when and why.

    Parameters
    ----------
    movements : tuple[str, ...]
        For which movements; the rules go on speaking for all others.
    is_synthetic : bool
        Whether it is about made-up clips; else it is about recorded ones, never about both.
    model : str
        Name of the model's folder.
    digest : str
        Of the model's card: exactly this model, not a later one of the same name.
    verdict : str
        What the model's card said when it was promoted.
    is_override : bool
        Whether it was promoted without *beats the rules*; then `reason` says why.
    """

    action: Action
    fault: FaultId
    movements: tuple[str, ...]
    is_synthetic: bool
    model: str
    digest: str
    by: str
    at_utc: str
    reason: str = ""
    verdict: str = ""
    is_override: bool = False

    def as_row(self) -> dict[str, Any]:
        """One row for pages and scripts."""
        return {**asdict(self), "movements": list(self.movements)}

    @property
    def words(self) -> str:
        """What was decided, as one sentence."""
        clips = "synthetic clips" if self.is_synthetic else "clips"
        where = f"{self.fault} in {clips} of {', '.join(self.movements)}"
        if self.action is Action.RETIRE:
            return f"{self.model} is retired: the rule speaks again for {where}."
        return f"{self.model} speaks for {where} now, in place of the rule."


@dataclass(frozen=True, slots=True)
class Scope:
    """What one detector is in force for."""

    fault: FaultId
    movement: str
    is_synthetic: bool


def history(folder: Path) -> list[Decision]:
    """Every decision about a dataset's models, oldest first.

    Raises
    ------
    StoreError
        The journal cannot be read: nobody knows then which model is in force.
    """
    file = folder / JOURNAL
    if not file.is_file():
        return []
    with disk_errors(file):
        lines = file.read_text(encoding="utf-8").splitlines()
    return [_decision(line, number, file) for number, line in enumerate(lines, start=1) if line]


def current(folder: Path) -> dict[Scope, Decision]:
    """The promotion in force for each fault, movement and origin that has one."""
    found: dict[Scope, Decision] = {}
    for one in history(folder):
        for movement in one.movements:
            scope = Scope(one.fault, movement, one.is_synthetic)
            if one.action is Action.PROMOTE:
                found[scope] = one
            elif scope in found and found[scope].digest == one.digest:
                del found[scope]
    return found


def promote(
    dataset: Dataset,
    model: Path,
    *,
    by: str,
    movements: Sequence[str] = (),
    despite: str = "",
) -> Decision:
    """Let a model speak for its fault in the clips of a dataset, in place of the rule.

    Parameters
    ----------
    movements : Sequence[str]
        For which ones; all that it has learned from, unless told.
    despite : str
        Why it is promoted although it is not shown to beat the rules; without it, it must be.

    Raises
    ------
    LearningError
        The model cannot be used here, or is not shown to beat the rules on athletes it has not
        seen, or has not learned from that movement.
    """
    from labeler.features.registry import features_version
    from labeler.learn.card import check_model

    card = check_model(model, features_version=features_version())
    chosen = _movements(card, movements)
    reason = despite.strip()
    why_not = why_not_promoted(card)
    if why_not and len(reason) < MIN_REASON_LETTERS:
        raise PromotionError(
            f"{model.name}: expected a model that beats the rules on athletes it has not seen, "
            f"got: {why_not}.",
            hint="Label more athletes and train again. To promote it all the same, write down why "
            f"(at least {MIN_REASON_LETTERS} letters): --despite REASON, or the field on the page.",
        )
    decision = Decision(
        action=Action.PROMOTE,
        fault=FaultId(card.fault),
        movements=chosen,
        is_synthetic=card.is_synthetic,
        model=model.name,
        digest=card.digest,
        by=tidy_name(by),
        at_utc=_now(),
        reason=reason,
        verdict=str(card.metrics.get("verdict", "")),
        is_override=bool(why_not),
    )
    _append(dataset.folder, decision)
    return decision


def retire(dataset: Dataset, model: str, *, by: str, reason: str = "") -> list[Decision]:
    """Take a model out of force wherever it is; the rule speaks again. The model's files stay.

    Raises
    ------
    UsageError
        It is in force nowhere.
    """
    in_force = {scope: one for scope, one in current(dataset.folder).items() if one.model == model}
    if not in_force:
        raise UsageError(
            f"{model}: expected a model that is in force, got one that is not.",
            hint="What is in force: labeler models list, or the Models page.",
        )
    made = []
    for fault, digest, is_synthetic in dict.fromkeys(
        (scope.fault, one.digest, scope.is_synthetic) for scope, one in in_force.items()
    ):
        scopes = (s for s, one in in_force.items() if one.digest == digest and s.fault == fault)
        movements = tuple(s.movement for s in scopes if s.is_synthetic == is_synthetic)
        made.append(
            Decision(
                action=Action.RETIRE,
                fault=fault,
                movements=movements,
                is_synthetic=is_synthetic,
                model=model,
                digest=digest,
                by=tidy_name(by),
                at_utc=_now(),
                reason=reason.strip(),
            )
        )
    for one in made:
        _append(dataset.folder, one)
    return made


def why_not_promoted(card: "ModelCard") -> str:
    """What keeps a model from being promoted without a written reason; empty where nothing does."""
    verdict = str(card.metrics.get("verdict") or "not tested")
    if card.metrics.get("protocol") not in UNSEEN:
        return "no test on athletes it has not seen"
    return "" if verdict == BEATS else verdict


def _movements(card: "ModelCard", wanted: Iterable[str]) -> tuple[str, ...]:
    """The movements that a model is to speak for, all of which it must have learned from."""
    known, chosen = card.trained_on.movements, tuple(dict.fromkeys(wanted))
    strange = [one for one in chosen if one not in known]
    if strange or not known:
        raise PromotionError(
            f"{card.name}: expected movements that it has learned from "
            f"({', '.join(known) or 'none was told'}), got {', '.join(strange) or 'none'}.",
            hint="Tell the movement of the clips on the Library page, then train again.",
        )
    return chosen or known


def _append(folder: Path, decision: Decision) -> None:
    """Add a line; on disk before anybody is told."""
    line = json.dumps(decision.as_row(), ensure_ascii=False) + "\n"
    with disk_errors(folder), lock_file(folder / _LOCK):
        with (folder / JOURNAL).open("a", encoding="utf-8") as stream:
            stream.write(line)
        flush_to_disk(folder / JOURNAL)


def _decision(line: str, number: int, file: Path) -> Decision:
    try:
        told = json.loads(line)
        action, movements = Action(told.pop("action")), tuple(told.pop("movements"))
        return Decision(action=action, movements=movements, **told)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise StoreError(
            f"{file}, line {number}: expected a decision about a model, got {line[:60]!r}.",
            hint="Restore the file from a copy, or remove the line: what it decided is then void.",
        ) from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
