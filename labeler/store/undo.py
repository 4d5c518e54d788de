"""Undo and redo, worked out from the journal alone: plain functions on lists of actions.

Each rater has one line of undo per clip. Undoing is a new action which restores what was in force
before the undone one; a new action of the rater closes the way forward, as in any editor. A fact is
taken back only where the undone action left it: what somebody else changed since stays as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final, TypeVar

from labeler.core.label import (
    MACHINE,
    Action,
    ActionKind,
    CalibrationFact,
    FaultId,
    LabelFact,
    RepFact,
)
from labeler.core.rep import RepId

LabelKey = tuple[RepId, FaultId, int]
"""Rep, fault and round."""

_WHOLE: Final = frozenset({ActionKind.SPLIT, ActionKind.MERGE})
"""What is taken back as a whole or not at all: half of it would leave two reps on one frame."""

_CLOCK: Final = "clock"
"""A clip has one, so what is told about it needs no name of its own."""

_AS_STORED: Final = CalibrationFact(None)
"""What was never told about a clip's slow motion."""

Key = TypeVar("Key")
Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Line:
    """What a rater did and can undo, and what was undone and can be redone; newest last."""

    done: tuple[Action, ...]
    undone: tuple[Action, ...]

    def target(self, kind: ActionKind) -> Action | None:
        """What an undo, or else a redo, would be about now; None when there is nothing."""
        steps = self.done if kind is ActionKind.UNDO else self.undone
        return steps[-1] if steps else None


@dataclass(frozen=True, slots=True)
class _State:
    """Where things stand: one rater's answers, everybody's reps, and the clip's slow motion."""

    answers: Mapping[LabelKey, LabelFact]
    reps: Mapping[RepId, RepFact]
    clock: Mapping[str, CalibrationFact]

    def about(self, made: "_State") -> "_State":
        """The part that `made` speaks of; what was never said is *not rated* and *no rep*."""
        return _State(
            {key: self.answers.get(key, _not_rated(key)) for key in made.answers},
            {rep_id: self.reps.get(rep_id, RepFact(rep_id, None)) for rep_id in made.reps},
            {name: self.clock.get(name, _AS_STORED) for name in made.clock},
        )


def line_of(steps: Iterable[Action]) -> Line:
    """Follow one rater through a clip, in the order of the journal; the machine has no line."""
    done: list[Action] = []
    undone: list[Action] = []
    for action in steps:
        if action.author == MACHINE:
            continue
        if action.kind is ActionKind.UNDO:
            _move(action, done, undone)
        elif action.kind is ActionKind.REDO:
            _move(action, undone, done)
        else:
            done.append(action)
            undone.clear()
    return Line(tuple(done), tuple(undone))


def turned(history: Sequence[Action], target: Action, blank: Action) -> Action:
    """The undo or redo of an action, with the facts that it restores.

    Parameters
    ----------
    history : Sequence[Action]
        In the order of the journal, at least every action about the reps of `target`, and every
        one that told of slow motion where `target` does.
    target : Action
        What is undone or redone: its rater's newest that is not undone, or newest that is.
    blank : Action
        The undo or redo as its author sent it, without target and facts.
    """
    earlier = takewhile(lambda action: action.action_id != target.action_id, history)
    made = _state([target], target.author)
    before = _state(earlier, target.author).about(made)
    now = _state(history, target.author).about(made)
    left, goal = (made, before) if blank.kind is ActionKind.UNDO else (before, made)
    reps = _restored(left.reps, now.reps, goal.reps)
    return replace(
        blank,
        target=target.action_id,
        labels=_restored(left.answers, now.answers, goal.answers),
        reps=reps if len(reps) == len(left.reps) or target.kind not in _WHOLE else (),
        calibrations=_restored(left.clock, now.clock, goal.clock),
    )


def _move(action: Action, source: list[Action], target: list[Action]) -> None:
    for moved in [known for known in source if known.action_id == action.target]:
        source.remove(moved)
        target.append(moved)


def _state(history: Iterable[Action], author: str) -> _State:
    answers: dict[LabelKey, LabelFact] = {}
    reps: dict[RepId, RepFact] = {}
    clock: dict[str, CalibrationFact] = {}
    for action in history:
        if action.author == author:
            answers.update({_key(fact): fact for fact in action.labels})
        reps.update({fact.rep_id: fact for fact in action.reps})
        for fact in action.calibrations:
            clock[_CLOCK] = fact
    return _State(answers, reps, clock)


def _restored(
    left: Mapping[Key, Fact], now: Mapping[Key, Fact], goal: Mapping[Key, Fact]
) -> tuple[Fact, ...]:
    """The goal of everything that is still as it was left."""
    return tuple(goal[key] for key in left if now[key] == left[key])


def _key(fact: LabelFact) -> LabelKey:
    return fact.rep_id, fact.fault, fact.round_number


def _not_rated(key: LabelKey) -> LabelFact:
    rep_id, fault, round_number = key
    return LabelFact(rep_id, fault, None, round_number=round_number)
