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
from labeler.evaluate.draws import MIN_GROUPS_FOR_INTERVAL, N_DRAWS
from labeler.workflows.agreement_words import GATES, STATISTICS
from labeler.workflows.assigning import (
    MIN_HOURS_BETWEEN,
    MIN_REPS_BETWEEN,
    REPEAT_RATIO,
    ROUNDING,
)
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
        f"*Present or not* is cut at severity {SEVERITY_THRESHOLD} unless told otherwise. Recorded "
        "and synthetic clips are never counted together: the recorded ones count where there are "
        "any, unless `--synthetic` or the choice on the page takes the others."
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
    yield ""
    yield from _training()
    yield ""
    yield from _blindness()
    yield ""
    yield from _repeats()


def _training() -> Iterator[str]:
    yield "## What a model learns from"
    yield ""
    yield (
        f"A fault whose verdict is *{GATES[Gate.NOT_READY]}* at the severity that is to be learned "
        "is not trained, neither on the page *Train* nor by `labeler train`: go through the rater "
        "sheet together and look again at what differs (page *Disputes*, `labeler disputes`). "
        "`--despite-disagreement`, or the tick on the page, trains it all the same, and its card "
        f"says so. Of *{GATES[Gate.WARN]}* and *{GATES[Gate.CANNOT_TELL]}* the card tells too; "
        "`labeler train --json` gives every number under `agreement`."
    )
    yield ""
    yield (
        "Where a dispute is settled, the decision is what is learned; else the majority, and a tie "
        "is left out. An answer given by hand although the view cannot show the fault stays a "
        "label: it is in exports, and counts where raters are compared. No rule or model answers "
        "from such a view, so none learns from it or is tested on it; the card and the report "
        "count these repetitions (`rated_out_of_view`), the page *Train* has a column for them."
    )


def _blindness() -> Iterator[str]:
    yield "## Who sees what"
    yield ""
    yield (
        "A rater sees what others, rules and model say about a repetition once they have answered "
        "every fault of it. Until then *Disputes* and *Results* leave it out: in sets that they "
        "are assigned to or have begun; for everybody in sets that are assigned to nobody, or that "
        "raters disagree about, which any queue may offer. *Results* shows no repetition without a "
        "name. Whoever settles or only looks, and does not rate, says so: the tick on the pages "
        "*Disputes* and *Results*, `labeler disputes --adjudicate`. They see all of the sets that "
        "they are not assigned to and have not begun. They should not rate these: nothing takes "
        "them out of their queue, and what they answered afterwards would not be blind but would "
        "count. Assign sets where somebody settles. A command without a name (`--for`, `--rater` "
        "or `LABELER_RATER`) hides nothing: it is for whoever runs the dataset."
    )


def _repeats() -> Iterator[str]:
    yield "## Blind repeats"
    yield ""
    yield (
        f"Of the repetitions assigned to a rater {100 * REPEAT_RATIO:.0f} % come again, unless "
        "told otherwise (`labeler assign --repeats`). Which ones is drawn, so that nobody can "
        f"foresee them. One comes again when its rater has answered {MIN_REPS_BETWEEN} others "
        "after it, never right after the first answer: whoever still remembers it repeats it. "
        f"Where there are not so many others it comes {MIN_HOURS_BETWEEN:.0f} hours later. Shares "
        "are of whole repetitions: of fewer than "
        f"{math.ceil(1 / REPEAT_RATIO - ROUNDING)} none comes again at the usual share. "
        "`labeler assign` says what the share comes to, `labeler queue` what still waits. The "
        "second answers are compared with the first, and nothing else reads them. Until a "
        "repetition is answered again, disputes, comparisons and results leave it out for its "
        "rater; the first answers stand on the clip itself, which has to be opened for it."
    )


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
