"""What an export holds, as domain objects: the same whatever format it is written in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from labeler.core.clip import Clip, ClipId
from labeler.core.label import Action, Decision, Label
from labeler.core.origin import Origin
from labeler.core.rep import RepRecord
from labeler.core.track import PoseTrack


class TracksOnDemand(Mapping[ClipId, PoseTrack]):
    """Tracks that are loaded one at a time when asked for: all at once may not fit in memory."""

    def __init__(self, ids: Iterable[ClipId], load: Callable[[ClipId], PoseTrack]) -> None:
        self._ids = dict.fromkeys(ids)
        self._load = load

    def __getitem__(self, clip_id: ClipId) -> PoseTrack:
        if clip_id not in self._ids:
            raise KeyError(clip_id)
        return self._load(clip_id)

    def __iter__(self) -> Iterator[ClipId]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


@dataclass(frozen=True, slots=True, eq=False)
class ExportTables:
    """A whole dataset without its videos.

    Parameters
    ----------
    clips : tuple[Clip, ...]
        Every clip. Where its video lies on this machine is not part of a dataset:
        `source_path` and `is_video_present` do not travel.
    tracks : Mapping[ClipId, PoseTrack]
        The pose and the frame times of each clip; see `TracksOnDemand`.
    actions : tuple[Action, ...]
        The whole journal, in order: what the dataset is restored from.
    reps : tuple[RepRecord, ...]
        The repetitions in force.
    labels : tuple[Label, ...]
        The answers in force for those repetitions; *not rated* has no entry.
    features : pd.DataFrame
        Indexed by rep id: facts about the clip, then features in registry order.
    features_version : str
        What computed them.
    rules : bytes | None
        The dataset's own limits of the rules, as its file has them; None where it has none.
    catalog : bytes | None
        The dataset's own faults, the same.
    repeats : tuple[Label, ...]
        The blind repeats in force: what a rater answered when a repetition came again.
    decisions : tuple[Decision, ...]
        How disputes were settled; the answers of the raters are in `labels` as before.
    """

    clips: tuple[Clip, ...]
    tracks: Mapping[ClipId, PoseTrack]
    actions: tuple[Action, ...]
    reps: tuple[RepRecord, ...]
    labels: tuple[Label, ...]
    features: pd.DataFrame
    features_version: str
    rules: bytes | None = None
    catalog: bytes | None = None
    repeats: tuple[Label, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def data_as_of(self) -> str | None:
        """When the newest action was made, ISO 8601; None for an empty journal."""
        return max((action.at_utc for action in self.actions), default=None)

    def clip_of(self) -> Mapping[ClipId, Clip]:
        """The clips by their id."""
        return {clip.clip_id: clip for clip in self.clips}

    @property
    def has_synthetic(self) -> bool:
        """Whether any clip shows a made-up athlete."""
        return any(clip.is_synthetic for clip in self.clips)

    def only(self, origin: Origin) -> "ExportTables":
        """The recorded or the made-up clips with what was said of them; the journal stays whole."""
        clips = tuple(clip for clip in self.clips if clip.origin is origin)
        ids = {clip.clip_id for clip in clips}
        reps = tuple(record for record in self.reps if record.clip_id in ids)
        of_clips = {record.rep_id for record in reps}
        return replace(
            self,
            clips=clips,
            reps=reps,
            labels=tuple(one for one in self.labels if one.rep_id in of_clips),
            repeats=tuple(one for one in self.repeats if one.rep_id in of_clips),
            decisions=tuple(one for one in self.decisions if one.rep_id in of_clips),
        )
