"""Ten repetitions by keyboard alone: offline in the middle, by others too, undone later."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import browser as chrome
import pytest
from support_skips import skip_or_fail

from labeler.core.clip import ClipTags, View
from labeler.core.label import ActionKind, Answer
from labeler.store.dataset import Dataset
from labeler.workflows.importing import IngestJob, ingest

pytestmark = [pytest.mark.e2e, pytest.mark.data, pytest.mark.pose]

VIDEO = "deadlift_rounded_back_side.mp4"
N_REPS = 10
READY_MS = 60_000
OFFLINE_MS = 10_000
N_HERS = 6
"""What Anna did to the last repetition: three answers, all clear, undo, redo."""

MAX_TABS = 40
"""Stops of the Tab key on the way to a field, at most."""

SEEN = (
    {},
    {"back_rounding": "1"},
    {"back_rounding": "2"},
    {"back_rounding": "1", "head_neck_break": "1"},
    {"back_rounding": "2", "hips_shoot_up": "1"},
    {},
    {"back_rounding": "1"},
    {"back_rounding": "1", "hip_delay": "1", "torso_dip_first": "1"},
    {},
    {"back_rounding": "3"},
)
"""What Anna sees: the severity of each fault, repetition by repetition."""


def promised(faults):
    """Keys that a repetition may cost: one, one per fault, and one per step above the first."""
    return 1 + sum(int(severity) for severity in faults.values())


class Bench:
    """A server of one dataset that can be killed and started again at the same address."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "dataset"
        self.port = chrome.free_port()
        self.models = home / "models"
        self.stack = ExitStack()

    def start(self):
        told = ["--dataset", self.folder, "--models", self.models, "--no-browser"]
        command = ["-m", "labeler", "app", "--port", str(self.port), *told]
        running = chrome.started(*command, port=self.port)
        self.address, self.server = self.stack.enter_context(running)

    def kill(self):
        self.server.kill()
        self.server.wait()
        self.stack.close()

    def read(self, look):
        """What `look` finds in the dataset."""
        with Dataset.open(self.folder, create=False) as dataset:
            return look(dataset)

    def answers(self, rater):
        """Per repetition, what a rater answered other than absent and not visible."""
        labels = self.read(lambda dataset: dataset.journal.answers(rater=rater))
        reps = self.read(lambda dataset: dataset.journal.reps())
        found = {record.rep_id: {} for record in reps}
        for label in labels:
            if label.answer not in (Answer.ABSENT, Answer.NOT_VISIBLE):
                found[label.rep_id][label.fault] = label.answer.value
        return list(found.values())

    def kinds(self, rater):
        """How many actions of each kind are in the journal."""
        actions = self.read(lambda dataset: dataset.journal.actions())
        return Counter(action.kind for action in actions if action.author == rater)


@pytest.fixture(scope="module")
def bench(tmp_path_factory, data_dir):
    """The workbench on the ten deadlifts."""
    video = data_dir / "videos" / VIDEO
    if not video.is_file():
        skip_or_fail(f"no {VIDEO} in {video.parent}")
    bench = Bench(tmp_path_factory.mktemp("ten"))
    job = IngestJob(video, bench.folder, ClipTags("A01", "deadlift", View.SIDE))
    assert ingest(job, lambda *_: None).n_reps == N_REPS
    bench.start()
    yield bench
    bench.stack.close()


@pytest.fixture(scope="module")
def open_as(browser, bench):
    """Opens the workbench in a browser of its own and goes to the first repetition, by keys."""
    with ExitStack() as contexts:

        def open_(rater):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            contexts.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(READY_MS)
            page.goto(bench.address)
            page.get_by_role("link", name="Label", exact=True).wait_for()
            tab_to(page, "link", "Label")
            page.keyboard.press("Enter")
            give_name(page, rater)
            return page

        yield open_


def tab_to(page, role, name):
    """Press Tab until the keyboard is where it is wanted."""
    wanted = page.get_by_role(role, name=name, exact=True).element_handle()
    for _ in range(MAX_TABS):
        if wanted.evaluate("(wanted) => wanted === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{role} {name!r} is not within {MAX_TABS} stops of the Tab key")


def give_name(page, rater):
    """Say who rates, and wait for the player."""
    page.get_by_role("textbox", name="Your name").wait_for()
    tab_to(page, "textbox", "Your name")
    page.keyboard.press("Control+A")
    page.keyboard.type(rater)
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Your name").wait_for(state="detached")
    page.wait_for_function("window.__labelerPlayer?.isReady")


def saved(page):
    page.wait_for_function("window.__labelerPlayer.pending === 0")
    page.get_by_text("Saved", exact=True).wait_for()


