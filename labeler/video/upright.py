"""From decoded frames to upright pictures with square pixels, scaled, in two formats."""

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import av
from av.filter import Graph
from av.filter.context import FilterContext

from labeler.video.probe import VideoFacts

_TURNS: dict[int, tuple[tuple[str, str], ...]] = {
    0: (),
    90: (("transpose", "clock"),),
    180: (("hflip", ""), ("vflip", "")),
    270: (("transpose", "cclock"),),
}


class Size(NamedTuple):
    """Width and height in pixels."""

    width_px: int
    height_px: int


def fitted(facts: VideoFacts, short_side_px: int) -> Size:
    """The upright size with its short side at most `short_side_px`; even, never enlarged."""
    scale = min(1.0, short_side_px / facts.short_side_px)
    return Size(_even(facts.width_px * scale), _even(facts.height_px * scale))


class UprightPictures:
    """A filter graph: stored frame in, the same upright picture out as yuv420p and as RGB.

    The graph is rebuilt when the stored frames change their size, format or colours on the way.
    """

    def __init__(self, rotation_deg: int, size: Size) -> None:
        self._rotation_deg = rotation_deg
        self._size = size
        self._key = ""
        self._graph: _Graph | None = None

    def __call__(self, frame: av.VideoFrame) -> tuple[av.VideoFrame, av.VideoFrame]:
        """The upright picture (yuv420p) and its RGB copy."""
        key = _source_of(frame)
        if self._graph is None or key != self._key:
            self._graph, self._key = _Graph(frame, self._rotation_deg, self._size), key
        return self._graph.run(frame)


class _Graph:
    def __init__(self, frame: av.VideoFrame, rotation_deg: int, size: Size) -> None:
        graph = Graph()
        graph.threads = 1  # the caller keeps the cores busy
        source = graph.add("buffer", _source_of(frame))
        split = graph.add("split", "2")
        picture, rgb = graph.add("buffersink"), graph.add("buffersink")
        # scaled before it is turned: fewer pixels to move
        width_px, height_px = size if rotation_deg % 180 == 0 else reversed(size)
        shrink = graph.add("scale", f"{width_px}:{height_px}:flags=bilinear:out_range=tv")
        turns = [graph.add(name, args or None) for name, args in _TURNS[rotation_deg]]
        square = graph.add("setsar", "1")
        _link(source, shrink, graph.add("format", "yuv420p"), *turns, square, split)
        split.link_to(picture, 0)
        convert = graph.add("format", "rgb24")
        split.link_to(convert, 1)
        convert.link_to(rgb)
        graph.configure()
        self._graph, self._source, self._picture, self._rgb = graph, source, picture, rgb

    def run(self, frame: av.VideoFrame) -> tuple[av.VideoFrame, av.VideoFrame]:
        self._source.push(frame)
        return _pulled(self._picture), _pulled(self._rgb)


def _source_of(frame: av.VideoFrame) -> str:
    """What the graph must know of the stored frames, as options of FFmpeg's ``buffer``."""
    options = {
        "video_size": f"{frame.width}x{frame.height}",
        "pix_fmt": frame.format.name,
        "time_base": frame.time_base or Fraction(1, 1),
        "colorspace": frame.colorspace,
        "range": frame.color_range,
    }
    return ":".join(f"{name}={value}" for name, value in options.items())


def _link(*chain: FilterContext) -> None:
    for before, after in pairwise(chain):
        before.link_to(after)


def _pulled(sink: FilterContext) -> av.VideoFrame:
    frame = sink.pull()
    if not isinstance(frame, av.VideoFrame):
        raise TypeError(f"filter graph: expected a picture, got {type(frame).__name__}")
    return frame


def _even(length_px: float) -> int:
    """The nearest even number: half-resolution colour needs pairs of pixels."""
    return max(2, round(length_px / 2) * 2)
