"""A made-up athlete's body: skin and clothes over the bones of a `Figure`, ring by ring."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import AnyArray, FloatArray
from labeler.core.landmarks import Landmark
from labeler.synthetic.athlete import Athlete
from labeler.synthetic.body import Figure
from labeler.synthetic.flesh_ends import foot_part, hand_part
from labeler.synthetic.flesh_head import head_part
from labeler.synthetic.flesh_shapes import (
    ARM_AT,
    ARM_ROWS,
    LEG_AT,
    LEG_ROWS,
    N_LIMB_SIDES,
    N_TRUNK_SIDES,
    REFERENCE_HEIGHT_M,
    TRUNK_AT,
    limb_profile,
    trunk_outlines,
    trunk_points,
    trunk_profile,
)
from labeler.synthetic.implements import GRIPPED, implement_pieces
from labeler.synthetic.looks import Bottom, Looks, Shape, Top
from labeler.synthetic.parts import Part, Profile, inside_out, outline, solid_of, together, tube
from labeler.synthetic.raster.geometry import Solid
from labeler.synthetic.raster.materials import Stuff
from labeler.synthetic.rings import Chain, Rings, along, joined, on_curve, one_ring
from labeler.synthetic.trunk import SIDES

COLLAR_AT = 1.20
"""Up to here a top covers the neck's root."""
WAIST_AT, HEM_AT = 0.14, -0.09
"""Where trousers end, and where a loose top does."""
ARMHOLE_AT, ARMHOLE_RATIO = 0.84, 0.68
"""Above here a tank top leaves the shoulders free beyond this share of the half-width."""
NECKLINE_AT, NECKLINE_RATIO = (1.02, 1.14), 0.42
"""Before and behind, above here its neck is free within that share; its straps lie between."""
STRAPS_TO_AT = 1.31
"""Where the straps meet on top of the shoulders."""
_CUTS: dict[Top, tuple[float, float, float]] = {
    Top.TANK: (0.0, 0.0, 0.0),
    Top.TIGHT_TEE: (0.42, 0.005, 0.002),
    Top.TEE: (0.55, 0.008, 0.014),
    Top.LONG: (1.95, 0.007, 0.004),
}
"""How far down the arm sleeves go, how thick they lie, and how much further they stand off."""
_LEGS: dict[Bottom, tuple[float, float, float]] = {
    Bottom.SHORTS: (0.72, 0.010, 0.026),
    Bottom.SHORT_TIGHTS: (0.55, 0.004, 0.0),
    Bottom.LEGGINGS: (0.0, 0.0, 0.0),
    Bottom.JOGGERS: (1.93, 0.011, 0.006),
}
_TOP_GROWS_M = {Top.TANK: 0.005, Top.TIGHT_TEE: 0.004, Top.TEE: 0.013, Top.LONG: 0.009}

