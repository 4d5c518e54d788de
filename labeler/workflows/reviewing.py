"""What a dataset holds, as rows that pages and commands show."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from labeler.catalog import Catalog, Fault, load_catalog
from labeler.catalog.spec import PHASES, RepKind
from labeler.core.clip import Clip, ClipId
from labeler.core.label import Label
from labeler.core.origin import Origin
from labeler.core.rep import RepId, RepRecord
from labeler.store.dataset import Dataset
from labeler.workflows.cataloguing import catalog_of
from labeler.workflows.deriving import movement_of, signals_of

if TYPE_CHECKING:
    from labeler.reps.judge import Rejected


def asked_faults(clip: Clip, catalog: Catalog) -> tuple[Fault, ...]:
    """The faults that a rater is asked about in a clip, in the order of the panel.

    `catalog` is the one in force for the clip's dataset: see `cataloguing.catalog_of`.
    """
    return catalog.faults_of(clip.tags.movement)


@dataclass(frozen=True, slots=True)
class ClipSummary:
    """One clip with how far its labelling is.

    Parameters
    ----------
    n_labelled : int
        Reps in which one rater has answered every fault that is asked.
    """

    clip: Clip
    n_reps: int
    n_labelled: int

    @property
    def labelled_ratio(self) -> float | None:
        """Share of the reps that are labelled; None without reps."""
        return self.n_labelled / self.n_reps if self.n_reps else None

    @property
    def is_open(self) -> bool:
        """Whether there is something left to label; without a video the skeleton is shown."""
        return self.n_labelled < self.n_reps

    @property
    def words(self) -> str:
        """Everything that people look a clip up by, in small letters."""
        tags = self.clip.tags
        view = "" if tags.view is None else tags.view.words
        origin = self.clip.origin.value
        told = (tags.athlete, movement_name(tags.movement), view, tags.session, origin)
        flags = (flag_name(finding.code) for finding in self.clip.findings)
        return " ".join((self.clip.file_name, *filter(None, told), *flags)).casefold()

    def as_row(self) -> dict[str, Any]:
        """The clip as one row: what people ask first comes first."""
        clip = self.clip
        return {
            "clip": clip.short_id,
            "file": clip.file_name,
            "athlete": clip.tags.athlete,
            "movement": clip.tags.movement,
            "view": clip.tags.view,
            "session": clip.tags.session,
            "reps": self.n_reps,
            "labelled_ratio": self.labelled_ratio,
            "duration_s": clip.duration_s,
            "fps": clip.fps_median,
            "detected_ratio": clip.detected_ratio,
            "is_synthetic": clip.is_synthetic,
            "flags": [finding.code for finding in clip.findings],
        }


class Show(StrEnum):
    """Which clips of a library are wanted."""

    ALL = "All"
    OPEN = "To label"
    UNTOLD = "Details missing"
    FLAGGED = "Flagged"


_WANTED: Mapping[Show, Callable[[ClipSummary], bool]] = {
    Show.ALL: lambda _: True,
    Show.OPEN: lambda summary: summary.is_open,
    Show.UNTOLD: lambda summary: is_untold(summary.clip),
    Show.FLAGGED: lambda summary: bool(summary.clip.findings),
}

FLAG_NAMES = {
    "camera_tilt": "camera tilted",
    "cut_in_clip": "cut in the clip",
    "damaged_frames": "file damaged",
    "feet_hidden": "feet hidden",
    "frame_times_repaired": "times repaired",
    "jitter": "pose trembles",
    "joints_missing": "joints missing",
    "jumping": "pose leaps",
    "low_frame_rate": "few frames",
    "low_visibility": "hard to see",
    "manual_reps": "reps not cut",
    "no_depth": "no depth",
    "no_reps": "no reps found",
    "not_frontal": "not straight in front",
    "person_lost": "athlete lost",
    "swapped": "left and right swapped",
    "two_people": "two people",
    "unseen": "joints unseen",
    "variable_frame_rate": "uneven frames",
    "view_differs": "other view",
    "wrong_facing": "facing unclear",
}
"""The findings about a clip in two or three words."""


def flag_name(code: str) -> str:
    """A finding in two or three words."""
    return FLAG_NAMES.get(code, code.replace("_", " "))


def movement_name(movement: str | None) -> str | None:
    """A movement as people call it; one that the catalogue has dropped keeps its id."""
    if movement is None:
        return None
    known = load_catalog().movements.get(movement)
    return movement if known is None else known.name


def is_untold(clip: Clip) -> bool:
    """Whether the clip lacks what labels and models need: athlete, movement or view."""
    return None in (clip.tags.athlete, clip.tags.movement, clip.tags.view)


def found_clips(clips: Iterable[ClipSummary], words: str, show: Show) -> list[ClipSummary]:
    """The clips that `show` wants and in which every one of the words occurs."""
    wanted = words.casefold().split()
    return [
        clip for clip in clips if _WANTED[show](clip) and all(word in clip.words for word in wanted)
    ]


def how_far(clips: Sequence[ClipSummary]) -> list[str]:
    """How much is labelled, as a line for recorded clips and one for synthetic ones."""
    parts = ([one for one in clips if one.clip.origin is origin] for origin in Origin)
    return [
        f"**{sum(c.n_labelled for c in part)} of {sum(c.n_reps for c in part)} reps labelled** in "
        f"{len(part)} {'synthetic ' if part[0].clip.is_synthetic else ''}clips"
        for part in parts
        if part
    ]


def next_clip(clips: Sequence[ClipSummary], after: ClipId | None = None) -> ClipSummary | None:
    """The first clip behind `after` with something left to label, then from the top; or None."""
    ids = [summary.clip.clip_id for summary in clips]
    place = ids.index(after) + 1 if after in ids else 0
    others = (*clips[place:], *clips[: max(place - 1, 0)])
    return next((summary for summary in others if summary.is_open), None)


def summaries(dataset: Dataset, *, rater: str | None = None) -> list[ClipSummary]:
    """Every clip of a dataset, oldest first, with what one rater, or any, has labelled."""
    reps: dict[ClipId, list[RepId]] = {}
    for record in dataset.journal.reps():
        reps.setdefault(record.clip_id, []).append(record.rep_id)
    labels: dict[RepId, list[Label]] = {}
    for label in dataset.journal.answers(rater=rater):
        labels.setdefault(label.rep_id, []).append(label)
    catalog = catalog_of(dataset)
    return [
        _summary(clip, reps.get(clip.clip_id, []), labels, catalog) for clip in dataset.clips.all()
    ]


def summary(dataset: Dataset, clip: Clip) -> ClipSummary:
    """One clip with the number of its reps and of those that are labelled."""
    labels: dict[RepId, list[Label]] = {}
    for label in dataset.journal.answers(clip.clip_id):
        labels.setdefault(label.rep_id, []).append(label)
    reps = [record.rep_id for record in dataset.journal.reps(clip.clip_id)]
    return _summary(clip, reps, labels, catalog_of(dataset))


def _summary(
    clip: Clip,
    reps: Sequence[RepId],
    labels: Mapping[RepId, Sequence[Label]],
    catalog: Catalog,
) -> ClipSummary:
    given = (label for rep_id in reps for label in labels.get(rep_id, ()))
    return ClipSummary(clip, len(reps), len(answered_reps(clip, given, catalog)))


def answered_reps(clip: Clip, labels: Iterable[Label], catalog: Catalog) -> set[RepId]:
    """The reps for which some rater has answered every fault that is asked."""
    asked = {fault.id for fault in asked_faults(clip, catalog)}
    given: dict[tuple[RepId, str], set[str]] = {}
    for label in labels:
        given.setdefault((label.rep_id, label.rater), set()).add(label.fault)
    return {rep_id for (rep_id, _), faults in given.items() if asked <= faults}


def clip_row(dataset: Dataset, clip: Clip) -> dict[str, Any]:
    """One clip as a row."""
    return summary(dataset, clip).as_row()


def phase_names(clip: Clip) -> tuple[str, str]:
    """What the ways before and after the turn of a clip's repetitions are called."""
    movement = load_catalog().movements.get(clip.tags.movement or "")  # it may have been retired
    return PHASES[RepKind.CYCLIC] if movement is None else movement.phases


