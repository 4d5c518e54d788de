"""The page of signals, from their registry: what they are, and what they are made of."""

from collections.abc import Iterator

from labeler.features.quality import FINDINGS
from labeler.signals import shins, trunk_ends
from labeler.signals.clean import STEPS
from labeler.signals.registry import SIGNALS, SIGNALS_VERSION, Signal
from labeler.workflows.printed.markdown import made_from, table, view_names

HEAD = ("signal", "unit", "what it says", "needs", "views", "source")


def signals_page() -> Iterator[str]:
    """Every signal, in the order of the registry; then how landmarks are cleaned."""
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
    yield ""
    yield "## Cleaning"
    yield ""
    yield (
        "Landmarks are cleaned in this order, in the picture and in space alike, before any signal"
        " is made of them. `labeler signals CLIP` says how many points each step changed."
    )
    yield ""
    steps = {**STEPS, **{one.STEP: one.SAYS for one in (trunk_ends, shins)}}
    yield from table(
        ("step", "what it does"), ((f"`{name}`", does) for name, does in steps.items())
    )
    yield ""
    yield "## Findings"
    yield ""
    yield "What is found about a clip is told with it, and is a column of the features:"
    yield ""
    yield from table(("code", "what was found"), ((f"`{c}`", says) for c, says in FINDINGS.items()))


def _row(one: Signal) -> tuple[str, ...]:
    needs = ", ".join(one.needs)
    return (f"`{one.name}`", one.unit.value, one.summary, needs, view_names(one.views), one.source)
