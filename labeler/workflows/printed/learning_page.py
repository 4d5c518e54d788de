"""The page on learning from labels: what to label next, the fair test, and when to stop."""

from collections.abc import Iterator

from labeler.evaluate.lots import BY_LOT, MIN_LOT_REPS
from labeler.learn.query import (
    LOT_RATIO,
    MAX_SET_REPS,
    MIN_SET_REPS,
    N_COLD_ATHLETES,
    N_COLD_REPS,
    N_SETS,
    OPEN_S,
    RARE_BITS,
    REP_S,
)
from labeler.learn.stopping import MIN_GAIN, N_WINDOW_LABELS
from labeler.workflows.drawn import WORDS
from labeler.workflows.printed.markdown import made_from, table
from labeler.workflows.suggesting import MAX_FAULTS


def learning_page() -> Iterator[str]:
    """The loop from answers to a model and back to the answers that teach it most."""
    yield "# Learning from labels"
    yield ""
    yield made_from("`labeler/learn`, `labeler/evaluate` and `labeler/workflows/suggesting.py`")
    yield ""
    yield "## What to label next"
    yield ""
    yield from _next()
    yield ""
    yield "## A fair test"
    yield ""
    yield from _lot()
    yield ""
    yield "## When to stop"
    yield ""
    yield from _stop()


def _next() -> Iterator[str]:
    yield (
        "*Queue*, *Choose what teaches most* on the page *Label*, or `labeler next`, draws "
        f"{N_SETS} sets. They come first in everybody’s queue, after what is assigned, and each "
        "says why. A draw stays in work until each of its repetitions has an answer of somebody; "
        "`--anew` draws before that. Who rates what, blind repeats and disputes stay as they are."
    )
    yield ""
    rows = ((f"`{code}`", words) for code, words in WORDS.items())
    yield from table(("because, in `labeler next --json`", "in the queue"), rows)
    yield ""
    yield (
        f"Until {N_COLD_REPS} repetitions of {N_COLD_ATHLETES} athletes are labelled no model is "
        f"asked. All repetitions are put into {N_COLD_REPS} groups of similar ones (k-means over "
        "standardised features), sets are chosen that reach groups nobody has labelled, and "
        "whoever is not in yet goes first."
    )
    yield ""
    yield (
        "Then a repetition counts for the bits that an answer would tell about the model: how far "
        "its trees disagree about it, and how far its members do (the entropy of the mean less the "
        "mean entropy, each), times how unlike the most similar labelled repetition it is. Up to "
        f"{RARE_BITS:g} bits are added for an athlete, view or movement of which little is "
        f"labelled. A set is worth what its best {MIN_SET_REPS} to {MAX_SET_REPS} repetitions tell "
        f"per second of work: {OPEN_S:.0f} s to open a video, {REP_S:.0f} s to answer a "
        f"repetition. Without `--fault`, the mean over the {MAX_FAULTS} faults with most answers "
        "of the rarer kind."
    )


def _lot() -> Iterator[str]:
    yield (
        f"{100 * LOT_RATIO:.0f} % of all sets are set apart by lot before any model looks at them: "
        "a number made of the dataset’s seed and of the clip’s id decides, and nothing else. They "
        "are drawn in the order of those numbers, one in each draw, and whole. So the labelled "
        "ones among them stand for all sets, whatever the model chose beside them."
    )
    yield ""
    yield (
        "Each draw is kept with its number, time, seed, who drew it and why each set is in it; "
        "nothing of it is ever changed. Where answers were chosen, evaluation says how many, and "
        f"from {MIN_LOT_REPS} repetitions by lot on it has a line of its own: *{BY_LOT}*. That is "
        "how often the model is right about what athletes do; what it was unsure of is harder."
    )


def _stop() -> Iterator[str]:
    yield (
        f"After each draw every fault that can be learned says what the last {N_WINDOW_LABELS} "
        "labelled repetitions brought: AUPRC on athletes who were left out, with and without them, "
        "on the same repetitions, by logistic regression alone. Below a gain of "
        f"{MIN_GAIN:g} more of the same teaches little: further athletes teach more than further "
        "repetitions."
    )
