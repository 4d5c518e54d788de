"""Signals: one number per frame, by name, each name ending in its unit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import FrameTimes, View
from labeler.core.errors import ShapeError
from labeler.core.finding import Finding

SIGNALS_VERSION = 1
"""Raised whenever the same pose track would give other numbers."""

SIGNALS: Mapping[str, str] = {
    "trunk_incl_deg": "lean of the hip to shoulder line; 0 upright, + forward",
    "thigh_incl_deg": "swing of the thigh; 0 hanging straight down, + knee in front of the hip",
    "shank_incl_deg": "lean of the ankle to knee line; 0 upright, + forward",
    "hip_angle_deg": "angle of shoulder, hip and knee; 180 straight",
    "knee_angle_deg": "angle of hip, knee and ankle; 180 straight",
    "pelvis_x_legs": "hip before (+) or behind (-) the ankle, in leg lengths",
    "hip_height_legs": "hip above the ankle, in leg lengths; to cut reps, never for sequencing",
    "shoulder_height_legs": "shoulder above the ankle, in leg lengths",
    "trunk_length_ratio": "hip to shoulder distance over its length when standing",
    "neck_angle_deg": "shoulder to ear line against the trunk line; + is looking up",
    "lean_minus_shank_deg": "lean of the trunk beyond that of the shank",
    "lateral_bend_deg": "lean of the trunk to the athlete's left; front and rear views only",
}
"""Every signal and what it says. Definitions are given beside the code that computes them."""


@dataclass(frozen=True, slots=True, eq=False)
class ClipSignals:
    """The signals of one clip; NaN where the body was not seen, or the view cannot show it.

    Parameters
    ----------
    times : FrameTimes
        When each frame is shown.
    values : Mapping[str, FloatArray]
        By name (see `SIGNALS`), each of shape (n_frames,).
    visibility : FloatArray
        Shape (n_frames,), 0 to 1: mean over the body points in use; NaN where nobody was found.
    is_interpolated : BoolArray
        Shape (n_frames,): at least one body point in use was filled in.
    facing : int
        +1 when the athlete faces the right edge of the picture, -1 for the left.
    view : View | None
        Where the camera stood, as told.
    findings : tuple[Finding, ...]
        What a person should know about these signals.
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