RingsOf = Callable[[Figure], Rings]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A part and where its rings are; `balls` are (ring, radius_m) that shade other pieces."""

    part: Part
    rings_of: RingsOf
    balls: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Flesh:
    """The whole body as one mesh.

    Parameters
    ----------
    solid : Solid
        Its points, on rings.
    pieces : tuple[Piece, ...]
        What it is made of, in the order of its rings.
    piece_of : FloatArray
        Shape (n_points,): the number of each point's piece.
    ball_rings : AnyArray
        Shape (n_balls,): rings in the middle of what shades the other pieces.
    ball_sizes : FloatArray
        Shape (n_balls, 2): radius in metres, number of the piece.
    n_body_faces : int
        Triangles of the athlete; those that follow are what is held or sat on.
    """

    solid: Solid
    pieces: tuple[Piece, ...]
    piece_of: FloatArray
    ball_rings: AnyArray
    ball_sizes: FloatArray
    n_body_faces: int

    def rings_of(self, figure: Figure) -> Rings:
        """Rings at all times of the figure."""
        return joined([piece.rings_of(figure) for piece in self.pieces])


def build_flesh(athlete: Athlete, looks: Looks, figure: Figure) -> Flesh:
    """Dress the athlete; of `figure` only what is held and sat on is read."""
    scale = athlete.height_m / REFERENCE_HEIGHT_M
    body = [
        _trunk(athlete, looks, scale),
        Piece(head_part(looks.dress.hair, scale), _rigid("head"), ((0, 0.085 * scale),)),
    ]
    is_fist = figure.implement.kind in GRIPPED
    for side, _sign in SIDES:
        body += _arm(athlete, looks, side, is_fist=is_fist) + _leg(athlete, looks, side)
    held = [Piece(part, rings_of, balls) for part, rings_of, balls in implement_pieces(figure)]
    return _assembled(body, held)


def _assembled(body: list[Piece], held: list[Piece]) -> Flesh:
    pieces = body + held
    first = np.cumsum([0] + [piece.part.n_rings for piece in pieces])
    sizes = [len(piece.part.local_m) for piece in pieces]
    balls = [
        (first[number] + ring, radius_m, number)
        for number, piece in enumerate(pieces)
        for ring, radius_m in piece.balls
    ]
    table = np.asarray(balls, dtype=np.float64).reshape(-1, 3)
    return Flesh(
        solid=solid_of(together([piece.part for piece in pieces])),
        pieces=tuple(pieces),
        piece_of=np.repeat(np.arange(len(pieces)), sizes).astype(np.float64),
        ball_rings=table[:, 0].astype(np.int64),
        ball_sizes=np.ascontiguousarray(table[:, 1:]),
        n_body_faces=sum(len(piece.part.faces) for piece in body),
    )


def _girth(athlete: Athlete, looks: Looks) -> Shape:
    """The looks' shape with the athlete's own build."""
    shape = looks.shape
    return Shape(
        shape.girth * athlete.build,
        shape.muscle * (0.4 + 0.6 * athlete.build),
        shape.shoulders,
        shape.waist,
        shape.hips,
        shape.bust_m,
        shape.belly_m,
    )


def _trunk(athlete: Athlete, looks: Looks, scale: float) -> Piece:
    shape = _girth(athlete, looks)
    profile = trunk_profile(shape, scale)
    grows_m = _TOP_GROWS_M[looks.dress.top] * scale
    is_top = TRUNK_AT > HEM_AT if looks.dress.top in (Top.TEE, Top.LONG) else TRUNK_AT > WAIST_AT
    up_to = STRAPS_TO_AT if looks.dress.top is Top.TANK else COLLAR_AT
    is_clad = is_top & (up_to > TRUNK_AT)
    profile = profile.grown(np.where(is_clad, grows_m, np.where(TRUNK_AT < 0.2, 0.004, 0.0)))
    part = tube(
        trunk_outlines(profile, shape, scale), TRUNK_AT * athlete.lengths_m["trunk"], Stuff.TOP
    )
    stuff = _trunk_stuff(part, looks, is_top)
    part = Part(part.local_m, part.ring, part.faces, stuff, part.texture, part.n_rings)
    radii = np.minimum(profile.out_m, profile.front_m)
    balls = tuple((k, float(radii[k])) for k in (3, 7, 13, 19, 25, 29))
    return Piece(part, _trunk_rings, balls)


def _trunk_stuff(part: Part, looks: Looks, is_top: AnyArray) -> AnyArray:
    """What each triangle of the trunk is made of."""
    ring = part.ring[part.faces].min(axis=1)
    at, is_up = TRUNK_AT[ring], is_top[ring]
    stuff = np.where(is_up, int(Stuff.TOP), int(Stuff.BOTTOM))
    if looks.dress.top is not Top.TANK:
        return np.where(at >= COLLAR_AT - 0.03, int(Stuff.SKIN), stuff)
    column = np.arange(len(ring)) % N_TRUNK_SIDES  # both triangles of a square; caps are skin
    angle = 2.0 * np.pi * (column + 0.5) / N_TRUNK_SIDES
    out, is_front = np.abs(np.sin(angle)), np.cos(angle) > 0.0
    is_arm = (at > ARMHOLE_AT) & (out > ARMHOLE_RATIO)
    is_neck = (at > np.where(is_front, *NECKLINE_AT)) & (out < NECKLINE_RATIO)
    return np.where(is_arm | is_neck | (at > STRAPS_TO_AT), int(Stuff.SKIN), stuff)


def _trunk_rings(figure: Figure) -> Rings:
    """Along the spine's curve; what lies below the hips moves with the pelvis."""
    pelvis, upper = figure.segments["pelvis"], figure.segments["thorax_upper"]
    is_above = TRUNK_AT > 0.0
    trunk_m = np.linalg.norm(figure.spine_m[:, 1:17] - figure.spine_m[:, :16], axis=2).sum(axis=1)
    curve = on_curve(
        figure.spine_m,
        trunk_points(TRUNK_AT[is_above]),
        pelvis.axes[:, :, 0],
        upper.axes[:, :, 0],
    )
    down = (TRUNK_AT[~is_above][None, :] * trunk_m[:, None])[..., None]
    origin = pelvis.origin_m[:, None] + down * pelvis.axes[:, None, :, 1]
    axes = np.broadcast_to(pelvis.axes[:, None], (*origin.shape[:2], 3, 3))
    return Rings(
        np.concatenate([origin, curve.origin_m], axis=1),
        np.concatenate([axes, curve.axes], axis=1),
    )


