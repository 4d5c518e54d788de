"""Who does something to a clip, and how one operation becomes one action of the journal."""

from dataclasses import dataclass, replace
from functools import singledispatch
from uuid import uuid4

from labeler.core.clip import Clip
from labeler.core.errors import UsageError
from labeler.core.label import FIRST_ROUND, Action, ActionId, ActionKind, RepFact
from labeler.core.names import tidy_name
from labeler.core.rep import Rep, RepRecord
from labeler.store.dataset import Dataset
from labeler.workflows.importing import utc_now
from labeler.workflows.operations import Op

APP = "app"
CLI = "cli"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who does something, when, with which program, under which id; in which look at the clip."""

    rater: str
    action_id: ActionId
    at_utc: str
    client: str
    round_number: int = FIRST_ROUND

    @classmethod
    def from_command(cls, rater: str, client: str = CLI) -> "Sender":
        """A new action of a command or a script."""
        name = tidy_name(rater)
        if not name:
            raise UsageError("rater: expected a name, got none.", hint="Give --rater NAME.")
        return cls(name, ActionId(f"{client}-{uuid4().hex}:1"), utc_now(), client)

    def action(self, kind: ActionKind, clip: Clip) -> Action:
        """An action that holds no facts yet."""
        return Action(
            action_id=self.action_id,
            kind=kind,
            clip_id=clip.clip_id,
            author=self.rater,
            at_utc=self.at_utc,
            client=self.client,
        )


@singledispatch
def apply(op: Op, dataset: Dataset, clip: Clip, sender: Sender) -> Action | None:
    """Record what one operation means; None when there was nothing to undo or redo."""
    raise TypeError(f"no meaning for {type(op).__name__} on {clip.short_id} in {dataset} {sender}")


def recorded(dataset: Dataset, action: Action) -> Action:
    """Put an action into the journal, without facts too: sent again, it must mean the same."""
    dataset.journal.record(action)
    return action


def recorded_cut(dataset: Dataset, action: Action, *made: Rep) -> Action:
    """Put an action that cuts into the journal, which refuses frames of another repetition.

    `made` are repetitions that the clip never had: they get their names there.
    """

    def cut(first_number: int) -> Action:
        facts = (
            RepFact(dataset.journal.rep_id(action.clip_id, number), rep)
            for number, rep in enumerate(made, start=first_number)
        )
        return replace(action, reps=(*action.reps, *facts))

    return dataset.journal.record_cut(action.clip_id, cut)


def find_rep(dataset: Dataset, clip: Clip, name: str) -> RepRecord:
    """A repetition by its number in the clip or by its id."""
    records = dataset.journal.reps(clip.clip_id)
    for record in records:
        if name in (str(record.index), record.rep_id):
            return record
    raise UsageError(
        f"repetition: expected 1 to {len(records)} or an id of {clip.file_name}, got {name!r}.",
        hint=f"List them with: labeler reps {clip.short_id}",
    )
