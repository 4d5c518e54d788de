"""What stands in for a detection limit that nobody measured in a movement from a view."""

import math

from labeler.core.clip import View
from labeler.features.detection import detection_limit, rows_of, widest_limit


def limit_for(movement: str | None, fps: float, view: View | None, line: str) -> tuple[float, str]:
    """Detection limit of a line in a rep, and in words whose it is where nobody measured its own.

    Then it is the widest that is known of such movements from that view, and infinite where none
    is: what another view shows promises nothing.
    """
    if movement is None or view is None or rows_of(movement, line, view):
        return detection_limit(movement, fps, view, line), ""
    limit = widest_limit(movement, fps, view, line)
    if math.isnan(limit):
        return math.inf, f"nobody measured what is seen of it from {_from(view)}"
    return limit, f"the widest from {_from(view)}, where nobody measured this movement"


def why_never_measured(movement: str, fps: float, view: View, line: str) -> str:
    """Why a view shows nothing that anybody knows of; empty where something was measured."""
    if rows_of(movement, line, view) or not math.isnan(widest_limit(movement, fps, view, line)):
        return ""
    return limit_for(movement, fps, view, line)[1]


def _from(view: View) -> str:
    """The view after "from"."""
    return view.words if view is View.OBLIQUE else f"the {view.words}"
