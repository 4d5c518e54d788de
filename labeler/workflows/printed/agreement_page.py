"""The page of agreement between raters: what each number says, and what the verdicts rest on."""

import math
from collections.abc import Iterator

from labeler.core.label import SEVERITY_THRESHOLD
from labeler.evaluate.agreement_verdict import (
    BANDS,
    HIGH_PABAK,
    MIN_KAPPA_TO_LEARN,
    MIN_KAPPA_WITHOUT_WARNING,
    MIN_OVERLAP_RATIO,
    MIN_OVERLAPS_FOR_VERDICT,
    Gate,
)
from labeler.evaluate.metrics import MIN_GROUPS_FOR_INTERVAL, N_DRAWS
from labeler.workflows.agreement_words import GATES, STATISTICS
from labeler.workflows.printed.markdown import made_from, table


def agreement_page() -> Iterator[str]:
    """What is compared, the statistics with their sources, then how the verdict is read."""
    yield "# Agreement between raters"
    yield ""
    yield made_from("`labeler/evaluate/agreement*.py` and `labeler/workflows/agreement_words.py`")
    yield ""
    yield (
        "The page *Agreement* and `labeler agreement` hold raters against each other, fault by "
        "fault. A repetition counts for two raters when both graded it (0 to 3). *Not visible* and "
        "*not rated* are missing: they are counted and shown apart, and never taken for *absent*. "
        f"*Present or not* is cut at severity {SEVERITY_THRESHOLD} unless told otherwise."
    )
    yield ""
    yield from table(
        ("number", "in JSON", "what it says", "source"),
        ((one.name, f"`{key}`", one.help, one.source) for key, one in STATISTICS.items()),
    )
    yield ""
    yield (
        f"Every number has a 95 % interval from {N_DRAWS} resamples of whole athletes; with fewer "
        f"than {MIN_GROUPS_FOR_INTERVAL} athletes, or where nothing varies, there is none. Up to a "
        "dozen athletes intervals are too narrow: in made-up data they held the truth in 84 to 92 "
        "of 100 cases, from thirty athletes on in 93 or more. Where all answers fall into one "
        "category κ and α are not defined and say *cannot tell*; PABAK still is. Numbers of a "
        "fault with more than two raters are means over the pairs, weighted by their overlaps, "
        "except α and Fleiss κ, which take all raters at once. The same numbers tell how far a "
        "rater agrees with their own blind repeats."
    )
    yield ""
    yield from _verdicts()


def _verdicts() -> Iterator[str]:
    yield "## Verdicts"
    yield ""
    rules = {
        Gate.READY: f"κ of {MIN_KAPPA_WITHOUT_WARNING} or more",
        Gate.WARN: f"κ from {MIN_KAPPA_TO_LEARN} to {MIN_KAPPA_WITHOUT_WARNING}",
        Gate.NOT_READY: f"κ below {MIN_KAPPA_TO_LEARN}",
        Gate.CANNOT_TELL: (
            f"fewer than {MIN_OVERLAPS_FOR_VERDICT} repetitions that two raters graded, or κ is "
            "not defined"
        ),
    }
    yield from table(("for a model", "when"), ((GATES[gate], rule) for gate, rule in rules.items()))
    yield ""
    yield (
        f"Two raters should grade {100 * MIN_OVERLAP_RATIO:.0f} % of the repetitions or more. "
        f"Where κ is low and PABAK is {HIGH_PABAK} or more, the fault is rare rather than disputed."
    )
    yield ""
    yield "Words for κ are those of Landis & Koch 1977:"
    yield ""
    yield from table(("κ", "word"), _words())


def _words() -> Iterator[tuple[str, str]]:
    yield f"below {BANDS[0][0]:g}", BANDS[0][1]
    for (limit, word), (below, _) in zip(BANDS[1:], BANDS, strict=False):
        end = 1.0 if math.isinf(limit) else limit
        yield f"{below:g} to {end:g}", word
