"""The page of signals, from their registry."""

from collections.abc import Iterator

from labeler.signals.registry import SIGNALS, SIGNALS_VERSION, Signal
from labeler.workflows.printed.markdown import made_from, table, view_names

HEAD = ("signal", "unit", "what it says", "needs", "views", "source")


def signals_page() -> Iterator[str]:
    """Every signal, in the order of the registry."""
    yield "# Signals"
    yield ""
    yield made_from("the registry in `labeler/signals`")
    yield ""
    yield (
        f"Signals version {SIGNALS_VERSION}: {len(SIGNALS)} signals, one number per frame. A signal"
        " that the camera's view does not show, or whose landmarks are not known, is missing (NaN),"
        " never 0. Names end in their unit."
    )
    yield ""
    yield from table(HEAD, (_row(one) for one in SIGNALS.values()))


def _row(one: Signal) -> tuple[str, ...]:
    needs = ", ".join(one.needs)
    return (f"`{one.name}`", one.unit.value, one.summary, needs, view_names(one.views), one.source)
