"""A coach's own file of limits: everything that can be changed, and what it means."""

from collections.abc import Iterator
from textwrap import wrap

from labeler.rules.thresholds import OVERRIDES, Limit, RuleBook

WIDTH = 96

HEAD = f"""\
# {OVERRIDES}: your own limits of the hand-written rules, for this dataset.
#
# To change one, remove the "# " in front of its value and write another number there. What you
# leave alone stays as it comes with the program, also when a later version knows better.
#
# value         in the unit that the name ends in: deg degrees, pp percentage points, ms and s
#               times, legs leg lengths, ratio a share. Keep the sign.
# uncertainty   this close to the value the answer is "too close to call"; 0 turns that off. A lag
#               is judged by what its movement, view and frame rate can show unless you set it.
# is_used       false: the limit does not count.
# source        where your number comes from, in quotation marks, for those who read the results.
"""
"""What stands on top of the file."""


def template(book: RuleBook) -> str:
    """The file's text: valid TOML in which nothing is changed yet."""
    return "\n".join((HEAD, *_lines(book)))


def _lines(book: RuleBook) -> Iterator[str]:
    for fault in book:
        for limit in book[fault].values.values():
            yield from _of_limit(fault, limit)
            yield ""


def _of_limit(fault: str, limit: Limit) -> Iterator[str]:
    words = f"{limit.says}. {limit.evidence.capitalize()}: {limit.source}. {_where(limit)}"
    yield f"[{fault}.{limit.name}]"
    yield from (f"# {line}" for line in wrap(words.strip(), WIDTH))
    yield f"# value = {limit.value!r}"
    yield f"# uncertainty = {limit.uncertainty!r}"
    if not limit.is_used:
        yield "# is_used = true"


def _where(limit: Limit) -> str:
    """Where it counts, if not everywhere, and what another view changes."""
    movements = f" in {', '.join(limit.movements)}" if limit.movements else ""
    fps = f" from {limit.min_fps:g} fps on" if limit.min_fps else ""
    counts = f"Counts{movements}{fps}." if movements or fps else ""
    if limit.oblique_uncertainty is None:
        return counts
    band = f"From 45 degrees the uncertainty is {limit.oblique_uncertainty:g} unless set."
    return f"{counts} {band}".strip()
