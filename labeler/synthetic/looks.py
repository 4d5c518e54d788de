"""How a made-up athlete and the place look: nothing here moves a joint."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.synthetic.raster.materials import Pattern, Stuff, Style

Choice = TypeVar("Choice")

Rgb = tuple[float, float, float]
"""A colour as it is written: red, green, blue from 0 to 1, not linear."""


class Hair(StrEnum):
    """Styles of hair."""

    BALD = "bald"
    BUZZ = "buzz"
    SHORT = "short"
    CURLY = "curly"
    BUN = "bun"
    PONYTAIL = "ponytail"


class Top(StrEnum):
    """What is worn above."""

    TANK = "tank"
    TIGHT_TEE = "tight tee"
    TEE = "tee"
    LONG = "long sleeves"


class Bottom(StrEnum):
    """What is worn below."""

    SHORTS = "shorts"
    SHORT_TIGHTS = "short tights"
    LEGGINGS = "leggings"
    JOGGERS = "joggers"


class Room(StrEnum):
    """Where the camera stands."""

    GYM = "gym"
    GARAGE = "garage"
    LIVING_ROOM = "living room"
    PARK = "park"


SKIN_TONES: tuple[Rgb, ...] = (
    (0.95, 0.80, 0.71),
    (0.90, 0.72, 0.60),
    (0.82, 0.62, 0.48),
    (0.70, 0.50, 0.37),
    (0.55, 0.37, 0.27),
    (0.40, 0.26, 0.19),
)
HAIR_COLOURS: tuple[Rgb, ...] = (
    (0.13, 0.10, 0.09),
    (0.24, 0.16, 0.11),
    (0.36, 0.23, 0.14),
    (0.55, 0.40, 0.24),
    (0.75, 0.62, 0.42),
    (0.48, 0.22, 0.12),
    (0.58, 0.57, 0.56),
)
IRIS_COLOURS: tuple[Rgb, ...] = ((0.24, 0.15, 0.09), (0.30, 0.38, 0.45), (0.30, 0.34, 0.20))
TOP_COLOURS: tuple[Rgb, ...] = (
    (0.14, 0.30, 0.58),
    (0.72, 0.18, 0.20),
    (0.88, 0.88, 0.86),
    (0.16, 0.17, 0.19),
    (0.13, 0.47, 0.42),
    (0.90, 0.62, 0.18),
    (0.50, 0.32, 0.58),
    (0.55, 0.58, 0.62),
    (0.86, 0.45, 0.42),
    (0.36, 0.48, 0.26),
)
BOTTOM_COLOURS: tuple[Rgb, ...] = (
    (0.11, 0.11, 0.13),
    (0.17, 0.20, 0.32),
    (0.34, 0.35, 0.37),
    (0.24, 0.30, 0.26),
    (0.42, 0.22, 0.30),
    (0.12, 0.26, 0.36),
)
SHOE_COLOURS: tuple[Rgb, ...] = (
    (0.85, 0.85, 0.85),
    (0.15, 0.15, 0.17),
    (0.75, 0.22, 0.20),
    (0.20, 0.42, 0.66),
    (0.75, 0.78, 0.28),
)
WEIGHT_COLOURS: tuple[Rgb, ...] = (
    (0.11, 0.11, 0.12),
    (0.62, 0.14, 0.14),
    (0.14, 0.28, 0.55),
    (0.16, 0.42, 0.24),
    (0.80, 0.66, 0.16),
)
DARK: Rgb = (0.10, 0.10, 0.11)


@dataclass(frozen=True, slots=True)
class Shape:
    """Factors on an average body of the same height; 1 is average, 0 is none where so said.

    Parameters
    ----------
    girth, muscle : float
        Of trunk and limbs; of limbs and shoulders alone.
    shoulders, waist, hips : float
        Widths.
    bust_m, belly_m : float
        How far they stand out beyond the average; 0 is not at all.
    """

    girth: float = 1.0
    muscle: float = 1.0
    shoulders: float = 1.0
    waist: float = 1.0
    hips: float = 1.0
    bust_m: float = 0.0
    belly_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Dress:
    """Hair and clothes."""

    hair: Hair
    top: Top
    bottom: Bottom
    top_pattern: Pattern
    bottom_pattern: Pattern
    beard_ratio: float
    sock_ratio: float
    """Share of the shin that socks cover."""


@dataclass(frozen=True, slots=True)
class Colours:
    """One colour for each thing that can be chosen, as written."""

    skin: Rgb
    hair: Rgb
    iris: Rgb
    top: Rgb
    top_accent: Rgb
    bottom: Rgb
    bottom_accent: Rgb
    shoe: Rgb
    sock: Rgb
    weight: Rgb


@dataclass(frozen=True, slots=True)
class Filming:
    """The phone: where the light is, how long each frame is exposed, how much it rustles.

    Parameters
    ----------
    sun_side_deg : float
        Around the camera's own direction: 0 is behind the camera, + is from its left.
    sun_height_deg : float
        Above the horizon.
    warmth : float
        -1 is a cold lamp, 1 is an evening sun.
    exposure_s : float
        A frame's; what moves is blurred over it.
    brightness : float
        Factor on all light.
    noise : float
        Standard deviation of the grain, in steps of 255.
    """

    sun_side_deg: float
    sun_height_deg: float
    warmth: float
    exposure_s: float
    brightness: float
    noise: float


@dataclass(frozen=True, slots=True)
class Looks:
    """Everything that is seen but not measured."""

    seed: int
    shape: Shape
    dress: Dress
    colours: Colours
    room: Room
    filming: Filming


def draw_looks(seed: int, *, room: Room | None = None) -> Looks:
    """Looks drawn from the seed; the same seed looks the same in every process.

    Person and place are drawn apart, so that another `room` leaves the person as they are.
    """
    person = np.random.default_rng([seed, 0x100C])
    place = np.random.default_rng([seed, 0x9005])
    shape, is_curved = _draw_shape(person)
    dress = _draw_dress(person, is_curved=is_curved)
    colours = _draw_colours(person)
    chosen = list(Room)[int(place.integers(len(Room)))]
    return Looks(seed, shape, dress, colours, room or chosen, _draw_filming(place))


def linear(colour: Rgb) -> FloatArray:
    """Light of a written colour, shape (3,): the usual power of 2.2."""
    return np.asarray(colour, dtype=np.float64) ** 2.2


def style_of(looks: Looks) -> Style:
    """Colours as the renderer takes them."""
    chosen = looks.colours
    colour = np.zeros((len(Stuff), 3))
    accent = np.zeros((len(Stuff), 3))
    for stuff, first, second in _worn(chosen):
        colour[stuff], accent[stuff] = linear(first), linear(second)
    gloss = np.zeros(len(Stuff))
    for stuff, strength in _GLOSS.items():
        gloss[stuff] = strength
    pattern = np.zeros(len(Stuff), dtype=np.int64)
    pattern[Stuff.TOP], pattern[Stuff.BOTTOM] = looks.dress.top_pattern, looks.dress.bottom_pattern
    hairline_m = _HAIRLINE_M[looks.dress.hair]
    return Style(colour, accent, gloss, pattern, hairline_m, looks.dress.beard_ratio)


_GLOSS = {
    Stuff.SKIN: 0.05,
    Stuff.FACE: 0.05,
    Stuff.EAR: 0.04,
    Stuff.HAIR: 0.06,
    Stuff.SHOE: 0.10,
    Stuff.METAL: 0.9,
    Stuff.RUBBER: 0.12,
    Stuff.WEIGHT: 0.16,
    Stuff.WOOD: 0.12,
    Stuff.LEATHER: 0.08,
}
"""Strength of the highlight; cloth has none."""
_HAIRLINE_M = {
    Hair.BALD: 0.5,
    Hair.BUZZ: 0.080,
    Hair.SHORT: 0.074,
    Hair.CURLY: 0.070,
    Hair.BUN: 0.078,
    Hair.PONYTAIL: 0.078,
}


def _worn(chosen: Colours) -> tuple[tuple[Stuff, Rgb, Rgb], ...]:
    """First and second colour of every stuff."""
    return (
        (Stuff.SKIN, chosen.skin, chosen.skin),
        (Stuff.FACE, chosen.skin, chosen.iris),
        (Stuff.EAR, chosen.skin, chosen.skin),
        (Stuff.HAIR, chosen.hair, chosen.hair),
        (Stuff.TOP, chosen.top, chosen.top_accent),
        (Stuff.BOTTOM, chosen.bottom, chosen.bottom_accent),
        (Stuff.SHOE, chosen.shoe, chosen.shoe),
        (Stuff.SOLE, (0.90, 0.89, 0.86), (0.90, 0.89, 0.86)),
        (Stuff.SOCK, chosen.sock, chosen.sock),
        (Stuff.METAL, (0.62, 0.63, 0.65), (0.62, 0.63, 0.65)),
        (Stuff.RUBBER, DARK, DARK),
        (Stuff.WEIGHT, chosen.weight, DARK),
        (Stuff.WOOD, (0.74, 0.58, 0.38), (0.74, 0.58, 0.38)),
        (Stuff.LEATHER, (0.45, 0.28, 0.18), DARK),
        (Stuff.BAND, chosen.weight, chosen.weight),
    )


def _pick(rng: np.random.Generator, colours: tuple[Rgb, ...], spread: float = 0.02) -> Rgb:
    """One of the colours, a little off."""
    base = np.array(colours[int(rng.integers(len(colours)))])
    red, green, blue = np.clip(base + rng.normal(0.0, spread, 3), 0.02, 0.97)
    return float(red), float(green), float(blue)


def _chosen(rng: np.random.Generator, choices: tuple[tuple[Choice, float], ...]) -> Choice:
    """One of the choices, by their weights."""
    weights = np.array([weight for _choice, weight in choices])
    return choices[int(rng.choice(len(choices), p=weights / weights.sum()))][0]


def _draw_shape(rng: np.random.Generator) -> tuple[Shape, bool]:
    """A body, and whether it is of the curved kind."""
    is_curved = bool(rng.random() < 0.5)
    girth = float(np.clip(rng.normal(1.0, 0.07), 0.86, 1.18))
    muscle = float(np.clip(rng.normal(0.95 if is_curved else 1.06, 0.05), 0.85, 1.18))
    belly_m = float(max(0.0, rng.normal(0.0, 0.014)))
    if is_curved:
        bust_m = float(rng.uniform(0.012, 0.028))
        return Shape(girth * 0.97, muscle, 0.92, 0.90, 1.03, bust_m, belly_m), True
    return Shape(girth, muscle, 1.02, 1.0, 0.97, 0.0, belly_m), False


def _draw_dress(rng: np.random.Generator, *, is_curved: bool) -> Dress:
    if is_curved:
        hairs = ((Hair.PONYTAIL, 3.0), (Hair.BUN, 3.0), (Hair.SHORT, 1.0), (Hair.CURLY, 1.0))
        bottoms = ((Bottom.LEGGINGS, 5.0), (Bottom.SHORTS, 2.0), (Bottom.SHORT_TIGHTS, 2.0))
    else:
        hairs = ((Hair.SHORT, 4.0), (Hair.BUZZ, 3.0), (Hair.BALD, 1.0), (Hair.CURLY, 1.5))
        bottoms = ((Bottom.SHORTS, 6.0), (Bottom.JOGGERS, 2.0), (Bottom.SHORT_TIGHTS, 1.0))
    hair = _chosen(rng, hairs)
    bottom = _chosen(rng, bottoms)
    tops = ((Top.TEE, 3.0), (Top.TIGHT_TEE, 2.5), (Top.TANK, 2.5), (Top.LONG, 1.0))
    patterns = (
        (Pattern.PLAIN, 4.0),
        (Pattern.HEATHER, 2.0),
        (Pattern.CHEST_PRINT, 2.0),
        (Pattern.HOOPS, 1.0),
        (Pattern.PANELS, 1.0),
    )
    stripes = ((Pattern.PLAIN, 2.0), (Pattern.SIDE_STRIPE, 1.0))
    beard = 0.0 if is_curved else float(rng.choice([0.0, 0.0, 0.25, 0.7]))
    top, top_pattern = _chosen(rng, tops), _chosen(rng, patterns)
    sock_ratio = float(rng.choice([0.12, 0.2, 0.42]))
    return Dress(hair, top, bottom, top_pattern, _chosen(rng, stripes), beard, sock_ratio)


def _draw_colours(rng: np.random.Generator) -> Colours:
    tone = int(rng.integers(len(SKIN_TONES)))
    skin = _pick(rng, SKIN_TONES[tone : tone + 1], 0.012)
    n_hairs = len(HAIR_COLOURS) if tone < 3 else 2  # fair hair goes with fair skin
    hair = _pick(rng, HAIR_COLOURS[:n_hairs], 0.01)
    iris = _pick(rng, IRIS_COLOURS if tone < 3 else IRIS_COLOURS[:1], 0.01)
    top, accent = _pick(rng, TOP_COLOURS), _pick(rng, TOP_COLOURS)
    return Colours(
        skin=skin,
        hair=hair,
        iris=iris,
        top=top,
        top_accent=accent,
        bottom=_pick(rng, BOTTOM_COLOURS),
        bottom_accent=(0.86, 0.86, 0.85),
        shoe=_pick(rng, SHOE_COLOURS),
        sock=(0.90, 0.90, 0.89) if rng.random() < 0.6 else (0.16, 0.16, 0.18),
        weight=_pick(rng, WEIGHT_COLOURS),
    )


def _draw_filming(rng: np.random.Generator) -> Filming:
    return Filming(
        sun_side_deg=float(rng.uniform(20.0, 65.0) * rng.choice([-1.0, 1.0])),
        sun_height_deg=float(rng.uniform(38.0, 62.0)),
        warmth=float(rng.uniform(-0.6, 1.0)),
        exposure_s=float(rng.uniform(1 / 400, 1 / 90)),
        brightness=float(rng.uniform(0.9, 1.12)),
        noise=float(rng.uniform(1.2, 3.2)),
    )