def keys_of(page):
    """The key of each fault, as the panel shows it."""
    rows = page.locator(".fault").evaluate_all(
        "rows => rows.map((row) => [row.dataset.fault, row.querySelector('kbd').innerText])"
    )
    return {fault: key.lower() for fault, key in rows}


def rate(page, faults):
    """Press what these faults need, then all clear; the number of keys."""
    key = keys_of(page)
    pressed = [key[fault] for fault, severity in faults.items() for _ in range(int(severity))]
    pressed.append("Enter")
    for one in pressed:
        page.keyboard.press(one)
    return len(pressed)


def rated(page):
    """What the panel says of the repetition in focus, but for absent and not visible."""
    rows = page.locator(".fault").evaluate_all(
        "rows => rows.map((row) => [row.dataset.fault, row.dataset.answer])"
    )
    return {fault: answer for fault, answer in rows if answer not in ("0", "NV")}


def at_rep(page, place):
    page.get_by_text(f"Rep {place} of {N_REPS}", exact=True).wait_for()


@pytest.fixture(scope="module")
def anna(open_as):
    return open_as("Anna")


def test_ten_reps_by_keyboard_alone_and_offline_in_the_middle(anna, bench):
    costs = []
    for place, faults in enumerate(SEEN[:4], start=1):
        at_rep(anna, place)
        costs.append(rate(anna, faults))
    saved(anna)
    anna.context.set_offline(True)
    for place, faults in enumerate(SEEN[4:7], start=5):
        at_rep(anna, place)
        costs.append(rate(anna, faults))
    n_waiting = sum(costs[4:])
    anna.get_by_text(f"{n_waiting} waiting", exact=False).wait_for()
    anna.wait_for_timeout(OFFLINE_MS)
    anna.get_by_text(f"{n_waiting} waiting", exact=False).wait_for()
    anna.context.set_offline(False)
    saved(anna)
    for place, faults in enumerate(SEEN[7:], start=8):
        at_rep(anna, place)
        costs.append(rate(anna, faults))
    saved(anna)
    assert costs == [promised(faults) for faults in SEEN]
    print(f"keys per repetition: {costs}, {sum(costs)} for the set")  # noqa: T201  the proof asks
    assert bench.answers("Anna") == list(SEEN)
    kinds = bench.kinds("Anna")
    assert kinds == {ActionKind.ALL_CLEAR: N_REPS, ActionKind.ANSWER: sum(costs) - N_REPS}


def test_two_raters_at_once_keep_their_answers_and_see_only_their_own(open_as, bench):
    before = bench.answers("Anna")
    ben, cleo = open_as("Ben"), open_as("Cleo")
    for page in (ben, cleo):
        assert set(rated(page).values()) == {"null"}
    hers = [{"back_rounding": str(1 + place % 3)} for place in range(N_REPS)]
    his = [{"head_neck_break": "1"} if place % 2 else {} for place in range(N_REPS)]
    for place in range(N_REPS):
        for page, faults in ((ben, his[place]), (cleo, hers[place])):
            at_rep(page, place + 1)
            rate(page, faults)
    for page in (ben, cleo):
        saved(page)
    assert [bench.answers(rater) for rater in ("Anna", "Ben", "Cleo")] == [before, his, hers]
    assert rated(ben) == his[-1]
    assert rated(cleo) == hers[-1]


def test_undo_redo_and_history_reach_back_across_a_killed_server(anna, bench):
    """What is pressed while the server is gone waits, and the new one knows who it is."""
    (last,) = bench.read(lambda dataset: dataset.journal.reps())[-1:]
    anna.keyboard.press("u")
    saved(anna)
    bench.kill()
    anna.keyboard.press("y")
    anna.get_by_text("1 waiting to be saved", exact=True).wait_for()
    bench.start()
    saved(anna)
    assert bench.answers("Anna") == list(SEEN), "redone is what was undone before the server went"
    anna.keyboard.press("Shift+H")
    drawer = anna.get_by_role("dialog", name="History of this repetition")
    drawer.get_by_text("as it is now").wait_for()
    assert drawer.locator("li").filter(has_text="Anna").count() == N_HERS
    anna.keyboard.press("Escape")
    anna.keyboard.press("u")
    saved(anna)
    assert not anna.get_by_role("textbox", name="Your name").is_visible()
    assert bench.answers("Anna") == [*SEEN[:-1], {"back_rounding": "3"}]
    for _ in range(3):
        anna.keyboard.press("u")
    saved(anna)
    assert bench.answers("Anna") == [*SEEN[:-1], {}]
    history = bench.read(lambda dataset: dataset.journal.history(last.rep_id))
    hers = [action.kind for action in history if action.author == "Anna"]
    said = [ActionKind.ANSWER] * 3 + [ActionKind.ALL_CLEAR]
    there_and_back = [ActionKind.UNDO, ActionKind.REDO]
    assert hers == said + there_and_back + [ActionKind.UNDO] * len(said)
