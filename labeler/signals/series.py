"""Signals: one number per frame, by name, each name ending in its unit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import FrameTimes, View
from labeler.core.errors import ShapeError
from labeler.core.finding import Finding
from labeler.signals.steps import Step
from labeler.signals.view import ViewEstimate


@dataclass(frozen=True, slots=True, eq=False)
class ClipSignals:
    """The signals of one clip; NaN where the body was not seen, or the view cannot show it.

    Parameters
    ----------
    times : FrameTimes
        When each frame is shown.
    values : Mapping[str, FloatArray]
        By name (see `labeler.signals.registry.SIGNALS`), each of shape (n_frames,).
    visibility : FloatArray
        Shape (n_frames,), 0 to 1: mean over the body points in use; NaN where nobody was found.
    is_interpolated : BoolArray
        Shape (n_frames,): at least one body point in use was filled in; where turns are told, a
        shoulder or hip in space counts too.
    facing : int
        +1 when the athlete faces the right edge of the picture, -1 for the left.
    view : View | None
        Where the camera stood, as told.
    findings : tuple[Finding, ...]
        What a person should know about these signals.
    noise : Mapping[str, float]
        By name: standard error of one value, in the signal's unit, from what the filter took
        away; NaN where it is not known.
    view_estimate : ViewEstimate | None
        Where the camera seems to stand; None where the athlete never stands.
    cleaning : tuple[Step, ...]
        What cleaning did, step by step in order, and to how many points.
    made_by : Mapping[str, str]
        What produced them, step by step.
    """

    times: FrameTimes
    values: Mapping[str, FloatArray]
    visibility: FloatArray
    is_interpolated: BoolArray
    facing: int
    view: View | None = None
    findings: tuple[Finding, ...] = ()
    noise: Mapping[str, float] = field(default_factory=dict)
    view_estimate: ViewEstimate | None = None
    cleaning: tuple[Step, ...] = ()
    made_by: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        expected = (self.times.n_frames,)
        for name, array in self._arrays():
            if array.shape != expected:
                raise ShapeError(name, expected, array.shape)

    def __getitem__(self, name: str) -> FloatArray:
        """The signal of that name, shape (n_frames,)."""
        return self.values[name]

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return self.times.n_frames

    def _arrays(self) -> Iterator[tuple[str, FloatArray | BoolArray]]:
        yield from self.values.items()
        yield "visibility", self.visibility
        yield "is_interpolated", self.is_interpolated
