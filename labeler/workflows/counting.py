"""Which clips a reported number is about: the recorded ones, or the made-up ones, never both."""

from collections.abc import Iterable
from dataclasses import dataclass

from labeler.core.clip import Clip, ClipId
from labeler.core.finding import Finding, Level
from labeler.core.label import Label
from labeler.core.origin import SYNTHETIC_NUMBERS, Origin
from labeler.core.rep import RepId, RepRecord
from labeler.store.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts of a dataset, and how much is left out.

    Parameters
    ----------
    origin : Origin
        Where everything that counts comes from.
    clips, records : tuple
        The clips that count, and their repetitions in force.
    n_left_out : int
        Clips of the other origin.
    """

    origin: Origin
    clips: tuple[Clip, ...]
    records: tuple[RepRecord, ...]
    n_left_out: int = 0

    @property
    def is_synthetic(self) -> bool:
        """Whether every number says "synthetic"."""
        return self.origin is Origin.SYNTHETIC

    @property
    def clip_ids(self) -> frozenset[ClipId]:
        """The ids of the clips that count."""
        return frozenset(clip.clip_id for clip in self.clips)

    @property
    def rep_ids(self) -> frozenset[RepId]:
        """The ids of the repetitions that count."""
        return frozenset(record.rep_id for record in self.records)

    def of(self, labels: Iterable[Label]) -> list[Label]:
        """Those answers that count."""
        known = self.rep_ids
        return [label for label in labels if label.rep_id in known]

    @property
    def left_out(self) -> tuple[Finding, ...]:
        """How many clips do not count, and how to count them instead; empty where all do."""
        if not self.n_left_out:
            return ()
        what = "1 clip is" if self.n_left_out == 1 else f"{self.n_left_out} clips are"
        code = f"{self.origin.other}_left_out"
        hint = "To count them instead: --synthetic, or choose Synthetic on the page."
        if self.is_synthetic:
            hint = "To count them instead: without --synthetic, or choose Recorded on the page."
        message = (
            f"{what} left out, for being {self.origin.other}: recorded and synthetic clips are "
            "never counted together."
        )
        return (Finding(code, message, Level.INFO, hint),)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """That everything is about made-up athletes, where it is; then what is left out."""
        return (*((SYNTHETIC_NUMBERS,) if self.is_synthetic else ()), *self.left_out)


def counted(dataset: Dataset, *, wants_synthetic: bool = False) -> Counted:
    """Decide what counts: recorded clips where there are any, unless the synthetic are wanted.

    A dataset of synthetic clips alone counts those. Nothing that pages, commands or models report
    is about clips of both origins.
    """
    clips = dataset.clips.all()
    is_synthetic = wants_synthetic or (bool(clips) and all(clip.is_synthetic for clip in clips))
    origin = Origin.SYNTHETIC if is_synthetic else Origin.RECORDED
    chosen = tuple(clip for clip in clips if clip.origin is origin)
    ids = {clip.clip_id for clip in chosen}
    records = tuple(record for record in dataset.journal.reps() if record.clip_id in ids)
    return Counted(origin, chosen, records, len(clips) - len(chosen))


def is_mixed(clips: Iterable[Clip]) -> bool:
    """Whether there are recorded and synthetic clips, so that one has to choose."""
    return len({clip.origin for clip in clips}) > 1
