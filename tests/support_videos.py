"""Small videos made on the spot, each with one property that readers get wrong.

Every frame is a flat grey that grows with its number, so that order can be read off the pixels;
its top left quarter is red, so that a turn can be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer

TIME_BASE = Fraction(1, 90_000)
SOUND_RATE_HZ = 44_100
GREY_FIRST, GREY_STEP, N_GREYS = 40, 12, 18
"""Frame k has the grey level ``GREY_FIRST + (k % N_GREYS) * GREY_STEP``."""


@dataclass(frozen=True)
class Recipe:
    """What a clip is like; `times_s` wins over `n_frames` and `fps`."""

    n_frames: int = 15
    fps: int = 30
    times_s: Sequence[Fraction] | None = None
    size: tuple[int, int] = (96, 64)
    rotation_deg: int = 0
    b_frames: int = 0
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    aspect: Fraction | None = None
    colorspace: int | None = None
    sound_s: float = 0.0

    @property
    def seconds(self) -> list[Fraction]:
        """When each frame is shown."""
        even = [Fraction(k, self.fps) for k in range(self.n_frames)]
        return even if self.times_s is None else list(self.times_s)


def make_clip(path: Path, recipe: Recipe = Recipe(), **options: str) -> Path:
    """Write a clip; `options` go to the container, as in ``movflags="+faststart"``."""
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(recipe.codec, rate=recipe.fps)
        stream.width, stream.height = recipe.size
        stream.pix_fmt = recipe.pix_fmt
        stream.time_base = stream.codec_context.time_base = TIME_BASE
        stream.codec_context.max_b_frames = recipe.b_frames
        if recipe.aspect is not None:
            stream.codec_context.sample_aspect_ratio = recipe.aspect
        if recipe.colorspace is not None:
            stream.codec_context.colorspace = recipe.colorspace
        if recipe.rotation_deg:
            stream.set_display_rotation(recipe.rotation_deg)
        sound = container.add_stream("aac", rate=SOUND_RATE_HZ) if recipe.sound_s else None
        for number, at_s in enumerate(recipe.seconds):
            frame = av.VideoFrame.from_ndarray(picture(number, recipe.size), format="rgb24")
            frame.pts, frame.time_base = round(at_s / TIME_BASE), TIME_BASE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            _add_silence(container, sound, recipe.sound_s)
    return path


def picture(number: int, size: tuple[int, int]) -> np.ndarray:
    """Frame `number` as RGB, shape (height, width, 3)."""
    width, height = size
    grey = np.full((height, width, 3), GREY_FIRST + number % N_GREYS * GREY_STEP, dtype=np.uint8)
    grey[: height // 2, : width // 2] = (200, 20, 20)
    return grey


def number_of(rgb: np.ndarray) -> int:
    """Which of `N_GREYS` frames this is, read off its grey part (its largest blue quarter)."""
    blue = rgb[..., 2].astype(float)
    half_h, half_w = blue.shape[0] // 2, blue.shape[1] // 2
    quarters = [
        blue[rows, columns].mean()
        for rows in (slice(None, half_h), slice(half_h, None))
        for columns in (slice(None, half_w), slice(half_w, None))
    ]
    return round((max(quarters) - GREY_FIRST) / GREY_STEP)


def red_corner(rgb: np.ndarray) -> tuple[str, str]:
    """Where the red quarter is: ``("top" | "bottom", "left" | "right")``."""
    redness = rgb[..., 0].astype(float) - rgb[..., 1]
    rows, columns = redness.mean(axis=1), redness.mean(axis=0)
    is_top = rows[: len(rows) // 2].mean() > rows[len(rows) // 2 :].mean()
    is_left = columns[: len(columns) // 2].mean() > columns[len(columns) // 2 :].mean()
    return ("top" if is_top else "bottom"), ("left" if is_left else "right")


def make_sound_only(path: Path) -> Path:
    """An MP4 with a second of silence and no picture."""
    with av.open(str(path), "w") as container:
        _add_silence(container, container.add_stream("aac", rate=SOUND_RATE_HZ), 1.0)
    return path


def _add_silence(container: OutputContainer, stream: AudioStream, duration_s: float) -> None:
    frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), dtype=np.float32), format="fltp")
    frame.sample_rate = SOUND_RATE_HZ
    for number in range(round(duration_s * SOUND_RATE_HZ / frame.samples)):
        frame.pts = number * frame.samples
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def cut_off(path: Path, kept_ratio: float, to: Path) -> Path:
    """The first part of a file's bytes, as an interrupted copy leaves it."""
    content = path.read_bytes()
    to.write_bytes(content[: int(len(content) * kept_ratio)])
    return to


def damage_packet(path: Path, number: int) -> Path:
    """Overwrite one packet of a video with zeros, in place."""
    with av.open(str(path)) as container:
        packets = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    at, size = packets[number]
    content = bytearray(path.read_bytes())
    content[at : at + size] = bytes(size)
    path.write_bytes(content)
    return path
