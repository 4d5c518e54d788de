"""The page for whoever labels: one repetition, all faults, one pass; and the table of keys."""

from collections.abc import Iterator

from labeler.catalog.own import OWN_CATALOG
from labeler.core.label import SEVERITY_THRESHOLD
from labeler.workflows.assigning import MIN_HOURS_BETWEEN, MIN_REPS_BETWEEN, REPEAT_RATIO
from labeler.workflows.dispute_keys import DECIDING
from labeler.workflows.keys import KEY_GROUPS, USUAL_KEYS
from labeler.workflows.looping import USUAL_MARGIN_S, USUAL_SPEED_RATIO
from labeler.workflows.printed.markdown import made_from, table

FAULTS = "Faults"
"""The group of keys that is one sentence here, not a row for each fault."""


def labelling_page() -> Iterator[str]:
    """One pass over a set, repetitions by hand, several raters, what is kept, then every key."""
    yield "# Labelling"
    yield ""
    yield made_from("`labeler/workflows/printed/labelling_page.py` and `labeler/workflows/keys.py`")
    yield ""
    yield (
        "For coaches and other raters. Labelling happens on the page *Label* and needs no mouse. "
        f"{_key('help')} shows all keys, and is where you change them; yours are kept with your "
        "name, in every browser."
    )
    yield ""
    yield from _section("One repetition, all faults, one pass", _one_pass())
    yield from _section("See it", _eyes())
    yield from _section("Repetitions by hand", _by_hand())
    yield from _section("Several raters", _raters())
    yield from _section("Your own faults", _own_faults())
    yield from _section("Nothing is lost", _kept())
    yield from _section("The same as commands", _commands())
    yield from _section("Keys", _keys())


def _one_pass() -> Iterator[str]:
    yield (
        f"1. Watch the repetition. {_key('loop')} plays it again and again, at "
        f"{USUAL_SPEED_RATIO}× and with {USUAL_MARGIN_S:g} s before and after it; "
        f"{_key('slower')} and {_key('faster')} change the speed, {_key('loopMargin')} how much is "
        f"around it. Both are remembered. {_key('back1')} and {_key('on1')} go frame by frame, "
        "with `Shift` ten at a time."
    )
    yield (
        f"2. Press the key of each fault that you see: {_key('fault1')}, {_key('fault2')} … as the "
        "panel says. Once is *slight*, twice *clear*, three times *severe*, once more *absent*. "
        "Beside the video stands what each severity of this fault looks like. `Shift` with the key "
        "is *not visible*."
    )
    yield (
        f"3. {_key('allClear')}: every fault that you have not answered is *absent*, and on to the "
        "next repetition. A clean repetition is one key, one with a slight fault two. After the "
        "last one it leads to what is left of the clip, then to the next clip that needs you."
    )
    yield ""
    yield from _called_for()


def _called_for() -> Iterator[str]:
    yield "Where it is called for:"
    yield ""
    yield (
        f"- {_key('moment')} stamps the frame on screen as the moment of the fault in focus; "
        f"{_key('toMoment')} goes back to it."
    )
    yield (
        f"- {_key('note')} writes a note on the answer in focus, {_key('confidence')} says how "
        "sure you are."
    )
    yield (
        "- A fault that the view cannot show is off, with the reason. If you do see it, press its "
        "key twice: your answer is kept."
    )
    yield (
        f"- {_key('unrate')} makes the fault in focus *not rated* again; {_key('faultUp')} and "
        f"{_key('faultDown')} move the focus. {_key('undo')} undoes, {_key('redo')} does again."
    )
    yield ""
    yield (
        "*Absent*, *not visible* and *not rated yet* are three different things, on the page and "
        f"in every table. A fault counts as present from severity {SEVERITY_THRESHOLD} on, unless "
        "a command is told otherwise. What the severities mean: [faults.md](faults.md)."
    )


def _eyes() -> Iterator[str]:
    yield (
        f"{_key('pose')} shows the skeleton, {_key('back')} the line of the back, {_key('trails')} "
        f"the way of the joints, {_key('lines')} trunk and thigh with their angles, "
        f"{_key('zoom')} comes closer to the athlete. {_key('beside')} puts the athlete’s best "
        "repetition beside this one, aligned at the turn, or another camera of the same set. "
        f"{_key('charts')} shows the curves of hips and torso under the video, with the moments at "
        "which half the way is done and a faint band of the repetitions that you marked as good; a "
        "click there seeks. What you switch on stays on."
    )
    yield ""
    yield (
        "A clip that was filmed in slow motion plays too slowly: tell its frame rate once, under "
        "*Details*, and every time on the page and in the tables is real."
    )


def _by_hand() -> Iterator[str]:
    yield (
        f"The machine’s cut is a proposal. {_key('markStart')}, {_key('markTurn')} and "
        f"{_key('markStop')} put start, turn and end at the frame on screen; {_key('edgeBefore')} "
        f"and {_key('edgeAfter')} choose an edge, {_key('nudgeBack1')} and {_key('nudgeOn1')} move "
        f"it by one frame, with `Shift` by five. An edge can be dragged, and snaps to what the "
        "machine saw; `Alt` stops that."
    )
    yield ""
    yield (
        f"{_key('splitRep')} makes two of one, {_key('mergeReps')} one of two, {_key('addRep')} "
        f"adds one, {_key('deleteRep')} takes one out. Where nothing was found, play to the start "
        f"and press {_key('markStart')}, then {_key('markStop')} at the end. What comes of a split "
        "or merge is not rated yet; undo brings the old ones back with everybody’s answers. "
        "Features are computed from the cut in force, so they follow."
    )


