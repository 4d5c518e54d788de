"""Who moves: body proportions, and what is this athlete's own in every repetition."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

SEGMENT_RATIOS: Mapping[str, float] = {
    "hip_half_width": 0.052,
    "thigh": 0.245,
    "shank": 0.246,
    "ankle_height": 0.039,
    "heel": 0.045,
    "toe": 0.108,
    "trunk": 0.288,
    "shoulder_half_width": 0.108,
    "upper_arm": 0.186,
    "forearm": 0.146,
    "hand": 0.050,
    "neck": 0.112,
    "head": 0.130,
}
"""Lengths over body height: Winter's table of body segments (after Drillis and Contini), but hips
and shoulders where the joints turn. The hand is from wrist to grip, the neck from between the
shoulders to between the ears."""

MIN_HEIGHT_M, MAX_HEIGHT_M = 1.50, 2.02
"""Beyond two and a half standard deviations nobody is drawn."""


@dataclass(frozen=True, slots=True)
class Athlete:
    """A person; the random effects shift every repetition they do.

    Parameters
    ----------
    seed : int
        What they were drawn from: looks may be drawn from it too.
    build : float
        Girth over that of an average person of this height.
    lengths_m : Mapping[str, float]
        By the names of `SEGMENT_RATIOS`.
    lag_offset_s : float
        By how much the torso follows the hips when nothing is wrong; never below 0.
    rom_offset_deg : float
        More or less depth than usual.
    tempo_factor : float
        Times the usual duration of every phase.
    leaning : float
        -1 to 1: to which end of a severity's range of amounts this athlete tends.
    asymmetry_deg : float
        How the hips and shoulders stand turned when at rest.
    sway_ratio : float
        Times the usual sway and breathing; 0 moves by the plan alone.
    """

    seed: int
    height_m: float
    build: float
    lengths_m: Mapping[str, float]
    lag_offset_s: float = 0.0
    rom_offset_deg: float = 0.0
    tempo_factor: float = 1.0
    leaning: float = 0.0
    asymmetry_deg: float = 0.0
    sway_ratio: float = 1.0


def lengths_of(height_m: float, proportions: Mapping[str, float] | None = None) -> dict[str, float]:
    """Segment lengths in metres; `proportions` are factors by name, 1 where left out."""
    factors = proportions or {}
    return {
        name: ratio * height_m * factors.get(name, 1.0) for name, ratio in SEGMENT_RATIOS.items()
    }


def draw_athlete(seed: int) -> Athlete:
    """An athlete drawn from the seed: the same seed is the same person, in every process.

    Notes
    -----
    Height N(1.74, 0.09) m, own lag N(0, 40) ms, depth N(0, 8) degrees, tempo LogN(0, 0.15): priors.
    The lag is folded to the side on which the hips lead: a lead of the torso is a fault.
    """
    rng = np.random.default_rng([seed, 0xA7])
    height_m = float(np.clip(rng.normal(1.74, 0.09), MIN_HEIGHT_M, MAX_HEIGHT_M))
    legs, trunk, arms, shoulders, hips = np.clip(rng.normal(1.0, 0.03, 5), 0.93, 1.07)
    proportions = {
        "thigh": legs,
        "shank": legs,
        "trunk": trunk,
        "upper_arm": arms,
        "forearm": arms,
        "shoulder_half_width": shoulders,
        "hip_half_width": hips,
    }
    return Athlete(
        seed=seed,
        height_m=height_m,
        build=float(np.clip(rng.normal(1.0, 0.09), 0.8, 1.25)),
        lengths_m=lengths_of(height_m, proportions),
        lag_offset_s=float(min(abs(rng.normal(0.0, 0.040)), 0.100)),
        rom_offset_deg=float(np.clip(rng.normal(0.0, 8.0), -12.0, 12.0)),
        tempo_factor=float(np.clip(np.exp(rng.normal(0.0, 0.15)), 0.75, 1.35)),
        leaning=float(rng.uniform(-1.0, 1.0)),
        asymmetry_deg=float(np.clip(rng.normal(0.0, 1.0), -2.0, 2.0)),
    )
