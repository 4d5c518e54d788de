"""Whether points can be a person at all: a wrong unit or axis shows in nothing else.

Angles do not depend on the unit, and a body on its side has angles too, so that clips read wrongly
would come in without a word.
"""

from collections.abc import Iterable

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.errors import ExchangeError
from labeler.core.landmarks import Landmark
from labeler.exchange.foreign.points import Unit, Up
from labeler.exchange.joints import Joints

BODY_MIN_M, BODY_MAX_M = 0.25, 3.0
"""From feet, or from the lowest joint that is known, to the shoulders: 0.3 m of a child's trunk to
1.7 m of a tall person. Units differ by factors of ten at least: a wrong one leaves this range."""

UPRIGHT_RATIO = 0.5
"""The same way rises by this share of its length at least, usually: it leans by less than 60
degrees even where the trunk is level, for then the legs stand."""

WITHIN_RATIO = 0.5
"""This share of the points lies within the picture at least; people do leave it in part."""

LOW, HIGH = ("ANKLE", "KNEE", "HIP"), ("SHOULDER",)
"""Where that way begins, at the first of these joints that is known, and where it ends."""


def require_body_size(joints: Joints, unit: Unit) -> None:
    """Refuse joints in space, in metres, that are no person's size.

    Raises
    ------
    ExchangeError
        If it is usually less than `BODY_MIN_M` or more than `BODY_MAX_M` from feet to shoulders.
    """
    lengths_m = np.linalg.norm(_way(joints), axis=1)
    if not lengths_m.size or BODY_MIN_M <= np.median(lengths_m) <= BODY_MAX_M:
        return
    raise ExchangeError(
        f"unit: expected {BODY_MIN_M:g} to {BODY_MAX_M:g} m from feet to shoulders, got "
        f"{np.median(lengths_m):.3g} m, read in {unit.value}.",
        hint="Tell the right unit with --unit.",
    )


def require_upright(joints: Joints, up: Up) -> None:
    """Refuse joints in space, z up, whose shoulders are usually not above their feet.

    Raises
    ------
    ExchangeError
        If another axis seems to point up.
    """
    way = _way(joints)
    lengths = np.linalg.norm(way, axis=1)
    if not lengths.size or np.median(way[:, 2] / lengths) >= UPRIGHT_RATIO:
        return
    raise ExchangeError(
        f"up: expected the shoulders above the feet along {up.value}, got them elsewhere.",
        hint="Tell the axis that points up with --up, also where the athlete lies.",
    )


def _way(joints: Joints) -> FloatArray:
    """From the lowest known joint to the shoulders, shape (n, 3): where both are known."""
    low, high = _first_known(joints, LOW), _first_known(joints, HIGH)
    if low is None or high is None:
        return np.empty((0, 3))
    way = high - low
    known: FloatArray = way[np.linalg.norm(way, axis=1) > 0]
    return known


def require_within(joints: Joints, size_px: tuple[int, int], unit: Unit) -> None:
    """Refuse flat joints that lie mostly outside their picture.

    Raises
    ------
    ExchangeError
        If less than `WITHIN_RATIO` of the known points lie in it.
    """
    points = np.concatenate(list(joints.values()))
    known = points[np.isfinite(points).all(axis=1)]
    is_inside = ((known >= 0) & (known <= np.array(size_px))).all(axis=1)
    if not len(known) or is_inside.mean() >= WITHIN_RATIO:
        return
    x_px, y_px = np.median(known, axis=0)
    raise ExchangeError(
        f"size: expected the points within the picture of {size_px[0]}x{size_px[1]}, got most of "
        f"them outside, about {x_px:.0f},{y_px:.0f}, read in {unit.value}.",
        hint="Tell the right size with --size, or the right unit with --unit.",
    )


def _first_known(joints: Joints, names: Iterable[str]) -> FloatArray | None:
    """The first of these joints that is ever known: the middle of both sides, or the known one."""
    for name in names:
        sides = [joints.get(Landmark[f"{side}_{name}"]) for side in ("LEFT", "RIGHT")]
        known = [side for side in sides if side is not None and np.isfinite(side).any()]
        if known:
            found: FloatArray = np.mean(known, axis=0)
            return found
    return None