def _raters() -> Iterator[str]:
    yield (
        "Each rater gives a name, once. Nobody sees what others, the rules or a model say about a "
        "repetition before they have answered it; then *Queue*, *Compare with others, rules and "
        "models* (`labeler compare CLIP --machines`) shows it, side by side. On the page *Library* "
        "sets are assigned: to whom, and to how many of them. *Next clip* leads to what is "
        "assigned to you, then to what raters dispute, then to what you have not rated. "
        "*Queue*, *Choose what teaches most* puts those sets first from which a model learns most: "
        "[learning.md](learning.md)."
    )
    yield ""
    yield (
        f"{100 * REPEAT_RATIO:.0f} % of what is assigned, unless told otherwise, comes again "
        f"blind, after {MIN_REPS_BETWEEN} other repetitions or {MIN_HOURS_BETWEEN:.0f} hours: it "
        "says how far you agree with yourself."
    )
    yield ""
    yield (
        "On the page *Disputes* one person, who ticks that they do not rate, decides where raters "
        "differ, by keyboard alone: the "
        "repetition loops beside what each rater said, how sure, when and why. "
        f"{_deciding('answer0')} to {_deciding('answer3')} and {_deciding('answerNV')} choose the "
        f"answer, {_deciding('reason')} leads to the reason, {_deciding('decide')} decides; "
        f"{_key('nextRep')} and {_key('previousRep')} go on and back, {_key('help')} shows the "
        "rest. What is settled leaves the queue and stands under *Settled*, where "
        f"{_deciding('reopen')} opens it again. The raters’ own answers stay. How far raters "
        "agree: [agreement.md](agreement.md)."
    )


def _own_faults() -> Iterator[str]:
    yield (
        "`labeler faults` lists what is asked. `labeler faults --init` writes "
        f"`{OWN_CATALOG}` into the dataset's folder, with every [fault](faults.md) and what can be "
        "changed of it: add one, rename one, write a sheet of your own, take one out of a "
        "movement, retire one. It counts as soon as it is saved, also while people label, and goes "
        "along in exports."
    )
    yield ""
    yield (
        "No answer is ever touched by it. A new fault is *not rated yet* in every repetition until "
        "somebody answers it, so that finished sets are open again. Of a retired fault nobody is "
        "asked any more; what was answered stays in the history, the exports and the agreement, "
        "and models can still learn from it. While there is a mistake in "
        f"`{OWN_CATALOG}`, the page says so and goes on with the faults as they were. The keys of "
        "the faults go by their order in the panel, so that they may move when one comes or goes."
    )


def _kept() -> Iterator[str]:
    yield (
        "- The header says *Saved* when everything is on the server’s disk, else how many answers "
        "wait. They wait in the browser, through a lost network, a restart of the server and a "
        "closed tab; open the page *Label* again in that browser, and they are sent."
    )
    yield (
        "- Nothing is overwritten. Undo has no limit and goes on after a restart; it takes back "
        "your own actions in this clip, never another rater’s."
    )
    yield (
        f"- {_key('history')} shows everything that happened to a repetition: who, when, from "
        "where. Any state in that list can be brought back."
    )
    yield (
        "- Videos that you drop on the page *Library* go on being sent while you label. Close the "
        "tab only when none is left: the browser warns you."
    )


def _commands() -> Iterator[str]:
    yield (
        "`labeler label --help` lists what labels: `set`, `clear`, `edges`, `add`, `remove`, "
        "`split`, `merge`, `restore`, `undo`, `redo`, `list`, `import`. `labeler --help` lists the "
        "rest: `reps`, `queue`, `assign`, `compare`, `disputes`, `decide`, `keys`, `loop`, "
        "`overlays`, and `tag --filmed-at` for slow motion. They write the same facts as the page: "
        "[data-model.md](data-model.md)."
    )


def _keys() -> Iterator[str]:
    yield (
        f"As they are until you change them, with {_key('help')} or `labeler keys`. The faults "
        f"have {_key('fault1')} to {_key('fault9')}, {_key('fault10')} and then letters, in the "
        "order of the panel."
    )
    for group in KEY_GROUPS:
        if group.title == FAULTS:
            continue
        yield ""
        yield f"### {group.title}"
        yield ""
        rows = ((" or ".join(map(_as_code, line.keys)), line.words) for line in group.lines)
        yield from table(("key", "what it does"), rows)


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield from lines
    yield ""


def _key(action: str) -> str:
    """The key that an action usually has."""
    return _as_code(USUAL_KEYS[action][0])


def _deciding(action: str) -> str:
    """The key that decides something on the page of disputes."""
    (key,) = next(line.keys for line in DECIDING.lines if line.action == action)
    return _as_code(key)


def _as_code(key: str) -> str:
    return f"`{key}`"