def _rigid(name: str) -> RingsOf:
    def rings_of(figure: Figure) -> Rings:
        segment = figure.segments[name]
        return one_ring(segment.origin_m, segment.axes)

    return rings_of


def _limb_rings(names: tuple[str, str, str], bones: tuple[str, str], at: FloatArray) -> RingsOf:
    def rings_of(figure: Figure) -> Rings:
        start, middle, end = (figure.landmarks_m[:, Landmark[name]] for name in names)
        upper, lower = (figure.segments[bone].axes[:, :, 0] for bone in bones)
        return along(Chain(start, middle, end, upper, lower), at)

    return rings_of


def _sleeve(
    profile: Profile, cut: tuple[float, float, float], scale: float
) -> tuple[Profile, FloatArray]:
    """The outlines of a sleeve or trouser leg over a limb, and its stations.

    The last goes back to the limb: into a hem one sees cloth, not through it.
    """
    end, thick_m, flare_m = cut
    stations = np.concatenate([profile.y_m[profile.y_m < end - 0.01], [end]])
    share = np.clip((stations - stations[0]) / (end - stations[0]), 0.0, 1.0)
    begins = np.clip((stations + 0.05) / 0.25, 0.0, 1.0)  # cloth lies close at hip and shoulder
    off_m = np.append(thick_m * begins + flare_m * share**1.5, 0.0)
    stations = np.append(stations, end)
    return profile.between(stations).grown(off_m * scale), stations


def _arm(athlete: Athlete, looks: Looks, side: str, *, is_fist: bool) -> list[Piece]:
    sign = 1.0 if side == "left" else -1.0
    shape, scale = _girth(athlete, looks), athlete.height_m / REFERENCE_HEIGHT_M
    profile = limb_profile(ARM_ROWS, ARM_AT, scale * shape.muscle)
    names = (f"{side}_SHOULDER".upper(), f"{side}_ELBOW".upper(), f"{side}_WRIST".upper())
    bones = (f"{side}_upper_arm", f"{side}_forearm")
    length_m = athlete.lengths_m["upper_arm"]
    arm = inside_out(tube(outline(profile, N_LIMB_SIDES), ARM_AT * length_m, Stuff.SKIN))
    balls = tuple((k, 0.042 * scale) for k in (5, 11, 17, 24))
    pieces = [
        Piece(arm, _limb_rings(names, bones, ARM_AT), balls),
        Piece(hand_part(sign, scale, is_fist=is_fist), _rigid(f"{side}_hand")),
    ]
    cut = _CUTS[looks.dress.top]
    if cut[0] > 0.0:
        sleeve, at = _sleeve(profile, cut, scale)
        cloth = tube(outline(sleeve, N_LIMB_SIDES), at * length_m, Stuff.TOP, has_caps=False)
        pieces.append(Piece(inside_out(cloth), _limb_rings(names, bones, at)))
    return pieces


def _leg(athlete: Athlete, looks: Looks, side: str) -> list[Piece]:
    shape, scale = _girth(athlete, looks), athlete.height_m / REFERENCE_HEIGHT_M
    profile = limb_profile(LEG_ROWS, LEG_AT, scale * (0.5 * shape.girth + 0.5 * shape.muscle))
    names = (f"{side}_HIP".upper(), f"{side}_KNEE".upper(), f"{side}_ANKLE".upper())
    bones = (f"{side}_thigh", f"{side}_shank")
    length_m = athlete.lengths_m["thigh"]
    stuff = np.full(len(LEG_AT) - 1, int(Stuff.SKIN))
    if looks.dress.bottom is Bottom.LEGGINGS:
        stuff[LEG_AT[1:] < 1.92] = int(Stuff.BOTTOM)
    stuff[LEG_AT[1:] > 2.03 - looks.dress.sock_ratio] = int(Stuff.SOCK)
    leg = inside_out(tube(outline(profile, N_LIMB_SIDES), LEG_AT * length_m, stuff))
    balls = tuple((k, float(profile.out_m[k])) for k in (4, 10, 18, 26))
    pieces = [
        Piece(leg, _limb_rings(names, bones, LEG_AT), balls),
        Piece(foot_part(athlete, scale), _rigid(f"{side}_foot"), ((0, 0.04 * scale),)),
    ]
    cut = _LEGS[looks.dress.bottom]
    if cut[0] > 0.0:
        trouser, at = _sleeve(profile, cut, scale)
        cloth = tube(outline(trouser, N_LIMB_SIDES), at * length_m, Stuff.BOTTOM, has_caps=False)
        pieces.append(Piece(inside_out(cloth), _limb_rings(names, bones, at)))
    return pieces
