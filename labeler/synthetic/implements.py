"""What is held or sat on: barbell, kettlebell, dowel, med-ball, band, bench."""

from collections.abc import Callable

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.synthetic.body import Figure
from labeler.synthetic.flesh_head import rod
from labeler.synthetic.parts import Part, ball, grid_part, together
from labeler.synthetic.raster.materials import Stuff
from labeler.synthetic.rings import Rings, frame, one_ring

GRIPPED = frozenset({"bar", "kettlebell", "dowel", "band"})
"""What hands close around."""

BAR_RADIUS_M, SLEEVE_RADIUS_M = 0.014, 0.025
SLEEVE_FROM_M = 0.66
"""From the middle of the bar to where its sleeves and plates begin."""
PLATES = ((0.085, 0.030, Stuff.WEIGHT), (0.085, 0.022, Stuff.RUBBER))
"""Radius, thickness and stuff of the plates on each side, from the inside: so small that they leave
hips and thighs in sight from the side."""
BLOCK_PLATES = ((0.105, 0.042, Stuff.WEIGHT), (0.105, 0.030, Stuff.RUBBER))
"""Of a bar that is pulled from near the floor: it lies on blocks. Full plates would be as high, but
seen from the side they hide the shins below and the hips above."""
LYING_M = 0.26
"""A bar that begins below this lies on its blocks."""
BLOCK_HALF_M = (0.10, 0.17)
"""Of a block along and across the bar."""
DOWEL_RADIUS_M, BAND_RADIUS_M = 0.014, 0.008
BALL_RADIUS_M, BELL_RADIUS_M = 0.135, 0.092
BENCH_HALF_M, BENCH_THICK_M = (0.19, 0.20), 0.07
_N_ROUND = 20

Made = tuple[Part, Callable[[Figure], Rings], tuple[tuple[int, float], ...]]


def implement_pieces(figure: Figure) -> list[Made]:
    """Part, rings and shading balls of what is held, and of the bench."""
    made: list[Made] = []
    kind = figure.implement.kind
    if kind == "bar":
        half_m, is_lying = 0.5 * _length_m(figure), _is_lying(figure)
        plates = BLOCK_PLATES if is_lying else PLATES
        made.append((_barbell(half_m, plates), _across, ()))
        if is_lying:
            made.append(_blocks(figure))
    elif kind == "dowel":
        made.append((_stick(_length_m(figure), DOWEL_RADIUS_M, Stuff.WOOD), _lengthwise, ()))
    elif kind == "band":
        made.append((_two_ended(BAND_RADIUS_M), _from_end_to_end, ()))
    elif kind == "kettlebell":
        made.append((_bell(_length_m(figure)), _lengthwise, ()))
    elif kind == "ball":
        part = ball(np.zeros(3), np.full(3, BALL_RADIUS_M), Stuff.LEATHER, n_sides=24, n_rows=14)
        made.append((part, _upright, ((0, BALL_RADIUS_M),)))
    if figure.seat_m is not None:
        made.append((_bench(float(figure.seat_m[1])), _seat, ()))
    return made


def _length_m(figure: Figure) -> float:
    ends = figure.implement.ends_m
    return float(np.median(np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)))


def _disc(radius_m: float, thick_m: float, stuff: Stuff) -> Part:
    """A plate across the x axis, its rim rounded, from x = 0 to its thickness."""
    edge = 0.12 * thick_m
    x = np.array([0.0, 0.0, 0.0, edge, thick_m - edge, thick_m, thick_m, thick_m])
    radius = radius_m * np.array([0.0, 0.62, 0.95, 1.0, 1.0, 0.95, 0.62, 0.0])
    x[[1, 6]] += np.array([1.0, -1.0]) * 0.25 * thick_m  # hollow between hub and rim
    angle = -2.0 * np.pi * np.arange(_N_ROUND + 8) / (_N_ROUND + 8)
    points = np.zeros((len(x), len(angle), 3))
    points[..., 0] = x[:, None]
    points[..., 1] = radius[:, None] * np.sin(angle)
    points[..., 2] = radius[:, None] * np.cos(angle)
    return grid_part(points, stuff)


def _rigid(pieces: list[Part]) -> Part:
    part = together(pieces)
    one = np.zeros_like(part.ring)
    return Part(part.local_m, one, part.faces, part.stuff, part.texture, 1)


def _straight(start: FloatArray, stop: FloatArray, radius_m: float, stuff: Stuff) -> Part:
    way = start + (stop - start) * np.linspace(0.0, 1.0, 4)[:, None]
    return rod(way, np.full(4, radius_m), stuff, n_sides=10)


def _is_lying(figure: Figure) -> bool:
    return float(figure.implement.ends_m[0, 0, 1]) < LYING_M


def _blocks(figure: Figure) -> Made:
    """What the bar lies on before it is lifted; they stay where they are."""
    middle_m = figure.implement.ends_m[0].mean(axis=0)
    high_m = float(middle_m[1]) - BLOCK_PLATES[0][0]
    at_m = SLEEVE_FROM_M + 0.015 + BLOCK_PLATES[0][1]
    pieces = []
    for sign in (1.0, -1.0):
        slab = _slab(BLOCK_HALF_M, (-high_m, 0.0), Stuff.WOOD)
        local = slab.local_m + np.array([sign * at_m, 0.0, 0.0])
        pieces.append(Part(local, slab.ring, slab.faces, slab.stuff, slab.texture, 1))
    place = np.array([middle_m[0], high_m, middle_m[2]])

    def stay(figure: Figure) -> Rings:
        n_times = len(figure.landmarks_m)
        origin = np.broadcast_to(place, (n_times, 3))
        return one_ring(origin, np.broadcast_to(np.eye(3), (n_times, 3, 3)))

    return _rigid(pieces), stay, ()


