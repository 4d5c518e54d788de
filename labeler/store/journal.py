"""The journal: everything that anybody said about a dataset's repetitions, in order.

Facts are only added. What is in force is the last fact about it; an answer counts while its
repetition is in force, and counts again when a removed repetition comes back.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, func, literal, or_, select, true

from labeler.core.clip import ClipId
from labeler.core.label import (
    FIRST_ROUND,
    Action,
    ActionId,
    ActionKind,
    Assignment,
    Decision,
    Label,
)
from labeler.core.rep import RepId, RepRecord, make_rep_id
from labeler.store import rows
from labeler.store.apart import apart, require_apart
from labeler.store.database import Database
from labeler.store.undo import Line, line_of, turned
from labeler.store.writer import JournalWriter


class Journal:
    """Actions in; answers, repetitions and history out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, action: Action) -> bool:
        """Add an action with all its facts in one transaction.

        When this returns, the action is on the disk.

        Returns
        -------
        bool
            False when an action of this id, clip, author and kind is in the journal already.

        Raises
        ------
        StoreError
            When the clip or a rep is unknown, a rep does not fit its clip, or the id is taken by
            another action. Fault ids are not checked: the catalogue may change.
        """
        return self.record_many([action])[0]

    def knows(self, action_id: ActionId) -> bool:
        """Whether an action of that id was recorded."""
        with self._database.reading() as db:
            return (
                db.scalar(select(rows.action.number).where(rows.action.action_id == action_id))
                is not None
            )

    def record_many(self, actions: Sequence[Action]) -> list[bool]:
        """Add actions in one transaction: all of them, or none when one is refused."""
        with self._database.writing() as db:
            writer = JournalWriter(db)
            return [writer.record(action) for action in actions]

    def record_cut(self, clip_id: ClipId, cut: Callable[[int], Action]) -> Action:
        """Add an action that cuts reps of a clip; nobody else cuts between the look and the deed.

        Parameters
        ----------
        cut : Callable[[int], Action]
            Makes the action; it is given the first number that no rep of the clip ever had.

        Raises
        ------
        StoreError
            As `record` does; and when a rep would come onto the frames of another one, or one that
            is moved, split or merged is not there any more.
        """
        with self._database.writing() as db:
            writer, action = JournalWriter(db), cut(rows.read_next_rep_number(db, clip_id))
            if not writer.is_known(action):
                require_apart(action, rows.read_reps(db, clip_id))
                writer.record(action)
            return action

    def answers(
        self,
        clip_id: ClipId | None = None,
        *,
        rater: str | None = None,
        round_number: int = FIRST_ROUND,
    ) -> list[Label]:
        """The answers in force, of one clip or all, of one rater or all; by rep, fault, rater.

        *Not rated* has no row, whether never answered or taken back. Blind repeats are a round of
        their own, never mixed with the first.
        """
        with self._database.reading() as db:
            return rows.read_answers(db, clip_id, rater, round_number)

    def recent_reps(self, rater: str, n_reps: int) -> dict[RepId, str]:
        """The repetitions that a rater answered last, in whichever round, with when (``at_utc``).

        At most `n_reps`, the newest first; an answer that was taken back is none.
        """
        with self._database.reading() as db:
            return rows.read_recent_reps(db, rater, n_reps)

    def assignments(self, clip_id: ClipId | None = None) -> list[Assignment]:
        """Who is to rate which clip now, of one clip or all; by clip, then rater."""
        with self._database.reading() as db:
            return rows.read_assignments(db, clip_id)

    def decisions(self, clip_id: ClipId | None = None) -> list[Decision]:
        """How disputes were settled, as in force, of one clip or all; by rep, then fault."""
        with self._database.reading() as db:
            return rows.read_decisions(db, clip_id)

    def reps(self, clip_id: ClipId | None = None) -> list[RepRecord]:
        """The repetitions in force, of one clip or all, in the order of time in each clip."""
        with self._database.reading() as db:
            return rows.read_reps(db, clip_id)

    def actions(self, clip_id: ClipId | None = None) -> list[Action]:
        """Everything that was ever recorded, of one clip or all, in order."""
        condition = true() if clip_id is None else rows.action.clip_id == clip_id
        with self._database.reading() as db:
            return rows.read_actions(db, condition)

    def clocks_after_cuts(self) -> list[ClipId]:
        """The clips of whose slow motion something was told after their last cut by the machine.

        Where no person has touched the repetitions, another cut is due.
        """
        with self._database.reading() as db:
            return rows.read_clocks_after_cuts(db)

    def history(self, rep_id: RepId) -> list[Action]:
        """Every action that said something about a repetition, in order and whole.

        What was told about its clip's slow motion is among them: it changes how long the rep took.
        """
        condition = or_(rows.about_reps([rep_id]), rows.about_clock_of_rep(rep_id))
        with self._database.reading() as db:
            return rows.read_actions(db, condition)

    def newest_number(self) -> int:
        """The number of the newest action, 0 without any: it grows with all that is recorded."""
        with self._database.reading() as db:
            return db.scalar(select(func.max(rows.action.number))) or 0

    def next_rep_number(self, clip_id: ClipId) -> int:
        """A number that no rep of the clip ever had; `record` refuses it if another is faster."""
        with self._database.reading() as db:
            return rows.read_next_rep_number(db, clip_id)

    @staticmethod
    def rep_id(clip_id: ClipId, number: int) -> RepId:
        """The name of a clip's rep of that number."""
        return make_rep_id(clip_id, number)

    def can_undo(self, clip_id: ClipId, author: str, *, round_number: int = FIRST_ROUND) -> bool:
        """Whether `undo` would do something."""
        return bool(self._line(clip_id, author, round_number).done)

    def can_redo(self, clip_id: ClipId, author: str, *, round_number: int = FIRST_ROUND) -> bool:
        """Whether `redo` would do something."""
        return bool(self._line(clip_id, author, round_number).undone)

    def undo(
        self, clip_id: ClipId, author: str, *, action_id: ActionId, at_utc: str, client: str
    ) -> Action | None:
        """Take back the rater's newest action in a clip that is not undone yet.

        Restores what was in force before it. What somebody else changed since is left alone: see
        `left_alone`. The same `action_id` again answers the same and does nothing more.

        Returns
        -------
        Action | None
            The new action; None when there is nothing to undo.
        """
        blank = Action(action_id, ActionKind.UNDO, clip_id, author, at_utc, client)
        return self.turn(blank)

    def redo(
        self, clip_id: ClipId, author: str, *, action_id: ActionId, at_utc: str, client: str
    ) -> Action | None:
        """Bring back what the rater undid last in a clip; like `undo` in everything else."""
        blank = Action(action_id, ActionKind.REDO, clip_id, author, at_utc, client)
        return self.turn(blank)

    def left_alone(self, action: Action) -> tuple[RepId, ...]:
        """The reps that an undo or redo did not touch: somebody changed them, or is there now.

        Who that was is `cut_by` of the rep.
        """
        with self._database.reading() as db:
            targets = rows.read_actions(db, rows.action.action_id == literal(action.target))
        touched = {fact.rep_id for fact in action.reps}
        meant = dict.fromkeys(fact.rep_id for target in targets for fact in target.reps)
        return tuple(rep_id for rep_id in meant if rep_id not in touched)

    def _line(self, clip_id: ClipId, author: str, round_number: int) -> Line:
        with self._database.reading() as db:
            return line_of(rows.read_steps(db, clip_id, author, round_number))

    def turn(self, blank: Action, *, round_number: int = FIRST_ROUND) -> Action | None:
        """Undo or redo, whichever `blank` is, in the rater's line of one round; see `undo`."""
        with self._database.writing() as db:
            writer = JournalWriter(db)
            if writer.is_known(blank):
                known = _read_action(db, blank.action_id)
                return None if known.target is None else known
            steps = rows.read_steps(db, blank.clip_id, blank.author, round_number)
            step = line_of(steps).target(blank.kind)
            if step is None:
                writer.record(blank)  # so that it means nothing again when it is sent again
                return None
            target = _read_action(db, step.action_id)
            condition = rows.about_reps(target.rep_ids)
            if target.calibrations:
                condition = or_(condition, rows.about_clock(blank.clip_id))
            history = rows.read_actions(db, condition)
            action = apart(turned(history, target, blank), rows.read_reps(db, blank.clip_id))
            writer.record(action)
            return action


def _read_action(db: Connection, action_id: ActionId) -> Action:
    (action,) = rows.read_actions(db, rows.action.action_id == action_id)
    return action
