"""Clips whose frame number is burnt in as a pattern that a script in the browser can read.

Two rows of `N_BITS` blocks in the top left corner: the bits of the number, and below them the same
bits inverted, so that a misread shows as a block that equals its partner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from labeler.core.arrays import ByteImage

N_BITS = 12
BLOCK_RATIO = 1 / 16
"""Side of one block as a share of the picture's width: twelve blocks fill three quarters of it."""

TIME_BASE = Fraction(1, 90_000)


@dataclass(frozen=True, slots=True)
class ClipSpec:
    """What kind of clip to make.

    Parameters
    ----------
    is_vfr : bool
        Whether frame times wander, as a phone's do: 20 to 60 fps.
    n_b_frames : int
        Frames that the codec may store out of order.
    gop_frames : int
        Frames from one key frame to the next.
    start_s : float
        Time of the first frame in the container.
    """

    name: str
    n_frames: int = 240
    size_px: tuple[int, int] = (640, 360)
    fps: int = 30
    is_vfr: bool = False
    n_b_frames: int = 0
    gop_frames: int = 60
    start_s: float = 0.0


CLIPS = (
    ClipSpec("constant rate", gop_frames=30),
    ClipSpec("720p, B-frames, long GOP", size_px=(1280, 720), n_b_frames=3, gop_frames=250),
    ClipSpec("720p, variable rate", size_px=(1280, 720), is_vfr=True),
    ClipSpec("variable rate, B-frames, late start", is_vfr=True, n_b_frames=2, start_s=1.5),
    ClipSpec("240 fps, portrait", fps=240, size_px=(360, 640)),
)


def make_clip(path: Path, spec: ClipSpec) -> Path:
    """Write the clip as H.264 in MP4."""
    with av.open(str(path), "w") as container:
        options = {
            "preset": "veryfast",
            "crf": "16",
            "bf": str(spec.n_b_frames),
            "g": str(spec.gop_frames),
        }
        stream = container.add_stream("libx264", rate=spec.fps, options=options)
        stream.width, stream.height = spec.size_px
        stream.pix_fmt = "yuv420p"
        stream.time_base = stream.codec_context.time_base = TIME_BASE
        for number, pts in enumerate(ticks_of(spec)):
            frame = av.VideoFrame.from_ndarray(picture(number, spec.size_px), format="rgb24")
            frame.pts, frame.time_base = pts, TIME_BASE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def ticks_of(spec: ClipSpec) -> Iterator[int]:
    """Presentation times in `TIME_BASE`, one per frame."""
    rng = np.random.default_rng(7)
    tick = round(spec.start_s / TIME_BASE)
    for _ in range(spec.n_frames):
        yield tick
        fps = rng.uniform(20, 60) if spec.is_vfr else spec.fps
        tick += round(1 / (fps * TIME_BASE))


def picture(number: int, size_px: tuple[int, int]) -> ByteImage:
    """One frame: the pattern on a background that moves, so that frames differ everywhere."""
    width_px, height_px = size_px
    x, y = np.meshgrid(np.arange(width_px), np.arange(height_px))
    wave = 110 + 50 * np.sin((x + 7 * number) / 23) + 40 * np.cos((y - 3 * number) / 31)
    image = np.repeat(wave[..., np.newaxis], 3, axis=2).astype(np.uint8)
    side_px = int(width_px * BLOCK_RATIO)
    bits = (number >> np.arange(N_BITS)) & 1
    rows = np.array([bits, 1 - bits], dtype=np.uint8) * 255
    pattern = rows.repeat(side_px, axis=0).repeat(side_px, axis=1)
    image[: pattern.shape[0], : pattern.shape[1]] = pattern[..., np.newaxis]
    return image


READ_NUMBER = f"""
(video) => {{
  const side = Math.floor(video.videoWidth * {BLOCK_RATIO});
  const canvas = new OffscreenCanvas({N_BITS} * side, 2 * side);
  const pen = canvas.getContext("2d", {{ willReadFrequently: true }});
  pen.drawImage(video, 0, 0, video.videoWidth, video.videoHeight,
                0, 0, video.videoWidth, video.videoHeight);
  const level = (bit, row) =>
    pen.getImageData((bit + 0.5) * side, (row + 0.5) * side, 1, 1).data[1];
  let number = 0;
  for (let bit = 0; bit < {N_BITS}; bit++) {{
    const [upper, lower] = [level(bit, 0), level(bit, 1)];
    if (Math.abs(upper - lower) < 60) return -1;
    if (upper > lower) number |= 1 << bit;
  }}
  return number;
}}
"""
"""JavaScript: the number burnt into the frame that a video element shows, or -1 if unreadable."""