def _barbell(half_m: float, plates: tuple[tuple[float, float, Stuff], ...]) -> Part:
    """A bar along x with its middle at the origin."""
    axis = np.array([1.0, 0.0, 0.0])
    pieces = [_straight(-SLEEVE_FROM_M * axis, SLEEVE_FROM_M * axis, BAR_RADIUS_M, Stuff.METAL)]
    for sign in (1.0, -1.0):
        start, stop = sign * SLEEVE_FROM_M * axis, sign * half_m * axis
        pieces.append(_straight(start, stop, SLEEVE_RADIUS_M, Stuff.METAL))
        at_m = SLEEVE_FROM_M + 0.015
        for radius_m, thick_m, stuff in plates:
            disc = _disc(radius_m, thick_m, stuff)
            local = (disc.local_m + np.array([at_m, 0.0, 0.0])) * np.array([sign, 1.0, 1.0])
            faces = disc.faces if sign > 0 else disc.faces[:, ::-1]
            pieces.append(Part(local, disc.ring, faces, disc.stuff, disc.texture, 1))
            at_m += thick_m + 0.004
    return _rigid(pieces)


def _stick(length_m: float, radius_m: float, stuff: Stuff) -> Part:
    return _straight(np.zeros(3), np.array([0.0, -length_m, 0.0]), radius_m, stuff)


def _two_ended(radius_m: float) -> Part:
    """A rod between two rings, however far they are apart."""
    angle = -2.0 * np.pi * np.arange(8) / 8
    rim = np.stack([np.sin(angle), np.zeros(8), np.cos(angle)], axis=1) * radius_m
    part = grid_part(np.stack([rim, rim]), Stuff.BAND)
    return Part(part.local_m, np.repeat([0, 1], 8), part.faces, part.stuff, part.texture, 2)


def _bell(length_m: float) -> Part:
    """A kettlebell: the handle's middle at the origin, the bell's along -y."""
    bell = ball(
        np.array([0.0, -length_m, 0.0]),
        np.array([1.0, 0.96, 1.0]) * BELL_RADIUS_M,
        Stuff.WEIGHT,
        n_sides=24,
        n_rows=14,
    )
    turn = np.linspace(-0.22, 1.22, 15) * np.pi
    way = np.stack([0.062 * np.cos(turn), -0.050 + 0.050 * np.sin(turn), np.zeros(15)], axis=1)
    feet = np.array([[0.058, 0.0, 0.0], [-0.058, 0.0, 0.0]])
    feet[:, 1] = -length_m + 0.055
    way = np.concatenate([feet[:1], way, feet[1:]])
    return _rigid([bell, rod(way, np.full(17, 0.0165), Stuff.WEIGHT)])


def _slab(half_m: tuple[float, float], heights_m: tuple[float, float], stuff: Stuff) -> Part:
    """A box with round corners about the origin, along x and z, between two heights."""
    low_m, high_m = heights_m
    angle = 2.0 * np.pi * np.arange(16) / 16
    side = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.25 * half_m[0]
    ahead = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.25 * half_m[1]
    heights = np.array([low_m, low_m, high_m - 0.01, high_m, high_m])
    sizes = np.array([0.0, 1.0, 1.0, 0.97, 0.0])
    points = np.zeros((5, 16, 3))
    points[..., 0], points[..., 2] = sizes[:, None] * side, sizes[:, None] * ahead
    points[..., 1] = heights[:, None]
    return grid_part(points, stuff)


def _bench(top_m: float) -> Part:
    """A padded bench whose top's middle is at the origin, on four legs."""
    wide, deep = BENCH_HALF_M
    pieces = [_slab(BENCH_HALF_M, (-BENCH_THICK_M, 0.0), Stuff.RUBBER)]
    for x in (-0.8 * wide, 0.8 * wide):
        for z in (-0.8 * deep, 0.8 * deep):
            foot = np.array([x, -top_m, z])
            pieces.append(_straight(foot, np.array([x, -BENCH_THICK_M, z]), 0.016, Stuff.METAL))
    return _rigid(pieces)


def _across(figure: Figure) -> Rings:
    """In the middle, x along the bar, y up."""
    ends = figure.implement.ends_m
    left = ends[:, 0] - ends[:, 1]
    up = np.broadcast_to([0.0, 1.0, 0.0], left.shape)
    z_axis = np.cross(left, up)
    axes = frame(np.cross(z_axis, left).astype(np.float64), left)
    return one_ring(ends.mean(axis=1), axes)


def _lengthwise(figure: Figure) -> Rings:
    """At the first end, -y towards the second."""
    ends = figure.implement.ends_m
    hint = np.broadcast_to([1.0, 0.0, 0.0], ends[:, 0].shape)
    return one_ring(ends[:, 0], frame(ends[:, 0] - ends[:, 1], hint))


def _from_end_to_end(figure: Figure) -> Rings:
    ends = figure.implement.ends_m
    hint = np.broadcast_to([0.0, 0.0, 1.0], ends[:, 0].shape)
    axes = frame(ends[:, 0] - ends[:, 1], hint)
    return Rings(ends, np.stack([axes, axes], axis=1))


def _upright(figure: Figure) -> Rings:
    """At the first end, with the axes of the chest."""
    return one_ring(figure.implement.ends_m[:, 0], figure.segments["thorax_upper"].axes)


def _seat(figure: Figure) -> Rings:
    n_times = len(figure.landmarks_m)
    seat = np.broadcast_to(np.asarray(figure.seat_m), (n_times, 3))
    return one_ring(seat, np.broadcast_to(np.eye(3), (n_times, 3, 3)))
