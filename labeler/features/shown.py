"""What a camera shows of each feature: by its plane, and as measured on made-up athletes.

The first gate is the signal's own: a lean is seen from the side, a turn from the front. The second
is the stored table of `labeler.features.detection`: where nothing of a lag or turn arrives through
a view, a feature that stands on it would be noise with a name. Rules refuse by the same table.
"""

from collections.abc import Iterator

from labeler.catalog.spec import Movement
from labeler.core.clip import View
from labeler.features.detection import nearest_of, rows_of
from labeler.features.registry import ANY_VIEW, Feature
from labeler.features.rep_signals import (
    HIP,
    HIP_COURSE,
    OF_MOVEMENT,
    TORSO,
    TORSO_COURSE,
    channels_of,
)
from labeler.signals.registry import SIGNALS

LEADS = ("lag_t50_ms", "lag_comb_ms", "lag_area_ms")
"""Who leads is told by these: where none of them tells anything, no other lag or lead does."""

TRAVEL = "travel_"
TRAVEL_LEADS = ("travel_lag_area_ms",)
"""The same of the hips' way back."""

OWN_LINE = (*LEADS, "coupling_q25_pp", "twist_lead_pp")
"""What was measured for itself stands on its own line."""

SPEED = "_per_s"
"""A turning speed is seen where the turn is."""

Told = tuple[str, ...]
"""Measured lags or turns, of which one is enough."""


def is_shown(one: Feature, view: View | None, movement: Movement | None) -> bool:
    """Whether a camera at `view` lies in a plane that shows the feature in this movement.

    Who leads is seen where the movement's own channels are: a turn from the front, a lean from
    the side. What reads other signals besides is bound to its own views too.
    """
    if not OF_MOVEMENT.isdisjoint(one.needs):
        gates = [SIGNALS[name].views for name in channels_of(movement)]
        if any(views != ANY_VIEW for views in gates):
            has_own = not OF_MOVEMENT.issuperset(one.needs)
            gates += [one.views] if has_own else []
            return view is None or all(view in views for views in gates)
    return one.is_shown_by(view)


def why_hidden(one: Feature, movement: Movement | None, view: View | None, fps: float) -> str:
    """Why a feature is missing though its plane is seen; empty where it is told.

    Parameters
    ----------
    fps : float
        Of the clip: the nearest frame rate that was measured counts.

    Returns
    -------
    str
        What nothing is seen of, and why. Empty where movement or view were not told, and where
        nobody measured: nothing is hidden without a number.
    """
    if movement is None or view is None:
        return ""
    whys = (_why_nothing(told, movement.id, view, fps) for told in _told_by(one, movement))
    return next((why for why in whys if why), "")


def _why_nothing(told: Told, movement: str, view: View, fps: float) -> str:
    """Why all of these that were measured tell nothing; empty where one does."""
    nearest = (nearest_of(movement, fps, view, name) for name in told)
    known = [row for row in nearest if row is not None]
    if not known or not all(row.why_nothing for row in known):
        return ""
    return f"`{known[0].name}`: {known[0].why_nothing}"


def _told_by(one: Feature, movement: Movement) -> Iterator[Told]:
    """Everything that must be seen: each by one of its measured lags or turns at least."""
    hips, torso = channels_of(movement)
    channels = {HIP: hips, HIP_COURSE: hips, TORSO: torso, TORSO_COURSE: torso}
    needs = {channels.get(name, name).removesuffix(SPEED) for name in one.needs}
    for leads in _leads_of(one, (hips, torso)):
        if any(rows_of(movement.id, name) for name in leads):
            yield leads
            needs -= {hips, torso}
            break
    yield from ((name,) for name in sorted(needs))


def _leads_of(one: Feature, channels: tuple[str, str]) -> Iterator[Told]:
    """The lags by which a lead is told: its own where it was measured, else any of them.

    None where a feature does not compare two courses.
    """
    if one.name.startswith(TRAVEL):
        yield TRAVEL_LEADS if TORSO in one.needs else ()
        return
    yield tuple(name for name in OWN_LINE if one.name.startswith(name[:-2]))
    if all(not pair.isdisjoint(one.needs) for pair in _PAIRS) or {*channels} <= {*one.needs}:
        yield LEADS


_PAIRS = ({HIP, HIP_COURSE}, {TORSO, TORSO_COURSE})