def rep_row(record: RepRecord) -> dict[str, Any]:
    """One repetition as a row: half-open frames, and the same in seconds."""
    rep = record.rep
    return {
        "rep": record.rep_id,
        "index": record.index,
        "start_frame": rep.start_frame,
        "turn_frame": rep.turn_frame,
        "stop_frame": rep.stop_frame,
        "start_s": rep.start_s,
        "turn_s": rep.turn_s,
        "stop_s": rep.stop_s,
        "quality": rep.quality,
        "reasons": list(rep.reasons),
        "cut_by": record.cut_by,
    }


def rep_rows(dataset: Dataset, clip: Clip) -> list[dict[str, Any]]:
    """The repetitions in force of a clip as rows; turns from side to side have a direction.

    It is ``left`` or ``right`` as seen from the athlete; None where that cannot be told.
    """
    records = dataset.journal.reps(clip.clip_id)
    movement = movement_of(clip.tags)
    is_turning = movement is not None and movement.rep_kind is RepKind.ALTERNATING
    if not is_turning or not dataset.tracks.path(clip.clip_id).is_file():
        return [{**rep_row(record), "is_synthetic": clip.is_synthetic} for record in records]
    from labeler.reps.direction import turn_direction  # brings SciPy

    signals = signals_of(dataset, clip)
    return [
        {
            **rep_row(record),
            "is_synthetic": clip.is_synthetic,
            "direction": turn_direction(signals, record.rep),
        }
        for record in records
    ]


def rejected_rows(dataset: Dataset, clip: Clip) -> list[dict[str, Any]]:
    """What was looked at in a clip and turned down, as rows with the reason in words.

    The machine's search is made anew; what people have cut by hand does not enter it.
    """
    from labeler.reps.segment import find_reps  # brings SciPy

    search = find_reps(signals_of(dataset, clip), movement_of(clip.tags))
    return [
        rejected_row(one) for one in sorted(search.rejected, key=lambda one: one.rep.start_frame)
    ]


def rejected_row(one: "Rejected") -> dict[str, Any]:
    """One candidate that was turned down, as a row: half-open frames, seconds, and why."""
    return {
        "start_frame": one.rep.start_frame,
        "turn_frame": one.rep.turn_frame,
        "stop_frame": one.rep.stop_frame,
        "start_s": one.rep.start_s,
        "turn_s": one.rep.turn_s,
        "stop_s": one.rep.stop_s,
        "reason": one.reason,
    }


def uncounted(
    rejected: Iterable[Mapping[str, Any]], records: Sequence[RepRecord]
) -> list[Mapping[str, Any]]:
    """Those of `rejected_rows` that share no frame with a repetition in force."""
    return [
        row
        for row in rejected
        if all(
            record.rep.stop_frame <= row["start_frame"]
            or row["stop_frame"] <= record.rep.start_frame
            for record in records
        )
    ]


def label_row(label: Label) -> dict[str, Any]:
    """One answer in force as a row."""
    return {
        "rep": label.rep_id,
        "fault": label.fault,
        "answer": label.answer,
        "rater": label.rater,
        "at_utc": label.at_utc,
        "confidence": label.confidence,
        "note": label.note,
        "moment_s": label.moment_s,
    }
